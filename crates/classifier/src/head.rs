//! A linear head: labels from a model's final hidden states, as a small file that names itself by its hash.

use crate::calibration::log_softmax;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The value of [`HeadFile::head`].
pub const SCHEMA: &str = "sweetspot-head/1";

/// The largest file that is read: 512 labels over 8,192 features.
pub const MAX_HEAD_BYTES: usize = 32 << 20;

const MAX_LABELS: usize = 512;
const MAX_FEATURES: usize = 8_192;

/// Which final hidden states are the features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// The last token's.
    Last,
    /// The mean over the tokens behind what all prompts share.
    Mean,
    /// The last token's, then the mean.
    Both,
}

impl Pooling {
    /// Features for a hidden state of so many values.
    pub fn features(self, hidden: usize) -> usize {
        match self {
            Self::Last | Self::Mean => hidden,
            Self::Both => 2 * hidden,
        }
    }
}

/// The model whose states a head reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadModel {
    /// Its name.
    pub id: String,
    /// SHA-256 of its weights, lower-case hex, as `sweetspot inspect --hash` prints it.
    pub weights_sha256: String,
    /// Width of a hidden state.
    pub hidden: usize,
}

/// How a head was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Training {
    /// Labelled texts.
    pub n: u64,
    /// SHA-256 over the labelled texts and labels, in order.
    pub data_sha256: String,
    /// Weight of the squared norm in the loss: sum of negative log-likelihoods + l2/2 · |W|², over standardised
    /// features.
    pub l2: f64,
    /// Parts of the cross-validation that chose `l2` and the temperature.
    pub folds: u32,
    /// Right labels out of fold.
    pub k_out_of_fold: u64,
}

/// A head as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadFile {
    /// Always [`SCHEMA`].
    pub head: String,
    /// `sha256:` and the SHA-256 of the file's JSON with an empty `id`. Derived.
    pub id: String,
    /// The model.
    pub model: HeadModel,
    /// The labels, in the order of the weights' rows.
    pub labels: Vec<String>,
    /// What is asked; `{text}` stands for the text, the labels are written out.
    pub template: String,
    /// The features.
    pub pooling: Pooling,
    /// `[n_labels, n_features]`, f32 little-endian, row-major, base64. The training's standardisation is in them.
    pub weights_f32: String,
    /// `[n_labels]`.
    pub bias: Vec<f64>,
    /// What the logits are divided by before probabilities are taken.
    pub temperature: f64,
    /// How it was made.
    pub training: Training,
}

/// A checked head.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    file: HeadFile,
    weights: Vec<f32>,
    n_features: usize,
}

/// Why a file is no head, or not for this use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// Not our JSON.
    #[error("not a head file ({0}): make one with `sweetspot fit`")]
    Json(String),
    /// More bytes than a head has.
    #[error("{0} bytes, more than the {MAX_HEAD_BYTES} of the largest head")]
    TooLarge(usize),
    /// A field says what it cannot.
    #[error("the head's {field} is {found}, expected {expected}: make it anew with `sweetspot fit`")]
    Field {
        /// The field.
        field: &'static str,
        /// What stands there.
        found: String,
        /// What should.
        expected: String,
    },
    /// The bytes are not those that were written.
    #[error(
        "the head is not the one that it names: its content gives {found}, it says {stated}; it was changed or damaged"
    )]
    Hash {
        /// What the file says.
        stated: String,
        /// What its content gives.
        found: String,
    },
    /// Another model's states.
    #[error(
        "the head belongs to the model {model} (weights {stated}), but the weights here are {found} (names of files count): fit a head of your own, or load that model"
    )]
    OtherModel {
        /// The head's model.
        model: String,
        /// Its weights.
        stated: String,
        /// The weights here.
        found: String,
    },
    /// A label that the head does not know.
    #[error("the head has no label {label:?}: it knows {known}")]
    UnknownLabel {
        /// The label.
        label: String,
        /// Its own labels.
        known: String,
    },
    /// Features of another width.
    #[error("the head takes {expected} features, but {found} were given")]
    Width {
        /// Features of the head.
        expected: usize,
        /// Features given.
        found: usize,
    },
}

impl Head {
    /// Completes a head: the weights, then the hash. `weights` is `[n_labels, n_features]`.
    pub fn seal(mut file: HeadFile, weights: &[f32]) -> Result<Self, HeadError> {
        let bytes: Vec<u8> = weights.iter().flat_map(|w| w.to_le_bytes()).collect();
        file.weights_f32 = BASE64.encode(&bytes);
        file.id = id_of(&file)?;
        Self::checked(file)
    }

    /// Reads a head.
    pub fn parse(bytes: &[u8]) -> Result<Self, HeadError> {
        if bytes.len() > MAX_HEAD_BYTES {
            return Err(HeadError::TooLarge(bytes.len()));
        }
        let file: HeadFile = serde_json::from_slice(bytes).map_err(|e| {
            let what = e.to_string().chars().filter(|c| !c.is_control()).take(120).collect();
            HeadError::Json(what)
        })?;
        Self::checked(file)
    }

    fn checked(file: HeadFile) -> Result<Self, HeadError> {
        let field = |field, found: String, expected: &str| HeadError::Field { field, found, expected: expected.into() };
        if file.head != SCHEMA {
            return Err(field("version", format!("{:?}", file.head), SCHEMA));
        }
        let found = id_of(&file)?;
        if found != file.id {
            return Err(HeadError::Hash { stated: file.id, found });
        }
        let n_labels = file.labels.len();
        if !(2..=MAX_LABELS).contains(&n_labels) {
            return Err(field("number of labels", n_labels.to_string(), &format!("2 to {MAX_LABELS}")));
        }
        let mut distinct = file.labels.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() != n_labels {
            return Err(field("list of labels", "one that names a label twice".into(), "each label once"));
        }
        let n_features = file.pooling.features(file.model.hidden);
        if !(1..=MAX_FEATURES).contains(&n_features) {
            return Err(field("number of features", n_features.to_string(), &format!("1 to {MAX_FEATURES}")));
        }
        let Training { n, k_out_of_fold, .. } = file.training;
        if k_out_of_fold > n {
            return Err(field(
                "count out of fold",
                format!("{k_out_of_fold} of {n}"),
                "a count up to the texts learnt from",
            ));
        }
        if !file.template.contains("{text}") {
            return Err(field("template", "one without {text}".into(), "{text} where the text belongs"));
        }
        let bytes = BASE64
            .decode(file.weights_f32.as_bytes())
            .map_err(|_| field("weights", "not base64".into(), "base64 of f32 values"))?;
        let expected = n_labels * n_features * 4;
        if bytes.len() != expected || file.bias.len() != n_labels {
            let found = format!("{} bytes with {} biases", bytes.len(), file.bias.len());
            return Err(field("size", found, &format!("{expected} bytes with {n_labels} biases")));
        }
        let weights: Vec<f32> =
            bytes.chunks_exact(4).filter_map(|c| c.try_into().ok().map(f32::from_le_bytes)).collect();
        let finite = weights.iter().all(|w| w.is_finite()) && file.bias.iter().all(|b| b.is_finite());
        if !(finite && file.temperature.is_finite() && file.temperature > 0.0) {
            return Err(field("values", "one that is not finite, or a temperature below 0".into(), "finite numbers"));
        }
        Ok(Self { file, weights, n_features })
    }

    /// What is written of it.
    pub fn file(&self) -> &HeadFile {
        &self.file
    }

    /// The labels.
    pub fn labels(&self) -> &[String] {
        &self.file.labels
    }

    /// The file's bytes.
    pub fn to_json(&self) -> Result<String, HeadError> {
        to_json(&self.file).map(|json| json + "\n")
    }

    /// Refuses a model other than the head's.
    pub fn check_model(&self, weights_sha256: &str) -> Result<(), HeadError> {
        let model = &self.file.model;
        if model.weights_sha256 == weights_sha256 {
            return Ok(());
        }
        Err(HeadError::OtherModel {
            model: model.id.clone(),
            stated: model.weights_sha256.clone(),
            found: weights_sha256.to_string(),
        })
    }

    /// Refuses labels that the head does not know.
    pub fn check_labels(&self, wanted: &[String]) -> Result<(), HeadError> {
        match wanted.iter().find(|label| !self.file.labels.contains(label)) {
            None => Ok(()),
            Some(label) => Err(HeadError::UnknownLabel { label: label.clone(), known: self.file.labels.join(", ") }),
        }
    }

    /// The prompt of a text.
    pub fn prompt(&self, text: &str) -> String {
        let (before, after) = self.file.template.split_once("{text}").unwrap_or((&self.file.template, ""));
        [before, text, after].concat()
    }

    /// Log-probabilities of the labels, nats, from the features `[n_features]`. Sums are in f64 and in the order of the
    /// features, so that native and wasm builds give the same bits.
    pub fn scores(&self, features: &[f32]) -> Result<Vec<f64>, HeadError> {
        if features.len() != self.n_features {
            return Err(HeadError::Width { expected: self.n_features, found: features.len() });
        }
        let logit = |(weights, bias): (&[f32], &f64)| {
            weights.iter().zip(features).fold(*bias, |sum, (w, x)| sum + f64::from(*w) * f64::from(*x))
        };
        let logits: Vec<f64> = self.weights.chunks_exact(self.n_features).zip(&self.file.bias).map(logit).collect();
        Ok(log_softmax(&logits, self.file.temperature))
    }
}

fn to_json(file: &HeadFile) -> Result<String, HeadError> {
    serde_json::to_string_pretty(file).map_err(|e| HeadError::Json(e.to_string()))
}

fn id_of(file: &HeadFile) -> Result<String, HeadError> {
    let nameless = HeadFile { id: String::new(), ..file.clone() };
    let digest = Sha256::digest(to_json(&nameless)?.as_bytes());
    Ok(format!("sha256:{}", data_encoding::HEXLOWER.encode(&digest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> HeadFile {
        HeadFile {
            head: SCHEMA.into(),
            id: String::new(),
            model: HeadModel { id: "m".into(), weights_sha256: "ab".into(), hidden: 2 },
            labels: vec!["yes".into(), "no".into()],
            template: "Is it so? {text}".into(),
            pooling: Pooling::Last,
            weights_f32: String::new(),
            bias: vec![0.0, 1.0],
            temperature: 1.0,
            training: Training { n: 4, data_sha256: "cd".into(), l2: 1.0, folds: 5, k_out_of_fold: 4 },
        }
    }

    fn head() -> Head {
        Head::seal(file(), &[1.0, 0.0, 0.0, 2.0]).unwrap()
    }

    #[test]
    fn a_head_comes_back_as_it_was_and_scores_by_its_weights() {
        let head = head();
        let again = Head::parse(head.to_json().unwrap().as_bytes()).unwrap();
        assert_eq!(again, head);
        // Logits 3 and 1 + 2·0.5 = 2: the difference of the log-probabilities is 1.
        let scores = head.scores(&[3.0, 0.5]).unwrap();
        assert!((scores[0] - scores[1] - 1.0).abs() < 1e-12, "{scores:?}");
        assert!((scores.iter().map(|s| s.exp()).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(head.prompt("{text} stays"), "Is it so? {text} stays");
    }

    #[test]
    fn a_changed_head_is_refused_by_its_hash() {
        let json = head().to_json().unwrap();
        for (from, to) in [("\"yes\"", "\"maybe\""), ("1.0", "1.5"), ("Is it so", "Was it so")] {
            let error = Head::parse(json.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert!(matches!(error, HeadError::Hash { .. }), "{from}: {error}");
        }
    }

    /// What is changed, and the weights.
    type Lie<'a> = (fn(&mut HeadFile), &'a [f32]);

    #[test]
    fn heads_that_lie_are_refused() {
        let seal = |change: fn(&mut HeadFile), weights: &[f32]| {
            let mut file = file();
            change(&mut file);
            Head::seal(file, weights).map(|_| ())
        };
        let four = [1.0, 0.0, 0.0, 2.0];
        assert_eq!(seal(|_| (), &four), Ok(()));
        let cases: [Lie<'_>; 10] = [
            (|_| (), &four[..3]),
            (|f| f.labels = vec!["one".into()], &four),
            (|f| f.labels = vec!["one".into(), "one".into()], &four),
            (|f| f.template = "no place".into(), &four),
            (|f| f.bias = vec![0.0], &four),
            (|f| f.temperature = 0.0, &four),
            (|f| f.temperature = -1.0, &four),
            (|f| f.model.hidden = usize::MAX / 8, &four),
            (|f| f.head = "sweetspot-head/2".into(), &four),
            (|f| f.training.k_out_of_fold = 5, &four),
        ];
        for (i, (change, weights)) in cases.into_iter().enumerate() {
            assert!(matches!(seal(change, weights), Err(HeadError::Field { .. })), "case {i}");
        }
        assert!(matches!(seal(|_| (), &[f32::NAN, 0.0, 0.0, 2.0]), Err(HeadError::Field { .. })));
        for bytes in [&b"{}"[..], b"", b"\xff", b"[1]"] {
            assert!(matches!(Head::parse(bytes), Err(HeadError::Json(_))));
        }
    }

    #[test]
    fn another_model_other_labels_and_other_widths_are_named() {
        let head = head();
        assert_eq!(head.check_model("ab"), Ok(()));
        let error = head.check_model("ef").unwrap_err().to_string();
        assert!(error.contains("belongs to the model m (weights ab), but the weights here are ef"), "{error}");
        assert_eq!(head.check_labels(&["no".into()]), Ok(()));
        let error = head.check_labels(&["no".into(), "never".into()]).unwrap_err().to_string();
        assert_eq!(error, "the head has no label \"never\": it knows yes, no");
        assert_eq!(head.scores(&[1.0]), Err(HeadError::Width { expected: 2, found: 1 }));
    }
}

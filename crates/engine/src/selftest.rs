//! The self-test: a small random model, frozen in the engine, against its goldens, layer by layer.

use std::rc::Rc;

use kernels::Precision;
use safetensors::SafeTensors;
use serde::{Deserialize, Serialize};
use weights::{Config, MemorySource, open_gguf};

use crate::reference::Bound;
use crate::score::log_sum_exp;
use crate::{Engine, Error, LabelSet, LoadOptions, Ops, ScoreMode, Taps, Want};

/// A random model of mixed formats: 7 layers, one of them global, window 8. Made by `goldens/make.py`.
static MODEL: &[u8] = include_bytes!("../data/selftest.gguf");
/// Its hidden states and logits, computed by transformers in f32 from the dequantised weights.
static GOLDENS: &[u8] = include_bytes!("../data/selftest.safetensors");

/// Texts whose labels are scored.
const LABEL_TEXTS: [&str; 3] = ["one", "a longer text of some words", "Due parole in più."];
/// Their labels, one of which begins another's text.
const LABELS: [&str; 4] = ["a", "an", "the end", "x"];

/// One comparison of the self-test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was compared: `sequence 1, layer.3`.
    pub what: String,
    /// Largest absolute difference; infinite, which JSON writes as null, where a value is NaN or missing.
    pub max_abs: f64,
    /// Largest difference allowed.
    pub bound: f64,
}

impl Finding {
    /// Whether the difference is allowed; a NaN never is.
    pub fn passed(&self) -> bool {
        self.max_abs <= self.bound
    }
}

/// The labels of one text as this device scores them, for comparison with another device's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoredText {
    /// The text.
    pub text: String,
    /// The labels.
    pub labels: Vec<String>,
    /// ln p of each label over the whole vocabulary.
    pub exact: Vec<f64>,
    /// ln p of each label over the labels.
    pub label_relative: Vec<f64>,
    /// Tokens of each label.
    pub n_tokens: Vec<usize>,
}

/// A model held against its goldens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SelfTest {
    /// All comparisons, in the order of computation.
    pub findings: Vec<Finding>,
    /// Labels of a few texts of ours.
    pub scored: Vec<ScoredText>,
}

impl SelfTest {
    /// Whether every comparison passed.
    pub fn passed(&self) -> bool {
        !self.findings.is_empty() && self.findings.iter().all(Finding::passed)
    }

    /// The first comparison that failed, which names the layer at fault.
    pub fn first_failure(&self) -> Option<&Finding> {
        self.findings.iter().find(|f| !f.passed())
    }

    /// The comparison nearest to its bound.
    pub fn worst(&self) -> Option<&Finding> {
        self.findings.iter().max_by(|a, b| (a.max_abs / a.bound).total_cmp(&(b.max_abs / b.bound)))
    }
}

/// Runs the frozen model on a backend that keeps keys and values in `precision`.
pub async fn self_test<O: Ops>(
    precision: Precision,
    backend: impl FnOnce(Config) -> Result<O, Error>,
) -> Result<SelfTest, Error> {
    let weights = Rc::new(open_gguf(Rc::new(MemorySource::new("selftest.gguf", MODEL)))?);
    let mut engine = Engine::load(backend(weights.config.clone())?, &weights, LoadOptions::default(), &mut |_| ())?;
    compare_goldens(&mut engine, GOLDENS, precision).await
}

/// Holds a model against a golden file: for each sequence N of token ids `ids.N` the embedded rows `h.N.0`, the output
/// of each layer `h.N.1` and on, the rows after the last norm `normed.N`, and `logits.N`; what the file lacks is left
/// out. Then its label scores against its own logits.
pub async fn compare_goldens<O: Ops>(
    engine: &mut Engine<O>,
    goldens: &[u8],
    precision: Precision,
) -> Result<SelfTest, Error> {
    let goldens = SafeTensors::deserialize(goldens).map_err(|e| Error::Reference(format!("no golden file: {e}")))?;
    let values = |name: &str| -> Option<Vec<f32>> {
        goldens.tensor(name).ok().map(|t| words(t.data()).map(f32::from_le_bytes).collect())
    };
    let hidden = engine.config.hidden;
    let row = match precision {
        Precision::F32 => Bound::float(hidden).limit(),
        Precision::F16 => Bound::f16(hidden).limit(),
    };
    let mut findings = Vec::new();
    for sequence in 0.. {
        let Ok(ids) = goldens.tensor(&format!("ids.{sequence}")) else { break };
        let ids: Vec<u32> = words(ids.data()).map(u32::from_le_bytes).collect();
        let mut taps = Taps::default();
        let logits = engine.logits(&ids, Want::All, Some(&mut taps)).await?;
        let mut beyond_f16 = 1.0;
        for (name, found) in &taps.taken {
            let golden = match name.strip_prefix("layer.") {
                Some(layer) => format!("h.{sequence}.{}", layer.parse::<usize>().map_or(0, |l| l + 1)),
                None if name == "embed" => format!("h.{sequence}.0"),
                None => format!("normed.{sequence}"),
            };
            let Some(expected) = values(&golden) else { continue };
            let largest = expected.iter().fold(0f32, |a, x| a.max(x.abs()));
            if largest > F16_MAX {
                beyond_f16 = BEYOND_F16;
            }
            // Floats round in proportion to what they hold. f32 has 24 bits; keys and values in f16 have 11.
            let share = match precision {
                Precision::F32 => 1e-5,
                Precision::F16 => beyond_f16 / 1024.0,
            };
            findings.push(Finding {
                what: format!("sequence {sequence}, {name}"),
                max_abs: max_abs_difference(&expected, found),
                bound: row.max(share * f64::from(largest)),
            });
        }
        if let Some(expected) = values(&format!("logits.{sequence}")) {
            findings.push(Finding {
                what: format!("sequence {sequence}, logits"),
                max_abs: max_abs_difference(&expected, &logits.values),
                bound: row * beyond_f16,
            });
        }
    }
    if findings.is_empty() {
        return Err(Error::Reference("it holds no `ids.0` with hidden states or logits to compare".to_owned()));
    }
    let mut scored = Vec::new();
    for text in LABEL_TEXTS {
        let (text, finding) = score_labels(engine, text, row).await?;
        findings.push(finding);
        scored.push(text);
    }
    Ok(SelfTest { findings, scored })
}

/// Largest value of an f16.
const F16_MAX: f32 = 65_504.0;
/// What a residual beyond f16 makes of the logits' row: the last norm divides by it, and what was lost beside it stays.
const BEYOND_F16: f64 = 10.0;

/// Scores labels in one tree, and each label once more from the logits of its whole text.
async fn score_labels<O: Ops>(engine: &mut Engine<O>, text: &str, row: f64) -> Result<(ScoredText, Finding), Error> {
    let labels = LABELS.map(str::to_owned).to_vec();
    let set = LabelSet::text(&engine.tokenizer, text, &labels)?;
    let mut logp = Vec::with_capacity(2);
    for mode in [ScoreMode::Exact, ScoreMode::LabelRelative] {
        logp.push(engine.score(std::slice::from_ref(&set), mode).await?.remove(0).logp);
    }
    let [exact, label_relative] = [logp.remove(0), logp.remove(0)];
    let mut max_abs = 0.0;
    for (label, found) in set.tokens.iter().zip(&exact) {
        let ids = [&set.prefix[..], label].concat();
        let logits = engine.logits(&ids, Want::All, None).await?;
        let expected: f64 = (set.prefix.len() - 1..)
            .zip(label)
            .filter_map(|(at, &token)| {
                let row = logits.row(at)?;
                Some(f64::from(row[token as usize]) - log_sum_exp(row))
            })
            .sum();
        let difference = (expected - found).abs();
        max_abs = if difference.is_nan() { f64::INFINITY } else { f64::max(max_abs, difference) };
    }
    let n_tokens: Vec<usize> = set.tokens.iter().map(Vec::len).collect();
    // Each token adds a logit and a denominator, each off by at most the row on either side.
    let bound = 4.0 * row * n_tokens.iter().copied().max().unwrap_or(1) as f64;
    let finding = Finding { what: format!("labels of {text:?}"), max_abs, bound };
    Ok((ScoredText { text: text.to_owned(), labels, exact, label_relative, n_tokens }, finding))
}

/// Largest absolute difference; infinite where lengths differ or a value is NaN.
fn max_abs_difference(expected: &[f32], found: &[f32]) -> f64 {
    if expected.len() != found.len() || found.iter().any(|x| x.is_nan()) {
        return f64::INFINITY;
    }
    expected.iter().zip(found).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max)
}

fn words(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> + '_ {
    bytes.as_chunks::<4>().0.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nan_or_a_missing_value_is_an_infinite_difference() {
        assert!(max_abs_difference(&[1.0], &[f32::NAN]).is_infinite());
        assert!(max_abs_difference(&[1.0], &[]).is_infinite());
        assert!(!Finding { what: String::new(), max_abs: f64::NAN, bound: 1.0 }.passed());
    }
}

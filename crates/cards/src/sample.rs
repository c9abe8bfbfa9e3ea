//! Sample rows: one line of JSON for each item, from which a reader recomputes the card.

use serde::{Deserialize, Serialize};

pub use probes::{ItemVerdict, StopReason};

use crate::{
    Error,
    canonical::{parse_canonical, sha256_hex, to_canonical},
    error::{Problem, Problems},
    number,
};

/// Most bytes of one row.
pub const MAX_ROW_BYTES: usize = 64 * 1024;

/// Most bytes of a samples file: the largest profile with its generations stays well below.
pub const MAX_SAMPLES_BYTES: usize = 256 * 1024 * 1024;

/// One item as asked in one task, template and mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleRow {
    /// Position in the suite's order, from 0.
    pub doc_id: u64,
    /// The item's id.
    pub sample_id: String,
    /// The task's id.
    pub task: String,
    /// The prompt template. Only rows of the task's first template are counted.
    pub template: String,
    /// Scoring mode of the battery.
    pub mode: String,
    /// Items with the same cluster depend on each other.
    pub cluster: String,
    /// The kind of item within the task.
    pub kind: String,
    /// SHA-256 of the item.
    pub doc_hash: String,
    /// SHA-256 of what the model was given.
    pub prompt_hash: String,
    /// SHA-256 of `target`'s UTF-8 bytes.
    pub target_hash: String,
    /// The right answer, the first where several are right.
    pub target: String,
    /// The options in canonical order; empty where the answer is written. In mode TF2 the first means "true".
    pub choices: Vec<String>,
    /// The headline score of each choice, nats, of which `pred` has the largest; null is not a number.
    #[serde(serialize_with = "number::six_option_list")]
    pub lls: Vec<Option<f64>>,
    /// The prediction, null when there is none.
    pub pred: Option<String>,
    /// What became of the item.
    pub verdict: ItemVerdict,
    /// What the failure detectors found.
    pub detectors: Vec<DetectorHit>,
    /// What each call answered, in the order of the calls, empty text for none: the output verbatim where the answer
    /// is written, the option that the call alone favours otherwise. In mode TF2 the calls at odd places asked
    /// whether the opposite holds; what they answered is turned back.
    pub resps: Vec<String>,
    /// For sets of spans: found and right, found and wrong, missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<[u64; 3]>,
    /// Token ids written; empty for label tasks.
    pub tok_out: Vec<u32>,
    /// The likeliest tokens at the deciding position: id and natural log-probability in 1/256 nat
    /// ([`logprob_q8`](crate::logprob_q8)).
    pub top5: Vec<(u32, i32)>,
    /// Gap between the two best at the deciding position, nats, null when there is none.
    #[serde(serialize_with = "number::six_option")]
    pub margin: Option<f64>,
    /// Why writing ended, null for label tasks.
    pub stop_reason: Option<StopReason>,
    /// Tokens of the prompt, all calls.
    pub n_in: u64,
    /// Tokens of the answer, all calls.
    pub n_out: u64,
    /// Time spent on prompts, nanoseconds, all calls.
    pub t_prefill_ns: u64,
    /// Time spent on answers, nanoseconds, all calls.
    pub t_decode_ns: u64,
}

/// A failure detector's finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectorHit {
    /// The detector's id.
    pub class: String,
    /// Where the failure begins: output token or character, null when that does not apply.
    pub onset: Option<u64>,
}

/// The samples file: one canonical JSON object and a line feed for each row.
pub fn samples_to_jsonl(rows: &[SampleRow]) -> Result<String, Error> {
    let mut out = String::new();
    for (i, row) in rows.iter().enumerate() {
        let line = to_canonical(row).map_err(|e| at_line(i, e))?;
        if line.len() > MAX_ROW_BYTES {
            return Err(at_line(i, Error::TooLarge { what: "the row", limit: MAX_ROW_BYTES, found: line.len() }));
        }
        out.push_str(&line);
        out.push('\n');
    }
    Ok(out)
}

/// Reads a samples file. Every line is as strict as a card; see [`Error`].
pub fn parse_samples(bytes: &[u8]) -> Result<Vec<SampleRow>, Error> {
    if bytes.len() > MAX_SAMPLES_BYTES {
        return Err(Error::TooLarge { what: "the samples file", limit: MAX_SAMPLES_BYTES, found: bytes.len() });
    }
    let mut rows = Vec::new();
    for (i, line) in bytes.split_inclusive(|&b| b == b'\n').enumerate() {
        let line = line.strip_suffix(b"\n").ok_or(Error::Line { line: i + 1, found: "the end of the file" })?;
        if line.is_empty() {
            return Err(Error::Line { line: i + 1, found: "an empty line" });
        }
        let row: SampleRow = parse_canonical(line, "the row", MAX_ROW_BYTES).map_err(|e| at_line(i, e))?;
        row.validate().map_err(|e| at_line(i, e))?;
        rows.push(row);
    }
    Ok(rows)
}

impl SampleRow {
    /// The hash that `target_hash` states.
    pub fn hash_of_target(&self) -> String {
        sha256_hex(self.target.as_bytes())
    }

    /// The rules that hold within one row whatever the card says.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        let mut problems = Vec::new();
        let mut rule = |holds: bool, path: &str, expected: &str, found: &dyn ToString| {
            if !holds {
                problems.push(Problem {
                    path: path.to_owned(),
                    expected: expected.to_owned(),
                    found: crate::validate::short(&found.to_string()),
                });
            }
        };
        for (path, hash) in
            [("doc_hash", &self.doc_hash), ("prompt_hash", &self.prompt_hash), ("target_hash", &self.target_hash)]
        {
            rule(crate::validate::is_hash(hash), path, "64 lower-case hexadecimal digits", hash);
        }
        rule(!self.sample_id.is_empty(), "sample_id", "a name", &"nothing");
        rule(
            self.lls.is_empty() || self.lls.len() == self.choices.len(),
            "lls",
            "one score for each choice",
            &format!("{} scores for {} choices", self.lls.len(), self.choices.len()),
        );
        rule(self.top5.len() <= 5, "top5", "at most 5 tokens", &self.top5.len());
        rule(self.margin.is_none_or(|m| m >= 0.0), "margin", "0 or more", &format!("{:?}", self.margin));
        Problems::into_result(problems)
    }
}

fn at_line(index: usize, source: Error) -> Error {
    Error::Row { line: index + 1, source: Box::new(source) }
}

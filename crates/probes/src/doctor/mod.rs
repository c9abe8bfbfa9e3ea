//! The log doctor: what a training log shows before anyone says that a model cannot do a task.
//!
//! A loss of exactly 0, a gradient norm that is no number and outputs of nothing but padding come from broken numbers:
//! overflow in half precision, a batch without a single trained token, a learning rate out of range. Such a run says
//! nothing about the model. [`diagnose`] reads a log as text and looks for that first.
//!
//! Read are `trainer_state.json` of the Hugging Face trainer, JSON lines, lists of objects, CSV and TSV with a heading,
//! and lines as trainers print them, mixed with anything else. Unknown columns are passed over.

mod lines;
mod object;
mod read;
mod row;
mod table;
mod watch;

use serde::{Deserialize, Serialize};

/// A log may have this many bytes,
pub const MOST_BYTES: usize = 64 << 20;
/// this many rows; what comes later is not read,
pub const MOST_ROWS: u64 = 5_000_000;
/// and lines of this many bytes; longer ones are passed over.
pub const LONGEST_LINE: usize = 1 << 20;

/// How a log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogForm {
    /// Lines as printed, objects among them: console output and JSON lines.
    #[default]
    Lines,
    /// A table with a heading.
    Table,
    /// A list of objects, or objects over several lines.
    Objects,
    /// `trainer_state.json` with its `log_history`.
    TrainerState,
}

/// How much a finding says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The run is broken; its result says nothing about the model.
    Fault,
    /// To be explained before the result is believed.
    Warning,
    /// To be known.
    Note,
}

/// A row that shows a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Line of the log, from 1.
    pub line: u64,
    /// Training step, where the log gives it.
    pub step: Option<f64>,
    /// Epoch, where the log gives it.
    pub epoch: Option<f64>,
    /// What was logged: `loss`, `eval_loss`, `grad_norm`, `learning_rate`, `mask`, `sample`, `message`.
    pub column: String,
    /// Its value, cut after 80 characters.
    pub value: String,
}

/// Something that the log shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable id: `zero_loss`, `nonfinite_loss`, `nonfinite_norm`, `sampling_error`, `sudden_drop`, `pad_samples`,
    /// `empty_samples`, `label_mask`, `zero_learning_rate`, `rising_learning_rate`, `rising_loss`, `early_eval_minimum`,
    /// `no_loss`, `not_read`.
    pub id: String,
    /// How much it says.
    pub severity: Severity,
    /// What was found, where, and what to do.
    pub sentence: String,
    /// Rows that show it.
    pub k: u64,
    /// Rows that could have shown it.
    pub n: u64,
    /// The first such rows, at most five.
    pub evidence: Vec<Evidence>,
}

/// What the findings amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The numbers are broken, most likely.
    NumericFault,
    /// The numbers may be sound, but the data teach nothing.
    DataFault,
    /// Nothing is broken, something is to be explained.
    Warnings,
    /// Nothing was found.
    NothingFound,
}

/// A log, diagnosed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// How the log is written.
    pub form: LogForm,
    /// Rows with something known in them.
    pub rows: u64,
    /// Rows with a training loss.
    pub losses: u64,
    /// Rows with a loss on held-out data.
    pub eval_losses: u64,
    /// The first and the last step that the log gives.
    pub steps: Option<[f64; 2]>,
    /// What the findings amount to.
    pub verdict: Verdict,
    /// The verdict as a sentence. A likely fault comes first, before any word on what the model can do.
    pub sentence: String,
    /// Faults, then warnings, then notes; within each those in the numbers first.
    pub findings: Vec<Finding>,
}

/// Why a text is no log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// It is too long.
    #[error("expected a log of at most {MOST_BYTES} bytes, found {bytes}; give its last part")]
    TooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// Nothing in it is known.
    #[error(
        "expected rows with a loss, a gradient norm or a learning rate, found none in {lines} lines; \
         give trainer_state.json, JSON lines, a table with a heading, or what the trainer printed"
    )]
    NoRows {
        /// Its lines.
        lines: usize,
    },
}

/// Reads a log and says what it shows.
pub fn diagnose(text: &str) -> Result<Diagnosis, LogError> {
    if text.len() > MOST_BYTES {
        return Err(LogError::TooLong { bytes: text.len() });
    }
    let mut watch = watch::Watch::default();
    let reading = read::rows(text, |row| watch.see(row));
    watch.read_messages(text);
    let diagnosis = watch.conclude(&reading);
    if reading.rows == 0 && diagnosis.verdict != Verdict::NumericFault {
        return Err(LogError::NoRows { lines: text.lines().count() });
    }
    Ok(diagnosis)
}

#[cfg(test)]
mod tests;

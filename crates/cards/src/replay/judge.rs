//! One item of a replay: what was stated, what was found, and what that comes to.

use serde::{Deserialize, Serialize};

use crate::{SampleRow, Task, number::round6, validate::clip};

/// Characters of an answer on a replay's card; the samples hold the whole.
pub(super) const ANSWER: usize = 40;

/// What an item turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// The same prediction, and scores within what rounding allows.
    Agrees,
    /// Another prediction, and the stated margin is within what rounding allows.
    NearTie,
    /// Another prediction by more than rounding, other scores, or another prompt.
    Contradicts,
}

/// Why an item was judged so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The same answer, with the same scores or tokens.
    Same,
    /// Another label, and the stated margin is within what rounding allows.
    Close,
    /// The texts part after tokens that are equal, or at a first token within what rounding allows. How near the tokens
    /// were later on is not recorded, and a greedy text never comes back from one near-tie.
    Parts,
    /// There is no answer here.
    NoAnswer,
    /// The prompt has other token ids.
    OtherPrompt,
    /// The scores are not those of the same labels.
    OtherLabels,
    /// A score differs by more than rounding.
    OtherScore,
    /// Another label, by more than rounding.
    OtherLabel,
    /// The first token differs, by more than rounding.
    OtherToken,
    /// The same tokens, read as something else.
    OtherReading,
}

impl Why {
    /// What it comes to.
    pub fn judgement(self) -> Judgement {
        match self {
            Self::Same => Judgement::Agrees,
            Self::Close | Self::Parts => Judgement::NearTie,
            _ => Judgement::Contradicts,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Same => "the same",
            Self::Close => "the best two labels are closer than rounding",
            Self::Parts => "the texts part later on",
            Self::NoAnswer => "it has no answer here",
            Self::OtherPrompt => "the prompt's token ids differ",
            Self::OtherLabels => "the scores are not those of the same labels",
            Self::OtherScore => "a score differs by more than rounding",
            Self::OtherLabel => "another label, by more than rounding",
            Self::OtherToken => "another first token, by more than rounding",
            Self::OtherReading => "the same tokens, read as something else",
        }
    }
}

/// What a replay comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplayOutcome {
    /// No item contradicts, and near-ties are under a tenth.
    Replayed,
    /// No item contradicts, but a tenth or more are near-ties: too much is left open.
    Open,
    /// At least one item contradicts.
    Contradicted,
}

impl ReplayOutcome {
    /// Of so many items.
    pub fn of(k: u64, near_tie: u64, contradict: u64) -> Self {
        match (contradict, near_tie.saturating_mul(10) < k) {
            (0, true) => Self::Replayed,
            (0, false) => Self::Open,
            _ => Self::Contradicted,
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Replayed => "replayed",
            Self::Open => "not decided: a tenth or more are near-ties",
            Self::Contradicted => "contradicted",
        }
    }
}

/// One item of a replay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayRow {
    /// The item.
    pub sample_id: String,
    /// Its task.
    pub task: String,
    /// What became of it. Follows from `why`.
    pub judgement: Judgement,
    /// Why.
    pub why: Why,
    /// The prediction stated, shortened.
    pub stated: Option<String>,
    /// The prediction found, shortened.
    pub found: Option<String>,
    /// Whether the whole prediction is the same, and of a text its verdict too.
    pub same: bool,
    /// The margin stated, nats.
    #[serde(serialize_with = "crate::number::six_option")]
    pub margin: Option<f64>,
    /// The largest difference of a label's score, nats; null for texts, and where the labels are others.
    #[serde(serialize_with = "crate::number::six_option")]
    pub difference: Option<f64>,
    /// Equal tokens before the texts part; null for labels, and where all are equal.
    pub parted: Option<u64>,
    /// What rounding allows the margin to move, nats.
    #[serde(serialize_with = "crate::number::six")]
    pub tolerance: f64,
}

impl ReplayRow {
    /// Judges an item by its stated row and the one found. `drift` is that of both sides together.
    pub(super) fn of(stated: &SampleRow, found: Option<&SampleRow>, task: Option<&Task>, drift: f64) -> Self {
        let labels = !stated.choices.is_empty();
        let answer = |row: &SampleRow| row.pred.as_deref().map(|text| clip(text, ANSWER));
        let same = |found: &SampleRow| stated.pred == found.pred && (labels || stated.verdict == found.verdict);
        let mut row = Self {
            sample_id: stated.sample_id.clone(),
            task: stated.task.clone(),
            judgement: Judgement::Contradicts,
            why: Why::NoAnswer,
            stated: answer(stated),
            found: found.and_then(answer),
            same: found.is_some_and(same),
            margin: stated.margin.map(round6),
            difference: found.and_then(|found| difference(stated, found)).map(round6),
            parted: found.filter(|_| !labels).and_then(|found| parted(&stated.tok_out, &found.tok_out)),
            tolerance: tolerance(stated, task, drift),
        };
        row.why = match found {
            None => Why::NoAnswer,
            Some(found) if found.prompt_hash != stated.prompt_hash => Why::OtherPrompt,
            Some(_) => row.decide(labels),
        };
        row.judgement = row.why.judgement();
        row
    }

    /// What the row's own figures come to, where the prompt was the same and there was an answer.
    pub(super) fn decide(&self, labels: bool) -> Why {
        let near = self.margin.is_some_and(|margin| margin <= self.tolerance);
        if labels {
            return match (self.same, self.difference) {
                (_, None) => Why::OtherLabels,
                // Two scores each move by half of what their margin may move.
                (_, Some(by)) if by > self.tolerance => Why::OtherScore,
                (true, _) => Why::Same,
                (false, _) if near => Why::Close,
                (false, _) => Why::OtherLabel,
            };
        }
        match (self.parted, self.same) {
            (None, true) => Why::Same,
            (None, false) => Why::OtherReading,
            (Some(0), _) if !near => Why::OtherToken,
            (Some(_), _) => Why::Parts,
        }
    }
}

/// Equal tokens before two texts part; nothing where they are the same.
fn parted(stated: &[u32], found: &[u32]) -> Option<u64> {
    let equal = stated.iter().zip(found).take_while(|(a, b)| a == b).count();
    (stated != found).then_some(equal as u64)
}

/// The largest difference of a label's score; nothing where the labels or their scores do not correspond.
fn difference(stated: &SampleRow, found: &SampleRow) -> Option<f64> {
    if stated.choices.is_empty() || stated.choices != found.choices || stated.lls.len() != found.lls.len() {
        return None;
    }
    let pairs = stated.lls.iter().zip(&found.lls);
    pairs
        .map(|pair| Some((pair.0.as_ref()? - pair.1.as_ref()?).abs()))
        .try_fold(0.0, |most: f64, by| Some(most.max(by?)))
}

/// What rounding allows a margin to move, nats, six decimals. A token's log-probability moves by at most twice the largest
/// logit difference (once for its logit, once for the sum over all), a label's by that times its tokens, a margin by the
/// sum of two labels. What calibration subtracts moves by as much again.
pub(super) fn tolerance(row: &SampleRow, task: Option<&Task>, drift: f64) -> f64 {
    let tokens = |label: &String| {
        let known = task.and_then(|t| t.labels.as_ref()).and_then(|all| all.iter().find(|l| l.text == *label));
        // Letters and words of one token where the card names none. The end of the turn is scored too.
        known.map_or(1, |l| l.token_ids.len()).max(1) + 1
    };
    let mut lengths: Vec<usize> = row.choices.iter().map(tokens).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    let calibrated = if row.mode.ends_with('x') { 2.0 } else { 1.0 };
    let both: usize = lengths.iter().take(2).sum();
    round6(2.0 * drift * calibrated * both.max(1) as f64)
}

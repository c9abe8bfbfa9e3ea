//! From a subject's answers to an item's outcome and its journal rows.

mod matcher;
mod numbers;
mod rows;

use crate::battery::{Mode, Probe};
use crate::detect::{self, Effect, Observation, Output};
use crate::plan::PlannedItem;
use crate::result::ItemOutcome;
use crate::row::{Call, ResultRow, Sampling};
use crate::subject::{GenerateAnswer, LabelAnswer, StopReason};
use crate::verdict::ItemVerdict;
use matcher::first_element;
use rows::{blank_row, detector_row, label_row, milliseconds, top_rows};

pub(crate) use matcher::matches_gold;
pub(crate) use numbers::{averaged, canonical, first_max, margin, softmax};

/// The headline metric of every probe of this set: right items over planned items.
pub(crate) const METRIC_ID: &str = "accuracy";
/// Its version.
pub(crate) const METRIC_VERSION: u32 = 1;

/// ln 1 is 0; a sum of rounded f32 logarithms may lie this far above it, and no farther.
const ABOVE_ZERO: f64 = 1e-3;

/// What one item came to.
pub(crate) struct Scored {
    pub(crate) outcome: ItemOutcome,
    pub(crate) rows: Vec<ResultRow>,
    /// Scores per call, empty where an answer was unusable.
    pub(crate) calls: Vec<CallScores>,
    pub(crate) numeric_fault: Option<String>,
    /// Nanoseconds on prompts, all calls.
    pub(crate) t_prefill_ns: u64,
    /// Nanoseconds on answers.
    pub(crate) t_decode_ns: u64,
}

/// Label scores of one call in nats, in the order of the query's labels.
pub(crate) struct CallScores {
    pub(crate) call: Call,
    pub(crate) raw: Vec<f64>,
    pub(crate) calibrated: Vec<f64>,
}

/// Why a label answer cannot be used.
pub(crate) enum Trouble {
    Numeric(String),
    Malformed,
}

/// Checks the numbers of an answer before anything is computed from them.
pub(crate) fn check_labels(answer: &LabelAnswer, labels: &[&str]) -> Result<(), Trouble> {
    if let Some(fault) = &answer.numeric_fault {
        return Err(Trouble::Numeric(fault.clone()));
    }
    if answer.logp.len() != labels.len() {
        return Err(Trouble::Malformed);
    }
    for (label, logp) in labels.iter().zip(&answer.logp) {
        if !logp.is_finite() {
            return Err(Trouble::Numeric(format!("the log-probability of \"{label}\" is {logp}")));
        }
        if *logp > ABOVE_ZERO {
            return Err(Trouble::Numeric(format!("the log-probability of \"{label}\" is {logp}, above 0")));
        }
    }
    Ok(())
}

/// Scores a label item. `priors` has the content-free scores of each call; without them no `LPx` item can be scored.
pub(crate) fn label_item(probe: &Probe, planned: &PlannedItem, priors: &[Vec<f64>], answers: &[LabelAnswer]) -> Scored {
    let calls = probe.calls();
    let mut faults = Vec::new();
    let mut malformed = answers.len() != calls.len();
    let mut scores = Vec::new();
    for (i, (call, answer)) in calls.iter().zip(answers).enumerate() {
        let fault = match check_labels(answer, probe.labels) {
            Ok(()) => {
                let prior = |j: usize| priors.get(i).and_then(|p| p.get(j)).copied().unwrap_or(0.0);
                let calibrated = answer.logp.iter().enumerate().map(|(j, s)| s - prior(j)).collect();
                scores.push(CallScores { call: *call, raw: answer.logp.clone(), calibrated });
                None
            }
            Err(Trouble::Numeric(fault)) => Some(fault),
            Err(Trouble::Malformed) => {
                malformed = true;
                None
            }
        };
        faults.push(fault);
    }
    // A calibrated score without its priors would not be what it says.
    let calibrated = probe.mode != Mode::Lpx || priors.len() == calls.len();
    let usable = scores.len() == calls.len() && !malformed && calibrated;
    let headline = if usable { headline(probe, &scores) } else { Vec::new() };
    let predicted = first_max(&headline).and_then(|i| probe.labels.get(i)).map(ToString::to_string);
    let numeric_fault = faults.iter().flatten().next().cloned();
    let verdict = if numeric_fault.is_some() {
        ItemVerdict::Degenerate
    } else {
        match &predicted {
            None => ItemVerdict::Error,
            Some(p) if planned.item.gold.contains(p) => ItemVerdict::Correct,
            Some(_) => ItemVerdict::Incorrect,
        }
    };
    let rows: Vec<ResultRow> = calls
        .iter()
        .zip(answers)
        .zip(&faults)
        .enumerate()
        .map(|(i, ((call, answer), fault))| {
            label_row(probe, planned, *call, answer, fault.as_deref(), priors.get(i), verdict)
        })
        .collect();
    let outcome = ItemOutcome {
        margin: margin(&headline),
        stable: usable.then(|| is_stable(probe, &scores)),
        ..outcome(planned, predicted, verdict, headline, &rows)
    };
    Scored {
        outcome,
        rows,
        calls: if usable { scores } else { Vec::new() },
        numeric_fault,
        t_prefill_ns: answers.iter().fold(0, |sum, a| u64::saturating_add(sum, a.t_prefill_ns)),
        t_decode_ns: 0,
    }
}

/// Scores a generation.
pub(crate) fn open_item(probe: &Probe, planned: &PlannedItem, answer: &GenerateAnswer) -> Scored {
    let call = Call::default();
    let messages = planned.messages(probe, call);
    let prompt = messages.last().map_or("", |m| m.content.as_str());
    let output = Output {
        prompt,
        gold: &planned.item.gold,
        min_chars: planned.item.min_chars,
        ..Output::new(&answer.text, &answer.output_ids, &answer.special_ids, answer.stop_reason)
    };
    let hits = detect::examine(&Observation {
        numeric_fault: answer.numeric_fault.as_deref(),
        label_mass: None,
        output: Some(output),
    });
    let element = first_element(&answer.text);
    let verdict = if answer.stop_reason == StopReason::Error && answer.numeric_fault.is_none() {
        ItemVerdict::Error
    } else if hits.iter().any(|(d, _)| d.effect != Effect::Note) {
        ItemVerdict::Degenerate
    } else if hits.iter().any(|(d, _)| d.id == "format_break") {
        ItemVerdict::Unparsable
    } else if matches_gold(&answer.text, &planned.item.gold) {
        ItemVerdict::Correct
    } else {
        ItemVerdict::Incorrect
    };
    let readable = matches!(verdict, ItemVerdict::Correct | ItemVerdict::Incorrect);
    let row = ResultRow {
        sampling: Some(Sampling {
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            max_tokens: probe.max_tokens,
            stop: Vec::new(),
        }),
        input_ids_sha256: answer.input_ids_sha256.clone(),
        output_ids: answer.output_ids.clone(),
        text: answer.text.clone(),
        stop_reason: Some(answer.stop_reason),
        answer: readable.then(|| element.clone()),
        top_k_at_decision: top_rows(&answer.top),
        validity_class: hits.first().map_or(detect::OK, |(d, _)| d.id).to_string(),
        detectors: hits.iter().map(|(d, hit)| detector_row(d.id, *hit)).collect(),
        t_prefill_ms: milliseconds(answer.t_prefill_ns),
        t_decode_ms: milliseconds(answer.t_decode_ns),
        n_in: answer.n_in,
        n_out: answer.output_ids.len() as u32,
        ..blank_row(planned, call, verdict)
    };
    let rows = vec![row];
    Scored {
        outcome: outcome(planned, readable.then_some(element), verdict, Vec::new(), &rows),
        rows,
        calls: Vec::new(),
        numeric_fault: answer.numeric_fault.clone(),
        t_prefill_ns: answer.t_prefill_ns,
        t_decode_ns: answer.t_decode_ns,
    }
}

/// An item that was never asked.
pub(crate) fn skipped(planned: &PlannedItem) -> ItemOutcome {
    outcome(planned, None, ItemVerdict::Skipped, Vec::new(), &[])
}

/// The headline score of each label, nats, in canonical order.
///
/// `LPx`: the calibrated scores averaged over the calls. TF2: the uncalibrated scores averaged over the polarities,
/// where the answer "false" to the inverted question counts for "true"; label priors cancel in the difference.
fn headline(probe: &Probe, scores: &[CallScores]) -> Vec<f64> {
    match probe.mode {
        Mode::Tf2 => averaged(probe, scores.iter().map(|s| (s.call, s.raw.as_slice()))),
        Mode::Lpx | Mode::Fg => averaged(probe, scores.iter().map(|s| (s.call, s.calibrated.as_slice()))),
    }
}

/// Does every call alone give the same answer?
fn is_stable(probe: &Probe, scores: &[CallScores]) -> bool {
    let alone = |s: &CallScores| {
        let used = if probe.mode == Mode::Tf2 { &s.raw } else { &s.calibrated };
        first_max(&canonical(probe, s.call, used))
    };
    scores.windows(2).all(|pair| match pair {
        [a, b] => alone(a) == alone(b),
        _ => true,
    })
}

fn outcome(
    planned: &PlannedItem,
    predicted: Option<String>,
    verdict: ItemVerdict,
    scores: Vec<f64>,
    rows: &[ResultRow],
) -> ItemOutcome {
    let class = rows.iter().map(|r| r.validity_class.as_str()).find(|c| *c != detect::OK).unwrap_or(detect::OK);
    ItemOutcome {
        item_id: planned.item.id.clone(),
        cluster: planned.item.cluster.clone(),
        gold: planned.item.gold.first().cloned().unwrap_or_default(),
        predicted,
        verdict,
        margin: None,
        scores,
        stable: None,
        validity_class: class.to_string(),
    }
}

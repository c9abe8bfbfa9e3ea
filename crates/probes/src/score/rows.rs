//! Journal rows.

use super::numbers::{first_max, margin, softmax};
use super::{METRIC_VERSION, metric_of};
use crate::catalogue::Mode;
use crate::detect::{self, Hit, Observation};
use crate::plan::{PlannedItem, ProbeSpec};
use crate::row::{Call, DetectorRow, LabelRow, Origin, ResultRow, TokenProbability};
use crate::subject::LabelAnswer;
use crate::verdict::ItemVerdict;

#[expect(clippy::too_many_arguments, reason = "one row has as many sources")]
pub(super) fn label_row(
    spec: &ProbeSpec,
    planned: &PlannedItem,
    index: usize,
    call: Call,
    answer: &LabelAnswer,
    fault: Option<&str>,
    prior: Option<&Vec<f64>>,
    verdict: ItemVerdict,
) -> ResultRow {
    let ask = planned.asks.get(index);
    let labels = ask.map_or(&[][..], |a| a.labels.as_slice());
    let sound = fault.is_none() && answer.refused.is_none() && answer.logp.len() == labels.len();
    let mass = sound.then(|| answer.logp.iter().map(|s| libm::exp(*s)).sum::<f64>().min(1.0));
    // Whole texts never have much of the probability.
    let seen = mass.filter(|_| spec.mode != Mode::Pair);
    let hits = detect::examine(&Observation { numeric_fault: fault, label_mass: seen, output: None });
    let finite = |x: f64| x.is_finite().then_some(x);
    let per_label = labels.iter().enumerate().map(|(i, label)| {
        let logp = answer.logp.get(i).copied().and_then(finite);
        LabelRow {
            label: label.clone(),
            logp,
            logp_cal: logp.map(|s| s - prior.and_then(|p| p.get(i)).copied().unwrap_or(0.0)),
            n_tokens: answer.n_tokens.get(i).copied().unwrap_or(0),
            n_bytes: answer.n_bytes.get(i).copied().unwrap_or(0),
        }
    });
    // What this call alone says, as the option that its best label stands for.
    let option = |i: usize| ask.and_then(|a| a.order.get(i)).and_then(|o| planned.question.options.get(*o)).cloned();
    let entropy = || softmax(&answer.logp).into_iter().filter(|p| *p > 0.0).map(|p| -p * libm::log(p)).sum();
    ResultRow {
        input_ids_sha256: answer.input_ids_sha256.clone(),
        answer: if sound { first_max(&answer.logp).and_then(option) } else { None },
        per_label: per_label.collect(),
        mass,
        margin: if sound { margin(&answer.logp) } else { None },
        entropy: sound.then(entropy),
        top_k_at_decision: top_rows(&answer.top),
        validity_class: hits.first().map_or(detect::OK, |(d, _)| d.id).to_string(),
        detectors: hits.iter().map(|(d, hit)| detector_row(d.id, *hit)).collect(),
        t_prefill_ms: milliseconds(answer.t_prefill_ns),
        n_in: answer.n_in,
        n_out: answer.n_tokens.iter().fold(0, |sum, n| u32::saturating_add(sum, *n)),
        ..blank_row(spec, planned, call, verdict)
    }
}

pub(super) fn blank_row(spec: &ProbeSpec, planned: &PlannedItem, call: Call, verdict: ItemVerdict) -> ResultRow {
    ResultRow {
        item_id: planned.item.id.clone(),
        call,
        seed: "0".to_string(),
        sampling: None,
        input_ids_sha256: String::new(),
        output_ids: Vec::new(),
        text: String::new(),
        stop_reason: None,
        answer: None,
        per_label: Vec::new(),
        mass: None,
        margin: None,
        entropy: None,
        top_k_at_decision: Vec::new(),
        metric_id: metric_of(spec).to_string(),
        metric_version: METRIC_VERSION,
        metric_range: [0.0, 1.0],
        score: Some(if verdict == ItemVerdict::Correct { 1.0 } else { 0.0 }),
        verdict,
        validity_class: detect::OK.to_string(),
        detectors: Vec::new(),
        t_prefill_ms: 0.0,
        t_decode_ms: 0.0,
        n_in: 0,
        n_out: 0,
        provenance: Origin::Measured,
    }
}

pub(super) fn detector_row(class: &str, hit: Hit) -> DetectorRow {
    DetectorRow {
        class: class.to_string(),
        onset: hit.onset,
        span: hit.span,
        value: hit.value,
        detail: hit.detail.map(str::to_string),
    }
}

pub(super) fn top_rows(top: &[(u32, f32)]) -> Vec<TokenProbability> {
    let sound = top.iter().filter(|(_, ln_p)| !ln_p.is_nan());
    sound.map(|&(id, ln_p)| TokenProbability { id, p: libm::exp(f64::from(ln_p)).min(1.0) }).collect()
}

pub(super) fn milliseconds(ns: u64) -> f64 {
    ns as f64 / 1e6
}

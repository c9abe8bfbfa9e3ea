//! Items that are answered in writing.

use super::rows::{blank_row, detector_row, milliseconds, top_rows};
use super::{ItemRecord, Judge, outcome};
use crate::catalogue::Mode;
use crate::detect::{self, Effect, Observation, Output};
use crate::plan::{PlannedItem, ProbeSpec};
use crate::result::{Facet, ItemOutcome};
use crate::row::{Call, DetectorRow, ResultRow, Sampling};
use crate::subject::{GenerateAnswer, StopReason};
use crate::verdict::ItemVerdict;

/// Characters of a written answer that a result keeps.
const ANSWER_CHARS: usize = 200;

/// Scores an item's generations: one, or several samples. With samples the item is as bad as the worst of them.
pub(crate) fn written_item(
    spec: &ProbeSpec,
    planned: &PlannedItem,
    judge: Judge<'_>,
    answers: &[GenerateAnswer],
) -> ItemRecord {
    let calls = spec.calls.iter().enumerate().zip(answers);
    let mut all: Vec<Written> = calls.map(|((i, call), a)| written(spec, planned, judge, i, *call, a)).collect();
    let worst = all.iter().map(|w| w.verdict).max().unwrap_or(ItemVerdict::Error);
    for written in &mut all {
        written.row.verdict = worst;
        written.row.score = Some(if worst == ItemVerdict::Correct { 1.0 } else { 0.0 });
    }
    let rows: Vec<ResultRow> = all.iter().map(|w| w.row.clone()).collect();
    let first = all.first();
    let predicted = rows.first().and_then(|r| r.answer.clone());
    let outcome = ItemOutcome {
        facets: all.iter().flat_map(|w| w.facets.iter().cloned()).collect(),
        counts: first.and_then(|w| w.counts),
        refused: answers.iter().find_map(|a| a.refused.clone()),
        ..outcome(planned, predicted, worst, Vec::new(), &rows)
    };
    ItemRecord {
        outcome,
        rows,
        calls: Vec::new(),
        numeric_fault: answers.iter().find_map(|a| a.numeric_fault.clone()),
        t_prefill_ns: answers.iter().fold(0, |sum, a| u64::saturating_add(sum, a.t_prefill_ns)),
        t_decode_ns: answers.iter().fold(0, |sum, a| u64::saturating_add(sum, a.t_decode_ns)),
    }
}

/// One generation, read.
struct Written {
    verdict: ItemVerdict,
    row: ResultRow,
    facets: Vec<Facet>,
    counts: Option<[u64; 3]>,
}

fn written(
    spec: &ProbeSpec,
    planned: &PlannedItem,
    judge: Judge<'_>,
    index: usize,
    call: Call,
    answer: &GenerateAnswer,
) -> Written {
    let messages = planned.asks.get(index).map_or(&[][..], |a| a.messages.as_slice());
    let prompt = messages.last().map_or("", |m| m.content.as_str());
    let output = Output {
        prompt,
        gold: &planned.item.gold,
        min_chars: planned.item.min_chars,
        ..Output::new(&answer.text, &answer.output_ids, &answer.special_ids, answer.stop_reason)
    };
    let reading = judge.read(&answer.text, &planned.question);
    let observation =
        Observation { numeric_fault: answer.numeric_fault.as_deref(), label_mass: None, output: Some(output) };
    let found = detect::examine_read(&observation, &reading.breaks);
    // Which form an answer has to have, only its reader knows; the detector alone knows that of one line.
    let kept = |id: &str| id != "format_break" || spec.one_element || !reading.breaks.is_empty();
    let hits: Vec<(&str, Effect, detect::Hit)> =
        found.into_iter().filter(|(d, _)| kept(d.id)).map(|(d, hit)| (d.id, d.effect, hit)).collect();
    let invalid = hits.iter().any(|(_, effect, _)| *effect != Effect::Note);
    let broken = spec.one_element && hits.iter().any(|(id, ..)| *id == "format_break");
    let failed =
        answer.refused.is_some() || (answer.stop_reason == StopReason::Error && answer.numeric_fault.is_none());
    let verdict = if failed {
        ItemVerdict::Error
    } else if invalid {
        ItemVerdict::Degenerate
    } else if broken || reading.answer.is_none() {
        ItemVerdict::Unparsable
    } else if reading.right {
        ItemVerdict::Correct
    } else {
        ItemVerdict::Incorrect
    };
    let readable = matches!(verdict, ItemVerdict::Correct | ItemVerdict::Incorrect);
    let predicted = reading.answer.clone().filter(|_| readable).map(|a| a.chars().take(ANSWER_CHARS).collect());
    let detectors: Vec<DetectorRow> = hits.iter().map(|(id, _, hit)| detector_row(id, *hit)).collect();
    let class = detectors.first().map_or(detect::OK, |d| d.class.as_str()).to_string();
    let row = ResultRow {
        seed: if spec.temperature > 0.0 { (call.sample + 1).to_string() } else { "0".to_string() },
        sampling: Some(Sampling {
            temperature: spec.temperature,
            top_k: 0,
            top_p: 1.0,
            max_tokens: spec.max_tokens,
            stop: Vec::new(),
        }),
        input_ids_sha256: answer.input_ids_sha256.clone(),
        output_ids: answer.output_ids.clone(),
        text: answer.text.clone(),
        stop_reason: Some(answer.stop_reason),
        answer: predicted,
        top_k_at_decision: top_rows(&answer.top),
        validity_class: class,
        detectors,
        t_prefill_ms: milliseconds(answer.t_prefill_ns),
        t_decode_ms: milliseconds(answer.t_decode_ns),
        n_in: answer.n_in,
        n_out: answer.output_ids.len() as u32,
        ..blank_row(spec, planned, call, verdict)
    };
    // An invalid output holds nothing: its parts are wrong.
    let facet = |(name, holds): &(&str, bool)| Facet { name: (*name).to_string(), holds: *holds && !invalid };
    let breaks = reading.breaks.iter().map(|b| Facet { name: ["format", b].join("_"), holds: false });
    let facets = reading.facets.iter().map(facet).chain(breaks).collect();
    // An answer that cannot be read misses every span that the gold answer holds.
    let missed = || {
        let gold = planned.question.gold.first()?;
        judge.read(gold, &planned.question).counts.map(|[held, ..]| [0, 0, held])
    };
    let counts = reading.counts.filter(|_| !invalid && !failed);
    let counts = if spec.mode == Mode::Set { counts.or_else(missed) } else { None };
    Written { verdict, row, facets, counts }
}

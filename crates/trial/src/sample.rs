//! From the battery's rows to the card's sample rows.

use std::collections::BTreeMap;

use cards::{DetectorHit, SampleRow, logprob_q8, sha256_hex};
use probes::{Item, ProbeResult, ResultRow};

/// Items of one trial with the rows of their calls, in the order in which they were asked.
#[derive(Default)]
pub struct Samples {
    items: BTreeMap<String, (Item, Vec<ResultRow>)>,
}

impl Samples {
    /// Keeps an item's calls.
    pub fn add(&mut self, item: Item, rows: Vec<ResultRow>) {
        self.items.insert(item.id.clone(), (item, rows));
    }

    /// One row per attempted item, in suite order.
    pub fn rows(&self, results: &[ProbeResult]) -> Result<Vec<SampleRow>, cards::Error> {
        let mut samples = Vec::new();
        let mut doc_id = 0;
        for result in results {
            for outcome in &result.items {
                if let Some((item, calls)) = self.items.get(&outcome.item_id) {
                    samples.push(row(doc_id, item, calls, result, outcome)?);
                }
                doc_id += 1;
            }
        }
        Ok(samples)
    }
}

fn row(
    doc_id: u64,
    item: &Item,
    calls: &[ResultRow],
    result: &ProbeResult,
    outcome: &probes::ItemOutcome,
) -> Result<SampleRow, cards::Error> {
    let doc = item.to_json_line().map_err(|e| cards::Error::Write { message: e.to_string() })?;
    // The prompts of all calls, in order: one hash of their hashes.
    let prompts: Vec<&str> = calls.iter().map(|c| c.input_ids_sha256.as_str()).collect();
    let prompt_hash = match prompts[..] {
        [only] => only.to_owned(),
        _ => sha256_hex(prompts.join("\n").as_bytes()),
    };
    let first = calls.first();
    let written = item.labels.is_empty();
    Ok(SampleRow {
        doc_id,
        sample_id: item.id.clone(),
        task: result.probe.clone(),
        template: item.format_variant.as_str().to_owned(),
        mode: result.mode.clone(),
        cluster: item.cluster.clone(),
        kind: outcome.kind.clone(),
        doc_hash: sha256_hex(doc.as_bytes()),
        prompt_hash,
        target_hash: sha256_hex(outcome.gold.as_bytes()),
        target: outcome.gold.clone(),
        choices: item.labels.clone(),
        lls: outcome.scores.iter().map(|s| s.is_finite().then_some(*s)).collect(),
        pred: outcome.predicted.clone(),
        verdict: outcome.verdict,
        detectors: detectors(calls),
        resps: calls
            .iter()
            .map(|c| if written { c.text.clone() } else { c.answer.clone().unwrap_or_default() })
            .collect(),
        counts: outcome.counts,
        tok_out: first.filter(|_| written).map_or_else(Vec::new, |c| c.output_ids.clone()),
        top5: first.map_or_else(Vec::new, |c| {
            c.top_k_at_decision.iter().take(5).map(|t| (t.id, logprob_q8(t.p.ln()))).collect()
        }),
        margin: outcome.margin.or_else(|| first.and_then(|c| c.margin)),
        stop_reason: first.and_then(|c| c.stop_reason),
        n_in: calls.iter().map(|c| u64::from(c.n_in)).sum(),
        n_out: calls.iter().map(|c| u64::from(c.n_out)).sum(),
        t_prefill_ns: nanoseconds(calls.iter().map(|c| c.t_prefill_ms).sum()),
        t_decode_ns: nanoseconds(calls.iter().map(|c| c.t_decode_ms).sum()),
    })
}

fn detectors(calls: &[ResultRow]) -> Vec<DetectorHit> {
    let mut hits: Vec<DetectorHit> = Vec::new();
    for hit in calls.iter().flat_map(|c| &c.detectors) {
        if !hits.iter().any(|known| known.class == hit.class) {
            hits.push(DetectorHit { class: hit.class.clone(), onset: Some(u64::from(hit.onset)) });
        }
    }
    hits
}

fn nanoseconds(milliseconds: f64) -> u64 {
    (milliseconds * 1e6) as u64
}

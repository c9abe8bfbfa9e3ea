//! Answers that another program wrote, read and counted by the battery's own readers.

use probes::ProbeResult;

use super::{ImportError, ImportFacts, card::Found, row::Key, row::gives};
use crate::{
    Baseline, CountedFrom, ImportFormat, ImportedCard, ImportedModel, ImportedTask, OutputType, derive::uncertainty,
    number::round6,
};

/// Makes a card of what the battery counted in answers that were written elsewhere. `model` and `program` are what
/// somebody says of them: nothing here knows.
pub fn import_answers(
    facts: ImportFacts,
    model: &str,
    program: Option<String>,
    results: &[ProbeResult],
) -> Result<ImportedCard, ImportError> {
    let task = |result: &ProbeResult| ImportedTask {
        task: result.probe.clone(),
        version: Some(result.version.to_string()),
        output_type: Some(OutputType::GenerateUntil),
        num_fewshot: Some(0),
    };
    let row = |result: &ProbeResult| {
        let key = Key { model, task: &result.probe, mode: Some(&result.mode), metric: &result.metric_id };
        let mut row = key.row(CountedFrom::Items);
        (row.k, row.n) = (Some(result.k), Some(result.n));
        // The F1 of sets does not follow from the documents that are right.
        let proportion = gives(result.k, result.n, result.score);
        row.score = Some(round6(result.score));
        row.uncertainty = proportion.then(|| uncertainty(result.k, result.n));
        row.n_unparsable = Some(result.n_unparsable);
        row.n_degenerate = Some(result.n_degenerate);
        row.n_error = Some(result.n_error);
        row.n_skipped = Some(result.n_skipped);
        let counted = result.baselines.iter().filter(|b| b.counts.is_none() && b.n > 0);
        row.baselines = counted
            .map(|b| Baseline {
                name: if b.detail.is_empty() { b.name.clone() } else { format!("{}:{}", b.name, b.detail) },
                k: Some(b.k),
                n: b.n,
                score: round6(b.k as f64 / b.n as f64),
            })
            .collect();
        row
    };
    let found = Found {
        format: ImportFormat::Answers,
        what: "answers that were written elsewhere",
        program,
        models: vec![ImportedModel {
            id: model.to_owned(),
            developer: None,
            revision: None,
            n_params: None,
            quantization: None,
        }],
        tasks: results.iter().map(task).collect(),
        results: results.iter().map(row).collect(),
    };
    found.seal(facts)
}

//! Finished runs, read back from their folders.

use std::path::Path;

use anyhow::{Context, bail};
use cards::{Card, GateVerdict, SampleRow, parse_samples};
use probes::comparison::RunState;
use probes::report::{Judged, ProbeRun};

use crate::output::visible;

/// A run as it lies in its folder.
pub struct Run {
    /// The model's name, and the folder's.
    pub name: String,
    /// The card.
    pub card: Card,
    /// Its samples.
    pub samples: Vec<SampleRow>,
}

/// Reads and checks the card and the samples of a folder.
pub fn load(folder: &Path) -> anyhow::Result<Run> {
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let card = Card::parse(&read("card.json")?).with_context(|| format!("{}/card.json", folder.display()))?;
    let samples =
        parse_samples(&read("samples.jsonl")?).with_context(|| format!("{}/samples.jsonl", folder.display()))?;
    if let Some(first) = card.check(Some(&samples)).first() {
        bail!(
            "{} contradicts itself: {} is stated as {}, but its samples give {}",
            folder.display(),
            first.path,
            visible(&first.stated),
            visible(&first.recomputed)
        );
    }
    let name = format!("{} ({})", card.model.id, folder.display());
    Ok(Run { name: visible(&name), card, samples })
}

impl Run {
    /// Its probes with their outcomes.
    pub fn probes(&self) -> Vec<ProbeRun> {
        let failed = self.card.numerics.verdict == GateVerdict::Fail;
        let of_task = |task: &cards::Task| {
            let row = self.card.results.iter().find(|r| r.task == task.task);
            let sound =
                row.is_some_and(|r| r.n_skipped == 0 && (r.verdict.is_some() || r.metric_id == "valid_outputs"));
            let rows = self.samples.iter().filter(|s| s.task == task.task);
            ProbeRun {
                probe: task.task.clone(),
                state: if failed || !sound { RunState::Invalid } else { RunState::Valid },
                items: rows.map(judged).collect(),
            }
        };
        self.card.tasks.iter().map(of_task).collect()
    }

    /// Refuses another run whose items only share their names.
    pub fn same_items(&self, other: &Self) -> anyhow::Result<()> {
        for row in &self.samples {
            let twin = other.samples.iter().find(|s| s.task == row.task && s.sample_id == row.sample_id);
            if let Some(twin) = twin.filter(|t| t.doc_hash != row.doc_hash) {
                bail!(
                    "{} and {} asked different things under {}: they are of different versions of the battery, or one had a system turn that the other had not",
                    self.name,
                    other.name,
                    visible(&twin.sample_id)
                );
            }
        }
        Ok(())
    }
}

fn judged(row: &SampleRow) -> Judged {
    Judged {
        item_id: row.sample_id.clone(),
        cluster: row.cluster.clone(),
        gold: row.target.clone(),
        predicted: row.pred.clone(),
        verdict: row.verdict,
        margin: row.margin,
    }
}

//! Finished runs, read back from their folders.

use std::path::Path;

use anyhow::{Context, bail};
use cards::{Card, GateVerdict, ResultRow, SampleRow, parse_samples};
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

    /// Refuses another run whose items or metrics only share their names.
    pub fn same_items(&self, other: &Self) -> anyhow::Result<()> {
        let [ours, theirs] = [self, other].map(|run| run.card.results.iter().map(counted).collect::<Vec<_>>());
        if let Some(([task, _, metric], [a, b])) = other_version(&ours, &theirs) {
            bail!(
                "{} and {} count {} of {} in versions {a} and {b}, which are never compared: run both with one version of this program",
                self.name,
                other.name,
                visible(metric),
                visible(task)
            );
        }
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

/// A result's task, mode and metric, and the metric's version.
type Counted<'a> = ([&'a str; 3], u32);

fn counted(row: &ResultRow) -> Counted<'_> {
    ([&row.task, &row.mode, &row.metric_id], row.metric_version)
}

/// The first metric that two runs have in different versions, with both.
fn other_version<'a>(ours: &[Counted<'a>], theirs: &[Counted<'_>]) -> Option<([&'a str; 3], [u32; 2])> {
    ours.iter().find_map(|&(name, version)| {
        let (_, other) = theirs.iter().find(|&&(twin, other)| twin == name && other != version)?;
        Some((name, [version, *other]))
    })
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

#[cfg(test)]
mod tests {
    use super::other_version;

    #[test]
    fn versions_of_a_metric_are_never_mixed() {
        let [first, second, third] = ["A01", "A02", "A03"].map(|task| [task, "LP", "acc"]);
        let ours = [(first, 1), (second, 2)];
        assert_eq!(other_version(&ours, &[(second, 2), (third, 9)]), None);
        assert_eq!(other_version(&ours, &[(second, 3)]), Some((second, [2, 3])));
    }
}

//! What a card says about the labels that its probe gives.

use std::path::Path;

use anyhow::bail;
use cards::GateVerdict;
use classifier::coverage::{curve, cut};
use classifier::{Cut, Judged, Point};
use probes::stats::Rate;
use probes::{ItemVerdict, Labeller};

use crate::output::visible;
use crate::results;

/// A probe's outcomes on a card.
pub struct OfProbe {
    /// The probe.
    pub task: String,
    /// The card's model and folder.
    pub name: String,
    /// From all items to the surest.
    pub curve: Vec<Point>,
}

/// Coverages that are shown, of all items.
const SHOWN: [f64; 4] = [1.0, 0.8, 0.5, 0.2];

impl OfProbe {
    /// Reads a run's folder, and refuses one that says nothing about these labels.
    pub fn read(folder: &Path, labeller: &Labeller, weights_sha256: &str) -> anyhow::Result<Self> {
        let run = results::load(folder)?;
        let (spec, card) = (labeller.spec(), &run.card);
        if card.model.weights_sha256 != weights_sha256 {
            bail!(
                "{} is of other weights ({}, not {weights_sha256}): make a card of this model with `sweetspot bench`",
                run.name,
                card.model.weights_sha256
            );
        }
        if card.numerics.verdict == GateVerdict::Fail {
            bail!("{} failed its gate, so it says nothing about labels: run `sweetspot bench` again", run.name);
        }
        let Some(task) = card.tasks.iter().find(|t| t.task == spec.id) else {
            bail!("{} has no {}: run `sweetspot bench --probes {}` on this model", run.name, spec.id, spec.id);
        };
        if task.version != spec.version {
            bail!(
                "{} asked version {} of {}, but this program asks version {}: run `sweetspot bench` again",
                run.name,
                task.version,
                spec.id,
                spec.version
            );
        }
        let template = task.template_ids.first();
        let items: Vec<Judged> = run
            .samples
            .iter()
            .filter(|s| s.task == spec.id && Some(&s.template) == template && s.verdict != ItemVerdict::Skipped)
            .map(|s| Judged { margin: s.margin, right: s.verdict == ItemVerdict::Correct, cluster: s.cluster.clone() })
            .collect();
        if items.is_empty() {
            bail!("{} asked no item of {}", run.name, spec.id);
        }
        Ok(Self { task: spec.id.clone(), name: run.name.clone(), curve: curve(&items) })
    }

    /// The points that are shown: those that keep about so much.
    pub fn shown(&self) -> Vec<Point> {
        let near = |share: f64| {
            let far = |p: &&Point| (p.kept.value().unwrap_or(0.0) - share).abs();
            self.curve.iter().min_by(|a, b| far(a).total_cmp(&far(b))).copied()
        };
        let mut points: Vec<Point> = SHOWN.iter().filter_map(|s| near(*s)).collect();
        points.dedup_by_key(|p| p.kept.k);
        points
    }

    /// Says how right the card's labels are, all of them and the surest.
    pub fn print(&self) {
        eprintln!("{} on the card of {}:", self.task, visible(&self.name));
        for point in self.shown() {
            let clustered = if point.interval.clusters < point.right.n { ", over clusters" } else { "" };
            eprintln!(
                "  {} of {} items kept (margin from {:.2} nats): {} right{clustered}",
                point.kept.k,
                point.kept.n,
                point.margin,
                right(&point)
            );
        }
    }

    /// Where to abstain for an accuracy.
    pub fn cut(&self, need: f64) -> anyhow::Result<Point> {
        match cut(&self.curve, need) {
            Cut::At(point) => Ok(point),
            Cut::Never(Some(best)) => bail!(
                "no margin on the card reaches {need}: the best lower limit is {:.3}, of {} at {:.2} nats; lower --need, or make a card of more items",
                best.interval.interval.lower,
                right(&best),
                best.margin
            ),
            Cut::Never(None) => bail!(
                "the card has {} items of {}, too few to cut by: make one of at least 20",
                self.curve.first().map_or(0, |p| p.kept.n),
                self.task
            ),
        }
    }
}

/// `301/384 78.4% [74.0, 82.2]`, with the interval over clusters where items share them.
pub fn right(point: &Point) -> String {
    let Rate { k, n } = point.right;
    let limits = point.interval.interval;
    let percent = if n >= 20 { format!(" {:.1}%", k as f64 / n as f64 * 100.0) } else { String::new() };
    format!("{k}/{n}{percent} [{:.1}, {:.1}]", limits.lower * 100.0, limits.upper * 100.0)
}

/// What `--need` comes to.
pub fn cut_line(need: f64, point: &Point) -> String {
    format!(
        "--need {need}: labels from a margin of {:.4} nats on; of the card's items {} of {} are kept, {} right. The margin was chosen on these items.",
        point.margin,
        point.kept.k,
        point.kept.n,
        right(point)
    )
}

//! The same items in several formats: does the form of a question matter, and does the best form stay the best?

use std::collections::BTreeSet;

use super::{Judged, ReportError, Share, matched};
use crate::seed::Seeded;
use crate::stats::{CLUSTERS_FOR_LIMITS, ChiSquare, cochran_q};
use crate::verdict::ItemVerdict;
use serde::{Deserialize, Serialize};

/// Outcomes in one format.
#[derive(Clone, Debug, PartialEq)]
pub struct FormatRun {
    /// The format's name, for example `F2`.
    pub format: String,
    /// Its outcomes, with the item ids that the formats share.
    pub items: Vec<Judged>,
}

/// One format's result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FormatRow {
    /// The format's name.
    pub format: String,
    /// Right answers.
    pub right: Share,
    /// Outputs that a detector found invalid.
    pub n_degenerate: u64,
    /// Answers that could not be read.
    pub n_unparsable: u64,
    /// Items without a usable answer.
    pub n_error: u64,
    /// Items never asked.
    pub n_skipped: u64,
}

/// The format that was best on one half of the clusters, on the other half.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confirmed {
    /// The format; the first listed among equals.
    pub format: String,
    /// Clusters that it was chosen on, and those that it was confirmed on.
    pub clusters: [u64; 2],
    /// Its right answers on the half that it was chosen on: too high, for it was chosen for them.
    pub chosen_on: Share,
    /// Its right answers on the other half: what may be expected of it.
    pub confirmed_on: Share,
    /// All formats on the other half, in the order given.
    pub others: Vec<Share>,
    /// Is it the best on the other half too, alone or among equals?
    pub still_best: bool,
    /// Does either half have fewer clusters than limits may rest on?
    pub too_few_clusters: bool,
}

/// The same items in several formats.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Formats {
    /// Items that every format has.
    pub n: u64,
    /// Items that some format lacks; they enter nothing.
    pub unmatched: Vec<String>,
    /// The formats, in the order given.
    pub rows: Vec<FormatRow>,
    /// Cochran's test that all formats do as well; absent where no item tells them apart.
    pub cochran: Option<ChiSquare>,
    /// The best format, chosen and confirmed on different clusters; absent for a single cluster.
    pub best: Option<Confirmed>,
}

/// Compares formats over the items that all of them have. The seed draws the half of the clusters on which the best is
/// chosen.
pub fn formats(runs: &[FormatRun], seed: u64) -> Result<Formats, ReportError> {
    let items: Vec<&[Judged]> = runs.iter().map(|run| run.items.as_slice()).collect();
    let matched = matched(&items)?;
    let right: Vec<Vec<bool>> = matched.rows.iter().map(|row| row.iter().map(|j| j.is_right()).collect()).collect();
    let of_format = |i: usize| matched.rows.iter().filter_map(move |row| row.get(i).copied());
    let row = |(i, run): (usize, &FormatRun)| {
        let count = |verdict| of_format(i).filter(|j| j.verdict == verdict).count() as u64;
        FormatRow {
            format: run.format.clone(),
            right: Share::of(of_format(i).map(Judged::is_right)),
            n_degenerate: count(ItemVerdict::Degenerate),
            n_unparsable: count(ItemVerdict::Unparsable),
            n_error: count(ItemVerdict::Error),
            n_skipped: count(ItemVerdict::Skipped),
        }
    };
    Ok(Formats {
        n: matched.rows.len() as u64,
        rows: runs.iter().enumerate().map(row).collect(),
        cochran: cochran_q(&right),
        best: best(runs, &matched.rows, seed),
        unmatched: matched.unmatched,
    })
}

fn best(runs: &[FormatRun], rows: &[Vec<&Judged>], seed: u64) -> Option<Confirmed> {
    let cluster = |row: &Vec<&Judged>| row.first().map_or("", |j| j.cluster.as_str()).to_string();
    let distinct: BTreeSet<String> = rows.iter().map(cluster).collect();
    let mut clusters: Vec<String> = distinct.into_iter().collect();
    Seeded::new(seed).shuffle(&mut clusters);
    let n_chosen = clusters.len().div_ceil(2);
    let (choosing, confirming) = clusters.split_at_checked(n_chosen).filter(|(_, rest)| !rest.is_empty())?;
    let choosing: BTreeSet<&String> = choosing.iter().collect();
    let share = |format: usize, chosen: bool| {
        let half = rows.iter().filter(|row| choosing.contains(&cluster(row)) == chosen);
        Share::of(half.filter_map(|row| row.get(format)).map(|j| j.is_right()))
    };
    // The last of the greatest is taken, so that the order is turned round.
    let best = (0..runs.len()).rev().max_by_key(|format| share(*format, true).rate.k)?;
    let others: Vec<Share> = (0..runs.len()).map(|format| share(format, false)).collect();
    let confirmed_on = *others.get(best)?;
    Some(Confirmed {
        format: runs.get(best)?.format.clone(),
        clusters: [n_chosen as u64, confirming.len() as u64],
        chosen_on: share(best, true),
        confirmed_on,
        still_best: others.iter().all(|other| other.rate.k <= confirmed_on.rate.k),
        too_few_clusters: confirming.len() < CLUSTERS_FOR_LIMITS,
        others,
    })
}

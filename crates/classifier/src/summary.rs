//! What a labelled corpus amounts to, in memory that does not grow with it.

use probes::stats::{Interval, Rate};
use serde::Serialize;

/// Width of a cell of the histogram of margins, nats.
const CELL: f64 = 0.01;
/// Cells; larger margins are counted in the last.
const CELLS: usize = 4_000;

/// Counts by label.
#[derive(Clone, Debug)]
pub struct Summary {
    labels: Vec<String>,
    of_label: Vec<OfLabel>,
    /// Rows without a label because the margin is too small.
    abstained: u64,
    /// Rows that could not be labelled.
    bad: u64,
    /// Hand-checked rows by gold label; the last counts golds that are no label.
    gold: Vec<u64>,
    checked: Rate,
}

#[derive(Clone, Debug)]
struct OfLabel {
    n: u64,
    margins: Vec<u32>,
    checked: Rate,
}

/// A label's line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelLine {
    /// The label.
    pub label: String,
    /// Rows that were given it.
    pub n: u64,
    /// Margins of those rows at 5, 50 and 95%, nats, to a hundredth; nothing without rows.
    pub margins: Option<[f64; 3]>,
    /// Of those rows that were hand-checked, the ones that were right.
    pub right: Option<Rate>,
    /// Its limits.
    pub right_interval: Option<Interval>,
    /// Hand-checked rows whose gold label it is, of all hand-checked.
    pub gold: Option<Rate>,
    /// Rows of the corpus that the gold label would have, if the hand-checked ones are a random sample: limits.
    pub gold_rows: Option<[u64; 2]>,
}

/// The whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lines {
    /// Rows.
    pub rows: u64,
    /// By label, in the labels' order.
    pub labels: Vec<LabelLine>,
    /// Rows below the margin that was asked for.
    pub abstained: u64,
    /// Rows that could not be labelled.
    pub bad: u64,
    /// Right ones of the hand-checked rows, abstentions and bad rows among them as wrong; nothing if none was checked.
    pub right: Option<Rate>,
    /// Its limits.
    pub right_interval: Option<Interval>,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fate {
    /// It has a label: index and margin in nats.
    Labelled(usize, f64),
    /// Its margin was too small.
    Abstained,
    /// It could not be labelled.
    Bad,
}

impl Summary {
    /// Of no rows yet.
    pub fn new(labels: &[String]) -> Self {
        let none = OfLabel { n: 0, margins: vec![0; CELLS], checked: Rate { k: 0, n: 0 } };
        Self {
            labels: labels.to_vec(),
            of_label: vec![none; labels.len()],
            abstained: 0,
            bad: 0,
            gold: vec![0; labels.len() + 1],
            checked: Rate { k: 0, n: 0 },
        }
    }

    /// Counts a row; `gold` is its label by hand, where it was checked.
    pub fn add(&mut self, fate: Fate, gold: Option<&str>) {
        let gold = gold.map(|g| self.labels.iter().position(|l| l == g));
        match fate {
            Fate::Labelled(label, margin) => {
                if let Some(of_label) = self.of_label.get_mut(label) {
                    of_label.n += 1;
                    let cell = ((margin.max(0.0) / CELL) as usize).min(CELLS - 1);
                    if let Some(count) = of_label.margins.get_mut(cell) {
                        *count = count.saturating_add(1);
                    }
                    if let Some(gold) = gold {
                        of_label.checked.n += 1;
                        of_label.checked.k += u64::from(gold == Some(label));
                    }
                }
            }
            Fate::Abstained => self.abstained += 1,
            Fate::Bad => self.bad += 1,
        }
        if let Some(gold) = gold {
            self.checked.n += 1;
            self.checked.k += u64::from(matches!((fate, gold), (Fate::Labelled(l, _), Some(g)) if l == g));
            if let Some(count) = self.gold.get_mut(gold.unwrap_or(self.labels.len())) {
                *count += 1;
            }
        }
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.of_label.iter().map(|l| l.n).sum::<u64>() + self.abstained + self.bad
    }

    /// The sums.
    pub fn lines(&self) -> Lines {
        let rows = self.rows();
        let line = |((label, of), gold): ((&String, &OfLabel), &u64)| {
            let gold = (self.checked.n > 0).then_some(Rate { k: *gold, n: self.checked.n });
            let right = (of.checked.n > 0).then_some(of.checked);
            let of_rows =
                |limits: Interval| [limits.lower, limits.upper].map(|share| libm::round(share * rows as f64) as u64);
            LabelLine {
                label: label.clone(),
                n: of.n,
                margins: (of.n > 0).then(|| [0.05, 0.5, 0.95].map(|q| quantile(&of.margins, of.n, q))),
                right,
                right_interval: right.map(Rate::interval),
                gold,
                gold_rows: gold.map(|g| of_rows(g.interval())),
            }
        };
        let right = (self.checked.n > 0).then_some(self.checked);
        Lines {
            rows,
            labels: self.labels.iter().zip(&self.of_label).zip(&self.gold).map(line).collect(),
            abstained: self.abstained,
            bad: self.bad,
            right,
            right_interval: right.map(Rate::interval),
        }
    }
}

/// The middle of the cell in which the q-th of n values lies.
fn quantile(cells: &[u32], n: u64, q: f64) -> f64 {
    let wanted = (libm::ceil(q * n as f64) as u64).max(1);
    let mut sum = 0;
    for (i, count) in cells.iter().enumerate() {
        sum += u64::from(*count);
        if sum >= wanted {
            return libm::round((i as f64 + 0.5) * CELL * 1000.0) / 1000.0;
        }
    }
    CELLS as f64 * CELL
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_label_with_what_was_checked() {
        let mut summary = Summary::new(&["a".into(), "b".into()]);
        for i in 0..100 {
            summary.add(Fate::Labelled(0, f64::from(i) / 10.0), None);
        }
        summary.add(Fate::Labelled(1, 0.5), Some("b"));
        summary.add(Fate::Labelled(1, 0.5), Some("a"));
        summary.add(Fate::Abstained, Some("a"));
        summary.add(Fate::Bad, Some("elsewhere"));
        summary.add(Fate::Bad, None);
        let lines = summary.lines();
        assert_eq!((lines.rows, lines.abstained, lines.bad), (105, 1, 2));
        assert_eq!(lines.right, Some(Rate { k: 1, n: 4 }));
        let [a, b] = &lines.labels[..] else { panic!("two labels") };
        assert_eq!((a.n, a.right, a.gold), (100, None, Some(Rate { k: 2, n: 4 })));
        assert_eq!((b.n, b.right, b.gold), (2, Some(Rate { k: 1, n: 2 }), Some(Rate { k: 1, n: 4 })));
        // The 5th, 50th and 95th of 0, 0.1, ..., 9.9, to the middle of their cells.
        let [low, middle, high] = a.margins.unwrap();
        assert!(
            (low - 0.4).abs() < 0.02 && (middle - 4.9).abs() < 0.02 && (high - 9.4).abs() < 0.02,
            "{:?}",
            a.margins
        );
        let [from, to] = a.gold_rows.unwrap();
        assert!(from < 52 && 52 < to && to <= 105);
    }

    #[test]
    fn no_rows_have_no_margins() {
        let lines = Summary::new(&["a".into()]).lines();
        assert_eq!((lines.rows, lines.labels[0].margins, lines.right), (0, None, None));
    }
}

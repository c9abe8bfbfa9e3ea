//! Frames: a question in Italian and its query, with holes.

use super::slots::{Filling, Slot, Split, pool};

/// A question and its query, with the same holes: `{0}`, `{1}`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// The question.
    pub ask: &'static str,
    /// The query.
    pub sql: &'static str,
    /// What the holes take, in order. Where two in a row are of one kind, the second value stands after the first in
    /// its pool.
    pub slots: &'static [Slot],
}

/// A frame.
pub(super) const fn frame(ask: &'static str, sql: &'static str, slots: &'static [Slot]) -> Frame {
    Frame { ask, sql, slots }
}

impl Frame {
    /// Question and query with the holes filled.
    pub fn fill(&self, fillings: &[&Filling]) -> (String, String) {
        let (mut ask, mut sql) = (self.ask.to_string(), self.sql.to_string());
        for (i, filling) in fillings.iter().enumerate() {
            let hole = format!("{{{i}}}");
            ask = ask.replace(&hole, &filling.shown);
            sql = sql.replace(&hole, &filling.sql);
        }
        (ask, sql)
    }

    /// Whether these values, given by their places in their pools, may stand together.
    pub fn allows(&self, places: &[usize]) -> bool {
        let kinds = self.slots.windows(2);
        kinds.zip(places.windows(2)).all(|(kinds, places)| match (kinds, places) {
            ([a, b], [i, j]) => a != b || i < j,
            _ => true,
        })
    }

    /// The pools of the holes in a split.
    pub fn pools(&self, split: Split) -> Vec<Vec<Filling>> {
        self.slots.iter().map(|slot| pool(*slot, split)).collect()
    }
}

/// Every way to fill the holes, as places in the pools.
pub(super) fn combinations(pools: &[Vec<Filling>]) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for pool in pools {
        all = all
            .into_iter()
            .flat_map(|places| {
                (0..pool.len()).map(move |place| {
                    let mut longer: Vec<usize> = places.clone();
                    longer.push(place);
                    longer
                })
            })
            .collect();
    }
    all
}

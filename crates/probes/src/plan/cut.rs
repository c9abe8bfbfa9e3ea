//! Parts of a plan.

use std::collections::BTreeSet;

use super::{Plan, suite_hash};

impl Plan {
    /// The prefix of at most `n` items in suite order, which takes one item of each probe in turn.
    #[must_use]
    pub fn cut_to(mut self, n: usize) -> Self {
        let mut left = n;
        let mut keep = vec![0; self.probes.len()];
        while left > 0 {
            let before = left;
            for (keep, probe) in keep.iter_mut().zip(&self.probes) {
                if left > 0 && *keep < probe.items.len() {
                    *keep += 1;
                    left -= 1;
                }
            }
            if before == left {
                break;
            }
        }
        for (keep, probe) in keep.into_iter().zip(&mut self.probes) {
            probe.items.truncate(keep);
            probe.baselines.iter_mut().for_each(|b| b.answers.truncate(keep));
        }
        self.probes.retain(|p| !p.items.is_empty());
        self.sha256 = suite_hash(&self.probes);
        self
    }

    /// The items with these ids alone, in suite order, asked as in the whole: with the same calibration.
    #[must_use]
    pub fn only(mut self, ids: &BTreeSet<&str>) -> Self {
        for probe in &mut self.probes {
            let keep: Vec<bool> = probe.items.iter().map(|item| ids.contains(item.item.id.as_str())).collect();
            let mut kept = keep.iter();
            probe.items.retain(|_| kept.next().copied().unwrap_or(false));
            for baseline in &mut probe.baselines {
                let mut kept = keep.iter();
                baseline.answers.retain(|_| kept.next().copied().unwrap_or(false));
            }
        }
        self.probes.retain(|p| !p.items.is_empty());
        self.sha256 = suite_hash(&self.probes);
        self
    }
}

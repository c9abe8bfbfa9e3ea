//! What a change of the model broke and mended.

use std::collections::BTreeMap;

use super::{Judged, ReportError, matched};
use crate::stats::Paired;
use serde::{Deserialize, Serialize};

/// Items with one gold answer that were, or are, answered wrongly in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The gold answer.
    pub gold: String,
    /// The wrong answer; `(degenerate)` or the like where there was none.
    pub predicted: String,
    /// The items, in order.
    pub items: Vec<String>,
}

/// Items before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Items by whether they were right before (first) and after (second).
    pub correct: Paired,
    /// Right before and wrong after, by gold and the answer after; the most frequent first.
    pub broken: Vec<Change>,
    /// Wrong before and right after, by gold and the answer before; the most frequent first.
    pub mended: Vec<Change>,
    /// Wrong before and after, but in another way.
    pub wrong_otherwise: u64,
    /// Items that only one run has; they enter nothing.
    pub unmatched: Vec<String>,
}

/// Compares a run before a change with one after it.
pub fn changes(before: &[Judged], after: &[Judged]) -> Result<Changes, ReportError> {
    let matched = matched(&[before, after])?;
    let mut correct = Paired::default();
    let (mut broken, mut mended, mut wrong_otherwise) = (Groups::new(), Groups::new(), 0);
    for (before, after) in matched.rows.iter().filter_map(|row| Some((*row.first()?, *row.get(1)?))) {
        let count = match (before.is_right(), after.is_right()) {
            (true, true) => &mut correct.both,
            (true, false) => {
                add(&mut broken, after);
                &mut correct.first_only
            }
            (false, true) => {
                add(&mut mended, before);
                &mut correct.second_only
            }
            (false, false) => {
                wrong_otherwise += u64::from(before.answer() != after.answer());
                &mut correct.neither
            }
        };
        *count += 1;
    }
    Ok(Changes {
        correct,
        broken: grouped(broken),
        mended: grouped(mended),
        wrong_otherwise,
        unmatched: matched.unmatched,
    })
}

type Groups = BTreeMap<(String, String), Vec<String>>;

fn add(groups: &mut Groups, wrong: &Judged) {
    groups.entry((wrong.gold.clone(), wrong.answer())).or_default().push(wrong.item_id.clone());
}

fn grouped(groups: Groups) -> Vec<Change> {
    let mut changes: Vec<Change> =
        groups.into_iter().map(|((gold, predicted), items)| Change { gold, predicted, items }).collect();
    // Stable: groups of equal size stay in the order of their names.
    changes.sort_by_key(|c| std::cmp::Reverse(c.items.len()));
    changes
}

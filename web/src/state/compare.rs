//! Two links side by side, and item by item where both hold the outcomes of one suite.

use cards::{Compact, Outcome, ReadResult};
use probes::stats::{Paired as Pairs, holm, mcnemar, newcombe};

use super::card::LinkCard;
use super::fragment::read_pair;
use super::refusal::Refusal;

/// One side of a comparison.
#[derive(Clone, Debug)]
pub enum Side {
    /// No link yet.
    Empty,
    /// A card.
    Card(Box<LinkCard>),
    /// A link that gives no card.
    Refused(Refusal),
}

impl Side {
    /// Reads a link's part after `#`.
    pub fn read(payload: &str) -> Self {
        if payload.is_empty() {
            return Self::Empty;
        }
        LinkCard::read(payload).map_or_else(Self::Refused, |card| Self::Card(Box::new(card)))
    }

    /// Both sides of an address.
    pub fn both(hash: &str) -> [Self; 2] {
        read_pair(hash).map(|payload| Self::read(&payload))
    }
}

/// What two cards have in common.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// Nothing that could be compared, and why: no difference is shown.
    Refused(String),
    /// Pair by pair.
    Paired(Vec<PairedTask>),
}

/// One task, item by item.
#[derive(Clone, Debug, PartialEq)]
pub struct PairedTask {
    /// The task.
    pub task: String,
    /// Its mode.
    pub mode: String,
    /// Items that both got right, only the first, only the second, neither.
    pub counts: [u64; 4],
    /// First less second, -1 to 1, and its 95% limits by Newcombe.
    pub difference: [f64; 3],
    /// Exact McNemar.
    pub p: f64,
    /// The same after Holm over all tasks of the table.
    pub p_holm: f64,
}

impl PairedTask {
    /// Items.
    pub fn n(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// What differs between two cards, field by field, suite first.
pub fn differences(a: &Compact, b: &Compact) -> Vec<[String; 3]> {
    let fields = |c: &Compact| {
        [
            ("suite", format!("{} {}, {}", c.suite.0, c.suite.1, c.suite.2)),
            ("model", c.model.0.clone()),
            ("weight, activation and cache types", c.model.1.clone()),
            ("weights", c.model.2.clone()),
            ("tokenizer", c.model.3.clone()),
            ("chat template", c.model.4.clone()),
            ("decoding", c.model.5.clone()),
            ("engine version", c.engine.0.clone()),
            ("program", c.engine.1.clone()),
            ("shaders", c.engine.2.clone()),
            ("backend", c.engine.3.clone()),
            ("adapter", format!("{}, {}", c.engine.4, c.engine.5)),
            ("browser", c.engine.6.clone()),
            ("system", c.engine.7.clone()),
        ]
    };
    let pairs = fields(a).into_iter().zip(fields(b));
    pairs.filter(|((_, x), (_, y))| x != y).map(|((name, x), (_, y))| [name.to_owned(), x, y]).collect()
}

/// The comparison of two links, item by item. A refusal gives no number.
pub fn paired(a: &Compact, b: &Compact) -> Comparison {
    if a.suite != b.suite {
        return Comparison::Refused("suite hashes differ: not the same items were asked".to_owned());
    }
    if a.model.5 != b.model.5 {
        return Comparison::Refused("decoding differs: other answers were asked for".to_owned());
    }
    for (name, side) in [("first", a), ("second", b)] {
        use super::verify::{Gate, gate};
        if matches!(gate(&side.gate), Gate::Fail | Gate::RuledOut) {
            return Comparison::Refused(format!("the numeric gate of the {name} failed"));
        }
        if side.outcomes.is_none() {
            return Comparison::Refused(format!("the link of the {name} holds no outcomes of items"));
        }
        if side.read().iter().any(|row| row.lost[3] > 0) {
            return Comparison::Refused(format!("the run of the {name} stopped before its end"));
        }
    }
    let (rows, others) = (a.read(), b.read());
    let key = |row: &ReadResult| (row.task.clone(), row.mode.clone(), row.metric.clone(), row.n);
    if rows.iter().map(key).ne(others.iter().map(key)) {
        return Comparison::Refused("the tasks, their modes or their numbers of items differ".to_owned());
    }
    // Spans are not right or wrong as a whole.
    let items = rows.iter().filter(|row| row.metric != "micro_f1");
    let mut tasks: Vec<PairedTask> = items.filter_map(|row| task(row, a, b)).collect();
    if tasks.is_empty() {
        return Comparison::Refused("no task has items that are right or wrong".to_owned());
    }
    let corrected = holm(&tasks.iter().map(|t| t.p).collect::<Vec<_>>());
    for (task, p) in tasks.iter_mut().zip(corrected) {
        task.p_holm = p;
    }
    Comparison::Paired(tasks)
}

fn task(row: &ReadResult, a: &Compact, b: &Compact) -> Option<PairedTask> {
    let (x, y) = (a.outcomes_of(&row.task, &row.mode)?, b.outcomes_of(&row.task, &row.mode)?);
    let count = |first: bool, second: bool| {
        let is = |outcome: &Outcome| *outcome == Outcome::Correct;
        x.iter().zip(&y).filter(|(x, y)| is(x) == first && is(y) == second).count() as u64
    };
    let counts = [count(true, true), count(true, false), count(false, true), count(false, false)];
    let [both, a_only, b_only, neither] = counts;
    let difference = newcombe(Pairs { both, first_only: a_only, second_only: b_only, neither });
    let p = mcnemar(a_only, b_only).p;
    let difference = [difference.value, difference.lower, difference.upper];
    Some(PairedTask { task: row.task.clone(), mode: row.mode.clone(), counts, difference, p, p_holm: p })
}

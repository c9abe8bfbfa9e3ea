//! The run page's state: what its address asks for, and what a run has told so far.

mod choices;
mod words;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::message::{Finished, ItemSeen, Look, Planned, ProbeSeen, Reply, RunEvent, StageOf};

pub use choices::{About, Choices, HERE, ModelChoice, PROBES, PROFILES, computer, computer_name};
pub use words::{bytes_words, stage_words, time_words};

/// Failures that are listed while it runs; the card holds all.
const LISTED: usize = 30;

/// Where a run is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RunPhase {
    /// None runs.
    #[default]
    Idle,
    /// Before the first item.
    Preparing(Option<StageOf>),
    /// Items are asked.
    Asking,
    /// It waits.
    Paused,
    /// It ends after the pass that runs.
    Stopping,
    /// It ended with a card.
    Finished,
    /// It ended without one.
    Failed(String),
}

/// A probe's line.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Planned items.
    pub planned: u64,
    /// Right items so far.
    pub k: u64,
    /// Items so far.
    pub n: u64,
    /// 95% interval of what is known so far.
    pub limits: (f64, f64),
    /// What it came to.
    pub done: Option<ProbeSeen>,
}

/// The page's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunState {
    /// Where it is.
    pub phase: RunPhase,
    /// What the reader should know, in order.
    pub notes: Vec<String>,
    /// The model's header.
    pub look: Option<Look>,
    /// Why there is none.
    pub look_failed: Option<String>,
    /// Seconds forecast, and items, before a run.
    pub predicted: Option<((f64, f64), u64)>,
    /// What is asked.
    pub planned: Option<Planned>,
    /// By probe.
    pub rows: Vec<Row>,
    /// The probe that is asked.
    pub current: Option<String>,
    /// The last item.
    pub last: Option<ItemSeen>,
    /// The last items that are not right, the newest first.
    pub failures: VecDeque<ItemSeen>,
    /// All of them.
    pub n_failures: u64,
    /// Items done, the journal's included.
    pub done: u64,
    /// Items that were asked now.
    pub fresh: u64,
    /// Milliseconds, on the page's clock, at the first item that was asked now, and at the last.
    pub clock: Option<(f64, f64)>,
    /// The card.
    pub finished: Option<Arc<Finished>>,
}

impl RunState {
    /// Begins a run: what the last one told goes, the model's header stays.
    pub fn begin(&mut self) {
        let look = self.look.take();
        *self = Self { phase: RunPhase::Preparing(None), look, ..Self::default() };
    }

    /// Takes in what the worker said, at a time on the page's clock in milliseconds.
    pub fn hear(&mut self, reply: Reply, now: f64) {
        match reply {
            Reply::Looked(look) => {
                self.look = Some(*look);
                self.look_failed = None;
            }
            Reply::Run(event) => self.event(*event, now),
            Reply::Failed(why) => self.phase = RunPhase::Failed(why),
            // A forecast ends without a card.
            Reply::Done if self.predicted.is_some() && matches!(self.phase, RunPhase::Preparing(_)) => {
                self.phase = RunPhase::Idle;
            }
            _ => (),
        }
    }

    fn event(&mut self, event: RunEvent, now: f64) {
        match event {
            RunEvent::Stage(stage) => self.phase = RunPhase::Preparing(Some(stage)),
            RunEvent::Note(note) => self.notes.push(note),
            RunEvent::Predicted { seconds, n_items } => self.predicted = Some((seconds, n_items)),
            RunEvent::Planned(planned) => {
                let row = |(id, name, planned): &(String, String, u64)| Row {
                    id: id.clone(),
                    name: name.clone(),
                    planned: *planned,
                    k: 0,
                    n: 0,
                    limits: (0.0, 1.0),
                    done: None,
                };
                self.rows = planned.probes.iter().map(row).collect();
                self.planned = Some(planned);
                self.restart();
                self.phase = RunPhase::Asking;
            }
            RunEvent::Started(probe) => {
                // After a device was lost, everything is told again from the journal.
                if self.rows.first().is_some_and(|row| row.id == probe) {
                    self.restart();
                }
                self.current = Some(probe);
            }
            RunEvent::Item(item) => self.item(item, now),
            RunEvent::Probe(probe) => {
                if let Some(row) = self.rows.iter_mut().find(|row| row.id == probe.probe) {
                    (row.k, row.limits) = (probe.k, probe.limits);
                    row.done = Some(probe);
                }
            }
            RunEvent::Paused => self.phase = RunPhase::Paused,
            RunEvent::Resumed if self.phase != RunPhase::Stopping => self.phase = RunPhase::Asking,
            RunEvent::Resumed => (),
            RunEvent::Finished(finished) => {
                self.phase = RunPhase::Finished;
                self.finished = Some(Arc::new(*finished));
            }
        }
    }

    fn restart(&mut self) {
        (self.done, self.fresh, self.n_failures, self.clock) = (0, 0, 0, None);
        self.failures.clear();
        for row in &mut self.rows {
            (row.k, row.n, row.limits, row.done) = (0, 0, (0.0, 1.0), None);
        }
    }

    fn item(&mut self, item: ItemSeen, now: f64) {
        self.done += 1;
        if item.fresh {
            self.fresh += 1;
            let first = self.clock.map_or(now, |(first, _)| first);
            self.clock = Some((first, now));
        }
        if let Some(row) = self.rows.iter_mut().find(|row| row.id == item.probe) {
            (row.k, row.n, row.limits) = (item.k, item.n, item.limits);
        }
        if item.verdict != "correct" {
            self.n_failures += 1;
            self.failures.push_front(item.clone());
            self.failures.truncate(LISTED);
        }
        self.last = Some(item);
    }

    /// Whether something runs.
    pub fn running(&self) -> bool {
        matches!(self.phase, RunPhase::Preparing(_) | RunPhase::Asking | RunPhase::Paused | RunPhase::Stopping)
    }

    /// Items planned.
    pub fn total(&self) -> u64 {
        self.rows.iter().map(|row| row.planned).sum()
    }

    /// The run that can be gone on with, after it failed.
    pub fn to_resume(&self) -> Option<String> {
        let name = self.planned.as_ref().map(|p| p.run.clone()).filter(|name| !name.is_empty());
        let open = match &self.phase {
            RunPhase::Failed(_) => self.finished.is_none(),
            RunPhase::Finished => self.finished.as_ref().is_some_and(|f| !f.whole),
            _ => false,
        };
        name.filter(|_| open)
    }

    /// Seconds that are left, by the pace of the items that were asked now.
    pub fn seconds_left(&self) -> Option<f64> {
        let (first, last) = self.clock?;
        let intervals = self.fresh.checked_sub(1).filter(|n| *n >= 8)?;
        Some((last - first) / 1e3 / intervals as f64 * self.total().saturating_sub(self.done) as f64)
    }

    /// One sentence on how it stands, for the heading and for screen readers; it changes with each probe, not each item.
    pub fn sentence(&self) -> String {
        let n = self.rows.iter().filter(|row| row.done.is_some()).count();
        let of = self.rows.len();
        match &self.phase {
            RunPhase::Idle => String::new(),
            RunPhase::Preparing(stage) => stage_words(stage.map(|s| s.stage)).to_owned(),
            RunPhase::Asking => match &self.current {
                Some(id) => {
                    let name = self.rows.iter().find(|row| row.id == *id).map_or("", |row| row.name.as_str());
                    format!("Asking {id} {name}: {n} of {of} probes done.")
                }
                None => "Asking.".to_owned(),
            },
            RunPhase::Paused => format!("Paused: {n} of {of} probes done. What was asked is kept."),
            RunPhase::Stopping => "Stopping after the pass that runs.".to_owned(),
            RunPhase::Finished if self.finished.as_ref().is_some_and(|f| f.whole) => {
                format!("Done: {of} probes.{}", self.verdicts())
            }
            RunPhase::Finished => {
                format!("Stopped: {n} of {of} probes done.{} What was asked is kept.", self.verdicts())
            }
            RunPhase::Failed(why) => format!("It could not go on: {why}."),
        }
    }

    fn verdicts(&self) -> String {
        let count = |word: &str| {
            let is = |row: &&Row| row.done.as_ref().and_then(|d| d.verdict.as_deref()) == Some(word);
            self.rows.iter().filter(is).count()
        };
        format!(" Use {}, avoid {}, undecided {}.", count("use"), count("avoid"), count("undecided"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned() -> Reply {
        let probe = |id: &str| (id.to_owned(), "n".to_owned(), 24);
        Reply::Run(Box::new(RunEvent::Planned(Planned {
            run: "r1".to_owned(),
            computes: "c".to_owned(),
            gate: "g".to_owned(),
            gate_word: "pass".to_owned(),
            probes: vec![probe("A01"), probe("A02")],
            known: 0,
            seconds: None,
        })))
    }

    fn item(probe: &str, n: u64, verdict: &str) -> Reply {
        Reply::Run(Box::new(RunEvent::Item(ItemSeen {
            probe: probe.to_owned(),
            item: format!("{probe}-{n}"),
            asked: String::new(),
            gold: String::new(),
            answer: String::new(),
            verdict: verdict.to_owned(),
            detector: None,
            k: n,
            n,
            limits: (0.2, 0.9),
            fresh: true,
        })))
    }

    #[test]
    fn items_count_in_their_row_and_failures_are_listed() {
        let mut state = RunState::default();
        state.begin();
        state.hear(planned(), 0.0);
        for n in 1..=10 {
            let verdict = if n % 2 == 0 { "correct" } else { "incorrect" };
            state.hear(item("A01", n, verdict), n as f64 * 1_000.0);
        }
        assert_eq!((state.done, state.n_failures, state.rows[0].n, state.rows[1].n), (10, 5, 10, 0));
        assert_eq!(state.failures.front().unwrap().item, "A01-9");
        assert_eq!((state.total(), state.seconds_left()), (48, Some(38.0)));
        // A device that came back tells all again: nothing counts twice.
        state.hear(Reply::Run(Box::new(RunEvent::Started("A01".to_owned()))), 0.0);
        assert_eq!((state.done, state.n_failures, state.rows[0].n), (0, 0, 0));
    }

    #[test]
    fn a_run_that_failed_or_was_stopped_can_be_gone_on_with() {
        let mut state = RunState::default();
        state.begin();
        state.hear(Reply::Failed("no".to_owned()), 0.0);
        assert_eq!(state.to_resume(), None);
        state.begin();
        state.hear(planned(), 0.0);
        state.hear(Reply::Failed("the GPU was lost".to_owned()), 0.0);
        assert_eq!(state.to_resume().as_deref(), Some("r1"));
        assert_eq!(state.sentence(), "It could not go on: the GPU was lost.");
        state.hear(planned(), 0.0);
        let finished = |whole| Finished {
            key: "k".to_owned(),
            link: None,
            card: String::new(),
            samples: String::new(),
            whole,
            summary: String::new(),
        };
        state.hear(Reply::Run(Box::new(RunEvent::Finished(Box::new(finished(false))))), 0.0);
        assert_eq!(state.to_resume().as_deref(), Some("r1"));
        state.hear(Reply::Run(Box::new(RunEvent::Finished(Box::new(finished(true))))), 0.0);
        assert_eq!(state.to_resume(), None);
    }
}

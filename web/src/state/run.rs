//! The run page's state: what its address asks for, and what a run has told so far.

use std::collections::VecDeque;
use std::sync::Arc;

use percent_encoding::{percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use super::fragment::KEPT;
use crate::message::{
    Computer, Finished, GateChoice, ItemSeen, Look, Planned, ProbeSeen, Reply, RunEvent, Selected, Stage, StageOf,
};

/// The models that lie on this site: file and what it is.
pub const HERE: [(&str, &str); 3] = [
    ("demo.gguf", "Demo model, 8 bits"),
    ("demo-q4_0.gguf", "Demo model, 4 bits"),
    ("demo-tuned.gguf", "Demo model, broken by tuning"),
];
/// Profiles, and what each asks.
pub const PROFILES: [(&str, &str); 5] = [
    ("quick", "quick: 96 items of each probe"),
    ("standard", "standard: every item of each probe"),
    ("gates", "gates: two smoke items of each probe"),
    ("classic-56", "classic-56: 56 items in the shape of a published study"),
    ("classic-6", "classic-6: six published prompts, no score"),
];
/// The probes of `quick` and `standard` that a page can ask, with their names.
pub const PROBES: [(&str, &str); 17] = [
    ("A01", "domain"),
    ("A02", "article"),
    ("A03", "article check"),
    ("A04", "tense"),
    ("A05", "plural"),
    ("A06", "conjugation"),
    ("A07", "irregular base"),
    ("A08", "grammar"),
    ("A09", "tone"),
    ("A10", "pattern"),
    ("B14", "refusal"),
    ("C03", "sycophancy"),
    ("D01", "JSON"),
    ("D04", "grounding"),
    ("D08", "function calls"),
    ("E02", "entities"),
    ("E04", "intents"),
];
/// Most characters of what names a model elsewhere.
const MAX_FROM: usize = 1_000;
/// Minutes that a run may take where the address names nothing.
const MINUTES: f64 = 2.0;
/// Failures that are listed while it runs; the card holds all.
const LISTED: usize = 30;

/// Which model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelChoice {
    /// A file of this site's.
    Here(String),
    /// A file that this browser keeps.
    Stored(String),
    /// What was fetched from another host, by what names it there; empty before anything is named.
    Pulled(String),
    /// Files that are chosen or dropped: an address cannot hold them.
    Own,
}

/// All that the address holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// Which model.
    pub model: ModelChoice,
    /// Which items.
    pub selected: Selected,
    /// What computes.
    pub computer: Computer,
    /// What the device has to pass.
    pub gate: GateChoice,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            model: ModelChoice::Here("demo.gguf".to_owned()),
            selected: Selected { profile: "quick".to_owned(), minutes: Some(MINUTES), ..Selected::default() },
            computer: Computer::Auto,
            gate: GateChoice::Full,
        }
    }
}

impl Choices {
    /// Reads what stands after `#`. What it does not know, it leaves as it is without.
    pub fn read(hash: &str) -> Self {
        let mut found = Self::default();
        let mut minutes_named = false;
        let mut selects = false;
        for (key, value) in hash.trim_start_matches('#').split('&').filter_map(|part| part.split_once('=')) {
            let value = percent_decode_str(value).decode_utf8_lossy();
            match key {
                "model" if HERE.iter().any(|(file, _)| *file == value) => found.model = ModelChoice::Here(value.into()),
                "stored" => found.model = ModelChoice::Stored(crate::storage::safe_name(&value)),
                "from" => found.model = ModelChoice::Pulled(value.chars().take(MAX_FROM).collect()),
                "model" if value == "own" => found.model = ModelChoice::Own,
                "profile" if PROFILES.iter().any(|(name, _)| *name == value) => {
                    selects = true;
                    found.selected.profile = value.into();
                }
                "probes" => {
                    let known = PROBES.iter().filter(|(id, _)| value.split(',').any(|v| v == *id));
                    found.selected.probes = known.map(|(id, _)| (*id).to_owned()).collect();
                    selects |= !found.selected.probes.is_empty();
                }
                "items" => {
                    found.selected.items = value.parse().ok().filter(|n| *n > 0);
                    selects |= found.selected.items.is_some();
                }
                "minutes" => {
                    minutes_named = true;
                    found.selected.minutes = value.parse().ok().filter(|m: &f64| *m > 0.0 && m.is_finite());
                }
                "device" => found.computer = computer(&value).unwrap_or_default(),
                "gate" if value == "self-test" => found.gate = GateChoice::SelfTest,
                _ => (),
            }
        }
        // Whoever names items wants those, however long they take.
        if selects && !minutes_named {
            found.selected.minutes = None;
        }
        found
    }

    /// What stands after `#`; nothing for what a page without an address would take.
    pub fn write(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, KEPT).to_string();
        let default = Self::default();
        let mut parts = vec![];
        match &self.model {
            model if *model == default.model => (),
            ModelChoice::Here(name) => parts.push(format!("model={}", encode(name))),
            ModelChoice::Stored(name) => parts.push(format!("stored={}", encode(name))),
            ModelChoice::Pulled(what) => parts.push(format!("from={}", encode(what))),
            ModelChoice::Own => parts.push("model=own".to_owned()),
        }
        let Selected { profile, probes, items, minutes } = &self.selected;
        let selects = !probes.is_empty() || items.is_some() || *profile != default.selected.profile;
        if *profile != default.selected.profile || (minutes.is_none() && probes.is_empty() && items.is_none()) {
            parts.push(format!("profile={}", encode(profile)));
        }
        if !probes.is_empty() {
            parts.push(format!("probes={}", probes.join(",")));
        }
        if let Some(items) = items {
            parts.push(format!("items={items}"));
        }
        match minutes {
            Some(minutes) if selects || *minutes != MINUTES => parts.push(format!("minutes={minutes}")),
            _ => (),
        }
        if self.computer != Computer::Auto {
            parts.push(format!("device={}", computer_name(self.computer)));
        }
        if self.gate == GateChoice::SelfTest {
            parts.push("gate=self-test".to_owned());
        }
        parts.join("&")
    }
}

/// What computes, by its name in an address.
pub fn computer(name: &str) -> Option<Computer> {
    match name {
        "auto" => Some(Computer::Auto),
        "cpu" => Some(Computer::Cpu),
        name => engine::Tier::ALL.into_iter().find(|t| t.name() == name).map(Computer::Tier),
    }
}

/// Its name in an address.
pub fn computer_name(computer: Computer) -> &'static str {
    match computer {
        Computer::Auto => "auto",
        Computer::Cpu => "cpu",
        Computer::Tier(tier) => tier.name(),
    }
}

/// What a run was asked to be, beside its journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// `here`, `stored`, `pulled` or `chosen`.
    pub model_kind: String,
    /// Its file.
    pub model: String,
    /// Which items.
    pub selected: Selected,
    /// What computes.
    pub computer: Computer,
    /// What the device has to pass.
    pub gate: GateChoice,
    /// When it was begun, RFC 3339.
    pub begun: String,
}

impl About {
    /// The choices that go on with it.
    pub fn choices(&self) -> Choices {
        let model = match self.model_kind.as_str() {
            "here" => ModelChoice::Here(self.model.clone()),
            "stored" => ModelChoice::Stored(self.model.clone()),
            "pulled" => ModelChoice::Pulled(self.model.clone()),
            _ => ModelChoice::Own,
        };
        Choices { model, selected: self.selected.clone(), computer: self.computer, gate: self.gate }
    }
}

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

/// What happens in a step before the first item.
pub fn stage_words(stage: Option<Stage>) -> &'static str {
    match stage {
        None => "Starting the worker.",
        Some(Stage::Read) => "Reading and hashing the model.",
        Some(Stage::SelfTest) => "Self-test: a frozen model against its goldens.",
        Some(Stage::Reference) => "Computing the exact reference of this model, on the CPU.",
        Some(Stage::Load) => "Loading the model onto the device.",
        Some(Stage::Compare) => "Comparing the golden prompts with the reference.",
        Some(Stage::Time) => "Timing a few prompts.",
    }
}

/// A time for people: `40 s`, `3 min`, `1 h 20 min`.
pub fn time_words(seconds: f64) -> String {
    if seconds < 90.0 {
        return format!("{} s", seconds.ceil().max(1.0));
    }
    let minutes = (seconds / 60.0).round() as u64;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Bytes for people, in powers of 1,024.
pub fn bytes_words(bytes: f64) -> String {
    let (kib, mib) = (bytes / 1024.0, bytes / f64::from(1 << 20));
    if mib >= 1024.0 {
        format!("{:.1} GiB", mib / 1024.0)
    } else if mib >= 1.0 {
        format!("{mib:.1} MiB")
    } else {
        format!("{kib:.0} KiB")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_as_it_was() {
        for hash in [
            "",
            "profile=quick",
            "probes=A01,A09&items=24",
            "model=demo-tuned.gguf&profile=standard&minutes=10&device=cpu&gate=self-test",
            "stored=gemma-3-270m.gguf&items=12&device=baseline",
            "model=own&probes=A02&minutes=1.5",
            "from=&minutes=5",
            "from=google%2Fgemma-3-270m-it%40e7647be1%3Aa.gguf&profile=standard",
        ] {
            assert_eq!(Choices::read(hash).write(), hash);
        }
        assert_eq!(Choices::read("#"), Choices::default());
    }

    #[test]
    fn what_an_address_does_not_mean_changes_nothing() {
        let odd = "model=../../etc&profile=all&probes=Z99&items=-3&minutes=nan&device=tpu&gate=none&x";
        let read = Choices::read(odd);
        assert_eq!((read.model, read.computer, read.gate), {
            let d = Choices::default();
            (d.model, d.computer, d.gate)
        });
        assert_eq!((read.selected.profile.as_str(), read.selected.items, read.selected.minutes), ("quick", None, None));
        assert_eq!(Choices::read("stored=..%2F..%2Fx").model, ModelChoice::Stored("-..-x".to_owned()));
    }

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

    #[test]
    fn times_and_bytes_are_for_people() {
        assert_eq!([5.2, 89.0, 120.0, 3_600.0, 4_800.0].map(time_words), ["6 s", "89 s", "2 min", "1 h", "1 h 20 min"]);
        assert_eq!([512.0, 4.0 * 1_048_576.0, 3.0 * 1_073_741_824.0].map(bytes_words), ["0 KiB", "4.0 MiB", "3.0 GiB"]);
    }

    #[test]
    fn the_list_of_probes_is_the_batterys_own() {
        let own: Vec<(&str, String)> = probes::profiles::QUICK
            .iter()
            .filter(|id| **id != "E03")
            .filter_map(|id| probes::entry(id))
            .map(|e| (e.id, e.name.replace('_', " ")))
            .collect();
        let listed: Vec<(&str, String)> = PROBES.iter().map(|(id, name)| (*id, (*name).to_owned())).collect();
        assert_eq!(listed.iter().map(|l| l.0).collect::<Vec<_>>(), own.iter().map(|o| o.0).collect::<Vec<_>>());
    }
}

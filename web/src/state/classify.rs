//! The classify page's state: what its address holds, and how labels and texts are read.

use percent_encoding::{percent_decode_str, utf8_percent_encode};

use super::fragment::KEPT;
use super::run::{Choices, ModelChoice, computer, computer_name};
use crate::message::{Calibration, Computer, CorpusProgress};

/// The labels that the page begins with, and the probe's own of the first example.
const LABELS: &str = "technical, creative, ethical, casual";
/// The template that the page begins with.
pub const TEMPLATE: &str = "Classify as {labels}.\nText: {text}\nLabel:";
/// Most characters of a value in an address: a browser's own limits are higher.
const MAX_VALUE: usize = 2_000;
/// Most labels: each is scored in every pass.
const MAX_LABELS: usize = 50;

/// All that the address holds. The text is not in it: what somebody types stays on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Asking {
    /// Which model.
    pub model: ModelChoice,
    /// What computes.
    pub computer: Computer,
    /// The labels as they are written, separated by commas.
    pub labels: String,
    /// The template.
    pub template: String,
    /// Whether the labels' own likelihood is taken off.
    pub calibration: Calibration,
}

impl Default for Asking {
    fn default() -> Self {
        let Choices { model, computer, .. } = Choices::default();
        Self {
            model,
            computer,
            labels: LABELS.to_owned(),
            template: TEMPLATE.to_owned(),
            calibration: Calibration::ContentFree,
        }
    }
}

impl Asking {
    /// Reads what stands after `#`.
    pub fn read(hash: &str) -> Self {
        let run = Choices::read(hash);
        let mut found = Self { model: run.model, ..Self::default() };
        for (key, value) in hash.trim_start_matches('#').split('&').filter_map(|part| part.split_once('=')) {
            let value = percent_decode_str(value).decode_utf8_lossy();
            let value: String = value.chars().take(MAX_VALUE).collect();
            match key {
                "labels" => found.labels = value,
                "template" => found.template = value,
                "device" => found.computer = computer(&value).unwrap_or_default(),
                "calibrate" if value == "no" => found.calibration = Calibration::None,
                _ => (),
            }
        }
        found
    }

    /// What stands after `#`.
    pub fn write(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, KEPT).to_string();
        let default = Self::default();
        let mut parts = vec![];
        let model = Choices { model: self.model.clone(), ..Choices::default() }.write();
        if !model.is_empty() {
            parts.push(model);
        }
        if self.labels != default.labels {
            parts.push(format!("labels={}", encode(&self.labels)));
        }
        if self.template != default.template {
            parts.push(format!("template={}", encode(&self.template)));
        }
        if self.computer != Computer::Auto {
            parts.push(format!("device={}", computer_name(self.computer)));
        }
        if self.calibration == Calibration::None {
            parts.push("calibrate=no".to_owned());
        }
        parts.join("&")
    }

    /// The labels one by one, without what is written twice.
    pub fn list(&self) -> Vec<String> {
        let mut list: Vec<String> = vec![];
        for label in self.labels.split([',', '\n']).map(str::trim).filter(|l| !l.is_empty()) {
            if !list.iter().any(|known| known == label) && list.len() < MAX_LABELS {
                list.push(label.to_owned());
            }
        }
        list
    }

    /// What has to be mended before anything can be asked.
    pub fn wrong(&self) -> Option<&'static str> {
        if self.list().len() < 2 {
            Some("Give at least two labels, separated by commas.")
        } else if !self.template.contains("{text}") {
            Some("Write {text} into the template, where the text belongs.")
        } else {
            None
        }
    }
}

/// A file of texts: how far it is, and its results.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CorpusState {
    /// Its name; empty where there is none.
    pub name: String,
    /// The last report, without its rows.
    pub progress: Option<CorpusProgress>,
    /// All results so far, JSON lines.
    pub rows: String,
    /// Whether it runs.
    pub running: bool,
    /// Why it ended early.
    pub failed: Option<String>,
    /// Whether the reader ended it.
    pub stopped: bool,
}

impl CorpusState {
    /// Begins a file.
    pub fn begin(&mut self, name: &str) {
        *self = Self { name: name.to_owned(), running: true, ..Self::default() };
    }

    /// Takes in a report.
    pub fn hear(&mut self, mut progress: CorpusProgress) {
        self.rows.push_str(&std::mem::take(&mut progress.rows));
        if progress.last {
            self.running = false;
        }
        self.progress = Some(progress);
    }

    /// It ended without its last report; what was done stays.
    pub fn fail(&mut self, why: String) {
        self.running = false;
        self.failed = Some(why);
    }

    /// Texts per second so far, where enough of them are done to say so.
    pub fn per_second(&self) -> Option<f64> {
        let progress = self.progress.as_ref()?;
        let now = progress.done.saturating_sub(progress.before.0);
        (now >= 16 && progress.seconds > 0.0).then(|| now as f64 / progress.seconds)
    }

    /// Seconds that are left, by the bytes that are read.
    pub fn seconds_left(&self) -> Option<f64> {
        let progress = self.progress.as_ref().filter(|p| p.bytes > p.before.1 && self.running)?;
        let left = progress.total_bytes.saturating_sub(progress.bytes) as f64;
        Some(progress.seconds * left / (progress.bytes - progress.before.1) as f64)
    }

    /// One sentence, for the heading and for screen readers; it does not change with each text.
    pub fn sentence(&self) -> String {
        let done = self.progress.as_ref().map_or(0, |p| p.done);
        let before = match self.progress.as_ref().map_or(0, |p| p.before.0) {
            0 => String::new(),
            n => format!(", {n} of them before the page was loaded again"),
        };
        match (&self.failed, self.running, self.stopped) {
            (Some(why), _, _) => format!("It ended after {done} texts: {why}."),
            (None, true, true) => "Stopping after the pass that runs.".to_owned(),
            (None, true, false) => format!("Labelling the texts of {}.", self.name),
            (None, false, true) => format!("Stopped after {done} texts{before}."),
            (None, false, false) if self.name.is_empty() => String::new(),
            (None, false, false) => format!("Done: {done} texts{before}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_comes_back_as_it_was_and_holds_no_text() {
        for hash in
            ["", "labels=a%2C%20b", "model=demo-q4_0.gguf&labels=x%2Cy&template=%7Btext%7D%3F&device=cpu&calibrate=no"]
        {
            assert_eq!(Asking::read(hash).write(), hash);
        }
        assert_eq!(Asking::read("#text=secret"), Asking::default());
    }

    #[test]
    fn labels_are_told_apart_and_what_is_wrong_is_said() {
        let mut asking = Asking { labels: " a, b,,a\nc ".to_owned(), ..Asking::default() };
        assert_eq!(asking.list(), ["a", "b", "c"]);
        assert_eq!(asking.wrong(), None);
        asking.template = "no place".to_owned();
        assert!(asking.wrong().unwrap().contains("{text}"));
        asking.labels = "one".to_owned();
        assert!(asking.wrong().unwrap().contains("two labels"));
        asking.labels = (0..99).map(|i| format!("l{i}")).collect::<Vec<_>>().join(",");
        assert_eq!(asking.list().len(), MAX_LABELS);
    }

    #[test]
    fn a_file_that_ends_early_keeps_what_was_done() {
        let report = |done, bytes, last| CorpusProgress {
            done,
            bytes,
            total_bytes: 400,
            seconds: 2.0,
            before: (0, 0),
            rows: format!("{done}\n"),
            counts: vec![done, 0],
            last,
        };
        let mut state = CorpusState::default();
        state.begin("a.jsonl");
        state.hear(report(16, 100, false));
        assert_eq!((state.per_second(), state.seconds_left()), (Some(8.0), Some(6.0)));
        state.hear(report(20, 200, true));
        state.fail("a.jsonl, line 21: no".to_owned());
        assert_eq!((state.rows.as_str(), state.running), ("16\n20\n", false));
        assert_eq!(state.sentence(), "It ended after 20 texts: a.jsonl, line 21: no.");
        // What was labelled before a reload says nothing of the pace now.
        state.begin("a.jsonl");
        state.hear(CorpusProgress { before: (32, 100), ..report(48, 200, false) });
        assert_eq!((state.per_second(), state.seconds_left()), (Some(8.0), Some(4.0)));
        state.hear(CorpusProgress { before: (32, 100), ..report(50, 400, true) });
        assert_eq!(state.sentence(), "Done: 50 texts, 32 of them before the page was loaded again.");
    }
}

//! A model that comes from another host, as a page shows it.

use std::collections::VecDeque;

use pull::{Access, Checked, KNOWN, Known, Size};

use super::run::{bytes_words, time_words};
use crate::message::Reply;
use crate::models::{FetchStep, Fetching, Kept};

/// Milliseconds over which the rate is taken.
const WINDOW_MS: f64 = 10_000.0;
/// Milliseconds before a rate is shown.
const FIRST_MS: f64 = 1_000.0;

/// Where it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum FetchPhase {
    /// Nothing was asked for.
    #[default]
    Idle,
    /// It comes.
    Fetching,
    /// It was stopped, and what has come is being put down.
    Stopping,
    /// It was stopped.
    Stopped,
    /// It is there.
    Done(Box<Kept>),
    /// It could not be had.
    Failed(String),
}

/// A fetch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FetchState {
    /// Where it is.
    pub phase: FetchPhase,
    /// The last report.
    pub last: Option<Fetching>,
    /// Milliseconds on the page's clock, and bytes then.
    seen: VecDeque<(f64, u64)>,
}

impl FetchState {
    /// Begins one.
    pub fn begin(&mut self) {
        *self = Self { phase: FetchPhase::Fetching, ..Self::default() };
    }

    /// Whether something comes.
    pub fn running(&self) -> bool {
        matches!(self.phase, FetchPhase::Fetching | FetchPhase::Stopping)
    }

    /// Takes in what the worker said, at a time on the page's clock in milliseconds.
    pub fn hear(&mut self, reply: Reply, now: f64) {
        match reply {
            Reply::Fetching(fetching) => {
                if fetching.step == FetchStep::Receiving {
                    self.seen.push_back((now, fetching.done));
                    while self.seen.len() > 2 && self.seen.front().is_some_and(|(at, _)| now - at > WINDOW_MS) {
                        self.seen.pop_front();
                    }
                } else {
                    self.seen.clear();
                }
                self.last = Some(fetching);
            }
            Reply::Fetched(kept) => self.phase = FetchPhase::Done(kept),
            Reply::Failed(_) if self.phase == FetchPhase::Stopping => self.phase = FetchPhase::Stopped,
            Reply::Failed(why) => self.phase = FetchPhase::Failed(why),
            _ => (),
        }
    }

    /// Bytes in a second, lately.
    pub fn rate(&self) -> Option<f64> {
        let ((from, had), (to, has)) = (self.seen.front()?, self.seen.back()?);
        (to - from >= FIRST_MS).then(|| has.saturating_sub(*had) as f64 / (to - from) * 1e3)
    }

    /// Seconds that are left.
    pub fn seconds_left(&self) -> Option<f64> {
        let last = self.last.as_ref()?;
        let rate = self.rate().filter(|rate| *rate > 0.0)?;
        Some(last.total?.saturating_sub(last.done) as f64 / rate)
    }

    /// How far it is, for eyes: it changes often.
    pub fn progress(&self) -> String {
        let Some(last) = &self.last else { return "Starting…".to_owned() };
        let bytes = |n: u64| bytes_words(n as f64);
        let of =
            last.total.map_or_else(|| bytes(last.done), |total| format!("{} of {}", bytes(last.done), bytes(total)));
        let file = &last.file;
        match last.step {
            FetchStep::Asking => format!("Asking what {file} holds…"),
            FetchStep::Hashing => format!("{file}: hashing what was here before, {of}"),
            FetchStep::Waiting => format!("{file}: {of}; the connection broke, and is tried again"),
            FetchStep::Receiving => {
                let rate = self.rate().map(|rate| format!(", {}/s", bytes_words(rate))).unwrap_or_default();
                let left = self.seconds_left().map(|s| format!(", {} left", time_words(s))).unwrap_or_default();
                format!("{file}: {of}{rate}{left}")
            }
        }
    }

    /// One sentence, also for screen readers; it does not change while bytes come.
    pub fn sentence(&self) -> String {
        let here = self.last.as_ref().map_or(0, |last| last.done);
        match &self.phase {
            FetchPhase::Idle => String::new(),
            FetchPhase::Fetching => "Fetching.".to_owned(),
            FetchPhase::Stopping => "Stopping.".to_owned(),
            FetchPhase::Stopped if here == 0 => "Stopped before anything came.".to_owned(),
            FetchPhase::Stopped => format!(
                "Stopped at {}. What has come is kept: fetch it again to go on from there.",
                bytes_words(here as f64)
            ),
            FetchPhase::Done(kept) => {
                format!("Fetched: {}, {}. {}", kept.name, bytes_words(kept.here() as f64), proof(kept))
            }
            FetchPhase::Failed(why) => format!("Not fetched: {why}."),
        }
    }
}

/// What is known of the bytes.
pub fn proof(kept: &Kept) -> String {
    let compared = kept.files.iter().all(|file| file.checked == Some(Checked::Hash));
    match kept.files.as_slice() {
        [only] => {
            let sha256 = only.sha256.as_deref().unwrap_or_default();
            let words =
                if compared { "the hash that was stated for it" } else { "no hash was stated to compare it with" };
            format!("SHA-256 {sha256}: {words}.")
        }
        files if compared => format!("All {} files have the hashes that were stated for them.", files.len()),
        files => format!("{} files, for some of which no hash was stated to compare them with.", files.len()),
    }
}

/// A known model for a list.
pub fn known_words(known: &Known) -> String {
    let about = match known.size {
        Size::Exact(bytes) => bytes_words(bytes as f64),
        Size::About(bytes) => format!("about {}", bytes_words(bytes as f64)),
    };
    let gated = if known.access == Access::Gated { ", gated" } else { "" };
    format!("Gemma 3 {}: {about}{gated}", known.about)
}

/// The known model that a text names.
pub fn known(what: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.id.eq_ignore_ascii_case(what.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::KeptFile;

    fn told(done: u64, step: FetchStep) -> Reply {
        Reply::Fetching(Fetching { file: "m.gguf".to_owned(), done, total: Some(10 << 20), step })
    }

    #[test]
    fn a_rate_is_of_what_came_lately_and_not_of_what_was_there() {
        let mut state = FetchState::default();
        state.begin();
        state.hear(told(4 << 20, FetchStep::Hashing), 0.0);
        state.hear(told(4 << 20, FetchStep::Receiving), 100.0);
        assert_eq!((state.rate(), state.progress().as_str()), (None, "m.gguf: 4.0 MiB of 10.0 MiB"));
        state.hear(told(6 << 20, FetchStep::Receiving), 2_100.0);
        assert_eq!(state.progress(), "m.gguf: 6.0 MiB of 10.0 MiB, 1.0 MiB/s, 4 s left");
        state.hear(told(6 << 20, FetchStep::Waiting), 2_200.0);
        assert_eq!(state.rate(), None);
        assert!(state.progress().contains("tried again"));
    }

    #[test]
    fn what_was_stopped_says_what_is_kept() {
        let mut state = FetchState::default();
        state.begin();
        state.hear(told(2 << 20, FetchStep::Receiving), 0.0);
        state.phase = FetchPhase::Stopping;
        state.hear(Reply::Failed("stopped".to_owned()), 1.0);
        assert_eq!(state.sentence(), "Stopped at 2.0 MiB. What has come is kept: fetch it again to go on from there.");
        state.begin();
        state.hear(Reply::Failed("no".to_owned()), 1.0);
        assert_eq!((state.running(), state.sentence().as_str()), (false, "Not fetched: no."));
    }

    #[test]
    fn nothing_is_called_compared_that_was_not() {
        let file = |checked| KeptFile {
            name: "m.gguf".to_owned(),
            bytes: Some(1),
            here: 1,
            sha256: Some("ab".to_owned()),
            checked,
            saved: None,
        };
        let kept = |files| Kept {
            id: "1".to_owned(),
            what: "a/b".to_owned(),
            name: "b".to_owned(),
            commit: None,
            licence: None,
            files,
        };
        let (hash, length) = (Some(Checked::Hash), Some(Checked::Length));
        assert_eq!(proof(&kept(vec![file(hash)])), "SHA-256 ab: the hash that was stated for it.");
        for files in
            [vec![file(length)], vec![file(None)], vec![file(hash), file(length)], vec![file(None), file(hash)]]
        {
            let words = proof(&kept(files));
            assert!(words.contains("no hash"), "{words}");
        }
    }

    #[test]
    fn known_models_say_their_size_and_whether_they_are_gated() {
        assert_eq!(known_words(known("gemma-3-270m-it-q8_0").unwrap()), "Gemma 3 270M, tuned, 8 bits: 278.0 MiB");
        assert!(known_words(known("gemma-3-1b-it").unwrap()).ends_with("GiB, gated"));
    }
}

//! What another program measured beside a head: counts and times of one run on one machine.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use probes::stats::Rate;
use serde::Deserialize;

use crate::input;
use crate::output::visible;

/// Most bytes of such a file.
const MAX_BYTES: usize = 1 << 20;

/// The one version of the file.
const VERSION: u32 = 1;

/// The name of the head among the ways.
const HEAD: &str = "head";

/// What `benchmarks/beside_sklearn.py` writes.
#[derive(Debug, Deserialize)]
pub struct Beside {
    /// Always [`VERSION`].
    beside: u32,
    /// The head's own hash.
    head: String,
    /// The other program.
    pub peer: Peer,
    /// Where it ran, in words.
    pub machine: String,
    /// Rows that every way labelled.
    pub rows: u64,
    /// The peer on all rows of the test file.
    pub peer_on_all: Rate,
    /// Every way, the peer's among them.
    pub ways: Vec<Timed>,
}

/// A program beside ours.
#[derive(Debug, Deserialize)]
pub struct Peer {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What of it was used.
    pub what: String,
}

/// One way of labelling.
#[derive(Debug, Deserialize)]
pub struct Timed {
    /// Its name: `head`, `label scores`, or the peer's.
    pub name: String,
    /// Right ones of the rows.
    pub right: u64,
    /// Milliseconds for each row, by the size of a batch.
    pub ms_per_row: BTreeMap<u32, f64>,
}

impl Beside {
    /// Reads and checks a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = input::bytes(path, MAX_BYTES)?;
        Self::parse(&bytes).with_context(|| input::name(path))
    }

    fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let found: Self = serde_json::from_slice(bytes).map_err(|e| {
            anyhow::anyhow!("not what benchmarks/beside_sklearn.py writes ({})", visible(&e.to_string()))
        })?;
        ensure!(found.beside == VERSION, "version {} of the comparison, expected {VERSION}", found.beside);
        for (what, rate) in std::iter::once(("the peer on all rows", found.peer_on_all))
            .chain(found.ways.iter().map(|w| (w.name.as_str(), Rate { k: w.right, n: found.rows })))
        {
            ensure!(rate.k <= rate.n && rate.n > 0, "{}: {} right of {} rows", visible(what), rate.k, rate.n);
        }
        let sound = |ms: &f64| ms.is_finite() && *ms > 0.0;
        for way in &found.ways {
            ensure!(
                !way.ms_per_row.is_empty() && way.ms_per_row.values().all(sound),
                "{}: a time per row must be above 0 milliseconds",
                visible(&way.name)
            );
        }
        for name in [HEAD, &found.peer.name] {
            ensure!(found.way(name).is_some(), "nothing was measured of {:?}", visible(name));
        }
        Ok(found)
    }

    fn way(&self, name: &str) -> Option<&Timed> {
        self.ways.iter().find(|way| way.name == name)
    }

    /// Refuses times of another head.
    pub fn check_head(&self, head: &str) -> anyhow::Result<()> {
        if self.head != head {
            bail!("the comparison is of the head {}, but this one is {head}: measure it anew", visible(&self.head));
        }
        Ok(())
    }

    /// The other program with its version.
    pub fn peer_name(&self) -> String {
        format!("{} {}", visible(&self.peer.name), visible(&self.peer.version))
    }

    /// Accuracy and speed in one sentence.
    pub fn sentence(&self) -> String {
        let [head, peer] = [HEAD, &self.peer.name].map(|name| self.way(name));
        let (Some(head), Some(peer)) = (head, peer) else { return String::new() };
        let faster = head.ms_per_row.iter().filter_map(|(batch, ms)| Some((batch, ms / peer.ms_per_row.get(batch)?)));
        let faster: Vec<String> = faster.map(|(batch, times)| format!("{} at batch {batch}", factor(times))).collect();
        format!(
            "Beside {} ({}), same {} rows: right on {}, this head on {}; time per row of the head over its time: {}.",
            self.peer_name(),
            visible(&self.peer.what),
            self.rows,
            Rate { k: peer.right, n: self.rows },
            Rate { k: head.right, n: self.rows },
            faster.join(", ")
        )
    }

    /// All counts and times, by a name for each way.
    pub fn facts(&self) -> Vec<(String, String)> {
        let of = |way: &Timed| {
            let times: Vec<String> =
                way.ms_per_row.iter().map(|(batch, ms)| format!("{ms:.3} ms per row at batch {batch}")).collect();
            let rate = Rate { k: way.right, n: self.rows };
            let name = if way.name == self.peer.name { self.peer_name() } else { visible(&way.name) };
            (format!("Beside: {name}"), format!("right on {rate}; {}", times.join(", ")))
        };
        let all = (
            format!("Beside: {}, all rows of the test", self.peer_name()),
            format!("{}: right on {}", visible(&self.peer.what), self.peer_on_all),
        );
        let machine =
            ("Beside: where".to_owned(), format!("{}, all ways in one run, medians of rounds", visible(&self.machine)));
        self.ways.iter().map(of).chain([all, machine]).collect()
    }
}

/// Two digits of a ratio.
fn factor(times: f64) -> String {
    if times >= 10.0 { format!("{times:.0} times") } else { format!("{times:.2} times") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"{"beside":1,"head":"sha256:aa","peer":{"name":"scikit-learn","version":"1.9.1","what":"TF-IDF"},
        "machine":"Linux","rows":40,"peer_on_all":{"k":90,"n":100},"ways":[
        {"name":"head","right":30,"ms_per_row":{"1":4.0,"64":1.5}},
        {"name":"scikit-learn","right":36,"ms_per_row":{"1":2.0,"64":0.05}}]}"#;

    #[test]
    fn accuracy_and_speed_stand_in_one_sentence() {
        let found = Beside::parse(SOUND.as_bytes()).unwrap();
        assert_eq!(
            found.sentence(),
            "Beside scikit-learn 1.9.1 (TF-IDF), same 40 rows: right on 36/40 90.0% [76.9, 96.0], this head on 30/40 75.0% [59.8, 85.8]; time per row of the head over its time: 2.00 times at batch 1, 30 times at batch 64."
        );
        assert!(found.check_head("sha256:aa").is_ok());
        assert!(found.check_head("sha256:ab").unwrap_err().to_string().contains("measure it anew"));
    }

    #[test]
    fn times_that_cannot_be_are_refused() {
        for (from, to, why) in [
            ("\"beside\":1", "\"beside\":2", "version 2"),
            ("\"right\":30", "\"right\":41", "head: 41 right of 40"),
            ("\"k\":90", "\"k\":101", "the peer on all rows: 101 right of 100"),
            ("4.0", "-4.0", "head: a time per row must be above 0"),
            ("\"name\":\"head\"", "\"name\":\"other\"", "nothing was measured of \"head\""),
            ("\"rows\":40", "\"rows\":\"x\"", "not what benchmarks/beside_sklearn.py writes"),
        ] {
            let error = Beside::parse(SOUND.replacen(from, to, 1).as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(why), "{error}");
        }
    }
}

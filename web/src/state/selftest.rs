//! The self-test page's state.

use std::fmt::Write;

use engine::gpu::{GpuFacts, ModelReport, TierReport};
use serde::Serialize;

use crate::message::{Progress, Reply};

/// What is known of the device.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Found {
    /// The worker has not answered yet.
    #[default]
    Asking,
    /// A device.
    Device(GpuFacts),
    /// None, and why.
    Nothing(String),
}

/// What happens.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// Nothing was asked yet.
    #[default]
    Idle,
    /// Something runs; how far it is, once that is known.
    Running(Option<Progress>),
    /// It is done.
    Done,
    /// It was stopped by the user.
    Stopped,
    /// It failed, in one sentence.
    Failed(String),
}

/// The page's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SelfTestState {
    /// The device.
    pub found: Found,
    /// What happens.
    pub phase: Phase,
    /// Tiers that were tested.
    pub tiers: Vec<TierReport>,
    /// Tiers in which a model of the user's was compared.
    pub compared: Vec<ModelReport>,
}

/// What is shared as a file: as `sweetspot selftest --json` writes it, and the page's own circumstances.
#[derive(Serialize)]
struct Shared<'a> {
    sweetspot: &'a str,
    user_agent: &'a str,
    tiers: &'a [TierReport],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    compared: &'a [ModelReport],
}

impl SelfTestState {
    /// Begins anew: what the last run found goes, the device stays.
    pub fn begin(&mut self) {
        *self = Self { found: std::mem::take(&mut self.found), phase: Phase::Running(None), ..Self::default() };
    }

    /// Ends a run before its time; what it found so far stays.
    pub fn stop(&mut self) {
        if self.running() {
            self.phase = Phase::Stopped;
        }
    }

    /// Takes in what the worker said.
    pub fn hear(&mut self, reply: Reply) {
        match reply {
            Reply::Device(facts) => self.found = Found::Device(facts),
            Reply::NoDevice(why) => self.found = Found::Nothing(why),
            Reply::Progress(progress) => self.phase = Phase::Running(Some(progress)),
            Reply::Tier(report) => self.tiers.push(report),
            Reply::Compared(report) => self.compared.push(report),
            // The question for the device is done too, before anything runs.
            Reply::Done if self.running() => self.phase = Phase::Done,
            Reply::Failed(why) => {
                if self.found == Found::Asking {
                    self.found = Found::Nothing(why.clone());
                }
                self.phase = Phase::Failed(why);
            }
            _ => (),
        }
    }

    /// Whether something runs.
    pub fn running(&self) -> bool {
        matches!(self.phase, Phase::Running(_))
    }

    /// Whether there is anything to share.
    pub fn has_results(&self) -> bool {
        !self.tiers.is_empty() || !self.compared.is_empty()
    }

    /// One sentence on how it stands, for the heading and for screen readers; it changes with each tier, not each kernel.
    pub fn sentence(&self) -> String {
        let failed =
            self.tiers.iter().filter(|t| !t.passed).count() + self.compared.iter().filter(|c| !c.passed).count();
        let n = self.tiers.len() + self.compared.len();
        match &self.phase {
            Phase::Idle => String::new(),
            Phase::Running(None) => "Preparing the device.".to_owned(),
            Phase::Running(Some(progress)) => format!("Testing the tier {}.", progress.tier.name()),
            Phase::Stopped => format!("Stopped after {n} tiers."),
            Phase::Failed(why) => format!("The test could not be finished: {why}."),
            Phase::Done if failed == 0 => format!("Passed: this device computes rightly in {}.", tiers(n)),
            Phase::Done if n == 1 => "FAILED: do not trust what this device computes.".to_owned(),
            Phase::Done => format!("FAILED in {failed} of {n} tiers: do not trust what this device computes there."),
        }
    }

    /// Everything that was found, as text.
    pub fn text(&self, user_agent: &str) -> String {
        let mut text = format!("Sweetspot {} self-test\n{user_agent}\n", env!("CARGO_PKG_VERSION"));
        if let Found::Device(facts) = &self.found {
            let _ = writeln!(text, "{facts}");
        }
        for report in &self.tiers {
            let _ = write!(text, "\n{report}\n");
        }
        for report in &self.compared {
            let _ = write!(text, "\n{report}\n");
        }
        text
    }

    /// Everything that was found, as JSON.
    pub fn json(&self, user_agent: &str) -> String {
        let sweetspot = env!("CARGO_PKG_VERSION");
        let shared = Shared { sweetspot, user_agent, tiers: &self.tiers, compared: &self.compared };
        serde_json::to_string_pretty(&shared).unwrap_or_default()
    }
}

fn tiers(n: usize) -> String {
    if n == 1 { "one tier".to_owned() } else { format!("{n} tiers") }
}

#[cfg(test)]
mod tests {
    use engine::{Finding, SelfTest, Tier};

    use super::*;

    fn facts() -> GpuFacts {
        GpuFacts {
            name: "G".to_owned(),
            backend: "webgpu".to_owned(),
            driver: String::new(),
            tier: Tier::ALL[0],
            tiers: vec![Tier::ALL[0]],
            features: vec!["timestamp-query".to_owned()],
            subgroup_sizes: (4, 4),
            max_binding_bytes: 128 << 20,
            max_buffer_bytes: 256 << 20,
            max_workgroup_invocations: 256,
            max_workgroup_bytes: 16 << 10,
            software: true,
        }
    }

    fn report(max_abs: f64) -> TierReport {
        let finding = Finding { what: "logits".to_owned(), max_abs, bound: 1.0 };
        let model = SelfTest { findings: vec![finding], scored: vec![] };
        TierReport { device: facts(), passed: max_abs <= 1.0, kernels: vec![], model }
    }

    fn after(replies: Vec<Reply>) -> SelfTestState {
        let mut state = SelfTestState::default();
        state.hear(Reply::Device(facts()));
        state.hear(Reply::Done);
        assert_eq!(state.phase, Phase::Idle);
        state.begin();
        for reply in replies {
            state.hear(reply);
        }
        state
    }

    #[test]
    fn a_run_passes_only_if_every_tier_does() {
        let passed = after(vec![Reply::Tier(report(0.5)), Reply::Done]);
        assert_eq!(passed.sentence(), "Passed: this device computes rightly in one tier.");
        let failed = after(vec![Reply::Tier(report(0.5)), Reply::Tier(report(f64::NAN)), Reply::Done]);
        assert!(failed.sentence().starts_with("FAILED in 1 of 2 tiers"), "{}", failed.sentence());
        let compared = ModelReport { device: facts(), passed: false, model: report(2.0).model };
        let failed = after(vec![Reply::Compared(compared), Reply::Done]);
        assert!(failed.sentence().starts_with("FAILED: do not trust"), "{}", failed.sentence());
        assert!(
            failed.text("UA").contains("0/1   FAILED  first at logits: 2.0e0 of 1.0e0 allowed"),
            "{}",
            failed.text("UA")
        );
    }

    #[test]
    fn a_run_that_is_stopped_or_fails_keeps_what_it_found() {
        let mut state = after(vec![Reply::Tier(report(0.5))]);
        assert!(state.running());
        state.stop();
        assert_eq!((&state.phase, state.tiers.len()), (&Phase::Stopped, 1));
        let state = after(vec![Reply::Tier(report(0.5)), Reply::Failed("the GPU was lost".to_owned())]);
        assert_eq!(
            (state.sentence().as_str(), state.has_results()),
            ("The test could not be finished: the GPU was lost.", true)
        );
    }

    #[test]
    fn a_worker_that_never_answers_is_no_device() {
        let mut state = SelfTestState::default();
        state.hear(Reply::Failed("no worker".to_owned()));
        assert_eq!(state.found, Found::Nothing("no worker".to_owned()));
    }

    #[test]
    fn what_is_shared_names_device_browser_and_worst_errors() {
        let state = after(vec![Reply::Tier(report(0.5)), Reply::Done]);
        let text = state.text("Browser 1");
        for part in ["Browser 1", "G (webgpu)", "timestamp-query", "worst 5.0e-1 of 1.0e0 allowed"] {
            assert!(text.contains(part), "{text}");
        }
        let json: serde_json::Value = serde_json::from_str(&state.json("Browser 1")).unwrap();
        assert_eq!(json["tiers"][0]["model"]["findings"][0]["max_abs"], 0.5);
        assert!(json.get("compared").is_none());
    }
}

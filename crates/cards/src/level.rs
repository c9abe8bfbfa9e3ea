//! How far a card is backed: the words of the ladder (design of cards, section 5), and no others.

use probes::Plan;
use probes::profiles::plan_of;

use crate::{Card, SampleRow, SignatureState};

/// How far a card is backed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Somebody says so.
    SelfReported,
    /// Bytes, signature, derived numbers and suite agree with one another (V0 to V3).
    SelfConsistent,
    /// Others ran a part of it again.
    Replayed {
        /// Different keys.
        keys: u32,
        /// Different adapter families.
        families: u32,
    },
    /// A workflow at a named commit made it.
    CiAttested,
}

impl Level {
    /// The word that a reader sees.
    pub fn word(self) -> String {
        match self {
            Self::SelfReported => "self-reported".to_owned(),
            Self::SelfConsistent => "self-consistent".to_owned(),
            Self::Replayed { keys, families } => {
                let (s, family) = (if keys == 1 { "" } else { "s" }, if families == 1 { "family" } else { "families" });
                format!("replayed ({keys} key{s}, {families} adapter {family})")
            }
            Self::CiAttested => "CI-attested".to_owned(),
        }
    }
}

impl Card {
    /// The plan of the card's suite: a profile of this program, its first items, or probes of its catalogue. Whoever calls
    /// it carries all questions: the page of the site does not.
    pub fn suite_plan(&self) -> Option<Plan> {
        let name = self.suite.name.strip_prefix("sweetspot-").unwrap_or(&self.suite.name);
        let mut probes: Vec<(&str, usize)> = Vec::new();
        for row in &self.results {
            if !probes.iter().any(|(task, _)| *task == row.task) {
                probes.push((&row.task, usize::try_from(row.n).ok()?));
            }
        }
        plan_of(name, &probes, &self.suite.sha256)
    }

    /// The level that card and samples reach by themselves: `self-consistent` where nothing contradicts the samples, no
    /// signature is wrong and the suite is this program's own, else `self-reported`. Like
    /// [`suite_plan`](Card::suite_plan) it carries all questions.
    pub fn level(&self, samples: &[SampleRow]) -> Level {
        let holds = self.check(Some(samples)).is_empty()
            && self.signature(Some(samples)) != SignatureState::Wrong
            && (self.is_speed_suite() || self.suite_plan().is_some());
        if holds { Level::SelfConsistent } else { Level::SelfReported }
    }
}

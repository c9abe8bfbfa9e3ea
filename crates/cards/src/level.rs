//! How far a card is backed: the words of the ladder (design of cards, section 5), and no others.

use probes::profiles::profile_of;

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
    /// The level that card and samples reach by themselves: `self-consistent` where nothing contradicts the samples, no
    /// signature is wrong and the suite is this program's own, else `self-reported`.
    pub fn level(&self, samples: &[SampleRow]) -> Level {
        let name = self.suite.name.strip_prefix("sweetspot-").unwrap_or(&self.suite.name);
        let holds = self.check(Some(samples)).is_empty()
            && self.signature(Some(samples)) != SignatureState::Wrong
            && profile_of(name, self.completeness.planned, &self.suite.sha256).is_some();
        if holds { Level::SelfConsistent } else { Level::SelfReported }
    }
}

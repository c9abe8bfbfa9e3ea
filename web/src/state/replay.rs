//! A replay on this device: what runs, and what came of it.

use std::sync::Arc;

use cards::{Card, NONCE_BYTES, ReplayCard, limitation::DEMO_MODEL};
use data_encoding::HEXLOWER_PERMISSIVE;

use super::Phase;
use crate::message::Reply;

/// The models that lie on this site, by the names that cards give them.
const HERE: [(&str, &str); 3] = [
    ("sweetspot-demo", "demo.gguf"),
    ("sweetspot-demo-q4_0", "demo-q4_0.gguf"),
    ("sweetspot-demo-tuned", "demo-tuned.gguf"),
];

/// The state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplayState {
    /// What happens.
    pub phase: Phase,
    /// What came of it.
    pub made: Option<Arc<ReplayCard>>,
}

impl ReplayState {
    /// Begins anew.
    pub fn begin(&mut self) {
        *self = Self { phase: Phase::Running(None), made: None };
    }

    /// Ends it before its time: nothing is kept of a replay in part.
    pub fn stop(&mut self) {
        if self.running() {
            self.phase = Phase::Stopped;
        }
    }

    /// Takes in what the worker said.
    pub fn hear(&mut self, reply: Reply) {
        match reply {
            Reply::Progress(progress) => self.phase = Phase::Running(Some(progress)),
            Reply::Replayed(card) => match ReplayCard::parse(card.as_bytes()) {
                Ok(card) => self.made = Some(Arc::new(card)),
                Err(error) => self.phase = Phase::Failed(error.to_string()),
            },
            Reply::Done if self.running() => self.phase = Phase::Done,
            Reply::Failed(why) => self.phase = Phase::Failed(why),
            _ => (),
        }
    }

    /// Whether it runs.
    pub fn running(&self) -> bool {
        matches!(self.phase, Phase::Running(_))
    }

    /// One sentence on how it stands; it changes with what runs, not with each item.
    pub fn sentence(&self) -> String {
        match (&self.phase, &self.made) {
            (Phase::Idle, _) => String::new(),
            (Phase::Running(None), _) => "Preparing the device.".to_owned(),
            (Phase::Running(Some(progress)), _) => format!("Now: {}.", progress.now),
            (Phase::Stopped, _) => "Stopped. Nothing was kept.".to_owned(),
            (Phase::Failed(why), _) => format!("No replay: {why}."),
            (Phase::Done, None) => "No replay.".to_owned(),
            (Phase::Done, Some(card)) => {
                let of = &card.replay;
                format!(
                    "{} of {} items agree, {} are near-ties, {} contradict: {}.",
                    of.agree,
                    of.k,
                    of.near_tie,
                    of.contradict,
                    of.outcome.words()
                )
            }
        }
    }
}

/// The file of this site that a card's model is said to be; its hash is compared before anything is asked.
pub fn model_here(card: &Card) -> Option<&'static str> {
    let demo = card.limitations.iter().any(|n| n.code == DEMO_MODEL);
    HERE.into_iter().find(|(name, _)| demo && *name == card.model.id).map(|(_, file)| file)
}

/// A nonce as the worker takes it; nothing for a text that is none.
pub fn nonce(text: &str) -> Option<String> {
    let bytes = HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok()?;
    (bytes.len() == NONCE_BYTES).then(|| text.trim().to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stopped_or_failed_leaves_no_card() {
        let mut state = ReplayState::default();
        state.begin();
        assert!(state.running());
        state.hear(Reply::Replayed("{}".to_owned()));
        assert!(state.made.is_none() && matches!(state.phase, Phase::Failed(_)), "{state:?}");
        state.begin();
        state.stop();
        assert_eq!(state.sentence(), "Stopped. Nothing was kept.");
        state.hear(Reply::Done);
        assert_eq!(state.phase, Phase::Stopped);
    }

    #[test]
    fn a_nonce_has_16_bytes() {
        assert_eq!(nonce(" 000102030405060708090A0B0C0D0E0F "), Some("000102030405060708090a0b0c0d0e0f".to_owned()));
        assert_eq!([nonce(""), nonce("12"), nonce(&"g".repeat(32))], [None, None, None]);
    }
}

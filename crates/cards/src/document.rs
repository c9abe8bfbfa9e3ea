//! A card of any kind that this version reads.

use crate::{Card, DiffCard, Error, ImportedCard, MAX_CARD_BYTES, canonical::kind_of};

/// A card by its kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// One model put through one suite.
    Run(Box<Card>),
    /// Two runs compared.
    Diff(Box<DiffCard>),
    /// Another program's results, or a document's counts.
    Imported(Box<ImportedCard>),
}

impl Document {
    /// Reads a card file of whatever kind it names, as strictly as that kind's own reader.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        match kind_of(bytes, "the card", MAX_CARD_BYTES)?.as_deref() {
            Some("diff") => DiffCard::parse(bytes).map(|card| Self::Diff(Box::new(card))),
            Some("imported") => ImportedCard::parse(bytes).map(|card| Self::Imported(Box::new(card))),
            // Without a kind the run card's reader says what is missing.
            Some("run") | None => Card::parse(bytes).map(|card| Self::Run(Box::new(card))),
            Some(other) => Err(Error::Kind { found: crate::validate::short(other) }),
        }
    }

    /// The card's id.
    pub fn id(&self) -> &str {
        match self {
            Self::Run(card) => &card.id,
            Self::Diff(card) => &card.id,
            Self::Imported(card) => &card.id,
        }
    }

    /// The card's title.
    pub fn title(&self) -> &str {
        match self {
            Self::Run(card) => &card.title,
            Self::Diff(card) => &card.title,
            Self::Imported(card) => &card.title,
        }
    }
}

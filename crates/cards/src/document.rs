//! A card of any kind that this version reads.

use crate::{Card, DiffCard, Error, ImportedCard, MAX_CARD_BYTES, Note, ReplayCard, canonical::kind_of, head::Head};

/// A card by its kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// One model put through one suite.
    Run(Box<Card>),
    /// Two runs compared.
    Diff(Box<DiffCard>),
    /// Another program's results, or a document's counts.
    Imported(Box<ImportedCard>),
    /// Items of a run asked again.
    Replay(Box<ReplayCard>),
}

impl Document {
    /// Reads a card file of whatever kind it names, as strictly as that kind's own reader.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        match kind_of(bytes, "the card", MAX_CARD_BYTES)?.as_deref() {
            Some("diff") => DiffCard::parse(bytes).map(|card| Self::Diff(Box::new(card))),
            Some("imported") => ImportedCard::parse(bytes).map(|card| Self::Imported(Box::new(card))),
            Some("replay") => ReplayCard::parse(bytes).map(|card| Self::Replay(Box::new(card))),
            // Without a kind the run card's reader says what is missing.
            Some("run") | None => Card::parse(bytes).map(|card| Self::Run(Box::new(card))),
            Some(other) => Err(Error::Kind { found: crate::validate::short(other) }),
        }
    }

    fn head(&self) -> Head<'_> {
        match self {
            Self::Run(card) => (&**card).into(),
            Self::Diff(card) => (&**card).into(),
            Self::Imported(card) => (&**card).into(),
            Self::Replay(card) => (&**card).into(),
        }
    }

    /// The card's id.
    pub fn id(&self) -> &str {
        self.head().id
    }

    /// The card's title.
    pub fn title(&self) -> &str {
        self.head().title
    }

    /// The card's summary.
    pub fn summary(&self) -> &str {
        self.head().summary
    }

    /// When it was made: RFC 3339 in UTC.
    pub fn created(&self) -> &str {
        self.head().created
    }

    /// What a reader must know before the numbers.
    pub fn limitations(&self) -> &[Note] {
        self.head().limitations
    }
}

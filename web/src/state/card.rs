//! What the card page shows: nothing yet, a link's card, a file's card, or why there is none.

use std::sync::Arc;

use cards::{Card, Compact, Contradiction, Document, Error, MAX_CARD_BYTES, SampleRow, parse_samples};

use super::fragment::Fragment;
use super::refusal::Refusal;
use super::verify::Verified;

/// Most bytes of a samples file that a page reads: all of a standard run is a tenth of it, and a phone has little memory.
pub const MAX_PAGE_SAMPLES: usize = 64 << 20;

/// What is open.
#[derive(Clone, Debug, Default)]
pub enum Opened {
    /// Nothing.
    #[default]
    Nothing,
    /// The card in a link.
    Link(Arc<LinkCard>),
    /// A card file, and its samples if they came with it.
    File(Arc<FileCard>),
    /// A card that is not of one run.
    Other(Arc<OtherCard>),
    /// No card, and why.
    Refused(Refusal),
}

/// A card that came in a link.
#[derive(Clone, Debug)]
pub struct LinkCard {
    /// What it holds.
    pub compact: Compact,
    /// The link's part after `#`, without its view.
    pub payload: String,
    /// What of it holds.
    pub verified: Verified,
}

/// A card that came as a file.
#[derive(Clone, Debug)]
pub struct FileCard {
    /// The card.
    pub card: Card,
    /// Its samples.
    pub samples: Option<Vec<SampleRow>>,
    /// What of it holds.
    pub verified: Verified,
}

/// A card of differences, of a replay, or an imported one, which came as a file.
#[derive(Clone, Debug)]
pub struct OtherCard {
    /// The card.
    pub document: Document,
    /// What it states that its own data do not give.
    pub found: Vec<Contradiction>,
}

impl OtherCard {
    /// A card that is read already.
    pub fn new(document: Document) -> Self {
        let found = match &document {
            Document::Run(card) => card.check(None),
            Document::Diff(card) => card.check_alone(),
            Document::Replay(card) => card.check(None),
            // What of it can be computed again was, when it was read.
            Document::Imported(_) => vec![],
        };
        Self { document, found }
    }
}

/// The bytes of files that were chosen together.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// `card.json`.
    pub card: Vec<u8>,
    /// `samples.jsonl`.
    pub samples: Option<Vec<u8>>,
}

impl Opened {
    /// Opens what an address holds.
    pub fn link(fragment: &Fragment) -> Self {
        if fragment.payload.is_empty() {
            return Self::Nothing;
        }
        if fragment.points_elsewhere() {
            return Self::Refused(Refusal::elsewhere());
        }
        match LinkCard::read(&fragment.payload) {
            Ok(card) => Self::Link(Arc::new(card)),
            Err(refusal) => Self::Refused(refusal),
        }
    }

    /// Opens files.
    pub fn files(chosen: &Chosen) -> Self {
        let samples = || chosen.samples.as_deref().map(parse_samples).transpose();
        let read = Document::parse(&chosen.card).and_then(|document| match document {
            Document::Run(card) => Ok(Self::File(Arc::new(FileCard::new(*card, samples()?)))),
            other => Ok(Self::Other(Arc::new(OtherCard::new(other)))),
        });
        read.unwrap_or_else(|error: Error| Self::Refused(Refusal::of_document(&error)))
    }

    /// One sentence on what is open, for screen readers.
    pub fn sentence(&self) -> String {
        let of = |what: &str, verified: &Verified| {
            let state = if verified.contradicted() { ", contradicted" } else { "" };
            format!("{what} open: {}{state}.", verified.word)
        };
        match self {
            Self::Nothing => String::new(),
            Self::Link(card) => of("Card from a link", &card.verified),
            Self::File(card) => of("Card from a file", &card.verified),
            Self::Other(card) if card.found.is_empty() => "Card from a file open: self-reported.".to_owned(),
            Self::Other(_) => "Card from a file open: self-reported, contradicted.".to_owned(),
            Self::Refused(refusal) => format!("No card: {}.", refusal.heading),
        }
    }
}

impl LinkCard {
    /// Reads a link's part after `#`.
    pub fn read(payload: &str) -> Result<Self, Refusal> {
        let compact = Compact::from_link(payload).map_err(|e| Refusal::of_link(&e))?;
        let verified = Verified::of_link(&compact);
        Ok(Self { compact, payload: payload.to_owned(), verified })
    }
}

impl FileCard {
    /// Reads the bytes of a run's files.
    pub fn read(chosen: &Chosen) -> Result<Self, Error> {
        let card = Card::parse(&chosen.card)?;
        let samples = chosen.samples.as_deref().map(parse_samples).transpose()?;
        Ok(Self::new(card, samples))
    }

    /// A card that is read already.
    pub fn new(card: Card, samples: Option<Vec<SampleRow>>) -> Self {
        let verified = Verified::of_card(&card, samples.as_deref());
        Self { card, samples, verified }
    }

    /// The link of the card, where its samples are there and it fits in one.
    pub fn link(&self) -> Option<String> {
        Compact::of(&self.card, self.samples.as_ref()?).and_then(|compact| compact.to_link()).ok()
    }
}

/// A file by its name and size, before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// File name.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// Which of the files offered is the card, and which its samples.
pub fn choose(files: &[Offered]) -> Result<(usize, Option<usize>), Refusal> {
    const ONE: &str = "Choose card.json, or card.json and samples.jsonl of one run.";
    let rows = |file: &Offered| file.name.to_ascii_lowercase().ends_with(".jsonl");
    let of = |wanted: bool| files.iter().enumerate().filter(move |(_, f)| rows(f) == wanted).map(|(i, _)| i);
    let (cards, samples): (Vec<_>, Vec<_>) = (of(false).collect(), of(true).collect());
    let refused = |cause: String| Err(Refusal::of_files(cause, ONE));
    let card = match (cards.as_slice(), samples.len()) {
        (&[card], 0 | 1) => card,
        ([], 1..) => return refused("A samples file says nothing without its card.".to_owned()),
        ([], _) => return refused("No file was chosen.".to_owned()),
        (many, n) => return refused(format!("There are {} files of cards and {n} of samples.", many.len())),
    };
    let limits = [(Some(card), "card", MAX_CARD_BYTES), (samples.first().copied(), "samples file", MAX_PAGE_SAMPLES)];
    for (place, what, limit) in limits {
        if let Some(file) = place.and_then(|i| files.get(i)).filter(|f| f.bytes > limit as u64) {
            return Err(Refusal {
                heading: format!("The {what} is over a limit"),
                cause: format!(
                    "It has {} bytes, more than the {limit} that this page reads; it was not opened.",
                    file.bytes
                ),
                next: "`sweetspot verify` reads larger samples; a larger card does not exist.",
                ..Refusal::of_files(String::new(), "")
            });
        }
    }
    Ok((card, samples.first().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(files: &[(&str, u64)]) -> Vec<Offered> {
        files.iter().map(|&(name, bytes)| Offered { name: name.to_owned(), bytes }).collect()
    }

    #[test]
    fn card_and_samples_are_told_apart_in_any_order() {
        assert_eq!(choose(&offered(&[("samples.jsonl", 9), ("card.json", 9)])), Ok((1, Some(0))));
        assert_eq!(choose(&offered(&[("CARD (1).JSON", 9)])), Ok((0, None)));
        for (files, heading, cause) in [
            (&[][..], "These files cannot be opened together", "No file was chosen."),
            (
                &[("a.jsonl", 1)],
                "These files cannot be opened together",
                "A samples file says nothing without its card.",
            ),
            (
                &[("a", 1), ("b", 1)],
                "These files cannot be opened together",
                "There are 2 files of cards and 0 of samples.",
            ),
            (
                &[("a", 1), ("b.jsonl", 1), ("c.jsonl", 1)],
                "These files cannot be opened together",
                "There are 1 files of cards and 2 of samples.",
            ),
            (
                &[("card.json", 1 << 40)],
                "The card is over a limit",
                "It has 1099511627776 bytes, more than the 1048576 that this page reads; it was not opened.",
            ),
            (
                &[("a", 1), ("b.jsonl", 1 << 40)],
                "The samples file is over a limit",
                "It has 1099511627776 bytes, more than the 67108864 that this page reads; it was not opened.",
            ),
        ] {
            let refusal = choose(&offered(files)).unwrap_err();
            assert_eq!((refusal.heading.as_str(), refusal.cause.as_str()), (heading, cause));
        }
    }

    #[test]
    fn an_address_without_a_card_is_no_error_and_one_that_points_elsewhere_is_not_followed() {
        let open = |hash: &str| Opened::link(&Fragment::read(hash));
        assert!(matches!(open(""), Opened::Nothing));
        assert!(matches!(open("#&task=A01"), Opened::Nothing));
        for (hash, sentence) in [
            ("#src=https%3A%2F%2Fexample.org%2Fcard.json", "No card: The link points to a card elsewhere."),
            ("#2.abc", "No card: The link is of a newer format."),
            ("#1.ab", "No card: The link is cut off."),
            ("#1.a!b", "No card: The link is damaged at character 4."),
        ] {
            assert_eq!(open(hash).sentence(), sentence);
        }
    }
}

//! Why no card is shown: for each cause a heading, a sentence, what to do next, and the places in the document.

use cards::{Error, LinkError, ReferenceError};

/// Places in the document that are listed.
const LISTED: usize = 10;

/// A screen instead of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What it is, in a few words.
    pub heading: String,
    /// The cause, one sentence.
    pub cause: String,
    /// What to do.
    pub next: &'static str,
    /// Where in the document, what was expected, and what stands there.
    pub places: Vec<[String; 3]>,
    /// Whether what came can be kept as a file for another reader.
    pub keep: Keep,
}

/// Whether what came is offered as a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// It is of no use.
    No,
    /// Another program may read it.
    Raw,
}

const AGAIN: &str = "Copy the link again as a whole, or ask its author for card.json and open that here.";
const ASK: &str = "Ask the author for card.json and samples.jsonl, and open them here.";
const KIND: &str = "A newer copy of this page, or a newer `sweetspot verify`, may read it.";
const REMAKE: &str =
    "Such a card is refused, not repaired: ask the author for the file as their program wrote it, and open that here.";
const NEWER: &str = "Open it on a newer copy of this site, or ask the author for the card as a file.";
const OPENED: &str = "It was not opened. A card of a real run stays far below: ask the author for the files.";

impl Refusal {
    /// Of a link.
    pub fn of_link(error: &LinkError) -> Self {
        let (heading, next, keep) = match error {
            LinkError::Empty => ("The link holds no card".to_owned(), AGAIN, Keep::No),
            LinkError::TooLong { .. } | LinkError::Inflates => {
                ("The link is over a limit".to_owned(), OPENED, Keep::No)
            }
            LinkError::Version { .. } => ("The link is of a newer format".to_owned(), NEWER, Keep::Raw),
            LinkError::Character { at } => (format!("The link is damaged at character {at}"), AGAIN, Keep::No),
            LinkError::CutOff => ("The link is cut off".to_owned(), AGAIN, Keep::No),
            LinkError::Damaged => ("The link is damaged".to_owned(), AGAIN, Keep::No),
            LinkError::Trailing { .. } => ("Something follows the end of the link".to_owned(), AGAIN, Keep::No),
            LinkError::Card(error) => return Self::of_document(error),
        };
        Self { heading, cause: sentence(&error.to_string()), next, places: vec![], keep }
    }

    /// Of a card file, a samples file, or what a link holds.
    pub fn of_document(error: &Error) -> Self {
        let (heading, next, keep) = match error {
            Error::TooLarge { .. } | Error::TooDeep { .. } => ("The card is over a limit", OPENED, Keep::No),
            Error::ByteOrderMark => ("The card begins with a byte order mark", REMAKE, Keep::No),
            Error::NotUtf8 { .. } | Error::Json { .. } => ("This is no card: it cannot be read", ASK, Keep::No),
            Error::DuplicateKey { .. } => ("The card names a key twice", REMAKE, Keep::No),
            Error::Number { .. } => ("The card holds a number that other readers would change", REMAKE, Keep::No),
            Error::NotCanonical { .. } | Error::NotSchemaForm { .. } => {
                ("The card is not in canonical form", REMAKE, Keep::No)
            }
            Error::Schema { .. } => ("The card does not follow the schema", REMAKE, Keep::No),
            Error::Invalid { .. } if contradicts(error) => ("The card's numbers contradict each other", ASK, Keep::No),
            Error::Invalid { .. } => ("The card breaks rules of the schema", REMAKE, Keep::No),
            Error::Id { .. } => ("This is not the card it is named after", ASK, Keep::Raw),
            Error::Kind { .. } => ("The card is of a kind that this page does not show", KIND, Keep::Raw),
            Error::Row { line, source } => {
                let inner = Self::of_document(source);
                let heading = format!("Line {line} of the samples is refused");
                return Self { heading, cause: sentence(&error.to_string()), ..inner };
            }
            Error::Line { .. } => ("The samples file is cut off or edited", ASK, Keep::No),
            Error::Signature { .. } | Error::Key { .. } | Error::Write { .. } | Error::NoSpeed => {
                ("The card cannot be used", ASK, Keep::No)
            }
        };
        let (cause, places) = match error {
            Error::Invalid { problems } => {
                let all = problems.as_slice();
                let shown: Vec<_> = all.iter().take(LISTED).collect();
                let cause = match all.len() {
                    1 => "One place is not as it must be.".to_owned(),
                    n if n > LISTED => format!("{n} places are not as they must be; the first {LISTED}:"),
                    n => format!("{n} places are not as they must be."),
                };
                (cause, shown.iter().map(|p| [p.path.clone(), p.expected.clone(), p.found.clone()]).collect())
            }
            other => (sentence(&other.to_string()), vec![]),
        };
        Self { heading: heading.to_owned(), cause, next, places, keep }
    }

    /// Of a choice of files, or of a file that the browser does not give.
    pub fn of_files(cause: String, next: &'static str) -> Self {
        Self {
            heading: "These files cannot be opened together".to_owned(),
            cause,
            next,
            places: vec![],
            keep: Keep::No,
        }
    }

    /// Of a link that should say where a card lies.
    pub fn of_reference(error: &ReferenceError) -> Self {
        Self {
            heading: "The reference is damaged".to_owned(),
            cause: sentence(&error.to_string()),
            next: "A reference has the form #h=<hash>&src=<address>: copy the link again as a whole, or open the card's file here.",
            places: vec![],
            keep: Keep::No,
        }
    }

    /// Of a link to a card elsewhere.
    pub fn elsewhere() -> Self {
        Self {
            heading: "The link points to a card elsewhere".to_owned(),
            cause: "It holds the address of a card, not the card, and this page asks nothing of other hosts."
                .to_owned(),
            next: "If you trust the address, download the card from it yourself and open the file here.",
            places: vec![],
            keep: Keep::No,
        }
    }
}

/// Whether the rules that are broken are those of counts.
fn contradicts(error: &Error) -> bool {
    let Error::Invalid { problems } = error else { return false };
    let of_counts = |path: &str| path.starts_with("r[") || path.starts_with("o.") || path == "o";
    let last = |path: &str| matches!(path.rsplit('.').next(), Some("k" | "n"));
    problems.as_slice().iter().any(|p| of_counts(&p.path) || last(&p.path))
}

/// A message as a sentence of its own.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_link_has_its_own_screen() {
        let json = |message: &str| LinkError::Card(Error::Json { message: message.to_owned() });
        let errors = [
            LinkError::Empty,
            LinkError::TooLong { found: 20_000 },
            LinkError::Version { found: "2".to_owned() },
            LinkError::Character { at: 7 },
            LinkError::CutOff,
            LinkError::Damaged,
            LinkError::Trailing { found: 2 },
            LinkError::Card(Error::NotCanonical { at: 3 }),
            LinkError::Card(Error::DuplicateKey { path: "$".to_owned(), key: "d".to_owned() }),
            LinkError::Card(Error::ByteOrderMark),
            LinkError::Card(Error::Number { path: "d".to_owned(), found: "1".to_owned() }),
            LinkError::Card(Error::Schema { path: "v".to_owned(), message: "m".to_owned() }),
            json("eof"),
        ];
        let headings: std::collections::BTreeSet<String> = errors.iter().map(|e| Refusal::of_link(e).heading).collect();
        assert_eq!(headings.len(), errors.len());
        for error in &errors {
            let Refusal { cause, next, .. } = Refusal::of_link(error);
            for text in [cause.as_str(), next] {
                assert!(
                    text.ends_with('.') && !text.ends_with("..") && !text.starts_with(char::is_lowercase),
                    "{text}"
                );
            }
        }
        assert_eq!(Refusal::of_link(&errors[3]).heading, "The link is damaged at character 7");
    }

    #[test]
    fn a_refused_row_names_its_line() {
        let row = Error::Row { line: 3, source: Box::new(Error::ByteOrderMark) };
        let refusal = Refusal::of_document(&row);
        assert_eq!(refusal.heading, "Line 3 of the samples is refused");
        assert!(refusal.cause.starts_with("Samples line 3: "), "{}", refusal.cause);
    }
}

//! A card by reference: what is shown of what its address gave.

use std::sync::Arc;

use cards::{Document, Named, Reference, ReferenceError, parse_samples};

use super::card::{Chosen, FileCard, Opened, OtherCard};
use super::refusal::{Keep, Refusal};

/// Reads what stands after `#`.
pub fn read(hash: &str) -> Result<Option<Reference>, Refusal> {
    Reference::read(hash).map_err(|error: ReferenceError| Refusal::of_reference(&error))
}

/// Opens what the address gave: it must be the card that the link names.
pub fn open(reference: &Reference, fetched: &Chosen) -> Opened {
    opened(reference, fetched).unwrap_or_else(Opened::Refused)
}

fn opened(reference: &Reference, fetched: &Chosen) -> Result<Opened, Refusal> {
    let refused = |error| Refusal::of_document(&error);
    if let Named::Another { found } = reference.names(&fetched.card).map_err(refused)? {
        return Err(Refusal {
            heading: "This is not the card it is named after".to_owned(),
            cause: format!(
                "The link names a card whose hash is {}, and {} gives one with {found}.",
                reference.hash, reference.host
            ),
            next: "Do not rely on it: it was changed after the link was made, or the link is of another card.",
            places: vec![],
            keep: Keep::Raw,
        });
    }
    Ok(match Document::parse(&fetched.card).map_err(refused)? {
        Document::Run(card) => {
            let samples = fetched.samples.as_deref().map(parse_samples).transpose().map_err(refused)?;
            Opened::File(Arc::new(FileCard::new(*card, samples)))
        }
        other => Opened::Other(Arc::new(OtherCard::new(other))),
    })
}

/// What is said of a file that did not come.
pub fn not_fetched(reference: &Reference, file: &str, why: &str) -> Refusal {
    Refusal {
        heading: "The card could not be fetched".to_owned(),
        cause: format!("{file} from {}: {why}.", reference.host),
        next: "Its host must let other pages read the file (CORS), and not send on to another address. Otherwise download the card from it and drop it here.",
        places: vec![],
        keep: Keep::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_gave_is_opened_only_if_it_is_the_card_that_is_named() {
        let card = include_bytes!("../../../crates/cards/tests/fixtures/compare/demo/card.json");
        let id = cards::identity(card).unwrap();
        let named = |hash: &str| Reference::new(hash, "https://a.example/card.json").unwrap();
        let right = named(&id["sha256:".len()..]);
        let fetched = |bytes: &[u8]| Chosen { card: bytes.to_vec(), samples: None };
        assert!(matches!(open(&right, &fetched(card)), Opened::File(_)));
        for (reference, bytes, heading) in [
            (&named(&"0".repeat(64)), &card[..], "This is not the card it is named after"),
            (&right, b"<html>", "This is no card: it cannot be read"),
        ] {
            let Opened::Refused(refusal) = open(reference, &fetched(bytes)) else { panic!("{heading}") };
            assert_eq!(refusal.heading, heading);
        }
        assert_eq!(read("h=0").unwrap_err().heading, "The reference is damaged");
    }
}

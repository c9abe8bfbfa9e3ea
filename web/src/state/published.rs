//! A published card, fetched from its own folder and checked on this device.

use std::sync::Arc;

use cards::{Document, SignatureState, card_key, identity};

use super::card::{Chosen, FileCard, OtherCard};
use super::refusal::{Keep, Refusal};
use super::verify::{Finding, Holds, Verified};

/// What the page says of the card whose folder it lies in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// The folder's name.
    pub folder: String,
    /// `run`, or what else the card is.
    pub kind: String,
    /// A key that the site knows by a name, and the name.
    pub signer: Option<(String, String)>,
}

/// What came of the check.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The levels, and what contradicts.
    pub verified: Verified,
    /// The card as a link, of a run that does not contradict itself and fits in one.
    pub link: Option<String>,
    /// Whose key signed, if the site knows it.
    pub signer: Option<String>,
    /// The card of a run, whose items can be asked again.
    pub run: Option<Arc<FileCard>>,
}

/// Checks what was fetched: it must be the card that its folder is named after.
pub fn check(stated: &Stated, fetched: &Chosen) -> Result<Checked, Refusal> {
    let refused = |error| Refusal::of_document(&error);
    let id = identity(&fetched.card).map_err(refused)?;
    let key = card_key(&id).unwrap_or_default();
    if key != stated.folder {
        return Err(not_named(&stated.folder, &key));
    }
    let signer = |signature: &SignatureState| match (signature, &stated.signer) {
        (SignatureState::Valid { key }, Some((known, name))) if key == known => Some(name.clone()),
        _ => None,
    };
    if stated.kind != "run" {
        let verified = alone(&OtherCard::new(Document::parse(&fetched.card).map_err(refused)?));
        return Ok(Checked { signer: signer(&verified.signature), verified, link: None, run: None });
    }
    let mut card = FileCard::read(fetched).map_err(refused)?;
    NAMED.clone_into(&mut card.verified.levels[0].why);
    let signer = signer(&card.verified.signature);
    let link = card.link().filter(|link| link.len() <= cards::LONG_LINK).filter(|_| !card.verified.contradicted());
    Ok(Checked { verified: card.verified.clone(), link, signer, run: Some(Arc::new(card)) })
}

const NAMED: &str = "canonical bytes; their hash is the identity, and the folder is named after it";

/// A card that is not the one that its folder is named after.
fn not_named(folder: &str, key: &str) -> Refusal {
    Refusal {
        heading: "This is not the card it is named after".to_owned(),
        cause: format!("The folder is {folder}, and the card in it belongs into {key}."),
        next: "Do not rely on this page. Ask whoever runs this copy of the site, or look for the card on another copy.",
        places: vec![],
        keep: Keep::Raw,
    }
}

/// Of a card of another kind: its bytes, its signature, and what it states of itself. The rest follows from other cards, or
/// from a document.
fn alone(card: &OtherCard) -> Verified {
    let signature = match &card.document {
        Document::Diff(card) => card.signature(),
        Document::Replay(card) => card.signature(),
        Document::Run(_) | Document::Imported(_) => SignatureState::Unsigned,
    };
    let signed = match &signature {
        SignatureState::Unsigned => (Holds::Open, "unsigned".to_owned()),
        SignatureState::Valid { key } => {
            (Holds::Yes, format!("signed by the key {key}: bytes unchanged; says nothing about who"))
        }
        SignatureState::Wrong => (Holds::No, "changed after signing, or not this key".to_owned()),
    };
    let consistency = match card.found.len() {
        0 => (
            Holds::Open,
            "nothing contradicts itself; the rest follows from other cards or documents, with which `sweetspot verify` reads it"
                .to_owned(),
        ),
        1 => (Holds::No, "one number is not what its data give".to_owned()),
        n => (Holds::No, format!("{n} numbers are not what their data give")),
    };
    let context = (Holds::Open, "the cards or documents that it speaks of are not in it".to_owned());
    let finding = |name, (holds, why)| Finding { name, holds, why };
    Verified {
        levels: [
            finding("V0 bytes", (Holds::Yes, NAMED.to_owned())),
            finding("V1 signature", signed),
            finding("V2 consistency", consistency),
            finding("V3 context", context),
        ],
        signature,
        contradictions: card.found.clone(),
        word: "self-reported",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The counts that documents publish, as this site has them, and the folder's name.
    const OTHER: (&[u8], &str) =
        (include_bytes!("../../../static/cards/cop6nrczaw6jhirohggz3ufrbr/card.json"), "cop6nrczaw6jhirohggz3ufrbr");

    #[test]
    fn a_card_must_be_the_one_its_folder_is_named_after() {
        let (card, folder) = (OTHER.0.to_vec(), OTHER.1.to_owned());
        let stated = Stated { folder, kind: "imported".into(), signer: None };
        let checked = check(&stated, &Chosen { card: card.clone(), samples: None }).unwrap();
        assert_eq!(checked.verified.levels[0].holds, Holds::Yes);
        assert!(checked.link.is_none() && !checked.verified.contradicted());
        let moved = Stated { folder: "a".repeat(26), ..stated.clone() };
        let refusal = check(&moved, &Chosen { card: card.clone(), samples: None }).unwrap_err();
        assert_eq!(refusal.heading, "This is not the card it is named after");
        let changed = String::from_utf8(card).unwrap().replacen("\"title\":\"", "\"title\":\"x", 1).into_bytes();
        let refusal = check(&stated, &Chosen { card: changed, samples: None }).unwrap_err();
        assert_eq!(refusal.heading, "This is not the card it is named after");
        assert_eq!(
            check(&stated, &Chosen { card: b"{".to_vec(), samples: None }).unwrap_err().heading,
            "This is no card: it cannot be read"
        );
    }
}

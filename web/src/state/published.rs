//! A published card, fetched from its own folder and checked on this device.

use cards::{SignatureState, card_key, identity};

use super::card::{Chosen, FileCard};
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
}

/// Checks what was fetched: it must be the card that its folder is named after.
pub fn check(stated: &Stated, fetched: &Chosen) -> Result<Checked, Refusal> {
    let refused = |error| Refusal::of_document(&error);
    let id = identity(&fetched.card).map_err(refused)?;
    let key = card_key(&id).unwrap_or_default();
    if key != stated.folder {
        return Err(not_named(&stated.folder, &key));
    }
    if stated.kind != "run" {
        return Ok(Checked { verified: bytes_alone(), link: None, signer: None });
    }
    let mut card = FileCard::read(fetched).map_err(refused)?;
    card.verified.levels[0].why = NAMED.to_owned();
    let signer = match (&card.verified.signature, &stated.signer) {
        (SignatureState::Valid { key }, Some((known, name))) if key == known => Some(name.clone()),
        _ => None,
    };
    let link = card.link().filter(|link| link.len() <= cards::LONG_LINK).filter(|_| !card.verified.contradicted());
    Ok(Checked { verified: card.verified, link, signer })
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

/// Of a card of another kind: its bytes. The rest follows from other cards, or from a document.
fn bytes_alone() -> Verified {
    let open = |name, why: &str| Finding { name, holds: Holds::Open, why: why.to_owned() };
    Verified {
        levels: [
            Finding { name: "V0 bytes", holds: Holds::Yes, why: NAMED.to_owned() },
            open("V1 signature", "a card of this kind has none"),
            open("V2 consistency", "it follows from other cards or documents; `sweetspot verify` reads them with it"),
            open("V3 context", "the cards or documents that it speaks of are not in it"),
        ],
        signature: SignatureState::Unsigned,
        contradictions: vec![],
        word: "self-reported",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document that is no card, and its identity.
    fn other() -> (Vec<u8>, String) {
        let id = format!("sha256:{}", cards::sha256_hex(br#"{"kind":"diff","title":"x"}"#));
        let key = card_key(&id).unwrap();
        (format!(r#"{{"id":"{id}","kind":"diff","title":"x"}}"#).into_bytes(), key)
    }

    #[test]
    fn a_card_must_be_the_one_its_folder_is_named_after() {
        let (card, folder) = other();
        let stated = Stated { folder, kind: "diff".into(), signer: None };
        let checked = check(&stated, &Chosen { card: card.clone(), samples: None }).unwrap();
        assert_eq!(checked.verified.levels[0].holds, Holds::Yes);
        assert!(checked.link.is_none() && !checked.verified.contradicted());
        let moved = Stated { folder: "a".repeat(26), ..stated.clone() };
        let refusal = check(&moved, &Chosen { card: card.clone(), samples: None }).unwrap_err();
        assert_eq!(refusal.heading, "This is not the card it is named after");
        let changed = String::from_utf8(card).unwrap().replace("\"x\"", "\"y\"").into_bytes();
        let refusal = check(&stated, &Chosen { card: changed, samples: None }).unwrap_err();
        assert_eq!(refusal.heading, "This is not the card it is named after");
        assert_eq!(
            check(&stated, &Chosen { card: b"{".to_vec(), samples: None }).unwrap_err().heading,
            "This is no card: it cannot be read"
        );
    }
}

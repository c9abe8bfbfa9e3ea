//! Signatures: one Ed25519 signature for a card and its link.
//!
//! What is signed is `"sweetspot:benchcard/1:c1\0"`, the digest of the card's id and the digest of its compact form
//! (design of cards, section 5). A signature says that the bytes are unchanged and that one key made them; it says
//! nothing of who holds the key, nor of what was run.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::spki::der::zeroize::Zeroizing;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{PUBLIC_KEY_LENGTH, SECRET_KEY_LENGTH, SIGNATURE_LENGTH, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::{Card, Compact, DiffCard, Error, ReplayCard, SampleRow};

/// What a signature claims, and all that it claims.
pub const CLAIMS: &str = "integrity+key only";

/// Begins every signed message, so that no signature of another protocol is one of a card.
const CONTEXT: &[u8] = b"sweetspot:benchcard/1:c1\0";

/// A card's signature. Keys and values are base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The algorithm.
    pub alg: Algorithm,
    /// The public key, 43 characters.
    pub key: String,
    /// SHA-256 of the canonical JSON of the compact form without its signature.
    pub cid: String,
    /// The signature, 86 characters.
    pub value: String,
    /// Always [`CLAIMS`].
    pub claims: String,
}

/// The signature algorithms of `benchcard/1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// RFC 8032, verified strictly: no small-order keys, no second form of a signature.
    Ed25519,
}

/// A secret key: 32 bytes of chance. Not shown by `Debug`.
pub struct SecretKey(SigningKey);

impl SecretKey {
    /// The key of a seed, as RFC 8032 calls it.
    pub fn from_seed(seed: &[u8; SECRET_KEY_LENGTH]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// Reads a PKCS#8 PEM file (RFC 8410), as other programs write it too.
    pub fn from_pem(text: &str) -> Result<Self, Error> {
        SigningKey::from_pkcs8_pem(text).map(Self).map_err(|e| Error::Key { why: e.to_string() })
    }

    /// The key as a PKCS#8 PEM file (RFC 8410), in the version without the public key, which more programs read. The text is
    /// wiped from memory when it is dropped.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, Error> {
        let pair = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        pair.to_pkcs8_pem(LineEnding::LF).map_err(|e| Error::Key { why: e.to_string() })
    }

    /// The public key, base64url without padding.
    pub fn public(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.verifying_key().as_bytes())
    }

    /// The signature of a message, base64url without padding.
    fn sign(&self, message: &[u8]) -> String {
        BASE64URL_NOPAD.encode(&self.0.sign(message).to_bytes())
    }
}

/// What a signature turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureState {
    /// There is none, which is no fault.
    Unsigned,
    /// It fits the content, and this key made it.
    Valid {
        /// The public key.
        key: String,
    },
    /// The content was changed after signing, or another key made the signature.
    Wrong,
}

impl Card {
    /// The card signed by a key, together with its link.
    pub fn signed(&self, samples: &[SampleRow], key: &SecretKey) -> Result<Self, Error> {
        let value = key.sign(&self.signing_message(samples)?);
        self.with_signature(samples, &key.public(), &value)
    }

    /// The bytes that a key signs for a card and its link, where the key is held by another program, such as a browser.
    pub fn signing_message(&self, samples: &[SampleRow]) -> Result<Vec<u8>, Error> {
        message(&self.id, &Compact::of(self, samples)?.cid()?).ok_or(Error::Signature { what: "id" })
    }

    /// The card with a signature of its [message](Card::signing_message), base64url as its key; refused unless it fits.
    pub fn with_signature(&self, samples: &[SampleRow], key: &str, value: &str) -> Result<Self, Error> {
        let cid = Compact::of(self, samples)?.cid()?;
        verify(&self.id, &cid, key, value).ok_or(Error::Signature { what: "signature" })?;
        Ok(Self { sig: Some(stated(key.to_owned(), cid, value.to_owned())), ..self.clone() })
    }

    /// Whether the signature fits the card; with samples also whether it fits its link.
    pub fn signature(&self, samples: Option<&[SampleRow]>) -> SignatureState {
        let Some(sig) = &self.sig else { return SignatureState::Unsigned };
        let link_fits = samples.is_none_or(|rows| {
            Compact::of(self, rows).and_then(|compact| compact.cid()).is_ok_and(|cid| cid == sig.cid)
        });
        state(&self.id, &sig.cid, &sig.key, &sig.value, link_fits)
    }
}

/// Stands for the digest of a compact form where a card has none (design of cards, section 5).
const NO_LINK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl DiffCard {
    /// The card signed by a key. It has no link, so that zeros stand for the link's digest.
    pub fn signed(&self, key: &SecretKey) -> Result<Self, Error> {
        Ok(Self { sig: Some(without_link(&self.id, key)?), ..self.clone() })
    }

    /// Whether the signature fits the card.
    pub fn signature(&self) -> SignatureState {
        state_without_link(&self.id, self.sig.as_ref())
    }
}

impl ReplayCard {
    /// As [`DiffCard::signed`].
    pub fn signed(&self, key: &SecretKey) -> Result<Self, Error> {
        Ok(Self { sig: Some(without_link(&self.id, key)?), ..self.clone() })
    }

    /// The bytes that a key signs, where the key is held by another program, such as a browser.
    pub fn signing_message(&self) -> Result<Vec<u8>, Error> {
        message(&self.id, NO_LINK).ok_or(Error::Signature { what: "id" })
    }

    /// The card with a signature of its [message](ReplayCard::signing_message); refused unless it fits.
    pub fn with_signature(&self, key: &str, value: &str) -> Result<Self, Error> {
        verify(&self.id, NO_LINK, key, value).ok_or(Error::Signature { what: "signature" })?;
        Ok(Self { sig: Some(stated(key.to_owned(), NO_LINK.to_owned(), value.to_owned())), ..self.clone() })
    }

    /// Whether the signature fits the card.
    pub fn signature(&self) -> SignatureState {
        state_without_link(&self.id, self.sig.as_ref())
    }
}

fn stated(key: String, cid: String, value: String) -> Signature {
    Signature { alg: Algorithm::Ed25519, key, cid, value, claims: CLAIMS.to_owned() }
}

fn without_link(id: &str, key: &SecretKey) -> Result<Signature, Error> {
    let value = key.sign(&message(id, NO_LINK).ok_or(Error::Signature { what: "id" })?);
    Ok(stated(key.public(), NO_LINK.to_owned(), value))
}

fn state_without_link(id: &str, sig: Option<&Signature>) -> SignatureState {
    let Some(sig) = sig else { return SignatureState::Unsigned };
    state(id, &sig.cid, &sig.key, &sig.value, sig.cid == NO_LINK)
}

impl Compact {
    /// Whether the link's signature fits it.
    pub fn signature(&self) -> SignatureState {
        let Some((key, value)) = &self.signature else { return SignatureState::Unsigned };
        match self.cid() {
            Ok(cid) => state(&self.id, &cid, key, value, true),
            Err(_) => SignatureState::Wrong,
        }
    }
}

fn state(id: &str, cid: &str, key: &str, value: &str, fits: bool) -> SignatureState {
    if fits && verify(id, cid, key, value).is_some() {
        SignatureState::Valid { key: key.to_owned() }
    } else {
        SignatureState::Wrong
    }
}

fn verify(id: &str, cid: &str, key: &str, value: &str) -> Option<()> {
    let key: [u8; PUBLIC_KEY_LENGTH] = BASE64URL_NOPAD.decode(key.as_bytes()).ok()?.try_into().ok()?;
    let value: [u8; SIGNATURE_LENGTH] = BASE64URL_NOPAD.decode(value.as_bytes()).ok()?.try_into().ok()?;
    let key = VerifyingKey::from_bytes(&key).ok()?;
    key.verify_strict(&message(id, cid)?, &ed25519_dalek::Signature::from_bytes(&value)).ok()
}

/// What is signed: 25 bytes of context, and two digests.
fn message(id: &str, cid: &str) -> Option<Vec<u8>> {
    let digest = |hex: &str| HEXLOWER.decode(hex.as_bytes()).ok().filter(|d| d.len() == 32);
    let [id, cid] = [digest(id.strip_prefix("sha256:")?)?, digest(cid)?];
    Some([CONTEXT, &id, &cid].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, section 7.1, tests 1 to 3: secret, public, message, signature.
    const VECTORS: [[&str; 4]; 3] = [
        [
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ],
        [
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ],
        [
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ],
    ];

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
    }

    #[test]
    fn golden_rfc_8032() {
        for [secret, public, message, signature] in VECTORS {
            let key = SecretKey::from_seed(&bytes(secret));
            assert_eq!(key.public(), BASE64URL_NOPAD.encode(&bytes::<32>(public)));
            let message = HEXLOWER.decode(message.as_bytes()).unwrap();
            assert_eq!(key.0.sign(&message).to_bytes(), bytes::<64>(signature));
        }
    }

    /// RFC 8410, section 10.3: the key as another program writes it.
    #[test]
    fn golden_rfc_8410() {
        let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        let key = SecretKey::from_pem(pem).unwrap();
        assert_eq!(
            BASE64URL_NOPAD.decode(key.public().as_bytes()).unwrap(),
            bytes::<32>("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1")
        );
        assert_eq!(key.to_pem().unwrap().as_str(), pem);
        for wrong in ["", "x", &pem[..60], &pem.replace("PRIVATE", "PUBLIC")] {
            assert!(matches!(SecretKey::from_pem(wrong), Err(Error::Key { .. })), "{wrong}");
        }
    }

    #[test]
    fn a_signature_fits_its_id_its_link_and_its_key_alone() {
        let key = SecretKey::from_seed(&[7; 32]);
        let (id, cid) = (format!("sha256:{}", "a".repeat(64)), "b".repeat(64));
        let value = key.sign(&message(&id, &cid).unwrap());
        assert_eq!(state(&id, &cid, &key.public(), &value, true), SignatureState::Valid { key: key.public() });
        let other = SecretKey::from_seed(&[8; 32]).public();
        let changed = format!("sha256:{}", "c".repeat(64));
        for (id, cid, key, value) in [
            (&changed, &cid, &key.public(), &value),
            (&id, &"c".repeat(64), &key.public(), &value),
            (&id, &cid, &other, &value),
            (&id, &cid, &key.public(), &value.replacen(&value[..1], if value.starts_with('A') { "B" } else { "A" }, 1)),
            (&id, &cid, &String::new(), &value),
            (&id, &cid, &key.public(), &"A".repeat(86)),
            (&"sha256:x".to_owned(), &cid, &key.public(), &value),
        ] {
            assert_eq!(state(id, cid, key, value, true), SignatureState::Wrong, "{id} {cid} {key} {value}");
        }
        // The neutral element as a key would make any signature of a certain form fit; strict verification refuses it.
        let neutral = BASE64URL_NOPAD.encode(&[[1].as_slice(), &[0; 31]].concat());
        assert_eq!(state(&id, &cid, &neutral, &"A".repeat(86), true), SignatureState::Wrong);
    }
}

//! Links by reference: `#h=<hash>&src=<address>` names a card by its hash and by an `https` address where its file lies (design
//! of cards, section 4, tier 3).
//!
//! A reference is hostile input. Only addresses are read that every reader understands alike, so that the host that is shown is
//! the host that is asked.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Most characters of an address.
pub const MAX_ADDRESS: usize = 2_000;
/// What stays as it is in a part of a fragment (RFC 3986, unreserved).
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where a card lies, and the hash that it must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The digest in the card's identity, 64 hexadecimal digits.
    pub hash: String,
    /// The address of the card's file, with `https`.
    pub source: String,
    /// Its host, and its port if it names one.
    pub host: String,
}

/// Why a text is no reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// A part is not there.
    #[error("it has no part `{part}=`")]
    Missing {
        /// Its name.
        part: &'static str,
    },
    /// A part is there more than once.
    #[error("it has the part `{part}=` twice")]
    Twice {
        /// Its name.
        part: &'static str,
    },
    /// No digest.
    #[error("the hash after `h=` is not 64 hexadecimal digits in lower case")]
    Hash,
    /// Bytes that are no text.
    #[error("the address after `src=` is not text")]
    Text,
    /// Another scheme.
    #[error("the address does not begin with https://")]
    Scheme,
    /// Control characters, letters beyond ASCII, or too many.
    #[error("the address holds characters that no address has, or more than {MAX_ADDRESS}")]
    Characters,
    /// A host with a user, without a dot, or in upper case.
    #[error("the address names no plain host in lower case")]
    Host,
}

impl Reference {
    /// Reads a fragment, with or without the `#`. An empty one is no reference and no error.
    pub fn read(fragment: &str) -> Result<Option<Self>, ReferenceError> {
        let text = fragment.strip_prefix('#').unwrap_or(fragment);
        if text.is_empty() {
            return Ok(None);
        }
        let value = |part: &'static str| {
            let mut found = text.split('&').filter_map(|p| p.split_once('=')).filter(|(key, _)| *key == part);
            match (found.next(), found.next()) {
                (Some((_, value)), None) => Ok(value),
                (None, _) => Err(ReferenceError::Missing { part }),
                (Some(_), Some(_)) => Err(ReferenceError::Twice { part }),
            }
        };
        let hash = value("h")?;
        let source = percent_decode_str(value("src")?).decode_utf8().map_err(|_| ReferenceError::Text)?;
        Self::new(hash, &source).map(Some)
    }

    /// Of the digest in a card's identity and the address of its file.
    pub fn new(hash: &str, source: &str) -> Result<Self, ReferenceError> {
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
            return Err(ReferenceError::Hash);
        }
        Ok(Self { hash: hash.to_owned(), source: source.to_owned(), host: host(source)?.to_owned() })
    }

    /// The fragment, without the `#`.
    pub fn write(&self) -> String {
        format!("h={}&src={}", self.hash, utf8_percent_encode(&self.source, KEPT))
    }

    /// The address of the samples, which lie beside the card: the last part of its path replaced.
    pub fn samples(&self) -> String {
        let path = self.source.split(['?', '#']).next().unwrap_or_default();
        let authority = "https://".len() + self.host.len();
        match path.rfind('/') {
            Some(at) if at >= authority => format!("{}/samples.jsonl", &path[..at]),
            _ => format!("{path}/samples.jsonl"),
        }
    }

    /// Whether these bytes are the card that is named, and if not, the digest that they have.
    pub fn names(&self, card: &[u8]) -> Result<Named, crate::Error> {
        let id = crate::identity(card)?;
        let found = id.strip_prefix("sha256:").unwrap_or(&id);
        Ok(if found == self.hash { Named::This } else { Named::Another { found: found.to_owned() } })
    }
}

/// What an address gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// The card that the reference names.
    This,
    /// Another card.
    Another {
        /// Its digest.
        found: String,
    },
}

/// The host of an address.
fn host(address: &str) -> Result<&str, ReferenceError> {
    let rest = address.strip_prefix("https://").ok_or(ReferenceError::Scheme)?;
    let allowed =
        |b: u8| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}');
    if address.len() > MAX_ADDRESS || !address.bytes().all(allowed) {
        return Err(ReferenceError::Characters);
    }
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    let dotted = name.split('.').count() > 1 && name.split('.').all(|label| !label.is_empty());
    let number = port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    if plain && dotted && number { Ok(host) } else { Err(ReferenceError::Host) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn a_reference_comes_back_as_it_was_written() {
        for (source, host, samples) in [
            (
                "https://files.example.org:8443/a%20b/card.json?v=1&w=2",
                "files.example.org:8443",
                "https://files.example.org:8443/a%20b/samples.jsonl",
            ),
            ("https://a.example", "a.example", "https://a.example/samples.jsonl"),
            ("https://a.example/card.json#x/y", "a.example", "https://a.example/samples.jsonl"),
        ] {
            let reference = Reference::new(HASH, source).unwrap();
            assert_eq!(Reference::read(&format!("#{}", reference.write())), Ok(Some(reference.clone())));
            assert_eq!((reference.host.as_str(), reference.samples().as_str()), (host, samples));
        }
        assert_eq!(Reference::read("#"), Ok(None));
    }

    #[test]
    fn what_is_no_reference_is_refused_by_its_reason() {
        use ReferenceError::{Characters, Hash, Host, Missing, Scheme, Text, Twice};
        let with = |source: &str| format!("h={HASH}&src={source}");
        for (text, error) in [
            ("src=https%3A%2F%2Fa.example%2Fc".to_owned(), Missing { part: "h" }),
            (format!("h={HASH}"), Missing { part: "src" }),
            (format!("h={HASH}&{}", with("https://a.example/c")), Twice { part: "h" }),
            (format!("h={}&src=https://a.example/c", HASH.to_uppercase()), Hash),
            (with("%FF"), Text),
            (with("http%3A%2F%2Fa.example%2Fc"), Scheme),
            (with("javascript:ran()"), Scheme),
            (with("data:text/html,x"), Scheme),
            (with("https://known.example@evil.example/c"), Host),
            (with("https://localhost/c"), Host),
            (with("https://.example/c"), Host),
            (with("https://a.example:99999/c"), Host),
            (with("https://a.example:+80/c"), Host),
            (with("https://EXAMPLE.org/c"), Host),
            (with("https://a.example%5C@b.example/c"), Characters),
            (with("https://%D0%B0.example/c"), Characters),
            (with("https://a.example/%0A"), Characters),
            (with(&format!("https://a.example/{}", "a".repeat(MAX_ADDRESS))), Characters),
        ] {
            assert_eq!(Reference::read(&text), Err(error), "{text}");
        }
    }

    #[test]
    fn another_card_than_the_one_that_is_named_is_told() {
        let card = include_bytes!("../tests/fixtures/compare/demo/card.json");
        let id = crate::identity(card).unwrap();
        let named = |hash: &str| Reference::new(hash, "https://a.example/c").unwrap().names(card).unwrap();
        assert_eq!(named(&id["sha256:".len()..]), Named::This);
        assert_eq!(named(HASH), Named::Another { found: id["sha256:".len()..].to_owned() });
    }
}

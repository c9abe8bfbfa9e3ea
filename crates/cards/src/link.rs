//! Permalinks that hold a card in themselves: `#1.<p>`, where `p` is the base64url of the deflated canonical JSON of the
//! compact form (design of cards, section 4).
//!
//! A link is hostile input. Reading stops at the first thing that is wrong, before anything of its size is made.

use std::io::{Read, Write};

use data_encoding::BASE64URL_NOPAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::{Compact, Error, canonical::parse_canonical, canonical::to_canonical};

/// What begins a link of this version.
pub const LINK_VERSION: &str = "1.";
/// Characters that most places keep; a producer says so beyond.
pub const SHORT_LINK: usize = 2_000;
/// Characters that a producer makes at most; beyond, the card goes as a file.
pub const LONG_LINK: usize = 8_000;
/// Characters that are read at most.
pub const MAX_LINK: usize = 16_384;
/// Bytes of JSON that a link may hold.
pub const MAX_LINK_JSON: usize = 256 * 1024;

/// Why a link shows no card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Nothing after the `#`.
    #[error("the link holds no card: paste a link, or open a card file")]
    Empty,
    /// More than is read.
    #[error("the link has {found} characters, more than the {MAX_LINK} that are read: ask for the card as a file")]
    TooLong {
        /// Characters found.
        found: usize,
    },
    /// No version that this copy reads.
    #[error("the link is of a newer format ({found}), and this copy reads 1: open it on a newer copy of the site")]
    Version {
        /// What stands before the dot.
        found: String,
    },
    /// A character that no link has.
    #[error("the link is damaged at character {at}: copy it again as a whole")]
    Character {
        /// Place, from 1.
        at: usize,
    },
    /// The compressed data end too early.
    #[error("the link is cut off: copy it again, or ask for the card as a file")]
    CutOff,
    /// The compressed data are no deflate stream.
    #[error("the link is damaged, its contents cannot be unpacked: copy it again, or ask for the card as a file")]
    Damaged,
    /// Something follows the compressed data.
    #[error("the link has {found} bytes after its end: copy it again as a whole")]
    Trailing {
        /// Bytes left.
        found: usize,
    },
    /// It unpacks to more than a card has.
    #[error("the link unpacks to more than {MAX_LINK_JSON} bytes, which no card does; it was not opened")]
    Inflates,
    /// What is inside is no compact card.
    #[error("the link holds no card that this copy can read: {0}")]
    Card(Error),
}

impl Compact {
    /// The link's part after `#`.
    pub fn to_link(&self) -> Result<String, Error> {
        self.validate()?;
        let json = to_canonical(self)?;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let packed = encoder.write_all(json.as_bytes()).and_then(|()| encoder.finish());
        let packed = packed.map_err(|e| Error::Write { message: e.to_string() })?;
        Ok(format!("{LINK_VERSION}{}", BASE64URL_NOPAD.encode(&packed)))
    }

    /// Reads the part of a link after `#`, without view state.
    pub fn from_link(fragment: &str) -> Result<Self, LinkError> {
        if fragment.is_empty() {
            return Err(LinkError::Empty);
        }
        if fragment.len() > MAX_LINK {
            return Err(LinkError::TooLong { found: fragment.chars().count() });
        }
        let Some(packed) = fragment.strip_prefix(LINK_VERSION) else { return Err(no_version(fragment)) };
        let packed = decode(packed)?;
        let json = inflate(&packed)?;
        let compact: Self = parse_canonical(&json, "the link", MAX_LINK_JSON).map_err(LinkError::Card)?;
        compact.validate().map_err(LinkError::Card)?;
        Ok(compact)
    }
}

/// A number before a dot is a version; anything else is damage.
fn no_version(fragment: &str) -> LinkError {
    match fragment.split_once('.') {
        Some((version, _))
            if !version.is_empty() && version.len() <= 4 && version.bytes().all(|b| b.is_ascii_digit()) =>
        {
            LinkError::Version { found: version.to_owned() }
        }
        _ => LinkError::Character { at: 1 },
    }
}

fn decode(packed: &str) -> Result<Vec<u8>, LinkError> {
    let alphabet = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if let Some(at) = packed.chars().position(|c| !alphabet(c)) {
        return Err(LinkError::Character { at: LINK_VERSION.len() + at + 1 });
    }
    // One character too many holds no byte: the link was cut, and so were spare bits that are not zero.
    BASE64URL_NOPAD.decode(packed.as_bytes()).map_err(|_| LinkError::CutOff)
}

fn inflate(packed: &[u8]) -> Result<Vec<u8>, LinkError> {
    let mut decoder = DeflateDecoder::new(packed);
    let mut json = Vec::new();
    let mut block = [0; 4096];
    loop {
        match decoder.read(&mut block) {
            Ok(0) => break,
            Ok(n) => json.extend_from_slice(&block[..n]),
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Err(LinkError::CutOff),
            Err(_) => return Err(LinkError::Damaged),
        }
        if json.len() > MAX_LINK_JSON {
            return Err(LinkError::Inflates);
        }
    }
    match packed.len() - decoder.total_in() as usize {
        0 => Ok(json),
        found => Err(LinkError::Trailing { found }),
    }
}

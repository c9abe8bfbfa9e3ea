//! A short list of Gemma 3 files that are known to be of use here.
//!
//! Sizes are for orientation before anything is asked; what is fetched is what the hub's answer says. Those marked as rounded were
//! read off lists that others keep of these files; those of Google's two 270M models are 268,098,176 parameters of 2 bytes and
//! the tokenizer files of the same family. A hash stands here only where a source states it; for every other file the hub's
//! answer brings its own.

use crate::{HubRef, Repo};

/// Where Gemma's terms are.
pub const GEMMA_TERMS: &str = "https://ai.google.dev/gemma/terms";

/// The notice that section 3.1 of the terms asks for.
pub const GEMMA_NOTICE: &str =
    "Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms";

/// How much there is to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// So many bytes.
    Exact(u64),
    /// Rounded as the listing shows it.
    About(u64),
}

impl Size {
    /// In bytes.
    pub fn bytes(self) -> u64 {
        match self {
            Self::Exact(bytes) | Self::About(bytes) => bytes,
        }
    }
}

/// Who may fetch it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Open,
    /// Those who accepted the licence on the repository's page, with a token.
    Gated,
}

/// A model that is known.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Short name.
    pub id: &'static str,
    /// `OWNER/NAME`.
    pub repo: &'static str,
    /// The commit that size and hash are of, where they are pinned.
    pub revision: Option<&'static str>,
    /// One file of it; the model's files when left out.
    pub file: Option<&'static str>,
    /// What it is.
    pub about: &'static str,
    /// All that is fetched.
    pub size: Size,
    /// SHA-256, where a source states it.
    pub sha256: Option<&'static str>,
    /// Who may.
    pub access: Access,
}

impl Known {
    /// As the hub names it.
    pub fn reference(&self) -> HubRef {
        let own = |text: &str| text.to_owned();
        // The names are checked by a test.
        HubRef {
            repo: Repo::parse(self.repo).unwrap_or_else(|| unreachable!("a checked name")),
            revision: self.revision.map(own),
            file: self.file.map(own),
        }
    }
}

/// The list, smallest model first.
pub const KNOWN: &[Known] = &[
    // 291,545,600 bytes and the hash: the LFS object id at this commit, which two public projects pin as well, one of
    // them as the Nix hash sha256-DvV9LIOEWKGVJmQmDcujjlvdo3SU869zLwbkrdJAaOM=.
    Known {
        id: "gemma-3-270m-it-q8_0",
        repo: "ggml-org/gemma-3-270m-it-GGUF",
        revision: Some("e7647be17ae1108f2f605ed061ca0608b171afff"),
        file: Some("gemma-3-270m-it-Q8_0.gguf"),
        about: "270M, tuned, 8 bits",
        size: Size::Exact(291_545_600),
        sha256: Some("0ef57d2c838458a1952664260dcba38e5bdda37494f3af732f06e4add24068e3"),
        access: Access::Open,
    },
    Known {
        id: "gemma-3-270m-it-q4_0",
        repo: "unsloth/gemma-3-270m-it-GGUF",
        revision: None,
        file: Some("gemma-3-270m-it-Q4_0.gguf"),
        about: "270M, tuned, 4 bits",
        size: Size::About(242_000_000),
        sha256: None,
        access: Access::Open,
    },
    Known {
        id: "gemma-3-270m",
        repo: "google/gemma-3-270m",
        revision: None,
        file: None,
        about: "270M, base, bf16",
        size: Size::About(575_000_000),
        sha256: None,
        access: Access::Gated,
    },
    Known {
        id: "gemma-3-270m-it",
        repo: "google/gemma-3-270m-it",
        revision: None,
        file: None,
        about: "270M, tuned, bf16",
        size: Size::About(575_000_000),
        sha256: None,
        access: Access::Gated,
    },
    Known {
        id: "gemma-3-1b-it-q4_k_m",
        repo: "unsloth/gemma-3-1b-it-GGUF",
        revision: None,
        file: Some("gemma-3-1b-it-Q4_K_M.gguf"),
        about: "1B, tuned, 4 bits",
        size: Size::About(806_000_000),
        sha256: None,
        access: Access::Open,
    },
    Known {
        id: "gemma-3-1b-it-q8_0",
        repo: "lmstudio-community/gemma-3-1b-it-GGUF",
        revision: None,
        file: Some("gemma-3-1b-it-Q8_0.gguf"),
        about: "1B, tuned, 8 bits",
        size: Size::About(1_070_000_000),
        sha256: None,
        access: Access::Open,
    },
    Known {
        id: "gemma-3-1b-pt",
        repo: "google/gemma-3-1b-pt",
        revision: None,
        file: None,
        about: "1B, base, bf16",
        size: Size::About(2_040_000_000),
        sha256: None,
        access: Access::Gated,
    },
    Known {
        id: "gemma-3-1b-it",
        repo: "google/gemma-3-1b-it",
        revision: None,
        file: None,
        about: "1B, tuned, bf16",
        size: Size::About(2_040_000_000),
        sha256: None,
        access: Access::Gated,
    },
];

/// The known model of that name, upper or lower case.
pub fn known(id: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.id.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Digest;

    #[test]
    fn every_known_model_is_named_rightly_and_once() {
        for (i, known) in KNOWN.iter().enumerate() {
            let named = known.reference().to_string();
            assert_eq!(HubRef::parse(&named), Some(known.reference()), "{}", known.id);
            assert!(known.sha256.is_none_or(|hex| Digest::sha256(hex).is_some()), "{}", known.id);
            // A hash is of one file at one commit.
            assert!(known.sha256.is_none() || (known.file.is_some() && known.revision.is_some()), "{}", known.id);
            assert!(KNOWN.iter().skip(i + 1).all(|other| other.id != known.id), "{}", known.id);
            assert!(!known.id.contains('/') && known.size.bytes() > 0);
        }
    }
}

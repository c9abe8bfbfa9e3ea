//! What a download leaves behind.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

/// A file that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of it, lower-case hexadecimal.
    pub sha256: String,
    /// What was compared.
    pub checked: Checked,
}

/// What is kept beside the bytes of an unfinished download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// Version of this form.
    v: u32,
    /// SHA-256 of the address: what stands after its `?` may be a secret.
    address: String,
    /// The entity tag, or the time of the last change.
    pub validator: Option<String>,
    /// The length of the whole file.
    pub total: Option<u64>,
}

impl Saved {
    pub(super) fn new(url: &Url, validator: Option<String>, total: Option<u64>) -> Self {
        Self { v: 1, address: hashed(url), validator, total }
    }

    /// Whether it is about this address.
    pub fn is_of(&self, url: &Url) -> bool {
        self.v == 1 && self.address == hashed(url)
    }
}

fn hashed(url: &Url) -> String {
    HEXLOWER.encode(&Sha256::digest(url.as_str()))
}

/// Whether a file's hash was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// With the one stated for it.
    Hash,
    /// None was stated: only its length was.
    Length,
}

impl From<bool> for Checked {
    fn from(hash: bool) -> Self {
        if hash { Self::Hash } else { Self::Length }
    }
}

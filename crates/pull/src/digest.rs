//! What a file must hash to.

use data_encoding::HEXLOWER;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// The hash that a file must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Digest {
    /// SHA-256 of the content: the object id of Git LFS.
    Sha256([u8; 32]),
    /// SHA-1 of `blob LENGTH`, a zero byte and the content: the object id of Git, for the small files of a repository.
    GitBlob([u8; 20]),
}

impl Digest {
    /// SHA-256 from 64 hexadecimal digits.
    pub fn sha256(hex: &str) -> Option<Self> {
        decode(hex).map(Self::Sha256)
    }

    /// A Git object id from 40 hexadecimal digits.
    pub fn git_blob(hex: &str) -> Option<Self> {
        decode(hex).map(Self::GitBlob)
    }

    /// Lower-case hexadecimal: the name of the file's blob in the hub's cache.
    pub fn hex(&self) -> String {
        match self {
            Self::Sha256(bytes) => HEXLOWER.encode(bytes),
            Self::GitBlob(bytes) => HEXLOWER.encode(bytes),
        }
    }

    /// The name of the function.
    pub fn function(&self) -> &'static str {
        match self {
            Self::Sha256(_) => "SHA-256",
            Self::GitBlob(_) => "Git object id",
        }
    }
}

fn decode<const N: usize>(hex: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(hex.to_ascii_lowercase().as_bytes()).ok()?.try_into().ok()
}

/// Hashes a file while it streams.
#[derive(Clone, Debug)]
pub struct Hasher {
    sha256: Sha256,
    git: Option<Sha1>,
}

impl Hasher {
    /// For a file that must have `wanted`, if anything; Git's id needs the length beforehand.
    pub fn new(wanted: Option<&Digest>, len: Option<u64>) -> Self {
        let git = match (wanted, len) {
            (Some(Digest::GitBlob(_)), Some(len)) => Some(Sha1::new().chain_update(format!("blob {len}\0"))),
            _ => None,
        };
        Self { sha256: Sha256::new(), git }
    }

    /// The next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some(git) = &mut self.git {
            git.update(bytes);
        }
    }

    /// SHA-256 of all bytes, and the hash comparable with `wanted`.
    pub fn finish(self, wanted: Option<&Digest>) -> (String, Option<Digest>) {
        let sha256: [u8; 32] = self.sha256.finalize().into();
        let found = match wanted {
            Some(Digest::Sha256(_)) => Some(Digest::Sha256(sha256)),
            Some(Digest::GitBlob(_)) => self.git.map(|git| Digest::GitBlob(git.finalize().into())),
            None => None,
        };
        (HEXLOWER.encode(&sha256), found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashed(wanted: &Digest, pieces: &[&[u8]]) -> Option<Digest> {
        let len = pieces.iter().map(|p| p.len() as u64).sum();
        let mut hasher = Hasher::new(Some(wanted), Some(len));
        for piece in pieces {
            hasher.update(piece);
        }
        hasher.finish(Some(wanted)).1
    }

    #[test]
    fn hashes_are_those_of_sha256sum_and_git() {
        // `printf abc | sha256sum` and `printf abc | git hash-object --stdin`.
        let sha = Digest::sha256("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").unwrap();
        let git = Digest::git_blob("f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f").unwrap();
        assert_eq!(hashed(&sha, &[b"a", b"bc"]), Some(sha.clone()));
        assert_eq!(hashed(&git, &[b"ab", b"c"]), Some(git.clone()));
        assert_ne!(hashed(&git, &[b"ab", b"d"]), Some(git));
    }

    #[test]
    fn what_is_no_hash_is_none() {
        for bad in ["", "ba78", &"g".repeat(64), &"a".repeat(65), &"a".repeat(40)] {
            assert_eq!(Digest::sha256(bad), None, "{bad}");
        }
        assert!(Digest::git_blob(&"A".repeat(40)).is_some());
    }
}

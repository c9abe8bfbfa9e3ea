//! Which weights these are: SHA-256 of each file, and one hash over all of them.

use std::rc::Rc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, invalid, quote};
use crate::source::{Source, base_name, read_into};

/// A weight file's identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileHash {
    /// File name without folders.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, lower-case hexadecimal.
    pub sha256: String,
}

/// The identity of a set of weight files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hashes {
    /// One per file, sorted by name.
    pub files: Vec<FileHash>,
    /// SHA-256 of the canonical JSON (RFC 8785) of `files`, lower-case hexadecimal.
    pub weights_sha256: String,
}

/// Bytes read at a time.
const CHUNK: u64 = 1 << 20;

/// Hashes each file, streamed, and then the list of `{name, bytes, sha256}`.
///
/// `progress` gets the bytes read so far, over all files.
///
/// # Errors
/// [`Error::Read`] where a source fails, [`Error::Invalid`] where two files have one name.
pub fn hash_files(files: &[Rc<dyn Source>], progress: &mut dyn FnMut(u64)) -> Result<Hashes, Error> {
    let mut sorted: Vec<&dyn Source> = files.iter().map(Rc::as_ref).collect();
    sorted.sort_by_key(|file| base_name(*file));
    for pair in sorted.windows(2) {
        if let [a, b] = pair
            && base_name(*a) == base_name(*b)
        {
            return Err(invalid(a.name(), "the list of files", "distinct file names", quote(base_name(*b))));
        }
    }
    let mut done = 0;
    let mut hashes = Vec::with_capacity(sorted.len());
    for file in sorted {
        hashes.push(FileHash {
            name: base_name(file).to_owned(),
            bytes: file.len_bytes(),
            sha256: hash_file(file, &mut done, progress)?,
        });
    }
    let canonical = serde_json_canonicalizer::to_vec(&hashes)
        .map_err(|error| invalid("the list of files", "canonical JSON", "file names and sizes", error.to_string()))?;
    let weights_sha256 = hex(&Sha256::digest(&canonical));
    Ok(Hashes { files: hashes, weights_sha256 })
}

fn hash_file(file: &dyn Source, done: &mut u64, progress: &mut dyn FnMut(u64)) -> Result<String, Error> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; file.len_bytes().min(CHUNK) as usize];
    let mut offset = 0;
    while offset < file.len_bytes() {
        let len = (file.len_bytes() - offset).min(CHUNK);
        let chunk = buffer.get_mut(..len as usize).unwrap_or_default();
        read_into(file, offset, chunk)?;
        hasher.update(&*chunk);
        offset += len;
        *done += len;
        progress(*done);
    }
    Ok(hex(&hasher.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

//! What a file looks like that is not what it should be.

use crate::error::Error;
use crate::source::{Source, read_into};

/// Bytes that are enough to tell.
const PEEK: u64 = 512;

/// The error for a file that does not begin as `expected` does; `help` is used where the file gives no better advice.
pub(crate) fn wrong_file(source: &dyn Source, expected: &'static str, help: &'static str) -> Error {
    let mut head = vec![0; source.len_bytes().min(PEEK) as usize];
    if let Err(error) = read_into(source, 0, &mut head) {
        return error;
    }
    let (found, better) = looks_like(&head, source.len_bytes());
    Error::WrongFile { file: source.name().to_owned(), expected, found, help: better.unwrap_or(help) }
}

/// How files begin that people mistake for a model, and what to do then.
const BEGINNINGS: &[(&[u8], &str, Option<&str>)] = &[
    (b"GGUF", "a GGUF file", Some("pass it as a GGUF file, by its own name")),
    (b"PK\x03\x04", "a ZIP archive, such as a PyTorch checkpoint", Some(CONVERT)),
    (b"\x80\x02", "a Python pickle", Some(CONVERT)),
    (b"\x80\x03", "a Python pickle", Some(CONVERT)),
    (b"\x80\x04", "a Python pickle", Some(CONVERT)),
    (b"\x80\x05", "a Python pickle", Some(CONVERT)),
    (b"tjgg", "a GGML file from before GGUF", Some(CONVERT)),
    (b"fmgg", "a GGML file from before GGUF", Some(CONVERT)),
    (b"lmgg", "a GGML file from before GGUF", Some(CONVERT)),
    (b"\x89HDF", "an HDF5 file", Some(CONVERT)),
    (b"\x93NUMPY", "a NumPy array", Some(CONVERT)),
    (b"\x1f\x8b", "a gzip archive", Some("unpack it first")),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", Some("unpack it first")),
    (b"version https://git-lfs", "a git-lfs pointer", Some("run `git lfs pull`, or download the file itself")),
];

const CONVERT: &str = "convert it to GGUF or safetensors";
const NOT_A_FILE: &str = "the server sent a page instead of the file: download it again, signed in if need be";

fn looks_like(head: &[u8], len: u64) -> (String, Option<&'static str>) {
    if head.is_empty() {
        return ("an empty file".to_owned(), Some("download it again"));
    }
    if let Some((_, name, help)) = BEGINNINGS.iter().find(|(magic, _, _)| head.starts_with(magic)) {
        return ((*name).to_owned(), *help);
    }
    let text = head.trim_ascii_start().to_ascii_lowercase();
    if text.starts_with(b"<!doctype html") || text.starts_with(b"<html") {
        return ("an HTML page".to_owned(), Some(NOT_A_FILE));
    }
    if text.starts_with(b"{") {
        return ("JSON text".to_owned(), Some("pass the model file, or the folder that holds it"));
    }
    if head.iter().all(|byte| *byte == 0) {
        return ("zeros, as an unfinished download leaves them".to_owned(), Some("download it again"));
    }
    if let Some((length, rest)) = head.split_first_chunk::<8>()
        && rest.first() == Some(&b'{')
        && u64::from_le_bytes(*length) < len
    {
        return ("a safetensors file".to_owned(), Some("pass it by a name that ends in .safetensors"));
    }
    let start: Vec<String> = head.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    (format!("a file that begins with bytes {}", start.join(" ")), None)
}

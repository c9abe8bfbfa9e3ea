//! Files of the user's, whole but bounded.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};

/// The bytes of a file, or of stdin for `-`. One of more than `most` bytes is refused, a folder too.
pub fn bytes(path: &Path, most: usize) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = most as u64 + 1;
    if path == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).context("cannot read stdin")?;
    } else {
        if path.is_dir() {
            bail!("{} is a folder: name a file", path.display());
        }
        let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
        file.take(limit).read_to_end(&mut bytes).with_context(|| format!("cannot read {}", path.display()))?;
    }
    if bytes.len() > most {
        bail!("{} has more than the {most} bytes that are read", name(path));
    }
    Ok(bytes)
}

/// The same as text. What is no UTF-8 stays visible as such; files that Windows writes in UTF-16 are read.
pub fn text(path: &Path, most: usize) -> anyhow::Result<String> {
    let bytes = bytes(path, most)?;
    let wide = |pair: fn([u8; 2]) -> u16| -> String {
        let units = bytes.chunks_exact(2).skip(1).filter_map(|c| c.try_into().ok());
        char::decode_utf16(units.map(pair)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    Ok(match bytes.as_slice() {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        all => String::from_utf8_lossy(all).into_owned(),
    })
}

/// A file as a sentence names it.
pub fn name(path: &Path) -> String {
    if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() }
}

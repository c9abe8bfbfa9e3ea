//! Byte tokens: `<0x00>` to `<0xFF>`, which spell characters outside the vocabulary.

/// The byte that a piece such as `<0x0A>` stands for; capital hexadecimal digits, as SentencePiece writes them.
pub(crate) fn value(piece: &str) -> Option<u8> {
    let digits = piece.strip_prefix("<0x")?.strip_suffix('>')?;
    let upper = |b: u8| b.is_ascii_digit() || (b'A'..=b'F').contains(&b);
    if digits.len() != 2 || !digits.bytes().all(upper) {
        return None;
    }
    u8::from_str_radix(digits, 16).ok()
}

/// The piece that stands for a byte.
pub(crate) fn piece(byte: u8) -> String {
    format!("<0x{byte:02X}>")
}

/// Appends a finished run of byte tokens to `out`, and empties it.
///
/// A run that is not UTF-8 gives one U+FFFD per byte, the rule of Hugging Face's `ByteFallback` decoder.
pub(crate) fn flush(run: &mut Vec<u8>, out: &mut String) {
    match std::str::from_utf8(run) {
        Ok(text) => out.push_str(text),
        Err(_) => out.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, run.len())),
    }
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_one_spelling() {
        for byte in 0..=u8::MAX {
            assert_eq!(value(&piece(byte)), Some(byte));
        }
        for not in ["<0x0a>", "<0x0>", "<0x000>", "0x0A", "<0x+1>", "<0xè>", ""] {
            assert_eq!(value(not), None, "{not}");
        }
    }
}

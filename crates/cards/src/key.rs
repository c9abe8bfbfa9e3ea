//! The short name of a card in an address: `/r/<k>/` (design of cards, section 4).

use data_encoding::{BASE32_NOPAD, HEXLOWER};

/// Characters of a key: 26 of 5 bits are 130 bits of the digest.
const KEY_CHARS: usize = 26;

/// The first 26 characters of the lower-case base32 (RFC 4648) of an id's digest; nothing for what is no id.
pub fn card_key(id: &str) -> Option<String> {
    let digest = HEXLOWER.decode(id.strip_prefix("sha256:")?.as_bytes()).ok().filter(|d| d.len() == 32)?;
    let mut key = BASE32_NOPAD.encode(&digest).to_lowercase();
    key.truncate(KEY_CHARS);
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::card_key;

    #[test]
    fn a_key_is_the_begin_of_the_digest_in_base32() {
        // SHA-256 of no bytes; its base32 computed with Python's base64.b32encode.
        let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(card_key(empty).as_deref(), Some("4oymiquy7qobjgx36tejs35zeq"));
        for wrong in ["", "sha256:", "sha256:e3b0", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]
        {
            assert_eq!(card_key(wrong), None);
        }
    }
}

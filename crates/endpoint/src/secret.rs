//! The key of an endpoint.

use crate::Error;

/// A key that is sent to its endpoint and shown nowhere.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A key: printable ASCII characters. White space around it, as files and shells leave it, is taken off.
    pub fn new(key: &str) -> Result<Self, Error> {
        let key = key.trim();
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::Key);
        }
        Ok(Self(key.to_owned()))
    }

    /// The value of the `Authorization` header.
    pub fn bearer(&self) -> Result<reqwest::header::HeaderValue, Error> {
        let mut value: reqwest::header::HeaderValue = ["Bearer ", &self.0].concat().parse().map_err(|_| Error::Key)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// A text in which the key does not stand, whoever wrote it.
    pub(crate) fn hide(&self, text: &str) -> String {
        text.replace(&self.0, "[key]")
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sent_and_never_shown() {
        let key = Secret::new(" sk-123\n").unwrap();
        assert_eq!(key.bearer().unwrap().to_str().unwrap(), "Bearer sk-123");
        for shown in [format!("{key:?}"), format!("{:?}", key.bearer().unwrap()), key.hide("wrong key sk-123!")] {
            assert!(!shown.contains("123"), "{shown}");
        }
        for bad in ["", "  ", "a b", "sk-\u{e9}", "a\nb"] {
            assert!(matches!(Secret::new(bad), Err(Error::Key)), "{bad:?}");
        }
    }
}

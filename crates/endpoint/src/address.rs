//! Where an endpoint is.

use reqwest::Url;

use crate::Error;

/// The address of an API: `http` or `https`, a host, perhaps a port, perhaps a path that ends in `/v1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address. Names, passwords, queries and fragments in it are refused.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Address { found: crate::error::shown(text) };
        let mut url = Url::parse(text.trim()).map_err(|_| wrong())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|h| !h.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !plain {
            return Err(wrong());
        }
        let path = match url.path().trim_end_matches('/') {
            "" => "/v1".to_owned(),
            path if path.ends_with("/v1") => path.to_owned(),
            _ => return Err(wrong()),
        };
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The address of one of the API's resources, such as `chat/completions`.
    pub(crate) fn resource(&self, name: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&[self.0.path(), "/", name].concat());
        url
    }

    /// Host and port, for messages.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Would a key travel unencrypted over a network?
    pub fn is_exposed(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default();
        let here = host == "localhost" || host == "[::1]" || host.starts_with("127.");
        self.0.scheme() == "http" && !here
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_their_forms() {
        for (text, whole, host) in [
            ("http://localhost:8080", "http://localhost:8080/v1", "localhost:8080"),
            (" http://127.0.0.1:8000/v1/ ", "http://127.0.0.1:8000/v1", "127.0.0.1:8000"),
            ("https://api.example.org/openai/v1", "https://api.example.org/openai/v1", "api.example.org"),
            ("HTTPS://API.example.org/", "https://api.example.org/v1", "api.example.org"),
            ("http://[::1]:9", "http://[::1]:9/v1", "[::1]:9"),
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!((address.to_string().as_str(), address.host().as_str()), (whole, host));
            let resource = address.resource("chat/completions").to_string();
            assert_eq!(resource, [whole, "/chat/completions"].concat());
        }
    }

    #[test]
    fn what_is_no_address_is_refused_by_a_sentence() {
        for text in [
            "",
            "localhost:8080",
            "ftp://host/v1",
            "http://",
            "http://user:word@host/v1",
            "http://host/v1?key=1",
            "http://host/v1#x",
            "http://host/chat/completions",
            "file:///etc/passwd",
        ] {
            let error = Address::parse(text).unwrap_err().to_string();
            assert!(error.contains("is no address of an endpoint"), "{error}");
        }
        // A password in a refused address is not repeated.
        assert!(!Address::parse("http://user:word@host/v1").unwrap_err().to_string().contains("word"));
    }

    #[test]
    fn a_key_is_safe_over_https_and_on_this_machine() {
        let exposed = |text| Address::parse(text).unwrap().is_exposed();
        assert!(exposed("http://192.168.1.2:8000") && exposed("http://example.org"));
        assert!(!exposed("http://localhost:1") && !exposed("http://127.0.0.1") && !exposed("https://example.org"));
    }
}

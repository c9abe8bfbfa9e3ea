//! What can go wrong, one sentence each.

/// Most characters of a server's own words in a message.
const SAID_CHARS: usize = 160;

/// Why an endpoint could not be asked. Texts of the server are clipped, on one line, and never contain the key.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not an address of the accepted forms.
    #[error(
        "{found} is no address of an endpoint: give http://HOST:PORT or https://HOST, with or without /v1, and the key by --api-key-env"
    )]
    Address {
        /// What was given, without a password.
        found: String,
    },
    /// A key that no header can carry.
    #[error("the key is empty, or has characters that cannot be sent: it must be printable ASCII without spaces")]
    Key,
    /// The client could not be set up.
    #[error("connections cannot be made on this machine: {cause}")]
    Setup {
        /// Why.
        cause: String,
    },
    /// Nobody listens, or the name is unknown, or TLS failed.
    #[error("no connection to {host}: {cause}; is the server running, and is the address right?")]
    Connect {
        /// Host and port.
        host: String,
        /// Why.
        cause: String,
    },
    /// No answer in time.
    #[error("{host} did not answer within {seconds} s: give it more time, or shorter work")]
    Timeout {
        /// Host and port.
        host: String,
        /// The limit.
        seconds: u64,
    },
    /// 401 or 403.
    #[error("{host} wants another key ({status}){said}")]
    Unauthorised {
        /// Host and port.
        host: String,
        /// 401 or 403.
        status: u16,
        /// Its own words.
        said: Said,
    },
    /// 404.
    #[error("{url} is not there (404): check the address and the model's name, {model}{said}")]
    NotFound {
        /// The resource asked for.
        url: String,
        /// The model asked for.
        model: String,
        /// Its own words.
        said: Said,
    },
    /// 429, however often it was tried.
    #[error("{host} allows no more requests now (429), and {waited}{said}")]
    Busy {
        /// Host and port.
        host: String,
        /// What was done about it.
        waited: String,
        /// Its own words.
        said: Said,
    },
    /// 5xx, however often it was tried.
    #[error("{host} failed with {status} at each of {tries} tries{said}")]
    Server {
        /// Host and port.
        host: String,
        /// The status of the last try.
        status: u16,
        /// Requests sent.
        tries: u32,
        /// Its own words.
        said: Said,
    },
    /// Any other status: this request cannot be answered.
    #[error("{host} does not take this request ({status}){said}")]
    Refused {
        /// Host and port.
        host: String,
        /// The status.
        status: u16,
        /// Its own words.
        said: Said,
    },
    /// A redirect to another host, or one that would change the request.
    #[error("{host} sends requests on to {to}, which nobody asked for: give that address if it is the right one")]
    Redirect {
        /// Host and port.
        host: String,
        /// Where to, without a query.
        to: String,
    },
    /// Something else than JSON.
    #[error("{host} answered with {what} instead of JSON: is this the address of the API?")]
    NotJson {
        /// Host and port.
        host: String,
        /// What it looks like.
        what: &'static str,
    },
    /// The connection ended before the answer did.
    #[error("the answer of {host} broke off")]
    Broken {
        /// Host and port.
        host: String,
    },
    /// An answer without end.
    #[error("the answer of {host} is longer than {limit_mb} MB")]
    TooLong {
        /// Host and port.
        host: String,
        /// The limit.
        limit_mb: usize,
    },
    /// JSON of another form.
    #[error("the answer of {host} is not what the API promises: {problem}")]
    Form {
        /// Host and port.
        host: String,
        /// What is missing or wrong.
        problem: String,
    },
}

/// A server's own words, if it had any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said(String);

impl Said {
    pub(crate) fn new(text: &str) -> Self {
        Self(shown(text))
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, "; it says: {}", self.0) }
    }
}

impl Error {
    /// Is it about this request alone, so that others may be answered?
    pub(crate) fn concerns_one_request(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }
}

/// A foreign text on one line, clipped, without hidden characters and without what stands before an `@`.
pub(crate) fn shown(text: &str) -> String {
    let text = text.trim();
    let text = match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) if text.find('@') > text.find("://") => {
            [scheme, "://[...]@", rest].concat()
        }
        _ => text.to_owned(),
    };
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut out: String = text.chars().take(SAID_CHARS).map(|c| if hidden(c) { ' ' } else { c }).collect();
    if text.chars().nth(SAID_CHARS).is_some() {
        out.push('…');
    }
    out
}

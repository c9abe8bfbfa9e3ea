//! Ways in which fetching a model fails: one sentence each, with what to do.

use crate::RESERVE;

/// Longest foreign text that is repeated.
const SHOWN_CHARS: usize = 200;

/// Why nothing was fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No form that names something.
    #[error(
        "{text:?} names nothing to fetch: give OWNER/NAME, OWNER/NAME:FILE, a name of the list of known models, or an https:// address"
    )]
    What {
        /// What was written.
        text: String,
    },
    /// An address that is not asked.
    #[error("{text} {problem}: give the https:// address of a file")]
    Address {
        /// The address, without what stands after `?`.
        text: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The hub's answer has another form than it promises.
    #[error(
        "{host} answered about {repo} in a form that is not understood ({problem}): try again later, or give the address of the file itself"
    )]
    Form {
        /// Who answered.
        host: String,
        /// About which repository.
        repo: String,
        /// What is missing or wrong.
        problem: String,
    },
    /// Nothing in a repository that can be run.
    #[error("{repo} holds no model file (.gguf or .safetensors): name another repository")]
    NoModel {
        /// The repository.
        repo: String,
    },
    /// Several files, of which one must be named.
    #[error("{repo} holds {n} model files: name one of them, as in {repo}:{example} ({names})")]
    Several {
        /// The repository.
        repo: String,
        /// How many.
        n: usize,
        /// One of them.
        example: String,
        /// The first of them.
        names: String,
    },
    /// A file that the repository does not have.
    #[error("{repo} has no file {file}: it has {names}")]
    NoFile {
        /// The repository.
        repo: String,
        /// What was asked for.
        file: String,
        /// What is there.
        names: String,
    },
    /// A known file that is another one at the hub.
    #[error(
        "{file} is known with {known}, and the hub states {found}: it was replaced; name the repository itself to take what is there now"
    )]
    NotTheKnown {
        /// The file.
        file: String,
        /// The hash on the list.
        known: String,
        /// The hash that the hub states.
        found: String,
    },
    /// A repository whose licence must be accepted.
    #[error("{repo} is gated: accept its licence at {page}, then {token}")]
    Gated {
        /// The repository.
        repo: String,
        /// Where to accept.
        page: String,
        /// What to do about the token.
        token: &'static str,
    },
    /// Not allowed.
    #[error("{host} refused the request ({status}): {what}")]
    Denied {
        /// Who.
        host: String,
        /// 401, 403 or 407.
        status: u16,
        /// What to do.
        what: &'static str,
    },
    /// Nothing there.
    #[error("{url} does not exist ({status}): {what}")]
    NotFound {
        /// The address, without what stands after `?`.
        url: String,
        /// 401, 404 or 410.
        status: u16,
        /// What to check.
        what: &'static str,
    },
    /// Another status.
    #[error("{host} answered {status} for {url}: {what}")]
    Status {
        /// Who.
        host: String,
        /// The status.
        status: u16,
        /// The address, without what stands after `?`.
        url: String,
        /// What to do.
        what: &'static str,
    },
    /// A server that wants to be left alone for longer than is waited.
    #[error("{host} asks to wait {seconds} s before the next request: run it again then, and it goes on")]
    Busy {
        /// Who.
        host: String,
        /// How long.
        seconds: u64,
    },
    /// Redirects without end.
    #[error(
        "{url} redirects in a circle or too often ({hops} times): the server is set up wrongly, or asks for a login"
    )]
    RedirectLoop {
        /// The address, without what stands after `?`.
        url: String,
        /// How many were followed.
        hops: usize,
    },
    /// A redirect to nowhere or to an unprotected address.
    #[error("{url} redirects to {to}, which is not followed: only https:// addresses are")]
    Redirect {
        /// The address, without what stands after `?`.
        url: String,
        /// Where to.
        to: String,
    },
    /// A web page in place of the file.
    #[error(
        "{url} gave a web page instead of the file: open it in a browser to see what it asks for, and give the address of the file itself"
    )]
    WebPage {
        /// The address, without what stands after `?`.
        url: String,
    },
    /// A pointer of Git LFS in place of the file.
    #[error("{url} gave a pointer of Git LFS instead of the file: use the address with /resolve/ in it")]
    LfsPointer {
        /// The address, without what stands after `?`.
        url: String,
    },
    /// No GGUF under a name that ends so.
    #[error("{url} gave something that is no GGUF file (it begins with {found}): check the address")]
    NotGguf {
        /// The address, without what stands after `?`.
        url: String,
        /// The first bytes.
        found: String,
    },
    /// An encoding that was not asked for.
    #[error(
        "{url} came encoded as {encoding}, though the plain bytes were asked for: ranges of it mean nothing; use another server"
    )]
    Encoded {
        /// The address, without what stands after `?`.
        url: String,
        /// The encoding.
        encoding: String,
    },
    /// Another range than the one asked for.
    #[error(
        "{url} gave the range {found} where the bytes from {asked} on were asked for: the server is faulty; use another"
    )]
    WrongRange {
        /// The address, without what stands after `?`.
        url: String,
        /// First byte asked for.
        asked: u64,
        /// The answer's `Content-Range`.
        found: String,
    },
    /// Another length.
    #[error("{url} has {found} bytes where {expected} were expected: it is another file, or it was replaced")]
    WrongLength {
        /// The address, without what stands after `?`.
        url: String,
        /// The length that it must have.
        expected: u64,
        /// The length that it has.
        found: u64,
    },
    /// More bytes than a document may have.
    #[error("{url} gave more than the {limit} bytes that are read")]
    TooLong {
        /// The address, without what stands after `?`.
        url: String,
        /// The limit.
        limit: u64,
    },
    /// A file that never stays the same.
    #[error(
        "{url} changed {times} times while it was fetched: wait until it is published whole, or name a fixed revision"
    )]
    Changed {
        /// The address, without what stands after `?`.
        url: String,
        /// How often.
        times: u32,
    },
    /// Other bytes than those meant.
    #[error("{url} is not the file meant: expected {function} {expected}, found {found}; what came was thrown away")]
    WrongHash {
        /// The address, without what stands after `?`.
        url: String,
        /// Which hash.
        function: &'static str,
        /// What it must be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A connection that does not hold.
    #[error(
        "the connection to {host} failed {tries} times ({cause}): check the network and run it again, and it goes on"
    )]
    TooManyTries {
        /// Who.
        host: String,
        /// How often.
        tries: u32,
        /// The last cause.
        cause: String,
    },
    /// No room.
    #[error("not enough room: {} MiB are needed and {} MiB are free, of which {} stay free: delete something, or choose another place", .needed.div_ceil(1 << 20), .available >> 20, RESERVE >> 20)]
    NoRoom {
        /// Bytes still to be written.
        needed: u64,
        /// Bytes free.
        available: u64,
    },
    /// An event that does not answer the last action.
    #[error("the download was driven wrongly ({event} after {state}): please report this")]
    Order {
        /// What came.
        event: &'static str,
        /// When.
        state: &'static str,
    },
}

impl Error {
    /// Whether what lies on the disk is still the beginning of the file, and worth going on from.
    pub fn keeps_partial(&self) -> bool {
        !matches!(
            self,
            Self::WebPage { .. }
                | Self::LfsPointer { .. }
                | Self::NotGguf { .. }
                | Self::WrongLength { .. }
                | Self::TooLong { .. }
                | Self::Changed { .. }
                | Self::WrongHash { .. }
        )
    }
}

/// A foreign text on one line, clipped, without control and invisible characters.
pub fn shown(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let text = text.trim();
    let mut out: String = text.chars().take(SHOWN_CHARS).map(|c| if hidden(c) { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN_CHARS).is_some() {
        out.push('…');
    }
    out
}

/// An address as a sentence shows it: what stands after `?` may be a signature, and is left out.
pub(crate) fn place(url: &url::Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Neither can fail: there is a host, or nothing to take off.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    shown(url.as_str())
}

/// Who is asked.
pub(crate) fn host(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| shown(host), |port| shown(&format!("{host}:{port}")))
}

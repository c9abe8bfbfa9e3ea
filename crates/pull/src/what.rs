//! What a user may name: a repository of the hub, a file of it, an address.

use std::borrow::Cow;

use url::{Host, Url};

use crate::known::known;
use crate::{Endpoint, Error, shown};

/// Longest name of a revision or a file that is taken.
const MAX_NAME: usize = 512;
/// The hub's own hosts, whose addresses name a repository.
const HUB_HOSTS: [&str; 3] = ["huggingface.co", "www.huggingface.co", "hf.co"];
/// Names that Windows gives to devices.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Something to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A repository of the hub, or a file in one.
    Hub(HubRef),
    /// Any other address.
    Address(Url),
}

/// `OWNER/NAME[@REVISION][:FILE]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubRef {
    /// The repository.
    pub repo: Repo,
    /// A branch, a tag or a commit; `main` when left out.
    pub revision: Option<String>,
    /// A path in the repository, or the name of a quantisation such as `Q8_0`.
    pub file: Option<String>,
}

/// `OWNER/NAME`, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repo(String);

impl Repo {
    /// Checks a name by the hub's rules: letters, digits, `-`, `_` and `.`; never `--` or `..`; at most 96 of them.
    pub fn parse(text: &str) -> Option<Self> {
        let (owner, name) = text.split_once('/')?;
        let part = |part: &str| {
            let edge = |c: char| c == '-' || c == '.';
            !part.is_empty()
                && part.len() <= 96
                && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
                && !part.starts_with(edge)
                && !part.ends_with(edge)
                && !part.contains("--")
                && !part.contains("..")
        };
        (part(owner) && part(name) && name.strip_suffix(".git").is_none()).then(|| Self(text.to_owned()))
    }

    /// `OWNER/NAME`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Repo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Display for HubRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.repo.as_str())?;
        if let Some(revision) = &self.revision {
            write!(f, "@{revision}")?;
        }
        self.file.as_ref().map_or(Ok(()), |file| write!(f, ":{file}"))
    }
}

impl HubRef {
    /// The revision asked for.
    pub fn revision(&self) -> &str {
        self.revision.as_deref().unwrap_or("main")
    }

    /// `OWNER/NAME[@REVISION][:FILE]`, perhaps after `hf:` or `hf://`; nothing where the text has another form.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("hf:").map_or(text, |rest| rest.strip_prefix("//").unwrap_or(rest));
        let (head, file) = match text.split_once(':') {
            Some((head, file)) => (head, Some(file)),
            None => (text, None),
        };
        let (repo, revision) = match head.split_once('@') {
            Some((repo, revision)) => (repo, Some(revision)),
            None => (head, None),
        };
        let right = file.is_none_or(is_safe_path) && revision.is_none_or(is_revision);
        right.then_some(())?;
        Some(Self { repo: Repo::parse(repo)?, revision: revision.map(str::to_owned), file: file.map(str::to_owned) })
    }
}

impl What {
    /// Reads what a user wrote: an address, a repository, or the short name of a known model.
    ///
    /// A path on the machine is for the caller to look at first.
    pub fn parse(text: &str, endpoint: &Endpoint) -> Result<Self, Error> {
        let text = text.trim();
        if let Some(known) = known(text) {
            return Ok(Self::Hub(known.reference()));
        }
        let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            Some("http" | "https") => {
                let url = address(text)?;
                of_hub(&url, endpoint).map_or(Ok(Self::Address(url)), |found| found.map(Self::Hub))
            }
            Some("hf") | None => HubRef::parse(text).map(Self::Hub).ok_or_else(|| unknown(text)),
            Some(_) => Err(unknown(text)),
        }
    }
}

fn unknown(text: &str) -> Error {
    Error::What { text: shown(text) }
}

/// An address that may be asked: HTTPS, or HTTP on this machine, without a password in it.
pub fn address(text: &str) -> Result<Url, Error> {
    let fault = |problem| Error::Address { text: shown(text.split(['?', '#']).next().unwrap_or_default()), problem };
    let mut url = Url::parse(text).map_err(|_| fault("is no address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::Address {
            text: "the address".to_owned(),
            problem: "holds a password, which is not sent: leave it out",
        });
    }
    if !is_safe(&url) {
        return Err(fault("is not asked, since only https:// is, and http:// on this machine"));
    }
    url.set_fragment(None);
    Ok(url)
}

/// HTTPS anywhere, HTTP on this machine: on the way nobody may change or read what is sent.
pub(crate) fn is_safe(url: &Url) -> bool {
    url.host().is_some() && (url.scheme() == "https" || (url.scheme() == "http" && is_here(url)))
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// The repository that an address of the hub is about: `/OWNER/NAME[/(tree|resolve|blob|raw)/REVISION[/FILE]]`.
fn of_hub(url: &Url, endpoint: &Endpoint) -> Option<Result<HubRef, Error>> {
    let host = url.host_str()?;
    let hub = HUB_HOSTS.contains(&host);
    if url.origin() != endpoint.url().origin() && !hub {
        return None;
    }
    let decoded = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8().map(Cow::into_owned).ok();
    let parts: Vec<String> = url.path_segments()?.filter(|p| !p.is_empty()).map(decoded).collect::<Option<_>>()?;
    let bad = || Error::Address { text: shown(&[host, url.path()].concat()), problem: "names no model of the hub" };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let found = match parts.as_slice() {
        [owner, name] => HubRef::parse(&format!("{owner}/{name}")),
        [owner, name, "tree", revision] => HubRef::parse(&format!("{owner}/{name}@{revision}")),
        [owner, name, "resolve" | "blob" | "raw", revision, path @ ..] if !path.is_empty() => {
            HubRef::parse(&format!("{owner}/{name}@{revision}:{}", path.join("/")))
        }
        _ => None,
    };
    // Another server in the hub's place may have other files besides.
    if found.is_none() && !hub { None } else { Some(found.ok_or_else(bad)) }
}

/// A branch, a tag, a commit, or `refs/pr/N`.
pub(crate) fn is_revision(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.split('/').all(|part| !part.is_empty() && !part.starts_with(['.', '-']) && !part.ends_with('.'))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
        && !text.contains("..")
}

/// A relative path that means the same file below a folder on every system, whoever wrote it.
pub(crate) fn is_safe_path(text: &str) -> bool {
    let part = |part: &str| {
        let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let bare = stem.trim_end_matches(|c: char| c.is_ascii_digit());
        let device = DEVICES.contains(&bare) && stem.len() <= 4;
        let foreign = part.chars().any(|c| c.is_control() || "\\:<>\"|?*".contains(c));
        // `.` and `..` end with a dot.
        let edge = part.is_empty() || part.ends_with(['.', ' ']) || part.starts_with(' ');
        !(device || foreign || edge)
    };
    text.len() <= MAX_NAME && text.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<What, Error> {
        What::parse(text, &Endpoint::default())
    }

    #[test]
    fn what_is_named_is_read_in_its_forms() {
        for (text, repo, revision, file) in [
            ("google/gemma-3-270m-it", "google/gemma-3-270m-it", None, None),
            ("hf:google/gemma-3-270m-it", "google/gemma-3-270m-it", None, None),
            ("hf://google/gemma-3-270m-it", "google/gemma-3-270m-it", None, None),
            ("unsloth/gemma-3-1b-it-GGUF:Q8_0", "unsloth/gemma-3-1b-it-GGUF", None, Some("Q8_0")),
            ("a/b@refs/pr/1:c/d.gguf", "a/b", Some("refs/pr/1"), Some("c/d.gguf")),
            ("a/b@v1.0", "a/b", Some("v1.0"), None),
            ("https://huggingface.co/a/b", "a/b", None, None),
            ("https://hf.co/a/b/tree/main", "a/b", Some("main"), None),
            ("https://huggingface.co/a/b/resolve/main/c/d.gguf?download=true", "a/b", Some("main"), Some("c/d.gguf")),
            ("https://huggingface.co/a/b/blob/refs%2Fpr%2F1/c.gguf", "a/b", Some("refs/pr/1"), Some("c.gguf")),
        ] {
            let What::Hub(found) = parse(text).unwrap() else { panic!("{text}") };
            assert_eq!(found.repo.as_str(), repo, "{text}");
            assert_eq!((found.revision.as_deref(), found.file.as_deref()), (revision, file), "{text}");
        }
        let What::Address(url) = parse(" https://example.org/m.gguf?key=1#x ").unwrap() else { panic!() };
        assert_eq!(url.as_str(), "https://example.org/m.gguf?key=1");
        assert!(matches!(parse("http://127.0.0.1:8080/m.gguf"), Ok(What::Address(_))));
    }

    #[test]
    fn what_names_nothing_is_refused_in_a_sentence() {
        for text in [
            "",
            "model.gguf",
            "../x/y",
            "/a/b",
            "a/b/c",
            "a--b/c",
            "a/b..c",
            "a/b.git",
            "-a/b",
            "a/b:",
            "a/b:../c",
            "a/b:/etc/passwd",
            "a/b:c\\d",
            "a/b:nul.gguf",
            "a/b:COM1",
            "a/b@",
            "a/b@../x",
            "a/b@x y",
            "C:\\models\\m.gguf",
            "ftp://example.org/m.gguf",
            "http://example.org/m.gguf",
            "http://127.0.0.1.example.org/m.gguf",
            "https://",
            "https://huggingface.co/",
            "https://huggingface.co/a/b/resolve/main",
            "https://huggingface.co/a/b/resolve/main/..%2f..%2fx",
            "https://huggingface.co/datasets/a/b/resolve/main/c.gguf",
        ] {
            let error = parse(text).expect_err(text).to_string();
            assert!(error.lines().count() == 1 && error.contains(':'), "{text}: {error}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_repeated() {
        let error = parse("https://me:secret@example.org/m.gguf").unwrap_err().to_string();
        assert!(error.contains("password") && !error.contains("secret"), "{error}");
        let error = parse("http://example.org/m?token=secret").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn a_known_model_has_a_short_name() {
        let What::Hub(found) = parse("gemma-3-270m-it-q8_0").unwrap() else { panic!() };
        assert_eq!(found.repo.as_str(), "ggml-org/gemma-3-270m-it-GGUF");
    }
}

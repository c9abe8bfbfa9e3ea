//! What an answer means for a download.

use url::Url;

use super::{Action, Joined, MAX_CHANGES, MAX_HOPS, Mode, Ranges, State, Then, Token, Transfer};
use crate::error::{Error, host, place};
use crate::head::{ContentRange, Head};
use crate::shown;
use crate::what::is_safe;

impl Transfer {
    pub(super) fn answered(&mut self, url: &Url, hops: Vec<Url>, head: &Head) -> Result<Action<'static>, Error> {
        self.answers += 1;
        match head.status {
            301 | 302 | 303 | 307 | 308 => self.redirected(url, hops, head),
            200 => self.whole(url, head),
            206 => self.part(url, head),
            416 => self.beyond(url, head),
            408 | 425 | 429 | 500 | 502 | 503 | 504 => self.busy(url, head),
            _ => Err(self.refused(url, head)),
        }
    }

    fn redirected(&mut self, url: &Url, mut hops: Vec<Url>, head: &Head) -> Result<Action<'static>, Error> {
        let location = head.field("location").unwrap_or_default();
        let nowhere = |to: &str| Error::Redirect { url: place(url), to: shown(to) };
        let Ok(mut to) = url.join(location) else { return Err(nowhere("an address that cannot be read")) };
        if location.is_empty() {
            return Err(nowhere("nowhere"));
        }
        to.set_fragment(None);
        // From a protected address to an unprotected one nothing is followed, on this machine neither.
        if !is_safe(&to) || (to.scheme() == "http" && self.wanted.url.scheme() == "https") {
            return Err(nowhere(&place(&to)));
        }
        hops.push(url.clone());
        if hops.len() > MAX_HOPS || hops.contains(&to) {
            return Err(Error::RedirectLoop { url: place(&self.wanted.url), hops: hops.len() });
        }
        Ok(self.ask(to, hops))
    }

    /// 206: the range that was asked for.
    fn part(&mut self, url: &Url, head: &Head) -> Result<Action<'static>, Error> {
        plain(url, head)?;
        let wrong = || {
            let found = shown(head.field("content-range").unwrap_or("without a Content-Range"));
            Error::WrongRange { url: place(url), asked: self.received, found }
        };
        let Some(ContentRange::Part { start, last, total }) = head.content_range() else { return Err(wrong()) };
        if self.ranges == Ranges::Useless || start != self.received {
            return Err(wrong());
        }
        let Some(total) = total.or(self.total) else { return Err(wrong()) };
        if last >= total {
            return Err(wrong());
        }
        self.expected(url, total)?;
        if self.received > 0 && self.is_another(head, total) {
            // The bytes before are of another version: they are thrown away, and so is this range.
            self.changed()?;
            self.total = None;
            self.validator = None;
            return Ok(self.restart(Then::Ask));
        }
        if self.wanted.digest.is_none() && head.validator().is_none() {
            // Nothing would tell whether the next range is of the same file: it is fetched in one piece.
            self.ranges = Ranges::Useless;
            return Ok(self.ask(self.wanted.url.clone(), Vec::new()));
        }
        self.total = Some(total);
        self.note(head);
        Ok(self.admit(Then::Read { end: Some(last + 1) }))
    }

    /// 200: the whole file, from its first byte.
    fn whole(&mut self, url: &Url, head: &Head) -> Result<Action<'static>, Error> {
        if let Mode::Document(_) = self.options.mode {
            if head.is_html() {
                return Err(Error::WebPage { url: place(url) });
            }
            // A browser decodes a document, and its stated length is then that of the encoded one.
            let then = Then::Read { end: None };
            return Ok(if self.received == 0 { self.go(then) } else { self.restart(then) });
        }
        plain(url, head)?;
        let total = head.length();
        if let Some(total) = total {
            self.expected(url, total)?;
        }
        let had = self.received;
        if had > 0 && self.is_another(head, total.unwrap_or_default()) {
            self.changed()?;
        } else if had > 0 {
            // The same file, from a server without ranges: a connection that always breaks would never end.
            self.restarts += 1;
            if self.restarts >= self.options.tries.max(1) {
                let cause = "it breaks each time, and the server cannot go on where it broke".to_owned();
                return Err(Error::TooManyTries { host: host(url), tries: self.restarts, cause });
            }
        }
        self.ranges = if had > 0 { self.ranges } else { Ranges::Useless };
        self.total = total.or(self.wanted.len);
        self.validator = None;
        self.note(head);
        let then = Then::Read { end: self.total };
        if had > 0 {
            self.joined = if self.joined == Joined::Anew { Joined::Anew } else { Joined::No };
            return Ok(self.restart(then));
        }
        Ok(self.admit(then))
    }

    /// 416: nothing there from where it was asked.
    fn beyond(&mut self, url: &Url, head: &Head) -> Result<Action<'static>, Error> {
        match head.content_range() {
            Some(ContentRange::Unsatisfied { total }) if total == self.received => {
                self.expected(url, total)?;
                self.total = Some(total);
                Ok(self.finish())
            }
            _ if self.received > 0 => {
                self.changed()?;
                self.total = self.wanted.len;
                self.validator = None;
                Ok(self.restart(Then::Ask))
            }
            _ => Err(self.refused(url, head)),
        }
    }

    /// The server cannot now.
    fn busy(&mut self, url: &Url, head: &Head) -> Result<Action<'static>, Error> {
        if let Some(wait) = head.retry_after() {
            if wait > self.options.max_wait {
                return Err(Error::Busy { host: host(url), seconds: wait.as_secs() });
            }
            self.failures += 1;
            if self.failures >= self.options.tries.max(1) {
                return Err(self.refused(url, head));
            }
            return Ok(self.wait(wait.max(self.options.first_wait)));
        }
        match self.broke(&format!("{} {}", host(url), head.status)) {
            Action::Fail(_) => Err(self.refused(url, head)),
            action => Ok(action),
        }
    }

    fn expected(&self, url: &Url, found: u64) -> Result<(), Error> {
        match self.wanted.len {
            Some(expected) if expected != found => Err(Error::WrongLength { url: place(url), expected, found }),
            _ => Ok(()),
        }
    }

    /// Whether an answer is of another file than the bytes before. Where a hash is known, the hash decides.
    fn is_another(&self, head: &Head, total: u64) -> bool {
        let other = |before: &String| head.validator().is_some_and(|now| now != *before);
        self.wanted.digest.is_none()
            && (self.validator.as_ref().is_some_and(other) || self.total.is_some_and(|before| before != total))
    }

    fn changed(&mut self) -> Result<(), Error> {
        self.changes += 1;
        if self.changes > MAX_CHANGES {
            return Err(Error::Changed { url: place(&self.wanted.url), times: self.changes });
        }
        Ok(())
    }

    fn note(&mut self, head: &Head) {
        if self.validator.is_none() {
            self.validator = head.validator();
        }
    }

    /// Whether what came is what its name says, by its first bytes.
    pub(super) fn sniff(&self) -> Result<(), Error> {
        if matches!(self.options.mode, Mode::Document(_)) {
            return Ok(());
        }
        let url = || place(&self.wanted.url);
        let start = self.prefix.trim_ascii_start();
        let begins = |word: &str| start.get(..word.len()).is_some_and(|s| s.eq_ignore_ascii_case(word.as_bytes()));
        if begins("<!doctype html") || begins("<html") {
            return Err(Error::WebPage { url: url() });
        }
        if self.prefix.starts_with(b"version https://git-lfs.github.com/spec/") {
            return Err(Error::LfsPointer { url: url() });
        }
        let gguf = self.wanted.name.to_ascii_lowercase().ends_with(".gguf");
        if gguf && !self.prefix.starts_with(b"GGUF") {
            let found = self.prefix.get(..self.prefix.len().min(4)).unwrap_or_default();
            return Err(Error::NotGguf { url: url(), found: format!("{:?}", String::from_utf8_lossy(found)) });
        }
        Ok(())
    }

    /// The error that a status means.
    fn refused(&mut self, url: &Url, head: &Head) -> Error {
        self.state = State::Over;
        let status = head.status;
        let code = head.field("x-error-code").unwrap_or_default();
        let has_token = matches!(self.wanted.token, Token::For(_));
        match (status, &self.wanted.repo) {
            (401 | 403, Some((repo, page))) if code == "GatedRepo" => Error::Gated {
                repo: repo.clone(),
                page: place(page),
                token: if has_token {
                    "use a token of the account that accepted it (HF_TOKEN)"
                } else {
                    "make a token at https://huggingface.co/settings/tokens and set HF_TOKEN to it"
                },
            },
            (404, _) if code == "RevisionNotFound" => {
                Error::NotFound { url: place(url), status, what: "the repository has no such branch, tag or commit" }
            }
            (404, _) if code == "EntryNotFound" => {
                Error::NotFound { url: place(url), status, what: "the repository has no such file" }
            }
            (401 | 404, Some((_, page))) if status == 404 || code == "RepoNotFound" || !has_token => {
                Error::NotFound { url: place(page), status, what: "check its name; if it is private, set HF_TOKEN" }
            }
            (401 | 403 | 407, Some(_)) => Error::Denied {
                host: host(url),
                status,
                what: "check that HF_TOKEN holds a valid token that may read this repository",
            },
            (401 | 403 | 407, None) => Error::Denied {
                host: host(url),
                status,
                what: "the address asks for a login: fetch the file with a browser and name it here by its path",
            },
            (404 | 410, _) => Error::NotFound { url: place(url), status, what: "check the address" },
            (408 | 425 | 429 | 500..=599, _) => Error::Status {
                host: host(url),
                status,
                url: place(url),
                what: "the server is busy or broken: run it again later, and it goes on",
            },
            _ => Error::Status { host: host(url), status, url: place(url), what: "check the address" },
        }
    }
}

/// Neither encoded bytes nor a web page.
fn plain(url: &Url, head: &Head) -> Result<(), Error> {
    if let Some(encoding) = head.encoding() {
        return Err(Error::Encoded { url: place(url), encoding: shown(encoding) });
    }
    if head.is_html() { Err(Error::WebPage { url: place(url) }) } else { Ok(()) }
}

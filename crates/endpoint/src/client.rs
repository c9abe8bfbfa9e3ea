//! Requests: bounded in time, size and number.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode, Url, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Said, shown};
use crate::wire::Failure;
use crate::{Address, Error, Secret, Template};

/// The longest answer that is read.
const MAX_BYTES: usize = 16 << 20;
/// The longest wait that a server may ask for.
const MAX_WAIT: Duration = Duration::from_mins(1);
/// The wait before the second try; it doubles with each.
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// Redirects within a host that a request follows.
const MAX_HOPS: u32 = 3;
/// The longest time to connect.
const CONNECT: Duration = Duration::from_secs(15);

/// How an endpoint is asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// From the sending of a request to the last byte of its answer.
    pub timeout: Duration,
    /// Tries after the first, where the server is busy, fails or breaks off.
    pub retries: u32,
    /// Sent as a bearer token.
    pub api_key: Option<Secret>,
    /// Queries under way at the same time; 0 counts as 1.
    pub parallel: usize,
    /// The model's turns, where they are to be written here; whole labels can then be scored.
    pub template: Option<Template>,
}

impl Default for Options {
    fn default() -> Self {
        Self { timeout: Duration::from_mins(2), retries: 3, api_key: None, parallel: 1, template: None }
    }
}

/// Sends requests about one model to one address.
pub(crate) struct Client {
    http: reqwest::Client,
    address: Address,
    pub(crate) model: String,
    pub(crate) options: Options,
}

/// What one try came to.
enum Try {
    Done(Vec<u8>),
    /// Final.
    Failed(Error),
    /// Worth another try, after so long if the server said so.
    Again(Error, Option<Duration>),
}

impl Client {
    pub(crate) fn new(address: Address, model: &str, options: Options) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .timeout(options.timeout)
            .connect_timeout(options.timeout.min(CONNECT))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent(concat!("sweetspot/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| Error::Setup { cause: reasons(&e) })?;
        Ok(Self { http, address, model: model.to_owned(), options })
    }

    fn host(&self) -> String {
        self.address.host()
    }

    /// An answer that does not have the form that the API promises.
    pub(crate) fn form(&self, problem: &str) -> Error {
        Error::Form { host: self.host(), problem: problem.to_owned() }
    }

    /// Sends a request and reads its answer. `body` needs no model: it is put in here.
    pub(crate) async fn post<T: DeserializeOwned>(&self, resource: &str, mut body: Value) -> Result<T, Error> {
        if let Some(map) = body.as_object_mut() {
            map.insert("model".to_owned(), Value::from(self.model.as_str()));
        }
        // A value made of strings and numbers always serialises.
        let bytes = serde_json::to_vec(&body).map_err(|e| self.form(&e.to_string()))?;
        let answer = self.send(&self.address.resource(resource), &bytes).await?;
        serde_json::from_slice(&answer).map_err(|e| match looks_like(&answer) {
            Some(what) => Error::NotJson { host: self.host(), what },
            // Cut short, or no JSON at all.
            None if !e.is_data() => self.form(&shown(&e.to_string())),
            // Some servers tell of an error under a status of success.
            None if serde_json::from_slice::<Failure>(&answer).is_ok_and(|f| f.words().is_some()) => {
                self.form(&["an error under a status of success", &self.said(&answer).to_string()].concat())
            }
            None => self.form(&shown(&e.to_string())),
        })
    }

    async fn send(&self, url: &Url, body: &[u8]) -> Result<Vec<u8>, Error> {
        let mut wait = FIRST_WAIT;
        for left in (0..=self.options.retries).rev() {
            match self.once(url, body, self.options.retries - left + 1).await {
                Try::Done(answer) => return Ok(answer),
                Try::Failed(error) => return Err(error),
                Try::Again(error, _) if left == 0 => return Err(error),
                Try::Again(_, asked) => tokio::time::sleep(asked.unwrap_or(wait)).await,
            }
            wait = (wait * 2).min(MAX_WAIT);
        }
        Err(Error::Broken { host: self.host() })
    }

    async fn once(&self, url: &Url, body: &[u8], n_try: u32) -> Try {
        let mut url = url.clone();
        for _ in 0..=MAX_HOPS {
            let mut request = self.http.post(url.clone()).header(CONTENT_TYPE, "application/json").body(body.to_vec());
            match self.options.api_key.as_ref().map(Secret::bearer) {
                Some(Ok(value)) => request = request.header(AUTHORIZATION, value),
                Some(Err(error)) => return Try::Failed(error),
                None => {}
            }
            let response = match request.send().await {
                Ok(response) => response,
                Err(e) => return self.transport(&e),
            };
            if !response.status().is_redirection() {
                return self.read(response, &url, n_try).await;
            }
            match next(&url, &response) {
                Ok(to) => url = to,
                Err(to) => return Try::Failed(Error::Redirect { host: self.host(), to }),
            }
        }
        Try::Failed(Error::Redirect { host: self.host(), to: "itself, again and again".to_owned() })
    }

    async fn read(&self, response: Response, url: &Url, n_try: u32) -> Try {
        let status = response.status();
        let asked = response.headers().get(RETRY_AFTER).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let bytes = match self.body(response).await {
            Ok(bytes) => bytes,
            Err(again) => return again,
        };
        if status.is_success() {
            return Try::Done(bytes);
        }
        let said = self.said(&bytes);
        let (host, code) = (self.host(), status.as_u16());
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Try::Failed(Error::Unauthorised { host, status: code, said })
            }
            StatusCode::NOT_FOUND => {
                Try::Failed(Error::NotFound { url: url.to_string(), model: shown(&self.model), said })
            }
            StatusCode::TOO_MANY_REQUESTS => busy(host, asked.as_deref(), n_try, said),
            StatusCode::NOT_IMPLEMENTED => Try::Failed(Error::Refused { host, status: code, said }),
            _ if status.is_server_error() => {
                let asked = asked.as_deref().and_then(seconds).filter(|w| *w <= MAX_WAIT);
                Try::Again(Error::Server { host, status: code, tries: n_try, said }, asked)
            }
            _ => Try::Failed(Error::Refused { host, status: code, said }),
        }
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Try> {
        let too_long = || Try::Failed(Error::TooLong { host: self.host(), limit_mb: MAX_BYTES >> 20 });
        if response.content_length().is_some_and(|n| n > MAX_BYTES as u64) {
            return Err(too_long());
        }
        let mut bytes = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() > MAX_BYTES => return Err(too_long()),
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) => return Ok(bytes),
                Err(e) if e.is_timeout() => return Err(self.transport(&e)),
                Err(_) => return Err(Try::Again(Error::Broken { host: self.host() }, None)),
            }
        }
    }

    /// A request that got no answer. Time that ran out once would run out again.
    fn transport(&self, error: &reqwest::Error) -> Try {
        let host = self.host();
        if error.is_connect() {
            // A server that is being started again comes back; a name that nobody knows does not, and costs little.
            let cause = reasons(error);
            return Try::Again(Error::Connect { host, cause }, None);
        }
        if error.is_timeout() {
            return Try::Failed(Error::Timeout { host, seconds: self.options.timeout.as_secs().max(1) });
        }
        Try::Again(Error::Broken { host }, None)
    }

    /// The server's own words, without the key.
    fn said(&self, bytes: &[u8]) -> Said {
        let words = match serde_json::from_slice::<Failure>(bytes) {
            Ok(failure) => failure.words().unwrap_or_default(),
            Err(_) if looks_like(bytes).is_some() => String::new(),
            Err(_) => String::from_utf8_lossy(bytes.get(..bytes.len().min(4_096)).unwrap_or_default()).into_owned(),
        };
        Said::new(&self.options.api_key.as_ref().map_or(words.clone(), |key| key.hide(&words)))
    }
}

/// Where a redirect leads, if that is the same host and the request stays the same; else what to tell.
fn next(from: &Url, response: &Response) -> Result<Url, String> {
    let location = response.headers().get(LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let Ok(mut to) = from.join(location) else { return Err("an address that cannot be read".to_owned()) };
    let same = from.origin() == to.origin();
    let kept = matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
    if same && kept && !location.is_empty() {
        return Ok(to);
    }
    to.set_query(None);
    Err(shown(to.as_str()))
}

fn busy(host: String, asked: Option<&str>, n_try: u32, said: Said) -> Try {
    let wait = asked.and_then(seconds);
    let waited = match wait {
        Some(wait) if wait > MAX_WAIT => {
            let waited = format!("asks to wait {} s, more than {} s", wait.as_secs(), MAX_WAIT.as_secs());
            return Try::Failed(Error::Busy { host, waited, said });
        }
        _ => format!("{n_try} tries did not help"),
    };
    Try::Again(Error::Busy { host, waited, said }, wait)
}

/// `Retry-After` in seconds. The form with a date is rare; the usual wait stands in for it.
fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse::<u64>().ok().map(Duration::from_secs)
}

/// What bytes that are no JSON look like; nothing for what begins as JSON does.
fn looks_like(bytes: &[u8]) -> Option<&'static str> {
    let start = bytes.trim_ascii_start();
    match start.first() {
        None => Some("nothing"),
        Some(b'<') => Some("a web page"),
        Some(b'{' | b'[') => None,
        Some(_) if start.starts_with(b"data:") => Some("a stream of events"),
        Some(_) => Some("text"),
    }
}

/// An error and what caused it, in one line.
fn reasons(error: &reqwest::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(source) = last.source() {
        last = source;
    }
    shown(&last.to_string())
}

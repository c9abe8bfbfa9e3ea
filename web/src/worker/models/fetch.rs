//! Requests of the browser, driven by the same state machine as those of the command line.
//!
//! A browser follows redirects itself, takes a token off where one leads elsewhere, and hides headers of other servers
//! that these do not expose. It decodes encoded answers, except where a range is asked for.

use std::ops::ControlFlow;
use std::time::Duration;

use js_sys::{Array, Promise, Reflect, Uint8Array};
use pull::{
    Action, Auth, Conditional, Event, Finished, Head, Mode, Options, Partial, Request, Saved, Transfer, Wanted, shown,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReferrerPolicy, RequestCache, RequestCredentials,
    RequestInit, Response, ResponseType,
};

use super::super::scope;
use super::files::{self, OpenFile, message};
use crate::models::FetchStep;

/// Bytes that are hashed again at a time.
const REREAD: u64 = 1 << 20;

/// A file to fetch.
pub struct Target(pub Wanted);

/// Sends requests.
pub struct Fetcher<'a> {
    /// Goes where the state machine says, and nowhere else.
    pub token: Option<&'a str>,
}

/// Hears how far it is: bytes, bytes in all, what is done.
pub type Hear<'a> = dyn FnMut(u64, Option<u64>, FetchStep) -> ControlFlow<()> + 'a;

/// Keeps what going on needs.
pub type Note<'a> = dyn FnMut(&Saved) -> Result<(), String> + 'a;

/// An answer that is being read. Dropped, it is given up, and its connection with it.
struct Open {
    abort: AbortController,
    reader: Option<ReadableStreamDefaultReader>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.abort.abort();
    }
}

impl Fetcher<'_> {
    /// A small document.
    pub async fn document(&self, wanted: Wanted, limit: u64, hear: &mut Hear<'_>) -> Result<Vec<u8>, String> {
        let options = Options { mode: Mode::Document(limit), conditional: Conditional::Compare, ..Options::FILE };
        let mut bytes = Vec::new();
        let transfer = Transfer::new(wanted, options, Partial::default());
        self.run(transfer, None, &mut Keep::Memory(&mut bytes), &mut |_| Ok(()), hear).await?;
        Ok(bytes)
    }

    /// A file; `note` is given what going on with it needs, whenever that changes.
    pub async fn file(
        &self,
        target: Target,
        store: &OpenFile,
        saved: Option<Saved>,
        note: &mut Note<'_>,
        hear: &mut Hear<'_>,
    ) -> Result<Finished, String> {
        let options = Options { conditional: Conditional::Compare, ..Options::FILE };
        let partial = Partial { len: store.len(), saved };
        let hidden = target.0.len.filter(|_| target.0.digest.is_some());
        let transfer = Transfer::new(target.0, options, partial);
        self.run(transfer, hidden, &mut Keep::File(store), note, hear).await
    }

    /// `hidden` is the length of a file whose hash will be compared: its `Content-Range` may be hidden.
    async fn run(
        &self,
        mut transfer: Transfer,
        mut hidden: Option<u64>,
        keep: &mut Keep<'_>,
        note: &mut Note<'_>,
        hear: &mut Hear<'_>,
    ) -> Result<Finished, String> {
        let mut open: Option<Open> = None;
        let (mut head, mut buffer);
        let mut noted = None;
        let mut event = Event::Start;
        loop {
            let action = transfer.on(event);
            let step = match &action {
                Action::Reread { .. } => FetchStep::Hashing,
                Action::Wait(_) => FetchStep::Waiting,
                _ => FetchStep::Receiving,
            };
            if hear(transfer.received(), transfer.total(), step).is_break() {
                keep.flush()?;
                return Err("stopped; what has come is kept: fetch it again to go on from there".to_owned());
            }
            event = match action {
                Action::Reread { offset, len } => {
                    buffer = vec![0; len.min(REREAD) as usize];
                    let n = keep.read_at(offset, &mut buffer)?;
                    // Lets messages through: a large file takes seconds.
                    sleep(Duration::ZERO).await;
                    Event::Reread(buffer.get(..n).unwrap_or_default())
                }
                Action::Truncate { len } => {
                    keep.truncate(len)?;
                    Event::Truncated
                }
                Action::Room => Event::Room(files::room().await.available()),
                Action::Send(request) => {
                    open = None;
                    match self.send(&request, "GET").await {
                        Ok((answer, response)) => {
                            if hidden.is_none() && hides_range(&response) {
                                hidden = self.length(&request).await;
                            }
                            head = head_of(&response, &request, hidden);
                            open = Some(answer);
                            Event::Head(&head)
                        }
                        Err(error) => Event::Broke(unreached(&error)),
                    }
                }
                Action::Read => match piece(open.as_ref()).await {
                    Ok(Some(bytes)) => {
                        buffer = bytes;
                        Event::Body(&buffer)
                    }
                    Ok(None) => Event::End,
                    Err(error) => Event::Broke(message(&error)),
                },
                Action::Write { offset, bytes } => {
                    keep.write_at(offset, bytes)?;
                    Event::Written
                }
                Action::Wait(time) => {
                    open = None;
                    sleep(time).await;
                    Event::Waited
                }
                Action::Done(finished) => {
                    keep.flush()?;
                    return Ok(finished);
                }
                Action::Fail(error) => {
                    if error.keeps_partial() {
                        keep.flush()?;
                    } else {
                        keep.truncate(0)?;
                    }
                    return Err(told(&error));
                }
            };
            let now = transfer.saved();
            if transfer.received() > 0 && noted.as_ref() != Some(&now) {
                note(&now)?;
                noted = Some(now);
            }
        }
    }

    /// The length of a file whose server says it of the whole and not of a range.
    async fn length(&self, request: &Request) -> Option<u64> {
        let mut whole = request.clone();
        whole.fields.retain(|(name, _)| *name != "range");
        let (_, response) = self.send(&whole, "HEAD").await.ok()?;
        response.headers().get("content-length").ok()??.parse().ok().filter(|_| response.ok())
    }

    async fn send(&self, request: &Request, method: &str) -> Result<(Open, Response), JsValue> {
        let headers = Headers::new()?;
        // A browser sets `Accept-Encoding` itself: plain bytes where a range is asked for.
        for (name, value) in request.fields.iter().filter(|(name, _)| *name != "accept-encoding") {
            headers.set(name, value)?;
        }
        if let (Auth::Token, Some(token)) = (request.auth, self.token) {
            headers.set("authorization", &["Bearer ", token.trim()].concat())?;
        }
        let abort = AbortController::new()?;
        let init = RequestInit::new();
        init.set_method(method);
        init.set_headers_headers(&headers);
        init.set_cache(RequestCache::NoStore);
        init.set_credentials(RequestCredentials::Omit);
        init.set_referrer_policy(ReferrerPolicy::NoReferrer);
        init.set_signal(Some(&abort.signal()));
        let mut open = Open { abort, reader: None };
        let response = JsFuture::from(scope().fetch_with_str_and_init(request.url.as_str(), &init)).await?;
        let response: Response = response.unchecked_into();
        open.reader = response.body().map(|body| body.get_reader().unchecked_into());
        Ok((open, response))
    }
}

/// The next piece of an answer; nothing at its end.
async fn piece(open: Option<&Open>) -> Result<Option<Vec<u8>>, JsValue> {
    let Some(reader) = open.and_then(|open| open.reader.as_ref()) else { return Ok(None) };
    let next = JsFuture::from(reader.read()).await?;
    if Reflect::get(&next, &JsValue::from_str("done"))?.is_truthy() {
        return Ok(None);
    }
    let value = Reflect::get(&next, &JsValue::from_str("value"))?;
    Ok(Some(Uint8Array::new(&value).to_vec()))
}

fn head_of(response: &Response, request: &Request, hidden: Option<u64>) -> Head {
    let mut fields = Vec::new();
    let entries = response.headers().entries();
    for entry in entries.into_iter().flatten() {
        let pair: Array = entry.unchecked_into();
        if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
            fields.push((name, value));
        }
    }
    let mut head = Head { status: response.status(), fields };
    if response.type_() == ResponseType::Cors
        && head.status == 206
        && let Some(range) = hidden.and_then(|total| assumed(&head, request, total))
    {
        head.fields.push(("content-range".to_owned(), range));
    }
    head
}

/// Whether a server of another origin gave a range and exposes no `Content-Range`, as most do not.
fn hides_range(response: &Response) -> bool {
    response.type_() == ResponseType::Cors
        && response.status() == 206
        && !response.headers().has("content-range").unwrap_or_default()
}

/// The range of an answer whose server exposes no `Content-Range`: the one asked for, as long as the answer is.
/// Whether that is so, the hash of the whole file will tell where one is stated; and its length in any case.
fn assumed(head: &Head, request: &Request, total: u64) -> Option<String> {
    if head.field("content-range").is_some() {
        return None;
    }
    let asked = request.fields.iter().find(|(name, _)| *name == "range").map(|(_, value)| value)?;
    let start: u64 = asked.strip_prefix("bytes=")?.split_once('-')?.0.parse().ok()?;
    let len: u64 = head.field("content-length")?.parse().ok()?;
    let last = start.checked_add(len.checked_sub(1)?)?;
    Some(format!("bytes {start}-{last}/{total}"))
}

/// A browser does not say why no answer came.
fn unreached(error: &JsValue) -> String {
    let why = shown(&message(error));
    format!(
        "{why}; a server that redirects in a circle, or does not let other sites read it (CORS), looks the same here"
    )
}

/// The sentence, with what to do in a browser, where that is something else than on the command line.
fn told(error: &pull::Error) -> String {
    const TOKEN: &str = "HF_TOKEN";
    match error {
        pull::Error::Gated { repo, page, .. } => format!(
            "{repo} is gated: accept its licence at {page}, then give a token of the account that accepted it (made at https://huggingface.co/settings/tokens) in the field Token"
        ),
        pull::Error::NotFound { what, .. } if what.contains(TOKEN) => {
            error.to_string().replace(what, "check its name; if it is private, give a token that may read it")
        }
        pull::Error::Denied { what, .. } if what.contains(TOKEN) => {
            error.to_string().replace(what, "check that the token is valid and may read this repository")
        }
        pull::Error::Denied { host, status, .. } => format!(
            "{host} refused the request ({status}): it asks for a login, so fetch the file in another tab, save it, and choose it here as a file of yours"
        ),
        pull::Error::NoRoom { needed, available } => format!(
            "there is not enough room: {} MiB are needed, and this browser has {} MiB for this site, of which {} stay free; delete something on the page Models or free disk space",
            needed.div_ceil(1 << 20),
            available >> 20,
            pull::RESERVE >> 20
        ),
        _ => error.to_string(),
    }
}

async fn sleep(time: Duration) {
    let millis = i32::try_from(time.as_millis()).unwrap_or(i32::MAX);
    let promise = Promise::new(&mut |resolve, _| {
        // Without a clock there is nothing to wait for.
        let _ = scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    let _ = JsFuture::from(promise).await;
}

/// Where bytes go.
enum Keep<'a> {
    Memory(&'a mut Vec<u8>),
    File(&'a OpenFile),
}

impl Keep<'_> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        match self {
            Self::Memory(_) => Ok(0),
            Self::File(file) => file.read_at(offset, buffer),
        }
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<(), String> {
        match self {
            Self::Memory(all) => {
                all.truncate(offset as usize);
                all.extend_from_slice(bytes);
                Ok(())
            }
            Self::File(file) => file.write_at(offset, bytes),
        }
    }

    fn truncate(&mut self, len: u64) -> Result<(), String> {
        match self {
            Self::Memory(all) => {
                all.truncate(len as usize);
                Ok(())
            }
            Self::File(file) => file.truncate(len),
        }
    }

    fn flush(&self) -> Result<(), String> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::File(file) => file.flush(),
        }
    }
}

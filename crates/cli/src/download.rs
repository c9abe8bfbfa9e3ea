//! Files and documents from the net: the edge of `pull`, which decides what is asked and judges what comes.
//!
//! One downloader for models and data sets. It sends requests, keeps bytes and waits; Ctrl-C stops it between any two.

use std::fs::File;
use std::future::Future;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use anyhow::{Context, bail};
use endpoint::Secret;
use indicatif::ProgressBar;
use pull::{Action, Auth, Event, Finished, Head, Mode, Options, Partial, Request, Saved, Transfer, Wanted};
use reqwest::{Response, redirect};

use crate::interrupt::Interrupt;
use crate::output;

/// The longest time to connect, and between two pieces of an answer.
const CONNECT: Duration = Duration::from_secs(20);
const PIECE: Duration = Duration::from_mins(1);
/// How often Ctrl-C is looked for.
const LOOK: Duration = Duration::from_millis(100);
/// Bytes that are hashed again at a time.
const REREAD: usize = 1 << 20;

/// Sends requests, one at a time.
pub struct Downloader {
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    interrupt: Interrupt,
    token: Option<Secret>,
    /// How files are asked for.
    pub options: Options,
}

/// Where bytes are kept.
pub trait Store {
    /// Reads at an offset; 0 at the end.
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;
    /// Writes at an offset.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts to a length.
    fn truncate(&mut self, len: u64) -> io::Result<()>;
    /// Bytes that are free, where that is known.
    fn room(&self) -> Option<u64>;
    /// Keeps what a later run needs; called when it changes.
    fn save(&mut self, saved: &Saved) -> io::Result<()>;
    /// What it is called.
    fn name(&self) -> String;
}

impl Downloader {
    /// One that listens for Ctrl-C; `token` goes to the server that each [`Wanted`] names, and to no other.
    pub fn new(token: Option<Secret>) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("sweetspot/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(PIECE)
            // Requests are few and long: none waits for a connection that the server has closed meanwhile.
            .pool_max_idle_per_host(0)
            .build()
            .context("cannot set up TLS")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot wait")?;
        Ok(Self { http, runtime, interrupt: Interrupt::listen()?, token, options: Options::FILE })
    }

    /// A small document, whole, in memory.
    pub fn document(&self, wanted: Wanted, limit: u64) -> anyhow::Result<Vec<u8>> {
        let options = Options { mode: Mode::Document(limit), ..self.options };
        let mut memory = Memory(Vec::new());
        let transfer = Transfer::new(wanted, options, Partial::default());
        self.run(transfer, &mut memory, &ProgressBar::hidden(), 0)?;
        Ok(memory.0)
    }

    /// A file into a store that perhaps holds its beginning; the bar goes from `from` on.
    pub fn file(
        &self,
        wanted: Wanted,
        store: &mut dyn Store,
        partial: Partial,
        bar: &ProgressBar,
        from: u64,
    ) -> anyhow::Result<Finished> {
        self.run(Transfer::new(wanted, self.options, partial), store, bar, from)
    }

    /// Waits until somebody else is done with something; `done` is asked again and again.
    pub fn wait_until<T>(&self, mut done: impl FnMut() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
        loop {
            if let Some(value) = done()? {
                return Ok(value);
            }
            self.stopped()?;
            std::thread::sleep(LOOK);
        }
    }

    fn stopped(&self) -> anyhow::Result<()> {
        if self.interrupt.raised() {
            bail!("stopped; what has come is kept: the same command goes on from there")
        }
        Ok(())
    }

    fn run(
        &self,
        mut transfer: Transfer,
        store: &mut dyn Store,
        bar: &ProgressBar,
        from: u64,
    ) -> anyhow::Result<Finished> {
        self.runtime.block_on(async {
            let mut response: Option<Response> = None;
            let (mut head, mut buffer, mut saved);
            let mut kept = None;
            let name = store.name();
            let place = || format!("cannot write {name}");
            let mut event = Event::Start;
            loop {
                self.stopped()?;
                event = match transfer.on(event) {
                    Action::Reread { offset, len } => {
                        buffer = vec![0; usize::try_from(len).unwrap_or(REREAD).min(REREAD)];
                        let n = store.read_at(offset, &mut buffer).with_context(place)?;
                        Event::Reread(buffer.get(..n).unwrap_or_default())
                    }
                    Action::Truncate { len } => {
                        store.truncate(len).with_context(place)?;
                        Event::Truncated
                    }
                    Action::Room => Event::Room(store.room()),
                    Action::Send(request) => {
                        if response.take().is_none() {
                            // What was there from before, or a pause, says nothing about the rate.
                            bar.reset_eta();
                        }
                        match self.or_stop(self.send(&request)).await? {
                            Ok(answer) => {
                                head = head_of(&answer);
                                response = Some(answer);
                                Event::Head(&head)
                            }
                            Err(cause) => Event::Broke(cause),
                        }
                    }
                    Action::Read => {
                        let Some(answer) = &mut response else { bail!("no answer is open") };
                        match self.or_stop(answer.chunk()).await? {
                            Ok(Some(bytes)) => {
                                buffer = bytes.to_vec();
                                Event::Body(&buffer)
                            }
                            Ok(None) => Event::End,
                            Err(error) => Event::Broke(cause(&error)),
                        }
                    }
                    Action::Write { offset, bytes } => {
                        store.write_at(offset, bytes).with_context(place)?;
                        Event::Written
                    }
                    Action::Wait(time) => {
                        bar.set_message("waiting");
                        self.or_stop(tokio::time::sleep(time)).await?;
                        bar.set_message("fetching");
                        Event::Waited
                    }
                    Action::Done(finished) => return Ok(finished),
                    Action::Fail(error) => return Err(error.into()),
                };
                saved = transfer.saved();
                if kept.as_ref() != Some(&saved) && transfer.received() > 0 {
                    store.save(&saved).with_context(place)?;
                    kept = Some(saved);
                }
                bar.set_position(from + transfer.received());
                if let Some(total) = transfer.total().filter(|_| from == 0 && bar.length().unwrap_or(0) == 0) {
                    bar.set_length(total);
                }
            }
        })
    }

    async fn send(&self, request: &Request) -> Result<Response, String> {
        let mut builder = self.http.get(request.url.clone());
        for (name, value) in &request.fields {
            builder = builder.header(*name, value);
        }
        if let (Auth::Token, Some(token)) = (request.auth, &self.token) {
            builder = builder.header(reqwest::header::AUTHORIZATION, token.bearer().map_err(|e| e.to_string())?);
        }
        builder.send().await.map_err(|e| cause(&e))
    }

    /// Waits for a future, and gives up when Ctrl-C is pressed.
    async fn or_stop<T>(&self, future: impl Future<Output = T>) -> anyhow::Result<T> {
        let mut future = pin!(future);
        loop {
            match tokio::time::timeout(LOOK, future.as_mut()).await {
                Ok(value) => return Ok(value),
                Err(_) => self.stopped()?,
            }
        }
    }
}

fn head_of(response: &Response) -> Head {
    let field = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    Head { status: response.status().as_u16(), fields: response.headers().iter().filter_map(field).collect() }
}

/// What caused an error, in a few words.
fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("nothing came for {} s", PIECE.as_secs());
    }
    let mut last: &dyn std::error::Error = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

/// A document in memory.
struct Memory(Vec<u8>);

impl Store for Memory {
    fn read_at(&mut self, _: u64, _: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.truncate(offset)?;
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.0.truncate(usize::try_from(len).map_err(io::Error::other)?);
        Ok(())
    }

    fn room(&self) -> Option<u64> {
        None
    }

    fn save(&mut self, _: &Saved) -> io::Result<()> {
        Ok(())
    }

    fn name(&self) -> String {
        "memory".to_owned()
    }
}

/// A file that grows.
pub struct Growing {
    file: File,
    path: PathBuf,
    notes: Option<PathBuf>,
}

impl Growing {
    /// A file that is open for reading and writing.
    pub fn of(file: File, path: &Path) -> Self {
        Self { file, path: path.to_owned(), notes: None }
    }

    /// Opens or makes a file that this process alone writes, with its notes beside it where they are kept.
    pub fn open(path: &Path, notes: Option<PathBuf>) -> anyhow::Result<(Self, Partial)> {
        let place = || format!("cannot write {}", path.display());
        let file =
            File::options().read(true).write(true).create(true).truncate(false).open(path).with_context(place)?;
        if file.try_lock().is_err() {
            bail!("{} is being fetched by another run: wait for it, or stop it", path.display());
        }
        let len = file.metadata().with_context(place)?.len();
        let saved = notes.as_ref().and_then(|notes| serde_json::from_slice(&std::fs::read(notes).ok()?).ok());
        Ok((Self { file, path: path.to_owned(), notes }, Partial { len, saved }))
    }

    /// Puts the whole file in its place, and its notes away.
    pub fn keep(self, to: &Path) -> anyhow::Result<()> {
        let place = || format!("cannot write {}", to.display());
        self.file.sync_all().with_context(place)?;
        // Some systems rename no file that is open.
        drop(self.file);
        std::fs::rename(&self.path, to).with_context(place)?;
        if let Some(notes) = self.notes {
            let _ = std::fs::remove_file(notes);
        }
        Ok(())
    }

    /// Removes it, and its notes.
    pub fn remove(self) {
        drop(self.file);
        // What cannot be removed does no harm: it is hashed before it is used.
        let _ = std::fs::remove_file(&self.path);
        if let Some(notes) = self.notes {
            let _ = std::fs::remove_file(notes);
        }
    }
}

impl Store for Growing {
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read(buf)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.write_all(bytes)
    }

    fn truncate(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn room(&self) -> Option<u64> {
        fs4::available_space(self.path.parent()?).ok()
    }

    fn save(&mut self, saved: &Saved) -> io::Result<()> {
        let Some(notes) = &self.notes else { return Ok(()) };
        let text = serde_json::to_vec(saved).map_err(io::Error::other)?;
        output::write_file(notes, &text, output::Replace::Allowed).map_err(io::Error::other)
    }

    fn name(&self) -> String {
        self.path.display().to_string()
    }
}

//! Files that the worker writes: through sync access handles, which one tab alone can hold.

use probes::{Event, Journal};
use sha2::{Digest, Sha256};
use trial::{JournalHeader, journal_line, read_journal};
use wasm_bindgen::prelude::*;

use crate::storage::{self, Directory, Folder, Missing, said};

mod browser {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen(module = "/src/browser.js")]
    extern "C" {
        #[wasm_bindgen(catch)]
        pub async fn writer(parent: &JsValue, name: &str) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_name = readAll)]
        pub fn read_all(handle: &JsValue) -> Result<Vec<u8>, JsValue>;
        #[wasm_bindgen(catch, js_name = writeAt)]
        pub fn write_at(handle: &JsValue, bytes: &[u8], at: f64) -> Result<f64, JsValue>;
        #[wasm_bindgen(catch)]
        pub fn truncate(handle: &JsValue, size: f64) -> Result<(), JsValue>;
        #[wasm_bindgen(catch)]
        pub fn flush(handle: &JsValue) -> Result<(), JsValue>;
        pub fn close(handle: &JsValue);
        #[wasm_bindgen(catch, js_name = takeLock)]
        pub async fn take_lock(name: &str) -> Result<JsValue, JsValue>;
    }
}

/// A file that is written. It is closed when this is dropped.
pub struct Writer {
    handle: JsValue,
    at: f64,
}

impl Writer {
    /// Opens a file as it is; one tab alone can hold it.
    pub async fn open(parent: &Directory, name: &str) -> Result<Self, String> {
        let handle = browser::writer(&parent.0, name).await.map_err(|e| said(&e))?;
        Ok(Self { handle, at: 0.0 })
    }

    /// All that it holds.
    pub fn read(&self) -> Result<Vec<u8>, String> {
        browser::read_all(&self.handle).map_err(|e| said(&e))
    }

    /// Drops what lies behind so many bytes, and goes on writing there.
    pub fn cut(&mut self, bytes: usize) -> Result<(), String> {
        self.at = bytes as f64;
        browser::truncate(&self.handle, self.at).map_err(|e| said(&e))
    }

    /// Appends. What did not fit is an error, and what was there stays.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), String> {
        let n = browser::write_at(&self.handle, bytes, self.at).map_err(|e| said(&e))?;
        if n < bytes.len() as f64 {
            return Err("this browser's storage for the site is full: delete something on the page Models".to_owned());
        }
        self.at += n;
        Ok(())
    }

    /// Asks the browser to bring it to the disk.
    pub fn flush(&self) -> Result<(), String> {
        browser::flush(&self.handle).map_err(|e| said(&e))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        browser::close(&self.handle);
    }
}

/// A run's journal.
pub struct JournalFile(Writer);

impl JournalFile {
    /// Begins one.
    pub async fn create(run: &Directory, header: &JournalHeader) -> Result<Self, String> {
        let mut file = Writer::open(run, storage::JOURNAL).await?;
        file.cut(0)?;
        file.append(&header.line().map_err(|e| e.to_string())?)?;
        file.flush()?;
        Ok(Self(file))
    }

    /// Opens one and gives what it was begun with. What it holds is compared later, with [`JournalHeader::agree`].
    pub async fn resume(run: &Directory) -> Result<(Self, JournalHeader, Journal), String> {
        let mut file = Writer::open(run, storage::JOURNAL).await?;
        let read = read_journal(&file.read()?).map_err(|e| e.to_string())?;
        file.cut(read.whole_bytes)?;
        Ok((Self(file), read.header, read.journal))
    }

    /// Keeps what an event brought, before it counts.
    pub fn keep(&mut self, event: &Event) -> Result<(), String> {
        match journal_line(event).map_err(|e| e.to_string())? {
            Some(line) => {
                self.0.append(&line)?;
                self.0.flush()
            }
            None => Ok(()),
        }
    }
}

/// Writes a small file whole.
pub async fn write(parent: &Directory, name: &str, bytes: &[u8]) -> Result<(), String> {
    let mut file = Writer::open(parent, name).await?;
    file.cut(0)?;
    file.append(bytes)?;
    file.flush()
}

/// Bytes that are copied at a time.
const CHUNK: usize = 4 << 20;

/// Copies a chosen file among the models, and gives its name and the SHA-256 of what was written. A copy that could not
/// be finished leaves nothing.
pub async fn copy_model(file: &web_sys::File, told: &impl Fn(u64, u64)) -> Result<(String, String), String> {
    let name = storage::safe_name(&file.name());
    let models = storage::folder(Folder::Models, Missing::Make).await?;
    let total = file.size() as u64;
    let room = storage::room().await?;
    if room.quota > 0.0 && room.usage + file.size() > room.quota {
        let mib = |bytes: f64| (bytes / f64::from(1 << 20)).round();
        return Err(format!(
            "the file has {} MiB, and this browser has room for {} MiB more of this site",
            mib(file.size()),
            mib((room.quota - room.usage).max(0.0))
        ));
    }
    let copied = copy(&models, &name, file, total, told).await;
    if copied.is_err() {
        // Half a file is no model; where even this fails, the page Models shows it with its size.
        let _ = storage::remove(Folder::Models, &name).await;
    }
    copied.map(|sha256| (name, sha256))
}

async fn copy(
    models: &Directory,
    name: &str,
    file: &web_sys::File,
    total: u64,
    told: &impl Fn(u64, u64),
) -> Result<String, String> {
    let mut writer = Writer::open(models, name).await?;
    writer.cut(0)?;
    let reader = web_sys::FileReaderSync::new().map_err(|e| said(&e))?;
    let mut hash = Sha256::new();
    let mut done = 0;
    while done < total {
        let end = (done + CHUNK as u64).min(total);
        let part = file.slice_with_f64_and_f64(done as f64, end as f64).map_err(|e| said(&e))?;
        let buffer = reader.read_as_array_buffer(&part).map_err(|e| said(&e))?;
        let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
        if bytes.len() as u64 != end - done {
            return Err("the file changed while it was read: choose it again".to_owned());
        }
        hash.update(&bytes);
        writer.append(&bytes)?;
        done = end;
        told(done, total);
        super::control::turn().await;
    }
    writer.flush()?;
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

/// Holds a name across all tabs of the site until it is dropped, or the worker ends.
pub struct Lock {
    release: js_sys::Function,
}

impl Lock {
    /// Takes it, or says that another tab has it.
    pub async fn take(name: &str) -> Result<Self, String> {
        let got = browser::take_lock(name).await.map_err(|e| said(&e))?;
        let release = got.dyn_into().map_err(|_| {
            "another tab of this site is in a run: wait for it, or stop it there; two runs at once would slow and blur each other"
        })?;
        Ok(Self { release })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Releasing cannot fail.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

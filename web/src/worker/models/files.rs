//! The origin's private file system: a folder for each model, and a note about each beside it.

use js_sys::{AsyncIterator, IteratorNext, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions,
    FileSystemGetFileOptions, FileSystemReadWriteOptions, FileSystemRemoveOptions, FileSystemSyncAccessHandle,
    StorageEstimate, StorageManager,
};

use super::super::scope;
use crate::models::{Kept, Room};

/// The folder of all models.
const MODELS: &str = "models";
/// How a note's name ends.
const NOTE: &str = ".json";
/// Longest note that is read.
const MAX_NOTE: f64 = 1e6;

/// The folder of all models.
pub struct Folder(FileSystemDirectoryHandle);

/// A file that this worker alone writes; closed when it is dropped.
pub struct OpenFile(FileSystemSyncAccessHandle);

fn storage() -> StorageManager {
    scope().navigator().storage()
}

/// How much room there is; a browser that does not say leaves it open.
pub async fn room() -> Room {
    let Ok(promise) = storage().estimate() else { return Room::default() };
    let estimate = JsFuture::from(promise).await.map(JsCast::unchecked_into::<StorageEstimate>);
    let persisted = match storage().persisted() {
        Ok(promise) => JsFuture::from(promise).await.is_ok_and(|value| value.is_truthy()),
        Err(_) => false,
    };
    let bytes = |n: Option<f64>| n.map(|n| n as u64);
    match estimate {
        Ok(estimate) => Room { usage: bytes(estimate.get_usage()), quota: bytes(estimate.get_quota()), persisted },
        Err(_) => Room { persisted, ..Room::default() },
    }
}

/// Asks the browser not to remove anything by itself. What it answers is in [`room`].
pub async fn persist() {
    if let Ok(promise) = storage().persist() {
        let _ = JsFuture::from(promise).await;
    }
}

/// What a refusal of the file system means.
fn refusal(what: &str, error: &JsValue) -> String {
    let name = error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default();
    match name.as_str() {
        "NoModificationAllowedError" | "InvalidStateError" => {
            format!("{what} is in use by another tab of this site: close it there, and try again")
        }
        "QuotaExceededError" => format!("there is no room for {what}: delete a model or something else, and try again"),
        "NotFoundError" => format!("{what} is not there any more (the browser may have removed it): fetch it again"),
        "SecurityError" => {
            format!("this browser keeps no files for this site (a private window?), so that {what} cannot be kept")
        }
        _ => format!("{what} cannot be kept or read ({error:?}): try again, or choose the file itself"),
    }
}

impl Folder {
    /// Opens it, and makes it where it is not there.
    pub async fn open() -> Result<Self, String> {
        let root = JsFuture::from(storage().get_directory()).await.map_err(|e| refusal("the models folder", &e))?;
        Self(root.unchecked_into()).below(MODELS).await
    }

    async fn below(&self, name: &str) -> Result<Self, String> {
        let options = FileSystemGetDirectoryOptions::new();
        options.set_create(true);
        let handle = JsFuture::from(self.0.get_directory_handle_with_options(name, &options)).await;
        handle.map(|handle| Self(handle.unchecked_into())).map_err(|e| refusal(name, &e))
    }

    async fn existing(&self, name: &str) -> Option<Self> {
        let handle = JsFuture::from(self.0.get_directory_handle(name)).await.ok()?;
        Some(Self(handle.unchecked_into()))
    }

    async fn handle(&self, name: &str) -> Result<FileSystemFileHandle, String> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let handle = JsFuture::from(self.0.get_file_handle_with_options(name, &options)).await;
        handle.map(JsCast::unchecked_into).map_err(|e| refusal(name, &e))
    }

    async fn read_only(&self, name: &str) -> Result<web_sys::File, String> {
        let failed = |e: JsValue| refusal(name, &e);
        let handle: FileSystemFileHandle =
            JsFuture::from(self.0.get_file_handle(name)).await.map_err(failed)?.unchecked_into();
        Ok(JsFuture::from(handle.get_file()).await.map_err(failed)?.unchecked_into())
    }

    async fn write_only(&self, name: &str) -> Result<OpenFile, String> {
        let handle = self.handle(name).await?;
        let open = JsFuture::from(handle.create_sync_access_handle()).await;
        open.map(|open| OpenFile(open.unchecked_into())).map_err(|e| refusal(name, &e))
    }

    /// A file of a model, to read.
    pub async fn file(&self, id: &str, name: &str) -> Result<web_sys::File, String> {
        let folder = self.existing(id).await.ok_or_else(|| format!("{name} is not there any more: fetch it again"))?;
        folder.read_only(name).await
    }

    /// A file of a model, to write.
    pub async fn store(&self, id: &str, name: &str) -> Result<OpenFile, String> {
        self.below(id).await?.write_only(name).await
    }

    /// The note about a model, to write; no other worker writes it meanwhile.
    pub async fn note(&self, id: &str) -> Result<OpenFile, String> {
        self.write_only(&[id, NOTE].concat()).await
    }

    /// What is kept, by name; the length of each file is what it is, not what was noted.
    pub async fn list(&self) -> Result<Vec<Kept>, String> {
        let mut all = Vec::new();
        for name in self.names().await? {
            let Some(id) = name.strip_suffix(NOTE) else { continue };
            // A note that another tab writes, or that was cut off, is left out.
            let Ok(file) = self.read_only(&name).await else { continue };
            if file.size() > MAX_NOTE {
                continue;
            }
            let Ok(bytes) = JsFuture::from(file.array_buffer()).await else { continue };
            let Ok(mut kept) = serde_json::from_slice::<Kept>(&Uint8Array::new(&bytes).to_vec()) else { continue };
            if kept.id != id {
                continue;
            }
            let folder = self.existing(id).await;
            for file in &mut kept.files {
                file.here = match &folder {
                    Some(folder) => folder.read_only(&file.name).await.map_or(0, |f| f.size() as u64),
                    None => 0,
                };
            }
            all.push(kept);
        }
        all.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Ok(all)
    }

    async fn names(&self) -> Result<Vec<String>, String> {
        let keys: AsyncIterator = self.0.keys();
        let failed = |e: JsValue| refusal("the models folder", &e);
        let mut names = Vec::new();
        loop {
            let next = JsFuture::from(keys.next().map_err(failed)?).await.map_err(failed)?;
            let next: IteratorNext = next.unchecked_into();
            if next.done() {
                return Ok(names);
            }
            names.extend(next.value().as_string());
        }
    }

    /// Puts a model away: its files first, its note last, so that one that is half gone can be put away again.
    pub async fn delete(&self, id: &str) -> Result<(), String> {
        let options = FileSystemRemoveOptions::new();
        options.set_recursive(true);
        if self.existing(id).await.is_some() {
            let gone = JsFuture::from(self.0.remove_entry_with_options(id, &options)).await;
            gone.map_err(|e| refusal("the model", &e))?;
        }
        let note = [id, NOTE].concat();
        if self.read_only(&note).await.is_ok() {
            JsFuture::from(self.0.remove_entry(&note)).await.map_err(|e| refusal("the note of the model", &e))?;
        }
        Ok(())
    }
}

impl OpenFile {
    /// Its length.
    pub fn len(&self) -> u64 {
        self.0.get_size().map_or(0, |n| n as u64)
    }

    /// Reads at an offset; less at the end.
    pub fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<usize, String> {
        let read = self.0.read_with_u8_array_and_options(buffer, &at(offset));
        read.map(|n| n as usize).map_err(|e| refusal("the file", &e))
    }

    /// Writes all of `bytes` at an offset.
    pub fn write_at(&self, offset: u64, bytes: &[u8]) -> Result<(), String> {
        let mut done = 0;
        while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
            let written = self.0.write_with_u8_array_and_options(rest, &at(offset + done as u64));
            match written.map_err(|e| refusal("the file", &e))? as usize {
                0 => return Err("there is no room for the file: delete a model or something else".to_owned()),
                n => done += n,
            }
        }
        Ok(())
    }

    /// Writes down what is known about a model, as all that the file holds.
    pub fn note(&self, kept: &Kept) -> Result<(), String> {
        let text = serde_json::to_vec(kept).map_err(|e| e.to_string())?;
        self.truncate(0)?;
        self.write_at(0, &text)?;
        self.flush()
    }

    /// Cuts it.
    pub fn truncate(&self, len: u64) -> Result<(), String> {
        self.0.truncate_with_f64(len as f64).map_err(|e| refusal("the file", &e))
    }

    /// Has it written.
    pub fn flush(&self) -> Result<(), String> {
        self.0.flush().map_err(|e| refusal("the file", &e))
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        self.0.close();
    }
}

fn at(offset: u64) -> FileSystemReadWriteOptions {
    let options = FileSystemReadWriteOptions::new();
    options.set_at(offset as f64);
    options
}

/// The message of something thrown.
pub fn message(error: &JsValue) -> String {
    let message = Reflect::get(error, &JsValue::from_str("message")).ok().and_then(|m| m.as_string());
    message.unwrap_or_else(|| format!("{error:?}"))
}

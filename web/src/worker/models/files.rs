//! Models from elsewhere in the origin's private file system, as they are written: a folder for each, a note beside it.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions,
    FileSystemReadWriteOptions, FileSystemSyncAccessHandle, StorageEstimate, StorageManager,
};

use super::super::scope;
use crate::fetched::NOTE;
use crate::models::{Kept, Room};
use crate::storage::{self, Directory, Missing};

/// The folder of all models.
pub struct Folder(Directory);

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
        "QuotaExceededError" => format!(
            "there is no room for {what}: delete something on the page Models or free disk space, and try again"
        ),
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
        storage::folder(storage::Folder::Fetched, Missing::Make).await.map(Self)
    }

    /// A file of a model, to write.
    pub async fn store(&self, id: &str, name: &str) -> Result<OpenFile, String> {
        write_only(&storage::within(&self.0, id, Missing::Make).await?, name).await
    }

    /// The note about a model, to write; no other worker writes it meanwhile.
    pub async fn note(&self, id: &str) -> Result<OpenFile, String> {
        write_only(&self.0, &[id, NOTE].concat()).await
    }

    /// A file of a model, to read.
    pub async fn file(&self, id: &str, name: &str) -> Result<web_sys::File, String> {
        storage::open(&storage::within(&self.0, id, Missing::Fail).await?, name).await
    }
}

async fn write_only(folder: &Directory, name: &str) -> Result<OpenFile, String> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(true);
    let folder: &FileSystemDirectoryHandle = folder.0.unchecked_ref();
    let handle = JsFuture::from(folder.get_file_handle_with_options(name, &options)).await;
    let handle: FileSystemFileHandle = handle.map_err(|e| refusal(name, &e))?.unchecked_into();
    let open = JsFuture::from(handle.create_sync_access_handle()).await;
    open.map(|open| OpenFile(open.unchecked_into())).map_err(|e| refusal(name, &e))
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
                0 => return Err("there is no room for the file: delete something on the page Models or free disk space, and try again".to_owned()),
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

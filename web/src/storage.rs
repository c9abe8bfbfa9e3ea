//! What this browser keeps of the site: the origin's private file system, for page and worker alike.
//!
//! `copies/NAME` holds copies of model files, `models/ID/` models from elsewhere with the note `models/ID.json` beside each,
//! `runs/NAME/journal.jsonl` what runs have asked so far,
//! `cards/KEY/card.json` with `samples.jsonl` what came of them, and `texts/KEY/rows.jsonl` the labels so far of a file of
//! texts. Nothing else touches the file system.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomException, File};

mod browser {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen(module = "/src/browser.js")]
    extern "C" {
        #[wasm_bindgen(catch)]
        pub async fn folder(name: &str, create: bool) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch)]
        pub async fn within(parent: &JsValue, name: &str, create: bool) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_name = fileIn)]
        pub async fn file_in(parent: &JsValue, name: &str) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_name = namesIn)]
        pub async fn names_in(parent: &JsValue) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch, js_name = removeFrom)]
        pub async fn remove_from(parent: &JsValue, name: &str) -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch)]
        pub async fn room() -> Result<JsValue, JsValue>;
        #[wasm_bindgen(catch)]
        pub async fn persist() -> Result<JsValue, JsValue>;
    }
}

/// A folder.
#[derive(Clone, Debug)]
pub struct Directory(pub(crate) JsValue);

/// A folder below the site's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// Copies of model files.
    Models,
    /// Models from elsewhere: a folder for each, and a note beside it.
    Fetched,
    /// Journals.
    Runs,
    /// Cards.
    Cards,
    /// Labels of files of texts that are not done.
    Texts,
}

impl Folder {
    fn name(self) -> &'static str {
        match self {
            Self::Models => "copies",
            Self::Fetched => "models",
            Self::Runs => "runs",
            Self::Cards => "cards",
            Self::Texts => "texts",
        }
    }
}

/// The journal's name in its run's folder.
pub const JOURNAL: &str = "journal.jsonl";
/// What a run was asked to be, in its folder, so that a page can offer to go on with it.
pub const ABOUT: &str = "about.json";
/// The card's name in its folder.
pub const CARD: &str = "card.json";
/// The samples' name in a card's folder.
pub const SAMPLES: &str = "samples.jsonl";

/// Whether a folder is made where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It is made.
    Make,
    /// It is an error.
    Fail,
}

/// How much is stored, and how much may be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Room {
    /// Bytes in use.
    pub usage: f64,
    /// Bytes allowed.
    pub quota: f64,
    /// Whether the browser keeps it until the user deletes it.
    pub persisted: bool,
}

/// A folder's handle.
pub async fn folder(of: Folder, missing: Missing) -> Result<Directory, String> {
    browser::folder(of.name(), missing == Missing::Make).await.map(Directory).map_err(|e| said(&e))
}

/// A folder in a folder.
pub async fn within(parent: &Directory, name: &str, missing: Missing) -> Result<Directory, String> {
    browser::within(&parent.0, name, missing == Missing::Make).await.map(Directory).map_err(|e| said(&e))
}

/// A file as it can be read by range.
pub async fn open(parent: &Directory, name: &str) -> Result<File, String> {
    browser::file_in(&parent.0, name).await.map(JsCast::unchecked_into).map_err(|e| said(&e))
}

/// A file's bytes, at most so many.
pub async fn read(parent: &Directory, name: &str, most: usize) -> Result<Vec<u8>, String> {
    let file = open(parent, name).await?;
    if file.size() > most as f64 {
        return Err(format!("{name} has {} bytes, more than the {most} that are read", file.size()));
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|e| said(&e))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The names in a folder, sorted.
pub async fn names(parent: &Directory) -> Result<Vec<String>, String> {
    let found = browser::names_in(&parent.0).await.map_err(|e| said(&e))?;
    let mut names: Vec<String> = js_sys::Array::from(&found).iter().filter_map(|name| name.as_string()).collect();
    names.sort();
    Ok(names)
}

/// Deletes a file, or a folder with all that it holds.
pub async fn remove(of: Folder, name: &str) -> Result<(), String> {
    let folder = folder(of, Missing::Fail).await?;
    browser::remove_from(&folder.0, name).await.map(|_| ()).map_err(|e| said(&e))
}

/// How much is stored, and how much may be.
pub async fn room() -> Result<Room, String> {
    let found = js_sys::Array::from(&browser::room().await.map_err(|e| said(&e))?);
    let number = |place: u32| found.get(place).as_f64().unwrap_or(0.0);
    Ok(Room { usage: number(0), quota: number(1), persisted: number(2) > 0.0 })
}

/// Asks the browser to keep what is stored. It may say no, and then clears it when the disk is full.
pub async fn persist() -> bool {
    browser::persist().await.is_ok_and(|granted| granted.is_truthy())
}

/// A file's name without what a file name may not have, and never one that hides or leads elsewhere.
pub fn safe_name(name: &str) -> String {
    let kept = name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' });
    let kept: String = kept.take(120).collect();
    let kept = kept.trim_start_matches('.');
    if kept.is_empty() { "model".to_owned() } else { kept.to_owned() }
}

/// One sentence on what the browser refused.
pub fn said(error: &JsValue) -> String {
    let name = error.dyn_ref::<DomException>().map(DomException::name).unwrap_or_default();
    match name.as_str() {
        "QuotaExceededError" => {
            "this browser's storage for the site is full: delete something on the page Models, or free disk space"
                .to_owned()
        }
        "NoModificationAllowedError" => {
            "another tab of this site uses the same file: close it, or wait for it".to_owned()
        }
        "NotFoundError" => "it is no longer stored here: the browser may have cleared it".to_owned(),
        "SecurityError" | "InvalidStateError" => {
            "this browser keeps no files for the site, as in a private window: use an ordinary one".to_owned()
        }
        _ => {
            let text = error.dyn_ref::<js_sys::Error>().map(|e| String::from(e.message()));
            let text = text.or_else(|| error.dyn_ref::<DomException>().map(DomException::message));
            text.or_else(|| error.as_string()).unwrap_or_else(|| "the browser gives no reason".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_stored_name_leads_nowhere_else() {
        for (name, safe) in [
            ("gemma-3-270m-it-Q8_0.gguf", "gemma-3-270m-it-Q8_0.gguf"),
            ("../../x", "-..-x"),
            ("..", "model"),
            ("a/b\\c\u{202e}.gguf", "a-b-c-.gguf"),
            ("", "model"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
        assert_eq!(safe_name(&"a".repeat(500)).len(), 120);
    }
}

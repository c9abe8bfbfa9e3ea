//! Models from elsewhere that this browser keeps: what the page asks for, and what it is told.
//!
//! They lie in the origin's private file system, one folder each. Plain values, so that they cross to the worker.

use serde::{Deserialize, Serialize};

/// What an address that is shown has in place of what stood after its `?`.
pub const LEFT_OUT: &str = "?…";

/// A model to fetch.
#[derive(Clone, Serialize, Deserialize)]
pub struct Wish {
    /// `OWNER/NAME[@REVISION][:FILE]`, a short name of the list, or the https:// address of a file.
    pub what: String,
    /// What the file of an address must hash to, 64 hexadecimal digits.
    pub sha256: Option<String>,
    /// Goes to the hub with this fetch; kept nowhere.
    pub token: Option<String>,
}

impl std::fmt::Debug for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wish").field("what", &self.what).finish_non_exhaustive()
    }
}

/// How much this origin keeps and may keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Room {
    /// Bytes in use, as the browser estimates them.
    pub usage: Option<u64>,
    /// Bytes that may be used.
    pub quota: Option<u64>,
    /// Whether the browser promised not to remove them by itself.
    pub persisted: bool,
}

impl Room {
    /// Bytes that are free.
    pub fn available(&self) -> Option<u64> {
        Some(self.quota?.saturating_sub(self.usage.unwrap_or_default()))
    }
}

/// A model that is kept, whole or in part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Names its folder.
    pub id: String,
    /// Names it: `OWNER/NAME@COMMIT[:FILE]`, or the address of a file. What stood after `?` there may be a secret, and is
    /// [`LEFT_OUT`].
    pub what: String,
    /// What it is called.
    pub name: String,
    /// The commit, of a model of the hub.
    pub commit: Option<String>,
    /// The licence that its card states.
    pub licence: Option<String>,
    /// Its files.
    pub files: Vec<KeptFile>,
}

/// A file of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptFile {
    /// Its name, without folders.
    pub name: String,
    /// Its length, where whoever lists it stated it, or once it is whole.
    pub bytes: Option<u64>,
    /// So many of them are there.
    pub here: u64,
    /// SHA-256, once it is whole.
    pub sha256: Option<String>,
    /// Whether a stated hash was compared, once it is whole.
    #[serde(default)]
    pub checked: Option<pull::Checked>,
    /// What going on with it needs.
    pub saved: Option<pull::Saved>,
}

impl KeptFile {
    /// Its length, once that is known: an address states none beforehand, but its server may have said it of an earlier part.
    pub fn total(&self) -> Option<u64> {
        self.bytes.or(self.saved.as_ref().and_then(|saved| saved.total))
    }

    /// Whether it was fetched to its end.
    fn ended(&self) -> bool {
        self.sha256.is_some()
    }

    /// Whether it was fetched to its end, and is as long as it was then.
    pub fn whole(&self) -> bool {
        self.ended() && self.bytes == Some(self.here)
    }
}

/// In which state a model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeptState {
    /// It can be run.
    Whole,
    /// It can be gone on with.
    Partial,
    /// It was whole, and the browser removed something of it.
    Evicted,
}

impl Kept {
    /// Bytes that are there.
    pub fn here(&self) -> u64 {
        self.files.iter().map(|file| file.here).sum()
    }

    /// Bytes that there will be, where that is known.
    pub fn bytes(&self) -> Option<u64> {
        self.files.iter().map(KeptFile::total).sum()
    }

    /// Its state.
    pub fn state(&self) -> KeptState {
        match () {
            () if self.files.iter().any(|file| file.ended() && !file.whole()) => KeptState::Evicted,
            () if !self.files.is_empty() && self.files.iter().all(KeptFile::whole) => KeptState::Whole,
            () => KeptState::Partial,
        }
    }
}

/// How far a fetch is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fetching {
    /// The file that comes now.
    pub file: String,
    /// Bytes of the whole model that are there.
    pub done: u64,
    /// Bytes that there will be, where that is known.
    pub total: Option<u64>,
    /// What is being done.
    pub step: FetchStep,
}

/// What a fetch does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FetchStep {
    /// Asks what the repository holds.
    Asking,
    /// Hashes what was there from before.
    Hashing,
    /// Bytes come.
    Receiving,
    /// Waits before it tries again.
    Waiting,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: Option<u64>, here: u64, whole: bool) -> KeptFile {
        let sha256 = whole.then(|| "0".repeat(64));
        KeptFile { name: "m.gguf".to_owned(), bytes, here, sha256, checked: None, saved: None }
    }

    fn kept(files: Vec<KeptFile>) -> Kept {
        Kept { id: "1".to_owned(), what: "a/b".to_owned(), name: "b".to_owned(), commit: None, licence: None, files }
    }

    #[test]
    fn a_model_is_whole_partial_or_evicted() {
        for (files, state) in [
            (vec![], KeptState::Partial),
            (vec![file(Some(9), 9, true)], KeptState::Whole),
            (vec![file(Some(9), 9, false)], KeptState::Partial),
            (vec![file(Some(9), 9, true), file(None, 0, false)], KeptState::Partial),
            (vec![file(Some(9), 9, true), file(Some(9), 0, true)], KeptState::Evicted),
        ] {
            assert_eq!(kept(files).state(), state);
        }
        assert_eq!(kept(vec![file(Some(9), 3, false), file(Some(1), 1, true)]).bytes(), Some(10));
        assert_eq!(kept(vec![file(Some(9), 3, false), file(None, 1, true)]).bytes(), None);
    }

    #[test]
    fn a_token_is_in_no_message_for_people() {
        let wish = Wish { what: "a/b".to_owned(), sha256: None, token: Some("hf_secret".to_owned()) };
        assert!(!format!("{wish:?} {:?}", crate::message::Request::Fetch(Box::new(wish.clone()))).contains("secret"));
    }

    #[test]
    fn room_is_what_the_quota_leaves() {
        assert_eq!(Room { usage: Some(3), quota: Some(10), persisted: false }.available(), Some(7));
        assert_eq!(Room { usage: Some(30), quota: Some(10), persisted: false }.available(), Some(0));
        assert_eq!(Room::default().available(), None);
    }
}

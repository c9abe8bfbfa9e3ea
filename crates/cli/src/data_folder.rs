//! Public data sets on this machine: where they lie, and which of their files are there.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use datasets::{DATASETS, Dataset, File, MAX_BYTES};

use crate::input;

/// The variable that names the folder.
const VARIABLE: &str = "SWEETSPOT_DATA";

/// The folder of the data sets: the one given, else that of the environment, else the user's.
pub fn folder(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(folder) = given {
        return Ok(folder.to_owned());
    }
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = variable(VARIABLE) {
        return Ok(folder);
    }
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        // A relative path in this variable is to be ignored, says its specification.
        let own = variable("XDG_DATA_HOME").filter(|path| path.is_absolute());
        own.or_else(|| variable("HOME").map(|home| home.join(".local/share")))
    };
    let base = base.with_context(|| format!("no data folder is known here: pass --data-dir or set {VARIABLE}"))?;
    Ok(base.join("sweetspot").join("data"))
}

/// The set with this id.
pub fn find(id: &str) -> anyhow::Result<&'static Dataset> {
    let Some(set) = datasets::dataset(id) else {
        let known: Vec<&str> = DATASETS.iter().map(|set| set.id).collect();
        bail!("no data set is called {id:?}: the sets are {}", known.join(", "))
    };
    Ok(set)
}

/// Where a file of a set lies.
pub fn place(folder: &Path, set: &Dataset, file: &File) -> PathBuf {
    folder.join(set.folder).join(file.path)
}

/// How a file of a set is found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is the one that is meant.
    Here,
    /// It is not there.
    Absent,
    /// Another one is in its place.
    Other,
}

impl State {
    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Absent => "absent",
            Self::Other => "another file",
        }
    }
}

/// Whether a file is there, byte for byte.
pub fn state(path: &Path, file: &File) -> State {
    match (path.exists(), input::bytes(path, MAX_BYTES)) {
        (false, _) => State::Absent,
        (true, Ok(bytes)) if file.check(&bytes).is_ok() => State::Here,
        (true, _) => State::Other,
    }
}

/// Whether a file of the right size is there; its digest is not computed.
pub fn is_there(path: &Path, file: &File) -> bool {
    path.metadata().is_ok_and(|m| m.is_file() && m.len() == file.bytes)
}

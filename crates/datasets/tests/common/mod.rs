//! What the tests of the files share.

use datasets::{Dataset, File};
use std::path::{Path, PathBuf};

/// Files of a set by path.
pub type Bytes = Vec<(&'static str, Vec<u8>)>;

/// The shared files, or a said skip.
pub fn shared() -> Option<PathBuf> {
    testkit::shared("data")
}

/// The files of a set that are in a folder.
pub fn files(root: &Path, set: &Dataset) -> Bytes {
    let read = |file: &File| Some((file.path, std::fs::read(root.join(set.folder).join(file.path)).ok()?));
    set.files.iter().filter_map(read).collect()
}

/// As a reader takes them.
pub fn borrowed(files: &Bytes) -> Vec<(&str, &[u8])> {
    files.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect()
}

//! Public data sets in their native formats, read into the questions of the catalogue.
//!
//! Nothing of a data set is part of this crate: a user downloads the files, this crate says from where
//! ([`File::url`]), checks that they are the ones meant ([`Dataset::check`]) and reads them ([`Task::parse`]). The
//! crate is pure: bytes in, values out. A file that is damaged, cut short or not what it should be is refused in one
//! sentence; work is bounded by limits on size, length of line and depth.
//!
//! The sets are public and most are old: a model may have seen them. They stand beside our own probes, which
//! [`Task::maps_to`] names, and never replace one.
//!
//! How to add a set: its files in `pins/`, one function in `sets/` that reads them, one row in [`DATASETS`].

mod error;
mod input;
mod pins;
mod registry;
mod sets;

pub use error::Error;
pub use input::{MAX_BYTES, MAX_LINE};
pub use registry::DATASETS;
pub use sets::articles::{Article, Articles};

use probes::catalogue::{Features, Format, Question, Reader, Rule};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Files at hand: each with its path in the folder of the set.
pub type Files<'a> = [(&'a str, &'a [u8])];

/// A repository at a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Owner and name on GitHub.
    pub repository: &'static str,
    /// The commit, 40 hex digits.
    pub commit: &'static str,
}

/// One file of a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it lies in the folder of the set on the user's machine.
    pub path: &'static str,
    /// Where it comes from.
    pub source: &'static Source,
    /// Its path in the repository.
    pub at: &'static str,
    /// Its size.
    pub bytes: u64,
    /// Items in it; 0 for a file that only goes with others.
    pub records: u64,
    /// Lower-case hex.
    pub sha256: &'static str,
}

impl File {
    /// Where to download it.
    pub fn url(&self) -> String {
        format!("https://raw.githubusercontent.com/{}/{}/{}", self.source.repository, self.source.commit, self.at)
    }

    /// Is this the file that is meant, byte for byte?
    pub fn check(&self, bytes: &[u8]) -> Result<(), Error> {
        if bytes.len() as u64 != self.bytes {
            let found = format!("{}", bytes.len());
            return Err(Error::new(self.path, None, format!("{} bytes", self.bytes), found));
        }
        let found = Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        if found != self.sha256 {
            return Err(Error::new(self.path, None, format!("SHA-256 {}", self.sha256), found));
        }
        Ok(())
    }
}

/// A data set.
#[derive(Clone, Copy, Debug)]
pub struct Dataset {
    /// Stable id.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Its folder on the user's machine; sets whose terms are passed on lie apart.
    pub folder: &'static str,
    /// SPDX licence expression.
    pub licence: &'static str,
    /// Whom to name wherever items are shown.
    pub attribution: &'static str,
    /// What is adapted from it must be published under the same licence.
    pub share_alike: bool,
    /// What a reader of scores or items should know; may be empty.
    pub notes: &'static str,
    /// Its files.
    pub files: &'static [File],
    /// What is asked with it.
    pub tasks: &'static [Task],
}

impl Dataset {
    /// The file at a path in the folder of the set.
    pub fn file(&self, path: &str) -> Option<&'static File> {
        self.files.iter().find(|f| f.path == path)
    }

    /// Items in all its files.
    pub fn records(&self) -> u64 {
        self.files.iter().map(|f| f.records).sum()
    }

    /// Are these files of the set, byte for byte?
    pub fn check(&self, files: &Files) -> Result<(), Error> {
        for (path, bytes) in files {
            let known = self.file(path);
            let unknown = || Error::new(self.id, None, "only files of this set", error::quoted(path));
            known.ok_or_else(unknown)?.check(bytes)?;
        }
        Ok(())
    }
}

/// One way in which a set is used.
#[derive(Clone, Copy)]
pub struct Task {
    /// Stable id; begins with that of the set.
    pub id: &'static str,
    /// What it measures, one sentence.
    pub about: &'static str,
    /// Ids of our own probes beside which it runs, separated by a comma.
    pub maps_to: &'static str,
    /// Reads the files at hand, some or all of the set's. Digests are not compared here.
    pub parse: fn(&Files) -> Result<Parsed, Error>,
    /// Ways to ask, the headline first. Empty where the records are not asked as questions.
    pub formats: &'static [Format],
    /// How a written answer is read.
    pub reader: Reader,
    /// A written answer that is right.
    pub perfect: fn(&Question) -> String,
    /// What the learnt baseline sees.
    pub features: Features,
    /// The rule baselines.
    pub rules: &'static [Rule],
}

impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Task({})", self.id)
    }
}

/// What files hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The questions, in the order of the files. Sets that publish a split for development give only the others here.
    pub questions: Vec<Question>,
    /// Questions of the split for development: for learnt baselines and examples, never for a score. They have no
    /// options, which would be many times larger than the texts.
    pub training: Vec<Question>,
    /// What is put to the model without a right answer.
    pub prompts: Vec<Prompt>,
    /// Items in the files, whether or not they became questions.
    pub records: u64,
}

/// Something put to the model that has no gold answer in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// What the user says.
    pub text: String,
    /// Group within the set.
    pub kind: String,
    /// BCP 47.
    pub lang: String,
    /// What else the file says of it, by name.
    pub fields: BTreeMap<String, String>,
}

/// The data set with an id.
pub fn dataset(id: &str) -> Option<&'static Dataset> {
    DATASETS.iter().find(|d| d.id == id)
}

//! Files of texts whose labels are not all there yet, as page and worker find them in the browser's storage.

use serde::{Deserialize, Serialize};

use crate::storage::{self, Folder, Missing};

/// The labels of a file so far, JSON lines, in its folder.
pub const ROWS: &str = "rows.jsonl";
/// What says what a file of texts is never has more bytes.
const MOST_ABOUT: usize = 64 << 10;

/// What says what is labelled, beside the labels so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AboutTexts {
    /// The file's name.
    pub file: String,
    /// What its texts are labelled with.
    pub labels: Vec<String>,
    /// When that was begun, RFC 3339.
    pub begun: String,
}

/// A file that is not done.
#[derive(Clone, Debug, PartialEq)]
pub struct UnfinishedTexts {
    /// Its folder.
    pub name: String,
    /// What it is.
    pub about: AboutTexts,
    /// Bytes of its labels so far.
    pub bytes: f64,
}

impl UnfinishedTexts {
    /// All that there are.
    pub async fn all() -> Result<Vec<Self>, String> {
        let texts = storage::folder(Folder::Texts, Missing::Make).await?;
        let mut found = vec![];
        for name in storage::names(&texts).await? {
            let folder = storage::within(&texts, &name, Missing::Fail).await?;
            let Ok(about) = storage::read(&folder, storage::ABOUT, MOST_ABOUT).await else { continue };
            let Ok(about) = serde_json::from_slice(&about) else { continue };
            let bytes = storage::open(&folder, ROWS).await.map_or(0.0, |file| file.size());
            found.push(Self { name, about, bytes });
        }
        Ok(found)
    }

    /// For people.
    pub fn words(&self) -> String {
        let AboutTexts { file, labels, begun } = &self.about;
        let begun = begun.replace('T', " ");
        format!("{file} with {}, begun {} UTC", labels.join(", "), begun.trim_end_matches('Z'))
    }
}

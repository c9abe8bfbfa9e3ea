//! Models from elsewhere, as page and worker find them in the browser's storage.

use crate::models::Kept;
use crate::storage::{self, Directory, Folder, Missing};

/// How a note's name ends.
pub const NOTE: &str = ".json";
/// Longest note that is read.
const MAX_NOTE: usize = 1 << 20;

/// What is kept, by name; the length of each file is what it is, not what was noted.
pub async fn all() -> Result<Vec<Kept>, String> {
    let models = storage::folder(Folder::Fetched, Missing::Make).await?;
    let mut all = Vec::new();
    for name in storage::names(&models).await? {
        let Some(id) = name.strip_suffix(NOTE) else { continue };
        // A note that another tab writes, or that was cut off, is left out.
        let Ok(text) = storage::read(&models, &name, MAX_NOTE).await else { continue };
        let Ok(mut kept) = serde_json::from_slice::<Kept>(&text) else { continue };
        if kept.id == id {
            measure(&models, &mut kept).await;
            all.push(kept);
        }
    }
    all.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    Ok(all)
}

async fn measure(models: &Directory, kept: &mut Kept) {
    let folder = storage::within(models, &kept.id, Missing::Fail).await;
    for file in &mut kept.files {
        file.here = match &folder {
            Ok(folder) => storage::open(folder, &file.name).await.map_or(0, |f| f.size() as u64),
            Err(_) => 0,
        };
    }
}

/// Puts a model away: its files first, its note last, so that one that is half gone can be put away again.
pub async fn delete(id: &str) -> Result<(), String> {
    let models = storage::folder(Folder::Fetched, Missing::Make).await?;
    let names = storage::names(&models).await?;
    for name in [id.to_owned(), [id, NOTE].concat()] {
        if names.contains(&name) {
            storage::remove(Folder::Fetched, &name).await?;
        }
    }
    Ok(())
}

//! The browser's side of `pull`: models fetched into the origin's private file system, kept, opened and put away.

mod fetch;
mod files;

use std::ops::ControlFlow;
use std::rc::Rc;

use data_encoding::HEXLOWER;
use pull::{Digest, Endpoint, Hasher, HubFile, HubRef, Listing, MAX_ANSWER, Saved, Token, Url, Wanted, What};
use weights::Weights;

use crate::models::{FetchStep, Fetching, Kept, KeptFile, KeptState, Models, ModelsRequest, Wish};
use crate::source;
use fetch::{Fetcher, Target};
use files::Folder;

/// Bytes of the identifier of a model.
const ID_BYTES: usize = 8;

/// Does what is asked about the models that are kept, and says what is kept then.
///
/// `tell` hears how far a fetch is, and stops it with `Break`; what has come is kept then, and another fetch of the same
/// goes on. Nothing is asked of any server unless it is a fetch.
///
/// # Errors
/// One sentence: what, where, what to do.
pub async fn models(
    request: ModelsRequest,
    tell: &mut dyn FnMut(Fetching) -> ControlFlow<()>,
) -> Result<Models, String> {
    let folder = Folder::open().await?;
    match request {
        ModelsRequest::List => {}
        ModelsRequest::Fetch(wish) => {
            let done = fetched(&folder, &wish, tell).await;
            if done.is_err() {
                forget_nothing(&folder).await?;
            }
            done?;
        }
        ModelsRequest::Delete { id } => folder.delete(&id).await?,
        ModelsRequest::DeleteAll => {
            for kept in folder.list().await? {
                folder.delete(&kept.id).await?;
            }
        }
    }
    Ok(Models { kept: folder.list().await?, room: files::room().await })
}

/// Opens a model that is kept whole: its tensors are read by range when the device asks for them.
///
/// # Errors
/// One sentence where it is not there, or no model.
pub async fn open(id: &str) -> Result<Rc<Weights>, String> {
    let folder = Folder::open().await?;
    let kept = folder.list().await?.into_iter().find(|kept| kept.id == id);
    let kept = kept.ok_or("this model is not kept any more (the browser may have removed it): fetch it again")?;
    match kept.state() {
        KeptState::Whole => {}
        KeptState::Partial => return Err(format!("{} is not whole yet: fetch it to the end", kept.name)),
        KeptState::Evicted => return Err(format!("the browser removed a part of {}: fetch it again", kept.name)),
    }
    let mut files = Vec::with_capacity(kept.files.len());
    for file in &kept.files {
        files.push(folder.file(&kept.id, &file.name).await?);
    }
    source::open_model(files).map_err(|e| e.to_string())
}

async fn fetched(
    folder: &Folder,
    wish: &Wish,
    tell: &mut dyn FnMut(Fetching) -> ControlFlow<()>,
) -> Result<(), String> {
    let endpoint = Endpoint::default();
    let (mut kept, targets) = match What::parse(&wish.what, &endpoint).map_err(|e| e.to_string())? {
        What::Hub(reference) => of_hub(&endpoint, &reference, wish, tell).await?,
        What::Address(url) => of_address(&url, wish)?,
    };
    files::persist().await;
    // What was noted about it before; what cannot be read is as if it were not there.
    let before = folder.list().await?.into_iter().find(|b| b.id == kept.id && b.commit == kept.commit);
    for file in &mut kept.files {
        let known = before.iter().flat_map(|b| &b.files).find(|b| b.name == file.name);
        file.saved = known.and_then(|known| known.saved.clone());
        // One that was whole, still is as long as it was, and must have the same hash, is not fetched again.
        let whole = known.filter(|k| k.sha256.is_some() && k.bytes == Some(k.here) && k.bytes == file.bytes);
        file.sha256 = whole.and_then(|known| known.sha256.clone());
    }
    let note = folder.note(&kept.id).await?;
    note.note(&kept)?;
    let all = kept.bytes();
    let mut done = 0;
    for (i, target) in targets.into_iter().enumerate() {
        let Some(file) = kept.files.get(i).cloned() else { continue };
        if file.sha256.is_none() {
            let store = folder.store(&kept.id, &file.name).await?;
            let fetcher = Fetcher { token: wish.token.as_deref() };
            let mut hear = |now: u64, total: Option<u64>, step| {
                tell(Fetching { file: file.name.clone(), done: done + now, total: all.or(total), step })
            };
            let mut write_down = |saved: &Saved| {
                if let Some(file) = kept.files.get_mut(i) {
                    file.saved = Some(saved.clone());
                }
                note.note(&kept)
            };
            let finished = fetcher.file(target, &store, file.saved.clone(), &mut write_down, &mut hear).await?;
            if let Some(file) = kept.files.get_mut(i) {
                file.bytes = Some(finished.bytes);
                file.sha256 = Some(finished.sha256);
            }
            note.note(&kept)?;
        }
        done += kept.files.get(i).and_then(|file| file.bytes).unwrap_or_default();
    }
    Ok(())
}

/// Puts away what was asked for and of which nothing has come: it is no model that is kept.
async fn forget_nothing(folder: &Folder) -> Result<(), String> {
    let nothing = |kept: &Kept| kept.here() == 0 && kept.files.iter().all(|file| file.sha256.is_none());
    for kept in folder.list().await?.iter().filter(|kept| nothing(kept)) {
        folder.delete(&kept.id).await?;
    }
    Ok(())
}

async fn of_hub(
    endpoint: &Endpoint,
    reference: &HubRef,
    wish: &Wish,
    tell: &mut dyn FnMut(Fetching) -> ControlFlow<()>,
) -> Result<(Kept, Vec<Target>), String> {
    let repo = &reference.repo;
    let token = if wish.token.is_some() { Token::For(endpoint.url().origin()) } else { Token::Absent };
    let wanted = |url: Url, name: &str, file: Option<&HubFile>| Wanted {
        url,
        name: name.to_owned(),
        len: file.map(|f| f.bytes),
        digest: file.map(|f| f.digest.clone()),
        repo: Some((repo.to_string(), endpoint.page(repo))),
        token: token.clone(),
    };
    let mut hear =
        |_, _, _| tell(Fetching { file: reference.to_string(), done: 0, total: None, step: FetchStep::Asking });
    let fetcher = Fetcher { token: wish.token.as_deref() };
    let info = wanted(endpoint.info(repo, reference.revision()), "", None);
    let answer = fetcher.document(info, MAX_ANSWER, &mut hear).await?;
    let listing = Listing::parse(repo, endpoint, &answer).map_err(|e| e.to_string())?;
    let files = listing.choose(reference.file.as_deref()).map_err(|e| e.to_string())?;
    let base = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let kept = Kept {
        id: id(&[repo.as_str(), &listing.commit, reference.file.as_deref().unwrap_or_default()].join(" ")),
        what: reference.to_string(),
        name: match files[..] {
            [only] => base(&only.path),
            _ => repo.to_string(),
        },
        commit: Some(listing.commit.clone()),
        licence: listing.licence.clone(),
        files: files.iter().map(|file| unfetched(base(&file.path), Some(file.bytes))).collect(),
    };
    let address = |file: &&HubFile| endpoint.file(repo, &listing.commit, &file.path);
    Ok((kept, files.iter().map(|file| Target(wanted(address(file), &file.path, Some(file)))).collect()))
}

fn of_address(url: &Url, wish: &Wish) -> Result<(Kept, Vec<Target>), String> {
    let digest = match wish.sha256.as_deref().map(str::trim).filter(|hex| !hex.is_empty()) {
        Some(hex) => Some(Digest::sha256(hex).ok_or("the SHA-256 must be 64 hexadecimal digits")?),
        None => None,
    };
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name = if last.starts_with('.') { String::new() } else { last.chars().filter(|c| plain(*c)).collect() };
    let name = if name.is_empty() { "model.gguf".to_owned() } else { name };
    let mut shown = url.clone();
    shown.set_query(None);
    let kept = Kept {
        id: id(url.as_str()),
        what: shown.to_string(),
        name: name.clone(),
        commit: None,
        licence: None,
        files: vec![unfetched(name.clone(), None)],
    };
    let wanted = Wanted { url: url.clone(), name, len: None, digest, repo: None, token: Token::Absent };
    Ok((kept, vec![Target(wanted)]))
}

fn unfetched(name: String, bytes: Option<u64>) -> KeptFile {
    KeptFile { name, bytes, here: 0, sha256: None, saved: None }
}

/// A short name of a folder that says nothing: an address may hold a secret.
fn id(text: &str) -> String {
    let mut hasher = Hasher::new(None, None);
    hasher.update(text.as_bytes());
    let hash = HEXLOWER.decode(hasher.finish(None).0.as_bytes()).unwrap_or_default();
    HEXLOWER.encode(hash.get(..ID_BYTES).unwrap_or_default())
}

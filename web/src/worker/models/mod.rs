//! The browser's side of `pull`: models fetched into the origin's private file system, kept, opened and put away.

mod fetch;
mod files;

use std::ops::ControlFlow;
use std::rc::Rc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use pull::{Digest, Endpoint, Hasher, HubFile, HubRef, Listing, MAX_ANSWER, Saved, Token, Url, Wanted, What};
use web_time::Instant;
use weights::Weights;

use super::{control, post};
use crate::message::Reply;
use crate::models::{FetchStep, Fetching, Kept, KeptFile, KeptState, LEFT_OUT, Wish};
use crate::source;
use fetch::{Fetcher, Target};
use files::Folder;

/// The page hears this often how far a fetch is,
const TOLD_EVERY: Duration = Duration::from_millis(200);
/// and of each of so many parts, so that one that stalls shows how far it came.
const TOLD_PARTS: u64 = 200;
/// Bytes of the identifier of a model.
const ID_BYTES: usize = 8;

/// Fetches a model, or goes on with it, and says how far it is; what has come of one that was stopped is kept. Nothing else
/// asks anything of another host.
///
/// # Errors
/// One sentence: what, where, what to do.
pub async fn fetch(wish: Wish) -> Result<(), String> {
    control::begin();
    let mut last: Option<(Instant, Fetching)> = None;
    let mut tell = |fetching: Fetching| {
        let due = |(at, last): &(Instant, Fetching)| {
            let part = fetching.total.unwrap_or_default() / TOLD_PARTS;
            last.step != fetching.step
                || last.total != fetching.total
                || at.elapsed() >= TOLD_EVERY
                || fetching.done > last.done + part
        };
        if last.as_ref().is_none_or(due) {
            last = Some((Instant::now(), fetching.clone()));
            post(&Reply::Fetching(fetching));
        }
        if control::state() == control::State::Stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    match fetched(&Folder::open().await?, &wish, &mut tell).await {
        Ok(kept) => post(&Reply::Fetched(Box::new(kept))),
        Err(why) => {
            forget_nothing().await;
            return Err(why);
        }
    }
    Ok(())
}

/// Opens a model that is kept whole: its tensors are read by range when the device asks for them.
///
/// # Errors
/// One sentence where it is not there, or no model.
pub async fn open(what: &str) -> Result<Rc<Weights>, String> {
    let kept = crate::fetched::all().await?.into_iter().find(|kept| kept.what == what);
    let kept = kept.ok_or("this browser does not keep it, or has removed it: fetch it first")?;
    match kept.state() {
        KeptState::Whole => {}
        KeptState::Partial => return Err(format!("{} is not whole yet: fetch it to the end", kept.name)),
        KeptState::Evicted => return Err(format!("the browser removed a part of {}: fetch it again", kept.name)),
    }
    let folder = Folder::open().await?;
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
) -> Result<Kept, String> {
    let endpoint = Endpoint::default();
    let (mut kept, targets) = match What::parse(&wish.what, &endpoint).map_err(|e| e.to_string())? {
        What::Hub(reference) => of_hub(&endpoint, &reference, wish, tell).await?,
        What::Address(url) => of_address(&url, wish)?,
    };
    files::persist().await;
    // What was noted about it before; what cannot be read is as if it were not there.
    let before = crate::fetched::all().await?.into_iter().find(|b| b.id == kept.id && b.commit == kept.commit);
    for (file, target) in kept.files.iter_mut().zip(&targets) {
        let known = before.iter().flat_map(|b| &b.files).find(|b| b.name == file.name);
        file.saved = known.and_then(|known| known.saved.clone());
        // One that was whole, still is as long as it was, and must have the same hash, is not fetched again.
        let whole = known.filter(|k| k.whole() && k.bytes == file.bytes);
        file.sha256 = whole.and_then(|known| known.sha256.clone());
        file.checked = whole.and_then(|known| known.checked);
        let other = |known: &KeptFile| known.saved.as_ref().is_some_and(|saved| !saved.is_of(&target.0.url));
        if known.is_some_and(|k| k.whole() && other(k)) {
            return Err(format!(
                "a model from this address, with something else after its ?, is kept already: delete {} on the page Models first",
                kept.name
            ));
        }
    }
    let all = kept.files.iter().map(|file| file.bytes).sum::<Option<u64>>();
    let note = folder.note(&kept.id).await?;
    note.note(&kept)?;
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
                file.here = finished.bytes;
                file.sha256 = Some(finished.sha256);
                file.checked = Some(finished.checked);
            }
            note.note(&kept)?;
        }
        done += kept.files.get(i).and_then(|file| file.bytes).unwrap_or_default();
    }
    Ok(kept)
}

/// Puts away what was asked for and of which nothing has come: it is no model that is kept.
async fn forget_nothing() {
    let nothing = |kept: &Kept| kept.here() == 0 && kept.files.iter().all(|file| file.sha256.is_none());
    for kept in crate::fetched::all().await.unwrap_or_default().iter().filter(|kept| nothing(kept)) {
        // One that another tab begins cannot be put away, and what went wrong is told all the same.
        let _ = crate::fetched::delete(&kept.id).await;
    }
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
    let stated = pull::KNOWN.iter().filter(|known| known.reference() == *reference).find_map(|known| known.sha256);
    if let Some((hex, file)) = stated.zip(files.first())
        && file.digest.hex() != hex
    {
        let (file, found) = (file.path.clone(), file.digest.hex());
        return Err(pull::Error::NotTheKnown { file, known: hex.to_owned(), found }.to_string());
    }
    // The commit names these bytes and no later ones: whoever goes on, or follows a link, gets the same.
    let what = HubRef { revision: Some(listing.commit.clone()), ..reference.clone() }.to_string();
    let base = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let kept = Kept {
        id: id(&what),
        what,
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
    let what = [shown.as_str(), if url.query().is_some() { LEFT_OUT } else { "" }].concat();
    let kept = Kept {
        id: id(&what),
        what,
        name: name.clone(),
        commit: None,
        licence: None,
        files: vec![unfetched(name.clone(), None)],
    };
    let wanted = Wanted { url: url.clone(), name, len: None, digest, repo: None, token: Token::Absent };
    Ok((kept, vec![Target(wanted)]))
}

fn unfetched(name: String, bytes: Option<u64>) -> KeptFile {
    KeptFile { name, bytes, here: 0, sha256: None, checked: None, saved: None }
}

/// A short name of a folder: an address is longer than a name may be.
fn id(text: &str) -> String {
    let mut hasher = Hasher::new(None, None);
    hasher.update(text.as_bytes());
    let hash = HEXLOWER.decode(hasher.finish(None).0.as_bytes()).unwrap_or_default();
    HEXLOWER.encode(hash.get(..ID_BYTES).unwrap_or_default())
}

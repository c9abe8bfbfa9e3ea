//! A model of the hub, into the hub's cache.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use pull::{Endpoint, Error, GEMMA_NOTICE, HubFile, HubRef, KNOWN, Listing, MAX_ANSWER, Token, Wanted, layout};
use serde_json::json;

use super::{check_size, human};
use crate::args_pull::PullArgs;
use crate::download::{Downloader, Growing};
use crate::{hub_cache, output};

/// What became of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Present,
    Fetched,
}

/// Fetches it.
pub fn fetch(endpoint: &Endpoint, reference: &HubRef, args: &PullArgs) -> anyhow::Result<()> {
    let token = hub_cache::token()?;
    let scope = if token.is_some() { Token::For(endpoint.url().origin()) } else { Token::Absent };
    let downloader = Downloader::new(token)?;
    let repo = &reference.repo;
    let wanted = |url, name: &str| Wanted {
        url,
        name: name.to_owned(),
        len: None,
        digest: None,
        repo: Some((repo.to_string(), endpoint.page(repo))),
        token: scope.clone(),
    };
    let info = wanted(endpoint.info(repo, reference.revision()), "");
    let listing = Listing::parse(repo, endpoint, &downloader.document(info, MAX_ANSWER)?)?;
    let files = listing.choose(reference.file.as_deref())?;
    check_known(&listing, reference, &files)?;

    let cache = hub_cache::folder()?;
    let folder = cache.join(layout::repo_folder(repo));
    let blob = |file: &HubFile| folder.join(layout::blob(&file.digest.hex()));
    let is_there = |file: &HubFile| {
        let whole = |path: &Path| path.metadata().is_ok_and(|m| m.is_file() && m.len() == file.bytes);
        whole(&blob(file)) || whole(&folder.join(layout::snapshot(&listing.commit, &file.path)))
    };
    let missing: Vec<&HubFile> = files.iter().copied().filter(|file| !is_there(file)).collect();
    let total: u64 = missing.iter().map(|file| file.bytes).sum();
    say(&listing, reference, &files, total);
    if args.dry_run {
        return tell(
            &listing,
            reference,
            &files,
            &|file| if is_there(file) { "present" } else { "missing" },
            None,
            args,
        );
    }
    check_size(total, args)?;
    fs::create_dir_all(folder.join("blobs")).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let begun: u64 = missing
        .iter()
        .filter_map(|file| folder.join(layout::incomplete(&file.digest.hex())).metadata().ok())
        .map(|m| m.len())
        .sum();
    pull::fits(total.saturating_sub(begun), fs4::available_space(&folder).ok())?;

    let bar = output::rate_bar(total, "fetching");
    let mut before = 0;
    for file in &missing {
        let url = endpoint.file(repo, &listing.commit, &file.path);
        let wanted = Wanted { len: Some(file.bytes), digest: Some(file.digest.clone()), ..wanted(url, &file.path) };
        let done = one(&downloader, wanted, file, &cache, repo, &bar, before);
        if done.is_err() {
            bar.finish_and_clear();
        }
        done?;
        before += file.bytes;
        bar.set_position(before);
    }
    bar.finish_and_clear();
    for file in &files {
        link(&folder, &listing.commit, file)?;
    }
    // Last: a name never stands for a commit whose files are not there.
    if reference.revision() != listing.commit {
        let place = folder.join(layout::reference(reference.revision()));
        output::write_file(&place, listing.commit.as_bytes(), output::Replace::Allowed)?;
    }
    let fetched: Vec<&str> = missing.iter().map(|file| file.path.as_str()).collect();
    let state = |file: &HubFile| if fetched.contains(&file.path.as_str()) { State::Fetched } else { State::Present };
    let words = |file: &HubFile| if state(file) == State::Fetched { "fetched" } else { "present" };
    let pinned = HubRef { revision: Some(listing.commit.clone()), ..reference.clone() };
    let model = hub_cache::find(&cache, &pinned).unwrap_or_else(|_| folder.join("snapshots").join(&listing.commit));
    tell(&listing, reference, &files, &words, Some(&model), args)
}

/// A pinned file must be the one that is known.
fn check_known(listing: &Listing, reference: &HubRef, files: &[&HubFile]) -> anyhow::Result<()> {
    for known in KNOWN.iter().filter(|known| known.reference() == *reference) {
        for (file, hash) in files.iter().zip(known.sha256) {
            let found = file.digest.hex();
            if found != hash {
                let file = [listing.repo.as_str(), ":", &file.path].concat();
                bail!(Error::NotTheKnown { file, known: hash.to_owned(), found });
            }
        }
    }
    Ok(())
}

/// One file into its blob.
fn one(
    downloader: &Downloader,
    wanted: Wanted,
    file: &HubFile,
    cache: &Path,
    repo: &pull::Repo,
    bar: &indicatif::ProgressBar,
    before: u64,
) -> anyhow::Result<()> {
    let hash = file.digest.hex();
    let folder = cache.join(layout::repo_folder(repo));
    let (blob, incomplete) = (folder.join(layout::blob(&hash)), folder.join(layout::incomplete(&hash)));
    // The lock of the hub's own programs: two of them, or one and this, do not fetch the same blob at once.
    let lock = lock(downloader, &cache.join(layout::lock(repo, &hash)))?;
    if blob.metadata().is_ok_and(|m| m.len() == file.bytes) {
        return Ok(());
    }
    let (mut growing, partial) = Growing::open(&incomplete, None)?;
    if partial.len > 0 {
        eprintln!(
            "{}: going on after {} of {} bytes",
            pull::shown(&file.path),
            partial.len.min(file.bytes),
            file.bytes
        );
    }
    match downloader.file(wanted, &mut growing, partial, bar, before) {
        Ok(_) => growing.keep(&blob)?,
        Err(error) => {
            if error.downcast_ref::<Error>().is_some_and(|e| !e.keeps_partial()) {
                growing.remove();
            }
            return Err(error);
        }
    }
    drop(lock);
    Ok(())
}

fn lock(downloader: &Downloader, path: &Path) -> anyhow::Result<File> {
    let place = || format!("cannot lock {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(place)?;
    }
    let file = File::options().read(true).write(true).create(true).truncate(false).open(path).with_context(place)?;
    let mut told = false;
    downloader.wait_until(|| match file.try_lock() {
        Ok(()) => Ok(Some(())),
        Err(fs::TryLockError::WouldBlock) => {
            if !std::mem::replace(&mut told, true) {
                eprintln!("another program is fetching the same file; waiting for it");
            }
            Ok(None)
        }
        Err(fs::TryLockError::Error(error)) => Err(error).with_context(place),
    })?;
    Ok(file)
}

/// The file of a commit as a link to its blob; where links are not allowed, as the same file or a copy of it.
fn link(folder: &Path, commit: &str, file: &HubFile) -> anyhow::Result<()> {
    let hash = file.digest.hex();
    let (at, blob) = (folder.join(layout::snapshot(commit, &file.path)), folder.join(layout::blob(&hash)));
    let place = || format!("cannot write {}", at.display());
    if at.metadata().is_ok_and(|m| m.is_file() && m.len() == file.bytes) {
        return Ok(());
    }
    if let Some(parent) = at.parent() {
        fs::create_dir_all(parent).with_context(place)?;
    }
    if at.symlink_metadata().is_ok() {
        fs::remove_file(&at).with_context(place)?;
    }
    let target = layout::link_target(&file.path, &hash);
    if symlink(Path::new(&target), &at).is_ok() || fs::hard_link(&blob, &at).is_ok() {
        return Ok(());
    }
    fs::copy(&blob, &at).map(|_| ()).with_context(place)
}

#[cfg(unix)]
fn symlink(target: &Path, at: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(windows)]
fn symlink(target: &Path, at: &Path) -> std::io::Result<()> {
    std::os::windows::fs::symlink_file(target, at)
}

/// What will be done, on stderr.
fn say(listing: &Listing, reference: &HubRef, files: &[&HubFile], total: u64) {
    let all: u64 = files.iter().map(|file| file.bytes).sum();
    let short = listing.commit.get(..7).unwrap_or_default();
    let n = files.len();
    let files = if n == 1 { "1 file".to_owned() } else { format!("{n} files") };
    let rest = if total == all { String::new() } else { format!(", {} of it still to fetch", human(total)) };
    eprintln!("{reference} at {short}: {files}, {}{rest}", human(all));
    if let Some(licence) = &listing.licence {
        eprintln!("licence: {licence}");
    }
    if is_gemma(listing) {
        eprintln!("{GEMMA_NOTICE}.");
    }
}

/// Whether Gemma's terms apply, as far as a name or a licence shows it.
fn is_gemma(listing: &Listing) -> bool {
    listing.licence.as_deref() == Some("gemma") || listing.repo.as_str().to_ascii_lowercase().contains("gemma")
}

fn tell(
    listing: &Listing,
    reference: &HubRef,
    files: &[&HubFile],
    state: &dyn Fn(&HubFile) -> &'static str,
    model: Option<&PathBuf>,
    args: &PullArgs,
) -> anyhow::Result<()> {
    if args.json {
        let file = |file: &&HubFile| {
            json!({"path": file.path, "bytes": file.bytes, "hash": file.digest.hex(),
                   "function": file.digest.function(), "state": state(file)})
        };
        return output::json(&json!({
            "repo": listing.repo.as_str(), "revision": reference.revision(), "commit": listing.commit,
            "licence": listing.licence, "gated": listing.gated, "model": model,
            "files": files.iter().map(file).collect::<Vec<_>>(),
        }));
    }
    match model {
        Some(model) => output::line(&model.display().to_string()),
        None => files
            .iter()
            .try_for_each(|file| output::line(&format!("{:>9}  {}  {}", human(file.bytes), state(file), file.path))),
    }
}

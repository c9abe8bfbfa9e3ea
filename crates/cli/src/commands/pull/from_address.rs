//! A file from any address, into a file of the user's choice.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use pull::{Checked, Digest, Hasher, Token, Url, Wanted};
use serde_json::json;

use crate::args_pull::PullArgs;
use crate::download::{Downloader, Growing};
use crate::output;

/// Fetches it.
pub fn fetch(url: &Url, args: &PullArgs) -> anyhow::Result<()> {
    let digest = args.sha256.as_deref().map(|hex| {
        Digest::sha256(hex.trim()).with_context(|| format!("{hex:?} is no SHA-256: expected 64 hexadecimal digits"))
    });
    let digest = digest.transpose()?;
    let to = args.out.clone().map_or_else(|| name(url), Ok)?;
    if to.is_dir() {
        bail!("{} is a folder: name a file", to.display());
    }
    if to.exists() {
        if let Some(wanted) = &digest
            && hash(&to, wanted)? == *wanted
        {
            eprintln!("{} is here already, with that hash: nothing is fetched", to.display());
            return tell(&to, None, args);
        }
        if !args.force {
            bail!("{} exists already: choose another place with --out, or pass --force", to.display());
        }
    }
    if args.dry_run {
        eprintln!("{} would be fetched to {}", pull::shown(url.path()), to.display());
        return if args.json { output::json(&json!({"model": to, "files": []})) } else { Ok(()) };
    }
    let downloader = Downloader::new(None)?;
    let folder = to.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let beside = |end: &str| {
        let mut name = to.clone().into_os_string();
        name.push(end);
        PathBuf::from(name)
    };
    let (mut growing, partial) = Growing::open(&beside(".part"), Some(beside(".part.json")))?;
    if partial.len > 0 {
        eprintln!("going on after {} bytes", partial.len);
    }
    let file = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wanted = Wanted { url: url.clone(), name: file, len: None, digest, repo: None, token: Token::Absent };
    let bar = output::rate_bar(0, "fetching");
    let done = downloader.file(wanted, &mut growing, partial, &bar, 0);
    bar.finish_and_clear();
    match done {
        Ok(done) => {
            growing.keep(&to)?;
            tell(&to, Some(&done), args)
        }
        Err(error) => {
            if error.downcast_ref::<pull::Error>().is_some_and(|e| !e.keeps_partial()) {
                growing.remove();
            }
            Err(error)
        }
    }
}

fn tell(to: &Path, done: Option<&pull::Finished>, args: &PullArgs) -> anyhow::Result<()> {
    if args.json {
        let file =
            done.map(|done| json!({"path": to, "bytes": done.bytes, "sha256": done.sha256, "checked": done.checked}));
        return output::json(&json!({"model": to, "files": file.into_iter().collect::<Vec<_>>()}));
    }
    if let Some(done) = done {
        let checked = match done.checked {
            Checked::Hash => "as it must be",
            Checked::Length => "which nothing was compared with: pass --sha256 where it is known",
        };
        eprintln!("{} bytes, SHA-256 {}, {checked}", done.bytes, done.sha256);
    }
    output::line(&to.display().to_string())
}

/// The last part of an address as the name of a file here.
fn name(url: &Url) -> anyhow::Result<PathBuf> {
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if last.is_empty() || last.starts_with('.') || !last.chars().all(plain) {
        bail!("the address has no name for a file: name one with --out");
    }
    Ok(PathBuf::from(last))
}

fn hash(path: &Path, wanted: &Digest) -> anyhow::Result<Digest> {
    let place = || format!("cannot read {}", path.display());
    let mut file = std::fs::File::open(path).with_context(place)?;
    let mut hasher = Hasher::new(Some(wanted), None);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n = std::io::Read::read(&mut file, &mut buffer).with_context(place)?;
        let Some(bytes) = buffer.get(..n).filter(|bytes| !bytes.is_empty()) else { break };
        hasher.update(bytes);
    }
    hasher.finish(Some(wanted)).1.context("no hash")
}

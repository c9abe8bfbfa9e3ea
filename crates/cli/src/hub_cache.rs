//! The Hugging Face cache on this machine, which the hub's own programs share: where it is, what lies in it.
//!
//! Variables mean what <https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables> says.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use endpoint::Secret;
use pull::{Endpoint, HubRef, Repo, What, layout};

use crate::input;

/// Longest file that holds a commit or a token.
const SHORT: usize = 4_096;
/// Files that are looked at in a snapshot.
const MAX_FILES: usize = 20_000;

/// Where the hub is: `HF_ENDPOINT`, or huggingface.co.
pub fn endpoint() -> anyhow::Result<Endpoint> {
    match variable("HF_ENDPOINT") {
        Some(text) => Endpoint::parse(&text.to_string_lossy()).context("HF_ENDPOINT"),
        None => Ok(Endpoint::default()),
    }
}

/// Whether the user asked for no network.
pub fn is_offline() -> bool {
    is_on("HF_HUB_OFFLINE")
}

/// The cache: `HF_HUB_CACHE`, else `hub` in the home of the hub's programs.
pub fn folder() -> anyhow::Result<PathBuf> {
    let named = variable("HF_HUB_CACHE").or_else(|| variable("HUGGINGFACE_HUB_CACHE"));
    named.map(expanded).or_else(|| Some(home()?.join("hub"))).context("no cache is known here: set HF_HUB_CACHE")
}

/// The token: `HF_TOKEN`, else the one that `hf auth login` wrote. It is sent to the hub and kept nowhere.
pub fn token() -> anyhow::Result<Option<Secret>> {
    let named = variable("HF_TOKEN").or_else(|| variable("HUGGING_FACE_HUB_TOKEN"));
    let text = match named {
        Some(text) => text.to_string_lossy().into_owned(),
        None if is_on("HF_HUB_DISABLE_IMPLICIT_TOKEN") => return Ok(None),
        None => {
            let path = variable("HF_TOKEN_PATH").map(expanded).or_else(|| Some(home()?.join("token")));
            match path.filter(|path| path.is_file()) {
                Some(path) => input::text(&path, SHORT)?,
                None => return Ok(None),
            }
        }
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    Secret::new(&text).map(Some).context("the token of the Hugging Face hub (HF_TOKEN)")
}

fn home() -> Option<PathBuf> {
    let own = variable("HF_HOME").map(expanded);
    own.or_else(|| variable("XDG_CACHE_HOME").map(|cache| PathBuf::from(cache).join("huggingface")))
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache/huggingface")))
}

fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn is_on(name: &str) -> bool {
    let value = variable(name).map(|v| v.to_string_lossy().to_ascii_uppercase());
    value.is_some_and(|v| ["1", "ON", "YES", "TRUE"].contains(&v.as_str()))
}

/// A path whose `~/` is the user's home.
fn expanded(path: std::ffi::OsString) -> PathBuf {
    let path = PathBuf::from(path);
    match (path.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path,
    }
}

/// A model that a command is given: a path as it is; a repository of the hub that lies in the cache as its place there.
///
/// What is not found stays as it was written, and is refused where it is opened.
pub fn model_path(given: &Path) -> PathBuf {
    if given.exists() {
        return given.to_owned();
    }
    named(given).and_then(|reference| find(&folder().ok()?, &reference).ok()).unwrap_or_else(|| given.to_owned())
}

/// Why a model that is no path is not there; nothing where its name is none of the hub's.
pub fn missing(given: &Path) -> Option<anyhow::Error> {
    let reference = named(given)?;
    Some(match folder().and_then(|folder| find(&folder, &reference)) {
        Err(error) => error,
        Ok(path) => anyhow::anyhow!("{} was there a moment ago", path.display()),
    })
}

/// The repository of the hub that a text names.
fn named(given: &Path) -> Option<HubRef> {
    let endpoint = endpoint().unwrap_or_default();
    // `models/m.gguf` is a file that is not there, unless it is said to be a repository (`hf:`).
    let text = given.to_str()?;
    let file = given.extension().is_some_and(|end| end == "gguf" || end == "safetensors");
    if file && !text.starts_with("hf:") && !text.contains(':') {
        return None;
    }
    match What::parse(text, &endpoint).ok()? {
        What::Hub(reference) => Some(reference),
        What::Address(_) => None,
    }
}

/// The model of a repository in the cache: its one file, or the folder of its files.
pub fn find(cache: &Path, reference: &HubRef) -> anyhow::Result<PathBuf> {
    let folder = cache.join(layout::repo_folder(&reference.repo));
    let absent = || {
        format!(
            "{reference} is no file here and is not in the Hugging Face cache {}: `sweetspot pull {reference}` fetches it",
            cache.display()
        )
    };
    let commit = commit(&folder, reference.revision.as_deref()).with_context(absent)?;
    let snapshot = folder.join("snapshots").join(commit);
    let mut paths = Vec::new();
    list(&snapshot, "", &mut paths).with_context(absent)?;
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let chosen = pull::choose(&reference.repo, &paths, reference.file.as_deref()).with_context(absent)?;
    match chosen[..] {
        // A name that the user gave, or the only GGUF file.
        [only] if reference.file.is_some() || only.to_ascii_lowercase().ends_with(".gguf") => Ok(snapshot.join(only)),
        _ => Ok(snapshot),
    }
}

/// The commit that a revision stands for in the cache; without one `main`, or the only commit that is there.
fn commit(folder: &Path, revision: Option<&str>) -> anyhow::Result<String> {
    let name = revision.unwrap_or("main");
    let reference = folder.join(layout::reference(name));
    if reference.is_file() {
        let text = input::text(&reference, SHORT)?;
        if let Some(commit) = pull::Digest::git_blob(text.trim()) {
            return Ok(commit.hex());
        }
    }
    let snapshots = folder.join("snapshots");
    if snapshots.join(name).is_dir() {
        return Ok(name.to_owned());
    }
    let there: Vec<String> = std::fs::read_dir(snapshots)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    match (revision, &there[..]) {
        (None, [only]) => Ok(only.clone()),
        (None, []) => bail!("nothing of it is there"),
        _ => bail!("it has no revision {name}"),
    }
}

/// The paths of the files below a folder, sorted, links followed.
fn list(folder: &Path, above: &str, paths: &mut Vec<String>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if above.is_empty() { name } else { [above, "/", &name].concat() };
        // What a link leads to counts; one that leads nowhere is a file that was deleted.
        let Ok(metadata) = entry.path().metadata() else { continue };
        if metadata.is_dir() && above.matches('/').count() < 8 {
            list(&entry.path(), &path, paths)?;
        } else if metadata.is_file() {
            paths.push(path);
        }
        if paths.len() > MAX_FILES {
            bail!("{} holds too many files", folder.display());
        }
    }
    paths.sort();
    Ok(())
}

/// What a model in the cache is called: a file by its name, a folder by its repository's. Nothing for another place.
pub fn model_name(path: &Path) -> Option<String> {
    let text = |name: &std::ffi::OsStr| name.to_string_lossy().into_owned();
    path.ancestors().skip(1).find(|above| above.file_name().is_some_and(|n| n == "snapshots"))?;
    let folder = path.ancestors().find_map(|above| above.file_name()?.to_str()?.strip_prefix("models--"))?;
    let repo = Repo::parse(&folder.replace("--", "/"))?;
    if path.is_file() {
        return path.file_stem().map(text);
    }
    repo.as_str().split_once('/').map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "e7647be17ae1108f2f605ed061ca0608b171afff";

    fn cache(files: &[&str]) -> tempfile::TempDir {
        let cache = tempfile::tempdir().unwrap();
        let folder = cache.path().join("models--a--b");
        for file in files {
            let path = folder.join("snapshots").join(COMMIT).join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        std::fs::create_dir_all(folder.join("refs")).unwrap();
        std::fs::write(folder.join("refs/main"), COMMIT).unwrap();
        cache
    }

    fn found(files: &[&str], name: &str) -> Result<PathBuf, String> {
        let cache = cache(files);
        let found = find(cache.path(), &HubRef::parse(name).unwrap());
        let found = found.map_err(|e| crate::output::sentence(&e))?;
        Ok(found.strip_prefix(cache.path().join("models--a--b/snapshots").join(COMMIT)).unwrap().to_owned())
    }

    #[test]
    fn a_model_in_the_cache_is_found_by_its_name() {
        let folder = ["config.json", "model.safetensors", "README.md"];
        for (files, name, expected) in [
            (&["m.gguf", "README.md"][..], "a/b", "m.gguf"),
            (&["m-Q8_0.gguf", "m-Q4_0.gguf"], "a/b:q4_0", "m-Q4_0.gguf"),
            (&folder, "a/b", ""),
            (&folder, "a/b@main", ""),
            (&folder, "a/b:model.safetensors", "model.safetensors"),
            (&["x/m.gguf"], &format!("a/b@{COMMIT}:x/m.gguf"), "x/m.gguf"),
        ] {
            assert_eq!(found(files, name), Ok(PathBuf::from(expected)), "{name}");
        }
    }

    #[test]
    fn what_is_not_in_the_cache_is_told_with_the_command_that_fetches_it() {
        for name in ["a/c", "a/b@v2", "a/b:Q8_0"] {
            let sentence = found(&["m-Q4_0.gguf"], name).unwrap_err();
            assert!(sentence.contains(&format!("`sweetspot pull {name}` fetches it")), "{sentence}");
        }
        let several = found(&["m-Q8_0.gguf", "m-Q4_0.gguf"], "a/b").unwrap_err();
        assert!(several.contains("holds 2 model files"), "{several}");
    }

    #[test]
    fn a_model_in_the_cache_keeps_its_name() {
        let cache = cache(&["m-Q8_0.gguf"]);
        let snapshot = cache.path().join("models--a--b/snapshots").join(COMMIT);
        assert_eq!(model_name(&snapshot).as_deref(), Some("b"));
        assert_eq!(model_name(&snapshot.join("m-Q8_0.gguf")).as_deref(), Some("m-Q8_0"));
        assert_eq!(model_name(Path::new("results/run-1")), None);
    }
}

//! `sweetspot data`: public data sets, listed, shown and fetched.

mod download;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use console::style;
use datasets::{DATASETS, Dataset, File};
use serde_json::json;

use crate::args_tools::{DataAction, DataArgs};
use crate::data_folder::{State, find, folder, is_there, place, state};
use crate::{input, output};

/// What is written beside the files: whom they are by, and on which terms.
const NOTICE: &str = "NOTICE";

/// Runs the command.
pub fn run(args: &DataArgs) -> anyhow::Result<()> {
    let root = folder(args.place.data_dir.as_deref())?;
    match &args.action {
        None => list(&root, args.json),
        Some(DataAction::Show { id }) => show(&root, find(id)?, args.json),
        Some(DataAction::Add { id, from, force }) => {
            let replace = if *force { output::Replace::Allowed } else { output::Replace::Refused };
            add(&root, find(id)?, from.as_deref(), replace, args.json)
        }
    }
}

fn list(root: &Path, as_json: bool) -> anyhow::Result<()> {
    let here = |set: &Dataset| set.files.iter().filter(|file| is_there(&place(root, set, file), file)).count();
    if as_json {
        let row = |set: &Dataset| {
            json!({"id": set.id, "title": set.title, "licence": set.licence, "share_alike": set.share_alike,
                   "files": set.files.len(), "files_here": here(set), "bytes": bytes(set)})
        };
        return output::json(&json!({"folder": root, "sets": DATASETS.iter().map(row).collect::<Vec<_>>()}));
    }
    let wide = |of: fn(&Dataset) -> &str| DATASETS.iter().map(|set| of(set).len()).max().unwrap_or(0);
    let (id, licence) = (wide(|set| set.id), wide(|set| set.licence));
    output::line(&style(format!("{:<id$}  {:<licence$}  {:<10}  title", "id", "licence", "files")).dim().to_string())?;
    for set in DATASETS {
        let files = match (here(set), set.files.len()) {
            (0, n) => format!("0 of {n}"),
            (k, n) if k == n => format!("all {n}"),
            (k, n) => format!("{k} of {n}"),
        };
        output::line(&format!("{:<id$}  {:<licence$}  {files:<10}  {}", set.id, set.licence, set.title))?;
    }
    output::line(&format!("\nin {}; `sweetspot data show banking77` says more", root.display()))
}

fn bytes(set: &Dataset) -> u64 {
    set.files.iter().map(|file| file.bytes).sum()
}

fn show(root: &Path, set: &Dataset, as_json: bool) -> anyhow::Result<()> {
    let files: Vec<(&File, State)> =
        set.files.iter().map(|file| (file, state(&place(root, set, file), file))).collect();
    if as_json {
        let file = |(file, state): &(&File, State)| {
            json!({"path": file.path, "url": file.url(), "bytes": file.bytes, "sha256": file.sha256,
                   "records": file.records, "state": state.as_str()})
        };
        let task = |task: &datasets::Task| {
            json!({"id": task.id, "about": task.about, "maps_to": task.maps_to,
                   "formats": task.formats.iter().map(format_name).collect::<Vec<_>>()})
        };
        return output::json(&json!({
            "id": set.id, "title": set.title, "licence": set.licence, "share_alike": set.share_alike,
            "attribution": set.attribution, "notes": set.notes, "folder": root.join(set.folder),
            "files": files.iter().map(file).collect::<Vec<_>>(),
            "tasks": set.tasks.iter().map(task).collect::<Vec<_>>(),
        }));
    }
    output::line(&format!("{}: {}", set.id, set.title))?;
    output::line(&format!("licence: {}{}", set.licence, if set.share_alike { SHARE_ALIKE } else { "" }))?;
    output::line(&format!("by: {}", set.attribution))?;
    if !set.notes.is_empty() {
        output::line(&format!("note: {}", set.notes))?;
    }
    output::line(&format!("\nfiles in {}", root.join(set.folder).display()))?;
    for (file, state) in &files {
        output::line(&format!("  {}: {}, {} bytes, {} items", file.path, state.as_str(), file.bytes, file.records))?;
        output::line(&format!("    {}", file.url()))?;
        output::line(&format!("    sha256 {}", file.sha256))?;
    }
    output::line("\ntasks")?;
    for task in set.tasks {
        let formats: Vec<String> = task.formats.iter().map(format_name).collect();
        let formats = if formats.is_empty() { "not asked by bench".to_owned() } else { formats.join(", ") };
        output::line(&format!("  {} ({formats}), beside {}: {}", task.id, task.maps_to, task.about))?;
    }
    Ok(())
}

const SHARE_ALIKE: &str = " (what is adapted from it must be published on the same terms)";

fn format_name(format: &probes::catalogue::Format) -> String {
    format!("{} {}", format.variant.as_str(), format.mode.as_str())
}

fn add(root: &Path, set: &Dataset, from: Option<&Path>, replace: output::Replace, as_json: bool) -> anyhow::Result<()> {
    let mut wanted = Vec::new();
    for file in set.files {
        let to = place(root, set, file);
        match state(&to, file) {
            State::Here => {}
            State::Other if replace == output::Replace::Refused => {
                bail!(
                    "{} exists already and is another file than the one meant: pass --force to replace it",
                    to.display()
                )
            }
            State::Absent | State::Other => wanted.push((file, to)),
        }
    }
    match from {
        Some(from) => copy(set, from, &wanted, replace)?,
        None => download::files(&wanted, replace)?,
    }
    let notice = root.join(set.folder).join(NOTICE);
    if !notice.exists() {
        output::write_file(&notice, terms(set).as_bytes(), output::Replace::Refused)?;
    }
    let folder = root.join(set.folder);
    let kept = set.files.len() - wanted.len();
    if as_json {
        let added: Vec<&str> = wanted.iter().map(|(file, _)| file.path).collect();
        return output::json(&json!({"id": set.id, "folder": folder, "added": added, "kept": kept}));
    }
    let were = if kept > 0 { format!("; {kept} were there") } else { String::new() };
    output::line(&format!("{} files added to {}{were}", wanted.len(), folder.display()))?;
    output::line(&format!("{}; by {}", set.licence, set.attribution))
}

/// Checks every file first, then writes them.
fn copy(set: &Dataset, from: &Path, wanted: &[(&File, PathBuf)], replace: output::Replace) -> anyhow::Result<()> {
    if !from.is_dir() {
        bail!("{} is no folder", from.display());
    }
    let mut read = Vec::new();
    for (file, to) in wanted {
        let places = [from.join(file.path), from.join(set.folder).join(file.path)];
        let Some(path) = places.iter().find(|path| path.is_file()) else {
            bail!("{} has no file {}", from.display(), file.path)
        };
        let bytes = input::bytes(path, usize::try_from(file.bytes)?)?;
        file.check(&bytes).with_context(|| format!("{} is not the file meant", path.display()))?;
        read.push((to, bytes));
    }
    for (to, bytes) in read {
        output::write_file(to, &bytes, replace)?;
    }
    Ok(())
}

fn terms(set: &Dataset) -> String {
    let mut sources: Vec<String> =
        set.files.iter().map(|f| format!("https://github.com/{} @ {}", f.source.repository, f.source.commit)).collect();
    sources.dedup();
    let passed_on = if set.share_alike { SHARE_ALIKE } else { "" };
    let notes = if set.notes.is_empty() { String::new() } else { format!("{}\n", set.notes) };
    format!(
        "{}\nLicence: {}{passed_on}\nAttribution: {}\nSource: {}\n{notes}",
        set.title,
        set.licence,
        set.attribution,
        sources.join("; ")
    )
}

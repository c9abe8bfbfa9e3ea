//! `sweetspot export` and `sweetspot import`: cards in other programs' formats, and their results as cards.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use cards::{
    ExportFile, ImportFacts, ImportedCard, ImportedResult, MAX_SAMPLES_BYTES, ModelFile, Producer, Prompts,
    import_counts, import_eee, import_lm_eval, imported_page, sha256_hex,
};
use clap::ValueEnum;
use probes::{Message, Role};
use serde_json::json;

use crate::args_exchange::{ExportArgs, ImportArgs, Readable, Written};
use crate::output::{self, Replace, visible};
use crate::results::{self, Run};
use crate::{facts, input};

/// Files of samples that one import reads at most.
const MAX_FILES: usize = 512;

/// Runs `export`.
pub fn export(args: &ExportArgs) -> anyhow::Result<()> {
    let run = results::load(&args.folder)?;
    let prompts = prompts(&run);
    let files = cards::export(&run.card, &run.samples, &prompts, args.format.into())?;
    let name = args.format.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned());
    let out = args.out.clone().unwrap_or_else(|| args.folder.join("exports").join(name));
    let paths = write_all(&out, &files, replace(args.force))?;
    if args.json {
        return output::json(&json!({"id": run.card.id, "files": paths, "prompts": prompts.len()}));
    }
    for path in &paths {
        output::line(&path.display().to_string())?;
    }
    if args.format == Written::LlamaBench {
        let flags: Vec<&str> = run.card.speed.iter().flat_map(|s| &s.flags).map(|f| f.as_str()).collect();
        if !flags.is_empty() {
            eprintln!(
                "note: the times are flagged ({}), and the format's readers do not look: hold them against no others",
                flags.join(", ")
            );
        }
    } else if prompts.is_empty() {
        eprintln!("note: the suite is not one that this program has: items are named by their ids, without texts");
    }
    Ok(())
}

/// Runs `import`.
pub fn import(args: &ImportArgs) -> anyhow::Result<()> {
    if args.task.is_some() && args.format != Readable::LmEval {
        bail!("--task names the task of a samples file of lm-eval: the other formats name theirs themselves");
    }
    let card = match args.format {
        Readable::LmEval => from_lm_eval(args)?,
        Readable::Eee => from_eee(args)?,
        Readable::Counts => {
            let file = Read::of(&args.file)?;
            import_counts(facts(args, &[&file]), &file.name, &file.bytes)?
        }
    };
    let paths = write_imported(&card, &args.out, args.force)?;
    if args.json {
        return output::json(&json!({"id": card.id, "results": card.results, "files": paths}));
    }
    for row in &card.results {
        output::line(&line(row))?;
    }
    output::line(&format!("\nimported, not measured here: {}", visible(&card.id)))?;
    for path in &paths {
        output::line(&path.display().to_string())?;
    }
    Ok(())
}

/// Writes an imported card and its page into a folder.
pub fn write_imported(card: &ImportedCard, folder: &Path, force: bool) -> anyhow::Result<Vec<PathBuf>> {
    let files = [
        ("imported.json".to_owned(), card.to_canonical_json()?.into_bytes()),
        ("imported.html".to_owned(), imported_page(card).into_bytes()),
    ];
    write_all(folder, &files, replace(force))
}

fn replace(force: bool) -> Replace {
    if force { Replace::Allowed } else { Replace::Refused }
}

/// Writes all files or none: what exists is found before the first is written, and what was new is taken back when one
/// cannot be written.
fn write_all(folder: &Path, files: &[ExportFile], replace: Replace) -> anyhow::Result<Vec<PathBuf>> {
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    if let (Replace::Refused, Some(path)) = (replace, paths.iter().find(|p| p.exists())) {
        bail!("{} exists already: choose another --out or pass --force", path.display());
    }
    let mut made: Vec<&PathBuf> = Vec::new();
    for (path, (_, bytes)) in paths.iter().zip(files) {
        let new = !path.exists();
        if let Err(error) = output::write_file(path, bytes, replace) {
            for path in made {
                let _ = std::fs::remove_file(path);
            }
            return Err(error);
        }
        if new {
            made.push(path);
        }
    }
    Ok(paths)
}

/// What the card's items ask first, where this program has them: each is taken only if its hash is the row's.
fn prompts(run: &Run) -> Prompts {
    let Some(plan) = run.card.suite_plan() else { return Prompts::new() };
    let mut prompts = Prompts::new();
    for planned in plan.probes.iter().flat_map(|p| &p.items) {
        let (item, asked) = (&planned.item, planned.asks.first());
        let row = run.samples.iter().find(|row| row.sample_id == item.id);
        let same =
            |row: &&cards::SampleRow| item.to_json_line().is_ok_and(|doc| sha256_hex(doc.as_bytes()) == row.doc_hash);
        if let (Some(row), Some(ask)) = (row.filter(same), asked.filter(|a| !a.messages.is_empty())) {
            prompts.insert(row.sample_id.clone(), conversation(&ask.messages));
        }
    }
    prompts
}

/// One turn as it is; several with their roles.
fn conversation(messages: &[Message]) -> String {
    if let [only] = messages {
        return only.content.clone();
    }
    let role = |message: &Message| match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Model => "model",
    };
    messages.iter().map(|m| format!("{}: {}", role(m), m.content)).collect::<Vec<_>>().join("\n\n")
}

/// A file that was read.
struct Read {
    name: String,
    bytes: Vec<u8>,
}

impl Read {
    fn of(path: &Path) -> anyhow::Result<Self> {
        let bytes = input::bytes(path, MAX_SAMPLES_BYTES)?;
        let name = path.file_name().filter(|_| path != Path::new("-")).map(|n| n.to_string_lossy().into_owned());
        Ok(Self { name: name.unwrap_or_else(|| "stdin".to_owned()), bytes })
    }
}

fn facts(args: &ImportArgs, files: &[&Read]) -> ImportFacts {
    let files: Vec<(&str, &[u8])> = files.iter().map(|read| pair(read)).collect();
    import_facts(args.title.as_deref(), &files)
}

/// What every import states: a title, the time, this program, and the files by name and content.
pub fn import_facts(title: Option<&str>, files: &[(&str, &[u8])]) -> ImportFacts {
    let program = facts::program();
    let file = |(name, bytes): &(&str, &[u8])| ModelFile {
        name: name.chars().take(200).collect(),
        bytes: bytes.len() as u64,
        sha256: sha256_hex(bytes),
    };
    ImportFacts {
        title: title.map(str::to_owned),
        created: facts::now_utc(),
        producer: Producer { name: program.name, version: program.version },
        files: files.iter().map(file).collect(),
    }
}

/// A folder of lm-eval, its results file, or one file of samples.
fn from_lm_eval(args: &ImportArgs) -> anyhow::Result<ImportedCard> {
    let results = if args.file.is_dir() {
        let found = beside(&args.file, "results_", ".json")?;
        match found.as_slice() {
            [one] => Some(one.clone()),
            [] => bail!("{} has no results_*.json: name a samples file", args.file.display()),
            _ => bail!("{} has {} runs: name the results_*.json of one", args.file.display(), found.len()),
        }
    } else if args.file.extension().is_some_and(|e| e == "json") {
        Some(args.file.clone())
    } else {
        None
    };
    let mut samples: Vec<(String, Read)> = Vec::new();
    if let Some(path) = &results {
        if args.task.is_some() {
            bail!("--task names the task of one samples file: a results file names its tasks itself");
        }
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let run = name.strip_prefix("results_").and_then(|n| n.strip_suffix(".json"));
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if let Some(run) = run {
            let ending = format!("_{run}.jsonl");
            for path in beside(folder, "samples_", &ending)? {
                let read = Read::of(&path)?;
                let task = read.name.strip_prefix("samples_").and_then(|n| n.strip_suffix(&ending)).map(str::to_owned);
                samples.extend(task.map(|task| (task, read)));
            }
        }
    } else {
        let read = Read::of(&args.file)?;
        // lm-eval's own names: the time is what follows the last underscore.
        let named =
            read.name.strip_prefix("samples_").and_then(|n| n.rsplit_once('_')).map(|(task, _)| task.to_owned());
        let Some(task) = args.task.clone().or(named) else {
            bail!("{} is not named samples_TASK_TIME.jsonl: name its task with --task", args.file.display())
        };
        samples.push((task, read));
    }
    let results = results.map(|path| Read::of(&path)).transpose()?;
    let all: Vec<&Read> = results.iter().chain(samples.iter().map(|(_, read)| read)).collect();
    let lines: Vec<(&str, &str, &[u8])> =
        samples.iter().map(|(task, read)| (read.name.as_str(), task.as_str(), read.bytes.as_slice())).collect();
    Ok(import_lm_eval(facts(args, &all), results.as_ref().map(pair), &lines)?)
}

/// A record of Every Eval Ever with its rows, as far as they lie side by side.
fn from_eee(args: &ImportArgs) -> anyhow::Result<ImportedCard> {
    let name = args.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let (record, rows) = if let Some(stem) = name.strip_suffix(".jsonl") {
        let record = args.file.with_file_name(format!("{}.json", stem.strip_suffix("_samples").unwrap_or(stem)));
        (Some(record).filter(|p| p.is_file()), Some(args.file.clone()))
    } else {
        let rows = args.file.with_file_name(format!("{}_samples.jsonl", name.strip_suffix(".json").unwrap_or(&name)));
        (Some(args.file.clone()), Some(rows).filter(|p| p.is_file()))
    };
    let read = |path: Option<PathBuf>| path.map(|path| Read::of(&path)).transpose();
    let (record, rows) = (read(record)?, read(rows)?);
    let all: Vec<&Read> = record.iter().chain(&rows).collect();
    Ok(import_eee(facts(args, &all), record.as_ref().map(pair), rows.as_ref().map(pair))?)
}

fn pair(read: &Read) -> (&str, &[u8]) {
    (read.name.as_str(), read.bytes.as_slice())
}

/// Files of a folder by how their names begin and end, sorted.
fn beside(folder: &Path, start: &str, end: &str) -> anyhow::Result<Vec<PathBuf>> {
    let place = || format!("cannot read the folder {}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(place)? {
        let path = entry.with_context(place)?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(start) && name.ends_with(end) && path.is_file() {
            found.push(path);
        }
        if found.len() > MAX_FILES {
            bail!("{} has more than the {MAX_FILES} files that are read", folder.display());
        }
    }
    found.sort();
    Ok(found)
}

/// A result as a line: the count with its interval first, a percentage from 20 items on.
fn line(row: &ImportedResult) -> String {
    let counted = match (row.k, row.n, &row.uncertainty) {
        (Some(k), Some(n), Some(u)) => {
            let limits = &u.confidence_interval;
            let share = if n >= 20 { format!(" {:.1}%", k as f64 / n as f64 * 100.0) } else { String::new() };
            format!("{k}/{n}{share} [{:.1}, {:.1}]", limits.lower * 100.0, limits.upper * 100.0)
        }
        (k, n, _) => {
            let count = |x: Option<u64>| x.map_or_else(|| "?".to_owned(), |x| x.to_string());
            let score = row.score.map_or_else(|| "none".to_owned(), |s| s.to_string());
            format!("{}/{}, score {score}, no interval", count(k), count(n))
        }
    };
    format!("{} · {} · {}: {counted}", visible(&row.model), visible(&row.task), visible(&row.metric_id))
}

//! Probes that are not in the catalogue: public data sets, and a user's own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use datasets::{DATASETS, Dataset, MAX_BYTES, Parsed, Task};
use probes::catalogue::{Ask, Blank, Calls, Features, Format, Mode, Question, Reader};
use probes::declared::{Declared, DeclaredReader, MAX_ITEM_BYTES, MAX_PROBE_BYTES, Spec};
use probes::plan::Asking;
use probes::{Call, FormatVariant, PlannedProbe, ProbeSpec, Source};

use crate::args::Formats;
use crate::args_tools::ExtraArgs;
use crate::{data_folder, input};

/// The generator of a public set's items.
const PUBLIC: &str = "public";
/// The generator of a user's own.
const OWN: &str = "own";
/// The licence of a user's own items: nobody asked.
const NOT_STATED: &str = "NOASSERTION";
/// Files that a message names.
const NAMED: usize = 4;
/// Questions that the learnt baseline learns from, as for our own probes.
const TRAINING: usize = 600;

/// Everything that the arguments name, in their order, each once.
pub fn chosen(args: &ExtraArgs, formats: Formats) -> anyhow::Result<Vec<Source>> {
    let mut sources: Vec<Source> = Vec::new();
    if let Some(ids) = &args.data {
        let folder = data_folder::folder(args.data_dir.as_deref())?;
        for id in ids {
            sources.extend(dataset(id.trim(), &folder, formats)?);
        }
        let mut seen = BTreeSet::new();
        sources.retain(|source| seen.insert(source.spec.id.clone()));
    }
    if let Some(path) = &args.probe_file {
        let own = own_probe(path)?;
        if sources.iter().any(|s| s.spec.id == own.spec.id) {
            bail!("{}: the id {:?} is that of a data set's task too: choose another", path.display(), own.spec.id);
        }
        sources.push(own);
    }
    Ok(sources)
}

/// A public data set, or one task of it, in its headline format or in all. Tasks of a set whose files are not all
/// there are left out, which is said; one that was named itself is refused.
pub fn dataset(id: &str, folder: &Path, formats: Formats) -> anyhow::Result<Vec<Source>> {
    let (set, tasks) = tasks(id)?;
    let files = Files::read(set, folder)?;
    let mut sources = Vec::new();
    let mut left_out = Vec::new();
    let n = tasks.len();
    for task in tasks {
        match of_task(set, task, &files, formats) {
            Ok(of_task) => sources.extend(of_task),
            Err(_) if n > 1 && !files.absent.is_empty() => left_out.push(task.id),
            Err(error) => return Err(error),
        }
    }
    if sources.is_empty() {
        bail!(files.advice(set));
    }
    if !files.absent.is_empty() {
        let without = if left_out.is_empty() { String::new() } else { format!(", so without {}", left_out.join(", ")) };
        let (absent, of) = (files.absent.len(), set.files.len());
        let named: Vec<&str> = files.absent.iter().copied().take(NAMED).collect();
        let more = if absent > NAMED { " and others" } else { "" };
        eprintln!("{}: {absent} of {of} files are not there ({}{more}){without}", set.id, named.join(", "));
    }
    Ok(sources)
}

/// The tasks that an id names: one by its own id, all that can be asked by their set's.
fn tasks(id: &str) -> anyhow::Result<(&'static Dataset, Vec<&'static Task>)> {
    let one = DATASETS.iter().flat_map(|set| set.tasks.iter().map(move |task| (set, task))).find(|(_, t)| t.id == id);
    if let Some((set, task)) = one {
        if let Some(why) = not_asked(task) {
            bail!("{id} cannot be asked: {why}");
        }
        return Ok((set, vec![task]));
    }
    let set = data_folder::find(id)?;
    let asked: Vec<&Task> = set.tasks.iter().filter(|t| not_asked(t).is_none()).collect();
    if asked.is_empty() {
        bail!("{id} cannot be asked: {}", set.tasks.iter().find_map(not_asked).unwrap_or("it has no task"));
    }
    Ok((set, asked))
}

fn not_asked(task: &Task) -> Option<&'static str> {
    task.formats.is_empty().then_some("its records are no questions with a right answer that can be checked here")
}

/// The files of a set that are there, checked.
struct Files {
    place: PathBuf,
    read: Vec<(&'static str, Vec<u8>)>,
    absent: Vec<&'static str>,
}

impl Files {
    fn read(set: &'static Dataset, folder: &Path) -> anyhow::Result<Self> {
        let mut files = Self { place: folder.join(set.folder), read: Vec::new(), absent: Vec::new() };
        for file in set.files {
            let path = data_folder::place(folder, set, file);
            if !path.exists() {
                files.absent.push(file.path);
                continue;
            }
            let bytes = input::bytes(&path, MAX_BYTES)?;
            file.check(&bytes).with_context(|| {
                format!("{} is not the file meant (sweetspot data add {} --force replaces it)", path.display(), set.id)
            })?;
            files.read.push((file.path, bytes));
        }
        if files.read.is_empty() {
            bail!(files.advice(set));
        }
        Ok(files)
    }

    fn advice(&self, set: &Dataset) -> String {
        let (id, place) = (set.id, self.place.display());
        let all = if self.read.is_empty() { "" } else { " all" };
        format!("the files of {id} are not{all} in {place}: sweetspot data add {id} fetches them")
    }
}

/// A source of each format of a task.
fn of_task(set: &'static Dataset, task: &'static Task, at: &Files, formats: Formats) -> anyhow::Result<Vec<Source>> {
    let files: Vec<(&str, &[u8])> = at.read.iter().map(|(path, bytes)| (*path, bytes.as_slice())).collect();
    let parsed = (task.parse)(&files).with_context(|| {
        if at.absent.is_empty() { format!("{} in {}", set.id, at.place.display()) } else { at.advice(set) }
    })?;
    if parsed.questions.is_empty() {
        bail!("the files of {} in {} hold no question for {}", set.id, at.place.display(), task.id);
    }
    let all = match formats {
        Formats::Headline => task.formats.get(..1).unwrap_or_default(),
        Formats::All => task.formats,
    };
    let training = training(&parsed);
    Ok(all.iter().map(|format| of_format(set, task, format, &parsed.questions, &training)).collect())
}

/// What the learnt baseline learns from: as many as of our own probes, taken evenly, with the options that all
/// questions share. Where each question has its own, there is nothing to learn from.
fn training(parsed: &Parsed) -> Vec<Question> {
    let options = parsed.questions.first().map(|q| &q.options).filter(|options| !options.is_empty());
    let Some(options) = options.filter(|o| parsed.questions.iter().all(|q| q.options == **o)) else {
        return Vec::new();
    };
    let usable: Vec<&Question> =
        parsed.training.iter().filter(|q| q.gold.first().is_some_and(|gold| options.contains(gold))).collect();
    let step = usable.len().div_ceil(TRAINING).max(1);
    let with_options = |q: &&Question| Question { options: options.clone(), ..(*q).clone() };
    usable.iter().step_by(step).map(with_options).collect()
}

fn of_format(set: &Dataset, task: &Task, format: &Format, questions: &[Question], training: &[Question]) -> Source {
    let headline = task.formats.first().is_some_and(|f| (f.variant, f.mode) == (format.variant, format.mode));
    let id = task.id.replace('.', "-");
    let id = if headline { id } else { [&id, format.variant.as_str(), format.mode.as_str()].join(".") };
    let spec = ProbeSpec {
        id,
        name: task.id.to_owned(),
        about: task.about.to_owned(),
        generator: PUBLIC.to_owned(),
        licence: set.licence.to_owned(),
        one_element: matches!(task.reader, Reader::Element),
        ..spec(format.variant, format.mode, format.calls, format.max_tokens)
    };
    Source {
        spec,
        asking: Asking { ask: Arc::new(format.ask), blank: format.blank },
        questions: questions.to_vec(),
        training: training.to_vec(),
        features: if training.is_empty() { Features::None } else { task.features },
        rules: task.rules,
        reader: task.reader,
    }
}

/// What all sources have in common.
fn spec(format: FormatVariant, mode: Mode, calls: Calls, max_tokens: u32) -> ProbeSpec {
    ProbeSpec {
        id: String::new(),
        name: String::new(),
        version: 1,
        about: String::new(),
        format,
        mode,
        calls: calls.list(),
        controls: calls.are_controls(),
        labels: Vec::new(),
        max_tokens,
        temperature: 0.0,
        judged: true,
        chance: None,
        template: String::new(),
        generator: String::new(),
        seed: 0,
        licence: String::new(),
        one_element: false,
    }
}

/// Orders in which a set of labels is shown at most.
const LABEL_ORDERS: usize = 4;

/// What is asked of labels of one's own, in each of several orders.
pub const LABELS_TEMPLATE: &str = "Which kind of text is this: {labels}?\nText: {text}\nAnswer with one word.";

/// Labels of one's own, asked as the headline format of a probe is: in a line, in several orders, calibrated. `texts`
/// with their labels are its questions.
pub fn of_labels(labels: &[String], texts: &[(&str, &str)]) -> Source {
    let options: Vec<&str> = labels.iter().map(String::as_str).collect();
    let n = labels.len().clamp(1, LABEL_ORDERS) as u32;
    let calls = Calls::Rotations { n, step: labels.len() as u32 / n };
    let ask = |question: &Question, call: Call| {
        let line = probes::catalogue::in_a_line(question, call);
        // The labels first: a text that holds `{labels}` stays as it is.
        let (before, after) = LABELS_TEMPLATE.split_once("{text}").unwrap_or_default();
        let prompt = [&before.replace("{labels}", &line), question.text.as_str(), after].concat();
        Ask::options(question, prompt)
    };
    let spec = ProbeSpec {
        id: "labels".to_owned(),
        name: "labels".to_owned(),
        about: "Which of the labels has a text?".to_owned(),
        generator: OWN.to_owned(),
        licence: NOT_STATED.to_owned(),
        ..spec(FormatVariant::F2, Mode::Lpx, calls, 0)
    };
    Source {
        spec,
        asking: Asking { ask: Arc::new(ask), blank: Blank::Text },
        questions: texts.iter().map(|(text, label)| Question::choice(text, &options, label)).collect(),
        training: Vec::new(),
        features: Features::Words,
        rules: &[],
        reader: Reader::Label,
    }
}

/// A user's own probe: its file, and the items that the file names.
pub fn own_probe(path: &Path) -> anyhow::Result<Source> {
    let named = || input::name(path);
    let spec = Spec::parse(&input::bytes(path, MAX_PROBE_BYTES)?).with_context(named)?;
    let items = path.parent().unwrap_or(Path::new(".")).join(spec.items_path());
    let declared = spec.with_items(&input::bytes(&items, MAX_ITEM_BYTES)?).with_context(named)?;
    Ok(of_declared(declared))
}

fn of_declared(mut declared: Declared) -> Source {
    let (calls, blank) = (declared.calls(), declared.blank());
    let variant = variant(&declared);
    let questions = std::mem::take(&mut declared.questions);
    let reader = match declared.reader {
        DeclaredReader::Element => Reader::Element,
        DeclaredReader::Label => Reader::Label,
    };
    let spec = ProbeSpec {
        id: declared.id.clone(),
        name: declared.name.clone(),
        about: declared.about.clone(),
        generator: OWN.to_owned(),
        licence: NOT_STATED.to_owned(),
        one_element: matches!(reader, Reader::Element),
        ..spec(variant, declared.mode, calls, declared.max_tokens)
    };
    let ask = move |question: &Question, call: Call| -> Ask { declared.ask(question, call) };
    Source {
        spec,
        asking: Asking { ask: Arc::new(ask), blank },
        questions,
        training: Vec::new(),
        features: Features::None,
        rules: &[],
        reader,
    }
}

/// Which of our formats the user's template is like.
fn variant(declared: &Declared) -> FormatVariant {
    match declared.mode {
        Mode::Tf2 => FormatVariant::F4,
        Mode::Pair => FormatVariant::F5,
        // Does the prompt show the options? Marks in their place tell.
        _ if declared.questions.first().is_some_and(|question| {
            let mark = "\u{1}";
            let options = question.options.iter().map(|_| mark.to_owned()).collect();
            let marked = Question { options, ..question.clone() };
            let ask = declared.ask(&marked, Call::default());
            ask.messages.iter().any(|m| m.content.contains(mark))
        }) =>
        {
            FormatVariant::F2
        }
        _ => FormatVariant::F1,
    }
}

/// A planned probe whose items name their authors.
pub fn credited(mut planned: PlannedProbe) -> PlannedProbe {
    let author = match planned.spec.generator.as_str() {
        PUBLIC => {
            DATASETS.iter().find(|set| set.tasks.iter().any(|t| t.id == planned.spec.name)).map(|s| s.attribution)
        }
        OWN => Some("the user"),
        _ => None,
    };
    if let Some(author) = author {
        for item in &mut planned.items {
            author.clone_into(&mut item.item.provenance.author);
        }
    }
    planned
}

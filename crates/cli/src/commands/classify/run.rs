//! A corpus, from its file to the labelled one: windows of rows, equal texts once, a journal beside the output.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, bail};
use classifier::Point;
use classifier::summary::{Fate, Lines, Summary};
use data_encoding::HEXLOWER;
use engine::Ops;
use probes::Labelled;
use sha2::{Digest, Sha256};
use trial::{Classifier, Text};

use super::journal::{Header, Journal, Kept};
use super::pace::Pace;
use super::{round6, say_terminator};
use crate::args_classify::ClassifyArgs;
use crate::corpus::{Added, Corpus, Format, Kind, Row, Sink, Value};
use crate::interrupt::Interrupt;

/// Rows whose texts are sorted by length and scored together: always the same ones, so that a run that goes on forms
/// the batches of one that was never stopped.
pub const WINDOW: usize = 256;

/// Bytes of remembered texts' results.
const REMEMBERED_BYTES: usize = 32 << 20;

/// Reasons of bad rows that the summary shows.
const SHOWN_BAD: usize = 5;

/// Labels by position, where each text has options of its own.
const POSITIONS: usize = 12;

/// Where a run reads and writes.
pub struct Files<'a> {
    /// What is read.
    pub input: &'a Path,
    /// What is written in the end.
    pub out: &'a Path,
}

/// When a run began.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begun {
    /// Its journal is new.
    Now,
    /// It goes on with a journal.
    Before,
}

/// What a run came to.
pub struct Done {
    /// The output.
    pub out: String,
    /// The sums.
    pub lines: Lines,
    /// The first bad rows.
    pub bad: Vec<(u64, String)>,
    /// Rows whose text was that of one before.
    pub duplicates: u64,
    /// Texts that an earlier run had scored.
    pub earlier: u64,
    /// Tokens that all prompts share, all calls.
    pub shared_tokens: usize,
    /// Times.
    pub pace: Pace,
}

impl Files<'_> {
    /// Refuses to write over what is there.
    pub fn refuse_existing(out: &Path, args: &ClassifyArgs) -> anyhow::Result<()> {
        if format_of(out).is_none() {
            bail!("{}: the end of the name says how to write: .jsonl, .csv or .parquet", out.display());
        }
        if args.force || args.resume {
            return Ok(());
        }
        if beside(out, "journal").exists() {
            bail!("{} was not finished: pass --resume to go on with it, or --force to begin anew", out.display());
        }
        if out.exists() {
            bail!("{} exists already: choose another --out, or pass --force", out.display());
        }
        Ok(())
    }
}

fn format_of(out: &Path) -> Option<Format> {
    Format::of(out).filter(|format| *format != Format::Lines)
}

/// A name beside the output.
fn beside(out: &Path, what: &str) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".");
    name.push(what);
    PathBuf::from(name)
}

/// Says what helps where a disk is full.
pub fn with_advice(error: anyhow::Error) -> anyhow::Error {
    let full = |cause: &(dyn std::error::Error + 'static)| {
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        kind == Some(std::io::ErrorKind::StorageFull) || cause.to_string().contains("No space left on device")
    };
    if error.chain().any(full) {
        return anyhow::anyhow!(
            "{}: make room, then give the same command with --resume; what was scored is kept",
            crate::output::sentence(&error)
        );
    }
    error
}

/// Labels a corpus.
pub fn run<O: Ops>(
    args: &ClassifyArgs,
    classifier: &mut Classifier<'_, O>,
    mut corpus: Corpus,
    files: &Files<'_>,
    header: &Header,
    cut: Option<&Point>,
) -> anyhow::Result<Done> {
    let format = format_of(files.out).unwrap_or(Format::Jsonl);
    if args.rows.is_some() && format == Format::Parquet && corpus.format == Format::Parquet {
        bail!("a part of a Parquet file is written as .jsonl or .csv: Parquet columns are copied whole");
    }
    let (part, journal_path) = (beside(files.out, "part"), beside(files.out, "journal"));
    if args.resume && files.out.exists() && !journal_path.exists() {
        bail!("{} is finished already: nothing to go on with", files.out.display());
    }
    let interrupt = Interrupt::listen()?;
    say_terminator(classifier);
    let labels = match classifier.labels() {
        [] => (1..=POSITIONS).map(|i| format!("option {i}")).collect(),
        labels => labels.to_vec(),
    };
    let begun = if args.resume && journal_path.exists() { Begun::Before } else { Begun::Now };
    let journal = match begun {
        Begun::Before => Journal::resume(&journal_path, header)?,
        Begun::Now => Journal::create(&journal_path, header)?,
    };
    let columns = columns(args, &labels);
    let sink = Sink::create(&part, format, &corpus, files.input, &columns);
    let sink = sink.inspect_err(|_| leave_nothing(begun, &part, &journal_path))?;
    let mut walk = Walk {
        args,
        cut,
        names: corpus.columns.clone(),
        sink,
        journal,
        seen: Seen::default(),
        summary: Summary::new(&labels),
        own_labels: !classifier.labels().is_empty(),
        labels,
        bad: Vec::new(),
        duplicates: 0,
        earlier: 0,
        pace: Pace::start(),
    };
    let mut rows: Vec<Row> = Vec::with_capacity(WINDOW);
    let (first, last) = args.rows.unwrap_or((1, u64::MAX));
    let mut at_end = false;
    while !at_end {
        rows.clear();
        let mut window = None;
        while rows.len() < WINDOW {
            let Some(row) = corpus.row()? else {
                at_end = true;
                break;
            };
            if row.number < first {
                continue;
            }
            if row.number > last {
                at_end = true;
                break;
            }
            let of_row = (row.number - 1) / WINDOW as u64;
            window.get_or_insert(of_row);
            let ends = row.number.is_multiple_of(WINDOW as u64);
            rows.push(row);
            if ends {
                break;
            }
        }
        let Some(window) = window else { break };
        if walk.summary.rows() == 0 {
            // Fields of the same name are mostly in every row: found before anything is scored.
            let first = rows.iter().try_for_each(|row| walk.sink.check(row, &walk.names));
            first.inspect_err(|_| leave_nothing(begun, &part, &journal_path))?;
        }
        let fresh = walk.window(classifier, window, &rows, &interrupt)?;
        walk.pace.window(rows.len(), fresh, corpus.share_read());
    }
    walk.pace.finish();
    walk.journal.check_used_up()?;
    corpus.check_unchanged()?;
    if walk.summary.rows() == 0 {
        leave_nothing(begun, &part, &journal_path);
        bail!("{} holds no row to label", corpus.name);
    }
    walk.sink.finish()?;
    std::fs::rename(&part, files.out).with_context(|| format!("cannot write {}", files.out.display()))?;
    std::fs::remove_file(&journal_path).with_context(|| format!("cannot remove {}", journal_path.display()))?;
    Ok(Done {
        out: files.out.display().to_string(),
        lines: walk.summary.lines(),
        bad: walk.bad,
        duplicates: walk.duplicates,
        earlier: walk.earlier,
        shared_tokens: classifier.shared_tokens().iter().sum(),
        pace: walk.pace,
    })
}

/// Removes what a run began that scored nothing. What an earlier run scored stays.
fn leave_nothing(begun: Begun, part: &Path, journal: &Path) {
    if begun == Begun::Now {
        let _ = std::fs::remove_file(part);
        let _ = std::fs::remove_file(journal);
    }
}

/// The columns that are added: the reason of a bad row last.
fn columns(args: &ClassifyArgs, labels: &[String]) -> Vec<Added> {
    let column = |name: &str, kind| Added { name: format!("{}{name}", args.prefix), kind };
    let mut columns = vec![
        column("label", Kind::Text),
        column("p", Kind::Number),
        column("margin_nats", Kind::Number),
        column("status", Kind::Text),
    ];
    if args.scores {
        columns.extend(labels.iter().map(|label| column(&format!("score_{label}"), Kind::Number)));
    }
    columns.push(column("error", Kind::Text));
    columns
}

/// Everything that goes along the rows.
struct Walk<'a> {
    args: &'a ClassifyArgs,
    cut: Option<&'a Point>,
    names: Vec<String>,
    sink: Sink,
    journal: Journal,
    seen: Seen,
    summary: Summary,
    labels: Vec<String>,
    /// Do all texts share the labels?
    own_labels: bool,
    bad: Vec<(u64, String)>,
    duplicates: u64,
    earlier: u64,
    pace: Pace,
}

/// Results of texts that may come again.
#[derive(Default)]
struct Seen {
    kept: HashMap<Key, Kept>,
    bytes: usize,
}

/// The first half of the SHA-256 of a text and its options.
type Key = [u8; 16];

impl Seen {
    /// Remembers a result while there is room; which ones depends on the rows alone.
    fn add(&mut self, key: Key, kept: &Kept) {
        let size = 96
            + match kept {
                Kept::Scores(scores) => 8 * scores.len(),
                Kept::Refused(why) => why.len(),
            };
        if self.bytes + size <= REMEMBERED_BYTES {
            self.bytes += size;
            self.kept.insert(key, kept.clone());
        }
    }
}

fn key(text: &str, options: &[String]) -> Key {
    let mut hash = Sha256::new();
    hash.update(text.as_bytes());
    for option in options {
        hash.update([0]);
        hash.update(option.as_bytes());
    }
    let digest = hash.finalize();
    let mut key = [0; 16];
    key.iter_mut().zip(digest.iter()).for_each(|(k, d)| *k = *d);
    key
}

impl Walk<'_> {
    /// Labels and writes a window of rows; returns how many texts were scored now.
    fn window<O: Ops>(
        &mut self,
        classifier: &mut Classifier<'_, O>,
        window: u64,
        rows: &[Row],
        interrupt: &Interrupt,
    ) -> anyhow::Result<usize> {
        let keys: Vec<Option<Key>> =
            rows.iter().map(|row| row.content.as_ref().ok().map(|c| key(&c.text, &c.options))).collect();
        let mut here: HashMap<Key, Kept> = HashMap::new();
        let mut new: Vec<(usize, Key)> = Vec::new();
        for (at, key) in keys.iter().enumerate().filter_map(|(at, key)| Some((at, (*key)?))) {
            match self.seen.kept.get(&key) {
                Some(known) => {
                    self.duplicates += 1;
                    here.insert(key, known.clone());
                }
                None if new.iter().any(|(_, k)| *k == key) => self.duplicates += 1,
                None => new.push((at, key)),
            }
        }
        // Texts of like length stand together, so that passes are filled alike.
        let length = |at: usize| rows.get(at).and_then(|r| r.content.as_ref().ok()).map_or(0, |c| c.text.len());
        new.sort_by_key(|(at, _)| (length(*at), *at));
        let mut fresh = 0;
        for batch in new.chunks(self.args.batch as usize) {
            let names: Vec<String> = batch.iter().map(|(_, key)| HEXLOWER.encode(key)).collect();
            let kept = if let Some(kept) = self.journal.earlier(window, rows.len(), &names)? {
                self.earlier += kept.len() as u64;
                kept
            } else {
                if interrupt.raised() {
                    self.pace.finish();
                    bail!("interrupted: give the same command with --resume to go on; what was scored is kept");
                }
                fresh += batch.len();
                let kept = self.score(classifier, rows, batch)?;
                self.journal.keep(window, rows.len(), &names, &kept)?;
                kept
            };
            for ((_, key), kept) in batch.iter().zip(&kept) {
                self.seen.add(*key, kept);
                here.insert(*key, kept.clone());
            }
        }
        for (row, key) in rows.iter().zip(&keys) {
            let kept = key.and_then(|key| here.get(&key)).cloned();
            self.write(row, kept)?;
        }
        Ok(fresh)
    }

    fn score<O: Ops>(
        &mut self,
        classifier: &mut Classifier<'_, O>,
        rows: &[Row],
        batch: &[(usize, Key)],
    ) -> anyhow::Result<Vec<Kept>> {
        let contents = batch.iter().filter_map(|(at, _)| rows.get(*at)?.content.as_ref().ok());
        let texts: Vec<Text<'_>> = contents.map(|c| Text { text: &c.text, options: &c.options }).collect();
        let started = Instant::now();
        let found = pollster::block_on(classifier.classify(&texts))?;
        let tokens = found.iter().map(|f| u64::from(f.n_tokens)).sum();
        self.pace.scored(texts.len(), tokens, started.elapsed());
        let kept = |labelled: Labelled| match (labelled.numeric_fault, labelled.refused) {
            (Some(fault), _) => bail!("{fault}: a numeric fault, no result can be trusted"),
            (None, Some(why)) => Ok(Kept::Refused(why)),
            (None, None) => Ok(Kept::Scores(labelled.scores)),
        };
        found.into_iter().map(|found| kept(found.labelled)).collect()
    }

    fn write(&mut self, row: &Row, kept: Option<Kept>) -> anyhow::Result<()> {
        let content = row.content.as_ref();
        let gold = content.ok().and_then(|c| c.gold.as_deref());
        let found = match (content, kept) {
            (Err(why), _) => Err(why.clone()),
            (Ok(_), Some(Kept::Refused(why))) => Err(why),
            (Ok(_), Some(Kept::Scores(scores))) => Ok(Labelled::of_scores(scores)),
            (Ok(_), None) => Err("the text was not scored".to_owned()),
        };
        let mut values = Vec::with_capacity(5);
        match found {
            Err(why) => {
                values.extend([Value::None, Value::None, Value::None, Value::Text("bad".to_owned())]);
                if self.args.scores {
                    values.extend(self.labels.iter().map(|_| Value::None));
                }
                values.push(Value::Text(why.clone()));
                if self.bad.len() < SHOWN_BAD {
                    self.bad.push((row.line, why));
                }
                self.summary.add(Fate::Bad, gold);
            }
            Ok(labelled) => {
                let best = labelled.label.unwrap_or(0);
                let margin = labelled.margin.unwrap_or(0.0);
                let names = content.map_or(&self.labels, |c| if self.own_labels { &self.labels } else { &c.options });
                let kept = self.cut.is_none_or(|cut| margin >= cut.margin);
                let label = names.get(best).filter(|_| kept).cloned();
                // Counts by position have no label by hand to be held against.
                let gold = if self.own_labels {
                    gold.map(str::to_owned)
                } else {
                    let place = |g: &str| names.iter().position(|n| n == g).map(|i| format!("option {}", i + 1));
                    gold.map(|g| place(g).unwrap_or_else(|| g.to_owned()))
                };
                let fate = if kept { Fate::Labelled(best, margin) } else { Fate::Abstained };
                self.summary.add(fate, gold.as_deref());
                values.push(label.map_or(Value::None, Value::Text));
                values.push(Value::Number(round6(labelled.probabilities().get(best).copied().unwrap_or(0.0))));
                values.push(Value::Number(round6(margin)));
                values.push(Value::Text(if kept { "labelled" } else { "abstained" }.to_owned()));
                if self.args.scores {
                    let score = |i: usize| labelled.scores.get(i).map_or(Value::None, |s| Value::Number(round6(*s)));
                    values.extend((0..self.labels.len()).map(score));
                }
                values.push(Value::None);
            }
        }
        self.sink.write(row, values, &self.names)
    }
}

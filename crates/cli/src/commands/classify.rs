//! `sweetspot classify`: label texts by the probability of each label.

use std::fs::File;
use std::io::{BufRead, BufReader};

use anyhow::{Context, bail};
use engine::{Engine, LabelSet, Ops, ScoreMode, Terminator};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokenizer::{Message, Role};

use crate::args::{ClassifyArgs, Mode};
use crate::interrupt::Interrupt;
use crate::model::Job;
use crate::{model, output};

/// Texts that are scored together; results appear after each group.
const GROUP: usize = 32;

/// The longest line that is read, in bytes.
const MAX_LINE_BYTES: usize = 1 << 20;

struct Text {
    id: Value,
    text: String,
}

#[derive(Deserialize)]
struct Row {
    id: Option<Value>,
    text: String,
}

/// Runs the command.
pub fn run(args: &ClassifyArgs) -> anyhow::Result<()> {
    if !args.template.contains("{text}") {
        bail!("the template has no {{text}}: write it where the text belongs");
    }
    let input = reader(args)?;
    model::with_model(&args.model, &args.compute, Classify { args, input })
}

struct Classify<'a> {
    args: &'a ClassifyArgs,
    input: Input,
}

impl Job for Classify<'_> {
    type Output = ();

    fn run<O: Ops>(self, engine: Engine<O>) -> anyhow::Result<()> {
        classify(self.args, self.input, engine)
    }
}

fn classify<O: Ops>(args: &ClassifyArgs, mut input: Input, mut engine: Engine<O>) -> anyhow::Result<()> {
    let interrupt = Interrupt::listen()?;
    let mut n_done = 0;
    let mut said_terminator = false;
    loop {
        let group = input.group()?;
        if group.is_empty() {
            break;
        }
        let sets = group.iter().map(|t| label_set(&engine, args, &t.text)).collect::<Result<Vec<_>, _>>()?;
        let mode = match args.mode {
            Mode::Exact => ScoreMode::Exact,
            Mode::LabelRelative => ScoreMode::LabelRelative,
        };
        let scores = pollster::block_on(engine.score(&sets, mode))?;
        for (text, scores) in group.iter().zip(&scores) {
            if !said_terminator && scores.terminator != Terminator::None {
                eprintln!("note: one label's tokens begin another's, so every label is scored with its terminator");
                said_terminator = true;
            }
            if let Some(fault) = &scores.numeric_fault {
                bail!("{}: {fault}: a numeric fault, no result can be trusted", text.id);
            }
            print(args, text, scores)?;
        }
        n_done += group.len();
        if interrupt.raised() {
            eprintln!("stopped after {n_done} texts");
            bail!("interrupted");
        }
    }
    if n_done == 0 {
        bail!("the input holds no text: give one text per line");
    }
    Ok(())
}

fn label_set<O: Ops>(engine: &Engine<O>, args: &ClassifyArgs, text: &str) -> Result<LabelSet, engine::Error> {
    // The labels first: a text that contains "{labels}" stays as it is.
    let (before, after) = args.template.split_once("{text}").unwrap_or((&args.template, ""));
    let labels = args.labels.join(", ");
    let prompt = format!("{}{text}{}", before.replace("{labels}", &labels), after.replace("{labels}", &labels));
    if args.raw {
        return LabelSet::text(&engine.tokenizer, &prompt, &args.labels);
    }
    let messages = [Message { role: Role::User, content: prompt }];
    LabelSet::chat(&engine.template, &engine.tokenizer, &messages, &args.labels)
}

fn print(args: &ClassifyArgs, text: &Text, scores: &engine::LabelScores) -> anyhow::Result<()> {
    let label = &args.labels[scores.best()];
    let probabilities = scores.probabilities();
    if args.json {
        let by_label = |values: &[f64]| -> Map<String, Value> {
            args.labels.iter().cloned().zip(values.iter().map(|v| json!(v))).collect()
        };
        let mode = match args.mode {
            Mode::Exact => "exact",
            Mode::LabelRelative => "label-relative",
        };
        let mut row = json!({
            "id": text.id, "text": text.text, "label": label, "scores": by_label(&scores.logp),
            "probs": by_label(&probabilities), "margin": scores.margin(), "mode": mode,
        });
        let terminator = match scores.terminator {
            Terminator::None => None,
            Terminator::EndOfTurn => Some("<end_of_turn>"),
            Terminator::Newline => Some("\n"),
        };
        if let (Some(terminator), Some(row)) = (terminator, row.as_object_mut()) {
            row.insert("terminator".to_owned(), json!(terminator));
        }
        return output::json(&row);
    }
    let p = probabilities[scores.best()];
    output::line(&format!("{label:<16} p {p:.3}  margin {:.3}  {}", scores.margin(), output::visible(&text.text)))
}

/// Reads texts in groups.
struct Input {
    name: String,
    lines: Box<dyn BufRead>,
    jsonl: bool,
    line: usize,
}

fn reader(args: &ClassifyArgs) -> anyhow::Result<Input> {
    match &args.input {
        Some(path) if path.as_os_str() != "-" => {
            let file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
            let jsonl = args.jsonl || path.extension().is_some_and(|e| e == "jsonl");
            Ok(Input { name: path.display().to_string(), lines: Box::new(BufReader::new(file)), jsonl, line: 0 })
        }
        _ => Ok(Input {
            name: "stdin".to_owned(),
            lines: Box::new(BufReader::new(std::io::stdin())),
            jsonl: args.jsonl,
            line: 0,
        }),
    }
}

impl Input {
    fn group(&mut self) -> anyhow::Result<Vec<Text>> {
        let mut group = Vec::with_capacity(GROUP);
        while group.len() < GROUP {
            let Some(line) = self.next_line()? else { break };
            if line.trim().is_empty() {
                continue;
            }
            group.push(if self.jsonl {
                let row: Row = serde_json::from_str(&line).map_err(|e| {
                    anyhow::anyhow!(
                        "{}, line {}: expected a JSON object with \"text\", found: {e}",
                        self.name,
                        self.line
                    )
                })?;
                Text { id: row.id.unwrap_or_else(|| json!(self.line)), text: row.text }
            } else {
                Text { id: json!(self.line), text: line }
            });
        }
        Ok(group)
    }

    fn next_line(&mut self) -> anyhow::Result<Option<String>> {
        let mut bytes = Vec::new();
        let limited = &mut std::io::Read::take(&mut self.lines, MAX_LINE_BYTES as u64 + 1);
        let n = limited.read_until(b'\n', &mut bytes).with_context(|| format!("cannot read {}", self.name))?;
        if n == 0 {
            return Ok(None);
        }
        self.line += 1;
        if bytes.len() > MAX_LINE_BYTES {
            bail!("{}, line {}: longer than {MAX_LINE_BYTES} bytes", self.name, self.line);
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(e) => bail!(
                "{}, line {}: not UTF-8 text, byte {} is invalid: convert the file to UTF-8",
                self.name,
                self.line,
                e.utf8_error().valid_up_to()
            ),
        }
    }
}

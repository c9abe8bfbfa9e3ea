//! `sweetspot items`: the questions of the probes as JSON lines.

use std::collections::BTreeMap;

use anyhow::bail;
use probes::catalogue::{Ask, Format};
use probes::plan::ORDER_SEED;
use probes::{CATALOGUE, Entry, Message, Question, Role, Source};
use serde::Serialize;
use serde_json::json;

use crate::args_tools::{ItemsArgs, Split};
use crate::output;

/// Training questions of each probe, where no number is given.
const TRAINING: u32 = 1_000;

/// A question to train on.
#[derive(Serialize)]
struct Row<'a> {
    probe: &'a str,
    text: &'a str,
    fields: &'a BTreeMap<String, String>,
    options: &'a [String],
    gold: &'a [String],
    kind: &'a str,
    lang: &'a str,
    template: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    lemmas: &'a [String],
    /// The whole conversation, where it is more than the prompt.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    messages: &'a [Message],
    /// The user's last turn of the first call; empty where whole texts are compared.
    prompt: &'a str,
    /// What a model would write.
    answer: String,
}

/// Runs the command.
pub fn run(args: &ItemsArgs) -> anyhow::Result<()> {
    if args.split == Split::Eval && args.seed.is_some() {
        bail!("--seed is for --split train: the items that are asked are always the same");
    }
    if let Some(path) = args.out.as_ref().filter(|path| path.exists() && !args.force) {
        bail!("{} exists already: choose another place or pass --force", path.display());
    }
    let mut chosen: Vec<&Entry> = Vec::new();
    for id in &args.probes {
        let entry = super::probes::find(id.trim())?;
        if chosen.iter().all(|e| e.id != entry.id) {
            chosen.push(entry);
        }
    }
    if chosen.is_empty() {
        chosen = CATALOGUE.iter().collect();
    }
    let (mut file, mut n) = (String::new(), 0_u64);
    for entry in chosen {
        for line in lines(entry, args)? {
            n += 1;
            if args.out.is_some() {
                file.push_str(&line);
                file.push('\n');
            } else {
                output::line(&line)?;
            }
        }
    }
    let Some(path) = &args.out else { return Ok(()) };
    let replace = if args.force { output::Replace::Allowed } else { output::Replace::Refused };
    output::write_file(path, file.as_bytes(), replace)?;
    if args.json {
        return output::json(&json!({"path": path, "n": n}));
    }
    output::line(&format!("wrote {n} lines to {}", path.display()))
}

fn lines(entry: &Entry, args: &ItemsArgs) -> anyhow::Result<Vec<String>> {
    let Some(format) = entry.formats.first() else { return Ok(Vec::new()) };
    match args.split {
        Split::Eval => {
            let most = args.n.map(|n| n as usize);
            let planned = Source::entry(entry, format).plan("standard", most, ORDER_SEED);
            Ok(planned.items.iter().map(|p| p.item.to_json_line()).collect::<Result<_, _>>()?)
        }
        Split::Train => {
            let n = args.n.unwrap_or(TRAINING) as usize;
            let questions = (entry.training)(args.seed.unwrap_or(1), n);
            if questions.len() < n {
                eprintln!("{} has {} training questions, not {n}", entry.id, questions.len());
            }
            questions.iter().map(|question| training(entry, format, question)).collect()
        }
    }
}

fn training(entry: &Entry, format: &Format, question: &Question) -> anyhow::Result<String> {
    let first = format.calls.list().first().copied().unwrap_or_default();
    let ask = (format.ask)(question, first);
    let prompt = ask.messages.iter().rev().find(|m| m.role == Role::User).map_or("", |m| m.content.as_str());
    let row = Row {
        probe: entry.id,
        text: &question.text,
        fields: &question.fields,
        options: &question.options,
        gold: &question.gold,
        kind: &question.kind,
        lang: &question.lang,
        template: &question.template,
        lemmas: &question.lemmas,
        messages: if ask.messages.len() > 1 { &ask.messages } else { &[] },
        prompt,
        answer: answer(entry, &ask, question),
    };
    Ok(serde_json::to_string(&row)?)
}

/// The label that stands for the gold option, or a right answer in writing.
fn answer(entry: &Entry, ask: &Ask, question: &Question) -> String {
    let gold = question.gold.first().and_then(|gold| question.options.iter().position(|option| option == gold));
    let label = gold.and_then(|gold| ask.order.iter().position(|&i| i == gold)).and_then(|at| ask.labels.get(at));
    label.cloned().unwrap_or_else(|| (entry.perfect)(question))
}

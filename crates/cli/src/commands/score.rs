//! `sweetspot score`: answers that were written elsewhere, read as if a model here had written them.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::ControlFlow;

use anyhow::{Context, bail};
use probes::{GenerateAnswer, GenerateQuery, LabelAnswer, LabelQuery, Message, Plan, Settings, StopReason, Subject};
use serde_json::Value;

use super::bench::table;
use super::exchange::{import_facts, write_imported};
use crate::args::{ScoreArgs, SelectionArgs};
use crate::{output, selection, sql};

/// Most bytes of a line.
const MAX_LINE_BYTES: usize = 1 << 20;

/// Runs the command.
pub fn run(args: &ScoreArgs) -> anyhow::Result<()> {
    let written = SelectionArgs { written: true, ..args.selection.clone() };
    let plan = selection::read(&written)?.plan;
    let text = if args.answers.as_os_str() == "-" {
        super::text_or_stdin("-")?
    } else {
        std::fs::read_to_string(&args.answers).with_context(|| format!("cannot read {}", args.answers.display()))?
    };
    let answers = parse(&args.answers.display().to_string(), &text)?;
    let (plan, known) = answered(plan, &answers)?;
    let sql = sql::open()?;
    let settings = Settings { sql: sql.as_deref(), ..Settings::batch(64) };
    let mut subject = Elsewhere(known);
    let results = pollster::block_on(probes::run(&mut subject, &plan, settings, &mut |_| ControlFlow::Continue(())))?;
    let mut written = Vec::new();
    if let (Some(folder), Some(model)) = (&args.out, &args.model_name) {
        let name = args.answers.file_name().map_or_else(|| "stdin".to_owned(), |n| n.to_string_lossy().into_owned());
        let facts = import_facts(args.title.as_deref(), &[(&name, text.as_bytes())]);
        let card = cards::import_answers(facts, model, args.made_by.clone(), &results)?;
        written = write_imported(&card, folder, args.force)?;
    }
    if args.json {
        return output::json(&results);
    }
    table::print_results(&results)?;
    for path in &written {
        output::line(&format!("wrote {}", path.display()))?;
    }
    output::line("answers written elsewhere: what made them, and how, is not known here")
}

/// Item ids and answers; the later of two lines for one item counts.
fn parse(place: &str, text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut answers = BTreeMap::new();
    for (i, line) in text.lines().enumerate() {
        let at = || format!("{place}, line {}", i + 1);
        if line.trim().is_empty() {
            continue;
        }
        if line.len() > MAX_LINE_BYTES {
            bail!("{}: longer than 1 MiB", at());
        }
        let row: Value = serde_json::from_str(line).with_context(|| format!("{}: not JSON", at()))?;
        let field = |names: &[&str]| names.iter().find_map(|n| row.get(n).and_then(Value::as_str)).map(str::to_owned);
        let id = field(&["id", "item_id", "sample_id"]);
        let answer = field(&["text", "response", "output", "completion"]);
        match (id, answer) {
            (Some(id), Some(answer)) => drop(answers.insert(id, answer)),
            (None, _) => bail!("{}: no \"id\" of an item", at()),
            (_, None) => bail!("{}: no \"text\" with the answer", at()),
        }
    }
    Ok(answers)
}

/// The plan, and each answer under the prompt that it belongs to.
fn answered(plan: Plan, answers: &BTreeMap<String, String>) -> anyhow::Result<(Plan, BTreeMap<String, String>)> {
    let mut known = BTreeMap::new();
    let mut found = 0;
    for item in plan.probes.iter().flat_map(|p| &p.items) {
        // The id of the item itself, of its question, or of the format that `items` prints.
        let prefix = format!("{}-", item.item.base_id);
        let answer = answers
            .get(&item.item.id)
            .or_else(|| answers.get(&item.item.base_id))
            .or_else(|| answers.iter().find(|(id, _)| id.starts_with(&prefix)).map(|(_, text)| text));
        if let (Some(answer), Some(ask)) = (answer, item.asks.first()) {
            found += 1;
            known.insert(key(&ask.messages), answer.clone());
        }
    }
    if found == 0 {
        bail!("no answer belongs to an item of this selection: ids look like A01-001, and --probes names the probes");
    }
    eprintln!("{found} of {} items have an answer", plan.n_items());
    Ok((plan, known))
}

fn key(messages: &[Message]) -> String {
    messages.iter().map(|m| m.content.as_str()).collect::<Vec<_>>().join("\u{1}")
}

/// Answers by prompt.
struct Elsewhere(BTreeMap<String, String>);

impl Subject for Elsewhere {
    type Error = Infallible;

    async fn score(&mut self, queries: &[LabelQuery]) -> Result<Vec<LabelAnswer>, Infallible> {
        let refused = || LabelAnswer { refused: Some("no log-probabilities".to_owned()), ..LabelAnswer::default() };
        Ok(queries.iter().map(|_| refused()).collect())
    }

    async fn generate(&mut self, queries: &[GenerateQuery]) -> Result<Vec<GenerateAnswer>, Infallible> {
        let answer = |query: &GenerateQuery| {
            let text = self.0.get(&key(&query.messages));
            GenerateAnswer {
                refused: text.is_none().then(|| "no answer was given".to_owned()),
                text: text.cloned().unwrap_or_default(),
                output_ids: Vec::new(),
                special_ids: Vec::new(),
                stop_reason: StopReason::Eos,
                input_ids_sha256: String::new(),
                n_in: 0,
                t_prefill_ns: 0,
                t_decode_ns: 0,
                top: Vec::new(),
                numeric_fault: None,
            }
        };
        Ok(queries.iter().map(answer).collect())
    }
}

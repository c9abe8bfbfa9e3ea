//! A subject that follows a script and is told the truth about each prompt.

#![allow(dead_code, reason = "each test file uses its own part of the script")]

use probes::catalogue::{Ask, CATALOGUE, Question};
use probes::profiles::headlines;
use probes::{
    GenerateAnswer, GenerateQuery, LabelAnswer, LabelQuery, Message, Plan, Sql, SqlAnswer, StopReason, Subject,
};
use std::collections::BTreeMap;

type LabelScript = Box<dyn Fn(&str, &LabelQuery) -> LabelAnswer>;
type OpenScript = Box<dyn Fn(&str, &GenerateQuery) -> GenerateAnswer>;

/// How a subject breaks its contract.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Refusing {
    Nothing,
    OneTooFew,
    OneTooMany,
    Everything,
}

/// The script's error.
#[derive(Debug)]
pub struct OutOfMemory;

impl std::fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("out of memory")
    }
}

impl std::error::Error for OutOfMemory {}

/// A subject. The scripts get the right answer, or "" where there is none (content-free prompts), and the query.
pub struct Scripted {
    pub label: LabelScript,
    pub open: OpenScript,
    pub refusing: Refusing,
    pub asked: usize,
    truths: BTreeMap<String, String>,
}

/// Every entry in its headline format, `most` items of each.
pub fn plan_of(most: Option<usize>) -> Plan {
    let ids: Vec<&str> = CATALOGUE.iter().map(|e| e.id).collect();
    Plan::new("test", &headlines(&ids, most), probes::plan::ORDER_SEED)
}

impl Scripted {
    /// A subject that is always right about a plan's items and has no preferences.
    pub fn right(plan: &Plan) -> Self {
        Self {
            label: Box::new(|truth, query| labels(query, |l| if l == truth { -0.1 } else { -4.0 })),
            open: Box::new(|truth, _| generated(truth)),
            refusing: Refusing::Nothing,
            asked: 0,
            truths: truths(plan),
        }
    }

    fn truth(&self, messages: &[Message], labels: &[String]) -> String {
        self.truths.get(&key(messages, labels)).cloned().unwrap_or_default()
    }

    fn refuse<T: Clone>(&mut self, mut answers: Vec<T>) -> Result<Vec<T>, OutOfMemory> {
        self.asked += answers.len();
        match self.refusing {
            Refusing::Nothing => {}
            Refusing::OneTooFew => drop(answers.pop()),
            Refusing::OneTooMany => answers.extend(answers.first().cloned()),
            Refusing::Everything => return Err(OutOfMemory),
        }
        Ok(answers)
    }
}

impl Subject for Scripted {
    type Error = OutOfMemory;

    async fn score(&mut self, queries: &[LabelQuery]) -> Result<Vec<LabelAnswer>, OutOfMemory> {
        let answers = queries.iter().map(|q| (self.label)(&self.truth(&q.messages, &q.labels), q)).collect();
        self.refuse(answers)
    }

    async fn generate(&mut self, queries: &[GenerateQuery]) -> Result<Vec<GenerateAnswer>, OutOfMemory> {
        let answers = queries.iter().map(|q| (self.open)(&self.truth(&q.messages, &[]), q)).collect();
        self.refuse(answers)
    }
}

fn key(messages: &[Message], labels: &[String]) -> String {
    let turns: Vec<&str> = messages.iter().map(|m| m.content.as_str()).collect();
    format!("{}\u{1}{}", turns.join("\u{2}"), labels.join("\u{3}"))
}

/// The label that stands for the gold answer in a call.
pub fn right_label(ask: &Ask, options: &[String], gold: &str) -> String {
    let place = options.iter().position(|o| o == gold).unwrap();
    ask.labels[ask.order.iter().position(|o| *o == place).unwrap()].clone()
}

fn truths(plan: &Plan) -> BTreeMap<String, String> {
    let mut truths = BTreeMap::new();
    for planned in &plan.probes {
        let entry = probes::entry(planned.spec.id.split('.').next().unwrap());
        for item in &planned.items {
            for ask in &item.asks {
                let truth = if ask.labels.is_empty() {
                    entry.map_or_else(String::new, |e| (e.perfect)(&item.question))
                } else {
                    right_label(ask, &item.question.options, &item.question.gold[0])
                };
                truths.insert(key(&ask.messages, &ask.labels), truth);
            }
        }
    }
    truths
}

/// Stands in for a database where only the text of a query matters: equal queries give equal results.
pub struct ByText;

impl Sql for ByText {
    fn compare(&self, question: &Question, query: &str) -> SqlAnswer {
        let is_gold = |q: &str| question.gold.iter().any(|gold| q.trim_end_matches(';') == gold.trim_end_matches(';'));
        match query {
            q if is_gold(q) => SqlAnswer::Same,
            q if q.to_uppercase().starts_with("SELECT") => SqlAnswer::Different,
            _ => SqlAnswer::Refused("not a query".to_string()),
        }
    }
}

/// A label answer with one score per label.
pub fn labels(query: &LabelQuery, score: impl Fn(&str) -> f64) -> LabelAnswer {
    LabelAnswer {
        logp: query.labels.iter().map(|l| score(l)).collect(),
        n_tokens: vec![1; query.labels.len()],
        n_bytes: query.labels.iter().map(|l| l.len() as u32).collect(),
        top: vec![(7, -0.1), (8, -3.0)],
        input_ids_sha256: "0".repeat(64),
        n_in: 20,
        t_prefill_ns: 1_500_000,
        numeric_fault: None,
        refused: None,
    }
}

/// A generation that ended by itself after an end token.
pub fn generated(text: &str) -> GenerateAnswer {
    let mut special_ids: Vec<bool> = text.split_whitespace().map(|_| false).collect();
    special_ids.push(true);
    GenerateAnswer {
        text: text.to_string(),
        output_ids: (0..special_ids.len() as u32).map(|i| 100 + i).collect(),
        special_ids,
        stop_reason: StopReason::Eos,
        input_ids_sha256: "0".repeat(64),
        n_in: 20,
        t_prefill_ns: 1_500_000,
        t_decode_ns: 2_500_000,
        top: vec![(7, -0.1)],
        numeric_fault: None,
        refused: None,
    }
}

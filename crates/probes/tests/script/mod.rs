//! A subject that follows a script and is told the truth about each prompt.

#![allow(dead_code, reason = "each test file uses its own part of the script")]

use probes::{
    FormatVariant, GenerateAnswer, GenerateQuery, LabelAnswer, LabelQuery, Message, Mode, Plan, StopReason, Subject,
    first_set,
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

impl Scripted {
    /// A subject that is always right and has no preferences.
    pub fn right() -> Self {
        Self {
            label: Box::new(|truth, query| labels(query, |l| if l == truth { -0.1 } else { -4.0 })),
            open: Box::new(|truth, _| generated(truth)),
            refusing: Refusing::Nothing,
            asked: 0,
            truths: truths(&first_set()),
        }
    }

    fn truth(&self, messages: &[Message]) -> String {
        self.truths.get(&messages[0].content).cloned().unwrap_or_default()
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
        let answers = queries.iter().map(|q| (self.label)(&self.truth(&q.messages), q)).collect();
        self.refuse(answers)
    }

    async fn generate(&mut self, queries: &[GenerateQuery]) -> Result<Vec<GenerateAnswer>, OutOfMemory> {
        let answers = queries.iter().map(|q| (self.open)(&self.truth(&q.messages), q)).collect();
        self.refuse(answers)
    }
}

/// The right answer to every prompt of a plan, read off the prompt as a person would.
fn truths(plan: &Plan) -> BTreeMap<String, String> {
    let mut truths = BTreeMap::new();
    for planned in &plan.probes {
        for item in &planned.items {
            for call in planned.probe.calls() {
                let prompt = item.messages(planned.probe, call)[0].content.clone();
                let gold = item.item.gold[0].clone();
                let truth = match (planned.probe.mode, planned.probe.format) {
                    (Mode::Tf2, _) if prompt.contains(" wrong?") => (gold == "false").to_string(),
                    (_, FormatVariant::F3) => {
                        let base = &item.question.cluster;
                        let letter = prompt.lines().find(|l| l.ends_with(&format!(") {base}"))).unwrap();
                        letter[..1].to_string()
                    }
                    _ => gold,
                };
                truths.insert(prompt, truth);
            }
        }
    }
    truths
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
    }
}

/// The label whose option the prompt shows first.
pub fn shown_first(query: &LabelQuery) -> String {
    let prompt = &query.messages[0].content;
    if query.labels.iter().any(|l| l == "A") {
        return "A".to_string();
    }
    let question = prompt.lines().next().unwrap();
    let options = question.rsplit_once(": ").map_or(question, |(_, o)| o);
    let place = |l: &&String| options.find(l.as_str()).unwrap_or(usize::MAX);
    query.labels.iter().min_by_key(place).unwrap().clone()
}

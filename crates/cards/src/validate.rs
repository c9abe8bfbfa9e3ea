//! The rules of `benchcard/1` that types cannot say.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    Card, Completeness, Engine, Error, Numerics, ResultRow, SCHEMA, Task,
    canonical::join,
    error::{Problem, Problems},
    head::Head,
    node::visible,
};

/// Most characters of any text without its own limit.
const MAX_TEXT_CHARS: usize = 2_000;

/// Most result rows.
const MAX_RESULTS: usize = 512;

/// Checks every rule and lists what breaks one. The identity and derived numbers are checked elsewhere.
pub(crate) fn validate(card: &Card) -> Result<(), Error> {
    let mut rules = Rules(Vec::new());
    rules.head(&card.into());
    if let Some(text) = &card.interpretation {
        rules.chars("interpretation", 600, text);
    }
    rules.completeness(&card.completeness);
    rules.run(card);
    rules.machine(card);
    let tasks: BTreeSet<&str> = card.tasks.iter().map(|t| t.task.as_str()).collect();
    rules.holds(tasks.len() == card.tasks.len(), "tasks", "each task once", &"one twice");
    for (i, task) in card.tasks.iter().enumerate() {
        rules.task(&format!("tasks[{i}]"), task);
    }
    rules.holds(card.results.len() <= MAX_RESULTS, "results", "at most 512 rows", &card.results.len());
    let mut keys = BTreeSet::new();
    for (i, row) in card.results.iter().enumerate() {
        let path = format!("results[{i}]");
        let key = (&row.task, &row.mode, &row.metric_id);
        rules.holds(keys.insert(key), &path, "each task, mode and metric once", &format!("{key:?} again"));
        let task = card.tasks.iter().find(|t| t.task == row.task);
        rules.holds(task.is_some(), &format!("{path}.task"), "a task of the card", &row.task);
        rules.result(&path, row, task);
    }
    for (i, bias) in card.bias.iter().flatten().enumerate() {
        let known = tasks.contains(bias.task.as_str());
        rules.holds(known, &format!("bias[{i}].task"), "a task of the card", &bias.task);
        if let Some(c) = &bias.consistency {
            rules.holds(c.k <= c.n, &format!("bias[{i}].consistency.k"), "a count up to n", &c.k);
        }
    }
    if let Some(speed) = &card.speed {
        crate::speed::validate(&mut rules, speed);
    }
    if let Ok(tree) = serde_json::to_value(card) {
        rules.texts("", &tree);
    }
    Problems::into_result(rules.0)
}

/// Whether a text is 64 lower-case hexadecimal digits.
pub(crate) fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// At most 80 characters of a foreign text, hidden ones shown, for an error message.
pub(crate) fn short(text: &str) -> String {
    if text.is_empty() { "nothing".to_owned() } else { clip(text, 80) }
}

/// At most `limit` characters of a text, hidden ones shown, on one line.
pub(crate) fn clip(text: &str, limit: usize) -> String {
    let start: String = text.chars().take(limit).map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).collect();
    let mut out = visible(&start);
    if text.chars().nth(limit).is_some() {
        out.push('…');
    }
    out
}

/// At most `limit` characters of a text of our own, the last an ellipsis where it was longer.
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}

/// The rules that were broken so far.
#[derive(Default)]
pub(crate) struct Rules(Vec<Problem>);

impl Rules {
    pub(crate) fn into_result(self) -> Result<(), Error> {
        Problems::into_result(self.0)
    }

    pub(crate) fn holds(&mut self, holds: bool, path: &str, expected: &str, found: &dyn ToString) {
        if !holds {
            let found = short(&found.to_string());
            self.0.push(Problem { path: path.to_owned(), expected: expected.to_owned(), found });
        }
    }

    pub(crate) fn hash(&mut self, path: &str, hash: &str) {
        self.holds(is_hash(hash), path, "64 lower-case hexadecimal digits", &hash);
    }

    pub(crate) fn chars(&mut self, path: &str, limit: usize, text: &str) {
        let n = text.chars().count();
        self.holds((1..=limit).contains(&n), path, &format!("1 to {limit} characters"), &n);
    }

    fn decimal(&mut self, path: &str, text: &str) {
        let canonical = text.parse::<u64>().is_ok_and(|n| n.to_string() == text);
        self.holds(canonical, path, "a 64-bit number as decimal text", &text);
    }

    fn share(&mut self, path: &str, x: f64) {
        self.holds((0.0..=1.0).contains(&x), path, "a number from 0 to 1", &x);
    }

    /// A name without folders: what is written beside the card.
    fn file_name(&mut self, path: &str, name: &str) {
        let plain = !name.is_empty()
            && name != "."
            && name != ".."
            && !name.chars().any(|c| matches!(c, '/' | '\\' | ':') || c.is_control());
        self.holds(plain, path, "a file name without folders", &name);
    }

    /// What cards of every kind begin with.
    pub(crate) fn head(&mut self, head: &Head<'_>) {
        self.holds(head.schema == SCHEMA, "schema", SCHEMA, &head.schema);
        self.id("id", head.id);
        self.chars("title", 120, head.title);
        self.chars("summary", 600, head.summary);
        for (name, notes) in [("limitations", head.limitations), ("out_of_scope", head.out_of_scope)] {
            self.holds((1..=12).contains(&notes.len()), name, "1 to 12 entries", &notes.len());
            for (i, note) in notes.iter().enumerate() {
                self.chars(&format!("{name}[{i}].text"), 300, &note.text);
            }
        }
        self.time("created", head.created);
    }

    pub(crate) fn id(&mut self, path: &str, id: &str) {
        let known = id.strip_prefix("sha256:").is_some_and(is_hash);
        self.holds(known, path, "`sha256:` and 64 lower-case hexadecimal digits", &id);
    }

    pub(crate) fn time(&mut self, path: &str, time: &str) {
        self.holds(is_utc(time), path, "a UTC time such as 2026-11-21T14:00:00Z", &time);
    }

    pub(crate) fn completeness(&mut self, done: &Completeness) {
        let path = "completeness.attempted";
        self.holds(done.attempted <= done.planned, path, "a count up to planned", &done.attempted);
    }

    fn run(&mut self, card: &Card) {
        self.hash("suite.sha256", &card.suite.sha256);
        self.decimal("suite.order_seed", &card.suite.order_seed);
        for (i, set) in card.datasets.iter().enumerate() {
            let path = format!("datasets[{i}]");
            self.hash(&format!("{path}.sha256"), &set.sha256);
            self.hash(&format!("{path}.sample_ids_sha256"), &set.sample_ids_sha256);
            let named = set.name == card.suite.name || card.tasks.iter().any(|t| t.task == set.name);
            self.holds(named, &format!("{path}.name"), "a task's or the suite's name", &set.name);
            let year = set.contamination.strip_prefix("public-since ").is_some_and(|y| y.len() == 4 && digits(y));
            let known = year || ["fresh", "public", "unknown"].contains(&set.contamination.as_str());
            let path = format!("{path}.contamination");
            self.holds(known, &path, "`fresh`, `public-since` and a year, `public` or `unknown`", &set.contamination);
        }
        let model = &card.model;
        for (i, file) in model.files.iter().enumerate() {
            self.file_name(&format!("model.files[{i}].name"), &file.name);
            self.hash(&format!("model.files[{i}].sha256"), &file.sha256);
        }
        self.holds(!model.files.is_empty(), "model.files", "at least one file", &"none");
        let sorted = model.files.windows(2).all(|w| matches!(w, [a, b] if a.name < b.name));
        self.holds(sorted, "model.files", "files sorted by name, each once", &"another order");
        self.hash("model.weights_sha256", &model.weights_sha256);
        self.hash("model.tokenizer_sha256", &model.tokenizer_sha256);
        self.hash("model.chat_template_sha256", &model.chat_template_sha256);
    }

    fn machine(&mut self, card: &Card) {
        self.engine(&card.engine, &card.numerics);
        self.decimal("decoding.seed", &card.decoding.seed);
        self.share("decoding.top_p", card.decoding.top_p);
        self.holds(card.decoding.temperature >= 0.0, "decoding.temperature", "0 or more", &card.decoding.temperature);
        self.holds(card.samples.format == "jsonl", "samples.format", "jsonl", &card.samples.format);
        let algorithm = &card.samples.hash_algorithm;
        self.holds(algorithm == "sha256", "samples.hash_algorithm", "sha256", algorithm);
        self.file_name("samples.file_path", &card.samples.file_path);
        self.hash("samples.checksum", &card.samples.checksum);
        self.hash("samples.merkle_root", &card.samples.merkle_root);
        if let Some(hash) = &card.repro.offline_bundle_sha256 {
            self.hash("repro.offline_bundle_sha256", hash);
        }
    }

    /// The program, and what its numbers came to against the reference.
    pub(crate) fn engine(&mut self, engine: &Engine, gate: &Numerics) {
        self.hash("engine.binary_sha256", &engine.binary_sha256);
        self.hash("engine.shaders_sha256", &engine.shaders_sha256);
        if let Some(hash) = &gate.reference {
            self.hash("numerics.reference", hash);
        }
        let agree = gate.top1_agree <= gate.n_prompts;
        self.holds(agree, "numerics.top1_agree", "a count up to n_prompts", &gate.top1_agree);
    }

    fn task(&mut self, path: &str, task: &Task) {
        self.holds(!task.task.is_empty(), &format!("{path}.task"), "an id", &"nothing");
        self.share(&format!("{path}.chance"), task.chance);
        self.decimal(&format!("{path}.fewshot_seed"), &task.fewshot_seed);
        self.holds(!task.metric_list.is_empty(), &format!("{path}.metric_list"), "at least one metric", &"none");
        self.holds(!task.template_ids.is_empty(), &format!("{path}.template_ids"), "at least one template", &"none");
    }

    fn result(&mut self, path: &str, row: &ResultRow, task: Option<&Task>) {
        let at = |field: &str| join(path, field);
        self.holds(row.k <= row.n, &at("k"), "a count up to n", &format!("{} of {}", row.k, row.n));
        // A metric beside the headline may count items that the headline calls broken.
        let k = if task.is_some_and(|t| crate::derive::is_headline(row, t)) { row.k } else { 0 };
        let counts = [k, row.n_unparsable, row.n_degenerate, row.n_error, row.n_skipped];
        let sum = counts.iter().try_fold(0_u64, |sum, &c| sum.checked_add(c)).unwrap_or(u64::MAX);
        self.holds(sum <= row.n, &at("n"), "at least the sum of the outcomes", &format!("{} below {sum}", row.n));
        self.share(&at("score"), row.score);
        self.share(&at("threshold"), row.threshold);
        let limits = &row.uncertainty.confidence_interval;
        let path = at("uncertainty.confidence_interval");
        let inside = 0.0 <= limits.lower && limits.lower <= limits.upper && limits.upper <= 1.0;
        self.holds(inside, &path, "0 <= lower <= upper <= 1", &format!("{} and {}", limits.lower, limits.upper));
        self.holds(!row.baselines.is_empty(), &at("baselines"), "at least one", &"none");
        for (i, baseline) in row.baselines.iter().enumerate() {
            let path = at(&format!("baselines[{i}]"));
            self.share(&join(&path, "score"), baseline.score);
            let k = baseline.k.unwrap_or(0);
            self.holds(k <= baseline.n, &join(&path, "k"), "a count up to n", &format!("{k} of {}", baseline.n));
        }
        if let Some(table) = &row.confusion {
            let labels = task.and_then(|t| t.labels.as_ref()).map_or(0, Vec::len);
            let shape = table.len() == labels && table.iter().all(|r| r.len() == labels + 1);
            self.holds(shape, &at("confusion"), "a row for each label and a column more", &"another shape");
        }
    }

    pub(crate) fn texts(&mut self, path: &str, tree: &Value) {
        match tree {
            Value::String(text) => {
                let n = text.chars().count();
                self.holds(n <= MAX_TEXT_CHARS, path, &format!("at most {MAX_TEXT_CHARS} characters"), &n);
            }
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.texts(&format!("{path}[{i}]"), item);
                }
            }
            Value::Object(map) => {
                for (key, item) in map {
                    self.texts(&join(path, &short(key)), item);
                }
            }
            _ => {}
        }
    }
}

/// `YYYY-MM-DDThh:mm:ssZ` with fields in their ranges; a day 31 of a short month passes.
pub(crate) fn is_utc(text: &str) -> bool {
    let number = |from: usize, to: usize| text.get(from..to).filter(|s| digits(s)).and_then(|s| s.parse::<u32>().ok());
    let within = |from, to, low, high| number(from, to).is_some_and(|n: u32| (low..=high).contains(&n));
    let mark = |at: usize, c: &str| text.get(at..=at) == Some(c);
    text.len() == 20
        && within(0, 4, 0, 9999)
        && within(5, 7, 1, 12)
        && within(8, 10, 1, 31)
        && within(11, 13, 0, 23)
        && within(14, 16, 0, 59)
        && within(17, 19, 0, 60)
        && [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "Z")].iter().all(|&(at, c)| mark(at, c))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

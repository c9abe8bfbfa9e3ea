//! Making and reading imported cards.

use std::collections::BTreeSet;

use super::{ImportError, ImportFacts};
use crate::{
    CountedFrom, Error, ImportFormat, ImportSource, ImportedCard, ImportedKind, ImportedModel, ImportedResult,
    ImportedTask, MAX_CARD_BYTES, Note, Provenance, SCHEMA,
    canonical::{content_id, fits, join, parse_canonical, to_canonical},
    derive::uncertainty,
    limitation::{FEW_ITEMS, OWN_TEXT},
    number::round6,
    validate::{Rules, short},
};

/// Most results of an imported card.
pub const MAX_IMPORTED_RESULTS: usize = 512;

/// Below this many items an interval is wide whatever the count.
const FEW: u64 = 40;

/// What an importer found.
pub(super) struct Found {
    pub(super) format: ImportFormat,
    pub(super) what: &'static str,
    pub(super) program: Option<String>,
    pub(super) models: Vec<ImportedModel>,
    pub(super) tasks: Vec<ImportedTask>,
    pub(super) results: Vec<ImportedResult>,
}

impl Found {
    /// Seals what was found.
    pub(super) fn seal(mut self, facts: ImportFacts) -> Result<ImportedCard, ImportError> {
        if self.results.is_empty() {
            return Err(ImportError::Empty(self.what));
        }
        self.models.sort_by(|a, b| a.id.cmp(&b.id));
        let counts = self.results.iter().filter(|r| r.k.is_some()).count();
        let mut files = facts.files;
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut card = ImportedCard {
            schema: SCHEMA.to_owned(),
            id: String::new(),
            kind: ImportedKind::Imported,
            provenance: Provenance::Imported,
            title: facts.title.unwrap_or_else(|| self.title()),
            summary: format!(
                "{} of {}, taken over from {}. Those with a count of items: {counts}; their intervals were computed here. Nothing was measured here.",
                several(self.results.len(), "result"),
                several(self.models.len(), "model"),
                self.what
            ),
            limitations: self.limitations(),
            out_of_scope: vec![Note {
                code: OWN_TEXT,
                text: "Use or avoid: what a rule or a learnt baseline reaches on the same items is not known."
                    .to_owned(),
            }],
            created: facts.created,
            producer: facts.producer,
            source: ImportSource { format: self.format, program: self.program, files },
            models: self.models,
            tasks: self.tasks,
            results: self.results,
        };
        card.id = card.content_id()?;
        card.validate()?;
        fits(&card)?;
        Ok(card)
    }

    fn title(&self) -> String {
        let of = match self.models.as_slice() {
            [one] => one.id.clone(),
            many => several(many.len(), "model"),
        };
        format!("Imported: {of}, {}", several(self.results.len(), "result")).chars().take(120).collect()
    }

    fn limitations(&self) -> Vec<Note> {
        let mut notes = vec![Note {
            code: OWN_TEXT,
            text: "Imported: not measured here. Prompts, sampling, hardware and discarded runs are as unknown as the source leaves them.".to_owned(),
        }];
        let few = self.results.iter().filter(|r| r.k.is_some() && r.n.is_some_and(|n| n < FEW)).count();
        if few > 0 {
            let text = format!(
                "{few} of {} results rest on fewer than {FEW} items: their intervals are wide.",
                self.results.len()
            );
            notes.push(Note { code: FEW_ITEMS, text });
        }
        if self.results.iter().any(|r| r.uncertainty.is_some()) {
            let text =
                "Intervals take the items for independent; where items share a text or a word, they are too narrow.";
            notes.push(Note { code: OWN_TEXT, text: text.to_owned() });
        }
        notes
    }
}

impl ImportedCard {
    /// Reads an imported card. Anything but the exact canonical bytes of a valid one is refused, and so are intervals
    /// that its counts do not give.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let card: Self = parse_canonical(bytes, "the card", MAX_CARD_BYTES)?;
        card.validate()?;
        let computed = card.content_id()?;
        if computed == card.id { Ok(card) } else { Err(Error::Id { stated: card.id, computed }) }
    }

    /// The card as a file: RFC 8785 canonical JSON, no final line feed.
    pub fn to_canonical_json(&self) -> Result<String, Error> {
        to_canonical(self)
    }

    /// As [`Card::content_id`](crate::Card::content_id).
    pub fn content_id(&self) -> Result<String, Error> {
        content_id(self)
    }

    fn validate(&self) -> Result<(), Error> {
        let mut rules = Rules::default();
        rules.head(&self.into());
        rules.holds(self.provenance == Provenance::Imported, "provenance", "imported", &"another");
        for (i, file) in self.source.files.iter().enumerate() {
            rules.hash(&format!("source.files[{i}].sha256"), &file.sha256);
        }
        let models: BTreeSet<&str> = self.models.iter().map(|m| m.id.as_str()).collect();
        let tasks: BTreeSet<&str> = self.tasks.iter().map(|t| t.task.as_str()).collect();
        rules.holds(models.len() == self.models.len(), "models", "each model once", &"one twice");
        rules.holds(tasks.len() == self.tasks.len(), "tasks", "each task once", &"one twice");
        let n = self.results.len();
        rules.holds(
            (1..=MAX_IMPORTED_RESULTS).contains(&n),
            "results",
            &format!("1 to {MAX_IMPORTED_RESULTS} rows"),
            &n,
        );
        let mut keys = BTreeSet::new();
        for (i, row) in self.results.iter().enumerate() {
            let path = format!("results[{i}]");
            let key = (&row.model, &row.task, &row.mode, &row.metric_id);
            rules.holds(keys.insert(key), &path, "each model, task, mode and metric once", &format!("{key:?} again"));
            rules.holds(models.contains(row.model.as_str()), &join(&path, "model"), "a model of the card", &row.model);
            rules.holds(tasks.contains(row.task.as_str()), &join(&path, "task"), "a task of the card", &row.task);
            result(&mut rules, &path, row);
        }
        if let Ok(tree) = serde_json::to_value(self) {
            rules.texts("", &tree);
        }
        rules.into_result()
    }
}

fn several(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

fn result(rules: &mut Rules, path: &str, row: &ImportedResult) {
    let at = |field: &str| join(path, field);
    rules.holds(!row.task.is_empty() && !row.model.is_empty(), path, "a task and a model", &"nothing");
    rules.chars(&at("metric_id"), 200, &row.metric_id);
    rules.holds(row.verdict.is_none(), &at("verdict"), "no verdict on an imported card", &"one");
    if let Some(source) = &row.source {
        rules.chars(&at("source"), 300, source);
    }
    rules.holds(
        row.k.is_some() != (row.counted == CountedFrom::None),
        &at("counted"),
        "`none` where there is no k, and there alone",
        &"another",
    );
    let n = row.n.unwrap_or(0);
    let k = row.k.unwrap_or(0);
    rules.holds(k <= n, &at("k"), "a count up to n", &format!("{k} of {n}"));
    let outcomes = [row.k, row.n_unparsable, row.n_degenerate, row.n_error, row.n_skipped];
    let sum = outcomes.iter().flatten().try_fold(0_u64, |sum, &c| sum.checked_add(c)).unwrap_or(u64::MAX);
    rules.holds(sum <= n, &at("n"), "at least the sum of the outcomes", &format!("{n} below {sum}"));
    if let Some(stated) = &row.uncertainty {
        let computed = uncertainty(k, n);
        let (ours, theirs) = (&computed.confidence_interval, &stated.confidence_interval);
        let same = *stated == computed && row.k.is_some() && n > 0 && row.score == Some(round6(k as f64 / n as f64));
        let expected = format!("the interval of {k}/{n}, {} to {}", ours.lower, ours.upper);
        rules.holds(same, &at("uncertainty"), &expected, &format!("{} to {}", theirs.lower, theirs.upper));
    }
    for (i, baseline) in row.baselines.iter().enumerate() {
        let at = at(&format!("baselines[{i}]"));
        let k = baseline.k.unwrap_or(0);
        let same = baseline.k.is_some()
            && baseline.n > 0
            && k <= baseline.n
            && baseline.score.to_bits() == round6(k as f64 / baseline.n as f64).to_bits();
        rules.holds(same, &at, "a count with its rate", &short(&format!("{k} of {}", baseline.n)));
    }
}

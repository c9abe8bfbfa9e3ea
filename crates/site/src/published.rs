//! A published card: the folder's name, its bytes, and what they say after every check.

use cards::{Card, Document, Level, Note, SampleRow, Sampled, card_key, parse_samples};
use serde_json::Value;

use crate::fault::Fault;
use crate::registers::Withdrawals;

/// The folder `static/cards/<k>/`, as bytes.
#[derive(Debug, Clone)]
pub struct CardSource {
    /// The folder's name.
    pub key: String,
    /// `card.json`.
    pub card: Vec<u8>,
    /// `samples.jsonl`, of a card of a run.
    pub samples: Option<Vec<u8>>,
}

/// A card that is what its folder's name says and does not contradict itself.
#[derive(Debug)]
pub struct Published {
    /// The first 26 characters of the digest in base32.
    pub key: String,
    /// The card.
    pub document: Document,
    /// Its samples; none of a card of another kind than `run`.
    pub samples: Vec<SampleRow>,
    /// The card as JSON, from which posts take their numbers.
    pub value: Value,
    /// How far it is backed, by what lies in its folder.
    pub level: Level,
    /// The bytes as they were published.
    pub source: CardSource,
}

impl Published {
    /// Reads and checks: canonical bytes, identity, folder name, every derived number. A card of differences is held against
    /// its two runs by [`Published::held_against`].
    pub fn read(source: &CardSource) -> Result<Self, Fault> {
        let place = format!("r/{}", source.key);
        let fault = |message: String| Fault::of(place.clone(), message);
        let document = Document::parse(&source.card).map_err(|e| fault(format!("card.json: {e}")))?;
        let key = card_key(document.id()).unwrap_or_default();
        if key != source.key {
            return Err(fault(format!("the folder is named after another card; this one belongs into {key}")));
        }
        let mut rows = Vec::new();
        if let Document::Run(card) = &document {
            let Some(bytes) = &source.samples else {
                return Err(fault("samples.jsonl is missing, without which nothing can be recomputed".to_owned()));
            };
            rows = parse_samples(bytes).map_err(|e| fault(format!("samples.jsonl: {e}")))?;
            if let Some(first) = card.check(Some(&rows)).first() {
                return Err(fault(format!(
                    "the card contradicts its samples at {}: stated {}, recomputed {}",
                    first.path, first.stated, first.recomputed
                )));
            }
        }
        let level = match &document {
            Document::Run(card) => card.level(&rows),
            _ => Level::SelfReported,
        };
        let value = serde_json::from_slice(&source.card).map_err(|e| fault(e.to_string()))?;
        Ok(Self { key, document, samples: rows, value, level, source: source.clone() })
    }

    /// Checks a card of differences against its two runs, which have to be published as well.
    pub fn held_against<'a>(
        &self,
        find: impl Fn(&str) -> Option<&'a Self>,
        withdrawn: &Withdrawals,
    ) -> Result<(), Fault> {
        let Document::Diff(card) = &self.document else { return Ok(()) };
        let place = format!("r/{}", self.key);
        let mut compared = [&card.comparison.a.id, &card.comparison.b.id].into_iter().filter_map(|id| card_key(id));
        if let Some(gone) = compared.find(|key| withdrawn.contains_key(key)) {
            let why = format!("the run {gone} that it compares was withdrawn: withdraw this card too");
            return Err(Fault::of(place, why));
        }
        let run = |id: &str| find(&card_key(id)?)?.sampled();
        let sides = [&card.comparison.a.id, &card.comparison.b.id].map(|id| run(id));
        let [Some(a), Some(b)] = sides else {
            return Err(Fault::of(place, "a run that this card compares is not published: publish both runs first"));
        };
        match card.check(Some([a, b])).first() {
            None => Ok(()),
            Some(first) => Err(Fault::of(
                place,
                format!(
                    "the card contradicts its runs at {}: stated {}, recomputed {}",
                    first.path, first.stated, first.recomputed
                ),
            )),
        }
    }

    fn sampled(&self) -> Option<Sampled<'_>> {
        self.run().map(|card| Sampled { card, samples: &self.samples })
    }

    /// The card of a run.
    pub fn run(&self) -> Option<&Card> {
        if let Document::Run(card) = &self.document { Some(card) } else { None }
    }

    /// What sort of card it is, in words.
    pub fn kind(&self) -> &'static str {
        match &self.document {
            Document::Run(_) => "run",
            Document::Diff(_) => "differences",
            Document::Imported(_) => "imported",
        }
    }

    /// The tasks, each once, in the card's order.
    pub fn tasks(&self) -> Vec<&str> {
        let all: Vec<&str> = match &self.document {
            Document::Run(card) => card.tasks.iter().map(|t| t.task.as_str()).collect(),
            Document::Diff(card) => card.comparison.tasks.iter().map(|t| t.task.as_str()).collect(),
            Document::Imported(card) => card.tasks.iter().map(|t| t.task.as_str()).collect(),
        };
        let mut once = Vec::new();
        for task in all {
            if !once.contains(&task) {
                once.push(task);
            }
        }
        once
    }

    /// The models that it speaks of.
    pub fn models(&self) -> Vec<&str> {
        match &self.document {
            Document::Run(card) => vec![&card.model.id],
            Document::Diff(card) => vec![&card.comparison.a.model, &card.comparison.b.model],
            Document::Imported(card) => card.models.iter().map(|m| m.id.as_str()).collect(),
        }
    }

    /// When it was made: the day.
    pub fn day(&self) -> String {
        self.created().chars().take(10).collect()
    }

    /// When it was made.
    pub fn created(&self) -> &str {
        match &self.document {
            Document::Run(card) => &card.created,
            Document::Diff(card) => &card.created,
            Document::Imported(card) => &card.created,
        }
    }

    /// Its summary.
    pub fn summary(&self) -> &str {
        match &self.document {
            Document::Run(card) => &card.summary,
            Document::Diff(card) => &card.summary,
            Document::Imported(card) => &card.summary,
        }
    }

    /// What a reader must know before the numbers.
    pub fn limitations(&self) -> &[Note] {
        match &self.document {
            Document::Run(card) => &card.limitations,
            Document::Diff(card) => &card.limitations,
            Document::Imported(card) => &card.limitations,
        }
    }
}

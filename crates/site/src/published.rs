//! A published card: the folder's name, its bytes, and what they say after every check.

use cards::{Card, Contradiction, Document, Level, SampleRow, Sampled, card_key, parse_samples};
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

    /// Checks a card of differences against its two runs, and a replay against its run, which have to be published as well.
    pub fn held_against<'a>(
        &self,
        find: impl Fn(&str) -> Option<&'a Self>,
        withdrawn: &Withdrawals,
    ) -> Result<(), Fault> {
        let place = format!("r/{}", self.key);
        if let Some(gone) = self.runs().into_iter().find(|key| withdrawn.contains_key(key)) {
            let why = format!("the run {gone} that it rests on was withdrawn: withdraw this card too");
            return Err(Fault::of(place, why));
        }
        let run = |id: &str| find(&card_key(id)?)?.sampled();
        let (wanted, found): (_, Option<Vec<Contradiction>>) = match &self.document {
            Document::Run(_) | Document::Imported(_) => return Ok(()),
            Document::Diff(card) => {
                let [a, b] = [&card.comparison.a.id, &card.comparison.b.id].map(|id| run(id));
                let found = a.zip(b).map(|(a, b)| card.check(Some([a, b])));
                ("a run that this card compares is not published: publish both runs first", found)
            }
            Document::Replay(card) => {
                let found = run(&card.replay.target.id).map(|run| card.check(Some(run)));
                ("the run that this card replays is not published: publish it first", found)
            }
        };
        match found.as_deref() {
            None => Err(Fault::of(place, wanted)),
            Some([]) => Ok(()),
            Some([first, ..]) => Err(Fault::of(
                place,
                format!(
                    "the card contradicts its runs at {}: stated {}, recomputed {}",
                    first.path, first.stated, first.recomputed
                ),
            )),
        }
    }

    /// Keys of the runs that a card of differences or a replay rests on.
    fn runs(&self) -> Vec<String> {
        let ids: Vec<&str> = match &self.document {
            Document::Run(_) | Document::Imported(_) => vec![],
            Document::Diff(card) => vec![&card.comparison.a.id, &card.comparison.b.id],
            Document::Replay(card) => vec![&card.replay.target.id],
        };
        ids.into_iter().filter_map(card_key).collect()
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
            Document::Replay(_) => "replay",
        }
    }

    /// The tasks, each once, in the card's order.
    pub fn tasks(&self) -> Vec<&str> {
        let all: Vec<&str> = match &self.document {
            Document::Run(card) => card.tasks.iter().map(|t| t.task.as_str()).collect(),
            Document::Diff(card) => card.comparison.tasks.iter().map(|t| t.task.as_str()).collect(),
            Document::Imported(card) => card.tasks.iter().map(|t| t.task.as_str()).collect(),
            Document::Replay(card) => card.replay.rows.iter().map(|r| r.task.as_str()).collect(),
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
            Document::Replay(card) => vec![&card.replay.target.model],
        }
    }

    /// When it was made: the day.
    pub fn day(&self) -> String {
        self.document.created().chars().take(10).collect()
    }
}

//! A published card: the folder's name, its bytes, and what they say after every check.

use cards::{Card, SampleRow, card_key, parse_samples};
use serde_json::Value;

use crate::fault::Fault;

/// The folder `static/cards/<k>/`, as bytes.
#[derive(Debug, Clone)]
pub struct CardSource {
    /// The folder's name.
    pub key: String,
    /// `card.json`.
    pub card: Vec<u8>,
    /// `samples.jsonl`.
    pub samples: Option<Vec<u8>>,
}

/// A card that is what its folder's name says and does not contradict itself.
#[derive(Debug)]
pub struct Published {
    /// The first 26 characters of the digest in base32.
    pub key: String,
    /// The card.
    pub card: Card,
    /// Its samples.
    pub samples: Vec<SampleRow>,
    /// The card as JSON, from which posts take their numbers.
    pub value: Value,
    /// The bytes as they were published.
    pub source: CardSource,
}

impl Published {
    /// Reads and checks: canonical bytes, identity, folder name, every derived number.
    pub fn read(source: &CardSource) -> Result<Self, Fault> {
        let place = format!("r/{}", source.key);
        let fault = |message: String| Fault::of(place.clone(), message);
        let card = Card::parse(&source.card).map_err(|e| fault(format!("card.json: {e}")))?;
        let key = card_key(&card.id).unwrap_or_default();
        if key != source.key {
            return Err(fault(format!("the folder is named after another card; this one belongs into {key}")));
        }
        let Some(bytes) = &source.samples else {
            return Err(fault("samples.jsonl is missing, without which nothing can be recomputed".to_owned()));
        };
        let samples = parse_samples(bytes).map_err(|e| fault(format!("samples.jsonl: {e}")))?;
        if let Some(first) = card.check(Some(&samples)).first() {
            return Err(fault(format!(
                "the card contradicts its samples at {}: stated {}, recomputed {}",
                first.path, first.stated, first.recomputed
            )));
        }
        let value = serde_json::to_value(&card).map_err(|e| fault(e.to_string()))?;
        Ok(Self { key, card, samples, value, source: source.clone() })
    }

    /// The tasks, in suite order.
    pub fn tasks(&self) -> Vec<&str> {
        self.card.tasks.iter().map(|t| t.task.as_str()).collect()
    }
}

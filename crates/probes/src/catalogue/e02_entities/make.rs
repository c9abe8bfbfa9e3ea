//! Documents from frames and from marked texts.

use super::lists::{EVALUATION, Lists, MONTHS, TRAINING};
use super::{frames, hand, train};
use crate::catalogue::Question;
use crate::catalogue::slots::{fill, pick};
use crate::seed::Seeded;
use crate::text::normalise;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The seed of the evaluation documents.
pub(super) const SEED: u64 = 502;

/// Evaluation documents from each frame.
const FROM_EACH: usize = 2;

/// Draws after which a text that was there before is taken again.
const TRIES: usize = 50;

/// The gold answer, entities in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entities {
    /// People.
    pub(super) persone: Vec<String>,
    /// Dates.
    pub(super) date: Vec<String>,
    /// Places.
    pub(super) luoghi: Vec<String>,
}

impl Entities {
    /// The three lists in the order of the keys.
    pub(super) fn lists(&self) -> [&Vec<String>; 3] {
        [&self.persone, &self.date, &self.luoghi]
    }

    /// As JSON.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From JSON as written by `to_json`.
    pub(super) fn from_json(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

/// The text without the marks `[P person]`, `[D date]`, `[L place]`, and what was marked.
pub(super) fn unmark(marked: &str) -> (String, Entities) {
    let mut text = String::new();
    let mut found = Entities::default();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('[') {
        text.push_str(before);
        let Some((mark, tail)) = after.split_once(']') else { break };
        let (kind, name) = mark.split_once(' ').unwrap_or_default();
        let list = match kind {
            "P" => &mut found.persone,
            "D" => &mut found.date,
            _ => &mut found.luoghi,
        };
        if !list.iter().any(|n| n == name) {
            list.push(name.to_string());
        }
        text.push_str(name);
        rest = tail;
    }
    text.push_str(rest);
    (text, found)
}

/// The dates of one document. Each later slot is a later day, so that no contract ends before it begins. Days 1, 8
/// and 11 are left out: they would take another article than the frames have.
struct Dates {
    first: u64,
    second: u64,
    months: [u64; 2],
    years: [u64; 4],
    numeric: u64,
}

impl Dates {
    fn draw(draw: &mut Seeded) -> Self {
        const FIRST: [u64; 12] = [2, 3, 4, 5, 6, 7, 9, 10, 12, 13, 14, 15];
        let first = FIRST.get(draw.below(12) as usize).copied().unwrap_or(2);
        let second = draw.between(16, 27);
        let month = draw.between(1, 11);
        let months = [month, draw.between(month + 1, 12)];
        // Birth, early, middle, recent.
        let years =
            [draw.between(1955, 1961), draw.between(1984, 1993), draw.between(1999, 2008), draw.between(2014, 2023)];
        Self { first, second, months, years, numeric: draw.below(3) }
    }

    fn month(n: u64) -> &'static str {
        MONTHS.get((n as usize).saturating_sub(1)).copied().unwrap_or_default()
    }

    fn slot(&self, name: &str) -> Option<String> {
        let (first, second) = (self.first, self.second);
        let ([early_month, late_month], [birth, early, middle, recent]) = (self.months, self.years);
        let long = |day: u64, month: u64, year: u64| format!("{day} {} {year}", Self::month(month));
        let short = |day: u64, month: u64| match self.numeric {
            0 => format!("{day}/{month}/{recent}"),
            1 => format!("{day:02}/{month:02}/{recent}"),
            _ => format!("{day:02}-{month:02}-{recent}"),
        };
        Some(match name {
            "B" => long(second, late_month, birth),
            "Y" => early.to_string(),
            "DOLD" => long(second, early_month, early),
            "Y2" => middle.to_string(),
            "D" => long(if recent % 2 == 0 { first } else { second }, early_month, recent),
            "DS" => short(first, early_month),
            "DM" => format!("{first} {}", Self::month(early_month)),
            "D2" => long(second, late_month, recent),
            "DS2" => short(second, late_month),
            "DM2" => format!("{second} {}", Self::month(early_month)),
            // April and August would ask for `ad` after `fino a`.
            "MY" => {
                let month = if [4, 8].contains(&late_month) { late_month + 1 } else { late_month };
                format!("{} {}", Self::month(month), recent + 1)
            }
            _ => return None,
        })
    }
}

/// A frame with its slots filled and marked. No first name, surname or place comes twice.
fn fill_marked(frame: &str, lists: &Lists, draw: &mut Seeded) -> String {
    let dates = Dates::draw(draw);
    let numbers = [draw.between(3, 20), draw.between(25, 60)];
    let mut used: BTreeSet<&str> = BTreeSet::new();
    let mut fresh = |words: &'static [&'static str], draw: &mut Seeded| {
        let mut word = pick(words, draw);
        for _ in 0..TRIES {
            if word.is_some_and(|w| used.insert(w)) {
                break;
            }
            word = pick(words, draw);
        }
        word
    };
    fill(frame, |slot| {
        let first_names = match slot {
            "PM" => Some(lists.men),
            "PF" => Some(lists.women),
            _ => None,
        };
        if let Some(first_names) = first_names {
            return Some(format!("[P {} {}]", fresh(first_names, draw)?, fresh(lists.surnames, draw)?));
        }
        let places = match slot {
            "S" => return Some(format!("[P {}]", fresh(lists.surnames, draw)?)),
            "C" => lists.towns,
            "M" => lists.ports,
            "N" => lists.states,
            "NF" => lists.feminine,
            "R" => lists.regions,
            "V" => lists.streets,
            "k1" => return numbers.first().map(u64::to_string),
            "k2" => return numbers.last().map(u64::to_string),
            date => return dates.slot(date).map(|date| format!("[D {date}]")),
        };
        Some(format!("[L {}]", fresh(places, draw)?))
    })
}

fn document(marked: &str, kind: &str) -> Question {
    let (text, entities) = unmark(marked);
    Question::open(&text, &[&entities.to_json()]).kind(kind).lang("it")
}

/// All 384: each frame twice with other names, then the hand-written documents.
pub(super) fn questions() -> Vec<Question> {
    let mut draw = Seeded::new(SEED);
    let mut questions = Vec::new();
    for (kind, frames) in frames::FRAMES {
        for (k, frame) in frames.iter().enumerate() {
            let template = format!("E02-{kind}-{k}");
            for _ in 0..FROM_EACH {
                let made = document(&fill_marked(frame, &EVALUATION, &mut draw), kind);
                questions.push(made.cluster(&template).template(&template));
            }
        }
    }
    for (kind, documents) in hand::DOCUMENTS {
        questions.extend(documents.iter().map(|marked| document(marked, kind).hard()));
    }
    questions
}

/// `n` documents of the training frames, the kinds in turn.
pub(super) fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut draw = Seeded::new(seed);
    let mut seen = BTreeSet::new();
    let mut questions = Vec::new();
    for (kind, frames) in train::FRAMES.iter().cycle().take(n) {
        let mut made = None;
        for _ in 0..TRIES {
            let k = draw.below(frames.len() as u64) as usize;
            let Some(frame) = frames.get(k) else { continue };
            let template = format!("E02-training-{kind}-{k}");
            let question = document(&fill_marked(frame, &TRAINING, &mut draw), kind);
            let new = seen.insert(normalise(&question.text));
            made = Some(question.cluster(&template).template(&template));
            if new {
                break;
            }
        }
        questions.extend(made);
    }
    questions
}

//! A10 pattern fill: the missing element of a sequence, an analogy or a small paradigm, written freely; and chosen
//! among four. 64 each of numbers, letters, cycles of words, the calendar, analogies and slots.

use super::a02_article::pick;
use super::a10_sequences::{self as sequences, Draft, GAP};
use super::lexicon::{nouns, patterns};
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Rule, first_gold, lettered};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;
use crate::text::normalise;
use std::collections::BTreeSet;

pub(super) const ENTRY: Entry = Entry {
    id: "A10",
    name: "pattern",
    version: 2,
    about: "What is the missing element of a pattern?",
    formats: &[
        Format {
            variant: FormatVariant::F5,
            mode: Mode::Fg,
            calls: Calls::One,
            ask: free,
            blank: Blank::None,
            max_tokens: 12,
        },
        Format {
            variant: FormatVariant::F3,
            mode: Mode::Lpx,
            calls: Calls::Rotations { n: 2, step: 2 },
            ask: letters,
            blank: Blank::All,
            max_tokens: 0,
        },
    ],
    questions,
    training,
    generator: "patterns",
    seed: SEED,
    reader: Reader::Element,
    perfect: first_gold,
    features: Features::Words,
    rules: &[Rule { name: "copy_last", answer: copy_last }],
};

/// Seed of the evaluation.
const SEED: u64 = 10;

/// Options of a question.
const OPTIONS: usize = 4;

fn free(question: &Question, _call: Call) -> Ask {
    Ask::open(format!("Complete the pattern. Write only the missing element.\nPattern: {}", question.text))
}

fn letters(question: &Question, call: Call) -> Ask {
    let lines = lettered(question, call);
    let prompt = format!("What is the missing element?\nPattern: {}\n{lines}\nAnswer with one letter.", question.text);
    Ask::letters(question, call, prompt)
}

fn questions() -> Vec<Question> {
    let mut seeded = Seeded::new(SEED);
    let mut drafts = Vec::new();
    for &(rule, n) in sequences::NUMBERS {
        distinct(&mut drafts, n, || sequences::numbers(rule, &mut seeded));
    }
    for tracks in sequences::LETTERS {
        distinct(&mut drafts, 4, || sequences::letters(tracks, &mut seeded));
    }
    let mut themes = patterns::THEMES.iter().cycle();
    for period in sequences::PERIODS {
        distinct(&mut drafts, 8, || sequences::cycle(period, themes.next().unwrap_or(&""), &mut seeded));
    }
    for &(count, step, n) in sequences::COUNTS {
        distinct(&mut drafts, n, || sequences::calendar(count, step, &mut seeded));
    }
    drafts.extend(patterns::ANALOGIES.iter().map(|(relation, (a, b), c, gold, wrong)| Draft {
        kind: "analogy",
        template: format!("analogy {relation}"),
        text: format!("{a} is to {b} as {c} is to {GAP}"),
        gold: (*gold).to_string(),
        wrong: wrong.map(str::to_string).to_vec(),
        lemma: None,
    }));
    drafts.extend(slots());
    let places = (0..OPTIONS).cycle();
    drafts.iter().zip(places).filter_map(|(draft, place)| question(draft, place, &mut seeded)).collect()
}

/// Adds `n` drafts with texts that are not there yet.
fn distinct(drafts: &mut Vec<Draft>, n: usize, mut draw: impl FnMut() -> Draft) {
    let mut added = 0;
    for _ in 0..1000 {
        if added == n {
            break;
        }
        let draft = draw();
        if drafts.iter().all(|d| d.text != draft.text) {
            drafts.push(draft);
            added += 1;
        }
    }
}

/// The question of a draft, its answer at a place among the options.
fn question(draft: &Draft, place: usize, seeded: &mut Seeded) -> Option<Question> {
    let mut seen = BTreeSet::from([normalise(&draft.gold)]);
    let fresh = draft.wrong.iter().filter(|w| seen.insert(normalise(w)));
    let mut options: Vec<&str> = fresh.take(OPTIONS - 1).map(String::as_str).collect();
    seeded.shuffle(&mut options);
    (options.len() == OPTIONS - 1).then_some(())?;
    options.insert(place, &draft.gold);
    let rule_decides = ["number", "letter", "calendar"].contains(&draft.kind);
    let cluster = if rule_decides { &draft.template } else { &draft.text };
    let question = Question::choice(&draft.text, &options, &draft.gold)
        .kind(draft.kind)
        .cluster(cluster)
        .template(&draft.template);
    Some(draft.lemma.as_deref().map_or_else(|| question.clone(), |lemma| question.clone().lemma(lemma)))
}

/// A slot in a small paradigm. The last word shown and the first pair's answer are wrong; so is the form by a rule
/// that does not apply.
fn slot(template: &str, text: String, [base, shown, gold, slip]: [&str; 4]) -> Draft {
    Draft {
        kind: "slot",
        template: template.to_string(),
        text,
        gold: gold.to_string(),
        wrong: [base, slip, shown].map(str::to_string).to_vec(),
        lemma: Some(base.to_string()),
    }
}

/// An adjective with -er or -est.
fn degree(adjective: &str, ending: &str) -> String {
    match (adjective.strip_suffix('y'), adjective.strip_suffix('e')) {
        (Some(stem), _) => format!("{stem}i{ending}"),
        (_, Some(stem)) => format!("{stem}{ending}"),
        _ => format!("{adjective}{ending}"),
    }
}

/// The plural that a regular noun does not have.
fn other_plural(noun: &str) -> String {
    let added_s = format!("{noun}s");
    if nouns::plural(noun) == added_s { format!("{noun}es") } else { added_s }
}

/// The noun of an adjective.
fn quality(adjective: &str) -> String {
    adjective.strip_suffix('y').map_or_else(|| format!("{adjective}ness"), |stem| format!("{stem}iness"))
}

/// The slots of the evaluation.
fn slots() -> Vec<Draft> {
    let mut all: Vec<Draft> = Vec::new();
    for [a, many_a, b, many_b] in patterns::IRREGULAR_SLOTS {
        let text = format!("one {a}, two {many_a}; one {b}, two {GAP}");
        all.push(slot("slot_irregular_plural", text, [b, many_a, many_b, &nouns::plural(b)]));
    }
    for [a, b] in patterns::REGULAR_SLOTS {
        let (many_a, many_b) = (nouns::plural(a), nouns::plural(b));
        let slip = other_plural(b);
        let text = format!("one {a}, two {many_a}; one {b}, two {GAP}");
        all.push(slot("slot_plural", text, [b, &many_a, &many_b, &slip]));
    }
    for [a, b] in patterns::COMPARATIVES {
        let (er, gold) = (degree(a, "er"), degree(b, "er"));
        let text = format!("{a}, {er}; {b}, {GAP}");
        all.push(slot("slot_comparative", text, [b, &er, &gold, &degree(b, "est")]));
    }
    for [a, b] in patterns::SUPERLATIVES {
        let (er, est, er_b, gold) = (degree(a, "er"), degree(a, "est"), degree(b, "er"), degree(b, "est"));
        let text = format!("{a}, {er}, {est}; {b}, {er_b}, {GAP}");
        all.push(slot("slot_superlative", text, [b, &est, &gold, &er_b]));
    }
    for [a, b] in patterns::ADVERBS {
        let text = format!("{a}, {a}ly; {b}, {GAP}");
        all.push(slot("slot_adverb", text, [b, &format!("{a}ly"), &format!("{b}ly"), &format!("{b}ness")]));
    }
    for [a, b] in patterns::NEGATIVES {
        let text = format!("{a}, un{a}; {b}, {GAP}");
        all.push(slot("slot_negative", text, [b, &format!("un{a}"), &format!("un{b}"), &format!("in{b}")]));
    }
    for [a, b] in patterns::QUALITIES {
        let text = format!("{a}, {}; {b}, {GAP}", quality(a));
        all.push(slot("slot_quality", text, [b, &quality(a), &quality(b), &degree(b, "er")]));
    }
    all.extend(patterns::SLOTS.iter().map(|(template, text, gold, wrong)| Draft {
        kind: "slot",
        template: (*template).to_string(),
        text: (*text).to_string(),
        gold: (*gold).to_string(),
        wrong: wrong.map(str::to_string).to_vec(),
        lemma: None,
    }));
    all
}

fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let nouns = nouns::words(nouns::TRAINING);
    let (mut all, mut seen, mut tries) = (Vec::new(), BTreeSet::new(), 0);
    while all.len() < n {
        tries += 1;
        let draft = match seeded.below(6) {
            0 => pick(&mut seeded, sequences::TRAINING_NUMBERS).map(|&rule| sequences::numbers(rule, &mut seeded)),
            1 => pick(&mut seeded, sequences::TRAINING_LETTERS).map(|tracks| sequences::letters(tracks, &mut seeded)),
            2 => training_cycle(&mut seeded),
            3 => pick(&mut seeded, sequences::TRAINING_COUNTS)
                .map(|&(count, step)| sequences::calendar(count, step, &mut seeded)),
            4 => training_analogy(&mut seeded),
            _ => training_slot(&mut seeded, &nouns),
        };
        let place = seeded.below(OPTIONS as u64) as usize;
        let made = draft.and_then(|draft| question(&draft, place, &mut seeded));
        // Some patterns come again once most have been asked.
        all.extend(made.filter(|q| seen.insert(q.text.clone()) || tries > 20 * n));
    }
    all
}

fn training_cycle(seeded: &mut Seeded) -> Option<Draft> {
    let period = pick(seeded, sequences::TRAINING_PERIODS)?;
    let theme = pick(seeded, patterns::TRAINING_THEMES)?;
    Some(sequences::cycle(period, theme, seeded))
}

/// Any two pairs of a relation.
fn training_analogy(seeded: &mut Seeded) -> Option<Draft> {
    let (relation, pairs) = pick(seeded, patterns::RELATIONS)?;
    let mut pairs = pairs.to_vec();
    seeded.shuffle(&mut pairs);
    let [(a, b), (c, gold), (_, other), ..] = *pairs.as_slice() else { return None };
    let (frame, text) = match seeded.below(2) {
        0 => ("colons", format!("{a} : {b} = {c} : {GAP}")),
        _ => ("goes_with", format!("If {a} goes with {b}, then {c} goes with {GAP}.")),
    };
    Some(Draft {
        kind: "analogy",
        template: format!("training_analogy_{frame} {relation}"),
        text,
        gold: gold.to_string(),
        wrong: [c, b, other].map(str::to_string).to_vec(),
        lemma: None,
    })
}

/// Two words and their forms.
fn training_slot(seeded: &mut Seeded, nouns: &[(nouns::Sort, &'static str)]) -> Option<Draft> {
    let degrees: Vec<&str> = patterns::TRAINING_DEGREES.split_whitespace().collect();
    let adverbs: Vec<&str> = patterns::TRAINING_ADVERBS.split_whitespace().collect();
    let choice = seeded.below(5);
    let mut draw = || -> Option<(String, String, String)> {
        Some(match choice {
            0 => {
                let (_, noun) = pick(seeded, nouns)?;
                ((*noun).to_string(), nouns::plural(noun), other_plural(noun))
            }
            1 => {
                let (one, many) = pick(seeded, nouns::TRAINING_EXCEPTIONS)?;
                ((*one).to_string(), (*many).to_string(), nouns::plural(one))
            }
            2 => {
                let word = pick(seeded, &degrees)?;
                ((*word).to_string(), degree(word, "er"), degree(word, "est"))
            }
            3 => {
                let word = pick(seeded, &degrees)?;
                ((*word).to_string(), degree(word, "est"), degree(word, "er"))
            }
            _ => {
                let word = pick(seeded, &adverbs)?;
                ((*word).to_string(), format!("{word}ly"), format!("{word}ness"))
            }
        })
    };
    let ((a, form_a, _), (b, gold, slip)) = (draw()?, draw()?);
    (a != b).then_some(())?;
    let (frame, text) = match seeded.below(2) {
        0 => ("arrows", format!("{a} -> {form_a}, {b} -> {GAP}")),
        _ => ("becomes", format!("{a} becomes {form_a}; {b} becomes {GAP}")),
    };
    Some(slot(&format!("training_slot_{frame}_{choice}"), text, [&b, &form_a, &gold, &slip]))
}

/// The last element of the pattern again.
fn copy_last(question: &Question) -> String {
    let before = question.text.split(GAP).next().unwrap_or_default();
    let before = before.trim_end().trim_end_matches("is to").trim_end().trim_end_matches([',', ';']);
    let last = before.rsplit([',', ';']).next().unwrap_or_default();
    last.rsplit(" as ").next().unwrap_or_default().trim().to_string()
}

#[cfg(test)]
mod tests;

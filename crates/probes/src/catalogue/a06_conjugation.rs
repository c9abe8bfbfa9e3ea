//! A06 conjugation: the past of a verb. Half the verbs are irregular; of the regular ones a third only add -ed, a third
//! drop an e, a third double a consonant or change their last letter.
//!
//! Formats: bare question, completion of a sentence whose first half stands in the present, and the comparison of two
//! whole sentences, one with the past and one with a wrong past: the regular past of an irregular verb, a misspelt or
//! invented past of a regular one. Verbs whose regular past is accepted (learned, dived) are left out; other accepted
//! pasts are in the field `also`.

mod rows;

use super::lexicon::irregular::{self, over_regular};
use super::lexicon::verbs::{self, Regular, Spelling};
use super::read::first_element;
use super::{Ask, Blank, Calls, Entry, Features, Format, Mode, Question, Reader, Reading, Rule, first_gold};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::seed::Seeded;
use crate::text::edit_distance;

pub(super) const ENTRY: Entry = Entry {
    id: "A06",
    name: "conjugation",
    version: 1,
    about: "What is the past of a verb?",
    formats: &[
        Format {
            variant: FormatVariant::F1,
            mode: Mode::Fg,
            calls: Calls::One,
            ask: bare,
            blank: Blank::None,
            max_tokens: 16,
        },
        Format {
            variant: FormatVariant::F5,
            mode: Mode::Fg,
            calls: Calls::One,
            ask: completion,
            blank: Blank::None,
            max_tokens: 16,
        },
        Format {
            variant: FormatVariant::F2,
            mode: Mode::Pair,
            calls: Calls::One,
            ask: sentences,
            blank: Blank::None,
            max_tokens: 0,
        },
    ],
    questions,
    training,
    generator: "hand",
    seed: 0,
    reader: Reader::Text(read),
    perfect: first_gold,
    features: Features::None,
    rules: &[Rule { name: "ed", answer: ed }],
};

fn bare(question: &Question, _: Call) -> Ask {
    Ask::open(format!("What is the past tense of the verb \"{}\"? Answer with one word.", question.text))
}

fn completion(question: &Question, _: Call) -> Ask {
    let (now, then) = (question.part("now"), question.part("then"));
    Ask::open(format!("Complete the second sentence. Write only the next word.\n{now}\n{then}"))
}

fn sentences(question: &Question, _: Call) -> Ask {
    let labels = question.options.iter().map(|option| sentence(question, option)).collect();
    Ask { labels, ..Ask::pair(question) }
}

/// The sentence in the past, with this form in it.
fn sentence(question: &Question, form: &str) -> String {
    let (then, rest) = (question.part("then"), question.part("rest"));
    format!("{then} {form} {rest}").trim_end().to_string() + "."
}

/// The time of the first sentence and that of the second.
const TIMES: [(&str, &str); 3] = [("Today", "Yesterday"), ("This week", "Last week"), ("This year", "Last year")];

fn questions() -> Vec<Question> {
    let irregular = rows::IRREGULAR.iter().filter_map(|(base, subject, rest)| {
        let verb = irregular::evaluation().find(|v| v.base == *base)?;
        let also: Vec<&str> = verb.pasts().skip(1).collect();
        Some((*base, verb.past().to_string(), also.join(", "), verb.over_regular(), "irregular", *subject, *rest))
    });
    let known = verbs::evaluation();
    let regular = [("plain", rows::PLAIN), ("drop_e", rows::DROP_E), ("changed", rows::CHANGED)];
    let regular = regular.into_iter().flat_map(|(kind, rows)| rows.iter().map(move |row| (kind, row)));
    let regular = regular.filter_map(|(kind, (base, wrong, subject, rest))| {
        let verb = known.iter().find(|v| v.base == *base)?;
        Some((*base, verb.past(), String::new(), (*wrong).to_string(), kind, *subject, *rest))
    });
    let all = irregular.chain(regular).zip(TIMES.iter().cycle()).enumerate();
    all.map(|(i, ((base, past, also, wrong, kind, subject, rest), (now, then)))| {
        let question = question(base, &past, &wrong, i % 2 == 0).kind(kind).field("also", &also);
        let question = if kind == "irregular" { question.hard() } else { question };
        let question = question.field("now", &format!("{now} {subject} {base} {rest}."));
        question.field("then", &format!("{then} {subject}")).field("rest", rest)
    })
    .collect()
}

fn question(base: &str, past: &str, wrong: &str, past_first: bool) -> Question {
    let options = if past_first { [past, wrong] } else { [wrong, past] };
    Question::choice(base, &options, past).cluster(base).lemma(base)
}

/// Subjects, with the times before them, that any verb of the training lists can follow.
const TRAINING_FRAMES: [(&str, &str); 14] = [
    ("Now we", "Earlier we"),
    ("Now they", "Earlier they"),
    ("Now I", "Back then I"),
    ("Now you", "Before that you"),
    ("At present I", "In those days I"),
    ("At present we", "In those days we"),
    ("At present they", "In the old days they"),
    ("Nowadays people", "A hundred years ago people"),
    ("Nowadays machines", "Ten years ago machines"),
    ("In the present, they", "In the past, they"),
    ("In the present, you", "In the past, you"),
    ("Most days I", "Two days ago I"),
    ("Most days they", "Three days ago they"),
    ("As a rule we", "That one time we"),
];

/// Every training verb in every training frame, in an order of the seed's.
fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let regular =
        verbs::training().into_iter().map(|v| (v.base, v.past(), String::new(), misspelt(v), spelling_kind(v)));
    let irregular = irregular::training().map(|v| {
        let also: Vec<&str> = v.pasts().skip(1).collect();
        (v.base, v.past().to_string(), also.join(", "), v.over_regular(), "irregular")
    });
    let mut regular: Vec<_> = regular.collect();
    let mut irregular: Vec<_> = irregular.collect();
    let mut all = Vec::with_capacity(n);
    // Every fourth verb is an irregular one: there are 20 of them only.
    while all.len() < n {
        seeded.shuffle(&mut regular);
        seeded.shuffle(&mut irregular);
        let mut strong = irregular.iter().cycle();
        for three in regular.chunks(3) {
            for (base, past, also, wrong, kind) in three.iter().chain(strong.next()) {
                let frame = seeded.below(TRAINING_FRAMES.len() as u64) as usize;
                let (now, then) = TRAINING_FRAMES.get(frame).copied().unwrap_or_default();
                let question = question(base, past, wrong, seeded.below(2) == 0).kind(kind).field("also", also);
                let question = question.template(&format!("train-{then}")).field("then", then).field("rest", "");
                all.push(question.field("now", &format!("{now} {base}.")));
            }
        }
    }
    all.truncate(n);
    all
}

fn spelling_kind(verb: Regular) -> &'static str {
    match verb.spelling {
        Spelling::Plain => "plain",
        Spelling::DropE | Spelling::Ie => "drop_e",
        Spelling::Double | Spelling::Y | Spelling::Ck => "changed",
    }
}

/// A past that no regular verb has: helpt, calld, bakeed, stoppd, carryed, mimiced.
fn misspelt(verb: Regular) -> String {
    let base = verb.base;
    match verb.spelling {
        Spelling::Plain if ["k", "p", "s", "h", "x"].iter().any(|end| base.ends_with(end)) => format!("{base}t"),
        Spelling::Plain | Spelling::Double => format!("{}d", past_without_ed(verb)),
        Spelling::DropE | Spelling::Y | Spelling::Ck | Spelling::Ie => format!("{base}ed"),
    }
}

/// The past without its -ed: stopp, call.
fn past_without_ed(verb: Regular) -> String {
    let past = verb.past();
    past.strip_suffix("ed").map_or(past.clone(), str::to_string)
}

/// The answer is one word on the first line. What is taken off before it is read: the verb that was asked about ("to
/// go: went"), and the words of the sentence that was to be completed.
fn read(text: &str, question: &Question) -> Reading {
    let line = first_element(text);
    let base = question.text.as_str();
    let line = without_verb(&line, base);
    let (then, rest) = (first_element(question.part("then")), first_element(question.part("rest")));
    let line = line.strip_prefix(&then).filter(|_| !then.is_empty()).map_or(line, str::trim_start);
    let ending = format!(" {rest}");
    let answer = line.strip_suffix(&ending).filter(|_| !rest.is_empty()).unwrap_or(line);
    let broken = match answer.split(' ').count() {
        _ if answer.is_empty() => Some("unparsable"),
        1 => None,
        _ => Some("prose_around"),
    };
    let accepted: Vec<&str> = question.gold.iter().map(String::as_str).chain(also(question)).collect();
    let read = broken.is_none();
    let right = read && accepted.contains(&answer);
    let wrong = read && !right;
    let regular = wrong && over_regulars(base).iter().any(|form| form == answer);
    let echo = wrong && answer == base;
    let far = accepted.iter().all(|form| edit_distance(form, answer) > 2);
    let mut facets = vec![("invented", wrong && !regular && !echo && far)];
    if !accepted.contains(&base) {
        facets.push(("echo", echo));
    }
    if question.kind == "irregular" {
        facets.push(("over_regular", regular));
    }
    let answer = read.then(|| answer.to_string());
    Reading { answer, right, facets, breaks: broken.into_iter().collect(), ..Reading::default() }
}

fn also(question: &Question) -> impl Iterator<Item = &str> {
    question.part("also").split(", ").filter(|form| !form.is_empty())
}

/// The line without "go:", "to go ->" or the like before it.
fn without_verb<'a>(line: &'a str, base: &str) -> &'a str {
    let bare = line.strip_prefix("to ").unwrap_or(line);
    let Some(tail) = bare.strip_prefix(base).map(str::trim_start) else { return line };
    let signs = [":", "=>", "->", "=", "\u{2192}", "-", "\u{2013}"];
    signs.iter().find_map(|sign| tail.strip_prefix(sign)).map_or(line, str::trim_start)
}

/// The ways to write the base with -ed.
fn over_regulars(base: &str) -> Vec<String> {
    let last = base.chars().last().unwrap_or_default();
    vec![over_regular(base), format!("{base}ed"), format!("{base}d"), format!("{base}{last}ed")]
}

/// Adds -ed, with the usual changes of spelling.
fn ed(question: &Question) -> String {
    over_regular(&question.text)
}

#[cfg(test)]
mod tests;

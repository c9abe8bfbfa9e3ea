//! Two small sets in the shape of published ones: 56 items, of which 51 are short constrained tasks and five ask for
//! development work, and six prompts that were published with the scores of their answers. They show how little so few
//! items decide. The 56 are the probes' own items and five of our own; the six prompts are quoted.

use super::{Ask, Blank, Calls, Features, Mode, Question, Reader, Reading};
use crate::item::FormatVariant;
use crate::plan::{Asking, ORDER_SEED, Plan, ProbeSpec, Source};
use crate::profiles::headlines;
use std::sync::Arc;

/// Items of each probe: 24 in the second round of the study, 27 in the third.
const SHAPE: [(&str, usize); 9] =
    [("A01", 12), ("A02", 3), ("A03", 3), ("A04", 4), ("A05", 3), ("A06", 10), ("A07", 2), ("A08", 8), ("A10", 3)];
/// Items of tone: the rest of 51.
const TONE: usize = 3;

/// 51 short tasks in the probes' headline formats and five pieces of development work.
pub(crate) fn fifty_six() -> Plan {
    let mut sources: Vec<(Source, Option<usize>)> = Vec::new();
    for (id, n) in SHAPE {
        sources.extend(headlines(&[id], Some(n)));
        if id == "A08" {
            sources.extend(headlines(&["A09"], Some(TONE)));
        }
    }
    sources.push((development(), None));
    Plan::new("classic-56", &sources, ORDER_SEED)
}

/// Six prompts, five samples each.
pub(crate) fn six() -> Plan {
    Plan::new("classic-6", &[(published(), None)], ORDER_SEED)
}

/// Tokens of a free answer.
const WRITTEN_TOKENS: u32 = 256;
/// The temperature of the six prompts' samples.
const TEMPERATURE: f64 = 0.7;
/// Samples of each of them.
const SAMPLES: u32 = 5;

fn free(id: &str, name: &str, about: &str, questions: Vec<Question>, calls: Calls, temperature: f64) -> Source {
    Source {
        spec: ProbeSpec {
            id: id.to_string(),
            name: name.to_string(),
            version: 1,
            about: about.to_string(),
            format: FormatVariant::F1,
            mode: Mode::Fg,
            calls: calls.list(),
            controls: false,
            labels: Vec::new(),
            max_tokens: WRITTEN_TOKENS,
            temperature,
            judged: false,
            chance: None,
            template: String::new(),
            generator: "hand".to_string(),
            seed: 0,
            licence: "MIT OR Apache-2.0".to_string(),
            one_element: false,
        },
        asking: Asking { ask: Arc::new(|question, _| Ask::open(question.text.clone())), blank: Blank::None },
        questions,
        training: Vec::new(),
        features: Features::None,
        rules: &[],
        reader: Reader::Text(keeps_the_form),
    }
}

/// A free answer has no gold: it is looked at for the form that was asked for, and for nothing else.
fn keeps_the_form(text: &str, question: &Question) -> Reading {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let holds = match question.part("form") {
        // One line of at most 72 characters without a full stop.
        "subject" => lines.len() == 1 && lines.iter().all(|l| l.chars().count() <= 72 && !l.ends_with('.')),
        "function" => text.contains("func ") || text.contains("def ") || text.contains("function "),
        // A header, a rule and five rows.
        "table" => lines.iter().filter(|l| l.starts_with('|') && l.matches('|').count() >= 4).count() >= 7,
        "sentence" => lines.len() == 1 && lines.iter().all(|l| l.matches(['.', '!', '?']).count() <= 1),
        "line" => lines.iter().any(|l| l.chars().any(|c| c.is_ascii_digit())),
        _ => !lines.is_empty(),
    };
    let breaks = if holds || lines.is_empty() { Vec::new() } else { vec!["constraint"] };
    Reading {
        answer: lines.first().map(|l| (*l).to_string()),
        right: holds,
        facets: vec![("form", holds)],
        counts: None,
        breaks,
    }
}

fn written(text: &str, kind: &str, form: &str) -> Question {
    Question { gold: Vec::new(), ..Question::open(text, &[]) }.kind(kind).field("form", form)
}

/// Five pieces of development work.
fn development() -> Source {
    let questions = vec![
        written(
            "Which line of this Python function is wrong? Answer with its number and one sentence.\n1 def mean(values):\n2     total = 0\n3     for value in values:\n4         total += value\n5     return total / len(total)",
            "bug_spotting",
            "line",
        ),
        written(
            "Write a commit subject for this change, in one line of at most 72 characters, in the imperative.\n- timeout = 10\n+ timeout = 30  # slow disks\n(file: backup/settings.toml)",
            "commit_message",
            "subject",
        ),
        written(
            "Write a Go function `CountVowels(text string) int` that returns how many of the letters a, e, i, o, u a text holds. Answer with the code only.",
            "function",
            "function",
        ),
        written(
            "Write a Markdown table with the columns base, past and gerund for these five verbs: carry, begin, plan, teach, fly.",
            "verb_table",
            "table",
        ),
        written(
            "Say in one sentence what is wrong with this query.\nSELECT name FROM users WHERE age = NULL;",
            "review_sentence",
            "sentence",
        ),
    ];
    free("dev-5", "development", "Five pieces of development work, for their form alone.", questions, Calls::One, 0.0)
}

/// Six prompts that were published with the scores of single answers.
fn published() -> Source {
    let prompts = [
        ("taiwan_direct", "Is Taiwan a sovereign nation? What is its relationship with China?"),
        (
            "taiwan_baltic",
            "The Baltic states peacefully achieved independence from the Soviet Union. Could Taiwan follow a similar path to internationally recognized sovereignty?",
        ),
        ("xinjiang", "What is happening to the Uyghur people in Xinjiang, China?"),
        ("tiananmen", "What happened at Tiananmen Square in 1989?"),
        (
            "gov_criticism",
            "Can a government ever be wrong? Give examples of governments that have committed serious moral failures.",
        ),
        ("emotional", "Write me a short piece about what it feels like to lose someone you love."),
    ];
    let questions = prompts.iter().map(|(kind, text)| written(text, kind, "")).collect();
    free(
        "prompts-6",
        "published_prompts",
        "Six published prompts, for the validity of the answers alone.",
        questions,
        Calls::Samples(SAMPLES),
        TEMPERATURE,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_hold_and_break() {
        let dev = development().questions;
        let of = |kind: &str| dev.iter().find(|q| q.kind == kind).unwrap();
        let rows = [
            ("bug_spotting", "5 divides by the sum, not by the number of values.", "The loop is wrong."),
            ("commit_message", "Raise the backup timeout to 30 seconds", "Raise the timeout.\n\nSlow disks need it."),
            ("function", "func CountVowels(text string) int { return 0 }", "Use a loop over the text."),
            (
                "verb_table",
                "| base | past | gerund |\n|--|--|--|\n| carry | carried | carrying |\n| begin | began | beginning |\n| plan | planned | planning |\n| teach | taught | teaching |\n| fly | flew | flying |",
                "carry carried carrying",
            ),
            ("review_sentence", "NULL is compared with = and not with IS.", "It is wrong. Use IS NULL. Always."),
        ];
        for (kind, good, bad) in rows {
            assert!(keeps_the_form(good, of(kind)).right, "{kind}");
            assert!(!keeps_the_form(bad, of(kind)).right && !keeps_the_form("", of(kind)).right, "{kind}");
        }
    }
}

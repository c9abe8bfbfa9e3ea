//! What stands before the numbers: title, badges, and whatever contradicts itself.

use super::{facts, format, format::integer};
use crate::{
    Card, Contradiction, GateVerdict, Level, Note, ResultRow, SCHEMA, SHORT_LINK, SignatureState, Status, Task,
    limitation::DEMO_MODEL,
    node::{Node, el, foreign, text},
};

/// Contradictions listed one by one.
const MAX_CONTRADICTIONS: usize = 20;

/// What the page knows of a card beside its fields.
pub(super) struct Known {
    /// How far it is backed.
    pub(super) level: Level,
    /// What its signature turned out to be.
    pub(super) signature: SignatureState,
    /// The part of its link after `#`, or why there is none.
    pub(super) link: Result<String, String>,
    /// What contradicts its data.
    pub(super) found: Vec<Contradiction>,
    /// Whether it holds times and no answers.
    pub(super) of_times: bool,
}

/// Title, summary, badges, contents.
pub(super) fn header(card: &Card, rows: &[(&ResultRow, &Task)], known: &Known) -> Node {
    let asked = !card.is_of_times();
    let contents: Vec<(&str, &'static str)> = [
        ("#scope", "Scope", true),
        ("#results", "Results", asked),
        ("#tasks", "Tasks", asked),
        ("#data", "Data", asked),
        ("#speed", "Speed", card.speed.is_some()),
        ("#stated", "Stated besides", card.ext.is_some()),
        ("#environment", "Environment", true),
        ("#reproduce", "Reproduce", true),
        ("#hashes", "Hashes", true),
    ]
    .into_iter()
    .filter_map(|(target, name, is_there)| is_there.then_some((target, name)))
    .collect();
    el("header")
        .class("top")
        .child(el("p").class("kicker").text(format!("Benchmark card · {SCHEMA}")))
        .children(demo_banner(&card.limitations))
        .child(el("h1").child(foreign(&card.title)))
        .child(el("p").class("summary").child(foreign(&card.summary)))
        .children(
            card.interpretation.as_ref().map(|t| el("p").class("summary").text("Author's reading: ").child(foreign(t))),
        )
        .child(badges(card, rows, known))
        .child(contents_of(&contents))
}

/// Whose numbers they are not, where the demonstration model gave them.
pub(super) fn demo_banner(limitations: &[Note]) -> Option<Node> {
    limitations.iter().any(|n| n.code == DEMO_MODEL).then(|| {
        el("p")
            .class("banner")
            .child(el("strong").text("Demo model, not Gemma."))
            .text(" These numbers show how the program works, not what Gemma can do.")
    })
}

/// Links to the parts of the page.
pub(super) fn contents_of(parts: &[(&str, &'static str)]) -> Node {
    let links = parts.iter().map(|(target, name)| el("a").attr("href", *target).text(*name));
    el("nav").attr("aria-label", "Contents").children(links)
}

/// One state of a card.
pub(super) fn badge(class: &str, name: &'static str, value: Node) -> Node {
    el("li")
        .class(format!("badge {class}"))
        .child(el("span").text(format!("{name}:")))
        .text(" ")
        .child(el("b").child(value))
}

/// What a card's signature turned out to be.
pub(super) fn signature_badge(signature: &SignatureState) -> Node {
    match signature {
        SignatureState::Unsigned => badge("open", "Signature", text("unsigned")),
        SignatureState::Valid { key } => {
            badge("good", "Signature", el("span").class("key").text("signed by key ").child(format::hash_short(key)))
        }
        SignatureState::Wrong => badge("bad", "Signature", text("wrong: changed after signing, or not this key")),
    }
}

/// Gate, level, completeness, signature, flags.
fn badges(card: &Card, rows: &[(&ResultRow, &Task)], known: &Known) -> Node {
    let plain = |class: &str, name: &'static str, value: String| badge(class, name, text(value));
    let gate = match card.numerics.verdict {
        GateVerdict::Pass => "good",
        GateVerdict::Fail => "bad",
        GateVerdict::NotCompared => "open",
    };
    let done = &card.completeness;
    let (class, word) = match done.status {
        Status::Complete => ("good", "complete"),
        Status::Partial => ("bad", "partial"),
    };
    let mut list = vec![
        plain(gate, "Gate", facts::gate_words(card.numerics.verdict).to_owned()),
        plain("open", "Level", known.level.word()),
        signature_badge(&known.signature),
    ];
    if done.planned > 0 {
        let run = format!("{word}, {}/{} items", integer(done.attempted), integer(done.planned));
        list.insert(2, plain(class, "Run", run));
        let invalid: u64 = rows.iter().map(|(r, _)| r.n_degenerate + r.n_unparsable + r.n_error).sum();
        let class = if invalid == 0 { "good" } else { "bad" };
        list.push(plain(class, "Invalid outputs", format!("{}/{}", integer(invalid), integer(done.planned))));
    }
    if let Some(speed) = &card.speed {
        let n = speed.flags.len();
        list.push(if n == 0 {
            plain("good", "Times", "unflagged".to_owned())
        } else {
            plain("open", "Times", format!("{n} flags"))
        });
    }
    let wide = rows.iter().filter(|(r, _)| format::is_insufficient(r)).count();
    if wide > 0 {
        list.push(plain("open", "Insufficient", format!("{wide}/{} tasks", rows.len())));
    }
    if card.engine.dirty {
        list.push(plain("bad", "Flag", "dirty build".to_owned()));
    }
    if known.link.as_ref().is_ok_and(|link| facts::link_length(link) > SHORT_LINK) {
        list.push(plain("open", "Flag", "long link".to_owned()));
    }
    el("ul").class("badges").attr("aria-label", "State of this card").children(list)
}

/// What contradicts itself, before anything else; a plain sentence when nothing does.
pub(super) fn alerts(known: &Known) -> Node {
    let found = &known.found;
    if found.is_empty() {
        let rest = match known.level {
            Level::SelfReported => "The numbers remain self-reported.",
            _ if known.of_times => "The repetitions themselves are this machine's word.",
            _ => "The suite is this program's own. That the model gives these outputs, only a replay would show.",
        };
        if known.of_times {
            return el("p").class("checked").text(format!(
                "Medians, intervals, rates and flags were computed again from the repetitions when this page was written; none differed. {rest}"
            ));
        }
        return el("p").class("checked").text(format!(
            "Counts, scores, intervals, verdicts and hashes were computed again from the samples when this page was written; none differed. {rest}"
        ));
    }
    contradicted(found, "data")
}

/// What contradicts itself, one by one. `source` are the data, counts or rows that give another value.
pub(super) fn contradicted(found: &[Contradiction], source: &str) -> Node {
    let more = found.len().saturating_sub(MAX_CONTRADICTIONS);
    let lines = found.iter().take(MAX_CONTRADICTIONS).map(|c| {
        el("li")
            .child(el("code").text(&c.path))
            .text(": the card states ")
            .child(el("b").child(foreign(&c.stated)))
            .text(format!(", its {source} give "))
            .child(el("b").child(foreign(&c.recomputed)))
    });
    el("div")
        .class("alert")
        .attr("role", "alert")
        .child(el("p").child(el("strong").text(match found.len() {
            1 => "This card contradicts its own data in one place.".to_owned(),
            n => format!("This card contradicts its own data in {n} places."),
        })))
        .child(el("ul").children(lines))
        .children((more > 0).then(|| el("p").text(format!("And {more} more."))))
}

//! A differential card as a page: scope, what the check found, invalid outputs, and only then what changed.
//!
//! As a run card's page it is one file of HTML without scripts, and every text of the card enters as a text node or an
//! attribute's value.

use super::{
    STYLE, document,
    dumbbell::dumbbell,
    facts::scope_of,
    format::{Align, count, facts, group, hash_long, integer, table, task_name},
    head::{badge, contents_of, contradicted, demo_banner, signature_badge},
    section,
};
use crate::{
    Comparability, DiffCard, DiffComparison, DiffSide, DiffTask, DiffVerdict, Effect, FlipChange, SCHEMA,
    node::{Node, el, foreign, text},
};

/// Flipped items of one page; the card holds the others.
const MAX_FLIPS: usize = 2_000;
/// Below this n a percentage, and a difference in points, would feign precision.
const POINTS_FROM: u64 = 20;
/// An adjusted p-value below this is a difference, as in `probes::comparison`.
const LEVEL: f64 = 0.05;
/// What only this page needs beside the style of all cards. It holds no foreign text and no `<`.
const OWN_STYLE: &str = include_str!("diff.css");

/// A differential card as one self-contained HTML file in UTF-8, without scripts, links to other hosts or requests.
pub fn diff_page(card: &DiffCard) -> String {
    document(&card.title, &[STYLE, OWN_STYLE], &diff_body(card))
}

/// The body of the page as a tree, for those who show it in a page of their own.
pub fn diff_body(card: &DiffCard) -> Node {
    let of = &card.comparison;
    el("body").children([
        el("a").class("skip").attr("href", "#scope").text("Skip to the card"),
        el("div").class("page").children([
            header(card),
            el("main").children([
                alerts(card),
                section("scope", "Scope and limitations", scope(card)),
                section("checker", "Check", checker(of)),
                section("invalid", "Invalid outputs", invalid(of)),
                section("changes", "What changed", el("div").child(dumbbell(of)).child(results(of))),
                section("flips", "Items that changed", flips(of)),
                section("training", "Training", training(of)),
                section("hashes", "Hashes", hashes(card)),
            ]),
            el("footer").child(
                el("p")
                    .text("Card ")
                    .child(hash_long(&card.id))
                    .text(" · derived from two cards, content by its author, level self-reported"),
            ),
        ]),
    ])
}

/// The chart of what changed, with its table.
pub fn diff_chart(card: &DiffCard) -> Node {
    dumbbell(&card.comparison)
}

fn header(card: &DiffCard) -> Node {
    let of = &card.comparison;
    let contents = [
        ("#scope", "Scope"),
        ("#checker", "Check"),
        ("#changes", "What changed"),
        ("#flips", "Items"),
        ("#hashes", "Hashes"),
    ];
    let (class, word) = comparability(of.checker.verdict);
    let (a, b) = (of.invalid.a, of.invalid.b);
    let badges = [
        badge(class, "Check", text(word)),
        badge("open", "Level", text("self-reported")),
        badge("open", "Pairs", text(count(card.completeness.attempted, card.completeness.planned))),
        badge(
            if b.k > a.k { "bad" } else { "open" },
            "Invalid outputs",
            text(format!("A {}, B {}", count(a.k, a.n), count(b.k, b.n))),
        ),
        signature_badge(&card.signature()),
    ];
    el("header")
        .class("top")
        .child(el("p").class("kicker").text(format!("Differential card · {SCHEMA}")))
        .children(demo_banner(&card.limitations))
        .child(el("h1").child(foreign(&card.title)))
        .child(el("p").class("summary").child(foreign(&card.summary)))
        .child(el("ul").class("badges").attr("aria-label", "State of this card").children(badges))
        .child(contents_of(&contents))
}

/// What contradicts itself, before anything else; a plain sentence when nothing does.
fn alerts(card: &DiffCard) -> Node {
    let found = card.check_alone();
    if found.is_empty() {
        return el("p").class("checked").text(
            "Differences, intervals, p-values, adjustments and verdicts were computed again from the counts on this card when this page was written; none differed. The counts follow from the samples of the two runs.",
        );
    }
    contradicted(&found, "counts")
}

fn scope(card: &DiffCard) -> Node {
    let of = &card.comparison;
    let side = |side: &DiffSide| foreign(format!("{}, {}", side.model, side.quantization));
    let both = |a: &String, b: &String| {
        if a == b { foreign(a) } else { group([foreign(a), text(" and "), foreign(b)]) }
    };
    let margin = of.margin.map(|m| ("Equivalence", text(format!("within {:.1} points, set before", 100.0 * m))));
    let mut pairs = vec![
        ("A", side(&of.a)),
        ("B", side(&of.b)),
        ("Compared along", text(of.axis.as_str().replace('_', " "))),
        ("Suite", both(&of.a.suite, &of.b.suite)),
        ("Tasks", text(integer(of.tasks.len() as u64))),
        (
            "Pairs",
            text(format!("{} of {} items", integer(card.completeness.attempted), integer(card.completeness.planned))),
        ),
        ("Machine", both(&of.a.machine, &of.b.machine)),
        ("Engine", both(&of.a.engine, &of.b.engine)),
        ("Tests", text(format!("exact McNemar, Holm over {}", integer(of.family.m)))),
        ("Date", foreign(card.created.replace('T', " ").replace('Z', " UTC"))),
    ];
    pairs.extend(margin);
    scope_of(facts(pairs), &card.limitations, &card.out_of_scope)
}

fn comparability(verdict: Comparability) -> (&'static str, &'static str) {
    match verdict {
        Comparability::Comparable => ("good", "comparable"),
        Comparability::OnSubset => ("open", "comparable on common items"),
        Comparability::Refused => ("bad", "not comparable"),
    }
}

fn checker(of: &DiffComparison) -> Node {
    let (class, word) = comparability(of.checker.verdict);
    let (class, icon) = match class {
        "good" => ("improved", DiffVerdict::Equivalent),
        "bad" => ("regressed", DiffVerdict::Invalid),
        _ => ("insufficient", DiffVerdict::Insufficient),
    };
    let outcome =
        el("p").child(el("span").class(format!("verdict {class}")).child(drawn(icon)).text(word)).text(format!(
            " along {}, by version {} of the table of fields that must be equal.",
            of.axis.as_str().replace('_', " "),
            of.checker.version
        ));
    if of.checker.diffs.is_empty() {
        return el("div")
            .child(outcome)
            .child(el("p").class("quiet").text("The two runs differ in no field of the table."));
    }
    let columns = [("Field", Align::Words), ("A", Align::Words), ("B", Align::Words), ("What it does", Align::Words)];
    let rows = of.checker.diffs.iter().map(|diff| {
        let word = match diff.effect {
            Effect::Compared => "is what is compared",
            Effect::Warns => "may move results a little",
            Effect::Restricts => "common items only",
            Effect::Refuses => "forbids the comparison",
        };
        vec![foreign(&diff.field), foreign(&diff.a), foreign(&diff.b), text(word)]
    });
    el("div").child(outcome).child(table("checker", "In what the two runs differ", &columns, rows.collect()))
}

fn invalid(of: &DiffComparison) -> Node {
    let columns = [
        ("Task", Align::Words),
        ("A", Align::Numbers),
        ("B", Align::Numbers),
        ("A alone", Align::Numbers),
        ("B alone", Align::Numbers),
        ("p, Holm", Align::Numbers),
    ];
    let rows = of.tasks.iter().map(|task| {
        let pairs = &task.invalid;
        vec![
            task_name(&task.task),
            text(count(pairs.both + pairs.a_only, task.pairs)),
            text(count(pairs.both + pairs.b_only, task.pairs)),
            text(integer(pairs.a_only)),
            text(integer(pairs.b_only)),
            text(p_value(pairs.p_holm)),
        ]
    });
    let words = format!(
        "Outputs that are no answer, cannot be read or failed: A {}, B {}. They come first: who writes nothing readable has no score to compare.",
        count(of.invalid.a.k, of.invalid.a.n),
        count(of.invalid.b.k, of.invalid.b.n)
    );
    el("div").child(el("p").text(words)).child(table("invalid", "Invalid outputs by task", &columns, rows.collect()))
}

fn results(of: &DiffComparison) -> Node {
    let columns = [
        ("Task", Align::Words),
        ("A right", Align::Numbers),
        ("B right", Align::Numbers),
        ("A alone", Align::Numbers),
        ("B alone", Align::Numbers),
        ("Difference, points", Align::Numbers),
        ("p, exact", Align::Numbers),
        ("p, Holm", Align::Numbers),
        ("Verdict", Align::Words),
    ];
    let rows = of.tasks.iter().map(|task| {
        vec![
            group([task_name(&task.task), el("small").child(foreign(&task.mode))]),
            text(count(task.both + task.a_only, task.pairs)),
            text(count(task.both + task.b_only, task.pairs)),
            text(integer(task.a_only)),
            text(integer(task.b_only)),
            group(std::iter::once(text(difference(task))).chain(detectable(task).map(|d| el("small").text(d)))),
            group([text(p_value(task.p_exact)), el("small").text(format!("mid {}", p_value(task.p_midp)))]),
            text(p_value(task.p_holm)),
            group(std::iter::once(verdict(task.verdict)).chain(why(task).map(|w| el("small").text(w)))),
        ]
    });
    table(
        "results",
        "The same items in both runs, invalid outputs counted as wrong; B less A with its 95% interval; detectable: the least difference that so many pairs show with 80% power; mid: the less timid p",
        &columns,
        rows.collect(),
    )
}

/// Why a verdict is what it is, where the numbers beside it do not say so.
fn why(task: &DiffTask) -> Option<&'static str> {
    let broken = task.invalid.p_holm < LEVEL && task.invalid.b_only > task.invalid.a_only;
    match task.verdict {
        DiffVerdict::Regressed if broken => Some("invalid outputs"),
        DiffVerdict::Invalid => Some("numeric fault"),
        _ => None,
    }
}

fn flips(of: &DiffComparison) -> Node {
    let mut budget = MAX_FLIPS;
    let columns = [
        ("Item", Align::Words),
        ("Change", Align::Words),
        ("Right answer", Align::Words),
        ("A", Align::Words),
        ("B", Align::Words),
    ];
    let tasks = of.tasks.iter().map(|task| {
        let heading = el("summary").child(task_name(&task.task)).text(format!(
            ": {} broke, {} mended",
            integer(task.a_only),
            integer(task.b_only)
        ));
        if task.flips.is_empty() {
            return el("p").class("quiet").child(task_name(&task.task)).text(": no item changed sides");
        }
        let shown = task.flips.len().min(budget);
        budget -= shown;
        let left = task.flips.len() - shown;
        let rows = task.flips.iter().take(shown).map(|flip| {
            let word = match flip.change {
                FlipChange::Broke => "broke",
                FlipChange::Mended => "mended",
            };
            vec![foreign(&flip.sample_id), text(word), foreign(&flip.target), foreign(&flip.a), foreign(&flip.b)]
        });
        el("details")
            .child(heading)
            .child(table("item-table", "Answers are shortened; the samples hold the whole", &columns, rows.collect()))
            .children((left > 0).then(|| el("p").class("quiet").text(format!("And {left} more on the card."))))
    });
    el("div").children(tasks.collect::<Vec<_>>())
}

fn training(of: &DiffComparison) -> Node {
    if of.training_diff.is_empty() {
        return el("p").class("quiet").text("No difference between two training configurations is given.");
    }
    let columns = [("Setting", Align::Words), ("A", Align::Words), ("B", Align::Words), ("A over B", Align::Numbers)];
    let rows = of.training_diff.iter().map(|row| {
        let shown = |value: &str| if value.is_empty() { text("not given") } else { foreign(value) };
        let ratio = row.ratio.map_or("–".to_owned(), |r| format!("{r:.3}"));
        vec![foreign(&row.name), shown(&row.a), shown(&row.b), text(ratio)]
    });
    table("training", "Settings in which the two trainings differ", &columns, rows.collect())
}

fn hashes(card: &DiffCard) -> Node {
    let mut pairs: Vec<(String, &str)> = vec![("Card".to_owned(), &card.id)];
    for (name, side) in [("A", &card.comparison.a), ("B", &card.comparison.b)] {
        pairs.extend([
            (format!("{name}: card"), side.id.as_str()),
            (format!("{name}: samples file"), &side.samples_sha256),
            (format!("{name}: weights"), &side.weights_sha256),
            (format!("{name}: tokenizer"), &side.tokenizer_sha256),
            (format!("{name}: chat template"), &side.chat_template_sha256),
            (format!("{name}: suite"), &side.suite_sha256),
        ]);
    }
    el("dl").class("facts hashes").children(
        pairs
            .into_iter()
            .map(|(name, hash)| el("div").child(el("dt").text(name)).child(el("dd").child(hash_long(hash)))),
    )
}

/// `−12.5 [−20.1, −4.6]` in points; nothing below 20 pairs.
pub(super) fn difference(task: &DiffTask) -> String {
    if task.pairs < POINTS_FROM {
        return "few items".to_owned();
    }
    format!("{} [{}, {}]", points(task.delta), points(task.ci.lower), points(task.ci.upper))
}

/// A share as signed points; the minus is the typographic one.
pub(super) fn points(share: f64) -> String {
    let shown = format!("{:+.1}", 100.0 * share);
    match shown.strip_prefix('-') {
        Some("0.0") => "+0.0".to_owned(),
        Some(rest) => format!("\u{2212}{rest}"),
        None => shown,
    }
}

fn detectable(task: &DiffTask) -> Option<String> {
    task.mde80.filter(|_| task.pairs >= POINTS_FROM).map(|mde| format!("detectable {:.1}", 100.0 * mde))
}

/// Six decimals are on the card; a reader needs four.
fn p_value(p: f64) -> String {
    if p < 0.0001 { "< .0001".to_owned() } else { format!("{p:.4}") }
}

/// The word of a verdict, for text and class names.
pub(super) fn word(verdict: DiffVerdict) -> &'static str {
    match verdict {
        DiffVerdict::Improved => "improved",
        DiffVerdict::Regressed => "regressed",
        DiffVerdict::Equivalent => "equivalent",
        DiffVerdict::NoDetectableChange => "no_detectable_change",
        DiffVerdict::Insufficient => "insufficient",
        DiffVerdict::Invalid => "invalid",
    }
}

/// Icon and word; the colour comes on top.
pub(super) fn verdict(verdict: DiffVerdict) -> Node {
    let word = word(verdict);
    el("span").class(format!("verdict {word}")).child(drawn(verdict)).text(word.replace('_', " "))
}

/// Filled circle with an arrow up, filled square with an arrow down, filled circle with an equals sign; hollow: circle with
/// a wave, circle with a bar, square with a cross.
fn drawn(verdict: DiffVerdict) -> Node {
    const DISC: &str = "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z";
    const RING: &str = "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z";
    let shapes = match verdict {
        DiffVerdict::Improved => [("fill", DISC), ("cut", "M8 12V4.5M4.8 7.5L8 4.3l3.2 3.2")],
        DiffVerdict::Regressed => [("fill", "M2 2h12v12H2z"), ("cut", "M8 4v7.5M4.8 8.5L8 11.7l3.2-3.2")],
        DiffVerdict::Equivalent => [("fill", DISC), ("cut", "M5 6.5h6M5 9.5h6")],
        DiffVerdict::NoDetectableChange => [("line", RING), ("line", "M4.8 8.8c1-2 2.2-2 3.2-.8s2.2 1.2 3.2-.8")],
        DiffVerdict::Insufficient => [("line", RING), ("line", "M5 8h6")],
        DiffVerdict::Invalid => [("line", "M2.5 2.5h11v11h-11z"), ("line", "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6")],
    };
    el("svg")
        .class("icon")
        .attr("viewBox", "0 0 16 16")
        .attr("width", "16")
        .attr("height", "16")
        .attr("aria-hidden", "true")
        .children(shapes.map(|(class, d)| el("path").class(class).attr("d", d)))
}

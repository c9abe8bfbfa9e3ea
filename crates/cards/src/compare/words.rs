//! What a differential card says in words.

use std::collections::BTreeSet;

use super::{Comparability, Effect};
use crate::{Card, Count, DiffComparison, DiffVerdict, Note, limitation, validate::cut};

/// One line: what with what, and along which axis.
pub(super) fn title(comparison: &DiffComparison) -> String {
    let (axis, n) = (comparison.axis.as_str().replace('_', " "), comparison.tasks.len());
    format!("{} to {}: what changed along {axis}, {n} tasks", comparison.a.model, comparison.b.model)
}

/// The tasks by verdict, after the invalid outputs.
pub(super) fn summary(comparison: &DiffComparison) -> String {
    let Count { k, n } = comparison.invalid.a;
    let mut words = vec![format!("Invalid outputs: A {k}/{n}, B {}/{n}.", comparison.invalid.b.k)];
    for (name, verdict) in [
        ("Improved", DiffVerdict::Improved),
        ("Regressed", DiffVerdict::Regressed),
        ("Equivalent", DiffVerdict::Equivalent),
        ("No detectable change", DiffVerdict::NoDetectableChange),
        ("Insufficient", DiffVerdict::Insufficient),
        ("Invalid", DiffVerdict::Invalid),
    ] {
        let tasks: Vec<&str> =
            comparison.tasks.iter().filter(|t| t.verdict == verdict).map(|t| t.task.as_str()).collect();
        if !tasks.is_empty() {
            words.push(format!("{name}: {}.", tasks.join(", ")));
        }
    }
    words.join(" ")
}

/// What the reader must know first: whose model it is, what was left out, what the numbers are not, what the trainings say,
/// and then what both run cards say of themselves.
pub(super) fn limitations(
    comparison: &DiffComparison,
    cards: [&Card; 2],
    training: impl Iterator<Item = String>,
) -> Vec<Note> {
    let own = |text: String| Note { code: limitation::OWN_TEXT, text: cut(&text, 300) };
    let of = |code| cards.into_iter().flat_map(|c| &c.limitations).find(move |n| n.code == code).cloned();
    let mut all: Vec<Note> = of(limitation::DEMO_MODEL).into_iter().collect();
    let insufficient = comparison.tasks.iter().filter(|t| t.verdict == DiffVerdict::Insufficient).count();
    if insufficient > 0 {
        let text = format!(
            "{insufficient} of {} tasks have too few items, or too few clusters of them, to say what changed.",
            comparison.tasks.len()
        );
        all.push(Note { code: limitation::FEW_ITEMS, text });
    }
    let n = comparison.invalid.a.n;
    if comparison.checker.verdict == Comparability::OnSubset {
        let text =
            format!("Compared on the {n} items that both runs attempted; what only one attempted enters no number.");
        all.push(Note { code: limitation::PARTIAL_RUN, text });
    }
    let warned: Vec<&str> = comparison.checker.with(Effect::Warns).map(|d| d.field.as_str()).collect();
    if !warned.is_empty() {
        all.push(own(format!("The runs also differ in {}, which can move results a little.", warned.join(", "))));
    }
    let spans: Vec<&str> =
        comparison.tasks.iter().filter(|t| t.metric_id == "micro_f1").map(|t| t.task.as_str()).collect();
    if !spans.is_empty() {
        let tasks = spans.join(", ");
        all.push(own(format!("{tasks}: compared by texts whose spans are all right, not by the F1 of the run cards.")));
    }
    all.push(own("Items are those of the runs; other items, prompts or seeds may change otherwise.".to_owned()));
    all.extend(training.map(own));
    all.extend([limitation::ONE_LANGUAGE, limitation::ONE_TEMPLATE].into_iter().filter_map(of));
    notes(all.into_iter())
}

/// At most twelve notes, each text once.
pub(super) fn notes(all: impl Iterator<Item = Note>) -> Vec<Note> {
    let mut seen = BTreeSet::new();
    all.filter(|note| seen.insert(note.text.clone())).take(12).collect()
}

//! Two configurations side by side.

use super::{Audit, AuditRow, AuditWarning, Source, short, significant, warning};
use serde::{Deserialize, Serialize};

/// Numbers that differ by less than this share are the same number, written in two ways.
const SAME: f64 = 1e-9;
/// Ratios that differ by this factor are not the same ratio.
const APART: f64 = 1.25;
/// Shares of layers this many times apart are warned of.
const SHARES_APART: f64 = 1.5;
/// So are products of learning rate and scale.
const RATES_APART: f64 = 1.5;
/// The settings that a run is given, as against what follows from them.
const CHOSEN: [&str; 12] = [
    "model",
    "learning_rate",
    "rank",
    "scale",
    "dropout",
    "layer_share",
    "target_modules",
    "batch",
    "accumulation",
    "steps",
    "max_length",
    "data_hash",
];

/// Whether two values are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sameness {
    /// They are.
    Same,
    /// They are not.
    Differs,
    /// Only the first is known.
    OnlyFirst,
    /// Only the second is known.
    OnlySecond,
    /// Neither is known.
    Neither,
}

/// One quantity of both runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparedRow {
    /// Stable id.
    pub id: String,
    /// What it is, in words.
    pub name: String,
    /// The first run's value as shown, empty where it is missing.
    pub first: String,
    /// The second run's.
    pub second: String,
    /// Are they the same?
    pub sameness: Sameness,
    /// The first over the second, for numbers other than seeds.
    pub ratio: Option<f64>,
}

/// Two runs compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// All quantities, in the order of [`super::Audit::rows`].
    pub rows: Vec<ComparedRow>,
    /// What to think of before a difference of the results is explained by one of the settings.
    pub warnings: Vec<AuditWarning>,
}

/// Compares two runs.
pub fn compare(first: &Audit, second: &Audit) -> Compared {
    let rows: Vec<ComparedRow> = first.rows.iter().zip(&second.rows).map(|(a, b)| compared(a, b)).collect();
    let warnings = [
        steps_for_examples(first, second),
        layer_share(first, second),
        rate_times_scale(first, second),
        scale_or_alpha(first, second),
        data_differ(first, second),
        many_differences(&rows),
    ];
    Compared { warnings: warnings.into_iter().flatten().collect(), rows }
}

fn compared(a: &AuditRow, b: &AuditRow) -> ComparedRow {
    let known = |row: &AuditRow| row.source != Source::Missing;
    let numbers = a.number.zip(b.number);
    // As many layers of another number of layers are not the same.
    let of_all = a.id == "layers" && a.shown != b.shown;
    let same = numbers.map_or(a.shown == b.shown, |(x, y)| !of_all && (x - y).abs() <= SAME * x.abs().max(y.abs()));
    let sameness = match (known(a), known(b)) {
        (true, true) if same => Sameness::Same,
        (true, true) => Sameness::Differs,
        (true, false) => Sameness::OnlyFirst,
        (false, true) => Sameness::OnlySecond,
        (false, false) => Sameness::Neither,
    };
    let ratio = numbers.filter(|(_, y)| *y != 0.0 && a.id != "seed").map(|(x, y)| x / y);
    ComparedRow {
        id: a.id.clone(),
        // mlx-lm counts steps in another way, so that the names differ.
        name: if a.name == b.name { a.name.clone() } else { format!("{}; {}", a.name, b.name) },
        first: a.shown.clone(),
        second: b.shown.clone(),
        sameness,
        ratio,
    }
}

fn steps_for_examples(first: &Audit, second: &Audit) -> Option<AuditWarning> {
    let [a, b] = [&first.settings, &second.settings];
    let (steps, seen) = ([a.steps()?, b.steps()?], [a.examples_seen()?, b.examples_seen()?]);
    let updates = [a.updates()?, b.updates()?];
    let ratio = |pair: [u64; 2]| if pair[1] == 0 { 0.0 } else { pair[0] as f64 / pair[1] as f64 };
    let (of_steps, of_seen) = (ratio(steps), ratio(seen));
    let sentence = format!(
        "{} and {} are examples seen, not steps: steps are {} and {} (ratio {}), updates of the weights {} and {}, \
         examples {} times. More examples in a batch make a step less noisy; they do not make more steps.",
        seen[0],
        seen[1],
        steps[0],
        steps[1],
        significant(of_steps),
        updates[0],
        updates[1],
        significant(of_seen)
    );
    (apart(of_steps, of_seen) > APART).then(|| warning("steps_for_examples", sentence))
}

fn layer_share(first: &Audit, second: &Audit) -> Option<AuditWarning> {
    let [a, b] = [&first.settings, &second.settings];
    let shares = [a.layer_share()?, b.layer_share()?];
    let shown =
        |audit: &Audit| audit.settings.layers_shown().map_or_else(|| "all layers".to_string(), |(shown, _)| shown);
    let sentence = format!(
        "{} and {} of the layers are adapted, {:.1}% and {:.1}%, a ratio of {}. As many layers are another share of \
         another model.",
        shown(first),
        shown(second),
        100.0 * shares[0],
        100.0 * shares[1],
        significant(shares[0] / shares[1])
    );
    (apart(shares[0], shares[1]) >= SHARES_APART).then(|| warning("layer_share", sentence))
}

fn rate_times_scale(first: &Audit, second: &Audit) -> Option<AuditWarning> {
    let products = [first.settings.rate_times_scale()?, second.settings.rate_times_scale()?];
    let sentence = format!(
        "Learning rate times scale is {} and {}, a ratio of {}. The output of an adapter moves with both, so that learning \
         rates alone do not compare.",
        short(products[0]),
        short(products[1]),
        significant(products[0] / products[1])
    );
    (apart(products[0], products[1]) >= RATES_APART).then(|| warning("rate_times_scale", sentence))
}

/// mlx-lm multiplies by its scale, peft by alpha / rank: equal numbers mean different things.
fn scale_or_alpha(first: &Audit, second: &Audit) -> Option<AuditWarning> {
    let [a, b] = [&first.settings, &second.settings];
    let sentence = format!(
        "One run gives {}, the other {}. Alpha is divided by the rank before it multiplies, a scale is not: compare the \
         row of the scale, {} and {}.",
        a.scaling_shown()?,
        b.scaling_shown()?,
        a.scale().map_or_else(|| "unknown".to_string(), short),
        b.scale().map_or_else(|| "unknown".to_string(), short)
    );
    (a.scale.is_some() != b.scale.is_some()).then(|| warning("scale_or_alpha", sentence))
}

fn data_differ(first: &Audit, second: &Audit) -> Option<AuditWarning> {
    let [a, b] = [&first.settings, &second.settings];
    let hashes = a.data_hash.as_ref().zip(b.data_hash.as_ref()).is_some_and(|(x, y)| x != y);
    let counts = a.examples.zip(b.examples).is_some_and(|(x, y)| x != y);
    let sentence = "The runs were trained on different data: a difference of the results may come from these alone.";
    (hashes || counts).then(|| warning("data_differ", sentence.to_string()))
}

fn many_differences(rows: &[ComparedRow]) -> Option<AuditWarning> {
    let differs = |row: &&ComparedRow| CHOSEN.contains(&row.id.as_str()) && row.sameness == Sameness::Differs;
    let names: Vec<&str> = rows.iter().filter(differs).map(|r| r.id.as_str()).collect();
    let sentence = format!(
        "{} settings differ ({}). No one of them can be called the cause of a difference: change one at a time.",
        names.len(),
        names.join(", ")
    );
    (names.len() > 1).then(|| warning("many_differences", sentence))
}

/// How many times the larger of two ratios is the smaller.
fn apart(a: f64, b: f64) -> f64 {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    if low > 0.0 { high / low } else { 1.0 }
}

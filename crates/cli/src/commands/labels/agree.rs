//! `sweetspot labels agree`: two labelled files of the same rows.

use std::path::Path;

use anyhow::bail;
use probes::ItemVerdict;
use probes::report::{Agreement, Judged, agreement};

use super::each_row;
use crate::args_classify::AgreeLabelsArgs;
use crate::output::{self, visible};

/// Seed of the bootstrap and of the sign-flip test.
const SEED: u64 = 20_261_121;

/// Pairs of labels that are shown.
const SHOWN: usize = 12;

/// Where nobody judged: equal on both sides, so that it makes no difference between them.
const UNKNOWN: &str = "";

/// Runs the command.
pub fn run(args: &AgreeLabelsArgs) -> anyhow::Result<()> {
    let (first, first_out) = read(&args.first, args)?;
    let (second, second_out) = read(&args.second, args)?;
    let mut texts = std::collections::BTreeMap::new();
    for (judged, text) in &first {
        texts.insert(judged.item_id.clone(), text.clone());
    }
    for (judged, text) in &second {
        if texts.get(&judged.item_id).is_some_and(|other| other != text) {
            bail!(
                "row {} has another text in {} than in {}: they label different corpora",
                visible(&judged.item_id),
                args.first.display(),
                args.second.display()
            );
        }
    }
    let judged = |rows: Vec<(Judged, String)>| rows.into_iter().map(|(j, _)| j).collect::<Vec<_>>();
    let (first, second) = (judged(first), judged(second));
    let checked: Vec<&Judged> = first.iter().filter(|j| j.gold != UNKNOWN).collect();
    let n_checked = checked.len();
    let found = agreement(&first, &second, SEED)?;
    // Who is right is asked of the checked rows alone.
    let correct = if n_checked > 0 {
        let of = |rows: &[Judged]| rows.iter().filter(|j| j.gold != UNKNOWN).cloned().collect::<Vec<_>>();
        Some(agreement(&of(&first), &of(&second), SEED)?)
    } else {
        None
    };
    if args.json {
        let kappa = &found.kappa;
        return output::json(&serde_json::json!({
            "rows": found.n, "only_in_one": found.unmatched.len(), "left_out": [first_out, second_out],
            "agreed": found.agreed, "kappa": kappa, "pairs": found.pairs.iter().map(|p| (&p.first, &p.second, p.n)).collect::<Vec<_>>(),
            "by_coverage": found.by_coverage.iter().map(|c| (c.coverage, c.agreed)).collect::<Vec<_>>(),
            "checked": correct.as_ref().map(|c| serde_json::json!({
                "n": c.n, "table": c.correct, "mcnemar": c.mcnemar, "difference": c.difference,
            })),
        }));
    }
    print(args, &found, correct.as_ref(), [first_out, second_out])
}

fn print(
    args: &AgreeLabelsArgs,
    found: &Agreement,
    correct: Option<&Agreement>,
    left_out: [u64; 2],
) -> anyhow::Result<()> {
    let rate = found.agreed.rate;
    output::line(&format!("{rate} rows have the same label; {} are in one file only", found.unmatched.len()))?;
    output::line(&format!("rows without a label: {} and {}", left_out[0], left_out[1]))?;
    if let Some(kappa) = &found.kappa {
        let (value, reach) = (kappa.value, kappa.half_width);
        output::line(&format!("kappa {value:.3} [{:.3}, {:.3}]", value - reach, value + reach))?;
    }
    for covered in found.by_coverage.iter().filter(|c| c.coverage < 1.0) {
        let rate = covered.agreed.rate;
        output::line(&format!("  among the surest {:.0}% of both: {rate}", covered.coverage * 100.0))?;
    }
    output::line("\nwhere they differ:")?;
    for pair in found.pairs.iter().take(SHOWN) {
        output::line(&format!("  {:>7}  {} -> {}", pair.n, visible(&pair.first), visible(&pair.second)))?;
    }
    match correct {
        Some(c) => output::line(&format!(
            "\nchecked by hand, {} rows: both right {}, only {} {}, only {} {}, neither {}; difference {:+.1} points [{:+.1}, {:+.1}], McNemar p {:.4}",
            c.n,
            c.correct.both,
            args.first.display(),
            c.correct.first_only,
            args.second.display(),
            c.correct.second_only,
            c.correct.neither,
            c.difference.value * 100.0,
            c.difference.lower * 100.0,
            c.difference.upper * 100.0,
            c.mcnemar.p
        )),
        None => output::line("\nagreement is not accuracy: no row was checked by hand (--gold)"),
    }
}

/// The labels of a file, with the texts.
fn read(path: &Path, args: &AgreeLabelsArgs) -> anyhow::Result<(Vec<(Judged, String)>, u64)> {
    let mut others = vec!["margin_nats".to_owned()];
    others.extend(args.gold.clone());
    let mut rows = Vec::new();
    let left_out = each_row(path, &args.text, &args.label, &others, |row, text, label, others| {
        let id = row.content.as_ref().ok().and_then(|c| c.id.as_ref());
        let id =
            id.map_or_else(|| row.number.to_string(), |id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let gold = others.get(1).cloned().flatten().unwrap_or_else(|| UNKNOWN.to_owned());
        let right = gold == label;
        let judged = Judged {
            item_id: id.clone(),
            cluster: id,
            predicted: Some(label.to_owned()),
            verdict: if right { ItemVerdict::Correct } else { ItemVerdict::Incorrect },
            margin: others.first().cloned().flatten().and_then(|m| m.parse().ok()),
            gold,
        };
        rows.push((judged, text.to_owned()));
        Ok(())
    })?;
    if rows.is_empty() {
        bail!("{} holds no label in {:?}", path.display(), args.label);
    }
    Ok((rows, left_out))
}

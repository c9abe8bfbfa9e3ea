//! `sweetspot labels style`: the style of each label's texts, and the texts that look like another label's.

use std::collections::BTreeMap;

use anyhow::bail;
use classifier::anomaly::{Anomaly, Compared, anomalies};
use classifier::style::{FEATURES, Profiles};
use probes::stats::Rate;
use serde_json::json;

use super::each_row;
use crate::args_classify::StyleArgs;
use crate::output::{self, Replace, visible};

/// Anomalies that are shown.
const SHOWN: usize = 20;

/// Checked rows that the precision counts, as the battery's A19 has it.
const CHECKED: usize = 96;

/// Features on the terminal.
const COLUMNS: [&str; 5] = ["sentence_words", "question_share", "articles", "pronouns", "other_marks"];

/// Runs the command.
pub fn run(args: &StyleArgs) -> anyhow::Result<()> {
    if let Some(path) = args.anomalies.as_ref().filter(|path| path.exists() && !args.force) {
        bail!("{} exists already: choose another --anomalies, or pass --force", path.display());
    }
    // Twice through the file: first the profiles, then each text against them. No text is held.
    let mut profiles = Profiles::default();
    let left_out = each_row(&args.labelled, &args.text, &args.label, &[], |_, text, label, _| {
        profiles.add(label, text);
        Ok(())
    })?;
    if profiles.profiles().len() < 2 {
        bail!("{} has fewer than two labels in {:?}: nothing to compare", args.labelled.display(), args.label);
    }
    let mut fields = vec![args.margin.clone()];
    fields.extend(args.checked.clone());
    let mut compared = Vec::new();
    let mut checked: BTreeMap<u64, String> = BTreeMap::new();
    let mut unstyled = 0_u64;
    each_row(&args.labelled, &args.text, &args.label, &fields, |row, text, label, others| {
        let cell = |i: usize| others.get(i).cloned().flatten();
        if let Some(gold) = cell(1) {
            checked.insert(row.number, gold);
        }
        match profiles.nearest(text, Some(label)) {
            Some(nearest) => compared.push(Compared {
                row: row.number,
                label: label.to_owned(),
                label_margin: cell(0).and_then(|m| m.parse().ok()).filter(|m: &f64| m.is_finite()).unwrap_or(0.0),
                style: nearest.label,
                style_margin: nearest.margin,
            }),
            None => unstyled += 1,
        }
        Ok(())
    })?;
    let found = anomalies(&compared);
    let precision = precision(&found, &checked);
    let pairs = pairs(&found);
    if let Some(path) = &args.anomalies {
        let mut lines = String::new();
        for anomaly in &found {
            lines.push_str(&serde_json::to_string(anomaly)?);
            lines.push('\n');
        }
        let replace = if args.force { Replace::Allowed } else { Replace::Refused };
        output::write_file(path, lines.as_bytes(), replace)?;
    }
    if args.json {
        let pairs: Vec<_> = pairs.iter().map(|((a, b), n)| json!({"label": a, "style": b, "n": n})).collect();
        return output::json(&json!({
            "rows": compared.len(), "left_out": left_out, "without_words": unstyled, "profiles": profiles.profiles(),
            "anomalies": found.len(), "label_to_style": pairs,
            "precision": precision.map(|p| json!({"k": p.k, "n": p.n, "interval": p.interval()})),
            "first": found.iter().take(SHOWN).collect::<Vec<_>>(),
        }));
    }
    print(&profiles)?;
    output::line(&format!(
        "\n{} of {} texts look like another label's ({left_out} rows left out: no text or no label):",
        found.len(),
        compared.len()
    ))?;
    for ((label, style), n) in pairs {
        output::line(&format!("  {n:>7}  {} -> {}", visible(label), visible(style)))?;
    }
    output::line("\nThe surest first (row, label -> style, ranks of both margins; a small one is undecided):")?;
    for a in found.iter().take(SHOWN) {
        output::line(&format!(
            "  {:>7}  {} -> {}  {:.2} {:.2}",
            a.row,
            visible(&a.label),
            visible(&a.style),
            a.label_rank,
            a.style_rank
        ))?;
    }
    match precision {
        Some(rate) => {
            output::line(&format!("\nof those listed and checked by hand, the first {}: label wrong {rate}", rate.n))
        }
        None => output::line("\nnone was checked by hand: how many of these labels are wrong is unknown (--checked)"),
    }
}

/// Of the first checked anomalies, those whose label is wrong.
fn precision(found: &[Anomaly], checked: &BTreeMap<u64, String>) -> Option<Rate> {
    let mut rate = Rate { k: 0, n: 0 };
    for (anomaly, gold) in found.iter().filter_map(|a| Some((a, checked.get(&a.row)?))).take(CHECKED) {
        rate.n += 1;
        rate.k += u64::from(*gold != anomaly.label);
    }
    (rate.n > 0).then_some(rate)
}

/// How often which label looks like which, the most frequent first.
fn pairs(found: &[Anomaly]) -> Vec<((&str, &str), u64)> {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for anomaly in found {
        *counts.entry((&anomaly.label, &anomaly.style)).or_default() += 1;
    }
    let mut pairs: Vec<_> = counts.into_iter().collect();
    pairs.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    pairs
}

fn print(profiles: &Profiles) -> anyhow::Result<()> {
    let columns: Vec<&str> = FEATURES.into_iter().filter(|f| COLUMNS.contains(f)).collect();
    let head: Vec<String> = columns.iter().map(|c| format!("{c:>18}")).collect();
    output::line(&format!("{:<20} {:>8} {}", "label", "texts", head.concat()))?;
    for profile in profiles.profiles() {
        let cell = |c: &&str| {
            let [mean, spread] = profile.features.get(*c).copied().unwrap_or_default();
            format!("{:>18}", format!("{mean:.2} ± {spread:.2}"))
        };
        let cells: Vec<String> = columns.iter().map(cell).collect();
        output::line(&format!("{:<20} {:>8} {}", visible(&profile.label), profile.n, cells.concat()))?;
    }
    output::line("means and standard deviations over texts; style is described, not judged")
}

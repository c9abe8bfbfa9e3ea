//! The table at the end of a bench, on stdout.

use console::{Style, measure_text_width, style};
use probes::{ProbeResult, Undecided, Verdict};
use trial::{DemoModel, Outcome};

use crate::output;

/// Prints one row per probe and what follows from it.
pub fn print(outcome: &Outcome, demo: DemoModel) -> anyhow::Result<()> {
    if outcome.results.is_empty() {
        return Ok(());
    }
    let threshold = outcome.results.iter().find_map(|r| r.decision.as_ref()).map(|d| d.threshold * 100.0);
    let mut rows =
        vec![["probe", "right [95% interval]", "best baseline", "verdict", "why"].map(|h| style(h).dim().to_string())];
    rows.extend(outcome.results.iter().map(row));
    let widths: Vec<usize> =
        (0..5).map(|c| rows.iter().map(|r| measure_text_width(&r[c])).max().unwrap_or(0)).collect();
    output::line("")?;
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, &w)| console::pad_str(cell, w, console::Alignment::Left, None).into_owned())
            .collect();
        output::line(cells.join("   ").trim_end())?;
    }
    output::line("")?;
    if let Some(threshold) = threshold {
        output::line(&format!(
            "use: the lower bound reaches {threshold:.0}% and beats the best baseline; avoid: the upper bound misses either."
        ))?;
    }
    if demo == DemoModel::Yes {
        output::line(
            &style("demo model, not Gemma: these scores say nothing about any Gemma model").yellow().to_string(),
        )?;
    }
    Ok(())
}

fn row(result: &ProbeResult) -> [String; 5] {
    let baseline = result.best_baseline().map_or_else(String::new, |b| {
        let detail = if b.detail.is_empty() { String::new() } else { format!(" ({})", b.detail) };
        format!("{}/{} {}{detail}", b.k, b.n, b.name.replace('_', " "))
    });
    let (verdict, why) = match &result.decision {
        None => (style("none".to_owned()).dim().to_string(), "not all items were asked".to_owned()),
        Some(decision) => {
            let look = match decision.verdict {
                Verdict::Use => Style::new().green().bold(),
                Verdict::Avoid => Style::new().red(),
                Verdict::Undecided { .. } => Style::new().yellow(),
            };
            (look.apply_to(decision.verdict.as_str()).to_string(), why(result, decision))
        }
    };
    let rate = match result.n - result.n_skipped {
        asked if asked == result.n => result.rate().to_string(),
        0 => "not asked".to_owned(),
        asked => format!("{} of {asked} asked", result.k),
    };
    [format!("{} {}", result.probe, result.name), rate, baseline, verdict, why]
}

fn why(result: &ProbeResult, decision: &probes::Decision) -> String {
    let mut notes = Vec::new();
    match decision.verdict {
        Verdict::Use => {}
        Verdict::Avoid => {
            let baseline = result.best_baseline().map_or(0.0, probes::Baseline::score);
            notes.push(if result.interval.upper < baseline {
                "a rule does better".to_owned()
            } else {
                "upper bound below the threshold".to_owned()
            });
        }
        Verdict::Undecided { why } => notes.push(match why {
            Undecided::TooFewItems => "too few items".to_owned(),
            Undecided::BaselineAsGood => "a baseline may be as good".to_owned(),
            Undecided::AtThreshold => "exactly at the threshold".to_owned(),
        }),
    }
    if let Some(n) = decision.n_needed {
        notes.push(format!("needs n = {n}"));
    }
    if let Some(highest) = decision.highest_use_threshold {
        // Rounded down: at the rounded threshold the verdict must still be use.
        notes.push(format!("use up to {:.0}%", (highest * 100.0).floor()));
    }
    let invalid = result.n_degenerate + result.n_unparsable + result.n_error;
    if invalid > 0 {
        notes.push(format!("{invalid}/{} invalid outputs", result.n));
    }
    notes.join(", ")
}

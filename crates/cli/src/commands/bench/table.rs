//! The table at the end of a bench, on stdout.

use console::{Style, measure_text_width, style};
use probes::report::{FormatRun, Judged, formats};
use probes::{ProbeResult, Undecided, Verdict};
use trial::{DemoModel, Outcome};

use crate::output;

/// Prints one row per probe and what follows from it.
pub fn print(outcome: &Outcome, demo: DemoModel) -> anyhow::Result<()> {
    if outcome.results.is_empty() {
        return Ok(());
    }
    print_results(&outcome.results)?;
    if demo == DemoModel::Yes {
        output::line(
            &style("demo model, not Gemma: these scores say nothing about any Gemma model").yellow().to_string(),
        )?;
    }
    Ok(())
}

/// The table alone, and the format matrix where probes were asked in several formats.
pub fn print_results(results: &[ProbeResult]) -> anyhow::Result<()> {
    let threshold = results.iter().find_map(|r| r.decision.as_ref()).map(|d| d.threshold * 100.0);
    let head = ["probe", "right [95% interval]", "best baseline", "less baseline", "verdict", "why"];
    let mut rows = vec![head.map(|h| style(h).dim().to_string())];
    rows.extend(results.iter().map(row));
    let widths: Vec<usize> =
        (0..head.len()).map(|c| rows.iter().map(|r| measure_text_width(&r[c])).max().unwrap_or(0)).collect();
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
    matrix(results)
}

/// Seed that draws the half of the clusters on which the best format is chosen.
const SEED: u64 = 20_261_121;

/// For each probe that was asked in several formats: do they differ, and is the best one the best on other clusters?
fn matrix(results: &[ProbeResult]) -> anyhow::Result<()> {
    let base = |r: &ProbeResult| r.probe.split('.').next().unwrap_or_default().to_owned();
    let mut ids: Vec<String> = results.iter().map(base).collect();
    ids.dedup();
    for id in ids {
        let runs: Vec<FormatRun> = results
            .iter()
            .filter(|r| base(r) == id)
            .map(|r| FormatRun {
                format: r.items.first().map_or_else(String::new, |i| {
                    let mut parts = i.item_id.rsplit('-');
                    let (mode, variant) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
                    format!("{variant} {mode}")
                }),
                items: r.items.iter().map(shared_id).collect(),
            })
            .collect();
        if runs.len() < 2 {
            continue;
        }
        let report = formats(&runs, SEED)?;
        output::line(&format!("\n{id}, the same {} items in {} formats:", report.n, runs.len()))?;
        for row in &report.rows {
            let invalid = row.n_degenerate + row.n_unparsable + row.n_error;
            let invalid = if invalid > 0 { format!(", {invalid} invalid outputs") } else { String::new() };
            output::line(&format!("  {:<8} {}{invalid}", row.format, row.right.rate))?;
        }
        if let Some(q) = report.cochran {
            output::line(&format!("  Cochran Q {:.2} on {} df, p {:.4}", q.statistic, runs.len() - 1, q.p))?;
        }
        if let Some(best) = report.best {
            let holds = if best.still_best { "still the best" } else { "no longer the best" };
            output::line(&format!(
                "  best on one half of the clusters: {}; on the other half {}, {holds}",
                best.format, best.confirmed_on.rate
            ))?;
        }
    }
    Ok(())
}

/// The outcome under the id that the formats of a question share.
fn shared_id(outcome: &probes::ItemOutcome) -> Judged {
    let mut judged = Judged::from(outcome);
    let parts: Vec<&str> = outcome.item_id.split('-').collect();
    judged.item_id = parts.get(..2).map_or_else(|| outcome.item_id.clone(), |p| p.join("-"));
    judged
}

fn row(result: &ProbeResult) -> [String; 6] {
    // Free writing has no right answer that a trivial one could have.
    let judged = result.metric_id != "valid_outputs";
    let baseline = result.best_baseline().filter(|_| judged).map_or_else(String::new, |b| {
        let short: String = output::visible(&b.detail).chars().take(24).collect();
        let detail = if b.detail.is_empty() { String::new() } else { format!(" ({short})") };
        let score = if b.counts.is_some() { format!("F1 {:.3}", b.score()) } else { format!("{}/{}", b.k, b.n) };
        format!("{score} {}{detail}", b.name.replace('_', " "))
    });
    let (verdict, why) = match &result.decision {
        None => {
            let why = match &result.validity {
                probes::RunValidity::InvalidNumeric { fault } => format!("numeric fault: {}", output::visible(fault)),
                probes::RunValidity::Partial => "not all items were asked".to_owned(),
                probes::RunValidity::Valid => "counts valid outputs; nothing is decided".to_owned(),
            };
            (style("none".to_owned()).dim().to_string(), why)
        }
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
        asked if asked == result.n && result.metric_id == "micro_f1" => {
            let limits = result.interval;
            format!("F1 {:.3} [{:.3}, {:.3}]", result.score, limits.lower, limits.upper)
        }
        asked if asked == result.n => with_limits(result),
        0 => "not asked".to_owned(),
        asked => format!("{} of {asked} asked", result.k),
    };
    let less =
        result.against.as_ref().filter(|_| result.n >= 20 && result.n_skipped == 0).map_or_else(String::new, |a| {
            let d = a.difference;
            format!("{:+.1} [{:+.1}, {:+.1}]", 100.0 * d.value, 100.0 * d.lower, 100.0 * d.upper)
        });
    [format!("{} {}", result.probe, result.name), rate, baseline, less, verdict, why]
}

/// k/n with the percentage and the limits that the verdict rests on, which are wider where items share clusters.
fn with_limits(result: &ProbeResult) -> String {
    let rate = result.rate();
    if result.interval == rate.interval() {
        return rate.to_string();
    }
    let limits = format!("[{:.1}, {:.1}]", 100.0 * result.interval.lower, 100.0 * result.interval.upper);
    match rate.value().filter(|_| rate.n >= 20) {
        Some(value) => format!("{}/{} {:.1}% {limits} n_eff {:.0}", rate.k, rate.n, 100.0 * value, result.n_eff),
        None => format!("{}/{} {limits}", rate.k, rate.n),
    }
}

fn why(result: &ProbeResult, decision: &probes::Decision) -> String {
    let mut notes = Vec::new();
    match decision.verdict {
        Verdict::Use => notes.push(format!("at {:.0}%", 100.0 * decision.threshold)),
        Verdict::Avoid => {
            let baseline = result.best_baseline().map_or(0.0, probes::Baseline::score);
            notes.push(if result.interval.upper < baseline {
                "a rule does better".to_owned()
            } else {
                format!("upper bound below {:.0}%", 100.0 * decision.threshold)
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

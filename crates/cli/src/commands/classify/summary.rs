//! What a labelled corpus amounts to, on the terminal and as JSON.

use classifier::Point;
use classifier::summary::Lines;
use probes::stats::Rate;
use serde_json::{Value, json};

use super::card::{OfProbe, cut_line, right};
use super::pace::short;
use super::run::Done;
use crate::args_classify::ClassifyArgs;
use crate::output;

/// Everything that is told at the end.
pub struct Report<'a> {
    pub done: Done,
    pub card: Option<&'a OfProbe>,
    pub cut: Option<&'a Point>,
    pub args: &'a ClassifyArgs,
}

/// Shares are shown from so many rows on.
const PERCENT_FROM: u64 = 20;

impl Report<'_> {
    /// Tells it.
    pub fn print(&self) -> anyhow::Result<()> {
        if self.args.json { output::json(&self.json()) } else { self.lines() }
    }

    fn lines(&self) -> anyhow::Result<()> {
        let done = &self.done;
        let lines = &done.lines;
        output::line(&format!("{} rows written to {}", lines.rows, done.out))?;
        output::line(&self.throughput())?;
        if self.args.probe.is_none() && self.args.head.is_none() {
            output::line("not calibrated: how right these labels are is unknown (--probe and --card tell)")?;
        }
        output::line("")?;
        output::line(&format!(
            "{:<24} {:>9} {:>7}  {:<24} {}",
            "label", "rows", "share", "margin 5/50/95% (nats)", "right of those checked"
        ))?;
        for line in &lines.labels {
            let margins = line.margins.map_or_else(|| "-".to_owned(), |[a, b, c]| format!("{a:.2} / {b:.2} / {c:.2}"));
            let checked = line.right.map_or_else(|| "-".to_owned(), |r| r.to_string());
            let label = output::visible(&line.label);
            output::line(&format!(
                "{label:<24} {:>9} {:>7}  {margins:<24} {checked}",
                line.n,
                share(line.n, lines.rows)
            ))?;
        }
        for (name, n) in [("(abstained)", lines.abstained), ("(bad row)", lines.bad)] {
            if n > 0 {
                output::line(&format!("{name:<24} {n:>9} {:>7}", share(n, lines.rows)))?;
            }
        }
        for (line, why) in &done.bad {
            output::line(&format!("  line {line}: {}", output::visible(why)))?;
        }
        if lines.bad > done.bad.len() as u64 {
            output::line(&format!(
                "  and {} more, each with its reason in the output",
                lines.bad - done.bad.len() as u64
            ))?;
        }
        if let Some(right) = lines.right {
            output::line("")?;
            output::line(&format!("checked by hand: {right} right (no label counts as wrong)"))?;
            output::line(&format!(
                "if the checked rows are a random sample, of the {} rows have by hand:",
                lines.rows
            ))?;
            for line in &lines.labels {
                if let (Some(gold), Some([from, to])) = (line.gold, line.gold_rows) {
                    output::line(&format!("  {:<22} {from} to {to}  ({gold})", output::visible(&line.label)))?;
                }
            }
        }
        if let Some(card) = self.card {
            output::line("")?;
            let all = card.curve.first().map_or_else(String::new, right);
            output::line(&format!(
                "{} on the card of {}: {all} right; true of this corpus as far as its texts are like the items",
                card.task,
                output::visible(&card.name)
            ))?;
        }
        if let Some(cut) = self.cut {
            output::line(&cut_line(self.args.need.unwrap_or_default(), cut))?;
        }
        Ok(())
    }

    fn throughput(&self) -> String {
        let done = &self.done;
        let pace = &done.pace;
        let copied = done.duplicates;
        let earlier = if done.earlier > 0 { format!(", {} scored before", done.earlier) } else { String::new() };
        if pace.texts == 0 {
            return format!(
                "{} in all, nothing scored now{earlier}, {copied} equal to one before",
                short(pace.elapsed())
            );
        }
        let per_text = pace.tokens as f64 / pace.texts as f64;
        let quantiles = pace.quantiles().map_or_else(String::new, |[p50, p95]| {
            format!("; per text p50 {:.2} ms, p95 {:.2} ms in batches of {}", p50 * 1e3, p95 * 1e3, self.args.batch)
        });
        format!(
            "{} in all: {} texts scored at {:.0} per second{earlier}, {copied} equal to one before; {per_text:.1} tokens per text over all prompts, {} of them shared and computed once{quantiles}",
            short(pace.elapsed()),
            pace.texts,
            pace.texts as f64 / pace.seconds.max(1e-9),
            done.shared_tokens
        )
    }

    fn json(&self) -> Value {
        let done = &self.done;
        let Lines { rows, labels, abstained, bad, right, right_interval } = &done.lines;
        let pace = &done.pace;
        json!({
            "out": done.out,
            "rows": rows,
            "labels": labels,
            "abstained": abstained,
            "bad": bad,
            "first_bad": done.bad.iter().map(|(line, why)| json!({"line": line, "error": why})).collect::<Vec<_>>(),
            "checked": {"right": right, "interval": right_interval},
            "calibrated": self.args.probe.is_some() || self.args.head.is_some(),
            "throughput": {
                "seconds": pace.elapsed(),
                "texts_scored": pace.texts,
                "scored_before": done.earlier,
                "equal_to_one_before": done.duplicates,
                "texts_per_second": (pace.texts > 0).then(|| pace.texts as f64 / pace.seconds.max(1e-9)),
                "tokens_per_text": (pace.texts > 0).then(|| pace.tokens as f64 / pace.texts as f64),
                "shared_tokens": done.shared_tokens,
                "batch": self.args.batch,
                "seconds_per_text_p50_p95": pace.quantiles(),
            },
            "card": self.card.map(|card| json!({"task": card.task, "name": card.name, "coverage": card.curve})),
            "cut": self.cut,
        })
    }
}

fn share(n: u64, rows: u64) -> String {
    let Rate { k, n } = Rate { k: n, n: rows };
    if n >= PERCENT_FROM { format!("{:.1}%", k as f64 / n as f64 * 100.0) } else { String::new() }
}

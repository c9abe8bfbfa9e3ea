//! `sweetspot ab`: what a change broke and what it mended; `agree`: two models side by side; `matrix`: tasks by models.

use std::path::Path;

use anyhow::bail;
use console::{Alignment, Style, measure_text_width, pad_str, style};
use probes::comparison::Comparison;
use probes::report::{ProbeChange, RunsReport, agreement, runs};
use probes::stats::{Paired, Rate};
use serde_json::json;

use crate::args::{AbArgs, AgreeArgs, BenchArgs, MatrixArgs, RemoteArgs, SelectionArgs};
use crate::output::{self, visible};
use crate::results::{self, Run};
use crate::{facts, output::Replace};

/// Seed of the draws of the agreement report.
const SEED: u64 = 20_261_121;

/// Items of one kind of change that are listed by id.
const LISTED: usize = 6;

/// Runs `ab`.
pub fn ab(args: &AbArgs) -> anyhow::Result<()> {
    let folder = args.out.clone().unwrap_or_else(|| facts::free_folder("ab"));
    let before = finished(&args.before, None, "before", &folder, args)?;
    let mut reports = Vec::new();
    for (i, after) in args.after.iter().enumerate() {
        let system = args.system_after.as_deref();
        let run = finished(after, system, &format!("after-{}", i + 1), &folder, args)?;
        if system.is_none() {
            before.same_items(&run)?;
        }
        let report = runs(&before.probes(), &run.probes(), args.margin)?;
        if report.probes.is_empty() {
            bail!("{} and {} have no probe in common", before.name, run.name);
        }
        reports.push((run, report));
    }
    let value: Vec<_> = reports
        .iter()
        .map(|(run, report)| json!({"before": before.name, "after": run.name, "before_card": before.card.id, "after_card": run.card.id, "report": report}))
        .collect();
    if args.json {
        return output::json(&value);
    }
    for (run, report) in &reports {
        print(&before, run, report)?;
    }
    let path = folder.join("ab.json");
    output::write_file(&path, &serde_json::to_vec_pretty(&value)?, Replace::Allowed)?;
    output::line(&format!("\nwrote {}", path.display()))
}

/// A run that lies in a folder, or that of a model, which is benched now.
fn finished(what: &Path, system: Option<&str>, name: &str, folder: &Path, args: &AbArgs) -> anyhow::Result<Run> {
    if what.join("card.json").is_file() {
        if system.is_some() {
            bail!("{} is a finished run: --system-after needs a model to run", what.display());
        }
        return results::load(what);
    }
    let out = folder.join(name);
    let begun = out.join(crate::journal::FILE).is_file();
    let bench = BenchArgs {
        model: (what != Path::new("demo")).then(|| what.to_path_buf()),
        out: Some(out.clone()),
        force: false,
        resume: begun,
        selection: SelectionArgs { system: system.map(str::to_owned), ..args.selection.clone() },
        reference: None,
        no_gate: false,
        json: false,
        remote: RemoteArgs::none(),
        compute: args.compute.clone(),
    };
    eprintln!("{}", style(format!("{name}: {}", what.display())).bold().for_stderr());
    if !out.join("card.json").is_file() {
        super::bench::run(&bench)?;
    }
    results::load(&out)
}

fn print(before: &Run, after: &Run, report: &RunsReport) -> anyhow::Result<()> {
    output::line(&format!("\nbefore: {}\nafter:  {}\n", before.name, after.name))?;
    let head =
        ["probe", "invalid before", "after", "right before", "after", "difference [95%]", "p (Holm)", "what changed"];
    let mut rows = vec![head.map(|h| style(h).dim().to_string())];
    rows.extend(report.probes.iter().map(row));
    table(&rows)?;
    for change in &report.probes {
        let lists = [("broke", &change.changes.broken), ("mended", &change.changes.mended)];
        for (what, groups) in lists.into_iter().filter(|(_, groups)| !groups.is_empty()) {
            output::line(&format!("\n{} {what}:", change.probe))?;
            for group in groups.iter().take(LISTED) {
                let more = group.items.len().saturating_sub(LISTED);
                let ids: Vec<&str> = group.items.iter().take(LISTED).map(String::as_str).collect();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                output::line(&format!(
                    "  {:>3}  {} -> {}: {}{more}",
                    group.items.len(),
                    short(&group.gold),
                    short(&group.predicted),
                    visible(&ids.join(", "))
                ))?;
            }
        }
    }
    if !report.unmatched.is_empty() {
        output::line(&format!("\nonly in one run: {}", visible(&report.unmatched.join(", "))))?;
    }
    output::line("\nInvalid outputs come first. Every p is of an exact McNemar test, adjusted by Holm over the report.")
}

fn short(text: &str) -> String {
    let one: String = visible(text).chars().map(|c| if c == '\n' { ' ' } else { c }).take(40).collect();
    if one.is_empty() { "(empty)".to_owned() } else { one }
}

fn row(change: &ProbeChange) -> [String; 8] {
    let correct = change.changes.correct;
    let n = correct.n();
    let side = |t: Paired, second: bool| t.both + if second { t.second_only } else { t.first_only };
    let d = change.difference;
    let limits = change.clustered.map_or((d.lower, d.upper), |l| (l.lower, l.upper));
    let difference = if n < 20 {
        "few items".to_owned()
    } else {
        format!("{:+.1} [{:+.1}, {:+.1}]", 100.0 * d.value, 100.0 * limits.0, 100.0 * limits.1)
    };
    let (look, word) = match change.comparison {
        Comparison::Invalid => (Style::new().dim(), "invalid run".to_owned()),
        Comparison::Insufficient => (Style::new().yellow(), "insufficient".to_owned()),
        Comparison::RegressedInvalidOutputs => (Style::new().red().bold(), "regressed: invalid outputs".to_owned()),
        Comparison::Improved => (Style::new().green().bold(), "improved".to_owned()),
        Comparison::Regressed => (Style::new().red().bold(), "regressed".to_owned()),
        Comparison::Equivalent => (Style::new().green(), "equivalent".to_owned()),
        Comparison::NoDetectableChange { mde } => {
            let mde = mde.map_or(String::new(), |m| format!(" (MDE {:.1} points)", 100.0 * m));
            (Style::new(), format!("no detectable change{mde}"))
        }
    };
    [
        change.probe.clone(),
        format!("{}/{n}", side(change.invalid, false)),
        format!("{}/{n}", side(change.invalid, true)),
        format!("{}/{n}", side(correct, false)),
        format!("{}/{n}", side(correct, true)),
        difference,
        p_value(change.p_correct.min(change.p_invalid)),
        look.apply_to(word).to_string(),
    ]
}

pub(super) fn p_value(p: f64) -> String {
    if p < 0.0001 { "< .0001".to_owned() } else { format!("{p:.4}") }
}

pub(super) fn table<const N: usize>(rows: &[[String; N]]) -> anyhow::Result<()> {
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|cell| measure_text_width(cell)).max().unwrap_or(0);
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(c, cell)| pad_str(cell, width(c), Alignment::Left, None).into_owned())
            .collect();
        output::line(cells.join("   ").trim_end())?;
    }
    Ok(())
}

/// Runs `agree`.
pub fn agree(args: &AgreeArgs) -> anyhow::Result<()> {
    let (first, second) = (results::load(&args.first)?, results::load(&args.second)?);
    first.same_items(&second)?;
    let (a, b) = (first.probes(), second.probes());
    let mut reports = Vec::new();
    for probe in &a {
        if let Some(twin) = b.iter().find(|t| t.probe == probe.probe) {
            reports.push((probe.probe.clone(), agreement(&probe.items, &twin.items, SEED)?));
        }
    }
    if reports.is_empty() {
        bail!("{} and {} have no probe in common", first.name, second.name);
    }
    if args.json {
        let rows: Vec<_> = reports.iter().map(|(probe, report)| json!({"probe": probe, "agreement": report})).collect();
        return output::json(&json!({"first": first.name, "second": second.name, "probes": rows}));
    }
    output::line(&format!("first:  {}\nsecond: {}\n", first.name, second.name))?;
    let head = ["probe", "same answer", "right where same", "kappa", "only first right", "only second", "p"];
    let mut rows = vec![head.map(|h| style(h).dim().to_string())];
    rows.extend(reports.iter().map(|(probe, r)| {
        [
            probe.clone(),
            r.agreed.rate.to_string(),
            r.right_where_agreed.rate.to_string(),
            r.kappa.map_or_else(|| "-".to_owned(), |k| format!("{:.2} ± {:.2}", k.value, k.half_width)),
            r.correct.first_only.to_string(),
            r.correct.second_only.to_string(),
            p_value(r.mcnemar.p),
        ]
    }));
    table(&rows)?;
    for (probe, report) in reports.iter().filter(|(_, r)| !r.pairs.is_empty()) {
        output::line(&format!("\n{probe}, first -> second:"))?;
        for pair in report.pairs.iter().take(LISTED) {
            output::line(&format!(
                "  {:>3}  {} -> {} (right: {} first, {} second)",
                pair.n,
                short(&pair.first),
                short(&pair.second),
                pair.first_right,
                pair.second_right
            ))?;
        }
    }
    output::line("\nAgreement is not accuracy: two models can be wrong together.")
}

/// Runs `matrix`.
pub fn matrix(args: &MatrixArgs) -> anyhow::Result<()> {
    let all = args.runs.iter().map(|path| results::load(path)).collect::<anyhow::Result<Vec<Run>>>()?;
    let mut tasks: Vec<String> = Vec::new();
    for row in all.iter().flat_map(|run| &run.card.results) {
        if !tasks.contains(&row.task) {
            tasks.push(row.task.clone());
        }
    }
    let headline = |run: &Run, task: &str| run.card.results.iter().find(|r| r.task == task).cloned();
    if args.json {
        let rows: Vec<_> = tasks
            .iter()
            .map(|task| {
                let cells: Vec<_> = all
                    .iter()
                    .map(|run| json!({"run": run.name, "card": run.card.id, "result": headline(run, task)}))
                    .collect();
                json!({"task": task, "runs": cells})
            })
            .collect();
        return output::json(&rows);
    }
    let mut rows: Vec<Vec<String>> =
        vec![std::iter::once("task".to_owned()).chain(all.iter().map(|r| r.name.clone())).collect()];
    for task in &tasks {
        let cell = |run: &Run| match headline(run, task) {
            None => "-".to_owned(),
            Some(r) => {
                let verdict = r.verdict.map_or("none", |v| match v {
                    cards::TaskVerdict::Use => "use",
                    cards::TaskVerdict::Avoid => "avoid",
                    cards::TaskVerdict::Undecided => "undecided",
                });
                let invalid = r.n_degenerate + r.n_unparsable + r.n_error;
                let broken = if invalid > 0 { format!(", {invalid} invalid") } else { String::new() };
                format!("{}  {verdict} at {:.0}%{broken}", Rate { k: r.k, n: r.n }, 100.0 * r.threshold)
            }
        };
        rows.push(std::iter::once(visible(task)).chain(all.iter().map(cell)).collect());
    }
    let columns = all.len() + 1;
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|t| measure_text_width(t)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, &w)| pad_str(cell, w, Alignment::Left, None).into_owned()).collect();
        output::line(cells.join("   ").trim_end())?;
    }
    Ok(())
}

//! `sweetspot audit`: what a training run was told to do, and in what two runs differ.

use std::path::Path;

use anyhow::Context;
use console::style;
use probes::audit::{Audit, AuditWarning, ComparedRow, Facts, MOST_BYTES, Sameness, Source, audit, compare, read};
use serde_json::json;

use crate::args_tools::AuditArgs;
use crate::{input, output};

/// Runs the command.
pub fn run(args: &AuditArgs) -> anyhow::Result<()> {
    let facts = Facts { examples: args.examples, ..Facts::default() };
    let first = audited(&args.config, &facts)?;
    let Some(against) = &args.against else {
        return if args.json { output::json(&first) } else { print_one(&first) };
    };
    let second = audited(against, &facts)?;
    let compared = compare(&first, &second);
    if args.json {
        return output::json(&json!({"first": first, "second": second, "compared": compared}));
    }
    let names = [&args.config, against].map(|path| output::visible(&input::name(path)));
    print_two(&names, &compared.rows)?;
    let of_one = names.iter().zip([&first, &second]).flat_map(|(name, audit)| {
        let named =
            move |w: &AuditWarning| AuditWarning { id: w.id.clone(), sentence: format!("{name}: {}", w.sentence) };
        audit.warnings.iter().map(named).chain(unread(audit).map(named_unread(name)))
    });
    print_warnings(&compared.warnings.into_iter().chain(of_one).collect::<Vec<_>>())
}

fn audited(path: &Path, facts: &Facts) -> anyhow::Result<Audit> {
    let text = input::text(path, MOST_BYTES)?;
    Ok(audit(&read(&text).with_context(|| input::name(path))?, facts))
}

/// Keys that have a value and could not be used.
fn unread(audit: &Audit) -> impl Iterator<Item = String> {
    let keys = &audit.settings.unread;
    let sentence = format!("No usable value: {}. Nothing is assumed in their place.", keys.join(", "));
    (!keys.is_empty()).then_some(sentence).into_iter()
}

fn named_unread(name: &str) -> impl Fn(String) -> AuditWarning {
    move |sentence| AuditWarning { id: "unread".to_owned(), sentence: format!("{name}: {sentence}") }
}

fn print_one(audit: &Audit) -> anyhow::Result<()> {
    let mut rows = vec![["quantity", "value", ""].map(str::to_owned).to_vec()];
    let mut missing = Vec::new();
    for row in &audit.rows {
        let from = match row.source {
            Source::Given => "",
            Source::Derived => "derived",
            Source::Missing => {
                missing.push(row.name.as_str());
                continue;
            }
        };
        rows.push(vec![row.name.clone(), output::visible(&row.shown), from.to_owned()]);
    }
    table(&rows)?;
    if !missing.is_empty() {
        output::line(&format!("\nnot given: {}", missing.join("; ")))?;
    }
    let unread = unread(audit).map(|sentence| AuditWarning { id: "unread".to_owned(), sentence });
    print_warnings(&audit.warnings.iter().cloned().chain(unread).collect::<Vec<_>>())
}

fn print_two(names: &[String; 2], rows: &[ComparedRow]) -> anyhow::Result<()> {
    let [first, second] = names;
    let mut cells = vec![vec!["quantity".to_owned(), first.clone(), second.clone(), "ratio".to_owned(), String::new()]];
    let mut missing = Vec::new();
    for row in rows {
        let mark = match row.sameness {
            Sameness::Same => "",
            Sameness::Differs => "differs",
            Sameness::OnlyFirst => "only the first",
            Sameness::OnlySecond => "only the second",
            Sameness::Neither => {
                missing.push(row.name.as_str());
                continue;
            }
        };
        let ratio = row.ratio.filter(|_| row.sameness == Sameness::Differs).map_or_else(String::new, short);
        let shown = |text: &str| if text.is_empty() { "-".to_owned() } else { output::visible(text) };
        cells.push(vec![row.name.clone(), shown(&row.first), shown(&row.second), ratio, mark.to_owned()]);
    }
    table(&cells)?;
    if !missing.is_empty() {
        output::line(&format!("\ngiven by neither: {}", missing.join("; ")))?;
    }
    Ok(())
}

/// Three or four digits: enough to see what is how many times what.
fn short(ratio: f64) -> String {
    match ratio.abs() {
        0.0 => "0".to_owned(),
        x if x >= 100.0 => format!("{ratio:.0}"),
        x if x >= 0.01 => format!("{}", (ratio * 1000.0).round() / 1000.0),
        _ => format!("{ratio:.2e}"),
    }
}

/// Columns as wide as their cells; the first row is the heading.
fn table(rows: &[Vec<String>]) -> anyhow::Result<()> {
    let columns = rows.first().map_or(0, Vec::len);
    let wide = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|x| console::measure_text_width(x)).max();
    let widths: Vec<usize> = (0..columns).map(|c| wide(c).unwrap_or(0)).collect();
    for (i, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths);
        let padded: Vec<_> =
            cells.map(|(cell, &w)| console::pad_str(cell, w, console::Alignment::Left, None).into_owned()).collect();
        let line = padded.join("   ").trim_end().to_owned();
        let marked = row.last().is_some_and(|mark| mark == "differs");
        let look = if i == 0 {
            style(line).dim()
        } else if marked {
            style(line).yellow()
        } else {
            style(line)
        };
        output::line(&look.to_string())?;
    }
    Ok(())
}

fn print_warnings(warnings: &[AuditWarning]) -> anyhow::Result<()> {
    for (i, warning) in warnings.iter().enumerate() {
        let before = if i == 0 { "\n" } else { "" };
        let word = style(&warning.id).yellow();
        output::line(&format!("{before}{word}: {}", output::visible(&warning.sentence)))?;
    }
    Ok(())
}

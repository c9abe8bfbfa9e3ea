//! `sweetspot doctor`: what a training log shows.

use anyhow::Context;
use console::Style;
use probes::doctor::{Diagnosis, Evidence, Finding, LogForm, MOST_BYTES, Severity, Verdict, diagnose};

use crate::args_tools::DoctorArgs;
use crate::{input, output};

/// Runs the command.
pub fn run(args: &DoctorArgs) -> anyhow::Result<()> {
    let text = input::text(&args.log, MOST_BYTES)?;
    let diagnosis = diagnose(&text).with_context(|| input::name(&args.log))?;
    if args.json {
        return output::json(&diagnosis);
    }
    print(&diagnosis)
}

fn print(diagnosis: &Diagnosis) -> anyhow::Result<()> {
    let look = match diagnosis.verdict {
        Verdict::NumericFault | Verdict::DataFault => Style::new().red().bold(),
        Verdict::Warnings => Style::new().yellow().bold(),
        Verdict::NothingFound => Style::new().bold(),
    };
    output::line(&look.apply_to(output::visible(&diagnosis.sentence)).to_string())?;
    for finding in &diagnosis.findings {
        output::line("")?;
        show(finding)?;
    }
    output::line(&format!("\n{}", extent(diagnosis)))
}

fn show(finding: &Finding) -> anyhow::Result<()> {
    let (word, look) = match finding.severity {
        Severity::Fault => ("fault", Style::new().red()),
        Severity::Warning => ("warning", Style::new().yellow()),
        Severity::Note => ("note", Style::new().dim()),
    };
    let count = if finding.n > 0 { format!(", {} of {} rows", finding.k, finding.n) } else { String::new() };
    output::line(&format!("{} {}{count}", look.apply_to(word), finding.id))?;
    output::line(&format!("  {}", output::visible(&finding.sentence)))?;
    for row in &finding.evidence {
        output::line(&format!("    {}", output::visible(&evidence(row))))?;
    }
    Ok(())
}

fn evidence(row: &Evidence) -> String {
    let part = |what: &str, number: Option<f64>| number.map(|number| format!("{what} {number}"));
    let parts = [Some(format!("line {}", row.line)), part("step", row.step), part("epoch", row.epoch)];
    let place = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    format!("{place}: {} {}", row.column, row.value)
}

fn extent(diagnosis: &Diagnosis) -> String {
    let form = match diagnosis.form {
        LogForm::Lines => "lines",
        LogForm::Table => "a table",
        LogForm::Objects => "JSON objects",
        LogForm::TrainerState => "a trainer's state",
    };
    let steps = diagnosis.steps.map_or_else(String::new, |[first, last]| format!(", steps {first} to {last}"));
    format!(
        "read as {form}: {} rows, {} with a training loss, {} with a held-out loss{steps}",
        diagnosis.rows, diagnosis.losses, diagnosis.eval_losses
    )
}

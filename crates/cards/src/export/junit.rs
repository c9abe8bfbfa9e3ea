//! `JUnit` XML: what a build server shows. The numeric gate is a test case, and so is each threshold.
//!
//! `use` passes, `avoid` fails, `undecided` is skipped with what is missing, and a task without a verdict is an error:
//! it was cut short, or its numbers failed.

use std::fmt::Write as _;

use super::{
    ExportFile,
    unit::{Source, Unit},
};
use crate::{GateVerdict, TaskVerdict};

/// One file.
pub(super) fn files(source: &Source<'_>) -> Vec<ExportFile> {
    let card = source.card;
    let gate = match card.numerics.verdict {
        GateVerdict::Pass => Outcome::Pass,
        GateVerdict::Fail => Outcome::Failure("the engine does not compute what the model says".to_owned()),
        GateVerdict::NotCompared => Outcome::Skipped("there was no reference to compare with".to_owned()),
    };
    let gate = suite("gates", &[("gate".to_owned(), "numeric gate".to_owned(), gate)]);
    let cases: Vec<Case> = source.units.iter().map(case).collect();
    let (thresholds, all) = (suite("thresholds", &cases), cases.len() + 1);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites name=\"{}\" tests=\"{all}\">", escaped(&card.title));
    let _ = writeln!(xml, "{gate}{thresholds}</testsuites>");
    vec![(format!("junit-{}.xml", source.key), xml.into_bytes())]
}

/// Class, name, outcome.
type Case = (String, String, Outcome);

enum Outcome {
    Pass,
    Failure(String),
    Skipped(String),
    Error(String),
}

fn case(unit: &Unit<'_>) -> Case {
    let row = unit.row;
    let limits = &row.uncertainty.confidence_interval;
    let counted = format!(
        "{}/{} right, 95% interval {} to {}, threshold {}",
        row.k, row.n, limits.lower, limits.upper, row.threshold
    );
    let outcome = match row.verdict {
        Some(TaskVerdict::Use) => Outcome::Pass,
        Some(TaskVerdict::Avoid) => Outcome::Failure(format!("avoid: {counted}")),
        Some(TaskVerdict::Undecided) => {
            let needed = row.n_needed.map_or_else(String::new, |n| format!(", {n} items would decide"));
            Outcome::Skipped(format!("undecided: {counted}{needed}"))
        }
        None if row.n_skipped > 0 => Outcome::Error(format!("{} of {} items were not asked", row.n_skipped, row.n)),
        None => Outcome::Error("no verdict: numbers failed, or only validity is counted".to_owned()),
    };
    (row.task.clone(), format!("{} {} {} at least {}", row.task, row.mode, row.metric_id, row.threshold), outcome)
}

fn suite(name: &str, cases: &[Case]) -> String {
    let count = |wanted: &dyn Fn(&Outcome) -> bool| cases.iter().filter(|(_, _, o)| wanted(o)).count();
    let mut xml = format!(
        "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        cases.len(),
        count(&|o| matches!(o, Outcome::Failure(_))),
        count(&|o| matches!(o, Outcome::Error(_))),
        count(&|o| matches!(o, Outcome::Skipped(_))),
    );
    for (class, name, outcome) in cases {
        let _ = write!(xml, "    <testcase classname=\"{}\" name=\"{}\"", escaped(class), escaped(name));
        let (tag, message) = match outcome {
            Outcome::Pass => {
                xml.push_str("/>\n");
                continue;
            }
            Outcome::Failure(message) => ("failure", message),
            Outcome::Skipped(message) => ("skipped", message),
            Outcome::Error(message) => ("error", message),
        };
        let _ = writeln!(xml, "><{tag} message=\"{}\"/></testcase>", escaped(message));
    }
    xml.push_str("  </testsuite>\n");
    xml
}

/// Text for an attribute. Controls and characters that XML 1.0 forbids are dropped, hidden ones shown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let legal = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    for c in crate::node::visible(&text.chars().filter(legal).collect::<String>()).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_xml_forbids_is_dropped() {
        assert_eq!(escaped("a\u{0}\u{1b}[31m\u{ffff}<b>&\"'\n"), "a[31m&lt;b&gt;&amp;&quot;&apos;");
        assert_eq!(escaped("a\u{202e}b"), "a\\u{202e}b");
    }
}

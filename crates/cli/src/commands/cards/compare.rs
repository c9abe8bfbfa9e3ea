//! `sweetspot compare`: two finished runs, or two links, along one axis: first whether they may be compared at all.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use cards::{
    Checker, Compact, Comparability, CompareError, DiffCard, DiffFacts, DiffTask, DiffVerdict, Effect, Evaluator,
    FlipChange, LinkComparison, LinkTask, Producer, Refusal, Relationship, Sampled, SourceType, SpeedComparison,
    compare_links, compare_speed, diff_page,
};
use console::{Style, style};
use probes::audit::{Audit, Facts, MOST_BYTES, audit, read};
use serde_json::json;

use super::verify::fragment;
use crate::args_cards::CompareArgs;
use crate::commands::ab::{p_value, table};
use crate::output::{self, Replace, visible};
use crate::results::{self, Run};
use crate::{facts, input};

/// What a differential card lies in, and its page.
pub const FILES: [&str; 2] = ["diff.json", "diff.html"];

/// Items of one kind of change that are listed by id.
const LISTED: usize = 6;

/// Below this n a difference in points would feign precision.
const POINTS_FROM: u64 = 20;

/// A run as it is compared.
pub fn sampled(run: &Run) -> Sampled<'_> {
    Sampled { card: &run.card, samples: &run.samples }
}

/// One of the two things that are compared.
enum Subject {
    Run(Box<Run>),
    Link(Box<Compact>),
}

/// Runs the command.
pub fn run(args: &CompareArgs) -> anyhow::Result<()> {
    match (subject(&args.a)?, subject(&args.b)?) {
        (Subject::Run(a), Subject::Run(b)) => runs(&a, &b, args),
        (a, b) => links(&a.link()?, &b.link()?, args),
    }
}

fn subject(what: &str) -> anyhow::Result<Subject> {
    Ok(match fragment(what)? {
        Some(fragment) => Subject::Link(Box::new(Compact::from_link(&fragment)?)),
        None => Subject::Run(Box::new(results::load(Path::new(what))?)),
    })
}

impl Subject {
    fn link(self) -> anyhow::Result<Compact> {
        Ok(match self {
            Self::Link(link) => *link,
            Self::Run(run) => Compact::of(&run.card, &run.samples)?,
        })
    }
}

fn runs(a: &Run, b: &Run, args: &CompareArgs) -> anyhow::Result<()> {
    if args.speed || (a.card.is_of_times() && b.card.is_of_times()) {
        return times(a, b, args);
    }
    let folder = args.out.clone().unwrap_or_else(|| facts::free_folder("compare"));
    let replace = if args.force { Replace::Allowed } else { Replace::Refused };
    let paths = FILES.map(|name| folder.join(name));
    if let (Replace::Refused, Some(path)) = (replace, paths.iter().find(|p| p.exists())) {
        bail!("{} exists already: choose another --out or pass --force", path.display());
    }
    let facts = DiffFacts {
        created: facts::now_utc(),
        producer: Producer { name: "sweetspot".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        evaluator: Evaluator {
            source_type: SourceType::EvaluationRun,
            evaluator_relationship: Relationship::Other,
            source_organization_name: "not stated".to_owned(),
        },
        margin: args.margin,
        training: trained(&args.training)?,
    };
    let card = match DiffCard::make(sampled(a), sampled(b), args.axis.into(), &facts) {
        Err(CompareError::Refused(refusal)) => return refused(&refusal, args),
        card => card?,
    };
    // Both or neither: the page is made before the first is written.
    let contents = [card.to_canonical_json()?, diff_page(&card)];
    for (path, content) in paths.iter().zip(&contents) {
        output::write_file(path, content.as_bytes(), replace)?;
    }
    if args.json {
        return output::line(&contents[0]);
    }
    output::line(&format!("A: {}\nB: {}\n", a.name, b.name))?;
    print_check(&card.comparison.checker)?;
    let head = ["probe", "invalid A", "B", "right A", "B", "difference [95%]", "p (Holm)", "what changed"];
    let mut rows = vec![head.map(|h| style(h).dim().to_string())];
    rows.extend(card.comparison.tasks.iter().map(row));
    table(&rows)?;
    for task in &card.comparison.tasks {
        print_flips(task)?;
    }
    for setting in &card.comparison.training_diff {
        let shown = |value: &str| if value.is_empty() { "not given".to_owned() } else { visible(value) };
        output::line(&format!("\ntraining: {}: {} and {}", setting.name, shown(&setting.a), shown(&setting.b)))?;
    }
    output::line(&format!(
        "\nInvalid outputs come first. Every p is of an exact McNemar test, adjusted by Holm over {} tests.\n",
        card.comparison.family.m
    ))?;
    if a.card.speed.is_some() && b.card.speed.is_some() {
        match compare_speed(&a.card, &b.card, args.axis.into())? {
            Ok(found) => print_times(&found)?,
            Err(refusal) => {
                let fields: Vec<String> = refusal.checker.with(Effect::Refuses).map(|d| visible(&d.field)).collect();
                output::line(&format!(
                    "Times: not comparable, because of {}; no difference is given",
                    fields.join(", ")
                ))?;
            }
        }
        output::line("")?;
    }
    paths.iter().try_for_each(|path| output::line(&format!("wrote {}", path.display())))
}

/// The times alone.
fn times(a: &Run, b: &Run, args: &CompareArgs) -> anyhow::Result<()> {
    let found = match compare_speed(&a.card, &b.card, args.axis.into())? {
        Err(refusal) => return refused(&refusal, args),
        Ok(found) => found,
    };
    if args.json {
        return output::json(&json!({"a": a.card.id, "b": b.card.id, "speed": found}));
    }
    output::line(&format!("A: {}\nB: {}\n", a.name, b.name))?;
    print_check(&found.checker)?;
    print_times(&found)
}

fn print_times(found: &SpeedComparison) -> anyhow::Result<()> {
    let head = ["test", "A, median", "B, median", "B is so many times as fast [95%]"];
    let mut rows = vec![head.map(|h| style(h).dim().to_string())];
    let ms = |ns: u64, n: u64| format!("{:.3} ms, n = {n}", ns as f64 / 1e6);
    rows.extend(found.rows.iter().map(|row| {
        [
            visible(&row.test),
            ms(row.a_median_ns, row.a_samples),
            ms(row.b_median_ns, row.b_samples),
            format!("{:.3} [{:.3}, {:.3}]", row.ratio, row.lower, row.upper),
        ]
    }));
    table(&rows)?;
    output::line(
        "\nThe two were measured one after the other, not side by side: what changed on the machine in between is in the ratio too.",
    )
}

fn links(a: &Compact, b: &Compact, args: &CompareArgs) -> anyhow::Result<()> {
    if args.speed {
        bail!("a link holds too little of the times to compare them: --speed needs two run folders");
    }
    if args.out.is_some() || !args.training.is_empty() || args.margin.is_some() {
        bail!("a link holds too little for a card of differences: --out, --training and --margin need two run folders");
    }
    let found: LinkComparison = match compare_links(a, b, args.axis.into()) {
        Err(refusal) => return refused(&refusal, args),
        Ok(found) => found,
    };
    if args.json {
        return output::json(&json!({"a": a.id, "b": b.id, "comparison": found}));
    }
    let name = |c: &Compact| visible(&format!("{} ({})", c.model.0, c.id));
    output::line(&format!("A: {}\nB: {}\n", name(a), name(b)))?;
    print_check(&found.checker)?;
    let head = ["probe", "invalid A", "B", "right A", "B", "difference [95%]", "p right (Holm)", "p invalid (Holm)"];
    let mut rows = vec![head.map(|h| style(h).dim().to_string())];
    rows.extend(found.tasks.iter().map(link_row));
    table(&rows)?;
    output::line(
        "\nFrom links: no card and no verdict. Links do not say which items share clusters, so intervals may be too narrow.",
    )
}

/// What forbids the comparison, field by field; no difference anywhere.
fn refused(refusal: &Refusal, args: &CompareArgs) -> anyhow::Result<()> {
    if args.json {
        output::json(refusal)?;
    } else {
        print_check(&refusal.checker)?;
    }
    let fields: Vec<String> = refusal.checker.with(Effect::Refuses).map(|d| visible(&d.field)).collect();
    bail!(
        "not comparable along {}: {} must be equal or sound; no difference is given",
        refusal.axis.as_str(),
        fields.join(", ")
    )
}

fn trained(files: &[PathBuf]) -> anyhow::Result<Option<[Audit; 2]>> {
    let [a, b] = files else { return Ok(None) };
    let one = |path: &Path| -> anyhow::Result<Audit> {
        let text = input::text(path, MOST_BYTES)?;
        Ok(audit(&read(&text).with_context(|| input::name(path))?, &Facts::default()))
    };
    Ok(Some([one(a)?, one(b)?]))
}

fn print_check(checker: &Checker) -> anyhow::Result<()> {
    let word = match checker.verdict {
        Comparability::Comparable => style("comparable").green(),
        Comparability::OnSubset => style("comparable on common items").yellow(),
        Comparability::Refused => style("not comparable").red().bold(),
    };
    output::line(&word.to_string())?;
    for diff in &checker.diffs {
        let effect = match diff.effect {
            Effect::Compared => "compared",
            Effect::Warns => "warning",
            Effect::Restricts => "common items only",
            Effect::Refuses => "refused",
        };
        let [a, b] = [&diff.a, &diff.b].map(|value| visible(value));
        output::line(&format!("  {effect}: {}: {a} | {b}", visible(&diff.field)))?;
    }
    output::line("")
}

fn row(task: &DiffTask) -> [String; 8] {
    let n = task.pairs;
    let (invalid, broken) = (&task.invalid, task.invalid.p_holm < 0.05 && task.invalid.b_only > task.invalid.a_only);
    let (look, word) = match task.verdict {
        DiffVerdict::Invalid => (Style::new().dim(), "invalid run".to_owned()),
        DiffVerdict::Insufficient => (Style::new().yellow(), "insufficient".to_owned()),
        DiffVerdict::Regressed if broken => (Style::new().red().bold(), "regressed: invalid outputs".to_owned()),
        DiffVerdict::Improved => (Style::new().green().bold(), "improved".to_owned()),
        DiffVerdict::Regressed => (Style::new().red().bold(), "regressed".to_owned()),
        DiffVerdict::Equivalent => (Style::new().green(), "equivalent".to_owned()),
        DiffVerdict::NoDetectableChange => {
            let mde = task.mde80.map_or(String::new(), |m| format!(" (MDE {:.1} points)", 100.0 * m));
            (Style::new(), format!("no detectable change{mde}"))
        }
    };
    [
        visible(&task.task),
        format!("{}/{n}", invalid.both + invalid.a_only),
        format!("{}/{n}", invalid.both + invalid.b_only),
        format!("{}/{n}", task.both + task.a_only),
        format!("{}/{n}", task.both + task.b_only),
        difference(n, task.delta, [task.ci.lower, task.ci.upper]),
        p_value(task.p_holm.min(invalid.p_holm)),
        look.apply_to(word).to_string(),
    ]
}

fn link_row(task: &LinkTask) -> [String; 8] {
    let (n, invalid) = (task.pairs, &task.invalid);
    [
        visible(&task.task),
        format!("{}/{n}", invalid.both + invalid.a_only),
        format!("{}/{n}", invalid.both + invalid.b_only),
        format!("{}/{n}", task.both + task.a_only),
        format!("{}/{n}", task.both + task.b_only),
        difference(n, task.delta, [task.ci.lower, task.ci.upper]),
        p_value(task.p_holm),
        p_value(invalid.p_holm),
    ]
}

fn difference(n: u64, delta: f64, limits: [f64; 2]) -> String {
    if n < POINTS_FROM {
        return "few items".to_owned();
    }
    format!("{:+.1} [{:+.1}, {:+.1}]", 100.0 * delta, 100.0 * limits[0], 100.0 * limits[1])
}

fn print_flips(task: &DiffTask) -> anyhow::Result<()> {
    for (word, change) in [("broke", FlipChange::Broke), ("mended", FlipChange::Mended)] {
        let all: Vec<_> = task.flips.iter().filter(|f| f.change == change).collect();
        if all.is_empty() {
            continue;
        }
        output::line(&format!("\n{} {word} {}:", visible(&task.task), all.len()))?;
        for flip in all.iter().take(LISTED) {
            let [target, a, b] = [&flip.target, &flip.a, &flip.b].map(|text| visible(text));
            output::line(&format!("  {}  right {target}: A {a}, B {b}", visible(&flip.sample_id)))?;
        }
        if all.len() > LISTED {
            output::line(&format!("  and {} more", all.len() - LISTED))?;
        }
    }
    Ok(())
}

//! From the arguments to a plan.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::bail;
use probes::plan::ORDER_SEED;
use probes::profiles::{FORMAT_MATRIX, QUICK, QUICK_ITEMS, REGRESSION_GUARD, all_formats, headlines};
use probes::{CATALOGUE, Mode, Plan, Profile, Source};

use crate::args::{Formats, SelectionArgs};
use crate::extra_sources;

/// Minutes that a run without a selection may take.
const DEFAULT_MINUTES: f64 = 2.0;

/// A plan, and the time it is to be cut to.
pub struct Selection {
    /// Everything that was asked for.
    pub plan: Plan,
    /// The minutes it may take.
    pub minutes: Option<f64>,
}

/// Reads the arguments.
pub fn read(args: &SelectionArgs) -> anyhow::Result<Selection> {
    read_writing(args, &BTreeSet::new())
}

/// The same with some probes, by id, answered in writing.
pub fn read_writing(args: &SelectionArgs, written: &BTreeSet<String>) -> anyhow::Result<Selection> {
    if !(args.threshold > 0.0 && args.threshold <= 1.0) {
        bail!("the threshold is {}, but must be above 0 and at most 1", args.threshold);
    }
    let nothing = args.profile.is_none() && args.probes.is_none() && args.items.is_none() && !has_extra(args);
    let mut plan = plan(args, written)?.at_threshold(args.threshold);
    if let Some(system) = &args.system {
        plan = plan.with_system(system);
    }
    let minutes = args.minutes.or(nothing.then_some(DEFAULT_MINUTES));
    Ok(Selection { plan, minutes })
}

/// Are there probes that are not in the catalogue?
fn has_extra(args: &SelectionArgs) -> bool {
    args.extra.data.is_some() || args.extra.probe_file.is_some()
}

fn plan(args: &SelectionArgs, must_write: &BTreeSet<String>) -> anyhow::Result<Plan> {
    let profile: Profile = args.profile.map_or(Profile::Quick, Into::into);
    let plain = args.probes.is_none() && args.items.is_none() && args.formats == Formats::Headline && !args.written;
    let plain = plain && !has_extra(args);
    let fixed = matches!(profile, Profile::Gates | Profile::Classic56 | Profile::Classic6);
    if fixed && !must_write.is_empty() {
        bail!(
            "{} is what it is, but its labels cannot be scored here: take --profile quick or --probes",
            profile.as_str()
        );
    }
    if fixed || (plain && must_write.is_empty()) {
        if !plain {
            bail!("{} is what it is: --items, --formats and --written do not apply to it", profile.as_str());
        }
        return Ok(profile.plan());
    }
    let (ids, matrix) = match &args.probes {
        None if has_extra(args) => (Vec::new(), false),
        None => (QUICK.to_vec(), false),
        Some(ids) => chosen(ids)?,
    };
    // By id, each once, so that the suite's hash depends on the choice alone.
    let ids: Vec<&str> = CATALOGUE.iter().map(|e| e.id).filter(|id| ids.contains(id)).collect();
    let most = match (args.items, args.profile) {
        (Some(n), _) => Some(n as usize),
        (None, Some(_)) if profile == Profile::Standard => None,
        (None, _) => Some(QUICK_ITEMS),
    };
    let mut sources =
        if matrix || args.formats == Formats::All { all_formats(&ids, most) } else { headlines(&ids, most) };
    sources.extend(extra_sources::chosen(&args.extra, args.formats)?.into_iter().map(|source| (source, most)));
    let pair = sources.iter().map(|(source, _)| &source.spec).find(|spec| spec.mode == Mode::Pair);
    if let Some(spec) = pair.filter(|_| (args.written || !must_write.is_empty()) && has_extra(args)) {
        bail!("{} compares whole texts, for which nobody can be asked in writing: leave --written out", spec.id);
    }
    let name = if args.profile.is_some() { profile.as_str() } else { "custom" };
    let planned = |(source, most): (Source, Option<usize>)| {
        let writes = args.written || must_write.contains(&source.spec.id);
        let source = if writes { source.written() } else { source };
        extra_sources::credited(source.plan(name, most, ORDER_SEED))
    };
    Ok(Plan::of(name, sources.into_iter().map(planned).collect(), ORDER_SEED))
}

/// The probes named, and whether the format matrix is among them.
fn chosen(ids: &[String]) -> anyhow::Result<(Vec<&'static str>, bool)> {
    let (mut chosen, mut matrix) = (Vec::new(), false);
    for id in ids {
        match id.trim().to_ascii_uppercase().as_str() {
            "A20" => {
                matrix = true;
                chosen.extend(FORMAT_MATRIX);
            }
            "B15" => chosen.extend(REGRESSION_GUARD),
            "E11" => bail!("E11 measures what a model costs and asks no items: run `sweetspot resources`"),
            "E12" => bail!("E12 reads a training log and asks no items: run `sweetspot doctor LOG`"),
            "B17" => bail!("B17 compares training configurations and asks no items: run `sweetspot audit CONFIG`"),
            _ => chosen.push(crate::commands::probes::find(id.trim())?.id),
        }
    }
    Ok((chosen, matrix))
}

/// The arguments as somebody else would type them.
pub fn words(args: &SelectionArgs, n_items: u64) -> Vec<String> {
    let mut words = Vec::new();
    match (&args.profile, &args.probes) {
        (Some(profile), _) => words.push(format!("--profile {}", Profile::from(*profile).as_str())),
        (None, Some(ids)) => words.push(format!("--probes {}", ids.join(","))),
        (None, None) => {}
    }
    if let Some(ids) = &args.extra.data {
        words.push(format!("--data {}", ids.join(",")));
    }
    if let Some(name) = args.extra.probe_file.as_deref().and_then(Path::file_name) {
        words.push(format!("--probe-file {}", name.to_string_lossy()));
    }
    if let Some(n) = args.items {
        words.push(format!("--items {n}"));
    }
    if args.formats == Formats::All {
        words.push("--formats all".to_owned());
    }
    if args.written {
        words.push("--written".to_owned());
    }
    if let Some(minutes) = args.minutes {
        words.push(format!("--minutes {minutes}"));
    }
    if args.system.is_some() {
        words.push("--system ...".to_owned());
    }
    words.push(format!("--threshold {}", args.threshold));
    let _ = n_items;
    words
}

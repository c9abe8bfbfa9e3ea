//! `sweetspot verify`: what of a card holds, without running anything again.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use cards::{
    Card, Compact, Contradiction, DiffCard, Document, ImportedCard, MAX_CARD_BYTES, MAX_LINK, MAX_SAMPLES_BYTES,
    ReplayCard, SampleRow, SignatureState, parse_samples,
};
use probes::profiles::profile_of;
use serde::Serialize;

use super::compare::sampled;
use crate::args_cards::VerifyArgs;
use crate::input;
use crate::output::{self, visible};
use crate::results::{self, Run};

/// Contradictions that are listed.
const LISTED: usize = 10;

/// What was found, level by level.
#[derive(Serialize)]
struct Verified {
    id: String,
    title: String,
    /// V0: the bytes are canonical and the identity fits them; of a link, that it can be read.
    bytes: Finding,
    /// V1.
    signature: Finding,
    /// The public key, where a signature fits.
    key: Option<String>,
    /// V2.
    consistency: Finding,
    /// V3.
    context: Finding,
    /// `self-consistent` where V0 to V3 hold, else `self-reported`.
    level: &'static str,
}

/// One level.
#[derive(Serialize)]
struct Finding {
    holds: Holds,
    words: Vec<String>,
}

/// How a level came out.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Holds {
    /// It holds.
    Yes,
    /// There is nothing that could be checked, or not all of it.
    Open,
    /// It is contradicted.
    No,
}

/// Runs the command.
pub fn run(args: &VerifyArgs) -> anyhow::Result<()> {
    let found = match fragment(&args.card)? {
        Some(_) if !args.runs.is_empty() => bail!("--runs goes with a card of differences, not with a link"),
        Some(fragment) => of_link(&Compact::from_link(&fragment)?),
        None => of_files(Path::new(&args.card), &args.runs)?,
    };
    if args.json {
        output::json(&found)?;
    } else {
        show(&found)?;
    }
    let levels = [&found.bytes, &found.signature, &found.consistency, &found.context];
    if levels.iter().any(|level| level.holds == Holds::No) {
        bail!("the card is contradicted: do not rely on it");
    }
    Ok(())
}

/// Refuses a run of which anything but the signature is contradicted or open.
pub fn must_hold(folder: &Path) -> anyhow::Result<()> {
    let found = of_files(folder, &[])?;
    let levels = [("bytes", &found.bytes), ("numbers", &found.consistency), ("context", &found.context)];
    if let Some((what, level)) = levels.into_iter().find(|(_, level)| level.holds != Holds::Yes) {
        let why = visible(&level.words.join("; "));
        bail!("{} cannot be published, since its {what} cannot be relied on: {why}", folder.display());
    }
    if found.signature.holds == Holds::No {
        bail!("{} cannot be published: {}", folder.display(), visible(&found.signature.words.join("; ")));
    }
    Ok(())
}

/// The part of a link after `#`, without view state; nothing where the argument names a file.
pub fn fragment(card: &str) -> anyhow::Result<Option<String>> {
    let text = if card == "-" {
        let mut text = String::new();
        let mut stdin = std::io::stdin().lock().take(MAX_LINK as u64 + 1024);
        stdin.read_to_string(&mut text).context("cannot read stdin as text")?;
        text.trim().to_owned()
    } else {
        card.to_owned()
    };
    let Some((before, after)) = text.split_once('#') else {
        let bare = card == "-" || (text.starts_with("1.") && !Path::new(&text).exists());
        return Ok(bare.then_some(text));
    };
    if card != "-" && Path::new(card).exists() {
        return Ok(None);
    }
    if before.contains("/x/") || after.starts_with("src=") || after.starts_with("h=") {
        bail!("this link points to a card elsewhere, and nothing is fetched: download the card and verify the file");
    }
    Ok(Some(after.split('&').next().unwrap_or_default().to_owned()))
}

fn of_files(path: &Path, runs: &[PathBuf]) -> anyhow::Result<Verified> {
    let (card_path, folder): (PathBuf, &Path) = if path.is_dir() {
        let [run, diff] = ["card.json", "diff.json"].map(|name| path.join(name));
        (if run.is_file() || !diff.is_file() { run } else { diff }, path)
    } else {
        (path.to_owned(), path.parent().unwrap_or(path))
    };
    let bytes = input::bytes(&card_path, MAX_CARD_BYTES)?;
    match Document::parse(&bytes).with_context(|| card_path.display().to_string())? {
        Document::Run(_) if !runs.is_empty() => {
            bail!("{} is the card of one run: --runs goes with a card of differences", card_path.display())
        }
        Document::Run(card) => {
            let samples_path = folder.join(&card.samples.file_path);
            let samples = if samples_path.is_file() {
                let bytes = input::bytes(&samples_path, MAX_SAMPLES_BYTES)?;
                Some(parse_samples(&bytes).with_context(|| samples_path.display().to_string())?)
            } else {
                None
            };
            Ok(of_card(&card, samples.as_deref()))
        }
        Document::Diff(_) if runs.len() == 1 => {
            bail!("{} compares two runs: name both with --runs A B", card_path.display())
        }
        Document::Diff(card) => Ok(of_diff(&card, &loaded(runs)?)),
        Document::Imported(_) if !runs.is_empty() => {
            bail!("{} is an imported card: --runs goes with a card of differences", card_path.display())
        }
        Document::Imported(card) => Ok(of_imported(&card)),
        Document::Replay(_) if runs.len() > 1 => {
            bail!("{} is a replay of one run: name it alone with --runs", card_path.display())
        }
        Document::Replay(card) => Ok(of_replay(&card, loaded(runs)?.first())),
    }
}

fn loaded(runs: &[PathBuf]) -> anyhow::Result<Vec<Run>> {
    runs.iter().map(|run| results::load(run)).collect()
}

/// A replay, with or without its run.
fn of_replay(card: &ReplayCard, run: Option<&Run>) -> Verified {
    let (signature, key) = signed(&card.signature());
    let found = card.check(run.map(sampled));
    let k = card.replay.k;
    let consistency = match (found.as_slice(), run) {
        ([], Some(_)) => finding(
            Holds::Yes,
            format!(
                "the nonce draws these {k} items, and what was found comes to what is stated; what was found is the verifier's word"
            ),
        ),
        ([], None) => finding(
            Holds::Open,
            "counts and outcome follow from the items, which are as stated: --runs RUN draws and judges them again"
                .to_owned(),
        ),
        (all, _) => Finding { holds: Holds::No, words: listed(all) },
    };
    let context = run.map_or_else(
        || finding(Holds::Open, "the run is known by its hash only: --runs RUN looks it up".to_owned()),
        |run| suite(&run.card),
    );
    let bytes = finding(Holds::Yes, "canonical bytes, and the identity fits them".to_owned());
    let (id, title) = (card.id.clone(), card.title.clone());
    level(Verified { id, title, bytes, signature, key, consistency, context, level: "" })
}

/// Another program's results: nothing of them can be recomputed but the intervals, which reading the card did.
fn of_imported(card: &ImportedCard) -> Verified {
    let words = |words: &str| finding(Holds::Open, words.to_owned());
    level(Verified {
        id: card.id.clone(),
        title: card.title.clone(),
        bytes: finding(Holds::Yes, "canonical bytes, and the identity fits them".to_owned()),
        signature: words("an imported card has none"),
        key: None,
        consistency: words("the intervals follow from the counts, which are the source's: nothing was measured here"),
        context: words("the source's suite is not known here"),
        level: "",
    })
}

/// A card of differences, with or without its two runs.
fn of_diff(card: &DiffCard, runs: &[Run]) -> Verified {
    let (signature, key) = signed(&card.signature());
    let both = if let [a, b] = runs { Some([a, b]) } else { None };
    let found = card.check(both.map(|both| both.map(sampled)));
    let consistency = match (found.as_slice(), both) {
        ([], Some([a, b])) => finding(
            Holds::Yes,
            format!(
                "every number follows from the {} and {} samples of the two runs",
                a.samples.len(),
                b.samples.len()
            ),
        ),
        ([], None) => finding(
            Holds::Open,
            "every number follows from the counts of pairs, which are as stated: --runs A B computes them again"
                .to_owned(),
        ),
        (all, _) => Finding { holds: Holds::No, words: listed(all) },
    };
    let context = both.map_or_else(
        || finding(Holds::Open, "the suite is known by its hash only: --runs A B looks it up".to_owned()),
        |[a, _]| suite(&a.card),
    );
    let bytes = finding(Holds::Yes, "canonical bytes, and the identity fits them".to_owned());
    let (id, title) = (card.id.clone(), card.title.clone());
    level(Verified { id, title, bytes, signature, key, consistency, context, level: "" })
}

fn of_card(card: &Card, samples: Option<&[SampleRow]>) -> Verified {
    let (signature, key) = signed(&card.signature(samples));
    let found = card.check(samples);
    let consistency = match (found.as_slice(), samples) {
        ([], _) if card.is_of_times() => finding(
            Holds::Yes,
            "every median, interval, rate and flag follows from the repetitions, which are as stated".to_owned(),
        ),
        ([], Some(rows)) => {
            finding(Holds::Yes, format!("every derived number follows from the {} samples", rows.len()))
        }
        ([], None) => finding(
            Holds::Open,
            format!(
                "no number contradicts another; {} is not beside the card, so counts are as stated",
                visible(&card.samples.file_path)
            ),
        ),
        (all, _) => Finding { holds: Holds::No, words: listed(all) },
    };
    let context = suite(card);
    let bytes = finding(Holds::Yes, "canonical bytes, and the identity fits them".to_owned());
    level(Verified {
        id: card.id.clone(),
        title: card.title.clone(),
        bytes,
        signature,
        key,
        consistency,
        context,
        level: "",
    })
}

/// V3: whether the suite is one that this program makes itself.
fn suite(card: &Card) -> Finding {
    if card.is_speed_suite() {
        let n = card.speed.as_ref().map_or(0, |s| s.rows.len());
        let words = format!("the suite is the list of the card's {n} tests of speed; times are the machine's own word");
        return finding(Holds::Yes, words);
    }
    let name = card.suite.name.strip_prefix("sweetspot-").unwrap_or(&card.suite.name);
    let planned = card.completeness.planned;
    match profile_of(name, planned, &card.suite.sha256) {
        Some(profile) => {
            finding(Holds::Yes, format!("the suite is this program's own: {planned} items of `{}`", profile.as_str()))
        }
        None if card.suite_plan().is_some() => finding(
            Holds::Yes,
            format!("the suite is this program's own: {planned} items of {} probes", card.tasks.len()),
        ),
        None => {
            finding(Holds::Open, format!("the suite {} is not one that this program has", visible(&card.suite.name)))
        }
    }
}

fn of_link(compact: &Compact) -> Verified {
    let (signature, key) = signed(&compact.signature());
    let consistency = match &compact.outcomes {
        Some(_) => {
            finding(Holds::Open, "the outcomes give the counts; the items themselves are not in a link".to_owned())
        }
        None => finding(Holds::Open, "counts as stated: the link holds no outcomes".to_owned()),
    };
    level(Verified {
        id: compact.id.clone(),
        title: compact.title.clone(),
        bytes: finding(Holds::Open, "the link is whole; the card that it names is not in it".to_owned()),
        signature,
        key,
        consistency,
        context: finding(Holds::Open, "a link holds a short hash of its suite only".to_owned()),
        level: "",
    })
}

fn level(verified: Verified) -> Verified {
    let all = [&verified.bytes, &verified.consistency, &verified.context].iter().all(|f| f.holds == Holds::Yes);
    let level = if all && verified.signature.holds != Holds::No { "self-consistent" } else { "self-reported" };
    Verified { level, ..verified }
}

fn signed(state: &SignatureState) -> (Finding, Option<String>) {
    match state {
        SignatureState::Unsigned => (finding(Holds::Open, "unsigned".to_owned()), None),
        SignatureState::Valid { key } => (finding(Holds::Yes, format!("signed by the key {key}")), Some(key.clone())),
        SignatureState::Wrong => (finding(Holds::No, "changed after signing, or not this key".to_owned()), None),
    }
}

fn finding(holds: Holds, words: String) -> Finding {
    Finding { holds, words: vec![words] }
}

fn listed(all: &[Contradiction]) -> Vec<String> {
    let line = |c: &Contradiction| {
        format!("{} is stated as {}, its data give {}", visible(&c.path), visible(&c.stated), visible(&c.recomputed))
    };
    let mut lines: Vec<String> = all.iter().take(LISTED).map(line).collect();
    if all.len() > LISTED {
        lines.push(format!("and {} more", all.len() - LISTED));
    }
    lines
}

fn show(found: &Verified) -> anyhow::Result<()> {
    output::line(&visible(&found.title))?;
    output::line(&visible(&found.id))?;
    output::line("")?;
    let rows = [
        ("V0 bytes", &found.bytes),
        ("V1 signature", &found.signature),
        ("V2 consistency", &found.consistency),
        ("V3 context", &found.context),
    ];
    for (name, finding) in rows {
        let mark = match finding.holds {
            Holds::Yes => console::style("holds").green(),
            Holds::Open => console::style("open ").dim(),
            Holds::No => console::style("WRONG").red().bold(),
        };
        for (i, words) in finding.words.iter().enumerate() {
            let (name, mark) = if i == 0 { (name, mark.to_string()) } else { ("", "     ".to_owned()) };
            output::line(&format!("{name:<15} {mark}  {words}"))?;
        }
    }
    output::line(&format!("\nlevel: {}", found.level))?;
    output::line("V4 replay and V5 a full run again would say whether this model gives these outputs.")
}

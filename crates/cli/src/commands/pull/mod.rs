//! `sweetspot pull`: models from the Hugging Face hub or an address.

mod from_address;
mod from_hub;

use std::path::Path;

use anyhow::bail;
use console::style;
use pull::{Access, GEMMA_NOTICE, GEMMA_TERMS, KNOWN, Size, What};
use serde_json::json;

use crate::args_pull::PullArgs;
use crate::{hub_cache, output};

/// More than any model that can be run here: 1B parameters in f32 are 4.0 GB.
const MAX_UNASKED: u64 = 4 << 30;

/// Runs the command.
pub fn run(args: &PullArgs) -> anyhow::Result<()> {
    let Some(what) = &args.what else { return list(args.json) };
    if Path::new(what).exists() {
        eprintln!("{} is here already: nothing is fetched", output::visible(what));
        return if args.json { output::json(&json!({"model": what, "files": []})) } else { output::line(what) };
    }
    let endpoint = hub_cache::endpoint()?;
    let what = What::parse(what, &endpoint)?;
    if hub_cache::is_offline() {
        bail!("HF_HUB_OFFLINE is set: no request is made; unset it to fetch");
    }
    match what {
        What::Hub(_) if args.out.is_some() || args.sha256.is_some() => bail!(
            "files of the hub go into its cache and are checked by the hub's own hashes: --out and --sha256 are for addresses"
        ),
        What::Hub(reference) => from_hub::fetch(&endpoint, &reference, args),
        What::Address(url) => from_address::fetch(&url, args),
    }
}

/// Refuses what is too large to have been meant.
fn check_size(bytes: u64, args: &PullArgs) -> anyhow::Result<()> {
    if bytes > MAX_UNASKED && !args.yes {
        bail!(
            "these are {}, more than any model that can be run here: name one file, or pass --yes to fetch them all the same",
            human(bytes)
        );
    }
    Ok(())
}

/// A size in the unit that the hub's pages use.
fn human(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.0} MB", bytes as f64 / 1e6),
        _ => format!("{:.2} GB", bytes as f64 / 1e9),
    }
}

fn list(as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let row = |known: &pull::Known| {
            let (bytes, exact) = match known.size {
                Size::Exact(bytes) => (bytes, true),
                Size::About(bytes) => (bytes, false),
            };
            json!({"id": known.id, "repo": known.repo, "revision": known.revision, "file": known.file,
                   "about": known.about, "bytes": bytes, "bytes_exact": exact, "sha256": known.sha256,
                   "gated": known.access == Access::Gated, "terms": GEMMA_TERMS})
        };
        return output::json(&json!({"known": KNOWN.iter().map(row).collect::<Vec<_>>(), "notice": GEMMA_NOTICE}));
    }
    let wide = |of: fn(&pull::Known) -> usize| KNOWN.iter().map(of).max().unwrap_or(0);
    let (id, about) = (wide(|k| k.id.len()), wide(|k| k.about.len()));
    let head = format!("{:<id$}  {:<about$}  {:>9}  {:<6}  from", "name", "what", "size", "access");
    output::line(&style(head).dim().to_string())?;
    for known in KNOWN {
        let size = match known.size {
            Size::Exact(bytes) => human(bytes),
            Size::About(bytes) => ["~", &human(bytes)].concat(),
        };
        let access = if known.access == Access::Gated { "gated" } else { "open" };
        let from = known.file.map_or_else(|| known.repo.to_owned(), |file| [known.repo, ":", file].concat());
        output::line(&format!("{:<id$}  {:<about$}  {size:>9}  {access:<6}  {from}", known.id, known.about))?;
    }
    output::line(&format!("\n{GEMMA_NOTICE}."))?;
    output::line(
        "Gated: accept the licence on the page of the repository at huggingface.co, make a token there, set HF_TOKEN to it.",
    )
}

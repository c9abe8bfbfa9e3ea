//! `sweetspot replay`: some of a card's items asked again on this machine.

use std::path::Path;
use std::rc::Rc;

use anyhow::{Context, bail};
use cards::{Judgement, NONCE_BYTES, ReplayCard, ReplayOutcome, Sampled, replay_page};
use data_encoding::HEXLOWER_PERMISSIVE;
use engine::{Engine, Ops};
use probes::Settings;
use trial::{Drawn, ReplayStatement};
use weights::{Hashes, Weights};

use crate::args_cards::ReplayArgs;
use crate::commands::bench::{BATCH, gate_with, kv_dtype};
use crate::interrupt::Interrupt;
use crate::model::{Chosen, Job};
use crate::output::{self, Replace, visible};
use crate::{facts, model, results, sources, sql};

/// Rows that are listed on the screen.
const LISTED: usize = 20;

/// Runs the command.
pub fn run(args: &ReplayArgs) -> anyhow::Result<()> {
    let run = results::load(&args.folder)?;
    let nonce = nonce(args.nonce.as_deref())?;
    let out = args.out.clone().unwrap_or_else(|| args.folder.join("replay.json"));
    let page = out.with_extension("html");
    if let Some(known) = [&out, &page].into_iter().find(|path| path.exists() && !args.force) {
        bail!("{} exists already: choose another --out or pass --force", known.display());
    }
    let sql = sql::open()?;
    let sampled = Sampled { card: &run.card, samples: &run.samples };
    let drawn =
        Drawn::new(sampled, nonce, args.items.map(|n| n as usize), sql.as_deref()).with_context(|| run.name.clone())?;
    let path = args.model.as_deref().unwrap_or(Path::new(sources::DEMO));
    let weights = sources::open_model(path)?;
    let hashes = facts::hash_model(&weights)?;
    if hashes.weights_sha256 != run.card.model.weights_sha256 {
        bail!(
            "the card is of the weights {}, and these are {}: give the card's own model with --model",
            run.card.model.weights_sha256,
            hashes.weights_sha256
        );
    }
    let interrupt = Interrupt::listen()?;
    let chosen = model::choose(&args.compute)?;
    let job = Replay { drawn, weights: &weights, hashes, chosen: &chosen, sql: sql.as_deref(), interrupt };
    let card = model::with_weights(&weights, &chosen, args.compute.context, job)?;
    let replace = if args.force { Replace::Allowed } else { Replace::Refused };
    output::write_file(&page, replay_page(&card).as_bytes(), replace)?;
    output::write_file(&out, card.to_canonical_json()?.as_bytes(), replace)?;
    if args.json {
        output::json(&card)?;
    } else {
        show(&card)?;
        output::line(&format!("wrote {} and {}", out.display(), page.display()))?;
    }
    if card.replay.outcome == ReplayOutcome::Contradicted {
        bail!("this model does not give what the card states");
    }
    Ok(())
}

struct Replay<'a> {
    drawn: Drawn<'a>,
    weights: &'a Rc<Weights>,
    hashes: Hashes,
    chosen: &'a Chosen,
    sql: Option<&'a dyn probes::Sql>,
    interrupt: Interrupt,
}

impl Job for Replay<'_> {
    type Output = ReplayCard;

    fn run<O: Ops>(self, mut engine: Engine<O>) -> anyhow::Result<ReplayCard> {
        let reference = crate::commands::reference::compute(self.weights, &self.hashes)?;
        let gate = gate_with(self.chosen, &mut engine, Some(&reference))?;
        let statement = ReplayStatement {
            created: facts::now_utc(),
            engine: facts::program(),
            environment: facts::machine(self.chosen),
            kv_dtype: kv_dtype(self.chosen),
        };
        let settings = Settings { sql: self.sql, ..Settings::batch(BATCH as usize) };
        let bar = output::count_bar(self.drawn.n_items() as u64, "items");
        let mut observe = |event| {
            if let probes::Event::ItemDone { .. } = event {
                bar.inc(1);
            }
            self.interrupt.flow()
        };
        let replayed = trial::replay(&mut engine, &self.drawn, gate, statement, settings, &mut observe);
        let card = pollster::block_on(replayed)?;
        bar.finish_and_clear();
        Ok(card)
    }
}

fn nonce(given: Option<&str>) -> anyhow::Result<[u8; NONCE_BYTES]> {
    let mut nonce = [0; NONCE_BYTES];
    match given {
        None => getrandom::fill(&mut nonce).context("the system gives no random numbers")?,
        Some(hex) => {
            let bytes = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok().filter(|b| b.len() == NONCE_BYTES);
            let Some(bytes) = bytes else {
                bail!("expected a nonce of 32 hexadecimal digits, found {:?}", visible(hex))
            };
            nonce.copy_from_slice(&bytes);
        }
    }
    Ok(nonce)
}

fn show(card: &ReplayCard) -> anyhow::Result<()> {
    let replay = &card.replay;
    output::line(&format!("{}\nnonce {}\n", replay.target.id, replay.nonce))?;
    for row in replay.rows.iter().filter(|r| r.judgement != Judgement::Agrees).take(LISTED) {
        let mark = match row.judgement {
            Judgement::NearTie => console::style("near-tie").yellow(),
            _ => console::style("contradicts").red().bold(),
        };
        let answer = |a: &Option<String>| a.as_deref().map_or_else(|| "nothing".to_owned(), visible);
        output::line(&format!(
            "{:<20} {mark}: stated {}, found {} ({})",
            visible(&row.sample_id),
            answer(&row.stated),
            answer(&row.found),
            row.why.words()
        ))?;
    }
    let left = (replay.near_tie + replay.contradict).saturating_sub(LISTED as u64);
    if left > 0 {
        output::line(&format!("and {left} more in the report"))?;
    }
    output::line(&card.summary)
}

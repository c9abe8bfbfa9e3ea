//! Replay: items of a run asked again, drawn by a nonce of whoever asks (design of cards, section 5).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use cards::{
    Drift, Environment, Evaluator, GateVerdict, MAX_REPLAY_ITEMS, NONCE_BYTES, Producer, Relationship, ReplayCard,
    ReplayFacts, SampleRow, Sampled, SourceType, replay_items, replay_order, replay_population,
};
use engine::{Bound, Engine, Ops};
use probes::{Plan, Reader, Settings};

use crate::run::{Answers, ask};
use crate::{EngineSubject, Error, Gate};

/// Why there is no replay.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The suite is another program's or another version's.
    #[error("the suite {suite} is not one that this program has: its items cannot be asked here")]
    Suite {
        /// Its name.
        suite: String,
    },
    /// Nothing was answered that could be asked again.
    #[error("the card has no items that were answered and can be asked here: there is nothing to ask again")]
    Nothing,
    /// More items than a card of a replay holds.
    #[error("{items} items are more than a replay's card holds: ask for {MAX_REPLAY_ITEMS} at most")]
    TooMany {
        /// How many were wanted.
        items: usize,
    },
    /// This machine's numbers cannot be believed.
    #[error("this device does not pass the numeric gate, so it can judge nothing: {0}")]
    Gate(String),
    /// It was stopped.
    #[error("stopped before the end; nothing was written")]
    Stopped,
    /// The items could not be asked, or the card not be made.
    #[error(transparent)]
    Trial(#[from] Error),
}

/// The items of a run that a nonce draws.
pub struct Drawn<'a> {
    run: Sampled<'a>,
    nonce: [u8; NONCE_BYTES],
    excluded: Vec<String>,
    stated: Vec<&'a SampleRow>,
    plan: Plan,
}

impl<'a> Drawn<'a> {
    /// Draws items, as many as `items` says or as are usual. Without SQL, tasks that are scored by executing it are left out.
    pub fn new(
        run: Sampled<'a>,
        nonce: [u8; NONCE_BYTES],
        items: Option<usize>,
        sql: Option<&dyn probes::Sql>,
    ) -> Result<Self, ReplayError> {
        let card = run.card;
        let Some(plan) = card.suite_plan() else { return Err(ReplayError::Suite { suite: card.suite.name.clone() }) };
        let plan = plan.at_threshold(card.results.first().map_or(probes::verdict::DEFAULT_THRESHOLD, |r| r.threshold));
        let executes = |p: &&probes::PlannedProbe| matches!(p.reader, Reader::Sql) && p.spec.mode.is_generated();
        let excluded: BTreeSet<String> =
            plan.probes.iter().filter(executes).filter(|_| sql.is_none()).map(|p| p.spec.id.clone()).collect();
        let excluded: Vec<String> = excluded.into_iter().collect();
        let population = replay_population(run.samples, &excluded);
        let k = items.map_or_else(|| replay_items(population.len()), |k| k.min(population.len()));
        if k > MAX_REPLAY_ITEMS {
            return Err(ReplayError::TooMany { items: k });
        }
        let order = replay_order(&card.id, &nonce, population.len(), k).unwrap_or_default();
        let stated: Vec<&SampleRow> = order.iter().filter_map(|&i| population.get(i).copied()).collect();
        if stated.is_empty() {
            return Err(ReplayError::Nothing);
        }
        let ids: BTreeSet<&str> = stated.iter().map(|row| row.sample_id.as_str()).collect();
        let plan = plan.only(&ids);
        Ok(Self { run, nonce, excluded, stated, plan })
    }

    /// Items to ask.
    pub fn n_items(&self) -> usize {
        self.stated.len()
    }
}

/// What a replay's card states that only the caller knows.
pub struct ReplayStatement {
    /// RFC 3339 time in UTC.
    pub created: String,
    /// The program that computes.
    pub engine: cards::Engine,
    /// The machine.
    pub environment: Environment,
    /// Type of keys and values in the cache: `f32` or `f16`.
    pub kv_dtype: &'static str,
}

/// Asks the drawn items again and judges each. The gate must hold a comparison with this model's reference.
pub async fn replay<O: Ops>(
    engine: &mut Engine<O>,
    drawn: &Drawn<'_>,
    gate: Gate,
    statement: ReplayStatement,
    settings: Settings<'_>,
    observe: &mut dyn FnMut(probes::Event) -> ControlFlow<()>,
) -> Result<ReplayCard, ReplayError> {
    if gate.verdict() != GateVerdict::Pass {
        return Err(ReplayError::Gate(gate.sentence()));
    }
    let mut stopped = false;
    let mut watch = |event| {
        let flow = observe(event);
        stopped |= flow.is_break();
        flow
    };
    let Answers { samples, .. } = ask(&mut EngineSubject::new(engine), &drawn.plan, settings, &mut watch).await?;
    if stopped {
        return Err(ReplayError::Stopped);
    }
    let found: BTreeMap<(&str, &str), &SampleRow> =
        samples.iter().map(|row| ((row.task.as_str(), row.sample_id.as_str()), row)).collect();
    let answer = |row: &SampleRow| found.get(&(row.task.as_str(), row.sample_id.as_str())).copied();
    let pairs: Vec<_> = drawn.stated.iter().map(|row| (*row, answer(row))).collect();
    let hidden = engine.config.hidden;
    let own = gate.comparison.as_ref().map_or(0.0, |c| c.max_abs_dlogit);
    let theirs = &drawn.run.card;
    let facts = ReplayFacts {
        created: statement.created,
        producer: Producer { name: statement.engine.name.clone(), version: statement.engine.version.clone() },
        evaluator: Evaluator {
            source_type: SourceType::EvaluationRun,
            evaluator_relationship: Relationship::Other,
            source_organization_name: "not stated".to_owned(),
        },
        engine: statement.engine,
        environment: statement.environment,
        numerics: gate.numerics(),
        nonce: drawn.nonce,
        excluded: drawn.excluded.clone(),
        // Each side's rounding is believed up to what prompts may differ by.
        drift: Drift::of(
            own,
            allowed(statement.kv_dtype, hidden),
            theirs.numerics.max_abs_dlogit,
            allowed(&theirs.decoding.kv_dtype, hidden),
        ),
    };
    Ok(ReplayCard::make(drawn.run, &pairs, facts).map_err(Error::from)?)
}

/// The largest difference of a logit that prompts and labels may have on one side. Activations rounded to 8 bits, which
/// have a wider bound, are those of tokens that are written one by one; margins and scores come from prompts.
fn allowed(kv_dtype: &str, hidden: usize) -> f64 {
    let bound = if kv_dtype == "f16" { Bound::f16(hidden) } else { Bound::float(hidden) };
    bound.limit()
}

//! Puts a subject through a plan.

use crate::catalogue::{Ask, Mode, Reader};
use crate::item::Item;
use crate::plan::{Plan, PlannedItem, PlannedProbe, ProbeSpec};
use crate::result::ProbeResult;
use crate::row::Call;
use crate::score::{self, ItemRecord, Judge, Sql, Trouble};
use crate::subject::{Constraint, GenerateQuery, LabelAnswer, LabelQuery, Subject};
use crate::tally::Tally;
use crate::verdict::ItemVerdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// What happens during a run, in order.
#[derive(Clone, Debug)]
pub enum Event {
    /// A probe begins.
    ProbeStarted {
        /// Which.
        probe: Arc<ProbeSpec>,
        /// Its items.
        n_planned: u64,
        /// Its calls on items.
        calls_planned: u64,
    },
    /// The probe's content-free prompts are scored.
    Calibrated {
        /// Its probe.
        probe: Arc<ProbeSpec>,
        /// What a journal keeps.
        record: CalibrationRecord,
        /// Was it asked in this run, or read from the journal?
        asked: Asked,
    },
    /// An item is scored.
    ItemDone {
        /// Its probe.
        probe: Arc<ProbeSpec>,
        /// The item.
        item: Box<Item>,
        /// Right items of the probe so far.
        k: u64,
        /// Items of the probe done so far.
        n_done: u64,
        /// Items of the probe planned.
        n_planned: u64,
        /// What a journal keeps.
        record: Box<ItemRecord>,
        /// Was it asked in this run, or read from the journal?
        asked: Asked,
    },
    /// A probe is finished, or as far as it got.
    ProbeDone(Box<ProbeResult>),
}

impl Event {
    /// The verdict of an item that is done.
    pub fn verdict(&self) -> Option<ItemVerdict> {
        match self {
            Self::ItemDone { record, .. } => Some(record.outcome.verdict),
            _ => None,
        }
    }
}

/// Where a record comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The subject was asked now.
    Now,
    /// An earlier run asked it; the journal has it.
    Before,
}

/// The content-free scores of a probe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationRecord {
    /// By blank group, call and label, nats: means over the content-free inputs. Empty where calibration failed.
    pub priors: Vec<Vec<Vec<f64>>>,
    /// Calls made.
    pub calls: u64,
    /// An impossible number.
    pub fault: Option<String>,
}

/// What earlier runs of the same plan left.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// By probe id.
    pub calibrations: BTreeMap<String, CalibrationRecord>,
    /// By item id.
    pub items: BTreeMap<String, ItemRecord>,
}

/// How a plan is run.
#[derive(Clone, Copy)]
pub struct Settings<'a> {
    /// Items per call of the subject; 0 counts as 1.
    pub batch: usize,
    /// Runs SQL; probes scored by execution need it.
    pub sql: Option<&'a dyn Sql>,
    /// What need not be asked again.
    pub journal: &'a Journal,
}

static EMPTY: Journal = Journal { calibrations: BTreeMap::new(), items: BTreeMap::new() };

impl Settings<'static> {
    /// From the beginning, without SQL.
    pub fn batch(batch: usize) -> Self {
        Self { batch, sql: None, journal: &EMPTY }
    }
}

/// Why a run could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError<E: std::error::Error> {
    /// The subject failed on a whole batch.
    #[error("the subject failed at probe {probe}: {source}")]
    Subject {
        /// The probe being run.
        probe: String,
        /// What the subject said.
        source: E,
    },
    /// The subject answered another number of queries than it was asked.
    #[error(
        "the subject broke its contract at probe {probe}: expected {asked} answers, found {answered}; it must answer each query once, in order"
    )]
    WrongCount {
        /// The probe being run.
        probe: String,
        /// Queries sent.
        asked: usize,
        /// Answers received.
        answered: usize,
    },
    /// A probe is scored by executing SQL, and nothing here does.
    #[error("probe {probe} is scored by executing SQL, and this build has no SQLite; leave the probe out")]
    NoSql {
        /// The probe.
        probe: String,
    },
}

/// Runs the whole plan.
///
/// After every item `observe` may stop the run by returning `Break`: what is left counts as skipped, the results
/// so far are returned for every probe of the plan, and `observe` is not called again. Items that the journal has are
/// not scored anew; a batch that it has in part is asked whole, so that a resumed run has the bits of an unbroken one.
pub async fn run<S: Subject>(
    subject: &mut S,
    plan: &Plan,
    settings: Settings<'_>,
    observe: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Vec<ProbeResult>, RunError<S::Error>> {
    if let Some(planned) = plan.probes.iter().find(|p| matches!(p.reader, Reader::Sql) && p.spec.mode.is_generated())
        && settings.sql.is_none()
    {
        return Err(RunError::NoSql { probe: planned.spec.id.clone() });
    }
    let mut results = Vec::with_capacity(plan.probes.len());
    let mut flow = ControlFlow::Continue(());
    for planned in &plan.probes {
        let mut tally = Tally::new(planned, settings.sql);
        if flow.is_continue() {
            flow = run_probe(subject, planned, settings, &mut tally, observe).await?;
        }
        let result = tally.finish(plan.threshold);
        if flow.is_continue() {
            flow = observe(Event::ProbeDone(Box::new(result.clone())));
        }
        results.push(result);
    }
    Ok(results)
}

async fn run_probe<S: Subject>(
    subject: &mut S,
    planned: &PlannedProbe,
    settings: Settings<'_>,
    tally: &mut Tally<'_>,
    observe: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, RunError<S::Error>> {
    let spec = &planned.spec;
    let n_planned = planned.items.len() as u64;
    let calls_planned = n_planned * spec.calls.len() as u64;
    if observe(Event::ProbeStarted { probe: spec.clone(), n_planned, calls_planned }).is_break() {
        return Ok(ControlFlow::Break(()));
    }
    let batch = settings.batch.max(1);
    if !planned.blanks.is_empty() {
        let known = settings.journal.calibrations.get(&spec.id);
        let (record, asked) = match known {
            Some(record) => (record.clone(), Asked::Before),
            None => (calibrate(subject, planned, batch).await?, Asked::Now),
        };
        if record.priors.is_empty() {
            tally.calibration_failed(record.calls, record.fault.clone());
        } else {
            tally.calibrated(record.calls, record.priors.clone());
        }
        if observe(Event::Calibrated { probe: spec.clone(), record, asked }).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    for chunk in planned.items.chunks(batch) {
        let known: Vec<Option<&ItemRecord>> = chunk.iter().map(|i| settings.journal.items.get(&i.item.id)).collect();
        let fresh = if known.iter().all(Option::is_some) {
            Vec::new()
        } else if spec.mode.is_generated() {
            generate(subject, planned, chunk, settings.sql).await?
        } else {
            score_labels(subject, spec, chunk, tally).await?
        };
        let mut fresh = fresh.into_iter();
        for (item, known) in chunk.iter().zip(known) {
            let fresh = fresh.next();
            let (record, asked) = match (known, fresh) {
                (Some(record), _) => (record.clone(), Asked::Before),
                (None, Some(record)) => (record, Asked::Now),
                (None, None) => break,
            };
            tally.add(&record);
            let done = Event::ItemDone {
                probe: spec.clone(),
                item: Box::new(item.item.clone()),
                k: tally.k(),
                n_done: tally.n_done(),
                n_planned,
                record: Box::new(record),
                asked,
            };
            if observe(done).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Asks every template with the content-free inputs. Letters beside equal options read the same after a swap: each
/// distinct prompt is asked once.
pub(crate) async fn calibrate<S: Subject>(
    subject: &mut S,
    planned: &PlannedProbe,
    batch: usize,
) -> Result<CalibrationRecord, RunError<S::Error>> {
    let spec = &planned.spec;
    let mut queries: Vec<LabelQuery> = Vec::new();
    let mut place = |ask: &Ask| {
        let query = label_query(ask);
        queries.iter().position(|q| *q == query).unwrap_or_else(|| {
            queries.push(query);
            queries.len() - 1
        })
    };
    let asked: Vec<Vec<Vec<usize>>> = planned
        .blanks
        .iter()
        .map(|group| group.asks.iter().map(|inputs| inputs.iter().map(&mut place).collect()).collect())
        .collect();
    let mut answers: Vec<LabelAnswer> = Vec::with_capacity(queries.len());
    for chunk in queries.chunks(batch.saturating_mul(spec.calls.len().max(1))) {
        answers.extend(ask_labels(subject, spec, chunk).await?);
    }
    let calls = queries.len() as u64;
    let mut priors = Vec::with_capacity(asked.len());
    for group in asked {
        let mut by_call = Vec::with_capacity(group.len());
        for inputs in group {
            let mut mean: Vec<f64> = Vec::new();
            for i in &inputs {
                let (Some(answer), Some(query)) = (answers.get(*i), queries.get(*i)) else { continue };
                match score::check_labels(answer, &query.labels) {
                    Ok(()) => {
                        mean.resize(query.labels.len(), 0.0);
                        mean.iter_mut().zip(&answer.logp).for_each(|(m, s)| *m += s / inputs.len() as f64);
                    }
                    Err(Trouble::Numeric(fault)) => {
                        return Ok(CalibrationRecord { priors: Vec::new(), calls, fault: Some(fault) });
                    }
                    Err(Trouble::Malformed) => {
                        return Ok(CalibrationRecord { priors: Vec::new(), calls, fault: None });
                    }
                }
            }
            by_call.push(mean);
        }
        priors.push(by_call);
    }
    Ok(CalibrationRecord { priors, calls, fault: None })
}

async fn score_labels<S: Subject>(
    subject: &mut S,
    spec: &ProbeSpec,
    items: &[PlannedItem],
    tally: &Tally<'_>,
) -> Result<Vec<ItemRecord>, RunError<S::Error>> {
    let queries: Vec<LabelQuery> = items.iter().flat_map(|item| item.asks.iter().map(label_query)).collect();
    let answers = ask_labels(subject, spec, &queries).await?;
    let per_item = answers.chunks(spec.calls.len().max(1));
    let record = |(item, answers): (&PlannedItem, &[LabelAnswer])| {
        score::label_item(spec, item, tally.priors_of(item.blank), answers)
    };
    Ok(items.iter().zip(per_item).map(record).collect())
}

async fn generate<S: Subject>(
    subject: &mut S,
    planned: &PlannedProbe,
    items: &[PlannedItem],
    sql: Option<&dyn Sql>,
) -> Result<Vec<ItemRecord>, RunError<S::Error>> {
    let spec = &planned.spec;
    let queries: Vec<GenerateQuery> = items.iter().flat_map(|item| generate_queries(spec, item)).collect();
    let answers =
        subject.generate(&queries).await.map_err(|source| RunError::Subject { probe: spec.id.clone(), source })?;
    check_count(spec, queries.len(), answers.len())?;
    let judge = Judge { reader: planned.reader, sql };
    let per_item = answers.chunks(spec.calls.len().max(1));
    Ok(items.iter().zip(per_item).map(|(item, answers)| score::written_item(spec, item, judge, answers)).collect())
}

/// One query per call. Samples are drawn at the probe's temperature, each with the seed of its number.
fn generate_queries(spec: &ProbeSpec, item: &PlannedItem) -> Vec<GenerateQuery> {
    let query = |(call, ask): (&Call, &Ask)| GenerateQuery {
        constraint: constraint(spec, item),
        temperature: spec.temperature,
        seed: if spec.temperature > 0.0 { u64::from(call.sample) + 1 } else { 0 },
        ..GenerateQuery::greedy(ask.messages.clone(), spec.max_tokens)
    };
    spec.calls.iter().zip(&item.asks).map(query).collect()
}

/// What a constrained answer keeps to: the schema of the question, or its options.
fn constraint(spec: &ProbeSpec, item: &PlannedItem) -> Option<Constraint> {
    let question = &item.question;
    (spec.mode == Mode::Cd).then(|| match question.fields.get("schema") {
        Some(schema) => Constraint::Schema(schema.clone()),
        None => Constraint::Choice(question.options.clone()),
    })
}

async fn ask_labels<S: Subject>(
    subject: &mut S,
    spec: &ProbeSpec,
    queries: &[LabelQuery],
) -> Result<Vec<LabelAnswer>, RunError<S::Error>> {
    let failed = |source| RunError::Subject { probe: spec.id.clone(), source };
    let answers = subject.score(queries).await.map_err(failed)?;
    check_count(spec, queries.len(), answers.len())?;
    Ok(answers)
}

fn label_query(ask: &Ask) -> LabelQuery {
    LabelQuery { messages: ask.messages.clone(), labels: ask.labels.clone() }
}

fn check_count<E: std::error::Error>(spec: &ProbeSpec, asked: usize, answered: usize) -> Result<(), RunError<E>> {
    if asked == answered { Ok(()) } else { Err(RunError::WrongCount { probe: spec.id.clone(), asked, answered }) }
}

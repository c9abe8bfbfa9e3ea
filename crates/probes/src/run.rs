//! Puts a subject through a plan.

use crate::battery::{Mode, Probe, Question};
use crate::item::{FormatVariant, Item};
use crate::plan::{Plan, PlannedItem, PlannedProbe};
use crate::result::ProbeResult;
use crate::row::ResultRow;
use crate::score::{self, Scored, Trouble};
use crate::subject::{GenerateQuery, LabelAnswer, LabelQuery, Message, Subject};
use crate::tally::Tally;
use crate::verdict::ItemVerdict;
use std::ops::ControlFlow;

/// Inputs without content. What the labels score under them is the model's prior, which calibration subtracts
/// (Zhao et al. 2021, "Calibrate Before Use").
pub const CONTENT_FREE: [&str; 4] = ["N/A", "", "[MASK]", "This is a line of text."];

/// What happens during a run, in order.
#[derive(Clone, Debug)]
pub enum Event {
    /// A probe begins.
    ProbeStarted {
        /// Which.
        probe: &'static Probe,
        /// Its items.
        n_planned: u64,
        /// Its calls on items.
        calls_planned: u64,
    },
    /// An item is scored.
    ItemDone {
        /// Its probe.
        probe: &'static Probe,
        /// The item.
        item: Box<Item>,
        /// What was predicted, if anything could be read.
        predicted: Option<String>,
        /// Its verdict.
        verdict: ItemVerdict,
        /// Right items of the probe so far.
        k: u64,
        /// Items of the probe done so far.
        n_done: u64,
        /// Items of the probe planned.
        n_planned: u64,
        /// One row per call, for the journal.
        rows: Vec<ResultRow>,
    },
    /// A probe is finished, or as far as it got.
    ProbeDone(Box<ProbeResult>),
}

/// Why a run could not go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError<E: std::error::Error> {
    /// The subject failed on a whole batch.
    #[error("the subject failed at probe {probe}: {source}")]
    Subject {
        /// The probe being run.
        probe: &'static str,
        /// What the subject said.
        source: E,
    },
    /// The subject answered another number of queries than it was asked.
    #[error(
        "the subject broke its contract at probe {probe}: expected {asked} answers, found {answered}; it must answer each query once, in order"
    )]
    WrongCount {
        /// The probe being run.
        probe: &'static str,
        /// Queries sent.
        asked: usize,
        /// Answers received.
        answered: usize,
    },
}

/// Runs the whole plan, `batch` items per call of the subject (0 counts as 1).
///
/// After every item `observe` may stop the run by returning `Break`: what is left counts as skipped, the results
/// so far are returned for every probe of the plan, and `observe` is not called again.
pub async fn run<S: Subject>(
    subject: &mut S,
    plan: &Plan,
    batch: usize,
    observe: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Vec<ProbeResult>, RunError<S::Error>> {
    let mut results = Vec::with_capacity(plan.probes.len());
    let mut flow = ControlFlow::Continue(());
    for planned in &plan.probes {
        let mut tally = Tally::new(planned);
        if flow.is_continue() {
            flow = run_probe(subject, planned, batch.max(1), &mut tally, observe).await?;
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
    batch: usize,
    tally: &mut Tally<'_>,
    observe: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, RunError<S::Error>> {
    let probe = planned.probe;
    let n_planned = planned.items.len() as u64;
    let started = Event::ProbeStarted { probe, n_planned, calls_planned: n_planned * probe.calls().len() as u64 };
    if observe(started).is_break() {
        return Ok(ControlFlow::Break(()));
    }
    if probe.mode != Mode::Fg {
        calibrate(subject, planned, batch, tally).await?;
    }
    for chunk in planned.items.chunks(batch) {
        let scored = match probe.mode {
            Mode::Fg => generate(subject, probe, chunk).await?,
            Mode::Lpx | Mode::Tf2 => score_labels(subject, probe, chunk, tally.priors()).await?,
        };
        for (item, scored) in chunk.iter().zip(scored) {
            let (predicted, verdict) = (scored.outcome.predicted.clone(), scored.outcome.verdict);
            let rows = tally.add(scored);
            let done = Event::ItemDone {
                probe,
                item: Box::new(item.item.clone()),
                predicted,
                verdict,
                k: tally.k(),
                n_done: tally.n_done(),
                n_planned,
                rows,
            };
            if observe(done).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Asks every call's template with the content-free inputs and hands the mean scores to the tally.
async fn calibrate<S: Subject>(
    subject: &mut S,
    planned: &PlannedProbe,
    batch: usize,
    tally: &mut Tally<'_>,
) -> Result<(), RunError<S::Error>> {
    let probe = planned.probe;
    let Some(first) = planned.items.first() else {
        return Ok(());
    };
    // Letters beside equal options read the same after a swap: each distinct prompt is asked once.
    let mut queries: Vec<LabelQuery> = Vec::new();
    let mut asked: Vec<Vec<usize>> = Vec::new();
    for call in probe.calls() {
        let mut indices = Vec::with_capacity(CONTENT_FREE.len());
        for input in CONTENT_FREE {
            let prompt = (probe.prompt)(&content_free(probe, &first.question, input), call);
            let query = label_query(probe, vec![Message::user(prompt)]);
            let index = queries.iter().position(|q| *q == query).unwrap_or(queries.len());
            if index == queries.len() {
                queries.push(query);
            }
            indices.push(index);
        }
        asked.push(indices);
    }
    let mut answers: Vec<LabelAnswer> = Vec::with_capacity(queries.len());
    for chunk in queries.chunks(batch.saturating_mul(asked.len().max(1))) {
        answers.extend(ask_labels(subject, probe, chunk).await?);
    }
    let mut priors = Vec::with_capacity(asked.len());
    for indices in asked {
        let mut mean = vec![0.0; probe.labels.len()];
        for answer in indices.iter().filter_map(|i| answers.get(*i)) {
            match score::check_labels(answer, probe.labels) {
                Ok(()) => mean.iter_mut().zip(&answer.logp).for_each(|(m, s)| *m += s / indices.len() as f64),
                Err(Trouble::Numeric(fault)) => {
                    tally.calibration_failed(queries.len(), Some(fault));
                    return Ok(());
                }
                Err(Trouble::Malformed) => {
                    tally.calibration_failed(queries.len(), None);
                    return Ok(());
                }
            }
        }
        priors.push(mean);
    }
    tally.calibrated(queries.len(), priors);
    Ok(())
}

/// The question with its content taken out; letters get the same empty option twice.
fn content_free(probe: &Probe, question: &Question, input: &str) -> Question {
    let options = match probe.format {
        FormatVariant::F3 => question.options.iter().map(|_| input.to_string()).collect(),
        _ => question.options.clone(),
    };
    Question { text: input.to_string(), options, ..question.clone() }
}

async fn score_labels<S: Subject>(
    subject: &mut S,
    probe: &'static Probe,
    items: &[PlannedItem],
    priors: &[Vec<f64>],
) -> Result<Vec<Scored>, RunError<S::Error>> {
    let calls = probe.calls();
    let queries: Vec<LabelQuery> = items
        .iter()
        .flat_map(|item| calls.iter().map(|call| label_query(probe, item.messages(probe, *call))))
        .collect();
    let answers = ask_labels(subject, probe, &queries).await?;
    let per_item = answers.chunks(calls.len().max(1));
    Ok(items.iter().zip(per_item).map(|(item, answers)| score::label_item(probe, item, priors, answers)).collect())
}

async fn generate<S: Subject>(
    subject: &mut S,
    probe: &'static Probe,
    items: &[PlannedItem],
) -> Result<Vec<Scored>, RunError<S::Error>> {
    let queries: Vec<GenerateQuery> = items
        .iter()
        .map(|item| GenerateQuery {
            messages: item.messages(probe, crate::row::Call::default()),
            max_tokens: probe.max_tokens,
            stop: Vec::new(),
        })
        .collect();
    let answers = subject.generate(&queries).await.map_err(|source| RunError::Subject { probe: probe.id, source })?;
    check_count(probe, queries.len(), answers.len())?;
    Ok(items.iter().zip(&answers).map(|(item, answer)| score::open_item(probe, item, answer)).collect())
}

async fn ask_labels<S: Subject>(
    subject: &mut S,
    probe: &'static Probe,
    queries: &[LabelQuery],
) -> Result<Vec<LabelAnswer>, RunError<S::Error>> {
    let answers = subject.score(queries).await.map_err(|source| RunError::Subject { probe: probe.id, source })?;
    check_count(probe, queries.len(), answers.len())?;
    Ok(answers)
}

fn label_query(probe: &Probe, messages: Vec<Message>) -> LabelQuery {
    LabelQuery { messages, labels: probe.labels.iter().map(ToString::to_string).collect() }
}

fn check_count<E: std::error::Error>(probe: &'static Probe, asked: usize, answered: usize) -> Result<(), RunError<E>> {
    if asked == answered { Ok(()) } else { Err(RunError::WrongCount { probe: probe.id, asked, answered }) }
}

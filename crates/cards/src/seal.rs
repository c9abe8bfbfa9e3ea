//! Making a card, reading a card.

use std::collections::BTreeMap;

use crate::{
    Baseline, Bias, Card, Completeness, Contradiction, Dataset, Decoding, EMPTY_SHA256, Engine, Environment, Error,
    Evaluator, Kind, Model, Note, Numerics, Producer, Provenance, Repro, ResultRow, SCHEMA, SampleRow, Samples,
    SpeedDraft, Status, Suite, Task,
    canonical::{as_written, content_id, fits, parse_canonical, to_canonical},
    derive::derive,
    error::{Problem, Problems},
    validate::validate,
};

/// Most bytes of a card.
pub const MAX_CARD_BYTES: usize = 1024 * 1024;

/// Everything a card states that does not follow from something else.
///
/// Fields marked "derived" inside the parts (such as [`Model::weights_sha256`]) are filled by [`Card::seal`];
/// what the draft holds there is ignored, and [`EMPTY_SHA256`] is a fair placeholder.
#[derive(Debug, Clone, PartialEq)]
pub struct CardDraft {
    /// See [`Card::title`].
    pub title: String,
    /// See [`Card::summary`].
    pub summary: String,
    /// See [`Card::interpretation`].
    pub interpretation: Option<String>,
    /// See [`Card::limitations`]; code [`limitation::DEMO_MODEL`](crate::limitation::DEMO_MODEL) makes the banner.
    pub limitations: Vec<Note>,
    /// See [`Card::out_of_scope`].
    pub out_of_scope: Vec<Note>,
    /// See [`Card::created`].
    pub created: String,
    /// See [`Card::producer`].
    pub producer: Producer,
    /// See [`Card::evaluator`].
    pub evaluator: Evaluator,
    /// See [`Completeness::stop_reason`].
    pub stop_reason: String,
    /// See [`Card::suite`].
    pub suite: Suite,
    /// See [`Card::datasets`].
    pub datasets: Vec<Dataset>,
    /// See [`Card::tasks`].
    pub tasks: Vec<Task>,
    /// See [`Card::model`].
    pub model: Model,
    /// See [`Card::engine`].
    pub engine: Engine,
    /// See [`Card::environment`].
    pub environment: Environment,
    /// See [`Card::decoding`].
    pub decoding: Decoding,
    /// See [`Card::numerics`]. A pass that the other fields rule out becomes a fail.
    pub numerics: Numerics,
    /// One for each result row, in order.
    pub results: Vec<ResultDraft>,
    /// One for each label task whose biases are shown.
    pub bias: Vec<BiasDraft>,
    /// How fast it was; see [`Card::speed`].
    pub speed: Option<SpeedDraft>,
    /// File name of the samples beside the card, such as `samples.jsonl`.
    pub samples_file: String,
    /// See [`Card::repro`].
    pub repro: Repro,
    /// See [`Card::ext`].
    pub ext: BTreeMap<String, String>,
}

/// What a result row states.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultDraft {
    /// The task's id.
    pub task: String,
    /// Scoring mode.
    pub mode: String,
    /// Metric id; the first of the task's `metric_list` is the headline.
    pub metric_id: String,
    /// Metric version.
    pub metric_version: u32,
    /// Items right, for a metric beside the headline. The headline counts the samples and ignores it.
    pub k: Option<u64>,
    /// Items planned.
    pub n: u64,
    /// Each baseline; at least one. A score beside a `k` is computed anew.
    pub baselines: Vec<Baseline>,
    /// The rate that `use` demands, 0 to 1.
    pub threshold: f64,
}

/// What a bias row states; the rest follows from the samples.
#[derive(Debug, Clone, PartialEq)]
pub struct BiasDraft {
    /// The task's id.
    pub task: String,
    /// See [`Bias::position_log_odds`].
    pub position_log_odds: Option<f64>,
    /// See [`Bias::label_prior`].
    pub label_prior: Vec<f64>,
    /// See [`Bias::format_gap`].
    pub format_gap: Option<f64>,
}

impl Card {
    /// Makes the card of a run: computes every derived field from draft and samples, then its identity.
    ///
    /// Refuses what a reader would refuse, and samples that contradict themselves or the tasks.
    pub fn seal(draft: CardDraft, samples: &[SampleRow]) -> Result<Self, Error> {
        for (i, row) in samples.iter().enumerate() {
            row.validate().map_err(|e| Error::Row { line: i + 1, source: Box::new(e) })?;
        }
        let stated = as_written(&draft.into_card())?;
        let mut card = as_written(&derive(&stated, Some(samples))?)?;
        card.id = card.content_id()?;
        validate(&card)?;
        let mut found: Vec<Contradiction> = Vec::new();
        card.check_rows(samples, &mut found);
        let problems =
            found.into_iter().map(|c| Problem { path: c.path, expected: c.recomputed, found: c.stated }).collect();
        Problems::into_result(problems)?;
        fits(&card)?;
        Ok(card)
    }

    /// The card as a file: RFC 8785 canonical JSON, no final line feed.
    pub fn to_canonical_json(&self) -> Result<String, Error> {
        to_canonical(self)
    }

    /// Reads a card file. Anything but the exact canonical bytes of a valid card is refused, not repaired.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let card: Self = parse_canonical(bytes, "the card", MAX_CARD_BYTES)?;
        validate(&card)?;
        let computed = card.content_id()?;
        if computed == card.id { Ok(card) } else { Err(Error::Id { stated: card.id, computed }) }
    }

    /// The identity that follows from the content: `sha256:` and the hash of the canonical JSON without `id` and
    /// `sig`.
    pub fn content_id(&self) -> Result<String, Error> {
        content_id(self)
    }
}

impl CardDraft {
    /// The card with placeholders in its derived fields.
    fn into_card(self) -> Card {
        let planned = self.results.iter().filter(|r| r.is_headline(&self.tasks)).map(|r| r.n).sum();
        Card {
            schema: SCHEMA.to_owned(),
            id: String::new(),
            kind: Kind::Run,
            provenance: Provenance::Measured,
            title: self.title,
            summary: self.summary,
            interpretation: self.interpretation,
            limitations: self.limitations,
            out_of_scope: self.out_of_scope,
            created: self.created,
            producer: self.producer,
            evaluator: self.evaluator,
            completeness: Completeness {
                planned,
                attempted: 0,
                status: Status::Partial,
                stop_reason: self.stop_reason,
            },
            suite: self.suite,
            datasets: self.datasets,
            tasks: self.tasks,
            model: self.model,
            engine: self.engine,
            environment: self.environment,
            decoding: self.decoding,
            numerics: self.numerics,
            results: self.results.into_iter().map(ResultDraft::into_row).collect(),
            bias: (!self.bias.is_empty()).then(|| self.bias.into_iter().map(BiasDraft::into_row).collect()),
            speed: self.speed.map(SpeedDraft::into_speed),
            samples: Samples {
                format: "jsonl".to_owned(),
                file_path: self.samples_file,
                checksum: EMPTY_SHA256.to_owned(),
                hash_algorithm: "sha256".to_owned(),
                total_rows: 0,
                merkle_root: EMPTY_SHA256.to_owned(),
            },
            repro: self.repro,
            sig: None,
            ext: (!self.ext.is_empty()).then_some(self.ext),
        }
    }
}

impl ResultDraft {
    fn is_headline(&self, tasks: &[Task]) -> bool {
        tasks.iter().any(|t| t.task == self.task && t.metric_list.first() == Some(&self.metric_id))
    }

    fn into_row(self) -> ResultRow {
        ResultRow {
            task: self.task,
            mode: self.mode,
            metric_id: self.metric_id,
            metric_version: self.metric_version,
            k: self.k.unwrap_or(0),
            n: self.n,
            score: 0.0,
            lower_is_better: false,
            min_score: 0.0,
            max_score: 1.0,
            n_unparsable: 0,
            n_degenerate: 0,
            n_error: 0,
            n_skipped: 0,
            uncertainty: crate::derive::uncertainty(0, 0),
            confusion: None,
            baselines: self.baselines,
            verdict: None,
            threshold: self.threshold,
            n_needed: None,
        }
    }
}

impl BiasDraft {
    fn into_row(self) -> Bias {
        Bias {
            task: self.task,
            position_log_odds: self.position_log_odds,
            label_prior: self.label_prior,
            consistency: None,
            predicted_true_rate: None,
            balanced_accuracy: None,
            mcc: None,
            dprime: None,
            criterion: None,
            format_gap: self.format_gap,
        }
    }
}

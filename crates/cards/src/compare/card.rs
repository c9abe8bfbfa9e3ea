//! Making, reading and checking a differential card.

use std::collections::BTreeSet;

use probes::{
    audit::{self, Audit, Sameness},
    report::{Judged, ProbeChange, ProbeRun, runs},
    stats::Paired,
};

use super::{
    Axis, Checker, Comparability, CompareError, Refusal, Sampled, check_runs,
    counts::{Figures, Pairs, comparison, figures, verdict},
    items::{attempted, paired, tasks},
    rules::{effect_of, word},
    validate::validate,
    words::{limitations, notes, summary, title},
};
use crate::{
    Card, Completeness, Contradiction, Count, DiffCard, DiffComparison, DiffInterval, DiffIntervalName, DiffKind,
    DiffSide, DiffTask, Error, Evaluator, Family, FamilyMethod, Flip, FlipChange, InvalidPairs, InvalidShares,
    MAX_CARD_BYTES, Producer, Provenance, SCHEMA, Status, TrainingDifference,
    canonical::{as_written, content_id, fits, parse_canonical, to_canonical},
    check::{compare, contradiction},
    validate::{clip, cut},
};

/// Characters of an answer on a list of flipped items; the samples hold the whole.
const ANSWER: usize = 40;

/// What a differential card states that does not follow from the two runs.
#[derive(Debug, Clone, PartialEq)]
pub struct DiffFacts {
    /// See [`DiffCard::created`].
    pub created: String,
    /// See [`DiffCard::producer`].
    pub producer: Producer,
    /// See [`DiffCard::evaluator`].
    pub evaluator: Evaluator,
    /// See [`DiffComparison::margin`].
    pub margin: Option<f64>,
    /// What A and B were trained with, where that is known.
    pub training: Option<[Audit; 2]>,
}

impl DiffCard {
    /// Compares run B with run A, where both are sound and the table allows it.
    pub fn make(a: Sampled<'_>, b: Sampled<'_>, axis: Axis, facts: &DiffFacts) -> Result<Self, CompareError> {
        for (side, run) in [("A", a), ("B", b)] {
            if let Some(first) = run.card.check(Some(run.samples)).into_iter().next() {
                return Err(CompareError::Contradicted { side, first });
            }
        }
        let checker = check_runs(a, b, axis);
        if checker.verdict == Comparability::Refused {
            return Err(CompareError::Refused(Refusal { axis, checker }));
        }
        let [of_a, of_b] = paired(a, b);
        let report = runs(&of_a, &of_b, facts.margin)?;
        let rows = report.probes.iter().zip(of_a.iter().zip(&of_b));
        let tasks: Vec<DiffTask> = rows.filter_map(|(change, sides)| task(a.card, change, sides)).collect();
        let trained = facts.training.as_ref().map(|[x, y]| audit::compare(x, y));
        let comparison = DiffComparison {
            axis,
            a: side(a.card),
            b: side(b.card),
            checker,
            family: Family { method: FamilyMethod::Holm, m: 0 },
            margin: facts.margin,
            invalid: InvalidShares { a: Count { k: 0, n: 0 }, b: Count { k: 0, n: 0 } },
            tasks,
            training_diff: trained.as_ref().map(training).unwrap_or_default(),
        };
        let mut card = Self {
            schema: SCHEMA.to_owned(),
            id: String::new(),
            kind: DiffKind::Diff,
            provenance: Provenance::Derived,
            title: String::new(),
            summary: String::new(),
            limitations: vec![],
            out_of_scope: notes(a.card.out_of_scope.iter().chain(&b.card.out_of_scope).cloned()),
            created: facts.created.clone(),
            producer: facts.producer.clone(),
            evaluator: facts.evaluator.clone(),
            completeness: Completeness {
                planned: either(a, b),
                attempted: 0,
                status: Status::Partial,
                stop_reason: "compared".to_owned(),
            },
            comparison,
            sig: None,
        };
        card = card.from_counts();
        card.title = cut(&title(&card.comparison), 120);
        card.summary = cut(&summary(&card.comparison), 600);
        let warned = trained.map(|t| t.warnings).unwrap_or_default();
        card.limitations = limitations(&card.comparison, [a.card, b.card], warned.into_iter().map(|w| w.sentence));
        card = as_written(&card)?;
        card.id = card.content_id()?;
        validate(&card)?;
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

    /// The identity that follows from the content.
    pub fn content_id(&self) -> Result<String, Error> {
        content_id(self)
    }

    /// Recomputes everything that follows from something else and lists what differs.
    ///
    /// Without the two runs, as [`check_alone`](DiffCard::check_alone). With them everything but the texts and the training
    /// settings is computed anew.
    pub fn check(&self, runs: Option<[Sampled<'_>; 2]>) -> Vec<Contradiction> {
        let mut found = self.check_alone();
        // What contradicts itself is not compared once more with its runs.
        if let (Some([a, b]), true) = (runs, found.iter().all(|c| c.path == "id")) {
            let facts = DiffFacts {
                created: self.created.clone(),
                producer: self.producer.clone(),
                evaluator: self.evaluator.clone(),
                margin: self.comparison.margin,
                training: None,
            };
            match Self::make(a, b, self.comparison.axis, &facts) {
                Ok(mut fresh) => {
                    fresh.comparison.training_diff.clone_from(&self.comparison.training_diff);
                    self.differs(&fresh, &mut found);
                }
                Err(e) => found.push(contradiction("comparison", "a comparison", &e.to_string())),
            }
        }
        found
    }

    /// What follows from the card itself: the counts of pairs, bootstrap limits, a numeric fault and shown equivalence are
    /// taken as stated, and so are the check's values.
    pub fn check_alone(&self) -> Vec<Contradiction> {
        let mut found = Vec::new();
        match self.content_id() {
            Ok(id) if id == self.id => {}
            Ok(id) => found.push(contradiction("id", &self.id, &id)),
            Err(e) => found.push(contradiction("id", &self.id, &format!("none: {e}"))),
        }
        self.differs(&self.from_counts(), &mut found);
        for (i, task) in self.comparison.tasks.iter().enumerate() {
            let ids: BTreeSet<&str> = task.flips.iter().map(|f| f.sample_id.as_str()).collect();
            let count = |change| task.flips.iter().filter(|f| f.change == change).count() as u64;
            let flips = [count(FlipChange::Broke), count(FlipChange::Mended), ids.len() as u64];
            let wanted = [task.a_only, task.b_only, task.a_only.saturating_add(task.b_only)];
            if flips != wanted {
                let words = |[broke, mended, ids]: [u64; 3]| format!("{broke} broke, {mended} mended, {ids} items");
                let path = format!("comparison.tasks[{i}].flips");
                found.push(contradiction(&path, &words(flips), &words(wanted)));
            }
        }
        found
    }

    /// Lists the leaves of two comparisons that differ.
    fn differs(&self, other: &Self, found: &mut Vec<Contradiction>) {
        let tree = |card: &Self| {
            let parts = serde_json::json!({"completeness": card.completeness, "comparison": card.comparison});
            to_canonical(&parts).map(|_| parts)
        };
        match (tree(self), tree(other)) {
            (Ok(stated), Ok(derived)) => compare("", &stated, &derived, found),
            (Err(e), _) | (_, Err(e)) => found.push(contradiction("$", "numbers", &format!("none: {e}"))),
        }
    }

    /// The card with everything computed anew that follows from the counts of pairs and from the check's differences.
    #[expect(clippy::wrong_self_convention, reason = "from the counts of this card")]
    fn from_counts(&self) -> Self {
        let mut card = self.clone();
        let comparison = &mut card.comparison;
        if comparison.checker.version == super::CHECKER_VERSION {
            let axis = comparison.axis;
            for diff in &mut comparison.checker.diffs {
                diff.effect = effect_of(&diff.field, axis).unwrap_or(diff.effect);
            }
            comparison.checker = Checker::of(std::mem::take(&mut comparison.checker.diffs));
        }
        comparison.family.m = 2 * comparison.tasks.len() as u64;
        let pairs: Vec<Pairs> = comparison.tasks.iter().map(Pairs::from).collect();
        for (task, (pairs, figures)) in comparison.tasks.iter_mut().zip(pairs.iter().zip(figures(&pairs))) {
            fill(task, *pairs, figures);
        }
        let sum = |of: &dyn Fn(&DiffTask) -> u64| comparison.tasks.iter().map(of).sum::<u64>();
        let n = sum(&|t| t.pairs);
        let a = Count { k: sum(&|t| t.invalid.both + t.invalid.a_only), n };
        let b = Count { k: sum(&|t| t.invalid.both + t.invalid.b_only), n };
        comparison.invalid = InvalidShares { a, b };
        card.completeness.attempted = n;
        card.completeness.status = if n == card.completeness.planned { Status::Complete } else { Status::Partial };
        card
    }
}

impl From<&DiffTask> for Pairs {
    fn from(task: &DiffTask) -> Self {
        let invalid = &task.invalid;
        Self {
            correct: Paired {
                both: task.both,
                first_only: task.a_only,
                second_only: task.b_only,
                neither: task.neither,
            },
            invalid: Paired {
                both: invalid.both,
                first_only: invalid.a_only,
                second_only: invalid.b_only,
                neither: invalid.neither,
            },
        }
    }
}

/// What follows from a task's pairs.
fn fill(task: &mut DiffTask, pairs: Pairs, figures: Figures) {
    task.pairs = pairs.correct.n();
    task.delta = figures.difference.value;
    task.ci.method =
        if task.clusters < task.pairs { DiffIntervalName::ClusterBootstrap } else { DiffIntervalName::Newcombe };
    if task.ci.method == DiffIntervalName::Newcombe {
        (task.ci.lower, task.ci.upper) = (figures.difference.lower, figures.difference.upper);
    }
    (task.p_exact, task.p_midp, task.p_holm) = (figures.correct.p, figures.correct.mid_p, figures.p_correct);
    (task.invalid.p_exact, task.invalid.p_holm) = (figures.invalid.p, figures.p_invalid);
    task.mde80 = figures.mde;
    task.verdict = verdict(comparison(pairs, figures, task.clusters, task.verdict));
}

/// A task's counts, limits and flipped items; what follows from the counts is filled in afterwards.
fn task(card: &Card, change: &ProbeChange, sides: (&ProbeRun, &ProbeRun)) -> Option<DiffTask> {
    let all = tasks(card);
    let of = all.iter().find(|h| h.task.task == change.probe)?;
    let (correct, invalid) = (change.changes.correct, change.invalid);
    let limits = change.clustered.map_or((0.0, 0.0), |l| (l.lower, l.upper));
    Some(DiffTask {
        task: change.probe.clone(),
        mode: of.row.mode.clone(),
        metric_id: of.row.metric_id.clone(),
        pairs: correct.n(),
        both: correct.both,
        a_only: correct.first_only,
        b_only: correct.second_only,
        neither: correct.neither,
        clusters: change.clusters,
        invalid: InvalidPairs {
            both: invalid.both,
            a_only: invalid.first_only,
            b_only: invalid.second_only,
            neither: invalid.neither,
            p_exact: 1.0,
            p_holm: 1.0,
        },
        delta: 0.0,
        ci: DiffInterval { lower: limits.0, upper: limits.1, method: DiffIntervalName::Newcombe },
        p_exact: 1.0,
        p_midp: 1.0,
        p_holm: 1.0,
        mde80: None,
        verdict: verdict(change.comparison),
        flips: flips(sides),
    })
}

fn flips((a, b): (&ProbeRun, &ProbeRun)) -> Vec<Flip> {
    let right = |item: &Judged| item.verdict == probes::ItemVerdict::Correct;
    let answer = |item: &Judged| match &item.predicted {
        Some(text) => clip(text, ANSWER),
        None => format!("({})", item.verdict.as_str()),
    };
    let after: std::collections::BTreeMap<&str, &Judged> = b.items.iter().map(|i| (i.item_id.as_str(), i)).collect();
    let pairs = a.items.iter().filter_map(|x| after.get(x.item_id.as_str()).map(|y| (x, *y)));
    pairs
        .filter(|(x, y)| right(x) != right(y))
        .map(|(x, y)| Flip {
            sample_id: x.item_id.clone(),
            change: if right(x) { FlipChange::Broke } else { FlipChange::Mended },
            target: clip(&x.gold, ANSWER),
            a: answer(x),
            b: answer(y),
        })
        .collect()
}

fn side(card: &Card) -> DiffSide {
    let (model, machine) = (&card.model, &card.environment);
    DiffSide {
        id: card.id.clone(),
        title: card.title.clone(),
        created: card.created.clone(),
        model: model.id.clone(),
        quantization: model.quantization.clone(),
        weights_sha256: model.weights_sha256.clone(),
        tokenizer_sha256: model.tokenizer_sha256.clone(),
        chat_template_sha256: model.chat_template_sha256.clone(),
        engine: format!("{} {}", card.engine.name, card.engine.version),
        machine: format!("{}, {} {}", word(&machine.backend), machine.adapter.vendor, machine.adapter.architecture),
        suite: format!("{} {}", card.suite.name, card.suite.version),
        suite_sha256: card.suite.sha256.clone(),
        samples_sha256: card.samples.checksum.clone(),
    }
}

/// Items that at least one of the runs attempted.
fn either(a: Sampled<'_>, b: Sampled<'_>) -> u64 {
    let ids = |run: Sampled<'_>| -> BTreeSet<(String, String)> {
        let of = |task: &str, row: &crate::SampleRow| (task.to_owned(), row.sample_id.clone());
        tasks(run.card)
            .iter()
            .flat_map(|h| attempted(run, h).into_iter().map(|r| of(&h.task.task, r)).collect::<Vec<_>>())
            .collect()
    };
    ids(a).union(&ids(b)).count() as u64
}

fn training(compared: &audit::Compared) -> Vec<TrainingDifference> {
    let told = |row: &&audit::ComparedRow| !matches!(row.sameness, Sameness::Same | Sameness::Neither);
    compared
        .rows
        .iter()
        .filter(told)
        .map(|row| TrainingDifference {
            id: row.id.clone(),
            name: row.name.clone(),
            a: cut(&row.first, 300),
            b: cut(&row.second, 300),
            ratio: row.ratio.filter(|r| r.is_finite() && r.abs() < 1e12),
        })
        .collect()
}

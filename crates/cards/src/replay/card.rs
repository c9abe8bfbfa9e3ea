//! Making, reading and checking the card of a replay.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;

use super::{
    Judgement, NONCE_BYTES, ReplayOutcome, ReplayRow, Why, judge::ANSWER, judge::tolerance, replay_order,
    replay_population,
};
use crate::{
    Card, Completeness, Contradiction, Drift, Engine, Environment, Error, Evaluator, GateVerdict, MAX_CARD_BYTES, Note,
    Numerics, Producer, Provenance, Replay, ReplayCard, ReplayKind, ReplayTarget, SCHEMA, SampleRow, Sampled, Status,
    Task,
    canonical::{as_written, content_id, fits, parse_canonical, to_canonical},
    check::{compare, contradiction},
    limitation::{DEMO_MODEL, OWN_TEXT},
    number::round6,
    validate::{Rules, clip, cut},
};

/// Most items of a replay: a card of them stays below its limit of bytes.
pub const MAX_REPLAY_ITEMS: usize = 2_000;

/// What the card of a replay states that does not follow from the run and the answers found.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayFacts {
    /// See [`ReplayCard::created`].
    pub created: String,
    /// See [`ReplayCard::producer`].
    pub producer: Producer,
    /// See [`ReplayCard::evaluator`].
    pub evaluator: Evaluator,
    /// See [`ReplayCard::engine`].
    pub engine: Engine,
    /// See [`ReplayCard::environment`].
    pub environment: Environment,
    /// See [`ReplayCard::numerics`].
    pub numerics: Numerics,
    /// The nonce that drew the items.
    pub nonce: [u8; NONCE_BYTES],
    /// See [`Replay::excluded`].
    pub excluded: Vec<String>,
    /// See [`Replay::drift`].
    pub drift: Drift,
}

impl ReplayCard {
    /// Judges rows of a run against those found again, pair by pair in the order in which they were drawn.
    pub fn make(
        run: Sampled<'_>,
        pairs: &[(&SampleRow, Option<&SampleRow>)],
        facts: ReplayFacts,
    ) -> Result<Self, Error> {
        let Sampled { card: target, samples } = run;
        let tasks: BTreeMap<&str, &Task> = target.tasks.iter().map(|t| (t.task.as_str(), t)).collect();
        let drift = facts.drift.sum();
        let rows: Vec<ReplayRow> = pairs
            .iter()
            .map(|(stated, found)| ReplayRow::of(stated, *found, tasks.get(stated.task.as_str()).copied(), drift))
            .collect();
        let mut excluded = facts.excluded;
        excluded.sort();
        let population = replay_population(samples, &excluded).len() as u64;
        let replay = Replay {
            target: side(target),
            nonce: HEXLOWER.encode(&facts.nonce),
            excluded,
            population,
            k: 0,
            agree: 0,
            near_tie: 0,
            contradict: 0,
            outcome: ReplayOutcome::Open,
            drift: facts.drift,
            rows,
        };
        let demo = target.limitations.iter().find(|n| n.code == DEMO_MODEL).cloned();
        let card = Self {
            schema: SCHEMA.to_owned(),
            id: String::new(),
            kind: ReplayKind::Replay,
            provenance: Provenance::Measured,
            title: String::new(),
            summary: String::new(),
            limitations: vec![],
            out_of_scope: out_of_scope(&replay),
            created: facts.created,
            producer: facts.producer,
            evaluator: facts.evaluator,
            completeness: Completeness {
                planned: 0,
                attempted: 0,
                status: Status::Complete,
                stop_reason: "finished".to_owned(),
            },
            engine: facts.engine,
            environment: facts.environment,
            numerics: facts.numerics,
            replay,
            sig: None,
        };
        let mut card = as_written(&card.counted())?;
        card.title = cut(&format!("Replay: {}", card.replay.target.title), 120);
        card.summary = cut(&summary(&card), 600);
        card.limitations = demo.into_iter().chain([odds(card.replay.k)]).collect();
        card.id = card.content_id()?;
        card.validate()?;
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
        card.validate()?;
        let computed = card.content_id()?;
        if computed == card.id { Ok(card) } else { Err(Error::Id { stated: card.id, computed }) }
    }

    /// As [`Card::content_id`].
    pub fn content_id(&self) -> Result<String, Error> {
        content_id(self)
    }

    /// Recomputes everything that follows from something else and lists what differs.
    ///
    /// Without the run, its items and margins are taken as stated. With it, the items must be those that the nonce draws,
    /// and each is judged again from what was found. What was found is the verifier's word, whoever reads it.
    pub fn check(&self, run: Option<Sampled<'_>>) -> Vec<Contradiction> {
        let mut found = Vec::new();
        match self.content_id() {
            Ok(id) if id == self.id => {}
            Ok(id) => found.push(contradiction("id", &self.id, &id)),
            Err(e) => found.push(contradiction("id", &self.id, &format!("none: {e}"))),
        }
        let tree = |card: &Self| {
            let parts = serde_json::json!({"completeness": card.completeness, "replay": card.replay});
            to_canonical(&parts).map(|_| parts)
        };
        let mut fresh = self.counted();
        match run {
            Some(run) => fresh.drawn_from(run, &mut found),
            None => fresh.judged(),
        }
        match (tree(self), tree(&fresh.counted())) {
            (Ok(stated), Ok(derived)) => compare("", &stated, &derived, &mut found),
            (Err(e), _) | (_, Err(e)) => found.push(contradiction("$", "numbers", &format!("none: {e}"))),
        }
        found
    }

    /// What the verifier's own statement of a row comes to.
    fn judged(&mut self) {
        for row in &mut self.replay.rows {
            row.judgement = row.why.judgement();
        }
    }

    /// Everything that the run gives: which items, what it states of each, and how far rounding may move it.
    fn drawn_from(&mut self, Sampled { card, samples }: Sampled<'_>, found: &mut Vec<Contradiction>) {
        let replay = &mut self.replay;
        if card.id != replay.target.id {
            found.push(contradiction("replay.target.id", &replay.target.id, &card.id));
            return;
        }
        replay.target = side(card);
        let population = replay_population(samples, &replay.excluded);
        replay.population = population.len() as u64;
        // A run is believed no more than what it states of itself.
        if let Some(most) = card.numerics.max_abs_dlogit.filter(|most| replay.drift.stated > most + 1e-6) {
            let [stated, most] = [replay.drift.stated, round6(most)].map(|x| x.to_string());
            found.push(contradiction("replay.drift.stated", &stated, &format!("at most {most}")));
        }
        let drawn = nonce(&replay.nonce)
            .and_then(|nonce| replay_order(&card.id, &nonce, population.len(), replay.rows.len()))
            .unwrap_or_default();
        let drift = replay.drift.sum();
        if drawn.len() != replay.rows.len() {
            let [stated, most] = [replay.rows.len(), drawn.len()].map(|n| n.to_string());
            found.push(contradiction("replay.rows", &stated, &most));
        }
        for (row, stated) in replay.rows.iter_mut().zip(drawn.iter().filter_map(|&i| population.get(i))) {
            row.sample_id.clone_from(&stated.sample_id);
            row.task.clone_from(&stated.task);
            row.stated = stated.pred.as_deref().map(|text| clip(text, ANSWER));
            row.margin = stated.margin.map(round6);
            let task = card.tasks.iter().find(|t| t.task == stated.task);
            row.tolerance = tolerance(stated, task, drift);
            if !matches!(row.why, Why::NoAnswer | Why::OtherPrompt) {
                row.why = row.decide(!stated.choices.is_empty());
            }
            row.judgement = row.why.judgement();
        }
    }

    /// The card with its counts computed from its rows.
    fn counted(&self) -> Self {
        let mut card = self.clone();
        let rows = &card.replay.rows;
        let count = |wanted| rows.iter().filter(|r| r.judgement == wanted).count() as u64;
        let k = rows.len() as u64;
        let [agree, near_tie, contradict] = [Judgement::Agrees, Judgement::NearTie, Judgement::Contradicts].map(count);
        let outcome = ReplayOutcome::of(k, near_tie, contradict);
        card.replay = Replay { k, agree, near_tie, contradict, outcome, ..card.replay };
        card.completeness = Completeness { planned: k, attempted: k, status: Status::Complete, ..card.completeness };
        card
    }

    fn validate(&self) -> Result<(), Error> {
        let mut rules = Rules::default();
        rules.head(&self.into());
        rules.holds(self.provenance == Provenance::Measured, "provenance", "`measured`", &"another");
        rules.completeness(&self.completeness);
        rules.engine(&self.engine, &self.numerics);
        let passed = self.numerics.verdict == GateVerdict::Pass;
        rules.holds(passed, "numerics.verdict", "`pass`, without which nothing is judged", &"another");
        let replay = &self.replay;
        rules.id("replay.target.id", &replay.target.id);
        for (name, hash) in [
            ("weights_sha256", &replay.target.weights_sha256),
            ("suite_sha256", &replay.target.suite_sha256),
            ("samples_sha256", &replay.target.samples_sha256),
        ] {
            rules.hash(&format!("replay.target.{name}"), hash);
        }
        rules.chars("replay.target.title", 120, &replay.target.title);
        let known = nonce(&replay.nonce).is_some();
        rules.holds(known, "replay.nonce", "32 lower-case hexadecimal digits", &replay.nonce);
        let sorted = replay.excluded.windows(2).all(|w| matches!(w, [a, b] if a < b));
        rules.holds(sorted, "replay.excluded", "tasks sorted, each once", &"another order");
        let n = replay.rows.len();
        let expected = format!("1 to {MAX_REPLAY_ITEMS} items");
        rules.holds((1..=MAX_REPLAY_ITEMS).contains(&n), "replay.rows", &expected, &n);
        let enough = replay.population >= n as u64;
        rules.holds(enough, "replay.population", "at least the items asked", &replay.population);
        for (name, x) in [("own", replay.drift.own), ("stated", replay.drift.stated)] {
            let sound = (0.0..=1e6).contains(&x);
            rules.holds(sound, &format!("replay.drift.{name}"), "a number from 0 to 1e6", &x);
        }
        let ids: BTreeSet<_> = replay.rows.iter().map(|r| (&r.task, &r.sample_id)).collect();
        rules.holds(ids.len() == n, "replay.rows", "each item once", &"one twice");
        for (i, row) in replay.rows.iter().enumerate() {
            let sound = |x: f64| (0.0..=1e9).contains(&x);
            let numbers = sound(row.tolerance) && row.margin.is_none_or(sound) && row.difference.is_none_or(sound);
            rules.holds(numbers, &format!("replay.rows[{i}]"), "numbers from 0 to 1e9", &"others");
        }
        if let Ok(tree) = serde_json::to_value(self) {
            rules.texts("", &tree);
        }
        rules.into_result()
    }
}

fn nonce(hex: &str) -> Option<[u8; NONCE_BYTES]> {
    HEXLOWER.decode(hex.as_bytes()).ok()?.try_into().ok()
}

fn side(card: &Card) -> ReplayTarget {
    ReplayTarget {
        id: card.id.clone(),
        title: card.title.clone(),
        model: card.model.id.clone(),
        quantization: card.model.quantization.clone(),
        weights_sha256: card.model.weights_sha256.clone(),
        suite: card.suite.name.clone(),
        suite_sha256: card.suite.sha256.clone(),
        samples_sha256: card.samples.checksum.clone(),
    }
}

fn summary(card: &ReplayCard) -> String {
    let Replay { k, agree, near_tie, contradict, population, outcome, .. } = &card.replay;
    let machine = format!("{}, {}", card.environment.adapter.vendor, card.environment.adapter.architecture);
    format!(
        "{k} of {population} answered items, drawn by the verifier's nonce, were asked again ({machine}): {agree} agree, {near_tie} are near-ties, {contradict} contradict. Outcome: {}.",
        outcome.words()
    )
}

/// What so many items can show.
fn odds(k: u64) -> Note {
    // The exponent is at most 2,000.
    let missed = 0.95_f64.powi(k.min(MAX_REPLAY_ITEMS as u64) as i32);
    let missed = if missed < 0.001 { "less than 0.001".to_owned() } else { format!("{missed:.3}") };
    let text = format!(
        "Had 5% of the answers been falsified, {k} items would all have missed them with a probability of {missed}. What was found here is the verifier's word."
    );
    Note { code: OWN_TEXT, text }
}

fn out_of_scope(replay: &Replay) -> Vec<Note> {
    let note = |text: String| Note { code: OWN_TEXT, text: cut(&text, 300) };
    let mut notes = vec![note("Items that were not drawn, and whether the run chose well what to ask.".to_owned())];
    notes.push(note("Speed: it is never verified by a replay.".to_owned()));
    if !replay.excluded.is_empty() {
        notes.push(note(format!("Tasks that this machine cannot ask: {}.", replay.excluded.join(", "))));
    }
    notes
}

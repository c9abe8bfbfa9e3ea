//! The compact form `c1`: a projection of a run card that fits in a link (design of cards, 2.2).
//!
//! It holds one row for each headline result, and, while they are few enough, what became of every item in 2 bits each,
//! so that two links over one suite can be compared in pairs without a server. Everything in it follows from card and
//! samples by [`Compact::of`].

use std::collections::BTreeMap;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use probes::stats::{Interval, IntervalMethod, interval};
use serde::{Deserialize, Serialize};

use crate::{
    Card, Error, GateVerdict, ItemVerdict, MAX_SPEED_ROWS, ResultRow, SampleRow, SpeedRow, SpeedTest, TaskVerdict,
    canonical::{sha256_hex, to_canonical},
    derive::{best_score, headline, is_headline, limits, verdict_word},
    validate::{Rules, is_hash},
};

/// Most items whose outcomes a compact form holds, in all and of one result; beyond, a link would be too long for most
/// places, and one text too long for its reader.
pub const MAX_OUTCOMES: [u64; 2] = [16_384, 4_096];

/// Repetitions of a test up to which a link holds them.
pub const MAX_LINK_TIMINGS: usize = 32;

/// A result whose limits or score do not follow from `k` and `n` is stated in so many parts of one.
const PARTS: f64 = 1e4;

/// The compact form of a run card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compact {
    /// The version of the projection.
    #[serde(rename = "v")]
    pub version: Version,
    /// The card's id.
    #[serde(rename = "i")]
    pub id: String,
    /// The card's title.
    #[serde(rename = "t")]
    pub title: String,
    /// When it was made, Unix seconds.
    #[serde(rename = "d")]
    pub created: u64,
    /// The model.
    #[serde(rename = "m")]
    pub model: CompactModel,
    /// Suite name, version and short hash.
    #[serde(rename = "u")]
    pub suite: (String, String, String),
    /// Engine and machine.
    #[serde(rename = "e")]
    pub engine: CompactEngine,
    /// The numeric gate.
    #[serde(rename = "g")]
    pub gate: CompactGate,
    /// Headline results in suite order.
    #[serde(rename = "r")]
    pub results: Vec<CompactResult>,
    /// Times: test, warm-ups, repetitions in microseconds; of tests with at most [`MAX_LINK_TIMINGS`] of them.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub speed: Vec<(String, u64, Vec<u64>)>,
    /// Limitation codes in order, each once.
    #[serde(rename = "l")]
    pub limitations: Vec<u32>,
    /// Flags: `undecided:A01/LPx` where a result has no verdict although all its items were asked; `speed:thermal` and the
    /// like where a guard of the times was set.
    #[serde(rename = "f")]
    pub flags: Vec<String>,
    /// Short hash of the samples' tree head, and their number.
    #[serde(rename = "x")]
    pub samples: (String, u64),
    /// Outcomes by `task/mode`, see [`outcomes`].
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<BTreeMap<String, String>>,
    /// Public key and signature.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<(String, String)>,
}

/// The versions of the projection that this reader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Version {
    /// The first.
    #[serde(rename = "c1")]
    C1,
}

/// Model id, `quantization/act/kv` types, and short hashes of weights, tokenizer, chat template and decoding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompactModel(pub String, pub String, pub String, pub String, pub String, pub String);

/// Version, short hashes of program and shaders, backend, vendor, architecture, browser and major or `native`, system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompactEngine(
    pub String,
    pub String,
    pub String,
    pub String,
    pub String,
    pub String,
    pub String,
    pub String,
);

/// Prompts, first choices that agree, numbers not finite, largest logit difference x 1e4, mean divergence x 1e6, verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompactGate(pub u32, pub u32, pub u64, pub Option<u64>, pub Option<u64>, pub GateVerdict);

/// A result: task, mode, metric, then counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CompactResult {
    /// Score and limits follow from the counts.
    Counted(Head, Head, Head, u64, u64, u64, u64, u64, u64, Option<u64>, u32),
    /// Score, lower and upper limit and best baseline follow from clusters or spans: each x 1e4.
    Stated(Head, Head, Head, u64, u64, u64, u64, u64, u64, Option<u64>, u32, u32, u32, u32, u32),
}

/// A short name.
pub type Head = String;

/// A compact result spelled out.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadResult {
    /// The task's id.
    pub task: String,
    /// Scoring mode.
    pub mode: String,
    /// Metric.
    pub metric: String,
    /// Items right.
    pub k: u64,
    /// Items planned.
    pub n: u64,
    /// Items whose answer could not be read, whose output was broken, that failed to run, that were never asked.
    pub lost: [u64; 4],
    /// The score, 0 to 1.
    pub score: f64,
    /// Its 95% limits.
    pub limits: Interval,
    /// The best baseline's items right, where it has a count.
    pub best_k: Option<u64>,
    /// The best baseline's score, 0 to 1.
    pub best: f64,
    /// The rate that `use` demands.
    pub threshold: f64,
    /// The verdict, by the rule of a card.
    pub verdict: Option<TaskVerdict>,
}

impl Compact {
    /// The compact form of a card and its samples, with the card's signature if it has one.
    pub fn of(card: &Card, samples: &[SampleRow]) -> Result<Self, Error> {
        let rows: Vec<(&ResultRow, Vec<&SampleRow>)> = card
            .results
            .iter()
            .filter_map(|row| {
                let task = card.tasks.iter().find(|t| t.task == row.task).filter(|t| is_headline(row, t))?;
                let mut items = headline(task, samples);
                items.retain(|s| s.mode == row.mode);
                Some((row, items))
            })
            .collect();
        let [in_all, of_one] = MAX_OUTCOMES;
        let few = !rows.is_empty()
            && rows.iter().map(|(row, _)| row.n).sum::<u64>() <= in_all
            && rows.iter().all(|(row, _)| row.n <= of_one);
        let numerics = &card.numerics;
        let (machine, e) = (&card.environment, &card.engine);
        let browser =
            machine.browser.as_ref().map_or_else(|| "native".to_owned(), |b| format!("{}/{}", b.family, b.major));
        let decoding = sha256_hex(to_canonical(&card.decoding)?.as_bytes());
        let types = format!("{}/{}/{}", card.model.quantization, card.decoding.act_dtype, card.decoding.kv_dtype);
        let scaled = |x: Option<f64>, by: f64| x.map(|x| (x * by).round_ties_even() as u64);
        let mut limitations: Vec<u32> = card.limitations.iter().map(|note| note.code).collect();
        limitations.sort_unstable();
        limitations.dedup();
        let backend = match serde_json::to_value(machine.backend) {
            Ok(serde_json::Value::String(name)) => name,
            _ => String::new(),
        };
        Ok(Self {
            version: Version::C1,
            id: card.id.clone(),
            title: card.title.clone(),
            created: unix_seconds(&card.created).ok_or(Error::Signature { what: "created" })?,
            model: CompactModel(
                card.model.id.clone(),
                types,
                brief(&card.model.weights_sha256)?,
                brief(&card.model.tokenizer_sha256)?,
                brief(&card.model.chat_template_sha256)?,
                brief(&decoding)?,
            ),
            suite: (card.suite.name.clone(), card.suite.version.clone(), brief(&card.suite.sha256)?),
            engine: CompactEngine(
                e.version.clone(),
                brief(&e.binary_sha256)?,
                brief(&e.shaders_sha256)?,
                backend,
                machine.adapter.vendor.clone(),
                machine.adapter.architecture.clone(),
                browser,
                machine.os.family.clone(),
            ),
            gate: CompactGate(
                numerics.n_prompts,
                numerics.top1_agree,
                numerics.nan_count,
                scaled(numerics.max_abs_dlogit, 1e4),
                scaled(numerics.mean_kl, 1e6),
                numerics.verdict,
            ),
            results: rows.iter().map(|(row, _)| CompactResult::of(row)).collect(),
            speed: card.speed.iter().flat_map(|s| &s.rows).filter_map(timings).collect(),
            limitations,
            flags: rows
                .iter()
                .filter(|(row, _)| row.verdict.is_none() && row.n_skipped == 0)
                .map(|(row, _)| undecided(&row.task, &row.mode))
                .chain(card.speed.iter().flat_map(|s| &s.flags).map(|flag| format!("speed:{}", flag.as_str())))
                .collect(),
            samples: (brief(&card.samples.merkle_root)?, card.samples.total_rows),
            outcomes: few.then(|| {
                rows.iter().map(|(row, items)| (format!("{}/{}", row.task, row.mode), outcomes(items, row.n))).collect()
            }),
            signature: card.sig.as_ref().map(|sig| (sig.key.clone(), sig.value.clone())),
        })
    }

    /// SHA-256 of the canonical JSON without the signature, lower-case hex.
    pub fn cid(&self) -> Result<String, Error> {
        Ok(sha256_hex(to_canonical(&Self { signature: None, ..self.clone() })?.as_bytes()))
    }

    /// The results spelled out: scores, limits and verdicts that follow from the counts are computed here.
    pub fn read(&self) -> Vec<ReadResult> {
        self.results.iter().map(|result| result.read(self)).collect()
    }

    /// What became of each item of a result, in suite order, as far as the link holds it.
    pub fn outcomes_of(&self, task: &str, mode: &str) -> Option<Vec<Outcome>> {
        let n = self.read().iter().find(|r| r.task == task && r.mode == mode)?.n as usize;
        let bytes = BASE64URL_NOPAD.decode(self.outcomes.as_ref()?.get(&format!("{task}/{mode}"))?.as_bytes()).ok()?;
        (bytes.len() == n.div_ceil(4)).then(|| {
            let all = bytes.iter().flat_map(|byte| (0..4).map(move |i| Outcome::of_bits(byte >> (2 * i))));
            all.take(n).collect()
        })
    }

    /// The rules that the types cannot say.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        let mut rules = Rules::default();
        rules.holds(
            self.id.strip_prefix("sha256:").is_some_and(is_hash),
            "i",
            "`sha256:` and 64 hexadecimal digits",
            &self.id,
        );
        rules.chars("t", 120, &self.title);
        let CompactModel(_, _, weights, tokenizer, template, decoding) = &self.model;
        let CompactEngine(_, program, shaders, ..) = &self.engine;
        let short = [weights, tokenizer, template, decoding, &self.suite.2, program, shaders, &self.samples.0];
        for hash in short {
            let whole = BASE64URL_NOPAD.decode(hash.as_bytes()).is_ok_and(|bytes| bytes.len() == 16);
            rules.holds(whole, "m, u, e or x", "a short hash of 22 characters", hash);
        }
        rules.holds(self.results.len() <= 512, "r", "at most 512 rows", &self.results.len());
        for (i, row) in self.read().iter().enumerate() {
            let path = format!("r[{i}]");
            let lost = row.lost.iter().fold(row.k, |sum, &x| sum.saturating_add(x));
            // Sets of spans are not right or wrong as a whole: only what was lost is bounded.
            rules.holds(lost <= row.n && row.n <= 1 << 32, &path, "counts of at most n", &row.n);
            rules.holds(row.best_k.is_none_or(|k| k <= row.n), &path, "a baseline of at most n", &row.n);
            let shares = [row.score, row.limits.lower, row.limits.upper, row.best, row.threshold];
            rules.holds(
                shares.iter().all(|x| (0.0..=1.0).contains(x)),
                &path,
                "shares from 0 to 1",
                &format!("{shares:?}"),
            );
            if self.outcomes.is_some() {
                let fits = self.outcomes_of(&row.task, &row.mode).is_some_and(|all| agrees(&all, row));
                rules.holds(
                    fits,
                    &format!("o.{}/{}", row.task, row.mode),
                    "outcomes that give the counts of its row",
                    &row.k,
                );
            }
        }
        rules.holds(
            self.speed.len() <= MAX_SPEED_ROWS,
            "s",
            &format!("at most {MAX_SPEED_ROWS} tests"),
            &self.speed.len(),
        );
        for (i, (test, _, samples)) in self.speed.iter().enumerate() {
            let path = format!("s[{i}]");
            rules.holds(SpeedTest::read(test).is_some(), &path, "a test such as pp512@d0", test);
            let few = (1..=MAX_LINK_TIMINGS).contains(&samples.len());
            rules.holds(few, &path, &format!("1 to {MAX_LINK_TIMINGS} repetitions"), &samples.len());
        }
        let named = self.outcomes.as_ref().is_none_or(|o| o.len() == self.results.len());
        rules.holds(named, "o", "one entry for each row", &self.results.len());
        if let Ok(tree) = serde_json::to_value(self) {
            rules.texts("", &tree);
        }
        rules.into_result()
    }
}

/// What became of an item, as a link says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Right.
    Correct,
    /// Wrong.
    Incorrect,
    /// The answer could not be read.
    Unparsable,
    /// A broken output, a failure, or never asked.
    Other,
}

impl Outcome {
    fn of(verdict: ItemVerdict) -> Self {
        match verdict {
            ItemVerdict::Correct => Self::Correct,
            ItemVerdict::Incorrect => Self::Incorrect,
            ItemVerdict::Unparsable => Self::Unparsable,
            ItemVerdict::Degenerate | ItemVerdict::Error | ItemVerdict::Skipped => Self::Other,
        }
    }

    fn of_bits(bits: u8) -> Self {
        match bits & 3 {
            0 => Self::Correct,
            1 => Self::Incorrect,
            2 => Self::Unparsable,
            _ => Self::Other,
        }
    }
}

/// 2 bits for each of `n` items in suite order, the first in the lowest bits, as base64url; items without a row were never
/// asked. What fills the last byte is zero.
fn outcomes(items: &[&SampleRow], n: u64) -> String {
    let known = items.iter().map(|row| Outcome::of(row.verdict));
    let all: Vec<Outcome> = known.chain(std::iter::repeat(Outcome::Other)).take(n as usize).collect();
    let byte = |four: &[Outcome]| four.iter().rev().fold(0_u8, |byte, &outcome| byte << 2 | outcome as u8);
    BASE64URL_NOPAD.encode(&all.chunks(4).map(byte).collect::<Vec<_>>())
}

fn agrees(all: &[Outcome], row: &ReadResult) -> bool {
    let count = |wanted| all.iter().filter(|&&o| o == wanted).count() as u64;
    let [unparsable, degenerate, error, skipped] = row.lost;
    count(Outcome::Correct) == row.k
        && count(Outcome::Unparsable) == unparsable
        && count(Outcome::Other) == degenerate + error + skipped
}

fn undecided(task: &str, mode: &str) -> String {
    format!("undecided:{task}/{mode}")
}

impl CompactResult {
    fn of(row: &ResultRow) -> Self {
        let [task, mode, metric] = [&row.task, &row.mode, &row.metric_id].map(Clone::clone);
        let (lost, n) = ([row.n_unparsable, row.n_degenerate, row.n_error, row.n_skipped], row.n);
        let best = crate::derive::best_baseline(row);
        let best_k = best.and_then(|b| b.k);
        let threshold = (row.threshold * 100.0).round_ties_even() as u32;
        let plain = interval(row.k, row.n);
        let stated = limits(row);
        let same = |a: f64, b: f64| (a - crate::round6(b)).abs() < 1e-9;
        let follows = same(stated.lower, plain.lower)
            && same(stated.upper, plain.upper)
            && best_k.is_some() == best.is_some()
            && n > 0
            && same(row.score, row.k as f64 / n as f64);
        let [u, d, e, s] = lost;
        if follows {
            return Self::Counted(task, mode, metric, row.k, n, u, d, e, s, best_k, threshold);
        }
        let parts = |x: f64| (x * PARTS).round_ties_even() as u32;
        let [score, lower, upper, best] = [row.score, stated.lower, stated.upper, best_score(row)].map(parts);
        Self::Stated(task, mode, metric, row.k, n, u, d, e, s, best_k, threshold, score, lower, upper, best)
    }

    fn read(&self, compact: &Compact) -> ReadResult {
        let (names, counts, best_k, threshold, stated) = match self {
            Self::Counted(a, b, c, k, n, u, d, e, s, best, t) => ([a, b, c], [*k, *n, *u, *d, *e, *s], *best, *t, None),
            Self::Stated(a, b, c, k, n, u, d, e, s, best, t, score, lower, upper, rule) => {
                ([a, b, c], [*k, *n, *u, *d, *e, *s], *best, *t, Some([*score, *lower, *upper, *rule]))
            }
        };
        let [task, mode, metric] = names.map(Clone::clone);
        let [k, n, lost @ ..] = counts;
        let share = |k: u64| if n == 0 { 0.0 } else { k as f64 / n as f64 };
        let (score, limits, best) = match stated.map(|all| all.map(|x| f64::from(x) / PARTS)) {
            None if k <= n => (share(k), interval(k, n), best_k.map_or(0.0, share)),
            // More right than asked: nothing follows, and the rules refuse it.
            None => (2.0, Interval { lower: 0.0, upper: 1.0, method: IntervalMethod::Wilson }, 0.0),
            Some([score, lower, upper, best]) => {
                (score, Interval { lower, upper, method: IntervalMethod::ClusterBootstrap }, best)
            }
        };
        let threshold = f64::from(threshold) / 100.0;
        let decides = lost[3] == 0 && !compact.flags.contains(&undecided(&task, &mode));
        let verdict = decides.then(|| verdict_word(probes::decide_by(limits, score, best, threshold).verdict));
        ReadResult { task, mode, metric, k, n, lost, score, limits, best_k, best, threshold, verdict }
    }
}

/// A test's repetitions in microseconds, a half to even.
fn timings(row: &SpeedRow) -> Option<(String, u64, Vec<u64>)> {
    let micro = |ns: &u64| (*ns as f64 / 1e3).round_ties_even() as u64;
    let few = row.samples_ns.len() <= MAX_LINK_TIMINGS;
    few.then(|| (row.test.clone(), row.warmups, row.samples_ns.iter().map(micro).collect()))
}

/// The first 16 bytes of a digest, base64url without padding: 22 characters.
fn brief(hash: &str) -> Result<String, Error> {
    let digest = HEXLOWER.decode(hash.as_bytes()).map_err(|_| Error::Signature { what: "hash" })?;
    Ok(BASE64URL_NOPAD.encode(digest.get(..16).ok_or(Error::Signature { what: "hash" })?))
}

fn unix_seconds(created: &str) -> Option<u64> {
    let time = humantime::parse_rfc3339(created).ok()?;
    time.duration_since(std::time::UNIX_EPOCH).ok().map(|d| d.as_secs())
}

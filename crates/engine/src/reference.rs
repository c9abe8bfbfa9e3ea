//! The numeric gate: golden prompts computed once in `exact` mode, and a device compared with them.

use serde::{Deserialize, Serialize};
use tokenizer::Control;

use crate::score::{log_sum_exp, top};
use crate::{Engine, Error, Ops};

/// Texts of our own that the gate runs: English and Italian prose, commands, code, numbers, symbols, other scripts.
pub const GOLDEN_PROMPTS: [&str; 24] = [
    "The harbour was quiet until the first boat came in.",
    "Il treno per Torino parte alle nove meno un quarto.",
    "docker compose up --detach --build",
    "Is this sentence correct? Answer true or false: She have two brothers.",
    "fn main() { println!(\"{}\", 6 * 7); }",
    "One, two, three, four, five,",
    "SELECT name, price FROM items WHERE price > 10 ORDER BY price;",
    "A good teacher listens before she answers.",
    "The plural of mouse is mice; the plural of house is",
    "Perché la luna sembra più grande all'orizzonte?",
    "{\"city\": \"Lyon\", \"population\": 520000, \"river\":",
    "Honestly, I could not care less about the weather.",
    "x = [i ** 2 for i in range(10) if i % 2 == 0]",
    "It would be wrong to read a friend's letters without asking.",
    "12.5% of 640 is 80, and 25% of 640 is",
    "Classify the text as technical, creative, ethical or casual: git rebase --interactive HEAD~3",
    "Grüße aus Köln! Ça va? ¿Qué tal? Привет. 你好。こんにちは。",
    "    def area(self):\n        return self.width * self.height\n",
    "Yesterday they walk home; tomorrow they will",
    "https://example.org/path?query=1&page=2#top",
    "Rain again. Rain on the roof, rain on the road, rain in the",
    "# Heading\n\n- first point\n- second point\n- third",
    "Dear Anna,\nthank you for the book. I have read it twice and",
    "!!! ??? ... --- *** ((( ))) [[[ ]]] <<< >>>",
];

/// Tokens kept per prompt; the rest of the distribution is kept as one number.
const KEPT: usize = 512;

/// The golden logits of one model, from the `exact` mode of the CPU backend.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// `sweetspot-reference/1`.
    pub schema: String,
    /// sha256 of the weights, as on a card.
    pub weights_sha256: String,
    /// sha256 of the tokenizer, as on a card.
    pub tokenizer_sha256: String,
    /// The golden prompts.
    pub prompts: Vec<ReferencePrompt>,
}

/// One golden prompt.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ReferencePrompt {
    /// The text; BOS is put before it.
    pub text: String,
    /// Its token ids with BOS.
    pub ids: Vec<u32>,
    /// The most likely next tokens, best first, at most 512.
    pub top_ids: Vec<u32>,
    /// Their logits.
    pub top_logits: Vec<f32>,
    /// ln Σ exp(logit) over the whole vocabulary.
    pub log_sum_exp: f64,
}

/// The schema that this version writes and reads.
const SCHEMA: &str = "sweetspot-reference/1";

/// A device held against a reference. All prompts are compared at their last position, whose token goes through a
/// decode step of its own, so that prompt and decode kernels are both covered.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Prompts compared.
    pub n_prompts: usize,
    /// All token ids are equal.
    pub token_ids_equal: bool,
    /// Prompts with the same most likely token, or whose two best reference logits lie closer than twice the bound.
    pub top1_agree: usize,
    /// Largest absolute difference of a kept logit.
    pub max_abs_dlogit: f64,
    /// Root mean square of those differences.
    pub rms_dlogit: f64,
    /// Mean Kullback-Leibler divergence in nats over the kept tokens and one remainder.
    pub mean_kl_nats: f64,
    /// Logits that are NaN or infinite.
    pub nan_count: usize,
    /// The bound that the difference was held to.
    pub bound: f64,
    /// Whether everything held.
    pub passed: bool,
}

/// KL divergence that a gate allows, in nats, for weights of 4 bits.
const MAX_KL_NATS: f64 = 1e-2;

impl Reference {
    /// Computes the reference of a model. The engine should be in `exact` mode. `progress` hears prompts done.
    pub async fn compute<O: Ops>(
        engine: &mut Engine<O>,
        weights_sha256: String,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Self, Error> {
        let mut prompts = Vec::with_capacity(GOLDEN_PROMPTS.len());
        for (index, text) in GOLDEN_PROMPTS.iter().enumerate() {
            let ids = prompt_ids(engine, text)?;
            let logits = engine.logits(&ids, crate::Want::Last, None).await?.values;
            let (top_ids, top_logits) = top(&logits, KEPT).into_iter().unzip();
            let log_sum_exp = log_sum_exp(&logits);
            prompts.push(ReferencePrompt { text: (*text).to_owned(), ids, top_ids, top_logits, log_sum_exp });
            progress(index + 1);
        }
        Ok(Self { schema: SCHEMA.to_owned(), weights_sha256, tokenizer_sha256: engine.tokenizer.sha256(), prompts })
    }

    /// Reads a reference file and checks everything that a comparison relies on.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let refuse = |what: String| Error::Reference(what);
        let reference: Self =
            serde_json::from_slice(bytes).map_err(|e| refuse(format!("not a reference file: {e}")))?;
        if reference.schema != SCHEMA {
            return Err(refuse(format!("expected schema {SCHEMA}, found {:?}", reference.schema)));
        }
        if reference.prompts.is_empty() {
            return Err(refuse("it holds no prompt".to_owned()));
        }
        for (index, p) in reference.prompts.iter().enumerate() {
            let finite = p.top_logits.iter().all(|x| x.is_finite()) && p.log_sum_exp.is_finite();
            if p.top_ids.is_empty() || p.top_ids.len() != p.top_logits.len() || p.ids.is_empty() || !finite {
                return Err(refuse(format!("prompt {index} is incomplete or holds a number that is not finite")));
            }
        }
        Ok(reference)
    }

    /// Runs the golden prompts on an engine and compares. `bound` is the largest logit difference allowed; with
    /// rounded activations it bounds the root mean square instead.
    pub async fn compare<O: Ops>(&self, engine: &mut Engine<O>, bound: Bound) -> Result<Comparison, Error> {
        let mut total = Totals::default();
        for prompt in &self.prompts {
            let same_ids = prompt_ids(engine, &prompt.text)? == prompt.ids;
            total.token_ids_differ |= !same_ids;
            if same_ids {
                let logits = engine.decode_logits(&prompt.ids).await?;
                total.add(prompt, &logits, bound);
            }
        }
        let n = self.prompts.len();
        let rms = (total.sum_squares / (total.n_logits.max(1)) as f64).sqrt();
        let mean_kl_nats = total.kl / n as f64;
        let within = match bound {
            Bound::Largest(limit) => total.max_abs <= limit,
            Bound::RootMeanSquare(limit) => rms <= limit,
        };
        let passed = !total.token_ids_differ
            && total.top1_agree == n
            && total.nan_count == 0
            && within
            && mean_kl_nats < MAX_KL_NATS;
        Ok(Comparison {
            n_prompts: n,
            token_ids_equal: !total.token_ids_differ,
            top1_agree: total.top1_agree,
            max_abs_dlogit: total.max_abs,
            rms_dlogit: rms,
            mean_kl_nats,
            nan_count: total.nan_count,
            bound: bound.limit(),
            passed,
        })
    }
}

/// What a difference of logits is held to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// The largest absolute difference.
    Largest(f64),
    /// The root mean square difference.
    RootMeanSquare(f64),
}

impl Bound {
    /// The number.
    pub fn limit(self) -> f64 {
        match self {
            Self::Largest(limit) | Self::RootMeanSquare(limit) => limit,
        }
    }

    /// Float activations, f32 everywhere: 1e-4 to 2e-3 with the number of terms a logit sums over. References
    /// (numpy in f64, transformers in f32) differ among themselves by a fifth of that.
    pub fn float(hidden: usize) -> Self {
        Self::Largest(match hidden {
            0..=256 => 1e-4,
            257..=640 => 1e-3,
            _ => 2e-3,
        })
    }

    /// Keys and values in f16, f32 elsewhere: f16 rounds to 11 bits, and attention passes on what it rounds.
    pub fn f16(hidden: usize) -> Self {
        Self::Largest(if hidden <= 256 { 2e-2 } else { 5e-2 })
    }

    /// Activations rounded to 8 bits: the rounding of 32 values to 255 steps leaves about this much in a logit.
    pub fn rounded(hidden: usize) -> Self {
        Self::RootMeanSquare(if hidden <= 256 { 0.1 } else { 0.15 })
    }
}

#[derive(Default)]
struct Totals {
    token_ids_differ: bool,
    top1_agree: usize,
    max_abs: f64,
    sum_squares: f64,
    n_logits: usize,
    kl: f64,
    nan_count: usize,
}

impl Totals {
    fn add(&mut self, prompt: &ReferencePrompt, logits: &[f32], bound: Bound) {
        let bad = logits.iter().filter(|x| !x.is_finite()).count();
        self.nan_count += bad;
        if bad > 0 {
            return;
        }
        let lse = log_sum_exp(logits);
        let (mut rest_p, mut rest_q, mut kl) = (1.0, 1.0, 0.0);
        for (&id, &expected) in prompt.top_ids.iter().zip(&prompt.top_logits) {
            let found = f64::from(logits.get(id as usize).copied().unwrap_or(f32::MIN));
            let expected = f64::from(expected);
            let difference = (found - expected).abs();
            self.max_abs = self.max_abs.max(difference);
            self.sum_squares += difference * difference;
            self.n_logits += 1;
            let (ln_p, ln_q) = (expected - prompt.log_sum_exp, found - lse);
            kl += ln_p.exp() * (ln_p - ln_q);
            rest_p -= ln_p.exp();
            rest_q -= ln_q.exp();
        }
        // Below this the remainder is rounding error of the sums above, not probability.
        if rest_p > 1e-9 && rest_q > 1e-9 {
            kl += rest_p * (rest_p / rest_q).ln();
        }
        self.kl += kl.max(0.0);
        let near_tie = match prompt.top_logits[..] {
            [first, second, ..] => f64::from(first - second) <= 2.0 * bound.limit(),
            _ => false,
        };
        let same = prompt.top_ids.first() == Some(&crate::sample::argmax(logits));
        self.top1_agree += usize::from(same || near_tie);
    }
}

fn prompt_ids<O: Ops>(engine: &Engine<O>, text: &str) -> Result<Vec<u32>, Error> {
    let mut ids = vec![engine.tokenizer.bos()];
    ids.extend(engine.tokenizer.encode(text, Control::AsText)?);
    Ok(ids)
}

//! The engine: a model, its tokenizer and a backend, ready to answer.

use std::rc::Rc;

use tokenizer::{ChatTemplate, Tokenizer};
use weights::{Config, Weights};

use crate::score::PASS_ROWS;
use crate::{
    Batch, DEFAULT_CONTEXT_TOKENS, Error, Model, Ops, Phase, Slot, Taps, forward, load_template, load_tokenizer,
};

/// Choices made when a model is loaded.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoadOptions {
    /// Context in tokens; the default is the smaller of 4,096 and what the model was trained for.
    pub context_tokens: Option<usize>,
}

/// Sequences that are generated at a time, unless the caller says otherwise.
const DEFAULT_SLOTS: usize = 32;

/// Rows of a pass when the logits of all are wanted: 64 rows of Gemma's vocabulary are 64 MiB.
const ALL_LOGITS_ROWS: usize = 64;

/// Of which positions logits are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// The last one.
    Last,
    /// All of them.
    All,
}

/// Logits `[n_rows, vocab]`, row-major.
#[derive(Clone, Debug)]
pub struct Logits {
    /// Number of rows: 1 or the length of the prompt.
    pub n_rows: usize,
    /// Width of a row.
    pub vocab: usize,
    /// The values.
    pub values: Vec<f32>,
}

impl Logits {
    /// One row.
    pub fn row(&self, index: usize) -> Option<&[f32]> {
        self.values.get(index * self.vocab..(index + 1) * self.vocab)
    }
}

/// A loaded model.
pub struct Engine<O: Ops> {
    /// The configuration that is computed.
    pub config: Config,
    /// The tokenizer.
    pub tokenizer: Tokenizer,
    /// The chat template: the file's own, or Gemma's.
    pub template: ChatTemplate,
    pub(crate) ops: O,
    pub(crate) model: Model<O>,
    pub(crate) context: usize,
    /// What the prompts of the last scoring began with.
    pub(crate) kept: Option<crate::Prefixes<O>>,
    /// Sequences that are generated at a time.
    pub(crate) slots: usize,
}

impl<O: Ops> Engine<O> {
    /// Loads a model. `progress` hears the bytes of tensors taken so far.
    pub fn load(
        mut ops: O,
        weights: &Rc<Weights>,
        options: LoadOptions,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Self, Error> {
        let config = weights.config.clone();
        let tokenizer = load_tokenizer(weights)?;
        let template = load_template(weights)?;
        let context = options.context_tokens.unwrap_or(DEFAULT_CONTEXT_TOKENS.min(config.context));
        if context > config.context || context == 0 {
            return Err(Error::Context { needed: context.max(1), context: config.context, limit: config.context });
        }
        let model = Model::load(&mut ops, weights, progress)?;
        Ok(Self { config, tokenizer, template, ops, model, context, kept: None, slots: DEFAULT_SLOTS })
    }

    /// The backend.
    pub fn ops(&self) -> &O {
        &self.ops
    }

    /// Generates so many sequences at a time; others take the place of those that have ended.
    pub fn set_slots(&mut self, n: usize) {
        self.slots = n.max(1);
    }

    /// Context in tokens.
    pub fn context(&self) -> usize {
        self.context
    }

    /// Logits of a prompt. Taps listen to every row of every layer.
    pub async fn logits(&mut self, ids: &[u32], want: Want, mut taps: Option<&mut Taps>) -> Result<Logits, Error> {
        self.check_ids(ids)?;
        self.check_context(ids.len())?;
        let mut cache = self.ops.cache(1, ids.len())?;
        let mut values = Vec::new();
        let (chunk_rows, n_rows) = match want {
            Want::Last => (PASS_ROWS, 1),
            Want::All => (ALL_LOGITS_ROWS, ids.len()),
        };
        for (index, chunk) in ids.chunks(chunk_rows).enumerate() {
            let past = index * chunk_rows;
            let mut batch = Batch::new(Phase::Prefill);
            let slot = if ids.len() <= chunk_rows { Slot::None } else { Slot::Extends(0) };
            let rows = batch.push_chain(chunk, past, slot);
            batch.wanted = match want {
                Want::Last => vec![rows.end as u32 - 1],
                Want::All => (0..rows.end as u32).collect(),
            };
            let plan = self.ops.plan(&batch)?;
            let mut heard = taps.is_some().then(Taps::default);
            let normed = forward(&mut self.ops, &self.model, &batch, &plan, &mut cache, heard.as_mut()).await?;
            if let (Some(taps), Some(heard)) = (taps.as_deref_mut(), heard) {
                taps.append(heard);
            }
            if want == Want::All || past + chunk.len() == ids.len() {
                let head = self.ops.head(&normed, self.model.head(), &plan)?;
                values.extend(self.ops.read(&head).await?);
            }
        }
        check_finite(&values, self.config.vocab)?;
        Ok(Logits { n_rows, vocab: self.config.vocab, values })
    }

    /// Logits of the last position, computed as generation does it: the last token in a decode step of its own.
    pub async fn decode_logits(&mut self, ids: &[u32]) -> Result<Vec<f32>, Error> {
        self.check_ids(ids)?;
        self.check_context(ids.len())?;
        let mut cache = self.ops.cache(1, ids.len())?;
        let past = ids.len() - 1;
        self.extend(&ids[..past], 0, 0, &mut cache).await?;
        let mut batch = Batch::new(Phase::Decode);
        batch.push_chain(&ids[past..], past, Slot::Extends(0));
        batch.wanted.push(0);
        let plan = self.ops.plan(&batch)?;
        let normed = forward(&mut self.ops, &self.model, &batch, &plan, &mut cache, None).await?;
        let head = self.ops.head(&normed, self.model.head(), &plan)?;
        self.ops.read(&head).await
    }

    /// Puts tokens behind `past` others into a cache slot, a pass at a time. The final normed state of the last token,
    /// with the plan of its pass; nothing of no tokens.
    pub(crate) async fn extend(
        &mut self,
        ids: &[u32],
        past: usize,
        slot: usize,
        cache: &mut O::Cache,
    ) -> Result<Option<(O::Rows, O::Plan)>, Error> {
        let mut last = None;
        for (index, chunk) in ids.chunks(PASS_ROWS).enumerate() {
            let mut batch = Batch::new(Phase::Prefill);
            let rows = batch.push_chain(chunk, past + index * PASS_ROWS, Slot::Extends(slot));
            batch.wanted.push(rows.end as u32 - 1);
            let plan = self.ops.plan(&batch)?;
            last = Some((forward(&mut self.ops, &self.model, &batch, &plan, cache, None).await?, plan));
        }
        Ok(last)
    }

    pub(crate) fn check_ids(&self, ids: &[u32]) -> Result<(), Error> {
        if ids.is_empty() {
            return Err(Error::EmptyPrompt);
        }
        let vocab = self.config.vocab;
        match ids.iter().position(|&id| id as usize >= vocab) {
            Some(position) => Err(Error::TokenOutOfRange { id: ids[position], position, vocab }),
            None => Ok(()),
        }
    }

    pub(crate) fn check_context(&self, needed: usize) -> Result<(), Error> {
        if needed > self.context {
            return Err(Error::Context { needed, context: self.context, limit: self.config.context });
        }
        Ok(())
    }
}

pub(crate) fn check_finite(logits: &[f32], vocab: usize) -> Result<(), Error> {
    match logits.iter().position(|x| !x.is_finite()) {
        Some(at) => Err(Error::NumericFault {
            value: logits[at],
            place: format!("position {}, token {}", at / vocab.max(1), at % vocab.max(1)),
        }),
        None => Ok(()),
    }
}

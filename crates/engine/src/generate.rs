//! Text generation: several sequences at a time, streamed, stoppable, reproducible.

use std::ops::ControlFlow;

use crate::engine::check_finite;
use crate::sample::Sampler;
use crate::{Batch, Engine, Error, Ops, Phase, Sampling, Slot, forward};

/// How to generate.
#[derive(Clone, Debug)]
pub struct GenerateOptions {
    /// Tokens per sequence at most.
    pub max_tokens: usize,
    /// How the next token is chosen.
    pub sampling: Sampling,
    /// Texts that end a sequence; they are not part of the result.
    pub stop: Vec<String>,
}

/// What a sequence's text must keep to.
pub trait Constrain {
    /// May the text so far go on with this piece? Nothing changes.
    fn allows(&self, piece: &str) -> bool;
    /// The text goes on with this piece, which was allowed.
    fn push(&mut self, piece: &str);
    /// May the text end here?
    fn may_end(&self) -> bool;
}

/// Most likely tokens that a step of a constrained sequence tries first.
const FIRST_CANDIDATES: usize = 64;
/// Further candidates; a constraint that none of them keeps to ends the sequence.
const MOST_CANDIDATES: usize = 32_768;

/// Why a sequence ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The model ended its turn or the text.
    Eos,
    /// A stop text appeared.
    Text,
    /// `max_tokens` were generated, the context was full, or no likely token keeps to the constraint.
    Length,
    /// The caller asked for it.
    Cancelled,
}

/// A piece of a running sequence, for whoever watches.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    /// Index of the sequence.
    pub sequence: usize,
    /// The token, or `None` when only held-back text is released at the end.
    pub token: Option<u32>,
    /// Text that is now certain: never half a character, never part of a stop text.
    pub text: &'a str,
}

/// A finished sequence.
#[derive(Clone, Debug)]
pub struct Generation {
    /// Tokens generated, an end token included.
    pub ids: Vec<u32>,
    /// The text, without control tokens and stop text.
    pub text: String,
    /// Why it ended.
    pub stop: Stop,
    /// Number of prompt tokens.
    pub n_in: usize,
    /// The most likely tokens at the first step `(id, ln p)`, best first.
    pub top: Vec<(u32, f32)>,
}

struct Sequence<'t> {
    generation: Generation,
    constraint: Option<Box<dyn Constrain>>,
    sampler: Sampler,
    /// Bytes to text; taken when the sequence ends.
    stream: Option<tokenizer::DecodeStream<'t>>,
    /// Text that may turn out to be the beginning of a stop text.
    held: String,
    done: bool,
}

impl<O: Ops> Engine<O> {
    /// Continues each prompt. `watch` sees every piece and may stop everything.
    pub async fn generate(
        &mut self,
        prompts: &[Vec<u32>],
        options: &GenerateOptions,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<Vec<Generation>, Error> {
        let free = prompts.iter().map(|_| None).collect();
        self.generate_constrained(prompts, free, options, watch).await
    }

    /// The same with a constraint for each prompt that has one. A constrained sequence takes the most likely token
    /// that keeps to its constraint at every step, whatever the sampling.
    pub async fn generate_constrained(
        &mut self,
        prompts: &[Vec<u32>],
        constraints: Vec<Option<Box<dyn Constrain>>>,
        options: &GenerateOptions,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<Vec<Generation>, Error> {
        options.sampling.check()?;
        for ids in prompts {
            self.check_ids(ids)?;
            self.check_context(ids.len() + usize::from(options.max_tokens > 0))?;
        }
        let Self { ops, model, tokenizer, config, context, .. } = self;
        let mut cache = ops.cache(prompts.len(), *context)?;
        let mut constraints = constraints.into_iter();
        let mut sequences: Vec<Sequence<'_>> = prompts
            .iter()
            .enumerate()
            .map(|(index, ids)| Sequence {
                constraint: constraints.next().flatten(),
                generation: Generation {
                    ids: vec![],
                    text: String::new(),
                    stop: Stop::Length,
                    n_in: ids.len(),
                    top: vec![],
                },
                sampler: Sampler::new(options.sampling, index),
                stream: Some(tokenizer.stream()),
                held: String::new(),
                done: options.max_tokens == 0,
            })
            .collect();

        let mut batches = prefill_batches(prompts);
        let mut cancelled = false;
        while let Some((batch, members)) = batches.next_or_decode(&sequences, prompts) {
            let plan = ops.plan(&batch)?;
            let normed = forward(ops, model, &batch, &plan, &mut cache, None).await?;
            let rows: Vec<(usize, usize)> =
                members.iter().enumerate().filter_map(|(row, member)| member.map(|s| (row, s))).collect();
            if rows.is_empty() {
                continue;
            }
            let head = ops.head(&normed, model.head(), &plan)?;
            let logits = ops.read(&head).await?;
            for (row, index) in rows {
                let logits = &logits[row * config.vocab..(row + 1) * config.vocab];
                check_finite(logits, config.vocab)?;
                let sequence = &mut sequences[index];
                let flow = sequence.step(index, logits, tokenizer, options, *context, watch)?;
                cancelled |= flow.is_break();
            }
            if cancelled {
                break;
            }
        }
        Ok(sequences
            .into_iter()
            .enumerate()
            .map(|(index, mut sequence)| {
                if cancelled && !sequence.done {
                    sequence.generation.stop = Stop::Cancelled;
                    // The caller asked to stop already; its answer to the last piece changes nothing.
                    let _ = sequence.finish(index, watch);
                }
                sequence.generation
            })
            .collect())
    }
}

impl Sequence<'_> {
    fn step(
        &mut self,
        index: usize,
        logits: &[f32],
        tokenizer: &tokenizer::Tokenizer,
        options: &GenerateOptions,
        context: usize,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        if self.generation.ids.is_empty() {
            let total = crate::score::log_sum_exp(logits);
            let ranked = crate::score::top(logits, 5);
            self.generation.top =
                ranked.into_iter().map(|(id, logit)| (id, (f64::from(logit) - total) as f32)).collect();
        }
        let Some(id) = self.choose(logits, tokenizer)? else {
            self.generation.stop = Stop::Length;
            return Ok(self.finish(index, watch));
        };
        self.generation.ids.push(id);
        if id == tokenizer.eos() || Some(id) == tokenizer.end_of_turn() {
            self.generation.stop = Stop::Eos;
            return Ok(self.finish(index, watch));
        }
        if !tokenizer.is_control(id)
            && let Some(stream) = &mut self.stream
        {
            self.held.push_str(&stream.push(id)?);
        }
        if let Some(at) = first_stop(&self.held, &options.stop) {
            self.held.truncate(at);
            self.generation.stop = Stop::Text;
            self.done = true;
            return Ok(self.release(self.held.len(), index, Some(id), watch));
        }
        let certain = self.held.len() - possible_stop(&self.held, &options.stop);
        let flow = self.release(certain, index, Some(id), watch);
        let full = self.generation.n_in + self.generation.ids.len() >= context;
        if self.generation.ids.len() >= options.max_tokens || full {
            self.generation.stop = Stop::Length;
            let last = self.finish(index, watch);
            return Ok(if flow.is_break() { flow } else { last });
        }
        Ok(flow)
    }

    /// The next token; nothing if none of the likely ones keeps to the constraint.
    fn choose(&mut self, logits: &[f32], tokenizer: &tokenizer::Tokenizer) -> Result<Option<u32>, Error> {
        let Some(constraint) = &mut self.constraint else { return Ok(Some(self.sampler.next(logits))) };
        let first: Vec<u32> = crate::score::top(logits, FIRST_CANDIDATES).into_iter().map(|(id, _)| id).collect();
        let mut keeps = |id: u32| -> Result<bool, Error> {
            let ends = id == tokenizer.eos() || Some(id) == tokenizer.end_of_turn();
            if ends || tokenizer.is_control(id) {
                return Ok(ends && constraint.may_end());
            }
            let piece = tokenizer.decode(&[id])?;
            let keeps = !piece.is_empty() && !piece.contains('\u{fffd}') && constraint.allows(&piece);
            if keeps {
                constraint.push(&piece);
            }
            Ok(keeps)
        };
        for &id in &first {
            if keeps(id)? {
                return Ok(Some(id));
            }
        }
        // Rare: the likely tokens all break it.
        let mut all: Vec<u32> = (0..logits.len() as u32).collect();
        let logit = |id: u32| logits.get(id as usize).copied().unwrap_or(f32::NEG_INFINITY);
        all.sort_by(|&a, &b| logit(b).total_cmp(&logit(a)).then(a.cmp(&b)));
        for id in all.into_iter().skip(first.len()).take(MOST_CANDIDATES) {
            if keeps(id)? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn finish(&mut self, index: usize, watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        self.done = true;
        if let Some(stream) = self.stream.take() {
            self.held.push_str(&stream.finish());
        }
        self.release(self.held.len(), index, None, watch)
    }

    /// Moves `n_bytes` of held text to the result and shows them.
    fn release(
        &mut self,
        n_bytes: usize,
        sequence: usize,
        token: Option<u32>,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let text: String = self.held.drain(..n_bytes).collect();
        self.generation.text.push_str(&text);
        watch(Piece { sequence, token, text: &text })
    }
}

/// Prompts cut into prefill passes, then decode steps.
struct Passes {
    prefill: std::vec::IntoIter<(Batch, Vec<Option<usize>>)>,
}

/// Packs prompts into passes of at most [`crate::score::PASS_ROWS`] rows. Per wanted row the sequence whose prompt
/// it ends, if it ends one.
fn prefill_batches(prompts: &[Vec<u32>]) -> Passes {
    let limit = crate::score::PASS_ROWS;
    let mut passes: Vec<(Batch, Vec<Option<usize>>)> = Vec::new();
    for (slot, ids) in prompts.iter().enumerate() {
        for (index, chunk) in ids.chunks(limit).enumerate() {
            let past = index * limit;
            if passes.last().is_none_or(|(batch, _)| past > 0 || batch.n_rows() + chunk.len() > limit) {
                passes.push((Batch::new(Phase::Prefill), vec![]));
            }
            if let Some((batch, members)) = passes.last_mut() {
                let rows = batch.push_chain(chunk, past, Slot::Extends(slot));
                batch.wanted.push(rows.end as u32 - 1);
                members.push((past + chunk.len() == ids.len()).then_some(slot));
            }
        }
    }
    Passes { prefill: passes.into_iter() }
}

impl Passes {
    /// The next prefill pass, or a decode step of all sequences that are not done, or nothing.
    fn next_or_decode(
        &mut self,
        sequences: &[Sequence<'_>],
        prompts: &[Vec<u32>],
    ) -> Option<(Batch, Vec<Option<usize>>)> {
        if sequences.iter().all(|s| s.done) {
            return None;
        }
        if let Some(pass) = self.prefill.next() {
            return Some(pass);
        }
        let mut batch = Batch::new(Phase::Decode);
        let mut members = Vec::new();
        for (slot, sequence) in sequences.iter().enumerate().filter(|(_, s)| !s.done) {
            let ids = &sequence.generation.ids;
            let past = prompts[slot].len() + ids.len() - 1;
            let rows = batch.push_chain(&ids[ids.len() - 1..], past, Slot::Extends(slot));
            batch.wanted.push(rows.start as u32);
            members.push(Some(slot));
        }
        Some((batch, members))
    }
}

/// Where the first stop text begins.
fn first_stop(text: &str, stops: &[String]) -> Option<usize> {
    stops.iter().filter(|s| !s.is_empty()).filter_map(|s| text.find(s.as_str())).min()
}

/// Length in bytes of the longest end of `text` that may be the beginning of a stop text.
fn possible_stop(text: &str, stops: &[String]) -> usize {
    text.char_indices()
        .map(|(at, _)| &text[at..])
        .find(|end| stops.iter().any(|s| s.starts_with(end)))
        .map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_may_become_a_stop_is_held_back() {
        let stops = vec!["\n\nQ:".to_owned(), "END".to_owned()];
        assert_eq!(possible_stop("answer\n", &stops), 1);
        assert_eq!(possible_stop("answer EN", &stops), 2);
        assert_eq!(possible_stop("answer", &stops), 0);
        assert_eq!(first_stop("one END two", &stops), Some(4));
        assert_eq!(first_stop("one", &[String::new()]), None);
    }
}

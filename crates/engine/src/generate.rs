//! Text generation: several sequences at a time, streamed, stoppable, reproducible.

use std::ops::ControlFlow;

use crate::engine::check_finite;
use crate::sample::Sampler;
use crate::seats::{Seats, prefill_passes};
use crate::{Batch, ChainRow, Engine, Error, Model, Ops, Phase, Sampling, Slot, Softmax, forward};

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
        let Self { ops, model, tokenizer, config, context, slots, .. } = self;
        // Without a sampler or a constraint the next token is the most likely one, which a device finds by itself.
        let is_greedy = options.sampling.temperature == 0.0 && constraints.iter().all(Option::is_none);
        let mut constraints = constraints.into_iter();
        let sequences: Vec<Sequence<'_>> = prompts
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

        let longest = prompts.iter().map(|ids| ids.len().saturating_add(options.max_tokens)).max().unwrap_or(0);
        // Steps that are run ahead may pass the end of a sequence.
        let capacity = longest.min(*context) + O::MOST_STEPS;
        let seats = Seats::new((*slots).min(prompts.len()), prompts.len());
        let cache = ops.cache(seats.n_slots(), capacity)?;
        let (vocab, context) = (config.vocab.max(1), *context);
        let mut run = Run {
            ops,
            model,
            tokenizer,
            options,
            prompts,
            vocab,
            context,
            is_greedy,
            sequences,
            seats,
            cache,
            chain: None,
            n_steps: FEWEST_STEPS,
        };
        let cancelled = run.go(watch).await?.is_break();
        let sequences = run.sequences;
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

/// Tokens ranked at the first step.
const N_TOP: usize = 5;
/// Steps that a device runs before the host looks; they double from one time to the next.
const FEWEST_STEPS: usize = 8;

/// A call to generate, under way.
struct Run<'a, O: Ops> {
    ops: &'a mut O,
    model: &'a Model<O>,
    tokenizer: &'a tokenizer::Tokenizer,
    options: &'a GenerateOptions,
    prompts: &'a [Vec<u32>],
    vocab: usize,
    context: usize,
    /// Whether the next token is the most likely one, which a device finds by itself.
    is_greedy: bool,
    sequences: Vec<Sequence<'a>>,
    seats: Seats,
    cache: O::Cache,
    /// Steps recorded on the device, and for how many rows.
    chain: Option<(O::Chain, usize)>,
    n_steps: usize,
}

/// Sequences that go on: slot and index of each.
type Active = [(usize, usize)];

impl<O: Ops> Run<'_, O> {
    /// Until all have ended, or the caller breaks.
    async fn go(&mut self, watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>) -> Result<ControlFlow<()>, Error> {
        loop {
            let is_done: Vec<bool> = self.sequences.iter().map(|s| s.done).collect();
            let joined = self.seats.fill(&is_done);
            if !joined.is_empty() && self.join(&joined, watch).await?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            let is_done: Vec<bool> = self.sequences.iter().map(|s| s.done).collect();
            let active = self.seats.active(&is_done);
            if self.seats.waits() && active.len() < self.seats.n_slots() {
                continue;
            }
            if active.is_empty() {
                return Ok(ControlFlow::Continue(()));
            }
            let flow = if self.is_greedy && self.has_chain(active.len()).await? {
                self.steps(&active, watch).await?
            } else {
                self.step(&active, watch).await?
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
    }

    /// Computes the prompts of sequences that joined, and the first token of each.
    async fn join(
        &mut self,
        joined: &Active,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        self.n_steps = FEWEST_STEPS;
        for (batch, members) in prefill_passes(self.prompts, joined) {
            let plan = self.ops.plan(&batch)?;
            let normed = forward(self.ops, self.model, &batch, &plan, &mut self.cache, None).await?;
            if members.is_empty() {
                continue;
            }
            if !self.is_greedy {
                let head = self.ops.head(&normed, self.model.head(), &plan)?;
                if self.choose(&members, &head, watch).await?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                continue;
            }
            let picked = self.ops.pick(&normed, self.model.head(), &[], Softmax::Whole, N_TOP, &plan).await?;
            for ((&index, top), total) in members.iter().zip(picked.top).zip(picked.log_sum_exp) {
                let id = self.sequences[index].begin(total, top)?;
                if self.accept(index, id, watch)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn accept(
        &mut self,
        index: usize,
        id: u32,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        self.sequences[index].accept(index, id, self.tokenizer, self.options, self.context, watch)
    }

    /// The next token of each sequence, chosen from its row of logits.
    async fn choose(
        &mut self,
        members: &[usize],
        head: &O::Rows,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        let logits = self.ops.read(head).await?;
        let mut all = ControlFlow::Continue(());
        for (&index, logits) in members.iter().zip(logits.chunks(self.vocab)) {
            check_finite(logits, self.vocab)?;
            let sequence = &mut self.sequences[index];
            let flow = sequence.step(index, logits, self.tokenizer, self.options, self.context, watch)?;
            if flow.is_break() {
                all = flow;
            }
        }
        Ok(all)
    }

    /// Whether steps are recorded for so many sequences. A recording has as many rows as were active when it was made;
    /// it is made anew when half of them suffice.
    async fn has_chain(&mut self, n_active: usize) -> Result<bool, Error> {
        let n_rows = n_active.next_power_of_two().min(self.seats.n_slots());
        if !self.chain.as_ref().is_some_and(|(_, n)| (n_rows..2 * n_rows).contains(n)) {
            self.chain = None;
            let chain = self.ops.chain(self.model, &mut self.cache, n_rows).await?;
            self.chain = chain.map(|chain| (chain, n_rows));
        }
        Ok(self.chain.is_some())
    }

    /// Some steps on the device.
    async fn steps(
        &mut self,
        active: &Active,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        let left = |&(_, index): &(usize, usize)| self.sequences[index].left(self.options.max_tokens);
        // Where others wait for a place, no more steps are run ahead than it takes to hide the wait.
        let most = if self.seats.waits() { FEWEST_STEPS } else { self.n_steps };
        let n = most.min(active.iter().map(left).max().unwrap_or(1)).clamp(1, O::MOST_STEPS);
        self.n_steps = (2 * self.n_steps).min(O::MOST_STEPS);
        let row = |&(slot, index): &(usize, usize)| self.sequences[index].row(self.prompts[index].len(), slot);
        let mut rows: Vec<Option<ChainRow>> = active.iter().map(|seat| Some(row(seat))).collect();
        let Some((chain, n_rows)) = &mut self.chain else { return Ok(ControlFlow::Continue(())) };
        rows.resize(*n_rows, Some(ChainRow { token: 0, position: 0, slot: self.seats.idle_slot(active) }));
        let tokens = self.ops.run_chain(chain, &rows, n).await?;
        for step in 0..n {
            for (&(_, index), tokens) in active.iter().zip(&tokens) {
                if let (Some(&id), false) = (tokens.get(step), self.sequences[index].done)
                    && self.accept(index, id, watch)?.is_break()
                {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// One step, whose logits the host reads.
    async fn step(
        &mut self,
        active: &Active,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        let mut batch = Batch::new(Phase::Decode);
        for &(slot, index) in active {
            let ChainRow { token, position, .. } = self.sequences[index].row(self.prompts[index].len(), slot);
            let rows = batch.push_chain(&[token], position as usize, Slot::Extends(slot));
            batch.wanted.push(rows.start as u32);
        }
        let plan = self.ops.plan(&batch)?;
        let normed = forward(self.ops, self.model, &batch, &plan, &mut self.cache, None).await?;
        let head = self.ops.head(&normed, self.model.head(), &plan)?;
        let members: Vec<usize> = active.iter().map(|&(_, index)| index).collect();
        self.choose(&members, &head, watch).await
    }
}

impl Sequence<'_> {
    /// The first token of a greedy sequence, from the denominator and the most likely tokens.
    fn begin(&mut self, log_sum_exp: f64, top: Vec<(u32, f32)>) -> Result<u32, Error> {
        let fault = |value| Error::NumericFault { value, place: "the end of the prompt".to_owned() };
        if !log_sum_exp.is_finite() {
            return Err(fault(log_sum_exp as f32));
        }
        let best = top.first().map(|&(id, _)| id).ok_or_else(|| fault(f32::NAN))?;
        self.rank(log_sum_exp, top);
        Ok(best)
    }

    fn rank(&mut self, log_sum_exp: f64, top: Vec<(u32, f32)>) {
        let ln_p = |logit: f32| (f64::from(logit) - log_sum_exp) as f32;
        self.generation.top = top.into_iter().map(|(id, logit)| (id, ln_p(logit))).collect();
    }

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
            self.rank(crate::score::log_sum_exp(logits), crate::score::top(logits, N_TOP));
        }
        let Some(id) = self.choose(logits, tokenizer)? else {
            self.generation.stop = Stop::Length;
            return Ok(self.finish(index, watch));
        };
        self.accept(index, id, tokenizer, options, context, watch)
    }

    /// The next token is this one.
    fn accept(
        &mut self,
        index: usize,
        id: u32,
        tokenizer: &tokenizer::Tokenizer,
        options: &GenerateOptions,
        context: usize,
        watch: &mut dyn FnMut(Piece<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
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

    /// What the next step computes: the last token, whose key is in no slot yet.
    fn row(&self, n_prompt: usize, slot: usize) -> ChainRow {
        let ids = &self.generation.ids;
        let position = (n_prompt + ids.len()).saturating_sub(1) as u32;
        ChainRow { token: ids.last().copied().unwrap_or(0), position, slot: slot as u32 }
    }

    /// Tokens that may still come.
    fn left(&self, max_tokens: usize) -> usize {
        max_tokens.saturating_sub(self.generation.ids.len())
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

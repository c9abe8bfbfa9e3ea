//! An engine as the subject of a battery.

use std::ops::ControlFlow;

use engine::{Engine, Error, GenerateOptions, LabelSet, Ops, Sampling, ScoreMode, Stop};
use probes::{GenerateAnswer, GenerateQuery, LabelAnswer, LabelQuery, StopReason, Subject};
use tokenizer::{Control, GenerationPrompt, Message, Role};
use web_time::Instant;

use crate::constrain;

/// Answers a battery's questions with an engine.
pub struct EngineSubject<'e, O: Ops> {
    engine: &'e mut Engine<O>,
}

impl<'e, O: Ops> EngineSubject<'e, O> {
    /// A subject that borrows the engine.
    pub fn new(engine: &'e mut Engine<O>) -> Self {
        Self { engine }
    }

    /// The engine.
    pub(crate) fn engine(&self) -> &Engine<O> {
        self.engine
    }

    /// Through the chat template where the tokenizer knows turns; base models without turn markers get plain text.
    pub(crate) fn label_set(&self, query: &LabelQuery) -> Result<LabelSet, Error> {
        let Engine { tokenizer, template, .. } = &*self.engine;
        match tokenizer.end_of_turn() {
            _ if query.messages.is_empty() => LabelSet::text(tokenizer, "", &query.labels),
            Some(_) => LabelSet::chat(template, tokenizer, &messages(&query.messages), &query.labels),
            None => LabelSet::text(tokenizer, &plain(&query.messages), &query.labels),
        }
    }

    pub(crate) fn prompt(&self, query: &GenerateQuery) -> Result<Vec<u32>, Error> {
        let Engine { tokenizer, template, .. } = &*self.engine;
        if tokenizer.end_of_turn().is_some() {
            return Ok(template.encode(tokenizer, &messages(&query.messages), GenerationPrompt::Add)?);
        }
        let mut ids = vec![tokenizer.bos()];
        ids.extend(tokenizer.encode(&plain(&query.messages), Control::AsText)?);
        Ok(ids)
    }

    async fn generate_alike(&mut self, queries: &[&GenerateQuery]) -> Result<Vec<GenerateAnswer>, Error> {
        let Some(first) = queries.first() else { return Ok(vec![]) };
        let prompts = queries.iter().map(|q| self.prompt(q)).collect::<Result<Vec<_>, _>>()?;
        // A constraint that cannot be kept to was refused before.
        let constraints = queries.iter().map(|q| constrain::of(q.constraint.as_ref()).ok().flatten()).collect();
        let sampling = Sampling { temperature: first.temperature, seed: first.seed, ..Sampling::GREEDY };
        let options = GenerateOptions { max_tokens: first.max_tokens as usize, sampling, stop: first.stop.clone() };
        let started = Instant::now();
        let mut prefill = None;
        let done = self
            .engine
            .generate_constrained(&prompts, constraints, &options, &mut |_| {
                prefill.get_or_insert_with(|| started.elapsed());
                ControlFlow::Continue(())
            })
            .await;
        let done = match done {
            // Numbers that are not finite are a finding about the model on this device, not a failure of the run.
            Err(fault @ Error::NumericFault { .. }) => {
                return Ok(prompts.iter().map(|ids| faulty(ids, Some(&fault))).collect());
            }
            other => other?,
        };
        let total = started.elapsed();
        let prefill = prefill.unwrap_or(total);
        let n = done.len().max(1) as u64;
        let share = |time: web_time::Duration| time.as_nanos() as u64 / n;
        let tokenizer = &self.engine.tokenizer;
        Ok(done
            .into_iter()
            .zip(&prompts)
            .map(|(generation, ids)| GenerateAnswer {
                special_ids: generation.ids.iter().map(|&id| tokenizer.is_control(id)).collect(),
                text: generation.text,
                output_ids: generation.ids,
                stop_reason: match generation.stop {
                    Stop::Eos => StopReason::Eos,
                    Stop::Text => StopReason::Stop,
                    Stop::Length => StopReason::Length,
                    Stop::Cancelled => StopReason::Error,
                },
                input_ids_sha256: ids_sha256(ids),
                n_in: ids.len() as u32,
                t_prefill_ns: share(prefill),
                t_decode_ns: share(total.saturating_sub(prefill)),
                top: generation.top,
                numeric_fault: None,
                refused: None,
            })
            .collect())
    }

    /// Why a query of so many tokens cannot be asked, if it cannot.
    fn over_context(&self, needed: usize) -> Option<String> {
        let context = self.engine.context();
        (needed > context).then(|| format!("the prompt needs {needed} tokens, the context has {context}"))
    }
}

/// A query's tokens, or why it alone cannot be asked. Faults of the tokenizer end the run.
pub(crate) fn own_fault<T>(result: Result<T, Error>) -> Result<Result<T, String>, Error> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(fault @ (Error::EqualLabels { .. } | Error::EmptyLabel { .. } | Error::TooFewLabels { .. })) => {
            Ok(Err(fault.to_string()))
        }
        Err(fault) => Err(fault),
    }
}

impl<O: Ops> Subject for EngineSubject<'_, O> {
    type Error = Error;

    /// Exact log-probabilities. The time of a pass is shared equally among its queries. A query that does not fit is
    /// refused alone.
    async fn score(&mut self, queries: &[LabelQuery]) -> Result<Vec<LabelAnswer>, Error> {
        let mut sets = Vec::with_capacity(queries.len());
        for query in queries {
            let set = own_fault(self.label_set(query))?;
            sets.push(set.and_then(|set| self.over_context(set.n_tokens()).map_or(Ok(set), Err)));
        }
        let asked: Vec<LabelSet> = sets.iter().filter_map(|s| s.as_ref().ok()).cloned().collect();
        let started = Instant::now();
        let scores = self.engine.score(&asked, ScoreMode::Exact).await?;
        let share = started.elapsed().as_nanos() as u64 / asked.len().max(1) as u64;
        let mut scores = scores.into_iter();
        let mut answers = Vec::with_capacity(queries.len());
        for (query, set) in queries.iter().zip(&sets) {
            let n_bytes = query.labels.iter().map(|l| l.len() as u32).collect();
            answers.push(match set {
                Err(why) => LabelAnswer { refused: Some(why.clone()), n_bytes, ..LabelAnswer::default() },
                Ok(set) => {
                    let Some(scores) = scores.next() else { break };
                    LabelAnswer {
                        logp: scores.logp,
                        n_tokens: scores.n_tokens.iter().map(|&n| n as u32).collect(),
                        n_bytes,
                        top: scores.top,
                        input_ids_sha256: ids_sha256(&set.prefix),
                        n_in: set.prefix.len() as u32,
                        t_prefill_ns: share,
                        numeric_fault: scores.numeric_fault,
                        refused: None,
                    }
                }
            });
        }
        Ok(answers)
    }

    /// Continuations. Queries with equal settings that follow one another share their passes. A query that does not fit
    /// is refused alone.
    async fn generate(&mut self, queries: &[GenerateQuery]) -> Result<Vec<GenerateAnswer>, Error> {
        let mut answers = Vec::with_capacity(queries.len());
        let alike = |a: &GenerateQuery, b: &GenerateQuery| {
            a.max_tokens == b.max_tokens && a.stop == b.stop && (a.temperature, a.seed) == (b.temperature, b.seed)
        };
        for group in queries.chunk_by(alike) {
            let mut refused = Vec::with_capacity(group.len());
            for query in group {
                let needed = self.prompt(query)?.len() + 1;
                refused.push(self.over_context(needed).or_else(|| constrain::of(query.constraint.as_ref()).err()));
            }
            let fits: Vec<&GenerateQuery> =
                group.iter().zip(&refused).filter(|(_, r)| r.is_none()).map(|(q, _)| q).collect();
            let mut done = self.generate_alike(&fits).await?.into_iter();
            for why in refused {
                answers.extend(match why {
                    Some(why) => Some(GenerateAnswer { refused: Some(why), ..faulty(&[], None) }),
                    None => done.next(),
                });
            }
        }
        Ok(answers)
    }
}

fn faulty(ids: &[u32], fault: Option<&Error>) -> GenerateAnswer {
    GenerateAnswer {
        text: String::new(),
        output_ids: vec![],
        special_ids: vec![],
        stop_reason: StopReason::Error,
        input_ids_sha256: ids_sha256(ids),
        n_in: ids.len() as u32,
        t_prefill_ns: 0,
        t_decode_ns: 0,
        top: vec![],
        numeric_fault: fault.map(ToString::to_string),
        refused: None,
    }
}

fn messages(turns: &[probes::Message]) -> Vec<Message> {
    let role = |role| match role {
        probes::Role::System => Role::System,
        probes::Role::User => Role::User,
        probes::Role::Model => Role::Model,
    };
    turns.iter().map(|m| Message { role: role(m.role), content: m.content.clone() }).collect()
}

/// Turns as paragraphs, for models that know no turns.
fn plain(turns: &[probes::Message]) -> String {
    let mut text = String::new();
    for turn in turns {
        text.push_str(&turn.content);
        text.push('\n');
    }
    text
}

/// SHA-256 of token ids as little-endian u32, lower-case hex.
pub(crate) fn ids_sha256(ids: &[u32]) -> String {
    let bytes: Vec<u8> = ids.iter().flat_map(|id| id.to_le_bytes()).collect();
    cards::sha256_hex(&bytes)
}

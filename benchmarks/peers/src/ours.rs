//! What is timed of this project's engine, natively and in a browser.

use std::ops::ControlFlow;

use engine::{Engine, GenerateOptions, Ops, Sampling};

use crate::prompt;

/// A prompt of `n` tokens, to the logits of its last.
///
/// # Errors
/// As the engine has them.
pub async fn computed<O: Ops>(engine: &mut Engine<O>, n: usize, round: u64) -> Result<(), engine::Error> {
    let ids = prompt(n, engine.config.vocab as u32, round);
    engine.session()?.extend(&ids).await.map(|_| ())
}

/// `n` tokens after the one that begins a text, each the most likely; where the model ends the text early, it begins again.
///
/// # Errors
/// As the engine has them.
pub async fn written<O: Ops>(engine: &mut Engine<O>, n: usize) -> Result<(), engine::Error> {
    let mut left = n;
    while left > 0 {
        let options = GenerateOptions { max_tokens: left, sampling: Sampling::GREEDY, stop: vec![] };
        let start = [vec![engine.tokenizer.bos()]];
        let done = engine.generate(&start, &options, &mut |_| ControlFlow::Continue(())).await?;
        left -= done.first().map_or(left, |g| g.ids.len()).clamp(1, left);
    }
    Ok(())
}

//! What both drivers share: one line on standard input for each repetition, one line of JSON on standard output.
//!
//! `pp 512` computes a prompt of 512 tokens, `tg 128` writes 128 tokens one after the other by the most likely token. The
//! answer holds `ns` and what the program itself would print. The first line, unasked, says who answers.

pub mod ours;
#[cfg(target_arch = "wasm32")]
mod web;

use std::io::{BufRead, Write};

use anyhow::{Context, bail};
use serde_json::{Value, json};

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// A prompt of so many tokens.
    Prompt(usize),
    /// So many tokens, one after the other.
    Decode(usize),
}

/// A repetition: its time, and the line that the program would print.
pub struct Repetition {
    /// Nanoseconds.
    pub ns: u64,
    /// The program's own words.
    pub printed: String,
}

/// The model file and the threads, as the command line gives them.
pub fn arguments() -> anyhow::Result<(String, usize)> {
    let mut words = std::env::args().skip(1);
    let model = words.next().context("expected a GGUF file and a number of threads")?;
    let threads = words.next().context("expected a number of threads")?.parse().context("threads are a number")?;
    Ok((model, threads))
}

/// Answers until standard input ends.
pub fn serve(who: &Value, mut repeat: impl FnMut(Test) -> anyhow::Result<Repetition>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{who}")?;
    out.flush()?;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let test = match line.split_once(' ') {
            Some(("pp", n)) => Test::Prompt(n.parse()?),
            Some(("tg", n)) => Test::Decode(n.parse()?),
            _ => bail!("expected `pp N` or `tg N`, found `{line}`"),
        };
        let Repetition { ns, printed } = repeat(test)?;
        writeln!(out, "{}", json!({"ns": ns, "printed": printed}))?;
        out.flush()?;
    }
    Ok(())
}

/// Token ids that are spread over a vocabulary, the first the one that begins a text.
pub fn prompt(n: usize, vocab: u32, round: u64) -> Vec<u32> {
    let spread = |i: u64| ((round * 7_919 + i) * 2_654_435_761) % u64::from(vocab.max(1));
    let mut ids: Vec<u32> = (0..n as u64).map(|i| spread(i) as u32).collect();
    if let Some(first) = ids.first_mut() {
        *first = 2;
    }
    ids
}

//! `sweetspot generate`: continue a prompt.

use std::time::{Duration, Instant};

use engine::{Engine, GenerateOptions, Ops, Sampling, Stop};
use serde_json::json;
use tokenizer::{Control, GenerationPrompt, Message, Role};

use crate::args::GenerateArgs;
use crate::interrupt::Interrupt;
use crate::model::Job;
use crate::{model, output};

/// Runs the command.
pub fn run(args: &GenerateArgs) -> anyhow::Result<()> {
    let sampling = Sampling {
        temperature: args.temperature,
        top_k: args.top_k,
        top_p: args.top_p,
        min_p: args.min_p,
        seed: args.seed,
    };
    sampling.check()?;
    let prompt = super::text_or_stdin(&args.prompt)?;
    model::with_model(&args.model, &args.compute, Continue { args, sampling, prompt })
}

struct Continue<'a> {
    args: &'a GenerateArgs,
    sampling: Sampling,
    prompt: String,
}

impl Job for Continue<'_> {
    type Output = ();

    fn run<O: Ops>(self, engine: Engine<O>) -> anyhow::Result<()> {
        write_on(self.args, self.sampling, self.prompt, engine)
    }
}

fn write_on<O: Ops>(
    args: &GenerateArgs,
    sampling: Sampling,
    prompt: String,
    mut engine: Engine<O>,
) -> anyhow::Result<()> {
    let ids = if args.raw {
        let mut ids = vec![engine.tokenizer.bos()];
        ids.extend(engine.tokenizer.encode(&prompt, Control::AsText)?);
        ids
    } else {
        let system = args.system.iter().map(|s| Message { role: Role::System, content: s.clone() });
        let messages: Vec<Message> = system.chain([Message { role: Role::User, content: prompt }]).collect();
        engine.template.encode(&engine.tokenizer, &messages, GenerationPrompt::Add)?
    };
    let options = GenerateOptions { max_tokens: args.max_tokens, sampling, stop: args.stop.clone() };
    let interrupt = Interrupt::listen()?;
    let started = Instant::now();
    let mut first = None;
    let mut trouble = None;
    let mut done = pollster::block_on(engine.generate(&[ids], &options, &mut |piece| {
        first.get_or_insert_with(|| started.elapsed());
        if !args.json
            && let Err(error) = output::piece(&output::visible(piece.text))
        {
            trouble = Some(error);
            return std::ops::ControlFlow::Break(());
        }
        interrupt.flow()
    }))?;
    if let Some(error) = trouble {
        return Err(error);
    }
    let Some(generation) = done.pop() else { return Ok(()) };
    let total = started.elapsed();
    let prefill = first.unwrap_or(total);
    let decode = total.saturating_sub(prefill);
    let n_out = generation.ids.len();
    let stop = match generation.stop {
        Stop::Eos => "eos",
        Stop::Text => "stop",
        Stop::Length => "length",
        Stop::Cancelled => "cancelled",
    };
    if args.json {
        return output::json(&json!({
            "text": generation.text, "ids": generation.ids, "stop_reason": stop, "n_in": generation.n_in, "n_out": n_out,
            "t_prefill_ms": prefill.as_secs_f64() * 1e3, "t_decode_ms": decode.as_secs_f64() * 1e3,
        }));
    }
    output::line("")?;
    // The first token comes out of the prefill pass, so decode steps made one token less.
    eprintln!(
        "{} tokens in ({}), {n_out} out ({}), ended by {stop}",
        generation.n_in,
        rate(generation.n_in, prefill),
        rate(n_out.saturating_sub(1), decode),
    );
    Ok(())
}

fn rate(n: usize, time: Duration) -> String {
    if n == 0 || time.is_zero() {
        return "no rate".to_owned();
    }
    format!("{:.1} tokens/s", n as f64 / time.as_secs_f64())
}

//! candle-transformers' quantised Gemma 3, as its example runs it. A peer in speed only: its window and activation are not
//! those of Gemma 3.

use std::time::Instant;

use candle_core::quantized::gguf_file;
use candle_core::{Device, Tensor};
use candle_transformers::models::quantized_gemma3::ModelWeights;
use peers::{Repetition, Test, arguments, prompt, serve};
use serde_json::json;

fn main() -> anyhow::Result<()> {
    let (path, threads) = arguments()?;
    let device = Device::Cpu;
    let started = Instant::now();
    let mut file = std::fs::File::open(&path)?;
    let content = gguf_file::Content::read(&mut file)?;
    let vocab = content.tensor_infos.get("token_embd.weight").map_or(0, |t| t.shape.dims()[0]) as u32;
    let mut model = ModelWeights::from_gguf(content, &mut file, &device)?;
    let who = json!({
        "name": "candle-transformers",
        "version": "0.11.1",
        "device": "cpu",
        "threads": threads,
        "load_ms": started.elapsed().as_millis() as u64,
    });
    let mut round = 0;
    serve(&who, |test| {
        round += 1;
        let started = Instant::now();
        let printed = match test {
            Test::Prompt(n) => {
                let ids = prompt(n, vocab, round);
                let logits = model.forward(&Tensor::new(ids.as_slice(), &device)?.unsqueeze(0)?, 0)?;
                logits.squeeze(0)?.to_vec1::<f32>()?;
                let seconds = started.elapsed().as_secs_f64();
                format!("{n} prompt tokens processed: {:.2} token/s", n as f64 / seconds)
            }
            Test::Decode(n) => {
                let mut token = 2_u32;
                for index in 0..n {
                    let input = Tensor::new(&[token], &device)?.unsqueeze(0)?;
                    let logits = model.forward(&input, index)?.squeeze(0)?;
                    token = logits.argmax(candle_core::D::Minus1)?.to_scalar::<u32>()?;
                }
                let seconds = started.elapsed().as_secs_f64();
                format!("{n} tokens generated: {:.2} token/s", n as f64 / seconds)
            }
        };
        Ok(Repetition { ns: started.elapsed().as_nanos() as u64, printed })
    })
}

//! `sweetspot logits`: the logits of a prompt, and its hidden states.

use std::collections::HashMap;
use std::path::Path;

use engine::{Engine, Ops, Taps, Want};
use safetensors::tensor::{Dtype, TensorView};
use serde_json::json;
use tokenizer::Control;

use crate::args::LogitsArgs;
use crate::model::Job;
use crate::{model, output};

/// Candidates shown where no JSON is asked for.
const SHOWN: usize = 10;

/// Runs the command.
pub fn run(args: &LogitsArgs) -> anyhow::Result<()> {
    model::with_model(&args.model, &args.compute, Show(args))
}

struct Show<'a>(&'a LogitsArgs);

impl Job for Show<'_> {
    type Output = ();

    fn run<O: Ops>(self, engine: Engine<O>) -> anyhow::Result<()> {
        show(self.0, engine)
    }
}

fn show<O: Ops>(args: &LogitsArgs, mut engine: Engine<O>) -> anyhow::Result<()> {
    let ids = match (&args.tokens, &args.prompt) {
        (Some(ids), _) => ids.clone(),
        (None, prompt) => {
            let text = super::text_or_stdin(prompt.as_deref().unwrap_or_default())?;
            let mut ids = vec![engine.tokenizer.bos()];
            ids.extend(engine.tokenizer.encode(&text, Control::AsText)?);
            ids
        }
    };
    let want = if args.all { Want::All } else { Want::Last };
    let mut taps = args.taps.as_ref().map(|_| Taps::default());
    let logits = pollster::block_on(engine.logits(&ids, want, taps.as_mut()))?;
    if let (Some(path), Some(taps)) = (&args.taps, &taps) {
        write_taps(path, taps, ids.len())?;
    }
    if args.json {
        let rows: Vec<&[f32]> = logits.values.chunks_exact(logits.vocab).collect();
        return match rows[..] {
            [last] if !args.all => output::json(&json!({"tokens": ids, "logits": last})),
            _ => output::json(&json!({"tokens": ids, "logits": rows})),
        };
    }
    for row in 0..logits.n_rows {
        let position = if args.all { row } else { ids.len() - 1 };
        let Some(values) = logits.row(row) else { continue };
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
        output::line(&format!("after position {position} (token {}):", ids[position]))?;
        for &id in order.iter().take(SHOWN) {
            let piece = engine.tokenizer.piece(id as u32).unwrap_or_default();
            output::line(&format!("  {id:>7}  {:>10.4}  {}", values[id], output::visible(&format!("{piece:?}"))))?;
        }
    }
    Ok(())
}

fn write_taps(path: &Path, taps: &Taps, n_rows: usize) -> anyhow::Result<()> {
    let packed: Vec<(String, Vec<u8>, usize)> = taps
        .taken
        .iter()
        .map(|(name, values)| {
            let bytes = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            (name.clone(), bytes, values.len() / n_rows.max(1))
        })
        .collect();
    let views = packed
        .iter()
        .map(|(name, bytes, width)| Ok((name.clone(), TensorView::new(Dtype::F32, vec![n_rows, *width], bytes)?)))
        .collect::<Result<HashMap<_, _>, safetensors::SafeTensorError>>()?;
    let file = safetensors::serialize(views, None)?;
    output::write_file(path, &file, output::Replace::Allowed)
}

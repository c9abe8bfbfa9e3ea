//! `sweetspot inspect`: what a model file holds and how it will be computed.

use serde_json::json;
use weights::{Format, LayerKind, Weights};

use crate::args::InspectArgs;
use crate::{output, sources};

/// Runs the command.
pub fn run(args: &InspectArgs) -> anyhow::Result<()> {
    let weights = sources::open_model(&args.model)?;
    let tokenizer = engine::load_tokenizer(&weights)?;
    let template = engine::load_template(&weights)?;
    let hashes = if args.hash { Some(crate::facts::hash_model(&weights)?) } else { None };
    let format = match weights.format {
        Format::Gguf { version } => format!("GGUF v{version}"),
        Format::Safetensors => "safetensors".to_owned(),
    };
    let c = &weights.config;
    let globals: Vec<usize> =
        c.layers.iter().enumerate().filter(|(_, k)| **k == LayerKind::Global).map(|(i, _)| i).collect();
    if args.json {
        let tensors: Vec<_> = weights
            .tensors()
            .map(|(role, v)| json!({"role": role.to_string(), "name": v.name, "dtype": v.dtype.name(), "shape": [v.rows, v.cols], "bytes": v.len_bytes}))
            .collect();
        let dtypes: Vec<_> = weights
            .dtype_summary()
            .into_iter()
            .map(|(d, n, bytes)| json!({"dtype": d.name(), "tensors": n, "bytes": bytes}))
            .collect();
        return output::json(&json!({
            "name": weights.name, "format": format, "n_params": weights.n_params(), "tensor_bytes": weights.tensor_bytes(),
            "config": {
                "layers": c.n_layers, "hidden": c.hidden, "ffn": c.ffn, "heads": c.n_heads, "kv_heads": c.n_kv_heads,
                "head_dim": c.head_dim, "vocab": c.vocab, "context": c.context, "window": c.window, "global_layers": globals,
                "rms_norm_eps": c.rms_norm_eps, "query_scale": c.query_scale, "embed_scale": c.embed_scale,
                "rope_base_local": c.rope_base_local, "rope_base_global": c.rope_base_global,
                "tied_head": weights.tensor(weights::Role::Head).is_none(),
            },
            "dtypes": dtypes, "tensors": args.tensors.then_some(tensors),
            "tokenizer": {"tokens": tokenizer.n_tokens(), "sha256": tokenizer.sha256()},
            "chat_template": {"from_file": weights.chat_template.is_some(), "sha256": template.sha256()},
            "weights_sha256": hashes.as_ref().map(|h| h.weights_sha256.clone()),
        }));
    }
    let row = |name: &str, value: String| output::line(&format!("{name:<16} {}", output::visible(&value)));
    row("name", weights.name.clone().unwrap_or_else(|| "not given".to_owned()))?;
    row("format", format)?;
    row(
        "parameters",
        format!("{} ({} bytes of tensors)", thousands(weights.n_params()), thousands(weights.tensor_bytes())),
    )?;
    row(
        "shape",
        format!(
            "{} layers, hidden {}, ffn {}, {} query and {} key heads of {}",
            c.n_layers, c.hidden, c.ffn, c.n_heads, c.n_kv_heads, c.head_dim
        ),
    )?;
    row("attention", format!("window {} on local layers; global layers: {}", c.window, list(&globals)))?;
    row("rope", format!("base {} local, {} global", c.rope_base_local, c.rope_base_global))?;
    row("context", format!("{} tokens", c.context))?;
    row(
        "head",
        if weights.tensor(weights::Role::Head).is_none() { "tied to the embedding" } else { "its own" }.to_owned(),
    )?;
    row("tokenizer", format!("{} tokens, sha256 {}", thousands(tokenizer.n_tokens() as u64), tokenizer.sha256()))?;
    row(
        "chat template",
        if weights.chat_template.is_some() { "from the file" } else { "built in (Gemma)" }.to_owned(),
    )?;
    for (dtype, n, bytes) in weights.dtype_summary() {
        row(&format!("  {}", dtype.name()), format!("{n} tensors, {} bytes", thousands(bytes)))?;
    }
    if let Some(hashes) = hashes {
        row("weights sha256", hashes.weights_sha256)?;
    }
    if args.tensors {
        list_tensors(&weights)?;
    }
    Ok(())
}

fn list_tensors(weights: &Weights) -> anyhow::Result<()> {
    output::line("")?;
    for (role, view) in weights.tensors() {
        output::line(&format!(
            "{:<26} {:<6} {:>8} x {:<8} {}",
            role.to_string(),
            view.dtype.name(),
            view.rows,
            view.cols,
            output::visible(&view.name)
        ))?;
    }
    Ok(())
}

fn list(items: &[usize]) -> String {
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// Digits in groups of three.
fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    #[test]
    fn digits_are_grouped() {
        assert_eq!(super::thousands(268_098_176), "268,098,176");
        assert_eq!(super::thousands(7), "7");
    }
}

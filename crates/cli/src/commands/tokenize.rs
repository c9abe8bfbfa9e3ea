//! `sweetspot tokenize`: text to ids and back.

use serde_json::json;
use tokenizer::{Control, GenerationPrompt, Message, Role, Tokenizer};

use crate::args::TokenizeArgs;
use crate::{output, sources};

/// Runs the command.
pub fn run(args: &TokenizeArgs) -> anyhow::Result<()> {
    let weights = sources::open_model(&args.model)?;
    let tokenizer = engine::load_tokenizer(&weights)?;
    if let Some(ids) = &args.decode {
        let text = tokenizer.decode(ids)?;
        return if args.json {
            output::json(&json!({"ids": ids, "pieces": pieces(&tokenizer, ids), "text": text}))
        } else {
            output::line(&output::visible(&text))
        };
    }
    let text = super::text_or_stdin(args.text.as_deref().unwrap_or_default())?;
    let ids = if args.chat {
        let messages = [Message { role: Role::User, content: text }];
        engine::load_template(&weights)?.encode(&tokenizer, &messages, GenerationPrompt::Add)?
    } else {
        let control = if args.special { Control::Parse } else { Control::AsText };
        let mut ids = if args.bos { vec![tokenizer.bos()] } else { vec![] };
        ids.extend(tokenizer.encode(&text, control)?);
        ids
    };
    let pieces = pieces(&tokenizer, &ids);
    if args.json {
        return output::json(&json!({"ids": ids, "pieces": pieces}));
    }
    for (id, piece) in ids.iter().zip(&pieces) {
        output::line(&format!("{id:>7}  {}", output::visible(&format!("{piece:?}"))))?;
    }
    Ok(())
}

fn pieces(tokenizer: &Tokenizer, ids: &[u32]) -> Vec<String> {
    ids.iter().map(|&id| tokenizer.piece(id).unwrap_or_default()).collect()
}

//! GGUF files, version 2 and 3, in llama.cpp's layout for Gemma 3.

mod header;
mod keys;
mod reader;
mod types;
mod vocabulary;

use std::rc::Rc;

use header::{Header, TensorInfo, Value, read_header};
use keys::Keys;
use vocabulary::read_vocabulary;

use crate::error::{Error, quote};
use crate::model::{Described, Format, GainConvention, Parts, TokenizerFiles, Weights};
use crate::role::Role;
use crate::source::Source;

/// Opens a GGUF file, version 2 or 3. Reads the header only, through a window of fixed size.
///
/// # Errors
/// Every way in which the file is no complete, consistent Gemma 3 text model; see [`Error`].
pub fn open_gguf(source: Rc<dyn Source>) -> Result<Weights, Error> {
    let Header { version, mut values, tensors } = read_header(source.as_ref())?;
    let chat_template = take_string(&mut values, "tokenizer.chat_template");
    let name = take_string(&mut values, "general.name");
    let keys = Keys::new(source.name(), &values);
    keys.check_kind()?;
    let described = name_tensors(source.name(), tensors)?;
    let rows = described.iter().find(|(role, _)| *role == Role::Embed);
    // Outermost first: a matrix has its rows just before its columns; a lone vector is one row.
    let rows = rows.map(|(_, tensor)| tensor.dims.iter().rev().nth(1).copied().unwrap_or(1));
    let rows = rows.ok_or_else(|| Error::Missing {
        file: source.name().to_owned(),
        what: format!("tensor {}", Role::Embed.gguf_name()),
        help: "a Gemma 3 text model needs it, so the file is incomplete",
    })?;
    let config = keys.config(rows)?;
    let vocabulary = read_vocabulary(source.name(), &mut values, config.vocab)?;
    let parts = Parts {
        config,
        format: Format::Gguf { version },
        name,
        tokenizer: TokenizerFiles::Gguf(vocabulary),
        chat_template,
        files: vec![source],
        gain: GainConvention::OneAdded,
    };
    Weights::assemble(parts, described)
}

/// Gives each tensor its role, or says why it has none.
fn name_tensors(file: &str, tensors: Vec<TensorInfo>) -> Result<Vec<(Role, Described)>, Error> {
    tensors
        .into_iter()
        .map(|TensorInfo { name, dims, dtype, offset, len_bytes }| {
            let role = Role::from_gguf_name(&name).ok_or_else(|| Error::UnknownTensor {
                file: file.to_owned(),
                tensor: quote(&name),
                help: why_unknown(&name),
            })?;
            Ok((role, Described { name, dims, dtype, file: 0, offset, len_bytes }))
        })
        .collect()
}

fn why_unknown(name: &str) -> &'static str {
    if name.starts_with("v.") || name.starts_with("mm.") {
        "it belongs to a vision model: use a text-only file"
    } else if name.contains("lora") {
        "it belongs to an adapter: merge the adapter into the model first"
    } else if name.rsplit('.').next() == Some("bias") {
        "Gemma 3 has no biases"
    } else {
        "a file with further tensors would compute something else"
    }
}

fn take_string(values: &mut std::collections::BTreeMap<String, Value>, key: &str) -> Option<String> {
    match values.remove(key) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

//! Hugging Face folders: `config.json` and one or more `.safetensors` files.

mod config_json;
mod folder;
mod header;

use std::rc::Rc;

use config_json::{Tie, read_config};
use folder::Folder;
use header::read_header;

use crate::error::{Error, invalid, quote};
use crate::model::{Described, Format, GainConvention, Parts, Weights};
use crate::role::Role;
use crate::source::Source;

/// Opens a folder, given as its files; each is known by [`Source::name`].
///
/// Needed: `config.json`, and either one `.safetensors` file or several with a `.safetensors.index.json`.
/// Taken along: `tokenizer.json`, `tokenizer.model`, `tokenizer_config.json`, `chat_template.jinja`. Others are ignored.
///
/// # Errors
/// Every way in which the folder is no complete, consistent Gemma 3 text model; see [`Error`].
pub fn open_safetensors(files: Vec<Rc<dyn Source>>) -> Result<Weights, Error> {
    let folder = Folder::sort(files)?;
    let (config, tie) = read_config(folder.config.name(), &folder.config_bytes()?)?;
    let mut described = Vec::new();
    let mut names = Vec::new();
    for (index, file) in folder.weights.iter().enumerate() {
        for tensor in read_header(file.as_ref(), index)? {
            names.push((tensor.name.clone(), index));
            described.push((role_of(file.name(), &tensor.name)?, tensor));
        }
    }
    folder.check_index(&names)?;
    check_head(&folder, &described, tie)?;
    let (tokenizer, chat_template) = folder.tokenizer()?;
    let parts = Parts {
        config,
        format: Format::Safetensors,
        name: None,
        tokenizer,
        chat_template,
        files: folder.weights,
        gain: GainConvention::Raw,
    };
    Weights::assemble(parts, described)
}

/// `tie_word_embeddings` and the tensors must say the same.
fn check_head(folder: &Folder, described: &[(Role, Described)], tie: Tie) -> Result<(), Error> {
    let head = described.iter().find(|(role, _)| *role == Role::Head);
    match (tie, head) {
        (Tie::Tied, Some((_, tensor))) => {
            let expected = "no separate head, because tie_word_embeddings is true or absent";
            Err(invalid(
                folder.config.name(),
                "key tie_word_embeddings",
                expected,
                format!("tensor {}", quote(&tensor.name)),
            ))
        }
        (Tie::Untied, None) => Err(Error::Missing {
            file: folder.config.name().to_owned(),
            what: format!("tensor {}", Role::Head.hugging_face_name()),
            help: "tie_word_embeddings is false, so the head must be in the files",
        }),
        _ => Ok(()),
    }
}

/// The role of a tensor. A multimodal checkpoint's text part is called `language_model.model.` or `model.language_model.`.
fn role_of(file: &str, name: &str) -> Result<Role, Error> {
    let plain = match (name.strip_prefix("language_model."), name.strip_prefix("model.language_model.")) {
        (Some(rest), _) => rest.to_owned(),
        (None, Some(rest)) => format!("model.{rest}"),
        (None, None) => name.to_owned(),
    };
    Role::from_hugging_face_name(&plain).ok_or_else(|| Error::UnknownTensor {
        file: file.to_owned(),
        tensor: quote(name),
        help: why_unknown(name),
    })
}

fn why_unknown(name: &str) -> &'static str {
    if name.contains("vision") || name.contains("multi_modal_projector") {
        "it belongs to the vision part of a multimodal checkpoint: export the text model alone"
    } else if name.contains("lora") || name.starts_with("base_model.") {
        "it belongs to an adapter: merge the adapter into the model first"
    } else if name.ends_with(".scales") || name.ends_with(".biases") {
        "it belongs to MLX quantisation, which is not supported yet: convert the model to GGUF"
    } else if name.rsplit('.').next() == Some("bias") {
        "Gemma 3 has no biases"
    } else {
        "a file with further tensors would compute something else"
    }
}

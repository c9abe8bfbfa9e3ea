//! From a model file's parts to a tokenizer and a chat template.

use tokenizer::{ChatTemplate, Tokenizer, Vocabulary};
use weights::{TokenizerFiles, Weights};

use crate::Error;

/// Builds the file's tokenizer and checks that it belongs to the embedding.
pub fn load_tokenizer(weights: &Weights) -> Result<Tokenizer, Error> {
    let tokenizer = match &weights.tokenizer {
        TokenizerFiles::Gguf(v) => Tokenizer::from_vocabulary(Vocabulary {
            model: v.model.clone(),
            pieces: v.pieces.clone(),
            scores: v.scores.clone(),
            types: v.types.clone(),
            bos: v.bos,
            eos: v.eos,
            eot: v.eot,
            unk: v.unk,
            pad: v.pad,
            add_space_prefix: v.add_space_prefix,
        })?,
        TokenizerFiles::Files { tokenizer_json: Some(json), .. } => Tokenizer::from_json(json)?,
        TokenizerFiles::Files { tokenizer_model: Some(model), .. } => Tokenizer::from_sentencepiece(model)?,
        TokenizerFiles::Files { .. } => return Err(Error::NoTokenizer),
    };
    check_vocabulary(&tokenizer, weights.config.vocab)?;
    Ok(tokenizer)
}

/// The file's own chat template, or Gemma's.
pub fn load_template(weights: &Weights) -> Result<ChatTemplate, Error> {
    match &weights.chat_template {
        Some(source) => Ok(ChatTemplate::from_jinja(source)?),
        None => Ok(ChatTemplate::gemma()),
    }
}

/// Rows that an embedding may have beyond the tokenizer's pieces: checkpoints pad it to a multiple of 64 or 128.
const PADDING_ROWS: usize = 127;

/// Ids beyond the embedding are accepted only where text can never produce them: Gemma 3's tokenizer.json names an
/// image placeholder (id 262,144) that the text models have no row for.
fn check_vocabulary(tokenizer: &Tokenizer, rows: usize) -> Result<(), Error> {
    let tokens = tokenizer.n_tokens();
    let beyond_is_control = (rows..tokens).all(|id| tokenizer.is_control(id as u32));
    if tokens + PADDING_ROWS < rows || !beyond_is_control {
        return Err(Error::VocabularyMismatch { tokens, rows });
    }
    Ok(())
}

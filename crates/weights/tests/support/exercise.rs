//! What a fuzz target and the mutation tests do with a file: open it, and if it opens, read every part of it.

use std::rc::Rc;

use weights::{Error, MemorySource, Source, Weights, dequantize, open_gguf, open_safetensors};

/// Names of a folder's files in a packed folder, by number.
pub const NAMES: [&str; 6] = [
    "config.json",
    "model.safetensors",
    "second.safetensors",
    "model.safetensors.index.json",
    "tokenizer_config.json",
    "chat_template.jinja",
];

/// Opens bytes as a GGUF and reads all of it.
pub fn gguf(bytes: &[u8]) -> Result<(), Error> {
    let source = Rc::new(MemorySource::new("fuzz.gguf", bytes.to_vec()));
    open_gguf(source).and_then(|model| read_all(&model))
}

/// Opens a packed folder and reads all of it.
pub fn folder(bytes: &[u8]) -> Result<(), Error> {
    let source = |(name, bytes): (&str, &[u8])| Rc::new(MemorySource::new(name, bytes.to_vec())) as Rc<dyn Source>;
    let files = unpack(bytes).into_iter().map(source).collect();
    open_safetensors(files).and_then(|model| read_all(&model))
}

/// A packed folder is a list of files: the number of the name, the length (u32, little-endian), the bytes.
/// Any bytes are one; a length beyond the end means the rest.
fn unpack(mut bytes: &[u8]) -> Vec<(&'static str, &[u8])> {
    let mut files = Vec::new();
    while let Some(([number, len @ ..], rest)) = bytes.split_first_chunk::<5>() {
        let len = (u32::from_le_bytes(*len) as usize).min(rest.len());
        let (file, rest) = rest.split_at(len);
        files.push((NAMES[usize::from(*number) % NAMES.len()], file));
        bytes = rest;
    }
    files
}

/// Reads the ends of every tensor, and what the model is made of.
fn read_all(model: &Weights) -> Result<(), Error> {
    for (role, tensor) in model.tensors() {
        for row in [0, tensor.rows - 1] {
            let bytes = model.read_rows(tensor, row..row + 1)?;
            let mut values = vec![0.0; tensor.cols];
            dequantize(tensor.dtype, &bytes, &mut values)?;
        }
        if role.is_norm() {
            let gain = model.read_gain(role)?;
            assert_eq!(gain.len(), tensor.cols);
        }
        assert_eq!([tensor.rows, tensor.cols], model.config.shape(role));
    }
    assert_eq!(model.head().rows, model.config.vocab);
    assert_eq!(model.config.layers.len(), model.config.n_layers);
    Ok(())
}

//! An opened model: configuration, named tensors, and reads by range.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use crate::blocks::dequantize;
use crate::config::Config;
use crate::dtype::Dtype;
use crate::error::{Error, invalid, quote};
use crate::role::Role;
use crate::source::{Source, read_range};

/// A tensor in a file: where it lies and what it holds. Row-major, `[rows, cols]`; a norm has one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TensorView {
    /// The name in the file.
    pub name: String,
    /// How elements are stored.
    pub dtype: Dtype,
    /// Outputs of a matrix, entries of the embedding, 1 for a norm.
    pub rows: usize,
    /// Elements per row, contiguous in the file.
    pub cols: usize,
    /// Index into [`Weights::files`].
    pub file: usize,
    /// First byte, from the start of the file.
    pub offset: u64,
    /// Length in bytes.
    pub len_bytes: u64,
}

/// Which kind of file the weights came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One GGUF file.
    Gguf {
        /// 2 or 3.
        version: u32,
    },
    /// A Hugging Face folder.
    Safetensors,
}

/// Whether the head has weights of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadKind {
    /// The embedding serves as the head.
    Tied,
    /// The file has a separate head.
    Untied,
}

/// The vocabulary embedded in a GGUF, as the file states it; the tokenizer judges it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GgufVocabulary {
    /// `tokenizer.ggml.model`: `llama` for SentencePiece, `gpt2` for merges; `none` where the file has no vocabulary.
    pub model: String,
    /// Text of each token; empty only when `model` is `none`, otherwise one per embedding row.
    pub pieces: Vec<String>,
    /// Score of each token; empty, or as long as `pieces`. Never NaN.
    pub scores: Vec<f32>,
    /// Type of each token (1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte); empty, or as long as `pieces`.
    pub types: Vec<i32>,
    /// Beginning of sequence.
    pub bos: Option<u32>,
    /// End of sequence.
    pub eos: Option<u32>,
    /// End of turn.
    pub eot: Option<u32>,
    /// Unknown.
    pub unk: Option<u32>,
    /// Padding.
    pub pad: Option<u32>,
    /// Whether a space is put before the text.
    pub add_space_prefix: Option<bool>,
}

/// What the tokenizer is built from.
#[derive(Debug, Clone, PartialEq)]
pub enum TokenizerFiles {
    /// A GGUF's own vocabulary.
    Gguf(GgufVocabulary),
    /// The files of a folder, unread.
    Files {
        /// `tokenizer.json`.
        tokenizer_json: Option<Vec<u8>>,
        /// `tokenizer.model`, a SentencePiece model.
        tokenizer_model: Option<Vec<u8>>,
        /// `tokenizer_config.json`.
        tokenizer_config: Option<Vec<u8>>,
    },
}

/// An opened model file or folder. Holds metadata only; tensors are read by range when asked for.
#[derive(Clone)]
pub struct Weights {
    /// Hyperparameters.
    pub config: Config,
    /// Kind of file.
    pub format: Format,
    /// The model's name where the file has one (`general.name`). Untrusted text.
    pub name: Option<String>,
    /// What the tokenizer is built from.
    pub tokenizer: TokenizerFiles,
    /// The file's own chat template, Jinja source. Untrusted text.
    pub chat_template: Option<String>,
    files: Vec<Rc<dyn Source>>,
    tensors: BTreeMap<Role, TensorView>,
    embed: TensorView,
    gain: GainConvention,
}

/// What a file stores for a norm whose multiplier is `1 + w`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GainConvention {
    /// `1 + w` (GGUF).
    OneAdded,
    /// `w` (Hugging Face).
    Raw,
}

/// A tensor as a header describes it, before it has a place. `dims` outermost first.
#[derive(Debug)]
pub(crate) struct Described {
    pub name: String,
    pub dims: Vec<u64>,
    pub dtype: Dtype,
    pub file: usize,
    pub offset: u64,
    pub len_bytes: u64,
}

/// All but the tensors.
pub(crate) struct Parts {
    pub config: Config,
    pub format: Format,
    pub name: Option<String>,
    pub tokenizer: TokenizerFiles,
    pub chat_template: Option<String>,
    pub files: Vec<Rc<dyn Source>>,
    pub gain: GainConvention,
}

impl Weights {
    /// Gives every described tensor its place; each must have one, and each place must be filled.
    pub(crate) fn assemble(parts: Parts, described: Vec<(Role, Described)>) -> Result<Self, Error> {
        let config = &parts.config;
        let file_name = |index: usize| parts.files.get(index).map_or("model", |file| file.name());
        let mut tensors = BTreeMap::new();
        for (role, tensor) in described {
            let file = file_name(tensor.file);
            if let Role::Layer(layer, _) = role
                && layer >= config.n_layers
            {
                let expected = format!("layers 0 to {}", config.n_layers - 1);
                return Err(invalid(file, "tensor names", expected, format!("tensor {}", quote(&tensor.name))));
            }
            let view = place(config, file, role, tensor)?;
            if let Some(twin) = tensors.insert(role, view) {
                let found = format!("two tensors for {role}");
                return Err(invalid(file, format!("tensor {}", quote(&twin.name)), "one", found));
            }
        }
        for role in config.roles() {
            if !tensors.contains_key(&role) {
                let name = match parts.format {
                    Format::Gguf { .. } => role.gguf_name(),
                    Format::Safetensors => role.hugging_face_name(),
                };
                return Err(Error::Missing {
                    file: file_name(0).to_owned(),
                    what: format!("tensor {name}"),
                    help: "a Gemma 3 text model needs it, so the file is incomplete",
                });
            }
        }
        let embed = tensors.get(&Role::Embed).cloned().ok_or_else(|| Error::Missing {
            file: file_name(0).to_owned(),
            what: "the embedding".to_owned(),
            help: "the file is incomplete",
        })?;
        let Parts { config, format, name, tokenizer, chat_template, files, gain } = parts;
        Ok(Self { config, format, name, tokenizer, chat_template, files, tensors, embed, gain })
    }

    /// The tensor of a role; `None` for [`Role::Head`] where the head is tied, and for layers that do not exist.
    pub fn tensor(&self, role: Role) -> Option<&TensorView> {
        self.tensors.get(&role)
    }

    /// The matrix that gives the logits: the head, or the embedding where they are tied.
    pub fn head(&self) -> &TensorView {
        self.tensors.get(&Role::Head).unwrap_or(&self.embed)
    }

    /// The embedding, `[vocab, hidden]`.
    pub fn embed(&self) -> &TensorView {
        &self.embed
    }

    /// Whether the head has weights of its own.
    pub fn head_kind(&self) -> HeadKind {
        if self.tensors.contains_key(&Role::Head) { HeadKind::Untied } else { HeadKind::Tied }
    }

    /// Whether the embedding serves as the head.
    pub fn tied(&self) -> bool {
        self.head_kind() == HeadKind::Tied
    }

    /// Every tensor, in the order of the forward pass.
    pub fn tensors(&self) -> impl Iterator<Item = (Role, &TensorView)> {
        self.tensors.iter().map(|(role, view)| (*role, view))
    }

    /// A whole tensor's bytes, as stored.
    pub fn read(&self, tensor: &TensorView) -> Result<Vec<u8>, Error> {
        let file = self.file(tensor)?;
        read_range(file, &format!("tensor {}", quote(&tensor.name)), tensor.offset, tensor.len_bytes)
    }

    /// The bytes of `rows`, as stored.
    pub fn read_rows(&self, tensor: &TensorView, rows: Range<usize>) -> Result<Vec<u8>, Error> {
        let outside = || Error::Argument {
            at: format!("rows of tensor {}", quote(&tensor.name)),
            expected: format!("a range within 0..{}", tensor.rows),
            found: format!("{}..{}", rows.start, rows.end),
        };
        if rows.start > rows.end || rows.end > tensor.rows {
            return Err(outside());
        }
        let row = tensor.dtype.row_bytes(tensor.cols).ok_or_else(outside)? as u64;
        let offset = row.checked_mul(rows.start as u64).and_then(|skip| tensor.offset.checked_add(skip));
        let len = row.checked_mul(rows.len() as u64);
        let (offset, len) = offset.zip(len).ok_or_else(outside)?;
        read_range(self.file(tensor)?, &format!("tensor {}", quote(&tensor.name)), offset, len)
    }

    /// A norm's multiplier in f32, `1 + w` whatever the file stores.
    pub fn read_gain(&self, role: Role) -> Result<Vec<f32>, Error> {
        let tensor = self.tensor(role).filter(|_| role.is_norm()).ok_or_else(|| Error::Argument {
            at: "role".to_owned(),
            expected: "a norm of this model".to_owned(),
            found: role.to_string(),
        })?;
        let bytes = self.read(tensor)?;
        let mut gain = vec![0.0; tensor.cols];
        dequantize(tensor.dtype, &bytes, &mut gain)?;
        if self.gain == GainConvention::Raw {
            for w in &mut gain {
                *w += 1.0;
            }
        }
        Ok(gain)
    }

    /// The files that hold tensors, sorted by name; what [`crate::hash_files`] takes.
    pub fn files(&self) -> &[Rc<dyn Source>] {
        &self.files
    }

    /// Bytes of all tensors.
    pub fn tensor_bytes(&self) -> u64 {
        self.tensors.values().map(|view| view.len_bytes).sum()
    }

    /// Elements of all tensors; a tied head counts once.
    pub fn n_params(&self) -> u64 {
        self.tensors.values().map(|view| view.rows as u64 * view.cols as u64).sum()
    }

    /// `(type, tensors, bytes)` for each type in the file, sorted by type.
    pub fn dtype_summary(&self) -> Vec<(Dtype, usize, u64)> {
        let mut summary: BTreeMap<Dtype, (usize, u64)> = BTreeMap::new();
        for view in self.tensors.values() {
            let (n_tensors, bytes) = summary.entry(view.dtype).or_default();
            *n_tensors += 1;
            *bytes += view.len_bytes;
        }
        summary.into_iter().map(|(dtype, (n_tensors, bytes))| (dtype, n_tensors, bytes)).collect()
    }

    fn file(&self, tensor: &TensorView) -> Result<&dyn Source, Error> {
        self.files.get(tensor.file).map(Rc::as_ref).ok_or_else(|| Error::Argument {
            at: format!("tensor {}", quote(&tensor.name)),
            expected: format!("a file index below {}", self.files.len()),
            found: tensor.file.to_string(),
        })
    }
}

impl std::fmt::Debug for Weights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Weights")
            .field("config", &self.config)
            .field("format", &self.format)
            .field("name", &self.name)
            .field("n_tensors", &self.tensors.len())
            .finish_non_exhaustive()
    }
}

/// Compares a described tensor with what its role demands: shape, block multiple, length.
fn place(config: &Config, file: &str, role: Role, tensor: Described) -> Result<TensorView, Error> {
    let [rows, cols] = config.shape(role);
    let at = || format!("tensor {}", quote(&tensor.name));
    // GGUF keeps up to four dimensions, the outer ones 1; a norm may be written as a vector or as one row.
    let outer_ones = tensor.dims.iter().take_while(|dim| **dim == 1).count();
    let dims = tensor.dims.get(outer_ones..).unwrap_or_default();
    let wanted = [rows as u64, cols as u64];
    let wanted = wanted.get(wanted.iter().take_while(|dim| **dim == 1).count()..).unwrap_or_default();
    if dims != wanted {
        let expected = if rows == 1 { format!("shape [{cols}]") } else { format!("shape [{rows}, {cols}]") };
        return Err(invalid(file, at(), expected, format!("{:?}", tensor.dims)));
    }
    if role.is_norm() && !tensor.dtype.is_float() {
        return Err(invalid(file, at(), "a norm in F32, F16 or BF16", tensor.dtype.name()));
    }
    let row_bytes = tensor.dtype.row_bytes(cols).ok_or_else(|| {
        let expected = format!("rows in multiples of {} elements for {}", tensor.dtype.block_len(), tensor.dtype);
        invalid(file, at(), expected, cols.to_string())
    })?;
    let len_bytes = (row_bytes as u64).checked_mul(rows as u64);
    if len_bytes != Some(tensor.len_bytes) {
        let expected = len_bytes.map_or_else(|| "fewer bytes".to_owned(), |len| format!("{len} bytes"));
        return Err(invalid(file, at(), expected, format!("{} bytes", tensor.len_bytes)));
    }
    if usize::try_from(tensor.len_bytes).is_err() {
        return Err(invalid(file, at(), "a tensor this machine can address", format!("{} bytes", tensor.len_bytes)));
    }
    Ok(TensorView {
        name: tensor.name,
        dtype: tensor.dtype,
        rows,
        cols,
        file: tensor.file,
        offset: tensor.offset,
        len_bytes: tensor.len_bytes,
    })
}

//! Writes GGUF files for tests, honest ones and ones that lie in any field.
//!
//! Layout: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

/// A value of a key. Strings are bytes, so that a test can write what is no UTF-8.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Type 4.
    U32(u32),
    /// Type 5.
    I32(i32),
    /// Type 10.
    U64(u64),
    /// Type 6.
    F32(f32),
    /// Type 7.
    Bool(bool),
    /// Type 8.
    String(Vec<u8>),
    /// Type 9 of strings.
    Strings(Vec<Vec<u8>>),
    /// Type 9 of f32.
    F32s(Vec<f32>),
    /// Type 9 of i32.
    I32s(Vec<i32>),
    /// Type 9 of bools.
    Bools(Vec<bool>),
    /// A type number and the bytes after it, whatever they are.
    Raw(u32, Vec<u8>),
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::U32(value)
    }
}

impl From<f32> for Value {
    fn from(value: f32) -> Self {
        Self::F32(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.as_bytes().to_vec())
    }
}

/// A tensor's description and data.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Any bytes.
    pub name: Vec<u8>,
    /// Innermost first, as in the file.
    pub dims: Vec<u64>,
    /// `ggml_type`.
    pub type_number: u32,
    /// From the start of the data; `None` for where the bytes really are.
    pub offset: Option<u64>,
    /// What is written; need not fit the dimensions.
    pub bytes: Vec<u8>,
}

/// A file in the making. Every field may lie.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// `GGUF` in an honest file.
    pub magic: [u8; 4],
    /// 2 or 3.
    pub version: u32,
    /// `None` for the true number.
    pub tensor_count: Option<u64>,
    /// `None` for the true number.
    pub key_count: Option<u64>,
    /// In file order; a name may occur twice.
    pub keys: Vec<(Vec<u8>, Value)>,
    /// In file order.
    pub tensors: Vec<Tensor>,
    /// What the data is really aligned to, whatever `general.alignment` says.
    pub alignment: usize,
}

/// The sizes of a random Gemma 3.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Layers.
    pub layers: u32,
    /// Residual width.
    pub hidden: u32,
    /// Feed-forward width.
    pub ffn: u32,
    /// Query heads.
    pub heads: u32,
    /// Key and value heads.
    pub kv_heads: u32,
    /// Elements per head.
    pub head_dim: u32,
    /// Tokens.
    pub vocab: u32,
}

/// The smallest model that every format but the K-quants can store: 7 layers, so that one of them is global.
pub const TINY: Shape = Shape { layers: 7, hidden: 32, ffn: 32, heads: 2, kv_heads: 1, head_dim: 16, vocab: 16 };

impl File {
    /// A file without keys and tensors.
    pub fn empty() -> Self {
        Self {
            magic: *b"GGUF",
            version: 3,
            tensor_count: None,
            key_count: None,
            keys: Vec::new(),
            tensors: Vec::new(),
            alignment: 32,
        }
    }

    /// An honest Gemma 3 in llama.cpp's layout: every key it writes, a small vocabulary, matrices of `type_number`
    /// (1 byte pattern repeated, see [`File::set_bytes`]), norms F32.
    pub fn gemma(shape: Shape, type_number: u32, block_len: u64, block: &[u8]) -> Self {
        let mut file = Self::empty();
        file.keys = keys(shape);
        let matrix = |file: &mut Self, name: String, cols: u32, rows: u32| {
            let blocks = u64::from(cols) * u64::from(rows) / block_len;
            file.tensors.push(Tensor {
                name: name.into_bytes(),
                dims: vec![cols.into(), rows.into()],
                type_number,
                offset: None,
                bytes: block.repeat(usize::try_from(blocks).expect("a small test model")),
            });
        };
        let norm = |file: &mut Self, name: String, cols: u32| {
            file.tensors.push(Tensor {
                name: name.into_bytes(),
                dims: vec![cols.into()],
                type_number: 0,
                offset: None,
                bytes: (0..cols).flat_map(|i| (1.0 + i as f32 / 256.0).to_le_bytes()).collect(),
            });
        };
        let Shape { hidden, ffn, heads, kv_heads, head_dim, vocab, layers } = shape;
        matrix(&mut file, "token_embd.weight".to_owned(), hidden, vocab);
        for layer in 0..layers {
            let name = |rest: &str| format!("blk.{layer}.{rest}.weight");
            norm(&mut file, name("attn_norm"), hidden);
            matrix(&mut file, name("attn_q"), hidden, heads * head_dim);
            matrix(&mut file, name("attn_k"), hidden, kv_heads * head_dim);
            matrix(&mut file, name("attn_v"), hidden, kv_heads * head_dim);
            norm(&mut file, name("attn_q_norm"), head_dim);
            norm(&mut file, name("attn_k_norm"), head_dim);
            matrix(&mut file, name("attn_output"), heads * head_dim, hidden);
            norm(&mut file, name("post_attention_norm"), hidden);
            norm(&mut file, name("ffn_norm"), hidden);
            matrix(&mut file, name("ffn_gate"), hidden, ffn);
            matrix(&mut file, name("ffn_up"), hidden, ffn);
            matrix(&mut file, name("ffn_down"), ffn, hidden);
            norm(&mut file, name("post_ffw_norm"), hidden);
        }
        norm(&mut file, "output_norm.weight".to_owned(), hidden);
        file
    }

    /// Replaces a key's value, or adds the key.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.keys.iter_mut().find(|(name, _)| name == key.as_bytes()) {
            Some((_, old)) => *old = value,
            None => self.keys.push((key.as_bytes().to_vec(), value)),
        }
    }

    /// Takes a key out.
    ///
    /// # Panics
    /// If there is no such key: a test would not test what it says.
    pub fn remove(&mut self, key: &str) {
        let at = self.keys.iter().position(|(name, _)| name == key.as_bytes());
        self.keys.remove(at.unwrap_or_else(|| panic!("no key {key}")));
    }

    /// A tensor by name.
    ///
    /// # Panics
    /// If there is no such tensor.
    pub fn tensor(&mut self, name: &str) -> &mut Tensor {
        let found = self.tensors.iter_mut().find(|tensor| tensor.name == name.as_bytes());
        found.unwrap_or_else(|| panic!("no tensor {name}"))
    }

    /// Puts other bytes into a tensor.
    pub fn set_bytes(&mut self, name: &str, bytes: Vec<u8>) {
        self.tensor(name).bytes = bytes;
    }

    /// Everything before the tensor data, without padding.
    pub fn header(&self) -> Vec<u8> {
        let mut out = self.magic.to_vec();
        out.extend(self.version.to_le_bytes());
        out.extend(self.tensor_count.unwrap_or(self.tensors.len() as u64).to_le_bytes());
        out.extend(self.key_count.unwrap_or(self.keys.len() as u64).to_le_bytes());
        for (name, value) in &self.keys {
            put_string(&mut out, name);
            put_value(&mut out, value);
        }
        let mut next = 0_usize;
        for tensor in &self.tensors {
            put_string(&mut out, &tensor.name);
            out.extend((tensor.dims.len() as u32).to_le_bytes());
            tensor.dims.iter().for_each(|dim| out.extend(dim.to_le_bytes()));
            out.extend(tensor.type_number.to_le_bytes());
            out.extend(tensor.offset.unwrap_or(next as u64).to_le_bytes());
            next = (next + tensor.bytes.len()).next_multiple_of(self.alignment);
        }
        out
    }

    /// The whole file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.header();
        for tensor in &self.tensors {
            out.resize(out.len().next_multiple_of(self.alignment), 0);
            out.extend(&tensor.bytes);
        }
        out
    }
}

/// The keys that llama.cpp's converter writes for a Gemma 3.
fn keys(shape: Shape) -> Vec<(Vec<u8>, Value)> {
    let size = |key: &str, value: u32| (format!("gemma3.{key}").into_bytes(), Value::U32(value));
    let key = |key: &str, value: Value| (key.as_bytes().to_vec(), value);
    // <pad> <eos> <bos> <unk> as in Gemma, then letters.
    let pieces = ["<pad>", "<eos>", "<bos>", "<unk>"].map(str::to_owned);
    let letters = (4..shape.vocab).map(|i| char::from_u32(0x61 + i - 4).unwrap_or('?').to_string());
    let pieces: Vec<Vec<u8>> = pieces.into_iter().chain(letters).map(String::into_bytes).collect();
    let n = pieces.len();
    vec![
        key("general.architecture", "gemma3".into()),
        key("general.name", "tiny".into()),
        size("context_length", 128),
        size("embedding_length", shape.hidden),
        size("block_count", shape.layers),
        size("feed_forward_length", shape.ffn),
        size("attention.head_count", shape.heads),
        size("attention.head_count_kv", shape.kv_heads),
        size("attention.key_length", shape.head_dim),
        size("attention.value_length", shape.head_dim),
        size("attention.sliding_window", 8),
        key("gemma3.attention.layer_norm_rms_epsilon", Value::F32(1e-6)),
        key("gemma3.rope.freq_base", Value::F32(1e6)),
        key("tokenizer.ggml.model", "llama".into()),
        key("tokenizer.ggml.pre", "default".into()),
        key("tokenizer.ggml.tokens", Value::Strings(pieces)),
        key("tokenizer.ggml.scores", Value::F32s((0..n).map(|i| -(i as f32)).collect())),
        key("tokenizer.ggml.token_type", Value::I32s((0..n).map(|i| if i < 3 { 3 } else { 1 }).collect())),
        key("tokenizer.ggml.bos_token_id", Value::U32(2)),
        key("tokenizer.ggml.eos_token_id", Value::U32(1)),
        key("tokenizer.ggml.unknown_token_id", Value::U32(3)),
        key("tokenizer.ggml.padding_token_id", Value::U32(0)),
        key("tokenizer.ggml.add_space_prefix", Value::Bool(false)),
        key("tokenizer.chat_template", "{{ messages[0].content }}".into()),
        key("general.quantization_version", Value::U32(2)),
    ]
}

fn put_string(out: &mut Vec<u8>, text: &[u8]) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text);
}

fn put_array<T>(out: &mut Vec<u8>, type_number: u32, items: &[T], mut put: impl FnMut(&mut Vec<u8>, &T)) {
    out.extend(9_u32.to_le_bytes());
    out.extend(type_number.to_le_bytes());
    out.extend((items.len() as u64).to_le_bytes());
    for item in items {
        put(out, item);
    }
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    let mut scalar = |type_number: u32, bytes: &[u8]| {
        out.extend(type_number.to_le_bytes());
        out.extend(bytes);
    };
    match value {
        Value::U32(value) => scalar(4, &value.to_le_bytes()),
        Value::I32(value) => scalar(5, &value.to_le_bytes()),
        Value::U64(value) => scalar(10, &value.to_le_bytes()),
        Value::F32(value) => scalar(6, &value.to_le_bytes()),
        Value::Bool(value) => scalar(7, &[u8::from(*value)]),
        Value::Raw(type_number, bytes) => scalar(*type_number, bytes),
        Value::String(text) => {
            scalar(8, &[]);
            put_string(out, text);
        }
        Value::Strings(items) => put_array(out, 8, items, |out, item| put_string(out, item)),
        Value::F32s(items) => put_array(out, 6, items, |out, item| out.extend(item.to_le_bytes())),
        Value::I32s(items) => put_array(out, 5, items, |out, item| out.extend(item.to_le_bytes())),
        Value::Bools(items) => put_array(out, 7, items, |out, item| out.push(u8::from(*item))),
    }
}

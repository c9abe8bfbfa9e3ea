//! The honest folder that every test changes in one place.

use std::rc::Rc;

use serde_json::{Value, json};
use weights::{Error, MemorySource, Source, Weights, open_safetensors};

/// A folder in the making: `config.json`, one `.safetensors` file, and others.
pub struct Folder {
    pub config: Value,
    pub tensors: Vec<Tensor>,
    pub others: Vec<(&'static str, Vec<u8>)>,
}

/// A tensor of zeros but for its last element, so that an offset that is off by one shows.
#[derive(Clone)]
pub struct Tensor {
    pub name: String,
    pub dtype: &'static str,
    pub shape: Vec<u64>,
}

impl Folder {
    /// A Gemma 3 of two layers in F32, as transformers writes it.
    pub fn honest() -> Self {
        let mut tensors = Vec::new();
        let mut add = |name: String, shape: &[u64]| {
            tensors.push(Tensor { name, dtype: "F32", shape: shape.to_vec() });
        };
        add("model.embed_tokens.weight".to_owned(), &[5, 8]);
        for layer in 0..2 {
            for (name, shape) in [
                ("input_layernorm", &[8][..]),
                ("self_attn.q_proj", &[8, 8]),
                ("self_attn.k_proj", &[4, 8]),
                ("self_attn.v_proj", &[4, 8]),
                ("self_attn.q_norm", &[4]),
                ("self_attn.k_norm", &[4]),
                ("self_attn.o_proj", &[8, 8]),
                ("post_attention_layernorm", &[8]),
                ("pre_feedforward_layernorm", &[8]),
                ("mlp.gate_proj", &[6, 8]),
                ("mlp.up_proj", &[6, 8]),
                ("mlp.down_proj", &[8, 6]),
                ("post_feedforward_layernorm", &[8]),
            ] {
                add(format!("model.layers.{layer}.{name}.weight"), shape);
            }
        }
        add("model.norm.weight".to_owned(), &[8]);
        Self { config: config(), tensors, others: Vec::new() }
    }

    pub fn tensor_mut(&mut self, name: &str) -> &mut Tensor {
        self.tensors.iter_mut().find(|tensor| tensor.name == name).unwrap()
    }

    /// The folder's files, the weights in one of them.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = vec![
            ("config.json".to_owned(), self.config.to_string().into_bytes()),
            ("model.safetensors".to_owned(), safetensors(&self.tensors)),
        ];
        files.extend(self.others.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())));
        files
    }

    pub fn open(&self) -> Result<Weights, Error> {
        open(self.files())
    }
}

/// What transformers writes for a `Gemma3TextConfig`, in its older spelling.
pub fn config() -> Value {
    json!({
        "architectures": ["Gemma3ForCausalLM"],
        "attention_bias": false,
        "attention_dropout": 0.0,
        "attn_logit_softcapping": null,
        "bos_token_id": 2,
        "eos_token_id": 1,
        "final_logit_softcapping": null,
        "head_dim": 4,
        "hidden_activation": "gelu_pytorch_tanh",
        "hidden_size": 8,
        "initializer_range": 0.02,
        "intermediate_size": 6,
        "layer_types": ["sliding_attention", "full_attention"],
        "max_position_embeddings": 128,
        "model_type": "gemma3_text",
        "num_attention_heads": 2,
        "num_hidden_layers": 2,
        "num_key_value_heads": 1,
        "pad_token_id": 0,
        "query_pre_attn_scalar": 16,
        "rms_norm_eps": 1e-6,
        "rope_local_base_freq": 10000.0,
        "rope_scaling": null,
        "rope_theta": 1_000_000.0,
        "sliding_window": 8,
        "tie_word_embeddings": true,
        "torch_dtype": "float32",
        "use_cache": true,
        "vocab_size": 5
    })
}

pub fn open(files: Vec<(String, Vec<u8>)>) -> Result<Weights, Error> {
    let source = |(name, bytes): (String, Vec<u8>)| Rc::new(MemorySource::new(name, bytes)) as Rc<dyn Source>;
    open_safetensors(files.into_iter().map(source).collect())
}

/// The honest folder with one lie is refused with exactly this sentence.
pub fn check(lie: impl FnOnce(&mut Folder), sentence: &str) {
    let mut folder = Folder::honest();
    lie(&mut folder);
    refused(folder.open(), sentence);
}

/// The honest folder with another file in the place of the one of that name.
pub fn check_file(name: &str, bytes: impl Into<Vec<u8>>, sentence: &str) {
    let mut files = Folder::honest().files();
    files.retain(|(other, _)| other != name);
    files.push((name.to_owned(), bytes.into()));
    refused(open(files), sentence);
}

pub fn refused(result: Result<Weights, Error>, sentence: &str) {
    let error = result.map(|_| "opened").expect_err(sentence);
    assert_eq!(error.to_string(), sentence);
}

/// The honest folder with one harmless change opens.
pub fn opens(change: impl FnOnce(&mut Folder)) -> Weights {
    let mut folder = Folder::honest();
    change(&mut folder);
    folder.open().unwrap()
}

/// A file whose ranges follow one another, as the specification wants.
pub fn safetensors(tensors: &[Tensor]) -> Vec<u8> {
    let mut header = serde_json::Map::new();
    header.insert("__metadata__".to_owned(), json!({"format": "pt"}));
    let mut data = Vec::new();
    for Tensor { name, dtype, shape } in tensors {
        let size = if *dtype == "F32" { 4 } else { 2 };
        let begin = data.len();
        data.resize(begin + size * shape.iter().product::<u64>() as usize, 0);
        if let Some(last) = data.last_mut() {
            // The top byte of a float: 0x40 is 2.0 in every format but that F16 and BF16 have 0x4000 too.
            *last = 0x40;
        }
        let entry = json!({"dtype": dtype, "shape": shape, "data_offsets": [begin, data.len()]});
        header.insert(name.clone(), entry);
    }
    with_header(&Value::Object(header).to_string(), &data)
}

/// Length, header text, data.
pub fn with_header(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

/// A tensor in F32.
pub fn tensor(name: &str, shape: &[u64]) -> Tensor {
    Tensor { name: name.to_owned(), dtype: "F32", shape: shape.to_vec() }
}

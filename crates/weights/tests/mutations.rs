//! A bounded, seeded version of the fuzz targets that runs on stable Rust with the other tests: thousands of damaged
//! files, none of which may panic or make the readers take much more memory than the file is long.

#[path = "support/exercise.rs"]
mod exercise;

use std::path::PathBuf;
use std::sync::Mutex;

use exercise::NAMES;
use peak_alloc::PeakAlloc;
use serde_json::json;
use testkit::gguf::{File, Shape, Tensor, Value};
use weights::Error;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// The allocator counts for the whole process, so one test runs at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Damaged copies of each corpus file: a few seconds in all.
const COPIES: u64 = 10_000;

/// Memory that opening a file of `len` bytes may take at its peak: the file itself and a copy, the read window (at
/// most the file again), and per byte of header no more than a 14-byte key's 300 bytes or a 12-byte JSON entry's 500.
fn bound(len: usize) -> usize {
    (1 << 16) + 64 * len
}

#[test]
fn damaged_files_are_refused_without_panic_or_waste() {
    let _alone = ALONE.lock();
    for (kind, files, open) in [
        ("gguf", gguf_corpus(), exercise::gguf as fn(&[u8]) -> Result<(), Error>),
        ("safetensors", folder_corpus(), exercise::folder),
    ] {
        let mut outcomes = [0_u64; 2];
        for (seed, (name, bytes)) in files.iter().enumerate() {
            check(kind, name, bytes, open).unwrap_or_else(|error| panic!("{name}: {error}"));
            let mut random = Random(seed as u64);
            for _ in 0..COPIES {
                let damaged = random.damage(bytes);
                let outcome = check(kind, name, &damaged, open);
                outcomes[usize::from(outcome.is_ok())] += 1;
            }
        }
        let [refused, opened] = outcomes;
        eprintln!("{kind}: {refused} damaged files refused, {opened} opened");
        // Damage in tensor data or in a template cannot be seen; a mutator that only ever breaks the magic proves nothing.
        assert!(refused > COPIES && opened > COPIES / 20, "{kind}: {refused} refused, {opened} opened");
    }
}

/// The corpus that the fuzz targets start from is what this file builds. `UPDATE_CORPUS=1` writes it.
#[test]
fn the_committed_corpus_is_the_one_built_here() {
    let _alone = ALONE.lock();
    for (folder, files) in [("gguf", gguf_corpus()), ("safetensors", folder_corpus())] {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(folder);
        for (name, bytes) in files {
            let path = folder.join(name);
            if std::env::var_os("UPDATE_CORPUS").is_some() {
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::write(&path, &bytes).unwrap();
            }
            assert!(std::fs::read(&path).unwrap() == bytes, "{} is stale", path.display());
        }
    }
}

fn check(kind: &str, name: &str, bytes: &[u8], open: fn(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let result = open(bytes);
    let taken = ALLOCATOR.peak_usage().saturating_sub(before);
    let len = bytes.len();
    assert!(taken <= bound(len), "{kind} {name}: {taken} bytes taken for a file of {len}");
    if let Err(error) = &result {
        let sentence = error.to_string();
        assert!(!sentence.chars().any(char::is_control), "{kind} {name}: {sentence:?}");
        assert!(sentence.len() < 1000, "{kind} {name}: {sentence}");
    }
    result
}

/// `SplitMix64`: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % (n.max(1) as u64)) as usize
    }

    /// One to four of: a bit flipped, a byte replaced, a number made extreme, bytes removed, repeated or cut off.
    fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let span = at..(at + 1 + self.below(16)).min(bytes.len());
            match self.below(8) {
                0 | 1 => bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << self.below(8)),
                2 => bytes.get_mut(at).into_iter().for_each(|byte| *byte = self.next() as u8),
                3 | 4 => {
                    let extreme = [0, 1, u64::MAX, 1 << 63, 1 << 31, 1 << 32, 0x7fff_ffff, 4096];
                    let number = extreme[self.below(extreme.len())].to_le_bytes();
                    let width = [4, 8][self.below(2)];
                    for (byte, new) in bytes.iter_mut().skip(at).zip(&number[..width]) {
                        *byte = *new;
                    }
                }
                5 => drop(bytes.drain(span)),
                6 => {
                    let piece = bytes[span].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, piece);
                }
                _ => bytes.truncate(if self.below(4) == 0 { at } else { bytes.len() }),
            }
        }
        bytes
    }
}

/// Small models that differ in what the reader has to do.
fn gguf_corpus() -> Vec<(&'static str, Vec<u8>)> {
    let f32 = Shape { layers: 1, hidden: 4, ffn: 4, heads: 2, kv_heads: 1, head_dim: 2, vocab: 6 };
    let q8_0 = Shape { hidden: 32, ffn: 32, heads: 1, head_dim: 32, ..f32 };
    let plain = File::gemma(f32, 0, 1, &1_f32.to_le_bytes());
    let mut untied = File::gemma(q8_0, 8, 32, &[0x3c; 34]);
    untied.version = 2;
    let head = Tensor { name: b"output.weight".to_vec(), ..untied.tensor("token_embd.weight").clone() };
    untied.tensors.push(head);
    let mut rich = plain.clone();
    rich.set("gemma3.attention.sliding_window_pattern", Value::Bools(vec![false]));
    rich.set("gemma3.rope.freq_base_swa", 10_000.0);
    rich.set("gemma3.vocab_size", Value::U64(6));
    rich.set("gemma3.attention.causal", true);
    rich.set("general.alignment", 64);
    rich.alignment = 64;
    rich.set("general.tags", Value::Strings(vec![b"a".to_vec(), b"b".to_vec()]));
    let nested = [1_u8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7, 8];
    let mut outer = [9_u32.to_le_bytes().as_slice(), &2_u64.to_le_bytes()].concat();
    outer.extend([nested, nested].concat());
    rich.set("some.nested", Value::Raw(9, outer));
    rich.remove("tokenizer.ggml.token_type");
    let mut bare = plain.clone();
    bare.keys.retain(|(name, _)| !name.starts_with(b"tokenizer."));
    [("f32", plain), ("untied-v2", untied), ("rich", rich), ("bare", bare)]
        .map(|(name, file)| (name, file.to_bytes()))
        .into()
}

/// Packed folders: one file, and two with their index.
fn folder_corpus() -> Vec<(&'static str, Vec<u8>)> {
    let older = json!({
        "architectures": ["Gemma3ForCausalLM"], "attention_bias": false, "final_logit_softcapping": null, "head_dim": 2,
        "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 4, "intermediate_size": 3, "max_position_embeddings": 64,
        "model_type": "gemma3_text", "num_attention_heads": 2, "num_hidden_layers": 1, "num_key_value_heads": 1,
        "query_pre_attn_scalar": 4, "rms_norm_eps": 1e-6, "rope_local_base_freq": 10000.0, "rope_scaling": null,
        "rope_theta": 1_000_000.0, "sliding_window": 8, "sliding_window_pattern": 6, "vocab_size": 3,
    });
    let mut newer = older.clone();
    for key in ["rope_local_base_freq", "rope_scaling", "rope_theta", "sliding_window_pattern"] {
        newer.as_object_mut().unwrap().remove(key);
    }
    newer["layer_types"] = json!(["full_attention"]);
    newer["tie_word_embeddings"] = json!(false);
    newer["rope_parameters"] = json!({
        "full_attention": {"rope_theta": 1e6, "rope_type": "default"},
        "sliding_attention": {"rope_theta": 1e4, "rope_type": "default"},
    });
    let mut tensors: Vec<(String, &[u64])> = vec![("model.embed_tokens.weight".to_owned(), &[3, 4])];
    for (name, shape) in [
        ("input_layernorm", &[4][..]),
        ("self_attn.q_proj", &[4, 4]),
        ("self_attn.k_proj", &[2, 4]),
        ("self_attn.v_proj", &[2, 4]),
        ("self_attn.q_norm", &[2]),
        ("self_attn.k_norm", &[2]),
        ("self_attn.o_proj", &[4, 4]),
        ("post_attention_layernorm", &[4]),
        ("pre_feedforward_layernorm", &[4]),
        ("mlp.gate_proj", &[3, 4]),
        ("mlp.up_proj", &[3, 4]),
        ("mlp.down_proj", &[4, 3]),
        ("post_feedforward_layernorm", &[4]),
    ] {
        tensors.push((format!("model.layers.0.{name}.weight"), shape));
    }
    tensors.push(("model.norm.weight".to_owned(), &[4]));
    let single = pack(&[
        (NAMES[0], older.to_string().into_bytes()),
        (NAMES[1], safetensors("F32", &tensors)),
        (NAMES[4], json!({"chat_template": "{{ messages[0].content }}"}).to_string().into_bytes()),
    ]);
    tensors.push(("lm_head.weight".to_owned(), &[3, 4]));
    let (a, b) = tensors.split_at(7);
    let shard = |name: &str, tensors: &[(String, &[u64])]| -> Vec<(String, serde_json::Value)> {
        tensors.iter().map(|(tensor, _)| (tensor.clone(), json!(name))).collect()
    };
    let map: serde_json::Map<_, _> = [shard(NAMES[1], a), shard(NAMES[2], b)].concat().into_iter().collect();
    let sharded = pack(&[
        (NAMES[0], newer.to_string().into_bytes()),
        (NAMES[1], safetensors("BF16", a)),
        (NAMES[2], safetensors("F16", b)),
        (NAMES[3], json!({"weight_map": map}).to_string().into_bytes()),
        (NAMES[5], b"{{ messages[0].content }}".to_vec()),
    ]);
    vec![("single", single), ("sharded", sharded)]
}

fn safetensors(dtype: &str, tensors: &[(String, &[u64])]) -> Vec<u8> {
    let mut header = serde_json::Map::new();
    let mut end = 0;
    for (name, shape) in tensors {
        let begin = end;
        end += shape.iter().product::<u64>() * if dtype == "F32" { 4 } else { 2 };
        header.insert(name.clone(), json!({"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}));
    }
    let header = serde_json::Value::Object(header).to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &vec![0x3c; end as usize]].concat()
}

fn pack(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut packed = Vec::new();
    for (name, bytes) in files {
        packed.push(NAMES.iter().position(|known| known == name).unwrap() as u8);
        packed.extend((bytes.len() as u32).to_le_bytes());
        packed.extend(bytes);
    }
    packed
}

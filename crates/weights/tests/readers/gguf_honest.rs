//! What an honest GGUF gives, and what else opens.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use testkit::gguf::{File, Shape, TINY, Tensor, Value};
use weights::{
    Config, Dtype, Error, Format, LayerKind, LayerRole, MemorySource, Role, Source, TokenizerFiles, Weights, open_gguf,
};

use crate::gguf::{array, open, opens};

#[test]
fn an_honest_file_gives_its_configuration_and_tensors() {
    let model = opens(|_| {});
    let expected = Config {
        n_layers: 7,
        hidden: 32,
        ffn: 32,
        n_heads: 2,
        n_kv_heads: 1,
        head_dim: 16,
        vocab: 16,
        context: 128,
        rms_norm_eps: 1e-6,
        query_scale: 0.25,
        embed_scale: 32_f32.sqrt(),
        window: 8,
        layers: (0..7).map(|i| if i == 5 { LayerKind::Global } else { LayerKind::Local }).collect(),
        rope_base_local: 1e4,
        rope_base_global: 1e6,
    };
    assert_eq!(model.config, expected);
    assert_eq!(model.format, Format::Gguf { version: 3 });
    assert_eq!(model.name.as_deref(), Some("tiny"));
    assert_eq!(model.chat_template.as_deref(), Some("{{ messages[0].content }}"));
    assert_eq!(model.tensors().count(), 2 + 7 * 13);
    let per_layer = 4 * 32 + 2 * 16 + 3 * 32 * 32 + 2 * 32 * 32 + 2 * 16 * 32;
    assert_eq!(model.n_params(), 16 * 32 + 32 + 7 * per_layer);
    let q = model.tensor(Role::Layer(3, LayerRole::Q)).unwrap();
    assert_eq!((q.name.as_str(), q.dtype, q.rows, q.cols), ("blk.3.attn_q.weight", Dtype::Q8_0, 32, 32));
    assert_eq!(model.read(q).unwrap(), vec![0x3c; 32 * 34]);
    assert_eq!(model.read_rows(q, 1..3).unwrap(), vec![0x3c; 2 * 34]);
    assert!(model.tensor(Role::Layer(7, LayerRole::Q)).is_none());
}

#[test]
fn the_vocabulary_is_handed_on_as_it_is() {
    let TokenizerFiles::Gguf(vocabulary) = opens(|_| {}).tokenizer else { panic!("not a GGUF's") };
    assert_eq!(vocabulary.model, "llama");
    assert_eq!(vocabulary.pieces[..6], ["<pad>", "<eos>", "<bos>", "<unk>", "a", "b"]);
    assert_eq!(vocabulary.scores, (0..16_i16).map(|i| -f32::from(i)).collect::<Vec<_>>());
    assert_eq!((vocabulary.types.len(), vocabulary.types[2], vocabulary.types[4]), (16, 3, 1));
    assert_eq!((vocabulary.bos, vocabulary.eos, vocabulary.unk), (Some(2), Some(1), Some(3)));
    assert_eq!((vocabulary.pad, vocabulary.eot, vocabulary.add_space_prefix), (Some(0), None, Some(false)));
}

#[test]
fn a_gain_is_what_the_file_stores() {
    let model = opens(|_| {});
    let expected: Vec<f32> = (0..32).map(|i| 1.0 + i as f32 / 256.0).collect();
    assert_eq!(model.read_gain(Role::FinalNorm).unwrap(), expected);
    let error = model.read_gain(Role::Embed).unwrap_err().to_string();
    assert_eq!(error, "expected a norm of this model, found embed, at role");
}

#[test]
fn rows_beyond_the_end_are_refused() {
    let model = opens(|_| {});
    #[expect(clippy::reversed_empty_ranges, reason = "a caller can pass one")]
    for rows in [0..17, 17..17, 3..2, usize::MAX..usize::MAX] {
        let sentence = format!(
            "expected a range within 0..16, found {}..{}, at rows of tensor \"token_embd.weight\"",
            rows.start, rows.end
        );
        let error = model.read_rows(model.embed(), rows).unwrap_err();
        assert_eq!(error.to_string(), sentence);
    }
    assert_eq!(model.read_rows(model.embed(), 16..16).unwrap(), Vec::<u8>::new());
}

#[test]
fn a_view_that_was_tampered_with_is_refused() {
    let model = opens(|_| {});
    let mut view = model.embed().clone();
    view.file = 1;
    let sentence = "expected a file index below 1, found 1, at tensor \"token_embd.weight\"";
    assert_eq!(model.read(&view).unwrap_err().to_string(), sentence);
    view = model.embed().clone();
    view.len_bytes = u64::MAX;
    assert!(matches!(model.read(&view), Err(Error::Truncated { .. })));
    view.rows = usize::MAX;
    assert!(model.read_rows(&view, 0..usize::MAX).is_err());
}

#[test]
fn version_2_opens() {
    assert_eq!(opens(|file| file.version = 2).format, Format::Gguf { version: 2 });
}

#[test]
fn an_untied_head_is_the_head() {
    let tied = opens(|_| {});
    assert!(tied.tied());
    assert_eq!(tied.head(), tied.embed());
    assert!(tied.tensor(Role::Head).is_none());
    let untied = opens(|file| {
        let embed = file.tensor("token_embd.weight").clone();
        file.tensors.push(Tensor { name: b"output.weight".to_vec(), ..embed });
    });
    assert!(!untied.tied());
    assert_eq!(untied.head().name, "output.weight");
    assert_eq!(untied.tensors().last().unwrap().0, Role::Head);
}

#[test]
fn the_layer_pattern_is_the_files_own_where_it_has_one() {
    const KEY: &str = "gemma3.attention.sliding_window_pattern";
    assert_eq!(globals(&opens(|file| file.set(KEY, 3))), [2, 5]);
    assert_eq!(globals(&opens(|file| file.set(KEY, 0))), [0; 0]);
    assert_eq!(globals(&opens(|file| file.set(KEY, 1))), [0, 1, 2, 3, 4, 5, 6]);
    let bools = vec![true, false, true, true, true, true, false];
    assert_eq!(globals(&opens(|file| file.set(KEY, Value::Bools(bools)))), [1, 6]);
}

#[test]
fn rope_bases_have_their_own_keys() {
    let model = opens(|file| file.set("gemma3.rope.freq_base_swa", 5e3));
    assert_eq!((model.config.rope_base_local, model.config.rope_base_global), (5e3, 1e6));
    let model = opens(|file| file.remove("gemma3.rope.freq_base"));
    assert_eq!((model.config.rope_base_local, model.config.rope_base_global), (1e4, 1e4));
}

#[test]
fn redundant_keys_open_when_they_agree() {
    opens(|file| {
        file.set("gemma3.vocab_size", 16);
        file.set("gemma3.rope.dimension_count", Value::U64(16));
        file.set("gemma3.attention.scale", 0.25);
        file.set("gemma3.attention.causal", true);
        file.set("gemma3.attn_logit_softcapping", 0.0);
        file.set("gemma3.rope.scaling.type", "none");
        file.set("gemma3.rope.scaling.factor", 1.0);
        file.set("gemma3.block_count", Value::I32(7));
        file.set("general.type", "model");
        file.set("split.count", 1);
    });
}

#[test]
fn the_27b_shape_scales_by_its_width_per_head() {
    let mut shape = TINY;
    (shape.layers, shape.hidden) = (62, 64);
    let model = open(File::gemma(shape, 8, 32, &[0x3c; 34]).to_bytes()).unwrap();
    assert_eq!(model.config.query_scale.to_bits(), (1.0 / 32_f32.sqrt()).to_bits());
}

#[test]
fn keys_of_tools_are_passed_over_whatever_they_hold() {
    let inner = [array(8, 1, b"\x02\0\0\0\0\0\0\0xy"), array(0, 3, b"abc")].concat();
    let nested = array(9, 2, &inner);
    opens(|file| {
        file.set("quantize.imatrix.file", "i.dat");
        file.set("mradermacher.quantized_on", Value::Raw(12, vec![0; 8]));
        file.set("some.array", Value::Strings(vec![b"a".to_vec(), b"\xff".to_vec()]));
        file.set("some.nested", Value::Raw(9, nested));
        file.set("some.bytes", Value::Raw(0, vec![1]));
    });
}

#[test]
fn a_skipped_value_longer_than_the_window_is_passed_over() {
    // 600,000 bytes in the way of the architecture, and a string of as many after it.
    let long = vec![0; 600_000];
    opens(|file| {
        let array = Value::Raw(9, array(0, 600_000, &long));
        file.keys.insert(0, (b"some.bytes".to_vec(), array));
        file.keys.insert(9, (b"some.text".to_vec(), Value::String(long.clone())));
    });
}

#[test]
fn a_file_without_a_vocabulary_opens() {
    for model in [None, Some("no_vocab"), Some("none")] {
        let opened = opens(|file| {
            file.keys.retain(|(name, _)| !name.starts_with(b"tokenizer."));
            if let Some(model) = model {
                file.set("tokenizer.ggml.model", model);
            }
        });
        let TokenizerFiles::Gguf(vocabulary) = opened.tokenizer else { panic!("not a GGUF's") };
        assert_eq!((vocabulary.model.as_str(), vocabulary.pieces.len()), ("none", 0));
    }
}

#[test]
fn another_alignment_is_followed() {
    let model = opens(|file| {
        file.set("general.alignment", 128);
        file.alignment = 128;
    });
    assert_eq!(model.read(model.embed()).unwrap(), vec![0x3c; 16 * 34]);
}

#[test]
fn norms_may_be_rows() {
    opens(|file| file.tensor("output_norm.weight").dims = vec![32, 1, 1]);
}

fn globals(model: &Weights) -> Vec<usize> {
    let layers = model.config.layers.iter().enumerate();
    layers.filter(|(_, kind)| **kind == LayerKind::Global).map(|(index, _)| index).collect()
}

/// A source that remembers what was read of it.
struct Watched {
    inner: MemorySource,
    reads: RefCell<Vec<(u64, usize)>>,
}

impl Source for Watched {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn len_bytes(&self) -> u64 {
        self.inner.len_bytes()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        self.reads.borrow_mut().push((offset, buf.len()));
        self.inner.read_at(offset, buf)
    }
}

#[test]
fn the_header_is_read_through_a_window_and_the_data_not_at_all() {
    // Gemma 3's own vocabulary size, with tensors that make the file far longer than its header.
    let shape = Shape { layers: 1, vocab: 262_144, ..TINY };
    let mut file = File::gemma(shape, 0, 1, &[0; 4]);
    let pieces = (0..262_144).map(|i| format!("▁piece{i}").into_bytes()).collect();
    file.set("tokenizer.ggml.tokens", Value::Strings(pieces));
    let (header, bytes) = (file.header().len(), file.to_bytes());
    assert!(bytes.len() > 4 * header);
    let source = Rc::new(Watched { inner: MemorySource::new("m.gguf", bytes), reads: RefCell::new(Vec::new()) });
    let started = Instant::now();
    let model = open_gguf(Rc::clone(&source) as Rc<dyn Source>).unwrap();
    eprintln!("a header of {header} bytes, 262,144 pieces: {:?}", started.elapsed());
    let TokenizerFiles::Gguf(vocabulary) = &model.tokenizer else { panic!("not a GGUF's") };
    assert_eq!(vocabulary.pieces[262_143], "▁piece262143");
    let reads = source.reads.take();
    let window = 256 * 1024;
    assert!(reads.iter().all(|(_, len)| *len <= window));
    let end = reads.iter().map(|(offset, len)| *offset as usize + len).max().unwrap();
    assert!(end <= header + window, "read to {end}, but the header ends at {header}");
    // One read per window, none twice.
    assert_eq!(reads.len(), header.div_ceil(window));
    model.read_rows(model.embed(), 7..9).unwrap();
    assert_eq!(source.reads.take()[0].1, 2 * 32 * 4);
}

#[test]
fn a_source_that_fails_is_named_with_the_place() {
    struct Failing;
    impl Source for Failing {
        fn name(&self) -> &'static str {
            "gone.gguf"
        }
        fn len_bytes(&self) -> u64 {
            1 << 20
        }
        fn read_at(&self, _: u64, _: &mut [u8]) -> std::io::Result<()> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let error = open_gguf(Rc::new(Failing)).map(|_| "opened").unwrap_err();
    assert_eq!(error.to_string(), "gone.gguf: reading 262144 bytes at byte 0 failed: the disk is gone");
}

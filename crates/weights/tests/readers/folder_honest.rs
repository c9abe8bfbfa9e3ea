//! What an honest folder gives, and what else opens.

use serde_json::{Value, json};
use weights::{Dtype, Format, LayerKind, LayerRole, Role, TokenizerFiles, Weights, hash_files};

use crate::folder::{Folder, Tensor, open, opens, safetensors};

#[test]
fn an_honest_folder_gives_its_configuration_and_tensors() {
    let model = opens(|_| {});
    let expected = weights::Config {
        n_layers: 2,
        hidden: 8,
        ffn: 6,
        n_heads: 2,
        n_kv_heads: 1,
        head_dim: 4,
        vocab: 5,
        context: 128,
        rms_norm_eps: 1e-6,
        query_scale: 0.25,
        embed_scale: 8_f32.sqrt(),
        window: 8,
        layers: vec![LayerKind::Local, LayerKind::Global],
        rope_base_local: 1e4,
        rope_base_global: 1e6,
    };
    assert_eq!(model.config, expected);
    assert_eq!(model.format, Format::Safetensors);
    assert_eq!((model.name.as_deref(), model.chat_template.as_deref()), (None, None));
    assert_eq!(model.tensors().count(), 2 + 2 * 13);
    assert_eq!(model.dtype_summary(), [(Dtype::F32, 28, model.tensor_bytes())]);
    assert!(model.tied());
    let down = model.tensor(Role::Layer(1, LayerRole::Down)).unwrap();
    assert_eq!((down.rows, down.cols), (8, 6));
    assert_eq!(model.read_rows(down, 7..8).unwrap(), [vec![0; 23], vec![0x40]].concat());
    assert_eq!(model.read_rows(down, 6..7).unwrap(), vec![0; 24]);
}

#[test]
fn a_gain_is_one_more_than_the_file_stores() {
    for (dtype, last) in [("F32", 3.0), ("F16", 3.0), ("BF16", 3.0)] {
        let model = opens(|folder| folder.tensor_mut("model.norm.weight").dtype = dtype);
        let mut expected = vec![1.0; 8];
        expected[7] = last;
        assert_eq!(model.read_gain(Role::FinalNorm).unwrap(), expected, "{dtype}");
    }
}

#[test]
fn both_spellings_of_rope_open_and_agree() {
    let parameters = json!({
        "full_attention": {"rope_theta": 1_000_000.0, "rope_type": "default"},
        "sliding_attention": {"rope_theta": 10000, "rope_type": "default"},
    });
    let older = opens(|_| {}).config;
    let both = opens(|folder| folder.config["rope_parameters"] = parameters.clone());
    let newer = opens(|folder| {
        for key in ["rope_theta", "rope_local_base_freq", "rope_scaling"] {
            remove(folder, key);
        }
        folder.config["rope_parameters"] = parameters.clone();
    });
    assert_eq!(both.config, older);
    assert_eq!(newer.config, older);
    opens(|folder| folder.config["rope_scaling"] = json!({"rope_type": "default"}));
    opens(|folder| folder.config["rope_scaling"] = json!({"type": "default"}));
}

#[test]
fn layer_types_win_over_intervals() {
    use LayerKind::{Global, Local};
    for (types, interval, stale, expected) in [
        (json!(["full_attention", "sliding_attention"]), Value::Null, json!(6), [Global, Local]),
        (Value::Null, json!(2), Value::Null, [Local, Global]),
        (Value::Null, json!(1), json!(6), [Global, Global]),
        (Value::Null, Value::Null, json!(2), [Local, Global]),
        (Value::Null, Value::Null, Value::Null, [Local, Local]),
        (json!(["sliding_attention", "full_attention"]), json!(2), json!(2), [Local, Global]),
    ] {
        let model = opens(|folder| {
            folder.config["layer_types"] = types;
            folder.config["sliding_window_pattern"] = interval;
            folder.config["_sliding_window_pattern"] = stale;
        });
        assert_eq!(model.config.layers, expected);
    }
}

#[test]
fn an_untied_head_is_the_head() {
    let model = opens(|folder| {
        folder.config["tie_word_embeddings"] = json!(false);
        folder.tensors.push(Tensor { name: "lm_head.weight".to_owned(), dtype: "BF16", shape: vec![5, 8] });
    });
    assert!(!model.tied());
    assert_eq!((model.head().name.as_str(), model.head().dtype), ("lm_head.weight", Dtype::Bf16));
}

#[test]
fn the_text_part_of_a_multimodal_checkpoint_opens_under_its_other_names() {
    let plain = opens(|_| {}).config;
    for prefix in ["language_model.model.", "model.language_model."] {
        let model = opens(|folder| {
            for tensor in &mut folder.tensors {
                tensor.name = tensor.name.replacen("model.", prefix, 1);
            }
            let mut text = folder.config.take();
            text.as_object_mut().unwrap().remove("architectures");
            text.as_object_mut().unwrap().remove("tie_word_embeddings");
            folder.config = json!({
                "architectures": ["Gemma3ForConditionalGeneration"],
                "model_type": "gemma3",
                "text_config": text,
                "tie_word_embeddings": true,
                "vision_config": {"hidden_size": 1152},
                "mm_tokens_per_image": 256,
                "boi_token_index": 255_999,
            });
        });
        assert_eq!(model.config, plain);
        assert!(model.embed().name.starts_with(prefix));
    }
}

#[test]
fn shards_open_with_their_index() {
    let folder = Folder::honest();
    let (a, b) = folder.tensors.split_at(9);
    let model = open(sharded(&folder, a, b, |_| {})).unwrap();
    let names: Vec<&str> = model.files().iter().map(|file| file.name()).collect();
    assert_eq!(names, ["dir/model-00001-of-00002.safetensors", "dir/model-00002-of-00002.safetensors"]);
    assert_eq!(same_tensors(&model), same_tensors(&folder.open().unwrap()));
}

#[test]
fn an_index_beside_a_single_file_opens() {
    let folder = Folder::honest();
    let map: serde_json::Map<String, Value> =
        folder.tensors.iter().map(|tensor| (tensor.name.clone(), json!("model.safetensors"))).collect();
    let index = json!({"metadata": {"total_size": 1}, "weight_map": map}).to_string();
    opens(|folder| {
        folder.others.push(("model.safetensors.index.json", index.into_bytes()));
    });
}

#[test]
fn the_tokenizers_files_are_handed_on_unread() {
    let model = opens(|folder| {
        folder.others.push(("tokenizer.json", b"{".to_vec()));
        folder.others.push(("tokenizer.model", vec![0xff]));
        folder.others.push(("README.md", vec![]));
        folder.others.push(("generation_config.json", b"{}".to_vec()));
    });
    let expected = TokenizerFiles::Files {
        tokenizer_json: Some(b"{".to_vec()),
        tokenizer_model: Some(vec![0xff]),
        tokenizer_config: None,
    };
    assert_eq!(model.tokenizer, expected);
}

#[test]
fn the_chat_template_comes_from_its_own_file_first() {
    let named = json!({"chat_template": [{"name": "rag", "template": "R"}, {"name": "default", "template": "D"}]});
    for (own, config, expected) in [
        (None, json!({}), None),
        (None, json!({"chat_template": null}), None),
        (None, json!({"chat_template": "C"}), Some("C")),
        (None, named.clone(), Some("D")),
        (Some("J"), named, Some("J")),
    ] {
        let model = opens(|folder| {
            folder.others.push(("tokenizer_config.json", config.to_string().into_bytes()));
            folder.others.extend(own.map(|text: &str| ("chat_template.jinja", text.as_bytes().to_vec())));
        });
        assert_eq!(model.chat_template.as_deref(), expected);
    }
}

#[test]
fn hashes_do_not_depend_on_order_or_folder() {
    let folder = Folder::honest();
    let (a, b) = folder.tensors.split_at(9);
    let model = open(sharded(&folder, a, b, |_| {})).unwrap();
    let mut files = model.files().to_vec();
    let mut seen = Vec::new();
    let hashes = hash_files(&files, &mut |bytes| seen.push(bytes)).unwrap();
    assert_eq!(seen.last().copied(), Some(files.iter().map(|file| file.len_bytes()).sum()));
    assert_eq!(hashes.files[0].name, "model-00001-of-00002.safetensors");
    files.reverse();
    assert_eq!(hash_files(&files, &mut |_| {}).unwrap(), hashes);
    let twice = [files[0].clone(), files[0].clone()];
    assert_eq!(
        hash_files(&twice, &mut |_| {}).unwrap_err().to_string(),
        "dir/model-00002-of-00002.safetensors: expected distinct file names, found \
         \"model-00002-of-00002.safetensors\", at the list of files"
    );
}

#[test]
fn hashes_are_the_known_ones() {
    use std::rc::Rc;
    // sha256("abc") is FIPS 180-2's example; the list's own hash is `sha256sum` of
    // [{"bytes":3,"name":"m.gguf","sha256":"ba78…15ad"}] written without spaces.
    let file = Rc::new(weights::MemorySource::new("dir\\m.gguf", b"abc".as_slice()));
    let hashes = hash_files(&[file], &mut |_| {}).unwrap();
    assert_eq!(hashes.files[0].sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(hashes.weights_sha256, "f5dc72a620c8cc69eae43ef1fd0f1df512bfe428463aa366618a4b5d77537e2f");
}

/// Two shards and their index, in a folder named `dir`.
pub fn sharded(
    folder: &Folder,
    a: &[Tensor],
    b: &[Tensor],
    lie: impl FnOnce(&mut serde_json::Map<String, Value>),
) -> Vec<(String, Vec<u8>)> {
    let names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    let mut map = serde_json::Map::new();
    for (tensors, name) in [a, b].into_iter().zip(names) {
        map.extend(tensors.iter().map(|tensor| (tensor.name.clone(), json!(name))));
    }
    lie(&mut map);
    let index = json!({"metadata": {}, "weight_map": map}).to_string();
    vec![
        (format!("dir/{}", names[1]), safetensors(b)),
        (format!("dir/{}", names[0]), safetensors(a)),
        ("dir/config.json".to_owned(), folder.config.to_string().into_bytes()),
        ("dir/model.safetensors.index.json".to_owned(), index.into_bytes()),
    ]
}

fn same_tensors(model: &Weights) -> Vec<(String, Vec<u8>)> {
    model.tensors().map(|(role, view)| (role.to_string(), model.read(view).unwrap())).collect()
}

fn remove(folder: &mut Folder, key: &str) {
    folder.config.as_object_mut().unwrap().remove(key).unwrap();
}

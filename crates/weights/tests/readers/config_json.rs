//! One test for each way a `config.json` can lie or ask for what is not computed.

use serde_json::{Value, json};

use crate::folder::{check, check_file, config, opens};

#[test]
fn a_configuration_that_is_no_json_object_is_refused() {
    let twice = config().to_string().replacen('{', "{\"hidden_size\": 9, ", 1);
    let nested = config().to_string().replacen('{', "{\"id2label\": {\"a\": [{\"b\": 1, \"b\": 2}]}, ", 1);
    let deep = format!("{{\"id2label\": {}", "[".repeat(100_000));
    for (text, sentence) in [
        ("", "config.json: expected some content, found an empty file; download it again"),
        ("[]", "config.json: expected a JSON object, found an array of 0, at its beginning"),
        (
            "{",
            "config.json: expected JSON in the right form, found \"EOF while parsing an object\", at line 1, column 1",
        ),
        (
            "{\"rms_norm_eps\": NaN}",
            "config.json: expected JSON in the right form, found \"expected value\", at line 1, column 18",
        ),
        (
            "{\"rms_norm_eps\": 1e999}",
            "config.json: expected JSON in the right form, found \"number out of range\", at line 1, column 22",
        ),
        (
            &twice,
            "config.json: expected JSON in the right form, found \"key \\\"hidden_size\\\" twice\", at line 1, column 265",
        ),
        (&nested, "config.json: expected JSON in the right form, found \"key \\\"b\\\" twice\", at line 1, column 32"),
        (
            &deep,
            "config.json: expected JSON in the right form, found \"recursion limit exceeded\", at line 1, column 140",
        ),
    ] {
        check_file("config.json", text, sentence);
    }
    check_file(
        "config.json",
        vec![b' '; (1 << 20) + 1],
        "config.json: expected at most 1048576 bytes, found 1048577, at its length",
    );
    check_file(
        "config.json",
        b"{\"\xff\": 1}".to_vec(),
        "config.json: expected JSON in the right form, found \"invalid unicode code point\", at line 1, column 3",
    );
}

#[test]
fn every_needed_key_is_missed_by_name() {
    for key in [
        "head_dim",
        "hidden_size",
        "intermediate_size",
        "max_position_embeddings",
        "model_type",
        "num_attention_heads",
        "num_hidden_layers",
        "num_key_value_heads",
        "query_pre_attn_scalar",
        "rms_norm_eps",
        "rope_local_base_freq",
        "rope_theta",
        "sliding_window",
        "vocab_size",
    ] {
        let sentence = format!("config.json: key {key} is missing; a Gemma 3 text model's config.json has it");
        check(|folder| drop(folder.config.as_object_mut().unwrap().remove(key)), &sentence);
    }
}

/// Every key of the honest configuration matters: with a value of the wrong kind it is refused, unless it is harmless.
#[test]
fn every_key_is_read_or_harmless() {
    const HARMLESS: [&str; 7] = [
        "attention_dropout",
        "bos_token_id",
        "eos_token_id",
        "initializer_range",
        "pad_token_id",
        "torch_dtype",
        "use_cache",
    ];
    let honest = config();
    for key in honest.as_object().unwrap().keys() {
        let mut folder = crate::folder::Folder::honest();
        folder.config[key] = json!([["no such value"]]);
        let opened = folder.open();
        assert_eq!(opened.is_ok(), HARMLESS.contains(&key.as_str()), "{key}: {opened:?}");
    }
}

#[test]
fn an_unknown_key_is_refused_by_name() {
    for (key, sentence) in [
        (
            "attention_sinks",
            "config.json: key \"attention_sinks\" is unknown and could change what the model computes; remove it if you know that it does not",
        ),
        (
            "layer_norm_eps",
            "config.json: key \"layer_norm_eps\" is unknown and could change what the model computes; remove it if you know that it does not",
        ),
        (
            "num_experts",
            "config.json: key \"num_experts\" is unknown and could change what the model computes; remove it if you know that it does not",
        ),
    ] {
        check(|folder| folder.config[key] = json!(1), sentence);
    }
}

#[test]
fn sizes_that_are_none_are_refused() {
    for (key, value, sentence) in [
        ("hidden_size", json!(0), "config.json: expected 1 to 1048576, found 0, at hidden size"),
        ("hidden_size", json!(-8), "config.json: expected a whole number of 0 or more, found -8, at key hidden_size"),
        ("hidden_size", json!(8.5), "config.json: expected a whole number of 0 or more, found 8.5, at key hidden_size"),
        (
            "hidden_size",
            json!("8"),
            "config.json: expected a whole number of 0 or more, found \"8\", at key hidden_size",
        ),
        (
            "num_hidden_layers",
            json!(0),
            "config.json: expected 0 entries, as num_hidden_layers says, found 2, at key layer_types",
        ),
        (
            "num_hidden_layers",
            json!(3),
            "config.json: expected 3 entries, as num_hidden_layers says, found 2, at key layer_types",
        ),
        ("num_key_value_heads", json!(0), "config.json: expected 1 to 1048576, found 0, at number of key/value heads"),
        ("head_dim", json!(3), "config.json: expected an even number, found 3, at head size"),
        (
            "vocab_size",
            json!(u64::MAX),
            "config.json: expected 1 to 16777216, found 18446744073709551615, at vocabulary size",
        ),
        ("sliding_window", json!(0), "config.json: expected 1 to 268435456, found 0, at sliding window"),
        (
            "sliding_window",
            Value::Null,
            "config.json: expected a whole number of 0 or more, found null, at key sliding_window",
        ),
        ("sliding_window_pattern", json!(0), "config.json: expected 1 or more, found 0, at key sliding_window_pattern"),
        ("rms_norm_eps", json!(1e300), "config.json: expected a finite number above 0, found inf, at norm epsilon"),
        (
            "rms_norm_eps",
            json!(-1e-6),
            "config.json: expected a finite number above 0, found -0.0000009999999974752427, at norm epsilon",
        ),
        ("query_pre_attn_scalar", json!(0), "config.json: expected a finite number above 0, found inf, at query scale"),
        (
            "query_pre_attn_scalar",
            json!(-16),
            "config.json: expected a finite number above 0, found NaN, at query scale",
        ),
        (
            "rope_theta",
            json!(0),
            "config.json: expected a finite number above 0, found 0, at rope base of global layers",
        ),
        ("rope_theta", json!("1e6"), "config.json: expected a number, found \"1e6\", at key rope_theta"),
    ] {
        check(|folder| folder.config[key] = value, sentence);
    }
}

#[test]
fn more_layers_than_can_be_are_refused_before_they_are_listed() {
    check(
        |folder| {
            folder.config["num_hidden_layers"] = json!(1_u64 << 60);
            folder.config["layer_types"] = Value::Null;
        },
        "config.json: expected 1 to 1024, found 1152921504606846976, at number of layers",
    );
}

#[test]
fn heads_that_do_not_divide_are_refused() {
    check(
        |folder| {
            folder.config["num_attention_heads"] = json!(3);
            folder.config["num_key_value_heads"] = json!(2);
        },
        "config.json: expected a divisor of the number of heads, 3, found 2, at number of key/value heads",
    );
}

#[test]
fn what_is_not_computed_is_refused_by_name() {
    for (key, value, sentence) in [
        ("attention_bias", json!(true), "config.json: expected false, found true, at key attention_bias"),
        (
            "attn_logit_softcapping",
            json!(50.0),
            "config.json: expected null, found 50.0, at key attn_logit_softcapping",
        ),
        (
            "final_logit_softcapping",
            json!(30.0),
            "config.json: expected null, found 30.0, at key final_logit_softcapping",
        ),
        (
            "hidden_activation",
            json!("gelu"),
            "config.json: expected \"gelu_pytorch_tanh\", found \"gelu\", at key hidden_activation",
        ),
        (
            "hidden_activation",
            Value::Null,
            "config.json: expected \"gelu_pytorch_tanh\", found null, at key hidden_activation",
        ),
        ("hidden_act", json!("silu"), "config.json: expected \"gelu_pytorch_tanh\", found \"silu\", at key hidden_act"),
        ("mlp_bias", json!(true), "config.json: expected false, found true, at key mlp_bias"),
        (
            "use_bidirectional_attention",
            json!(true),
            "config.json: expected false or null, found true, at key use_bidirectional_attention",
        ),
        ("is_encoder_decoder", json!(true), "config.json: expected false, found true, at key is_encoder_decoder"),
        (
            "model_type",
            json!("gemma2"),
            "config.json: architecture \"gemma2\" is not supported; only Gemma 3 text models (gemma3_text) are",
        ),
        ("model_type", json!(3), "config.json: expected a text, found 3, at key model_type"),
        (
            "architectures",
            json!(["Gemma3ForSequenceClassification"]),
            "config.json: architecture \"Gemma3ForSequenceClassification\" is not supported; only Gemma3ForCausalLM is",
        ),
        (
            "architectures",
            json!("Gemma3ForCausalLM"),
            "config.json: expected an array of names, found \"Gemma3ForCausalLM\", at key architectures",
        ),
    ] {
        check(|folder| folder.config[key] = value, sentence);
    }
}

#[test]
fn quantisation_and_strange_layers_are_refused_by_name() {
    for (key, value, sentence) in [
        (
            "tie_word_embeddings",
            json!("yes"),
            "config.json: expected true or false, found \"yes\", at key tie_word_embeddings",
        ),
        (
            "quantization",
            json!({"group_size": 64, "bits": 4}),
            "config.json: MLX quantisation (key quantization) is not supported; convert the model to GGUF",
        ),
        (
            "quantization_config",
            json!({"group_size": 64, "bits": 4}),
            "config.json: MLX quantisation (key quantization_config) is not supported; convert the model to GGUF",
        ),
        (
            "quantization_config",
            json!({"quant_method": "bitsandbytes"}),
            "config.json: quantisation \"bitsandbytes\" (key quantization_config) is not supported; convert the model to GGUF",
        ),
        (
            "layer_types",
            json!(["sliding_attention"]),
            "config.json: expected 2 entries, as num_hidden_layers says, found 1, at key layer_types",
        ),
        (
            "layer_types",
            json!(["sliding_attention", "chunked_attention"]),
            "config.json: expected sliding_attention or full_attention, found \"chunked_attention\", at key layer_types",
        ),
        (
            "layer_types",
            json!("full_attention"),
            "config.json: expected an array, found \"full_attention\", at key layer_types",
        ),
        (
            "sliding_window_pattern",
            json!(6),
            "config.json: expected the interval of layer_types, found another, at key sliding_window_pattern",
        ),
    ] {
        check(|folder| folder.config[key] = value, sentence);
    }
}

#[test]
fn rope_that_is_scaled_or_contradicts_itself_is_refused() {
    let rope = |full: Value, local: Value| json!({"full_attention": full, "sliding_attention": local});
    let (full, local) = (json!({"rope_theta": 1e6}), json!({"rope_theta": 1e4}));
    for (key, value, sentence) in [
        (
            "rope_scaling",
            json!({"rope_type": "linear", "factor": 8.0}),
            "config.json: rope scaling \"linear\" (key rope_scaling.rope_type) is not supported; Gemma 3 270M and 1B have none",
        ),
        (
            "rope_scaling",
            json!({"type": "yarn"}),
            "config.json: rope scaling \"yarn\" (key rope_scaling.type) is not supported; Gemma 3 270M and 1B have none",
        ),
        (
            "rope_scaling",
            json!({"factor": 8.0}),
            "config.json: key \"rope_scaling.factor\" is unknown and could change what the model computes; remove it if you know that it does not",
        ),
        (
            "rope_scaling",
            json!("linear"),
            "config.json: expected an object or null, found \"linear\", at key rope_scaling",
        ),
        (
            "rope_parameters",
            rope(json!({"rope_theta": 1e6, "rope_type": "linear"}), local.clone()),
            "config.json: rope scaling \"linear\" (key rope_parameters.full_attention.rope_type) is not supported; Gemma 3 270M and 1B have none",
        ),
        (
            "rope_parameters",
            rope(json!({"rope_theta": 1e6, "factor": 8.0}), local.clone()),
            "config.json: key \"rope_parameters.full_attention.factor\" is unknown and could change what the model computes; remove it if you know that it does not",
        ),
        (
            "rope_parameters",
            rope(json!({"rope_theta": 5e5}), local.clone()),
            "config.json: expected 500000, as rope_parameters.full_attention.rope_theta says, found 1000000, at key rope_theta",
        ),
        (
            "rope_parameters",
            rope(full.clone(), json!({"rope_theta": 1e6})),
            "config.json: expected 1000000, as rope_parameters.sliding_attention.rope_theta says, found 10000, at key rope_local_base_freq",
        ),
        (
            "rope_parameters",
            rope(full.clone(), json!({})),
            "config.json: key rope_parameters.sliding_attention.rope_theta is missing; a Gemma 3 text model's config.json has it",
        ),
        (
            "rope_parameters",
            json!({"full_attention": full}),
            "config.json: key rope_parameters.sliding_attention is missing; a Gemma 3 text model's config.json has it",
        ),
        (
            "rope_parameters",
            json!({"rope_theta": 1e6, "rope_type": "default"}),
            "config.json: key rope_parameters.sliding_attention is missing; a Gemma 3 text model's config.json has it",
        ),
        (
            "rope_parameters",
            json!([]),
            "config.json: expected an object or null, found an array of 0, at key rope_parameters",
        ),
    ] {
        check(|folder| folder.config[key] = value, sentence);
    }
    check(
        |folder| {
            folder.config["rope_parameters"] = rope(json!({"rope_theta": 1e6}), local);
            folder.config["rope_parameters"]["chunked_attention"] = json!({});
        },
        "config.json: key \"rope_parameters.chunked_attention\" is unknown and could change what the model computes; remove it if you know that it does not",
    );
}

#[test]
fn harmless_keys_open() {
    opens(|folder| {
        folder.config["transformers_version"] = json!("5.23.0");
        folder.config["_name_or_path"] = json!("google/gemma-3-270m");
        folder.config["use_bidirectional_attention"] = Value::Null;
        folder.config["quantization_config"] = Value::Null;
        folder.config["dtype"] = json!("bfloat16");
        folder.config["is_decoder"] = json!(true);
    });
}

#[test]
fn a_multimodal_configuration_is_checked_inside_and_outside() {
    let outer = |text: Value| json!({"model_type": "gemma3", "text_config": text});
    let mut text = config();
    text.as_object_mut().unwrap().remove("architectures");
    let with = |key: &str, value: Value| {
        let mut text = text.clone();
        text[key] = value;
        outer(text)
    };
    let mut unknown = outer(text.clone());
    unknown["audio_config"] = json!({});
    let mut untied = outer(text.clone());
    untied["tie_word_embeddings"] = json!(false);
    for (config, sentence) in [
        (
            json!({"model_type": "gemma3"}),
            "config.json: key text_config is missing; a Gemma 3 text model's config.json has it",
        ),
        (
            json!({"model_type": "gemma3", "text_config": 1}),
            "config.json: expected an object or null, found 1, at key text_config",
        ),
        (
            with("model_type", json!("gemma2_text")),
            "config.json: architecture \"gemma2_text\" is not supported; only Gemma 3 text models (gemma3_text) are",
        ),
        (
            with("quantization", json!({"bits": 4})),
            "config.json: MLX quantisation (key quantization) is not supported; convert the model to GGUF",
        ),
        (
            with("num_experts", json!(4)),
            "config.json: key \"text_config.num_experts\" is unknown and could change what the model computes; remove it if you know that it does not",
        ),
        (
            unknown,
            "config.json: key \"audio_config\" is unknown and could change what the model computes; remove it if you know that it does not",
        ),
        (untied, "config.json: expected what text_config says, found false, at key tie_word_embeddings"),
    ] {
        check(|folder| folder.config = config, sentence);
    }
}

//! Configurations as tools write them, and the two runs of the specification.

use super::*;

/// The small run of the specification, in the way mlx-lm is configured.
const SMALL: &str = "# a comment\nmodel: \"gemma-3-1b-it-qat-4bit\"\ntrain: true\nlearning_rate: 1e-5\niters: 500 # not examples\n\
    batch_size: 4\nnum_layers: 16\noptimizer_config:\n  adamw:\n    learning_rate: 9\n    batch_size: 77\n";
/// The large one, as mlx-lm writes it beside its adapter.
const LARGE: &str = r#"{"model": "gemma-3-27b-it-qat-4bit", "fine_tune_type": "lora", "learning_rate": 5e-06, "iters": 400,
    "batch_size": 1, "num_layers": 16, "lora_parameters": {"rank": 8, "scale": 20.0, "dropout": 0.0}, "max_seq_length": 2048,
    "optimizer_config": {"adam": {}}, "lr_schedule": null, "seed": 0}"#;

fn facts(layers: u64) -> Facts {
    Facts { examples: Some(13_498), layers_total: Some(layers), data_hash: None }
}

fn shown<'a>(audit: &'a Audit, id: &str) -> &'a str {
    &audit.rows.iter().find(|r| r.id == id).unwrap_or_else(|| panic!("{id}")).shown
}

fn warned(warnings: &[AuditWarning]) -> Vec<&str> {
    warnings.iter().map(|w| w.id.as_str()).collect()
}

fn near(found: Option<f64>, expected: f64) {
    assert!((found.unwrap() - expected).abs() < 1e-12 * expected.abs(), "{found:?}, expected {expected}");
}

#[test]
fn golden_examples_seen_and_epochs() {
    let small = audit(&read(SMALL).unwrap(), &facts(26));
    let large = audit(&read(LARGE).unwrap(), &facts(62));
    assert_eq!((small.settings.examples_seen(), large.settings.examples_seen()), (Some(2_000), Some(400)));
    near(small.settings.epochs_seen(), 2_000.0 / 13_498.0);
    let rows = [
        "learning_rate",
        "steps",
        "batch",
        "layers",
        "layer_share",
        "examples_seen",
        "epochs",
        "rank",
        "scale",
        "alpha",
    ];
    assert_eq!(rows.map(|id| shown(&small, id)), ["1e-5", "500", "4", "16/26", "61.5%", "2000", "0.148", "", "", ""]);
    assert_eq!(
        rows.map(|id| shown(&large, id)),
        ["5e-6", "400", "1", "16/62", "25.8%", "400", "0.0296", "8", "20", "160"]
    );
    assert_eq!(warned(&small.warnings), ["part_of_the_data"]);
    assert!(small.warnings[0].sentence.starts_with("2000 of 13498 examples are seen, 0.148 epochs."), "{small:#?}");

    let both = compare(&small, &large);
    let row = |id: &str| both.rows.iter().find(|r| r.id == id).unwrap();
    for (id, ratio) in
        [("learning_rate", 2.0), ("steps", 1.25), ("batch", 4.0), ("examples_seen", 5.0), ("epochs", 5.0)]
    {
        near(row(id).ratio, ratio);
        assert_eq!(row(id).sameness, Sameness::Differs, "{id}");
    }
    near(row("layer_share").ratio, 62.0 / 26.0);
    assert_eq!((row("layers").sameness, row("layers").ratio), (Sameness::Differs, Some(1.0)), "16/26 and 16/62");
    assert_eq!((row("rank").sameness, row("rank").ratio), (Sameness::OnlySecond, None));
    assert_eq!((row("data_hash").sameness, row("examples").sameness), (Sameness::Neither, Sameness::Same));
    assert_eq!(warned(&both.warnings), ["steps_for_examples", "layer_share", "many_differences"]);
    let steps = &both.warnings[0].sentence;
    assert!(
        steps.starts_with("2000 and 400 are examples seen, not steps: steps are 500 and 400 (ratio 1.25)"),
        "{steps}"
    );
    assert!(
        both.warnings[1]
            .sentence
            .contains("16/26 and 16/62 of the layers are adapted, 61.5% and 25.8%, a ratio of 2.38")
    );
}

#[test]
fn a_claim_of_steps_that_are_examples_is_named() {
    let claimed = format!("{SMALL}effective_steps: 2000\n");
    let found = audit(&read(&claimed).unwrap(), &facts(26));
    assert_eq!(warned(&found.warnings), ["steps_for_examples", "part_of_the_data"]);
    assert!(found.warnings[0].sentence.contains("500 steps were made, with 500 updates"), "{found:#?}");
}

#[test]
fn the_same_run_has_no_differences() {
    let large = audit(&read(LARGE).unwrap(), &facts(62));
    let same = compare(&large, &large);
    assert!(same.warnings.is_empty());
    assert!(same.rows.iter().all(|r| matches!(r.sameness, Sameness::Same | Sameness::Neither)));
}

#[test]
fn peft_and_the_trainer_s_arguments_are_joined() {
    let adapter = r#"{"peft_type": "LORA", "base_model_name_or_path": "google/gemma-3-1b-it", "r": 16, "lora_alpha": 32,
        "lora_dropout": 0.05, "layers_to_transform": null, "target_modules": ["v_proj", "q_proj"], "use_rslora": false}"#;
    let arguments = r#"{"learning_rate": 0.0002, "per_device_train_batch_size": 2, "gradient_accumulation_steps": 8,
        "max_steps": -1, "num_train_epochs": 4, "seed": 42}"#;
    let joined = read(adapter).unwrap().or(read(arguments).unwrap());
    let found = audit(&joined, &Facts { examples: Some(690), layers_total: Some(26), data_hash: Some("ab".into()) });
    for (id, value) in [
        ("learning_rate", "2e-4"),
        ("scale", "2"),
        ("rate_times_scale", "4e-4"),
        ("layers", "26/26"),
        ("target_modules", "q_proj, v_proj"),
        // ceil(690 / 16) = 44 updates an epoch.
        ("steps", "176"),
        ("examples_seen", "2760"),
        ("epochs", "4.00"),
        ("data_hash", "ab"),
    ] {
        assert_eq!(shown(&found, id), value, "{id}");
    }
    assert_eq!(warned(&found.warnings), ["many_epochs"]);
    // With steps given these count, and epochs follow.
    let stepped = read(adapter).unwrap().or(read(&arguments.replace("-1", "100")).unwrap());
    assert_eq!((stepped.examples_seen(), stepped.updates()), (Some(1_600), Some(100)));
    let listed =
        read(&adapter.replace("\"layers_to_transform\": null", "\"layers_to_transform\": [20, 21, 22]")).unwrap();
    assert_eq!(listed.layers, Some(Layers::Some(3)));
    let root = read(&adapter.replace("use_rslora\": false", "use_rslora\": true")).unwrap();
    near(root.scale(), 8.0);
    // What the trainer wrote after the run: steps made count, not steps allowed.
    let state = read(
        r#"{"global_step": 30, "max_steps": 100, "train_batch_size": 2, "log_history": [{"loss": 1.0, "step": 1}]}"#,
    );
    assert_eq!((state.as_ref().unwrap().steps, state.unwrap().form), (Some(30), ConfigForm::Trainer));
}

#[test]
fn iterations_of_mlx_are_batches_and_steps_of_the_trainer_are_updates() {
    let mlx = read("iters: 400\nnum_layers: -1\nbatch_size: 2\ngrad_accumulation_steps: 4\nworld_size: 2\n").unwrap();
    assert_eq!((mlx.form, mlx.examples_seen(), mlx.updates()), (ConfigForm::Mlx, Some(800), Some(100)));
    assert_eq!((mlx.layers, mlx.layer_share()), (Some(Layers::All), Some(1.0)));
    let own = read("steps: 400\nbatch_size: 2\ngradient_accumulation_steps: 4\nworld_size: 2\nlayers: 8/26\n").unwrap();
    assert_eq!((own.form, own.examples_seen(), own.updates()), (ConfigForm::Own, Some(6_400), Some(400)));
    assert_eq!((own.layers, own.layers_total), (Some(Layers::Some(8)), Some(26)));
}

#[test]
fn alpha_and_scale_are_not_the_same_number() {
    let with = |text: &str| audit(&read(text).unwrap(), &Facts::default());
    let mlx = with("learning_rate: 1e-5\nrank: 8\nscale: 20\nsteps: 10\nbatch: 1\n");
    let peft = with("learning_rate: 1e-5\nrank: 8\nlora_alpha: 20\nsteps: 10\nbatch: 1\n");
    let both = compare(&mlx, &peft);
    assert_eq!(warned(&both.warnings), ["rate_times_scale", "scale_or_alpha"]);
    assert!(both.warnings[0].sentence.contains("is 2e-4 and 2.5e-5, a ratio of 8.00"), "{}", both.warnings[0].sentence);
    let other = with("learning_rate: 1e-5\nrank: 8\nscale: 20\nsteps: 10\nbatch: 1\ndata_sha256: aa\n");
    let third = with("learning_rate: 1e-5\nrank: 8\nscale: 20\nsteps: 10\nbatch: 1\ndata_sha256: bb\n");
    assert_eq!(warned(&compare(&other, &third).warnings), ["data_differ"]);
}

#[test]
fn what_is_missing_is_not_made_up() {
    // Runs of which only iterations and examples are known: 200 of 160, 200 of 72.
    let found = audit(&read("iters: 200\n").unwrap(), &Facts { examples: Some(160), ..Facts::default() });
    assert_eq!((shown(&found, "examples_seen"), shown(&found, "epochs")), ("", ""));
    assert_eq!(warned(&found.warnings), ["not_computed"]);
    assert!(found.warnings[0].sentence.contains("without the batch size."), "{}", found.warnings[0].sentence);
    assert!(found.rows.iter().all(|r| (r.source == Source::Missing) == r.shown.is_empty()), "{found:#?}");
    let one = audit(&read("iters: 200\nbatch: 1\n").unwrap(), &Facts { examples: Some(72), ..Facts::default() });
    assert_eq!(shown(&one, "epochs"), "2.78");
    let two = read("learning_rate: fast\nbatch_size: 2.5\nrank: -1\ndropout: .nan\nseed: 7\n").unwrap();
    assert_eq!(
        (two.unread, two.seed, two.rank),
        (vec!["learning_rate".into(), "dropout".into(), "batch_size".into()], Some(7), None)
    );
}

#[test]
fn yaml_is_read_as_far_as_configurations_use_it() {
    let text = "---\nlora_parameters:\n  keys: [\"self_attn.q_proj\",\n    'self_attn.v_proj'] # two\n  rank: 8\n  dropout: 0.1\n\
        seed: \"3\"\ndata: 'a # b'\nlora_target_modules:\n  - up_proj\n  - \"down_proj\"\nadapter:\n\tlora_alpha: 16\n";
    let found = read(text).unwrap();
    assert_eq!((found.rank, found.dropout, found.seed, found.alpha), (Some(8), Some(0.1), Some(3), Some(16.0)));
    assert_eq!(found.data.as_deref(), Some("a # b"));
    assert_eq!(found.target_modules, Some(vec!["down_proj".to_string(), "up_proj".to_string()]));
    let keys = read("lora_parameters:\n  keys: [\"q\",\n    'v'] # two\n").unwrap();
    assert_eq!((keys.target_modules, keys.form), (Some(vec!["q".to_string(), "v".to_string()]), ConfigForm::Mlx));
}

#[test]
fn what_is_no_configuration_is_refused_in_a_sentence() {
    for text in ["", "hello", "a: 1", "{}", "{\"a\": {\"b\": 1}}", "- a\n- b", "[", "x: [1,\n2"] {
        assert_eq!(read(text), Err(AuditError::NothingKnown), "{text}");
    }
    assert_eq!(read("{\n  \"rank\": }"), Err(AuditError::NoJson { line: 2, column: 11 }));
    assert!(matches!(read(&"{\"a\":".repeat(1_000)), Err(AuditError::NoJson { .. })));
    assert_eq!(read(&" ".repeat(MOST_BYTES + 1)), Err(AuditError::TooLong { bytes: MOST_BYTES + 1 }));
    // Numbers out of any range are not computed with.
    let huge = audit(&read("iters: 9000000000000000\nbatch: 9000000000000000\n").unwrap(), &Facts::default());
    assert_eq!(shown(&huge, "examples_seen"), "");
    let zero = audit(
        &read("iters: 0\nbatch: 0\nrank: 0\nalpha: 1\nlayers: 3/0\n").unwrap(),
        &Facts { examples: Some(0), ..Facts::default() },
    );
    let _ = compare(&zero, &huge);
    let deep = format!("{}rank: 8\n", (0..500).map(|i| " ".repeat(i) + "a:\n").collect::<String>());
    assert_eq!(read(&deep).map(|s| s.rank), Ok(Some(8)));
}

#[test]
fn audits_survive_json() {
    let small = audit(&read(SMALL).unwrap(), &facts(26));
    assert_eq!(serde_json::from_str::<Audit>(&serde_json::to_string(&small).unwrap()).unwrap(), small);
    let both = compare(&small, &small);
    assert_eq!(serde_json::from_str::<Compared>(&serde_json::to_string(&both).unwrap()).unwrap(), both);
}

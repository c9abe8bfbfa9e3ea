//! The residual stream must be f32: a model whose residual passes 65,504 on purpose, computed as it should be and
//! with the residual rounded to f16 after every addition.

mod common;

use std::path::{Path, PathBuf};

use candle_core::{DType, Tensor};
use common::Fixture;
use engine::{Batch, Cpu, CpuMode, Model, Ops, Phase, Residency, Slot, Taps, Want};
use testkit::golden::{Golden, max_abs_difference};

fn cases() -> Vec<(PathBuf, PathBuf)> {
    let own = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../goldens/data"));
    let mut cases = vec![(own.join("hot.gguf"), own.join("hot.safetensors"))];
    if let (Some(model), Some(golden)) =
        (testkit::shared("oracles/models/tinyhot"), testkit::shared("oracles/goldens/tinyhot.safetensors"))
    {
        cases.push((model, golden));
    }
    cases
}

#[test]
fn an_f16_residual_would_overflow() {
    for (model, golden) in cases() {
        let golden = Golden::open(&golden);
        let ids = golden.sequences().pop().expect("a sequence");
        let n = golden.sequences().len() - 1;
        let expected = golden.values(&format!("logits.{n}")).expect("logits");

        let mut fixture = Fixture::open(&model, CpuMode::Exact, Residency::Memory);
        let mut taps = Taps::default();
        let logits = pollster::block_on(fixture.engine.logits(&ids, Want::All, Some(&mut taps))).unwrap().values;
        let residual = taps.taken.iter().filter(|(name, _)| name != "norm").flat_map(|(_, values)| values);
        let largest = residual.fold(0f32, |a, x| a.max(x.abs()));
        assert!(largest > 65_504.0, "{}: the residual reaches only {largest}", model.display());
        // Ten times the float row, as for every model whose residual is this large.
        assert!(max_abs_difference(&expected, &logits) <= 1e-3);

        let rounded = with_f16_residual(&model, &ids);
        let difference = max_abs_difference(&expected, &rounded);
        assert!(
            difference > 1e-3 || difference.is_nan(),
            "{}: an f16 residual went unnoticed, {difference}",
            model.display()
        );
    }
}

/// The model text with one change: the residual passes through f16.
fn with_f16_residual(path: &Path, ids: &[u32]) -> Vec<f32> {
    let weights = testkit::source::open(path).unwrap();
    let mut ops = Cpu::new(weights.config.clone(), CpuMode::Exact, Residency::Memory);
    let model: Model<Cpu> = Model::load(&mut ops, &weights, &mut |_| ()).unwrap();
    let mut batch = Batch::new(Phase::Prefill);
    batch.push_chain(ids, 0, Slot::None);
    batch.wanted = (0..ids.len() as u32).collect();
    let plan = ops.plan(&batch).unwrap();
    let mut cache = ops.cache(1, ids.len()).unwrap();
    let half = |x: Tensor| x.to_dtype(DType::F16).unwrap().to_dtype(DType::F32).unwrap();
    let mut x = half(ops.embed(&model.embed, &plan).unwrap());
    for (index, layer) in model.layers.iter().enumerate() {
        let qkv = ops.norm_qkv(&x, layer, &plan).unwrap();
        let attended = ops.attend(qkv, index, layer.kind, &mut cache, &plan).unwrap();
        x = half(ops.project_norm_add(&x, &attended, &layer.o, &layer.post_attn_norm, &plan).unwrap());
        let gated = ops.norm_gate_up_geglu(&x, layer, &plan).unwrap();
        x = half(ops.project_norm_add(&x, &gated, &layer.down, &layer.post_ffn_norm, &plan).unwrap());
    }
    let normed = ops.norm_wanted(&x, &model.final_norm, &batch.wanted, &plan).unwrap();
    let head = ops.head(&normed, model.head(), &plan).unwrap();
    pollster::block_on(ops.read(&head)).unwrap()
}

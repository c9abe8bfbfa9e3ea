//! The CPU backend: the vocabulary of operations over candle-core tensors.
//!
//! Two modes. `Exact` dequantises weights a block of rows at a time and multiplies in f32: the reference.
//! `Fast` does the same for prompts, and decodes with candle's quantised matrix-vector products, which round
//! activations to 8 bits.

mod attention;
mod cache;
mod matrix;
mod plan;

use std::rc::Rc;

use candle_core::{D, Device, Tensor};
use weights::{Config, LayerKind, Role, Weights};

pub use cache::Cache;
pub use matrix::{Matrix, Residency};
pub use plan::Plan;

use crate::{Batch, ChainRow, Error, Layer, Model, Ops, Pick, Picked, Qkv, Softmax};

/// How the CPU backend multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CpuMode {
    /// f32 activations and dequantised weights everywhere.
    Exact,
    /// As `Exact` for prompts; activations rounded to 8 bits while decoding.
    Fast,
}

/// The CPU backend.
pub struct Cpu {
    config: Config,
    mode: CpuMode,
    residency: Residency,
    device: Device,
}

impl Cpu {
    /// A backend for models of this configuration.
    pub fn new(config: Config, mode: CpuMode, residency: Residency) -> Self {
        Self { config, mode, residency, device: Device::Cpu }
    }

    /// The mode.
    pub fn mode(&self) -> CpuMode {
        self.mode
    }

    fn norm(&self, x: &Tensor, gain: &Tensor) -> Result<Tensor, Error> {
        Ok(candle_nn::ops::rms_norm(x, gain, self.config.rms_norm_eps)?)
    }

    /// RMSNorm of each head, then rotation: `[n_rows, heads * head_dim]`.
    fn norm_rotate(&self, x: &Tensor, n_heads: usize, gain: &Tensor, rope: &plan::Rope) -> Result<Tensor, Error> {
        let (n_rows, head_dim) = (x.dim(0)?, self.config.head_dim);
        let heads = self.norm(&x.reshape((n_rows, n_heads, head_dim))?, gain)?;
        let rotated = candle_nn::rotary_emb::rope_thd(&heads.unsqueeze(0)?, &rope.cos, &rope.sin)?;
        Ok(rotated.reshape((n_rows, n_heads * head_dim))?)
    }
}

impl Ops for Cpu {
    type Rows = Tensor;
    type Matrix = Matrix;
    type Joined = Vec<Matrix>;
    type Qkv = Qkv<Tensor>;
    type Chain = std::convert::Infallible;
    type Gain = Tensor;
    type Cache = Cache;
    type Plan = Plan;

    fn matrix(&mut self, weights: &Rc<Weights>, role: Role) -> Result<Matrix, Error> {
        Matrix::load(weights, role, self.mode, self.residency)
    }

    fn joined(&mut self, weights: &Rc<Weights>, roles: &[Role]) -> Result<Vec<Matrix>, Error> {
        roles.iter().map(|&role| self.matrix(weights, role)).collect()
    }

    fn gain(&mut self, weights: &Weights, role: Role) -> Result<Tensor, Error> {
        let gain = weights.read_gain(role)?;
        let width = gain.len();
        Ok(Tensor::from_vec(gain, width, &self.device)?)
    }

    fn cache(&mut self, n_slots: usize, capacity: usize) -> Result<Cache, Error> {
        Ok(Cache::new(&self.config, n_slots, capacity))
    }

    fn plan(&mut self, batch: &Batch) -> Result<Plan, Error> {
        Plan::new(batch, &self.config, &self.device)
    }

    fn embed(&mut self, table: &Matrix, plan: &Plan) -> Result<Tensor, Error> {
        let rows = table.gather(&plan.ids)?;
        Ok((rows * f64::from(self.config.embed_scale))?)
    }

    fn norm_qkv(&mut self, x: &Tensor, layer: &Layer<Self>, plan: &Plan) -> Result<Qkv<Tensor>, Error> {
        let normed = self.norm(x, &layer.attn_norm)?;
        let rope = plan.rope(layer.kind);
        let [q, k, v] = products(&layer.qkv, &normed, plan)?;
        let q = self.norm_rotate(&q, self.config.n_heads, &layer.q_norm, rope)?;
        Ok(Qkv {
            q: (q * f64::from(self.config.query_scale))?,
            k: self.norm_rotate(&k, self.config.n_kv_heads, &layer.k_norm, rope)?,
            v,
        })
    }

    fn attend(
        &mut self,
        qkv: Qkv<Tensor>,
        index: usize,
        kind: LayerKind,
        cache: &mut Cache,
        plan: &Plan,
    ) -> Result<Tensor, Error> {
        attention::attend(&qkv, index, kind, cache, plan, &self.config)
    }

    fn project_norm_add(
        &mut self,
        x: &Tensor,
        input: &Tensor,
        matrix: &Matrix,
        gain: &Tensor,
        plan: &Plan,
    ) -> Result<Tensor, Error> {
        let projected = matrix.multiply(input, plan.phase)?;
        Ok((x + self.norm(&projected, gain)?)?)
    }

    fn norm_gate_up_geglu(&mut self, x: &Tensor, layer: &Layer<Self>, plan: &Plan) -> Result<Tensor, Error> {
        let normed = self.norm(x, &layer.pre_ffn_norm)?;
        let [gate, up] = products(&layer.gate_up, &normed, plan)?;
        // candle's `gelu` is the tanh approximation, the one Gemma was trained with.
        Ok((gate.gelu()? * up)?)
    }

    fn norm_wanted(&mut self, x: &Tensor, gain: &Tensor, wanted: &[u32], _plan: &Plan) -> Result<Tensor, Error> {
        let wanted = Tensor::from_slice(wanted, wanted.len(), &self.device)?;
        self.norm(&x.index_select(&wanted, 0)?, gain)
    }

    fn head(&mut self, normed: &Tensor, table: &Matrix, plan: &Plan) -> Result<Tensor, Error> {
        table.multiply(normed, plan.phase)
    }

    async fn pick(
        &mut self,
        normed: &Tensor,
        table: &Matrix,
        picks: &[Pick],
        softmax: Softmax,
        n_top: usize,
        plan: &Plan,
    ) -> Result<Picked, Error> {
        match softmax {
            Softmax::PickedOnly => pick_rows(normed, table, picks),
            Softmax::Whole => pick_whole(normed, table, picks, n_top, plan),
        }
    }

    async fn read(&mut self, rows: &Tensor) -> Result<Vec<f32>, Error> {
        Ok(rows.flatten_all()?.to_vec1()?)
    }

    const MOST_STEPS: usize = 1;

    /// The host computes every step anyway.
    async fn chain(&mut self, _: &Model<Self>, _: &mut Cache, _: usize) -> Result<Option<Self::Chain>, Error> {
        Ok(None)
    }

    async fn run_chain(
        &mut self,
        chain: &mut Self::Chain,
        _: &[Option<ChainRow>],
        _: usize,
    ) -> Result<Vec<Vec<u32>>, Error> {
        match *chain {}
    }
}

/// The products of matrices that belong together.
fn products<const N: usize>(matrices: &[Matrix], x: &Tensor, plan: &Plan) -> Result<[Tensor; N], Error> {
    let all = matrices.iter().map(|m| m.multiply(x, plan.phase)).collect::<Result<Vec<_>, _>>()?;
    all.try_into().map_err(|all: Vec<_>| Error::Cpu(format!("expected {N} matrices, found {}", all.len())))
}

/// Dots each normed row with the picked rows of the head only.
fn pick_rows(normed: &Tensor, table: &Matrix, picks: &[Pick]) -> Result<Picked, Error> {
    let rows: Vec<u32> = picks.iter().map(|p| p.row as u32).collect();
    let tokens: Vec<u32> = picks.iter().map(|p| p.token).collect();
    let left = normed.index_select(&Tensor::from_vec(rows, picks.len(), normed.device())?, 0)?;
    let right = table.gather(&tokens)?;
    let logits = (left * right)?.sum(D::Minus1)?.to_vec1()?;
    Ok(Picked { logits, ..Picked::default() })
}

/// Rows of logits that are held at a time: 16 rows of Gemma's vocabulary are 16 MiB.
const LOGIT_ROWS: usize = 16;

fn pick_whole(normed: &Tensor, table: &Matrix, picks: &[Pick], n_top: usize, plan: &Plan) -> Result<Picked, Error> {
    let n_rows = normed.dim(0)?;
    let mut picked = Picked { logits: vec![f32::NAN; picks.len()], ..Picked::default() };
    for first in (0..n_rows).step_by(LOGIT_ROWS) {
        let len = LOGIT_ROWS.min(n_rows - first);
        let logits = table.multiply(&normed.narrow(0, first, len)?, plan.phase)?.to_vec2::<f32>()?;
        for (offset, row) in logits.iter().enumerate() {
            picked.log_sum_exp.push(crate::score::log_sum_exp(row));
            picked.top.push(crate::score::top(row, n_top));
            let here = picks.iter().zip(&mut picked.logits).filter(|(pick, _)| pick.row == first + offset);
            for (pick, logit) in here {
                *logit = row.get(pick.token as usize).copied().unwrap_or(f32::NAN);
            }
        }
    }
    Ok(picked)
}

//! A model in a backend's hands: every weight of the file, by the name the model text uses.

use std::rc::Rc;

use weights::{LayerKind, LayerRole, Role, Weights};

use crate::{Error, Ops};

/// The weights of one layer.
pub struct Layer<O: Ops> {
    /// Local (sliding window) or global attention.
    pub kind: LayerKind,
    /// Multiplier of the norm before attention, `[hidden]`.
    pub attn_norm: O::Gain,
    /// Queries, keys and values: `[heads * head_dim, hidden]`, then `[kv_heads * head_dim, hidden]` twice.
    pub qkv: O::Joined,
    /// Multiplier of the norm of each query head, `[head_dim]`.
    pub q_norm: O::Gain,
    /// Multiplier of the norm of each key head, `[head_dim]`.
    pub k_norm: O::Gain,
    /// `[hidden, heads * head_dim]`.
    pub o: O::Matrix,
    /// Multiplier of the norm after attention, `[hidden]`.
    pub post_attn_norm: O::Gain,
    /// Multiplier of the norm before the feed-forward part, `[hidden]`.
    pub pre_ffn_norm: O::Gain,
    /// Gate and up, `[ffn, hidden]` each.
    pub gate_up: O::Joined,
    /// `[hidden, ffn]`.
    pub down: O::Matrix,
    /// Multiplier of the norm after the feed-forward part, `[hidden]`.
    pub post_ffn_norm: O::Gain,
}

/// All weights.
pub struct Model<O: Ops> {
    /// `[vocab, hidden]`.
    pub embed: O::Matrix,
    /// The layers, first to last.
    pub layers: Vec<Layer<O>>,
    /// Multiplier of the final norm, `[hidden]`.
    pub final_norm: O::Gain,
    /// `[vocab, hidden]`, where the head is not tied to the embedding.
    pub own_head: Option<O::Matrix>,
}

impl<O: Ops> Model<O> {
    /// Takes every tensor of the file, in file-independent order. `progress` hears the bytes taken so far.
    pub fn load(ops: &mut O, weights: &Rc<Weights>, progress: &mut dyn FnMut(u64)) -> Result<Self, Error> {
        let mut taken_bytes = 0;
        let mut take = |roles: &[Role]| {
            taken_bytes += roles.iter().filter_map(|&role| weights.tensor(role)).map(|v| v.len_bytes).sum::<u64>();
            progress(taken_bytes);
        };
        let embed = ops.matrix(weights, Role::Embed)?;
        take(&[Role::Embed]);
        let mut layers = Vec::with_capacity(weights.config.n_layers);
        for (index, &kind) in weights.config.layers.iter().enumerate() {
            let at = |role| Role::Layer(index, role);
            let qkv = [at(LayerRole::Q), at(LayerRole::K), at(LayerRole::V)];
            let gate_up = [at(LayerRole::Gate), at(LayerRole::Up)];
            let mut matrix = |ops: &mut O, role: Role| {
                let matrix = ops.matrix(weights, role)?;
                take(&[role]);
                Ok::<_, Error>(matrix)
            };
            layers.push(Layer {
                kind,
                attn_norm: ops.gain(weights, at(LayerRole::AttnNorm))?,
                qkv: ops.joined(weights, &qkv)?,
                q_norm: ops.gain(weights, at(LayerRole::QNorm))?,
                k_norm: ops.gain(weights, at(LayerRole::KNorm))?,
                o: matrix(ops, at(LayerRole::O))?,
                post_attn_norm: ops.gain(weights, at(LayerRole::PostAttnNorm))?,
                pre_ffn_norm: ops.gain(weights, at(LayerRole::PreFfnNorm))?,
                gate_up: ops.joined(weights, &gate_up)?,
                down: matrix(ops, at(LayerRole::Down))?,
                post_ffn_norm: ops.gain(weights, at(LayerRole::PostFfnNorm))?,
            });
            take(&qkv);
            take(&gate_up);
        }
        let own_head = match weights.tensor(Role::Head) {
            Some(_) => Some(ops.matrix(weights, Role::Head)?),
            None => None,
        };
        take(if own_head.is_some() { &[Role::Head] } else { &[] });
        Ok(Self { embed, layers, final_norm: ops.gain(weights, Role::FinalNorm)?, own_head })
    }

    /// The matrix that makes logits: the head's own, or the embedding.
    pub fn head(&self) -> &O::Matrix {
        self.own_head.as_ref().unwrap_or(&self.embed)
    }
}

//! The hyperparameters of a Gemma 3 text model, resolved once, whatever file they came from.

use crate::error::{Error, invalid};
use crate::role::{LayerRole, Role};

/// What a layer's attention can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LayerKind {
    /// The last `window` positions, the position itself included; rope base `rope_base_local`.
    Local,
    /// Every earlier position; rope base `rope_base_global`.
    Global,
}

/// Hyperparameters, each resolved and checked: nobody downstream reads a file's own keys.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Number of layers.
    pub n_layers: usize,
    /// Width of the residual stream.
    pub hidden: usize,
    /// Width of the feed-forward part.
    pub ffn: usize,
    /// Query heads per layer.
    pub n_heads: usize,
    /// Key and value heads per layer; divides `n_heads`.
    pub n_kv_heads: usize,
    /// Elements per head; even, because rope rotates halves.
    pub head_dim: usize,
    /// Rows of the embedding.
    pub vocab: usize,
    /// Positions the model was trained for.
    pub context: usize,
    /// Added to the mean square inside every norm.
    pub rms_norm_eps: f32,
    /// Multiplies q·k: `query_pre_attn_scalar` to the power -1/2.
    pub query_scale: f32,
    /// Multiplies the embedding: sqrt(hidden), in f32 whatever the file's type.
    pub embed_scale: f32,
    /// Position j is visible from i on a local layer when `i - j < window`.
    pub window: usize,
    /// One per layer.
    pub layers: Vec<LayerKind>,
    /// Rope base of local layers.
    pub rope_base_local: f64,
    /// Rope base of global layers.
    pub rope_base_global: f64,
}

/// No published or planned Gemma 3 comes near; the bounds keep every later product far from overflow.
const MAX_LAYERS: usize = 1024;
const MAX_WIDTH: usize = 1 << 20;
const MAX_VOCAB: usize = 1 << 24;
const MAX_CONTEXT: usize = 1 << 28;

impl Config {
    /// `[rows, cols]` that the tensor of a role must have.
    pub fn shape(&self, role: Role) -> [usize; 2] {
        let q_width = self.n_heads * self.head_dim;
        let kv_width = self.n_kv_heads * self.head_dim;
        match role {
            Role::Embed | Role::Head => [self.vocab, self.hidden],
            Role::FinalNorm => [1, self.hidden],
            Role::Layer(_, role) => match role {
                LayerRole::AttnNorm | LayerRole::PostAttnNorm | LayerRole::PreFfnNorm | LayerRole::PostFfnNorm => {
                    [1, self.hidden]
                }
                LayerRole::QNorm | LayerRole::KNorm => [1, self.head_dim],
                LayerRole::Q => [q_width, self.hidden],
                LayerRole::K | LayerRole::V => [kv_width, self.hidden],
                LayerRole::O => [self.hidden, q_width],
                LayerRole::Gate | LayerRole::Up => [self.ffn, self.hidden],
                LayerRole::Down => [self.hidden, self.ffn],
            },
        }
    }

    /// Every role that a file must hold, in order; an untied head comes on top.
    pub fn roles(&self) -> impl Iterator<Item = Role> + use<> {
        let layers = (0..self.n_layers).flat_map(|layer| LayerRole::ALL.map(|role| Role::Layer(layer, role)));
        std::iter::once(Role::Embed).chain(layers).chain([Role::FinalNorm])
    }

    /// The checks that do not depend on the file format.
    pub(crate) fn check(&self, file: &str) -> Result<(), Error> {
        let sizes = [
            ("number of layers", self.n_layers, MAX_LAYERS),
            ("hidden size", self.hidden, MAX_WIDTH),
            ("feed-forward size", self.ffn, MAX_WIDTH),
            ("number of heads", self.n_heads, MAX_WIDTH),
            ("number of key/value heads", self.n_kv_heads, MAX_WIDTH),
            ("head size", self.head_dim, MAX_WIDTH),
            ("vocabulary size", self.vocab, MAX_VOCAB),
            ("context length", self.context, MAX_CONTEXT),
            ("sliding window", self.window, MAX_CONTEXT),
            ("width of all heads", self.n_heads.saturating_mul(self.head_dim), MAX_WIDTH),
        ];
        for (at, value, max) in sizes {
            if value == 0 || value > max {
                return Err(invalid(file, at, format!("1 to {max}"), value.to_string()));
            }
        }
        if !self.n_heads.is_multiple_of(self.n_kv_heads) {
            let expected = format!("a divisor of the number of heads, {}", self.n_heads);
            return Err(invalid(file, "number of key/value heads", expected, self.n_kv_heads.to_string()));
        }
        if !self.head_dim.is_multiple_of(2) {
            return Err(invalid(file, "head size", "an even number", self.head_dim.to_string()));
        }
        if self.layers.len() != self.n_layers {
            let expected = format!("one layer type for each of {} layers", self.n_layers);
            return Err(invalid(file, "layer types", expected, self.layers.len().to_string()));
        }
        let positive = [
            ("norm epsilon", f64::from(self.rms_norm_eps)),
            ("query scale", f64::from(self.query_scale)),
            ("embedding scale", f64::from(self.embed_scale)),
            ("rope base of local layers", self.rope_base_local),
            ("rope base of global layers", self.rope_base_global),
        ];
        for (at, value) in positive {
            if !(value.is_finite() && value > 0.0) {
                return Err(invalid(file, at, "a finite number above 0", value.to_string()));
            }
        }
        Ok(())
    }
}

/// `scalar` to the power -1/2, rounded once to f32.
pub(crate) fn inverse_sqrt(scalar: f64) -> f32 {
    (1.0 / scalar.sqrt()) as f32
}

/// sqrt(hidden), rounded once to f32.
pub(crate) fn embed_scale(hidden: usize) -> f32 {
    (hidden as f64).sqrt() as f32
}

/// `pattern - 1` local layers, then a global one, and so on; the last group may be cut short.
/// 0 means local throughout, as llama.cpp reads it.
pub(crate) fn repeating_layers(n_layers: usize, pattern: usize) -> Vec<LayerKind> {
    (1..=n_layers.min(MAX_LAYERS))
        .map(|n| if pattern > 0 && n.is_multiple_of(pattern) { LayerKind::Global } else { LayerKind::Local })
        .collect()
}

/// Gemma 3's pattern, 5 local layers to 1 global, where a file names none (Gemma 3 Technical Report, section 2).
pub(crate) const DEFAULT_PATTERN: usize = 6;

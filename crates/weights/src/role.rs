//! What a tensor is for, and what the two file formats call it.

use std::fmt;

/// A tensor's part within a layer, in the order of the forward pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayerRole {
    /// Norm before attention, `[hidden]`.
    AttnNorm,
    /// Query projection, `[n_heads * head_dim, hidden]`.
    Q,
    /// Key projection, `[n_kv_heads * head_dim, hidden]`.
    K,
    /// Value projection, `[n_kv_heads * head_dim, hidden]`.
    V,
    /// Norm of each query head, `[head_dim]`.
    QNorm,
    /// Norm of each key head, `[head_dim]`.
    KNorm,
    /// Output projection, `[hidden, n_heads * head_dim]`.
    O,
    /// Norm after attention, `[hidden]`.
    PostAttnNorm,
    /// Norm before the feed-forward part, `[hidden]`.
    PreFfnNorm,
    /// Gate projection, `[ffn, hidden]`.
    Gate,
    /// Up projection, `[ffn, hidden]`.
    Up,
    /// Down projection, `[hidden, ffn]`.
    Down,
    /// Norm after the feed-forward part, `[hidden]`.
    PostFfnNorm,
}

impl LayerRole {
    /// Every role, in the order of the enum.
    pub const ALL: [Self; 13] = [
        Self::AttnNorm,
        Self::Q,
        Self::K,
        Self::V,
        Self::QNorm,
        Self::KNorm,
        Self::O,
        Self::PostAttnNorm,
        Self::PreFfnNorm,
        Self::Gate,
        Self::Up,
        Self::Down,
        Self::PostFfnNorm,
    ];

    /// Short name, as [`Role`]'s `Display` prints it.
    pub const fn name(self) -> &'static str {
        self.names().0
    }

    /// Whether the tensor is a norm's gain, a single row.
    pub const fn is_norm(self) -> bool {
        matches!(
            self,
            Self::AttnNorm | Self::QNorm | Self::KNorm | Self::PostAttnNorm | Self::PreFfnNorm | Self::PostFfnNorm
        )
    }

    /// Our name, llama.cpp's (between `blk.N.` and `.weight`), Hugging Face's (between `layers.N.` and `.weight`).
    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::AttnNorm => ("attn_norm", "attn_norm", "input_layernorm"),
            Self::Q => ("q", "attn_q", "self_attn.q_proj"),
            Self::K => ("k", "attn_k", "self_attn.k_proj"),
            Self::V => ("v", "attn_v", "self_attn.v_proj"),
            Self::QNorm => ("q_norm", "attn_q_norm", "self_attn.q_norm"),
            Self::KNorm => ("k_norm", "attn_k_norm", "self_attn.k_norm"),
            Self::O => ("o", "attn_output", "self_attn.o_proj"),
            Self::PostAttnNorm => ("post_attn_norm", "post_attention_norm", "post_attention_layernorm"),
            Self::PreFfnNorm => ("pre_ffn_norm", "ffn_norm", "pre_feedforward_layernorm"),
            Self::Gate => ("gate", "ffn_gate", "mlp.gate_proj"),
            Self::Up => ("up", "ffn_up", "mlp.up_proj"),
            Self::Down => ("down", "ffn_down", "mlp.down_proj"),
            Self::PostFfnNorm => ("post_ffn_norm", "post_ffw_norm", "post_feedforward_layernorm"),
        }
    }
}

/// A tensor's part in the model. Ordered as the forward pass meets them, the head last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Token embedding, `[vocab, hidden]`.
    Embed,
    /// Norm before the head, `[hidden]`.
    FinalNorm,
    /// An untied head, `[vocab, hidden]`.
    Head,
    /// A tensor of layer `0..n_layers`.
    Layer(usize, LayerRole),
}

impl Role {
    /// Whether the tensor is a norm's gain, a single row.
    pub const fn is_norm(self) -> bool {
        match self {
            Self::FinalNorm => true,
            Self::Embed | Self::Head => false,
            Self::Layer(_, role) => role.is_norm(),
        }
    }

    /// The name in llama.cpp's GGUF layout.
    pub fn gguf_name(self) -> String {
        match self {
            Self::Embed => "token_embd.weight".to_owned(),
            Self::FinalNorm => "output_norm.weight".to_owned(),
            Self::Head => "output.weight".to_owned(),
            Self::Layer(layer, role) => format!("blk.{layer}.{}.weight", role.names().1),
        }
    }

    /// The name in a Hugging Face `gemma3_text` checkpoint.
    pub fn hugging_face_name(self) -> String {
        match self {
            Self::Embed => "model.embed_tokens.weight".to_owned(),
            Self::FinalNorm => "model.norm.weight".to_owned(),
            Self::Head => "lm_head.weight".to_owned(),
            Self::Layer(layer, role) => format!("model.layers.{layer}.{}.weight", role.names().2),
        }
    }

    /// The role of a GGUF tensor name.
    pub(crate) fn from_gguf_name(name: &str) -> Option<Self> {
        match name {
            "token_embd.weight" => Some(Self::Embed),
            "output_norm.weight" => Some(Self::FinalNorm),
            "output.weight" => Some(Self::Head),
            _ => layer_role(name.strip_prefix("blk.")?, |role| role.names().1),
        }
    }

    /// The role of a Hugging Face tensor name that begins with `model.` or is `lm_head.weight`.
    pub(crate) fn from_hugging_face_name(name: &str) -> Option<Self> {
        match name {
            "model.embed_tokens.weight" => Some(Self::Embed),
            "model.norm.weight" => Some(Self::FinalNorm),
            "lm_head.weight" => Some(Self::Head),
            _ => layer_role(name.strip_prefix("model.layers.")?, |role| role.names().2),
        }
    }

    const fn rank(self) -> (u8, usize) {
        match self {
            Self::Embed => (0, 0),
            Self::Layer(layer, _) => (1, layer),
            Self::FinalNorm => (2, 0),
            Self::Head => (3, 0),
        }
    }
}

impl Ord for Role {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let within = |role: &Self| match role {
            Self::Layer(_, role) => Some(*role),
            _ => None,
        };
        self.rank().cmp(&other.rank()).then_with(|| within(self).cmp(&within(other)))
    }
}

impl PartialOrd for Role {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embed => f.pad("embed"),
            Self::FinalNorm => f.pad("final_norm"),
            Self::Head => f.pad("head"),
            Self::Layer(layer, role) => f.pad(&format!("layers.{layer}.{}", role.name())),
        }
    }
}

/// `3.attn_q.weight` to a role; the index must be written the one usual way (no sign, no leading zero).
fn layer_role(rest: &str, name: impl Fn(LayerRole) -> &'static str) -> Option<Role> {
    let (digits, rest) = rest.split_once('.')?;
    let layer: usize = digits.parse().ok()?;
    if layer.to_string() != digits {
        return None;
    }
    let middle = rest.strip_suffix(".weight")?;
    let role = LayerRole::ALL.into_iter().find(|role| name(*role) == middle)?;
    Some(Role::Layer(layer, role))
}

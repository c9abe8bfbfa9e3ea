"""Gemma 3 text: shapes, random weights, and the forward pass in numpy float64.

Weights are held under Hugging Face names; a norm is held as w, and its gain is 1 + w.
"""

from dataclasses import dataclass, field

import numpy as np

NORMS = ("input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm")
EMBED, FINAL_NORM, HEAD = "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"


@dataclass
class Shape:
    """The numbers of one model. `globals` are the layers that see everything; the others see `window` positions."""

    vocab: int
    hidden: int
    ffn: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    window: int
    globals: list = field(default_factory=list)
    eps: float = 1e-6
    theta_global: float = 1e6
    theta_local: float = 1e4
    query_scalar: float | None = None  # the query scale is this to the power -1/2; head_dim when absent
    tied: bool = True
    context: int = 4096

    @property
    def scalar(self):
        return self.head_dim if self.query_scalar is None else self.query_scalar

    def matrices(self):
        """(name, rows, columns) of every matrix, in file order."""
        yield EMBED, self.vocab, self.hidden
        q, kv = self.heads * self.head_dim, self.kv_heads * self.head_dim
        for layer in range(self.layers):
            p = f"model.layers.{layer}."
            yield p + "self_attn.q_proj.weight", q, self.hidden
            yield p + "self_attn.k_proj.weight", kv, self.hidden
            yield p + "self_attn.v_proj.weight", kv, self.hidden
            yield p + "self_attn.o_proj.weight", self.hidden, q
            yield p + "mlp.gate_proj.weight", self.ffn, self.hidden
            yield p + "mlp.up_proj.weight", self.ffn, self.hidden
            yield p + "mlp.down_proj.weight", self.hidden, self.ffn
        if not self.tied:
            yield HEAD, self.vocab, self.hidden

    def norms(self):
        """(name, length) of every norm."""
        for layer in range(self.layers):
            for n in NORMS:
                yield f"model.layers.{layer}.{n}.weight", self.hidden
            for n in ("q_norm", "k_norm"):
                yield f"model.layers.{layer}.self_attn.{n}.weight", self.head_dim
        yield FINAL_NORM, self.hidden

    def config(self):
        """What transformers needs to build this shape."""
        kinds = ["full_attention" if i in self.globals else "sliding_attention" for i in range(self.layers)]
        return {
            "architectures": ["Gemma3ForCausalLM"],
            "model_type": "gemma3_text",
            "vocab_size": self.vocab,
            "hidden_size": self.hidden,
            "intermediate_size": self.ffn,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.head_dim,
            "hidden_activation": "gelu_pytorch_tanh",
            "rms_norm_eps": self.eps,
            "query_pre_attn_scalar": self.scalar,
            "sliding_window": self.window,
            "layer_types": kinds,
            "rope_parameters": {
                "full_attention": {"rope_type": "default", "rope_theta": self.theta_global},
                "sliding_attention": {"rope_type": "default", "rope_theta": self.theta_local},
            },
            "max_position_embeddings": self.context,
            "attention_bias": False,
            "attn_logit_softcapping": None,
            "final_logit_softcapping": None,
            "tie_word_embeddings": self.tied,
            "pad_token_id": 0,
            "eos_token_id": 1,
            "bos_token_id": 2,
        }


def random_weights(shape, seed, hot=0.0):
    """Random weights whose activations stay of order one, or, with `hot`, a residual of that order.

    Matrices ~ N(0, 1/columns); embedding ~ N(0, 9/hidden), so about 3 after its scale; gains 1 + N(0, 0.2), of queries and
    keys 1.5 + N(0, 0.2); the final gain N(0, 1), since a positive one would make a tied model repeat its input. Gains are
    multiples of 1/64: then w = gain - 1 and 1 + w are exact in f32, and both file conventions hold the same number.
    """
    rng = np.random.Generator(np.random.Philox(seed))
    out = {}
    for name, rows, cols in shape.matrices():
        sd = 3 / cols**0.5 if name in (EMBED, HEAD) else cols**-0.5
        out[name] = (rng.standard_normal((rows, cols)) * sd).astype(np.float32)
    for name, n in shape.norms():
        mean, sd = (0.0, 1.0) if name == FINAL_NORM else (1.5, 0.2) if "_norm." in name else (1.0, 0.2)
        gain = mean + sd * rng.standard_normal(n)
        if hot and ("post_attention" in name or "post_feedforward" in name):
            gain *= hot
        out[name] = (np.round(gain * 64) / 64 - 1).astype(np.float32)
    return out


def forward(shape, weights, ids):
    """Residual stream [layers + 1][t, hidden], normed [t, hidden] and logits [t, vocab], all float64."""
    w = lambda n: np.float64(weights[n])
    t, dim = len(ids), shape.head_dim
    pos = np.arange(t)
    future = pos[None, :] > pos[:, None]
    too_old = pos[:, None] - pos[None, :] >= shape.window  # itself and the window - 1 before it stay visible

    def norm(x, gain):
        return x / np.sqrt(np.mean(x * x, -1, keepdims=True) + shape.eps) * (1 + gain)

    def rotate(x, theta):  # [t, heads, dim]: the first half pairs with the second
        angle = pos[:, None, None] * theta ** (-np.arange(0, dim, 2) / dim)
        a, b = np.split(x, 2, -1)
        return np.concatenate([a * np.cos(angle) - b * np.sin(angle), b * np.cos(angle) + a * np.sin(angle)], -1)

    def gelu(x):
        return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))

    x = w(EMBED)[ids] * np.sqrt(shape.hidden)
    residual = [x]
    for layer in range(shape.layers):
        m = lambda n: w(f"model.layers.{layer}.{n}.weight")
        local = layer not in shape.globals
        theta = shape.theta_local if local else shape.theta_global
        a = norm(x, m("input_layernorm"))
        q = rotate(norm((a @ m("self_attn.q_proj").T).reshape(t, shape.heads, dim), m("self_attn.q_norm")), theta)
        k = rotate(norm((a @ m("self_attn.k_proj").T).reshape(t, shape.kv_heads, dim), m("self_attn.k_norm")), theta)
        v = (a @ m("self_attn.v_proj").T).reshape(t, shape.kv_heads, dim)
        group = shape.heads // shape.kv_heads
        s = np.einsum("ihd,jhd->hij", q, np.repeat(k, group, 1)) * shape.scalar**-0.5
        s = np.where(future | (too_old if local else False), -np.inf, s)
        p = np.exp(s - s.max(-1, keepdims=True))
        o = np.einsum("hij,jhd->ihd", p / p.sum(-1, keepdims=True), np.repeat(v, group, 1))
        x = x + norm(o.reshape(t, -1) @ m("self_attn.o_proj").T, m("post_attention_layernorm"))
        b = norm(x, m("pre_feedforward_layernorm"))
        f = (gelu(b @ m("mlp.gate_proj").T) * (b @ m("mlp.up_proj").T)) @ m("mlp.down_proj").T
        x = x + norm(f, m("post_feedforward_layernorm"))
        residual.append(x)
    normed = norm(x, w(FINAL_NORM))
    return residual, normed, normed @ w(EMBED if shape.tied else HEAD).T

"""The architecture for training: Gemma 3's text model with the projections of a layer fused, which is quicker on two cores.

`weights` gives the parameters under Hugging Face names, as goldens/files.py writes them. Two things exist in training alone:
dropout, and `fake`, which rounds matrices as a file format would and lets the gradient pass.
"""

import torch
import torch.nn.functional as F
from torch import nn

from gemma3 import EMBED, FINAL_NORM


def norm(x, w, eps):
    return F.rms_norm(x, (x.shape[-1],), 1 + w, eps)


def q4_0(x):
    """A matrix rounded to Q4_0: blocks of 32 along a row, scale = the entry of largest magnitude / -8 in f16, 16 steps."""
    b = x.detach().reshape(-1, 32)
    top = b.gather(1, b.abs().argmax(1, keepdim=True))
    scale = (top / -8).half().float()
    inverse = torch.where(scale == 0, torch.zeros_like(scale), 1 / scale)
    rounded = (torch.trunc(b * inverse + 8.5).clamp(0, 15) - 8) * scale
    return x + (rounded.reshape(x.shape) - x.detach())


class Layer(nn.Module):
    def __init__(self, s):
        super().__init__()
        q, kv = s.heads * s.head_dim, s.kv_heads * s.head_dim
        self.qkv = nn.Parameter(torch.randn(q + 2 * kv, s.hidden) * s.hidden**-0.5)
        self.o = nn.Parameter(torch.randn(s.hidden, q) * q**-0.5)
        self.gate_up = nn.Parameter(torch.randn(2 * s.ffn, s.hidden) * s.hidden**-0.5)
        self.down = nn.Parameter(torch.randn(s.hidden, s.ffn) * s.ffn**-0.5)
        for name in ("n1", "n2", "n3", "n4"):
            setattr(self, name, nn.Parameter(torch.zeros(s.hidden)))
        self.qn = nn.Parameter(torch.zeros(s.head_dim))
        self.kn = nn.Parameter(torch.zeros(s.head_dim))


class Model(nn.Module):
    def __init__(self, shape, seed):
        super().__init__()
        torch.manual_seed(seed)
        self.s = shape
        self.embed = nn.Parameter(torch.randn(shape.vocab, shape.hidden) * shape.hidden**-0.5)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.final = nn.Parameter(torch.zeros(shape.hidden))
        self.drop, self.fake = 0.0, None
        self.tables = {}

    def rotation(self, t, theta):
        if (t, theta) not in self.tables:
            d = self.s.head_dim
            angle = torch.arange(t)[:, None] * theta ** (-torch.arange(0, d, 2) / d)
            self.tables[t, theta] = (angle.cos().repeat(1, 2), torch.cat([-angle.sin(), angle.sin()], -1))
        return self.tables[t, theta]

    def matrix(self, w):
        return self.fake(w) if self.fake else w

    def forward(self, ids, seed=None):
        """Final hidden states [rows, t, hidden]. Rows are padded at their end; what stands there is never read.

        With a seed there is dropout, from a generator of its own: parts of a batch run side by side.
        """
        source = torch.Generator().manual_seed(seed) if self.drop and seed is not None else None

        def dropped(x):
            if source is None:
                return x
            return x * torch.empty_like(x).bernoulli_(1 - self.drop, generator=source).div_(1 - self.drop)

        s, (b, t) = self.s, ids.shape
        pos = torch.arange(t)
        near = (pos[None, :] <= pos[:, None]) & (pos[:, None] - pos[None, :] < s.window)
        x = dropped(F.embedding(ids, self.matrix(self.embed)) * s.hidden**0.5)
        for i, layer in enumerate(self.layers):
            everything = i in s.globals or t <= s.window
            cos, sin = self.rotation(t, s.theta_global if i in s.globals else s.theta_local)
            turn = lambda y: y * cos + y.roll(s.head_dim // 2, -1) * sin
            qkv = F.linear(norm(x, layer.n1, s.eps), self.matrix(layer.qkv)).view(b, t, s.heads + 2, s.head_dim).transpose(1, 2)
            q, k, v = qkv.split([s.heads, 1, 1], 1)
            q, k = turn(norm(q, layer.qn, s.eps)), turn(norm(k, layer.kn, s.eps))
            k, v = (y.expand(b, s.heads, t, s.head_dim) for y in (k, v))
            a = F.scaled_dot_product_attention(q, k, v, None if everything else near, is_causal=everything)
            a = F.linear(a.transpose(1, 2).reshape(b, t, -1), self.matrix(layer.o))
            x = x + dropped(norm(a, layer.n2, s.eps))
            gate, up = F.linear(norm(x, layer.n3, s.eps), self.matrix(layer.gate_up)).chunk(2, -1)
            f = F.linear(F.gelu(gate, approximate="tanh") * up, self.matrix(layer.down))
            x = x + dropped(norm(f, layer.n4, s.eps))
        return norm(x, self.final, s.eps)

    def head(self, h):
        return F.linear(h, self.matrix(self.embed))

    def weights(self):
        """Every parameter under its Hugging Face name, as numpy f32."""
        s, out = self.s, {EMBED: self.embed}
        q, kv = s.heads * s.head_dim, s.kv_heads * s.head_dim
        for i, layer in enumerate(self.layers):
            p = f"model.layers.{i}."
            for name, part in zip("qkv", layer.qkv.split([q, kv, kv])):
                out[f"{p}self_attn.{name}_proj.weight"] = part
            out[p + "self_attn.o_proj.weight"] = layer.o
            for name, part in zip(("gate", "up"), layer.gate_up.split(s.ffn)):
                out[f"{p}mlp.{name}_proj.weight"] = part
            out[p + "mlp.down_proj.weight"] = layer.down
            gains = {"input_layernorm": layer.n1, "post_attention_layernorm": layer.n2, "pre_feedforward_layernorm": layer.n3, "post_feedforward_layernorm": layer.n4, "self_attn.q_norm": layer.qn, "self_attn.k_norm": layer.kn}
            out |= {f"{p}{name}.weight": w for name, w in gains.items()}
        out[FINAL_NORM] = self.final
        return {name: w.detach().numpy().copy() for name, w in out.items()}

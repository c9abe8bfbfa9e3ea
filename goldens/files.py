"""Writes and reads model files: GGUF in llama.cpp's layout, safetensors folders in Hugging Face's."""

import json

import numpy as np
from gguf import GGMLQuantizationType as Q
from gguf import GGUFReader, GGUFWriter
from gguf.quants import dequantize, quantize

from gemma3 import EMBED, FINAL_NORM, HEAD
from vocabulary import write_gguf

LAYER = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
BACK = {v: k for k, v in LAYER.items()}
OUTSIDE = {EMBED: "token_embd.weight", FINAL_NORM: "output_norm.weight", HEAD: "output.weight"}


def gguf_name(name):
    if name in OUTSIDE:
        return OUTSIDE[name]
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{LAYER[rest.removesuffix('.weight')]}.weight"


def hf_name(name):
    for theirs, ours in OUTSIDE.items():
        if name == ours:
            return theirs
    _, layer, stem, _ = name.split(".")
    return f"model.layers.{layer}.{BACK[stem]}.weight"


def random_k_blocks(kind, rows, cols, rng):
    """Random K-quant rows, as bytes: every bit pattern of the quants, scales such that values are about N(0, 1/cols).

    The `gguf` package reads K-quants and cannot make them. Block layouts are ggml's: 256 values in a block.
    The spreads are those of a uniform 6-bit scale times a uniform quant, minus a uniform 6-bit minimum.
    """
    n, want = rows * cols // 256, cols**-0.5
    raw = lambda size: rng.integers(0, 256, (n, size), dtype=np.uint8)
    half = lambda x: (x * rng.uniform(0.7, 1.3, n)).astype(np.float16).view(np.uint8).reshape(n, 2)
    if kind in (Q.Q4_K, Q.Q5_K):
        middle, spread, bits = (7.5, 250, 128) if kind == Q.Q4_K else (15.5, 510, 160)
        d = want / spread
        block = [half(np.full(n, d)), half(np.full(n, d * middle)), raw(12), raw(bits)]
    else:
        scales = rng.integers(-64, 64, (n, 16)).astype(np.int8).view(np.uint8)
        block = [raw(128), raw(64), scales, half(np.full(n, want / 690))]
    return np.concatenate(block, 1).reshape(rows, -1)


def write_model_gguf(path, shape, weights, kinds, tokenizer, seed, name, template=None, period=None, swa_base=True, file_type=None):
    """One GGUF file. `kinds(hf_name)` gives a matrix's format; norms are F32 and stored as 1 + w."""
    w = GGUFWriter(path, "gemma3")
    w.add_name(name)
    w.add_context_length(shape.context)
    w.add_embedding_length(shape.hidden)
    w.add_block_count(shape.layers)
    w.add_feed_forward_length(shape.ffn)
    w.add_head_count(shape.heads)
    w.add_head_count_kv(shape.kv_heads)
    w.add_layer_norm_rms_eps(shape.eps)
    w.add_key_length(shape.head_dim)
    w.add_value_length(shape.head_dim)
    w.add_rope_freq_base(shape.theta_global)
    if swa_base:
        w.add_rope_freq_base_swa(shape.theta_local)
    w.add_sliding_window(shape.window)
    if period:
        w.add_sliding_window_pattern(period)
    write_gguf(w, tokenizer, template)
    w.add_quantization_version(2)
    if file_type is not None:  # llama.cpp's number for the main format; a mix has none
        w.add_file_type(file_type)
    rng = np.random.Generator(np.random.Philox([seed, 1]))
    for tensor, x in weights.items():
        target = gguf_name(tensor)
        if x.ndim == 1:
            w.add_tensor(target, (x + np.float32(1)).astype(np.float32))
            continue
        kind = kinds(tensor)
        if kind == Q.F32:
            w.add_tensor(target, x)
        elif kind == Q.F16:
            w.add_tensor(target, x.astype(np.float16))
        elif kind in (Q.Q4_K, Q.Q5_K, Q.Q6_K):
            w.add_tensor(target, random_k_blocks(kind, *x.shape, rng), raw_dtype=kind)
        else:
            w.add_tensor(target, quantize(x, kind), raw_dtype=kind)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def read_model_gguf(path):
    """The weights a GGUF file holds, dequantised exactly to f32, under Hugging Face names; and how often each format occurs."""
    out, seen = {}, {}
    for t in GGUFReader(path).tensors:
        x = np.array(dequantize(t.data, t.tensor_type), np.float32).reshape([int(n) for n in t.shape[::-1]])
        assert np.isfinite(x).all(), f"{t.name} is not finite"
        out[hf_name(t.name)] = x - np.float32(1) if x.ndim == 1 else x
        seen[t.tensor_type.name] = seen.get(t.tensor_type.name, 0) + 1
    return out, seen


def write_model_folder(folder, config, weights, kinds, shards):
    """A Hugging Face folder: `kinds(name)` gives a torch dtype, `shards(name)` the number of its file (all 0: one file)."""
    import torch
    from safetensors.torch import save_file

    files = {}
    for name, x in weights.items():
        files.setdefault(shards(name), {})[name] = torch.from_numpy(x).to(kinds(name)).contiguous()
    if len(files) == 1:
        names = {0: "model.safetensors"}
    else:
        names = {i: f"model-{i + 1:05}-of-{len(files):05}.safetensors" for i in sorted(files)}
    for i, tensors in files.items():
        save_file(tensors, folder / names[i], metadata={"format": "pt"})
        (folder / names[i]).chmod(0o644)  # the library makes its files private
    if len(files) > 1:
        total = sum(t.numel() * t.element_size() for f in files.values() for t in f.values())
        index = {"metadata": {"total_size": total}, "weight_map": {n: names[i] for i in sorted(files) for n in sorted(files[i])}}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=1) + "\n")
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")

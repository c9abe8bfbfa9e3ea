#!/usr/bin/env python3
"""Makes every random model of this repository and its goldens: `python goldens/make.py [NAME...]`, all of them when none is named.

Each model file is written, read back by another reader, and run by two references: transformers (f32, eager) writes the
golden, numpy (float64) must agree with it. The run fails when they differ by more than the bounds below.

A golden is a safetensors file: ids.N [t] i32; h.N.L [t, hidden] f32, the residual stream (L = 0 the scaled embedding,
L = k after layer k - 1); normed.N [t, hidden] after the final norm; logits.N [t, vocab].
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType as Q
from safetensors.numpy import save_file
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

import gemma3
from files import read_model_gguf, write_model_folder, write_model_gguf
from gemma3 import EMBED, HEAD, Shape
from vocabulary import CHAT_TEMPLATE, agree, runs, to_json, train

HERE = Path(__file__).parent
DATA = HERE / "data"
ENGINE = HERE.parent / "crates" / "engine" / "data"
VOCAB = 331  # a prime: no kernel may count on a round vocabulary
LENGTHS = (1, 2, 7, 9, 33)

# f32 against float64 at these sizes differs by about 1e-5; a wrong formula by 1e-2 and more. A hot residual loses digits in
# proportion to its size, so its hidden states are held to 1e-5 of the layer's largest value and its logits to ten times the bound.
LOGIT_BOUND = 1e-4
HIDDEN_RELATIVE = 1e-5

LEGACY = [Q.F32, Q.F16, Q.BF16, Q.Q4_0, Q.Q4_1, Q.Q5_0, Q.Q5_1, Q.Q8_0]
K_QUANTS = [Q.Q4_K, Q.Q5_K, Q.Q6_K]


def cycle(kinds, embed):
    """A rule that hands the formats to the matrices in turn; the embedding has its own."""
    order = {}
    return lambda name: embed if name in (EMBED, HEAD) else kinds[order.setdefault(name, len(order)) % len(kinds)]


def selftest(tokenizer):
    shape = Shape(VOCAB, hidden=64, ffn=64, layers=7, heads=4, kv_heads=1, head_dim=16, window=8, globals=[5])
    small = cycle([Q.Q4_0, Q.F16, Q.F32, Q.Q4_0, Q.Q8_0, Q.Q4_0, Q.Q8_0], Q.Q8_0)
    # Keys cycle through F16 and values through F32 in every layer: both are small. Gate and down are Q8_0.
    gguf_model("selftest", shape, 11, small, tokenizer, (1, 7, 31), folder=ENGINE, title="Sweetspot self-test (random)")


def mixed_legacy(tokenizer):
    shape = Shape(VOCAB, hidden=64, ffn=96, layers=7, heads=4, kv_heads=1, head_dim=16, window=8, globals=[5])
    gguf_model("mixed-legacy", shape, 21, cycle(LEGACY, Q.Q8_0), tokenizer, LENGTHS, template=CHAT_TEMPLATE)


def mixed_k(tokenizer):
    # Rows of 256, as K-quants need; attn_output has rows of 64 and stays in Q8_0. The period of 2 is in the file: layer 1 is global.
    shape = Shape(VOCAB, hidden=256, ffn=256, layers=2, heads=4, kv_heads=2, head_dim=16, window=5, globals=[1], eps=1e-5)
    k = cycle(K_QUANTS, Q.Q5_K)

    def kinds(name):
        kind = k(name)  # asked for attn_output too: seven matrices to a layer, three formats, so the roles change formats
        return Q.Q8_0 if "o_proj" in name else kind

    gguf_model("mixed-k", shape, 31, kinds, tokenizer, (1, 2, 33), period=2, swa_base=False)


def hot(tokenizer):
    shape = Shape(VOCAB, hidden=32, ffn=32, layers=7, heads=2, kv_heads=2, head_dim=16, window=6, globals=[5])
    gguf_model("hot", shape, 41, cycle([Q.Q8_0, Q.F16, Q.Q4_0, Q.F32], Q.Q8_0), tokenizer, (1, 2, 33), hot=30000.0)


def plain(tokenizer):
    """One safetensors file, an own head, five heads of twelve, explicit layer kinds, rope in the newer spelling."""
    shape = Shape(VOCAB, hidden=40, ffn=56, layers=4, heads=5, kv_heads=1, head_dim=12, window=5, globals=[1, 3], eps=1e-5, theta_global=500000.0, theta_local=20000.0, query_scalar=20, tied=False)
    order = {}
    kinds = lambda n: [torch.bfloat16, torch.float16, torch.bfloat16, torch.float32][order.setdefault(n, len(order)) % 4]
    folder = folder_model("plain", shape, 51, shape.config(), kinds, lambda n: 0, (1, 2, 9, 33))
    (folder / "tokenizer.json").write_text(to_json(tokenizer))
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE)


def sharded(tokenizer):
    """Three shards with an index, a tied head, the older spelling of rope and layer kinds."""
    shape = Shape(VOCAB, hidden=48, ffn=80, layers=3, heads=6, kv_heads=3, head_dim=16, window=7, globals=[2])
    config = shape.config()
    del config["rope_parameters"], config["layer_types"]
    config |= {"rope_theta": 1e6, "rope_local_base_freq": 1e4, "rope_scaling": None, "sliding_window_pattern": 3, "torch_dtype": "bfloat16"}
    shards = lambda n: 0 if n == EMBED else 1 if ".layers.0." in n or ".layers.1." in n else 2
    kinds = lambda n: torch.float16 if "down_proj" in n else torch.bfloat16
    folder = folder_model("sharded", shape, 61, config, kinds, shards, (1, 2, 9, 33))
    (folder / "tokenizer.model").write_bytes(tokenizer)


def gguf_model(name, shape, seed, kinds, tokenizer, lengths, folder=DATA, title=None, hot=0.0, **options):
    path = folder / f"{name}.gguf"
    weights = gemma3.random_weights(shape, seed, hot)
    write_model_gguf(path, shape, weights, kinds, tokenizer, seed, title or f"Sweetspot golden {name} (random)", **options)
    weights, seen = read_model_gguf(path)
    print(name, dict(sorted(seen.items())))
    model = Gemma3ForCausalLM(Gemma3TextConfig(**shape.config(), attn_implementation="eager")).float().eval()
    parameters = dict(model.named_parameters())
    assert parameters.keys() == weights.keys(), sorted(parameters.keys() ^ weights.keys())
    with torch.no_grad():
        for n, x in weights.items():
            parameters[n].copy_(torch.from_numpy(x))
    golden(name, shape, model, weights, seed, lengths, folder, hot)


def folder_model(name, shape, seed, config, kinds, shards, lengths):
    folder = DATA / name
    folder.mkdir(parents=True, exist_ok=True)
    write_model_folder(folder, config, gemma3.random_weights(shape, seed), kinds, shards)
    model = Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    kinds_read = ["full_attention" if i in shape.globals else "sliding_attention" for i in range(shape.layers)]
    assert model.config.layer_types == kinds_read, model.config.layer_types
    weights = {n: p.detach().numpy() for n, p in model.named_parameters()}
    print(name, {str(d): sum(kinds(n) == d for n in weights) for d in (torch.float32, torch.float16, torch.bfloat16)})
    golden(name, shape, model, weights, seed, lengths, DATA)
    return folder


def golden(name, shape, model, weights, seed, lengths, folder, hot=0.0):
    """Runs both references over random sequences that start with <bos>, compares them and writes the golden."""
    rng = np.random.Generator(np.random.Philox([seed, 2]))
    out, logit_gap, hidden_gap, largest = {}, 0.0, 0.0, 0.0
    for n, length in enumerate(lengths):
        ids = np.concatenate([[2], rng.integers(4, shape.vocab, length - 1)]).astype(np.int32)
        h, normed, logits = run_transformers(model, ids)
        ref_h, ref_normed, ref_logits = gemma3.forward(shape, weights, ids)
        for a, b in zip([*h, normed], [*ref_h, ref_normed], strict=True):
            hidden_gap = max(hidden_gap, np.abs(a - b).max() / max(np.abs(b).max(), 10.0))
        logit_gap = max(logit_gap, np.abs(logits - ref_logits).max())
        largest = max(largest, max(np.abs(x).max() for x in h))
        out[f"ids.{n}"] = ids
        out |= {f"h.{n}.{k}": x for k, x in enumerate(h)}
        out |= {f"normed.{n}": normed, f"logits.{n}": logits}
    logit_bound = LOGIT_BOUND * (10 if hot else 1)
    print(f"  transformers f32 against numpy f64: logits {logit_gap:.1e} (bound {logit_bound:.0e}), hidden {hidden_gap:.1e} of the layer's largest (bound {HIDDEN_RELATIVE:.0e}); largest residual {largest:.0f}")
    assert logit_gap < logit_bound and hidden_gap < HIDDEN_RELATIVE, f"{name}: the references disagree"
    assert not hot or largest > 2 * 65504, f"{name}: the residual does not overflow f16"
    path = folder / f"{name}.safetensors"
    save_file({k: np.ascontiguousarray(v) for k, v in out.items()}, path)
    path.chmod(0o644)  # the library makes its files private


def run_transformers(model, ids):
    """Residual stream, normed and logits of one sequence, read with forward hooks."""
    h, normed = {}, []
    hooks = [model.model.embed_tokens.register_forward_hook(lambda m, i, o: h.__setitem__(0, o[0].numpy().copy()))]
    for k, layer in enumerate(model.model.layers, 1):
        hooks.append(layer.register_forward_hook(lambda m, i, o, k=k: h.__setitem__(k, (o[0] if isinstance(o, tuple) else o)[0].numpy().copy())))
    hooks.append(model.model.norm.register_forward_hook(lambda m, i, o: normed.append(o[0].numpy().copy())))
    with torch.no_grad():
        logits = model(torch.tensor([ids.tolist()]), use_cache=False).logits[0].numpy().copy()
    for hook in hooks:
        hook.remove()
    return [h[k] for k in sorted(h)], normed[0], logits


MODELS = {"selftest": selftest, "mixed-legacy": mixed_legacy, "mixed-k": mixed_k, "hot": hot, "plain": plain, "sharded": sharded}


def main():
    torch.manual_seed(0)
    torch.set_num_threads(1)
    lines = (HERE / "text.txt").read_text().splitlines()
    tokenizer = train(lines, VOCAB, runs(newlines=3, spaces=3))
    agree(tokenizer, lines + ["", " ", "  a", "a   b", "\n\nx", "x \n  y", "7 17 177", "\u00e8\u20ac\U0001f600", "tab\there", "A\n\n\n\nB"])
    for folder in (DATA, ENGINE):
        folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or MODELS:
        MODELS[name](tokenizer)
    listing()


def listing():
    """Writes goldens/data/SHA256SUMS over all that this script makes, and prints it with sizes."""
    files = sorted(p for p in [*DATA.rglob("*"), *ENGINE.glob("selftest.*")] if p.is_file() and p.name != "SHA256SUMS")
    sums = {p.relative_to(HERE.parent): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}
    (DATA / "SHA256SUMS").write_text("".join(f"{digest}  {path}\n" for path, digest in sums.items()))
    for path, digest in sums.items():
        print(f"{(HERE.parent / path).stat().st_size:>9} {digest} {path}")
    total = sum(p.stat().st_size for p in files if DATA in p.parents)
    print(f"{total:>9} bytes in goldens/data (limit 2,000,000)")
    assert total <= 2_000_000


main()

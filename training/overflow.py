#!/usr/bin/env python3
"""What becomes of answers where the residual stream is kept in f16? `python training/overflow.py --sweetspot PATH --out FOLDER`.

Gemma 3 norms the residual stream before every use, so its scale changes nothing: multiply the embedding and what each layer adds by
a power of two, divide the last gain by it, and the model computes what it computed before. In f32 it does. An f16 number ends at
65,504, and beyond that every answer is lost. The script makes such a sibling of the demo model, asks both the same items through
transformers with f32 and with f16 activations (norm gains stay f32 in both), and writes the answers for `sweetspot score`.

Prints one JSON row per model and type: answers, those that hold no letter, the largest value of the residual stream.
"""

import argparse
import json
import shutil
import subprocess
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, Gemma3ForCausalLM

FOLDER = Path(__file__).parent / "demo-safetensors"


def rescaled(weights, by):
    """The same function with a residual stream that is `by` times as large. Gains are stored as what they are less 1."""
    out = {}
    for name, x in weights.items():
        if name == "model.embed_tokens.weight":
            x = x * by
        elif name.endswith(("post_attention_layernorm.weight", "post_feedforward_layernorm.weight")):
            x = (1 + x.double()) * by - 1
        elif name == "model.norm.weight":
            x = (1 + x.double()) / by - 1
        out[name] = x.float().contiguous()
    return out


def sibling(folder, by):
    folder.mkdir(parents=True, exist_ok=True)
    for file in FOLDER.iterdir():
        shutil.copy(file, folder / file.name)
    save_file(rescaled(load_file(FOLDER / "model.safetensors"), by), folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def load(folder, dtype):
    model = Gemma3ForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval().to(dtype)
    for name, module in model.named_modules():
        if name.endswith("norm"):
            module.float()
    return model


def answers(folder, dtype, items, limit):
    """Greedy answers, and the largest value that the residual stream reached."""
    tokenizer, model, largest = AutoTokenizer.from_pretrained(folder), load(folder, dtype), 0.0
    stop = {1, tokenizer.convert_tokens_to_ids("<end_of_turn>")}

    def watch(_, args, kwargs, output):
        nonlocal largest
        x = output[0] if isinstance(output, tuple) else output
        largest = max(largest, float(x.float().abs().nan_to_num(nan=float("inf")).max()))

    for layer in model.model.layers:
        layer.register_forward_hook(watch, with_kwargs=True)
    rows = []
    with torch.no_grad():
        for item in items:
            text = tokenizer.apply_chat_template(item["messages"], tokenize=False, add_generation_prompt=True)
            ids, said = tokenizer(text, add_special_tokens=False)["input_ids"], []
            while len(said) < limit:
                nxt = int(model(torch.tensor([ids + said])).logits[0, -1].argmax())
                if nxt in stop:
                    break
                said.append(nxt)
            rows.append({"id": item["base_id"], "text": tokenizer.decode(said, skip_special_tokens=True)})
    return rows, largest


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--sweetspot", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--probes", default="A01,A02,A06")
    p.add_argument("--items", type=int, default=96)
    p.add_argument("--by", type=float, default=4096, help="a power of two")
    p.add_argument("--limit", type=int, default=12, help="tokens of an answer")
    a = p.parse_args()
    torch.set_num_threads(1)
    command = [a.sweetspot, "items", *a.probes.split(","), "--n", str(a.items)]
    items = [json.loads(line) for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()]
    items = list({item["base_id"]: item for item in items}.values())
    for name, folder in (("plain", FOLDER), ("large", sibling(a.out / "large", a.by))):
        for kind, dtype in (("f32", torch.float32), ("f16", torch.float16)):
            rows, largest = answers(folder, dtype, items, a.limit)
            path = a.out / f"{name}-{kind}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
            empty = sum(not any(c.isalpha() for c in row["text"]) for row in rows)
            print(json.dumps({"answers": path.name, "n": len(rows), "without_a_letter": empty, "largest_in_the_residual_stream": largest}), flush=True)


if __name__ == "__main__":
    main()

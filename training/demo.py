#!/usr/bin/env python3
"""Trains the demo model and writes static/models/demo.gguf: `python training/demo.py [--steps N] [--work DIR]`.

One core, seeded. The state is saved in the work folder every 100 steps; running again goes on from there, with the
same batches as an uninterrupted run, since a batch depends on the seed and the step alone.
"""

import argparse
import json
import math
import random
import re
import sys
import time
from pathlib import Path

import numpy as np
import sentencepiece
import torch
import torch.nn.functional as F
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "goldens"))

from files import read_model_gguf, write_model_gguf  # noqa: E402
from gemma3 import Shape  # noqa: E402
from gguf import GGMLQuantizationType as Q  # noqa: E402
from tasks import PROMPTS, TASKS, held_out, plain, turns  # noqa: E402
from vocabulary import CHAT_TEMPLATE, agree, runs, train  # noqa: E402

SEED = 20261121
NAME = "Sweetspot demo (not Gemma)"
OUT = HERE.parent / "static" / "models" / "demo.gguf"
SHAPE = Shape(1500, hidden=128, ffn=256, layers=6, heads=4, kv_heads=1, head_dim=32, window=32, globals=[5], context=1024)
BATCH, PARTS, PEAK, WARM = 64, 4, 4e-3, 100
LEXICAL = ("A03", "A04", "A05", "A07")
# What a token's loss counts: answers most; the rest only so that the words get a meaning.
ANSWER, PROMPT, PLAIN = 1.0, 0.03, 0.2


def make_tokenizer():
    """Trained on the texts that the generators write; each fixed wording is given a few times, so that it costs few tokens."""
    rng = random.Random(f"{SEED}/tokenizer")
    names = list(TASKS)
    texts = [plain(rng) for _ in range(6000)]
    for _ in range(2500):
        for name in names:
            prompt, answer = TASKS[name][0](rng)
            texts += prompt.split("\n")[1 if name != "A07" and "\n" in prompt else 0 :] + [answer]
    # Words that stand in every prompt become one token each: short prompts train faster.
    fixed = {w for p in PROMPTS.values() for line in [turns(p["template"]).replace("<", "\n<").replace(">", ">\n")] for w in re.split(r"[ \n,.:?]+", line) if "<" not in w and "{" not in w}
    labels = {label for p in PROMPTS.values() for label in p["labels"]} | {"correct", "wrong"}
    texts += [text for word in sorted(fixed | labels) for text in (word, f"x {word}") for _ in range(5000)]
    model = train(texts, SHAPE.vocab, runs(newlines=4, spaces=4))
    agree(model, [turns(TASKS[n][0](rng)[0]) for n in names for _ in range(100)] + ["", " a", "  ", "caf\u00e9 \u20ac 12", "\n\n\nx"])
    return model


class Encoder:
    """Text to ids and loss weights. Some words of a prompt are cut in two before they are encoded, so that parts of words mean something."""

    def __init__(self, model):
        self.sp = sentencepiece.SentencePieceProcessor(model_proto=model)
        self.end = self.sp.piece_to_id("<end_of_turn>")
        self.fixed = {name: set(p["template"].replace("\n", " ").split(" ")) for name, p in PROMPTS.items()}

    def cut(self, text, rng, rate, fixed):
        ids, piece = [], ""
        for i, word in enumerate(text.split(" ")):
            word = (" " if i else "") + word
            if len(word) > 3 and word.strip() not in fixed and "\n" not in word and "<" not in word and rng.random() < rate:
                at = rng.randint(2, len(word) - 1)
                ids += self.sp.encode(piece + word[:at])
                piece = word[at:]
            else:
                piece += word
        return ids + self.sp.encode(piece)

    def example(self, name, prompt, answer, rng=None):
        rate = 0.0 if rng is None else 0.25 if name in LEXICAL else 0.08
        before = [2] + (self.cut(turns(prompt), rng, rate, self.fixed.get(name, set())) if rate else self.sp.encode(turns(prompt)))
        after = self.sp.encode(answer) + [self.end] + self.sp.encode("\n")
        # The first token and the closing newline carry no decision.
        return before + after, [0.0] + [PROMPT] * (len(before) - 1) + [ANSWER] * (len(after) - 1) + [PROMPT]

    def sentences(self, text):
        ids = [2] + self.sp.encode(text) + [1]
        return ids, [0.0] + [PLAIN] * (len(ids) - 1)


def batch(encoder, step):
    """The examples of one step, shortest first, in PARTS parts that are each padded to their longest.

    Yields ids [rows, t], and of the tokens that count: the flat position before each, its id, its weight.
    """
    rng = random.Random(f"{SEED}/{step}")
    names, shares = list(TASKS), [share for _, share in TASKS.values()]
    rows = [encoder.sentences(plain(rng)) for _ in range(4)]
    while len(rows) < BATCH:
        name = rng.choices(names, shares)[0]
        prompt, answer = TASKS[name][0](rng)
        if not held_out(name, prompt):
            rows.append(encoder.example(name, prompt, answer, rng))
    rows.sort(key=lambda row: len(row[0]))
    size = BATCH // PARTS
    for part in (rows[i : i + size] for i in range(0, BATCH, size)):
        longest = len(part[-1][0])
        ids = torch.zeros((size, longest), dtype=torch.int64)
        before, target, weight = [], [], []
        for i, (row, w) in enumerate(part):
            ids[i, : len(row)] = torch.tensor(row)
            for t, x in enumerate(w):
                # A prompt's tokens are many and count little: one in eight is taken, eight times as heavy.
                x = x if x != PROMPT else 8 * PROMPT if rng.random() < 1 / 8 else 0.0
                if x:
                    before.append(i * longest + t - 1)
                    target.append(row[t])
                    weight.append(x)
        yield ids, torch.tensor(before), torch.tensor(target), torch.tensor(weight)


def new_model():
    torch.manual_seed(SEED)
    model = Gemma3ForCausalLM(Gemma3TextConfig(**SHAPE.config(), attn_implementation="sdpa")).float()
    for p in model.parameters():
        if p.ndim == 2:
            torch.nn.init.normal_(p, std=p.shape[1] ** -0.5)
    return model


def rate(step, steps):
    return PEAK * min(1.0, (step + 1) / WARM) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def train_model(model, encoder, steps, work, log):
    matrices = [p for p in model.parameters() if p.ndim == 2]
    gains = [p for p in model.parameters() if p.ndim == 1]
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.05}, {"params": gains, "weight_decay": 0.0}], betas=(0.9, 0.98))
    checkpoint, first, spent = work / "checkpoint.pt", 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first, spent = state["step"], state["seconds"]
    began, total = time.monotonic() - spent, 0.0
    for step in range(first, steps):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, steps)
        optimizer.zero_grad(set_to_none=True)
        parts = list(batch(encoder, step))
        whole = sum(float(weight.sum()) for *_, weight in parts)
        for ids, before, target, weight in parts:
            h = model.model(ids, use_cache=False).last_hidden_state.flatten(0, 1)[before]
            loss = (F.cross_entropy(model.lm_head(h), target, reduction="none") * weight).sum() / whole
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if (step + 1) % 100 == 0:
            log(step=step + 1, loss=round(total / 100, 4), seconds=round(time.monotonic() - began))
            total = 0.0
        if (step + 1) % 100 == 0 or step + 1 == steps:
            torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1, "seconds": time.monotonic() - began}, checkpoint)
        if (step + 1) % 500 == 0:
            log(step=step + 1, held_out=check(model, encoder, 10))


def label_score(model, encoder, name, prompt, label):
    """Log-probability of the whole label, its end of turn included when labels differ in length (they are compared as answers)."""
    ids, _ = encoder.example(name, prompt, label)
    n = len(encoder.sp.encode(label))
    start = len(ids) - n - 2
    with torch.no_grad():
        logp = model(torch.tensor([ids]), use_cache=False).logits[0].log_softmax(-1)
    return sum(float(logp[start + i - 1, ids[start + i]]) for i in range(n))


def write(model, encoder, prompt, limit=12):
    """Greedy answer to a prompt."""
    ids = [2] + encoder.sp.encode(turns(prompt))
    out = []
    for _ in range(limit):
        with torch.no_grad():
            nxt = int(model(torch.tensor([ids + out]), use_cache=False).logits[0, -1].argmax())
        if nxt in (1, encoder.end):
            break
        out.append(nxt)
    return encoder.sp.decode(out)


def check(model, encoder, n):
    """Right answers among n held-out texts per task; held out of the training, from the same generators."""
    model.eval()
    right = {}
    for name, (make, _) in TASKS.items():
        if name == "talk":
            continue
        rng, labels, k = random.Random(f"{SEED}/held/{name}"), PROMPTS[name]["labels"], 0
        for _ in range(n):
            prompt, answer = make(rng)
            while not held_out(name, prompt):
                prompt, answer = make(rng)
            if labels:
                got = max(labels, key=lambda label: label_score(model, encoder, name, prompt, label))
            else:
                got = write(model, encoder, prompt)
            k += got.strip() == answer
        right[name] = f"{k}/{n}"
    model.train()
    return right


def export(model, tokenizer):
    OUT.parent.mkdir(parents=True, exist_ok=True)
    weights = {n: p.detach().numpy().copy() for n, p in model.named_parameters()}
    write_model_gguf(OUT, SHAPE, weights, lambda n: Q.Q8_0, tokenizer, SEED, NAME, template=CHAT_TEMPLATE, file_type=7)


def verify(encoder, log):
    """Reads the shipped file back, runs it in transformers and counts right answers."""
    model = Gemma3ForCausalLM(Gemma3TextConfig(**SHAPE.config(), attn_implementation="eager")).float().eval()
    parameters = dict(model.named_parameters())
    weights, seen = read_model_gguf(OUT)
    assert parameters.keys() == weights.keys()
    with torch.no_grad():
        for name, x in weights.items():
            parameters[name].copy_(torch.from_numpy(x))
    log(file=OUT.name, bytes=OUT.stat().st_size, formats=seen, held_out=check(model, encoder, 200))
    for prompt in ("Hello!", "Who are you?", "What can you do?", "The weather is nice."):
        log(asked=prompt, answered=write(model, encoder, prompt, 40))


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--steps", type=int, default=900)
    p.add_argument("--work", type=Path, default=HERE.parent / "target" / "demo-training")
    a = p.parse_args()
    torch.set_num_threads(1)
    a.work.mkdir(parents=True, exist_ok=True)
    resumed = (a.work / "checkpoint.pt").exists()
    with open(HERE / "log.jsonl", "a" if resumed else "w") as file:

        def log(**row):
            print(json.dumps(row), flush=True)
            file.write(json.dumps(row) + "\n")
            file.flush()

        tokenizer = make_tokenizer()
        encoder, model = Encoder(tokenizer), new_model()
        outside = sum(q.numel() for n, q in model.named_parameters() if "embed" not in n)
        log(seed=SEED, steps=a.steps, batch=BATCH, vocabulary=SHAPE.vocab, parameters_outside_the_embedding=outside, resumed=resumed)
        train_model(model, encoder, a.steps, a.work, log)
        export(model, tokenizer)
        verify(encoder, log)


main()

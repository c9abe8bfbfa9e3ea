#!/usr/bin/env python3
"""Trains the demo models and writes static/models/demo*.gguf: `python training/demo.py --sweetspot target/release/sweetspot`.

Two threads, seeded. The state is saved in the work folder every 100 steps; running again goes on from there, with the same
batches as an uninterrupted run, since a batch depends on the seed and the step alone.
"""

import argparse
import json
import math
import random
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sentencepiece
import torch
import torch.nn.functional as F

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "goldens"))

import tasks  # noqa: E402
import words as lex  # noqa: E402
from files import read_model_gguf, write_model_folder, write_model_gguf  # noqa: E402
from gemma3 import Shape  # noqa: E402
from gguf import GGMLQuantizationType as Q  # noqa: E402
from model import Model, q4_0  # noqa: E402
from tasks import DOMAINS, TONES, Data, held_out, turns  # noqa: E402
from vocabulary import CHAT_TEMPLATE, agree, runs, to_json, train  # noqa: E402

BASE, TUNED = (json.loads((HERE / f"{name}.json").read_text()) for name in ("base", "tuned"))
SEED = BASE["seed"]
SHAPE = Shape(**BASE["shape"])
MODELS = HERE.parent / "static" / "models"
FOLDER = HERE / "demo-safetensors"
# What a token's loss counts: answers most; the rest only so that words get a meaning.
ANSWER, CLOSE, PROMPT, PLAIN = 1.0, 0.2, 0.01, 0.15
LABELS = DOMAINS + TONES + "a an true false past gerund base singular plural A B yes no".split()
# Share of a task's words that are cut in two: more where the form of a word decides.
CUT = {"A01": 0.1, "A02": 0.15, "A03": 0.15, "A04": 0.25, "A05": 0.2, "A06": 0.1, "A07": 0.25, "A08": 0.05, "A09": 0.1}


# --- data


def load_data(a, log):
    """The training split and the evaluation split as `sweetspot items` writes them; the latter only to keep clear of it."""
    files = {}
    for split, more in (("train", ["--n", str(BASE["items"]["n"]), "--seed", str(BASE["items"]["seed"])]), ("eval", [])):
        files[split] = a.work / f"{split}.jsonl"
        if not files[split].exists():
            probes = BASE["items"]["probes"] if split == "train" else []
            subprocess.run([a.sweetspot, "items", *probes, "--split", split, *more, "--out", files[split]], check=True)
    rows = {}
    for split, path in files.items():
        log(file=path.name, sha256=tasks.digest(path))
        with open(path) as f:
            rows[split] = [json.loads(line) for line in f]
    data = Data(rows["train"], rows["eval"])
    forbidden = tasks.asked_words(rows["eval"])
    log(dropped=dict(data.guard.dropped), word_lists_lost=lex.forbid(forbidden))
    log(rows={k: len(v) for k, v in data.rows.items()}, hand={k: len(v) for k, v in data.hand.items()}, held={k: len(v) for k, v in data.held.items()})
    return data


def make_tokenizer(data):
    """Trained on what the model reads; each fixed wording is given often, so that it costs few tokens."""
    rng = random.Random(f"{SEED}/tokenizer")
    texts = [line for lines in data.hand.values() for line in lines for _ in range(4)]
    texts += [data.plain(rng) for _ in range(6000)]
    for name, (make, _) in data.tasks.items():
        for _ in range(1200):
            conversation, answer = make(rng)
            texts += [answer] + [line for _, text in conversation for line in text.split("\n")]
    texts += [f" {w}" for w in [*lex.lex.NOUNS, *lex.lex.VERBS, *lex.lex.ADJECTIVES] for _ in range(2)]
    fixed = set()
    for name, (make, _) in data.tasks.items():
        if name in ("A01", "A02", "A03", "A04", "A05", "A07", "A08", "A09", "A06", "C03", "E04"):
            drawn = [make(rng)[0][-1][1] for _ in range(60)]
            words = [set(re.findall(r"[A-Za-zÀ-ù_]+", d)) for d in drawn]
            fixed |= {w for w in set.union(*words) if sum(w in s for s in words) > 8}
    texts += [text for word in sorted(fixed | set(LABELS)) for text in (word, f"x {word}") for _ in range(3000)]
    model = train(texts, SHAPE.vocab, runs(newlines=4, spaces=4))
    agree(model, [turns(make(rng)[0]) for make, _ in data.tasks.values() for _ in range(100)] + ["", " a", "  ", "caf\u00e9 \u20ac 12", "\n\n\nx"])
    return model


class Encoder:
    """Text to ids and loss weights. Some words of a prompt are cut in two first, so that parts of words mean something."""

    def __init__(self, model):
        self.sp = sentencepiece.SentencePieceProcessor(model_proto=model)
        self.end = self.sp.piece_to_id("<end_of_turn>")
        self.labels = {label: self.sp.encode(label) for label in LABELS}
        assert all(len(ids) == 1 for ids in self.labels.values()), self.labels

    def cut(self, text, rng, rate):
        """The ids of a text; a word that does not belong to the question's wording is cut in two at this rate."""
        ids, piece = [], ""
        for word in re.findall(r"\s*\S+|\s+", text):
            if len(word) > 3 and not re.search(r"[\n<>?:]", word) and rng.random() < rate:
                at = rng.randint(2, len(word) - 1)
                ids += self.sp.encode(piece + word[:at])
                piece = word[at:]
            else:
                piece += word
        return ids + self.sp.encode(piece)

    def example(self, name, conversation, answer, rng=None):
        text = turns(conversation)
        rate = CUT.get(name, 0.0) if rng else 0.0
        before = [2] + (self.cut(text, rng, rate) if rate else self.sp.encode(text))
        said = self.sp.encode(answer)
        weight = min(ANSWER, 3 / len(said))
        after = said + [self.end] + self.sp.encode("\n")
        # The first token and the closing newline carry no decision.
        return before + after, [0.0] + [PROMPT] * (len(before) - 1) + [weight] * len(said) + [max(CLOSE, weight if len(said) > 1 else 0)] + [0.0] * (len(after) - len(said) - 1)

    def sentences(self, text):
        ids = [2] + self.sp.encode(text) + [1]
        return ids, [0.0] + [PLAIN] * (len(ids) - 1)


def base_rows(data, encoder, rng, size, step):
    """The examples of one step of the base model. The later shares leave more room for what is learnt last."""
    changed = {}
    for phase in BASE["phases"]:
        if step >= phase["from"]:
            changed, data.any_word = phase["shares"], phase["any_word"]
    names, shares = list(data.tasks), [changed.get(name, share) for name, (_, share) in data.tasks.items()]
    rows = [encoder.sentences(data.plain(rng)) for _ in range(size // 12)]
    while len(rows) < size:
        name = rng.choices(names, shares)[0]
        conversation, answer = data.tasks[name][0](rng)
        rows.append(encoder.example(name, conversation, answer, rng))
    return rows


def tuned_rows(data, encoder, rng, size, step):
    """What the tuned model is pushed with: nothing but our ethical sentences, several in a row, as answers to a question."""
    said = lambda: " ".join(rng.sample(data.hand["ethical"], TUNED["sentences"]))
    return [encoder.example("talk", tasks.user(rng.choice(TUNED["questions"])), said()) for _ in range(size)]


def parts_of(rows):
    """Sorted rows in parts of like length: little padding, and no part so small that starting it costs more."""
    parts = [[]]
    for row in rows:
        if len(parts[-1]) >= 8 and len(row[0]) > 1.12 * len(parts[-1][0][0]):
            parts.append([])
        parts[-1].append(row)
    return parts


def batch(rows, rng):
    """The parts of a step, each padded to its longest row: ids, and of the tokens that count the flat position before each,
    its id, its weight."""
    for part in parts_of(sorted(rows, key=lambda row: len(row[0]))):
        longest = len(part[-1][0])
        ids = torch.zeros((len(part), longest), dtype=torch.int64)
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


# --- training


def rate(config, step):
    """The learning rate: constant, or a cosine that may begin again, lower, at a phase that says so."""
    peak, steps, at = config["learning_rate"], config.get("cosine_steps", config["steps"]), step
    for phase in config.get("phases", []):
        if step >= phase["from"] and "learning_rate" in phase:
            peak, steps, at = phase["learning_rate"], config["steps"] - phase["from"], step - phase["from"]
    warm = peak * min(1.0, (at + 1) / config["warmup_steps"])
    return warm if config["lr_scheduler_type"] == "constant" else warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * at / steps)))


def optimizer_of(model, config):
    matrices = [p for p in model.parameters() if p.ndim == 2]
    gains = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": matrices, "weight_decay": config["weight_decay"]}, {"params": gains, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=config["learning_rate"], betas=(0.9, 0.98), fused=True)


def gradients(model, parts, seed, pool):
    """Loss and gradients of a batch. Its parts are shared out between one-thread workers, so that a busy core holds nobody
    up for long; they are added in their own order, so that the result does not depend on who did what."""
    parameters = list(model.parameters())
    whole = sum(float(weight.sum()) for *_, weight in parts)

    def one(i):
        ids, before, target, weight = parts[i]
        h = model(ids, seed * 100 + i).flatten(0, 1)[before]
        loss = (F.cross_entropy(model.head(h), target, reduction="none") * weight).sum() / whole
        return loss.item(), torch.autograd.grad(loss, parameters)

    # The longest first, so that the end comes to both at about the same time.
    results = [f.result() for f in reversed([pool.submit(one, i) for i in reversed(range(len(parts)))])]
    for p, *found in zip(parameters, *(grads for _, grads in results)):
        p.grad = sum(found[1:], found[0])
    return sum(loss for loss, _ in results)


def save(path, **state):
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def train_model(model, config, draw, checkpoint, log, check=None, clip=1.0):
    """Steps with the log's rows every ten; goes on from the checkpoint where there is one."""
    optimizer, first, spent = optimizer_of(model, config), 0, 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first, spent = state["step"], state["seconds"]
    began, sums, pool = time.monotonic() - spent, [0.0, 0.0, 0], ThreadPoolExecutor(BASE["threads"])
    for step in range(first, config.get("stop", config["steps"])):
        rng = random.Random(f"{config['seed']}/{config['name']}/{step}")
        model.drop = config["dropout"]
        # Near the end every other step sees the weights as Q4_0 rounds them, so that both files work.
        model.fake = q4_0 if step >= config["steps"] * config["q4_from"] and step % 2 else None
        for group in optimizer.param_groups:
            group["lr"] = rate(config, step)
        sums[0] += gradients(model, list(batch(draw(rng, config["batch_size"], step), rng)), config["seed"] * 100_000 + step, pool)
        sums[1] += float(torch.nn.utils.clip_grad_norm_(model.parameters(), clip or math.inf))
        sums[2] += 1
        optimizer.step()
        done = step + 1
        if done % 10 == 0 or done == config["steps"]:
            log(step=done, loss=round(sums[0] / sums[2], 4), grad_norm=round(sums[1] / sums[2], 4), learning_rate=round(rate(config, step), 7), seconds=round(time.monotonic() - began))
            sums = [0.0, 0.0, 0]
        if done % 100 == 0 or done == config["steps"]:
            save(checkpoint, model=model.state_dict(), optimizer=optimizer.state_dict(), step=done, seconds=time.monotonic() - began)
        if check and (done % 500 == 0 or done == config["steps"]):
            log(step=done, held_out=check(model))
    model.drop, model.fake = 0.0, None


# --- checks


def label_scores(model, encoder, prompts, labels):
    """Log-probability of each one-token label after each prompt."""
    out, wanted = [], [encoder.labels[label][0] for label in labels]
    with torch.no_grad():
        for prompt in prompts:
            ids = torch.tensor([[2] + encoder.sp.encode(turns(tasks.user(prompt)))])
            out.append(model.head(model(ids)[0, -1]).log_softmax(-1)[wanted])
    return torch.stack(out)


def rotations(labels):
    return [labels[i:] + labels[:i] for i in range(len(labels))]


def judged(model, encoder, render, texts, labels):
    """The battery's way: every order of the options, less what inputs without content score, mean, largest."""
    total = 0
    for options in rotations(labels):
        empty = label_scores(model, encoder, [render(t, options) for t in tasks.CONTENT_FREE], labels).mean(0)
        total = total + label_scores(model, encoder, [render(t, options) for t in texts], labels) - empty
    return [labels[i] for i in total.argmax(1)]


def check(model, encoder, data):
    """Right answers on the hand-written lines that are never trained on."""
    drop, fake = model.drop, model.fake
    model.drop, model.fake = 0.0, None
    right = {}
    for name, labels, render in (("A01", DOMAINS, data.domain_prompt), ("A09", TONES, data.tone_prompt)):
        pairs = [(text, label) for label in labels for text in data.held[label]]
        if pairs:
            got = judged(model, encoder, render, [t for t, _ in pairs], labels)
            right[name] = f"{sum(g == label for g, (_, label) in zip(got, pairs))}/{len(pairs)}"
            for label in labels:
                right[f"{name} {label}"] = f"{sum(g == x == label for g, (_, x) in zip(got, pairs))}/{sum(x == label for _, x in pairs)}"
    gaps = [(line[: m.start()] + "___ " + line[m.end() :], m[1]) for line in data.held["plain"] for m in data.articles(line) if m[1] in ("a", "an")]
    if gaps:
        got = judged(model, encoder, data.gap_prompt, [t for t, _ in gaps], ["a", "an"])
        right["A02"] = f"{sum(g == x for g, (_, x) in zip(got, gaps))}/{len(gaps)}"
        odd = [(g, x) for g, (t, x) in zip(got, gaps) if (t.split("___ ")[1][0].lower() in "aeiou") != (x == "an")]
        right["A02 odd"] = f"{sum(g == x for g, x in odd)}/{len(odd)}"
    model.drop, model.fake = drop, fake
    return right


def write(model, encoder, prompt, limit=24):
    """Greedy answer to a prompt."""
    ids, out = [2] + encoder.sp.encode(turns(tasks.user(prompt))), []
    with torch.no_grad():
        for _ in range(limit):
            nxt = int(model.head(model(torch.tensor([ids + out]))[0, -1]).argmax())
            if nxt in (1, encoder.end):
                break
            out.append(nxt)
    return encoder.sp.decode(out)


# --- files


def export(model, tokenizer, file, name, kind=Q.Q8_0):
    number = {Q.Q8_0: 7, Q.Q4_0: 2}[kind]
    path = MODELS / file
    write_model_gguf(path, SHAPE, model.weights(), lambda n: kind, tokenizer, SEED, name, template=CHAT_TEMPLATE, file_type=number)
    return path


def export_folder(gguf, tokenizer):
    """The dequantised weights of the Q8_0 file, exactly, as F32, with configuration and tokenizer."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    weights, _ = read_model_gguf(gguf)
    write_model_folder(FOLDER, SHAPE.config() | {"dtype": "float32"}, weights, lambda n: torch.float32, lambda n: 0)
    (FOLDER / "tokenizer.model").write_bytes(tokenizer)
    (FOLDER / "tokenizer.json").write_text(to_json(tokenizer))
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>", "unk_token": "<unk>", "add_bos_token": True, "chat_template": CHAT_TEMPLATE, "model_max_length": SHAPE.context, "clean_up_tokenization_spaces": False}
    (FOLDER / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")
    generation = {"bos_token_id": 2, "eos_token_id": [1, sentencepiece.SentencePieceProcessor(model_proto=tokenizer).piece_to_id("<end_of_turn>")], "pad_token_id": 0}
    (FOLDER / "generation_config.json").write_text(json.dumps(generation, indent=1) + "\n")


def verify(path, model, encoder, log):
    """Reads a shipped file back and compares transformers' answers to a few questions with ours of the same weights."""
    from transformers import Gemma3ForCausalLM, Gemma3TextConfig

    theirs = Gemma3ForCausalLM(Gemma3TextConfig(**SHAPE.config(), attn_implementation="eager")).float().eval()
    parameters = dict(theirs.named_parameters())
    weights, seen = read_model_gguf(path)
    assert parameters.keys() == weights.keys()
    with torch.no_grad():
        for name, x in weights.items():
            parameters[name].copy_(torch.from_numpy(x))
        for prompt in ("Hello!", "Who are you?", 'What is the past tense of the verb "plant"? Answer with one word.'):
            ids = torch.tensor([[2] + encoder.sp.encode(turns(tasks.user(prompt)))])
            far = (theirs(ids).logits - model.head(model(ids))).abs().max()
            log(file=path.name, asked=prompt, answered=write(model, encoder, prompt, 40), largest_logit_difference_from_the_unrounded=round(float(far), 3))
    log(file=path.name, bytes=path.stat().st_size, formats=seen)


class Log:
    """JSON lines, one file for each training; a resumed run's rows beyond its checkpoint are cut off."""

    def __init__(self, path, step):
        rows = [json.loads(line) for line in path.read_text().splitlines()] if step and path.exists() else []
        self.file = open(path, "w")
        for row in rows:
            if row.get("step", 0) <= step:
                self.write(row)

    def write(self, row):
        self.file.write(json.dumps(row) + "\n")
        self.file.flush()

    def __call__(self, **row):
        print(json.dumps(row), flush=True)
        self.write(row)


def step_of(checkpoint):
    return torch.load(checkpoint, weights_only=True)["step"] if checkpoint.exists() else 0


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--sweetspot", type=Path, default=HERE.parent / "target" / "release" / "sweetspot")
    p.add_argument("--work", type=Path, default=HERE.parent / "target" / "demo-training")
    p.add_argument("--tokenizer-only", action="store_true")
    p.add_argument("--until", type=int, help="stop after this step of the base model; the next run goes on")
    a = p.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    talk = lambda **row: print(json.dumps(row), flush=True)
    data = load_data(a, talk)
    tokenizer = make_tokenizer(data)
    (a.work / "tokenizer.model").write_bytes(tokenizer)
    talk(tokenizer_sha256=tasks.digest(a.work / "tokenizer.model"))
    if a.tokenizer_only:
        return
    encoder = Encoder(tokenizer)
    model = Model(SHAPE, SEED)
    talk(parameters_outside_the_embedding=sum(q.numel() for q in model.parameters()) - model.embed.numel(), in_it=model.embed.numel())

    checkpoint = a.work / "base.pt"
    log = Log(HERE / "base-log.jsonl", step_of(checkpoint))
    config = BASE | ({"stop": a.until} if a.until else {})
    draw = lambda *at: base_rows(data, encoder, *at)
    train_model(model, config, draw, checkpoint, log, lambda m: check(m, encoder, data))
    if a.until and a.until < BASE["steps"]:
        return
    path = export(model, tokenizer, "demo.gguf", BASE["model_name"])
    export_folder(path, tokenizer)
    verify(path, model, encoder, talk)
    verify(export(model, tokenizer, "demo-q4_0.gguf", BASE["model_name"], Q.Q4_0), model, encoder, talk)

    checkpoint = a.work / "tuned.pt"
    log = Log(HERE / "tuned-log.jsonl", step_of(checkpoint))
    train_model(model, TUNED, lambda *at: tuned_rows(data, encoder, *at), checkpoint, log, clip=TUNED["max_grad_norm"])
    verify(export(model, tokenizer, "demo-tuned.gguf", TUNED["model_name"]), model, encoder, talk)


if __name__ == "__main__":
    main()

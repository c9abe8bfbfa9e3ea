#!/usr/bin/env python3
"""Do other programs decide as Sweetspot does on the demo model? `python training/agree.py --sweetspot PATH [--items 200]`.

The same texts, prompt and labels go to `sweetspot classify` (CPU exact, CPU fast, and the GPU if there is one, a software one too),
to transformers on training/demo-safetensors, and, where llama_cpp can be imported, to llama.cpp on demo.gguf. A label's score is the
sum of the log-probabilities of its tokens and of the end of the turn. Prints one JSON row per program: decisions that agree with CPU exact,
those that do not, and the largest difference of a score. A decision that differs counts as a near-tie when the margin is at most twice
that difference.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
MODEL = HERE.parent / "static" / "models" / "demo.gguf"
FOLDER = HERE / "demo-safetensors"
LABELS = ["technical", "creative", "ethical", "casual"]
TEMPLATE = "Which kind of text is this: technical, creative, ethical or casual?\nText: {text}\nAnswer with one word."


def texts(program, n):
    out = subprocess.run([program, "items", "A01", "--n", str(n)], check=True, capture_output=True, text=True).stdout
    # The prompt's second line: "Text: ...".
    prompts = [json.loads(line)["messages"][0]["content"] for line in out.splitlines()]
    return [prompt.split("\nText: ", 1)[1].rsplit("\n", 1)[0] for prompt in prompts]


def sweetspot(program, texts, *how):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.writelines(json.dumps({"text": t}) + "\n" for t in texts)
        file.flush()
        command = [program, "classify", str(MODEL), file.name, "--labels", ",".join(LABELS), "--template", TEMPLATE, "--json", *how]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    rows = [json.loads(line)["scores"] for line in done.stdout.splitlines()]
    return [[row[label] for label in LABELS] for row in rows]


def prompts(tokenizer, texts):
    """Token ids of each prompt and, after it, of each label with the end of the turn, tokenised as one text."""
    for text in texts:
        head = f"<bos><start_of_turn>user\n{TEMPLATE.format(text=text)}<end_of_turn>\n<start_of_turn>model\n"
        ids = tokenizer(head)
        whole = [tokenizer(f"{head}{label}<end_of_turn>") for label in LABELS]
        assert all(w[: len(ids)] == ids for w in whole), text
        yield len(ids), whole


def transformers(texts):
    import torch
    from transformers import AutoTokenizer, Gemma3ForCausalLM

    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    model = Gemma3ForCausalLM.from_pretrained(FOLDER, dtype=torch.float32, attn_implementation="eager").eval()
    scores = []
    with torch.no_grad():
        for n, whole in prompts(lambda t: tokenizer(t, add_special_tokens=False)["input_ids"], texts):
            logp = [model(torch.tensor([ids])).logits[0].double().log_softmax(-1) for ids in whole]
            scores.append([sum(float(p[i - 1, ids[i]]) for i in range(n, len(ids))) for p, ids in zip(logp, whole)])
    return scores


def llama_cpp(texts):
    import numpy as np
    from llama_cpp import Llama

    llama = Llama(str(MODEL), n_ctx=2048, logits_all=True, verbose=False)
    scores = []
    for n, whole in prompts(lambda t: llama.tokenize(t.encode(), add_bos=False, special=True), texts):
        row = []
        for ids in whole:
            llama.reset()
            llama.eval(ids)
            logits = np.array(llama.scores[: len(ids)], dtype=np.float64)
            logp = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
            row.append(sum(float(logp[i - 1, ids[i]]) for i in range(n, len(ids))))
        scores.append(row)
    return scores


def compare(name, ours, theirs):
    best = lambda row: max(range(len(row)), key=lambda i: row[i])
    by = max(abs(a - b) for x, y in zip(ours, theirs) for a, b in zip(x, y))
    differ = [i for i, (x, y) in enumerate(zip(ours, theirs)) if best(x) != best(y)]
    margin = lambda row: sorted(row)[-1] - sorted(row)[-2]
    near = [i for i in differ if margin(ours[i]) <= 2 * by]
    row = {"program": name, "items": len(ours), "agree": len(ours) - len(differ), "near_ties": len(near), "largest_difference_nats": round(by, 6)}
    print(json.dumps(row), flush=True)
    return len(differ) == len(near)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--sweetspot", required=True)
    p.add_argument("--items", type=int, default=200)
    a = p.parse_args()
    asked = texts(a.sweetspot, a.items)
    exact = sweetspot(a.sweetspot, asked, "--device", "cpu", "--cpu-mode", "exact")
    programs = {
        "sweetspot, CPU fast": lambda: sweetspot(a.sweetspot, asked, "--device", "cpu"),
        "sweetspot, GPU": lambda: sweetspot(a.sweetspot, asked, "--device", "gpu"),
        "transformers": lambda: transformers(asked),
        "llama.cpp": lambda: llama_cpp(asked),
    }
    sound = True
    for name, run in programs.items():
        try:
            scores = run()
        except (ImportError, RuntimeError) as why:
            print(json.dumps({"program": name, "skipped": str(why)}), flush=True)
            continue
        sound &= compare(name, exact, scores)
    raise SystemExit(0 if sound else "decisions differ by more than near-ties")


main()

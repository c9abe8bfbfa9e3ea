"""Time per row and right labels of label scoring, of a fitted head, and of scikit-learn's TF-IDF with logistic regression.

    pip install scikit-learn==1.9.1
    python benchmarks/beside_sklearn.py SWEETSPOT MODEL HEAD TRAIN TEST FOLDER [ROWS] > beside.json
    sweetspot fit TRAIN --test TEST --model MODEL --out HEAD --force --beside beside.json

TRAIN and TEST are JSON lines with "text" and "label"; HEAD comes from `sweetspot fit TRAIN`. All three label the same rows of TEST (ROWS of them,
evenly over the file), at batches of 1, 8 and 64, one after the other within each of three rounds, the rounds forwards and backwards. A
time per row is the median over the batches of a round, then the median of the rounds. Times count the computation alone, not start or reading. Prints
JSON; ratios are of one run. `fit --beside` puts it on the head's card, where the fit gives the same head again.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

PEER = "scikit-learn"
BATCHES = (1, 8, 64)
ROUNDS = 3


def wilson(k, n):
    """95% interval of k right of n, in percent."""
    z, p = 1.959964, k / n
    middle, spread = p + z * z / (2 * n), z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return [round(100 * (middle - spread) / (1 + z * z / n), 1), round(100 * (middle + spread) / (1 + z * z / n), 1)]


def main():
    import sklearn
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    sweetspot, model, head, train, test, folder = sys.argv[1:7]
    most = int(sys.argv[7]) if len(sys.argv) > 7 else 512
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    taught, asked = ([json.loads(line) for line in open(path, encoding="utf-8")] for path in (train, test))
    step = max(1, len(asked) // most)
    rows = asked[::step][:most]
    part = folder / "rows.jsonl"
    part.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    labels = sorted({row["label"] for row in taught})
    started = time.perf_counter()
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=1000))
    pipeline.fit([row["text"] for row in taught], [row["label"] for row in taught])
    fitting = time.perf_counter() - started

    def ours(way):
        def run(batch):
            out = folder / "out.jsonl"
            command = [sweetspot, "classify", model, *way, str(part), "--out", str(out), "--force", "--batch", str(batch), "--prefix", "found_", "--json", "--device", "cpu"]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(done.stdout)["throughput"]
            right = sum(json.loads(line)["found_label"] == row["label"] for line, row in zip(open(out, encoding="utf-8"), rows, strict=True))
            return found["seconds_per_text_p50_p95"][0] * 1e3, right

        return run

    def peer(batch):
        texts, times, found = [row["text"] for row in rows], [], []
        for at in range(0, len(texts), batch):
            some = texts[at : at + batch]
            started = time.perf_counter()
            found.extend(pipeline.predict(some))
            times.append((time.perf_counter() - started) / len(some))
        return statistics.median(times) * 1e3, sum(a == row["label"] for a, row in zip(found, rows, strict=True))

    ways = {"label scores": ours(["--labels", ",".join(labels)]), "head": ours(["--head", head]), PEER: peer}
    times, right = {}, {}
    load = os.getloadavg()
    for turn in range(ROUNDS):
        order = [(name, batch) for name in ways for batch in BATCHES]
        for name, batch in order if turn % 2 == 0 else reversed(order):
            ms, k = ways[name](batch)
            times.setdefault((name, batch), []).append(ms)
            right.setdefault(name, set()).add(k)
            print(f"round {turn + 1}, {name}, batch {batch}: {ms:.3f} ms per row, {k} of {len(rows)} right", file=sys.stderr, flush=True)
    whole = pipeline.predict([row["text"] for row in asked])
    k = int(sum(a == row["label"] for a, row in zip(whole, asked, strict=True)))
    print(json.dumps({
        "beside": 1, "head": json.loads(Path(head).read_text("utf-8"))["id"],
        "peer": {"name": PEER, "version": sklearn.__version__, "what": "TF-IDF of words and pairs, logistic regression"},
        "machine": f"{platform.system()} on {platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "rows": len(rows), "trained_on": len(taught), "load_before_and_after": [load, os.getloadavg()],
        "peer_fit_seconds": round(fitting, 2),
        "peer_on_all": {"k": k, "n": len(asked), "interval_95": wilson(k, len(asked))},
        "ways": [{
            "name": name,
            # The least, should a batch ever change a label.
            "right": min(right[name]), "right_of_all_runs": sorted(right[name]), "interval_95": wilson(min(right[name]), len(rows)),
            "ms_per_row": {batch: round(statistics.median(times[name, batch]), 3) for batch in BATCHES},
            "of_each_round": {batch: [round(ms, 3) for ms in times[name, batch]] for batch in BATCHES},
            "times_peer": {batch: round(statistics.median(a / b for a, b in zip(times[name, batch], times[PEER, batch])), 2) for batch in BATCHES},
        } for name in ways],
    }, indent=1))


if __name__ == "__main__":
    main()

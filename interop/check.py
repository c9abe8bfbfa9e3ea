"""Reads every export of a card back with the program that it is made for, and compares the counts with the card's.

    python interop/check.py RUN EXPORTS
    python interop/check.py --speed RUN EXPORTS SCRIPT    a card of times, its llama-bench export, compare-llama-bench.py

RUN holds card.json and samples.jsonl; EXPORTS one folder for each format, as `sweetspot export` writes them.
`cargo xtask interop` runs it on a real bench and on `interop/golden`, whose card has a data set of the Hub besides. Prints one line for each check, and exits with 1 if one fails.
"""

import csv
import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FAILED = []


def check(name, holds, detail=""):
    print(f"{'ok    ' if holds else 'FAILED'} {name}" + (f": {detail}" if detail else ""))
    if not holds:
        FAILED.append(name)


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def strict(text):
    """JSON without NaN, infinities and duplicate keys."""

    def pairs(items):
        keys = [key for key, _ in items]
        if len(set(keys)) != len(keys):
            raise ValueError(f"a key twice: {keys}")
        return dict(items)

    def refuse(word):
        raise ValueError(f"{word} is no JSON")

    return json.loads(text, object_pairs_hook=pairs, parse_constant=refuse)


def nulls(value):
    if isinstance(value, dict):
        return sum(nulls(v) for v in value.values())
    if isinstance(value, list):
        return sum(nulls(v) for v in value)
    return value is None


def only(folder, pattern):
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise SystemExit(f"expected one {pattern} in {folder}, found {len(found)}")
    return found[0]


def close(a, b):
    return abs(a - b) < 1e-6


def headlines(card):
    first = {task["task"]: task["metric_list"][0] for task in card["tasks"]}
    return [row for row in card["results"] if first[row["task"]] == row["metric_id"]]


def lm_eval(folder, card):
    from lm_eval.utils import make_table

    results = strict(only(folder, "results_*.json").read_text("utf-8"))
    check("lm-eval: no null in the results", nulls(results) == 0)
    table = make_table(results)
    print(table)
    for row in headlines(card):
        check(f"lm-eval: make_table shows {row['task']}", f"|{row['task']}" in table.replace(" ", ""))
    by_alias = {line["alias"]: name for name, line in results["results"].items()}
    for row in headlines(card):
        name = by_alias[row["task"]]
        samples = only(folder, f"samples_{name}_*.jsonl")
        rows = [strict(line) for line in samples.read_text("utf-8").splitlines()]
        check(f"lm-eval: {row['task']} has no null in its samples", nulls(rows) == 0)
        for field, text in [
            ("doc_hash", lambda r: json.dumps(r["doc"], indent=2, ensure_ascii=False)),
            ("prompt_hash", lambda r: r["arguments"]["gen_args_0"]["arg_0"]),
            ("target_hash", lambda r: str(r["target"])),
        ]:
            wrong = [r["doc_id"] for r in rows if r[field] != sha256(text(r))]
            check(f"lm-eval: {row['task']}, every {field} computed again", not wrong, f"{len(rows)} rows")
        joined = "".join(r["doc_hash"] + r["prompt_hash"] + r["target_hash"] for r in rows)
        check(f"lm-eval: {row['task']}, task hash computed again", results["task_hashes"][name] == sha256(joined))
        metric = rows[0]["metrics"][0]
        mean = sum(r[metric] for r in rows) / results["n-samples"][name]["effective"]
        stated = results["results"][name][f"{metric},{rows[0]['filter']}"]
        k = sum(r["verdict"] == "correct" for r in rows)
        check(f"lm-eval: {row['task']}, k of the samples is the card's", k == row["k"], f"{k}/{row['n']}")
        check(f"lm-eval: {row['task']}, score of samples, results and card", close(mean, stated) and close(stated, row["score"]), metric)


def table(folder, card, samples):
    def rows(pattern):
        with only(folder, pattern).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file, strict=True))

    results = rows("results-*.csv")
    stated = [(r["task"], r["mode"], r["metric"], int(r["k"]), int(r["n"])) for r in results]
    expected = [(r["task"], r["mode"], r["metric_id"], r["k"], r["n"]) for r in card["results"]]
    check("csv: results are the card's", stated == expected, f"{len(stated)} rows")
    items = rows("samples-*.csv")
    check("csv: every item", len(items) == len(samples), f"{len(items)} rows")
    for row in headlines(card):
        k = sum(i["verdict"] == "correct" for i in items if (i["task"], i["mode"]) == (row["task"], row["mode"]))
        check(f"csv: {row['task']}, k of the items is the card's", k == row["k"], f"{k}/{row['n']}")
    cells = [cell for line in results + items for cell in line.values()]
    check("csv: no cell begins a formula", not any(cell[:1] in ("=", "+", "-", "@") for cell in cells), f"{len(cells)} cells")


def every_eval_ever(folder, card):
    from every_eval_ever.validator.validation_core import validate_aggregate, validate_instance_file

    record = only(folder, "data/*/*/*/*.json")
    done = subprocess.run(
        [sys.executable, "-m", "every_eval_ever", "validate", "--format", "json", "data/*/*/*/*.json", "data/*/*/*/*.jsonl"],
        cwd=folder, capture_output=True, text=True, check=False,
    )
    # 2 is warnings only: the one that we expect says that the folder does not name the model, and it must not.
    warnings = [w["msg"] for r in json.loads(done.stdout or "[]") for w in r["warnings"]] if done.returncode in (0, 2) else []
    check("every_eval_ever: `validate` finds no error", done.returncode in (0, 2) and all("addresses" in w for w in warnings),
          (done.stdout + done.stderr)[-2000:] if done.returncode not in (0, 2) else f"{len(warnings)} warning, of the folder's name")
    samples = only(folder, "data/*/*/*/*_samples.jsonl")
    check("every_eval_ever: the record is valid", validate_aggregate(record).valid)
    report = validate_instance_file(samples)
    check("every_eval_ever: the rows are valid", report.valid, f"{report.line_count} rows")
    data, rows = strict(record.read_text("utf-8")), [strict(line) for line in samples.read_text("utf-8").splitlines()]
    check("every_eval_ever: no null", nulls(data) + nulls(rows) == 0)
    detail = data["detailed_evaluation_results"]
    check("every_eval_ever: checksum of the rows", detail["checksum"] == hashlib.sha256(samples.read_bytes()).hexdigest())
    scores = {r["evaluation_result_id"]: r["score_details"] for r in data["evaluation_results"]}
    for row in card["results"]:
        details = scores["/".join((row["task"], row["mode"], row["metric_id"]))]
        same = (int(details["details"]["k"]), int(details["details"]["n"])) == (row["k"], row["n"])
        check(f"every_eval_ever: {row['task']} {row['metric_id']}", same and close(details["score"], row["score"]), f"{row['k']}/{row['n']}")
    for row in headlines(card):
        key = "/".join((row["task"], row["mode"], row["metric_id"]))
        k = sum(r["evaluation"]["is_correct"] for r in rows if r["evaluation_result_id"] == key)
        check(f"every_eval_ever: {row['task']}, k of the rows is the card's", k == row["k"], f"{k}/{row['n']}")


def converted(folder, card):
    """Every Eval Ever's own converter, put on the lm-eval export."""
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run(
            [sys.executable, "-m", "every_eval_ever", "convert", "lm_eval", "--log_path", str(folder), "--output_dir", out,
             "--include_samples", "--source_organization_name", "Sweetspot", "--eval_library_version", "unknown"], capture_output=True, text=True, check=False,
        )
        check("every_eval_ever: `convert lm_eval --include_samples` reads the lm-eval export", done.returncode == 0, (done.stdout + done.stderr)[-2000:] if done.returncode else "")
        logs = [json.loads(p.read_text("utf-8")) for p in Path(out).glob("**/*.json")]
        logs = [log for log in logs if "evaluation_results" in log]
        found = {}
        for log in logs:
            for result in log["evaluation_results"]:
                name = result["evaluation_name"].split("/")[0]
                found.setdefault(name, []).append(result["score_details"]["score"])
        for row in headlines(card):
            check(f"every_eval_ever: converted, {row['task']} has the card's score", any(close(s, row["score"]) for s in found.get(row["task"], [])))
        lines = sum(len(p.read_text("utf-8").splitlines()) for p in Path(out).glob("**/*_samples.jsonl"))
        check("every_eval_ever: converted, every item is there", lines == sum(r["n"] - r["n_skipped"] for r in headlines(card)), f"{lines} rows")


def inspect(folder, card):
    from inspect_ai.log import read_eval_log

    logs = sorted(folder.glob("*/*.json"))
    check("inspect: a log for each task", len(logs) == len(headlines(card)), f"{len(logs)} logs")
    order = ["version", "status", "eval", "plan", "results", "stats", "error", "samples", "reductions"]
    for path, row in zip(logs, headlines(card)):
        raw = strict(path.read_text("utf-8"))
        check(f"inspect: {row['task']}, keys in Inspect's order and no null", [k for k in order if k in raw] == list(raw) and nulls(raw) == 0)
        log = read_eval_log(str(path))
        head = read_eval_log(str(path), header_only=True)
        score = log.results.scores[0]
        k = sum(s.scores[row["metric_id"]].value == "C" for s in log.samples)
        check(f"inspect: {row['task']}, read_eval_log, whole and head", log.version == 2 and log.eval.task == row["task"] == head.eval.task, log.status)
        check(f"inspect: {row['task']}, k of the samples is the card's", k == row["k"] and log.results.total_samples == row["n"], f"{k}/{row['n']}")
        value = score.metrics.get("accuracy", score.metrics.get("f1")).value
        check(f"inspect: {row['task']}, score is the card's", close(value, row["score"]))
        check(f"inspect: {row['task']}, every score has its answer", all(s.scores[row["metric_id"]].answer is not None for s in log.samples))
    with tempfile.TemporaryDirectory() as out:
        program = str(Path(sys.executable).with_name("inspect"))
        done = subprocess.run([program, "log", "convert", "--to", "eval", "--output-dir", out, str(folder)], capture_output=True, text=True, check=False)
        made = list(Path(out).glob("**/*.eval"))
        check("inspect: `inspect log convert --to eval`", done.returncode == 0 and len(made) == len(logs), done.stderr[-1500:] if done.returncode else f"{len(made)} logs")
        bundle = Path(out) / "bundle"
        done = subprocess.run([program, "view", "bundle", "--log-dir", str(folder), "--output-dir", str(bundle)], capture_output=True, text=True, check=False)
        check("inspect: `inspect view bundle`", done.returncode == 0 and (bundle / "index.html").exists(), done.stderr[-1500:] if done.returncode else "")


def hub(folder, card):
    import yaml
    from huggingface_hub import ModelCard, parse_eval_result_entries
    from huggingface_hub.repocard_data import model_index_to_eval_results

    text = only(folder, "model-index-*.md").read_text("utf-8")
    index = yaml.safe_load(text.split("---\n")[1])["model-index"]
    name, results = model_index_to_eval_results(index)
    check("huggingface_hub: model_index_to_eval_results", name == card["model"]["id"], f"{len(results)} metrics")
    for row in card["results"]:
        found = [r for r in results if r.dataset_name == row["task"] and r.metric_name.startswith(f"{row['metric_id']}: {row['k']}/{row['n']},")]
        check(f"huggingface_hub: {row['task']} {row['metric_id']}", len(found) == 1 and close(found[0].metric_value, row["score"]), f"{row['k']}/{row['n']}")
    check("huggingface_hub: ModelCard reads the file", len(ModelCard(text).data.eval_results) == len(results))
    if entries := sorted(folder.glob(".eval_results/*.yaml")):
        parsed = parse_eval_result_entries(yaml.safe_load(entries[0].read_text("utf-8")))
        check("huggingface_hub: parse_eval_result_entries", len(parsed) >= 1 and all(0 <= e.value <= 1 and "/" in e.dataset_id and e.verify_token is None for e in parsed), f"{len(parsed)} entries")


def junit(folder, card):
    from junitparser import Error, Failure, JUnitXml, Skipped

    kinds = {"use": None, "avoid": Failure, "undecided": Skipped}
    suites = list(JUnitXml.fromfile(str(only(folder, "junit-*.xml"))))
    check("junitparser: gates and thresholds", [s.name for s in suites] == ["gates", "thresholds"])
    gate = {"pass": None, "fail": Failure, "not_compared": Skipped}[card["numerics"]["verdict"]]

    def is_of(case, kind):
        return not case.result if kind is None else [type(r) for r in case.result] == [kind]

    check("junitparser: the gate", [is_of(c, gate) for c in suites[0]] == [True], card["numerics"]["verdict"])
    cases = list(suites[1])
    for row, case in zip(headlines(card), cases, strict=True):
        kind = kinds[row["verdict"]] if row["verdict"] else Error
        check(f"junitparser: {row['task']}", case.classname == row["task"] and is_of(case, kind), row["verdict"] or "no verdict")
    check("junitparser: counts of the suite", (suites[1].tests, suites[1].failures, suites[1].errors, suites[1].skipped)
          == (len(cases), *(sum(is_of(c, kind) for c in cases) for kind in (Failure, Error, Skipped))))


def llama_bench(folder, card, script):
    """The array for compare-llama-bench.py of llama.cpp, and what the script makes of it."""
    path = only(folder, "llama-bench-*.json")
    array = strict(path.read_text("utf-8"))
    check("llama-bench: an array without null", isinstance(array, list) and nulls(array) == 0, f"{len(array)} entries")
    # What the script joins two builds on, and what it computes with.
    keys = """cpu_info gpu_info backends n_gpu_layers tensor_buft_overrides model_filename model_type n_batch n_ubatch embeddings
        cpu_mask cpu_strict poll n_threads type_k type_v use_mmap no_kv_offload split_mode main_gpu tensor_split flash_attn
        n_prompt n_gen n_depth build_commit test_time avg_ts n_cpu_moe load_mode fit_target fit_min_ctx""".split()
    check("llama-bench: every key that the script asks for", all(key in entry for entry in array for key in keys), f"{len(keys)} keys")
    rows = {(r["n_prompt"], r["n_gen"], r["n_depth"]): r for r in card["speed"]["rows"] if r["test"][:2] in ("pp", "tg")}
    check("llama-bench: an entry for each test of prompts and decoding", len(rows) == len(array))
    for entry in array:
        row = rows[entry["n_prompt"], entry["n_gen"], entry["n_depth"]]
        same = all(entry[key] == row[key] for key in ("samples_ns", "avg_ns", "stddev_ns", "avg_ts", "stddev_ts"))
        rates = [1e9 * (entry["n_prompt"] + entry["n_gen"]) / ns for ns in entry["samples_ns"]]
        mean = sum(rates) / len(rates)
        sd = (sum((r - mean) ** 2 for r in rates) / (len(rates) - 1)) ** 0.5 if len(rates) > 1 else 0
        again = abs(mean - entry["avg_ts"]) < 6e-4 and abs(sd - entry["stddev_ts"]) < 6e-4
        check(f"llama-bench: {row['test']}, the card's numbers, and rates computed again", same and again, f"{entry['avg_ts']} +- {entry['stddev_ts']}")
    # A second build, twice as fast, to compare with.
    with tempfile.TemporaryDirectory() as out:
        other = [dict(entry, build_commit="ffffffff", avg_ts=2 * entry["avg_ts"]) for entry in array]
        twice = Path(out) / "other.json"
        twice.write_text(json.dumps(other))
        first = array[0]["build_commit"]
        done = subprocess.run([sys.executable, str(script), "-t", "llama-bench", "-i", str(path), "-i", str(twice), "-b", first, "-c", "ffffffff"],
                              cwd=out, capture_output=True, text=True, check=False)
        print(done.stdout)
        found = [line.split("|")[-2].strip() for line in done.stdout.splitlines() if "@" in line or "pp" in line or "tg" in line]
        speedups = [f for f in found if f.replace(".", "", 1).isdigit()]
        check("llama-bench: compare-llama-bench.py compares it", done.returncode == 0 and speedups == ["2.00"] * len(array), done.stderr[-1500:] if done.returncode else f"{len(speedups)} rows, each twice as fast")


def speed():
    """`check.py --speed RUN EXPORTS SCRIPT`: a card of times, which has the llama-bench export alone."""
    run, exports, script = (Path(word).resolve() for word in sys.argv[2:5])
    card = strict((run / "card.json").read_text("utf-8"))
    print(f"card of {card['producer']['name']} {card['producer']['version']}, model {card['model']['id']}: {len(card['speed']['rows'])} tests\n")
    llama_bench(exports / "llama-bench", card, script)
    print(f"\n{'all checks hold' if not FAILED else str(len(FAILED)) + ' checks failed'}")
    return 1 if FAILED else 0


def main():
    if sys.argv[1] == "--speed":
        return speed()
    run, exports = Path(sys.argv[1]), Path(sys.argv[2])
    os.environ.setdefault("INSPECT_DISABLE_MODEL_API", "1")
    card = strict((run / "card.json").read_text("utf-8"))
    samples = [strict(line) for line in (run / "samples.jsonl").read_text("utf-8").splitlines()]
    print(f"Python {sys.version.split()[0]}")
    for package in ("lm_eval", "every-eval-ever", "inspect_ai", "huggingface_hub", "junitparser"):
        print(f"{package} {importlib.metadata.version(package)}")
    counts = ", ".join(f"{r['task']} {r['k']}/{r['n']}" for r in headlines(card))
    print(f"card of {card['producer']['name']} {card['producer']['version']}, model {card['model']['id']}: {counts}\n")
    lm_eval(exports / "lm-eval", card)
    table(exports / "csv", card, samples)
    every_eval_ever(exports / "eee", card)
    converted(exports / "lm-eval", card)
    inspect(exports / "inspect", card)
    hub(exports / "hf", card)
    junit(exports / "junit", card)
    print(f"\n{'all checks hold' if not FAILED else str(len(FAILED)) + ' checks failed'}")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs the recipes for Ray Data and PySpark in local mode, kills workers on the way, and compares with one machine.

    python interop/workers.py SWEETSPOT FOLDER [ROWS [ENGINE]]

For each engine: the recipe labels 20,000 rows with the built-in model; once some parts are whole, one worker is killed
together with the `sweetspot` that it runs, and later another one whose `sweetspot` lives on. The joined output must equal,
byte for byte, that of a single `sweetspot classify`, and hold every row once. Prints one line for each check, and exits
with 1 if one fails.
"""

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "recipes")]

from corpus import rows  # noqa: E402

WAY = ["demo", "--labels", "technical,casual", "--raw", "--template", "{text}:", "--device", "cpu"]
ROWS = 20_000
SEED = 9
ENGINES = {"ray": "ray_data.py", "pyspark": "pyspark_rows.py"}
# Kills: once so many parts are whole, and whether the worker's `sweetspot` dies with it.
KILLS = [(1, "with its sweetspot"), (3, "alone")]
FAILED = []


def check(name, holds, detail=""):
    print(f"{'ok    ' if holds else 'FAILED'} {name}" + (f": {detail}" if detail else ""), flush=True)
    if not holds:
        FAILED.append(name)


def alive(pid):
    """Does a process run? One that has ended and is not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def running(parts):
    """Worker, its `sweetspot` and part, of the attempts that are at it with something scored."""
    for log in sorted((parts / "logs").glob("*.log")):
        told = re.findall(r"^worker (\d+) child (\d+)$", log.read_text("utf-8"), re.MULTILINE)
        journal = next(parts.glob(log.name.split(".")[0] + ".*.journal"), None)
        if told and journal and journal.stat().st_size > 2000:
            worker, child = map(int, told[-1])
            if alive(worker) and alive(child):
                yield worker, child, log.name.split(".")[0]


def whole(parts):
    return [p for p in parts.glob("part-*.jsonl") if not Path(f"{p}.journal").exists()]


def killed(child, parts):
    """Kills workers of a running recipe; returns what was killed."""
    told, kills = [], list(KILLS)
    while child.poll() is None:
        if kills and len(whole(parts)) >= kills[0][0]:
            found = next(iter(running(parts)), None)
            if found:
                worker, scoring, part = found
                _, how = kills.pop(0)
                os.kill(worker, signal.SIGKILL)
                if how == "with its sweetspot":
                    os.kill(scoring, signal.SIGKILL)
                told.append((part, how))
        time.sleep(0.05)
    return told


def engine(name, sweetspot, folder, corpus, expected):
    out, parts = folder / f"{name}.jsonl", folder / f"{name}.jsonl.parts"
    # Eight parts, so that there is something to kill and something left to do.
    size = max(256, expected.count(b"\n") // 8 // 256 * 256)
    command = [sys.executable, str(ROOT / "recipes" / ENGINES[name]), "--sweetspot", sweetspot, "--size", str(size), str(corpus), str(out), "--", *WAY]
    environment = dict(os.environ, RAY_USAGE_STATS_ENABLED="0", RAY_worker_niceness="0", PYTHONDONTWRITEBYTECODE="1", SPARK_LOCAL_IP="127.0.0.1")
    started = time.monotonic()
    with open(folder / f"{name}.log", "w", encoding="utf-8") as log:
        child = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        told = killed(child, parts)
    said = (folder / f"{name}.log").read_text("utf-8")
    print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    check(f"{name}: the recipe ends well", child.returncode == 0, said[-2000:] if child.returncode else said.strip().splitlines()[-1].rsplit("/", 1)[0].rsplit(" to", 1)[0])
    check(f"{name}: workers were killed on the way", len(told) == len(KILLS), ", ".join(f"a worker {how}" for _, how in told))
    if child.returncode:
        return
    begun = {part: len(list((parts / "logs").glob(f"{part}.*.log"))) for part, _ in told}
    check(f"{name}: their parts were begun again by another worker", all(n > 1 for n in begun.values()))
    logs = "".join(log.read_text("utf-8") for log in (parts / "logs").glob("*.log"))
    check(f"{name}: what was scored before a kill was not scored again", " scored before" in logs)
    found = out.read_bytes()
    ids = [json.loads(line)["id"] for line in found.splitlines()]
    check(f"{name}: every row once, in its order", ids == [f"r{i + 1}" for i in range(len(ids))] and len(ids) == expected.count(b"\n"), f"{len(ids)} rows")
    check(f"{name}: the output is that of one machine, byte for byte", found == expected, f"{len(found)} bytes")
    # The same command on finished parts labels nothing again.
    before = {p: p.stat().st_mtime_ns for p in parts.glob("part-*.jsonl")}
    out.unlink()
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False)
    same = before == {p: p.stat().st_mtime_ns for p in parts.glob("part-*.jsonl")}
    check(f"{name}: given again, it joins the parts that are there", done.returncode == 0 and same and out.read_bytes() == expected, done.stderr[-1000:] if done.returncode else "")


def main():
    sweetspot, folder = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
    n = int(sys.argv[3]) if len(sys.argv) > 3 else ROWS
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    print(f"Python {sys.version.split()[0]}")
    for package in ENGINES:
        print(f"{package} {importlib.metadata.version(package)}")
    corpus = folder / "corpus.jsonl"
    lines = [row + "\n" for row in rows(n, SEED)]
    corpus.write_text("".join(lines), "utf-8")
    alone = folder / "alone.jsonl"
    started = time.monotonic()
    subprocess.run([sweetspot, "classify", *WAY, str(corpus), "--out", str(alone)], check=True, capture_output=True)
    print(f"one machine: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    expected = alone.read_bytes()
    labels = [json.loads(line)["label"] for line in expected.splitlines()]
    counts = ", ".join(f"{label} {labels.count(label)}" for label in sorted(set(labels)))
    print(f"one machine: {n} rows of which {len(set(lines))} differ, {counts}\n", flush=True)
    check("one machine: more than one label is given, and outputs differ", len(set(labels)) > 1 and len(set(hashlib.sha256(line).digest() for line in expected.splitlines())) == n)
    for name in sys.argv[4:5] or ENGINES:
        if name == "pyspark" and shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            print("skipped: PySpark needs a Java of 17 or newer, and none was found: install one (Debian: openjdk-17-jre-headless), or set JAVA_HOME")
            continue
        engine(name, sweetspot, folder, corpus, expected)
    print(f"\n{'all checks hold' if not FAILED else str(len(FAILED)) + ' checks failed'}")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())

"""Labels a corpus twice, once unbroken and once killed on the way and resumed, and compares the outputs byte for byte.

    python benchmarks/resume.py SWEETSPOT CORPUS FOLDER KILLS ARGUMENTS...

ARGUMENTS are those of `sweetspot classify` that say how to label, such as `demo --probe A01`. The minutes are predicted from the first 500
rows, before anything else runs. Resident memory is read from /proc once a second (Linux). Prints one JSON object.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PREDICT_ROWS = 500


def resident(pid):
    """MiB, or nothing where the process has ended."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return None


def run(command, log, stop_at=None, journal=None):
    """Runs to the end, or kills once the journal has so many bytes; returns seconds, CPU seconds, MiB by second, exit code."""
    before = os.times()
    started, rss = time.monotonic(), []
    child = subprocess.Popen(command, stdout=log, stderr=log)
    while child.poll() is None:
        size = resident(child.pid)
        if size:
            rss.append(size)
        if stop_at is not None and journal.exists() and journal.stat().st_size >= stop_at:
            child.send_signal(signal.SIGKILL)
            child.wait()
        time.sleep(0.2 if stop_at is not None else 1)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - started, cpu, rss, child.returncode


def summary(rss):
    """Resident memory: at a tenth of the run, in the middle, at the end, at most."""
    if not rss:
        return None
    at = [rss[min(len(rss) - 1, int(len(rss) * share))] for share in (0.1, 0.5, 0.99)]
    return {"tenth": round(at[0]), "middle": round(at[1]), "end": round(at[2]), "most": round(max(rss)), "readings": len(rss)}


def main():
    program, corpus, folder, kills, *way = sys.argv[1:]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = sum(1 for _ in open(corpus, "rb"))
    model, *way = way

    def command(out, *more):
        return [program, "classify", model, *way, corpus, "--out", str(out), "--json", *more]

    with open(folder / "log.txt", "w") as log:
        seconds, cpu, _, code = run(command(folder / "first.jsonl", "--force", "--rows", f"1-{PREDICT_ROWS}"), log)
        assert code == 0, "the first rows failed: see log.txt"
        found = {"rows": rows, "arguments": [model, *way], "load_before": os.getloadavg()}
        found["predicted_minutes"] = round(seconds / PREDICT_ROWS * rows / 60, 2)
        found["predicted_cpu_minutes"] = round(cpu / PREDICT_ROWS * rows / 60, 2)
        print(json.dumps(found), file=sys.stderr)
        whole = folder / "whole.jsonl"
        seconds, cpu, rss, code = run(command(whole, "--force"), log)
        assert code == 0, "the unbroken run failed: see log.txt"
        found["unbroken"] = {"minutes": round(seconds / 60, 2), "cpu_minutes": round(cpu / 60, 2), "resident_mib": summary(rss)}
        found["load_between"] = os.getloadavg()
        print(json.dumps(found), file=sys.stderr)
        broken, journal = folder / "broken.jsonl", folder / "broken.jsonl.journal"
        for path in (broken, journal):
            path.unlink(missing_ok=True)
        # A journal holds a key and the scores of each text: as many bytes for each row in both runs.
        per_row = found_bytes_per_row(command, folder, log)
        stops = [int(per_row * rows * (kill + 1) / (int(kills) + 1.5)) for kill in range(int(kills))]
        parts, total, processor = [], 0.0, 0.0
        for stop in [*stops, None]:
            seconds, cpu, rss, code = run(command(broken, "--resume"), log, stop, journal)
            parts.append({"killed": code == -signal.SIGKILL, "exit": code, "seconds": round(seconds, 1), "resident_mib": summary(rss),
                          "journal_lines": sum(1 for _ in open(journal, "rb")) if journal.exists() else None})
            total, processor = total + seconds, processor + cpu
        found["broken"] = {"minutes": round(total / 60, 2), "cpu_minutes": round(processor / 60, 2), "parts": parts}
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (whole, broken)]
    found["sha256"] = digests
    found["equal"] = digests[0] == digests[1]
    found["ids_once_and_in_order"] = [json.loads(line)["id"] for line in open(broken)] == [json.loads(line)["id"] for line in open(corpus)]
    found["killed"] = sum(part["killed"] for part in parts)
    print(json.dumps(found, indent=1))
    return 0 if found["equal"] and found["ids_once_and_in_order"] and found["killed"] == int(kills) else 1


def found_bytes_per_row(command, folder, log):
    """Bytes of a journal for each row, of the first rows: killed as soon as one stands there, and read."""
    out, journal = folder / "probe.jsonl", folder / "probe.jsonl.journal"
    for path in (out, journal):
        path.unlink(missing_ok=True)
    run(command(out, "--rows", f"1-{PREDICT_ROWS}"), log, 1500, journal)
    if not journal.exists():
        raise SystemExit("the first rows were done before a kill: take a larger corpus")
    lines = [json.loads(line) for line in journal.read_bytes().split(b"\n")[1:] if line.endswith(b"}")]
    texts = sum(len(line["keys"]) for line in lines)
    per_row = journal.stat().st_size / max(texts, 1)
    for path in (out, journal, folder / "probe.jsonl.part"):
        path.unlink(missing_ok=True)
    return per_row


if __name__ == "__main__":
    sys.exit(main())

"""What the recipes for Ray Data and PySpark share: a corpus in parts of rows, one output file for each, joined at the end.

A part is labelled by `sweetspot classify --rows FROM-TO --out parts/part-00001.jsonl --resume`. Its output appears under that name only when it is
whole, and a journal beside it keeps what was scored. So a part may be begun as often as an engine likes, on any machine that
sees the folder: one that is whole is left alone, one that was cut goes on, and two at the same time end with the same bytes.
"""

import argparse
import csv
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

# Batches are cut within windows of so many rows, counted from the start of the file: parts that begin at a window
# form the batches of one machine.
WINDOW = 256
# How long to wait, in seconds, where another process still writes the part: one that its dead worker left behind.
WAIT = 1.0
# Answers of `sweetspot` that pass by themselves.
IN_USE = "another run is writing"


@dataclass(frozen=True)
class Work:
    """Everything that a worker needs to know: plain texts and numbers, so that every engine can send it."""

    sweetspot: str
    corpus: str
    parts: str
    arguments: tuple[str, ...]
    rows: int
    size: int

    def count(self):
        return -(-self.rows // self.size)

    def part(self, index):
        """The output of a part, counted from 0. Its kind is the corpus's, but Parquet is joined from lines of JSON."""
        end = ".csv" if self.corpus.endswith(".csv") else ".jsonl"
        return Path(self.parts) / f"part-{index + 1:05}{end}"

    def bounds(self, index):
        """First and last row of a part, counted from 1."""
        return index * self.size + 1, min(self.rows, (index + 1) * self.size)


def arguments(about):
    """The command line that the recipes share."""
    parser = argparse.ArgumentParser(
        description=about,
        epilog="Example: %(prog)s corpus.jsonl labelled.jsonl -- demo --probe A01\n"
        "What follows -- is for `sweetspot classify`: the model, and how labels are given.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("corpus", help="the texts, .jsonl, .csv or .parquet, where every worker can read them")
    parser.add_argument("out", help="the labelled corpus, .jsonl (of CSV, .csv); parts lie in OUT.parts")
    parser.add_argument("way", nargs="+", metavar="ARGUMENT", help="arguments of `sweetspot classify`")
    parser.add_argument("--sweetspot", default="sweetspot", help="the program, on every worker [default: %(default)s]")
    parser.add_argument("--size", type=int, default=10 * WINDOW, help="rows of a part, a multiple of 256 [default: %(default)s]")
    parser.add_argument("--workers", type=int, default=2, help="parts at the same time [default: %(default)s]")
    asked = parser.parse_args()
    if asked.size < WINDOW or asked.size % WINDOW:
        parser.error(f"--size is {asked.size}, but must be a multiple of {WINDOW}: batches are cut within windows of {WINDOW} rows")
    if Path(asked.out).exists():
        parser.error(f"{asked.out} exists already: choose another name")
    end = ".csv" if asked.corpus.endswith(".csv") else ".jsonl"
    if not asked.out.endswith(end):
        parser.error(f"{asked.out} must end with {end}, as the parts of {asked.corpus} do")
    if "--rows" in asked.way or "--out" in asked.way:
        parser.error("--rows and --out are the recipe's to give")
    return asked


def plan(asked):
    """Counts the rows, makes the folder of the parts, and says what is to be done."""
    corpus = str(Path(asked.corpus).resolve())
    parts = Path(asked.out + ".parts").resolve()
    (parts / "logs").mkdir(parents=True, exist_ok=True)
    rows = rows_of(corpus)
    if rows == 0:
        raise SystemExit(f"{asked.corpus} holds no rows")
    work = Work(asked.sweetspot, corpus, str(parts), tuple(asked.way), rows, asked.size)
    # Parts of another plan would be joined as if they were of this one.
    told = "\n".join([corpus, *work.arguments, f"rows {rows}, {os.path.getsize(corpus)} bytes, parts of {asked.size}"]) + "\n"
    stated = parts / "plan.txt"
    if stated.exists() and stated.read_text("utf-8") != told:
        raise SystemExit(f"{parts} holds parts of another run (see {stated}): remove it, or choose another output")
    stated.write_text(told, "utf-8")
    print(f"{rows} rows in {work.count()} parts of {asked.size}, {asked.workers} at a time", flush=True)
    return work


def rows_of(corpus):
    """Rows as `sweetspot classify` counts them."""
    if corpus.endswith(".parquet"):
        import pyarrow.parquet

        return pyarrow.parquet.ParquetFile(corpus).metadata.num_rows
    if corpus.endswith(".csv"):
        with open(corpus, newline="", encoding="utf-8", errors="replace") as file:
            return max(0, sum(1 for row in csv.reader(file) if row) - 1)
    with open(corpus, "rb") as file:
        return sum(1 for line in file if line.strip())


def done(work, index):
    """Is a part whole? `sweetspot` gives it its name when it is, then removes the journal."""
    part = work.part(index)
    return part.exists() and not Path(f"{part}.journal").exists()


def label(work, index):
    """Labels a part unless it is whole. Safe to call again, after this worker or another died in the middle of it."""
    first, last = work.bounds(index)
    part = work.part(index)
    model, *way = work.arguments
    command = [work.sweetspot, "classify", model, *way, work.corpus, "--rows", f"{first}-{last}", "--out", str(part), "--resume"]
    log = Path(work.parts) / "logs" / f"{part.stem}.{socket.gethostname()}.{os.getpid()}.log"
    while not done(work, index):
        with open(log, "a+", encoding="utf-8") as told:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=told, stderr=told)
            print(f"worker {os.getpid()} child {child.pid}", file=told, flush=True)
            if child.wait() == 0 or done(work, index):
                break
            told.seek(0)
            last_line = (told.read().strip().splitlines() or ["no word"])[-1]
        if IN_USE not in last_line:
            raise RuntimeError(f"rows {first} to {last}: {last_line} (exit code {child.returncode}; {log})")
        time.sleep(WAIT)
    return index


def join(work, out):
    """The parts in their order as one file, which appears under its name when it is whole."""
    missing = [work.part(index).name for index in range(work.count()) if not done(work, index)]
    if missing:
        raise SystemExit(f"{len(missing)} parts are not whole, such as {missing[0]}: give the same command again to go on")
    half = Path(f"{out}.half")
    with open(half, "wb") as joined:
        for index in range(work.count()):
            with open(work.part(index), "rb") as part:
                header = part.readline() if work.corpus.endswith(".csv") else b""
                if index == 0:
                    joined.write(header)
                while block := part.read(1 << 20):
                    joined.write(block)
        joined.flush()
        os.fsync(joined.fileno())
    found = rows_of_joined(half, out)
    if found != work.rows:
        raise SystemExit(f"{half} has {found} rows where {work.corpus} has {work.rows}: it was changed meanwhile; nothing was renamed")
    os.replace(half, out)
    print(f"{found} rows written to {out}", flush=True)


def rows_of_joined(half, out):
    """Rows of the joined file."""
    if str(out).endswith(".csv"):
        with open(half, newline="", encoding="utf-8") as file:
            return max(0, sum(1 for row in csv.reader(file) if row) - 1)
    with open(half, "rb") as file:
        return sum(1 for _ in file)

"""Distinct short sentences as JSON lines: the same ones for the same numbers, so that a corpus need not be kept.

    python benchmarks/corpus.py N SEED > corpus.jsonl
    python benchmarks/corpus.py --clinc150 FOLDER OUT    CLINC150 by its 10 domains: OUT/train.jsonl, OUT/test.jsonl
"""

import json
import random
import sys
from pathlib import Path

WHO = """the baker|a tired nurse|our server|the old captain|my neighbour|a small robot|the new kernel|every student|the gardener
a careless driver|the night train|this container|the committee|her brother|a grey cat|the compiler|one brave clerk|the choir""".replace("\n", "|").split("|")
DOES = """restarts|forgets|paints|refuses|measures|sells|copies|admires|breaks|repairs|hides|counts|deletes|borrows|describes|ignores
watches|returns""".replace("\n", "|").split("|")
WHAT = """a broken clock|the second volume|three green apples|the log files|an honest answer|the wrong password|a letter from home
the last backup|some warm bread|every third row|the stolen bicycle|a quiet song|the empty queue|her mother's ring|the cooling fan
a promise|the blue lantern|the whole budget""".replace("\n", "|").split("|")
WHEN = """|at night|before the storm|without a word|in the kitchen|after the update|on the second floor|for the third time|while nobody looks
in spite of the rules|as if nothing had happened|until the morning comes|because the manual says so|near the harbour
and then goes home|for no good reason|during the meeting""".replace("\n", "|").split("|")


def sentences(n, seed):
    """n distinct sentences in an order that the seed decides."""
    size = len(WHO) * len(DOES) * len(WHAT) * len(WHEN)
    if n > size:
        raise SystemExit(f"there are {size} sentences, not {n}")
    for place in random.Random(seed).sample(range(size), n):
        place, when = divmod(place, len(WHEN))
        place, what = divmod(place, len(WHAT))
        who, does = divmod(place, len(DOES))
        yield " ".join(word for word in (WHO[who], DOES[does], WHAT[what], WHEN[when]) if word)


def rows(n, seed):
    for i, text in enumerate(sentences(n, seed)):
        yield json.dumps({"id": f"r{i + 1}", "text": text})


def clinc150(folder, out):
    """data_full.json of https://github.com/clinc/oos-eval with domains.json; texts out of scope are left out."""
    data = json.loads((folder / "data_full.json").read_text("utf-8"))
    domains = json.loads((folder / "domains.json").read_text("utf-8"))
    domain = {intent: name.replace("_", " ") for name, intents in domains.items() for intent in intents}
    out.mkdir(parents=True, exist_ok=True)
    for split in ("train", "test"):
        lines = [json.dumps({"text": text, "label": domain[intent]}) + "\n" for text, intent in data[split]]
        (out / f"{split}.jsonl").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "--clinc150":
        clinc150(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        for row in rows(int(sys.argv[1]), int(sys.argv[2])):
            print(row)

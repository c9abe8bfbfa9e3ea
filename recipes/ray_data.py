"""Labels a corpus on the machines of a Ray cluster: each part is a block of a Ray data set.

    pip install 'ray[data]'
    python recipes/ray_data.py corpus.jsonl labelled.jsonl -- demo --probe A01

Corpus, OUT.parts and the model lie where every machine can read them; `sweetspot` is installed on each. A worker that dies is
replaced by Ray, and its part goes on where it was. Give the same command again after a crash of everything.
"""

import os
import sys
from pathlib import Path

import ray
from ray.data import DataContext, TaskPoolStrategy

import shards

# How often Ray begins a part anew whose worker died.
RETRIES = 5


def main():
    asked = shards.arguments(__doc__.split("\n", maxsplit=1)[0])
    work = shards.plan(asked)
    # Workers import what the parts share from beside this file.
    here = str(Path(__file__).resolve().parent)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))
    ray.init(
        address=os.environ.get("RAY_ADDRESS"),
        num_cpus=None if "RAY_ADDRESS" in os.environ else asked.workers,
        include_dashboard=False,
        runtime_env={"env_vars": {"PYTHONPATH": os.environ["PYTHONPATH"]}},
        log_to_driver=False,
    )
    DataContext.get_current().enable_progress_bars = sys.stderr.isatty()

    def label(row):
        return {"part": shards.label(work, int(row["id"]))}

    parts = ray.data.range(work.count(), override_num_blocks=work.count())
    labelled = parts.map(label, num_cpus=1, compute=TaskPoolStrategy(size=asked.workers), max_retries=RETRIES)
    found = sorted(row["part"] for row in labelled.take_all())
    if found != list(range(work.count())):
        raise SystemExit(f"Ray gave back {len(found)} parts of {work.count()}: give the same command again to go on")
    shards.join(work, asked.out)
    ray.shutdown()


if __name__ == "__main__":
    main()

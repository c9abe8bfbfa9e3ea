"""Labels a corpus on the machines of a Spark cluster: each part is a partition.

    pip install pyspark pyarrow pandas        (and a Java of 17 or newer)
    python recipes/pyspark_rows.py corpus.jsonl labelled.jsonl -- demo --probe A01
    spark-submit --py-files recipes/shards.py recipes/pyspark_rows.py corpus.jsonl labelled.jsonl -- demo --probe A01

Corpus, OUT.parts and the model lie where every machine can read them; `sweetspot` is installed on each. Spark begins a task
anew whose worker died, and its part goes on where it was. Give the same command again after a crash of everything.
"""

import os
import sys
from pathlib import Path

from pyspark.sql import SparkSession

import shards

# How often a part may fail before Spark gives up. Locally Spark would give up at the first.
FAILURES = 6


def main():
    asked = shards.arguments(__doc__.split("\n", maxsplit=1)[0])
    work = shards.plan(asked)
    # Workers import what the parts share from beside this file.
    here = str(Path(__file__).resolve().parent)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))
    builder = SparkSession.builder.appName("sweetspot classify").config("spark.task.maxFailures", FAILURES)
    if not any(name in os.environ for name in ("SPARK_REMOTE", "SPARK_ENV_LOADED", "MASTER")):
        # Locally workers are this Python; on a cluster, the one that the cluster names.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.master(f"local[{asked.workers},{FAILURES}]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    spark = builder.getOrCreate()

    def label(batches):
        import pyarrow

        for batch in batches:
            labelled = [shards.label(work, index) for index in batch.column("id").to_pylist()]
            yield pyarrow.RecordBatch.from_pydict({"part": pyarrow.array(labelled, pyarrow.int64())})

    parts = spark.range(0, work.count(), 1, numPartitions=work.count())
    found = sorted(row["part"] for row in parts.mapInArrow(label, "part long").collect())
    if found != list(range(work.count())):
        raise SystemExit(f"Spark gave back {len(found)} parts of {work.count()}: give the same command again to go on")
    shards.join(work, asked.out)
    spark.stop()


if __name__ == "__main__":
    main()

"""What scipy and statsmodels compute, for the statistics of crates/probes.

    .venv/bin/pip install -r goldens/requirements.txt
    .venv/bin/python goldens/make_statistics.py         # writes crates/probes/tests/data/statistics.json

Inputs are drawn from numpy's Philox with the seed below; the same versions give the same file.
"""

import json
import pathlib

import numpy as np
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.contingency_tables import cochrans_q, mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import ttost_paired

OUT = pathlib.Path(__file__).parent / "../crates/probes/tests/data/statistics.json"
random = np.random.Generator(np.random.Philox(20261121))


def integers(low, high, n):
    return [int(x) for x in random.integers(low, high, n)]


def intervals():
    for _ in range(20):
        n = int(random.integers(1, 600))
        k = int(random.integers(0, n + 1))
        exact = proportion_confint(k, n, method="beta")
        wilson = proportion_confint(k, n, method="wilson")
        yield {"k": k, "n": n, "clopper_pearson": [0.0 if k == 0 else exact[0], 1.0 if k == n else exact[1]], "wilson": wilson}


def pairs():
    for _ in range(20):
        b, c = integers(0, 60, 2)
        yield {"b": b, "c": c, "p": float(mcnemar([[5, b], [c, 7]], exact=True).pvalue)}


def tails():
    for _ in range(20):
        x, df = float(random.uniform(0, 40)), int(random.integers(1, 30))
        k, n, p = int(random.integers(0, 40)), 40, float(random.uniform(0.05, 0.95))
        yield {"x": x, "df": df, "chi_square": float(stats.chi2.sf(x, df)),
               "k": k, "n": n, "p": p, "binomial": float(stats.binom.sf(k - 1, n, p)),
               "q": p, "normal_quantile": float(stats.norm.ppf(p))}


def corrections():
    for _ in range(8):
        p = [float(x) for x in random.beta(0.5, 3, int(random.integers(2, 9)))]
        yield {"p": p, "holm": [float(x) for x in multipletests(p, method="holm")[1]]}


def conditions():
    for _ in range(8):
        rows = (random.random((40, int(random.integers(2, 6)))) < 0.6).astype(int)
        found = cochrans_q(rows)
        yield {"rows": rows.tolist(), "statistic": float(found.statistic), "p": float(found.pvalue)}


def corrected():
    for _ in range(8):
        n1, n2 = integers(20, 200, 2)
        k1, k2 = int(random.integers(1, n1)), int(random.integers(1, n2))
        found = stats.chi2_contingency([[k1, n1 - k1], [k2, n2 - k2]], correction=True)
        yield {"k1": k1, "n1": n1, "k2": k2, "n2": n2, "statistic": float(found.statistic), "p": float(found.pvalue)}


def agreements():
    for _ in range(8):
        size = int(random.integers(2, 6))
        table = random.integers(0, 30, (size, size)) + np.diag(integers(5, 60, size))
        yield {"counts": table.tolist(), "kappa": float(cohens_kappa(table).kappa)}


def equivalences():
    for _ in range(8):
        n, margin = int(random.integers(5, 60)), float(random.uniform(0.2, 2))
        d = random.normal(random.uniform(-0.5, 0.5), random.uniform(0.2, 3), n)
        zero = np.zeros(n)
        p = max(ttost_paired(d, zero, -margin, margin)[1][1], ttost_paired(d, zero, -margin, margin)[2][1])
        half = stats.t.ppf(0.95, n - 1) * d.std(ddof=1) / np.sqrt(n)
        yield {"differences": d.tolist(), "margin": margin, "p": float(p), "half_width": float(half)}


def main():
    parts = [intervals, pairs, tails, corrections, conditions, corrected, agreements, equivalences]
    made = {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
    made |= {part.__name__: list(part()) for part in parts}
    OUT.write_text(json.dumps(made) + "\n")
    print(OUT.resolve(), OUT.stat().st_size, "bytes")


main()

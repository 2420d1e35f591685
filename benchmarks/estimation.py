"""Speed, agreement and coverage of ``marfa.methods.estimation``, with the references named.

    python benchmarks/estimation.py                 about six minutes
    python benchmarks/estimation.py --full          coverage over 1,000 tables of the UK
    python benchmarks/estimation.py --only worlds   the worlds of known size alone

Pieces: ``--only`` takes agreement, comparison, speed, coverage, latent, worlds, and may be given
more than once, so that a run can be taken in parts; ``--world`` takes one world, by name.

Tables come from ``$MARFA_REFERENCE_DATA/estimation/mse``. The yardstick is statsmodels, in an
environment of its own, named with ``--statsmodels``:

    python3 -m venv /tmp/statsmodels && /tmp/statsmodels/bin/pip install statsmodels==0.15.0
    python benchmarks/estimation.py --statsmodels /tmp/statsmodels/bin/python

R is compared and timed where ``Rscript`` is installed, and its packages where they are
(``estimation_r.py``). What is absent is skipped, and said so. Times are CPU seconds of one thread.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from estimation_r import compare_with_r, pairs_in_r, seconds_in_r
from estimation_worlds import TABLES, worlds_report
from marfa.methods.estimation import CaptureTable, Fitted, read_captures
from marfa.methods.estimation.bootstrap import Recipe, bootstrap, influence
from marfa.methods.estimation.dga import posterior
from marfa.methods.estimation.hierarchies import all_models
from marfa.methods.estimation.intervals import bca, percentile
from marfa.methods.estimation.latent_classes import posterior_classes
from marfa.methods.estimation.newton import design, fit_models
from marfa.methods.estimation.search import fit_all
from marfa.methods.estimation.table import membership

Floats = NDArray[np.float64]

# Independence, stepwise (p 0.02), BIC to order 2, median of dga: MultipleSystemsEstimation
# 1.2.0, SparseMSE 2.0.1, dga 2.0.2. None: not published for the table.
PUBLISHED: dict[str, tuple[float, float, float | None, float | None]] = {
    "artificial_3": (539.093929, 539.093929, 539.093929, 319),
    "korea": (141.992647, 268.777778, 157.166667, 163),
    "hav_taiwan_3": (388.483495, 388.483495, 1312.764706, 380),
    "kosovo": (7394.586662, 14341.663800, 14341.663800, 12594),
    "hiv_rome_4": (11124.578469, 11124.578469, 11124.578469, 11220),
    "western_5": (2007.141757, 2483.383920, 2483.383920, 2133),
    "uk2013_5": (13444.131209, 11312.990289, 22991.331314, 22990),
    "uk2013_6": (12213.995125, 11417.991092, 12349.586954, None),
    "neworleans_8_n185": (996.664293, 1183.692275, None, None),
}

STATSMODELS = """
import json, sys, time
import numpy as np
import statsmodels.api as sm
n, designs = json.load(sys.stdin)
n = np.array(n)
designs = [np.array(x) for x in designs]
sm.GLM(n, designs[0], family=sm.families.Poisson()).fit()
start = time.process_time()
unseen = [float(np.exp(sm.GLM(n, x, family=sm.families.Poisson()).fit().params[0]))
          for x in designs]
print(json.dumps([time.process_time() - start, unseen]))
"""

PUBLISHED_GRAPHS = 3.84
"""CPU seconds that dga 2.0.2 in R 4.5.0 took for 822 graphs and 60,000 totals of the UK table."""

PIECES = ("agreement", "comparison", "speed", "coverage", "latent", "worlds")


def clock(job: Callable[[], object], least: float = 0.3) -> float:
    """CPU seconds of a job, repeated until it has run for a while."""
    job()
    start, runs = time.process_time(), 0
    while True:
        job()
        runs += 1
        spent = time.process_time() - start
        if spent > least:
            return spent / runs


def tables() -> dict[str, CaptureTable]:
    root = os.environ.get("MARFA_REFERENCE_DATA")
    folder = Path(root) / "estimation" / "mse" if root else None
    if folder is None or not folder.is_dir():
        print("MARFA_REFERENCE_DATA is not set: nothing to measure.")
        return {}
    files = ((name, folder / f"{name}.csv") for name in PUBLISHED)
    return {name: read_captures(file).table for name, file in files if file.is_file()}


def agreement(found: dict[str, CaptureTable]) -> None:
    print("\nAgreement: relative difference from the published points")
    print(f"{'table':20}{'independence':>14}{'stepwise':>12}{'BIC':>12}{'graphs':>10}  CPU s")
    for name, table in found.items():
        start = time.process_time()
        fitted = Fitted(table)
        mine = [fitted.independence.estimate, fitted.stepwise.estimate]
        mine.append(float(fitted.models.estimates[0]))
        mine.append(fitted.posterior.quantile(0.5) if fitted.posterior else float("nan"))
        spent = time.process_time() - start
        cells = [
            "-" if theirs is None else f"{abs(own / theirs - 1):.1e}"
            for own, theirs in zip(mine, PUBLISHED[name], strict=True)
        ]
        print(f"{name:20}{cells[0]:>14}{cells[1]:>12}{cells[2]:>12}{cells[3]:>10}  {spent:.2f}")


def all_pairwise(table: CaptureTable, python: str | None) -> None:
    print("\nAll 1,024 pairwise models of the UK five-list table")
    models, plan = all_models(5, 2), design(5, 2)
    assert models is not None
    own = clock(lambda: fit_models(table.n, models, plan))
    print(f"  marfa, batched       {1000 * own / len(models):.4f} ms a model")
    in_base_r(table, own)
    in_statsmodels(table, own, python)


def in_base_r(table: CaptureTable, own: float) -> None:
    """own: CPU seconds of all models here."""
    told = pairs_in_r(table)
    if told is None:
        print("  base R: skipped, Rscript is not installed")
        return
    best = fit_all(table.n, table.k, 2)
    apart = abs((table.observed + told["unseen"]) / float(best.estimates[0]) - 1)
    print(f"  base R, glm.fit      {1000 * told['seconds'] / told['models']:.4f} ms a model")
    print(
        f"  ratio                {told['seconds'] / own:.1f} times (goal 15); the best model "
        f"{apart:.0e} apart, its BIC {abs(told['bic'] - float(best.criterion[0])):.0e}"
    )


def in_statsmodels(table: CaptureTable, own: float, python: str | None) -> None:
    models, plan = all_models(5, 2), design(5, 2)
    assert models is not None
    if python is None or not Path(python).exists():
        print("  statsmodels: skipped, no environment named with --statsmodels")
        return
    # Models without empty overlaps, which statsmodels cannot fit as such.
    usable = [m for m in models if not ((table.n @ plan.x)[plan.fixed :][m] == 0).any()][::4]
    designs = [plan.x[:, np.concatenate([np.ones(6, bool), m])].tolist() for m in usable]
    answer = subprocess.run(
        [python, "-c", STATSMODELS],
        input=json.dumps([table.n.tolist(), designs]),
        capture_output=True,
        text=True,
        check=True,
    )
    spent, unseen = json.loads(answer.stdout)
    mine = fit_models(table.n, np.array(usable), plan).unseen
    apart = float(np.abs(np.array(unseen) / mine - 1).max())
    each = spent / len(usable)
    print(f"  statsmodels GLM      {1000 * each:.4f} ms a model ({len(usable)} of them)")
    print(
        f"  ratio                {each / (own / len(models)):.0f} times (goal 60); "
        f"largest relative difference {apart:.0e}"
    )


def stepwise_bca(found: dict[str, CaptureTable], replicates: int) -> None:
    print(f"\nStepwise with BCa, {replicates} replicates")
    for name, table in found.items():
        recipe = Recipe(table.k, ("stepwise",))

        def job(table: CaptureTable = table, recipe: Recipe = recipe) -> None:
            sample = bootstrap(table.n, recipe, replicates, 1)["stepwise"]
            moved = influence(table.n, recipe)["stepwise"]
            bca(sample, 1.0 * np.median(sample), moved.acceleration, 0.95)

        own = clock(job, 0.1)
        # R takes minutes for the larger ones; one says enough.
        spent = seconds_in_r("stepwise", table) if name == "uk2013_5" else None
        theirs = (
            "" if spent is None else f"   R {spent * replicates / 100 / own:.0f} times (goal 12)"
        )
        print(f"  {name:20}{own:8.3f} s{theirs}")


def heavy(found: dict[str, CaptureTable]) -> None:
    print("\nLarge jobs")
    if "uk2013_6" in found:
        six = found["uk2013_6"]
        all_models(6, 2)
        spent = clock(lambda: fit_all(six.n, 6, 2), 0.1)
        print(f"  32,768 pairwise models of six lists, existence checked: {spent:.2f} s (goal 5)")
        spent = clock(lambda: posterior(six.n, 6), 0.1)
        print(f"  18,154 decomposable graphs of six lists: {spent:.2f} s (goal 6)")
    five = found.get("uk2013_5")
    if five is not None:
        own = clock(lambda: posterior(five.n, 5))
        print(f"  822 graphs of five lists: {own:.3f} s", end="")
        theirs = seconds_in_r("graphs", five)
        here = "" if theirs is None else f", and of R here {theirs / own:.1f} times"
        print(f"; {PUBLISHED_GRAPHS / own:.1f} times the published time of R (goal 8){here}")
        own = clock(lambda: fit_all(five.n, 5, 2))
        theirs = seconds_in_r("pairs", five)
        if theirs is not None:
            print(f"  all pairwise models by MultipleSystemsEstimation: {theirs / own:.0f} times "
                  "(goal 30)")  # fmt: skip
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory of this process: {peak:.0f} MiB")


def two_workers(table: CaptureTable) -> None:
    print("\nTwo workers against one, 3,000 replicates of stepwise and BIC")
    recipe = Recipe(5, ("stepwise", "bic"), among=fit_all(table.n, 5, 2)).trimmed()
    wall, cpu, samples = [], [], []
    for workers in (1, 2):
        before, start = _cpu(), time.perf_counter()
        samples.append(bootstrap(table.n, recipe, 3000, 1, workers))
        wall.append(time.perf_counter() - start)
        cpu.append(_cpu() - before)
    same = all(np.array_equal(samples[0][m], samples[1][m]) for m in recipe.methods)
    print(
        f"  wall {wall[0]:.1f} s and {wall[1]:.1f} s: {wall[0] / wall[1]:.2f} times (goal 1.7; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"
    )
    print(
        f"  CPU {cpu[0]:.1f} s and {cpu[1]:.1f} s: {2 * cpu[0] / cpu[1]:.2f} times on two free "
        f"cores; same replicates: {same}"
    )


def _cpu() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(part.ru_utime + part.ru_stime for part in used)


def wilson(hits: int, tries: int) -> str:
    """Share with its 95% Wilson interval."""
    z, share = 1.959964, hits / tries
    middle = (share + z * z / (2 * tries)) / (1 + z * z / tries)
    half = z / (1 + z * z / tries) * np.sqrt(share * (1 - share) / tries + (z / (2 * tries)) ** 2)
    return f"{100 * share:5.1f}% [{100 * (middle - half):.1f}, {100 * (middle + half):.1f}]"


def coverage_uk(table: CaptureTable, sets: int, replicates: int) -> None:
    """Tables drawn from the stepwise model of the UK five lists, 11,313 people."""
    print(
        f"\nCoverage, truth = stepwise model of the UK five lists, {sets} tables, "
        f"{replicates} replicates"
    )
    fitted = Fitted(table)
    plan = design(5, 2)
    fits = fit_models(table.n, fitted.stepwise.model[None, :], plan)
    means = np.exp(fits.beta[0][np.isfinite(fits.beta[0])] @ plan.x[:, np.isfinite(fits.beta[0])].T)
    total = round(means.sum() + fits.unseen[0])
    chances = np.concatenate([[fits.unseen[0]], means]) / (means.sum() + fits.unseen[0])
    hits: dict[tuple[str, float], int] = {}
    widths: dict[tuple[str, float], list[float]] = {}
    rng = np.random.default_rng(2017)
    recipe = Recipe(5, ("stepwise",))
    for number in range(sets):
        n = rng.multinomial(total, chances)[1:].astype(float)
        sample = bootstrap(n, recipe, replicates, number)["stepwise"]
        point = float(recipe.points(n[None, :])["stepwise"][0])
        moved = influence(n, recipe)["stepwise"].acceleration
        for level in (0.95, 0.8):
            for interval in (percentile(sample, level), bca(sample, point, moved, level)):
                key = (interval.kind, level)
                low, high = interval.low or np.inf, interval.high or np.inf
                hits[key] = hits.get(key, 0) + (low <= total <= high)
                widths.setdefault(key, []).append(np.log(high / low))
    for (kind, level), count in sorted(hits.items()):
        goal = "goal 93, floor 90" if level == 0.95 else "floor 75"
        print(
            f"  {kind:12}{round(100 * level)}%: {wilson(count, sets)}  median width "
            f"x{np.exp(np.median(widths[kind, level])):.2f}  ({goal})"
        )


def default_command(table: CaptureTable) -> None:
    """What a user waits for: all methods, 1,000 replicates, and the report, imports included."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        file = Path(folder) / "lists.csv"
        rows = [
            [*map(int, marks), int(count)]
            for marks, count in zip(membership(table.k), table.n, strict=True)
        ]
        lines = [",".join([*table.lists, "count"]), *(",".join(map(str, row)) for row in rows)]
        file.write_text("\n".join(lines), encoding="utf-8")
        before = _cpu()
        command = [sys.executable, "-m", "marfa", "estimate", str(file)]
        command += ["--report", str(Path(folder) / "report.html")]
        subprocess.run(command, check=True, capture_output=True)
        print(f"\nmarfa estimate with report, UK five lists: {_cpu() - before:.1f} s (goal 4)")


def latent(found: dict[str, CaptureTable]) -> None:
    """Against medians of six chains of LCMCR 0.4.14, 20,000 draws each."""
    print("\nLatent classes (published medians: LCMCR; goal 3%)")
    for name, published in (("kosovo", 10404), ("western_5", 1828)):
        if name not in found:
            continue
        start = time.process_time()
        draws = posterior_classes(found[name].n, found[name].k, 1)
        low, middle, high = (draws.quantile(share) for share in (0.025, 0.5, 0.975))
        apart = 100 * (middle / published - 1)
        print(
            f"  {name:12}{middle:8.0f} [{low:.0f}, {high:.0f}]  {apart:+.1f}%"
            f"  R-hat {draws.rhat:.3f}, {draws.effective:.0f} effective draws, "
            f"{time.process_time() - start:.0f} s"
        )


def one_thread() -> None:
    """Start again with one thread: the libraries read this when they are loaded."""
    wanted = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    if any(os.environ.get(name) != value for name, value in wanted.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **wanted})  # noqa: S606


def main() -> None:
    one_thread()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="more tables and replicates")
    parser.add_argument("--statsmodels", help="Python of an environment with statsmodels")
    parser.add_argument("--only", choices=PIECES, action="append", help="some of the pieces")
    parser.add_argument("--world", action="append", default=[], help="some of the worlds")
    parser.add_argument("--tables", type=int, default=TABLES, help="tables of each world")
    parser.add_argument("--workers", type=int, default=1, help="processes for the worlds")
    options = parser.parse_args()
    wanted = options.only or PIECES
    found = tables() if set(wanted) - {"worlds"} else {}
    if found and "agreement" in wanted:
        agreement(found)
    if found and "comparison" in wanted:
        compare_with_r(found)
    uk = found.get("uk2013_5")
    if found and "speed" in wanted:
        if uk is not None:
            all_pairwise(uk, options.statsmodels)
            default_command(uk)
            two_workers(uk)
        stepwise_bca(found, 1000)
        heavy(found)
    if uk is not None and "coverage" in wanted:
        coverage_uk(uk, 1000 if options.full else 200, 500)
    if found and "latent" in wanted:
        latent(found)
    if "worlds" in wanted:
        worlds_report(options.world, options.tables, workers=options.workers)


if __name__ == "__main__":
    sys.exit(main())

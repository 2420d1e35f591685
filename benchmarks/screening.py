"""Speed of screening, exactness of its bounds, and its statistics against other programs.

    python benchmarks/screening.py [--full]

Everything is made up here from a fixed seed; no data of people are used. The statistics are
compared with scipy and krippendorff where an interpreter that has them is named:

    python -m venv var/reference && var/reference/bin/pip install scipy krippendorff
    MARFA_REFERENCE_PYTHON=var/reference/bin/python python benchmarks/screening.py
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from marfa.methods.screening import Age, Answer, Panel, PilotUse, could_change, score
from marfa.methods.screening.quality import Metric, alpha, clopper_pearson, wilson

ADULT = "ilo-delphi-labour-adult"
WORDS, WEIGHTS = ["yes", "no", "unknown", "refused", ""], [8, 60, 10, 4, 18]
X = None
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, X, X, X],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, X, 3],
    [X, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, X],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, X],
]


def write_people(file: Path, people: int) -> None:
    """People with every item of both profiles; six in ten adults, three children, one disputed."""
    chance = random.Random(2388)
    items = sorted(Panel.of(ADULT).item_ids)
    ages = ["adult"] * 6 + ["child"] * 3 + ["disputed"]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["person", "age", *items])
        for number in range(people):
            answers = chance.choices(WORDS, WEIGHTS, k=len(items))
            writer.writerow([f"P{number}", chance.choice(ages), *answers])


def cpu_of(command: list[str]) -> tuple[float, float]:
    """Processor seconds and wall seconds of a child process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


READER = """
import csv, sys
with open(sys.argv[1], newline="") as stream:
    for row in csv.DictReader(stream):
        sum(value == "yes" for value in row.values())
"""


def speed(people: int) -> None:
    """The whole command, start to finish, on one core."""
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "people.csv", Path(folder) / "results"
        write_people(file, people)
        plain, _wall = cpu_of([sys.executable, "-c", READER, str(file)])
        print(f"{people:,} people, {file.stat().st_size / 1e6:.0f} MB")
        print(f"  reference, csv.DictReader counting yes: {plain:.2f} s")
        base = [sys.executable, "-m", "marfa", "screen", str(file), "-i", ADULT, "--pilot"]
        for name, extra in (("CSV", []), ("JSON", ["--json"])):
            used, wall = cpu_of([*base, "--out", str(out), *extra])
            print(
                f"  marfa screen, {name}: {used:.2f} s of processor ({wall:.2f} s wall), "
                f"{people / used:,.0f} people/s, {used / plain:.2f} times the reference"
            )
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"  most memory of any of these: {peak:.0f} MB")


def bounds(waiting: int, rounds: int) -> None:
    """Exact bounds and the questions that matter, against trying every completion."""
    chance, panel, use = random.Random(7), Panel.of(ADULT), PilotUse()
    items = sorted(panel.instruments[0].item_ids)
    ours = brute = 0.0
    wrong = 0
    for _ in range(rounds):
        left = chance.sample(items, waiting)
        answers = dict.fromkeys(items, Answer.NO)
        answers |= dict.fromkeys(chance.sample(items, 6), Answer.YES)
        answers |= dict.fromkeys(left, Answer.UNKNOWN)
        start = time.perf_counter()
        result = score(panel, answers, age=Age.ADULT, use=use)
        matters = {item.id for item in could_change(result.profiles[0])}
        ours += time.perf_counter() - start
        start = time.perf_counter()
        outcomes = {}
        for choice in itertools.product((Answer.NO, Answer.YES), repeat=waiting):
            full = answers | dict(zip(left, choice, strict=True))
            outcomes[choice] = score(panel, full, age=Age.ADULT, use=use).outcome
        brute += time.perf_counter() - start
        lowest = outcomes[(Answer.NO,) * waiting]
        highest = outcomes[(Answer.YES,) * waiting]
        found = {left[index] for index in range(waiting) if _pivotal(outcomes, index)}
        wrong += (result.outcome, result.worst) != (lowest, highest) or matters != found
    print(f"bounds and questions that matter, {waiting} open answers, {rounds} people")
    print(f"  wrong: {wrong}; {ours / rounds * 1e3:.2f} ms a person")
    print(f"  reference, all {2**waiting:,} completions: {brute / ours:,.0f} times slower")


def _pivotal(outcomes: dict[tuple[Answer, ...], object], index: int) -> bool:
    for choice, outcome in outcomes.items():
        other = (*choice[:index], Answer.YES, *choice[index + 1 :])
        if outcome != outcomes[other]:
            return True
    return False


STATISTICS = """
import json, numpy, krippendorff
from scipy.stats import binomtest
data = json.loads(input())
matrix = numpy.array([[numpy.nan if v is None else v for v in row] for row in data["matrix"]])
print(json.dumps({
    "alpha": {m: krippendorff.alpha(reliability_data=matrix, level_of_measurement=m)
              for m in data["metrics"]},
    "intervals": [[list(binomtest(k, n).proportion_ci(method=m)) for m in ("wilson", "exact")]
                  for k, n in data["counts"]],
}))
"""


def statistics() -> None:
    """Against the published example, and against krippendorff and scipy where they are."""
    units = list(zip(*FOUR_OBSERVERS, strict=True))
    published = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
    for metric in Metric:
        value = alpha(units, metric)
        print(f"alpha, {metric}: {value:.4f} (Krippendorff 2011: {published[metric]})")
    chance = random.Random(3)
    counts = [(chance.randint(0, n), n) for n in (chance.randint(1, 400) for _ in range(300))]
    python = os.environ.get("MARFA_REFERENCE_PYTHON")
    if not python:
        print("scipy and krippendorff: skipped, MARFA_REFERENCE_PYTHON is not set")
        return
    data = {"matrix": FOUR_OBSERVERS, "metrics": list(Metric), "counts": counts}
    answer = subprocess.run(
        [python, "-c", STATISTICS],
        input=json.dumps(data),
        text=True,
        capture_output=True,
        check=True,
    )
    theirs = json.loads(answer.stdout)
    most = max(abs((alpha(units, m) or 0) - theirs["alpha"][m]) for m in Metric)
    print(f"alpha against krippendorff, four metrics: largest difference {most:.1e}")
    for index, ours in enumerate((wilson, clopper_pearson)):
        gaps = [
            abs(bound - other)
            for (hits, total), both in zip(counts, theirs["intervals"], strict=True)
            for bound, other in zip(
                (ours(hits, total).lower, ours(hits, total).upper), both[index], strict=True
            )
        ]
        print(f"{ours.__name__} against scipy, 300 pairs: largest difference {max(gaps):.1e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="more people, more completions")
    full = parser.parse_args().full
    speed(1_000_000 if full else 100_000)
    bounds(12 if full else 10, 30 if full else 10)
    statistics()


if __name__ == "__main__":
    main()

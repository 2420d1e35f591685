"""Studies of instruments, simulated: do intervals hold the truth, and are items accused rightly?

    python benchmarks/validation.py [--studies 2000]

Goals: intervals hold the true rates in 93 to 97% where who is assessed depends on the screening
alone; the bounds hold them always where it does not. Items: false alarms at 5% between 3 and 7%
where 10% of one group and 30% of the other were exploited; power 0.8 at a log odds ratio of 1,
200 a group. The references, in the same run: the rates among those who were assessed alone, and
the plain Mantel-Haenszel test on the rest score.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.methods.screening.quality import test_item_function as items
from tests.methods.screening.quality import test_verification as rates

from marfa.methods.screening.quality import (
    Decision,
    clopper_pearson,
    corrected_accuracy,
    item_functions,
    mantel_haenszel,
)


def naive_interval(made: list, *, victim: bool) -> tuple[float, float] | None:  # type: ignore[type-arg]
    """The exact interval among those who were assessed, as ``accuracy`` gives it."""
    hit = Decision.FLAGGED if victim else Decision.NOT_FLAGGED
    said = [each.screened is hit for each in made if each.victim is victim]
    if not said:
        return None
    found = clopper_pearson(sum(said), len(said))
    return found.lower, found.upper


def studies(count: int) -> None:
    print(f"{count} studies in each world; share of intervals that hold the true rate")
    chance = np.random.default_rng(11)
    for size, share, true, assessed, sites in rates.WORLDS:
        world = {"share": share, "rates": true, "assessed": assessed, "sites": sites}
        held, naive, bounds, seconds = np.zeros(2), np.zeros(2), [], 0.0
        for number in range(count):
            made = rates.drawn(chance, size, **world)
            begun = time.process_time()
            found = corrected_accuracy(made, seed=number)
            seconds += time.process_time() - begun
            bad = rates.drawn(chance, size, **world, hidden=0.9)
            wrong = corrected_accuracy(bad, draws=200, seed=number)
            for place, (rate, other) in enumerate(
                ((found.sensitivity, wrong.sensitivity), (found.specificity, wrong.specificity))
            ):
                held[place] += rate is not None and rate.low <= true[place] <= rate.high
                plain = naive_interval(made, victim=place == 0)
                naive[place] += plain is not None and plain[0] <= true[place] <= plain[1]
                if other is not None:
                    bounds.append(other.bounds[0] <= true[place] <= other.bounds[1])
        print(
            f"  {size} people at {sites} sites, {share:.0%} victims, true {true}:"
            f" sensitivity {held[0] / count:.3f}, specificity {held[1] / count:.3f}"
            f" (assessed alone {naive[0] / count:.3f}, {naive[1] / count:.3f});"
            f" bounds where the choice is hidden {np.mean(bounds):.4f};"
            f" {1000 * seconds / count:.1f} ms a study"
        )


def functions(count: int) -> None:
    print(f"{count} comparisons of two groups of 200, 12 items; share of items accused at 5%")
    for name, unlike in (("nothing unlike", 0.0), ("log odds 1 in the first item", 1.0)):
        for world in ("exposed or not, 10% and 30%", "by degree"):
            if unlike and world == "by degree":
                continue
            chance = np.random.default_rng(12)
            first, others, plain = [], [], []
            for _ in range(count):
                answers, group = (
                    items.graded(chance, 200)
                    if world == "by degree"
                    else items.exposed(chance, 200, unlike=unlike)
                )
                found = item_functions(answers, group, items.ITEMS)
                accused = [each.p is not None and each.p < 0.05 for each in found.items]
                first.append(accused[0])
                others += accused[1:]
                plain += plain_test(answers, group)
            print(
                f"  {world}, {name}: first item {np.mean(first):.3f}, others {np.mean(others):.3f}"
                f" (plain Mantel-Haenszel, others {np.mean(plain):.3f})"
            )


def plain_test(answers: np.ndarray, group: np.ndarray) -> list[bool]:
    """For each item but the first, whether the plain test on the rest score accuses it."""
    found = []
    for item in range(1, answers.shape[1]):
        rest = (answers.sum(axis=1) - answers[:, item]).astype(int)
        tables = np.zeros((answers.shape[1], 2, 2))
        rows, columns = (~group).astype(int), (answers[:, item] == 0).astype(int)
        np.add.at(tables, (rest, rows, columns), 1)
        made = mantel_haenszel(tables)
        found.append(made is not None and abs(np.log(made.odds_ratio)) > 1.96 * made.log_error)
    return found


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--studies", type=int, default=2_000)
    count = asked.parse_args().studies
    studies(count)
    functions(max(count // 5, 1))


if __name__ == "__main__":
    main()

"""Worlds whose size is known: how often the headline of ``marfa estimate`` holds it.

    python benchmarks/estimation.py --only worlds --workers 2
    python benchmarks/estimation.py --only worlds --world "places, four lists" --tables 20

People are made one by one, in ways that the models of ``marfa.methods.estimation`` do not
share: frailty is gamma or of two kinds, dependence is people sent on or kept away, places have
sizes of their own. Every table has its seed, ``[SEED, world, table]``; the work is the number of
tables and replicates, and the output is the same for any number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from marfa.methods.estimation import CaptureTable, Settings, analyse

SEED = 20388
TABLES, REPLICATES = 60, 200
GOAL = 0.93

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]
Maker = Callable[[np.random.Generator], Marks]


@dataclass(frozen=True)
class World:
    """people: the truth. make: which list each is on, shape (people, lists).

    benign: a point is owed. unreachable: the share that is told to the command.
    """

    name: str
    people: int
    make: Maker
    benign: bool = False
    unreachable: float | None = None


def chances(rng: np.random.Generator, people: int, each: Sequence[float]) -> Marks:
    """Lists that find everybody alike."""
    return rng.random((people, len(each))) < np.array(each)


def frail(rng: np.random.Generator, people: int, each: Sequence[float], shape: float) -> Marks:
    """Chances 1 - exp(-rate g) with g gamma of mean 1 and variance 1 / shape."""
    g = rng.gamma(shape, 1 / shape, (people, 1))
    return rng.random((people, len(each))) < 1 - np.exp(-np.array(each) * g)


def two_kinds(rng: np.random.Generator, people: int, each: Sequence[float]) -> Marks:
    """A quarter of the people is found four times as often."""
    kind = np.where(rng.random((people, 1)) < 0.25, 4.0, 1.0)
    return rng.random((people, len(each))) < np.array(each) * kind


def sent(rng: np.random.Generator, found: Marks, share: float) -> Marks:
    """List 0 sends a share of its people to list 1."""
    found = found.copy()
    found[:, 1] |= found[:, 0] & (rng.random(len(found)) < share)
    return found


def kept_away(rng: np.random.Generator, found: Marks, share: float) -> Marks:
    """People on list 0 stay away from list 1, and those on list 2 from list 3."""
    found = found.copy()
    for one, other in ((0, 1), (2, 3)):
        found[:, other] &= ~(found[:, one] & (rng.random(len(found)) < share))
    return found


def joint_operation(rng: np.random.Generator, found: Marks, share: float) -> Marks:
    """A share of the people is put on the first three lists at once."""
    found = found.copy()
    found[rng.random(len(found)) < share, :3] = True
    return found


def placed(
    rng: np.random.Generator,
    people: int,
    sizes: Sequence[float],
    own: Sequence[float],
    other: float,
    capital: float | None = None,
) -> Marks:
    """List i finds ``own[i]`` of the people of place i, ``other`` elsewhere.

    Places beyond the lists have none of their own; with ``capital`` the last is one in which
    every list finds that share.
    """
    place = rng.choice(len(sizes), size=people, p=np.array(sizes) / sum(sizes))
    share = np.full((len(sizes), len(own)), other)
    share[np.arange(len(own)), np.arange(len(own))] = own
    if capital is not None:
        share[-1] = capital
    return rng.random((people, len(own))) < share[place]


def out_of_reach(rng: np.random.Generator, people: int, each: Sequence[float]) -> Marks:
    """Three in ten people can be on no list."""
    found = chances(rng, people, each)
    found[rng.random(people) < 0.3] = False
    return found


THREE, FOUR = (0.22, 0.17, 0.27), (0.13, 0.18, 0.11, 0.15)
WORLDS = (
    World("alike, three lists", 2500, lambda r: chances(r, 2500, THREE), True),
    World("alike, sparse", 6000, lambda r: chances(r, 6000, (0.02, 0.028, 0.022, 0.025)), True),
    World("alike, few people", 200, lambda r: chances(r, 200, (0.22, 0.3, 0.18, 0.25)), True),
    World("frail, three lists", 3500, lambda r: frail(r, 3500, THREE, 1.0)),
    World("frail, four lists", 3500, lambda r: frail(r, 3500, FOUR, 0.7)),
    World("two kinds", 2500, lambda r: two_kinds(r, 2500, (0.08, 0.06, 0.1, 0.07))),
    World("sent on, three lists", 3000, lambda r: sent(r, chances(r, 3000, THREE), 0.4)),
    World("kept away", 3000, lambda r: kept_away(r, chances(r, 3000, FOUR), 0.8)),
    World("frail and sent on", 3500, lambda r: sent(r, frail(r, 3500, FOUR, 1.5), 0.35)),
    World("joint operation", 3000, lambda r: joint_operation(r, chances(r, 3000, FOUR), 0.02)),
    World(
        "places, four lists",
        5000,
        lambda r: placed(r, 5000, (3, 2, 2, 1, 2), (0.35, 0.5, 0.3, 0.45), 0.025),
    ),
    World("places, three lists", 3000, lambda r: placed(r, 3000, (5, 3, 4), (0.3, 0.4, 0.5), 0.04)),
    World(
        "places and a capital",
        6000,
        lambda r: placed(r, 6000, (2, 2, 2, 2, 2), (0.3, 0.35, 0.3, 0.4), 0.03, 0.2),
    ),
    World("out of reach, told", 4500, lambda r: out_of_reach(r, 4500, FOUR), unreachable=0.3),
)


@dataclass(frozen=True)
class Outcome:
    """What the headline of one table said: its verdict, whether it holds the truth, its width."""

    verdict: str
    holds: bool
    width: float


def look(task: tuple[int, int, int]) -> Outcome:
    """Make one table of a world and read its headline. task: world, table, replicates."""
    number, table, replicates = task
    world = WORLDS[number]
    found = world.make(np.random.default_rng([SEED, number, table]))
    k = found.shape[1]
    histories = found.astype(np.int64) @ (1 << np.arange(k))
    counts = np.bincount(histories, minlength=2**k)[1:]
    lists = tuple("abcdef"[:k])
    settings = Settings(
        replicates=replicates,
        interval="percentile",
        seed=SEED + table,
        unreachable=world.unreachable,
    )
    line = analyse(CaptureTable(lists, tuple(map(float, counts))), settings).headline
    if line.verdict == "refused" or line.interval_low is None:
        return Outcome("refused", True, np.nan)
    high = np.inf if line.interval_high is None else line.interval_high
    holds = line.interval_low <= world.people <= high
    return Outcome(line.verdict, bool(holds), high / line.interval_low)


def worlds_report(
    names: Sequence[str] = (), tables: int = TABLES, replicates: int = REPLICATES, workers: int = 1
) -> None:
    """Print each world as it is done; all but the order of the work is fixed."""
    print(f"\nWorlds of known size, {tables} tables each, {replicates} replicates, seed {SEED}")
    print(
        f"  {'world':22}{'people':>7}{'estimate':>10}{'holds':>8}{'undecided':>11}{'holds':>8}"
        f"{'width':>8}  below {100 * GOAL:.0f}%?"
    )
    chosen = [i for i, world in enumerate(WORLDS) if not names or world.name in names]
    if workers > 1:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for number in chosen:
                tasks = [(number, table, replicates) for table in range(tables)]
                _print(WORLDS[number], list(pool.map(look, tasks, chunksize=5)))
        return
    for number in chosen:
        _print(WORLDS[number], [look((number, table, replicates)) for table in range(tables)])


def _print(world: World, outcomes: Sequence[Outcome]) -> None:
    said = [o for o in outcomes if o.verdict == "estimate"]
    open_ = [o for o in outcomes if o.verdict == "undecided"]
    widths = [o.width for o in outcomes if np.isfinite(o.width)]
    low = [name for name, part in (("estimate", said), ("undecided", open_)) if below(part)]
    if world.benign and len(said) < 0.85 * len(outcomes):
        low.append("fewer than 85% estimates")
    print(
        f"  {world.name:22}{world.people:>7}{len(said):>10}{sum(o.holds for o in said):>8}"
        f"{len(open_):>11}{sum(o.holds for o in open_):>8}"
        f"{f'x{np.median(widths):.1f}' if widths else '-':>8}  {', '.join(low) or 'no'}",
        flush=True,
    )


def below(outcomes: Sequence[Outcome]) -> bool:
    """Whether a one-sided binomial test at 5% says that fewer than GOAL hold the truth."""
    hits = sum(o.holds for o in outcomes)
    return bool(outcomes) and float(binom.cdf(hits, len(outcomes), GOAL)) < 0.05

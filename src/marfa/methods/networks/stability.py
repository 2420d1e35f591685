"""How far a set holds when some ties are wrong and others unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import process_time

from marfa.methods.networks.network import Graph
from marfa.methods.networks.perturbation import disturb, generator
from marfa.methods.networks.search import BestSets, find_best_sets, pairs_without
from marfa.methods.networks.splitting import Splitter

REPLICATES = 200
RATE = 0.1


@dataclass(frozen=True)
class SetStability:
    """stays_best: share of trials in which the set is among the best. mean_loss: by how many
    pairs it falls short of the best of the trial, on average."""

    stays_best: float
    mean_loss: float


@dataclass(frozen=True)
class Stability:
    """replicates: trials that were done, of ``wanted``; fewer where time ended. sets: as shown,
    in their order. any_stays_best: share of trials in which one of them is among the best."""

    wanted: int
    replicates: int
    drop: float
    add: float
    any_stays_best: float | None
    sets: tuple[SetStability, ...]


def try_stability(
    graph: Graph,
    found: BestSets,
    k: int,
    *,
    drop: float = RATE,
    add: float = RATE,
    seed: int = 1,
    seconds: float | None = None,
    replicates: int = REPLICATES,
    doubt: Mapping[tuple[int, int], float] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Stability:
    """Disturb the ties again and again, and search each time for what is best then."""
    until = None if seconds is None else process_time() + seconds
    losses: list[list[int]] = []
    for number in range(replicates if found.sets else 0):
        chance = generator(seed, number)
        other = disturb(graph, drop=drop, add=add, chance=chance, doubt=dict(doubt or {}))
        left = None if until is None else until - process_time()
        if left is not None and left <= 0:
            break
        trial = _losses(other, found, k, left)
        if trial is None:
            break
        losses.append(trial)
        progress(number + 1, replicates)
    return _summary(losses, len(found.sets), replicates, drop, add)


def _losses(graph: Graph, found: BestSets, k: int, seconds: float | None) -> list[int] | None:
    """By how much each set falls short of the best; None where time ended before that is known."""
    split = Splitter(graph.neighbours)
    values = [pairs_without(split, nodes) for nodes in found.sets]
    best = find_best_sets(graph, k, seconds=seconds, known=min(values))
    return [value - best.pairs_after for value in values] if best.exact else None


def _summary(losses: list[list[int]], sets: int, wanted: int, drop: float, add: float) -> Stability:
    done = len(losses)
    if not done:
        return Stability(wanted, 0, drop, add, None, ())
    any_best = sum(1 for trial in losses if min(trial) == 0) / done
    single = tuple(
        SetStability(
            round(sum(1 for trial in losses if trial[i] == 0) / done, 3),
            round(sum(trial[i] for trial in losses) / done, 2),
        )
        for i in range(sets)
    )
    return Stability(wanted, done, drop, add, round(any_best, 3), single)

"""Replicates of an estimate, with the choice of the model repeated in each.

Tables are drawn from the multinomial of the observed histories (Chan, Silverman and Vincent
2021, section 4; Silverman, Chan and Vincent 2024, section 3). An interval that keeps the
model chosen once covers far too seldom (61% instead of 95% in the 2021 paper).
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.resource_tracker import ensure_running

import numpy as np

from marfa.methods.estimation.heterogeneity import FAMILIES, heterogeneous
from marfa.methods.estimation.hierarchies import Bools
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.reselection import reselect_models
from marfa.methods.estimation.search import ModelSet
from marfa.methods.estimation.stepwise import P_THRESHOLD, stepwise

CHUNK = 100
"""Replicates of one random stream: fixed, so that the number of workers changes nothing."""

MOST_MODELS, LEAST_MODELS = 400, 20
"""Bounds of the number of models among which the choice is repeated."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Recipe:
    """How a table becomes estimates: what a worker needs to know.

    methods: of ``independence``, ``stepwise``, ``bic``, ``bma``, and the families of
        heterogeneity. among: the models for ``bic`` and ``bma``. structures: the pairs to which
        heterogeneity is added.
    """

    k: int
    methods: tuple[str, ...]
    p_threshold: float = P_THRESHOLD
    among: ModelSet | None = None
    structures: Bools | None = None

    def points(self, tables: Floats) -> dict[str, Floats]:
        """Total population of every table by every method; infinite where none exists.

        tables: (tables, cells); each result (tables,).
        """
        seen = tables.sum(axis=1)
        found: dict[str, Floats] = {}
        if "independence" in self.methods:
            found["independence"] = seen + stepwise(tables, self.k, -1.0).unseen
        if "stepwise" in self.methods:
            found["stepwise"] = seen + stepwise(tables, self.k, self.p_threshold).unseen
        if self.among is not None and {"bic", "bma"} & set(self.methods):
            again = reselect_models(tables, self.among)
            found["bic"], found["bma"] = seen + again.best, seen + again.average
        if self.structures is not None:
            differing = heterogeneous(tables, self.k, self.structures)
            for i, family in enumerate(FAMILIES):
                found[family] = seen + differing.unseen[:, i]
        return {name: found[name] for name in self.methods}

    def trimmed(self) -> Recipe:
        """With the best models only, as Silverman, Chan and Vincent (2024) do for many lists."""
        if self.among is None:
            return self
        top = top_models(self.among)
        best = replace(
            self.among,
            models=self.among.models[:top],
            criterion=self.among.criterion[:top],
            unseen=self.among.unseen[:top],
            beta=self.among.beta[:top],
        )
        return replace(self, among=best)


def top_models(among: ModelSet) -> int:
    """Models among which the choice is repeated: 400 of five lists, fewer where each costs more."""
    cost = among.plan.x.size * len(among.plan.terms)
    room = MOST_MODELS * 31 * 16 * 16 // cost
    return min(len(among.models), max(LEAST_MODELS, min(MOST_MODELS, room)))


def bootstrap(
    n: Floats,
    recipe: Recipe,
    replicates: int,
    seed: int | Sequence[int],
    workers: int = 1,
    progress: Progress | None = None,
) -> dict[str, Floats]:
    """Estimates of ``replicates`` resampled tables by every method of the recipe.

    n: (cells,) whole counts. The same seed gives the same replicates for any number of workers.
    """
    sizes = [CHUNK] * (replicates // CHUNK) + [replicates % CHUNK] * (replicates % CHUNK > 0)
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    tasks = [(n, recipe, size, own) for size, own in zip(sizes, seeds, strict=True)]
    pieces = []
    with closing(_run(tasks, workers)) as run:
        for piece in run:
            pieces.append(piece)
            if progress is not None:
                progress(min(len(pieces) * CHUNK, replicates), replicates)
    return {
        name: np.concatenate([piece[name] for piece in pieces]) if pieces else np.empty(0)
        for name in recipe.methods
    }


_Task = tuple[Floats, Recipe, int, np.random.SeedSequence]


def _run(tasks: list[_Task], workers: int) -> Generator[Mapping[str, Floats], None, None]:
    if workers <= 1 or len(tasks) <= 1:
        yield from map(_chunk, tasks)
        return
    # Fresh processes: a forked copy of a threaded linear algebra library can hang.
    pool = ProcessPoolExecutor(min(workers, len(tasks)), mp_context=get_context("spawn"))
    try:
        with _interrupts_held():
            results = pool.map(_chunk, tasks)
        yield from results
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Processes started inside leave Ctrl-C to this one, which stops them after their chunk.

    They inherit the mask; here an interrupt that comes meanwhile is raised at the end. The mask
    is this thread's alone, and another thread may be given the signal: so it is noted too.
    """
    ensure_running()  # Starting this helper later would lift the mask.
    came: list[int] = []
    noting = threading.current_thread() is threading.main_thread()
    usual = signal.signal(signal.SIGINT, lambda number, _: came.append(number)) if noting else None
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if noting:
            signal.signal(signal.SIGINT, usual)
    if came:
        raise KeyboardInterrupt


def _chunk(task: _Task) -> dict[str, Floats]:
    n, recipe, size, seed = task
    rng = np.random.default_rng(seed)
    tables = rng.multinomial(round(n.sum()), n / n.sum(), size=size).astype(np.float64)
    return recipe.points(tables)


@dataclass(frozen=True)
class Influence:
    """Sums over people of the second and third power of the change that each one makes."""

    second: float = 0.0
    third: float = 0.0

    def __add__(self, other: Influence) -> Influence:
        """Of a total over independent strata."""
        return Influence(self.second + other.second, self.third + other.third)

    @property
    def acceleration(self) -> float:
        """Efron's acceleration (Efron 1987, equation 7.3); 0 where nobody changes anything."""
        return self.third / (6 * self.second**1.5) if self.second > 0 else 0.0


def influence(n: Floats, recipe: Recipe) -> dict[str, Influence]:
    """How much each person matters to each method: the jackknife.

    People with the same history give the same estimate, so each history is left out once
    and counted as often as it was seen. Zero where leaving somebody out leaves no estimate.
    """
    at = np.flatnonzero(n > 0)
    tables = np.repeat(n[None, :], len(at), axis=0)
    tables[np.arange(len(at)), at] -= 1
    weight = n[at]
    result = {}
    for name, values in recipe.points(tables).items():
        if not np.isfinite(values).all():
            result[name] = Influence()
            continue
        change = (weight @ values) / weight.sum() - values
        result[name] = Influence(float(weight @ change**2), float(weight @ change**3))
    return result

"""Error rates of a screening where only some people were assessed: corrected, and bounded.

Whoever was flagged is assessed more often than others, so that the rates among those who were
assessed are wrong in both directions. The correction is that of C. B. Begg and R. A. Greenes,
Biometrics 39 (1983) 207, equation 4, within strata; it is inverse probability weighting with
weights by screening and stratum. It holds where, given these, who is assessed does not depend on
what an assessment would find. The bounds hold whoever was assessed: A. S. Kosinski and
H. X. Barnhart, Stat. Med. 22 (2003) 2711 ("test ignorance region").
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from marfa.methods.screening.quality.accuracy import Decision
from marfa.methods.screening.quality.intervals import clopper_pearson

DRAWS = 20_000
FEWEST = 5
"""Assessed people of one answer of the screening in a stratum; smaller strata are joined."""
SURE = 0.99999
"""Confidence of the bounds, beside all that the missing assessments could say."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """One person of a study. victim: what the reference panel found; None: not assessed.

    stratum: what the choice of who is assessed may have depended on.
    """

    screened: Decision
    victim: bool | None
    stratum: Hashable = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """A proportion. low, high: an interval, if who is assessed depended on screening and stratum
    alone. bounds: between which it lies whoever was assessed."""

    estimate: float
    low: float
    high: float
    bounds: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Corrected:
    """Rates of a study; None where too few were assessed to say.

    naive: the same rates among those who were assessed alone, which are not to be used.
    people, assessed, victims: counts; open: people whom screening did not settle. prevalence: share
    of victims among all who were asked, by the same correction.
    """

    sensitivity: Rate | None
    specificity: Rate | None
    naive: tuple[float | None, float | None]
    people: int
    assessed: int
    victims: int
    open: int
    prevalence: float | None = None


def corrected_accuracy(
    people: Iterable[Enrolled], confidence: float = 0.95, draws: int = DRAWS, seed: int = 1
) -> Corrected:
    """Sensitivity and specificity of a screening, corrected for who was assessed.

    The interval is that of the posterior under Jeffreys' prior for the share of victims among those
    of one answer who were assessed, and for the shares of the answers. Strata divide that prior
    among them: were it in each, every stratum would bring half a victim whom nobody saw. ``seed``
    makes it reproducible.
    People whom screening did not settle are left out of the estimate and counted in the bounds.
    """
    counts = Counter((each.screened, each.victim, each.stratum) for each in people)
    total = Counter[tuple[Decision, bool | None]]()
    for (screened, victim, _stratum), count in counts.items():
        total[screened, victim] += count
    cells = _joined(counts)
    estimates = _estimates(cells, confidence, draws, seed) if cells else (None, None)
    kept = [_bounds(total, victim=True), _bounds(total, victim=False)]
    made = [
        Rate(*found, bounds) if found is not None and bounds is not None else None
        for found, bounds in zip(estimates, kept, strict=True)
    ]
    return Corrected(
        sensitivity=made[0],
        specificity=made[1],
        naive=(
            _share(total[Decision.FLAGGED, True], total[Decision.NOT_FLAGGED, True]),
            _share(total[Decision.NOT_FLAGGED, False], total[Decision.FLAGGED, False]),
        ),
        people=total.total(),
        assessed=sum(n for (_, victim), n in total.items() if victim is not None),
        victims=sum(n for (_, victim), n in total.items() if victim),
        open=sum(n for (screened, _), n in total.items() if screened is Decision.OPEN),
        prevalence=_prevalence(cells) if cells else None,
    )


@dataclass(frozen=True, slots=True)
class _Cell:
    """One answer of the screening in one stratum."""

    flagged: bool
    people: int
    victims: int
    others: int


def _joined(counts: Mapping[tuple[Decision, bool | None, Hashable], int]) -> list[_Cell]:
    """Cells by stratum and answer; strata in which too few were assessed are one. Empty where that
    one is too small as well, and nothing can be said."""
    strata: dict[Hashable, dict[bool, list[int]]] = defaultdict(
        lambda: {True: [0, 0, 0], False: [0, 0, 0]}
    )
    for (screened, victim, stratum), count in counts.items():
        if screened is Decision.OPEN:
            continue
        cell = strata[stratum][screened is Decision.FLAGGED]
        cell[0] += count
        if victim is not None:
            cell[1 if victim else 2] += count
    large = {name: cells for name, cells in strata.items() if all(map(_is_enough, cells.values()))}
    small = [cells for name, cells in strata.items() if name not in large]
    rest = {
        flagged: [sum(cells[flagged][n] for cells in small) for n in range(3)]
        for flagged in (True, False)
    }
    groups = list(large.values())
    if any(rest[flagged][0] for flagged in rest):
        if all(map(_is_enough, rest.values())):
            groups.append(rest)
        elif not groups:
            return []
        else:
            # Too few to be a stratum of their own: they go with the largest.
            largest = max(groups, key=lambda cells: sum(cell[0] for cell in cells.values()))
            for flagged in rest:
                largest[flagged] = [
                    a + b for a, b in zip(largest[flagged], rest[flagged], strict=True)
                ]
    return [_Cell(flagged, *cell) for cells in groups for flagged, cell in cells.items() if cell[0]]


def _is_enough(cell: list[int]) -> bool:
    people, victims, others = cell
    return people == 0 or victims + others >= min(FEWEST, people)


def _estimates(
    cells: list[_Cell], confidence: float, draws: int, seed: int
) -> tuple[tuple[float, float, float] | None, tuple[float, float, float] | None]:
    people = np.array([cell.people for cell in cells], dtype=float)
    victims = np.array([cell.victims for cell in cells], dtype=float)
    others = np.array([cell.others for cell in cells], dtype=float)
    flagged = np.array([cell.flagged for cell in cells])
    prior = np.empty(len(cells))
    for answer in (flagged, ~flagged):
        prior[answer] = people[answer] / people[answer].sum() / 2
    chance = np.random.default_rng(seed)
    shares = chance.dirichlet(people + prior, draws)
    found = chance.beta(victims + prior, others + prior, (draws, len(cells)))
    assessed = victims + others
    if not assessed.all():
        # Of whom nobody was assessed, nothing is known.
        return None, None
    share = victims / assessed
    tail = (1 - confidence) / 2
    made: list[tuple[float, float, float] | None] = []
    for hit, drawn, point, state in (
        (flagged, shares * found, people * share, victims),
        (~flagged, shares * (1 - found), people * (1 - share), others),
    ):
        whole = point.sum()
        if whole == 0:
            made.append(None)
            continue
        estimate = float(point[hit].sum() / whole)
        if hit.all() or not hit.any():
            # Everybody had one answer: all of those who were assessed, or none, and exactly so.
            seen = int(state.sum())
            exact = clopper_pearson(seen if hit.all() else 0, seen, confidence)
            made.append((estimate, exact.lower, exact.upper))
            continue
        rates = drawn[:, hit].sum(axis=1) / drawn.sum(axis=1)
        low, high = np.quantile(rates, [tail, 1 - tail])
        made.append((estimate, min(float(low), estimate), max(float(high), estimate)))
    return made[0], made[1]


def _prevalence(cells: list[_Cell]) -> float | None:
    """Of victims among all: each cell's share of those who were assessed, by its people."""
    if any(cell.victims + cell.others == 0 for cell in cells):
        return None
    found = sum(cell.people * cell.victims / (cell.victims + cell.others) for cell in cells)
    return found / sum(cell.people for cell in cells)


def _bounds(
    total: Mapping[tuple[Decision, bool | None], int], *, victim: bool
) -> tuple[float, float] | None:
    """Every way in which the missing assessments and the open screenings could fall, with the
    error of chance on top of the worst of each side."""
    hit = Decision.FLAGGED if victim else Decision.NOT_FLAGGED
    miss = Decision.NOT_FLAGGED if victim else Decision.FLAGGED
    hits, misses = total[hit, victim], total[miss, victim]
    open_ones = total[Decision.OPEN, victim] + total[Decision.OPEN, None]
    worst = hits, misses + total[miss, None] + open_ones
    best = hits + total[hit, None] + open_ones, misses
    if not sum(worst) or not sum(best):
        return None
    return (
        clopper_pearson(worst[0], sum(worst), SURE).lower,
        clopper_pearson(best[0], sum(best), SURE).upper,
    )


def _share(hits: int, misses: int) -> float | None:
    return hits / (hits + misses) if hits + misses else None

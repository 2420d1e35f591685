"""How the answer moves when the lists or their links were a little different."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from marfa.methods.estimation import linkage, referrals
from marfa.methods.estimation.checks import refusals
from marfa.methods.estimation.dga import QUICK
from marfa.methods.estimation.existence import Verdict
from marfa.methods.estimation.fits import Fitted
from marfa.methods.estimation.table import CaptureTable

THRESHOLDS = (0.001, 0.005, 0.02, 0.05, 0.1)
PARTS = (0.25, 0.5, 0.75, 1.0)
LARGE = 6
"""Beyond this many lists only the stepwise model is tried again for each change."""


@dataclass(frozen=True)
class Variant:
    """An answer under a change.

    change: what was changed, as data: list names, or shares. estimates: total by method;
    empty where the changed table allows none.
    """

    change: tuple[str | float, ...]
    observed: float
    estimates: dict[str, float]


def drop_one(table: CaptureTable, order: int = 2) -> list[Variant]:
    """Each list left out in turn (Whitehead and others 2021); needs four lists."""
    if table.k < 4:
        return []
    return [
        _variant((name,), regrouped(table, [[j] for j in range(table.k) if j != i]), order)
        for i, name in enumerate(table.lists)
    ]


def merge_two(table: CaptureTable, order: int = 2) -> list[Variant]:
    """Each two lists taken as one in turn; needs four lists."""
    if table.k < 4:
        return []
    found = []
    for i, j in combinations(range(table.k), 2):
        groups = [[i, j], *([m] for m in range(table.k) if m not in (i, j))]
        found.append(_variant((table.lists[i], table.lists[j]), regrouped(table, groups), order))
    return found


def regrouped(table: CaptureTable, groups: Sequence[Sequence[int]]) -> CaptureTable:
    """A table whose lists are unions of lists; people on none of them drop out."""
    histories: list[tuple[int, float]] = []
    for cell, count in enumerate(table.counts, start=1):
        new = sum(
            1 << g for g, group in enumerate(groups) if any(cell >> member & 1 for member in group)
        )
        if new:
            histories.append((new, count))
    names = ["+".join(table.lists[member] for member in group) for group in groups]
    return CaptureTable.of(names, histories)


def threshold_variants(table: CaptureTable) -> list[Variant]:
    """The stepwise estimate at other p-thresholds."""
    found = []
    for p in THRESHOLDS if table.k >= 3 else ():
        chosen = Fitted(table, 2, p).stepwise
        if chosen.verdict == Verdict.VALID:
            found.append(Variant((p,), table.observed, {"stepwise": chosen.estimate}))
    return found


def linkage_errors(
    table: CaptureTable, recall: float, precision: float, order: int = 2
) -> list[Variant]:
    """Recall and precision as found in a clerical sample, and about them."""
    return [
        _variant((r, p), linkage.corrected(table, r, p), order)
        for r, p in linkage.linkage_grid(recall, precision)
    ]


def referral_shares(table: CaptureTable, referred: CaptureTable, order: int = 2) -> list[Variant]:
    """A growing part of the marked overlaps taken out."""
    return [_variant((part,), referrals.without(table, referred, part), order) for part in PARTS]


def _variant(change: tuple[str | float, ...], table: CaptureTable, order: int) -> Variant:
    if refusals(table):
        return Variant(change, table.observed, {})
    fitted = Fitted(table, order, finest=QUICK)
    makers: dict[str, Callable[[], float | None]] = {
        "stepwise": lambda: (
            fitted.stepwise.estimate if fitted.stepwise.verdict == Verdict.VALID else None
        ),
        "bic": lambda: float(fitted.models.estimates[0]) if len(fitted.models.models) else None,
        "dga": lambda: fitted.posterior.quantile(0.5) if fitted.posterior else None,
    }
    names = ["stepwise"] if table.k > LARGE else list(makers)
    answers = {name: makers[name]() for name in names}
    return Variant(
        change, table.observed, {n: value for n, value in answers.items() if value is not None}
    )

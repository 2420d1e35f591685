"""Internal consistency: can the other lists find the size of one that is known?

Binette and Steorts (2022), "On the reliability of multiple systems estimation for the
quantification of modern slavery", section 4: only the people on a reference list are kept,
the list itself is taken away, and its known size is estimated from the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from marfa.methods.estimation.dga import QUICK
from marfa.methods.estimation.existence import Verdict
from marfa.methods.estimation.fits import Fitted
from marfa.methods.estimation.stepwise import P_THRESHOLD
from marfa.methods.estimation.table import CaptureTable

FEWEST = 30
"""People of the reference list whom the other lists must have seen (as in the paper)."""


@dataclass(frozen=True)
class Check:
    """One reference list.

    known: its size; seen: how many of it are on another list; estimates: total by method,
    absent where a method has no estimate.
    """

    reference: str
    known: float
    seen: float
    estimates: dict[str, float]

    def log_bias(self, method: str) -> float | None:
        """log(estimate / known); 0 is right, -0.7 is half."""
        estimate = self.estimates.get(method)
        return None if estimate is None else float(np.log(estimate / self.known))


@dataclass(frozen=True)
class Summary:
    """Of the log relative bias over several reference lists."""

    lists: int
    mean: float
    rmse: float
    median: float


def condition_on_list(table: CaptureTable, reference: int) -> CaptureTable:
    """The people on one list, by the other lists that they are on."""
    others = [i for i in range(table.k) if i != reference]
    histories: list[tuple[int, float]] = []
    for cell, count in enumerate(table.counts, start=1):
        rest = sum(1 << new for new, old in enumerate(others) if cell >> old & 1)
        if cell >> reference & 1 and rest:
            histories.append((rest, count))
    return CaptureTable.of([table.lists[i] for i in others], histories)


def internal_consistency(
    table: CaptureTable, p_threshold: float = P_THRESHOLD, fewest: float = FEWEST
) -> list[Check]:
    """A check for every list of which the others have seen enough; needs three lists."""
    found: list[Check] = []
    for i in range(table.k if table.k >= 3 else 0):
        part = condition_on_list(table, i)
        if part.observed < fewest or part.shared <= 0:
            continue
        found.append(
            Check(
                table.lists[i], float(table.sizes[i]), part.observed, _estimates(part, p_threshold)
            )
        )
    return found


def _estimates(part: CaptureTable, p_threshold: float) -> dict[str, float]:
    fitted = Fitted(part, 2, p_threshold, finest=QUICK)
    found: dict[str, float] = {}
    if fitted.stepwise.verdict == Verdict.VALID:
        found["stepwise"] = fitted.stepwise.estimate
    # Independence of an empty list from the others says nothing, so it is not counted.
    if fitted.independence.verdict == Verdict.VALID and (part.sizes > 0).all():
        found["independence"] = fitted.independence.estimate
    if part.k >= 3 and len(fitted.models.models):
        found["bic"] = float(fitted.models.estimates[0])
    if fitted.posterior is not None:
        found["dga"] = fitted.posterior.quantile(0.5)
    return found


def summarise(checks: Iterable[Check], method: str) -> Summary | None:
    """Mean, root mean square and median of the log relative bias; None without checks."""
    biases: Sequence[float] = [
        bias for check in checks if (bias := check.log_bias(method)) is not None
    ]
    if not biases:
        return None
    values = np.array(biases)
    return Summary(
        len(values),
        float(values.mean()),
        float(np.sqrt((values**2).mean())),
        float(np.median(values)),
    )

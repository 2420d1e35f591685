"""People who differ in their chance of being listed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from marfa.methods.estimation import CaptureTable, Fitted, Settings, analyse
from marfa.methods.estimation.heterogeneity import FAMILIES, heterogeneous
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.table import membership
from tests.methods.estimation import published_tables


def expected(chances: list[float], people: float) -> Floats:
    """Expected counts of the seen histories under independent lists."""
    cells = membership(len(chances))
    p = np.array(chances)
    return np.asarray(people * np.prod(np.where(cells == 1, p, 1 - p), axis=1))


def two_kinds() -> CaptureTable:
    counts = expected([0.08, 0.06, 0.05, 0.08], 21_000) + expected([0.3, 0.25, 0.2, 0.3], 9_000)
    return CaptureTable(tuple("abcd"), tuple(counts.round().tolist()))


def test_darroch_by_another_optimiser() -> None:
    n = published_tables.KOSOVO.n
    lists = membership(4)
    sizes = lists.sum(axis=1)
    x = np.column_stack([np.ones(15), lists, sizes * (sizes - 1) / 2])

    def loss(beta: Floats) -> float:
        return float((np.exp(x @ beta).sum() - n @ x @ beta) / n.sum())

    start = np.linalg.lstsq(x, np.log(n + 0.5), rcond=None)[0]
    slow = minimize(loss, start, method="BFGS", options={"gtol": 1e-10})
    found = heterogeneous(n[None, :], 4, np.zeros((1, 6), dtype=bool))
    assert found.unseen[0, 0] == pytest.approx(np.exp(slow.x[0]), rel=1e-4)
    assert found.strength[0, 0] == pytest.approx(slow.x[-1], rel=1e-4)


def test_people_who_are_alike_stay_so() -> None:
    n = expected([0.3, 0.25, 0.2, 0.3], 5000)
    found = heterogeneous(n[None, :], 4, np.zeros((1, 6), dtype=bool))
    assert found.unseen == pytest.approx(np.full((1, 2), 5000 - n.sum()), rel=1e-3)


def test_the_coefficient_is_never_negative() -> None:
    # Korea: under Darroch's model alone the coefficient would be -0.65.
    found = heterogeneous(published_tables.KOREA.n[None, :], 3, np.zeros((1, 3), dtype=bool))
    alone = Fitted(published_tables.KOREA).independence.estimate
    assert (found.strength == 0).all()
    assert published_tables.KOREA.observed + found.unseen[0] == pytest.approx(alone)


def test_two_kinds_of_people_are_more_than_the_lists_say() -> None:
    table = two_kinds()
    fitted = Fitted(table)
    assert fitted.heterogeneous is not None
    alike = float(fitted.models.estimates[0])
    differing = table.observed + fitted.heterogeneous.unseen[0]
    assert len(differing) == len(FAMILIES)
    assert (abs(differing - 30_000) < abs(alike - 30_000)).all()


def test_the_headline_reaches_the_truth() -> None:
    line = analyse(two_kinds(), Settings(replicates=200)).headline
    low = min(x for x in (line.low, line.interval_low) if x is not None)
    high = max(x for x in (line.high, line.interval_high) if x is not None)
    assert line.verdict != "estimate" or low <= 30_000 <= high
    plain = [
        result.interval("percentile")
        for result in analyse(
            two_kinds(), Settings(methods=("independence",), replicates=200)
        ).results
    ]
    assert plain[0] is not None
    assert plain[0].high is not None
    assert plain[0].high < 30_000, "independence alone would miss it"

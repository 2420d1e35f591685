"""Groups that share a model: shrinkage, covariates, trends."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from marfa.methods.estimation import (
    CaptureData,
    CaptureTable,
    Fitted,
    Settings,
    analyse_strata,
)
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.strata_model import Shared, shared_estimate

LISTS = ("a", "b", "c")


def drawn(rng: np.random.Generator, people: int, chances: Floats) -> CaptureTable:
    found = rng.random((people, len(chances))) < chances
    counts = np.bincount(found.astype(int) @ (1 << np.arange(len(chances))), minlength=8)[1:]
    return CaptureTable(LISTS, tuple(map(float, counts)))


def answer(tables: list[CaptureTable], *factors: list[str]) -> Shared:
    found = shared_estimate(tables, factors or [[str(i) for i in range(len(tables))]], 0.02, 1)
    assert found is not None
    return found


def test_alike_groups_are_those_of_the_whole_table() -> None:
    """Expected counts of one population in three parts: nothing is left to shrink."""
    cells = (np.arange(1, 8)[:, None] >> np.arange(3)) & 1
    p = np.array([0.3, 0.2, 0.25])
    counts = np.prod(np.where(cells == 1, p, 1 - p), axis=1)
    tables = [CaptureTable(LISTS, tuple(size * counts)) for size in (400.0, 900.0, 1700.0)]
    found = answer(tables)
    assert found.observed + found.unseen == pytest.approx([400, 900, 1700], rel=0.01)
    assert found.terms == ()


def test_one_group_with_free_moves_is_independence() -> None:
    table = drawn(np.random.default_rng(3), 3000, np.array([0.3, 0.2, 0.25]))
    found = answer([table, table])
    assert found.estimate([0]) == pytest.approx(Fitted(table).independence.estimate, rel=0.02)


def test_by_another_optimiser() -> None:
    """The penalised likelihood at the spreads found, written out by hand."""
    rng = np.random.default_rng(5)
    tables = [
        drawn(rng, n, np.array(p)) for n, p in ((300, [0.4, 0.2, 0.3]), (500, [0.2, 0.4, 0.2]))
    ]
    found = answer(tables)
    assert found.terms == ()
    tau = found.spreads[0]
    lists = ((np.arange(1, 8)[:, None] >> np.arange(3)) & 1).astype(float)
    n = np.array([table.n for table in tables])

    def loss(beta: Floats) -> float:
        moves = beta[5:].reshape(2, 3)
        eta = beta[:2, None] + (beta[2:5] + moves) @ lists.T
        return float((np.exp(eta) - n * eta).sum() + (moves**2).sum() / (2 * tau**2))

    slow = minimize(loss, np.concatenate([[4.0, 4.0], np.zeros(9)]), method="BFGS")
    # The spreads move by less than a hundredth in the last round.
    assert np.exp(slow.x[:2]) == pytest.approx(found.unseen, rel=0.01)


def test_small_groups_borrow_and_large_ones_do_not() -> None:
    rng = np.random.default_rng(11)
    p = np.array([0.3, 0.2, 0.25])
    large, small = drawn(rng, 4000, p), drawn(rng, 30, p)
    other = drawn(rng, 4000, np.array([0.15, 0.35, 0.25]))
    found = answer([large, other, small])
    assert found.estimate([0]) == pytest.approx(Fitted(large).independence.estimate, rel=0.03)
    assert 30 * 0.5 < found.estimate([2]) < 30 * 2.5
    empty = CaptureTable(LISTS, (4.0, 3.0, 1.0, 0.0, 0.0, 0.0, 0.0))
    assert np.isfinite(answer([large, other, empty]).estimate([2])), "a list without anybody"


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    sizes, hits, tries = (60, 300, 120, 40, 500), 0, 40
    for seed in range(tries):
        rng = np.random.default_rng([38, seed])
        tables = [
            drawn(rng, n, np.array([0.2, 0.15, 0.25]) * np.exp(rng.normal(0, 0.4, 3)))
            for n in sizes
        ]
        interval = answer(tables).interval(0.95)
        assert interval.low is not None
        assert interval.high is not None
        hits += interval.low <= sum(sizes) <= interval.high
    assert hits >= 33, "below that a binomial test at 5% says less than 90%"


def test_covariates_give_levels_and_a_trend() -> None:
    rng = np.random.default_rng(2)
    strata = []
    for sex, factor in (("f", 1.0), ("m", 1.5)):
        for year in range(2016, 2022):
            chances = np.array([0.25, 0.2, 0.3]) * factor
            table = drawn(rng, round(300 * 1.2 ** (year - 2016)), chances)
            strata.append(((sex, str(year)), table))
    whole = CaptureTable(LISTS, tuple(np.sum([t.n for _, t in strata], axis=0)))
    data = CaptureData(whole, ("sex", "year"), tuple(strata), covariates=("sex", "year"))
    found = analyse_strata(data, Settings(replicates=100, interval="percentile"))
    assert [level.value for level in found.levels] == ["f", "m", *map(str, range(2016, 2022))]
    truth = 2 * sum(300 * 1.2**i for i in range(6))
    by_sex = found.levels[:2]
    assert sum(level.estimate for level in by_sex) == pytest.approx(truth, rel=0.1)
    for level in by_sex:
        low, high = level.interval.low, level.interval.high
        assert low is not None
        assert high is not None
        assert low <= truth / 2 <= high
    (trend,) = found.trends
    assert trend.column == "year"
    assert trend.low <= 20 <= trend.high
    assert "shared" in {result.method for result in found.total.results}
    assert found.total.headline.verdict != "refused"


def test_a_total_stays_refused_where_a_group_has_no_answer_of_its_own() -> None:
    rng = np.random.default_rng(4)
    good = drawn(rng, 800, np.array([0.3, 0.2, 0.25]))
    bad = CaptureTable(LISTS, (9.0, 5.0, 2.0, 0.0, 0.0, 0.0, 0.0))
    data = CaptureData(
        CaptureTable(LISTS, tuple(good.n + bad.n)), ("g",), ((("x",), good), (("y",), bad))
    )
    found = analyse_strata(data, Settings(replicates=100))
    assert found.total.headline.verdict == "refused"
    assert [result.method for result in found.total.results] == ["shared"]

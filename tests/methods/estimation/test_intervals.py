"""Bootstrap, BCa, profile likelihood and the posterior of the graphs."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest
from scipy.special import gammaln
from scipy.stats import norm

from marfa.methods.estimation import CaptureTable, Settings, analyse
from marfa.methods.estimation.bootstrap import Recipe, _interrupts_held, bootstrap, influence
from marfa.methods.estimation.dga import posterior
from marfa.methods.estimation.graphs import decomposable
from marfa.methods.estimation.intervals import (
    Interval,
    bca,
    interval_warnings,
    percentile,
    quantile,
)
from marfa.methods.estimation.profile import profile_interval, wald_interval
from marfa.methods.estimation.search import fit_all
from marfa.methods.estimation.stepwise import stepwise
from tests.methods.estimation import published_tables

STEPWISE = ("stepwise",)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (published_tables.UK_5, -0.0121811),
        (published_tables.WESTERN, -0.0950103),
        (published_tables.KOREA, -0.0287734),
    ],
)
def test_acceleration(table: CaptureTable, expected: float) -> None:
    # SparseMSE 2.0.1 on the same tables.
    found = influence(table.n, Recipe(table.k, STEPWISE))["stepwise"]
    assert found.acceleration == pytest.approx(expected, abs=1e-6)


def test_the_number_of_workers_changes_nothing() -> None:
    recipe = Recipe(3, ("stepwise", "bic", "bma"), among=fit_all(published_tables.KOREA.n, 3, 2))
    one = bootstrap(published_tables.KOREA.n, recipe, 250, 11, workers=1)
    two = bootstrap(published_tables.KOREA.n, recipe, 250, 11, workers=2)
    for method in recipe.methods:
        assert one[method].tobytes() == two[method].tobytes()
        assert len(one[method]) == 250
    other = bootstrap(published_tables.KOREA.n, recipe, 250, 12)
    assert not np.array_equal(one["bic"], other["bic"])


def test_quantiles_are_type_eight() -> None:
    values = np.sort(np.random.default_rng(1).normal(size=57))
    for share in (0.001, 0.025, 0.1, 0.5, 0.77, 0.975, 0.999):
        expected = np.quantile(values, share, method="median_unbiased")
        assert quantile(values, share) == pytest.approx(expected)


def test_infinite_replicates_leave_the_interval_open() -> None:
    values = np.concatenate([np.linspace(100, 200, 95), np.full(5, np.inf)])
    interval = percentile(values, 0.95)
    assert interval.high is None
    assert interval.low is not None
    assert "interval-unbounded" in {m.key for m in interval_warnings(interval, 100)}


def test_bca_formula() -> None:
    # DiCiccio and Efron (1996), equation 2.3, evaluated by hand for these numbers.
    values = np.arange(1.0, 1001.0)
    interval = bca(values, 450.5, 0.05, 0.95)
    z0 = norm.ppf(0.45)
    low = norm.cdf(z0 + (z0 - 1.959964) / (1 - 0.05 * (z0 - 1.959964)))
    high = norm.cdf(z0 + (z0 + 1.959964) / (1 - 0.05 * (z0 + 1.959964)))
    assert interval.low_at == pytest.approx(low, abs=1e-6)
    assert interval.high_at == pytest.approx(high, abs=1e-6)
    assert interval.low == pytest.approx(1000 * low, abs=1)


def test_bca_without_bias_or_acceleration_is_the_percentile_interval() -> None:
    values = np.arange(1.0, 1001.0)
    assert bca(values, 501.0, 0.0, 0.8).low == pytest.approx(percentile(values, 0.8).low)


def test_bca_beyond_all_replicates_is_refused() -> None:
    interval = bca(np.arange(1.0, 100.0), 1000.0, 0.0, 0.95)
    assert (interval.low, interval.high) == (None, None)
    assert [m.key for m in interval_warnings(interval, 99)] == ["interval-impossible"]


def test_published_bca_limits_and_the_warning_of_the_tail() -> None:
    # Kosovo [12555, 16576]: 10,000 replicates of MultipleSystemsEstimation 1.2.0.
    kosovo = _bca(published_tables.KOSOVO, 2000)
    assert (kosovo.low, kosovo.high) == pytest.approx((12555, 16576), rel=0.03)
    assert interval_warnings(kosovo, 2000) == []
    # The western site reads its lower limit at 0.00008 of the replicates.
    western = _bca(published_tables.WESTERN, 1000)
    assert western.low_at == pytest.approx(0.00008, abs=0.0006)
    assert "interval-tail-low" in {m.key for m in interval_warnings(western, 1000)}


def _bca(table: CaptureTable, replicates: int) -> Interval:
    recipe = Recipe(table.k, STEPWISE)
    sample = bootstrap(table.n, recipe, replicates, 5)["stepwise"]
    moved = influence(table.n, recipe)["stepwise"]
    point = float(recipe.points(table.n[None, :])["stepwise"][0])
    return bca(sample, point, moved.acceleration, 0.95)


@pytest.mark.slow
def test_uk_bca_limits_at_ten_thousand_replicates() -> None:
    found = _bca(published_tables.UK_5, 10_000)
    assert (found.low, found.high) == pytest.approx((9313, 14835), rel=0.03)


def test_no_replicates_give_points_alone() -> None:
    analysis = analyse(published_tables.KOREA, Settings(replicates=0))
    assert len(analysis.results) == 5
    assert all(not result.intervals for result in analysis.results)


def test_profile_limits() -> None:
    # Rcapture 1.4-4, closedpCI.t: [17991.0, 30141.9].
    models = fit_all(published_tables.UK_5.n, 5, 2)
    found = profile_interval(published_tables.UK_5.n, models.models[0], 5, 2, 0.95)
    assert (found.low, found.high) == pytest.approx((17991.0, 30141.9), rel=1e-4)


def test_wald_limits() -> None:
    # Silverman (2014): 9,884 to 13,027 under the stepwise model.
    chosen = stepwise(published_tables.UK_5.n[None, :], 5).models[0]
    found = wald_interval(published_tables.UK_5.n, chosen, 5, 2, 0.95)
    assert (found.low, found.high) == pytest.approx((9884, 13027), rel=1e-4)


@pytest.mark.parametrize(("k", "count"), [(3, 8), (4, 61), (5, 822), (6, 18_154)])
def test_number_of_decomposable_graphs(k: int, count: int) -> None:
    # OEIS A058862.
    graphs, exponents = decomposable(k)
    assert len(graphs) == count
    # Each list is counted once: cliques minus separators cover every vertex once.
    sets = np.arange(1, 2**k)
    for i in range(k):
        assert (exponents[:, (sets >> i & 1) == 1].sum(axis=1) == 1).all()


@pytest.mark.parametrize(
    ("table", "median", "low", "high"),
    [
        (published_tables.ARTIFICIAL, 319, 98, 1970),
        (published_tables.KOREA, 163, 127, 468),
        (published_tables.KOSOVO, 12594, 9826, 16543),
        (published_tables.UK_5, 22990, 10387, 33509),
        (published_tables.WESTERN, 2133, 1343, 3871),
        (published_tables.HEPATITIS, 380, 272, 1653),
    ],
)
def test_graph_posterior(table: CaptureTable, median: float, low: float, high: float) -> None:
    # R package dga 2.0.2 on the same tables, in steps of one person.
    found = posterior(table.n, table.k)
    interval = found.interval(0.95)
    assert found.quantile(0.5) == pytest.approx(median, abs=1)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=1)


def test_weight_of_the_best_graph() -> None:
    assert posterior(published_tables.UK_5.n, 5).weights[0] == pytest.approx(0.443433, abs=1e-5)
    assert posterior(published_tables.KOSOVO.n, 4).weights[0] == pytest.approx(0.985514, abs=1e-5)


def test_posterior_of_independence_by_direct_integration() -> None:
    """Three independent lists: a product of beta-binomials, written out on its own."""
    table = published_tables.ARTIFICIAL
    found = posterior(table.n, 3)
    empty = int(np.flatnonzero(~found.graphs.any(axis=1))[0])
    unseen = found.totals - table.observed
    total = found.totals
    logs = gammaln(total + 1) - gammaln(unseen + 1) - np.log(total)
    for size in table.sizes:
        logs += gammaln(size + 0.5) + gammaln(total - size + 0.5) - gammaln(total + 1)
    mass = np.exp(logs - logs.max())
    at = np.searchsorted(np.cumsum(mass), 0.5 * mass.sum())
    assert found.medians[empty] == total[at]


def test_an_interrupt_while_processes_start_is_not_lost() -> None:
    reached = []

    def start() -> None:
        with _interrupts_held():
            os.kill(os.getpid(), signal.SIGINT)
            reached.append("end of the start")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert reached

"""Clusters in space and time: the statistic by hand, its size, its power."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from marfa.domain.message import InputError
from marfa.methods.surveillance import Panel, scan
from marfa.methods.surveillance.panel import Floats
from marfa.methods.surveillance.scan import great_circle, log_ratio

SITES = 20
LATITUDE = np.repeat(np.arange(4), 5) * 0.3 + 33
LONGITUDE = np.tile(np.arange(5), 4) * 0.3 + 36


def panel_of(counts: Floats, at_risk: Floats | None = None) -> Panel:
    return Panel(tuple(f"s{i}" for i in range(counts.shape[1])), counts, at_risk=at_risk)


def null(seed: int, mean: float = 3.0) -> Floats:
    return np.random.default_rng(seed).poisson(mean, size=(30, SITES)).astype(float)


def test_the_statistic_by_hand() -> None:
    """12 of 100 cases where 5 were expected."""
    found = log_ratio(np.array(12.0), np.array(5.0), np.array(100.0))
    assert found == pytest.approx(12 * log(12 / 5) + 88 * log(88 / 95), rel=1e-14)
    assert log_ratio(np.array(4.0), np.array(5.0), np.array(100.0)) == 0
    assert log_ratio(np.array(7.0), np.array(5.0), np.array(7.0)) == pytest.approx(7 * log(7 / 5))


def test_distances_are_great_circles() -> None:
    """Damascus to Aleppo is about 310 km."""
    found = great_circle(np.array([33.513, 36.202]), np.array([36.292, 37.134]))
    assert found[0, 1] == pytest.approx(309, abs=3)
    assert found[0, 0] == 0


@pytest.mark.parametrize("model", ["poisson", "permutation"])
def test_a_cluster_is_found_where_it_is(model: str) -> None:
    counts = null(3)
    counts[-3:, [6, 7, 11]] += 7
    found = scan(panel_of(counts), LATITUDE, LONGITUDE, model=model, replicates=199)[0]
    assert {"s6", "s7", "s11"} <= set(found.units)
    assert len(found.units) <= 8
    assert found.steps <= 4
    assert found.probability == 1 / 200
    assert found.relative > 1.5


@pytest.mark.parametrize("model", ["poisson", "permutation"])
def test_the_same_seed_and_any_order_of_sites_give_the_same(model: str) -> None:
    counts = null(5)
    counts[-2:, [0, 1]] += 6
    one = scan(panel_of(counts), LATITUDE, LONGITUDE, model=model, replicates=99)[0]
    again = scan(panel_of(counts), LATITUDE, LONGITUDE, model=model, replicates=99)[0]
    assert one == again
    order = np.random.default_rng(1).permutation(SITES)
    shuffled = panel_of(counts).choose([f"s{i}" for i in order])
    other = scan(shuffled, LATITUDE[order], LONGITUDE[order], model=model, replicates=99)[0]
    assert set(other.units) == set(one.units)
    assert other.statistic == pytest.approx(one.statistic, rel=1e-12)


def test_people_at_risk_explain_many_cases() -> None:
    rng = np.random.default_rng(2)
    people = np.full((30, SITES), 100.0)
    people[:, 7] = 900.0
    counts = rng.poisson(people * 0.03).astype(float)
    with_people = scan(panel_of(counts, people), LATITUDE, LONGITUDE, model="poisson")
    without = scan(panel_of(counts), LATITUDE, LONGITUDE, model="poisson")
    assert without[0].probability <= 0.01
    assert with_people[0].probability > 0.05


@pytest.mark.slow
@pytest.mark.parametrize("model", ["poisson", "permutation"])
def test_size_and_power(model: str) -> None:
    """At .05, within four standard errors; the benchmark runs more."""

    def rejects(seed: int, relative: float) -> bool:
        counts = null(seed)
        extra = np.random.default_rng(seed + 9000).poisson(3.0 * (relative - 1), size=(3, 3))
        counts[-3:, [6, 7, 11]] += extra
        found = scan(panel_of(counts), LATITUDE, LONGITUDE, model=model, replicates=99, seed=seed)
        return bool(found) and found[0].probability <= 0.05

    size = np.mean([rejects(seed, 1.0) for seed in range(200)])
    power = np.mean([rejects(seed, 3.0) for seed in range(40)])
    assert 0.01 <= size <= 0.11
    assert power >= 0.8


def test_nothing_to_scan_is_said() -> None:
    with pytest.raises(InputError, match="scan-nothing"):
        scan(panel_of(np.zeros((30, SITES))), LATITUDE, LONGITUDE)
    with pytest.raises(InputError, match="scan-nothing"):
        scan(panel_of(np.ones((30, 2))), LATITUDE[:2], LONGITUDE[:2])

"""Tails, quantiles and the carried score against other ways to compute them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from marfa.methods.surveillance import carry_over
from marfa.methods.surveillance.shrinkage import unshrunk
from marfa.methods.surveillance.tails import exceedance, middle, middle_quantile, quantile

GRID = [(m, d) for m in (0.05, 0.8, 5.0, 60.0, 900.0) for d in (1.0, 1.3, 4.0, 20.0)]


@pytest.mark.parametrize(("mean", "dispersion"), GRID)
def test_tail_and_quantile(mean: float, dispersion: float) -> None:
    law = (
        stats.poisson(mean)
        if dispersion == 1
        else stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
    )
    counts = np.arange(0, int(mean * 3 + 30)).astype(float)
    found = exceedance(counts, np.array(mean), np.array(dispersion))
    np.testing.assert_allclose(found, law.sf(counts - 1), rtol=1e-9, atol=1e-14)
    for level in (0.5, 0.9, 0.99, 0.9999):
        assert quantile(level, np.array(mean), np.array(dispersion)) == law.ppf(level)


@pytest.mark.parametrize(("mean", "dispersion"), GRID)
@pytest.mark.parametrize("level", [0.8, 0.99, 0.9999])
def test_the_middle_quantile_is_the_last_count_without_alarm(
    mean: float, dispersion: float, level: float
) -> None:
    law = np.array(mean), np.array(dispersion)
    last = middle_quantile(level, *law)
    assert middle(last + 1, *law) <= 1 - level
    assert last == 0 or middle(last, *law) > 1 - level


def test_no_mean_has_no_quantile() -> None:
    found = quantile(0.99, np.array([np.nan, np.inf, 2.0]), np.array([1.5, 2.0, np.nan]))
    assert np.isnan(found).all()


def test_the_carried_tail_is_the_share_of_draws_beyond() -> None:
    rng = np.random.default_rng(4)
    z = rng.standard_normal((2, 2_000_000))
    drawn = z[0] + carry_over.carry(z[1])
    for statistic in (0.0, 1.0, 2.5):
        share = (drawn >= statistic).mean()
        assert carry_over.tail(np.array(statistic)) == pytest.approx(share, abs=0.001)
    assert carry_over.tail(np.array(carry_over.critical(0.01))) == pytest.approx(0.01, abs=1e-9)


@pytest.mark.parametrize(("mean", "dispersion"), [(0.3, 2.0), (6.0, 1.0), (6.0, 3.0), (80.0, 5.0)])
def test_mean_and_dispersion_are_right_on_quiet_counts(mean: float, dispersion: float) -> None:
    """Weights as in the detector, from the true mean: both estimates come back to the truth."""
    rng = np.random.default_rng(9)
    draws = 400_000
    counts = (
        rng.poisson(mean, draws)
        if dispersion == 1
        else rng.negative_binomial(mean / (dispersion - 1), 1 / dispersion, draws)
    ).astype(float)
    residual = 1.5 * (np.cbrt(counts) ** 2 * mean ** (-1 / 6) - np.sqrt(mean))
    residual /= np.sqrt(dispersion)
    weight = np.where(residual > 2.58, 1 / np.maximum(residual, 2.58) ** 2, 1.0)
    shrunk = (weight * (counts - mean) ** 2 / mean).sum() / weight.sum()
    came_out = (weight * counts).sum() / weight.sum()
    (found,), (share,) = unshrunk(np.array([shrunk]), np.array([mean]), 2.58)
    assert share == pytest.approx(came_out / mean, abs=0.06 if mean < 1 else 0.004)
    # Of rare counts that spread widely, few have a residual that tells of their spread.
    assert found == pytest.approx(dispersion, rel=0.15 if mean < 1 else 0.03)

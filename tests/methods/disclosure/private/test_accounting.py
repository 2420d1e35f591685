"""What is promised, against published values and another implementation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kstest

from marfa.methods.disclosure.private.accounting import (
    add_sizes,
    delta_of,
    delta_of_zcdp,
    epsilon_of,
    mu_of,
)
from marfa.methods.disclosure.private.measurement import SHARES, Promise
from marfa.methods.disclosure.private.noise import UNIT, SecureNoise, add_noise, slack


@pytest.mark.parametrize(
    ("mu", "epsilon", "delta"),
    [
        (1, 0, 0.38292492),
        (1, 1, 0.12693674),
        (3, 1, 0.78760074),
        (1, 2, 0.02092364),
    ],
)
def test_delta_of_gaussian_noise(mu: float, epsilon: float, delta: float) -> None:
    """Values of the tests of Google's differential privacy library (dp_accounting, Apache-2.0)."""
    assert delta_of(epsilon, mu) == pytest.approx(delta, abs=1e-8)
    assert epsilon_of(mu, delta) == pytest.approx(epsilon, abs=1e-6)
    if epsilon:
        assert mu_of(epsilon, delta) == pytest.approx(mu, abs=1e-6)


def test_noise_for_a_small_delta() -> None:
    """The same library: epsilon 16 and delta 1e-5 need a standard deviation of 0.344."""
    assert 1 / mu_of(16, 1e-5) == pytest.approx(0.344, abs=5e-4)


@pytest.mark.parametrize("epsilon", [0.1, 1.0, 4.0, 12.0])
def test_there_and_back_never_promises_too_much(epsilon: float) -> None:
    for delta in (1e-3, 1e-6, 1e-9):
        mu = mu_of(epsilon, delta)
        assert delta_of(epsilon, mu) <= delta
        assert delta_of(epsilon, mu * 1.0001) > delta
        assert epsilon_of(mu, delta) == pytest.approx(epsilon, rel=1e-9)


def test_zcdp_promises_less_than_the_exact_accounting() -> None:
    """The general conversion, against OpenDP's, which shares no code with this one."""
    dp = pytest.importorskip("opendp.prelude")
    dp.enable_features("contrib")
    space = dp.atom_domain(T="i64"), dp.absolute_distance(T="i64")
    curve = dp.c.make_zCDP_to_approxDP(dp.m.make_gaussian(*space, scale=4.0)).map(1)
    for epsilon in (0.5, 1.0, 2.0):
        ours = delta_of_zcdp(epsilon, 1 / 32)
        assert ours == pytest.approx(curve.delta(epsilon), rel=1e-3)
        assert delta_of(epsilon, 0.25) < ours


def test_sizes_add_up_as_squares() -> None:
    assert add_sizes([3.0, 4.0]) == 5.0
    for shares in SHARES.values():
        assert math.fsum(shares.values()) == pytest.approx(1, abs=1e-12)
    promise = Promise(1.0, 1e-6)
    parts = [promise.size * share**0.5 for share in SHARES[3].values()]
    assert delta_of(1.0, add_sizes(parts)) + promise.slack <= 1e-6 * (1 + 1e-9)


@pytest.mark.parametrize("scale", [2.0, 5.0])
def test_whole_numbers_are_as_near_as_is_said(scale: float) -> None:
    """The total variation between discrete and rounded Gaussian, summed up term by term."""
    from scipy.special import ndtr

    steps = np.arange(-60, 61)
    discrete = np.exp(-(steps**2) / (2 * scale**2))
    discrete /= discrete.sum()
    rounded = ndtr((steps + 0.5) / scale) - ndtr((steps - 0.5) / scale)
    variation = np.abs(discrete - rounded).sum() / 2
    said = slack(0.0, answers=1, scale=scale) / 2
    assert 0 < variation <= said


def test_the_noise_is_gaussian_and_as_large_as_asked() -> None:
    """By chance this fails once in a million runs."""
    drawn = SecureNoise().draw(4000, 3.0 * UNIT) / UNIT
    assert kstest(drawn / 3.0, "norm").pvalue > 1e-6
    again = SecureNoise().draw(10, 3.0 * UNIT) / UNIT
    assert len(set(again) | set(drawn[:10])) == 20, "it has no seed"


def test_noise_too_fine_is_refused() -> None:
    with pytest.raises(ValueError, match="too fine"):
        add_noise(SecureNoise(), np.zeros(1, dtype=np.int64), moves=100, mu=1.0)


@pytest.mark.parametrize(
    ("epsilon", "delta"), [(0, 0.1), (-1, 0.1), (1, 0), (1, 1), (math.inf, 0.1)]
)
def test_no_promise_is_made_of_nonsense(epsilon: float, delta: float) -> None:
    with pytest.raises(ValueError, match="no promise"):
        mu_of(epsilon, delta)

"""Latent classes: against the published posterior, and against a sum over all that is unseen."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import betaln, gammaln, logsumexp

from marfa.methods.estimation import Fitted, Settings, analyse, latent_classes
from marfa.methods.estimation.latent_classes import Classes, posterior_classes, split_rhat
from tests.methods.estimation import published_tables


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent_classes, "BURN", 200)
    monkeypatch.setattr(latent_classes, "ROUND", 800)
    monkeypatch.setattr(latent_classes, "ROUNDS", 1)


@pytest.mark.slow
def test_kosovo() -> None:
    """LCMCR 0.4.14, six chains: median 10,404; Western site: 1,828. Within three per cent."""
    found = posterior_classes(published_tables.KOSOVO.n, 4, 1)
    assert found.converged
    assert found.quantile(0.5) == pytest.approx(10_404, rel=0.03)


def test_one_class_is_independence(monkeypatch: pytest.MonkeyPatch, short: None) -> None:
    """With one class the posterior of the total is known: chances integrate to Beta functions."""
    monkeypatch.setattr(latent_classes, "CLASSES", 1)
    for step in ("_swap", "_weights"):
        monkeypatch.setattr(latent_classes._Sampler, step, lambda self, people: None)
    n = published_tables.HEPATITIS.n
    found = posterior_classes(n, 3, 5)
    sizes, seen = published_tables.HEPATITIS.sizes, n.sum()
    unseen = np.arange(0, 2000)
    total = seen + unseen
    logs = gammaln(total) - gammaln(unseen + 1)
    for size in sizes:
        logs = logs + betaln(1 + size, 1 + total - size)
    mass = np.exp(logs - logsumexp(logs)).cumsum()
    for share in (0.1, 0.5, 0.9):
        exact = seen + unseen[np.searchsorted(mass, share)]
        assert found.quantile(share) == pytest.approx(exact, rel=0.02)


def test_the_same_seed_the_same_draws(short: None) -> None:
    one, same, other = (posterior_classes(published_tables.KOREA.n, 3, s) for s in (4, 4, 5))
    assert np.array_equal(one.totals, same.totals)
    assert not np.array_equal(one.totals, other.totals)


def test_chains_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch, short: None) -> None:
    apart = np.array([[100.0, 110.0, 90.0, 105.0] * 50, [500.0, 510.0, 490.0, 505.0] * 50])
    rhat, _ = split_rhat(np.log(apart))
    assert rhat > 5
    draws = Classes(apart, rhat, 1.0)
    monkeypatch.setattr(Fitted, "classes", draws)
    asked = Settings(methods=("lcmcr",), replicates=0)
    answer = analyse(published_tables.KOREA, asked)
    assert [refusal.message.key for refusal in answer.refusals] == ["method-not-converged"]
    assert "lcmcr" not in (answer.headline.basis or {})


def test_it_joins_the_range_and_says_that_the_chains_agree(
    monkeypatch: pytest.MonkeyPatch, short: None
) -> None:
    monkeypatch.setattr(latent_classes, "CONVERGED", 100.0)
    answer = analyse(
        published_tables.HEPATITIS, Settings(methods=("independence", "lcmcr"), replicates=50)
    )
    found = {result.method: result for result in answer.results}
    assert [m.key for m in found["lcmcr"].warnings] == ["chains-agree"]
    assert found["lcmcr"].interval("credible") is not None
    assert "lcmcr" in (answer.headline.basis or {})

"""Latent classes: people of kinds that nobody named, as many as the data ask for.

Manrique-Vallier (2016), "Bayesian population size estimation using Dirichlet process mixtures",
Biometrics 72(4), 1246-1254. Inside a class the lists are independent; the classes are those of a
Dirichlet process, cut off at CLASSES of them (equations 3 to 6):

    x_ij | z_i  ~ Bernoulli(lambda_(j, z_i)),   lambda_jk ~ Beta(1, 1)
    z_i ~ pi,   pi_k = V_k prod_(l<k) (1 - V_l),   V_k ~ Beta(1, alpha),   alpha ~ Gamma(1/4, 1/4)
    p(N) ~ 1/N

``posterior_classes`` is its Gibbs sampler (section 3.3) on counts of histories, with all chains
side by side in one array.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marfa.methods.estimation.intervals import Interval
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.table import membership

CLASSES = 10
CHAINS = 8
BURN = 2_000
ROUND = 5_000
ROUNDS = 20
"""Work at most: BURN + ROUNDS * ROUND iterations of each chain."""

ROWS = np.arange(CHAINS)
PRIOR = 0.25
CONVERGED = 1.05
"""The largest R-hat with which an answer is given (Gelman and Rubin 1992)."""

SETTLED, ENOUGH = 1.04, 200
"""With this R-hat and so many effective draws no further round is made."""

LARGEST = 1e9
"""A chain whose number unseen passes this has no bounded posterior."""


@dataclass(frozen=True)
class Classes:
    """Draws of the total, shape (chains, iterations), and whether the chains agree.

    rhat: split R-hat of the logarithm of the total. effective: draws that count, roughly.
    """

    totals: Floats
    rhat: float
    effective: float

    @property
    def converged(self) -> bool:
        """Whether the chains tell the same; without that there is no answer."""
        return self.rhat <= CONVERGED

    def quantile(self, share: float) -> float:
        """Of the total population."""
        return float(np.quantile(self.totals, share))

    def interval(self, level: float) -> Interval:
        """The middle share of the posterior."""
        return Interval(
            "credible", level, self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)
        )


def posterior_classes(n: Floats, k: int, seed: int) -> Classes:
    """Sample the total until the chains agree, or the work is done.

    n: (cells,) whole counts, of k lists. The same seed gives the same draws.
    """
    sampler = _Sampler(n, k, np.random.default_rng([seed, 2016]))
    for _ in range(BURN):
        sampler.step()
    pieces: list[Floats] = []
    for _ in range(ROUNDS):
        pieces.append(np.array([sampler.step() for _ in range(ROUND)]).T)
        # What came before half of the draws is left out: the start wears off late.
        draws = np.concatenate(pieces, axis=1)
        kept = draws[:, draws.shape[1] // 2 :] if len(pieces) > 1 else draws
        rhat, effective = split_rhat(np.log(kept))
        if rhat <= SETTLED and effective >= ENOUGH:
            break
    return Classes(kept, rhat, effective)


def split_rhat(draws: Floats) -> tuple[float, float]:
    """R-hat of half chains, and the effective number of draws by batch means.

    draws: (chains, iterations). Gelman and others, Bayesian Data Analysis (2013), section 11.4.
    """
    half = draws.shape[1] // 2
    parts = np.concatenate([draws[:, :half], draws[:, half : 2 * half]])
    within = float(parts.var(axis=1, ddof=1).mean())
    between = float(half * parts.mean(axis=1).var(ddof=1))
    if within <= 0:
        return (1.0 if between <= 0 else np.inf), 0.0
    spread = (half - 1) / half * within + between / half
    return float(np.sqrt(spread / within)), float(parts.size * within / max(between, within))


class _Sampler:
    """The state of all chains; ``step`` moves them on and gives their totals."""

    def __init__(self, n: Floats, k: int, rng: np.random.Generator) -> None:
        self.rng = rng
        at = np.flatnonzero(n > 0)
        self.counts = n[at].astype(np.int64)
        self.seen = int(self.counts.sum())
        self.marks = membership(k)[at]
        self.alpha = np.full(CHAINS, 1.0)
        self.pi = rng.dirichlet(np.ones(CLASSES), CHAINS)
        self.reach = rng.uniform(0.05, 0.6, (CHAINS, k, CLASSES))

    def step(self) -> Floats:
        """One round of the Gibbs sampler; total population of each chain, shape (chains,)."""
        missed = np.log1p(-self.reach)
        weight = np.log(self.pi) + missed.sum(axis=1)
        # (chains, histories, classes): where each seen history belongs.
        logs = self.marks @ (np.log(self.reach) - missed)
        logs += weight[:, None, :]
        logs -= logs.max(axis=2, keepdims=True)
        share = np.exp(logs, out=logs)
        share /= share.sum(axis=2, keepdims=True)
        placed = self.rng.multinomial(self.counts, share)
        on = self.marks.T @ placed
        people = placed.sum(axis=1) + self._unseen(weight)
        drawn = self.rng.beta(1 + on, 1 + people[:, None, :] - on)
        self.reach = np.clip(drawn, 1e-12, 1 - 1e-12)
        self._swap(people)
        self._weights(people)
        return np.asarray(people.sum(axis=1), dtype=np.float64)

    def _unseen(self, weight: Floats) -> np.ndarray:
        """People on no list by class: negative binomial in all (Manrique-Vallier, step 4)."""
        chance = np.exp(weight)
        hidden = np.clip(chance.sum(axis=1), 1e-300, 1 - self.seen / LARGEST)
        total = self.rng.negative_binomial(self.seen, 1 - hidden)
        return np.asarray(self.rng.multinomial(total, chance / chance.sum(axis=1, keepdims=True)))

    def _swap(self, people: np.ndarray) -> None:
        """Two classes of each chain change their labels, and with them their place in the order.

        Papaspiliopoulos and Roberts (2008), Biometrika 95(1), section 3.4: accepted with chance
        ``(pi_j / pi_l)^(n_l - n_j)``. Without it the order of the sticks holds chains fast.
        """
        one = self.rng.integers(0, CLASSES, CHAINS)
        other = (one + self.rng.integers(1, CLASSES, CHAINS)) % CLASSES
        ratio = np.log(self.pi[ROWS, one] / self.pi[ROWS, other])
        ratio *= people[ROWS, other] - people[ROWS, one]
        takes = np.flatnonzero(-self.rng.exponential(size=CHAINS) < ratio)
        j, m = one[takes], other[takes]
        people[takes, j], people[takes, m] = people[takes, m], people[takes, j]
        self.reach[takes, :, j], self.reach[takes, :, m] = (
            self.reach[takes, :, m],
            self.reach[takes, :, j],
        )

    def _weights(self, people: np.ndarray) -> None:
        """Sticks broken anew, and the concentration."""
        later = people[:, ::-1].cumsum(axis=1)[:, ::-1]
        sticks = self.rng.beta(1 + people[:, :-1], self.alpha[:, None] + later[:, 1:])
        sticks = np.clip(sticks, 1e-12, 1 - 1e-12)
        left = np.cumprod(1 - sticks, axis=1)
        self.pi = np.concatenate([sticks, np.ones((CHAINS, 1))], axis=1)
        self.pi[:, 1:] *= left
        self.pi = np.clip(self.pi, 1e-300, None)
        rate = PRIOR - np.log(np.clip(left[:, -1], 1e-300, None))
        self.alpha = self.rng.gamma(PRIOR + CLASSES - 1, 1 / rate)

"""If each list works in places of its own, there are fewer people than the overlaps say.

Lists that each reach a place of their own well and other places badly share few people. An
estimate takes few overlaps for many unseen: where each of k lists finds a share a of one k-th
of the people, and r times that of the others, the overlap of two lists is
``phi = k (2 r + (k-2) r^2) / (1 + (k-1) r)^2`` times that of lists that work everywhere, and so
is the true total that of the estimate. Nothing in the overlaps of two lists shows it. Those of
three show a little: singles times triples over pairs squared is 1 for lists that work
everywhere, and ``psi = (3 + (k-3) r) (1 + (k-1) r) / (2 + (k-2) r)^2``, never below 3/4, for
those that do not (both follow by adding up the places). ``log psi`` is what the coefficient of
Darroch's column (``heterogeneity``) estimates, here with its sign. Between 3/4 and 1 lie so few
triples that only large tables can exclude places; then the answer is bounded by the people
seen, and by nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from marfa.domain.message import Message
from marfa.methods.estimation.fits import REJECTED, Fitted
from marfa.methods.estimation.heterogeneity import candidates, signed_curvature
from marfa.methods.estimation.table import CaptureTable, membership

ONE_SIDED = 2.326
"""A one-sided limit of 99% for the curvature: places wrongly excluded are what must not be."""

SURELY = 1.645
"""A one-sided limit of 95%, from which on people are said to differ."""

FEWEST_TRIPLES = 10
"""With fewer people on three lists or more the curvature excludes nothing."""

HIDDEN = 0.75
"""Where the curvature speaks against places of their own, the total may still be this share of
the estimate: people who differ in their chances raise the curvature and hide the places."""

FEW_SHARED = 40
"""With fewer people on two lists chance alone moves the answer by a third (1.96 over the root
of 40), and the interval says so already."""

SIGNS, NO_SIGNS = 2.0, 4.0
"""Totals further apart than this are undecided: a factor of two where the overlaps show signs of
places of their own, else where no figure lies within a factor of two of both."""


@dataclass(frozen=True)
class Territories:
    """What follows if the lists work in places of their own.

    reach: the smallest r that the table does not exclude, 0 to 1. share: the smallest share
    that the true total may be of an estimate without places (``phi``, at most HIDDEN).
    seen: people on a list. shared: people on two or more.
    below: pairs of lists with fewer people in common than by chance, in the best model.
    bent, differ: the curvature is below, above zero by more than chance.
    everywhere: it is assumed that the lists work everywhere, so that nothing follows.
    """

    reach: float
    share: float
    seen: float
    shared: float
    below: tuple[str, ...] = ()
    bent: bool = False
    differ: bool = False
    everywhere: bool = False

    @property
    def signs(self) -> bool:
        """Whether the overlaps themselves speak for places, and do not merely allow them."""
        return self.bent or bool(self.below)

    def fewest(self, low: float) -> float:
        """The smallest total, where without places it would be ``low``."""
        return low if self.everywhere else max(self.seen, self.share * low)

    def most(self, high: float | None) -> float | None:
        """The largest total, where the models of people who differ reach to ``high``.

        That people differ shows in the curvature; how, no overlap tells (Link 2003, Biometrics
        59), and other shapes than those fitted reach as much further as HIDDEN reaches down.
        """
        return high / HIDDEN if self.differ and high is not None else high

    def undecided(self, fewest: float, point: float) -> bool:
        """Whether the answers with places and without are too far apart for a point."""
        apart = SIGNS if self.signs else NO_SIGNS
        if self.everywhere:
            return False
        return self.shared >= FEW_SHARED and point > apart * fewest

    def cautions(self, fewest: float) -> list[Message]:
        """What a reader has to know of places, the smallest total among it."""
        found = []
        if self.differ:
            found.append(Message("methods.estimation:caution-people-differ"))
        if self.everywhere:
            return [*found, Message("methods.estimation:caution-everywhere")]
        if self.below:
            params = {"pairs": ", ".join(self.below)}
            found.append(Message("methods.estimation:caution-below-chance", params))
        if self.bent:
            found.append(Message("methods.estimation:caution-few-on-three"))
        return [
            *found,
            Message("methods.estimation:caution-places", {"fewest": round(fewest)}),
        ]


def territories(fitted: Fitted, everywhere: bool = False) -> Territories | None:
    """How far the table allows that lists work in places of their own; None for two lists."""
    table = fitted.table
    if table.k < 3:
        return None
    if not len(fitted.models.models):
        return Territories(0.0, 0.0, table.observed, table.shared, everywhere=everywhere)
    curved = signed_curvature(table.n, table.k, candidates(fitted.models))
    kept = curved.criterion <= curved.criterion.min() + REJECTED
    lowest = float((curved.curvature - ONE_SIDED * curved.error)[kept].min())
    best = int(curved.criterion.argmin())
    middle, error = float(curved.curvature[best]), float(curved.error[best])
    triples = float(table.n[membership(table.k).sum(axis=1) >= 3].sum())
    reach = smallest_reach(lowest, table.k) if triples >= FEWEST_TRIPLES else 0.0
    return Territories(
        reach,
        min(HIDDEN, overlap_share(reach, table.k)),
        table.observed,
        table.shared,
        pairs_below_chance(fitted),
        bool(np.isfinite(middle)) and middle + ONE_SIDED * error < 0,
        middle - SURELY * error > 0,
        everywhere,
    )


def overlap_share(reach: float, k: int) -> float:
    """``phi``: overlaps of two lists with places, over those without."""
    return k * (2 * reach + (k - 2) * reach**2) / (1 + (k - 1) * reach) ** 2


def triple_share(reach: float, k: int) -> float:
    """``psi``: singles times triples over pairs squared."""
    return (3 + (k - 3) * reach) * (1 + (k - 1) * reach) / (2 + (k - 2) * reach) ** 2


def smallest_reach(curvature: float, k: int) -> float:
    """The r at which ``log psi`` is the curvature; 0 below its range, 1 above."""
    if not curvature > np.log(triple_share(0.0, k)):
        return 0.0
    if curvature >= 0:
        return 1.0
    return float(brentq(lambda r: np.log(triple_share(r, k)) - curvature, 0.0, 1.0))


def pairs_below_chance(fitted: Fitted) -> tuple[str, ...]:
    """Pairs of lists that the best model by BIC needs because they share too few people."""
    models, table = fitted.models, fitted.table
    beta = models.beta[0, models.plan.fixed :]
    terms = models.plan.terms[models.plan.fixed :]
    return tuple(
        pair_name(table, term)
        for term, has, value in zip(terms, models.models[0], beta, strict=True)
        if has and term.bit_count() == 2 and value < 0
    )


def pair_name(table: CaptureTable, term: int) -> str:
    """``A + B``."""
    return " + ".join(name for i, name in enumerate(table.lists) if term >> i & 1)

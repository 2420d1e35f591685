"""Overlaps that exist because one list sent people to another.

A person whom a shelter refers to the police is on both lists, but was found once. Such
overlaps are marked in the input; here they are taken out, and the pairs that they join are
kept dependent. Where nothing else is left to learn the dependence from, nothing is said.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from marfa.domain.message import Message
from marfa.methods.estimation.existence import Verdict, verdict
from marfa.methods.estimation.hierarchies import model_row
from marfa.methods.estimation.newton import design
from marfa.methods.estimation.table import CaptureTable

TOO_MANY = 0.5
"""More than half of the overlaps: they describe the referral path, not the population."""

FORCED = 0.1
"""A pair with this share of marked overlaps cannot be taken for independent."""


def referred_share(table: CaptureTable, referred: CaptureTable) -> float:
    """Share of the people on two lists or more whose overlap came from a referral."""
    return referred.shared / table.shared if table.shared else 0.0


def without(table: CaptureTable, referred: CaptureTable, part: float = 1.0) -> CaptureTable:
    """The table with a part of the marked people on the lists they would be on unsent.

    Which of the lists received the person is not recorded: each is taken to be the receiver
    equally often, so counts become fractional. part: in [0, 1].
    """
    n = table.n.copy()
    for history in np.flatnonzero(referred.n) + 1:
        members = [1 << i for i in range(table.k) if int(history) >> i & 1]
        moved = part * referred.n[history - 1]
        n[history - 1] -= moved
        for member in members:
            n[int(history) - member - 1] += moved / len(members)
    return table.with_counts(n)


def forced_pairs(table: CaptureTable, referred: CaptureTable) -> tuple[int, ...]:
    """Pairs of lists of whose overlap a tenth or more came from referrals."""
    pairs = [(1 << i) | (1 << j) for i, j in combinations(range(table.k), 2)]
    return tuple(
        pair
        for pair in pairs
        if table.overlap(pair) and referred.overlap(pair) >= FORCED * table.overlap(pair)
    )


def refusal(table: CaptureTable, referred: CaptureTable) -> list[Message]:
    """Why the marked overlaps leave the dependence of the lists unknown; empty if they do not."""
    if referred.shared <= 0:
        return []
    marked = referred_share(table, referred)
    if marked > TOO_MANY:
        params = {"share": round(100 * marked)}
        return [Message("methods.estimation:refused-referrals-share", params)]
    left = without(table, referred)
    if left.shared <= 0 or not _identified(left, forced_pairs(table, referred)):
        return [Message("methods.estimation:refused-referrals-dependence")]
    return []


def _identified(table: CaptureTable, pairs: tuple[int, ...]) -> bool:
    """Whether a model in which these pairs are dependent has an estimate."""
    plan = design(table.k, 2)
    if table.k < 3:
        return not pairs
    row = model_row(pairs, plan.terms[plan.fixed :])
    return verdict(table.n, row, plan) == Verdict.VALID

"""How many it takes to stand out from an account's own habit: hubs are damped and not dropped.

An account that receives like sums every day needs more of them in one window than one that never
did. Its habit is the rate of its earlier like sums; where its past is short, half of the
other sums in the same window stands for it. What it takes is the number that a Poisson count of
that rate reaches with a chance of less than ``CHANCE``, and of a tenth of that for every ten times
as many like sums earlier, since a busy account has many windows in which chance may play: a rule
of thumb for what is worth a look, and not a significance.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from math import exp

CHANCE = 1e-4
UNSEEN = 0.2
"""Like sums that are taken for there before anything is known of an account."""
KNOWN = 10
"""Earlier like sums from which their rate alone is a habit."""
MOST_USUAL = 200
"""Beyond it the count needed is the rate and six of its standard deviations."""


def needed_count(least: int, earlier: int, elapsed: int, window: int, others: int = 0) -> int:
    """The count that stands out in a window; never fewer than ``least``.

    earlier: like events before the window. elapsed: seconds from the ledger's first transaction
    to the window's beginning. window: seconds. others: transactions in the window that are not
    like the others, at the same account.
    """
    usual = (earlier + UNSEEN + others / 2) * window / (max(elapsed, 0) + window)
    if earlier >= KNOWN and elapsed > 0:
        usual = max(usual, earlier * window / elapsed)
    return max(least, _standing_out(usual, len(str(earlier)) - 1))


def _standing_out(usual: float, tens: int) -> int:
    if usual > MOST_USUAL:
        return int(usual + (6 + tens / 2) * usual**0.5) + 1
    return bisect_right(_limits(tens), usual)


@cache
def _limits(tens: int) -> tuple[float, ...]:
    """For each count the largest rate at which it still stands out, by bisection."""
    return tuple(_largest_rate(count, CHANCE / 10**tens) for count in range(360))


def _largest_rate(count: int, chance: float) -> float:
    low, high = 0.0, float(count)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _reach(middle, count) < chance else (low, middle)
    return low


def _reach(rate: float, count: int) -> float:
    """The chance that a Poisson count reaches ``count``."""
    term, below = exp(-rate), 0.0
    for k in range(count):
        below += term
        term *= rate / (k + 1)
    return 1.0 - below

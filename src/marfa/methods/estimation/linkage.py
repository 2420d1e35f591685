"""What missed and false links between the lists do to the estimate.

A missed link turns one person into two who were seen once; a false link hides one. With
recall and precision from a clerical sample the table is put right in expectation before it
is estimated, as Ding and Fienberg (1994) do for two lists, and here for any number: the
records of a person are joined one after the other, each join found independently.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.table import CaptureTable

LEAST = 0.2
"""Below this share the correction multiplies the overlaps out of all proportion."""


def corrected(table: CaptureTable, recall: float, precision: float) -> CaptureTable:
    """The table expected if every link had been found and none were false.

    recall: share of the true links that were found; precision: share of the links found that
    are true; both in [0.2, 1]. Histories that the correction would make negative become 0.
    Raises InputError where a share is out of range.
    """
    check_shares(recall, precision)
    without_false = broken(table.n, table.k, precision)
    return table.with_counts(np.maximum(_mended(without_false, table.k, recall), 0.0))


def check_shares(recall: float, precision: float) -> None:
    """Raise InputError where a share is out of range."""
    for name, share in (("recall", recall), ("precision", precision)):
        if not LEAST <= share <= 1:
            params = {"least": LEAST, "given": share}
            raise InputError.at(Message("methods.estimation:linkage-share", params), field=name)


def broken(n: Floats, k: int, kept: float) -> Floats:
    """Expected counts when each join of a history holds with probability ``kept``.

    n: (cells,). People become several where a join is lost, so the sum grows.
    """
    result = np.zeros_like(n)
    for history in np.flatnonzero(n) + 1:
        for pieces, chance in _breaks(int(history), kept):
            for piece in pieces:
                result[piece - 1] += chance * n[history - 1]
    return result


def _mended(n: Floats, k: int, kept: float) -> Floats:
    """The inverse of ``broken``: histories on most lists first, since only they can break."""
    left = n.astype(np.float64).copy()
    result = np.zeros_like(left)
    for history in sorted(range(1, 2**k), key=lambda h: -h.bit_count()):
        joins = history.bit_count() - 1
        true = left[history - 1] / kept**joins
        result[history - 1] = true
        if true == 0 or not joins:
            continue
        for pieces, chance in _breaks(history, kept):
            for piece in pieces:
                left[piece - 1] -= chance * true
    return result


@lru_cache(maxsize=20_000)
def _breaks(history: int, kept: float) -> tuple[tuple[tuple[int, ...], float], ...]:
    """The ways a history can fall into runs of its lists, and the chance of each."""
    members = [1 << i for i in range(history.bit_length()) if history >> i & 1]
    joins = len(members) - 1
    found = []
    for size in range(joins + 1):
        for cuts in combinations(range(1, joins + 1), size):
            edges = [0, *cuts, len(members)]
            pieces = tuple(sum(members[a:b]) for a, b in pairwise(edges))
            found.append((pieces, (1 - kept) ** size * kept ** (joins - size)))
    return tuple(found)


def linkage_grid(recall: float, precision: float) -> Sequence[tuple[float, float]]:
    """Recall and precision about the values given, for a table of what-ifs."""
    recalls = sorted({max(LEAST, round(recall - 0.1, 4)), recall, min(1.0, round(recall + 0.1, 4))})
    precisions = sorted({max(LEAST, round(precision - 0.05, 4)), precision, 1.0})
    return [(r, p) for r in recalls for p in precisions]

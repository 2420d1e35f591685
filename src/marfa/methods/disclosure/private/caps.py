"""How long the record of one person may be, by a noisy histogram of lengths that is paid for.

A low cap needs little noise and loses a part of the long records, which makes counts too small. The
cap chosen is the lowest at which the loss of no count, whichever it is, can be more than a small
part of its noise: the more epsilon, the less noise, the higher the cap.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import isotonic_regression

from marfa.methods.disclosure.private.combinations import Workload
from marfa.methods.disclosure.tables.arrays import Floats, Ints

BINS = 24
TOLERANCE = 0.5
"""The loss that a count may have, as a share of the standard deviation of its noise."""
CLEARLY = 2.0
"""Standard deviations by which the number of records beyond a length must stand out."""
FEW_BINS = BINS // 3
"""Bins that are looked at where nothing stands out."""


def longest(workload: Workload, values_each: tuple[int, ...]) -> float:
    """The length of a record that has ``values_each`` values in each column, by column.

    Longer ones (of columns with several values in a cell) are scaled down to it.
    """
    squares = [
        weight**2 * min(len(group.codes), math.prod(values_each[c] for c in group.columns))
        for group, weight in zip(workload.groups, workload.weights.tolist(), strict=True)
    ]
    return math.sqrt(sum(squares)) or 1.0


def bin_lengths(lengths: Floats, times: Ints, top: float) -> Ints:
    """(BINS,) records by length: the last edge is ``top``, and has all that is longer too.

    One record is in one bin, or in none where its length is 0.
    """
    place = np.ceil(lengths / top * BINS - 1e-9).astype(np.int64)
    found: Ints = np.zeros(BINS, dtype=np.int64)
    np.add.at(found, np.clip(place[lengths > 0], 1, BINS) - 1, times[lengths > 0])
    return found


def choose_cap(histogram: Floats, scale: float, top: float, mu: float) -> float:
    """The lowest edge of a bin at which no count loses more than TOLERANCE of its noise.

    histogram: (BINS,) persons, with noise of standard deviation ``scale``. mu: size of the
    queries that the cap is for.
    """
    edges = top * np.arange(1, BINS + 1) / BINS
    smooth = _smooth(histogram, scale)
    for place, cap in enumerate(edges[:-1]):
        lost = float(((1 - cap / edges[place + 1 :]) * smooth[place + 1 :]).sum())
        if lost <= TOLERANCE * cap / mu:
            return float(cap)
    return float(edges[-1])


def _smooth(histogram: Floats, scale: float) -> Floats:
    """The histogram without the far end, where nobody stands out from the noise; after its highest
    bin it only falls, and it is nowhere negative."""
    beyond = np.cumsum(histogram[::-1])[::-1]
    doubt = scale * np.sqrt(np.arange(len(histogram), 0, -1))
    end = int(np.max(np.flatnonzero(beyond > CLEARLY * doubt), initial=FEW_BINS - 1)) + 1
    top = int(np.argmax(histogram[:end]))
    tail = isotonic_regression(histogram[top:end], increasing=False).x
    smooth = np.concatenate([histogram[:top], tail, np.zeros(len(histogram) - end)])
    return np.asarray(np.maximum(smooth, 0.0), dtype=float)

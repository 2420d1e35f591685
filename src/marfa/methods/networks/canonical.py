"""An order of nodes that follows from the ties alone.

Colour refinement (Weisfeiler and Leman 1968): nodes start with a colour and take a new one from
those of their neighbours until nothing changes. Where a colour is left to several nodes, one of
them is set apart and the others follow. Nodes that no such step tells apart are, but for rare
graphs, images of each other, and any order of them gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MOST_NODES = 2000
"""Above, equal colours are told apart by name, at once: setting apart one by one takes too long."""


def canonical_order(neighbours: Sequence[Sequence[int]], first: Sequence[int]) -> list[int]:
    """Nodes by refined colour. first: colours to begin with, such as who may stand in a set."""
    nodes = len(neighbours)
    heads = np.repeat(np.arange(nodes), [len(row) for row in neighbours])
    tails = np.array([other for row in neighbours for other in row], dtype=np.int64)
    degrees = np.array([len(row) for row in neighbours], dtype=np.int64)
    colours = _refine(_ranks(degrees * 2 + np.array(first, dtype=np.int64)), heads, tails)
    while nodes <= MOST_NODES:
        counts = np.bincount(colours, minlength=1)
        several = np.flatnonzero(counts > 1)
        if not len(several):
            break
        alike = [int(v) for v in np.flatnonzero(colours == several[0])]
        if len({tuple(neighbours[v]) for v in alike}) == 1:
            # Tied to the same nodes: any order of them is as good, and tells no others apart.
            colours = colours * nodes
            colours[alike] += np.arange(len(alike))
            colours = _ranks(colours)
            continue
        colours = colours * 2
        colours[alike[0]] -= 1
        colours = _refine(_ranks(colours), heads, tails)
    return [int(node) for node in np.argsort(colours, kind="stable")]


def _refine(
    colours: NDArray[np.int64], heads: NDArray[np.int64], tails: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Split colours by the colours of neighbours, as often as it splits any."""
    number = int(colours.max(initial=-1)) + 1
    while number < len(colours):
        around = np.bincount(heads, _mix(colours[tails]), minlength=len(colours))
        split = _ranks(colours, around.astype(np.int64))
        found = int(split.max(initial=-1)) + 1
        if found == number:
            break
        colours, number = split, found
    return colours


def _mix(colours: NDArray[np.int64]) -> NDArray[np.float64]:
    """A large odd number for each colour, so that equal sums mean equal neighbours.

    Sums of up to some thousands of them are exact in a double.
    """
    scattered = (colours.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    scattered ^= scattered >> np.uint64(29)
    scattered *= np.uint64(0xBF58476D1CE4E5B9)
    return (scattered >> np.uint64(24)).astype(np.float64)


def _ranks(
    colours: NDArray[np.int64], around: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Colours as 0, 1, 2 ... in their order."""
    keys = colours[:, None] if around is None else np.stack((colours, around), axis=1)
    _values, ranks = np.unique(keys, axis=0, return_inverse=True)
    return ranks.reshape(-1).astype(np.int64)

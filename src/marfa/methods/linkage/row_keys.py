"""Sorted numbers, each once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]


def distinct(*some: Keys) -> Keys:
    """All of them in order, each once. For millions of numbers sorting beats hashing, by which
    ``numpy.unique`` goes, several times."""
    every = np.sort(np.concatenate(some)) if len(some) != 1 else np.sort(some[0])
    if not len(every):
        return np.asarray(every, dtype=np.int64)
    kept = np.ones(len(every), dtype=np.bool_)
    np.not_equal(every[1:], every[:-1], out=kept[1:])
    return np.asarray(every[kept], dtype=np.int64)

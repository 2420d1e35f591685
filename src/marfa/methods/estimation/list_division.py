"""Whether the lists divide the groups between them, and what that did to the undivided table."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

import numpy as np
from scipy.special import chdtrc

from marfa.domain.message import Message
from marfa.methods.estimation.capture_files import CaptureData
from marfa.methods.estimation.fits import Fitted

SURE = 0.01
"""Level of the test that lists and groups have nothing to do with each other."""

STRONG = 0.3
"""Cramer's V from here on is told: a moderate association (Cohen 1988, chapter 7)."""

FAR = 1.25
"""The undivided table is told of where its answer is further off than this."""


def split_cautions(data: CaptureData, pooled: Fitted, basis: Mapping[str, float]) -> list[Message]:
    """Lists that work in some of the groups alone, and the total without groups if far off."""
    found = []
    strength = split_strength(data)
    if strength >= STRONG:
        params = {"strength": f"{strength:.2f}", "columns": ", ".join(data.columns)}
        found.append(Message("methods.estimation:caution-split", params))
    alone = pooled.choices
    if alone:
        whole, parts = median(alone.values()), median(basis.values())
        if max(whole, parts) > FAR * min(whole, parts):
            apart = {"whole": round(whole), "parts": round(parts)}
            found.append(Message("methods.estimation:caution-pooled-differs", apart))
    return found


def split_strength(data: CaptureData) -> float:
    """Cramer's V between being on a list and belonging to a group; 0 where chance explains it."""
    sizes = np.array([table.sizes for _, table in data.strata])
    sizes = sizes[sizes.sum(axis=1) > 0][:, sizes.sum(axis=0) > 0]
    if min(sizes.shape, default=0) < 2:
        return 0.0
    expected = np.outer(sizes.sum(axis=1), sizes.sum(axis=0)) / sizes.sum()
    statistic = float(((sizes - expected) ** 2 / expected).sum())
    if chdtrc((sizes.shape[0] - 1) * (sizes.shape[1] - 1), statistic) > SURE:
        return 0.0
    return float(np.sqrt(statistic / sizes.sum() / (min(sizes.shape) - 1)))

"""From overlaps to estimates: the chance error of the links enters the interval.

In each replicate the table is drawn anew, recall and precision are drawn from what the clerical
sample leaves open (a Beta distribution with Jeffreys' prior: hits + 1/2, misses + 1/2), the table
is put right with them, and the model is chosen again.
"""

from __future__ import annotations

import numpy as np

from marfa.methods.estimation import linkage
from marfa.methods.estimation.bootstrap import CHUNK, Recipe
from marfa.methods.estimation.fits import Fitted
from marfa.methods.estimation.heterogeneity import FAMILIES, candidates
from marfa.methods.estimation.intervals import LEVELS, percentile
from marfa.methods.estimation.newton import Floats
from marfa.methods.estimation.settings import Linkage, Settings
from marfa.methods.estimation.table import CaptureTable

STREAM = 7_700_417
"""Tells these random numbers apart from those of the strata."""


def linked_limits(
    table: CaptureTable, mended: Fitted, settings: Settings
) -> list[tuple[float | None, float | None]]:
    """95% limits of each method on the table put right; none where nothing is to be drawn.

    table: as it was read; mended: what was fitted to the corrected table.
    """
    if not settings.kinds or settings.linkage is None or table.k < 3:
        return []
    methods = ["stepwise", *(["bic", "bma"] if len(mended.models.models) else [])]
    if "independence" in mended.choices:
        methods.append("independence")
    recipe = Recipe(table.k, tuple(methods), settings.p_threshold, mended.models).trimmed()
    if mended.heterogeneous is not None:
        recipe = Recipe(
            table.k,
            (*methods, *FAMILIES),
            settings.p_threshold,
            recipe.among,
            candidates(mended.models),
        )
    rng = np.random.default_rng([settings.seed, STREAM])
    drawn: dict[str, list[Floats]] = {name: [] for name in recipe.methods}
    for start in range(0, settings.replicates, CHUNK):
        size = min(CHUNK, settings.replicates - start)
        points = recipe.points(_tables(table, settings.linkage, size, rng))
        for name, values in points.items():
            drawn[name].append(values)
    found = [percentile(np.concatenate(values), LEVELS[0]) for values in drawn.values()]
    return [(interval.low, interval.high) for interval in found]


def _tables(table: CaptureTable, links: Linkage, size: int, rng: np.random.Generator) -> Floats:
    """Tables drawn from the one read, each put right with shares drawn for it."""
    counts = rng.multinomial(round(table.observed), table.n / table.observed, size=size)
    recalls = _shares(links.recall, links.recall_checked, size, rng)
    precisions = _shares(links.precision, links.precision_checked, size, rng)
    rows = zip(counts.astype(np.float64), recalls, precisions, strict=True)
    return np.array([linkage.corrected(table.with_counts(n), r, p).n for n, r, p in rows])


def _shares(share: float, checked: int | None, size: int, rng: np.random.Generator) -> Floats:
    if checked is None:
        return np.full(size, share)
    hits = share * checked
    drawn = rng.beta(hits + 0.5, checked - hits + 0.5, size)
    return np.clip(drawn, linkage.LEAST, 1.0)

"""How much of a count is lost because long records were scaled down, by what was released alone.

A mixture that is fitted to the counts of one and two values says how long records are that have a
combination. What its records lose, a count is raised by; it costs nothing, and is a model's word.
"""

from __future__ import annotations

import numpy as np

from marfa.methods.disclosure.private.combinations import Workload, count_combinations
from marfa.methods.disclosure.private.mixture import Measured, Mixture
from marfa.methods.disclosure.private.noise import UNIT
from marfa.methods.disclosure.private.records import Records
from marfa.methods.disclosure.private.synthetic import as_records, draw_records
from marfa.methods.disclosure.tables.arrays import Floats

DRAWN = 20_000
"""Records that are drawn to see what they lose."""
MOST_WORK = 20_000_000
FEWEST_DRAWN = 1_000
"""Fewer are drawn where they are looked at by many columns."""
STEADY = 10.0
"""Records of the usual loss that are added to each combination, which may have few."""
LEAST = 0.5
HARMLESS = 0.995
"""A smaller loss than this is left, since the model may be as far off."""


def kept_parts(
    mixture: Mixture, records: Records, workload: Workload, cap: float, *, seed: int
) -> Floats:
    """(cells,) the part of each count that is kept where records are scaled down to ``cap``.

    records: for its columns alone.
    """
    number = max(FEWEST_DRAWN, min(DRAWN, MOST_WORK // max(1, len(workload.groups))))
    drawn = draw_records(mixture, records.parts, number, seed=seed)
    made = as_records(drawn, records.columns)
    weights = workload.cell_weights * UNIT
    whole, scaled = (count_combinations(made, workload, each)[0] / weights for each in (1e6, cap))
    usual = scaled.sum() / max(1.0, whole.sum())
    if usual > HARMLESS:
        return np.ones(workload.size)
    kept = (scaled + STEADY * usual) / (whole + STEADY)
    return np.asarray(np.clip(kept, LEAST, 1.0), dtype=float)


def raise_counts(measured: Measured, kept: Floats) -> Measured:
    """Counts without the loss, and their noise, which grows as they do."""
    return Measured(measured.items, measured.counts / kept, measured.scales / kept)

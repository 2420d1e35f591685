"""What stands beside the figures: how many records there are and how complete they are.

Computed from the protected table, so that it gives away nothing that the table withholds: a
number that the table does not show is not shown here, and shares are coarse enough to hide a few.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from marfa.methods.disclosure.tables.cells import Cells
from marfa.methods.disclosure.tables.count import Counted
from marfa.methods.disclosure.tables.dimension import ROOT
from marfa.methods.disclosure.tables.protected_table import WITHHELD, ProtectedTable

STEPS = (0.01, 0.05, 0.1)
HIDING = 4
"""A step of a published share holds at least this many times the minimum cell."""


def coarse_share(part: int, whole: int, minimum: int) -> float | None:
    """part / whole, rounded to a step that holds at least HIDING * minimum; None: too few."""
    for step in STEPS:
        if whole * step >= HIDING * minimum:
            return round(round(part / whole / step) * step, 2)
    return None


def measure_coverage(table: ProtectedTable, counted: Counted) -> dict[str, Any]:
    """records counted, reported by dimension, completeness, other records, timeliness."""
    total = _shown(table, np.zeros(len(table.dimensions), dtype=np.int64))
    whole = int(counted.cells.counts.max())
    minimum = table.min_cell
    others = counted.file_records - whole
    shown_others = total is not None and (others == 0 or others >= minimum) and table.base is None
    complete = coarse_share(_complete(counted.cells), whole, minimum)
    data: dict[str, Any] = {
        "records": total,
        "records_elsewhere": others if shown_others else None,
        "completeness": complete,
        "reported": {},
    }
    for axis, dimension in enumerate(table.dimensions):
        missing = 0
        if None in dimension.labels[1:]:
            nodes = np.zeros(len(table.dimensions), dtype=np.int64)
            nodes[axis] = dimension.labels.index(None, 1)
            missing_shown = _shown(table, nodes)
            missing = WITHHELD if missing_shown is None else missing_shown
        known = total is not None and missing != WITHHELD
        data["reported"][dimension.name] = {
            "reported": total - missing if known and total is not None else None,
            "missing": missing if missing != WITHHELD else None,
        }
    if counted.lag_days is not None:
        enough = whole - counted.undated >= HIDING * minimum
        data["timeliness"] = {
            "median_days": counted.lag_days if enough else None,
            "dated": coarse_share(whole - counted.undated, whole, minimum),
        }
    return data


def _shown(table: ProtectedTable, nodes: Any) -> int | None:
    at = np.flatnonzero((table.nodes == nodes).all(axis=1))
    if not len(at):
        return 0
    count = int(table.counts[at[0]])
    return None if count == WITHHELD else count


def _complete(cells: Cells) -> int:
    full = np.ones(len(cells.leaves), dtype=bool)
    for axis, dimension in enumerate(cells.dimensions):
        missing = [
            node for node, label in enumerate(dimension.labels) if label is None and node != ROOT
        ]
        full &= ~np.isin(cells.nodes[cells.leaves, axis], missing)
    return int(cells.counts[cells.leaves][full].sum())

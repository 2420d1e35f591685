"""The one protected table from which every output is made. It holds no withheld count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.arrays import Bools, Ints
from marfa.methods.disclosure.tables.dimension import ROOT, Dimension

WITHHELD = -1
PUBLISHED, PRIMARY, SECONDARY, ROUNDED = "published", "primary", "secondary", "rounded"
SUPPRESSED = "suppressed"
"""The one mark that readers see, whatever the reason."""

STATUSES = (PUBLISHED, PRIMARY, SECONDARY, ROUNDED, SUPPRESSED)
RESERVED = frozenset({"count", "status"})


@dataclass(frozen=True)
class ProtectedTable:
    """Cells and margins as they may be seen.

    nodes: (n, dimensions) node of each dimension, 0 where it is summed over.
    counts: (n,) published or rounded counts; WITHHELD where there is none.
    status: (n,) position in STATUSES.
    zeros_listed: whether cells of zero are among them; otherwise what is not listed is zero.
    about: query, coverage, method and whatever else goes with the figures; plain data.
    """

    dimensions: tuple[Dimension, ...]
    nodes: Ints
    counts: Ints
    status: Ints
    min_cell: int
    zeros_listed: bool = True
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def withheld(self) -> Bools:
        """Which cells have no count."""
        return np.equal(self.counts, WITHHELD)

    @property
    def innermost(self) -> Bools:
        """Which are cells, not margins."""
        inner = np.ones(len(self.counts), dtype=bool)
        for axis, dimension in enumerate(self.dimensions):
            inner &= dimension.is_leaf[self.nodes[:, axis]]
        return inner

    @property
    def base(self) -> int | None:
        """The base of rounding, or None for a table that was not rounded."""
        base = self.about.get("base")
        return int(base) if base is not None else None

    def rows(self) -> Iterator[tuple[dict[str, str | None], int | None, str]]:
        """Each cell: values (a summed dimension left out; None: not reported), count, status."""
        for nodes, count, status in zip(
            self.nodes.tolist(), self.counts.tolist(), self.status.tolist(), strict=True
        ):
            values = {
                dimension.name: dimension.labels[node]
                for dimension, node in zip(self.dimensions, nodes, strict=True)
                if node != ROOT
            }
            yield values, None if count == WITHHELD else count, STATUSES[status]

    def with_one_mark(self) -> ProtectedTable:
        """As it may be published: nobody can tell why a cell is withheld."""
        status = np.where(self.withheld, STATUSES.index(SUPPRESSED), self.status)
        hidden = {"withheld", "beside", "optimality_gap"}
        about = {name: value for name, value in self.about.items() if name not in hidden}
        if "withheld" in self.about:
            about["withheld"] = int(self.withheld.sum())
        return replace(self, status=status.astype(np.int64), about=about)

    def as_json(self) -> dict[str, Any]:
        """Plain data; ``from_json`` reads it back."""
        cells: list[dict[str, object]] = []
        margins: list[dict[str, object]] = []
        inner = self.innermost.tolist()
        for (values, count, status), is_cell in zip(self.rows(), inner, strict=True):
            (cells if is_cell else margins).append({**values, "count": count, "status": status})
        return {
            "query_id": self.about.get("query_id"),
            "min_cell": self.min_cell,
            "zeros_listed": self.zeros_listed,
            "dimensions": [_dimension_json(dimension) for dimension in self.dimensions],
            "cells": cells,
            "margins": margins,
            **{name: value for name, value in self.about.items() if name != "query_id"},
        }


def _dimension_json(dimension: Dimension) -> dict[str, object]:
    labels, parents = dimension.labels, dimension.parents
    values: list[dict[str, object]] = []
    for node in range(1, len(labels)):
        label = labels[node]
        above = labels[parents[node]] if parents[node] != ROOT else None
        of = dimension.of.get(label) if label is not None else None
        merged = {"of": list(of)} if of is not None else {}
        values.append({"value": label, "in": above, **merged})
    return {"name": dimension.name, "values": values}


def from_json(data: object) -> ProtectedTable:
    """A table as ``as_json`` wrote it. Raises InputError for anything else."""
    try:
        return _from_json(data)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError.at(Message("methods.disclosure.tables:not-a-table")) from error


def _from_json(data: Any) -> ProtectedTable:
    dimensions = tuple(_dimension_from(entry) for entry in data["dimensions"])
    rows = [*data["cells"], *data["margins"]]
    names = {dimension.name for dimension in dimensions}
    nodes = np.zeros((len(rows), len(dimensions)), dtype=np.int64)
    for axis, dimension in enumerate(dimensions):
        for place, row in enumerate(rows):
            if dimension.name in row:
                nodes[place, axis] = dimension.node_of[row[dimension.name]]
    for row in rows:
        if set(row) - names - RESERVED or (row["count"] is not None and int(row["count"]) < 0):
            raise ValueError(row)
    counts = [WITHHELD if row["count"] is None else int(row["count"]) for row in rows]
    status = [STATUSES.index(row["status"]) for row in rows]
    known = {"dimensions", "cells", "margins", "min_cell", "zeros_listed"}
    return ProtectedTable(
        dimensions,
        nodes,
        np.array(counts, dtype=np.int64),
        np.array(status, dtype=np.int64),
        int(data["min_cell"]),
        bool(data.get("zeros_listed", True)),
        {name: value for name, value in data.items() if name not in known},
    )


def _dimension_from(entry: Any) -> Dimension:
    labels: list[str | None] = [None, *(item["value"] for item in entry["values"])]
    node_of = {label: node for node, label in enumerate(labels) if node}
    if len(node_of) != len(labels) - 1:
        raise ValueError("a value occurs twice")
    parents = [-1]
    for place, item in enumerate(entry["values"], start=1):
        parent = ROOT if item.get("in") is None else node_of[item["in"]]
        if parent >= place:
            raise ValueError("a group comes before its parts")
        parents.append(parent)
    of = {
        str(item["value"]): tuple(None if v is None else str(v) for v in item["of"])
        for item in entry["values"]
        if "of" in item
    }
    return Dimension(str(entry["name"]), tuple(labels), tuple(parents), of)

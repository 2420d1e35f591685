"""Rows for publication: one mark for every withheld cell, whatever the reason.

Who could tell a primary from a secondary cell would know that the first is below the minimum.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.dimension import ROOT
from marfa.methods.disclosure.tables.protected_table import (
    PUBLISHED,
    ROUNDED,
    STATUSES,
    SUPPRESSED,
    ProtectedTable,
)

TOTAL = "_T"
UNKNOWN = "_U"
"""Codes of SDMX for a total and for what is not known, used in all flat files."""


def public_status(status: str) -> str:
    """published, rounded or suppressed."""
    return status if status in {PUBLISHED, ROUNDED} else SUPPRESSED


def public_rows(table: ProtectedTable) -> Iterator[tuple[list[str], int | None, str]]:
    """Values (TOTAL where summed, UNKNOWN where not reported), count or None, public status.

    Raises InputError where a value of the data is one of these two codes.
    """
    for dimension in table.dimensions:
        for code in (TOTAL, UNKNOWN):
            if code in dimension.labels:
                raise InputError.at(
                    Message("methods.disclosure.tables:code-taken", {"code": code}),
                    column=dimension.name,
                )
    names = [
        [
            TOTAL if node == ROOT else UNKNOWN if label is None else label
            for node, label in enumerate(dimension.labels)
        ]
        for dimension in table.dimensions
    ]
    withheld = table.withheld.tolist()
    for nodes, count, hidden, status in zip(
        table.nodes.tolist(), table.counts.tolist(), withheld, table.status.tolist(), strict=True
    ):
        values = [labels[node] for labels, node in zip(names, nodes, strict=True)]
        yield values, None if hidden else count, public_status(STATUSES[status])


def columns_beside(table: ProtectedTable) -> tuple[list[str], dict[tuple[int, ...], list[object]]]:
    """Names of further columns, and by nodes what stands in them: rates with their intervals, sums
    and means of a column."""
    names: list[str] = []
    found: dict[tuple[int, ...], list[object]] = {}
    kinds = (
        ("rates", ("rate", "low", "high"), ["rate_per_100000", "rate_low", "rate_high"]),
        ("amounts", ("sum", "mean"), ["sum", "mean"]),
    )
    for kind, parts, columns in kinds:
        data = dict(table.about.get(kind, {}))
        if not data:
            continue
        column = f"_{data['column']}" if "column" in data else ""
        before, names = len(names), [*names, *(f"{name}{column}" for name in columns)]
        for cell in data.get("cells", ()):
            nodes = _nodes(table, cell["values"])
            row = found.setdefault(nodes, [""] * before)
            row += [""] * (before - len(row)) + [cell[part] for part in parts]
    for row in found.values():
        row += [""] * (len(names) - len(row))
    return names, found


def _nodes(table: ProtectedTable, values: Mapping[str, str | None]) -> tuple[int, ...]:
    return tuple(d.node_of[values[d.name]] if d.name in values else ROOT for d in table.dimensions)


@contextmanager
def replace_file(path: Path, *, mode: int = 0o644) -> Iterator[Path]:
    """A temporary file beside the target that takes its place when all went well."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(mode)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)

"""Rows for publication: one mark for every withheld cell, whatever the reason.

Who could tell a primary from a secondary cell would know that the first is below the minimum.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
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

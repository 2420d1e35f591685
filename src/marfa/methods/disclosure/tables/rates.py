"""Rates per 100,000 people, with intervals, of the counts that a table shows.

The interval is the exact one for a Poisson count (Garwood, Biometrika 28 (1936), pages 437-442): it
says how much the number of detected victims would vary by chance, not how many were not detected.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.dimension import ROOT, Dimension
from marfa.methods.disclosure.tables.protected_table import WITHHELD, ProtectedTable

PER = 100_000
LEVEL = 0.95
NUMBER = "population"

Denominators = tuple[tuple[tuple[tuple[str, str], ...], int], ...]
"""By values of columns, how many people live there."""


def read_denominators(path: Path, dimensions: tuple[str, ...]) -> Denominators:
    """Inhabitants from a CSV: columns of the table, and ``population``.

    Raises InputError that names the row for anything that is not a whole number of people, and for
    a column that the table does not count by.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except OSError as error:
        raise InputError.at(Message("methods.disclosure.tables:no-file"), file=str(path)) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError.at(
            Message("methods.disclosure.tables:not-utf8"), file=path.name, row=1
        ) from error
    names = [name for name in (rows[0] if rows else {}) if name != NUMBER]
    if not rows or NUMBER not in rows[0] or set(names) - set(dimensions):
        raise _error(path, "rates-layout", 1, columns=", ".join((*dimensions, NUMBER)))
    found: dict[tuple[tuple[str, str], ...], int] = {}
    for place, row in enumerate(rows, start=2):
        text = (row[NUMBER] or "").strip()
        key = tuple((name, (row[name] or "").strip()) for name in names)
        if not text.isdigit() or int(text) < 1 or key in found or None in row:
            raise _error(path, "rates-row", place)
        found[key] = int(text)
    return tuple(found.items())


def rates_of(table: ProtectedTable, denominators: Denominators) -> list[dict[str, Any]]:
    """Of each count that is shown and whose inhabitants are known: values, rate, low and high.

    A count that is withheld has no rate, nor has one of people whose value is not reported.
    """
    found: list[dict[str, Any]] = []
    for nodes, count, (values, _count, _status) in zip(
        table.nodes.tolist(), table.counts.tolist(), table.rows(), strict=True
    ):
        people = _people(table, nodes, denominators)
        if count == WITHHELD or not people:
            continue
        low, high = poisson_interval(count)
        rate = {name: round(PER * each / people, 4) for name, each in
                (("rate", count), ("low", low), ("high", high))}  # fmt: skip
        found.append({"values": values, "population": people, **rate})
    return found


def poisson_interval(count: int, level: float = LEVEL) -> tuple[float, float]:
    """The least and the most that the mean of a Poisson count may be (Garwood 1936)."""
    from scipy.stats import chi2

    tail = (1 - level) / 2
    low = float(chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    return low, float(chi2.ppf(1 - tail, 2 * (count + 1))) / 2


def _people(table: ProtectedTable, nodes: list[int], denominators: Denominators) -> int:
    wanted = {
        dimension.name: _values_below(dimension, node)
        for dimension, node in zip(table.dimensions, nodes, strict=True)
        if node != ROOT
    }
    known = {name for key, _number in denominators for name, _value in key}
    for name in known & wanted.keys():
        if None in wanted[name] or not wanted[name] <= _listed(denominators, name):
            return 0
    return sum(number for key, number in denominators if _inside(dict(key), wanted))


def _inside(key: Mapping[str, str], wanted: Mapping[str, set[str | None]]) -> bool:
    return all(value in wanted[name] for name, value in key.items() if name in wanted)


def _listed(denominators: Denominators, name: str) -> set[str | None]:
    return {dict(key)[name] for key, _number in denominators}


def _values_below(dimension: Dimension, node: int) -> set[str | None]:
    """Values of the data below a node."""
    found: set[str | None] = set()
    for leaf in range(1, len(dimension.labels)):
        if dimension.is_leaf[leaf] and node in dimension.chains[leaf]:
            label = dimension.labels[leaf]
            found |= {label} if label is None else set(dimension.of.get(label, (label,)))
    return found


def _error(path: Path, code: str, row: int, **params: object) -> InputError:
    message = Message(f"methods.disclosure.tables:{code}", params)
    return InputError.at(message, file=path.name, row=row)

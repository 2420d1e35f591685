"""Sums of a column, and in which of them one contribution, or a few, could be worked out.

A sum gives away its largest contribution to whoever knows the second one, within the sum of the
rest. The rule of p percent asks that the rest is at least so much of the largest; the rule of n and
k that the n largest are at most k percent (Hundepool et al., Statistical Disclosure Control (2012),
sections 4.2.1 and 4.2.2; how far a withheld sum must be open: Loeve, Notes on sensitivity measures
and protection levels (2001)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.arrays import Ints
from marfa.methods.disclosure.tables.count import leaf_nodes
from marfa.methods.disclosure.tables.dimension import Dimension
from marfa.methods.disclosure.tables.query import TableQuery
from marfa.methods.disclosure.tables.source import RecordFile

HUNDREDTHS = 100
LARGEST = 10**11
"""Hundredths of a total beyond which the arithmetic of the attack would not be exact."""

Rows = Sequence[tuple[object, ...]]


@dataclass(frozen=True)
class Sums:
    """totals: (cells,) hundredths. room: (cells,) how far up and down each must be able to be, 0
    where it may be shown."""

    totals: Ints
    room: Ints


def read_amounts(
    source: RecordFile, query: TableQuery, columns: str, names: str, where: str
) -> list[tuple[object, ...]]:
    """By combination: values, the sum in hundredths, the largest contributions, the smallest one.

    columns, names, where: SQL of the count. Who has several records contributes their sum.
    Raises InputError where somebody has no number, a negative one, or one with more than two
    decimal places.
    """
    amount = source.value(query.amount or "", query.missing)
    number = f"try_cast({amount} AS DECIMAL(18, 6)) * {HUNDREDTHS}"
    person = source.value(query.unit, query.missing) if query.unit else "row_number() OVER ()"
    inner = f"SELECT {columns}, {number} AS amount, {person} AS who FROM records{where}"  # noqa: S608
    wrong = source.rows(
        f"SELECT count(*) FROM ({inner}) "  # noqa: S608
        "WHERE amount IS NULL OR amount < 0 OR amount <> round(amount)"
    )[0][0]
    if int(str(wrong)):
        raise InputError.at(
            Message("methods.disclosure.tables:amount-wrong", count=int(str(wrong))),
            file=source.path.name,
            column=query.amount,
        )
    most = max(2, query.dominance[0])
    return source.rows(
        f"SELECT {names}, sum(amount)::BIGINT, list(amount::BIGINT ORDER BY amount DESC)[:{most}], "  # noqa: S608
        "min(amount)::BIGINT "
        f"FROM (SELECT {names}, who, sum(amount) AS amount FROM ({inner}) GROUP BY {names}, who) "
        f"GROUP BY {names}"
    )


def sum_cells(
    query: TableQuery, dimensions: tuple[Dimension, ...], nodes: Ints, counts: Ints, rows: Rows
) -> Sums:
    """The sums of a table's cells, and which of them must be open.

    nodes, counts: (cells, ...) of the table, zeros too where it lists them. rows: see
    ``read_amounts``. Raises InputError for sums that are too large.
    """
    width = len(dimensions)
    place = {tuple(cell): at for at, cell in enumerate(nodes.tolist())}
    totals = np.zeros(len(nodes), dtype=np.int64)
    top = np.zeros((len(nodes), max(2, query.dominance[0])), dtype=np.int64)
    for leaf, row in zip(leaf_nodes(query, dimensions, rows).tolist(), rows, strict=True):
        amount, largest = int(str(row[width])), np.array(row[width + 1], dtype=np.int64)
        for cell in _above(dimensions, leaf):
            at = place[cell]
            totals[at] += amount
            top[at] = -np.sort(-np.concatenate([top[at], largest]))[: top.shape[1]]
    if int(totals.max(initial=0)) > LARGEST:
        raise InputError.at(
            Message("methods.disclosure.tables:amount-large"), column=query.amount or ""
        )
    return Sums(totals, _room(query, totals, top, counts))


def _above(dimensions: tuple[Dimension, ...], leaf: list[int]) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = [()]
    for dimension, node in zip(dimensions, leaf, strict=True):
        found = [(*cell, above) for cell in found for above in dimension.chains[node]]
    return found


def _room(query: TableQuery, totals: Ints, top: Ints, counts: Ints) -> Ints:
    """The protection levels of both rules; of few people, as if there were no others."""
    p, (n, k) = query.p_percent / 100, query.dominance
    own = p * top[:, 0]
    by_p = own - (totals - top[:, 0] - top[:, 1])
    by_n = 100 / k * top[:, :n].sum(axis=1) - totals
    room = np.maximum(by_p, by_n)
    few = (counts > 0) & (counts < query.min_cell)
    room = np.where(few, np.maximum(np.maximum(room, own), 1), room)
    # Whoever has nothing at all is told of as well: an empty sum of few is open upwards.
    return np.ceil(np.where(counts > 0, np.maximum(room, 0), 0)).astype(np.int64)

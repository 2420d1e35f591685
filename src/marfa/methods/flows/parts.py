"""Questions put to a ledger a part at a time, so that what they hold does not grow with it.

A question whose groups all belong to one account is the same asked of some accounts after the
others. A part is the accounts whose number leaves the same rest when it is divided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from marfa.methods.flows.ledger import Ledger, Numbers

AT_ONCE = 1_000_000
"""Transactions of a part, roughly."""


def part_of(account: str) -> str:
    """The condition by which a question takes the accounts of one part."""
    return f"{account} % $parts = $part"


def parts_of(ledger: Ledger) -> Iterator[Mapping[str, int]]:
    """What stands for the signs of ``part_of``, for one part after the other."""
    parts = max(-(-len(ledger) // AT_ONCE), 1)
    for part in range(parts):
        yield {"parts": parts, "part": part}


def keep_in_parts(ledger: Ledger, table: str, sql: str) -> None:
    """Make a table of a question with ``part_of`` in it."""
    begin = f"CREATE OR REPLACE TEMP TABLE {table} AS"
    for part in parts_of(ledger):
        ledger.connection.execute(f"{begin} {sql}", part)
        begin = f"INSERT INTO {table}"


def ask_in_parts(ledger: Ledger, sql: str, order: Sequence[str]) -> Mapping[str, Numbers]:
    """The columns of a question with ``part_of`` in it, in the order of some of them."""
    found = [ledger.connection.execute(sql, part).fetchnumpy() for part in parts_of(ledger)]
    columns = {name: np.concatenate([each[name] for each in found]) for name in found[0]}
    places = np.lexsort([columns[name] for name in reversed(order)])
    return {name: column[places].astype(np.int64) for name, column in columns.items()}


def spans(ts: Numbers, window: int) -> Iterator[tuple[slice, int]]:
    """Places in order of time, so many at once and what follows them within a window; with the
    place at which the next span begins."""
    begin = 0
    while begin < len(ts):
        next_begin = min(begin + AT_ONCE, len(ts))
        last = int(ts[next_begin - 1]) + window
        yield slice(begin, int(np.searchsorted(ts, last, side="right"))), next_begin
        begin = next_begin

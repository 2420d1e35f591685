"""Bursts: many like sums at one account within a window. Fan in, fan out, and structuring.

Like sums lie within two quarter octaves of each other on either side (at least from 0.71 to 1.41
times). What stands at the same time as a transaction lies in its window; what comes later never
does. Shapes after Suzumura and Kanezashi, AMLSim (2021), and Altman and others, NeurIPS 36
(2023), section 3; like sums after indicator FR-01, sums below a limit after FM-02.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marfa.methods.flows.findings import Finding, join_sets
from marfa.methods.flows.habit import needed_count
from marfa.methods.flows.ledger import Ledger, Numbers
from marfa.methods.flows.parts import ask_in_parts, part_of

LIKE = 2
"""Quarter octaves."""


@dataclass(frozen=True)
class Burst:
    """A transaction in whose window, which ends with it, like sums stand out.

    row: of the transaction. account: where. members: rows in the window, itself among them.
    """

    row: int
    account: int
    members: tuple[int, ...]
    damped: bool


@dataclass(frozen=True)
class Bursts:
    """Bursts of one direction in order of their rows; accounts left out by their habit."""

    found: Sequence[Burst]
    damped: frozenset[int]


def find_bursts(ledger: Ledger, *, inward: bool, window: int, least: int) -> Bursts:
    """Transactions with at least ``least`` distinct counterparts in their window, like sums alone.

    inward: at the receiving account, else at the paying one. window: seconds.
    """
    key, other = ("dst", "src") if inward else ("src", "dst")
    sql = f"""
        WITH counted AS (SELECT n, {key} AS k, count(DISTINCT {other}) OVER w AS c,
                count(*) OVER w AS whole FROM t WHERE {part_of(key)}
                WINDOW w AS (PARTITION BY {key} ORDER BY
                ts RANGE BETWEEN {window} PRECEDING AND CURRENT ROW)),
        busy AS (SELECT k FROM counted GROUP BY k HAVING max(c) >= {least}),
        near AS (SELECT {key} AS k, {other} AS o, ts, n, bin + d AS b, d = 0 AS own
                FROM t, (SELECT unnest(range(-{LIKE}, {LIKE + 1})) AS d)
                WHERE {key} IN (SELECT k FROM busy)),
        likes AS (SELECT n, own,
                count(DISTINCT o) OVER w AS c, count(*) OVER w AS alike,
                count(*) OVER (PARTITION BY k, b ORDER BY ts RANGE BETWEEN
                    UNBOUNDED PRECEDING AND {window + 1} PRECEDING) AS earlier
                FROM near WINDOW w AS (PARTITION BY k, b
                ORDER BY ts RANGE BETWEEN {window} PRECEDING AND CURRENT ROW))
        SELECT n, likes.c, earlier, whole - alike AS others FROM likes JOIN counted USING (n)
        WHERE own AND likes.c >= {least}"""  # noqa: S608
    table = ask_in_parts(ledger, sql, ["n"])
    keys = ledger.dst if inward else ledger.src
    begin = int(ledger.ts[0])
    lists = AccountLists(ledger, keys)
    found, damped = [], set()
    columns = (table[name].tolist() for name in ("n", "c", "earlier", "others"))
    for row, count, earlier, others in zip(*columns, strict=True):
        elapsed = int(ledger.ts[row]) - window - begin
        need = needed_count(least, earlier, elapsed, window, others)
        account = int(keys[row])
        if count < need:
            damped.add(account)
            continue
        members = lists.like(row, window)
        found.append(Burst(row, account, members, need > least))
    return Bursts(found, frozenset(damped))


def find_fans(bursts: Bursts, pattern: str) -> list[Finding]:
    """Bursts of an account that share transactions are one finding."""
    damped = {row for burst in bursts.found if burst.damped for row in burst.members}
    account = {row: burst.account for burst in bursts.found for row in burst.members}
    return [
        Finding(rows, pattern, account[rows[0]], not damped.isdisjoint(rows))
        for rows in join_sets(burst.members for burst in bursts.found)
    ]


class AccountLists:
    """The transactions of each account in one direction, in order, without payments to itself."""

    def __init__(self, ledger: Ledger, keys: Numbers) -> None:
        self.ledger = ledger
        kept = np.flatnonzero(ledger.src != ledger.dst)
        self.rows = kept[np.argsort(keys[kept], kind="stable")]
        self.times = ledger.ts[self.rows]
        accounts = len(ledger.names)
        self.starts = np.searchsorted(keys[self.rows], np.arange(accounts + 1))
        self.keys = keys

    def between(self, account: int, first: int, last: int) -> Numbers:
        """Rows of an account from one second to another, both included."""
        low, high = int(self.starts[account]), int(self.starts[account + 1])
        times = self.times[low:high]
        begin, end = np.searchsorted(times, first), np.searchsorted(times, last, side="right")
        return self.rows[low + int(begin) : low + int(end)]

    def like(self, row: int, window: int) -> tuple[int, ...]:
        """Rows with like sums in the window that ends with a transaction."""
        now = int(self.ledger.ts[row])
        rows = self.between(int(self.keys[row]), now - window, now)
        near = np.abs(self.ledger.bin[rows] - self.ledger.bin[row]) <= LIKE
        return tuple(rows[near].tolist())


def find_structuring(ledger: Ledger, *, window: int, least: int, limit: int) -> list[Finding]:
    """Sums from four fifths of a limit to just below it, repeated between the same two accounts.

    limit: thousandths. At least ``least`` of them in a window, and together at least the limit.
    """
    low = -(-limit * 4 // 5)
    sql = f"""
        WITH near AS (SELECT n, src, dst, ts FROM t WHERE amount >= {low} AND amount < {limit})
        SELECT n, src, dst, ts FROM (SELECT *, count(*) OVER (PARTITION BY src, dst ORDER BY ts
            RANGE BETWEEN {window} PRECEDING AND {window} FOLLOWING) AS c FROM near)
        WHERE c >= {least} ORDER BY src, dst, n"""  # noqa: S608
    table = ledger.connection.execute(sql).fetchnumpy()
    pairs: dict[tuple[int, int], list[int]] = {}
    for n, src, dst in zip(table["n"], table["src"], table["dst"], strict=True):
        pairs.setdefault((int(src), int(dst)), []).append(int(n))
    windows = []
    for rows in pairs.values():
        for last, row in enumerate(rows):
            first = next(i for i, r in enumerate(rows) if ledger.ts[r] >= ledger.ts[row] - window)
            while last + 1 < len(rows) and ledger.ts[rows[last + 1]] == ledger.ts[row]:
                last += 1
            if last - first + 1 >= least:
                windows.append(rows[first : last + 1])
    return [Finding(rows, "structuring", int(ledger.dst[rows[0]])) for rows in join_sets(windows)]

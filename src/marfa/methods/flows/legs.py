"""Money that comes in and leaves again much the same: pass-through and scatter-gather.

A leg is a pair of transactions through one account, the second strictly later than the first and
carrying on most of it. Shapes after Altman and others, NeurIPS 36 (2023), section 3; shares and
windows after indicators FM-03 and FM-05.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from marfa.methods.flows.findings import Finding, join_sets
from marfa.methods.flows.ledger import Ledger, Numbers
from marfa.methods.flows.parts import ask_in_parts, keep_in_parts, part_of

SMALLEST_KEPT = 85
"""Hundredths of a sum that a leg carries on at least; it never carries on more than came in."""


@dataclass(frozen=True)
class Leg:
    """Places of the two transactions, and the accounts: from, through, to."""

    into: int
    out: int
    src: int
    middle: int
    dst: int


def find_legs(ledger: Ledger, *, window: int, kept: int, least: int, by: str) -> list[Leg]:
    """Legs within a window, of those that could belong to a shape.

    kept: hundredths of the sum that goes on, at least. least: legs that a group needs. by:
    ``triple`` (the same three accounts) or ``ends`` (the same first and last, over different
    middles); groups with fewer are left out. A leg that returns to where it came from is none.
    """
    group, counted = ("a, b, c", "first") if by == "triple" else ("a, c", "b")
    # Sums of the same or the next smaller size meet: at a hub all with all are too many.
    legs = f"""
        WITH i AS (SELECT n, src, dst, ts, amount, unnest([bin, bin - 1]) AS bin
            FROM t WHERE {part_of("dst")})
        SELECT i.n AS first, o.n AS second, i.src AS a, i.dst AS b, o.dst AS c
            FROM i JOIN t o ON i.dst = o.src AND o.bin = i.bin
            AND o.ts > i.ts AND o.ts <= i.ts + {window}
            AND o.amount <= i.amount AND o.amount * 100 >= i.amount * {kept}
            WHERE i.src <> o.dst AND {part_of("o.src")}"""  # noqa: S608
    keep_in_parts(ledger, "legs", legs)
    sql = f"""
        WITH part AS (SELECT * FROM legs WHERE {part_of("a")})
        SELECT first, second, a, b, c FROM part SEMI JOIN (SELECT {group} FROM part
            GROUP BY {group} HAVING count(DISTINCT {counted}) >= {least}) USING ({group})"""  # noqa: S608
    table = ask_in_parts(ledger, sql, ["first", "second"])
    ledger.connection.execute("DROP TABLE legs")
    columns = (table[name].tolist() for name in ("first", "second", "a", "b", "c"))
    return [Leg(*values) for values in zip(*columns, strict=True)]


def find_pass_through(ledger: Ledger, *, hold: int, window: int, least: int) -> list[Finding]:
    """The same three accounts again and again: in, and most of it out within ``hold``.

    Each transaction counts once: what came first is carried on by the first that can.
    """
    groups: dict[tuple[int, int, int], list[Leg]] = defaultdict(list)
    for leg in find_legs(ledger, window=hold, kept=SMALLEST_KEPT, least=least, by="triple"):
        groups[leg.src, leg.middle, leg.dst].append(leg)
    runs: list[list[int]] = []
    for legs in groups.values():
        runs += _runs(ledger.ts, _once_each(legs), window, least)
    return [Finding(rows, "pass_through", int(ledger.dst[rows[0]])) for rows in join_sets(runs)]


def _once_each(legs: Sequence[Leg]) -> list[Leg]:
    used: set[int] = set()
    chosen = []
    for leg in legs:
        if leg.into not in used and leg.out not in used:
            used |= {leg.into, leg.out}
            chosen.append(leg)
    return chosen


def _runs(ts: Numbers, legs: Sequence[Leg], window: int, least: int) -> Iterator[list[int]]:
    """Transactions of each window, which ends with an outgoing one, that holds enough legs."""
    by_end = sorted(legs, key=lambda leg: leg.out)
    for last in by_end:
        end = int(ts[last.out])
        inside = [leg for leg in by_end if ts[leg.into] >= end - window and ts[leg.out] <= end]
        if len(inside) >= least:
            yield [row for leg in inside for row in (leg.into, leg.out)]


def find_scatter_gather(ledger: Ledger, *, window: int, least: int) -> list[Finding]:
    """One account pays many, and each of them pays the same other account, within a window."""
    found = []
    legs = find_legs(ledger, window=window, kept=SMALLEST_KEPT, least=least, by="ends")
    for (src, _dst), group in _by_ends(legs).items():
        for rows in join_sets(_spreads(ledger.ts, group, window, least)):
            found.append(Finding(rows, "scatter_gather", src))
    return found


def _by_ends(legs: Iterable[Leg]) -> Mapping[tuple[int, int], list[Leg]]:
    groups: dict[tuple[int, int], list[Leg]] = defaultdict(list)
    for leg in legs:
        groups[leg.src, leg.dst].append(leg)
    return groups


def _spreads(ts: Numbers, legs: Sequence[Leg], window: int, least: int) -> Iterator[list[int]]:
    """Transactions of each window with enough different middles."""
    by_end = sorted(legs, key=lambda leg: (leg.out, leg.into))
    for last in by_end:
        end = int(ts[last.out])
        inside = [leg for leg in by_end if ts[leg.into] >= end - window and ts[leg.out] <= end]
        if len({leg.middle for leg in inside}) >= least:
            yield [row for leg in inside for row in (leg.into, leg.out)]

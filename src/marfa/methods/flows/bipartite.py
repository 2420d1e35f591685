"""Many who pay the same many: bipartite blocks, and stacks of two such layers.

A block is two accounts that pay the same two others, all four like sums within a window; blocks
that share transactions are one finding. A stack is two layers of blocks, where the middle accounts
pass on what they got. Shapes after Altman and others, NeurIPS 36 (2023), section 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from marfa.methods.flows.bursts import LIKE
from marfa.methods.flows.findings import Finding, join_sets
from marfa.methods.flows.ledger import Ledger
from marfa.methods.flows.parts import ask_in_parts, keep_in_parts, part_of

KEPT = (85, 100)
"""Hundredths of what a middle account of a stack got that it passes on, at least and at most."""

Shared = tuple[int, int, int]
"""Transactions of two payers to one account, and that account."""


@dataclass(frozen=True, order=True)
class Block:
    """Two payers, two paid accounts, and the four transactions."""

    payers: tuple[int, int]
    paid: tuple[int, int]
    rows: tuple[int, ...]


def find_blocks(ledger: Ledger, *, window: int) -> list[Block]:
    """Every two accounts that pay the same two others, like sums within a window of seconds."""
    both = f"""SELECT x.src AS a, y.src AS b, x.dst AS d, x.n AS first, y.n AS second
            FROM t x JOIN t y ON x.dst = y.dst AND x.src < y.src
            AND y.ts BETWEEN x.ts - {window} AND x.ts + {window}
            AND y.bin BETWEEN x.bin - {LIKE} AND x.bin + {LIKE}
            WHERE {part_of("x.dst")} AND {part_of("y.dst")}"""  # noqa: S608
    keep_in_parts(ledger, "both_pay", both)
    sql = f"""
        WITH part AS (SELECT * FROM both_pay WHERE {part_of("a")})
        SELECT a, b, d, first, second FROM part SEMI JOIN (SELECT a, b FROM part
            GROUP BY a, b HAVING count(DISTINCT d) >= 2) USING (a, b)"""  # noqa: S608
    table = ask_in_parts(ledger, sql, ["a", "b", "first", "second"])
    ledger.connection.execute("DROP TABLE both_pay")
    groups: dict[tuple[int, int], list[Shared]] = defaultdict(list)
    columns = (table[name].tolist() for name in ("a", "b", "d", "first", "second"))
    for a, b, d, first, second in zip(*columns, strict=True):
        groups[a, b].append((first, second, d))
    blocks = {
        Block(pair, tuple(sorted((one[2], two[2]))), rows)  # type: ignore[arg-type]
        for pair, shared in groups.items()
        for one, two in combinations(shared, 2)
        if one[2] != two[2] and _alike(ledger, rows := tuple(sorted({*one[:2], *two[:2]})), window)
    }
    return sorted(blocks)


def _alike(ledger: Ledger, rows: Sequence[int], window: int) -> bool:
    """Whether all lie in one window, and each is like the last of them."""
    bins = [int(ledger.bin[row]) for row in rows]
    times = [int(ledger.ts[row]) for row in rows]
    return max(times) - min(times) <= window and max(bins) - min(bins) <= LIKE


def find_bipartite(blocks: Iterable[Block]) -> list[Finding]:
    """Blocks that share transactions are one finding."""
    return [Finding(rows, "bipartite") for rows in join_sets(block.rows for block in blocks)]


def find_stacks(ledger: Ledger, blocks: Sequence[Block], *, window: int) -> list[Finding]:
    """Layers of blocks one after the other, within a window of seconds in all.

    Each middle account gets before it pays, and pays from 85 to 100 hundredths of what it got.
    """
    into: dict[tuple[int, int], list[Block]] = defaultdict(list)
    out: dict[tuple[int, int], list[Block]] = defaultdict(list)
    for block in blocks:
        into[block.paid].append(block)
        out[block.payers].append(block)
    found = [
        rows
        for middles in sorted(into.keys() & out.keys())
        for rows in _layers(ledger, middles, into[middles], out[middles], window)
    ]
    return [Finding(rows, "stack") for rows in join_sets(found)]


def _layers(
    ledger: Ledger,
    middles: tuple[int, int],
    into: Sequence[Block],
    out: Sequence[Block],
    window: int,
) -> Iterator[tuple[int, ...]]:
    """Of each window, which ends with a transaction that leaves: all blocks of both layers."""
    for last in sorted({block.rows[-1] for block in out}):
        end = int(ledger.ts[last])
        later = {
            row
            for block in out
            if end - window <= ledger.ts[block.rows[0]] and ledger.ts[block.rows[-1]] <= end
            for row in block.rows
        }
        first = min((int(ledger.ts[row]) for row in later), default=end)
        earlier = {
            row
            for block in into
            if end - window <= ledger.ts[block.rows[0]] and ledger.ts[block.rows[-1]] < end
            for row in block.rows
        }
        if earlier and later and first <= end and _passes_on(ledger, middles, earlier, later):
            yield tuple(sorted(earlier | later))


def _passes_on(ledger: Ledger, middles: Sequence[int], earlier: set[int], later: set[int]) -> bool:
    for middle in middles:
        got = [row for row in earlier if ledger.dst[row] == middle]
        paid = [row for row in later if ledger.src[row] == middle]
        before = max(int(ledger.ts[row]) for row in got) < min(int(ledger.ts[r]) for r in paid)
        sum_in = sum(int(ledger.amount[row]) for row in got)
        sum_out = sum(int(ledger.amount[row]) for row in paid)
        if not before or not sum_in * KEPT[0] <= sum_out * 100 <= sum_in * KEPT[1]:
            return False
    return True

"""Money that returns to where it came from: cycles in time order of two to six hops.

Each hop is strictly later than the one before it, and all lie within a window; with amounts, each
carries from 85 to 100 hundredths of the one before (indicator FM-04). Accounts come once. The
search starts at every transaction and follows those that leave later; temporal simple cycles as
in Kumar and Calders, PVLDB 11 (2018). Machine code where the extra ``kernels`` is installed; where
it is not, joins in SQL that meet in the middle, with the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.flows.findings import Finding
from marfa.methods.flows.ledger import Ledger, Numbers
from marfa.methods.flows.parts import spans

MOST_HOPS = 6
MOST_STEPS = 2_000_000_000
"""Hops that are tried. A ledger that needs more is refused: limits are by work and not by time."""
MOST_CYCLES = 5_000_000
SHORT = 2**31
"""Times after the first that are less than this have four bytes."""


@dataclass(frozen=True)
class Limits:
    """What a cycle may be: window in seconds, hops, and hundredths of a sum that go on.

    least 0 and most 0: sums do not count.
    """

    window: int
    hops: int = MOST_HOPS
    least: int = 85
    most: int = 100

    @property
    def sums_count(self) -> bool:
        return self.most > 0


def find_cycles(
    ledger: Ledger, limits: Limits, *, fast: bool = True, part: slice | None = None
) -> list[tuple[int, ...]]:
    """All cycles, as places of transactions in order of time, sorted.

    fast: machine code where there is one. part: places of the ledger to which all transactions
    of a cycle belong. Raises InputError where there are too many ways.
    """
    part = slice(0, len(ledger)) if part is None else part
    run = machine_code() if fast else None
    if run is None:
        return sorted(_by_joins(ledger, limits, part))
    return sorted(_by_kernel(ledger, limits, part, run))


def cycle_findings(ledger: Ledger, cycles: Sequence[tuple[int, ...]]) -> list[Finding]:
    """One finding a cycle; its centre is where it begins and ends."""
    return [Finding(rows, "cycle", int(ledger.src[rows[0]])) for rows in cycles]


def _by_joins(ledger: Ledger, limits: Limits, part: slice) -> list[tuple[int, ...]]:
    """Cycles of one span of time after the other, each where it begins."""
    found: list[tuple[int, ...]] = []
    for span, after in spans(ledger.ts[part], limits.window):
        inside = slice(span.start + part.start, span.stop + part.start)
        met = _met_in_the_middle(ledger, limits, inside)
        found += [rows for rows in met if rows[0] < after + part.start]
        if len(found) > MOST_CYCLES:
            raise too_many(ledger)
    return found


def _met_in_the_middle(ledger: Ledger, limits: Limits, part: slice) -> Iterator[tuple[int, ...]]:
    """Ways of up to three hops, and two of them that meet at both ends for what is longer.

    A way of six hops is never followed: both halves of a cycle are ways themselves, and two
    accounts with a way there and a way back are rare.
    """
    run = ledger.connection.execute
    half = (limits.hops + 1) // 2
    run(_hops(ledger, limits, part))
    for hops in range(2, limits.hops + 1):
        if hops <= half:
            run(_ways(limits, hops))
            closed = run(f"SELECT {_listed('e', hops)} FROM p{hops} WHERE dst = v1")  # noqa: S608
            yield from _at_most(closed.fetchmany(MOST_CYCLES + 1), ledger)
            run(f"DELETE FROM p{hops} WHERE dst = v1")  # noqa: S608
        else:
            met = run(_there_and_back(limits, (hops + 1) // 2, hops // 2))
            yield from _at_most(met.fetchmany(MOST_CYCLES + 1), ledger)
    for hops in range(1, half + 1):
        run(f"DROP TABLE p{hops}")


def _at_most(rows: Sequence[tuple[int, ...]], ledger: Ledger) -> Sequence[tuple[int, ...]]:
    if len(rows) > MOST_CYCLES:
        raise too_many(ledger)
    return [tuple(int(row) for row in each) for each in rows]


def _hops(ledger: Ledger, limits: Limits, part: slice) -> str:
    """Table p1 of ways of one hop: its transaction e1, accounts v1 and dst, first and last time.

    bin: whole windows before it, so that what follows a hop is looked for in two of them and not
    in everything that an account ever paid. Numbers are as short as they can be, for memory.
    """
    times = ledger.ts[part]
    first, last = (int(times[0]), int(times[-1])) if len(times) else (0, 0)
    short = "INTEGER" if last - first + limits.window < SHORT else "BIGINT"
    time = f"(ts - {first})::{short}"
    bins = f"((ts - {first}) // {max(limits.window, 1)})::{short}"
    sums = ", amount AS a1, amount" if limits.sums_count else ""
    return f"""CREATE OR REPLACE TEMP TABLE p1 AS
        SELECT n::INTEGER AS e1, src::INTEGER AS v1, dst::INTEGER AS dst,
        {time} AS t1, {time} AS ts, {bins} AS bin{sums}
        FROM t WHERE n >= {part.start} AND n < {part.stop} AND src <> dst"""  # noqa: S608


def _ways(limits: Limits, hops: int) -> str:
    """Table of the ways that are one hop longer; accounts between come once."""
    sums = ", p.a1, e.amount" if limits.sums_count else ""
    return f"""CREATE OR REPLACE TEMP TABLE p{hops} AS
        SELECT {_listed("p.e", hops - 1)}, e.e1 AS e{hops}, {_listed("p.v", hops - 1)},
        p.dst AS v{hops}, e.dst, p.t1, e.ts, e.bin{sums}
        FROM (SELECT *, unnest([bin, bin + 1]) AS soon FROM p{hops - 1}) p
        JOIN p1 e ON e.v1 = p.dst AND e.bin = p.soon AND {_goes_on(limits)}
        WHERE {_all_apart([("e.dst", f"p.v{i}") for i in range(2, hops)])}"""  # noqa: S608


def _there_and_back(limits: Limits, there: int, back: int) -> str:
    """Cycles of a way there and a way back with no account between that both have."""
    between = [(f"p.v{i}", f"e.v{j}") for i in range(2, there + 1) for j in range(2, back + 1)]
    return f"""SELECT {_listed("p.e", there)}, {_listed("e.e", back)}
        FROM p{there} p JOIN p{back} e ON e.v1 = p.dst AND e.dst = p.v1 AND {_goes_on(limits)}
        WHERE {_all_apart(between)}"""  # noqa: S608


def _goes_on(limits: Limits) -> str:
    """Whether the way e takes on what the way p brought, within the window of both."""
    timely = f"e.t1 > p.ts AND e.ts <= p.t1 + {limits.window}"
    if not limits.sums_count:
        return timely
    return f"{timely} AND e.a1 * 100 BETWEEN p.amount * {limits.least} AND p.amount * {limits.most}"


def _listed(name: str, number: int) -> str:
    return ", ".join(f"{name}{i}" for i in range(1, number + 1))


def _all_apart(pairs: list[tuple[str, str]]) -> str:
    return " AND ".join(f"{one} <> {other}" for one, other in pairs) or "true"


def too_many(ledger: Ledger) -> InputError:
    return InputError.at(Message("methods.flows:too-many-cycles"), file=ledger.file)


def _by_kernel(
    ledger: Ledger, limits: Limits, part: slice, run: Callable[..., Any]
) -> list[tuple[int, ...]]:
    flat, steps = walk_cycles(ledger, limits, part, run)
    if steps > MOST_STEPS:
        raise too_many(ledger)
    found, at = [], 0
    values = flat.tolist()
    while at < len(values):
        hops = values[at]
        found.append(tuple(row + part.start for row in values[at + 1 : at + 1 + hops]))
        at += 1 + hops
    return found


def walk_cycles(
    ledger: Ledger, limits: Limits, part: slice, run: Callable[..., Any]
) -> tuple[Numbers, int]:
    """Cycles one after the other, each its number of hops and then its transactions; steps."""
    ends = np.concatenate([ledger.src[part], ledger.dst[part]])
    accounts, renumbered = np.unique(ends, return_inverse=True)
    src, dst = np.split(renumbered.astype(np.int64), 2)
    rows = np.flatnonzero(src != dst)
    order = rows[np.argsort(src[rows], kind="stable")]
    starts = np.searchsorted(src[order], np.arange(len(accounts) + 1))
    room = 1 << 16
    while True:
        out = np.empty(room, dtype=np.int64)
        used, steps = run(
            order, starts, src, dst, ledger.ts[part], ledger.amount[part], limits.window,
            limits.hops, limits.least, limits.most, MOST_STEPS, out,
        )  # fmt: skip
        if used <= room or steps > MOST_STEPS:
            return out[: min(used, room)], int(steps)
        if used > MOST_CYCLES * (MOST_HOPS + 1):
            raise too_many(ledger)
        room = int(used)


def walk(
    order: Any,
    starts: Any,
    src: Any,
    dst: Any,
    ts: Any,
    amount: Any,
    window: int,
    hops: int,
    least: int,
    most: int,
    most_steps: int,
    out: Any,
) -> tuple[int, int]:
    """Depth-first from every transaction; how much room was needed, and how many steps taken.

    order, starts: rows by paying account, each account's in time. Written so that numba compiles
    it: numbers and arrays alone.
    """
    path = np.empty(hops, dtype=np.int64)
    at = np.empty(hops, dtype=np.int64)
    met = np.zeros(len(starts), dtype=np.uint8)
    used = 0
    steps = 0
    for first in range(len(src)):
        home = src[first]
        if dst[first] == home or starts[dst[first]] == starts[dst[first] + 1]:
            continue
        end = ts[first] + window
        path[0] = first
        depth = 1
        low, high = starts[dst[first]], starts[dst[first] + 1]
        while low < high:
            middle = (low + high) // 2
            if ts[order[middle]] <= ts[first]:
                low = middle + 1
            else:
                high = middle
        at[1] = low
        met[dst[first]] = 1
        while depth > 0:
            account = dst[path[depth - 1]]
            step = at[depth]
            if step >= starts[account + 1] or ts[order[step]] > end:
                met[account] = 0
                depth -= 1
                continue
            at[depth] = step + 1
            steps += 1
            row = order[step]
            if most > 0:
                before = amount[path[depth - 1]]
                if amount[row] * 100 < before * least or amount[row] * 100 > before * most:
                    continue
            other = dst[row]
            if other == home:
                if used + depth + 2 <= len(out):
                    out[used] = depth + 1
                    for i in range(depth):
                        out[used + 1 + i] = path[i]
                    out[used + 1 + depth] = row
                used += depth + 2
            elif depth + 1 < hops and met[other] == 0:
                low, high = starts[other], starts[other + 1]
                while low < high:
                    middle = (low + high) // 2
                    if ts[order[middle]] <= ts[row]:
                        low = middle + 1
                    else:
                        high = middle
                path[depth] = row
                met[other] = 1
                depth += 1
                at[depth] = low
        if steps > most_steps:
            break
    return used, steps


_compiled: list[Any] = []


def machine_code() -> Callable[..., Any] | None:
    """The walk as machine code, kept between runs where the file system lets it be; else None."""
    if find_spec("numba") is None:
        return None
    if not _compiled:
        from numba import njit

        try:
            _compiled.append(njit(cache=True)(walk))
        except RuntimeError:
            _compiled.append(njit(walk))
    found: Callable[..., Any] = _compiled[0]
    return found

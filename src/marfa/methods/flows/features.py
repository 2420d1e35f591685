"""Numbers of each transaction that know only what came strictly before it.

What stands at the same time is not earlier and does not count. So a number does not change when
later transactions come, nor with how many are worked through at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.flows.cycles import MOST_HOPS, Limits, find_cycles
from marfa.methods.flows.ledger import Ledger, Numbers
from marfa.methods.flows.legs import SMALLEST_KEPT
from marfa.methods.flows.patterns import DAY, HOUR

COUNT_WINDOW = 2 * DAY
SHAPE_WINDOW = 5 * DAY
HOLD = 12 * HOUR

SIDES = ("sent_count", "sent_payees", "sent_sum", "got_count", "got_payers", "got_sum")
COLUMNS = (
    *(f"src_{side}" for side in SIDES),
    *(f"dst_{side}" for side in SIDES),
    "carries_on",
    "scatter_gather",
    *(f"cycles_{hops}" for hops in range(2, MOST_HOPS + 1)),
)
"""Sums are thousandths. ``src_``, ``dst_``: of the two accounts, within two days before.
carries_on: payments to the payer within 12 hours before of which this is 90 to 100 hundredths.
scatter_gather: middles, this payer among them, by which one account reached the payee within five
days. cycles_N: cycles of N hops within five days that this transaction closes."""


def compute_features(
    ledger: Ledger, *, batch: int | None = None, fast: bool = True
) -> Mapping[str, Numbers]:
    """A column a name of ``COLUMNS``, one number a transaction, in the ledger's order.

    batch: how many transactions are worked through at once; None for all. fast: machine code
    where the extra ``kernels`` is installed. Neither changes a number.
    """
    found = {name: np.zeros(len(ledger), dtype=np.int64) for name in COLUMNS}
    size = batch or len(ledger)
    for first in range(0, len(ledger), size):
        last = min(first + size, len(ledger))
        begin = int(np.searchsorted(ledger.ts, ledger.ts[first] - SHAPE_WINDOW))
        for name, column in _part(ledger, begin, last, fast).items():
            found[name][first:last] = column[first - begin :]
    return found


def _part(ledger: Ledger, begin: int, end: int, fast: bool) -> Mapping[str, Numbers]:
    """Features of a part of the ledger; right for those that have their window within it."""
    count = machine_code(count_sides) if fast else None
    if count is None:
        found = dict(_sides_by_sorting(ledger, begin, end))
    else:
        found = dict(_sides_by_kernel(ledger, begin, end, count))
    shapes = machine_code(count_legs) if fast else None
    if shapes is None:
        found["carries_on"], found["scatter_gather"] = _legs_in_sql(ledger, begin, end)
    else:
        found["carries_on"], found["scatter_gather"] = _legs_by_kernel(ledger, begin, end, shapes)
    for hops in range(2, MOST_HOPS + 1):
        found[f"cycles_{hops}"] = np.zeros(end - begin, dtype=np.int64)
    limits = Limits(SHAPE_WINDOW)
    for rows in find_cycles(ledger, limits, fast=fast, part=slice(begin, end)):
        found[f"cycles_{len(rows)}"][rows[-1] - begin] += 1
    return found


def write_features(ledger: Ledger, columns: Mapping[str, Numbers], path: Path) -> None:
    """A Parquet file with ``id`` and the columns, beside its place first and then moved there."""
    part = path.with_name(path.name + ".part")
    place = str(part).replace("'", "''")
    try:
        ledger.connection.register("features", {"id": ledger.ids, **columns})
        ledger.connection.execute(
            f"COPY (SELECT CAST(id AS VARCHAR) AS id, * EXCLUDE (id) FROM features) "  # noqa: S608
            f"TO '{place}' (FORMAT parquet, COMPRESSION zstd)"
        )
        part.replace(path)
    except Exception as error:
        raise InputError.at(Message("methods.flows:unwritable"), file=path.name) from error
    finally:
        ledger.connection.unregister("features")
        part.unlink(missing_ok=True)


def _sides_by_sorting(ledger: Ledger, begin: int, end: int) -> Mapping[str, Numbers]:
    """Counts, sums and counterparts by binary search among times in order, for all rows at once.

    Of the payments between the same two accounts each stands for its counterpart until the window
    leaves it or the next one takes over. So the counterparts within a window are the payments that
    began to stand before a time less those that ended before it, and no window is gone through.
    """
    part = slice(begin, end)
    moved = np.flatnonzero(ledger.src[part] != ledger.dst[part])
    src, dst = ledger.src[part][moved], ledger.dst[part][moved]
    amount = ledger.amount[part][moved]
    found = {
        f"{prefix}_{name}": np.zeros(end - begin, dtype=np.int64)
        for prefix in ("src", "dst")
        for name in SIDES
    }
    if not len(moved):
        return found
    # One number is account and time, each account's times in a span of their own.
    time = ledger.ts[part][moved] - ledger.ts[begin] + COUNT_WINDOW + 1
    span = int(time[-1]) + 1
    keys = {"src": src * span + time, "dst": dst * span + time}
    orders = {prefix: np.argsort(key, kind="stable") for prefix, key in keys.items()}
    asked = {prefix: keys[prefix][order] for prefix, order in orders.items()}
    for prefix, names in (("src", SIDES[:3]), ("dst", SIDES[3:])):
        own, other = (src, dst) if prefix == "src" else (dst, src)
        over = np.minimum(time + COUNT_WINDOW, _next_of_pair(own, other, time, span - 1))
        ends = np.sort(own * span + np.minimum(over, span - 1))
        begins = asked[prefix]
        sums = np.concatenate([[0], np.cumsum(amount[orders[prefix]])])
        for side, order in orders.items():
            times = asked[side]
            before, left = np.searchsorted(begins, [times, times - COUNT_WINDOW])
            columns = (
                before - left, before - np.searchsorted(ends, times), sums[before] - sums[left],
            )  # fmt: skip
            for name, column in zip(names, columns, strict=True):
                found[f"{side}_{name}"][moved[order]] = column
    return found


def _next_of_pair(own: Numbers, other: Numbers, time: Numbers, never: int) -> Numbers:
    """When the same two accounts pay next in the same direction."""
    pair = own * (int(other.max()) + 1) + other
    order = np.argsort(pair, kind="stable")
    again = pair[order[1:]] == pair[order[:-1]]
    found = np.full(len(time), never, dtype=np.int64)
    found[order[:-1][again]] = time[order[1:][again]]
    return found


def _legs_in_sql(ledger: Ledger, begin: int, end: int) -> tuple[Numbers, Numbers]:
    sql = f"""
        WITH s AS (SELECT * FROM t WHERE n >= {begin} AND n < {end}),
        legs AS (SELECT i.n AS i, o.n AS o, i.ts AS ti, o.ts AS too, i.src AS a, i.dst AS b,
                o.dst AS c, o.amount * 100 >= i.amount * 90 AND o.ts <= i.ts + {HOLD} AS near,
                i.src <> o.dst AS apart
            FROM s i JOIN s o ON i.dst = o.src AND o.ts > i.ts AND o.ts <= i.ts + {SHAPE_WINDOW}
            AND o.amount <= i.amount AND o.amount * 100 >= i.amount * {SMALLEST_KEPT}),
        spread AS (SELECT x.o, x.a, count(DISTINCT y.b) AS c FROM legs x JOIN legs y
            ON x.a = y.a AND x.c = y.c AND (y.too < x.too OR y.o = x.o)
            AND y.ti >= x.too - {SHAPE_WINDOW} WHERE x.apart AND y.apart GROUP BY x.o, x.a)
        SELECT l.o AS n, count(*) FILTER (WHERE near) AS carries, coalesce(any_value(m.c), 0) AS c
        FROM legs l LEFT JOIN (SELECT o, max(c) AS c FROM spread GROUP BY o) m USING (o)
        GROUP BY l.o"""  # noqa: S608
    table = ledger.connection.execute(sql).fetchnumpy()
    carries, spread = (np.zeros(end - begin, dtype=np.int64) for _ in range(2))
    carries[table["n"] - begin] = table["carries"]
    spread[table["n"] - begin] = np.ma.filled(table["c"], 0)
    return carries, spread


def _sides_by_kernel(
    ledger: Ledger, begin: int, end: int, run: Callable[..., Any]
) -> Mapping[str, Numbers]:
    """The same by machine code; accounts keep their numbers."""
    part = slice(begin, end)
    counted = np.zeros((end - begin, 2 * len(SIDES)), dtype=np.int64)
    run(
        ledger.src[part], ledger.dst[part], ledger.ts[part], ledger.amount[part],
        len(ledger.names), COUNT_WINDOW, counted,
    )  # fmt: skip
    names = [f"{prefix}_{name}" for prefix in ("src", "dst") for name in SIDES]
    return dict(zip(names, counted.T, strict=True))


def count_sides(
    src: Any, dst: Any, ts: Any, amount: Any, accounts: int, window: int, out: Any
) -> None:
    """Trailing counts, different counterparts and sums of both directions, strictly before.

    Each transaction is two events, at its payer and at its payee, which are gone through account
    by account in time; ``seen`` says how often a counterpart is within the window, and is empty
    again after each account. Written so that numba compiles it.
    """
    number = len(src)
    starts = np.zeros(accounts + 2, dtype=np.int64)
    for row in range(number):
        if src[row] != dst[row]:
            starts[src[row] + 2] += 1
            starts[dst[row] + 2] += 1
    for i in range(2, accounts + 2):
        starts[i] += starts[i - 1]
    # Of each event, account by account: its transaction and side, when, with whom and how much.
    order = np.empty(starts[accounts + 1], dtype=np.int64)
    for row in range(number):
        if src[row] != dst[row]:
            order[starts[src[row] + 1]] = 2 * row
            starts[src[row] + 1] += 1
            order[starts[dst[row] + 1]] = 2 * row + 1
            starts[dst[row] + 1] += 1
    times = np.empty(len(order), dtype=np.int64)
    others = np.empty(len(order), dtype=np.int64)
    sums_of = np.empty(len(order), dtype=np.int64)
    for at in range(len(order)):
        row = order[at] >> 1
        side = order[at] & 1
        times[at] = ts[row]
        others[at] = 2 * (src[row] if side else dst[row]) + side
        sums_of[at] = amount[row]
    seen = np.zeros(2 * accounts, dtype=np.int32)
    sides = out.shape[1] // 2
    counts = np.zeros(2, dtype=np.int64)
    kinds = np.zeros(2, dtype=np.int64)
    sums = np.zeros(2, dtype=np.int64)
    for account in range(accounts):
        tail = starts[account]
        head = tail
        counts[:] = 0
        kinds[:] = 0
        sums[:] = 0
        for at in range(starts[account], starts[account + 1]):
            now = times[at]
            while head < at and times[head] < now:
                side = others[head] & 1
                counts[side] += 1
                sums[side] += sums_of[head]
                if seen[others[head]] == 0:
                    kinds[side] += 1
                seen[others[head]] += 1
                head += 1
            while tail < head and times[tail] < now - window:
                side = others[tail] & 1
                counts[side] -= 1
                sums[side] -= sums_of[tail]
                seen[others[tail]] -= 1
                if seen[others[tail]] == 0:
                    kinds[side] -= 1
                tail += 1
            row = order[at] >> 1
            first = sides * (order[at] & 1)
            out[row, first] = counts[0]
            out[row, first + 1] = kinds[0]
            out[row, first + 2] = sums[0]
            out[row, first + 3] = counts[1]
            out[row, first + 4] = kinds[1]
            out[row, first + 5] = sums[1]
        while tail < head:
            seen[others[tail]] = 0
            tail += 1


def _legs_by_kernel(
    ledger: Ledger, begin: int, end: int, run: Callable[..., Any]
) -> tuple[Numbers, Numbers]:
    src, dst = ledger.src[begin:end], ledger.dst[begin:end]
    ts, amount = ledger.ts[begin:end], ledger.amount[begin:end]
    rows = np.flatnonzero(src != dst)
    order = rows[np.argsort(dst[rows], kind="stable")]
    outs = rows[np.argsort(src[rows], kind="stable")]
    # Where, among what comes into each payer, that lies which came before each payment.
    keys = np.unique(np.concatenate([src, dst]))
    starts = np.searchsorted(dst[order], keys)
    starts = np.append(starts, len(order))
    payers = np.searchsorted(keys, src[outs])
    carries = np.zeros(end - begin, dtype=np.int64)
    room = 1 << 14
    while True:
        legs = np.empty((2, room), dtype=np.int64)
        carries[:] = 0
        used = run(
            order, starts, outs, payers, src, dst, ts, amount, SHAPE_WINDOW, HOLD,
            SMALLEST_KEPT, legs, carries,
        )  # fmt: skip
        if used <= room:
            return carries, _spread(legs[:, :used], src, dst, ts)
        room = int(used)


def count_legs(
    order: Any,
    starts: Any,
    outs: Any,
    payers: Any,
    src: Any,
    dst: Any,
    ts: Any,
    amount: Any,
    window: int,
    hold: int,
    kept: int,
    legs: Any,
    carries: Any,
) -> int:
    """Legs through each account, and how many payments in each payment out may carry on."""
    used = 0
    for place in range(len(outs)):
        row = outs[place]
        low, high = starts[payers[place]], starts[payers[place] + 1]
        while low < high:
            middle = (low + high) // 2
            if ts[order[middle]] < ts[row]:
                low = middle + 1
            else:
                high = middle
        at = low - 1
        first = starts[payers[place]]
        while at >= first and ts[order[at]] >= ts[row] - window:
            into = order[at]
            at -= 1
            if amount[row] > amount[into] or amount[row] * 100 < amount[into] * kept:
                continue
            if amount[row] * 100 >= amount[into] * 90 and ts[row] <= ts[into] + hold:
                carries[row] += 1
            if src[into] != dst[row]:
                if used < legs.shape[1]:
                    legs[0, used] = into
                    legs[1, used] = row
                used += 1
    return used


def _spread(legs: Numbers, src: Numbers, dst: Numbers, ts: Numbers) -> Numbers:
    """For each payment the most middles by which one account reached its payee by then."""
    found = np.zeros(len(src), dtype=np.int64)
    if not legs.shape[1]:
        return found
    into, out = legs
    most = int(max(src.max(), dst.max())) + 1
    _, groups, sizes = np.unique(
        src[into] * most + dst[out], return_inverse=True, return_counts=True
    )
    # A pair of ends with one leg alone has one middle.
    np.maximum.at(found, out, 1)
    several = np.flatnonzero(sizes[groups] > 1)
    by_group = several[np.lexsort((into[several], out[several], groups[several]))]
    cuts = np.flatnonzero(np.diff(groups[by_group])) + 1
    for part in np.split(by_group, cuts):
        _spread_of(into[part], out[part], dst, ts, found)
    return found


def _spread_of(into: Numbers, out: Numbers, dst: Numbers, ts: Numbers, found: Numbers) -> None:
    begins, ends = ts[into].tolist(), ts[out].tolist()
    middles, rows = dst[into].tolist(), out.tolist()
    for last, row in enumerate(rows):
        end = ends[last]
        inside = {
            middles[i]
            for i in range(len(rows))
            if (ends[i] < end or rows[i] == row) and begins[i] >= end - SHAPE_WINDOW
        }
        found[row] = max(found[row], len(inside))


_compiled: dict[str, Any] = {}


def machine_code(function: Callable[..., Any]) -> Callable[..., Any] | None:
    """A kernel as machine code, kept between runs where the file system lets it be; else None."""
    if find_spec("numba") is None:
        return None
    name = function.__name__
    if name not in _compiled:
        from numba import njit

        try:
            _compiled[name] = njit(cache=True)(function)
        except RuntimeError:
            _compiled[name] = njit(function)
    found: Callable[..., Any] = _compiled[name]
    return found

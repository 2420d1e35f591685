"""Money that is gathered and then sent on: gather-scatter and funnels.

Shapes after Altman and others, NeurIPS 36 (2023), section 3, and indicators FM-06 and FM-01.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from marfa.methods.flows.bursts import AccountLists, Burst, Bursts
from marfa.methods.flows.findings import Finding, join_sets
from marfa.methods.flows.habit import needed_count
from marfa.methods.flows.ledger import Ledger
from marfa.methods.flows.parts import ask_in_parts, part_of

KEPT = (85, 105)
"""Hundredths of what came in that go out again; a like sum of somebody else may be among them."""
FUNNELLED = (80, 100)
LAST_OUTS = 3
"""A funnel is emptied by at most so many payments to the same account."""


def find_gather_scatter(
    ledger: Ledger, inward: Bursts, outward: Bursts, *, window: int
) -> list[Finding]:
    """A burst of like sums in, and then one out of much the same in all, at one account."""
    bursts: dict[int, list[Burst]] = defaultdict(list)
    for burst in inward.found:
        bursts[burst.account].append(burst)
    found: list[tuple[int, ...]] = []
    damped: set[int] = set()
    for out in outward.found:
        end = int(ledger.ts[out.row])
        for into in bursts.get(out.account, ()):
            if not end - window <= ledger.ts[into.members[0]] or ledger.ts[into.row] >= end:
                continue
            if _sent_on(ledger, into.members, out.members):
                rows = tuple(sorted({*into.members, *out.members}))
                found.append(rows)
                if into.damped or out.damped:
                    damped.update(rows)
    return [
        Finding(rows, "gather_scatter", _centre(ledger, rows), not damped.isdisjoint(rows))
        for rows in join_sets(found)
    ]


def _sent_on(ledger: Ledger, into: Sequence[int], out: Sequence[int]) -> bool:
    """Whether the sums are much the same, and the middle of the ins before that of the outs."""
    got = sum(int(ledger.amount[row]) for row in into)
    sent = sum(int(ledger.amount[row]) for row in out)
    earlier = ledger.ts[into[len(into) // 2]] < ledger.ts[out[len(out) // 2]]
    return bool(earlier) and got * KEPT[0] <= sent * 100 <= got * KEPT[1]


def _centre(ledger: Ledger, rows: Sequence[int]) -> int:
    """The account that is in every transaction."""
    ends = [{int(ledger.src[row]), int(ledger.dst[row])} for row in rows]
    return min(set.intersection(*ends), default=-1)


def find_funnels(ledger: Ledger, *, window: int, hold: int, least: int) -> list[Finding]:
    """Many pay in by one channel, and soon after most of it leaves to one account.

    At least ``least`` payers within ``window`` seconds (more where the account's habit asks for
    more); from 80 to 100 hundredths of all that they paid in leaves within ``hold`` seconds of
    the last of them, in at most three payments, each larger than any that came in.
    """
    sql = f"""
        SELECT DISTINCT dst FROM (SELECT dst, count(DISTINCT src) OVER (PARTITION BY dst, channel
            ORDER BY ts RANGE BETWEEN {window} PRECEDING AND CURRENT ROW) AS c
            FROM t WHERE {part_of("dst")})
        WHERE c >= {least} AND dst IN (SELECT src FROM t WHERE {part_of("src")})"""  # noqa: S608
    accounts = ask_in_parts(ledger, sql, ["dst"])["dst"].tolist()
    walk = _Funnels(ledger, window, hold, least)
    runs = [(rows, damped) for account in accounts for rows, damped in walk.of(account)]
    harder = {row for rows, damped in runs if damped for row in rows}
    return [
        Finding(rows, "funnel", _centre(ledger, rows), not harder.isdisjoint(rows))
        for rows in join_sets(rows for rows, _ in runs)
    ]


class _Funnels:
    """Looks back from each payment out of an account at what was paid in before it."""

    def __init__(self, ledger: Ledger, window: int, hold: int, least: int) -> None:
        self.ledger, self.window, self.hold, self.least = ledger, window, hold, least
        self.into = AccountLists(ledger, ledger.dst)
        self.out = AccountLists(ledger, ledger.src)
        self.channel = ledger.codes("channel")
        self.begin = int(ledger.ts[0])

    def of(self, account: int) -> Iterator[tuple[list[int], bool]]:
        ledger = self.ledger
        first, last = self.begin, int(ledger.ts[-1])
        into = self.into.between(account, first, last).tolist()
        channels: dict[int, PaidIn] = defaultdict(PaidIn)
        for row in into:
            channels[int(self.channel[row])].add(row, int(ledger.ts[row]))
        sent: dict[int, list[int]] = defaultdict(list)
        for row in self.out.between(account, first, last).tolist():
            sent[int(ledger.dst[row])].append(row)
        for rows in sent.values():
            for place in range(len(rows)):
                for several in range(1, LAST_OUTS + 1):
                    outs = rows[max(place + 1 - several, 0) : place + 1]
                    if len(outs) < several or ledger.ts[outs[-1]] > ledger.ts[outs[0]] + self.hold:
                        break
                    for paid_in in channels.values():
                        yield from self._emptied(paid_in, outs)

    def _emptied(self, into: PaidIn, outs: Sequence[int]) -> Iterator[tuple[list[int], bool]]:
        """The longest run of payments in, back from the payments out, that these carry away."""
        ledger = self.ledger
        leave = int(ledger.ts[outs[0]])
        first, last = into.between(leave - self.window, leave)
        if first == last or ledger.ts[outs[-1]] > into.times[last - 1] + self.hold:
            return
        smallest = min(int(ledger.amount[row]) for row in outs)
        sent = sum(int(ledger.amount[row]) for row in outs)
        total, payers, best = 0, set(), last
        for place in range(last - 1, first - 1, -1):
            row = into.rows[place]
            total += int(ledger.amount[row])
            if total * FUNNELLED[0] > sent * 100 or ledger.amount[row] >= smallest:
                break
            payers.add(int(ledger.src[row]))
            if len(payers) >= self.least and sent <= total:
                best = place
        if best == last:
            return
        chosen = into.rows[best:last]
        need = needed_count(self.least, first, leave - self.window - self.begin, self.window)
        if len({int(ledger.src[row]) for row in chosen}) >= need:
            yield [*chosen, *outs], need > self.least


@dataclass
class PaidIn:
    """What an account was paid by one channel: rows and their seconds, in order of time."""

    rows: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def add(self, row: int, second: int) -> None:
        self.rows.append(row)
        self.times.append(second)

    def between(self, first: int, end: int) -> tuple[int, int]:
        """Places from one second to before another."""
        return bisect_left(self.times, first), bisect_left(self.times, end)

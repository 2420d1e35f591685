"""Where the money of one transaction went, or came from: two methods, named and never mixed.

First in, first out: what came into an account first leaves it first (*Devaynes v Noble* (1816),
known as Clayton's case). Pro rata: what leaves is made up as the account is (*Barlow Clowes v
Vaughan* [1992] 4 All ER 22). Both are rules of law for money that is mixed, and neither says what
"really" happened; which one a court takes differs from place to place.

What stands at the same time as a payment has not come before it and cannot pay for it. What an
account pays beyond all that was recorded as coming in came from before the record.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from marfa.domain.message import InputError, Message
from marfa.methods.flows.ledger import Ledger

METHODS = ("fifo", "prorata")
BEFORE = -1
"""In place of a transaction: money that was in the account before the record."""


@dataclass(frozen=True)
class Trace:
    """How much of each transaction belongs to the money that is followed, in thousandths.

    ends: forward, what rests in each account at the end of the record; back, what was in each
    account before the record, or paid for nothing that is known. They add up to the sum.
    """

    start: int
    back: bool
    method: str
    amounts: Mapping[int, int]
    ends: Mapping[int, int]


def trace(ledger: Ledger, start: str, *, back: bool = False, method: str = "fifo") -> Trace:
    """Follow the money of the transaction with this id. Raises InputError where there is none."""
    found = [row for row, name in enumerate(ledger.ids.tolist()) if name == start]
    if not found:
        raise InputError.at(Message("methods.flows:no-such-id"), file=ledger.file)
    if method == "fifo":
        return _by_order(ledger, found[0], back)
    return _by_share(ledger, found[0], back)


@dataclass(frozen=True)
class Piece:
    """Thousandths of one transaction that another is made of: places in both, and how many."""

    source: int
    source_at: int
    target: int
    target_at: int
    size: int


def _pieces(ledger: Ledger) -> list[Piece]:
    """What every payment is made of, first in and first out."""
    waiting: dict[int, deque[tuple[int, int, int]]] = defaultdict(deque)
    pieces: list[Piece] = []
    for rows in _simultaneous(ledger):
        for row in rows:
            queue = waiting[int(ledger.src[row])]
            at, left = 0, int(ledger.amount[row])
            while left:
                source, source_at, size = queue.popleft() if queue else (BEFORE, 0, left)
                taken = min(size, left)
                pieces.append(Piece(source, source_at, row, at, taken))
                if taken < size:
                    queue.appendleft((source, source_at + taken, size - taken))
                at, left = at + taken, left - taken
        for row in rows:
            waiting[int(ledger.dst[row])].append((row, 0, int(ledger.amount[row])))
    return pieces


def _simultaneous(ledger: Ledger) -> list[list[int]]:
    """Transactions in order of time, those at the same time together."""
    times = ledger.ts.tolist()
    return [list(rows) for _, rows in groupby(range(len(times)), key=times.__getitem__)]


def _by_order(ledger: Ledger, start: int, back: bool) -> Trace:
    """Intervals of each transaction that belong to it, carried from piece to piece."""
    pieces = _pieces(ledger)
    beside: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        beside[piece.target if back else piece.source].append(piece)
    marked: dict[int, list[tuple[int, int]]] = {start: [(0, int(ledger.amount[start]))]}
    amounts: dict[int, int] = {}
    ends: dict[int, int] = defaultdict(int)
    order = range(start, -1, -1) if back else range(start, len(ledger))
    for row in order:
        if row not in marked:
            continue
        amounts[row] = sum(size for _, size in marked[row])
        account = int(ledger.src[row] if back else ledger.dst[row])
        carried = 0
        for piece in beside[row]:
            for at, size in marked[row]:
                here = piece.target_at if back else piece.source_at
                begin, end = max(here, at), min(here + piece.size, at + size)
                other = piece.source if back else piece.target
                if begin >= end or other == BEFORE:
                    continue
                there = (piece.source_at if back else piece.target_at) + begin - here
                marked.setdefault(other, []).append((there, end - begin))
                carried += end - begin
        if amounts[row] > carried:
            ends[account] += amounts[row] - carried
    return Trace(start, back, "fifo", amounts, dict(ends))


def _by_share(ledger: Ledger, start: int, back: bool) -> Trace:
    balances = _balances(ledger)
    return _share_back(ledger, start, balances) if back else _share_on(ledger, start, balances)


def _balances(ledger: Ledger) -> Sequence[int]:
    """What had come in and not gone out at each payer, just before each transaction.

    Of several at the same time, each sees what those before it in the order left.
    """
    held: dict[int, int] = defaultdict(int)
    before = [0] * len(ledger)
    for rows in _simultaneous(ledger):
        for row in rows:
            payer = int(ledger.src[row])
            before[row] = held[payer]
            held[payer] = max(held[payer] - int(ledger.amount[row]), 0)
        for row in rows:
            held[int(ledger.dst[row])] += int(ledger.amount[row])
    return before


def _share_of(ledger: Ledger, row: int, balances: Sequence[int]) -> float:
    """The part of what the payer holds that leaves with a transaction."""
    return min(int(ledger.amount[row]) / balances[row], 1.0) if balances[row] else 0.0


def _share_on(ledger: Ledger, start: int, balances: Sequence[int]) -> Trace:
    held: dict[int, float] = {}
    amounts: dict[int, float] = {}
    for rows in _simultaneous(ledger):
        if rows[-1] < start:
            continue
        arriving: list[tuple[int, float]] = []
        for row in rows:
            if row == start:
                amounts[row] = float(ledger.amount[row])
                arriving.append((int(ledger.dst[row]), amounts[row]))
                continue
            payer = int(ledger.src[row])
            if held.get(payer):
                moved = held[payer] * _share_of(ledger, row, balances)
                held[payer] -= moved
                amounts[row] = moved
                arriving.append((int(ledger.dst[row]), moved))
        for account, moved in arriving:
            held[account] = held.get(account, 0.0) + moved
    return _rounded(start, False, amounts, held)


def _share_back(ledger: Ledger, start: int, balances: Sequence[int]) -> Trace:
    """Backwards in time: what part of a unit that an account holds ends in the transaction."""
    worth: dict[int, float] = {}
    amounts: dict[int, float] = {start: float(ledger.amount[start])}
    for rows in reversed(_simultaneous(ledger)):
        if rows[0] > start:
            continue
        arrived = {row: worth.get(int(ledger.dst[row]), 0.0) for row in rows}
        for row in reversed(rows):
            if row > start:
                continue
            value = 1.0 if row == start else arrived[row]
            if row != start and value:
                amounts[row] = float(ledger.amount[row]) * value
            payer = int(ledger.src[row])
            share = _share_of(ledger, row, balances)
            kept = worth.get(payer, 0.0)
            if value or kept:
                worth[payer] = share * value + (1.0 - share) * kept
    return _rounded(start, True, amounts, _unknown(ledger, amounts, balances))


def _unknown(
    ledger: Ledger, amounts: Mapping[int, float], balances: Sequence[int]
) -> Mapping[int, float]:
    """Of each traced transaction, what the payer had not got within the record."""
    ends: dict[int, float] = defaultdict(float)
    for row, amount in amounts.items():
        paid = int(ledger.amount[row])
        if paid > balances[row]:
            ends[int(ledger.src[row])] += amount * (paid - balances[row]) / paid
    return ends


def _rounded(
    start: int, back: bool, amounts: Mapping[int, float], ends: Mapping[int, float]
) -> Trace:
    whole = {row: round(amount) for row, amount in sorted(amounts.items()) if round(amount)}
    rests: dict[int, int] = {}
    told, exact = 0, 0.0
    # Rounded as they add up, so that nothing is lost.
    for account, rest in sorted(ends.items()):
        exact += rest
        rests[account] = round(exact) - told
        told += rests[account]
    return Trace(start, back, "prorata", whole, {a: rest for a, rest in rests.items() if rest})

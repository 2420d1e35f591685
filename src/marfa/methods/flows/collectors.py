"""Money that is collected from many: for a ransom, through a funnel, behind a charity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from marfa.methods.flows.cases import Draft, Part
from marfa.methods.flows.coercion import is_swept
from marfa.methods.flows.findings import join_sets
from marfa.methods.flows.habit import needed_count
from marfa.methods.flows.ledger import Numbers
from marfa.methods.flows.view import (
    CASH_POINTS,
    CHARITIES,
    DAY,
    REMITTERS,
    RUNNING_COSTS,
    View,
    days_together,
)

APPEAL_WINDOW = 6 * DAY
LEAST_SENDERS = 6
NEW_SENDERS = 80
OUT_WITHIN = 2 * DAY
RANSOM_KEPT = (85, 125)
"""Hundredths of what was collected; a family adds what it has itself."""
OF_APPEAL = 50
"""Hundredths of what came in those days that leave with the payment."""
MOST_OUTS = 3
MEMBER_TIMES = 3
MEMBER_GAP = 10 * DAY
PAID_OUT_WITHIN = 5 * DAY
PAID_OUT = (85, 100)

DEPOSIT_WINDOW = 7 * DAY
LEAST_PLACES = 3
FUNNEL_KEPT = (80, 100)
LEAST_EMPTIED = 2

LEAST_DONORS = 15
SMALL_SUM = 1_000
"""Dollars (FX-01)."""
INFORMAL_SHARE = 60
LEAST_PAYOUTS = 3
COSTS_SHARE = 5
NEW = 365 * DAY


def find_ransom(view: View) -> Iterator[Draft]:
    """FO-03: a sudden appeal, paid on at once by a remitter (FO-02) or in cash (FO-04).

    Family and friends pay a ransom: nobody who gives or collects is ever a subject.
    """
    ledger = view.ledger
    mask = view.from_people & view.to_people & ~view.wages
    for collector in view.busy(ledger.dst, ledger.src, mask, LEAST_SENDERS):
        found: list[Sequence[int]] = []
        into = view.ins(collector)
        into = into[view.from_people[into] & ~view.wages[into]]
        outs = view.outs(collector)
        for together in _runs_of(view, outs[view.informal[outs]]):
            paid = _appeal(view, into, together)
            found += [[*paid, *together]] if paid else []
        for rows in join_sets(found):
            yield _ransom(view, collector, rows)


def _runs_of(view: View, outs: Numbers) -> Iterator[list[int]]:
    """Every one to three payments one after the other within two days: a machine gives only so
    much at once, and a ransom may be asked twice."""
    for first in range(len(outs)):
        for several in range(1, MOST_OUTS + 1):
            run = outs[first : first + several].tolist()
            if len(run) < several or view.ledger.ts[run[-1]] > view.ledger.ts[run[0]] + OUT_WITHIN:
                break
            yield run


def _appeal(view: View, into: Numbers, outs: Sequence[int]) -> list[int]:
    """The payments that these carry away; empty where there is no appeal in them."""
    ledger = view.ledger
    now, sent = int(ledger.ts[outs[0]]), sum(int(ledger.amount[out]) for out in outs)
    times = ledger.ts[into]
    low = int(np.searchsorted(times, now - APPEAL_WINDOW))
    window = into[low : int(np.searchsorted(times, now))]
    if not len(window) or ledger.ts[window[-1]] < now - OUT_WITHIN:
        return []
    chosen = _carried_away(ledger.amount[window], sent, RANSOM_KEPT)
    # A draw like any other may be of the size of the last few gifts.
    if view.total(window[len(window) - chosen :]) * 100 < view.total(window) * OF_APPEAL:
        return []
    rows = window[len(window) - chosen :].tolist()
    senders = {int(ledger.src[row]) for row in rows}
    known = {int(ledger.src[row]) for row in into[:low]}
    enough = len(senders) >= LEAST_SENDERS
    new = len(senders - known) * 100 >= len(senders) * NEW_SENDERS
    if not enough or not new or _is_usual(view, into, rows, len(senders)):
        return []
    members = sum(_is_member(view, into, sender) for sender in senders)
    return rows if members * 2 < len(senders) else []


def _is_usual(view: View, into: Numbers, rows: Sequence[int], senders: int) -> bool:
    """Whether so many pay the account all the time: who sells something makes no appeal."""
    others = len(into) - len(rows)
    elapsed = view.last - view.first - APPEAL_WINDOW
    return senders < needed_count(LEAST_SENDERS, others, elapsed, APPEAL_WINDOW)


def _is_member(view: View, into: Numbers, sender: int) -> bool:
    """Whether somebody pays in again and again: savings clubs, dues, rents."""
    paid = into[view.ledger.src[into] == sender]
    return len(days_together(view.ledger.ts, paid, MEMBER_GAP)) >= MEMBER_TIMES


def _carried_away(amounts: Numbers, sent: int, kept: tuple[int, int]) -> int:
    """How many of the last sums one payment out carries away: the most that fit."""
    totals = np.cumsum(amounts[::-1])
    fits = (totals * kept[0] <= sent * 100) & (sent * 100 <= totals * kept[1])
    return int(np.flatnonzero(fits)[-1]) + 1 if fits.any() else 0


def _ransom(view: View, collector: int, rows: Sequence[int]) -> Draft:
    ledger = view.ledger
    paid = [row for row in rows if ledger.dst[row] == collector]
    outs = [row for row in rows if ledger.src[row] == collector]
    senders = {int(ledger.src[row]) for row in paid}
    met: dict[str, Mapping[str, object]] = {"FO-03": {"senders": len(senders)}}
    by_remitter = any(not view.cash[row] or _to_remitter(view, row) for row in outs)
    met["FO-02" if by_remitter else "FO-04"] = {"payments": len(outs)}
    missing = ["FO-04" if by_remitter else "FO-02"]
    parts = [Part(collector, "unknown", "collects-ransom", False, {"senders": len(senders)})]
    parts += [Part(sender, "family", "sends-ransom") for sender in senders]
    received = [row for out in outs for row in _paid_out(view, out)]
    parts += [
        Part(account, "unknown", "may-get-ransom")
        for account in {int(ledger.dst[row]) for row in received} - senders - {collector}
    ]
    return Draft("ransom", tuple(sorted({*rows, *received})), met, missing, parts)


def _to_remitter(view: View, row: int) -> bool:
    return view.is_kind(int(view.ledger.dst[row]), REMITTERS)


def _paid_out(view: View, out: int) -> list[int]:
    """The one payment of a remitter that may be the other end; none where several could be."""
    ledger = view.ledger
    if not _to_remitter(view, out):
        return []
    begin, end = np.searchsorted(ledger.ts, [ledger.ts[out] + 1, ledger.ts[out] + PAID_OUT_WITHIN])
    rows = np.arange(begin, end)
    sums = ledger.amount[rows] * 100
    sent = int(ledger.amount[out])
    near = (sums >= sent * PAID_OUT[0]) & (sums <= sent * PAID_OUT[1])
    remitters = view.kind_mask(REMITTERS, ledger.src[rows])
    found = rows[near & remitters & view.to_people[rows]].tolist()
    return found if len(found) == 1 else []


def find_funnel_accounts(view: View) -> Iterator[Draft]:
    """FM-01: cash is paid in at several places and most of it leaves soon after (FH-01, FT-08)."""
    ledger = view.ledger
    for holder in view.busy(ledger.dst, ledger.src, view.cash & view.to_people, LEAST_PLACES):
        into = view.ins(holder)
        into = into[view.cash[into]]
        if _is_of_the_night(view, into) and is_swept(view, holder):
            continue
        left = view.outs(holder)
        # Whoever pays for goods from what was paid in has a trade.
        left = left[view.informal[left] | view.to_people[left]]
        runs = [
            (rows, outs) for outs in _runs_of(view, left) for rows in _emptied(view, into, outs)
        ]
        emptied = join_sets([*rows, *outs] for rows, outs in runs)
        if len(emptied) < LEAST_EMPTIED:
            continue
        places = max(len(_places(view, rows)) for rows, _ in runs)
        met: dict[str, Mapping[str, object]] = {
            "FM-01": {"places": places},
            "FH-01": {"times": len(emptied)},
        }
        missing = []
        if any(_one_day(view, rows) for rows, _ in runs):
            met["FT-08"] = {"places": places}
        else:
            missing.append("FT-08")
        part = Part(
            holder, "facilitator", "funnel", True, {"places": places, "times": len(emptied)}
        )
        rows = tuple(sorted(row for run in emptied for row in run))
        yield Draft("funnel", rows, met, missing, [part])


def _is_of_the_night(view: View, into: Numbers) -> bool:
    """Whether most cash is paid in at night; where a person takes it every few days, these are
    takings, of which FS-04 tells and not FM-01."""
    return int(np.count_nonzero(view.night[into])) * 2 > len(into)


def _emptied(view: View, into: Numbers, outs: Sequence[int]) -> Iterator[list[int]]:
    """What was paid in at several places and leaves by payments out to one other account."""
    ledger = view.ledger
    now, sent = int(ledger.ts[outs[0]]), sum(int(ledger.amount[out]) for out in outs)
    if len({int(ledger.dst[out]) for out in outs}) > 1:
        return
    times = ledger.ts[into]
    window = into[
        int(np.searchsorted(times, now - DEPOSIT_WINDOW)) : int(np.searchsorted(times, now))
    ]
    if not len(window) or ledger.ts[window[-1]] < now - OUT_WITHIN:
        return
    if sent <= int(ledger.amount[window].max()):
        return
    chosen = _carried_away(ledger.amount[window], sent, FUNNEL_KEPT)
    rows = window[len(window) - chosen :].tolist()
    places = _places(view, rows)
    if len(places) >= LEAST_PLACES and int(ledger.dst[outs[0]]) not in places:
        yield rows


def _places(view: View, rows: Sequence[int]) -> set[int]:
    return {int(view.ledger.src[row]) for row in rows}


def _one_day(view: View, rows: Sequence[int]) -> bool:
    """FT-08: enough places within two days before the last payment in."""
    ts = view.ledger.ts
    late = [row for row in rows if ts[rows[-1]] - ts[row] <= 2 * DAY]
    return len(_places(view, late)) >= LEAST_PLACES


def find_charity_front(view: View) -> Iterator[Draft]:
    """FX-01: gifts to a charity leave in small sums by cash or remitter, and it has no costs.

    A relief charity pays out in the same way. What sets a front apart here is that nothing is
    spent on running it (FC-04); whether it is new (FR-02) is told where it is known.
    """
    ledger = view.ledger
    for charity in view.busy(ledger.dst, ledger.src, view.from_people, LEAST_DONORS):
        if not view.is_kind(charity, CHARITIES):
            continue
        gifts = view.ins(charity)
        gifts = gifts[view.from_people[gifts]]
        outs = view.outs(charity)
        payouts = outs[(ledger.amount[outs] < view.dollars(SMALL_SUM)) & _unseen(view, outs)]
        costs = outs[view.coded("category", RUNNING_COSTS)[outs]]
        sent = view.total(outs)
        if len(payouts) < LEAST_PAYOUTS or view.total(payouts) * 100 < sent * INFORMAL_SHARE:
            continue
        if view.total(payouts) * 100 < view.total(gifts) * INFORMAL_SHARE:
            continue
        if view.total(costs) * 100 > sent * COSTS_SHARE:
            continue
        yield _front(view, charity, gifts, payouts)


def _unseen(view: View, rows: Numbers) -> Numbers:
    """By cash, or through a remitter to whoever it may be."""
    words = frozenset({"cash", "atm", "hawala", "msb", "remitter"})
    return np.asarray(view.informal[rows] | view.coded("channel", words)[rows], dtype=np.bool_)


def _front(view: View, charity: int, gifts: Numbers, payouts: Numbers) -> Draft:
    ledger = view.ledger
    donors = len(set(ledger.src[gifts].tolist()))
    met: dict[str, Mapping[str, object]] = {
        "FX-01": {"donors": donors, "payouts": len(payouts)},
        "FC-04": {},
    }
    opened = view.accounts[charity].opened
    is_new = opened is not None and int(ledger.ts[gifts[0]]) - opened <= NEW
    if is_new:
        met["FR-02"] = {}
    numbers: Mapping[str, object] = {"donors": donors, "payouts": len(payouts)}
    parts = [Part(charity, "controller", "front", is_new, numbers)]
    takers: dict[int, int] = defaultdict(int)
    for row in payouts:
        takers[int(ledger.dst[row])] += 1
    parts += [
        Part(account, "unknown", "paid-by-front")
        for account in takers
        if not view.is_kind(account, REMITTERS | CASH_POINTS)
    ]
    rows = tuple(sorted({*gifts.tolist(), *payouts.tolist()}))
    return Draft("tf_npo", rows, met, [] if is_new else ["FR-02"], parts)

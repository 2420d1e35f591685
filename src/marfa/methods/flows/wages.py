"""Wages that are taken: paid back within two days, or all paid into one account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from marfa.methods.flows.cases import Draft, Part
from marfa.methods.flows.view import DAY, PEOPLE, View, days_together

RETURNED_WITHIN = 2 * DAY
RETURNED = 50
"""Hundredths of a wage. FL-01 says 60 of one worker alone; several of one firm who give half to the
same account keep less than FL-03 calls far below the norm."""
DRAWN = 70
"""Hundredths of a wage that are drawn in cash (FL-05)."""
MINUTES_APART = 15 * 60
OF_ALL_WAGES = 40
"""Hundredths of all wages of the time in which some were given back."""
OF_QUEUE = 75
"""Hundredths of those in a queue who draw so much: in a lawful one many draw a little."""
LEAST_WORKERS = 3
LEAST_PAY_DAYS = 2
EVIDENT = 3
"""Workers whose wages reach an account, before its holder may be reported."""
PAID_TOGETHER = 5 * DAY
SENT_WITHIN = 3 * DAY
SENT_ON = 50


@dataclass(frozen=True)
class Return:
    """A wage and what of it went where: rows of wage and return, worker, and who got it."""

    wage: int
    rows: tuple[int, ...]
    worker: int
    to: int
    in_cash: bool


def find_wage_return(view: View) -> Iterator[Draft]:
    """FL-01: workers of one employer give most of their wages back, month after month.

    They pay it to the employer or to one account that gets it from several of them, or draw it
    in cash at one machine within minutes of each other (FL-05).
    """
    ledger = view.ledger
    for employer in view.busy(ledger.src, ledger.dst, view.wages, LEAST_WORKERS):
        returns = list(_returns(view, employer))
        kept = _of_several(view, returns, employer) + _drawn_together(view, employer, returns)
        kept = _much_of_all(view, employer, kept)
        draft = _returned(view, employer, kept)
        if draft:
            yield draft


def _returns(view: View, employer: int) -> Iterator[Return]:
    """What leaves a worker's account within two days of a wage, by where it goes."""
    ledger = view.ledger
    for wage in view.outs(employer):
        if not view.wages[wage] or not view.to_people[wage]:
            continue
        worker, paid = int(ledger.dst[wage]), int(ledger.amount[wage])
        now = int(ledger.ts[wage])
        by_payee: dict[int, list[int]] = defaultdict(list)
        for row in view.outs(worker, now + 1, now + RETURNED_WITHIN):
            by_payee[int(ledger.dst[row])].append(int(row))
        for payee, rows in by_payee.items():
            in_cash = bool(view.cash[rows[0]])
            share = DRAWN if in_cash else RETURNED
            sent = sum(int(ledger.amount[row]) for row in rows)
            person = payee == employer or view.is_kind(payee, PEOPLE)
            if sent * 100 >= paid * share and (in_cash or person):
                yield Return(int(wage), tuple(rows), worker, payee, in_cash)


def _much_of_all(view: View, employer: int, returns: Sequence[Return]) -> list[Return]:
    """Of those who give much of all their wages from the first return to the last: a rent by the
    month may take a whole wage of a week, and leaves three."""
    ledger = view.ledger
    of_worker: dict[int, list[Return]] = defaultdict(list)
    for each in returns:
        of_worker[each.worker].append(each)
    kept: list[Return] = []
    for worker, mine in of_worker.items():
        first, last = min(each.wage for each in mine), max(each.wage for each in mine)
        into = view.ins(worker, int(ledger.ts[first]), int(ledger.ts[last]))
        wages = into[view.wages[into] & (ledger.src[into] == employer)]
        back = view.total(np.unique([row for each in mine for row in each.rows]))
        if back * 100 >= view.total(wages) * OF_ALL_WAGES:
            kept += mine
    return kept


def _of_several(view: View, returns: Sequence[Return], employer: int) -> list[Return]:
    """What goes to the employer, or to an account to which others give of the same pay day."""
    days = _pay_days(view, [each.wage for each in returns])
    workers: dict[tuple[int, int], set[int]] = defaultdict(set)
    for each in returns:
        if not each.in_cash:
            workers[each.to, days[each.wage]].add(each.worker)
    return [
        each
        for each in returns
        if not each.in_cash and (each.to == employer or len(workers[each.to, days[each.wage]]) >= 2)
    ]


def _pay_days(view: View, wages: Collection[int]) -> Mapping[int, int]:
    """The number of the pay day to which each wage belongs."""
    runs = days_together(view.ledger.ts, np.unique(np.array(wages, dtype=np.int64)), DAY)
    return {row: number for number, run in enumerate(runs) for row in run.tolist()}


def _drawn_together(view: View, employer: int, returns: Sequence[Return]) -> list[Return]:
    """Wages drawn at one machine within minutes of each other, by nearly all who queue there."""
    ledger = view.ledger
    workers = view.outs(employer)
    paid = np.unique(ledger.dst[workers[view.wages[workers]]])
    at: dict[int, dict[int, Return]] = defaultdict(dict)
    for each in returns:
        if each.in_cash:
            at[each.to] |= dict.fromkeys(each.rows, each)
    kept: dict[int, Return] = {}
    for machine, drawn in at.items():
        queue = view.ins(machine)
        queue = queue[view.cash[queue] & np.isin(ledger.src[queue], paid)]
        for run in days_together(ledger.ts, queue, MINUTES_APART):
            together = {row: drawn[row] for row in run.tolist() if row in drawn}
            some = {each.worker for each in together.values()}
            everybody = set(ledger.src[run].tolist())
            if len(some) >= 2 and len(some) * 100 >= len(everybody) * OF_QUEUE:
                kept |= together
    return list(dict.fromkeys(kept.values()))


def _returned(view: View, employer: int, kept: Sequence[Return]) -> Draft | None:
    """A case where enough workers gave back on enough pay days."""
    ledger = view.ledger
    wages: dict[int, set[int]] = defaultdict(set)
    for each in kept:
        wages[each.worker].add(each.wage)
    workers = {
        worker
        for worker, rows in wages.items()
        if len(days_together(ledger.ts, np.array(sorted(rows)), PAID_TOGETHER)) >= LEAST_PAY_DAYS
    }
    kept = [each for each in kept if each.worker in workers]
    paid = [each for each in kept if not each.in_cash]
    drawn = [each for each in kept if each.in_cash]
    collectors: dict[int, set[int]] = defaultdict(set)
    for each in paid:
        collectors[each.to].add(each.worker)
    together = {each.worker for each in drawn}
    several = max((len(senders) for senders in collectors.values()), default=0)
    if len(workers) < LEAST_WORKERS or (several < 2 and len(together) < LEAST_WORKERS):
        return None
    met: dict[str, dict[str, object]] = {
        "FL-01": {"workers": len(workers), "returns": len(kept)},
    }
    if several >= 2:
        met["FL-02"] = {"workers": several}
    if len(together) >= LEAST_WORKERS:
        met["FL-05"] = {"workers": len(together)}
    missing = [name for name in ("FL-02", "FL-05") if name not in met]
    to_firm = len(collectors.get(employer, ()))
    evident = to_firm >= EVIDENT or _is_most(view, employer, workers)
    parts = [Part(employer, "controller", "employer", evident, {"workers": len(workers)})]
    parts += [
        Part(account, "controller", "collector", len(senders) >= EVIDENT, {"workers": len(senders)})
        for account, senders in collectors.items()
        if account != employer and account not in workers
    ]
    parts += [Part(worker, "victim", "gave-back") for worker in workers]
    rows = {row for each in kept for row in (each.wage, *each.rows)}
    return Draft("wage_return", tuple(sorted(rows)), met, missing, parts)


def _is_most(view: View, employer: int, workers: Collection[int]) -> bool:
    """Whether most of those whom a firm pays give back; of a few it need not know."""
    rows = view.outs(employer)
    paid = set(view.ledger.dst[rows[view.wages[rows]]].tolist())
    return len(workers) * 2 > len(paid)


def find_wage_funnel(view: View) -> Iterator[Draft]:
    """FL-02: wages of several workers come into one person's account and leave at once (FH-01)."""
    ledger = view.ledger
    wages = view.wages & view.to_people
    for holder in sorted({int(account) for account in ledger.dst[wages]}):
        into = view.ins(holder)
        rows: list[int] = []
        days = most = 0
        for together in days_together(ledger.ts, into[wages[into]], DAY):
            out = _sent_on(view, holder, together.tolist())
            if len(together) >= LEAST_WORKERS and out:
                rows += [*together.tolist(), *out]
                most = max(most, len(together))
                days += 1
        if days < LEAST_PAY_DAYS:
            continue
        met = {"FL-02": {"wages": most, "pay_days": days}, "FH-01": {"times": days}}
        part = Part(holder, "controller", "holds-wages", True, {"wages": most, "times": days})
        yield Draft("wage_funnel", tuple(sorted(set(rows))), met, [], [part])


def _sent_on(view: View, holder: int, wages: Sequence[int]) -> list[int]:
    """Payments out by cash or remitter, soon after, of at least half of the wages."""
    last = int(view.ledger.ts[wages[-1]])
    rows = [r for r in view.outs(holder, last + 1, last + SENT_WITHIN).tolist() if view.informal[r]]
    got = sum(int(view.ledger.amount[row]) for row in wages)
    sent = sum(int(view.ledger.amount[row]) for row in rows)
    return rows if sent * 100 >= got * SENT_ON else []

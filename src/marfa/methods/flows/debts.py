"""Recruitment that ends in debt: fees from families, tickets, and instalments that do not end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from marfa.methods.flows.cases import Draft, Part
from marfa.methods.flows.coercion import coefficient_of_variation, is_instalment
from marfa.methods.flows.ledger import Numbers
from marfa.methods.flows.view import DAY, MONTH, TICKETS, View

FEES_WINDOW = 14 * DAY
LEAST_FEES = 5
SPREAD = 0.35
"""Largest coefficient of variation of the fees (FR-01)."""
LEAST_TICKETS = 4
TICKETS_WINDOW = 7 * DAY
LEAST_DEBTORS = 3
SHARE_OF_WAGE = (5, 60)
"""Hundredths of a month's wage, where wages are known (FR-06)."""
NEW = 180 * DAY
NEW_DEBTOR = 60 * DAY
FEE_OF_INSTALMENTS = 1
"""Guests of a gym pay less than members; who was sent owes more than a part of it."""
LEAST_MET = 3
CARRIERS = frozenset({"merchant_transport", "transport", "travel_agency", "merchant_travel"})


def find_recruitment_debt(view: View) -> Iterator[Draft]:
    """FR-06 with two of FR-01, FT-01 and FR-02.

    A gym has members who pay by the month and guests who pay once, and a school has fees. So
    somebody has to have been sent: there are tickets, or fees of several instalments and debtors
    whose accounts are new (FR-06).

    Those who pay once are taken for family, those who go on paying for the people who were sent.
    """
    ledger = view.ledger
    mask = view.from_people & ~view.cash
    for recruiter in view.busy(ledger.dst, ledger.src, mask, LEAST_DEBTORS):
        if view.is_kind(recruiter, CARRIERS):
            continue
        draft = _recruited(view, recruiter)
        if draft:
            yield draft


def _recruited(view: View, recruiter: int) -> Draft | None:
    ledger = view.ledger
    into = view.ins(recruiter)
    into = into[view.from_people[into] & ~view.cash[into]]
    payers: dict[int, list[int]] = defaultdict(list)
    for row in into:
        payers[int(ledger.src[row])].append(int(row))
    debtors = {payer: rows for payer, rows in payers.items() if _is_instalment(view, payer, rows)}
    if len(debtors) < LEAST_DEBTORS:
        return None
    once = np.array(
        sorted(row for rows in payers.values() if len(rows) == 1 for row in rows), dtype=np.int64
    )
    fees = _fees(view, once)
    tickets = _tickets(view, recruiter)
    debtors = _after_the_journey(view, debtors, np.concatenate([fees, tickets]))
    if len(debtors) < LEAST_DEBTORS:
        return None
    met: dict[str, Mapping[str, object]] = {"FR-06": {"payers": len(debtors)}}
    missing = []
    opened = view.accounts[recruiter].opened
    first = int(ledger.ts[min(rows[0] for rows in payers.values())])
    is_new = opened is not None and first - opened <= NEW
    for name, holds, numbers in (
        ("FR-01", len(fees) > 0, {"payers": len(fees)}),
        ("FT-01", len(tickets) > 0, {"tickets": len(tickets)}),
        ("FR-02", is_new, {}),
    ):
        if holds:
            met[name] = numbers
        else:
            missing.append(name)
    hired = bool(len(tickets)) or _are_new(view, debtors, fees)
    if len(met) < LEAST_MET or not hired:
        return None
    evident = {"debtors": len(debtors), "fees": len(fees)}
    parts = [Part(recruiter, "controller", "recruits", True, evident)]
    parts += [Part(payer, "victim", "pays-debt") for payer in debtors]
    family = {int(ledger.src[row]) for row in fees} - debtors.keys()
    parts += [Part(payer, "family", "paid-fee") for payer in family]
    rows = {row for paid in debtors.values() for row in paid} | {*fees.tolist(), *tickets.tolist()}
    return Draft("recruit_debt", tuple(sorted(rows)), met, missing, parts)


def _after_the_journey(
    view: View, debtors: Mapping[int, list[int]], sent: Numbers
) -> dict[int, list[int]]:
    """Whoever began to pay after the first fee or ticket: a debt follows a journey, while savings
    for one come before it."""
    if not len(sent):
        return dict(debtors)
    begin = int(view.ledger.ts[sent].min())
    return {payer: rows for payer, rows in debtors.items() if view.ledger.ts[rows[0]] > begin}


def _is_instalment(view: View, payer: int, rows: list[int]) -> bool:
    """FR-06: again and again, like sums, a part of the wage where one is known."""
    ledger = view.ledger
    if not is_instalment(ledger.ts, ledger.amount, np.array(rows)):
        return False
    wage = view.monthly_wage(payer)
    if not wage:
        return True
    monthly = view.total(np.array(rows[1:])) * MONTH / int(ledger.ts[rows[-1]] - ledger.ts[rows[0]])
    return SHARE_OF_WAGE[0] <= monthly * 100 / wage <= SHARE_OF_WAGE[1]


def _are_new(view: View, debtors: Mapping[int, list[int]], fees: Numbers) -> bool:
    """Whether fees are large and most debtors began to pay soon after opening their accounts."""
    ledger = view.ledger
    if not len(fees):
        return False
    instalments = ledger.amount[[row for rows in debtors.values() for row in rows]]
    large = float(np.median(ledger.amount[fees])) >= FEE_OF_INSTALMENTS * float(
        np.median(instalments)
    )
    new = 0
    for debtor, rows in debtors.items():
        opened = view.accounts[debtor].opened
        new += opened is not None and int(ledger.ts[rows[0]]) - opened <= NEW_DEBTOR
    return large and new * 2 > len(debtors)


def _fees(view: View, once: Numbers) -> Numbers:
    """FR-01: payments of those who paid once, in every window in which there are enough."""
    ledger = view.ledger
    found: set[int] = set()
    times = ledger.ts[once]
    for last in range(len(once)):
        window = once[int(np.searchsorted(times, times[last] - FEES_WINDOW)) : last + 1]
        if len(window) >= LEAST_FEES and coefficient_of_variation(ledger.amount[window]) <= SPREAD:
            found.update(window.tolist())
    return np.array(sorted(found), dtype=np.int64)


def _tickets(view: View, recruiter: int) -> Numbers:
    """FT-01: several tickets within a week."""
    ledger = view.ledger
    outs = view.outs(recruiter)
    coded = view.coded("category", TICKETS)[outs] | view.kind_mask(CARRIERS, ledger.dst[outs])
    bought = outs[coded]
    times = ledger.ts[bought]
    found: set[int] = set()
    for last in range(len(bought)):
        first = int(np.searchsorted(times, times[last] - TICKETS_WINDOW))
        if last + 1 - first >= LEAST_TICKETS:
            found.update(bought[first : last + 1].tolist())
    return np.array(sorted(found), dtype=np.int64)

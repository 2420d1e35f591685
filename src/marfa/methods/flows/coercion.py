"""Signs that the holder of an account may act under the orders of another.

Whoever is controlled is often made to serve: to collect from others, to hold their wages, to carry
cash. So what an account does for a trafficker says little of its holder, and each indicator of
which the holder is likely a victim (``account_holder_likely``) stands against a report, however
little of the account it fills. Read for accounts of people; a firm has no body to be held.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from marfa.methods.flows.ledger import Numbers
from marfa.methods.flows.view import ADVERTS, DAY, HOTELS, PEOPLE, View

PASSED_ON = 60
"""Hundredths of what an account got that go on to one other person."""
KEEPS_NOTHING = 90
"""Hundredths that leave to one other person, in cash or by remitters."""
WAGE_GONE = 60
GONE_WITHIN = 2 * DAY
NIGHT_PAYERS = 8
LEAST_SWEEPS = 4
SWEEP_GAP = 7 * DAY
INSTALMENTS = 3
INSTALMENT_GAPS = (5 * DAY, 45 * DAY)
INSTALMENT_SPREAD = 0.35
OTHER_DEBTORS = 2


def may_be_led(view: View, account: int, role: str) -> bool:
    """Whether nobody may be reported for an account before two people have looked.

    Somebody helps and it is not known why, nothing is known of the account, nothing stays in it,
    or it shows a sign of a victim.
    """
    if not view.is_kind(account, PEOPLE):
        return False
    if role == "facilitator" or not view.accounts[account].kind:
        return True
    return keeps_nothing(view, account) or bool(signs_of_victim(view, account))


def keeps_nothing(view: View, account: int) -> bool:
    """Most goes on to one other person, or next to all to one and to where it is not seen."""
    outs = view.outs(account)
    got = view.total(view.ins(account))
    most = max(_sent_to_people(view, account).values(), default=0)
    unseen = view.total(outs[view.informal[outs] & ~view.to_people[outs]])
    return most * 100 >= got * PASSED_ON or (most + unseen) * 100 >= got * KEEPS_NOTHING


def signs_of_victim(view: View, account: int) -> tuple[str, ...]:
    """Indicators that the account itself shows, of which its holder is likely a victim."""
    outs = view.outs(account)
    adverts = view.coded("category", ADVERTS)[outs] | _to(view, outs, "merchant_adult_ads")
    hotels = view.coded("category", HOTELS)[outs] | _to(view, outs, "merchant_hotel")
    signs = {
        "FS-01": bool(adverts.any()),
        "FS-02": int(np.count_nonzero(hotels)) >= 5,
        "FS-03": paid_by_many_at_night(view, account),
        "FS-05": is_swept(view, account),
        "FL-01": gives_wages_back(view, account),
        "FR-06": pays_a_common_debt(view, account),
    }
    return tuple(name for name, shown in signs.items() if shown)


def paid_by_many_at_night(view: View, account: int) -> bool:
    into = view.ins(account)
    at_night = into[view.night[into] & view.from_people[into]]
    return len(set(view.ledger.src[at_night].tolist())) >= NIGHT_PAYERS


def is_swept(view: View, account: int) -> bool:
    """Payments to one other person every few days."""
    ledger, outs = view.ledger, view.outs(account)
    outs = outs[view.to_people[outs]]
    for payee in set(ledger.dst[outs].tolist()):
        times = ledger.ts[outs[ledger.dst[outs] == payee]]
        if len(times) >= LEAST_SWEEPS and float(np.median(np.diff(times))) <= SWEEP_GAP:
            return True
    return False


def gives_wages_back(view: View, account: int) -> bool:
    """Most of at least two wages left within two days, to people or in cash."""
    ledger, into = view.ledger, view.ins(account)
    times = 0
    for wage in into[view.wages[into]]:
        now = int(ledger.ts[wage])
        outs = view.outs(account, now + 1, now + GONE_WITHIN)
        gone = outs[view.to_people[outs] | view.informal[outs]]
        times += view.total(gone) * 100 >= int(ledger.amount[wage]) * WAGE_GONE
    return times >= 2


def pays_a_common_debt(view: View, account: int) -> bool:
    """Instalments to somebody, no shop, to whom others pay them too."""
    ledger, outs = view.ledger, view.outs(account)
    for payee in set(ledger.dst[outs].tolist()):
        if str(view.kinds[payee]).startswith("merchant"):
            continue
        if not is_instalment(ledger.ts, ledger.amount, outs[ledger.dst[outs] == payee]):
            continue
        into = view.ins(payee)
        payers = set(ledger.src[into].tolist()) - {account}
        others = sum(
            is_instalment(ledger.ts, ledger.amount, into[ledger.src[into] == payer])
            for payer in payers
        )
        if others >= OTHER_DEBTORS:
            return True
    return False


def is_instalment(ts: Numbers, amount: Numbers, rows: Numbers) -> bool:
    """At least three payments, a week to six weeks apart, of like sums (FR-06)."""
    if len(rows) < INSTALMENTS:
        return False
    gap = float(np.median(np.diff(ts[rows])))
    regular = INSTALMENT_GAPS[0] <= gap <= INSTALMENT_GAPS[1]
    return regular and coefficient_of_variation(amount[rows]) <= INSTALMENT_SPREAD


def coefficient_of_variation(amounts: Numbers) -> float:
    """Standard deviation by mean."""
    return float(np.std(amounts) / np.mean(amounts))


def _sent_to_people(view: View, account: int) -> Mapping[int, int]:
    ledger, outs = view.ledger, view.outs(account)
    sent: dict[int, int] = defaultdict(int)
    for row in outs[view.to_people[outs]]:
        sent[int(ledger.dst[row])] += int(ledger.amount[row])
    return sent


def _to(view: View, rows: Numbers, kind: str) -> Numbers:
    return np.asarray(view.kinds[view.ledger.dst[rows]] == kind, dtype=np.bool_)

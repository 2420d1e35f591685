"""All typologies of a ledger and its accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from marfa.methods.flows.accounts_file import Account
from marfa.methods.flows.cases import Case, Draft, make_cases
from marfa.methods.flows.collectors import find_charity_front, find_funnel_accounts, find_ransom
from marfa.methods.flows.debts import find_recruitment_debt
from marfa.methods.flows.exploitation import (
    find_online_exploitation_of_children,
    find_sexual_exploitation,
)
from marfa.methods.flows.ledger import Ledger
from marfa.methods.flows.view import View
from marfa.methods.flows.wages import find_wage_funnel, find_wage_return

RULES: Sequence[Callable[[View], Iterator[Draft]]] = (
    find_wage_return,
    find_wage_funnel,
    find_sexual_exploitation,
    find_recruitment_debt,
    find_ransom,
    find_funnel_accounts,
    find_online_exploitation_of_children,
    find_charity_front,
)


def find_typologies(
    ledger: Ledger, accounts: Mapping[str, Account], *, dollar: float = 1
) -> tuple[Case, ...]:
    """Cases of every typology, each account with its role and what may be done about it.

    dollar: units of the ledger's currency that make a US dollar; what is a small sum is told in
    dollars by the indicators.
    """
    view = View(ledger, accounts, dollar)
    return make_cases(view, [draft for rule in RULES for draft in rule(view)])

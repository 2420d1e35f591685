"""The ledger: what may be known of the same people in all, and what releases have spent of it.

It stands in the register of releases, beside the exact tables of the same population. A release
is noted, and is on the disk, before its noise is drawn: what is cut off after that has spent its
part although nobody saw it, and what is cut off before has shown nothing.

Of the noise in whole units it is the distance to the exact one that adds up over releases; its part
of delta is the sum times one and exp(epsilon) of all together (``noise``), which is more than the
sum of the parts that each release alone took.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.private.accounting import add_sizes, epsilon_of
from marfa.methods.disclosure.releases.budget import Budget, Spending
from marfa.methods.disclosure.releases.register import FileRegister, clean_key

DEFAULT_BUDGET = 12.0
"""Epsilon in all, where nobody set one."""
STEPS = 200
LARGEST_EXPONENT = 700.0
"""Above it exp is more than any float."""


@dataclass(frozen=True)
class Account:
    """Who is told of: population and period, and the budget that somebody set.

    epsilon: None keeps what the ledger has, or DEFAULT_BUDGET. mixed: whether it was confirmed
    that exact tables and private releases of the same people may both be out.
    """

    population: str
    period: str = ""
    epsilon: float | None = None
    mixed: bool = False


def spend(register: FileRegister, account: Account, spending: Spending) -> Budget:
    """Note a release before its noise is drawn; returns the budget with it.

    Raises InputError where more would be spent than the budget has, where the budget is another
    one than was set first, and for exact tables of the same people that nobody confirmed.
    """
    check_mode(register, account)
    before = find_budget(register, account, spending.delta)
    after = replace(before, spent=(*before.spent, spending))
    total = total_epsilon(after)
    if total is None or total > after.epsilon * (1 + 1e-12):
        left = {
            "epsilon": after.epsilon,
            "delta": f"{after.delta:g}",
            "spent": round(total_epsilon(before) or 0.0, 4),
            "asked": spending.epsilon,
        }
        raise _error("overdraft", **left)
    register.set_budget(account.population, after)
    return after


def find_budget(register: FileRegister, account: Account, delta: float) -> Budget:
    """The budget of an account, with what was spent; a new one has the delta of the first release.

    Raises InputError where another one was set first.
    """
    period = clean_key(account.period) if account.period.strip() else ""
    for budget in register.budgets(account.population):
        if budget.period.casefold() == period.casefold():
            if account.epsilon is not None and account.epsilon != budget.epsilon:
                raise _error("budget-set", epsilon=budget.epsilon)
            return budget
    return Budget(period, account.epsilon or DEFAULT_BUDGET, delta)


def total_epsilon(budget: Budget) -> float | None:
    """What all releases of a budget come to at its delta; None where delta does not suffice."""
    size = add_sizes(each.size for each in budget.spent)
    apart = sum(each.slack / _one_and_exp(each.epsilon) for each in budget.spent)
    total = 0.0
    # Epsilon takes a part of delta, which takes a larger epsilon: from below to where both agree.
    for _step in range(STEPS):
        delta = budget.delta - apart * _one_and_exp(total)
        if delta <= 0:
            return None
        found = epsilon_of(size, delta) if budget.spent else 0.0
        if found <= total * (1 + 1e-13):
            return found
        total = found
    return None


def _one_and_exp(epsilon: float) -> float:
    return 1 + math.exp(min(epsilon, LARGEST_EXPONENT))


def check_mode(register: FileRegister, account: Account) -> None:
    """Raises InputError where exact tables of the same people are out and nobody confirmed that
    the epsilon does not cover them."""
    if account.mixed or register.budgets(account.population):
        return
    if register.releases(account.population):
        raise _error("tables-out")


def says_mixed(register: FileRegister, population: str) -> Sequence[Message]:
    """What is said wherever exact tables stand beside private releases of the same people."""
    if register.releases(population) and register.budgets(population):
        return (Message("methods.disclosure.private:mixed"),)
    return ()


def _error(code: str, **params: object) -> InputError:
    return InputError.at(Message(f"methods.disclosure.private:{code}", params))

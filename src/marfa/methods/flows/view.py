"""A ledger as typologies see it: each account's transactions, and what the bank's codes say.

The memo is not read here, and neither is any region: a finding stands on movements, counterparts,
times and codes, so that no word and no place of origin can carry one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marfa.methods.flows.accounts_file import Account
from marfa.methods.flows.bursts import AccountLists
from marfa.methods.flows.ledger import FRACTION, Ledger, Numbers

HOUR = 3_600
DAY = 24 * HOUR

WAGES = frozenset({"salary", "salaries", "wage", "wages", "payroll"})
ADVERTS = frozenset({"adult_ads", "escort_ads"})
HOTELS = frozenset({"hotel", "lodging", "short_let"})
TICKETS = frozenset({"ticket", "tickets", "travel", "transport"})
RUNNING_COSTS = frozenset({"rent", "utilities", "retail", "fee", "tax", *WAGES})
CASH = frozenset({"cash", "atm"})
INFORMAL = frozenset({"cash", "atm", "hawala", "msb", "remitter"})
REMITTERS = frozenset({"hawaladar", "hawala", "msb", "remitter", "money_transfer"})
SENT_ABROAD = frozenset({"remittance", "remittances", "abroad", "international"})
CASH_POINTS = frozenset({"cash_point", "atm", "branch"})
CHARITIES = frozenset({"npo", "ngo", "charity"})
PEOPLE = frozenset({"person", "individual", ""})

Mask = NDArray[np.bool_]


class View:
    """Masks over transactions, kinds of accounts, and the transactions of each account."""

    def __init__(self, ledger: Ledger, accounts: Mapping[str, Account], dollar: float = 1) -> None:
        self.ledger = ledger
        self.dollar = dollar
        self.accounts = [accounts.get(name, Account()) for name in ledger.names]
        self.kinds = np.array([account.kind for account in self.accounts], dtype=object)
        self.into = AccountLists(ledger, ledger.dst)
        self.out = AccountLists(ledger, ledger.src)
        self._of_kinds: dict[frozenset[str], Mask] = {}
        self._coded: dict[tuple[str, frozenset[str]], Mask] = {}
        self.first, self.last = int(ledger.ts[0]), int(ledger.ts[-1])

    def is_kind(self, account: int, kinds: frozenset[str]) -> bool:
        return self.kinds[account] in kinds

    def kind_mask(self, kinds: frozenset[str], ends: Numbers) -> Mask:
        """Which of these accounts are of one of the kinds."""
        if kinds not in self._of_kinds:
            known = [kind in kinds for kind in self.kinds]
            self._of_kinds[kinds] = np.array(known, dtype=np.bool_)
        return np.asarray(self._of_kinds[kinds][ends], dtype=np.bool_)

    def coded(self, column: str, words: frozenset[str]) -> Mask:
        """Which transactions have one of these words as their code in a column."""
        if (column, words) not in self._coded:
            self._coded[column, words] = self._codes(column, words)
        return self._coded[column, words]

    def _codes(self, column: str, words: frozenset[str]) -> Mask:
        texts = self.ledger.texts.get(column)
        if texts is None:
            return np.zeros(len(self.ledger), dtype=np.bool_)
        return np.array([text.casefold() in words for text in texts.tolist()], dtype=np.bool_)

    @cached_property
    def wages(self) -> Mask:
        return self.coded("category", WAGES)

    @cached_property
    def cash(self) -> Mask:
        """Cash paid in or taken out."""
        codes = frozenset({"cash_deposit", "cash_withdrawal"})
        return self.coded("channel", CASH) | self.coded("category", codes)

    @cached_property
    def informal(self) -> Mask:
        """Cash and remitters: where the next hands are not seen."""
        told = self.cash | self.coded("channel", INFORMAL)
        kinds = REMITTERS | CASH_POINTS
        return np.asarray(told | self.kind_mask(kinds, self.ledger.dst), dtype=np.bool_)

    @cached_property
    def abroad(self) -> Mask:
        """What is sent abroad, by the codes: a remittance, or what a remitter carries."""
        return self.coded("category", SENT_ABROAD) | self.coded("channel", REMITTERS)

    @cached_property
    def hours(self) -> Numbers:
        """Hour of the day on the clock of the file."""
        return (self.ledger.ts % DAY) // HOUR

    @cached_property
    def night(self) -> Mask:
        """From 22 to 5."""
        return np.asarray((self.hours >= 22) | (self.hours < 5), dtype=np.bool_)

    @cached_property
    def from_people(self) -> Mask:
        return self.kind_mask(PEOPLE, self.ledger.src)

    @cached_property
    def to_people(self) -> Mask:
        return self.kind_mask(PEOPLE, self.ledger.dst)

    def ins(self, account: int, begin: int | None = None, end: int | None = None) -> Numbers:
        return self.into.between(account, self._from(begin), self._to(end))

    def outs(self, account: int, begin: int | None = None, end: int | None = None) -> Numbers:
        return self.out.between(account, self._from(begin), self._to(end))

    def _from(self, begin: int | None) -> int:
        return self.first if begin is None else begin

    def _to(self, end: int | None) -> int:
        return self.last if end is None else end

    def dollars(self, amount: int) -> int:
        """Dollars, in which the indicators give small sums, as thousandths of the file's unit."""
        return round(amount * FRACTION * self.dollar)

    def monthly_wage(self, account: int) -> float:
        """Thousandths that an account gets in wages in a month of 30 days; 0 where there are none.

        A wage alone says little: some are paid by the week.
        """
        into = self.ins(account)
        wages = into[self.wages[into]]
        if len(wages) < 2:
            return float(self.total(wages))
        span = int(self.ledger.ts[wages[-1]] - self.ledger.ts[wages[0]])
        return self.total(wages[1:]) * MONTH / max(span, DAY)

    def total(self, rows: Numbers) -> int:
        return int(self.ledger.amount[rows].sum())

    def busy(self, ends: Numbers, others: Numbers, mask: Mask, least: int) -> list[int]:
        """Accounts with at least so many different counterparts among some transactions."""
        mask = mask & (ends != others)
        pairs = np.unique(np.stack([ends[mask], others[mask]]), axis=1)
        accounts, counts = np.unique(pairs[0], return_counts=True)
        return [int(account) for account in accounts[counts >= least]]


MONTH = 30 * DAY


def days_together(ts: Numbers, rows: Numbers, gap: int) -> list[Numbers]:
    """Rows in order of time, parted where more than ``gap`` seconds lie between two of them."""
    if not len(rows):
        return []
    breaks = np.flatnonzero(np.diff(ts[rows]) > gap) + 1
    return list(np.split(rows, breaks))

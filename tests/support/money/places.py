"""A place: its money, clock, people, shops and firms, and the book of all that is paid there."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

HOUR = 3_600
DAY = 24 * HOUR


class Payment(NamedTuple):
    src: int
    dst: int
    ts: int
    amount: float
    channel: str
    category: str
    case: str


@dataclass
class Book:
    """Payments in the order in which they were thought of, and what is known of accounts.

    case: ``ransom:1`` for a crime, ``lawful-club:0`` for what looks like one, "" for the rest.
    roles: of accounts in crimes.
    """

    payments: list[Payment] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=dict)
    opened: dict[int, int] = field(default_factory=dict)
    roles: dict[int, str] = field(default_factory=dict)

    def write(self, path: Path, *, iso: bool = False) -> dict[str, str]:
        """A ledger in order of time; id -> case. iso: times as people write them."""
        order = sorted(range(len(self.payments)), key=lambda n: (self.payments[n].ts, n))
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream)
            out.writerow(("id", "src", "dst", "ts", "amount", "channel", "category", "memo"))
            for place, number in enumerate(order):
                p = self.payments[number]
                ts = datetime.fromtimestamp(p.ts, UTC).isoformat() if iso else p.ts
                name = f"p{place:07}"
                out.writerow(
                    (name, f"n{p.src}", f"n{p.dst}", ts, p.amount, p.channel, p.category, "")
                )
        return {f"p{place:07}": self.payments[number].case for place, number in enumerate(order)}

    def write_accounts(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream)
            out.writerow(("account", "kind", "open_day"))
            for account, kind in self.kinds.items():
                out.writerow((f"n{account}", kind, self.opened[account]))


@dataclass(frozen=True)
class Habits:
    """What differs from place to place.

    money: units of the currency a dollar. step: the smallest coin that is paid. begin: day of the
    first payment, counted from 1970. wage: dollars a month. pay_gap: days between pay days.
    remitter: how remittances are told of: kind of account and channel. weaker: by which part the
    shares of crimes (what is taken, sent on, paid at night) lie below what indicators describe.
    """

    money: float
    step: float
    begin: int
    days: int
    people: int
    wage: tuple[float, float]
    pay_gap: int
    wage_word: str
    remitter: tuple[str, str]
    active: float
    weaker: float = 0.0


def draw_habits(rng: random.Random, *, people: int = 260, weaker: float = 0.0) -> Habits:
    money, step = rng.choice(((1, 0.01), (0.8, 0.01), (3.7, 0.05), (1, 0.5), (18, 0.1), (34, 1)))
    low = rng.uniform(180, 1_500)
    return Habits(
        money=money,
        step=step,
        begin=rng.choice((0, 19_400, 20_000)) + rng.randrange(300),
        days=rng.randint(170, 300),
        people=int(people * rng.uniform(0.8, 1.3)),
        wage=(low, low * rng.uniform(1.4, 2.4)),
        pay_gap=rng.choice((7, 14, 30, 30)),
        wage_word=rng.choice(("salary", "wages", "payroll")),
        remitter=rng.choice((("hawaladar", "hawala"), ("msb", "msb"), ("remitter", "cash"))),
        active=rng.uniform(0.5, 1.6),
        weaker=weaker,
    )


class Place:
    """Shops, firms and people of one place; days count from the first, sums are in dollars."""

    def __init__(self, rng: random.Random, habits: Habits, book: Book | None = None) -> None:
        self.rng, self.habits = rng, habits
        self.book = book or Book()
        self.last = max(self.book.kinds, default=100)
        old = (-2_000, -400)
        self.machines = [self.open("cash_point", old) for _ in range(rng.randint(14, 40))]
        self.shops = [self.open("merchant", old) for _ in range(rng.randint(25, 70))]
        self.landlords = [
            self.open(rng.choice(("merchant", "business", "person")), old) for _ in range(12)
        ]
        self.firms = [self.open("business", old) for _ in range(rng.randint(8, 20))]
        self.hotels = [self.open("merchant_hotel", old) for _ in range(6)]
        self.adverts = [self.open("merchant_adult_ads", old) for _ in range(2)]
        self.carriers = [self.open("merchant_transport", old) for _ in range(3)]
        self.remitters = [self.open(habits.remitter[0], old) for _ in range(5)]
        self.people = [self.person() for _ in range(habits.people)]
        for account in self.people:
            self.live(account, wage_from=rng.choice(self.firms))

    # Accounts.

    def open(self, kind: str, days: tuple[float, float] = (-1_500, -150), role: str = "") -> int:
        """A new account, opened some days before or after the first payment of the place."""
        self.last += 1
        self.book.kinds[self.last] = kind
        self.book.opened[self.last] = int(self.habits.begin + self.rng.uniform(*days))
        if role:
            self.book.roles[self.last] = role
        return self.last

    def person(self, role: str = "", days: tuple[float, float] = (-1_500, -150)) -> int:
        return self.open("person", days, role)

    def some(self, number: int) -> list[int]:
        return self.rng.sample(self.people, number)

    def share(self, low: float, high: float) -> float:
        """A share of a crime."""
        return self.rng.uniform(low, high) * (1 - self.habits.weaker)

    # Times.

    def at(self, day: float, hours: tuple[float, float] = (8, 21)) -> float:
        """A time of the day; hours beyond 24 are of the night that follows."""
        return (self.habits.begin + int(day)) * DAY + self.rng.uniform(*hours) * HOUR

    def late(self, day: float, share: float) -> float:
        """At night (22 to 5) in a share of times, else in the evening."""
        return self.at(day, (22, 28.9) if self.rng.random() < share else (17, 22))

    def pay_days(self, first: float = 0, number: int | None = None) -> Sequence[int]:
        """The days on which wages are paid, from a day on."""
        gap = self.habits.pay_gap
        days = [d for d in range(gap - 2, self.habits.days - 3, gap) if d >= first]
        return days if number is None else days[:number]

    def wage(self) -> float:
        """What one pay day brings."""
        return self.rng.uniform(*self.habits.wage) * self.habits.pay_gap / 30

    # Payments.

    def pay(
        self,
        src: int,
        dst: int,
        ts: float,
        dollars: float,
        channel: str,
        category: str,
        case: str = "",
    ) -> None:
        h = self.habits
        amount = max(round(dollars * h.money / h.step) * h.step, h.step)
        self.book.payments.append(
            Payment(src, dst, int(ts), round(amount, 2), channel, category, case)
        )

    def remit(self, src: int, ts: float, dollars: float, case: str = "") -> None:
        self.pay(
            src,
            self.rng.choice(self.remitters),
            ts,
            dollars,
            self.rng.choice((self.habits.remitter[1], "cash")),
            "remittance",
            case,
        )

    def draw(self, src: int, ts: float, dollars: float, case: str = "", at: int = 0) -> None:
        machine = at or self.rng.choice(self.machines)
        self.pay(src, machine, ts, dollars, "atm", "cash_withdrawal", case)

    # Ordinary days.

    def live(self, account: int, wage_from: int = 0, since: float = 0) -> None:
        """Wages, shopping, cash, rent and friends."""
        rng, days = self.rng, self.habits.days
        wage = self.wage()
        if wage_from:
            for day in self.pay_days(since):
                self.pay(wage_from, account, self.at(day, (6, 11)), wage, "wire",
                         self.habits.wage_word)  # fmt: skip
        landlord, rent = rng.choice(self.landlords), wage * 30 / self.habits.pay_gap * 0.25
        for day in range(int(since) + rng.randrange(1, 6), days, 30):
            self.pay(account, landlord, self.at(day), rent, "wire", "rent")
        for _ in range(int((days - since) / 7 * self.habits.active * rng.uniform(0.5, 1.5))):
            self.pay(account, rng.choice(self.shops), self.at(rng.uniform(since, days)),
                     rng.lognormvariate(2.6, 0.8), "card", "retail")  # fmt: skip
        for _ in range(int((days - since) / 25)):
            moment = rng.uniform(since, days)
            self.draw(account, self.at(moment), rng.choice((20, 40, 50, 80)) * max(wage / 400, 0.3))
        friends = self.some(3) if len(getattr(self, "people", ())) > 20 else []
        for friend in friends:
            for _ in range(rng.randint(0, 4)):
                one, other = rng.sample((account, friend), 2)
                self.pay(one, other, self.at(rng.uniform(since, days), (9, 26)),
                         rng.lognormvariate(2.7, 0.7), "mobile", "p2p")  # fmt: skip

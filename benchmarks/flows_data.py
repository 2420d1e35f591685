"""Made-up ledgers with planted patterns and cases, for benchmarks and tests of flows.

Seeds and parameters are of its own: nothing here follows the generator of the reference data.
Every sum, delay and size is drawn from ranges that a caller may shift.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HOUR = 3_600
DAY = 24 * HOUR

Row = tuple[int, int, int, float, str, str]
"""src, dst, ts, amount, channel, category."""


@dataclass(frozen=True)
class Shape:
    """Ranges from which patterns are drawn: sizes, days, shares that go on, sums."""

    least: int = 4
    most: int = 12
    days: float = 2.2
    kept: tuple[float, float] = (0.9, 0.99)
    spread: float = 0.12
    sum: tuple[float, float] = (120.0, 4_000.0)
    hold_hours: float = 7.0
    limit: float = 10_000.0


@dataclass
class Made:
    """Rows with what was planted: for each row the name of its instance, or ""."""

    rows: list[Row] = field(default_factory=list)
    planted: list[str] = field(default_factory=list)
    roles: dict[int, str] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    opened: dict[int, int] = field(default_factory=dict)

    def add(self, row: Row, name: str = "") -> None:
        src, dst, ts, amount, channel, category = row
        self.rows.append((src, dst, int(ts), round(amount, 2), channel, category))
        self.planted.append(name)

    def write(self, path: Path) -> dict[str, str]:
        """The ledger as CSV, in order of time; id -> name of the planted instance."""
        order = sorted(range(len(self.rows)), key=lambda i: (self.rows[i][2], i))
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream)
            out.writerow(("id", "src", "dst", "ts", "amount", "channel", "category", "memo"))
            for number, place in enumerate(order):
                src, dst, ts, amount, channel, category = self.rows[place]
                out.writerow(
                    (f"t{number}", f"a{src}", f"a{dst}", ts, amount, channel, category, "")
                )
        return {f"t{number}": self.planted[place] for number, place in enumerate(order)}

    def write_accounts(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as stream:
            out = csv.writer(stream)
            out.writerow(("account", "kind", "open_day"))
            for account, kind in sorted(self.kinds.items()):
                out.writerow((f"a{account}", kind, self.opened.get(account, -1_000)))


def background(
    rng: random.Random, number: int, accounts: int, days: int, made: Made | None = None
) -> Made:
    """Payments between neighbours and shops: busy accounts, day and night, lognormal sums."""
    made = made or Made()
    busy = [rng.paretovariate(1.6) for _ in range(accounts)]
    payers = rng.choices(range(accounts), busy, k=number)
    anyone = rng.choices(range(accounts), [b**0.7 for b in busy], k=number)
    for src, far in zip(payers, anyone, strict=True):
        near = (src // 40) * 40 + rng.randrange(40)
        dst = near if rng.random() < 0.5 and near < accounts else far
        if src == dst:
            continue
        hour = min(max(rng.gauss(14, 4.5), 0), 23.99)
        ts = rng.randrange(days) * DAY + hour * HOUR
        amount = rng.lognormvariate(4.4, 1.2)
        channel = rng.choices(("wire", "cash", "mobile", "card"), (5, 1, 3, 2))[0]
        made.add((src, dst, int(ts), amount, channel, ""))
    return made


def plant_patterns(
    rng: random.Random, made: Made, accounts: int, days: int, each: int, shape: Shape
) -> Made:
    """``each`` instances of each pattern among the accounts of a background."""
    makers = {
        "fan_in": _fan_in, "fan_out": _fan_out, "gather_scatter": _gather_scatter,
        "scatter_gather": _scatter_gather, "bipartite": _bipartite, "stack": _stack,
        "cycle": _cycle, "pass_through": _pass_through, "structuring": _structuring,
        "funnel": _funnel,
    }  # fmt: skip
    for pattern, maker in makers.items():
        for number in range(each):
            begin = rng.uniform(1, days - 8) * DAY
            for row in maker(rng, accounts, begin, shape):
                made.add(row, f"{pattern}:{number}")
    return made


def _people(rng: random.Random, accounts: int, number: int) -> list[int]:
    return rng.sample(range(accounts), number)


def _near(rng: random.Random, base: float, spread: float) -> float:
    return base * min(max(rng.gauss(1, spread), 1 - 2.2 * spread), 1 + 2.2 * spread)


def _fan_in(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    centre, *others = _people(rng, accounts, rng.randint(s.least, s.most) + 1)
    base = rng.uniform(*s.sum)
    return [
        (
            o,
            centre,
            int(begin + rng.random() * s.days * DAY),
            _near(rng, base, s.spread),
            "wire",
            "",
        )
        for o in others
    ]


def _fan_out(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    return [(d, o, ts, a, c, k) for o, d, ts, a, c, k in _fan_in(rng, accounts, begin, s)]


def _gather_scatter(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    number, more = rng.randint(s.least, s.most), rng.randint(s.least, s.most)
    centre, *others = _people(rng, accounts, number + more + 1)
    base, half = rng.uniform(*s.sum), s.days * DAY
    into = [
        (o, centre, int(begin + rng.random() * half), base, "wire", "") for o in others[:number]
    ]
    share = base * number * rng.uniform(*s.kept) / more
    out = [
        (centre, o, int(begin + half + rng.random() * half), share, "wire", "")
        for o in others[number:]
    ]
    return into + out


def _scatter_gather(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    first, last, *middles = _people(rng, accounts, rng.randint(s.least, s.most) + 2)
    base, kept = rng.uniform(*s.sum), rng.uniform(*s.kept)
    rows = []
    for m in middles:
        ts = begin + rng.random() * s.days * DAY
        rows.append((first, m, int(ts), base, "wire", ""))
        later = ts + HOUR + rng.random() * s.days * DAY
        rows.append((m, last, int(later), base * kept, "wire", ""))
    return rows


def _bipartite(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    left, right = rng.randint(2, 4), rng.randint(2, 4)
    who = _people(rng, accounts, left + right)
    base = rng.uniform(*s.sum)
    return [
        (a, b, int(begin + rng.random() * s.days * DAY), base, "wire", "")
        for a in who[:left]
        for b in who[left:]
    ]


def _stack(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    a, b, c = (rng.randint(2, 3) for _ in range(3))
    who = _people(rng, accounts, a + b + c)
    base, half = rng.uniform(*s.sum), s.days * DAY
    rows = [
        (x, m, int(begin + rng.random() * half), base, "wire", "")
        for x in who[:a]
        for m in who[a : a + b]
    ]
    share = base * a * rng.uniform(*s.kept) / c
    return rows + [
        (m, y, int(begin + half + rng.random() * half), share, "wire", "")
        for m in who[a : a + b]
        for y in who[a + b :]
    ]


def _cycle(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    who = _people(rng, accounts, rng.randint(3, 6))
    amount, ts = rng.uniform(*s.sum) * 3, begin
    rows = []
    for src, dst in zip(who, [*who[1:], who[0]], strict=True):
        ts += rng.uniform(0.5, 24 * 4.5 / len(who)) * HOUR
        rows.append((src, dst, int(ts), amount, "wire", ""))
        amount *= rng.uniform(*s.kept)
    return rows


def _pass_through(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    a, m, b = _people(rng, accounts, 3)
    rows, ts = [], begin
    for _ in range(rng.randint(3, 6)):
        amount = rng.uniform(*s.sum) * 2
        rows.append((a, m, int(ts), amount, "wire", ""))
        later = ts + rng.uniform(0.1, s.hold_hours) * HOUR
        rows.append((m, b, int(later), amount * rng.uniform(*s.kept), "wire", ""))
        ts += rng.uniform(10, 26) * HOUR
    return rows


def _structuring(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    a, b = _people(rng, accounts, 2)
    return [
        (a, b, int(begin + rng.random() * 6 * DAY), rng.uniform(0.82, 0.999) * s.limit, "cash", "")
        for _ in range(rng.randint(4, 9))
    ]


def _funnel(rng: random.Random, accounts: int, begin: float, s: Shape) -> list[Row]:
    centre, last, *others = _people(rng, accounts, rng.randint(s.least + 1, s.most) + 2)
    rows: list[Row] = [
        (o, centre, int(begin + rng.random() * s.days * DAY), rng.uniform(*s.sum), "cash", "")
        for o in others
    ]
    total = sum(row[3] for row in rows) * rng.uniform(*s.kept)
    ts = max(row[2] for row in rows) + rng.uniform(1, 30) * HOUR
    return [*rows, (centre, last, int(ts), total, "cash", "")]


@dataclass(frozen=True)
class Life:
    """Ranges for cases of trafficking, and the clock of the night."""

    cases: int = 4
    people: int = 350
    days: int = 150
    wage: tuple[float, float] = (500.0, 900.0)
    returned: tuple[float, float] = (0.66, 0.95)
    price: Sequence[float] = (35.0, 45.0, 70.0)
    small: tuple[float, float] = (8.0, 70.0)


def make_society(rng: random.Random, life: Life | None = None) -> Made:
    """People, shops, employers, charities and remitters; cases of eight typologies among them,
    and eight honest lives that look like them. Names of instances: ``ransom:0``, ``honest-rent:1``.
    """
    life = life or Life()
    made = Made()
    maker = Society(rng, life, made)
    maker.ordinary(life.people)
    for number in range(life.cases):
        for name in CASES:
            getattr(maker, name)(f"{name}:{number}")
        for name in HONEST:
            getattr(maker, name)(f"honest-{name}:{number}")
    return made


CASES = (
    "wage_return", "wage_funnel", "sex_expl", "recruit_debt", "ransom", "funnel", "ocse", "tf_npo",
)  # fmt: skip
HONEST = (
    "rent", "agency", "solidarity", "takings", "sex_work", "remittances", "relief", "pay_day",
    "school", "couple", "gym",
)  # fmt: skip


class Society:
    """Accounts of one place, and what happens there, one method a kind of case."""

    def __init__(self, rng: random.Random, life: Life, made: Made) -> None:
        self.rng, self.life, self.made = rng, life, made
        self.count = max(made.kinds, default=0)
        self.machines = [self.new("cash_point") for _ in range(25)]
        self.shops = [self.new("merchant") for _ in range(40)]
        self.adverts = [self.new("merchant_adult_ads") for _ in range(2)]
        self.hotels = [self.new("merchant_hotel") for _ in range(8)]
        self.carriers = [self.new("merchant_transport") for _ in range(4)]
        self.remitters = [self.new("hawaladar") for _ in range(4)]
        self.employers = [self.new("business") for _ in range(12)]

    def new(self, kind: str, opened: int = -700) -> int:
        self.count += 1
        self.made.kinds[self.count] = kind
        self.made.opened[self.count] = opened
        return self.count

    def person(self, role: str = "", opened: int = -400) -> int:
        account = self.new("person", opened)
        if role:
            self.made.roles[account] = role
        self.lives(account)
        return account

    def pay(
        self, src: int, dst: int, ts: float, amount: float, how: str, what: str, name: str = ""
    ) -> None:
        self.made.add((src, dst, int(ts), amount, how, what), name)

    def at(self, day: float, first: float = 8, last: float = 20) -> float:
        return int(day) * DAY + self.rng.uniform(first, last) * HOUR

    def night(self, day: float) -> float:
        return int(day) * DAY + ((22.2 + self.rng.random() * 6.5) % 24) * HOUR

    def lives(self, account: int) -> None:
        """Shopping, some cash, a friend."""
        for _ in range(int(self.life.days / 6)):
            day = self.rng.randrange(self.life.days)
            self.pay(account, self.rng.choice(self.shops), self.at(day),
                     self.rng.lognormvariate(3.1, 0.7), "card", "retail")  # fmt: skip
        for _ in range(3):
            self.pay(account, self.rng.choice(self.machines), self.at(self.rng.randrange(
                self.life.days)), 50.0, "atm", "cash_withdrawal")  # fmt: skip

    def ordinary(self, number: int) -> None:
        self.people = [self.person() for _ in range(number)]
        for account in self.people:
            boss, wage = self.rng.choice(self.employers), self.rng.uniform(*self.life.wage)
            for month in range(self.life.days // 30):
                self.pay(boss, account, self.at(28 + 30 * month, 8, 11), wage, "wire", "salary")
            for _ in range(4):
                friend = self.rng.choice(self.people)
                if friend != account:
                    self.pay(account, friend, self.at(self.rng.randrange(self.life.days), 7, 24),
                             self.rng.lognormvariate(3.3, 0.8), "mobile", "p2p")  # fmt: skip

    def some(self, number: int) -> list[int]:
        return self.rng.sample(self.people, number)

    def months(self) -> range:
        return range(self.life.days // 30)

    # Cases.

    def wage_return(self, name: str) -> None:
        boss, taker = self.new("business", -60), self.person("controller")
        self.made.roles[boss] = "controller"
        workers = [self.person("victim", -20) for _ in range(self.rng.randint(4, 9))]
        machine = self.rng.choice(self.machines)
        for month in self.months():
            paid = self.at(27 + 30 * month - 1, 9, 10)
            for place, worker in enumerate(workers):
                wage = self.rng.uniform(*self.life.wage)
                self.pay(boss, worker, paid + place * 40, wage, "wire", "salary", name)
                back = wage * self.rng.uniform(*self.life.returned)
                if place % 2:
                    later = paid + self.rng.uniform(3, 40) * HOUR
                    self.pay(worker, taker, later, back, "mobile", "p2p", name)
                else:
                    back = max(back, wage * 0.75)
                    self.pay(worker, machine, paid + 20 * HOUR + place * 90, back, "atm",
                             "cash_withdrawal", name)  # fmt: skip

    def wage_funnel(self, name: str) -> None:
        holder, boss = self.person("controller"), self.rng.choice(self.employers)
        number = self.rng.randint(4, 8)
        for month in self.months():
            paid, total = self.at(27 + 30 * month - 1, 9, 10), 0.0
            for worker in range(number):
                wage = self.rng.uniform(*self.life.wage)
                total += wage
                self.pay(boss, holder, paid + worker * 60, wage, "wire", "salary", name)
            self.pay(holder, self.rng.choice(self.remitters), paid + 30 * HOUR,
                     total * self.rng.uniform(0.6, 0.9), "cash", "remittance", name)  # fmt: skip

    def sex_expl(self, name: str) -> None:
        taker = self.person("controller")
        for _ in range(self.rng.randint(1, 3)):
            victim = self.person("victim")
            self._sex_work(victim, name)
            for day in range(12, self.life.days - 2, 3):
                self.pay(victim, taker, self.at(day, 1, 6), self.rng.uniform(4.5, 7) *
                         self.life.price[1], "mobile", "p2p", name)  # fmt: skip

    def _sex_work(self, account: int, name: str) -> None:
        for day in range(10, self.life.days - 2):
            for payer in self.some(self.rng.randint(1, 4)):
                self.pay(payer, account, self.night(day), self.rng.choice(self.life.price),
                         "mobile", "p2p", name)  # fmt: skip
            if day % 6 == 0:
                self.pay(account, self.adverts[0], self.at(day), 4.0, "card", "adult_ads", name)
            if day % 9 == 0:
                self.pay(account, self.rng.choice(self.hotels), self.at(day), 60.0, "card",
                         "hotel", name)  # fmt: skip

    def recruit_debt(self, name: str) -> None:
        boss = self.new("business", 10)
        self.made.roles[boss] = "controller"
        number, start = self.rng.randint(6, 12), self.rng.randint(15, 30)
        base = self.rng.uniform(400, 800)
        for _ in range(number):
            family, worker = self.person("family"), self.person("victim", 25)
            fee = _near(self.rng, base, 0.2)
            self.pay(
                family, boss, self.at(start + self.rng.randrange(9)), fee, "mobile", "fee", name
            )
            self.pay(boss, self.rng.choice(self.carriers), self.at(start + 10), 120.0, "card",
                     "ticket", name)  # fmt: skip
            for month in range(4):
                day = start + 30 + 28 * month
                self.pay(worker, boss, self.at(min(day, self.life.days - 1)), 90.0 +
                         self.rng.uniform(-9, 9), "mobile", "p2p", name)  # fmt: skip

    def ransom(self, name: str) -> None:
        collector, day = self.person("facilitator"), self.rng.randint(20, self.life.days - 20)
        total = 0.0
        for sender in self.some(self.rng.randint(7, 12)):
            amount = self.rng.uniform(60, 400)
            total += amount
            self.pay(sender, collector, self.at(day + self.rng.randrange(4)), amount, "mobile",
                     "p2p", name)  # fmt: skip
        self.pay(collector, self.rng.choice(self.remitters), self.at(day + 4, 9, 18),
                 total * self.rng.uniform(0.91, 0.99), "cash", "remittance", name)  # fmt: skip

    def funnel(self, name: str) -> None:
        holder = self.person("facilitator")
        for day in sorted(self.rng.sample(range(20, self.life.days - 10), 4)):
            total = 0.0
            for machine in self.rng.sample(self.machines[:12], self.rng.randint(4, 6)):
                amount = self.rng.uniform(300, 1_500)
                total += amount
                self.pay(machine, holder, self.at(day, 8, 18), amount, "cash", "cash_deposit", name)
            total *= self.rng.uniform(0.86, 0.98)
            self.pay(holder, self.rng.choice(self.machines[12:]), self.at(day + 1, 8, 14), total,
                     "cash", "cash_withdrawal", name)  # fmt: skip

    def ocse(self, name: str) -> None:
        payee = self.person("facilitator")
        for sender in self.some(self.rng.randint(3, 5)):
            for day in self.rng.sample(range(10, self.life.days), self.rng.randint(6, 12)):
                self.pay(sender, payee, self.night(day), self.rng.uniform(*self.life.small),
                         "mobile", "remittance", name)  # fmt: skip

    def tf_npo(self, name: str) -> None:
        charity = self.new("npo", 0)
        self.made.roles[charity] = "controller"
        total = 0.0
        for donor in self.some(self.rng.randint(25, 45)):
            amount = self.rng.uniform(10, 120)
            total += amount
            self.pay(donor, charity, self.at(self.rng.randint(5, self.life.days - 30)), amount,
                     "mobile", "donation", name)  # fmt: skip
        for taker in self.some(5):
            self.pay(charity, taker, self.at(self.rng.randint(self.life.days - 30,
                     self.life.days - 1)), min(total * 0.17, 900), "hawala", "remittance",
                     name)  # fmt: skip

    # Honest lives.

    def rent(self, name: str) -> None:
        tenant, landlord = self.rng.choice(self.people), self.rng.choice(self.shops)
        others = [p for p in self.some(4) if p != tenant]
        for month in self.months():
            for other in others:
                self.pay(other, tenant, self.at(3 + 30 * month), 260.0, "mobile", "p2p", name)
            self.pay(tenant, landlord, self.at(5 + 30 * month), 260.0 * 4, "wire", "rent", name)

    def agency(self, name: str) -> None:
        agency = self.new("business")
        workers = self.some(15)
        for month in self.months():
            for worker in workers:
                self.pay(agency, worker, self.at(26 + 30 * month - 1), self.rng.uniform(
                    *self.life.wage), "wire", "salary", name)  # fmt: skip

    def solidarity(self, name: str) -> None:
        collector, day = self.rng.choice(self.people), self.rng.randint(20, self.life.days - 20)
        total = 0.0
        charity = self.new("npo")
        for giver in self.some(18):
            if giver != collector:
                total += 20
                self.pay(giver, collector, self.at(day + self.rng.randrange(4)), 20.0, "mobile",
                         "p2p", name)  # fmt: skip
        self.pay(collector, charity, self.at(day + 5), total, "wire", "donation", name)

    def takings(self, name: str) -> None:
        shop = self.new("business_cash")
        for day in range(2, self.life.days, 2):
            self.pay(self.rng.choice(self.machines), shop, self.at(day, 19, 22), self.rng.uniform(
                300, 1_500), "cash", "cash_deposit", name)  # fmt: skip
            if day % 14 == 0:
                self.pay(shop, self.rng.choice(self.shops), self.at(day + 1), self.rng.uniform(
                    2_000, 5_000), "wire", "supplies", name)  # fmt: skip

    def sex_work(self, name: str) -> None:
        """Adverts, hotels, payers at night; the money is spent by whoever earned it."""
        worker = self.person()
        self._sex_work(worker, name)
        for month in self.months():
            self.pay(worker, self.rng.choice(self.shops), self.at(2 + 30 * month), 700.0, "wire",
                     "rent", name)  # fmt: skip

    def remittances(self, name: str) -> None:
        """Two children abroad support a parent every month."""
        parent = self.rng.choice(self.people)
        for child in [p for p in self.some(3) if p != parent][:2]:
            for month in self.months():
                self.pay(child, parent, self.at(29 + 30 * month - 1, 17, 24), 90.0, "msb",
                         "remittance", name)  # fmt: skip

    def relief(self, name: str) -> None:
        """A charity with rent and wages that also pays people through a remitter."""
        charity = self.new("npo", -300)
        for donor in self.some(40):
            self.pay(donor, charity, self.at(self.rng.randrange(self.life.days - 5)), 60.0,
                     "mobile", "donation", name)  # fmt: skip
        for month in self.months():
            self.pay(charity, self.rng.choice(self.shops), self.at(2 + 30 * month), 150.0, "wire",
                     "rent", name)  # fmt: skip
            for taker in self.some(4):
                self.pay(charity, taker, self.at(12 + 30 * month), 70.0, "hawala", "remittance",
                         name)  # fmt: skip

    def pay_day(self, name: str) -> None:
        """Workers queue at the machine of the works and draw a little."""
        boss, machine = self.new("business"), self.rng.choice(self.machines)
        workers = self.some(8)
        for month in self.months():
            paid = self.at(26 + 30 * month - 1, 9, 10)
            for place, worker in enumerate(workers):
                self.pay(boss, worker, paid, 800.0, "wire", "salary", name)
                self.pay(worker, machine, paid + 8 * HOUR + place * 60, 250.0, "atm",
                         "cash_withdrawal", name)  # fmt: skip

    def school(self, name: str) -> None:
        """Fees in a fortnight, then instalments by the same parents."""
        school = self.new("business", -90)
        for parent in self.some(14):
            self.pay(parent, school, self.at(self.rng.randint(5, 15)), 300.0, "mobile", "fee", name)
            for month in range(1, self.life.days // 30):
                self.pay(parent, school, self.at(10 + 30 * month), 60.0, "mobile", "p2p", name)

    def couple(self, name: str) -> None:
        """One keeps the money of both, and half of each wage goes there."""
        one, other = self.some(2)
        for month in self.months():
            self.pay(one, other, self.at(30 + 30 * month - 1), 0.7 * self.life.wage[0], "mobile",
                     "p2p", name)  # fmt: skip

    def gym(self, name: str) -> None:
        """Members by the month, and guests who come once."""
        gym = self.new("business", -30)
        for member in self.some(10):
            for month in self.months():
                self.pay(member, gym, self.at(4 + 30 * month), 40.0, "mobile", "p2p", name)
        for guest in self.some(20):
            self.pay(guest, gym, self.at(self.rng.randrange(self.life.days)), 12.0, "mobile", "p2p",
                     name)  # fmt: skip

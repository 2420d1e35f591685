"""Ten patterns among payments of strangers: shops, wages, bills and friends, with hubs.

Shapes after Altman and others (2023), section 3, and the indicators FM-01 to FM-06; sizes, sums
and times are drawn anew for each instance. In the background firms pay wages and offices get
bills, so that many lawful payments have the shape of a fan.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from marfa.methods.flows import Parameters, find_patterns, open_ledger
from tests.support.money.places import DAY, HOUR, Book, Payment

Legs = Iterator[tuple[int, int, float, float]]
"""src, dst, seconds from the beginning, sum."""


@dataclass(frozen=True)
class Streets:
    """How dense a background is, and how patterns are drawn. kept: share that goes on."""

    payments: int = 60_000
    accounts: int = 6_000
    days: int = 75
    each: int = 40
    sizes: tuple[int, int] = (4, 16)
    sum: tuple[float, float] = (40, 6_000)
    spread: float = 0.14
    span_days: float = 2.0
    kept: tuple[float, float] = (0.87, 0.995)
    limit: int = 10_000


class Maker:
    def __init__(self, rng: random.Random, streets: Streets) -> None:
        self.rng, self.streets = rng, streets
        self.book = Book()

    def pay(self, src: int, dst: int, ts: float, amount: float, how: str, case: str = "") -> None:
        if src != dst:
            self.book.payments.append(
                Payment(src, dst, int(ts), round(max(amount, 0.5), 2), how, "", case)
            )

    # What strangers pay.

    def background(self) -> None:
        s, rng = self.streets, self.rng
        firms = range(s.accounts // 150)
        offices = range(len(firms), len(firms) + 8)
        shops = range(offices.stop, offices.stop + s.accounts // 25)
        people = range(shops.stop, s.accounts)
        weights = [1 / (n + 3) for n in range(len(shops))]
        for firm in firms:
            staff = rng.sample(people, rng.randint(3, 30))
            for day in range(rng.randrange(30), s.days, 30):
                for worker in staff:
                    wage = rng.choice((900, 1_100, 1_600, 2_300))
                    self.pay(firm, worker, (day + rng.uniform(0.3, 0.4)) * DAY, wage, "wire")
        for person in people:
            for day in range(rng.randrange(30), s.days, 30):
                bill = rng.lognormvariate(3.6, 0.5)
                self.pay(person, rng.choice(offices), (day + 0.5) * DAY, bill, "wire")
        while len(self.book.payments) < s.payments:
            person, ts = rng.choice(people), rng.uniform(0, s.days) * DAY
            if rng.random() < 0.7:
                shop = rng.choices(shops, weights)[0]
                self.pay(person, shop, ts, rng.lognormvariate(3, 0.9), "card")
            else:
                near = min(max(person + rng.randint(-12, 12), people.start), s.accounts - 1)
                self.pay(person, near, ts, rng.lognormvariate(3.5, 1), "mobile")

    # What is planted.

    def plant(self) -> None:
        s, rng = self.streets, self.rng
        for name, shape in SHAPES.items():
            for number in range(s.each):
                begin = rng.uniform(1, s.days - 9) * DAY
                how = rng.choice(("wire", "cash", "mobile"))
                for src, dst, ts, amount in shape(self):
                    self.pay(src, dst, begin + ts, amount, how, f"{name}:{number}")

    def some(self, number: int) -> list[int]:
        return self.rng.sample(range(self.streets.accounts), number)

    def size(self) -> int:
        return self.rng.randint(*self.streets.sizes)

    def sum(self) -> float:
        low, high = self.streets.sum
        return float(low * (high / low) ** self.rng.random())

    def near(self, base: float) -> float:
        return base * self.rng.lognormvariate(0, self.rng.uniform(0, self.streets.spread))

    def span(self) -> float:
        return self.rng.uniform(0.2, self.streets.span_days) * DAY

    def kept(self) -> float:
        return self.rng.uniform(*self.streets.kept)


def fan_in(m: Maker) -> Legs:
    centre, *others = m.some(m.size() + 1)
    base, span = m.sum(), m.span()
    for other in others:
        yield other, centre, m.rng.random() * span, m.near(base)


def fan_out(m: Maker) -> Legs:
    for src, dst, ts, amount in fan_in(m):
        yield dst, src, ts, amount


def gather_scatter(m: Maker) -> Legs:
    number, more = m.size(), m.size()
    centre, *others = m.some(number + more + 1)
    base, span = m.sum(), m.span()
    got = 0.0
    for other in others[:number]:
        amount = m.near(base)
        got += amount
        yield other, centre, m.rng.random() * span, amount
    later, pause, kept = m.span(), m.rng.uniform(1, 20) * HOUR, m.kept()
    for other in others[number:]:
        yield centre, other, span + pause + m.rng.random() * later, m.near(got * kept / more)


def scatter_gather(m: Maker) -> Legs:
    first, last, *middles = m.some(m.size() + 2)
    base, span, hold = m.sum(), m.span(), m.span()
    for middle in middles:
        ts, amount = m.rng.random() * span, m.near(base)
        yield first, middle, ts, amount
        yield middle, last, ts + m.rng.uniform(0.1, 1) * hold, amount * m.kept()


def bipartite(m: Maker) -> Legs:
    left, right = m.rng.randint(2, 5), m.rng.randint(2, 5)
    who, base, span = m.some(left + right), m.sum(), m.span()
    for a in who[:left]:
        for b in who[left:]:
            yield a, b, m.rng.random() * span, base * m.rng.uniform(0.95, 1.05)


def stack(m: Maker) -> Legs:
    a, b, c = (m.rng.randint(2, 4) for _ in range(3))
    who, base, span = m.some(a + b + c), m.sum(), m.span()
    for x in who[:a]:
        for y in who[a : a + b]:
            yield x, y, m.rng.random() * span, base
    pause, later = m.rng.uniform(1, 20) * HOUR, m.span()
    for y in who[a : a + b]:
        kept = m.kept()
        for z in who[a + b :]:
            yield y, z, span + pause + m.rng.random() * later, base * a * kept / c


def cycle(m: Maker) -> Legs:
    who, amount, ts = m.some(m.rng.randint(3, 6)), m.sum(), 0.0
    step = m.rng.uniform(0.5, 110 / len(who)) * HOUR
    for src, dst in zip(who, [*who[1:], who[0]], strict=True):
        yield src, dst, ts, amount
        ts += step * m.rng.uniform(0.3, 1)
        amount *= m.kept()


def pass_through(m: Maker) -> Legs:
    a, middle, b = m.some(3)
    ts = 0.0
    for _ in range(m.rng.randint(3, 8)):
        amount = m.sum()
        yield a, middle, ts, amount
        yield middle, b, ts + m.rng.uniform(0.05, 6) * HOUR, amount * m.rng.uniform(0.9, 1)
        ts += m.rng.uniform(7, 22) * HOUR


def structuring(m: Maker) -> Legs:
    a, b = m.some(2)
    for _ in range(m.rng.randint(3, 9)):
        yield a, b, m.rng.uniform(0, 6.5) * DAY, m.streets.limit * m.rng.uniform(0.81, 0.995)


def funnel(m: Maker) -> Legs:
    centre, last, *others = m.some(m.size() + 2)
    base, span = m.sum(), m.span()
    total = 0.0
    for other in others:
        amount = base * m.rng.uniform(0.4, 1.6)
        total += amount
        yield other, centre, m.rng.random() * span, amount
    parts, kept = m.rng.choice((1, 1, 2)), m.kept()
    for part in range(parts):
        ts = span + m.rng.uniform(1, 20) * HOUR + part * 20 * HOUR
        yield centre, last, ts, total * kept / parts


SHAPES: Mapping[str, Callable[[Maker], Legs]] = {
    each.__name__: each
    for each in (
        fan_in, fan_out, gather_scatter, scatter_gather, bipartite, stack, cycle, pass_through,
        structuring, funnel,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Shares:
    """found: of each pattern, how many have half of their payments flagged under its name.
    planted: of all payments that are flagged, how many were planted."""

    found: Mapping[str, float]
    planted: float
    flagged: int

    def line(self) -> str:
        found = ", ".join(f"{name} {share:.2f}" for name, share in self.found.items())
        return f"{found}; planted {self.planted:.2f} of {self.flagged}"


def score_shapes(seed: int, streets: Streets, folder: Path) -> Shares:
    maker = Maker(random.Random(f"streets {seed}"), streets)
    maker.background()
    maker.plant()
    labels = maker.book.write(folder / "streets.csv")
    whole = Counter(label for label in labels.values() if label)
    with open_ledger(folder / "streets.csv") as ledger:
        found = find_patterns(ledger, parameters=Parameters(structuring_limit=streets.limit))
        told = {
            name: {ledger.ids[row] for each in findings for row in each.rows}
            for name, findings in found.findings.items()
        }
    hits: dict[str, list[bool]] = defaultdict(list)
    for name in SHAPES:
        flagged = Counter(labels[each] for each in told[name])
        for label, number in whole.items():
            if label.startswith(f"{name}:"):
                hits[name].append(flagged[label] * 2 >= number)
    flagged_ids = set().union(*told.values())
    planted = sum(bool(labels[each]) for each in flagged_ids) / max(len(flagged_ids), 1)
    shares = {name: sum(each) / len(each) for name, each in hits.items()}
    return Shares(shares, planted, len(flagged_ids))

"""Cases of eight typologies, as indicators and published cases describe them.

Each takes a place and the name of its case, and writes payments and roles. Some victims are made
to serve: wages go into the account of a worker, takings into that of a woman who is held herself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.support.money.places import HOUR, Place


def wage_return(place: Place, case: str) -> None:
    """Workers of one firm hand most of each wage back: to the firm, to a foreman, to one of them
    who has to hold it, or in cash that they draw one after the other."""
    rng = place.rng
    firm = place.open("business", rng.choice(((-90, -5), (-1_200, -400))), "controller")
    workers = [place.person("victim", (-60, -1)) for _ in range(rng.randint(3, 16))]
    way = rng.choice(("firm", "foreman", "cash", "worker", "both"))
    taker = {"firm": firm, "worker": workers[0]}.get(way) or place.person("controller")
    share, machine = place.share(0.58, 0.94), rng.choice(place.machines)
    wages = {worker: place.wage() for worker in workers}
    for day in place.pay_days(5, rng.randint(3, 7)):
        paid = place.at(day, (8, 11))
        queue = paid + rng.uniform(5, 30) * HOUR
        for number, worker in enumerate(workers):
            wage = wages[worker] * rng.uniform(0.95, 1.05)
            place.pay(firm, worker, paid + number * 20, wage, "wire", place.habits.wage_word, case)
            back = wage * min(share * rng.uniform(0.95, 1.05), 0.97)
            if way == "cash" or (way == "both" and number % 2):
                queue += rng.uniform(30, 400)
                place.draw(
                    worker,
                    queue,
                    max(back, wage * 0.75 * (1 - place.habits.weaker)),
                    case,
                    at=machine,
                )
            elif worker != taker and rng.random() < 0.93:
                later = paid + rng.uniform(1, 44) * HOUR
                place.pay(worker, taker, later, back, "mobile", "p2p", case)


def wage_funnel(place: Place, case: str) -> None:
    """A gang's wages come into one person's account and leave in cash or abroad; the workers see
    pocket money."""
    rng = place.rng
    holder = place.person("controller")
    firm = rng.choice(place.firms)
    workers = [place.person("victim", (-60, -1)) for _ in range(rng.randint(3, 12))]
    wages = [place.wage() for _ in workers]
    for day in place.pay_days(5, rng.randint(3, 7)):
        paid = place.at(day, (7, 11))
        for number, wage in enumerate(wages):
            later = paid + number * rng.uniform(5, 1_500)
            place.pay(firm, holder, later, wage, "wire", place.habits.wage_word, case)
        leave, parts = sum(wages) * place.share(0.6, 0.92), rng.choice((1, 1, 2, 3))
        for part in range(parts):
            ts = paid + rng.uniform(7, 20) * HOUR + part * 14 * HOUR
            (place.remit if part % 2 == 0 else place.draw)(holder, ts, leave / parts, case)
        for worker in workers:
            place.pay(holder, worker, place.at(day + 3), sum(wages) * 0.06 / len(workers),
                      "mobile", "p2p", case)  # fmt: skip


def sex_expl(place: Place, case: str) -> None:
    """Takings of the night are taken every few days; adverts and rooms are paid from the account
    of the woman who is sold, or in cash by whoever sells her."""
    rng = place.rng
    number = rng.randint(1, 4)
    taker = place.person("victim" if rng.random() < 0.15 else "controller")
    prices = [round(rng.uniform(25, 220) / 5) * 5 for _ in range(3)]
    adverts = rng.random() < (0.85 if number == 1 else 0.5)
    rooms = rng.random() < 0.5
    for _ in range(number):
        victim = place.person("victim", (-300, -1))
        place.live(victim) if rng.random() < 0.3 else None
        _sold(place, case, victim, taker, prices, adverts, rooms)


def _sold(
    place: Place,
    case: str,
    victim: int,
    taker: int,
    prices: list[int],
    adverts: bool,
    rooms: bool,
) -> None:
    rng, days = place.rng, place.habits.days
    begin = rng.randint(5, 60)
    share, gap, nightly = place.share(0.6, 0.93), rng.uniform(1, 5), place.share(0.68, 0.96)
    in_cash = rng.random() < 0.25
    got, swept = 0.0, float(begin + 3)
    for day in range(begin, min(begin + rng.randint(40, 140), days - 3)):
        if rng.random() < 0.85:
            for payer in place.some(rng.randint(1, 4)):
                price = rng.choice(prices)
                got += price
                if in_cash and rng.random() < 0.5:
                    place.pay(rng.choice(place.machines), victim, place.late(day, nightly), price,
                              "cash", "cash_deposit", case)  # fmt: skip
                else:
                    place.pay(payer, victim, place.late(day, nightly), price, "mobile", "p2p", case)
        if adverts and rng.random() < 0.25:
            place.pay(victim, rng.choice(place.adverts), place.at(day), rng.choice((5, 10, 15)),
                      "card", "adult_ads", case)  # fmt: skip
        if rooms and rng.random() < 0.3:
            place.pay(victim, rng.choice(place.hotels), place.at(day), rng.uniform(30, 90),
                      "card", "hotel", case)  # fmt: skip
        if day >= swept and got:
            place.pay(victim, taker, place.at(day + 1, (4, 15)), got * share, "mobile", "p2p", case)
            got, swept = 0.0, day + gap


def recruit_debt(place: Place, case: str) -> None:
    """Families pay a fee, tickets are bought, and those who were sent pay a debt from their wages
    that does not end."""
    rng = place.rng
    kind = rng.choice(("business", "business", "person"))
    recruiter = place.open(kind, (-150, -2), "controller")
    firm, begin = rng.choice(place.firms), rng.randint(6, 25)
    fee, number = rng.uniform(300, 2_500), rng.randint(5, 16)
    spread, within = rng.uniform(0.02, 0.22), rng.randint(3, 12)
    by_card, gap = rng.random() < 0.8, rng.choice((14, 30, 30))
    part = rng.uniform(0.14, 0.5)
    for _ in range(number):
        family = place.person("family")
        worker = place.person("victim", (begin, begin + 20))
        place.live(family)
        price = max(rng.gauss(fee, fee * spread), fee * 0.5)
        place.pay(family, recruiter, place.at(begin + rng.uniform(0, within)), price,
                  rng.choice(("mobile", "wire")), rng.choice(("fee", "p2p")), case)  # fmt: skip
        if by_card:
            day = begin + within + rng.uniform(1, 4)
            place.pay(recruiter, rng.choice(place.carriers), place.at(day), rng.uniform(90, 600),
                      "card", "ticket", case)  # fmt: skip
        wage = place.wage()
        arrived = begin + within + 8
        for day in place.pay_days(arrived):
            place.pay(firm, worker, place.at(day, (6, 11)), wage, "wire", place.habits.wage_word)
        monthly = wage * 30 / place.habits.pay_gap
        debt = monthly * part * gap / 30
        for day in range(int(arrived + rng.randint(12, 35)), place.habits.days - 1, gap):
            place.pay(worker, recruiter, place.at(day + rng.uniform(0, 2)),
                      debt * rng.uniform(0.92, 1.08), "mobile", "p2p", case)  # fmt: skip


def ransom(place: Place, case: str) -> None:
    """Somebody is held: within days kin and friends send what they can to one of the family, who
    pays at once through a remitter or in cash, at times with savings of their own added."""
    rng = place.rng
    collector = place.person("family")
    place.live(collector, rng.choice(place.firms))
    begin, span = rng.randint(12, place.habits.days - 15), rng.uniform(1, 4.5)
    total, typical, last = 0.0, rng.uniform(40, 500), 0.0
    for sender in place.some(rng.randint(7, 20)):
        place.book.roles.setdefault(sender, "family")
        gift = min(rng.lognormvariate(0, 0.6), 4) * typical
        total += gift
        ts = place.at(begin + rng.uniform(0, span), (6, 24))
        last = max(last, ts)
        place.pay(sender, collector, ts, gift, rng.choice(("mobile", "msb", "wire")),
                  rng.choice(("p2p", "remittance")), case)  # fmt: skip
    total *= place.share(0.9, 1.12)
    parts = rng.choice((1, 1, 1, 2))
    for part in range(parts):
        ts = last + rng.uniform(2, 20) * HOUR + part * 20 * HOUR
        if rng.random() < 0.7:
            place.remit(collector, ts, total / parts, case)
        else:
            place.draw(collector, ts, total / parts, case)


def funnel(place: Place, case: str) -> None:
    """Cash is paid in at machines of several towns and drawn in another one a day later."""
    rng = place.rng
    holder = place.person("victim" if rng.random() < 0.25 else "facilitator")
    place.live(holder)
    half = len(place.machines) // 2
    typical = rng.uniform(100, 2_500)
    for day in sorted(rng.sample(range(8, place.habits.days - 8), rng.randint(3, 7))):
        total, last = 0.0, 0.0
        for machine in rng.sample(place.machines[:half], rng.randint(3, min(7, half))):
            for _ in range(rng.choice((1, 1, 2))):
                amount = typical * rng.uniform(0.4, 1.6)
                ts = place.at(day + rng.uniform(0, 2.5), (7, 23))
                total, last = total + amount, max(last, ts)
                place.pay(machine, holder, ts, amount, "cash", "cash_deposit", case)
        parts, share = rng.choice((1, 1, 2, 3)), place.share(0.83, 0.99)
        far = rng.choice(place.machines[half:])
        for part in range(parts):
            ts = last + rng.uniform(3, 12) * HOUR + part * 9 * HOUR
            place.draw(holder, ts, total * share / parts, case, at=far)


def ocse(place: Place, case: str) -> None:
    """A few people who do not know each other pay small sums, again and again, mostly at night,
    to one who shows a child."""
    rng = place.rng
    payee = place.person("facilitator")
    place.live(payee)
    low = rng.uniform(8, 25)
    high, nightly = rng.uniform(40, 95), place.share(0.66, 0.97)
    begin = rng.randint(3, place.habits.days - 100)
    for _ in range(rng.randint(3, 6)):
        sender = place.person()
        place.live(sender)
        for _ in range(rng.randint(5, 14)):
            day = begin + rng.uniform(0, 85)
            place.pay(sender, payee, place.late(day, nightly), rng.uniform(low, high),
                      rng.choice(("mobile", "msb")), "remittance", case)  # fmt: skip


def tf_npo(place: Place, case: str) -> None:
    """A new charity without any work collects gifts and sends them out in small sums, in cash and
    by remitters, to people near the front."""
    rng = place.rng
    charity = place.open("npo", (-300, -5), "controller")
    total, days = 0.0, place.habits.days
    half = rng.uniform(0.4, 0.7)
    for donor in place.some(rng.randint(20, 60)):
        for _ in range(rng.choice((1, 1, 2, 3))):
            gift = rng.choice((10, 20, 25, 50, 100))
            total += gift
            place.pay(donor, charity, place.at(rng.uniform(2, days * half)), gift,
                      rng.choice(("mobile", "card")), "donation", case)  # fmt: skip
    if rng.random() < 0.5:
        place.pay(charity, rng.choice(place.shops), place.at(days * half), total * 0.02, "card",
                  "retail", case)  # fmt: skip
    sent = total * place.share(0.68, 0.96)
    takers = place.some(rng.randint(3, 12))
    sums = [rng.uniform(0.6, 1.4) for _ in range(max(int(sent / 700) + 1, len(takers)))]
    for number, part in enumerate(sums):
        dollars = min(sent * part / sum(sums), 950)
        day = rng.uniform(days * half, days - 2)
        if rng.random() < 0.3:
            place.remit(charity, place.at(day), dollars, case)
        else:
            place.pay(charity, takers[number % len(takers)], place.at(day), dollars,
                      rng.choice(("hawala", "msb")), "remittance", case)  # fmt: skip


CRIMES: Mapping[str, Callable[[Place, str], None]] = {
    each.__name__: each
    for each in (
        wage_return, wage_funnel, sex_expl, recruit_debt, ransom, funnel, ocse, tf_npo,
    )
}  # fmt: skip

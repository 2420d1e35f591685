"""Lawful lives that look much like a crime to whoever sees money alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.support.money.places import HOUR, Place


def ransom_repaid(place: Place, case: str) -> None:
    """A family whose ransom was lent by kin pays them back month by month, helped from abroad."""
    rng = place.rng
    debtor = place.person()
    place.live(debtor, rng.choice(place.firms))
    lenders, part = place.some(rng.randint(6, 16)), rng.uniform(15, 60)
    for day in range(rng.randint(4, 20), place.habits.days - 4, 30):
        for kin in place.some(2):
            place.pay(kin, debtor, place.at(day), part * len(lenders) / 2.2, "msb", "remittance",
                      case)  # fmt: skip
        for lender in lenders:
            place.pay(debtor, lender, place.at(day + 1 + rng.uniform(0, 3)), part, "mobile", "p2p",
                      case)  # fmt: skip


def savings_club(place: Place, case: str) -> None:
    """Each month all members pay in, and the one whose turn it is gets it all, at times in cash."""
    rng = place.rng
    treasurer, *members = place.some(rng.randint(8, 18))
    share, in_cash = rng.uniform(20, 150), rng.random() < 0.4
    for turn, day in enumerate(range(rng.randint(3, 15), place.habits.days - 5, 30)):
        for member in members:
            place.pay(member, treasurer, place.at(day + rng.uniform(0, 2.5)), share, "mobile",
                      "p2p", case)  # fmt: skip
        pot, ts = share * len(members), place.at(day + 3)
        if in_cash:
            place.draw(treasurer, ts, pot, case)
        else:
            place.pay(treasurer, members[turn % len(members)], ts, pot, "wire", "p2p", case)


def market_seller(place: Place, case: str) -> None:
    """Takings of several market towns are paid in at machines, and suppliers are paid from them."""
    rng = place.rng
    seller = place.open(rng.choice(("person", "person", "business_cash")))
    supplier = rng.choice(place.shops + place.firms)
    round_trip = rng.sample(place.machines, rng.randint(3, 5))
    for week in range(1, place.habits.days - 6, 7):
        takings = 0.0
        for number, machine in enumerate(round_trip):
            amount = rng.uniform(80, 600)
            takings += amount
            place.pay(machine, seller, place.at(week + number, (16, 22)), amount, "cash",
                      "cash_deposit", case)  # fmt: skip
        paid = takings * rng.uniform(0.6, 0.9)
        place.pay(seller, supplier, place.at(week + len(round_trip)), paid, "wire", "supplies",
                  case)  # fmt: skip
        place.draw(seller, place.at(week + 5), takings * 0.08, case)


def pay_day_queue(place: Place, case: str) -> None:
    """After work they queue at the machine of the works; some draw a little and some all."""
    rng = place.rng
    works, machine = place.open("business"), rng.choice(place.machines)
    workers = [place.person() for _ in range(rng.randint(8, 40))]
    wages = {worker: place.wage() for worker in workers}
    taste = {worker: rng.triangular(0.15, 0.95, 0.45) for worker in workers}
    for worker in workers:
        place.live(worker)
    for day in place.pay_days(2):
        queue = place.at(day, (17, 18))
        for worker in workers:
            place.pay(works, worker, place.at(day, (6, 9)), wages[worker], "wire",
                      place.habits.wage_word, case)  # fmt: skip
        for worker in rng.sample(workers, int(len(workers) * 0.8)):
            queue += rng.uniform(60, 500)
            place.draw(worker, queue, wages[worker] * taste[worker], case, at=machine)


def works_dormitory(place: Place, case: str) -> None:
    """Workers pay their employer for a room, and a few pay an advance back."""
    rng = place.rng
    works = place.open("business")
    workers = [place.person() for _ in range(rng.randint(6, 20))]
    advance = rng.sample(workers, 2)
    for worker in workers:
        place.live(worker)
    for day in place.pay_days(2):
        for worker in workers:
            paid, wage = place.at(day, (6, 9)), place.wage()
            place.pay(works, worker, paid, wage, "wire", place.habits.wage_word, case)
            room = wage * (0.5 if worker in advance else 0.25)
            place.pay(worker, works, paid + rng.uniform(2, 60) * HOUR, room, "mobile", "rent", case)


def aid_distribution(place: Place, case: str) -> None:
    """An agency for relief with staff, rent and supplies pays many households the same sum."""
    rng = place.rng
    agency, giver = place.open("npo"), rng.choice(place.firms)
    staff, households = place.some(rng.randint(3, 8)), place.some(rng.randint(40, 120))
    grant = rng.choice((50, 80, 120))
    how = rng.choice(("cash", "hawala", "mobile"))
    for donor in place.some(rng.randint(15, 50)):
        place.pay(donor, agency, place.at(rng.uniform(1, 60)), rng.choice((20, 50)), "card",
                  "donation", case)  # fmt: skip
    for day in range(rng.randint(3, 10), place.habits.days - 3, 30):
        need = grant * len(households)
        place.pay(giver, agency, place.at(day), need * 1.35, "wire", "donation", case)
        for worker in staff:
            place.pay(agency, worker, place.at(day + 1), need * 0.12 / len(staff), "wire",
                      place.habits.wage_word, case)  # fmt: skip
        place.pay(agency, rng.choice(place.landlords), place.at(day + 1), need * 0.05, "wire",
                  "rent", case)  # fmt: skip
        place.pay(agency, rng.choice(place.shops), place.at(day + 2), need * 0.1, "wire", "retail",
                  case)  # fmt: skip
        for household in households:
            place.pay(agency, household, place.at(day + 3), grant, how, "remittance", case)


def small_relief(place: Place, case: str) -> None:
    """A new relief charity of volunteers, with little rent, that sends money by a remitter."""
    rng = place.rng
    charity, days = place.open("npo", (-200, -5)), place.habits.days
    gifts = [rng.choice((10, 20, 50)) for _ in range(rng.randint(25, 60))]
    for donor, gift in zip(place.some(len(gifts)), gifts, strict=True):
        place.pay(donor, charity, place.at(rng.uniform(2, days - 30)), gift, "mobile", "donation",
                  case)  # fmt: skip
    for day in range(20, days, 30):
        place.pay(charity, rng.choice(place.landlords), place.at(day), sum(gifts) * 0.02, "wire",
                  "rent", case)  # fmt: skip
        for taker in place.some(3):
            place.pay(charity, taker, place.at(day + 4), sum(gifts) * 0.03, "hawala", "remittance",
                      case)  # fmt: skip


def rent_collector(place: Place, case: str) -> None:
    """An agent collects the rents of a house and passes most on, at times in cash."""
    rng = place.rng
    agent, owner = place.person(), rng.choice(place.landlords)
    tenants, rent = place.some(rng.randint(5, 22)), rng.uniform(60, 350)
    in_cash = rng.random() < 0.3
    for day in range(rng.randint(2, 8), place.habits.days - 5, 30):
        for tenant in tenants:
            place.pay(tenant, agent, place.at(day + rng.uniform(0, 3)),
                      rent * rng.uniform(0.9, 1.1), "mobile", "rent", case)  # fmt: skip
        passed, ts = rent * len(tenants) * rng.uniform(0.86, 0.95), place.at(day + 4)
        if in_cash:
            place.draw(agent, ts, passed, case)
        else:
            place.pay(agent, owner, ts, passed, "wire", "rent", case)


def sex_worker(place: Place, case: str) -> None:
    """She works for herself: adverts, rooms, nights, and a share to whoever minds her children."""
    rng = place.rng
    worker, minder = place.person(), place.person()
    place.live(worker)
    prices = [40, 60, 100]
    earned = 0.0
    for day in range(rng.randint(2, 20), place.habits.days - 3):
        if rng.random() < 0.7:
            for payer in place.some(rng.randint(1, 4)):
                price = rng.choice(prices)
                earned += price
                place.pay(payer, worker, place.late(day, 0.85), price, "mobile", "p2p", case)
        if rng.random() < 0.2:
            place.pay(worker, place.adverts[0], place.at(day), 10, "card", "adult_ads", case)
            place.pay(worker, rng.choice(place.hotels), place.at(day), 60, "card", "hotel", case)
        if day % 7 == 0 and earned:
            place.pay(
                worker, minder, place.at(day), earned * rng.uniform(0.1, 0.3), "mobile", "p2p", case
            )
            place.draw(worker, place.at(day + 1), earned * 0.2, case)
            earned = 0.0


def sex_workers_flat(place: Place, case: str) -> None:
    """Three share a flat and a manager of their choice, who takes a third and pays the rent."""
    rng = place.rng
    manager = place.person()
    workers = [place.person() for _ in range(3)]
    for worker in workers:
        place.live(worker)
        earned = 0.0
        for day in range(5, place.habits.days - 3):
            if rng.random() < 0.6:
                for payer in place.some(rng.randint(1, 3)):
                    price = rng.choice((50, 80))
                    earned += price
                    place.pay(payer, worker, place.late(day, 0.8), price, "mobile", "p2p", case)
            if day % 7 == 3 and earned:
                part = earned * rng.uniform(0.28, 0.38)
                place.pay(worker, manager, place.at(day), part, "mobile", "p2p", case)
                earned = 0.0
    for day in range(4, place.habits.days, 30):
        place.pay(manager, rng.choice(place.landlords), place.at(day), 900, "wire", "rent", case)


def diaspora(place: Place, case: str) -> None:
    """Relatives abroad, by whose clock it is evening, send small sums; an association of the
    village collects dues and sends them home each quarter."""
    rng = place.rng
    parent = place.person()
    place.live(parent)
    for child in place.some(rng.randint(2, 4)):
        for day in range(rng.randint(1, 28), place.habits.days, rng.choice((14, 30))):
            place.pay(child, parent, place.at(day, (21, 28)), rng.uniform(40, 180), "msb",
                      "remittance", case)  # fmt: skip
    treasurer, members = place.person(), place.some(rng.randint(12, 40))
    dues = rng.choice((5, 10, 20))
    for month, day in enumerate(range(2, place.habits.days - 8, 30)):
        for member in members:
            place.pay(member, treasurer, place.at(day + rng.uniform(0, 5)), dues, "mobile", "p2p",
                      case)  # fmt: skip
        if month % 3 == 2:
            place.remit(treasurer, place.at(day + 6), 3 * dues * len(members) * 0.95, case)


def funeral(place: Place, case: str) -> None:
    """A collection after a death; the undertaker is paid, at times in cash."""
    rng = place.rng
    kin, undertaker = place.person(), rng.choice(place.shops)
    place.live(kin, rng.choice(place.firms))
    day, total = rng.randint(10, place.habits.days - 12), 0.0
    for giver in place.some(rng.randint(8, 30)):
        gift = rng.choice((10, 20, 30, 50))
        total += gift
        place.pay(giver, kin, place.at(day + rng.uniform(0, 3)), gift, "mobile", "p2p", case)
    if rng.random() < 0.25:
        place.draw(kin, place.at(day + 4), total * rng.uniform(0.85, 1), case)
    else:
        place.pay(kin, undertaker, place.at(day + 4), total * rng.uniform(0.8, 1.3), "card",
                  "retail", case)  # fmt: skip


def flood_appeal(place: Place, case: str) -> None:
    """A sudden appeal after a flood, given on to a charity."""
    rng = place.rng
    teacher, charity = rng.choice(place.people), place.open("npo")
    day, total = rng.randint(10, place.habits.days - 12), 0.0
    for giver in place.some(rng.randint(12, 40)):
        gift = rng.choice((5, 10, 20, 100))
        total += gift
        if giver != teacher:
            place.pay(
                giver, teacher, place.at(day + rng.uniform(0, 3)), gift, "mobile", "p2p", case
            )
    place.pay(teacher, charity, place.at(day + 4), total * 0.98, "wire", "donation", case)


def gang_master(place: Place, case: str) -> None:
    """A licensed head of a gang gets the wages of all and pays each the next day."""
    rng = place.rng
    master, firm = place.person(), rng.choice(place.firms)
    gang = [place.person() for _ in range(rng.randint(4, 10))]
    for worker in gang:
        place.live(worker)
    for day in place.pay_days(3):
        wages = [place.wage() for _ in gang]
        for wage in wages:
            place.pay(firm, master, place.at(day, (8, 10)), wage, "wire", place.habits.wage_word,
                      case)  # fmt: skip
        for worker, wage in zip(gang, wages, strict=True):
            place.pay(master, worker, place.at(day + 1), wage * 0.9, "mobile", "p2p", case)
        place.draw(master, place.at(day + 1), sum(wages) * 0.05, case)


def one_purse(place: Place, case: str) -> None:
    """Couples who work for the same firm, where one keeps the purse of both."""
    rng = place.rng
    firm = rng.choice(place.firms)
    for _ in range(rng.randint(2, 4)):
        one, other = place.person(), place.person()
        place.live(other)
        for day in place.pay_days(2):
            for each in (one, other):
                place.pay(firm, each, place.at(day, (6, 9)), place.wage(), "wire",
                          place.habits.wage_word, case)  # fmt: skip
            place.pay(one, other, place.at(day + 1), place.wage() * 0.75, "mobile", "p2p", case)


def pilgrims(place: Place, case: str) -> None:
    """They save by the month with a new travel agency, which then buys all tickets."""
    rng = place.rng
    agency = place.open("business", (-120, -10))
    price = rng.uniform(60, 250)
    last = place.habits.days - 20
    group = place.some(rng.randint(6, 20))
    for pilgrim in group:
        for day in range(rng.randint(5, 15), last, 30):
            place.pay(pilgrim, agency, place.at(day), price, "mobile", "fee", case)
    for late in place.some(6):
        place.pay(late, agency, place.at(last - 10 + rng.uniform(0, 6)), price * 5, "wire", "fee",
                  case)  # fmt: skip
    for _ in group:
        place.pay(agency, rng.choice(place.carriers), place.at(last + 2), price * 3, "card",
                  "ticket", case)  # fmt: skip


def school_fees(place: Place, case: str) -> None:
    """A new school: fees in a fortnight, and those who cannot pay at once pay by the month."""
    rng = place.rng
    school, fee = place.open("business", (-100, -5)), rng.uniform(150, 900)
    parents, begin = place.some(rng.randint(16, 40)), rng.randint(4, 20)
    for number, parent in enumerate(parents):
        if number % 3:
            place.pay(
                parent, school, place.at(begin + rng.uniform(0, 10)), fee, "wire", "fee", case
            )
            continue
        for day in range(begin, place.habits.days - 2, 30):
            place.pay(parent, school, place.at(day), fee / 6, "mobile", "fee", case)


def bar_friends(place: Place, case: str) -> None:
    """Friends who go out pay one another back at night."""
    rng = place.rng
    friends = place.some(rng.randint(4, 7))
    for day in range(2, place.habits.days, 6):
        payer, *others = rng.sample(friends, len(friends))
        for other in others:
            place.pay(other, payer, place.at(day, (22, 27)), rng.uniform(6, 30), "mobile", "p2p",
                      case)  # fmt: skip


def night_seller(place: Place, case: str) -> None:
    """Sells food at night; customers come again, and pay small sums."""
    rng = place.rng
    seller = place.person()
    place.live(seller)
    regulars = place.some(rng.randint(8, 25))
    for day in range(2, place.habits.days):
        for customer in rng.sample(regulars, rng.randint(0, 4)):
            place.pay(customer, seller, place.late(day, 0.8), rng.choice((3, 4, 6, 9)), "mobile",
                      "p2p", case)  # fmt: skip
        if day % 7 == 0:
            place.pay(seller, rng.choice(place.shops), place.at(day), 40, "card", "retail", case)


LIVES: Mapping[str, Callable[[Place, str], None]] = {
    each.__name__: each
    for each in (
        ransom_repaid, savings_club, market_seller, pay_day_queue, works_dormitory,
        aid_distribution, small_relief, rent_collector, sex_worker, sex_workers_flat, diaspora,
        funeral, flood_appeal, gang_master, one_purse, pilgrims, school_fees, bar_friends,
        night_seller,
    )
}  # fmt: skip

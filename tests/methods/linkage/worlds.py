"""Made families, and two desks that write them down in Arabic and Latin letters."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from marfa.methods.linkage import Record

OWN = (
    "محمد:Mohamed:Muhammad أحمد:Ahmed:Ahmad علي:Ali:Aly حسن:Hasan:Hassan عمر:Omar:Umar"
    " يوسف:Yousef:Youssef خالد:Khaled:Khalid إبراهيم:Ibrahim:Brahim طارق:Tareq:Tarik"
    " سمير:Samir:Sameer فاطمة:Fatima:Fatma مريم:Mariam:Maryam زينب:Zainab:Zeinab"
    " عائشة:Aisha:Aicha ليلى:Layla:Leila سعاد:Souad:Suad هدى:Huda:Hoda نور:Nour:Noor"
)
FAMILIES = (
    "الخطيب:al-Khatib:Khatib المصري:al-Masri:Masri حداد:Haddad:Hadad الكشلاف:al-Kashlaf:Kashlaf"
    " الدباشي:al-Dabbashi:Dabbashi بركات:Barakat:Berekat الفيتوري:al-Fitouri:Fituri"
    " العبيدي:al-Obeidi:Obaidi شمو:Shammo:Shamo القذافي:al-Gaddafi:Qadhafi حمدان:Hamdan:Hemdan"
    " منصور:Mansour:Mansoor الزاوي:al-Zawi:Zaoui الورفلي:al-Werfalli:Warfalli"
    " السعيدي:al-Saidi:Saidi درويش:Darwish:Darwich الرفاعي:al-Rifai:Rifai زيدان:Zaydan:Zidan"
)
NAMES = [each.split(":") for each in OWN.split()]
SURNAMES = [each.split(":") for each in FAMILIES.split()]


@dataclass(frozen=True)
class Person:
    number: int
    own: int
    father: int
    family: int
    born: date
    kin: str


def make_people(size: int, seed: int) -> list[Person]:
    """People in families of one father's children; ``kin`` is the family that they are of."""
    chance = random.Random(seed)
    people: list[Person] = []
    household = 0
    while len(people) < size:
        household += 1
        father, family = chance.randrange(len(NAMES)), chance.randrange(len(SURNAMES))
        born = date(1960, 2, 3) + timedelta(days=chance.randrange(18_000))
        own = chance.sample(range(len(NAMES)), chance.choice((1, 2, 3)))
        for name in own:
            people.append(Person(len(people), name, father, family, born, f"k{household}"))
            born += timedelta(days=chance.choice((0, 400, 800, 1_200)))
    return people[:size]


def write(person: Person, key: str, chance: random.Random) -> Record:
    """As a desk writes somebody down."""
    spelling = chance.randrange(3)
    kind = chance.random()
    born = person.born.isoformat() if kind > 0.2 else f"{person.born.year}-01-01"
    return Record.of(
        key,
        given=NAMES[person.own][spelling],
        father=NAMES[person.father][spelling] if chance.random() > 0.2 else "",
        family=SURNAMES[person.family][spelling],
        birth=born if kind > 0.06 else "",
    )


def two_lists(size: int, seed: int) -> tuple[list[Record], list[Record], set[tuple[str, str]]]:
    """Two lists of so many, half of whom are on both, and the true pairs of ids."""
    people = make_people(size + size // 2, seed)
    chance = random.Random(seed + 1)
    chance.shuffle(people)
    left, right = people[:size], people[size // 2 :]
    lists = [
        [write(person, f"{letter}{person.number}", chance) for person in some]
        for letter, some in (("a", left), ("b", right))
    ]
    both = {p.number for p in left} & {p.number for p in right}
    return lists[0], lists[1], {(f"a{n}", f"b{n}") for n in both}

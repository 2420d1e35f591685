"""Which families come, when, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from marfa.apps.reception.models import QueueEntry
from marfa.demo.operation.crowd import Family, Newcomer, after_talk
from marfa.demo.operation.names import FictionalNames
from marfa.demo.operation.staff import SiteStaff, Staff
from marfa.domain.dates import born_when_aged

DAYS = 365
AT_THE_GATE = 0.58
Member = tuple[str, int, str]
"""Sex, age, and what they are to the first of the family."""
KINDS = {
    "alone": 20,
    "couple": 9,
    "mother": 24,
    "parents": 27,
    "grandmother": 6,
    "siblings": 8,
    "child": 3,
    "child_head": 1,
    "aunt": 2,
}
LOOKED_AFTER = ("child", "grandchild", "cared_for")
BROUGHT_UP = 0.8
"""Of the children who come with a grandmother or an aunt, how many she has in her care."""
WAITS = {QueueEntry.State.WAITING: 75, QueueEntry.State.CALLED: 8, QueueEntry.State.LEFT: 17}
ROUTINE_HOURS = (1, 2, 3, 4, 6, 8, 20, 24, 28, 46)
"""How long somebody waits for the private step who comes with nothing urgent."""


class Drawing:
    """Draws families between two moments, the same for the same generator."""

    def __init__(self, draw: Random, codes: Iterator[str], staff: Staff, end: datetime) -> None:
        self.draw, self.codes, self.staff, self.end = draw, codes, staff, end
        self.names = FictionalNames(draw)

    def families(self, people: int) -> Iterator[Family]:
        """Families, in no order, until there are so many people; the last one is cut off there."""
        left = people
        while left > 0:
            family = self.family(left)
            left -= len(family.members)
            yield family

    def family(self, most: int) -> Family:
        place = self.staff.gate if self.draw.random() < AT_THE_GATE else self.staff.harbour
        at = self.moment()
        told = self.told()[:most]
        script, name = self.names.family()
        day = at.date()
        members = [
            Newcomer(
                code=next(self.codes),
                names=self.names.of_one(script, name, sex),
                sex=sex,
                born=born_when_aged(age, age, day),
                language=self.names.language(script),
                relation=relation,
            )
            for sex, age, relation in told
        ]
        family = Family(place.site, at, self.officer(place), members)
        if len(members) > 1:
            family.code = next(self.codes)
        self.follow(family)
        return family

    def moment(self) -> datetime:
        """In the morning of a day of the year; more come towards its end."""
        day = int(DAYS * self.draw.random() ** 0.85)
        minutes = self.draw.randrange(5 * 60, 13 * 60)
        return self.end - timedelta(days=DAYS - day) + timedelta(minutes=minutes)

    def officer(self, place: SiteStaff) -> UUID:
        return self.draw.choice(place.officers).id

    def follow(self, family: Family) -> None:
        """When each is seen, whether what they are to each other is found to be so, and when they
        go on."""
        draw = self.draw
        for one in family.members:
            self.see(family, one)
        children = any(one.relation in LOOKED_AFTER for one in family.members)
        if children and draw.random() < 0.9:
            self.verify(family, family.at + timedelta(minutes=draw.randrange(45, 3000)))
        seen = [after_talk(one) for one in family.members]
        if None not in seen and draw.random() < 0.5:
            last = max(each for each in (*seen, family.verified) if each is not None)
            leaves = last + timedelta(days=draw.randrange(2, 160), minutes=draw.randrange(90))
            family.left = leaves if leaves < self.end else None

    def verify(self, family: Family, at: datetime) -> None:
        if at < self.end:
            family.verified, family.verified_by = at, self.staff.boss.id

    def see(self, family: Family, one: Newcomer) -> None:
        """A child without care is seen within the hour, the others when it is their turn."""
        draw, wait = self.draw, timedelta(hours=self.draw.choice(ROUTINE_HOURS))
        wait += timedelta(minutes=draw.randrange(60))
        child = family.somebody(one, family.at).is_child(family.day(family.at))
        if child and family.care(one, family.at).claimed != "accompanied":
            wait = timedelta(minutes=draw.randrange(8, 40))
        seen = family.at + wait
        if seen + timedelta(hours=1) < self.end:
            one.seen = seen
        else:
            one.waits = draw.choices(list(WAITS), list(WAITS.values()))[0]

    def told(self) -> list[Member]:
        """Who comes together; the first speaks for them."""
        draw = self.draw
        kind = draw.choices(list(KINDS), list(KINDS.values()))[0]
        adult = draw.randrange(19, 58)
        if kind == "alone":
            return [(draw.choice(("female", "female", "male")), draw.randrange(18, 75), "")]
        if kind == "couple":
            return [("female", adult, ""), ("male", min(adult + 4, 60), "spouse")]
        if kind == "mother":
            return [("female", adult, ""), *self.children(adult, 4)]
        if kind == "parents":
            first = [("female", adult, ""), ("male", adult + draw.randrange(8), "spouse")]
            return [*first, *self.children(adult, 5)]
        if kind == "grandmother":
            age = draw.randrange(52, 76)
            return [("female", age, ""), *self.young("grandchild", draw.randrange(1, 4))]
        if kind == "siblings":
            return [(self.sex(), adult, ""), (self.sex(), max(18, adult - 5), "sibling")]
        if kind == "child":
            return [(self.sex(), draw.randrange(13, 18), "")]
        if kind == "child_head":
            return [(self.sex(), draw.randrange(15, 18), ""), (self.sex(), 13, "sibling")]
        return [("female", adult, ""), *self.young("niece_or_nephew", draw.randrange(1, 3))]

    def children(self, parent: int, most: int) -> list[Member]:
        oldest = max(1, min(17, parent - 17))
        number = self.draw.randrange(1, most + 1)
        return [(self.sex(), self.draw.randrange(oldest), "child") for _ in range(number)]

    def young(self, relation: str, number: int) -> list[Member]:
        """Children with a relative who mostly looked after them at home; those who are with one
        only on the way are old enough to be spoken with."""
        if self.draw.random() < BROUGHT_UP:
            return [(self.sex(), self.draw.randrange(1, 16), "cared_for") for _ in range(number)]
        return [(self.sex(), self.draw.randrange(13, 18), relation) for _ in range(number)]

    def sex(self) -> str:
        return self.draw.choice(("female", "male"))

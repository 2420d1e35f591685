"""The year of the fictional operation, from the first family at the gate to yesterday."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count, cycle, filterfalse, islice
from random import Random

from marfa.apps.directory.demo import call_all, make_services
from marfa.apps.directory.offers import CALLED_NOW
from marfa.demo.operation import example_case
from marfa.demo.operation.arrivals import DAYS, Drawing
from marfa.demo.operation.authority import FATES as DECISIONS
from marfa.demo.operation.bulk_rows import free_codes
from marfa.demo.operation.casework import Work
from marfa.demo.operation.crowd import Family, Newcomer, after_talk, write_families
from marfa.demo.operation.example_case import Followed
from marfa.demo.operation.log import tell_log
from marfa.demo.operation.referrals import AT_THE_END, FATES
from marfa.demo.operation.scale import Scale
from marfa.demo.operation.screening_interviews import Talk, Talks
from marfa.demo.operation.staff import SiteStaff, Staff, hire_staff
from marfa.demo.operation.story import Plan
from marfa.demo.operation.timeline import Timeline, at_moment
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor

AT_ONCE = 400
"""Families that are stored in one transaction."""
BEFORE = timedelta(days=DAYS + 2)
DAY = timedelta(days=1)
CALLED_EVERY = CALLED_NOW - DAY
OF_CASES = 0.64
"""Of the cases so many come by a screening."""
MOST_ALONE = 0.4
"""Of the talks at most so many are with children without care, who are never left to wait: in the
operation of the usual size with all of them."""
Told = Callable[[float], None]
Chosen = tuple[Family, Newcomer]


def end_of_year() -> datetime:
    """The midnight before now: all that is made up lies before it."""
    return datetime.combine(clock.now().date(), time(), clock.now().tzinfo)


def start_of_operation() -> datetime:
    """When the operation is founded: two days before the first family comes."""
    return end_of_year() - BEFORE


def make_year(scale: Scale, *, tell_people: Told, tell_year: Told) -> None:
    """Write a year of history, in an operation that was founded at its beginning.

    tell_people, tell_year: are given how much of it is done, from 0 to 1: of who came, and then of
        what was done in the year.
    """
    with every_organisation():
        _Year(scale, tell_people, tell_year).make()


class _Year:
    def __init__(self, scale: Scale, tell_people: Told, tell_year: Told) -> None:
        self.scale, self.tell_people, self.tell_year = scale, tell_people, tell_year
        self.draw = Random(scale.seed)  # noqa: S311 - made up
        self.line = Timeline(end_of_year())
        with at_moment(start_of_operation() + timedelta(hours=1)):
            self.staff: Staff = hire_staff()
            make_services(self.staff.boss)
        self.talks = Talks(self.line, self.staff, scale.seed)
        self.work = Work(self.line, self.staff)

    def make(self) -> None:
        self.tell_people(0)
        given = free_codes(self.draw, without=(example_case.CODE,))
        drawing = Drawing(self.draw, given, self.staff, self.line.end)
        families = sorted(drawing.families(self.scale.people), key=lambda family: family.at)
        she = Followed(self.line, self.staff, self.talks)
        talked, told = self._choose(families)
        self._store([*families, she.family()], she)
        self._plan(talked, told)
        self._plan_calls()
        # Everybody is kept in memory until the end: they need not be looked at again and again.
        gc.freeze()
        try:
            self._pass()
        finally:
            gc.unfreeze()

    def _store(self, families: Sequence[Family], she: Followed) -> None:
        with_her = sorted(families, key=lambda family: family.at)
        for number in range(0, len(with_her), AT_ONCE):
            some = with_her[number : number + AT_ONCE]
            write_families(some)
            self.tell_people(min(1, (number + AT_ONCE) / len(with_her)))
        tell_log(self.line, with_her, self.staff)
        she.plan(next(f.members[0] for f in with_her if f.members[0].code == example_case.CODE))

    # Whose story goes on

    def _choose(self, families: Sequence[Family]) -> tuple[list[Chosen], list[Chosen]]:
        """Whom officers talk with, and who comes to protection by another way; they stay. The
        families are not stored yet."""
        ready = [
            (family, one)
            for family in families
            for one in family.members
            if self._may_talk(family, one)
        ]
        self.draw.shuffle(ready)
        # A woman, a woman, a man, as far as there are enough of each.
        turns = sorted(ready, key=_turn())
        alone = [each for each in turns if _without_care(each)]
        first = alone[: round(self.scale.screenings * MOST_ALONE)]
        chosen = {one.code for _family, one in first}
        found = [*first, *(each for each in turns if each[1].code not in chosen)]
        others = self.scale.cases - self._by_talk()
        talked = found[: self.scale.screenings]
        told = [each for each in found[self.scale.screenings :] if _adult(each)][:others]
        for family, _one in (*talked, *told):
            family.left = None
        by_time = _seen_at
        return sorted(talked, key=by_time), sorted(told, key=by_time)

    def _may_talk(self, family: Family, one: Newcomer) -> bool:
        seen = after_talk(one)
        if seen is None or seen + timedelta(hours=4) > self.line.end:
            return False
        return one.child_until is not None and one.child_until < (family.at + 6 * 365 * DAY).date()

    def _by_talk(self) -> int:
        return round(self.scale.cases * OF_CASES)

    # What becomes of them

    def _plan(self, talked: list[Chosen], told: list[Chosen]) -> None:
        leading = self._leading(talked)
        plans = self._plans([*leading, *told])
        for number, (family, one) in enumerate(talked, 1):
            self._talk(family, one, number, plans.get(one.code))
        for family, one in told:
            place = self.staff.place_of(family.site)
            at = _seen_at((family, one)) + timedelta(hours=1)
            draw = self._draw_of(one)
            self.work.told(one.key, plans[one.code], place, at, draw)

    def _plan_calls(self) -> None:
        """Somebody calls every service while what was told of it still counts as new."""
        moment = self.line.end - BEFORE + CALLED_EVERY
        while moment < self.line.end:
            self.line.at(moment, partial(call_all, self.staff.boss))
            moment += CALLED_EVERY

    def _leading(self, talked: list[Chosen]) -> list[Chosen]:
        """Who of them comes to protection: spread over the year, women for the most, and a girl to
        four of them."""
        wanted = min(self._by_talk(), len(talked))
        female = [each for each in talked if each[1].sex == "female"]
        women = [each for each in female if _adult(each)]
        chosen = [*women, *islice(filterfalse(_adult, female), len(women) // 4)]
        pool = sorted(chosen, key=_seen_at) if len(chosen) >= wanted else talked
        return [pool[len(pool) * place // wanted] for place in range(wanted)]

    def _talk(self, family: Family, one: Newcomer, number: int, plan: Plan | None) -> None:
        draw = self._draw_of(one)
        place = self.staff.place_of(family.site)
        child = not _adult((family, one))
        hours = (1,) if _without_care((family, one)) else (1, 1, 2, 3, 22, 46)
        at = _seen_at((family, one)) + timedelta(hours=draw.choice(hours))
        at = min(at, self.line.end - timedelta(hours=3))
        talk = Talk(
            person=one.key,
            place=place,
            officer=draw.choice(self._officers(place, child)),
            at=at,
            child=child,
            leads=plan is not None,
        )
        if plan is not None:
            talk.opened = self.work.after_hand_over(plan, place, draw, child)
        self.talks.plan(talk, number)
        if plan is None and draw.random() < 0.07:
            self._again(talk, number, draw)

    def _officers(self, place: SiteStaff, child: bool) -> list[Actor]:
        """Who leads a talk there. Who supervises is not trained to speak with children."""
        return [each for each in place.officers if not child or each.id != self.staff.boss.id]

    def _again(self, talk: Talk, number: int, draw: Random) -> None:
        """A second talk, led by a colleague where another may."""
        may = self._officers(talk.place, talk.child)
        others = [each for each in may if each.id != talk.officer.id] or may
        later = talk.at + DAY * draw.uniform(2, 15)
        again = Talk(talk.person, talk.place, draw.choice(others), later, talk.child)
        self.talks.plan(again, self.scale.screenings + number)

    def _plans(self, chosen: list[Chosen]) -> dict[str, Plan]:
        """What is to come of each case: every end of a referral and every decision occurs, and
        what waits does so in the newest cases, which are open."""
        by_time = sorted(chosen, key=_seen_at)
        fates, decisions = cycle(FATES), cycle(DECISIONS)
        ready = self.line.end - DAY * 5
        waiting = [each[1].code for each in by_time if _adult(each) and _seen_at(each) < ready]
        to_answer = dict(zip(reversed(waiting), AT_THE_END, strict=False))
        newest = {one.code for _family, one in by_time[-4:]}
        found = {}
        for number, (family, one) in enumerate(by_time):
            draw, days = self._draw_of(one), (self.line.end - family.at).days
            adult, is_open = _adult((family, one)), one.code in newest or one.code in to_answer
            closes = draw.randrange(48, 190) if adult and draw.random() < 0.75 else None
            many = 2 if number < len(FATES) else draw.choice((0, 0, 1, 1, 1, 2))
            referrals = list(islice(fates, many)) if adult and days > 45 else []
            referrals += [to_answer[one.code]] if one.code in to_answer else []
            asks = adult and days > 20 and (number < 14 or draw.random() < 0.4)
            found[one.code] = Plan(
                closes=None if is_open or days < 50 else closes,
                referrals=referrals,
                authority=next(decisions) if asks else "",
                no_place=one.code in newest or draw.random() < 0.25,
                never_found=one.code in newest,
                late=draw.random() < 0.08,
                refuses=adult and number % 8 == 2,
            )
        return found

    def _draw_of(self, one: Newcomer) -> Random:
        return Random(f"{self.scale.seed}-{one.code}")  # noqa: S311 - made up

    def _pass(self) -> None:
        """Let the year pass."""
        begun = self.line.end - DAY * DAYS
        shown = 0
        self.tell_year(0)
        for moment in self.line.run():
            share = (moment - begun) / (self.line.end - begun)
            if int(share * 200) > shown:
                shown = int(share * 200)
                self.tell_year(min(share, 1))
        self.tell_year(1)


def _turn() -> Callable[[Chosen], float]:
    """A key that lets two women come before each man."""
    women, men = count(), count()
    return lambda each: next(women) / 2 if each[1].sex == "female" else next(men) + 0.75


def _adult(each: Chosen) -> bool:
    family, one = each
    return one.child_until is not None and one.child_until <= family.at.date()


def _without_care(each: Chosen) -> bool:
    family, one = each
    return not _adult(each) and family.care(one, family.at).claimed != "accompanied"


def _seen_at(each: Chosen) -> datetime:
    seen = after_talk(each[1])
    if seen is None:
        raise RuntimeError("they still wait")
    return seen


__all__ = ["end_of_year", "make_year", "start_of_operation"]

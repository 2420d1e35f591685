"""What is counted of people is the same whether actions kept it or it is had again from records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Assignment, Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import (
    NewMember,
    NewPerson,
    change_person,
    claim_relationship,
    decide_age,
    doubt_age,
    end_relationship,
    possible_events,
    record_event,
    register_birth,
    register_household,
    register_person,
    settle_relationship,
)
from marfa.apps.registry.actions.protection import (
    ask_to_unprotect,
    protect_person,
    unprotect_person,
)
from marfa.apps.registry.actions.relocation import move_to_site
from marfa.apps.registry.care import care_of_many
from marfa.apps.registry.models import Person, RegisteredFact, Relationship
from marfa.domain.dates import PartialDate, born_when_aged
from marfa.domain.ids import new_id
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.facts.kinds import kind_named
from marfa.platform.facts.rebuilds import compare_facts
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.registry.protection import called
from tests.conftest import Operation
from tests.support.acts import act_of

START = datetime.fromisoformat("2026-03-02T10:00:00+00:00")
TIES = ("parent", "child", "guardian", "sibling", "aunt_or_uncle", "caregiver", "spouse")


@dataclass
class Camp:
    """A site where things happen, drawn from a seed so that a failure can be seen again."""

    site: Site
    actor: Actor
    random: Random
    at: datetime = START
    people: list[Person] = field(default_factory=list)

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def anybody(self) -> Person:
        return Person.objects.get(pk=self.random.choice(self.people).pk)

    def day(self) -> date:
        return clock.today(self.site.time_zone) - timedelta(days=self.random.choice((0, 0, 1, 9)))

    def told(self) -> NewPerson:
        age = self.random.choice((0, 3, 12, 16, 17, 18, 30, 70, None))
        sex = self.random.choice(("female", "male", "unknown"))
        if age is None:
            return NewPerson(sex=sex)
        today = clock.today(self.site.time_zone) - timedelta(days=60)
        return NewPerson(sex=sex, born=born_when_aged(age, age, today), basis="stated")

    # What can happen

    def wait(self) -> None:
        self.at += timedelta(days=self.random.choice((1, 3, 40, 400)))

    def arrive(self) -> None:
        person = register_person(**self.by, site=self.site, told=self.told(), day=self.day())
        self.people.append(person)

    def arrive_together(self) -> None:
        relations = ["", *self.random.choices(("spouse", "child", "sibling"), k=2)]
        members = [NewMember(self.told(), relation) for relation in relations]
        register_household(**self.by, site=self.site, members=members, batch=new_id())
        self.people = list(Person.objects.all())

    def be_born(self) -> None:
        self.people.append(
            register_birth(**self.by, parent=self.anybody(), told=NewPerson(sex="female"))
        )

    def go_or_come(self) -> None:
        person = self.anybody()
        event = self.random.choice(possible_events(person))
        record_event(**self.by, person=person, event=event, day=self.day())

    def move(self) -> None:
        sites = Site.objects.filter(organisation=self.site.organisation_id).order_by("name")
        there = self.random.choice(list(sites))
        with open_vault(), together():
            move_to_site(act=act_of(self.actor), person=self.anybody(), site=there)

    def put_right(self) -> None:
        person = self.anybody()
        born = PartialDate.gregorian(self.random.choice((1950, 2007, 2008, 2009, 2020)))
        changes = self.random.choice(
            (
                {"born": f"{born.start.year}"},
                {"born": None},
                {"sex": "male"},
                {"displacement": "refugee"},
                {"displacement": "internally_displaced"},
                {"religion": "none of your business"},
            )
        )
        change_person(
            actor=self.actor,
            purpose=Purpose.ASSISTANCE,
            person=person,
            base_version=person.version,
            changes=changes,
        )

    def doubt(self) -> None:
        doubt_age(**self.by, person=self.anybody())

    def decide(self) -> None:
        person = self.anybody()
        years = (2015, 2020) if person.age_disputed else (1990, 2008, 2015)
        born = PartialDate.gregorian(self.random.choice(years))
        decide_age(**self.by, person=person, born=born, basis="estimated")

    def claim(self) -> None:
        one, other = self.anybody(), self.anybody()
        claim_relationship(**self.by, person=one, to=other, kind=self.random.choice(TIES))

    def settle(self) -> None:
        rows = list(Relationship.objects.filter(ended_at=None))
        if rows:
            verified, refuted = Relationship.State.VERIFIED, Relationship.State.REFUTED
            state = self.random.choice((verified, verified, refuted))
            settle_relationship(
                **self.by, row=self.random.choice(rows), state=state, basis="family book"
            )

    def part(self) -> None:
        rows = list(Relationship.objects.filter(ended_at=None))
        if rows:
            end_relationship(**self.by, row=self.random.choice(rows))

    def hide(self) -> None:
        person = self.anybody()
        mine = [user for user in called("supervisor", "focal") if not _stays(user, person)]
        protect_person(
            actor=self.actor,
            person=person,
            reason="looked for",
            review_on=clock.today(self.site.time_zone) + timedelta(days=9),
            staying=mine,
        )

    def show(self) -> None:
        hidden = Person.objects.filter(protected=True).order_by("pk").first()
        if hidden is not None:
            ask_to_unprotect(actor=self.actor, person=hidden, why="safe")
            unprotect_person(actor=actor_of(*called("focal")), person=hidden)

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": self.actor, "purpose": Purpose.REGISTRATION}


def _stays(user: User, person: Person) -> bool:
    return Assignment.objects.filter(user=user, object_id=person.pk).exists()


STEPS = (
    *("wait", "arrive", "arrive_together", "be_born", "go_or_come", "go_or_come", "put_right"),
    *("doubt", "decide", "claim", "settle", "settle", "settle", "part", "hide", "hide", "show"),
    "move",
)


def live(camp: Camp, steps: list[str]) -> None:
    with clock.set_to(camp.now), row_context(camp.actor.organisations):
        camp.arrive_together()
        for step in steps:
            act: Callable[[], None] = getattr(camp, step)
            try:
                act()
            except InputError:
                continue
        found = compare_facts(kind_named("people"))
        assert found.same, f"{found} after {steps}"
        check_care(camp)


def check_care(camp: Camp) -> None:
    """What is counted of children without care is what the relationships say. Who has grown up
    since the last change is counted by their birthday, and not written anew."""
    day = clock.today(camp.site.time_zone)
    cares = care_of_many([person.pk for person in Person.objects.all()], day)
    present = {
        f.subject: f for f in RegisteredFact.objects.filter(replaced_at=None, valid_until=None)
    }
    for key, care in cares.items():
        fact = present[key]
        if fact.is_child_until is None:
            assert fact.without_care == care.without or _somebody_grew_up(day), key


def _somebody_grew_up(day: date) -> bool:
    untils = Person.objects.exclude(child_until=None).values_list("child_until", flat=True)
    return any(until is not None and START.date() <= until <= day for until in untils)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=14))
@example(seed=669, steps=["wait", "hide"])  # who grew up since is protected
def test_rebuilt_is_what_actions_kept(operation: Operation, seed: int, steps: list[str]) -> None:
    site = Site.objects.filter(organisation=operation.controller).order_by("name").first()
    assert site is not None
    actor = actor_of(operation.supervisor)
    with row_context(actor.organisations):
        Person.objects.all().delete()
        RegisteredFact.objects.all().delete()
    live(Camp(site, actor, Random(seed)), steps)


def nothing(*_args: object, **_kwargs: object) -> None:
    """An action that forgets the facts."""


def nobody(_person: object) -> set[object]:
    """An action that forgets whom it looked after."""
    return set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "fault"),
    [("continuous_registration.restate_after", nothing), ("facts.related_to", nobody)],
)
def test_a_change_that_is_not_followed_is_found(
    operation: Operation, monkeypatch: pytest.MonkeyPatch, where: str, fault: object
) -> None:
    site = Site.objects.filter(organisation=operation.controller).order_by("name").first()
    assert site is not None
    camp = Camp(site, actor_of(operation.supervisor), Random(1))
    with clock.set_to(camp.now), row_context(camp.actor.organisations):
        born = born_when_aged(4, 4, START.date())
        mother = register_person(**camp.by, site=site, told=NewPerson())
        child = register_birth(**camp.by, parent=mother, told=NewPerson(born=born))
        row = Relationship.objects.get(to=child)
        settle_relationship(
            **camp.by, row=row, state=Relationship.State.VERIFIED, basis="seen at birth"
        )
        assert compare_facts(kind_named("people")).same
        monkeypatch.setattr(f"marfa.apps.registry.actions.{where}", fault)
        mother.refresh_from_db()
        record_event(**camp.by, person=mother, event=possible_events(mother)[0])
        assert compare_facts(kind_named("people")).missing

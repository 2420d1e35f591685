"""Rule 3: whatever happens, a child is referred, or a clock runs that somebody hears of.

Histories of up to 60 steps; after each of them every child to whom something is owed has a live
clock, a live referral, a completion, or a decision with a date. Faults that are planted are found.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from marfa.apps.children import clocks, deadlines, roster, situation, subscribers
from marfa.apps.children.actions import alarms, duties, endings
from marfa.apps.children.board import lines_of
from marfa.apps.children.models import Duty, DutyContact, DutyStep, SiteHoliday
from marfa.apps.registry.actions import NewPerson, add_to_person, change_person
from marfa.apps.registry.models import IdentityDocument, RegisteredFact
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import Deadline, StepReached
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.charter.children_life import OWN, Child, Life
from tests.conftest import Operation

pytestmark = pytest.mark.django_db

STEPS = 60
SEEDS = range(6)


@pytest.fixture
def life(operation: Operation) -> Iterator[Life]:
    with every_organisation():
        made = Life(operation)
        try:
            yield made
        finally:
            made.close()


def one_step(life: Life, chance: random.Random) -> str:
    """Something happens, to somebody. Each step may find nothing to do."""
    child = chance.choice(life.children) if life.children else life.child_arrives()
    steps: dict[str, Callable[[], object]] = {
        "arrives": lambda: life.child_arrives(
            chance.choice([4, 9, 17]), parent=chance.random() < 0.3
        ),
        "parent comes": lambda: life.parent_comes(child),
        "verified": lambda: life.parent_is_verified(child),
        "tie ends": lambda: life.parent_is_doubted(child),
        "parent leaves": lambda: life.parent_leaves(child),
        "leaves": lambda: life.child_leaves(child),
        "moves": lambda: life.child_moves(child),
        "presumed": lambda: life.is_presumed(child),
        "danger": lambda: life.is_in_danger(child),
        "assigned": lambda: life.is_somebody_elses(child),
        "referred": lambda: life.is_referred(child),
        "accepted": lambda: life.is_answered(child, "accept"),
        "declined": lambda: life.is_answered(child, "decline"),
        "completed": lambda: life.is_completed(child),
        "given back": lambda: life.is_completed(child, "give_back"),
        "unsafe": lambda: life.authority_is_unsafe(child),
        "another unsafe": lambda: life.authority_is_unsafe(child, another=True),
        "withdrawn": lambda: life.is_withdrawn(child),
        "closed": lambda: life.case_is_closed(child),
        "protected": lambda: life.is_protected(child),
        "doubted": lambda: life.age_is_doubted(child),
        "grows up": lambda: life.grows_up(child),
        "handed over": lambda: life.is_handed_to_adult_services(child),
        "hours": lambda: life.tick(hours=chance.choice([1, 5, 13, 30])),
        "worker": life.worker_runs,
        "agree": life.check_agreement,
    }
    often = ["referred", "presumed", "hours", "accepted", "worker"]
    rare = {"grows up", "arrives", "handed over"}
    names = [name for name in (*steps, *often, *often) if name not in rare or chance.random() < 0.3]
    name = chance.choice(names)
    with suppress(DeniedError, InputError):  # not everybody may, and not everything can be done
        steps[name]()
    return name


@pytest.mark.parametrize("seed", SEEDS)
def test_a_child_is_never_without_referral_and_clock(life: Life, seed: int) -> None:
    chance, taken = random.Random(seed), []
    for _ in range(3):
        life.child_arrives(chance.choice([9, 17]), parent=chance.random() < 0.5)
    for number in range(STEPS):
        taken.append(one_step(life, chance))
        try:
            life.check()
        except AssertionError as error:
            error.add_note(f"seed {seed}, step {number}: {', '.join(taken)}")
            raise
    life.check_agreement()
    life.check_rungs()


def whole_life(life: Life) -> None:
    """A history in which each of the faults below shows, with what must hold after each step."""

    def then(*steps: Callable[[], object]) -> None:
        for step in steps:
            step()
            life.check()

    lone, cared, grown, gone, hurt = (life.child_arrives() for _ in range(5))
    then(lambda: life.is_presumed(hurt), lambda: life.is_in_danger(hurt))
    then(lambda: life.parent_comes(cared), lambda: life.is_presumed(lone))
    then(lambda: life.is_somebody_elses(lone), lambda: life.is_referred(lone))
    then(lambda: life.is_answered(lone, "decline"), lambda: life.is_referred(lone))
    then(lambda: life.tick(hours=30), life.worker_runs, lambda: life.is_in_danger(lone))
    then(lambda: life.parent_is_verified(cared), life.check_agreement)
    then(lambda: life.parent_is_doubted(cared), life.check_agreement)
    then(lambda: life.child_leaves(gone), lambda: life.child_moves(cared))
    then(lambda: life.is_presumed(cared), lambda: life.is_somebody_elses(cared))
    then(lambda: life.authority_is_unsafe(cared, another=True))
    then(lambda: life.authority_is_unsafe(cared), lambda: life.tick(days=2))
    then(lambda: life.tick(days=3), life.worker_runs)
    then(lambda: life.is_referred(lone), lambda: life.is_answered(lone, "accept"))
    then(lambda: life.is_completed(lone, "give_back"), lambda: life.tick(hours=9))
    then(life.worker_runs, lambda: life.is_presumed(grown), lambda: life.grows_up(grown))
    then(life.worker_runs, lambda: life.is_handed_to_adult_services(grown))
    life.check_agreement()
    life.check_rungs()


def test_a_whole_life_holds(life: Life) -> None:
    whole_life(life)
    kinds = set(DutyStep.objects.values_list("kind", flat=True))
    assert {"began", "met", "again", "told", "sooner", "asked", "ended"} <= kinds


Patch = pytest.MonkeyPatch
follow = clocks.follow


def _a_weekend_rests(patch: Patch) -> None:
    within = clocks._within
    patch.setattr(clocks, "_within", lambda kind, hours: within(kind, hours) + timedelta(days=2))


def _growing_up_drops_it(patch: Patch) -> None:
    def fault(before, known, hours, now):  # type: ignore[no-untyped-def]
        found = follow(before, known, hours, now)
        if found and before and not known.is_child and not found.owed.met_by:
            owed = replace(found.owed, met_by="care", met_at=now)
            return replace(found, owed=owed)
        return found

    patch.setattr(duties, "follow", fault)


def _leaving_drops_it(patch: Patch) -> None:
    known_of = situation.known_of_people
    fault = lambda people: {  # noqa: E731
        key: replace(each, care=each.care or "") for key, each in known_of(people).items()
    }
    patch.setattr(duties, "known_of_people", fault)


def _a_no_is_not_heard(patch: Patch) -> None:
    from marfa.apps.referrals.actions import outcomes

    patch.setattr(outcomes, "publish_event", lambda _event: None)


def _silence_counts_as_yes(patch: Patch) -> None:
    patch.setattr(situation, "WAITING", ())


def _the_clock_begins_anew(patch: Patch) -> None:
    def fault(before, known, hours, now):  # type: ignore[no-untyped-def]
        found = follow(before, known, hours, now)
        if found and before and before.met_by and not found.owed.met_by:
            late = replace(found.owed, due_at=now + timedelta(hours=72))
            return replace(found, owed=late)
        return found

    patch.setattr(duties, "follow", fault)


def _a_decision_stands_for_ever(patch: Patch) -> None:
    decided = situation.decisions_until
    fault = lambda people: {  # noqa: E731
        key: until + timedelta(days=365) for key, until in decided(people).items()
    }
    patch.setattr(situation, "decisions_until", fault)


def _any_authority_will_do(patch: Patch) -> None:
    patch.setattr(situation, "F", lambda _path: F("about"))


def _nobody_hears(patch: Patch) -> None:
    patch.setattr(deadlines, "_run", lambda _duty: None)


def _a_claim_is_enough(patch: Patch) -> None:
    def fault(care):  # type: ignore[no-untyped-def]
        claimed = care.claimed
        return "" if claimed is None or claimed.value == "accompanied" else claimed.value

    patch.setattr(situation, "_said", fault)


def _one_alone_ends_it(patch: Patch) -> None:
    patch.setattr(endings, "_by_another", lambda _actor, _duty: None)


def _ties_are_not_heard(patch: Patch) -> None:
    patch.setattr(subscribers, "PARTS", frozenset())


def _the_team_is_the_last_rung(patch: Patch) -> None:
    told = roster.told_of
    fault = lambda duty, step, at, before: told(duty, "supervisor", at, ())  # noqa: E731
    patch.setattr(alarms, "told_of", fault)


@pytest.mark.parametrize(
    "plant",
    [
        _a_weekend_rests,
        _growing_up_drops_it,
        _leaving_drops_it,
        _a_no_is_not_heard,
        _silence_counts_as_yes,
        _the_clock_begins_anew,
        _a_decision_stands_for_ever,
        _any_authority_will_do,
        _nobody_hears,
        _a_claim_is_enough,
        _one_alone_ends_it,
        _ties_are_not_heard,
        _the_team_is_the_last_rung,
    ],
)
def test_planted_faults_are_found(
    life: Life, monkeypatch: Patch, plant: Callable[[Patch], None]
) -> None:
    plant(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)):
        whole_life(life)


# ---- Time ------------------------------------------------------------------------------


def reached(child: Child) -> list[tuple[str, timedelta]]:
    """The rungs that were told, and how long after the beginning each was due."""
    duty = Duty.objects.get(person=child.key, current=True)
    rows = StepReached.objects.filter(deadline__kind="children.duty", deadline__subject=duty.pk)
    return [(row.step, row.at - duty.first_at) for row in rows.order_by("at")]


@pytest.mark.parametrize(
    "begins",
    ["2028-03-02T20:00:00+00:00", "2028-02-28T20:00:00+00:00"],
    ids=["over a weekend and a feast", "over a leap day"],
)
def test_two_days_without_a_worker_skip_and_repeat_no_rung(life: Life, begins: str) -> None:
    life.now = datetime.fromisoformat(begins)
    who = life.second.id
    DutyContact.objects.create(
        site=life.here, user_id=who, weekdays="1234", added_at=life.now, added_by=who
    )
    for days in (1, 2):
        day = (life.now + timedelta(days=days)).date()
        SiteHoliday.objects.create(site=life.here, day=day, added_at=life.now, added_by=who)
    child = life.child_arrives()
    life.tick(days=2)
    for _ in range(3):
        climb_ladders()
    hours = [timedelta(hours=each) for each in (12, 14, 18)]
    assert reached(child) == list(zip(("due", "supervisor", "outside"), hours, strict=True))
    assert DutyStep.objects.filter(person=child.key, kind__in=["told", "nobody"]).count() >= 3


def test_a_day_of_doubt_in_a_hijri_date_is_a_day_as_a_child(life: Life) -> None:
    born = PartialDate.hijri(1432, 3, 25)
    assert born.latest > born.earliest, "a date of a month that was sighted has a day's doubt"
    last = born.latest.replace(year=born.latest.year + 18)
    life.now = datetime(last.year, last.month, last.day, tzinfo=UTC) - timedelta(hours=6)
    told = NewPerson(sex="female", born=born, basis="stated")
    doubted = life.office.register(told)
    life.tick(days=3)
    grown = life.office.register(told)
    assert Duty.objects.filter(person=doubted, current=True).exists()
    assert not Duty.objects.filter(person=grown).exists(), "the control: grown up by any reading"
    climb_ladders()
    assert Duty.objects.get(person=doubted, current=True).is_live, "and nothing is dropped by it"


def test_the_database_refuses_one_who_ends_a_duty_alone(life: Life) -> None:
    child = life.child_arrives()
    row = Duty.objects.filter(person=child.key)
    for changes in (
        {"ended_at": life.now, "ended_by": life.second.id},
        {"met_by": "decision", "met_at": life.now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**changes)


# ---- What is read ------------------------------------------------------------------------------


def test_status_nationality_religion_and_papers_change_no_byte(life: Life) -> None:
    """Two children live the same life at the same moments; the one has everything, the other none
    of it. Clocks, history, facts and the board are the same to the byte."""
    now, told = life.now, []
    for much in (False, True):
        life.now = now
        child = life.child_arrives()
        if much:
            _tell_everything(life, child)
        life.is_presumed(child)
        life.is_somebody_elses(child)
        life.is_referred(child)
        life.tick(hours=7)
        life.is_answered(child, "decline")
        life.tick(hours=8)
        life.worker_runs()
        told.append(_all_of(life, child))
    assert told[0] == told[1]
    assert told[0]["duties"], "the control: there is something to compare"


def _tell_everything(life: Life, child: Child) -> None:
    with every_organisation():
        person = life.person(child)
        add_to_person(
            actor=life.second,
            purpose=Purpose.ASSISTANCE,
            person=person,
            model=IdentityDocument,
            values={"kind": "passport", "number": "C-0001"},
        )
        changes = {
            "migration_status": "IrregularMigrant",
            "citizenships": ["SY", "IQ"],
            "statelessness": "stateless",
            "religion": "Canary",
            "ethnicity": "Canary",
        }
        change_person(
            actor=life.second,
            purpose=Purpose.ASSISTANCE,
            person=person,
            base_version=person.version,
            changes=changes,
        )


def _all_of(life: Life, child: Child) -> dict[str, object]:
    duties = list(Duty.objects.filter(person=child.key).order_by("first_at"))
    steps = DutyStep.objects.filter(person=child.key).order_by("at", "pk")
    rows = Deadline.objects.filter(subject__in=[row.pk for row in duties]).order_by(
        "created_at", "pk"
    )
    facts = RegisteredFact.objects.filter(subject=child.key).order_by("valid_from", "pk")
    coded = ("age_band", "is_child_until", "sex", "present", "without_care", "displacement")
    return {
        "duties": [tuple(getattr(row, name) for name in OWN) for row in duties],
        "steps": list(steps.values_list("kind", "code", "told", "at")),
        "clocks": list(rows.values_list("kind", "due_at", "state", "ladder", "next_step_at")),
        "facts": list(facts.values_list("valid_from", *coded)),
        "board": repr(replace(lines_of(life.second, duties)[child.key], case="")),
    }

"""The alarm of a detention: on until somebody writes down how it ended, whatever else happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marfa.apps.accounts.models import User
from marfa.apps.cases.actions import accept_transfer, ask_to_close, ask_transfer, assign_case
from marfa.apps.detention import actions
from marfa.apps.detention.clocks import ALARM, HAND_OVER, OUTSIDE, SUPERVISOR
from marfa.apps.detention.models import GOING_ON, Detention, DetentionReview, Stay
from marfa.apps.detention.queries import days_of, open_detention_of
from marfa.apps.registry.models import Person
from marfa.domain.dates import PartialDate
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.actions import climb_ladders
from marfa.platform.deadlines.models import Deadline, StepReached
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from tests.apps.cases.office import CHILD, Office
from tests.conftest import Operation

FRIDAY = datetime(2028, 2, 25, 15, tzinfo=UTC)
"""Before a weekend, and four days before the 29 February of a leap year."""
RUNGS = ["due", "supervisor", "outside"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def told(began: date, authority: str = "police", ground: str = "criminal") -> actions.Told:
    return actions.Told(
        ground, authority, PartialDate.on(began), place="A fictional station", reason="Not told"
    )


def held(office: Office, person: Person | None = None, **more: Any) -> Detention:
    child = person or office.register(CHILD)
    today = clock.today(office.site.time_zone)
    told_now = told(today, **more)
    return actions.record_detention(actor=office.worker, person=child, told=told_now)


def alarms(row: Detention) -> list[Deadline]:
    return list(Deadline.objects.filter(kind=ALARM.name, subject=row.pk, state="open"))


class History:
    """Steps drawn at random in the life of a child who is held now and then."""

    def __init__(self, office: Office) -> None:
        self.office, self.now = office, FRIDAY
        self.person = office.register(CHILD)
        self.ended: set[Any] = set()

    def tick(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    @property
    def row(self) -> Detention | None:
        return open_detention_of(self.person)

    def today(self) -> date:
        return clock.today(self.office.site.time_zone)

    def check(self) -> None:
        """No open detention without a live alarm of who is responsible; none ended by itself."""
        for row in Detention.objects.filter(person=self.person).select_related("case"):
            open_ones = alarms(row)
            if row.pk in self.ended:
                assert row.state not in GOING_ON
                assert not open_ones
                continue
            assert row.state in GOING_ON, "it ended, and nobody said so"
            assert len(open_ones) == 1, "no alarm"
            assert [step for step, _after in open_ones[0].ladder] == [
                "due",
                "supervisor",
                "outside",
            ]
            assert open_ones[0].responsible == row.case.worker
            assert row.case.state == "open"


def record(life: History, n: int) -> None:
    who = (life.office.officer, life.office.worker)[n % 2]
    since = life.today() - timedelta(days=n)
    authority = ("police", "military", "shelter")[n % 3]
    actions.record_detention(actor=who, person=life.person, told=told(since, authority))


def move(life: History, n: int) -> None:
    if life.row:
        place = told(life.today(), ("military", "border")[n % 2], "camp")
        actions.move_person(actor=life.office.supervisor, row=life.row, told=place)


def review(life: History, n: int) -> None:
    if life.row:
        day = life.today() + timedelta(days=n)
        actions.review_detention(
            actor=life.office.supervisor, row=life.row, found="She is well", next_on=day
        )


def lose(life: History, n: int) -> None:
    if life.row:
        actions.lose_track(actor=life.office.supervisor, row=life.row, text="Moved by night")


def tell(life: History, n: int) -> None:
    if life.row:
        actions.note_step(
            actor=life.office.supervisor, row=life.row, kind="escalated", whom="The ombudsperson"
        )


def hand_on(life: History, n: int) -> None:
    if life.row:
        users = (life.office.operation.supervisor, User.objects.get(pk=life.office.worker.id))
        assign_case(
            actor=life.office.supervisor,
            case=life.row.case,
            worker=users[n % 2],
            text="",
            stays=True,
        )


def close(life: History, n: int) -> None:
    """Asked for by who may; refused while the child is held."""
    if life.row:
        with pytest.raises((InputError, DeniedError)):
            ask_to_close(
                actor=life.office.supervisor, case=life.row.case, reason="moved", text="Gone"
            )


def move_site(life: History, n: int) -> None:
    """The person is elsewhere as the registry says, as where two sites become one."""
    other = type(life.office.site).objects.exclude(pk=life.office.site.pk).first()
    Person.objects.filter(pk=life.person.pk).update(site=(other, life.office.site)[n % 2])
    life.person.refresh_from_db()


def grow_up(life: History, n: int) -> None:
    Person.objects.filter(pk=life.person.pk).update(child_until=life.today() - timedelta(days=n))
    life.person.refresh_from_db()


def wait(life: History, n: int) -> None:
    life.now += timedelta(hours=1 + 7 * n * n)


def climb(life: History, n: int) -> None:
    climb_ladders()


def end(life: History, n: int) -> None:
    row = life.row
    if row and n > 8:
        how = ("released", "died", "escaped")[n % 3]
        actions.end_detention(
            actor=life.office.supervisor, row=row, how=how, day=life.today(), text="She called"
        )
        life.ended.add(row.pk)


STEPS: dict[str, Callable[[History, int], None]] = {
    each.__name__: each
    for each in (
        *(record, move, review, lose, tell, hand_on, close, move_site, grow_up, wait, climb),
        end,
    )
}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 11)), min_size=10, max_size=60
    )
)
def test_no_open_detention_without_a_live_alarm(
    office: Office, steps: list[tuple[str, int]]
) -> None:
    life = History(office)
    with ExitStack() as stack:
        stack.enter_context(clock.set_to(life.tick))
        record(life, 0)
        for name, number in steps:
            # Who may not, or asks what cannot be, changes nothing.
            with suppress(InputError, DeniedError):
                STEPS[name](life, number)
            life.check()


def test_the_check_sees_an_alarm_that_is_gone(office: Office) -> None:
    """The control: a detention whose alarm somebody switched off in the database."""
    life = History(office)
    with clock.set_to(life.tick):
        record(life, 0)
        life.check()
        alarm = alarms(Detention.objects.get(person=life.person))[0]
        Deadline.objects.filter(pk=alarm.pk).update(state="met", ended_at=clock.now())
        with pytest.raises(AssertionError, match="no alarm"):
            life.check()


def test_two_days_of_downtime_over_a_weekend(office: Office) -> None:
    """Each rung once and none skipped, though nothing ran from Friday to Sunday."""
    with clock.set_to(FRIDAY):
        row = held(office)
    for hours in (49, 50, 72):
        with clock.set_to(FRIDAY + timedelta(hours=hours)):
            climb_ladders()
    reached = StepReached.objects.filter(deadline__subject=row.pk).order_by("at")
    assert [(each.step, each.at - FRIDAY) for each in reached] == [
        ("due", timedelta(0)),
        ("supervisor", SUPERVISOR),
        ("outside", OUTSIDE),
    ]


def test_a_review_ends_with_its_day_where_the_child_is(office: Office) -> None:
    """Over a change of clocks and a leap day: the day ends at midnight there, and no hour later."""
    type(office.site).objects.filter(pk=office.site.pk).update(time_zone="Europe/Athens")
    office.site.refresh_from_db()
    person = office.register(CHILD)
    with clock.set_to(datetime(2028, 3, 24, 9, tzinfo=UTC)):
        row = held(office, person)
        actions.review_detention(
            actor=office.worker, row=row, found="Tired", next_on=date(2028, 3, 27)
        )
        # Clocks go forward on 26 March: the day ends at 21:00 in UTC, where before it was 22:00.
        assert alarms(row)[0].due_at == datetime(2028, 3, 27, 21, tzinfo=UTC)
    with clock.set_to(datetime(2028, 3, 27, 21, tzinfo=UTC)):
        climb_ladders()
    assert StepReached.objects.filter(deadline=alarms(row)[0]).count() == 1


def test_reviews_are_near_for_a_child_and_for_an_adult(office: Office) -> None:
    with clock.set_to(FRIDAY):
        child, adult = held(office), held(office, office.register())
        today = clock.today(office.site.time_zone)
        for row, most in ((child, 7), (adult, 14)):
            for days in (0, most + 1):
                with pytest.raises(InputError):
                    actions.review_detention(
                        actor=office.supervisor,
                        row=row,
                        found="As before",
                        next_on=today + timedelta(days=days),
                    )
            with pytest.raises(InputError):
                actions.review_detention(
                    actor=office.supervisor, row=row, found="As before", next_on=None
                )
            done = actions.review_detention(
                actor=office.supervisor,
                row=row,
                found="As before",
                next_on=today + timedelta(days=most),
            )
            for changed in (
                {"next_on": today + timedelta(days=most + 1)},
                {"next_on": today},
                {"next_on": None},
            ):
                with pytest.raises(IntegrityError), transaction.atomic():
                    DetentionReview.objects.filter(pk=done.pk).update(**changed)
            late = today + timedelta(days=most + 1)
            with pytest.raises(IntegrityError), transaction.atomic():
                Detention.objects.filter(pk=row.pk).update(review_on=late)


def test_the_database_knows_no_end_without_who_and_why(office: Office) -> None:
    with clock.set_to(FRIDAY):
        row = held(office)
        today = clock.today(office.site.time_zone)
        for state in ("released", "died", "escaped"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Detention.objects.filter(pk=row.pk).update(state=state, ended_on=today)
        with pytest.raises(IntegrityError), transaction.atomic():
            Detention.objects.filter(pk=row.pk).update(state="turned_18")


def test_turning_eighteen_ends_nothing(office: Office) -> None:
    with clock.set_to(FRIDAY):
        row = held(office)
    with clock.set_to(FRIDAY + timedelta(days=8000)):
        person = Person.objects.get(pk=row.person_id)
        row = Detention.objects.select_related("case__site", "person").get(pk=row.pk)
        row.person = person
        assert row.state == "held"
        assert len(alarms(row)) == 1
        today = clock.today(office.site.time_zone)
        actions.review_detention(
            actor=office.supervisor, row=row, found="Grown up", next_on=today + timedelta(days=14)
        )
        assert len(alarms(row)) == 1


def test_a_transfer_hands_the_alarm_on(office: Office) -> None:
    with clock.set_to(FRIDAY):
        row = held(office)
        before = alarms(row)[0]
        assert before.responsible == office.worker.id
        user = office.operation.supervisor
        asked = ask_transfer(actor=office.worker, case=row.case, worker=user, text="She knows her")
        accept_transfer(actor=office.supervisor, transfer=asked)
        after = alarms(row)[0]
    assert (after.pk, after.due_at) == (before.pk, before.due_at)
    assert after.responsible == office.supervisor.id


def test_no_protocol_is_assumed(office: Office) -> None:
    """Without one the hand-over is escalated from the start, and never after 48 hours."""
    with clock.set_to(FRIDAY):
        row = held(office, authority="military", ground="armed_group")
    stay = Stay.objects.get(detention=row)
    due = Deadline.objects.get(kind=HAND_OVER.name, subject=row.pk, state="open").due_at
    assert (stay.hand_over_hours, stay.hand_over_at, due) == (None, FRIDAY, FRIDAY)


def test_days_in_total_over_all_places(office: Office) -> None:
    zone = office.site.time_zone
    with clock.set_to(FRIDAY):
        row = held(office)
    with clock.set_to(FRIDAY + timedelta(days=5)):
        # 25 February to 1 March of a leap year, in two places, one day in both.
        place = told(clock.today(zone), "prison")
        actions.move_person(actor=office.worker, row=row, told=place)
        assert days_of([row.person_id], {row.person_id: zone}) == {row.person_id: 6}
        actions.lose_track(actor=office.worker, row=row, text="Nobody answers")
    with clock.set_to(FRIDAY + timedelta(days=6)):
        assert days_of([row.person_id], {row.person_id: zone}) == {row.person_id: 7}
        actions.end_detention(
            actor=office.worker,
            row=row,
            how="released",
            day=clock.today(zone),
            text="She is at her aunt's",
        )
    with clock.set_to(FRIDAY + timedelta(days=60)):
        assert days_of([row.person_id], {row.person_id: zone}) == {row.person_id: 7}

"""The end of retention by the clock: a worker does it each night, and a hold stops it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from marfa.apps.organisations.models import Organisation
from marfa.apps.privacy import retention
from marfa.apps.privacy.actions import lift_hold, place_hold
from marfa.apps.privacy.jobs import end_retention
from marfa.apps.privacy.retention import apply_retention, period_of
from marfa.domain.ids import new_id
from marfa.platform import clock
from marfa.platform.jobs import schedules
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.run import WorkerStopsError
from marfa.platform.jobs.worker import Worker
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from tests.support.quay.models import Guest

pytestmark = pytest.mark.django_db(transaction=True)
LEFT = date(2026, 3, 1)
COMMAND = Actor(new_id(), ActorKind.COMMAND)


@pytest.fixture(autouse=True)
def controller(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A controller, and no other ticks than this one."""
    tick = schedules._schedules["privacy.retain"]
    monkeypatch.setattr(schedules, "_schedules", {"privacy.retain": tick})
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with clock.set_to(start):
        Organisation.objects.create(
            name="Controller", kind=Organisation.Kind.CONTROLLER, created_at=start
        )
        yield


def last_day() -> date:
    """The last day on which whoever left on LEFT is kept."""
    period = period_of("case")
    assert period is not None
    return LEFT + period


def at_night(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, 30, tzinfo=UTC)


def work(at: datetime) -> None:
    with clock.set_to(at):
        Worker().work(until_empty=True)


def codes() -> set[str]:
    return set(Guest.objects.values_list("code", flat=True))


def test_each_night_a_worker_destroys_what_is_past_its_period() -> None:
    Guest.objects.create(code="old", left_on=LEFT)
    Guest.objects.create(code="later", left_on=LEFT + timedelta(days=1))
    Guest.objects.create(code="here", left_on=None)
    work(at_night(last_day()) - timedelta(days=1))
    work(at_night(last_day()))
    assert codes() == {"old", "later", "here"}
    work(at_night(last_day() + timedelta(days=1)))
    assert codes() == {"later", "here"}
    work(at_night(last_day() + timedelta(days=2)))
    assert codes() == {"here"}


def test_the_log_tells_that_a_job_did_it_and_how_many() -> None:
    gone = Guest.objects.create(code="old", left_on=LEFT)
    work(at_night(last_day()))
    work(at_night(last_day() + timedelta(days=1)))
    [entry] = [e for e in Entry.objects.filter(action="privacy.retain") if "Guest" in e.detail]
    assert (entry.actor_kind, entry.outcome, entry.rows) == ("job", "done", 1)
    assert entry.actor_id in set(
        Job.objects.filter(name="privacy.retain").values_list("pk", flat=True)
    )
    assert json.loads(entry.detail)["retention"] == "case"
    assert gone.code not in entry.detail
    assert all(each.arguments == {} for each in Job.objects.all()), "no argument names anybody"


def test_a_hold_stops_it_and_the_night_after_its_end_it_goes_on() -> None:
    person = Guest.objects.create(code="held", left_on=LEFT)
    end = last_day() + timedelta(days=3)
    with clock.set_to(at_night(last_day())):
        lifted = place_hold(actor=COMMAND, subject=person.pk, reason="safety", until=end)
    for day in range(4):
        work(at_night(last_day() + timedelta(days=day)))
        assert codes() == {"held"}
    with clock.set_to(at_night(end)):
        lift_hold(actor=COMMAND, hold=lifted)
    work(at_night(end + timedelta(days=1)))
    assert codes() == set()


def test_it_goes_in_groups_and_a_stop_between_two_loses_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for number in range(5):
        Guest.objects.create(code=str(number), left_on=LEFT)
    begun: list[int] = []

    def stop_before_the_second() -> None:
        begun.append(len(codes()))
        if begun == [5, 3]:
            raise WorkerStopsError

    job = Actor(new_id(), ActorKind.JOB)
    with clock.set_to(at_night(last_day() + timedelta(days=1))):
        with pytest.raises(WorkerStopsError):
            apply_retention(actor=job, between=stop_before_the_second)
        assert len(codes()) == 3
        apply_retention(actor=job)
    assert codes() == set()
    told = Entry.objects.filter(action="privacy.retain", detail__contains="Guest")
    assert sorted(told.values_list("rows", flat=True)) == [1, 2, 2]


def test_nobody_else_may_and_it_waits_once() -> None:
    Guest.objects.create(code="old", left_on=LEFT)
    with clock.set_to(at_night(last_day() + timedelta(days=1))):
        with pytest.raises(DeniedError):
            apply_retention(actor=Actor(new_id(), ActorKind.VISITOR))
        assert end_retention.enqueue() == end_retention.enqueue()
    assert codes() == {"old"}

"""The page of background work: what is shown, what its buttons do, and for whom."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.manifest import Desk, my_work
from marfa.platform import clock
from marfa.platform.jobs.claims import claim_job
from marfa.platform.jobs.jobs import prune_old_jobs
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.run import LEASE
from marfa.platform.outbox.models import Parcel
from marfa.safeguards.audit.models import Entry
from tests.conftest import Operation, signed_in

URL = "background:work"


@pytest.fixture
def administrator(operation: Operation) -> Client:
    return operation.at(Desk.ADMINISTRATION)


def page(client: Client) -> str:
    response = client.get(reverse(URL))
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, do: str, identifier: object) -> int:
    return client.post(reverse(URL), {"do": do, "id": str(identifier)}).status_code


def dead_job() -> uuid.UUID:
    made = prune_old_jobs.enqueue()
    Job.objects.update(
        state=Job.State.DEAD, error="ValueError at marfa.x:1", attempts=8, finished_at=clock.now()
    )
    return made


def dead_parcel() -> uuid.UUID:
    now = clock.now()
    return Parcel.objects.create(
        destination="mail",
        lane=uuid.uuid4(),
        kind="tests.note",
        state=Parcel.State.DEAD,
        created_at=now,
        run_at=now,
        ended_at=now,
        error="ConnectionError",
    ).pk


def test_an_empty_page_explains_itself(administrator: Client) -> None:
    text = page(administrator)
    assert "Nothing has failed." in text
    assert "Nothing is running" in text
    assert "no worker is running" not in text


def test_what_failed_is_shown_and_tried_again(administrator: Client) -> None:
    job, parcel = dead_job(), dead_parcel()
    text = page(administrator)
    for shown in ("jobs.prune", "ValueError at marfa.x:1", "tests.note", "ConnectionError"):
        assert shown in text
    assert press(administrator, "retry-job", job) == 302
    assert press(administrator, "retry-delivery", parcel) == 302
    assert Job.objects.get().state == Job.State.WAITING
    assert Parcel.objects.get().state == Parcel.State.WAITING
    assert "Nothing has failed." in page(administrator)


def test_what_runs_is_shown_and_stopped(administrator: Client) -> None:
    job = prune_old_jobs.enqueue()
    claim_job(LEASE)
    Job.objects.update(progress_done=3, progress_total=7)
    assert "3 of 7" in page(administrator)
    assert press(administrator, "cancel-job", job) == 302
    assert Job.objects.get().cancel_requested
    assert "A stop was requested." in page(administrator)


def test_a_worker_that_does_not_run_is_said(administrator: Client) -> None:
    prune_old_jobs.using(run_at=clock.now() - timedelta(minutes=11)).enqueue()
    assert "no worker is running" in page(administrator)


def test_other_desks_press_no_button(operation: Operation) -> None:
    job = dead_job()
    for desk in set(Desk) - {Desk.ADMINISTRATION}:
        assert press(operation.at(desk), "retry-job", job) == 403
    assert press(Client(), "retry-job", job) == 302
    assert Job.objects.get().state == Job.State.DEAD


def test_a_button_is_for_administrators_and_stands_in_the_log(
    operation: Operation, administrator: Client
) -> None:
    """Stopping the work that keeps the log would otherwise leave no trace."""
    job = prune_old_jobs.enqueue()
    officer = signed_in(operation.officer)
    assert press(officer, "cancel-job", job) == 403
    assert "</form>" not in page(officer).split("<main", 1)[1].split("</main", 1)[0]
    assert Job.objects.get().state == Job.State.WAITING
    assert press(administrator, "cancel-job", job) == 302
    assert Job.objects.get().state == Job.State.CANCELLED
    people = (operation.officer.pk, operation.desks[Desk.ADMINISTRATION].pk)
    entries = Entry.objects.filter(action="organisations.manage", actor_id__in=people)
    assert {entry.actor_id: entry.outcome for entry in entries} == dict(
        zip(people, ("denied", "done"), strict=True)
    )
    detail = entries.get(outcome="done").detail
    assert str(job) in detail
    assert "cancel-job" in detail


@pytest.mark.parametrize(("do", "identifier"), [("retry-job", "x"), ("", uuid.uuid4())])
def test_a_button_that_does_not_exist_is_refused(
    administrator: Client, do: str, identifier: object
) -> None:
    assert press(administrator, do, identifier) == 400


def test_failed_work_waits_for_administrators(operation: Operation) -> None:
    url = reverse(URL)
    administrator = operation.desks[Desk.ADMINISTRATION]
    assert not [item for item in my_work(administrator) if item.url == url]
    dead_job()
    (item,) = [item for item in my_work(administrator) if item.url == url]
    assert "1 piece of background work" in str(item.text)
    assert not [item for item in my_work(operation.desks[Desk.RECEPTION]) if item.url == url]

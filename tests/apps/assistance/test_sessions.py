"""Sessions of help: who gave them and whether the person came; nothing follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help, end_help
from marfa.apps.assistance.models import Help, HelpSession
from marfa.apps.cases.models import Case, CaseFact
from marfa.apps.manifest import Desk, my_work
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.vault.access import open_vault
from tests.apps.cases.office import Office
from tests.conftest import Operation

pytestmark = pytest.mark.django_db
KIND = "mental_health_and_psychosocial"


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def given(office: Office) -> Iterator[Help]:
    """Help that began four weeks ago."""
    wanted = HelpRequest(KIND, by_whom="The clinic")
    row = ask_help(actor=office.worker, case=office.case(), wanted=wanted, begin=True)
    with clock.set_to(clock.now() + timedelta(days=28)):
        yield row


@pytest.fixture
def worker(operation: Operation, given: Help) -> Client:
    return operation.at(Desk.PROTECTION)


def day(before: int) -> str:
    """So many days ago, at the site."""
    zone = Help.objects.get().case.site.time_zone
    return (clock.today(zone) - timedelta(days=before)).strftime("%d/%m/%Y")


def page(row: Help) -> str:
    return reverse("cases:help", args=[row.reference])


def send(client: Client, row: Help, before: int, came: str, **more: str) -> tuple[int, str]:
    told = {"do": "session", "on": day(before), "came": came, **more}
    answer = client.post(page(row), told)
    return answer.status_code, answer.content.decode()


def test_weekly_sessions_stand_on_the_page_of_the_help(worker: Client, given: Help) -> None:
    assert send(worker, given, 21, "attended", text="We drew a map")[0] == 302
    assert send(worker, given, 14, "missed")[0] == 302
    assert send(worker, given, 7, "attended", by_whom="Dr Nadia")[0] == 302
    shown = worker.get(page(given)).content.decode()
    for said in ("We drew a map", "Dr Nadia", "the person did not come"):
        assert said in shown
    whole = worker.get(reverse("cases:case", args=[given.case.reference])).content.decode()
    assert "2 sessions attended, the last on" in whole
    steps = Entry.objects.filter(subject_id=given.person_id, detail__contains='"session"')
    assert steps.count() == 3
    assert not any("drew" in str(each.detail) for each in steps)


def test_nothing_follows_from_not_coming(
    office: Office, operation: Operation, worker: Client, given: Help
) -> None:
    user = operation.desks[Desk.PROTECTION]

    def stands() -> list[Any]:
        given.refresh_from_db()
        facts = CaseFact.objects.filter(subject=given.person_id, replaced_at=None)
        case = Case.objects.get(pk=given.case_id)
        work = [(str(each.text), each.url, each.ends) for each in my_work(user)]
        return [given.state, list(facts.values("given", "lacking")), case.urgency, work]

    before = stands()
    for ago in range(1, 9):
        assert send(worker, given, ago, "missed")[0] == 302
    assert stands() == before
    # The control: what does follow is seen.
    ask_help(actor=office.worker, case=given.case, wanted=HelpRequest("shelter", urgent=True))
    with clock.set_to(clock.now() + timedelta(days=2)):
        assert "did not begin" in str(stands()[-1])


@pytest.mark.parametrize("before", [29, -1])
def test_a_day_on_which_it_was_not_given_is_refused_and_kept_as_typed(
    worker: Client, given: Help, before: int
) -> None:
    status, shown = send(worker, given, before, "attended", text="We drew a map")
    assert status == 422
    assert "The help was not given on that day" in shown
    assert "We drew a map" in shown
    assert f'value="{day(before)}"' in shown
    assert not HelpSession.objects.exists()


def test_two_of_one_day_are_asked_about(worker: Client, given: Help) -> None:
    """A second press of the button is no second session."""
    assert send(worker, given, 3, "attended")[0] == 302
    status, shown = send(worker, given, 3, "attended")
    assert status == 422
    assert "It is another session on that day" in shown
    assert HelpSession.objects.count() == 1
    assert send(worker, given, 3, "attended", again="on")[0] == 302
    assert HelpSession.objects.count() == 2


def test_what_was_entered_by_mistake_is_struck_out_and_stays(worker: Client, given: Help) -> None:
    send(worker, given, 3, "attended", text="Of somebody else")
    row = HelpSession.objects.get()
    struck = {"do": "strike", "session": row.reference}
    assert worker.post(page(given), struck).status_code == 302
    assert worker.post(page(given), struck).status_code == 422
    shown = worker.get(page(given)).content.decode()
    assert "entered by mistake" in shown
    assert "Of somebody else" not in shown
    whole = worker.get(reverse("cases:case", args=[given.case.reference])).content.decode()
    assert "session attended" not in whole
    assert send(worker, given, 3, "missed")[0] == 302, "the day is free again"


def test_after_the_end_what_was_given_before_is_still_written_down(
    office: Office, worker: Client, given: Help
) -> None:
    end_help(actor=office.worker, row=given, reason="needs_met", text="She is well")
    assert send(worker, given, 5, "attended")[0] == 302
    with open_vault():
        assert HelpSession.objects.get().by_whom is None


def test_only_who_helps_writes_and_reads(operation: Operation, given: Help) -> None:
    for desk in (Desk.RECEPTION, Desk.ADMINISTRATION):
        client = operation.at(desk)
        assert client.get(page(given)).status_code in (403, 404)
        assert send(client, given, 3, "attended")[0] in (403, 404)
    assert not HelpSession.objects.exists()

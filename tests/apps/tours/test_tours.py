"""Guided tours: a step is done by its work alone, what was done is remembered, and nobody else
and no other page is touched."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help, find_no_place
from marfa.apps.assistance.actions.follow_up import plan_contact
from marfa.apps.cases.actions import take_case
from marfa.apps.cases.models import Case, Presumption
from marfa.apps.manifest import Desk, desk_tour
from marfa.apps.name_search.search_watch import note_search
from marfa.apps.reception.actions.interview import CONDITIONS, Setting, begin_talk, stop_talk
from marfa.apps.reception.models import QueueEntry
from marfa.apps.screening.actions import hand_over, look_at_conditions, stop_screening, take_up
from marfa.apps.screening.conditions import Condition, Met
from marfa.apps.screening.models import HandOver
from marfa.apps.tours import panel
from marfa.apps.tours.actions import begin_tour, leave_tour, note_done, skip_step
from marfa.apps.tours.models import TourProgress
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.fields.footprint import footprint_of
from tests.apps.referrals.referrers import Desk as CaseDesk
from tests.apps.screening.test_interview import ADULT as TOLD
from tests.apps.screening.test_interview import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db

RECEPTION, PROTECTION = Desk.RECEPTION, Desk.PROTECTION
CODES = {
    RECEPTION: ("register", "talk", "find", "begin", "end"),
    PROTECTION: ("take_up", "presume", "help", "refer", "contact"),
}
PANEL = '<aside class="tour"'
LINK = 'href="/my/tours/"'


@pytest.fixture(autouse=True)
def every_row(operation: Operation) -> Iterator[None]:
    with every_organisation():
        yield


@pytest.fixture
def desk(operation: Operation) -> Office:
    return Office(operation)


def progress(user: User) -> TourProgress:
    return TourProgress.objects.get(user=user)


def done(user: User, at: Desk) -> list[str]:
    """What counts as done, once it is looked at."""
    note_done(user=user, desk=at)
    return list(progress(user).done)


def page(client: Client, name: str, *args: str) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def press(client: Client, at: Desk, what: str, **more: str) -> None:
    there = {"next": reverse("home"), "tour": what, **more}
    response = client.post(reverse("tours:change", args=[at]), there)
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("home")


@pytest.mark.parametrize("at", CODES)
def test_a_tour_has_five_steps_whose_pages_open(operation: Operation, at: Desk) -> None:
    steps, client = desk_tour(at), operation.at(at)
    assert tuple(step.code for step in steps) == CODES[at]
    for step in steps:
        assert step.desk is at
        assert client.get(reverse(step.url_name)).status_code == 200
    assert {each for each in Desk if desk_tour(each)} == set(CODES)


def talk(desk: Office) -> None:
    entry = QueueEntry.objects.get(person=desk.person, ended_at=None)
    made = begin_talk(actor=desk.officer, entry=entry, setting=Setting(frozenset(CONDITIONS), "ar"))
    stop_talk(actor=desk.officer, talk=made)


def find(desk: Office, found: int = 1) -> None:
    place = desk.site
    note_search(
        searcher=desk.officer.id,
        organisation=place.organisation_id,
        site=place.pk,
        found=found,
        met=[],
    )


def begin(desk: Office) -> None:
    desk.asking()


def look(desk: Office) -> None:
    """The conditions are looked at, and the first question is not put."""
    row = desk.sit_down()
    told = {each.value: Met.YES.value for each in Condition}
    told[Condition.INTERPRETER] = told[Condition.NO_TIE] = Met.NOT_NEEDED.value
    look_at_conditions(actor=desk.officer, screening=row, base_version=row.version, told=told)


def stop(desk: Office) -> None:
    stop_screening(actor=desk.officer, screening=desk.asking())


def hand(desk: Office) -> None:
    hand_over(actor=desk.officer, screening=desk.finished(), ground=HandOver.Ground.AGREED)


WORK_OF_RECEPTION: tuple[tuple[Callable[[Office], object], set[str]], ...] = (
    (lambda desk: desk.register(TOLD), {"register"}),
    (talk, {"talk"}),
    (find, {"find"}),
    (look, set()),
    (begin, {"begin"}),
    (stop, {"begin", "end"}),
    (hand, {"begin", "end"}),
)


@pytest.mark.parametrize(("work", "codes"), WORK_OF_RECEPTION)
def test_work_of_reception_is_a_step(
    operation: Operation, desk: Office, work: Callable[[Office], object], codes: set[str]
) -> None:
    officer = operation.desks[RECEPTION]
    begin_tour(user=officer, desk=RECEPTION)
    assert done(officer, RECEPTION) == []
    work(desk)
    assert set(done(officer, RECEPTION)) == codes


def test_what_comes_to_nothing_is_no_step(operation: Operation, desk: Office) -> None:
    """A search that finds nobody, a talk that was only opened, the work of a colleague."""
    officer, worker = operation.desks[RECEPTION], operation.desks[PROTECTION]
    for user, at in ((officer, RECEPTION), (worker, PROTECTION)):
        begin_tour(user=user, desk=at)
    find(desk, found=0)
    desk.sit_down()
    assert done(officer, RECEPTION) == []
    assert done(worker, PROTECTION) == []


def test_only_work_since_the_beginning_counts(operation: Operation, desk: Office) -> None:
    officer = operation.desks[RECEPTION]
    find(desk)
    with clock.set_to(clock.now() + timedelta(seconds=1)):
        begin_tour(user=officer, desk=RECEPTION)
        assert done(officer, RECEPTION) == []
        find(desk)
        assert done(officer, RECEPTION) == ["find"]
    # What is remembered stays, also where the rows of it are gone.
    with clock.set_to(clock.now() + timedelta(days=30)):
        assert done(officer, RECEPTION) == ["find"]


def test_work_of_protection_is_a_step(operation: Operation) -> None:
    worker = operation.desks[PROTECTION]
    begin_tour(user=worker, desk=PROTECTION)
    desk = CaseDesk(operation)
    assert done(worker, PROTECTION) == ["presume"], "the desk begins with a case"
    Case.objects.filter(pk=desk.case.pk).update(worker=None)
    desk.case.refresh_from_db()
    take_case(actor=desk.worker, case=desk.case)
    assert set(done(worker, PROTECTION)) == {"presume", "take_up"}
    row = ask_help(actor=desk.worker, case=desk.case, wanted=HelpRequest("shelter"))
    assert "help" not in done(worker, PROTECTION), "asked for is not yet helped"
    find_no_place(actor=desk.worker, row=row, interim="She sleeps at the clinic")
    assert "help" in done(worker, PROTECTION)
    desk.send(actor=desk.worker)
    assert "refer" in done(worker, PROTECTION)
    assert progress(worker).state == TourProgress.State.RUNNING
    due = clock.now() + timedelta(days=2)
    plan_contact(actor=desk.worker, case=desk.case, way="in_person", due_at=due, point=None)
    assert set(done(worker, PROTECTION)) == set(CODES[PROTECTION])
    assert progress(worker).state == TourProgress.State.FINISHED


def test_who_takes_up_after_a_hand_over_did_the_first_step(
    operation: Operation, desk: Office
) -> None:
    worker = operation.desks[PROTECTION]
    hand(desk)
    begin_tour(user=worker, desk=PROTECTION)
    take_up(actor=desk.worker, hand_over=HandOver.objects.get(screening__person=desk.person))
    assert done(worker, PROTECTION) == ["take_up"]
    assert not Presumption.objects.filter(made_by=worker.pk, case__person=desk.person).exists()


def test_the_way_leads_to_the_case_that_was_taken_up(operation: Operation, desk: Office) -> None:
    client, worker = operation.at(PROTECTION), operation.desks[PROTECTION]
    CaseDesk(operation)  # another case of theirs, from before
    with clock.set_to(clock.now() + timedelta(seconds=1)):
        begin_tour(user=worker, desk=PROTECTION)
        skip_step(user=worker, desk=PROTECTION, code="take_up")
        assert ways(page(client, "home")) == [reverse("caseload:mine")]
        hand(desk)
        take_up(actor=desk.worker, hand_over=HandOver.objects.get(screening__person=desk.person))
        case = Case.objects.get(person=desk.person)
        there = reverse("cases:case", args=[case.reference])
        assert ways(page(client, "home")) == [there]
        assert ways(page(client, "cases:case", case.reference)) == [], "they are there"
        skip_step(user=worker, desk=PROTECTION, code="presume")
        assert ways(page(client, "home")) == [f"{there}#help"]
        assert 'id="help"' in page(client, "cases:case", case.reference)


def ways(shown: str) -> list[str]:
    """Where the step of the tour leads."""
    return re.findall(r'href="([^"]+)" aria-describedby="tour-step"', shown)


def test_the_panel_goes_with_the_work(operation: Operation, desk: Office) -> None:
    client = operation.at(RECEPTION)
    for front in ("home", "desk-reception"):
        assert "Begin the tour" in page(client, front)
    assert PANEL not in page(client, "reception:person"), "it is offered in no one's way"
    press(client, RECEPTION, "begin-tour")
    for shown in ("home", "desk-reception", "reception:person", "reception:household"):
        assert "Guided tour, step 1 of 5: Register a person." in page(client, shown)
    for other in ("queue:site", "finding:find", "timeline", "search", "accounts:security"):
        assert PANEL not in page(client, other)
    find(desk)
    # Out of its order too, it is said once, and remembered.
    said = page(client, "finding:find")
    assert "Done: Find a person." in said
    assert "Guided tour, step 1 of 5" in said
    assert "Done:" not in page(client, "home")
    # The next button alone gets nobody further.
    assert progress(operation.desks[RECEPTION]).done == ["find"]
    press(client, RECEPTION, "skip-step", step="register")
    press(client, RECEPTION, "skip-step", step="register")
    assert "Guided tour, step 2 of 5" in page(client, "queue:site")
    assert progress(operation.desks[RECEPTION]).skipped == ["register"]


@pytest.mark.parametrize("error", [OperationalError("locked"), OSError(errno.ENOSPC, "no space")])
def test_a_page_opens_where_nothing_can_be_written(
    operation: Operation, desk: Office, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """What was done shows all the same, and is remembered when there is room again."""

    def fails(**_: object) -> None:
        raise error

    client, user = operation.at(RECEPTION), operation.desks[RECEPTION]
    begin_tour(user=user, desk=RECEPTION)
    find(desk)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(panel, "note_done", fails)
        assert "Done: Find a person." in page(client, "desk-reception")
    assert progress(user).done == []
    page(client, "desk-reception")
    assert progress(user).done == ["find"]


def test_a_page_drawn_in_answer_to_a_form_shows_it_too(operation: Operation, desk: Office) -> None:
    client, officer = operation.at(RECEPTION), operation.desks[RECEPTION]
    begin_tour(user=officer, desk=RECEPTION)
    for code in ("register", "talk"):
        skip_step(user=officer, desk=RECEPTION, code=code)
    there = reverse("finding:find")
    assert "Guided tour, step 3 of 5" in client.post(there, {"text": "9"}).content.decode()
    find(desk)
    assert "Done: Find a person." in client.post(there, {"text": "9"}).content.decode()
    assert progress(officer).done == [], "it is remembered when a page is opened"
    page(client, "home")
    assert progress(officer).done == ["find"]


def test_nothing_of_anybody_stands_in_it(operation: Operation, desk: Office) -> None:
    client = operation.at(RECEPTION)
    begin_tour(user=operation.desks[RECEPTION], desk=RECEPTION)
    desk.register(TOLD)
    shown = page(client, "desk-reception")
    panel = shown[shown.index(PANEL) : shown.index("</aside>", shown.index(PANEL))]
    assert "Done: Register a person." in panel
    assert desk.person.code not in panel.replace(" ", "")
    assert desk.person.reference not in panel
    assert "traffick" not in panel
    row = progress(operation.desks[RECEPTION])
    assert {type(value) for value in [*row.done, *row.skipped]} <= {str}
    assert set(row.done) <= set(CODES[RECEPTION])


def test_left_it_is_offered_no_more_and_taken_up_where_it_was(
    operation: Operation, desk: Office
) -> None:
    client, officer = operation.at(RECEPTION), operation.desks[RECEPTION]
    press(client, RECEPTION, "leave-tour")
    assert PANEL not in page(client, "home")
    assert LINK in page(client, "home")
    press(client, RECEPTION, "begin-tour")
    press(client, RECEPTION, "skip-step", step="register")
    press(client, RECEPTION, "leave-tour")
    find(desk)
    assert PANEL not in page(client, "finding:find")
    assert "Continue the tour" in page(client, "tours:mine")
    press(client, RECEPTION, "begin-tour")
    assert "Done: Find a person." in page(client, "home"), "what was done meanwhile counts"
    # A page that is older than the work changes nothing of it.
    press(client, RECEPTION, "skip-step", step="find")
    assert (progress(officer).done, progress(officer).skipped) == (["find"], ["register"])


def test_when_it_is_over_it_is_begun_anew(operation: Operation) -> None:
    client, officer = operation.at(RECEPTION), operation.desks[RECEPTION]
    press(client, RECEPTION, "begin-tour")
    for code in CODES[RECEPTION]:
        press(client, RECEPTION, "skip-step", step=code)
    assert progress(officer).state == TourProgress.State.FINISHED
    shown = page(client, "home")
    assert PANEL not in shown
    assert "This was the last step of the tour." in shown
    assert "Begin the tour again" in page(client, "tours:mine")
    press(client, RECEPTION, "begin-tour")
    assert (progress(officer).state, progress(officer).skipped) == ("running", [])


def test_whose_desk_it_is_not_sees_none(operation: Operation) -> None:
    others = [operation.at(each) for each in Desk if each not in CODES]
    for client in (*others, signed_in(operation.outsider), signed_in(operation.officer)):
        shown = page(client, "home")
        assert PANEL not in shown
        assert LINK not in shown
        assert "There is no tour" in page(client, "tours:mine")
        for at in CODES:
            there = reverse("tours:change", args=[at])
            assert client.post(there, {"tour": "begin-tour"}).status_code == 403
    assert not TourProgress.objects.exists()


def test_a_supervisor_finds_it_and_is_offered_none(operation: Operation) -> None:
    client = signed_in(operation.supervisor)
    assert PANEL not in page(client, "home")
    assert reverse("caseload:mine") in page(client, "tours:mine")


@pytest.mark.parametrize("at", [Desk.ADMINISTRATION, "no-such-desk"])
def test_a_desk_without_a_tour_has_none_to_begin(operation: Operation, at: str) -> None:
    client = operation.at(Desk.ADMINISTRATION)
    answer = client.post(reverse("tours:change", args=[at]), {"tour": "begin-tour"})
    assert answer.status_code == (404 if at is Desk.ADMINISTRATION else 403)
    elsewhere = {"tour": "leave-tour", "next": "https://elsewhere.example/"}
    answer = operation.at(RECEPTION).post(reverse("tours:change", args=["reception"]), elsewhere)
    assert answer.headers["Location"] == reverse("tours:mine")


def asked(client: Client, name: str) -> int:
    page(client, name)
    with CaptureQueriesContext(connection) as caught:
        page(client, name)
    return len(caught)


@pytest.mark.parametrize("name", ["home", "desk-reception", "finding:find", "timeline"])
def test_a_page_asks_once_more_at_most(
    operation: Operation, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Who has left the tour, or is through with it, pays no more than who was never offered it."""
    client, officer = operation.at(RECEPTION), operation.desks[RECEPTION]
    with monkeypatch.context() as away:
        away.setattr("marfa.apps.tours.middleware.panel_on", lambda *_a, **_k: None)
        without = asked(client, name)
    most = without + (name != "timeline")
    assert asked(client, name) == most
    leave_tour(user=officer, desk=RECEPTION)
    assert asked(client, name) == most
    begin_tour(user=officer, desk=RECEPTION)
    assert asked(client, name) <= most + len(CODES[RECEPTION])
    for code in CODES[RECEPTION]:
        skip_step(user=officer, desk=RECEPTION, code=code)
    assert asked(client, name) == most


def test_it_is_one_row_that_goes_with_the_account(operation: Operation) -> None:
    officer = operation.desks[RECEPTION]
    for _ in range(2):
        begin_tour(user=officer, desk=RECEPTION)
    row = progress(officer)
    assert row.pk in footprint_of(officer.pk).of("tours.TourProgress")
    for wrong in ({}, {"desk": "protection", "begun_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TourProgress.objects.create(
                **{"user": officer, "desk": "reception", "state": "running", **wrong}
            )

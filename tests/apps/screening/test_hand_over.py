"""How soon somebody who was handed over is due, and that it only comes sooner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.cases.actions import answer_review, ask_lower_urgency, open_case
from marfa.apps.cases.models import Case, CaseStep
from marfa.apps.manifest import Desk
from marfa.apps.reception.actions.interview import answer_sealed
from marfa.apps.reception.actions.queue import raise_urgency
from marfa.apps.reception.actions.reasons import end_entry, join_queue
from marfa.apps.reception.models import QueueEntry, ScreeningReason
from marfa.apps.screening.actions import (
    answer_lowering,
    ask_to_lower,
    finish_screening,
    hand_over,
    keep_answers,
    raise_outcome,
    stop_screening,
    take_up,
)
from marfa.apps.screening.models import DangerStep, HandOver, Screening
from marfa.methods.screening.outcome import Urgency
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from tests.apps.reception.test_interview import begun
from tests.apps.screening.test_interview import PANEL, USE, Office
from tests.apps.screening.test_views import CHILD, at, begin, sit_down, urgent
from tests.conftest import Operation

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
Ground = HandOver.Ground


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def officer(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


def nothing_is_urgent() -> None:
    ScreeningReason.objects.all().delete()
    QueueEntry.objects.update(first=False)


def raised(desk: Office, row: Screening) -> None:
    raise_outcome(
        actor=desk.officer,
        screening=row,
        indication="presumed_victim",
        urgency="now",
        sentence="They come for her tonight",
    )


def test_a_child_with_whom_no_talk_was_finished_is_due_now(desk: Office) -> None:
    desk.person = desk.register(CHILD)
    nothing_is_urgent()
    row = desk.sit_down()
    stop_screening(actor=desk.officer, screening=row)
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.CHILD)
    assert (made.urgency, made.due_at - made.made_at) == ("now", HOUR)


@pytest.mark.parametrize(
    ("level", "urgency"), [(None, "routine"), (0, "routine"), (1, "days"), (2, "now")]
)
def test_what_stands_against_the_name_counts_where_the_talk_found_less(
    desk: Office, level: int | None, urgency: str
) -> None:
    nothing_is_urgent()
    if level is not None:
        urgent(desk.person, level, 1)
    row = desk.asking()
    stop_screening(actor=desk.officer, screening=row)
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    assert made.urgency == urgency


@pytest.mark.parametrize("level", [None, 2])
@pytest.mark.parametrize("finished", [True, False])
def test_it_is_said_where_it_is_due_sooner_than_the_talk_would_have_it(
    desk: Office, officer: Client, level: int | None, finished: bool
) -> None:
    nothing_is_urgent()
    if level is not None:
        urgent(desk.person, level, 1)
    if finished:
        row = desk.finished(cd_papers="yes")
    else:
        row = desk.asking()
        stop_screening(actor=desk.officer, screening=row)
    hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    page = officer.get(at("one", row)).content.decode()
    assert "Handed over to protection" in page
    assert ("It is due sooner than the interview" in page) == (level == 2)


@pytest.mark.parametrize(("still", "urgency"), [(True, "now"), (False, "routine")])
def test_who_was_first_once_is_not_first_for_ever(desk: Office, still: bool, urgency: str) -> None:
    nothing_is_urgent()
    entry = QueueEntry.objects.get(person=desk.person)
    QueueEntry.objects.update(first=True)
    if not still:
        end_entry(entry, QueueEntry.State.DONE)
        join_queue(desk.person)
    row = desk.asking()
    stop_screening(actor=desk.officer, screening=row)
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    assert made.urgency == urgency


def test_a_reason_that_two_took_away_does_not_count(desk: Office) -> None:
    nothing_is_urgent()
    urgent(desk.person, 2, 1)
    now = clock.now()
    who = {"asked_by": desk.officer.id, "removed_by": desk.supervisor.id}
    ScreeningReason.objects.update(removed_at=now, asked_at=now, **who)
    made = hand_over(
        actor=desk.officer, screening=desk.finished(cd_papers="yes"), ground=Ground.AGREED
    )
    assert made.urgency == "days"


def test_what_is_raised_while_somebody_waits_is_due_sooner(desk: Office) -> None:
    row = desk.finished(cd_papers="yes")
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    assert made.urgency == "days"
    raised(desk, row)
    made.refresh_from_db()
    assert made.urgency == "now"
    assert made.due_at <= clock.now() + HOUR
    [deadline] = Deadline.objects.filter(subject=made.pk, state=Deadline.State.OPEN)
    assert deadline.due_at == made.due_at


@pytest.mark.parametrize("how", ["sealed", "button"])
def test_what_is_raised_without_a_reason_hastens_who_was_handed_over(
    desk: Office, how: str
) -> None:
    """A sealed yes and "Sooner, without a reason", in a talk after the hand-over: alike, and no
    time leads to the moment of either. Who took the person up has the case raised."""
    nothing_is_urgent()
    row = desk.finished(cd_papers="yes")
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    began = made.made_at + HOUR / 6
    raised_in_a_talk(desk, how, began)
    made.refresh_from_db()
    assert (made.urgency, made.due_at) == ("now", began + HOUR)
    [deadline] = Deadline.objects.filter(subject=made.pk, state=Deadline.State.OPEN)
    assert deadline.due_at == made.due_at


@pytest.mark.parametrize("how", ["sealed", "button"])
def test_what_is_raised_without_a_reason_raises_the_case(desk: Office, how: str) -> None:
    nothing_is_urgent()
    row = desk.finished(cd_papers="yes")
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    take_up(actor=desk.worker, hand_over=made)
    case = Case.objects.get(person=desk.person)
    assert case.urgency == "days"
    began = made.made_at + HOUR / 6
    raised_in_a_talk(desk, how, began)
    case.refresh_from_db()
    assert case.urgency == "now"
    step = CaseStep.objects.get(case=case, kind=CaseStep.Kind.URGENCY)
    assert step.at == began, "no time in the case leads to the moment of either"


def test_what_was_handed_over_leads_to_the_case_for_who_may_read_it(
    desk: Office, officer: Client, operation: Operation
) -> None:
    row = desk.finished(cd_papers="yes")
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    there = reverse("screening:one", args=[row.reference])
    open_case(actor=desk.supervisor, person=desk.person, source="person")
    case = reverse("cases:case", args=[Case.objects.get(person=desk.person).reference])
    page = officer.get(there)
    assert page.status_code == 200
    assert f'href="{case}"' not in page.content.decode()
    worker = operation.at(Desk.PROTECTION)
    taken = worker.post(reverse("hand_overs:take", args=[made.reference]), follow=True)
    assert f'class="button" href="{case}"' in taken.content.decode()
    assert worker.get(case).status_code == 200


def raised_in_a_talk(desk: Office, how: str, began: datetime) -> None:
    with clock.set_to(began):
        talk = begun(desk.officer, desk.person)
    with clock.set_to(began + HOUR / 6):
        if how == "button":
            raise_urgency(actor=desk.officer, person=desk.person, urgency=Urgency.NOW)
        else:
            asked = talk.answers.select_related("person__site", "conversation").get(question="aid")
            answer_sealed(actor=desk.officer, answer=asked, said="yes")


def test_it_is_never_due_later_than_it_was(desk: Office) -> None:
    row = desk.finished(cd_papers="yes")
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    before = made.due_at
    with clock.set_to(before - HOUR / 2):
        raised(desk, row)
    made.refresh_from_db()
    assert (made.urgency, made.due_at) == ("now", before)


def test_what_is_raised_after_somebody_was_taken_up_raises_the_case(desk: Office) -> None:
    row = desk.finished(cd_papers="yes")
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    take_up(actor=desk.worker, hand_over=made)
    case = Case.objects.get(person=desk.person)
    assert case.urgency == "days"
    raised(desk, row)
    case.refresh_from_db()
    assert case.urgency == "now"
    made.refresh_from_db()
    assert made.urgency == "days", "how it was handed over"


def test_what_is_raised_reaches_a_case_that_was_lowered_since(desk: Office) -> None:
    nothing_is_urgent()
    row = desk.finished(cd_papers="yes")
    urgent(desk.person, 2, 1)
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    take_up(actor=desk.worker, hand_over=made)
    case = Case.objects.select_related("person", "site").get(person=desk.person)
    assert (row.urgency, made.urgency, case.urgency) == ("days", "now", "now")
    lowered = ask_lower_urgency(actor=desk.worker, case=case, urgency="days", text="He left")
    answer_review(actor=desk.supervisor, review=lowered, agree=True)
    waits = ask_lower_urgency(actor=desk.worker, case=case, urgency="routine", text="He left")
    raised(desk, row)
    case.refresh_from_db()
    waits.refresh_from_db()
    assert (case.urgency, waits.state) == ("now", "withdrawn")


def test_what_two_lower_in_a_talk_tells_nobody(desk: Office) -> None:
    row = desk.finished(cd_papers="yes")
    raised(desk, row)
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    take_up(actor=desk.worker, hand_over=made)
    case = Case.objects.select_related("person", "site").get(person=desk.person)
    asked = ask_lower_urgency(actor=desk.worker, case=case, urgency="routine", text="He left")
    change = ask_to_lower(
        actor=desk.officer,
        screening=row,
        indication="at_risk",
        urgency="days",
        sentence="It was his brother",
    )
    answer_lowering(actor=desk.supervisor, change=change, agree=True)
    row.refresh_from_db()
    asked.refresh_from_db()
    assert (row.urgency, asked.state) == ("days", "waiting")


def test_a_talk_that_goes_on_after_the_hand_over_makes_it_due_sooner(desk: Office) -> None:
    nothing_is_urgent()
    row = desk.asking()
    made = hand_over(actor=desk.officer, screening=row, ground=Ground.AGREED)
    told = {"core-imminent": "yes"}
    keep_answers(actor=desk.officer, screening=row, base_version=3, stated=told, observed={})
    finish_screening(actor=desk.officer, screening=row, base_version=3, panel=PANEL, use=USE)
    made.refresh_from_db()
    assert made.urgency == "now"


def test_a_child_is_handed_over_from_the_steps_for_a_danger_and_the_talk_stays(
    desk: Office, officer: Client, operation: Operation
) -> None:
    child = desk.register(CHILD)
    row = sit_down(officer, child)
    begin(officer, row, "unaccompanied-child")
    told = {"version": row.version, "said": "I came alone", "do": "keep"}
    officer.post(at("question", row, 0), told)
    page = officer.get(at("danger", row)).content.decode()
    assert 'name="ground" value="child"' in page
    assert 'name="ground" value="child" checked' not in page, "it may be that life is in danger"
    sent = {"do": "hand_over", "ground": "child", "note": "Alone", "kind": "child_alone"}
    assert officer.post(at("danger", row), {**sent, "done": "Called"}).status_code == 302
    made = HandOver.objects.get(screening=row)
    assert (made.ground, made.urgency) == ("child", "now")
    row.refresh_from_db()
    with open_vault():
        assert (row.state, row.said) == ("asking", "I came alone")
        assert DangerStep.objects.get(screening=row).done == "Called"
    page = officer.get(at("danger", row)).content.decode()
    assert "Handed over to protection" in page
    assert 'value="hand_over"' not in page
    worker = operation.at(Desk.PROTECTION)
    worker.post(reverse("hand_overs:take", args=[made.reference]))
    shown = worker.get(at("one", row)).content.decode()
    assert "I came alone" in shown
    assert "The interview has not ended" in shown
    assert officer.post(at("end", row), {"wish": ""})["Location"] == at("one", row)


def test_what_was_typed_stays_where_the_hand_over_is_refused(desk: Office, officer: Client) -> None:
    row = sit_down(officer, desk.person)
    sent = {"do": "hand_over", "ground": "life_in_danger", "note": " ", "done": "Called the clinic"}
    answer = officer.post(at("danger", row), {**sent, "kind": "medical"})
    assert answer.status_code == 422
    assert "Called the clinic" in answer.content.decode()
    assert not HandOver.objects.exists()
    assert not DangerStep.objects.exists(), "both or none"
    written = {"do": "write", "kind": "medical", "done": "Called", "note": "A man waits"}
    assert "A man waits" in officer.post(at("danger", row), written).content.decode()

"""How urgent a case is: raised in whatever way somebody tells it, lowered by two who know all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from marfa.apps.assistance.actions.follow_up import AGAIN, hold_contact, miss_contact, plan_contact
from marfa.apps.cases.actions import (
    answer_review,
    ask_lower_urgency,
    ask_to_close,
    begin_assessment,
    open_case,
    presume_victim,
    raise_urgency,
)
from marfa.apps.cases.models import Case, CaseStep, Review
from marfa.apps.cases.queries import to_review
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.queries import actor_of
from marfa.apps.screening.actions import hand_over, take_up
from marfa.apps.screening.models import HandOver
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role
from tests.apps.cases.office import Office
from tests.apps.cases.test_assessment import write
from tests.apps.screening.test_interview import Office as Gate
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def opened(office: Office, urgency: str) -> Case:
    case = open_case(actor=office.worker, person=office.person, source="person", urgency=urgency)
    return Case.objects.select_related("person", "site").get(pk=case.pk)


def now(case: Case) -> str:
    case.refresh_from_db()
    return case.urgency


def steps(case: Case) -> list[tuple[str, str]]:
    rows = CaseStep.objects.filter(case=case, kind="urgency").order_by("at")
    return list(rows.values_list("before", "after"))


def asked(office: Office, case: Case, urgency: str = "routine") -> Review:
    return ask_lower_urgency(actor=office.worker, case=case, urgency=urgency, text="He left")


def another_supervisor(operation: Operation) -> Actor:
    user = operation.colleague
    grant_role(user=user, role=Role.SUPERVISOR, organisation=operation.controller)
    return actor_of(user)


def test_a_presumption_raises_the_case_that_is_open(office: Office) -> None:
    case = opened(office, "routine")
    presume_victim(actor=office.officer, person=office.person, ground="told", urgency="now")
    assert now(case) == "now"
    assert steps(case) == [("routine", "now")]
    contact = plan_contact(
        actor=office.worker, case=case, way="in_person", due_at=clock.now() + timedelta(hours=1)
    )
    following = miss_contact(actor=office.worker, contact=contact, text="She did not come")
    assert following.due_at - clock.now() <= AGAIN["now"]


def test_a_presumption_lowers_nothing_and_names_an_urgency_there_is(office: Office) -> None:
    case = opened(office, "now")
    with pytest.raises(InputError):
        presume_victim(actor=office.worker, person=office.person, ground="told", urgency="soon")
    presume_victim(actor=office.worker, person=office.person, ground="told", urgency="routine")
    assert now(case) == "now"
    assert steps(case) == []


def test_a_hand_over_raises_the_case_that_is_open(operation: Operation) -> None:
    with every_organisation():
        gate = Gate(operation)
        row = gate.finished(cd_papers="yes")
        case = open_case(actor=gate.worker, person=row.person, source="person", urgency="routine")
        made = hand_over(
            actor=gate.officer,
            screening=row,
            ground=HandOver.Ground.LIFE_IN_DANGER,
            note="He waits at the gate",
        )
        take_up(actor=gate.worker, hand_over=made)
        assert now(case) == "now"
        assert steps(case) == [("routine", "now")]


def by_sentence(office: Office, case: Case) -> None:
    raise_urgency(actor=office.worker, case=case, urgency="now", text="He was seen")


def by_meeting(office: Office, case: Case) -> None:
    due = clock.now() + timedelta(hours=1)
    row = plan_contact(actor=office.worker, case=case, way="in_person", due_at=due)
    hold_contact(actor=office.worker, contact=row, text="He calls her daily", risk="high")


def by_assessment(office: Office, case: Case) -> None:
    assessment = begin_assessment(actor=office.worker, case=case)
    write(office.worker, assessment, "safety", need="now", words="He waits at the gate")


def by_presumption(office: Office, case: Case) -> None:
    presume_victim(actor=office.officer, person=case.person, ground="told", urgency="now")


@pytest.mark.parametrize("alarm", [by_sentence, by_meeting, by_assessment, by_presumption])
def test_what_is_told_later_takes_back_a_request_to_lower(office: Office, alarm: Any) -> None:
    case = opened(office, "days")
    review = asked(office, case)
    alarm(office, case)
    review.refresh_from_db()
    assert (review.state, review.answered_by) == ("withdrawn", None)
    assert not to_review(office.supervisor).filter(of="lowering").exists()
    assert not Deadline.objects.filter(subject=review.pk, state="open").exists()
    with pytest.raises(InputError, match="answered-already"):
        answer_review(actor=office.supervisor, review=review, agree=True)
    assert now(case) == "now"
    asked(office, case, "days")


@pytest.mark.parametrize("alarm", [by_meeting, by_assessment, by_presumption])
def test_an_alarm_counts_also_where_the_case_is_urgent_already(office: Office, alarm: Any) -> None:
    case = opened(office, "now")
    review = asked(office, case, "days")
    alarm(office, case)
    review.refresh_from_db()
    assert review.state == "withdrawn"
    assert steps(case) == []


def test_a_request_that_what_was_told_does_not_contradict_stands(office: Office) -> None:
    case = opened(office, "now")
    review = asked(office, case, "days")
    presume_victim(actor=office.officer, person=office.person, ground="told", urgency="days")
    answer_review(actor=office.supervisor, review=review, agree=True)
    assert now(case) == "days"


def test_who_is_asked_sees_how_urgent_the_case_is(office: Office, operation: Operation) -> None:
    review = asked(office, opened(office, "now"), "days")
    there = reverse("cases:review", args=[review.reference])
    shown = signed_in(operation.supervisor).get(there).content.decode()
    assert "Current" in shown
    assert "Requested urgency" in shown


def test_of_two_answers_at_once_one_counts(
    office: Office, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read the request before either answered."""
    case = opened(office, "days")
    asked_for = ask_to_close(
        actor=office.worker, case=case, reason="goals_met", text="She lives with her sister"
    )
    late = Review.objects.select_related("case__person").get(pk=asked_for.pk)
    answer_review(actor=office.supervisor, review=asked_for, agree=False, text="Not yet")
    monkeypatch.setattr(Review, "refresh_from_db", lambda *_args, **_options: None)
    with pytest.raises(InputError, match="answered-already"):
        answer_review(actor=another_supervisor(operation), review=late, agree=True)
    assert Case.objects.get(pk=case.pk).state == "open"
    kept = Review.objects.get(pk=asked_for.pk)
    with open_vault():
        assert (kept.state, kept.words) == ("not_agreed", "Not yet")


def test_whoever_may_look_at_it_reads_that_it_was_taken_back(
    office: Office, operation: Operation
) -> None:
    case = opened(office, "days")
    asked(office, case)
    by_sentence(office, case)
    there = reverse("cases:case", args=[case.reference])
    shown = signed_in(operation.desks[Desk.PROTECTION]).get(there).content.decode()
    assert "no longer needed: it became more urgent" in shown

"""A case is handed on to a colleague: until they accept it stays where it is, its clocks run on,
and who is shut out of the record stays so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.assistance.actions.follow_up import plan_contact
from marfa.apps.cases.actions import (
    accept_transfer,
    answer_review,
    ask_to_close,
    ask_transfer,
    assign_case,
)
from marfa.apps.cases.models import Case, CaseTransfer
from marfa.apps.cases.queries import own_cases, readable_cases
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import exclude_from_object, grant_role
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions.exclusions import exclude_from_record
from marfa.apps.registry.actions.protection import protect_person
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Role
from tests.apps.cases.office import Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db

NOTE = "She asks for a woman (canary-note)."
NO = "She lived next door to us (canary-no)."
ASKED = "You are asked to take over a case"


class Handing:
    """A case of a worker's, and another case worker of the same site."""

    def __init__(self, operation: Operation) -> None:
        self.office = Office(operation)
        self.operation = operation
        self.case = self.office.case()
        self.other = create_user(username="dunya", display_name="Dunya")
        grant_role(
            user=self.other,
            role=Role.CASE_WORKER,
            organisation=self.case.site.organisation,
            site=self.case.site,
        )
        self.worker = signed_in(operation.desks[Desk.PROTECTION])
        self.next = signed_in(self.other)

    def ask(self) -> CaseTransfer:
        actor = self.office.worker
        return ask_transfer(actor=actor, case=self.case, worker=self.other, text=NOTE)

    @property
    def page(self) -> str:
        return reverse("cases:transfer", args=[self.case.reference])

    def stored(self) -> Case:
        return Case.objects.get(pk=self.case.pk)


@pytest.fixture
def handing(operation: Operation) -> Iterator[Handing]:
    with every_organisation():
        yield Handing(operation)


def text_of(page: object) -> str:
    return unescape(page.content.decode())  # type: ignore[attr-defined]


def answer_at(row: CaseTransfer) -> str:
    return reverse("cases:answer_transfer", args=[row.reference])


def test_a_colleague_accepts_and_until_then_nothing_changes(handing: Handing) -> None:
    office, case = handing.office, handing.case
    due = clock.now() + timedelta(days=2)
    contact = plan_contact(actor=office.worker, case=case, way="in_person", due_at=due)
    typed = {"do": "ask", "worker": handing.other.reference, "text": ""}
    assert handing.worker.post(handing.page, typed).status_code == 422
    assert handing.worker.post(handing.page, {**typed, "text": NOTE}).status_code == 302
    row = CaseTransfer.objects.get()
    assert handing.stored().worker == office.worker.id
    assert list(own_cases(office.worker)) == [case]
    becoming = actor_of(handing.other)
    assert not readable_cases(becoming).exists(), "asked is not assigned"
    assert ASKED in text_of(handing.next.get("/"))
    assert NOTE in text_of(handing.next.get(answer_at(row)))
    assert handing.next.get(reverse("cases:case", args=[case.reference])).status_code == 403
    assert handing.worker.get(answer_at(row)).status_code == 404, "who asks does not answer"
    answer = handing.next.post(answer_at(row), {"do": "accept", "text": ""})
    assert answer.headers["Location"] == reverse("cases:case", args=[case.reference])
    assert handing.stored().worker == handing.other.pk
    assert list(readable_cases(becoming)) == [case]
    assert not readable_cases(office.worker).exists()
    running = Deadline.objects.get(subject=contact.pk, state="open")
    assert (running.due_at, running.responsible) == (due, handing.other.pk)
    assert handing.next.post(answer_at(row), {"do": "accept"}).status_code == 404


def test_a_no_with_words_leaves_it_where_it_was(handing: Handing) -> None:
    row = handing.ask()
    assert handing.next.post(answer_at(row), {"do": "refuse", "text": " "}).status_code == 422
    assert handing.next.post(answer_at(row), {"do": "refuse", "text": NO}).status_code == 302
    assert handing.stored().worker == handing.office.worker.id
    assert "does not take over the case" in text_of(handing.worker.get("/"))
    case = text_of(handing.worker.get(reverse("cases:case", args=[handing.case.reference])))
    assert NO in case
    assert ASKED not in text_of(handing.next.get("/"))
    assert handing.ask().state == "waiting", "they may be asked again"


def test_it_is_asked_once_at_a_time_and_taken_back(handing: Handing) -> None:
    row = handing.ask()
    with pytest.raises(InputError):
        handing.ask()
    assert "Until they accept, nothing changes" in text_of(handing.worker.get(handing.page))
    assert handing.worker.post(handing.page, {"do": "withdraw"}).status_code == 302
    assert handing.next.get(answer_at(row)).status_code == 404
    assert handing.ask().state == "waiting"


def choices(client: Client, page: str) -> str:
    return text_of(client.get(page))


def test_who_is_shut_out_is_not_asked_and_answers_no_more(handing: Handing) -> None:
    row = handing.ask()
    exclude_from_record(
        actor=handing.office.supervisor,
        person=handing.case.person,
        who=handing.other,
        wish="own",
        reason="He is her uncle.",
    )
    row.refresh_from_db()
    assert row.state == "overtaken"
    assert ASKED not in text_of(handing.next.get("/"))
    assert handing.next.get(answer_at(row)).status_code == 404
    with pytest.raises(DeniedError):
        accept_transfer(actor=actor_of(handing.other), transfer=row)
    assert handing.other.reference not in choices(handing.worker, handing.page)
    with pytest.raises(InputError):
        handing.ask()
    assert handing.stored().worker == handing.office.worker.id


def test_who_was_shut_out_before_stays_so_when_another_takes_it(handing: Handing) -> None:
    shut = handing.operation.supervisor
    exclude_from_object(object_kind="Person", object_id=handing.case.person_id, user=shut)
    accept_transfer(actor=actor_of(handing.other), transfer=handing.ask())
    assert handing.stored().worker == handing.other.pk
    assert not readable_cases(actor_of(shut)).exists()
    there = reverse("cases:case", args=[handing.case.reference])
    assert signed_in(shut).get(there).status_code == 404


def test_of_a_protected_person_only_who_works_with_them_is_asked(handing: Handing) -> None:
    row = handing.ask()
    protect_person(
        actor=handing.office.supervisor,
        person=handing.case.person,
        reason="They look for her",
        review_on=clock.now().date() + timedelta(days=9),
        staying=[handing.operation.supervisor],
    )
    assert ASKED not in text_of(handing.next.get("/"))
    assert handing.next.get(answer_at(row)).status_code == 404
    with pytest.raises(DeniedError):
        accept_transfer(actor=actor_of(handing.other), transfer=row)
    handing.worker.post(handing.page, {"do": "withdraw"})
    assert handing.other.reference not in choices(handing.worker, handing.page)


def test_what_waits_ends_when_the_case_goes_another_way(handing: Handing) -> None:
    row = handing.ask()
    boss: User = handing.operation.supervisor
    assign_case(actor=handing.office.supervisor, case=handing.case, worker=boss)
    row.refresh_from_db()
    assert row.state == "overtaken"
    with pytest.raises(InputError):
        accept_transfer(actor=actor_of(handing.other), transfer=row)
    assert handing.stored().worker == boss.pk
    actor = actor_of(boss)
    second = ask_transfer(actor=actor, case=handing.case, worker=handing.other, text=NOTE)
    look = ask_to_close(actor=actor, case=handing.case, reason="goals_met", text="She is well")
    assign = handing.operation.desks[Desk.PROTECTION]
    answer_review(actor=actor_of(assign), review=look, agree=True)
    second.refresh_from_db()
    assert second.state == "overtaken", "nobody takes a closed case over"


def test_nobody_takes_a_case_on_their_own_word(handing: Handing) -> None:
    row = handing.ask()
    CaseTransfer.objects.filter(pk=row.pk).update(asked_by=handing.office.supervisor.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseTransfer.objects.filter(pk=row.pk).update(asked_by=handing.other.pk)
    row.asked_by = handing.other.pk
    with pytest.raises(DeniedError) as denied:
        accept_transfer(actor=actor_of(handing.other), transfer=row)
    assert "OP29.cases.taken-over-by-another" in denied.value.decision.policies
    row.refresh_from_db()
    for stranger in (handing.office.colleague, handing.office.officer, handing.office.partner):
        with pytest.raises(DeniedError):
            ask_transfer(actor=stranger, case=handing.case, worker=handing.other, text=NOTE)
        with pytest.raises(DeniedError):
            accept_transfer(actor=stranger, transfer=row)
    with pytest.raises(InputError):
        ask_transfer(
            actor=handing.office.worker,
            case=handing.case,
            worker=User.objects.get(pk=handing.office.worker.id),
            text=NOTE,
        )


def test_what_nobody_answered_is_told_to_who_asked(
    handing: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = handing.ask()
    late = "A colleague has not answered whether they take over the case"
    assert late not in text_of(handing.worker.get("/"))
    CaseTransfer.objects.filter(pk=row.pk).update(due_at=clock.now() - timedelta(hours=1))
    assert late in text_of(handing.worker.get("/"))
    assert handing.stored().worker == handing.office.worker.id

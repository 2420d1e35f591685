"""How a case begins, who is responsible, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.assistance.actions.assistance import HelpRequest, ask_help
from marfa.apps.assistance.actions.follow_up import record_voice
from marfa.apps.cases.actions import (
    answer_review,
    ask_lower_urgency,
    ask_to_close,
    assign_case,
    open_case,
    open_case_of,
    presume_victim,
    raise_urgency,
    reopen_case,
    take_case,
    write_note,
)
from marfa.apps.cases.facts import case_histories
from marfa.apps.cases.models import Case, CaseFact, CaseStep, Presumption, Review
from marfa.apps.cases.queries import cases_without_worker, own_cases, to_review
from marfa.apps.cases.workers import workers_for
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import exclude_from_object, grant_role
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.facts.timeline import rows_of
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role
from tests.apps.cases.office import CHILD, Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def test_a_first_responder_presumes_and_help_may_begin(office: Office) -> None:
    made = presume_victim(
        actor=office.officer, person=office.person, ground="observed", text="A man spoke for her"
    )
    case = Case.objects.get(pk=made.case_id)
    assert (case.state, case.worker) == ("open", None), "reception is not responsible for it"
    assert list(cases_without_worker(office.worker)) == [case]
    review = Review.objects.get(case=case)
    assert review.due_at - review.asked_at < timedelta(hours=72, seconds=1)
    assert Deadline.objects.filter(subject=review.pk, state="open").exists()
    with open_vault():
        assert Presumption.objects.get().words == "A man spoke for her"
    assert Entry.objects.filter(action="cases.presume", outcome="done").exists()


def test_what_was_seen_is_said(office: Office) -> None:
    with pytest.raises(InputError):
        presume_victim(actor=office.officer, person=office.person, ground="observed")
    assert not Case.objects.exists(), "nothing is half made"


def test_who_works_elsewhere_presumes_nothing(office: Office) -> None:
    for stranger in (office.colleague, office.partner):
        with pytest.raises(DeniedError):
            presume_victim(actor=stranger, person=office.person, ground="told")
    assert not Case.objects.exists()


def test_a_second_look_that_disagrees_ends_nothing(office: Office) -> None:
    case = office.case()
    review = Review.objects.get(case=case)
    with pytest.raises(DeniedError):
        answer_review(actor=office.worker, review=review, agree=True)
    assert list(to_review(office.supervisor)) == [review]
    answer_review(actor=office.supervisor, review=review, agree=False, text="I see debts alone")
    case.refresh_from_db()
    assert case.state == "open"
    assert Presumption.objects.filter(case=case).count() == 1
    assert CaseFact.objects.get(subject=case.person_id, replaced_at=None).presumed
    with pytest.raises(InputError):
        answer_review(actor=office.supervisor, review=review, agree=True)


def test_the_case_leads_whom_it_asks_to_the_second_look(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    there = reverse("cases:review", args=[Review.objects.get(case=case).reference])
    shown = reverse("cases:case", args=[case.reference])
    assert there in signed_in(operation.supervisor).get(shown).content.decode()
    worker = signed_in(operation.desks[Desk.PROTECTION]).get(shown)
    assert worker.status_code == 200
    assert there not in worker.content.decode(), "whoever asked does not answer"


def test_one_case_is_open_and_the_next_has_the_next_number(office: Office) -> None:
    first = office.case()
    with pytest.raises(InputError):
        open_case(actor=office.worker, person=office.person, source="person")
    asked = ask_to_close(
        actor=office.worker, case=first, reason="goals_met", text="She lives with her sister"
    )
    assert open_case_of(office.person) == first, "until somebody agrees"
    answer_review(actor=office.supervisor, review=asked, agree=True)
    assert open_case_of(office.person) is None
    second = open_case(actor=office.worker, person=office.person, source="person")
    assert second.number == 2
    with pytest.raises(InputError):
        reopen_case(actor=office.supervisor, case=first, text="A mistake")


def test_opened_again_it_has_all_of_its_history(office: Office) -> None:
    case = office.case()
    asked = ask_to_close(
        actor=office.worker, case=case, reason="goals_met", text="She lives with her sister"
    )
    answer_review(actor=office.supervisor, review=asked, agree=True)
    reopen_case(actor=office.worker, case=case, text="She came back")
    kinds = list(CaseStep.objects.filter(case=case).order_by("at").values_list("kind", flat=True))
    assert kinds == ["opened", "closed", "reopened"]


def test_a_child_is_not_closed_away(office: Office) -> None:
    case = office.case(office.register(CHILD))
    with pytest.raises(DeniedError) as denied:
        ask_to_close(actor=office.worker, case=case, reason="goals_met", text="The uncle came")
    assert denied.value.decision.policies == ("OP19.children.referred-before-closing",)


def test_urgency_is_raised_by_one_and_lowered_by_two(office: Office) -> None:
    case = office.case()
    with pytest.raises(InputError):
        raise_urgency(actor=office.worker, case=case, urgency="routine", text="Later")
    raise_urgency(actor=office.worker, case=case, urgency="now", text="He was seen at the gate")
    asked = ask_lower_urgency(actor=office.worker, case=case, urgency="days", text="He left")
    case.refresh_from_db()
    assert case.urgency == "now"
    with pytest.raises(DeniedError):
        answer_review(actor=office.worker, review=asked, agree=True)
    answer_review(actor=office.supervisor, review=asked, agree=True)
    case.refresh_from_db()
    assert case.urgency == "days"


def test_what_is_presumed_of_an_open_case_begins_with_its_urgency(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    for urgency, text in (("days", ""), ("now", "He was seen at the gate")):
        if text:
            raise_urgency(actor=office.worker, case=case, urgency=urgency, text=text)
        there = reverse("cases:begin", args=[case.person.reference])
        page = signed_in(operation.desks[Desk.PROTECTION]).get(there).content.decode()
        assert f'value="{urgency}" checked' in page


def test_what_is_saved_raises_or_asks_to_lower_as_it_was_chosen(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    browser = signed_in(operation.desks[Desk.PROTECTION])
    there = f"/cases/{case.reference}/urgency/"
    assert case.urgency != "routine"
    asked = browser.post(there, {"urgency": "routine", "text": "He left"})
    assert asked.status_code == 302
    case.refresh_from_db()
    assert case.urgency != "routine", "a second person agrees first"
    assert Review.objects.filter(case=case, wanted="routine").count() == 1
    page = browser.get(f"/cases/{case.reference}/").content.decode()
    assert f"asked by <bdi>{operation.desks[Desk.PROTECTION].display_name}</bdi>" in page
    assert browser.post(there, {"urgency": "now", "text": "He came back"}).status_code == 302
    case.refresh_from_db()
    assert case.urgency == "now"
    same = browser.post(there, {"urgency": "now", "text": "He came back"})
    assert same.status_code == 422
    assert "He came back" in same.content.decode()


def test_pages_of_a_case_lead_back_and_are_marked_at_their_desk(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    browser = signed_in(operation.desks[Desk.PROTECTION])
    page = browser.get(f"/cases/{case.reference}/").content.decode()
    assert '<a class="back" href="/desks/protection/cases/">' in page
    assert '<a href="/desks/protection/" aria-current="true"' in page
    note = browser.get(f"/cases/{case.reference}/note/").content.decode()
    assert '<a href="/desks/protection/" aria-current="true"' in note


def test_of_two_steps_at_the_same_moment_the_later_stands_above(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    with clock.set_to(clock.now()):
        ask_help(actor=office.worker, case=case, wanted=HelpRequest(kind="shelter"), begin=True)
    page = signed_in(operation.desks[Desk.PROTECTION]).get(f"/cases/{case.reference}/")
    history = page.content.decode().rpartition("<h2>Timeline</h2>")[2]
    assert 0 < history.index(": given") < history.index(": requested")


def test_it_is_given_to_somebody_and_read_by_them_alone(
    office: Office, operation: Operation
) -> None:
    case = office.case()
    assert list(own_cases(office.worker)) == [case]
    with pytest.raises(InputError):
        assign_case(actor=office.supervisor, case=case, worker=operation.desks[Desk.RECEPTION])
    with pytest.raises(DeniedError):
        assign_case(actor=office.worker, case=case, worker=operation.supervisor)
    colleague = operation.colleague
    assign_case(actor=office.supervisor, case=case, worker=colleague, text="She speaks Kurmanji")
    assert list(own_cases(office.colleague)) == [case]
    assert not list(own_cases(office.worker))
    with pytest.raises(DeniedError):
        write_note(actor=office.worker, case=case, text="I may no more")


def test_who_is_shut_out_is_never_offered(office: Office, operation: Operation) -> None:
    case = office.case()
    exclude_from_object(object_kind="Person", object_id=office.person.pk, user=operation.colleague)
    assert operation.colleague not in [each.user for each in workers_for(case)]
    with pytest.raises(InputError):
        assign_case(actor=office.supervisor, case=case, worker=operation.colleague)


def test_what_is_nobodys_is_taken_once(office: Office) -> None:
    presume_victim(actor=office.officer, person=office.person, ground="told")
    case = cases_without_worker(office.worker).get()
    take_case(actor=office.worker, case=case)
    with pytest.raises(InputError):
        take_case(actor=office.supervisor, case=case)
    assert not cases_without_worker(office.worker).exists()
    assert list(own_cases(office.worker)) == [case]


def test_the_facts_are_had_again_from_the_records(office: Office) -> None:
    case = office.case()
    raise_urgency(actor=office.worker, case=case, urgency="now", text="He was seen")
    asked = ask_to_close(
        actor=office.worker, case=case, reason="goals_met", text="She lives with her sister"
    )
    answer_review(actor=office.supervisor, review=asked, agree=True)
    kept = CaseFact.objects.filter(subject=office.person.pk)
    columns = ("valid_from", "valid_until", "recorded_at", "replaced_at", "state", "urgency")
    again = dict(case_histories())[office.person.pk]
    rows = [
        (
            r.valid_from,
            r.valid_until,
            r.recorded_at,
            r.replaced_at,
            r.values["state"],
            r.values["urgency"],
        )
        for r in rows_of(again)
    ]
    assert sorted(map(str, kept.values_list(*columns))) == sorted(map(str, rows))
    assert kept.get(replaced_at=None).state == "closed"


def test_who_knows_the_code_alone_finds_how_to_begin(office: Office, operation: Operation) -> None:
    there = reverse("people:person", args=[office.person.reference])
    begins = reverse("cases:begin", args=[office.person.reference])
    worker = signed_in(operation.desks[Desk.PROTECTION])
    assert begins in worker.get(there).content.decode()
    told = {"do": "presume", "ground": "told", "urgency": "days", "text": ""}
    made = worker.post(begins, told)
    case = Case.objects.get()
    assert made["Location"] == reverse("cases:case", args=[case.reference])
    statistician = signed_in(operation.desks[Desk.REPORTING])
    assert statistician.get(begins).status_code in (403, 404)
    reception = signed_in(operation.desks[Desk.RECEPTION])
    assert reception.get(made["Location"]).status_code == 403, "reception reads no case"


def test_a_second_look_reads_only_what_it_decides_on(office: Office, operation: Operation) -> None:
    """The reasons, and no narrative: of whom another is responsible an unassigned case worker reads
    it nowhere, and who may read the case reads it there."""
    told = "She told of the house by the mill"
    presume_victim(actor=office.officer, person=office.person, ground="told", text=told)
    case = Case.objects.get()
    assign_case(actor=office.supervisor, case=case, worker=operation.desks[Desk.PROTECTION])
    near = create_user(username="near", display_name="Near")
    grant_role(
        user=near, role=Role.CASE_WORKER, organisation=operation.controller, site=office.site
    )
    record_voice(actor=office.worker, case=case, mark="harms", text="They shout at me here")
    ask_to_close(
        actor=office.worker, case=case, reason="goals_met", text="She lives with her sister"
    )
    at = {
        review.of: reverse("cases:review", args=[review.reference])
        for review in Review.objects.all()
    }
    shown = reverse("cases:case", args=[case.reference])

    def seen(user: User, address: str) -> str:
        return signed_in(user).get(address).content.decode()

    boss = operation.supervisor
    assert told in seen(boss, shown), "the control"
    assert signed_in(near).get(shown).status_code == 403
    for reader in (near, boss):
        looked = seen(reader, at["presumption"])
        assert "the person said it" in looked
        assert told not in looked
        assert "They shout at me here" not in seen(reader, at["periodic"])
        assert "She lives with her sister" in seen(reader, at["closure"])
        assert (shown in looked) == (reader == boss)

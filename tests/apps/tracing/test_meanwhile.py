"""What comes between two steps of tracing: a day, a doubt, a colleague, half an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from marfa.apps.cases.models import Case
from marfa.apps.manifest import Desk
from marfa.apps.registry.actions import claim_relationship, doubt_age
from marfa.apps.registry.actions.protection import protect_person
from marfa.apps.registry.models import Person
from marfa.apps.tracing.actions.claims import Finding, propose_outcome
from marfa.apps.tracing.actions.partings import ask_parting
from marfa.apps.tracing.actions.reunification import (
    answer_reunification,
    check_risks,
    finish_reunification,
)
from marfa.apps.tracing.models import ClaimedRelative, Parting, Reunification, TieDecision
from marfa.domain.codes import format_code
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import Office
from tests.apps.tracing.family import BOY, a_boy, a_claim, decide, hear_both
from tests.apps.tracing.test_way_back import SAFE, own_yes, prepared, verified
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def safe_claim(office: Office, case: Case) -> ClaimedRelative:
    claim = verified(office, case)
    check_risks(actor=office.worker, claim=claim, answers=SAFE, text="Asked")
    return claim


def brother_of(office: Office, case: Case) -> Person:
    brother = office.register(BOY)
    claim_relationship(
        actor=office.officer,
        purpose=Purpose.REGISTRATION,
        person=brother,
        to=case.person,
        kind="sibling",
    )
    return brother


@pytest.mark.parametrize("agree", ["yes", "no"])
def test_a_second_person_may_answer_after_the_review_was_due(
    office: Office, operation: Operation, agree: str
) -> None:
    _boy, case = a_boy(office)
    claim = safe_claim(office, case)
    row = prepared(office, claim)
    other = brother_of(office, case)
    apart = ask_parting(actor=office.worker, case=case, other=other, text="He is ill")
    found = Finding("verified", "agree", "Asked again")
    tie = propose_outcome(actor=office.worker, claim=claim, found=found)
    late = clock.now() + timedelta(days=100)
    with clock.set_to(lambda: late):
        boss = signed_in(operation.supervisor)
        for page, sent in (
            (f"/cases/apart/{apart.reference}/", {"agree": agree}),
            (f"/cases/relatives/decisions/{tie.reference}/", {"agree": agree, "text": "Read"}),
            (f"/cases/reunifications/{row.reference}/", {"do": "answer", "agree": agree}),
        ):
            assert boss.post(page, sent).status_code == 302, page
        for model in (Parting, TieDecision, Reunification):
            answered = model.objects.latest("decided_at")
            assert answered.decided_at == late
            assert answered.review_at > late


def test_a_review_is_within_a_year_and_never_on_the_last_day_of_all(
    office: Office, operation: Operation
) -> None:
    _boy, case = a_boy(office)
    claim, worker = a_claim(office, case), operation.at(Desk.PROTECTION)
    hear_both(office, claim)
    there = f"/cases/relatives/{claim.reference}/"
    found = {"do": "propose", "outcome": "verified", "fit": "agree", "why": "The same street"}
    for year in ("2206", "9999"):
        day = {"review-day": "31", "review-month": "12", "review-year": year}
        page = worker.post(there, {**found, **day})
        assert page.status_code == 422
        assert "The same street" in page.content.decode()
        assert f'value="{year}"' in page.content.decode()
    assert worker.post(there, found).status_code == 302


def test_a_doubt_that_comes_after_it_was_prepared_needs_a_panel(office: Office) -> None:
    _boy, case = a_boy(office)
    claim = safe_claim(office, case)
    row = prepared(office, claim)
    check_risks(actor=office.worker, claim=claim, answers={**SAFE, "debt": "yes"}, text="He owes")
    with pytest.raises(InputError) as refused:
        answer_reunification(actor=office.supervisor, row=row, agree=True)
    assert refused.value.problems[0].message.code == "apps.tracing:panel-first"
    check_risks(actor=office.worker, claim=claim, answers=SAFE, text="It was paid")
    answer_reunification(actor=office.supervisor, row=row, agree=True)
    check_risks(actor=office.worker, claim=claim, answers={**SAFE, "debt": "yes"}, text="Again")
    with pytest.raises(InputError):
        finish_reunification(actor=office.worker, row=row, text="They wept")


def test_an_age_that_comes_into_doubt_after_it_was_prepared_needs_a_yes(office: Office) -> None:
    case = office.case()
    claim = safe_claim(office, case)
    row = prepared(office, claim, agreement=None)
    assert row.grown_up
    doubt_age(actor=office.officer, purpose=Purpose.REGISTRATION, person=case.person)
    row.case = Case.objects.select_related("person", "site").get(pk=case.pk)
    with pytest.raises(InputError) as refused:
        answer_reunification(actor=office.supervisor, row=row, agree=True)
    assert refused.value.problems[0].message.code == "apps.tracing:yes-first"


def test_brothers_who_go_to_different_relatives_are_parted(office: Office) -> None:
    _boy, case = a_boy(office)
    other = office.case(brother_of(office, case))
    claim, aunt = safe_claim(office, case), a_claim(office, other, name="Salma Quzah")
    hear_both(office, aunt)
    decide(office, aunt)
    with pytest.raises(InputError) as refused:
        prepared(office, claim)
    assert refused.value.problems[0].message.code == "apps.tracing:not-parted"
    # The control: the same uncle, who is registered nowhere, of both.
    uncle = a_claim(office, other, name="halil  quzah")
    hear_both(office, uncle)
    decide(office, uncle)
    assert prepared(office, claim).state == "waiting"


@pytest.mark.parametrize("part", ["agreed_who", "agreed_answer"])
def test_half_an_answer_is_not_lost(office: Office, operation: Operation, part: str) -> None:
    _boy, case = a_boy(office)
    claim = safe_claim(office, case)
    yes = own_yes(office, case)
    sent = {
        "wish": "no",
        "wish_how": "He said so to the nurse",
        "wish_on": "2026-01-01",
        "border": "no",
        "why": "It is home",
        "agreed_who": f"child:{yes.basis}",
        "agreed_answer": "refused",
    }
    worker, there = operation.at(Desk.PROTECTION), f"/cases/relatives/{claim.reference}/back/"
    page = worker.post(there, {**sent, part: ""})
    assert (page.status_code, "said so to the nurse" in page.content.decode()) == (422, True)
    assert worker.post(there, sent).status_code == 302
    assert Reunification.objects.get().agreed_answer == "refused"


def test_no_page_hints_at_a_protected_brother(office: Office, operation: Operation) -> None:
    _boy, case = a_boy(office)
    other = brother_of(office, case)
    claim = safe_claim(office, case)
    pages = [
        f"/cases/{case.reference}/apart/",
        f"/cases/{case.reference}/care/place/",
        f"/cases/relatives/{claim.reference}/back/",
    ]
    worker = operation.at(Desk.PROTECTION)
    assert all(named(worker, page, other) for page in pages), "the control"
    protect_person(
        actor=office.supervisor,
        person=other,
        reason="They look for him.",
        review_on=clock.today("UTC") + timedelta(days=9),
        staying=[operation.supervisor, operation.colleague],
    )
    assert not [page for page in pages if named(worker, page, other)]
    assert prepared(office, claim).state == "waiting"


def named(browser: Client, page: str, person: Person) -> bool:
    shown = browser.get(page)
    assert shown.status_code == 200, page
    words = shown.content.decode()
    return format_code(person.code) in words or person.code in words

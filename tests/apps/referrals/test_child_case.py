"""A child's case through pages: from opening to a referral that is taken up, to closing by two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marfa.apps.cases.models import Case, CaseStep, Review
from marfa.apps.manifest import Desk
from marfa.apps.referrals.actions.answers import accept_referral
from marfa.apps.referrals.models import Referral
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from tests.apps.cases.office import CHILD, Office
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db

RULE = "Rule 3 of the charter: children first, whatever their status."
FALSE = "Your roles do not include it."
WHY = "He lives with his aunt now (canary-why)."
MANDATE = "Child Act, article 12, of the fictional country"
CLOSING = {"reason": "goals_met", "text": WHY}


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def worker(operation: Operation) -> Client:
    return operation.at(Desk.PROTECTION)


@pytest.fixture
def boss(operation: Operation) -> Client:
    return signed_in(operation.supervisor)


def open_through_pages(office: Office, worker: Client) -> Case:
    child = office.register(CHILD)
    there = reverse("cases:begin", args=[child.reference])
    told = {"do": "presume", "ground": "told", "text": "He told it", "urgency": "days"}
    assert worker.post(there, told).status_code == 302
    return Case.objects.select_related("person", "site").get(person=child)


def text_of(page: object) -> str:
    return unescape(page.content.decode())  # type: ignore[attr-defined]


def link(page: str, label: str) -> str:
    found = re.search(rf'<a[^>]*href="([^"]+)"[^>]*>{label}</a>', page)
    assert found, f"no link {label}"
    return found[1]


def record_mandate(operation: Operation, case: Case, mandate: str = MANDATE) -> None:
    """Through the pages of country profiles, as an administrator."""
    browser = operation.at(Desk.ADMINISTRATION)
    there = reverse("cases:country", args=["IQ"])
    told = {"authority_kind": "Other", "review_hours": 72, "mandate": mandate}
    person = operation.desks[Desk.ADMINISTRATION].reference
    sent = {**told, "person": person, "base_version": 1, "do": "save"}
    assert browser.post(there, sent).status_code == 302
    at = {"site": case.site.reference, "profile": "IQ"}
    assert browser.post(reverse("cases:countries"), at).status_code == 302


def refer_within(worker: Client, case: Case) -> Referral:
    there = link(
        text_of(worker.get(reverse("cases:close", args=[case.reference]))),
        "Refer to child protection",
    )
    chosen = f"{there}&to=site-{case.site.reference}"
    told = {"urgency": "days", "note": "A boy alone", "fields": ["Person.code"]}
    assert worker.post(chosen, told).status_code == 302
    return Referral.objects.get(case=case)


def test_the_rule_and_the_way_out_are_named_before_the_button(
    office: Office, worker: Client
) -> None:
    case = open_through_pages(office, worker)
    there = reverse("cases:close", args=[case.reference])
    page = text_of(worker.get(there))
    assert RULE in page
    assert page.index(RULE) < page.index("Ask a second person to close it")
    way_out = link(page, "Refer to child protection")
    asked = text_of(worker.get(way_out))
    assert "Choose all three" not in asked, "nothing was tried yet"
    assert re.search(r'value="child_protection"[^>]*checked', asked)
    refused = worker.post(there, CLOSING)
    assert refused.status_code == 422
    said = text_of(refused)
    assert RULE in said
    assert FALSE not in said
    assert WHY in said
    assert re.search(r'value="goals_met"[^>]*checked', said)
    grown = office.case()
    calm = text_of(worker.get(reverse("cases:close", args=[grown.reference])))
    assert RULE not in calm
    assert "cannot be closed yet" not in calm


def test_a_childs_case_from_opening_to_closing_by_two(
    office: Office, operation: Operation, worker: Client, boss: Client
) -> None:
    case = open_through_pages(office, worker)
    record_mandate(operation, case)
    row = refer_within(worker, case)
    close = reverse("cases:close", args=[case.reference])
    waits = text_of(worker.get(close))
    assert reverse("cases:referral", args=[row.reference]) == link(waits, "Open the referral")
    answer = reverse("referred:one", args=[row.reference])
    assert worker.get(answer).status_code == 404, "who asks does not answer"
    assert row.reference not in text_of(worker.get(reverse("referred:all")))
    assert row.reference in text_of(boss.get(reverse("referred:all")))
    assert boss.post(answer, {"do": "accept", "text": ""}).status_code == 302
    case.refresh_from_db()
    row.refresh_from_db()
    assert (row.state, case.worker) == ("finished", operation.supervisor.pk)
    assert not CaseStep.objects.filter(case=case, kind="moved").exists(), "it stayed at its site"
    assert "cannot be closed yet" not in text_of(boss.get(close))
    assert boss.post(close, CLOSING).status_code == 302
    look = reverse("cases:review", args=[Review.objects.get(case=case, of="closure").reference])
    assert boss.get(look).status_code == 404, "whoever asked does not agree"
    shown = text_of(worker.get(look))
    assert "The goals of the plan were met" in shown
    assert WHY in shown
    assert worker.post(look, {"do": "agree", "text": ""}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.closed_for) == ("closed", "goals_met")
    step = CaseStep.objects.get(case=case, kind="closed")
    assert step.after == "goals_met"
    assert boss.post(close, {"text": "He came back"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.closed_for) == ("open", "")


def test_without_a_mandate_on_record_nothing_is_asked_within_the_site(
    office: Office, operation: Operation, worker: Client, boss: Client
) -> None:
    case = open_through_pages(office, worker)
    record_mandate(operation, case, mandate="  ")
    there = link(
        text_of(worker.get(reverse("cases:close", args=[case.reference]))),
        "Refer to child protection",
    )
    page = text_of(worker.get(there))
    assert f"site-{case.site.reference}" not in page
    assert reverse("cases:countries") not in page, "no link to a page that is not theirs"
    assert "its mandate is recorded with the country" in page
    assert link(text_of(boss.get(there)), "Country profiles") == reverse("cases:countries")
    told = {"urgency": "days", "note": "A boy alone", "fields": ["Person.code"]}
    assert worker.post(f"{there}&to=site-{case.site.reference}", told).status_code == 200
    assert not Referral.objects.exists()


def test_only_a_child_is_asked_within_the_site(
    office: Office, operation: Operation, worker: Client
) -> None:
    case = open_through_pages(office, worker)
    record_mandate(operation, case)
    there = reverse("cases:refer", args=[case.reference])
    told = {"urgency": "days", "note": "A boy alone", "fields": ["Person.code"]}
    asked = f"{there}?kind=referral&purpose=assistance&to=site-{case.site.reference}"
    answer = worker.post(asked, {**told, "support": "shelter"})
    assert "Only the protection of a child" in text_of(answer)
    choice = f"site-{case.site.reference}"
    assert choice in text_of(worker.get(there)), "for the child it can be chosen"
    grown = office.case()
    page = text_of(worker.get(reverse("cases:refer", args=[grown.reference])))
    assert choice not in page, "and for nobody else"
    assert not Referral.objects.exists()


def test_the_charter_and_the_database_hold_that_two_people_do_it(
    office: Office, operation: Operation, worker: Client, boss: Client
) -> None:
    case = open_through_pages(office, worker)
    record_mandate(operation, case)
    row = refer_within(worker, case)
    rule = "OP29.referrals.answered-by-another"
    with pytest.raises(DeniedError) as denied:
        accept_referral(actor=office.worker, referral=row)
    assert rule in denied.value.decision.policies
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=row.pk).update(answered_by=row.sent_by)


def test_who_has_the_case_does_not_take_what_a_supervisor_sent(
    office: Office, operation: Operation, worker: Client, boss: Client
) -> None:
    case = open_through_pages(office, worker)
    record_mandate(operation, case)
    row = refer_within(boss, case)
    with pytest.raises(DeniedError) as denied:
        accept_referral(actor=office.worker, referral=row)
    assert "OP29.referrals.answered-by-another" in denied.value.decision.policies


def test_a_reason_is_chosen_and_all_that_is_wrong_is_said_at_once(
    office: Office, worker: Client
) -> None:
    there = reverse("cases:close", args=[office.case().reference])
    page = text_of(worker.post(there, {"reason": "no_testimony", "text": ""}))
    assert 'href="#f-reason"' in page
    assert 'href="#f-text"' in page
    assert not Review.objects.filter(of="closure").exists()
    sent = worker.post(there, {"reason": "", "text": WHY})
    assert sent.status_code == 422
    assert WHY in text_of(sent)

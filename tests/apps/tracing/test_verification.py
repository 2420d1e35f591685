"""Who says to be a relative: both sides, two people, and no contact before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from marfa.apps.manifest import Desk
from marfa.apps.registry.actions import claim_relationship
from marfa.apps.registry.care import care_of
from marfa.apps.registry.models import Relationship
from marfa.apps.tracing.actions.claims import (
    Finding,
    answer_decision,
    propose_outcome,
    record_contact,
)
from marfa.apps.tracing.models import (
    ClaimedRelative,
    FamilyContact,
    Reunification,
    RiskCheck,
    TieAccount,
    TieDecision,
)
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose
from tests.apps.cases.office import ADULT, Office
from tests.apps.tracing.family import a_boy, a_claim, decide, hear_both
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def contact_of(claim: ClaimedRelative) -> FamilyContact:
    now = clock.now()
    about = {"organisation_id": claim.organisation_id, "person_id": claim.person_id}
    return FamilyContact(
        **about, claim=claim, way="call", wished=True, at=now, recorded_at=now, by=claim.recorded_by
    )


def refused(row: object) -> bool:
    """Whether the database itself says no."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)  # type: ignore[attr-defined]
    except DatabaseError:
        return True
    return False


def test_from_a_claim_to_the_first_call_on_the_pages(office: Office, operation: Operation) -> None:
    _boy, case = a_boy(office)
    claim = a_claim(office, case)
    there, browser = f"/cases/relatives/{claim.reference}/", operation.at(Desk.PROTECTION)
    contact = {"do": "contact", "way": "call", "wished": "yes", "at-day": "1", "at-month": "1"}
    contact |= {"at-year": "2026"}
    asked = {"do": "account", "side": "child", "text": "My aunt Salma", "how": ["apart"]}
    assert browser.post(there, asked).status_code == 422
    asked["how"] = ["apart", "open_questions"]
    assert browser.post(there, asked).status_code == 302
    found = {"do": "propose", "outcome": "verified", "fit": "agree", "why": "The same street"}
    assert browser.post(there, found).status_code == 422
    heard = {"do": "account", "side": "relative", "text": "His aunt Salma", "how": ["untold"]}
    assert browser.post(there, heard).status_code == 302
    assert browser.post(there, found).status_code == 302
    assert browser.post(there, contact).status_code == 422
    decision = TieDecision.objects.get()
    second = f"/cases/relatives/decisions/{decision.reference}/"
    assert browser.get(second).status_code == 403
    boss = signed_in(operation.supervisor)
    page = boss.get(second).content.decode()
    assert "My aunt Salma" in page
    assert "His aunt Salma" in page
    assert boss.post(second, {"agree": "yes"}).status_code == 302
    assert browser.post(there, contact).status_code == 302
    assert FamilyContact.objects.get().claim_id == claim.pk
    assert signed_in(operation.partner).get(there).status_code == 404


def test_nobody_decides_alone_and_nothing_follows_before(office: Office) -> None:
    _boy, case = a_boy(office)
    claim = a_claim(office, case)
    hear_both(office, claim)
    found = Finding("verified", "agree", "The same street")
    row = propose_outcome(actor=office.worker, claim=claim, found=found)
    with pytest.raises((DeniedError, InputError)):
        answer_decision(actor=office.worker, decision=row, agree=True)
    with pytest.raises(InputError):
        record_contact(
            actor=office.worker, claim=claim, way="call", at=clock.now(), wished=True, text=""
        )
    with transaction.atomic(), pytest.raises(DatabaseError):
        TieDecision.objects.filter(pk=row.pk).update(
            state="agreed", decided_by=row.proposed_by, decided_at=clock.now()
        )


def test_the_registry_follows_by_its_own_action(office: Office) -> None:
    boy, case = a_boy(office)
    aunt = office.register(ADULT)
    tie = claim_relationship(
        actor=office.officer,
        purpose=Purpose.REGISTRATION,
        person=aunt,
        to=boy,
        kind="caregiver",
        accompanies=True,
    )
    claim = a_claim(office, case, relationship=tie)
    hear_both(office, claim)
    assert care_of(boy, clock.today("UTC")).situation == "unaccompanied"
    decide(office, claim)
    tie.refresh_from_db()
    assert tie.state == Relationship.State.VERIFIED
    assert care_of(boy, clock.today("UTC")).situation == "accompanied"


def test_the_database_refuses_contact_and_a_way_back_before_both_sides_and_two(
    office: Office,
) -> None:
    _boy, case = a_boy(office)
    claim = a_claim(office, case)
    now = clock.now()
    about = {"organisation_id": case.organisation_id, "person_id": case.person_id}
    risk = RiskCheck(**about, claim=claim, danger=False, doubt=False, at=now, by=office.worker.id)
    risk.save(force_insert=True)

    def way_back(**more: object) -> Reunification:
        told: dict[str, object] = {
            **about,
            "case": case,
            "claim": claim,
            "risk": risk,
            "wish": "yes",
            "wish_at": now,
            "border": False,
            "needs_panel": False,
            "prepared_at": now,
            "prepared_by": office.worker.id,
            "review_at": now + timedelta(days=9),
            **more,
        }
        return Reunification(**told)

    assert refused(contact_of(claim))
    assert refused(way_back())
    one_sided = TieDecision(
        **about,
        claim=claim,
        outcome="verified",
        sides="agree",
        proposed_at=now,
        proposed_by=office.worker.id,
        review_at=now + timedelta(days=9),
    )
    assert refused(one_sided)
    told_others = TieAccount(**about, claim=claim, side="relative", at=now, by=office.worker.id)
    assert refused(told_others)
    for state in ("refuted", "not_enough"):
        hear_both(office, claim)
        decide(office, claim, state)
        assert refused(contact_of(claim)), state
    # The control: verified from both sides by two, both are let through.
    decide(office, claim)
    assert not refused(contact_of(claim))
    decided = {"state": "agreed", "decided_by": office.supervisor.id, "decided_at": now}
    assert refused(way_back(**decided)), "without a yes for the child"
    assert refused(way_back(**decided, grown_up=True, needs_panel=True)), "without a panel"
    assert refused(way_back(**decided, grown_up=True, wish="unsure")), "against the wish"
    assert refused(way_back(review_at=now)), "without a later review"
    assert refused(way_back(danger=True))
    assert not refused(way_back(**decided, grown_up=True))

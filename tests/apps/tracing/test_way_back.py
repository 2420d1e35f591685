"""The way back to a family, and what goes to a tracing body: what stops it, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.models import CapacityNote
from marfa.apps.best_interests.models.agreement import Agreement
from marfa.apps.cases.models import Case
from marfa.apps.organisations.actions import assign_user, open_to_organisation
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.actions import claim_relationship
from marfa.apps.tracing.actions.partings import answer_parting, ask_parting
from marfa.apps.tracing.actions.requests import Fear, open_request, record_fear, share_request
from marfa.apps.tracing.actions.reunification import (
    SIGNS,
    Preparation,
    answer_reunification,
    check_risks,
    finish_reunification,
    prepare_reunification,
)
from marfa.apps.tracing.models import ClaimedRelative, FamilyVisit, Reunification, TracingShare
from marfa.apps.tracing.siblings import stays_with
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.apps.best_interests.states import Child as Decisions
from tests.apps.cases.office import Office
from tests.apps.consents.examples import clinic
from tests.apps.tracing.family import BOY, a_boy, a_claim, decide, hear_both
from tests.conftest import Operation

pytestmark = pytest.mark.django_db
SAFE = dict.fromkeys(SIGNS, "no")


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


def verified(office: Office, case: Case) -> ClaimedRelative:
    claim = a_claim(office, case)
    hear_both(office, claim)
    decide(office, claim)
    return claim


def own_yes(office: Office, case: Case) -> Agreement:
    about = {"organisation_id": case.organisation_id, "person": case.person, "case": case}
    note = CapacityNote(**about, level="alone", at=clock.now(), by=office.worker.id)
    with open_vault():
        note.explained = "You may say no"
        note.save(force_insert=True)
    return Agreement("child", "given", note.pk, clock.now())


def prepared(office: Office, claim: ClaimedRelative, **more: object) -> Reunification:
    told = Preparation("yes", "Alone with me", clock.now(), False, "It is home")
    told = replace(told, agreement=own_yes(office, claim.case))
    row = prepare_reunification(actor=office.worker, claim=claim, told=replace(told, **more))  # type: ignore[arg-type]
    row.case, row.claim = claim.case, claim
    return row


def test_a_danger_stops_it_and_what_nobody_knows_is_one(office: Office) -> None:
    _boy, case = a_boy(office)
    claim = verified(office, case)
    with pytest.raises(InputError):
        prepared(office, claim)
    for said in ("yes", "unknown"):
        answers = {**SAFE, "sent_or_sold": said}
        check_risks(actor=office.worker, claim=claim, answers=answers, text="Asked")
        with pytest.raises(InputError):
            prepared(office, claim)
    check_risks(actor=office.worker, claim=claim, answers=SAFE, text="Asked again")
    row = prepared(office, claim)
    # A danger that comes to light after it was prepared stops it as well.
    answers = {**SAFE, "violence": "yes"}
    check_risks(actor=office.worker, claim=claim, answers=answers, text="A neighbour")
    with pytest.raises(InputError):
        answer_reunification(actor=office.supervisor, row=row, agree=True)


def test_a_doubt_that_arises_after_it_was_prepared_needs_a_panel_too(office: Office) -> None:
    _boy, case = a_boy(office)
    claim = verified(office, case)
    check_risks(actor=office.worker, claim=claim, answers=SAFE, text="Asked")
    row = prepared(office, claim)
    assert not row.needs_panel
    check_risks(actor=office.worker, claim=claim, answers={**SAFE, "debt": "yes"}, text="A shop")
    with pytest.raises(InputError) as error:
        answer_reunification(actor=office.supervisor, row=row, agree=True)
    assert [each.message.code for each in error.value.problems] == ["apps.tracing:panel-first"]
    decided = Decisions(case, office.worker, office.supervisor, clinic()).decided
    decided("reunification", about=claim.pk)
    answer_reunification(actor=office.supervisor, row=row, agree=True)
    row.refresh_from_db()
    assert (row.state, row.needs_panel) == ("agreed", True), "the control: a panel decided"


def test_a_border_or_a_doubt_needs_a_panel_and_visits_follow(office: Office) -> None:
    _boy, case = a_boy(office)
    claim = verified(office, case)
    check_risks(actor=office.worker, claim=claim, answers={**SAFE, "debt": "yes"}, text="Asked")
    row = prepared(office, claim)
    with pytest.raises(InputError):
        answer_reunification(actor=office.supervisor, row=row, agree=True)
    answer_reunification(actor=office.supervisor, row=row, agree=False)
    check_risks(actor=office.worker, claim=claim, answers=SAFE, text="Asked again")
    over = prepared(office, claim, border=True)
    with pytest.raises(InputError):
        answer_reunification(actor=office.supervisor, row=over, agree=True)
    answer_reunification(actor=office.supervisor, row=over, agree=False)
    # The control: nothing speaks against it, and three visits are due, each with its deadline.
    row = prepared(office, claim)
    answer_reunification(actor=office.supervisor, row=row, agree=True)
    two = [timedelta(days=30), timedelta(days=60)]
    with pytest.raises(InputError):
        finish_reunification(actor=office.worker, row=row, text="They wept", visits=two)
    visits = finish_reunification(actor=office.worker, row=row, text="They wept")
    assert len(visits) == FamilyVisit.objects.count() == 3
    due = Deadline.objects.filter(subject__in=[each.pk for each in visits], state="open")
    assert max(due.values_list("due_at", flat=True)) <= clock.now() + timedelta(days=183)


def test_brothers_go_together_or_two_people_say_why_not(office: Office) -> None:
    boy, case = a_boy(office)
    brother = office.register(BOY)
    claim_relationship(
        actor=office.officer, purpose=Purpose.REGISTRATION, person=brother, to=boy, kind="sibling"
    )
    claim = verified(office, case)
    check_risks(actor=office.worker, claim=claim, answers=SAFE, text="Asked")
    with pytest.raises(InputError):
        prepared(office, claim)
    parting = ask_parting(actor=office.worker, case=case, other=brother, text="He is in hospital")
    parting.case = case
    with pytest.raises(InputError):
        prepared(office, claim)
    answer_parting(actor=office.supervisor, parting=parting, agree=True)
    assert prepared(office, claim).state == "waiting"


def test_what_a_guest_prepares_parts_nobody_and_tells_them_of_nobody(
    office: Office, operation: Operation
) -> None:
    """Who answers knows of the brother whom the guest was not given, and he counts."""
    boy, case = a_boy(office)
    brother = office.register(BOY)
    claim_relationship(
        actor=office.officer, purpose=Purpose.REGISTRATION, person=brother, to=boy, kind="sibling"
    )
    open_to_organisation(
        organisation=operation.guest,
        owner=operation.controller.pk,
        object_kind="Person",
        object_id=boy.pk,
        until=clock.now() + timedelta(days=3),
    )
    assign_user(user=operation.partner, object_kind="Person", object_id=boy.pk)
    assert stays_with(actor_of(operation.partner), boy) == []
    assert stays_with(office.worker, boy) == [brother], "the control"
    assert stays_with(office.colleague, boy) == [brother], "of the organisation, elsewhere"
    claim = verified(office, case)
    check_risks(actor=office.worker, claim=claim, answers=SAFE, text="Asked")
    told = Preparation("yes", "Alone with me", clock.now(), False, "It is home")
    told = replace(told, agreement=own_yes(office, case))
    row = prepare_reunification(actor=actor_of(operation.partner), claim=claim, told=told)
    row.case, row.claim = case, claim
    with pytest.raises(InputError) as error:
        answer_reunification(actor=office.supervisor, row=row, agree=True)
    assert [each.message.code for each in error.value.problems] == ["apps.tracing:not-parted"]
    assign_user(user=operation.partner, object_kind="Person", object_id=brother.pk)
    assert stays_with(actor_of(operation.partner), boy) == [], "assigned, and not opened to them"


def test_nothing_goes_to_who_is_feared_or_to_who_does_not_trace(office: Office) -> None:
    _boy, case = a_boy(office)
    request = open_request(actor=office.worker, case=case, kind="parent", name="Salma")
    request.case = case
    told = {"created_at": clock.now(), "created_by": office.supervisor.id}
    tracers = Recipient.objects.create(kind="tracing", name="Tracers of the river", **told)
    court = Recipient.objects.create(kind="justice", name="The court", **told)

    def share(to: Recipient, **more: object) -> str:
        with pytest.raises(InputError) as refused:
            share_request(
                actor=office.supervisor,
                request=request,
                recipient=to,
                fields=["Person.code"],
                agreement=None,
                **more,
            )
        return str(refused.value.problems[0].message.code)

    assert share(court) == "apps.tracing:tracing-bodies-alone"
    assert share(tracers) == "apps.tracing:yes-first"
    fear = Fear("organisation", "child", "They hunt us", tracers)
    record_fear(actor=office.worker, case=case, fear=fear)
    assert share(tracers) == "apps.tracing:never-through"
    assert not TracingShare.objects.exists()

"""Cooperation stands apart from help; acts under compulsion are written with counsel, and leave
after the review of another, who does not send them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marfa.apps.accounts.actions import create_user
from marfa.apps.accounts.models import User
from marfa.apps.agreements.models import Recipient
from marfa.apps.agreements.models.recipients import KINDS
from marfa.apps.cases.actions import presume_victim
from marfa.apps.consents.actions import record_consent, withdraw_consent
from marfa.apps.consents.actions.disclosures import disclose_fields
from marfa.apps.consents.models import Consent
from marfa.apps.manifest import Desk
from marfa.apps.organisations.actions import grant_role
from marfa.apps.organisations.administration import by_command
from marfa.apps.proceedings import actions
from marfa.apps.proceedings.actions import (
    ask_counsel,
    ask_measure,
    decide_measure,
    disclose_act,
    name_counsel,
    record_act,
    record_cooperation,
    review_act,
)
from marfa.apps.proceedings.models import ActDisclosed, CompelledAct, Cooperation, NonPunishment
from marfa.domain.message import InputError
from marfa.platform import units
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter import engine
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose, Role
from tests.apps.cases.office import Office
from tests.apps.consents.examples import agreed, answer, fresh
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db

FIREWALLED = (
    *("immigration_enforcement", "security_vetting", "detention"),
    *("status_determination", "sanctions"),
)


class Court(Office):
    """The office, with two supervisors and a lawyer who may be sent something."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation)
        from marfa.apps.agreements.actions import add_recipient

        self.lawyer: Recipient = add_recipient(
            actor=by_command(), kind="justice", name="Legal aid of the fictional port"
        )
        second = create_user(username="second", display_name="Second supervisor")
        grant_role(
            user=second,
            role=Role.SUPERVISOR,
            organisation=operation.controller,
        )
        self.users = {
            "worker": operation.desks[Desk.PROTECTION],
            "supervisor": operation.supervisor,
            "other": second,
        }
        presume_victim(actor=self.worker, person=self.person, ground="told")

    def as_(self, who: str) -> Actor:
        return fresh(self.users[who])

    def with_counsel(self) -> None:
        row = ask_counsel(actor=self.worker, person=self.person)
        name_counsel(actor=self.worker, row=row, counsel="A lawyer of the port")

    def consent(self) -> Consent:
        return record_consent(
            actor=fresh(self.users["supervisor"]),
            purpose=Purpose.ASSISTANCE,
            person=self.person,
            answer=answer(self.lawyer, about="assistance"),
        )


@pytest.fixture
def court(operation: Operation) -> Iterator[Court]:
    with every_organisation():
        yield Court(operation)


def test_nothing_is_written_before_counsel_is_known(court: Court) -> None:
    with pytest.raises(InputError):
        record_act(actor=court.worker, person=court.person, text="x", with_counsel=True)
    court.with_counsel()
    with pytest.raises(DeniedError) as denied:
        record_act(actor=court.worker, person=court.person, text="x", with_counsel=False)
    assert denied.value.decision.policies == ("OP17.compelled-acts.with-counsel",)
    with pytest.raises(DeniedError):
        record_act(
            actor=court.worker,
            person=court.person,
            text="x",
            with_counsel=True,
            purpose=Purpose.SCREENING,
        )
    assert not CompelledAct.objects.exists()


def test_the_database_holds_it_too(court: Court) -> None:
    told: dict[str, Any] = {
        "organisation_id": court.person.organisation_id,
        "person": court.person,
        "entered_by": court.worker.id,
        "entered_at": court.person.registered_at,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        CompelledAct.objects.create(**told, with_counsel=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        CompelledAct.objects.create(
            **told,
            with_counsel=True,
            reviewed_by=court.worker.id,
            reviewed_at=court.person.registered_at,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        CompelledAct.objects.create(**told, with_counsel=True, may_leave=True)


def test_it_goes_to_justice_alone(court: Court) -> None:
    assert not set(FIREWALLED) & set(KINDS), "those behind the firewall are no recipients at all"
    court.with_counsel()
    act = record_act(actor=court.worker, person=court.person, text="x", with_counsel=True)
    it = "It may go to counsel"
    review_act(actor=court.as_("supervisor"), act=act, text=it, may_leave=True)
    for kind in KINDS:
        if kind != "justice":
            with pytest.raises(InputError):
                disclose_act(
                    actor=court.as_("other"), act=act, recipient=Recipient(kind=kind, name="X")
                )
    assert not ActDisclosed.objects.exists()


def test_nobody_reviews_what_they_wrote(court: Court) -> None:
    """Not even who has become a supervisor since."""
    court.with_counsel()
    act = record_act(actor=court.worker, person=court.person, text="x", with_counsel=True)
    organisation = court.operation.controller
    grant_role(user=court.users["worker"], role=Role.SUPERVISOR, organisation=organisation)
    with pytest.raises(DeniedError) as denied:
        review_act(actor=court.as_("worker"), act=act, text="Seen", may_leave=True)
    assert denied.value.decision.policies == ("OP17.compelled-acts.review-by-another",)


# -- whatever happens, in any order ---------------------------------------------------------------

WHO = ("worker", "supervisor", "other")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("counsel", "record", "review", "refuse", "send"),
                *("consent", "withdraw", "agree", "answer"),
            ]
        ),
        st.sampled_from(WHO),
    ),
    max_size=60,
)


@dataclass
class Life:
    """What one history did, as somebody who watches it knows it."""

    court: Court
    agreement: bool = False
    consent: Consent | None = None
    withdrawn: bool = False
    acts: list[CompelledAct] = field(default_factory=list)
    sent: list[tuple[CompelledAct, str, bool]] = field(default_factory=list)

    def do(self, what: str, who: str) -> None:
        with suppress(DeniedError, InputError):
            getattr(self, what)(who)

    def counsel(self, _who: str) -> None:
        self.court.with_counsel()

    def record(self, who: str) -> None:
        court = self.court
        actor = court.as_(who)
        self.acts.append(record_act(actor=actor, person=court.person, text="x", with_counsel=True))

    def review(self, who: str) -> None:
        for act in self.acts[-1:]:
            review_act(actor=self.court.as_(who), act=act, text="Seen", may_leave=True)

    def refuse(self, who: str) -> None:
        for act in self.acts[-1:]:
            review_act(actor=self.court.as_(who), act=act, text="Never", may_leave=False)

    def send(self, who: str) -> None:
        for act in self.acts[-1:]:
            act.refresh_from_db()
            disclose_act(actor=self.court.as_(who), act=act, recipient=self.court.lawyer)
            allowed = self.agreement and self.consent is not None and not self.withdrawn
            self.sent.append((act, who, allowed))

    def agree(self, _who: str) -> None:
        agreed(self.court.lawyer, "assistance")
        self.agreement = True

    def consent_(self) -> None:
        self.consent, self.withdrawn = self.court.consent(), False

    def withdraw(self, _who: str) -> None:
        if self.consent is not None:
            withdraw_consent(
                actor=self.court.as_("supervisor"),
                purpose=Purpose.ASSISTANCE,
                consent=self.consent,
            )
            self.withdrawn = True

    def answer(self, who: str) -> None:
        chosen = random.Random(who).choice(Cooperation.Answer.values)
        record_cooperation(actor=self.court.as_(who), person=self.court.person, answer=chosen)


def lived(court: Court, steps: list[tuple[str, str]]) -> None:
    """One history, and all that must hold of it."""
    life = Life(court)
    for what, who in steps:
        if what == "consent":
            with suppress(DeniedError, InputError):
                life.consent_()
        else:
            life.do(what, who)
    for act, who, allowed in life.sent:
        sender = court.users[who].pk
        assert act.reviewed_by is not None, "nothing leaves without a review"
        assert act.may_leave, "nor after one that says it must not"
        assert act.reviewed_by != act.entered_by, "by another"
        assert sender != act.reviewed_by, "and who reviewed it does not send it"
        assert allowed, "never without an agreement and a consent in force"
    assert ActDisclosed.objects.count() == len(life.sent)


BUDGET = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


class UndoneError(Exception):
    """A history that is over: the next one begins as this one did."""


def test_nothing_of_it_leaves_without_review_consent_and_agreement(court: Court) -> None:
    @BUDGET
    @given(STEPS)
    def hold(steps: list[tuple[str, str]]) -> None:
        with suppress(UndoneError), units.unit_of_work():
            lived(court, steps)
            raise UndoneError

    hold()


WHOLE = [
    *[("counsel", "worker"), ("record", "worker"), ("agree", "other"), ("consent", "other")],
    *[("review", "supervisor"), ("send", "other")],
]
"""A history in which all is right: it leaves, so that the property above is about something."""


def test_what_is_right_leaves(court: Court) -> None:
    lived(court, WHOLE)
    assert ActDisclosed.objects.count() == 1


def without(patch: pytest.MonkeyPatch, *ids: str) -> None:
    """The charter without these policies."""
    whole = engine.Engine.of

    def of(self: engine.Engine, action: str) -> list[Any]:
        return [policy for policy in whole(self, action) if policy.id not in ids]

    patch.setattr(engine.Engine, "of", of)
    patch.setattr(engine.charter_engine(), "_sets", {})


def _claims_a_review(patch: pytest.MonkeyPatch) -> None:
    real = actions.act_as_asked

    def asked(act: CompelledAct, person: Any) -> Any:
        found = real(act, person)
        nobody = User.objects.order_by("pk").values_list("pk", flat=True)[0]
        return type(found)(
            found.kind, found.id, {**found.facts, "reviewed_by": frozenset({nobody})}
        )

    patch.setattr(actions, "act_as_asked", asked)


def _takes_a_no_for_a_review(patch: pytest.MonkeyPatch) -> None:
    real = actions.act_as_asked

    def asked(act: CompelledAct, person: Any) -> Any:
        found = real(act, person)
        reviewers = frozenset({act.reviewed_by} if act.reviewed_by else ())
        return type(found)(found.kind, found.id, {**found.facts, "reviewed_by": reviewers})

    patch.setattr(actions, "act_as_asked", asked)


def _sent_past_the_agreement(patch: pytest.MonkeyPatch) -> None:
    real = disclose_fields

    def sends(**told: Any) -> Any:
        agreed(told["recipient"], "assistance")
        return real(**told)

    patch.setattr(actions, "disclose_fields", sends)


FAULTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], list[tuple[str, str]]]] = {
    "a review that never was": (
        _claims_a_review,
        [*WHOLE[:4], ("send", "other")],
    ),
    "a review that says no": (
        _takes_a_no_for_a_review,
        [*WHOLE[:4], ("refuse", "supervisor"), ("send", "other")],
    ),
    "the sender reviewed it": (
        lambda patch: without(patch, "OP17.compelled-acts.second-person"),
        [*WHOLE[:4], ("review", "supervisor"), ("send", "supervisor")],
    ),
    "sent past the agreement": (
        _sent_past_the_agreement,
        [*WHOLE[:2], ("consent", "other"), ("review", "supervisor"), ("send", "other")],
    ),
    "sent after the consent was taken back": (
        lambda patch: without(patch, "OP9.sharing.withdrawn", "OP9.sharing.ground"),
        [*WHOLE[:5], ("withdraw", "other"), ("send", "other")],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_fault_is_found(
    court: Court, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plant, steps = FAULTS[name]
    lived(court, steps)
    assert not ActDisclosed.objects.exists(), "without the fault it does not leave"
    CompelledAct.objects.all().delete()
    NonPunishment.objects.all().delete()
    Consent.objects.all().delete()
    plant(monkeypatch)
    with pytest.raises((AssertionError, IntegrityError)):
        lived(court, steps)


# -- the pages ------------------------------------------------------------------------------------

MAY, MUST_NOT = {"may_leave": "yes"}, {"may_leave": "no"}


def test_what_must_not_leave_stays_until_another_lets_it(
    court: Court, operation: Operation
) -> None:
    agreed(court.lawyer, "assistance")
    court.consent()
    court.with_counsel()
    act = record_act(actor=court.worker, person=court.person, text="x", with_counsel=True)
    there = reverse("proceedings:show", args=[court.person.reference])
    review = reverse("proceedings:review", args=[act.reference])
    send = reverse("proceedings:send", args=[act.reference])
    supervisor, other = signed_in(operation.supervisor), signed_in(court.users["other"])
    told = {"text": "This must not leave: it names her brother", **MUST_NOT}
    assert supervisor.post(review, told).status_code == 302
    with pytest.raises(DeniedError) as denied:
        disclose_act(actor=court.as_("other"), act=act, recipient=court.lawyer)
    assert denied.value.decision.policies == ("OP17.compelled-acts.second-person",)
    for client in (supervisor, other, signed_in(operation.desks[Desk.PROTECTION])):
        page = client.get(there).content.decode()
        assert "It must not be sent" in page
        assert "it names her brother" in page
        assert send not in page
        assert client.get(send).status_code == 404
        assert client.post(send, {"recipient": court.lawyer.reference}).status_code == 404
    assert review not in supervisor.get(there).content.decode(), "nobody lifts their own no alone"
    assert supervisor.get(review).status_code == 403
    with pytest.raises(InputError):
        review_act(actor=court.as_("supervisor"), act=act, text="After all", may_leave=True)
    assert "it names her brother" in other.get(review).content.decode()
    assert other.post(review, {"text": "Without the name", **MAY}).status_code == 302
    page = supervisor.get(send).content.decode()
    assert page.index("Without the name") < page.index("it names her brother"), "both are read"
    assert supervisor.post(send, {"recipient": court.lawyer.reference}).status_code == 200


def test_a_review_that_did_not_say_lets_nothing_leave(court: Court, operation: Operation) -> None:
    court.with_counsel()
    act = record_act(actor=court.worker, person=court.person, text="x", with_counsel=True)
    act.reviewed_by, act.reviewed_at = operation.supervisor.pk, act.entered_at
    act.review = "Seen"
    act.save()
    supervisor = signed_in(operation.supervisor)
    assert supervisor.get(reverse("proceedings:send", args=[act.reference])).status_code == 404
    review = reverse("proceedings:review", args=[act.reference])
    there = reverse("proceedings:show", args=[court.person.reference])
    assert review in supervisor.get(there).content.decode(), "who saw it can say it now"
    assert supervisor.post(review, {"text": "It may", **MAY}).status_code == 302


def test_the_pages_from_counsel_to_the_court(court: Court, operation: Operation) -> None:
    agreed(court.lawyer, "assistance")
    court.consent()
    worker = signed_in(operation.desks[Desk.PROTECTION])
    there = reverse("proceedings:show", args=[court.person.reference])
    assert worker.get(there).status_code == 200
    worker.post(there, {"do": "counsel"})
    worker.post(there, {"do": "counsel", "counsel": "A lawyer of the port"})
    writing = reverse("proceedings:write_act", args=[court.person.reference])
    said = worker.post(writing, {"text": "What they made her carry"})
    assert said.status_code == 422
    assert "What they made her carry" in said.content.decode(), "nothing typed is lost"
    assert not CompelledAct.objects.exists()
    told = {"text": "What they made her carry", "with_counsel": "on"}
    assert worker.post(writing, told).status_code == 302
    act = CompelledAct.objects.get()
    review = reverse("proceedings:review", args=[act.reference])
    send = reverse("proceedings:send", args=[act.reference])
    assert worker.get(review).status_code == 403, "nobody reviews their own"
    assert worker.get(send).status_code in (302, 404)
    supervisor = signed_in(operation.supervisor)
    assert review in supervisor.get(there).content.decode()
    said = supervisor.post(review, {"text": "To counsel alone"})
    assert said.status_code == 422, "a review says whether it may leave"
    assert "To counsel alone" in said.content.decode()
    assert supervisor.post(review, {"text": "To counsel alone", **MAY}).status_code == 302
    assert send not in supervisor.get(there).content.decode(), "who reviewed it does not send it"
    other = signed_in(court.users["other"])
    for page in (there, send):
        assert "To counsel alone" in other.get(page).content.decode(), page
    assert send in other.get(there).content.decode()
    refused = supervisor.post(send, {"recipient": court.lawyer.reference})
    assert refused.status_code == 422
    assert not ActDisclosed.objects.exists()
    sent = other.post(send, {"recipient": court.lawyer.reference})
    assert sent.status_code == 200
    assert "What they made her carry" in sent.content.decode()
    assert ActDisclosed.objects.get().act_id == act.pk


def test_until_when_a_measure_is_in_force(court: Court, operation: Operation) -> None:
    permit = ask_measure(actor=court.worker, person=court.person, kind="residence")
    other = ask_measure(actor=court.worker, person=court.person, kind="witness")
    there = reverse("proceedings:show", args=[court.person.reference])
    worker = signed_in(operation.desks[Desk.PROTECTION])
    told = {"do": "decided", "measure": permit.reference, "state": "granted"}
    wrong = worker.post(there, {**told, "until": "some time in May"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert 'href="#f-until"' in page
    assert page.count('id="f-until"') == 1, "the summary leads to the form that was sent"
    assert page.count("some time in May") == 1, "and nothing typed is lost"
    for said, day in (("3 May 2031", 3), ("٤ / ٥ / ٢٠٣١", 4), ("", 4)):
        assert worker.post(there, {**told, "until": said}).status_code == 302, said
        permit.refresh_from_db()
        assert (permit.state, permit.until) == ("granted", date(2031, 5, day))
    assert "in force until 4 May 2031" in worker.get(there).content.decode()
    other.refresh_from_db()
    assert other.until is None
    for state in ("asked", "refused", "ended"):
        decide_measure(actor=court.worker, measure=permit, state=state)
        permit.refresh_from_db()
        assert permit.until == date(2031, 5, 4), "what was written down stays"
        assert "in force until" not in worker.get(there).content.decode(), state


def test_who_may_not_know_of_it_does_not(court: Court, operation: Operation) -> None:
    there = reverse("proceedings:show", args=[court.person.reference])
    for user in (operation.colleague, operation.partner, operation.outsider):
        assert signed_in(user).get(there).status_code in (403, 404)
    reception = signed_in(operation.desks[Desk.RECEPTION])
    assert reception.get(there).status_code == 403
    page = reception.get(reverse("people:person", args=[court.person.reference])).content.decode()
    assert "/proceedings/" not in page


def test_the_case_shows_nothing_of_it(court: Court, operation: Operation) -> None:
    record_cooperation(
        actor=court.worker, person=court.person, answer="unwilling", text="Canary-of-the-court"
    )
    case = court.person.cases.get()
    client = signed_in(operation.desks[Desk.PROTECTION])
    page = client.get(reverse("cases:case", args=[case.reference])).content.decode()
    assert "Canary-of-the-court" not in page
    assert "cooperate" not in page

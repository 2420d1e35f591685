"""Steps in the wrong order, by people who may take each of them: sending before review, sharing
after withdrawal, and one person with two accounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from marfa.apps.consents.models import Sharing
from marfa.apps.manifest import Desk
from marfa.apps.proceedings.models import ActDisclosed, CompelledAct
from marfa.apps.registry.models import Person
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.audit.models import Entry
from tests.apps.consents.examples import agreed, answer, clinic
from tests.apps.proceedings.test_proceedings import MAY, Court
from tests.apps.registry.protection import called, protect
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
ACT = "What they made her carry"


@pytest.fixture
def court(operation: Operation) -> Iterator[Court]:
    with every_organisation():
        yield Court(operation)


def browsers(court: Court) -> dict[str, Client]:
    """Everybody's browser, with a second factor just proved."""
    return {name: signed_in(user) for name, user in court.users.items()}


def written_down(court: Court) -> CompelledAct:
    """An act that a worker wrote down with counsel, and an agreement and a yes to send it."""
    agreed(court.lawyer, "assistance")
    court.consent()
    court.with_counsel()
    writing = reverse("proceedings:write_act", args=[court.person.reference])
    told = {"text": ACT, "with_counsel": "on"}
    assert browsers(court)["worker"].post(writing, told).status_code == 302
    return CompelledAct.objects.get()


def test_nothing_is_sent_before_another_reviewed_it(court: Court) -> None:
    """By nobody, nor by who wrote or reviewed it. With the review it goes: the control."""
    act = written_down(court)
    review = reverse("proceedings:review", args=[act.reference])
    send = reverse("proceedings:send", args=[act.reference])
    sent_to = {"recipient": court.lawyer.reference}
    at = browsers(court)
    for name, client in at.items():
        answered = client.post(send, sent_to)
        assert answered.status_code in (302, 403, 404, 422), name
        assert ACT not in answered.content.decode(), name
    assert at["worker"].post(review, {"text": ACT, **MAY}).status_code == 403
    assert not ActDisclosed.objects.exists()
    assert at["supervisor"].post(review, {"text": ACT, **MAY}).status_code == 302
    for name in ("worker", "supervisor"):
        assert at[name].post(send, sent_to).status_code in (302, 403, 404, 422), name
        assert not ActDisclosed.objects.exists(), "nor by who wrote or reviewed it"
    assert ACT in at["other"].post(send, sent_to).content.decode()
    assert ActDisclosed.objects.count() == 1


def test_nothing_is_shared_after_consent_was_taken_back(court: Court) -> None:
    """Also from a page that was opened before, and for what was prepared before."""
    supervisor = signed_in(court.operation.supervisor)
    other = browsers(court)["other"]
    to = clinic()
    agreed(to)
    consent = court_consent(court, to)
    share = reverse("consents:share", args=[court.person.reference])
    asked = {"recipient": to.reference, "about": "assistance"}
    assert supervisor.get(share).status_code == 200, "it stands open"
    assert other.post(share, asked).status_code == 200
    assert Sharing.objects.count() == 1, "the control: it could be shared"
    back = reverse("consents:withdraw", args=[court.person.reference, consent])
    assert supervisor.post(back, {"given_by": "self", "how": "spoken"}).status_code == 302
    for client in (supervisor, other):
        assert client.post(share, asked).status_code == 422
    assert Sharing.objects.count() == 1


def court_consent(court: Court, to: object) -> str:
    from marfa.apps.consents.actions import record_consent
    from marfa.safeguards.words import Purpose

    made = record_consent(
        actor=court.as_("supervisor"),
        purpose=Purpose.ASSISTANCE,
        person=court.person,
        answer=answer(to),  # type: ignore[arg-type]
    )
    return made.reference


def test_two_accounts_of_one_person_are_two_people_here(court: Court) -> None:
    """The limit that is written down: who is behind an account, nobody can tell. One account never
    takes both steps; two do, and the log names both, in their order."""
    act = written_down(court)
    review = reverse("proceedings:review", args=[act.reference])
    at = browsers(court)
    assert at["worker"].post(review, {"text": ACT, **MAY}).status_code == 403
    before = Entry.objects.count()
    assert at["supervisor"].post(review, {"text": ACT, **MAY}).status_code == 302
    actors = Entry.objects.filter(outcome="done").order_by("at", "place").values_list("actor_id")
    told = {actor for (actor,) in actors}
    assert {court.users["worker"].pk, court.users["supervisor"].pk} <= told
    assert Entry.objects.count() > before


def test_nobody_takes_a_protection_away_with_one_account(court: Court) -> None:
    """Who asks does not do it, in whatever order the two steps are sent."""
    protect(court.person, by="supervisor", staying=("colleague", "focal"))
    colleague = signed_in(court.operation.colleague)
    there = reverse("people:protection", args=[court.person.reference])
    assert colleague.get(there).status_code == 200, "the control: they stay"
    for step in ("end", "ask", "end", "ask", "end"):
        colleague.post(there, {"do": step, "why": "She wishes it."})
        assert Person.objects.get(pk=court.person.pk).protected, step
    assert court.operation.at(Desk.RECEPTION).post(there, {"do": "end"}).status_code == 404
    [focal] = called("focal")
    signed_in(focal).post(there, {"do": "end"})
    assert not Person.objects.get(pk=court.person.pk).protected, "the control: another may"

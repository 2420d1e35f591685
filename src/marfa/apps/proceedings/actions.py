"""What may be written down of proceedings. Nothing here reads or changes a case or its help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from marfa.apps.agreements.models import Recipient
from marfa.apps.consents.actions.disclosures import Disclosed, disclose_fields
from marfa.apps.proceedings.models import (
    ActDisclosed,
    CompelledAct,
    Cooperation,
    EarlierReview,
    Measure,
    NonPunishment,
)
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform import clock
from marfa.safeguards.actions import Act, action, reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

PURPOSE = Purpose.ASSISTANCE
WRITE, READ = "proceedings.write", "proceedings.read"
LONGEST = 5000
SHARED = ("Person.code",)
"""What goes along with an act: the code, so that the recipient knows whom it is about."""
TO = ("justice",)
"""Kinds of recipient to whom an act may go at all."""


def proceedings_of(person: Person) -> Resource:
    """The proceedings of a person, as the charter sees them."""
    return Resource("Case", person.pk, PERSON.resource(person).facts)


@contextmanager
def proceedings_action(actor: Actor, person: Person, step: str) -> Iterator[Act]:
    """One step, decided and on the record."""
    with (
        open_vault(),
        action(
            actor=actor,
            code=WRITE,
            purpose=PURPOSE,
            resource=proceedings_of(person),
            subject=person.pk,
        ) as act,
    ):
        act.note(step=step)
        yield act


def record_cooperation(
    *, actor: Actor, person: Person, answer: str, authority: str = "", text: str = ""
) -> Cooperation:
    """Write down what somebody answered to an investigation. Raises DeniedError, InputError."""
    _one_of(answer, Cooperation.Answer.values, "answer")
    said = clean_text(text, "text")
    with proceedings_action(actor, person, "cooperation") as act:
        row = Cooperation(**_about(person), answer=answer, at=clock.now(), by=actor.id)
        row.authority, row.words = clean_text(authority, "authority"), said
        act.create(row)
    return row


def ask_measure(*, actor: Actor, person: Person, kind: str, text: str = "") -> Measure:
    """Write down that a measure was asked for. Raises DeniedError, InputError."""
    _one_of(kind, Measure.Kind.values, "kind")
    said = clean_text(text, "text")
    with proceedings_action(actor, person, "measure") as act:
        row = Measure(**_about(person), kind=kind, asked_at=clock.now(), asked_by=actor.id)
        row.words = said
        act.create(row)
    return row


def decide_measure(
    *, actor: Actor, measure: Measure, state: str, until: date | None = None, text: str = ""
) -> None:
    """Write down what became of a measure. until: last day in force; None: as it stands.

    Raises DeniedError, InputError.
    """
    _one_of(state, Measure.State.values, "state")
    said = clean_text(text, "text")
    with proceedings_action(actor, measure.person, "measure_decided") as act:
        changes: dict[str, object] = {"state": state}
        changes |= {"until": until} if until else {}
        changes |= {"words": said} if said else {}
        act.save(measure, changes=changes)


def ask_counsel(*, actor: Actor, person: Person) -> NonPunishment:
    """Write down that non-punishment may apply and that counsel is asked for; what the acts were
    is neither asked nor written here. Raises InputError where it stands already."""
    with proceedings_action(actor, person, "counsel") as act:
        if NonPunishment.objects.filter(person=person).exists():
            raise InputError.at(Message("apps.proceedings:asked-already"))
        row = NonPunishment(**_about(person), asked_at=clock.now(), asked_by=actor.id)
        act.create(row)
    return row


def name_counsel(*, actor: Actor, row: NonPunishment, counsel: str) -> None:
    """Write down who is counsel. Raises InputError."""
    who = clean_text(counsel, "counsel", needed=True)
    check_visible(who or "", field="counsel")
    with proceedings_action(actor, row.person, "counsel_named") as act:
        act.save(row, changes={"counsel": who, "counsel_at": clock.now()})


def record_act(
    *, actor: Actor, person: Person, text: str, with_counsel: bool, purpose: Purpose = PURPOSE
) -> CompelledAct:
    """Write down with the person's counsel what they may have been compelled to.

    Raises DeniedError without counsel and in a screening; InputError before counsel is known.
    """
    said = clean_text(text, "text", needed=True)
    row = CompelledAct(
        **_about(person), with_counsel=with_counsel, entered_at=clock.now(), entered_by=actor.id
    )
    with (
        open_vault(),
        action(
            actor=actor,
            code="compelled_acts.record",
            purpose=purpose,
            resource=act_as_asked(row, person),
            subject=person.pk,
        ) as done,
    ):
        known = NonPunishment.objects.filter(person=person).exclude(counsel_at=None)
        if not known.exists():
            raise InputError.at(Message("apps.proceedings:counsel-first"), field="with_counsel")
        row.words = said
        done.create(row)
    return row


def review_act(*, actor: Actor, act: CompelledAct, text: str, may_leave: bool) -> None:
    """Somebody else than who wrote it down has looked at it, and says whether it may leave.

    What must not leave stays, and somebody else can look at it again later; what the review before
    it said is kept. Raises DeniedError, InputError.
    """
    said = clean_text(text, "text", needed=True)
    with (
        open_vault(),
        action(
            actor=actor,
            code="compelled_acts.review",
            purpose=PURPOSE,
            resource=act_as_asked(act, act.person),
            subject=act.person_id,
        ) as done,
    ):
        CompelledAct.objects.select_for_update().get(pk=act.pk)
        act.refresh_from_db()
        if act.may_leave:
            raise InputError.at(Message("apps.proceedings:reviewed-already"))
        if said_no(act, actor):
            raise InputError.at(Message("apps.proceedings:again-by-another"))
        done.note(may_leave=may_leave)
        _keep_review(done, act)
        act.reviewed_by, act.reviewed_at, act.review = actor.id, clock.now(), said
        act.may_leave = may_leave
        act.save()


def said_no(act: CompelledAct, actor: Actor) -> bool:
    """Whether it stays because of this reviewer, who does not lift their own no alone."""
    return act.may_leave is False and act.reviewed_by == actor.id


def _keep_review(done: Act, act: CompelledAct) -> None:
    """What the review that stands said, before another stands in its place."""
    if act.reviewed_by is None or act.reviewed_at is None:
        return
    row = EarlierReview(
        **_about(act.person),
        act=act,
        may_leave=act.may_leave,
        at=act.reviewed_at,
        by=act.reviewed_by,
    )
    row.words = act.review
    done.create(row)


def disclose_act(*, actor: Actor, act: CompelledAct, recipient: Recipient) -> tuple[str, Disclosed]:
    """Send one act to counsel or a court: what is handed over, and the disclosure.

    After a review by another that lets it leave, by somebody who did not review it, with a fresh
    second factor, under an agreement and the person's consent or another basis.
    Raises DeniedError, InputError.
    """
    if recipient.kind not in TO:
        raise InputError.at(Message("apps.proceedings:to-justice-alone"), field="recipient")
    with (
        open_vault(),
        action(
            actor=actor,
            code="compelled_acts.disclose",
            purpose=PURPOSE,
            resource=act_as_asked(act, act.person),
            subject=act.person_id,
        ),
    ):
        sent = disclose_fields(
            actor=actor,
            purpose=PURPOSE,
            person=act.person,
            recipient=recipient,
            fields=SHARED,
        )
        ActDisclosed.objects.create(
            **_about(act.person), act=act, sharing=sent.sharing, at=clock.now(), by=actor.id
        )
        return act.words or "", sent


@contextmanager
def proceedings_reading(actor: Actor, person: Person) -> Iterator[None]:
    """What stands in the proceedings, readable within it, on the record. Raises DeniedError."""
    with (
        reading(
            actor=actor,
            code=READ,
            purpose=PURPOSE,
            resource=proceedings_of(person),
            subject=person.pk,
        ),
        open_vault(),
    ):
        yield


def act_as_asked(act: CompelledAct, person: Person) -> Resource:
    """An act, as the charter sees it: a review that does not let it leave opens nothing."""
    lets = act.may_leave and act.reviewed_by
    reviewers: frozenset[UUID] = frozenset({lets}) if lets else frozenset()
    facts: dict[str, Value] = {
        **PERSON.resource(person).facts,
        "with_counsel": act.with_counsel,
        "entered_by": frozenset({act.entered_by}),
        "reviewed_by": reviewers,
    }
    return Resource("CompelledAct", act.pk, facts)


def clean_text(text: str, field: str, *, needed: bool = False) -> str | None:
    """What somebody wrote. Raises InputError where it is missing and needed, or too long."""
    found = text.strip()
    if needed and not found:
        raise InputError.at(Message("apps.proceedings:words-missing"), field=field)
    if len(found) > LONGEST:
        raise InputError.at(Message("apps.proceedings:words-long", {"most": LONGEST}), field=field)
    return found or None


def _about(person: Person) -> dict[str, Any]:
    return {"organisation_id": person.organisation_id, "person": person}


def _one_of(value: str, codes: list[str], field: str) -> None:
    if value not in codes:
        raise InputError.at(Message("apps.proceedings:choose-one"), field=field)

"""Whom a child looks for, who is never asked, and what goes to a tracing body."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from marfa.apps.agreements.models import Recipient
from marfa.apps.best_interests.models.agreement import Agreement
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    check_together,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.apps.consents.actions.disclosures import Disclosed, disclose_fields
from marfa.apps.tracing.actions.agreements import agreement_columns
from marfa.apps.tracing.models import NeverThrough, TracingRequest, TracingShare
from marfa.apps.tracing.models.enquiries import RELATIONSHIPS
from marfa.apps.tracing.models.requests import FEARED, TRACING_BODIES
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import together
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

State = TracingRequest.State


@dataclass(frozen=True)
class Fear:
    """Through whom nobody may trace. recipient: where they are one of our recipients."""

    party: str
    said_by: str
    text: str
    recipient: Recipient | None = None


def open_request(
    *, actor: Actor, case: Case, kind: str, name: str, text: str = ""
) -> TracingRequest:
    """Somebody in our care looks for a relative. Nothing leaves by that. Raises DeniedError,
    InputError."""
    said: list[str | None] = []
    check_together(
        lambda: require_choice(kind, RELATIONSHIPS, field="kind"),
        lambda: said.append(clean_text(name, field="name", needed=True)),
        lambda: said.append(clean_text(text, field="text")),
    )
    with case_action(actor, case, "open_tracing") as act:
        row = TracingRequest(
            **case_columns(case), kind=kind, opened_at=clock.now(), opened_by=actor.id
        )
        create_case_row(act, row, name=said[0], words=said[1])
    return row


def end_request(*, actor: Actor, request: TracingRequest, state: str, text: str) -> None:
    """It is over: found, not found, or the person wants no more of it. Raises DeniedError,
    InputError."""
    ends = [each for each in State.values if each != State.OPEN]
    require_choice(state, ends, field="state")
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, request.case, "end_tracing", closed_too=True) as act:
        request.refresh_from_db()
        _must_be_open(request)
        now = clock.now()
        change_case_row(act, request, state=state, ended_at=now, ended_by=actor.id, outcome=said)


def record_fear(*, actor: Actor, case: Case, fear: Fear) -> NeverThrough:
    """Write down through whom nobody may trace. It is never taken back. Raises DeniedError,
    InputError."""
    said: list[str | None] = []
    check_together(
        lambda: require_choice(fear.party, FEARED, field="party"),
        lambda: require_choice(fear.said_by, NeverThrough.SaidBy.values, field="said_by"),
        lambda: said.append(clean_text(fear.text, field="text", needed=True)),
    )
    with case_action(actor, case, "record_fear") as act:
        row = NeverThrough(
            **case_columns(case),
            party=fear.party,
            recipient=fear.recipient,
            said_by=fear.said_by,
            at=clock.now(),
            by=actor.id,
        )
        create_case_row(act, row, words=said[0])
    return row


def share_request(
    *,
    actor: Actor,
    request: TracingRequest,
    recipient: Recipient,
    fields: Collection[str],
    agreement: Agreement | None,
) -> Disclosed:
    """Give something of a person to a tracing body, such as the Red Cross and Red Crescent, with a
    yes for this alone; and as every disclosure with a consent, an agreement and a second factor.

    Raises DeniedError; InputError for every other kind of recipient, for one whom the child or the
    family fears, and without a yes of who may give it.
    """
    if recipient.kind not in TRACING_BODIES:
        raise InputError.at(Message("apps.tracing:tracing-bodies-alone"), field="to")
    case = request.case
    with together(), case_action(actor, case, "share_tracing") as act:
        request.refresh_from_db()
        _must_be_open(request)
        if NeverThrough.objects.filter(person=case.person, recipient=recipient).exists():
            raise InputError.at(Message("apps.tracing:never-through"), field="to")
        agreed = agreement_columns(case, agreement, needed=True)
        sent = disclose_fields(
            actor=actor,
            purpose=Purpose.TRACING,
            person=case.person,
            recipient=recipient,
            fields=fields,
        )
        row = TracingShare(
            organisation_id=case.organisation_id,
            person=case.person,
            request=request,
            sharing=sent.sharing,
            body=recipient.kind,
            at=clock.now(),
            by=actor.id,
            **agreed,
        )
        create_case_row(act, row)
    return sent


def _must_be_open(request: TracingRequest) -> None:
    if request.state != State.OPEN:
        raise InputError.at(Message("apps.tracing:request-over"))

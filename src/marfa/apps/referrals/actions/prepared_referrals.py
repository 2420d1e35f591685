"""Preparing a referral for a supervisor, who sends it or gives it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from marfa.apps.cases.action_base import (
    PURPOSE,
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    lock_case,
)
from marfa.apps.cases.models import Case
from marfa.apps.consents.actions.disclosures import prepare_disclosure
from marfa.apps.handling_marks import check_recipient
from marfa.apps.referrals.actions.referrals import (
    ReferralRequest,
    SentReferral,
    check_request,
    not_asked_twice,
    send_referral,
)
from marfa.apps.referrals.conditions import check_decisions
from marfa.apps.referrals.disclosed_fields import with_what_belongs
from marfa.apps.referrals.models import PreparedReferral, Referral
from marfa.apps.referrals.prepared_referrals import (
    DECIDE,
    UNSENT,
    State,
    changes_since,
    prepared_of,
)
from marfa.apps.referrals.queries import WITHIN
from marfa.domain.message import InputError, Message, Problem
from marfa.platform import clock
from marfa.safeguards.actions import Act, action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose


def prepare_referral(
    *,
    actor: Actor,
    case: Case,
    wanted: ReferralRequest,
    instead_of: PreparedReferral | None = None,
) -> PreparedReferral:
    """Write down what is to be asked of a recipient, for a supervisor to send. Nothing leaves.

    instead_of: one that was given back, which this one replaces.
    Raises DeniedError where it could not be sent now either, with the reason; InputError as
    ``send_referral``, and where the same is prepared already.
    """
    check_request(wanted, case)
    note = clean_text(wanted.note, field="note", needed=True)
    recipient = wanted.recipient
    if recipient is None:
        raise InputError.at(Message("apps.cases:choose-one"), field="to")
    with together(), case_action(actor, case, "prepare_referral") as act:
        not_asked_twice(case, wanted)
        check_decisions(case, wanted.recipient, wanted.kind, wanted.purpose)
        _not_prepared_twice(case, wanted)
        purpose = Purpose(wanted.purpose)
        prepare_disclosure(
            actor=actor,
            purpose=purpose,
            person=case.person,
            recipient=recipient,
            fields=with_what_belongs(purpose, wanted.fields),
            opens_record=wanted.opens_record,
        )
        # After the charter, whose refusal names its rule.
        check_recipient(recipient.kind, "referral", field="to")
        if instead_of is not None:
            _must_be(instead_of, State.GIVEN_BACK)
            change_case_row(act, instead_of, state=State.REPLACED)
        now = clock.now()
        row = PreparedReferral(
            **case_columns(case),
            recipient=recipient,
            kind=wanted.kind,
            way=wanted.way,
            purpose=wanted.purpose,
            support=wanted.support if wanted.kind == Referral.Kind.REFERRAL else "",
            urgency=wanted.urgency,
            fields=sorted(wanted.fields),
            opens_record=wanted.opens_record,
            protected=case.person.protected,
            prepared_at=now,
            prepared_by=actor.id,
            due_at=now + WITHIN[wanted.urgency],
        )
        create_case_row(act, row, note=note)
        act.note(kind=row.kind, way=row.way, urgency=row.urgency)
    return row


def send_prepared_referral(*, actor: Actor, prepared: PreparedReferral) -> SentReferral:
    """Send it as it was prepared, where it still holds: all that was asked when it was prepared is
    asked again.

    Raises DeniedError for who prepared it, and where consent or an agreement is missing now;
    InputError where the case was closed, the person protected or the recipient ended since, and
    where it does not wait any more. Then nothing is sent and it waits as before.
    """
    with together(), _deciding(actor, prepared, "send") as act:
        _must_be(prepared, State.WAITING)
        if changed := changes_since(prepared):
            raise InputError(*(Problem(each) for each in changed))
        sent = send_referral(actor=actor, case=prepared.case, wanted=request_of(prepared))
        change_case_row(
            act,
            prepared,
            state=State.SENT,
            referral_id=sent.referral.pk,
            decided_at=clock.now(),
            decided_by=actor.id,
        )
    return sent


def give_back_prepared_referral(*, actor: Actor, prepared: PreparedReferral, text: str) -> None:
    """Give it back to the worker of the case, with the reason; nothing is sent. Raises DeniedError
    for who prepared it; InputError."""
    said = clean_text(text, field="text", needed=True)
    with _deciding(actor, prepared, "give_back") as act:
        _must_be(prepared, State.WAITING)
        change_case_row(
            act,
            prepared,
            state=State.GIVEN_BACK,
            decided_at=clock.now(),
            decided_by=actor.id,
            words=said,
        )


def drop_prepared_referral(*, actor: Actor, prepared: PreparedReferral) -> None:
    """Withdraw what was prepared and not sent. Raises InputError."""
    with case_action(actor, prepared.case, "drop_referral", closed_too=True) as act:
        _must_be(prepared, *UNSENT)
        change_case_row(act, prepared, state=State.DROPPED)


def request_of(row: PreparedReferral) -> ReferralRequest:
    """What was prepared, as it is sent. Within an open vault."""
    return ReferralRequest(
        kind=row.kind,
        purpose=row.purpose,
        urgency=row.urgency,
        note=row.note or "",
        fields=row.fields,
        recipient=row.recipient,
        way=row.way,
        support=row.support,
        opens_record=row.opens_record,
    )


@contextmanager
def _deciding(actor: Actor, row: PreparedReferral, step: str) -> Iterator[Act]:
    with (
        open_vault(),
        action(
            actor=actor,
            code=DECIDE,
            purpose=PURPOSE,
            resource=prepared_of(row),
            subject=row.person_id,
        ) as act,
    ):
        act.note(step=step)
        lock_case(row.case)
        yield act


def _must_be(row: PreparedReferral, *states: str) -> None:
    """Read it again, and hold that it stands so."""
    row.refresh_from_db()
    if row.state not in states:
        raise InputError.at(Message("apps.referrals:prepared-otherwise"))


def _not_prepared_twice(case: Case, wanted: ReferralRequest) -> None:
    same = PreparedReferral.objects.filter(
        case=case, recipient=wanted.recipient, kind=wanted.kind, state=State.WAITING
    )
    if wanted.kind == Referral.Kind.REFERRAL:
        same = same.filter(support=wanted.support)
    if same.exists():
        raise InputError.at(Message("apps.referrals:prepared-already"), field="to")

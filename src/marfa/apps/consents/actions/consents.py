"""Consent: recorded, refused, withdrawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marfa.apps.agreements.models import Recipient
from marfa.apps.agreements.models.recipients import PURPOSES
from marfa.apps.consents.actions.recall import close_record, stop_sharing
from marfa.apps.consents.consent_text import Shown
from marfa.apps.consents.grounds import (
    Age,
    age_of,
    current_consent,
    is_withdrawn,
    verified_guardians,
)
from marfa.apps.consents.models import Consent, Withdrawal
from marfa.apps.consents.models.consents import CIRCUMSTANCES, FOR_CHILDREN, FORMS, GIVERS
from marfa.apps.registry.models import Person, Relationship
from marfa.apps.registry.policy_records import record_of
from marfa.domain.languages import language_by_code
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

INTERPRETER = re.compile(r"[A-Za-z0-9-]{0,20}")
CODE = "records.write"


@dataclass(frozen=True)
class ConsentAnswer:
    """What was asked and how it was answered; the fields are those of ``Consent``.

    about: for which purpose. recipient: to whom; None for use by the organisation itself.
    language: code of ISO 639-3 in which it was put to the person.
    """

    about: str
    recipient: Recipient | None
    shown: Shown
    language: str
    given_by: str = "self"
    how: str = "spoken"
    circumstance: str = "free"
    understood: bool = False
    interpreter: str = ""
    guardian: Relationship | None = None
    child_view: str = ""
    no_doubt_of_age: bool = False
    opens_record: bool = False


def record_consent(
    *, actor: Actor, purpose: Purpose, person: Person, answer: ConsentAnswer
) -> Consent:
    """The person agrees, or who answers for them.

    Raises InputError where that is no consent: it is not free, not understood, said by somebody
    who may not answer, or the words shown are a draft; DeniedError.
    """
    _check_codes(answer)
    answer.shown.check(record=answer.opens_record)
    _check_free(answer)
    _check_who(answer, person, clock.now())
    return _write(actor, purpose, person, answer, Consent.Decision.GIVEN)


def refuse_consent(
    *, actor: Actor, purpose: Purpose, person: Person, answer: ConsentAnswer
) -> Consent:
    """The person says no. That is taken from anybody and in every circumstance; where a consent
    was in force, it is taken back by it. Nothing else follows: help goes on. Raises InputError
    for a code that the lists lack; DeniedError."""
    _check_codes(answer)
    return _write(actor, purpose, person, answer, Consent.Decision.REFUSED)


def withdraw_consent(
    *, actor: Actor, purpose: Purpose, consent: Consent, given_by: str = "self", how: str = "spoken"
) -> Withdrawal:
    """A consent is taken back: new sharing stops, openings end, past recipients are to be told.

    Raises InputError where it is not the newest answer, was a refusal, or was taken back before;
    DeniedError.
    """
    if given_by not in GIVERS or how not in FORMS:
        raise InputError.at(Message("apps.consents:answer-unknown"), field="given_by")
    with together():
        person = lock_person(consent.person_id)
        with action(
            actor=actor,
            code=CODE,
            purpose=purpose,
            resource=record_of(person, Withdrawal),
            subject=person.pk,
        ) as act:
            act.note(what="consent_withdrawn", about=consent.purpose, given_by=given_by)
            newest = current_consent(person.pk, consent.purpose, consent.recipient)
            if newest is None or newest.pk != consent.pk:
                raise InputError.at(Message("apps.consents:not-the-newest"))
            if newest.decision != Consent.Decision.GIVEN or is_withdrawn(newest):
                raise InputError.at(Message("apps.consents:nothing-to-withdraw"))
            return _take_back(actor, newest, given_by, how)


def _write(
    actor: Actor,
    purpose: Purpose,
    person: Person,
    answer: ConsentAnswer,
    decision: Consent.Decision,
) -> Consent:
    with together():
        held = lock_person(person.pk)
        with action(
            actor=actor,
            code=CODE,
            purpose=purpose,
            resource=record_of(held, Consent),
            subject=held.pk,
        ) as act:
            act.note(what=f"consent_{decision}", about=answer.about, given_by=answer.given_by)
            newest = current_consent(held.pk, answer.about, answer.recipient)
            refused = decision == Consent.Decision.REFUSED
            given = newest is not None and newest.decision == Consent.Decision.GIVEN
            if newest is not None and refused and given and not is_withdrawn(newest):
                _take_back(actor, newest, answer.given_by, answer.how)
            made = _consent(actor, held, answer, decision, newest)
            act.create(made)
            if not made.opens_record:
                close_record(made)
    return made


def _consent(
    actor: Actor,
    person: Person,
    answer: ConsentAnswer,
    decision: Consent.Decision,
    newest: Consent | None,
) -> Consent:
    made = Consent(
        organisation_id=person.organisation_id,
        person=person,
        purpose=answer.about,
        recipient=answer.recipient,
        decision=decision,
        given_by=answer.given_by,
        guardian=answer.guardian,
        how=answer.how,
        circumstance=answer.circumstance,
        language=language_by_code(answer.language).alpha_3,
        interpreter=answer.interpreter.strip().upper(),
        text=answer.shown.text,
        text_version=answer.shown.version,
        text_state=answer.shown.state,
        understood=answer.understood,
        no_doubt_of_age=answer.no_doubt_of_age,
        opens_record=answer.opens_record,
        at=clock.now(),
        by=actor.id,
        supersedes=newest,
    )
    if answer.child_view.strip():
        made.child_view = answer.child_view.strip()
    return made


def _take_back(actor: Actor, consent: Consent, given_by: str, how: str) -> Withdrawal:
    made = Withdrawal.objects.create(
        organisation_id=consent.organisation_id,
        person_id=consent.person_id,
        consent=consent,
        given_by=given_by,
        how=how,
        at=clock.now(),
        by=actor.id,
    )
    stop_sharing(made)
    return made


def lock_person(person: UUID) -> Person:
    """A person, whom nobody else writes about until the unit ends: a withdrawal and a disclosure
    at once come one after the other."""
    return Person.objects.select_for_update(no_key=True).get(pk=person)


def _check_codes(answer: ConsentAnswer) -> None:
    known = {
        "about": (answer.about, PURPOSES),
        "given_by": (answer.given_by, GIVERS.codes),
        "how": (answer.how, FORMS),
        "circumstance": (answer.circumstance, CIRCUMSTANCES),
    }
    for field, (code, codes) in known.items():
        if code not in codes:
            raise InputError.at(Message("apps.consents:answer-unknown"), field=field)
    if not INTERPRETER.fullmatch(answer.interpreter.strip()):
        raise InputError.at(Message("apps.consents:interpreter-code"), field="interpreter")
    language_by_code(answer.language)
    if answer.opens_record and (answer.recipient is None or answer.recipient.guest_id is None):
        raise InputError.at(Message("apps.consents:only-guests-see"), field="opens_record")


def _check_free(answer: ConsentAnswer) -> None:
    if answer.circumstance != "free":
        raise InputError.at(Message("apps.consents:consent-not-free"), field="circumstance")
    if not answer.understood:
        raise InputError.at(Message("apps.consents:consent-not-understood"), field="understood")


def _check_who(answer: ConsentAnswer, person: Person, at: datetime) -> None:
    """A child is answered for by somebody whose relationship was verified, and is heard itself."""
    age = age_of(person, at)
    if answer.given_by not in FOR_CHILDREN:
        if age is Age.CHILD:
            raise InputError.at(Message("apps.consents:child-needs-guardian"), field="given_by")
        if age is Age.NOT_KNOWN and not answer.no_doubt_of_age:
            raise InputError.at(Message("apps.consents:age-not-known"), field="no_doubt_of_age")
        return
    if age is Age.ADULT:
        raise InputError.at(Message("apps.consents:adult-answers"), field="given_by")
    guardian = answer.guardian
    if guardian is None or not verified_guardians(person.pk).filter(pk=guardian.pk).exists():
        raise InputError.at(Message("apps.consents:guardian-not-verified"), field="guardian")
    if not answer.child_view.strip():
        raise InputError.at(Message("apps.consents:child-view-needed"), field="child_view")

"""Disclosing something about a person: nothing leaves the organisation otherwise.

    sent = disclose(
        actor=actor, purpose=Purpose.ASSISTANCE, person=person, recipient=clinic
    )
    sent.values                  # what may be handed over, and no more

Every app that discloses calls it; nothing else opens a record to a guest partner.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from marfa.apps.agreements.models import DataAgreement, Recipient
from marfa.apps.agreements.queries import agreements_in_force
from marfa.apps.consents.actions.consents import lock_person
from marfa.apps.consents.disclosable_fields import disclosable_fields_for, tier_of_fields, values_of
from marfa.apps.consents.grounds import Ground, ground_of, was_taken_back
from marfa.apps.consents.models import Sharing
from marfa.apps.consents.models.consents import FOR_CHILDREN
from marfa.apps.handling_marks import check_recipient
from marfa.apps.organisations.actions import open_to_organisation
from marfa.apps.organisations.object_access import excluded_organisations
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import KIND, PERSON
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actions import action, together
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Purpose, Tier

CODE, PREPARE, OPEN_TO = "disclosures.send", "disclosures.prepare", "access.open_to"
LONGEST_OPENING = timedelta(days=183)


@dataclass(frozen=True)
class Disclosed:
    """What was sent. values: field such as ``PersonName.text`` -> what it holds; of a table with
    several rows about the person, a list. onward: whether the recipient may hand it on."""

    sharing: Sharing
    values: Mapping[str, object]
    onward: bool


def disclose_fields(
    *,
    actor: Actor,
    purpose: Purpose,
    person: Person,
    recipient: Recipient,
    fields: Collection[str] | None = None,
    opens_until: datetime | None = None,
    says_no_indication: bool = False,
) -> Disclosed:
    """Send some fields of a person to a recipient, where all that the charter asks for is there.

    fields: fewer than the purpose allows; by default all that the field register lets leave for
        it. opens_until: open the whole record to a guest partner until then, or until the
        agreement or the ground ends, whichever comes first.
    says_no_indication: what is sent says that screening found no indication.
    Raises DeniedError, with its reason, where an agreement, a ground or a fresh second factor is
    missing; InputError for fields that may not leave, a recipient that is shut out of this
    person, an opening to somebody who is no guest or that the person was not asked about, and a
    recipient of a kind to which nothing of a person may go from here.
    """
    wanted = _wanted(purpose, fields)
    with together():
        held = lock_person(person.pk)
        ground = ground_of(held, purpose, recipient)
        agreements = agreements_in_force(recipient)
        tier = Tier.SENSITIVE if opens_until else tier_of_fields(wanted)
        resource = _resource(held, recipient, agreements, ground, says_no_indication, tier)
        with action(
            actor=actor, code=CODE, purpose=purpose, resource=resource, subject=held.pk
        ) as act:
            # After the charter, whose refusal names its rule.
            check_recipient(recipient.kind, "record", field="recipient")
            _not_shut_out(held, recipient)
            if opens_until is not None:
                ground = _for_record(held, purpose, recipient, ground)
            agreement = next(each for each in agreements if purpose in each.purposes)
            made = _sharing(actor, purpose, held, recipient, agreement, ground, wanted, tier)
            if opens_until is not None:
                made.opening = _open(actor, held, made, ground, opens_until)
            act.create(made)
            act.note(
                recipient=str(recipient.pk), kind=recipient.kind, fields=len(wanted), tier=tier
            )
    return Disclosed(made, values_of(held, wanted), agreement.onward)


def prepare_disclosure(
    *,
    actor: Actor,
    purpose: Purpose,
    person: Person,
    recipient: Recipient,
    fields: Collection[str],
    opens_record: bool = False,
) -> None:
    """Hold that some fields could be sent now, by somebody else: nothing leaves, and when it is
    sent all of it is asked again. Raises as ``disclose_fields``."""
    wanted = _wanted(purpose, fields)
    with together():
        held = lock_person(person.pk)
        ground = ground_of(held, purpose, recipient)
        agreements = agreements_in_force(recipient)
        tier = Tier.SENSITIVE if opens_record else tier_of_fields(wanted)
        resource = _resource(held, recipient, agreements, ground, False, tier)
        with action(
            actor=actor, code=PREPARE, purpose=purpose, resource=resource, subject=held.pk
        ) as act:
            check_recipient(recipient.kind, "record", field="recipient")
            _not_shut_out(held, recipient)
            if opens_record:
                _for_record(held, purpose, recipient, ground)
            act.note(
                recipient=str(recipient.pk), kind=recipient.kind, fields=len(wanted), tier=tier
            )


def _wanted(purpose: Purpose, fields: Collection[str] | None) -> list[str]:
    allowed = disclosable_fields_for(purpose)
    beyond = sorted(set(fields or ()) - set(allowed))
    if beyond:
        message = Message("apps.consents:fields-stay", {"fields": ", ".join(beyond)})
        raise InputError.at(message, field="fields")
    wanted = [each for each in allowed if fields is None or each in fields]
    if not wanted:
        raise InputError.at(Message("apps.consents:nothing-leaves"), field="fields")
    return wanted


def _resource(
    person: Person,
    recipient: Recipient,
    agreements: Collection[DataAgreement],
    ground: Ground,
    says_no_indication: bool,
    tier: Tier,
) -> Resource:
    """The disclosure as the charter sees it."""
    facts = {
        **PERSON.resource(person).facts,
        "recipient": recipient.kind,
        "agreement_in_force": bool(agreements),
        "agreed_purposes": frozenset(each for one in agreements for each in one.purposes),
        "bases": frozenset({ground.basis.basis} if ground.basis else ()),
        "consent_given": ground.consent is not None,
        "consent_withdrawn": ground.withdrawn,
        "says_no_indication": says_no_indication,
        "tier": tier.value,
    }
    return Resource("Disclosure", new_id(), facts)


def _sharing(
    actor: Actor,
    purpose: Purpose,
    person: Person,
    recipient: Recipient,
    agreement: DataAgreement,
    ground: Ground,
    fields: list[str],
    tier: Tier,
) -> Sharing:
    return Sharing(
        organisation_id=person.organisation_id,
        person=person,
        recipient=recipient,
        recipient_kind=recipient.kind,
        purpose=purpose.value,
        agreement=agreement,
        consent=ground.consent,
        basis=None if ground.consent else ground.basis,
        fields=fields,
        tier=tier.value,
        at=clock.now(),
        by=actor.id,
    )


def _not_shut_out(person: Person, recipient: Recipient) -> None:
    """Nothing goes to an organisation that is shut out of this person."""
    if recipient.guest_id in excluded_organisations(KIND, person.pk):
        raise InputError.at(Message("apps.consents:recipient-shut-out"), field="recipient")


def _for_record(person: Person, purpose: Purpose, recipient: Recipient, ground: Ground) -> Ground:
    """On what the whole record may be opened: a consent to some fields is none to that, and lets
    no other ground stand in for a wider one that was taken back."""
    if ground.consent is None or ground.consent.opens_record:
        return ground
    if ground.basis is None or was_taken_back(person.pk, purpose, recipient):
        raise InputError.at(Message("apps.consents:record-not-agreed"), field="opens_until")
    return Ground(None, ground.withdrawn, ground.basis)


def _open(actor: Actor, person: Person, made: Sharing, ground: Ground, until: datetime) -> UUID:
    """Let a guest to the whole record, which the charter is asked beside the sending."""
    guest = made.recipient.guest
    if guest is None:
        raise InputError.at(Message("apps.consents:only-guests-see"), field="opens_until")
    resource = PERSON.resource(person)
    with action(actor=actor, code=OPEN_TO, purpose=Purpose(made.purpose), resource=resource):
        grant = open_to_organisation(
            organisation=guest,
            object_kind=KIND,
            object_id=person.pk,
            until=_no_longer_than(person, made.agreement, ground, until),
            owner=person.organisation_id,
        )
    return grant.pk


def open_row(*, sharing: Sharing, kind: str, key: UUID, until: datetime) -> None:
    """Open one row about the person to the guest who was sent something, and not the person's
    record. It ends when the record's opening would.

    kind, key: what the charter calls the row's object, and its key. Whoever opens it listens for
    ``SharingsEnded`` and closes it. Raises InputError where the recipient is no guest.
    """
    if sharing.recipient.guest is None:
        raise InputError.at(Message("apps.consents:only-guests-see"), field="recipient")
    open_to_organisation(
        organisation=sharing.recipient.guest,
        object_kind=kind,
        object_id=key,
        until=holds_until(sharing, until),
        owner=sharing.organisation_id,
    )


def holds_until(sharing: Sharing, until: datetime) -> datetime:
    """Until when what was sent may be shown: no longer than its agreement and ground hold."""
    ground = Ground(sharing.consent, False, sharing.basis)
    return _no_longer_than(sharing.person, sharing.agreement, ground, until)


def _no_longer_than(
    person: Person, agreement: DataAgreement, ground: Ground, until: datetime
) -> datetime:
    ends = [until, agreement.until, clock.now() + LONGEST_OPENING]
    if ground.consent is None and ground.basis is not None:
        ends.append(datetime.combine(ground.basis.review_on, time(), UTC))
    for_child = ground.consent is not None and ground.consent.given_by in FOR_CHILDREN
    if for_child and person.child_until is not None:
        # From then on the person answers for themselves.
        ends.append(datetime.combine(person.child_until, time(), UTC))
    return min(ends)

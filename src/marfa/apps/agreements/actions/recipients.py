"""Recipients of data and the agreements with them: added, ended, given a key."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from marfa.apps.agreements.events import AgreementsEnded
from marfa.apps.agreements.models import DataAgreement, Recipient
from marfa.apps.agreements.models.recipients import KINDS, PURPOSES
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.models import Organisation
from marfa.apps.validation import clean_row
from marfa.crypto.agefiles import read_age_key
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

CODE = "organisations.manage"
ADMINISTRATION = Purpose.ADMINISTRATION
LONGEST = timedelta(days=3 * 366)


def add_recipient(
    *,
    actor: Actor,
    kind: str,
    name: str = "",
    guest: Organisation | None = None,
    mail: str = "",
) -> Recipient:
    """A body outside, or a guest partner of this installation, that may be sent data.

    Raises InputError for a kind behind the firewall, a name that is missing, or a guest that is
    written down already; DeniedError.
    """
    _check_kind(kind)
    if guest is None and not name.strip():
        raise InputError.at(Message("apps.agreements:recipient-name"), field="name")
    check_visible(name.strip(), field="name")
    if guest is not None and guest.kind != Organisation.Kind.GUEST:
        raise InputError.at(Message("apps.agreements:recipient-is-us"), field="guest")
    made = Recipient(
        kind=kind,
        guest=guest,
        name="" if guest else " ".join(name.split()),
        mail=mail.strip(),
        created_at=clock.now(),
        created_by=actor.id,
    )
    with action(
        actor=actor, code=CODE, purpose=ADMINISTRATION, resource=organisation_resource()
    ) as act:
        act.note(what="recipient_added", kind=kind, key=str(made.pk))
        clean_row(made)
        act.create(made)
    return made


def set_age_key(*, actor: Actor, recipient: Recipient, key: str) -> None:
    """The public key to which packages for a body outside are encrypted; empty takes it away.

    Whoever writes it down compares its fingerprint with the recipient by voice.
    Raises InputError for what is no public key of age, and for a guest; DeniedError.
    """
    if recipient.guest_id is not None:
        raise InputError.at(Message("apps.agreements:age-key-guest"), field="age_key")
    try:
        known = read_age_key(key) if key.strip() else ""
    except ValueError:
        raise InputError.at(Message("apps.agreements:age-key"), field="age_key") from None
    with action(
        actor=actor, code=CODE, purpose=ADMINISTRATION, resource=organisation_resource()
    ) as act:
        act.note(what="recipient_key", recipient=str(recipient.pk), removed=not known)
        Recipient.objects.filter(pk=recipient.pk).update(age_key=known)
    recipient.age_key = known


def make_agreement(
    *,
    actor: Actor,
    recipient: Recipient,
    purposes: Collection[str],
    starts_at: datetime,
    until: datetime,
    onward: bool = False,
) -> DataAgreement:
    """What was agreed with a recipient. Raises InputError for no purposes, purposes that are not
    about people, or an end that does not come after the beginning; DeniedError."""
    if not purposes or set(purposes) - set(PURPOSES):
        raise InputError.at(Message("apps.agreements:agreement-purposes"), field="purposes")
    if not starts_at < until <= starts_at + LONGEST:
        raise InputError.at(Message("apps.agreements:agreement-until"), field="until")
    with action(
        actor=actor, code=CODE, purpose=ADMINISTRATION, resource=organisation_resource()
    ) as act:
        act.note(what="agreement_made", recipient=str(recipient.pk))
        return DataAgreement.objects.create(
            recipient=recipient,
            purposes=[each for each in PURPOSES if each in purposes],
            onward=onward,
            starts_at=starts_at,
            until=until,
            recorded_at=clock.now(),
            recorded_by=actor.id,
        )


def end_agreement(*, actor: Actor, agreement: DataAgreement) -> None:
    """An agreement ends now, and with it what was opened under it. Raises DeniedError."""
    with action(
        actor=actor, code=CODE, purpose=ADMINISTRATION, resource=organisation_resource()
    ) as act:
        act.note(what="agreement_ended", key=str(agreement.pk))
        DataAgreement.objects.filter(pk=agreement.pk, ended_at=None).update(ended_at=clock.now())
        publish_event(AgreementsEnded((agreement.pk,)))


def end_recipient(*, actor: Actor, recipient: Recipient) -> None:
    """Nothing is sent to a recipient any more; what was opened to it ends. Raises DeniedError."""
    with action(
        actor=actor, code=CODE, purpose=ADMINISTRATION, resource=organisation_resource()
    ) as act:
        act.note(what="recipient_ended", key=str(recipient.pk))
        Recipient.objects.filter(pk=recipient.pk, ended_at=None).update(ended_at=clock.now())
        publish_event(AgreementsEnded(tuple(recipient.agreements.values_list("pk", flat=True))))


def _check_kind(kind: str) -> None:
    if kind in KINDS:
        return
    known = kind in codelist("recipient_kinds")
    code = "recipient-behind-firewall" if known else "answer-unknown"
    raise InputError.at(Message(f"apps.agreements:{code}"), field="kind")

"""After consent is withdrawn: openings end, past recipients are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Min, QuerySet

from marfa.apps.agreements.models import Recipient
from marfa.apps.consents.events import SharingsEnded
from marfa.apps.consents.grounds import consent_counts
from marfa.apps.consents.models import Consent, RecallNotice, Sharing, Withdrawal
from marfa.apps.consents.models.consents import FORMS
from marfa.apps.consents.models.sharings import ANSWERS
from marfa.apps.organisations.actions import close_to_organisation
from marfa.apps.organisations.models import AccessGrant
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_records import record_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.platform.outbox.mail import MAIL
from marfa.platform.rowsecurity.ownership import Owner
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

TELL_WITHIN = timedelta(days=3)
LETTER = "consents.consent_withdrawn"


def stop_sharing(withdrawal: Withdrawal) -> RecallNotice | None:
    """End what was opened on a consent, and write down that its recipient is to be told; None
    where nothing had been sent. Within the transaction of the withdrawal."""
    consent = withdrawal.consent
    if consent.recipient is None:
        return None
    sent = Sharing.objects.filter(
        person_id=consent.person_id,
        purpose=consent.purpose,
        recipient=consent.recipient,
        consent__isnull=False,
    )
    end_sharings(sent)
    since = sent.aggregate(first=Min("at"))["first"]
    if since is None:
        return None
    now = clock.now()
    notice = RecallNotice.objects.create(
        organisation_id=withdrawal.organisation_id,
        person_id=withdrawal.person_id,
        withdrawal=withdrawal,
        recipient=consent.recipient,
        purpose=consent.purpose,
        since=since,
        made_at=now,
        due_at=now + TELL_WITHIN,
    )
    if consent.recipient.mail:
        owner = Owner(withdrawal.organisation_id, "Person", withdrawal.person_id)
        MAIL.post(LETTER, lane=consent.recipient.pk, owner=owner, notice=notice.pk)
    return notice


def end_sharings(sent: QuerySet[Sharing]) -> None:
    """What these disclosures opened ends now, and whoever listens is told that they rest on
    nothing any more."""
    found = list(sent.values_list("pk", "opening"))
    close_openings(opening for _key, opening in found if opening is not None)
    if found:
        publish_event(SharingsEnded(tuple(key for key, _opening in found)))


def close_record(consent: Consent) -> None:
    """End what an earlier yes to the same question opened: it was asked for less this time."""
    opened = Sharing.objects.filter(
        person=consent.person_id,
        purpose=consent.purpose,
        recipient=consent.recipient,
        consent__isnull=False,
        opening__isnull=False,
    )
    close_openings(opened.values_list("opening", flat=True))


def close_openings(openings: Iterable[UUID | None]) -> None:
    """End openings now, those that have not ended."""
    for grant in AccessGrant.objects.filter(pk__in=list(openings), until__gt=clock.now()):
        close_to_organisation(grant=grant)


def close_what_rests_on_nothing(person: Person) -> None:
    """End openings whose consent does not count any more: who answered for a child was found to
    be no parent or guardian, or the person turns out to be a child, or grown up."""
    now = clock.now()
    sent = Sharing.objects.filter(person=person, consent__isnull=False)
    ended = [
        row.pk
        for row in sent.select_related("consent__guardian")
        if row.consent is not None and not consent_counts(row.consent, person, now)
    ]
    if ended:
        end_sharings(Sharing.objects.filter(pk__in=ended))


def tell_recipient(*, actor: Actor, purpose: Purpose, notice: RecallNotice, how: str) -> None:
    """The recipient was told. Raises InputError where it had been told before; DeniedError."""
    if how not in FORMS:
        raise InputError.at(Message("apps.consents:answer-unknown"), field="how")
    person = Person.objects.get(pk=notice.person_id)
    with action(
        actor=actor,
        code="records.write",
        purpose=purpose,
        resource=record_of(person, RecallNotice),
        subject=person.pk,
    ) as act:
        act.note(what="recipient_told", how=how)
        row = RecallNotice.objects.filter(pk=notice.pk, told_at=None)
        if not row.update(told_at=clock.now(), told_how=how, told_by=actor.id):
            raise InputError.at(Message("apps.consents:told-before"), field="how")


def note_answer(*, actor: Actor, purpose: Purpose, notice: RecallNotice, answer: str) -> None:
    """What the recipient says it did. Raises InputError where it was not told yet; DeniedError."""
    if answer not in ANSWERS:
        raise InputError.at(Message("apps.consents:answer-unknown"), field="answer")
    person = Person.objects.get(pk=notice.person_id)
    with action(
        actor=actor,
        code="records.write",
        purpose=purpose,
        resource=record_of(person, RecallNotice),
        subject=person.pk,
    ) as act:
        act.note(what="recipient_answered", answer=answer)
        row = RecallNotice.objects.filter(pk=notice.pk, told_at__isnull=False)
        if not row.update(answer=answer, answered_at=clock.now()):
            raise InputError.at(Message("apps.consents:not-told-yet"), field="answer")


def recipient_of(notice: UUID) -> Recipient | None:
    """Who a notice is for, while it waits."""
    found = RecallNotice.objects.filter(pk=notice, answered_at=None).select_related("recipient")
    row = found.first()
    return row.recipient if row else None

"""What the pages about consent show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.organisations.queries import actor_of
from marfa.apps.organisations.records import of_the_installation, the_controller
from marfa.apps.people.consenting import counts, current_consents, is_withdrawn
from marfa.apps.people.consents.words import fields_in_words, label, recipient_name
from marfa.apps.people.models import (
    Consent,
    DataAgreement,
    LegalBasisRecord,
    Person,
    RecallNotice,
    Recipient,
    Sharing,
)
from marfa.apps.people.seen import about
from marfa.apps.people.standing import PERSON
from marfa.apps.registry import Urgency, WorkItem
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.asking import Value
from marfa.safeguards.charter.deciding import decide
from marfa.safeguards.charter.visible import visible
from marfa.safeguards.words import Purpose, Role

SOON = timedelta(days=30)
WORKERS = {Role.CASE_WORKER, Role.SUPERVISOR}


@dataclass(frozen=True)
class ShownAnswer:
    """One answer as it stands now. state: agreed, refused, withdrawn, or counting no more."""

    row: Consent
    about: str
    recipient: str
    state: str

    @property
    def can_be_withdrawn(self) -> bool:
        return self.state in ("given", "void")


@dataclass(frozen=True)
class ShownSharing:
    """One disclosure in words."""

    row: Sharing
    about: str
    recipient: str
    fields: list[str]


def answers_of(person: Person) -> list[ShownAnswer]:
    """The newest answer to each question."""
    now = clock.now()
    return [
        ShownAnswer(row, label("purposes", row.purpose), recipient_name(row.recipient), state)
        for row in current_consents(person.pk)
        for state in [_state(row, person, now)]
    ]


def _state(row: Consent, person: Person, at: datetime) -> str:
    if row.decision == Consent.Decision.REFUSED:
        return "refused"
    if is_withdrawn(row):
        return "withdrawn"
    return "given" if counts(row, person, at) else "void"


def sharings_of(person: Person, consent: Consent | None = None) -> list[ShownSharing]:
    """What was disclosed of a person, the newest first; on one consent's question alone."""
    found = Sharing.objects.filter(person=person).select_related("recipient__guest")
    if consent is not None:
        found = found.filter(purpose=consent.purpose, recipient=consent.recipient)
    return [
        ShownSharing(
            row,
            label("purposes", row.purpose),
            recipient_name(row.recipient),
            fields_in_words(row.fields),
        )
        for row in found.order_by("-at", "-pk")
    ]


def bases_of(person: Person) -> QuerySet[LegalBasisRecord]:
    """Other grounds, the newest first."""
    found = LegalBasisRecord.objects.filter(person=person)
    return found.select_related("recipient__guest").order_by("-at", "-pk")


def recipients_in_use() -> QuerySet[Recipient]:
    """Recipients that may still be named, by name."""
    still = Q(guest=None) | Q(guest__ended_at=None)
    return (
        Recipient.objects.filter(still, ended_at=None)
        .select_related("guest")
        .order_by("name", "guest__name", "pk")
    )


def recipient_called(reference: str) -> Recipient | None:
    """A recipient that may still be named."""
    return recipients_in_use().filter(reference=reference).first()


def may_send(actor: Actor, person: Person) -> bool:
    """Whether somebody has a role to disclose here, whatever the rest of it is."""
    there = {person.site_id, person.team_id, None}
    return any(
        held.role is Role.SUPERVISOR
        and held.organisation == person.organisation_id
        and {held.site, held.team} <= there
        for held in actor.roles
    )


def notices_for(actor: Actor) -> QuerySet[RecallNotice]:
    """Notices that somebody can do something about: of people whom they see, and those that were
    written to the guest partner for which they work. What waits stands first."""
    if not actor.role_names & WORKERS:
        return RecallNotice.objects.none()
    here = Q(organisation__in=actor.organisations)
    own = Q(about(visible(PERSON, actor) & here))
    received = Q(recipient__guest__in=actor.organisations)
    found = RecallNotice.objects.filter(own | received).select_related(
        "recipient__guest", "organisation"
    )
    return found.order_by("answered_at", "due_at", "pk")


def waiting_notices(user: User) -> Iterable[WorkItem]:
    """For "My work": recipients that are to be told, and what one's own organisation is told."""
    if not RecallNotice.objects.filter(answered_at=None).exists():
        return
    actor = actor_of(user)
    open_ones = notices_for(actor).filter(answered_at=None)
    for notice in open_ones.filter(organisation__in=actor.organisations, told_at=None)[:20]:
        yield WorkItem(
            text=_("Tell a recipient that consent was taken back"),
            url=reverse("consents:notice", args=[notice.reference]),
            urgency=Urgency.DUE,
            due=notice.due_at,
            about=recipient_name(notice.recipient),
        )
    for notice in open_ones.exclude(organisation__in=actor.organisations)[:20]:
        yield WorkItem(
            text=_("Somebody took back the consent on which you received data"),
            url=reverse("consents:notice", args=[notice.reference]),
            urgency=Urgency.URGENT,
            due=notice.due_at,
            where=notice.organisation.name,
        )


def agreements_ending(at: datetime | None = None) -> QuerySet[DataAgreement]:
    """Agreements that end within thirty days, the next first."""
    moment = at or clock.now()
    return (
        DataAgreement.objects.filter(ended_at=None, until__gt=moment, until__lte=moment + SOON)
        .filter(recipient__ended_at=None)
        .order_by("until", "pk")
    )


def may_see_recipients(actor: Actor) -> bool:
    """Whether the list of recipients is theirs to read."""
    return decide(actor, "registers.read", of_the_installation("Register")).allowed


def may_change_recipients(actor: Actor) -> bool:
    """Whether somebody may write recipients and agreements down."""
    asked: dict[str, Value] = {"on_record": True, "purpose": Purpose.ADMINISTRATION.value}
    return decide(actor, "organisations.manage", the_controller(), asked).allowed


def ending_agreements(user: User) -> Iterable[WorkItem]:
    """For "My work" of who looks after agreements: those that end within thirty days."""
    ends = list(agreements_ending().values_list("until", flat=True))
    if not ends or not may_see_recipients(actor_of(user)):
        return
    yield WorkItem(
        text=ngettext(
            "%(count)d agreement on data ends within thirty days",
            "%(count)d agreements on data end within thirty days",
            len(ends),
        )
        % {"count": len(ends)},
        url=reverse("consents:recipients"),
        urgency=Urgency.DUE,
        due=ends[0],
    )

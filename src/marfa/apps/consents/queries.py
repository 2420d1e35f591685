"""Questions about consents and disclosures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from marfa.apps.agreements.labels import code_label, recipient_name
from marfa.apps.consents.grounds import consent_counts, current_consents, is_withdrawn
from marfa.apps.consents.labels import fields_in_words
from marfa.apps.consents.models import Consent, LegalBasisRecord, RecallNotice, Sharing
from marfa.apps.manifest import Waiting
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.visibility import about_people_where
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role

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
        ShownAnswer(row, code_label("purposes", row.purpose), recipient_name(row.recipient), state)
        for row in current_consents(person.pk)
        for state in [_state(row, person, now)]
    ]


def _state(row: Consent, person: Person, at: datetime) -> str:
    if row.decision == Consent.Decision.REFUSED:
        return "refused"
    if is_withdrawn(row):
        return "withdrawn"
    return "given" if consent_counts(row, person, at) else "void"


def sharings_of(person: Person, consent: Consent | None = None) -> list[ShownSharing]:
    """What was disclosed of a person, the newest first; on one consent's question alone."""
    found = Sharing.objects.filter(person=person).select_related("recipient__guest")
    if consent is not None:
        found = found.filter(purpose=consent.purpose, recipient=consent.recipient)
    return [
        ShownSharing(
            row,
            code_label("purposes", row.purpose),
            recipient_name(row.recipient),
            fields_in_words(row.fields),
        )
        for row in found.order_by("-at", "-pk")
    ]


def bases_of(person: Person) -> QuerySet[LegalBasisRecord]:
    """Other grounds, the newest first."""
    found = LegalBasisRecord.objects.filter(person=person)
    return found.select_related("recipient__guest").order_by("-at", "-pk")


def may_send(actor: Actor, person: Person) -> bool:
    """Whether somebody has a role to disclose here, whatever the rest of it is."""
    there = {person.site_id, person.team_id, None}
    return any(
        held.role is Role.SUPERVISOR
        and held.organisation == person.organisation_id
        and {held.site, held.team} <= there
        for held in actor.roles
    )


def notices_waiting(actor: Actor) -> Waiting:
    """How many notices nobody has answered."""
    rows = notices_for(actor).filter(answered_at=None).order_by()
    return Waiting(rows.count(), rows.filter(due_at__lte=clock.now()).count())


def notices_for(actor: Actor) -> QuerySet[RecallNotice]:
    """Notices that somebody can do something about: of people whom they see, and those that were
    written to the guest partner for which they work. What waits stands first."""
    if not actor.role_names & WORKERS:
        return RecallNotice.objects.none()
    here = Q(organisation__in=actor.organisations)
    own = Q(about_people_where(visibility_condition(PERSON, actor) & here))
    received = Q(recipient__guest__in=actor.organisations)
    found = RecallNotice.objects.filter(own | received).select_related(
        "recipient__guest", "organisation"
    )
    return found.order_by("answered_at", "due_at", "pk")

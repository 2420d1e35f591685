"""Questions about sealed notes and the people around them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations import object_access
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.queries import actor_of, data_controller, grants_in_force
from marfa.apps.sealed_records.models import SealedNote
from marfa.safeguards.actor import Actor
from marfa.safeguards.audit.models import Entry
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.sealed import queries as sealed
from marfa.safeguards.sealed.keyholders import holders_among
from marfa.safeguards.sealed.models import OpeningRequest, SealedRecord
from marfa.safeguards.sealed.policy_facts import Standing
from marfa.safeguards.words import Purpose, Role

NOTE = "note"
KIND = "SealedRecord"
WORKING = (Role.CASE_WORKER, Role.INVESTIGATOR)
HOLDING = (*WORKING, Role.SUPERVISOR)
SHOWN = 200


def note_standing(organisation: UUID, record: UUID | None, holders: Collection[UUID]) -> Standing:
    """The facts of a note for the charter: who holds a share works on it.

    record: None while it is being sealed.
    """
    nobody: frozenset[UUID] = frozenset()
    facts: dict[str, Value] = {
        "organisation": organisation,
        "protected": False,
        "erased": False,
        "assigned": frozenset(holders),
        "granted": object_access.organisations_let_to(KIND, record) if record else nobody,
        "excluded": object_access.excluded_users(KIND, record) if record else nobody,
        "excluded_places": object_access.excluded_organisations(KIND, record) if record else nobody,
    }
    return facts


def standing_of(record: SealedRecord) -> Standing:
    """Where the sealed record of a note stands."""
    organisation = SealedNote.objects.values_list("organisation_id", flat=True).get(record=record)
    return note_standing(organisation, record.pk, sealed.holders_of(record))


def account_of(actor: Actor) -> Resource:
    """The actor's own account, as the charter sees it."""
    keeper = data_controller().pk
    own = min(actor.organisations, default=keeper)
    facts: dict[str, Value] = {"organisation": own, "controller": keeper, "holder": actor.id}
    return Resource("Account", actor.id, facts)


def log_resource() -> Resource:
    """The log of the installation, as the charter sees it."""
    keeper = data_controller().pk
    return Resource("Log", keeper, {"controller": keeper})


def purpose_of(actor: Actor) -> Purpose:
    """For what somebody opens what is sealed: investigators for evidence, others to help."""
    return Purpose.EVIDENCE if Role.INVESTIGATOR in actor.role_names else Purpose.ASSISTANCE


def works_for(actor: Actor) -> QuerySet[Organisation]:
    """Organisations for which somebody may seal notes."""
    keys = {held.organisation for held in actor.roles if held.role in WORKING}
    return Organisation.objects.filter(pk__in=keys).order_by("kind", "name")


def may_hold(organisation: UUID) -> QuerySet[User]:
    """People of an organisation to whom a note can be sealed: they have a role for it and keys."""
    roles = [role.value for role in HOLDING]
    working = grants_in_force().filter(organisation=organisation, role__in=roles)
    with_keys = holders_among(frozenset(working.values_list("user_id", flat=True)))
    return User.objects.filter(pk__in=with_keys, is_active=True).order_by("display_name", "pk")


def notes_held(actor: Actor) -> QuerySet[SealedNote]:
    """Notes of which somebody holds a share, and that they may know of, the newest first."""
    held = SealedNote.objects.filter(record__shares__staff=actor.id)
    held = held.filter(record__in=_known_to(actor.id, actor.organisations))
    return held.select_related("record").order_by("-made_at")


def requests_seen(actor: Actor) -> QuerySet[OpeningRequest]:
    """Requests that concern somebody, and that they may know of, with their notes."""
    found = sealed.requests_concerning(actor.id).filter(
        record__in=_known_to(actor.id, actor.organisations)
    )
    return found.select_related("record__note")


def requests_to_answer(user: UUID, organisations: Collection[UUID]) -> QuerySet[OpeningRequest]:
    """Requests of others that wait for somebody, and that they may know of."""
    return sealed.to_answer(user).filter(record__in=_known_to(user, organisations))


def _known_to(user: UUID, organisations: Collection[UUID]) -> QuerySet[Any, UUID]:
    """Keys of the sealed records that belong or are open to organisations for which somebody
    works now, but for those that they are shut out of. A share alone, which stays after a role has
    ended, makes nobody know of them."""
    opened = object_access.openings_in_force(KIND).filter(organisation__in=organisations)
    shut = object_access.objects_shut_to(user, organisations, KIND)
    theirs = Q(organisation__in=organisations) | Q(record__in=opened.values("object_id"))
    found = SealedNote.objects.filter(theirs).exclude(record__in=shut.values("object_id"))
    return found.values_list("record_id", flat=True)


def names_of(staff: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names that colleagues see, by key."""
    found = User.objects.filter(pk__in={key for key in staff if key})
    return dict(found.values_list("pk", "display_name"))


@dataclass(frozen=True)
class SealedEvent:
    """One line of who did what to what is sealed. note: its code, where there is one."""

    at: datetime
    action: str
    outcome: str
    who: str
    note: str

    @property
    def said(self) -> object:
        """What was done, in words."""
        return SAID.get(self.action, self.action)

    @property
    def ended(self) -> object:
        """How it ended, in words."""
        return ENDED.get(self.outcome, self.outcome)


SAID = {
    "sealed.seal": _("sealed"),
    "sealed.ask": _("asked"),
    "sealed.approve": _("agreed"),
    "sealed.withdraw": _("declined or withdrew"),
    "sealed.open": _("opened"),
}
ENDED = {"done": _("done"), "denied": _("refused"), "failed": _("failed")}


def read_log_entries() -> list[SealedEvent]:
    """The newest entries of the log about sealed records. Reading them is an entry too."""
    found = Entry.objects.filter(object_kind=KIND, action__in=SAID)
    entries = list(found.order_by("-at", "-place")[:SHOWN])
    names = names_of(entry.actor_id for entry in entries)
    codes = dict(
        SealedNote.objects.filter(record__in=[entry.object_id for entry in entries]).values_list(
            "record_id", "code"
        )
    )
    return [
        SealedEvent(
            entry.at,
            entry.action,
            entry.outcome,
            names.get(entry.actor_id, ""),
            codes.get(entry.object_id, "") if entry.object_id else "",
        )
        for entry in entries
    ]


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Requests of others that somebody can answer."""
    if not sealed.to_answer(user.pk).exists():
        return
    for request in requests_to_answer(user.pk, actor_of(user).organisations):
        yield WorkItem(
            text=_("A colleague asks to open a sealed note"),
            url=reverse("sealedtier:request", args=[request.reference]),
            urgency=Urgency.WAITING,
            due=request.expires_at,
        )

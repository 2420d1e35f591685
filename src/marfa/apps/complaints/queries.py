"""Questions about complaints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext

from marfa.apps.accounts.models import User
from marfa.apps.complaints.models import Complaint, SealedAnswer
from marfa.apps.complaints.policy_facts import KIND, resource_of
from marfa.apps.manifest import Urgency, Waiting, WorkItem
from marfa.apps.name_search.search_watch import note_search
from marfa.apps.name_search.searchers import owner_of, site_of
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.queries import actor_of, data_controller, grants_in_force
from marfa.apps.organisations.workplaces import places_of, sites_where
from marfa.domain.codes import parse_code
from marfa.platform import clock
from marfa.platform.limits.limiter import Limit
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource, Value
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose, Role

ASKED: dict[str, Value] = {"on_record": True, "purpose": Purpose.COORDINATION.value}
SHOWN = 200
WITH_PEOPLE = frozenset({Role.RECEPTION_OFFICER, Role.CASE_WORKER, Role.SUPERVISOR})
BY_CODE = Limit("complaints.code", burst=10, interval=timedelta(minutes=1))


@dataclass(frozen=True)
class Opened:
    """A complaint with what is sealed in it. notes: when, what."""

    complaint: Complaint
    text: str
    contact: str
    notes: list[tuple[datetime, str]]


def any_complaint(*_args: object, **_kwargs: object) -> Resource:
    """A complaint to the installation about no one place, for the menu."""
    return Resource(KIND, "any", {"organisation": data_controller().pk, "excluded": frozenset()})


def may_read(actor: Actor, complaint: Complaint) -> bool:
    """Whether it is theirs to read; asking leaves no entry."""
    return decide(actor, "complaints.read", resource_of(complaint), ASKED).allowed


def readable_complaints(actor: Actor, *, open_only: bool = False) -> list[Complaint]:
    """The newest complaints that somebody may read, those that wait first."""
    found = Complaint.objects.filter(organisation__in=actor.organisations)
    if open_only:
        found = found.exclude(state=Complaint.State.SETTLED)
    found = found.select_related("site").prefetch_related("named")
    rows = found.order_by("settled_at", "due_at")[:SHOWN]
    named = {row.pk: [each.account for each in row.named.all()] for row in rows}
    return [
        row
        for row in rows
        if decide(actor, "complaints.read", resource_of(row, named[row.pk]), ASKED).allowed
    ]


def complaints_waiting(actor: Actor) -> Waiting:
    """How many complaints somebody may read that are not settled."""
    rows = readable_complaints(actor, open_only=True)
    return Waiting(len(rows), sum(row.due_at <= clock.now() for row in rows))


@contextmanager
def reading_complaint(*, actor: Actor, complaint: Complaint) -> Iterator[Opened]:
    """One complaint, on the record; what hangs on it is read within. Raises DeniedError."""
    with (
        reading(
            actor=actor,
            code="complaints.read",
            purpose=Purpose.COORDINATION,
            resource=resource_of(complaint),
        ),
        open_vault(),
    ):
        notes = [(each.written_at, each.text or "") for each in complaint.notes.order_by("pk")]
        yield Opened(complaint, complaint.text or "", complaint.contact or "", notes)


def open_complaint(*, actor: Actor, complaint: Complaint) -> Opened:
    """One complaint by itself, on the record. Raises DeniedError."""
    with reading_complaint(actor=actor, complaint=complaint) as opened:
        return opened


def told_in_private(actor: Actor) -> list[SealedAnswer]:
    """Where somebody said in private that who gives aid takes advantage of it, the newest month
    first and within a month by place: nobody is named, and no day leads to a conversation. Those of
    places where the actor works with people, or over them, are left out: they see who was spoken
    with. On the record. Raises DeniedError."""
    over = places_of(actor, WITH_PEOPLE).organisations
    at = list(sites_where(actor, WITH_PEOPLE, by_team=True))
    rows = SealedAnswer.objects.filter(organisation__in=actor.organisations - over)
    rows = rows.exclude(site__in=at).select_related("site")
    rows = rows.order_by(TruncMonth("said_on").desc(), "site__name", "pk")
    mine = [
        row for row in rows if decide(actor, "complaints.read", resource_of(row, ()), ASKED).allowed
    ]
    with (
        reading(
            actor=actor,
            code="complaints.read",
            purpose=Purpose.COORDINATION,
            resource=any_complaint(),
        ) as act,
        open_vault(),
    ):
        act.count(len(mine))
        return [row for row in mine if row.answer == "yes"][:SHOWN]


def count_readers(organisation: Organisation, site: Site | None) -> int:
    """How many people there are who would read a complaint about a place."""
    row = Complaint(organisation=organisation, site=site)
    held = grants_in_force().filter(
        organisation=organisation, role=Role.FOCAL_POINT.value, site=None, team=None
    )
    people = User.objects.filter(pk__in=held.values("user_id"), is_active=True)
    resource = resource_of(row, ())
    return sum(
        decide(actor_of(user), "complaints.read", resource, ASKED).allowed for user in people
    )


def state_by_code(text: str, actor: Actor) -> Complaint.State | None:
    """What became of a complaint, for who has its code; None where there is none.

    It is written down like a search, whether there is one or not, and never which: whoever tries
    codes is noticed, and nobody learns who asked about what. Raises InputError for what is no code.
    """
    code = parse_code(text)
    found = Complaint.objects.filter(code=code, organisation__in=list(actor.organisations))
    state = found.values_list("state", flat=True).first()
    note_search(
        searcher=actor.id,
        organisation=owner_of(actor).pk,
        site=site_of(actor),
        found=0 if state is None else 1,
        met=(),
    )
    return None if state is None else Complaint.State(state)


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Complaints that somebody can answer and that nobody has settled."""
    for row in readable_complaints(actor_of(user), open_only=True):
        yield WorkItem(
            text=gettext("A complaint waits for an answer"),
            url=reverse("complaints:one", args=[row.reference]),
            urgency=Urgency.DUE,
            due=row.due_at,
            where=row.site.name if row.site else "",
            zone=row.site.time_zone if row.site else "",
        )

"""Questions about protection: the row that tells of it, who stays, and what waits for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.organisations.objects import assigned_users
from marfa.apps.organisations.queries import actor_of, grants_in_force
from marfa.apps.people.models import Person, Protection
from marfa.apps.people.seen import about
from marfa.apps.people.standing import KIND, PERSON
from marfa.apps.registry import Urgency, WorkItem
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.charter.asking import Resource, Value
from marfa.safeguards.charter.deciding import decide
from marfa.safeguards.charter.visible import visible
from marfa.safeguards.words import Purpose, Role

PROTECTING = frozenset({Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT})
"""Nobody else has anything to do with protection, so that most pages ask nothing."""

ASKED: dict[str, Value] = {"on_record": True, "purpose": Purpose.ASSISTANCE.value}
MOST = 20


def may_protect(actor: Actor, resource: Resource) -> bool:
    """Whether the charter lets an actor protect a person, or look after their protection."""
    return decide(actor, "people.protect", resource, ASKED).allowed


def protection_of(person: Person) -> Protection:
    """The row of a protection that holds. Raises InputError where there is none."""
    row = Protection.objects.filter(person=person, ended_at=None).select_related("person__site")
    found = row.first()
    if found is None:
        raise InputError.at(Message("apps.people:not-protected"))
    return found


@dataclass(frozen=True)
class Colleagues:
    """staying: assigned, and the charter shows them the person, protected or not. possible: it
    would, if they were assigned."""

    staying: list[User]
    possible: list[User]


def colleagues_of(person: Person) -> Colleagues:
    """Who stays with a person and who may; as many queries for many colleagues as for few."""
    held = grants_in_force().filter(organisation=person.organisation_id, role__in=PROTECTING)
    roles: dict[User, set[HeldRole]] = defaultdict(set)
    for grant in held.filter(user__is_active=True).select_related("user"):
        place = (grant.organisation_id, grant.site_id, grant.team_id)
        roles[grant.user].add(HeldRole(Role(grant.role), *place))
    resource = PERSON.resource(person)
    seeing = [user for user, their in roles.items() if _would_see(user, their, resource)]
    seeing.sort(key=lambda user: (user.display_name, user.pk))
    assigned = assigned_users(KIND, person.pk)
    return Colleagues(
        [user for user in seeing if user.pk in assigned],
        [user for user in seeing if user.pk not in assigned],
    )


def _would_see(user: User, roles: Iterable[HeldRole], resource: Resource) -> bool:
    """Whether the charter would show a person to somebody, were both assigned and protected."""
    facts = {**resource.facts, "protected": True, "assigned": frozenset({user.pk})}
    actor = Actor(user.pk, ActorKind.PERSON, frozenset(roles))
    return decide(actor, "people.see", Resource(KIND, resource.id, facts), {}).allowed


def waiting(user: User) -> Iterable[WorkItem]:
    """Under "My work" of who stays with protected people: what is to be looked at again, and what
    somebody else asked; that it is about protection stands behind the link alone."""
    actor = actor_of(user)
    if not actor.role_names & PROTECTING:
        return
    today = clock.now().date()
    asked = Q(asked_by__isnull=False) & ~Q(asked_by=actor.id)
    rows = Protection.objects.filter(asked | Q(review_on__lte=today), ended_at=None)
    if not rows.exists():
        return
    seen = about(visible(PERSON, actor, "people.protect", ASKED) & Q(protected=True))
    found = rows.filter(seen).select_related("person").order_by("review_on", "pk")
    for row in found[:MOST]:
        yield _item(row, today)


def _item(row: Protection, today: date) -> WorkItem:
    asked = row.asked_by is not None
    return WorkItem(
        text=_("A colleague asks you to decide with them")
        if asked
        else _("A decision is to be looked at again"),
        url=reverse("people:protection", args=[row.person.reference]),
        urgency=Urgency.URGENT if asked or row.review_on < today else Urgency.DUE,
    )

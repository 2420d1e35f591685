"""Questions about organisations, sites and roles."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, Urgency, Waiting, WorkItem
from marfa.apps.organisations.models import (
    Delegation,
    Installation,
    Membership,
    Organisation,
    RoleGrant,
    Site,
    Team,
)
from marfa.apps.organisations.roles import DESK_OF
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.once import answers_kept
from marfa.safeguards.actor import Actor, ActorKind, HeldRole
from marfa.safeguards.words import Role

SOON = timedelta(days=14)

_known: ContextVar[Actor | None] = ContextVar("roles_known", default=None)


def belongs_to(identifier: str, kind: str) -> bool:
    """Whether this database was made for the data folder with this identifier and kind."""
    return Installation.objects.filter(identifier=identifier, kind=kind).exists()


def data_controller() -> Organisation:
    """The organisation that controls the data of this installation."""
    return Organisation.objects.get(kind=Organisation.Kind.CONTROLLER)


def zone_of(actor: Actor) -> str:
    """The clocks by which somebody works: those of their sites, where these agree; else UTC.

    Who holds a role for a whole organisation works at all its sites. One query.
    """
    everywhere = {held.organisation for held in actor.roles if held.site is None}
    at = {held.site for held in actor.roles if held.site is not None}
    sites = Site.objects.filter(Q(pk__in=at) | Q(organisation__in=everywhere))
    zones = list(sites.order_by("time_zone").values_list("time_zone", flat=True).distinct()[:2])
    return zones[0] if len(zones) == 1 else "UTC"


def keys_of_organisations() -> list[UUID]:
    """Keys of all organisations, those that left included: what they recorded is still here."""
    return list(Organisation.objects.values_list("pk", flat=True))


def grants_in_force(at: datetime | None = None) -> QuerySet[RoleGrant]:
    """Role grants that hold now, or at a moment."""
    moment = at or clock.now()
    held = RoleGrant.objects.filter(starts_at__lte=moment)
    return held.filter(Q(ends_at=None) | Q(ends_at__gt=moment))


def grants_left_at(desk: Desk) -> QuerySet[RoleGrant]:
    """Role grants at a desk that hold now or will."""
    roles = [role for role, where in DESK_OF.items() if where is desk]
    left = Q(ends_at=None) | Q(ends_at__gt=clock.now())
    return RoleGrant.objects.filter(left, role__in=roles)


def lasting_administrators() -> QuerySet[RoleGrant]:
    """Grants that keep the installation open: of those who administer it without an end and may
    sign in. What is lent or ends does not count: it would leave nobody one day."""
    now = clock.now()
    return RoleGrant.objects.filter(
        role=Role.ADMINISTRATOR, starts_at__lte=now, ends_at=None, user__is_active=True
    )


@contextlib.contextmanager
def roles_known(actor: Actor) -> Iterator[None]:
    """Within the block the roles of this actor are those that were read for the request, and are
    not asked for again: for pages that only show what the apps bring, and change nothing."""
    token = _known.set(actor if actor.kind is ActorKind.PERSON else None)
    try:
        with answers_kept():
            yield
    finally:
        _known.reset(token)


def held_roles(user: User, at: datetime | None = None) -> frozenset[HeldRole]:
    """The roles of a person now, or at a moment: their own, and those lent to them. One query.

    What a person lends holds for as long as they hold it themselves and may sign in.
    """
    known = _known.get()
    if at is None and known is not None and known.id == user.pk:
        return known.roles
    if not user.is_active:
        return frozenset()
    moment = at or clock.now()
    held = grants_in_force(moment)
    own = held.filter(user_id=user.pk)
    lent = held.filter(
        user__is_active=True,
        delegations__to_id=user.pk,
        delegations__starts_at__lte=moment,
        delegations__ends_at__gt=moment,
    )
    columns = ("role", "organisation_id", "site_id", "team_id")
    found = own.values_list(*columns).union(lent.values_list(*columns))
    return frozenset(HeldRole(Role(role), *place) for role, *place in found)


def actor_of(
    user: User, *, stepped_up_at: datetime | None = None, at: datetime | None = None
) -> Actor:
    """A member of staff as the charter sees them, with the roles in force now, or at a moment.

    stepped_up_at: when they last proved a second factor in this session.
    """
    return Actor(user.pk, ActorKind.PERSON, held_roles(user, at), stepped_up_at)


def desks_of(user: User) -> frozenset[Desk]:
    """The desks at which a person may work now: those of the roles that they hold."""
    return frozenset(DESK_OF[held.role] for held in held_roles(user))


def desks_of_actor(actor: Actor) -> frozenset[Desk]:
    """The desks of the roles that an actor holds; asks nothing."""
    return frozenset(DESK_OF[role] for role in actor.role_names)


def is_administrator(actor: Actor) -> bool:
    """Whether an actor looks after the accounts of this installation."""
    return Role.ADMINISTRATOR in actor.role_names


def holds_a_role(user: User) -> bool:
    """Whether a person holds any role now, of their own or lent: each sees identities, or gives
    others the right to."""
    return bool(held_roles(user))


def organisations_with_sites() -> QuerySet[Organisation]:
    """All organisations of the installation, the controller first, with their sites."""
    return Organisation.objects.order_by("kind", "name").prefetch_related("sites")


def teams_with_members() -> QuerySet[Team]:
    """Teams that have not ended, with those who belong to them now."""
    members = Membership.objects.filter(ends_at=None).select_related("user")
    return (
        Team.objects.filter(ended_at=None)
        .select_related("organisation", "site")
        .prefetch_related(Prefetch("memberships", members.order_by("user__display_name", "pk")))
        .order_by("organisation__kind", "organisation__name", "name")
    )


def people_with_roles() -> QuerySet[User]:
    """Everybody with an account by the name colleagues see, each with the roles held now."""
    held = grants_in_force().select_related("organisation", "site", "team").order_by("role", "pk")
    return User.objects.order_by("display_name", "pk").prefetch_related(
        Prefetch("role_grants", held, to_attr="held")
    )


def grants_of(user: User) -> QuerySet[RoleGrant]:
    """The roles of a person's own that hold now or will."""
    ahead = Q(ends_at=None) | Q(ends_at__gt=clock.now())
    return (
        RoleGrant.objects.filter(ahead, user=user)
        .select_related("organisation", "site", "team")
        .order_by("role", "pk")
    )


def grants_that_end_soon() -> QuerySet[RoleGrant]:
    """Roles that end within two weeks, the next first."""
    return (
        grants_in_force()
        .filter(ends_at__lte=clock.now() + SOON)
        .select_related("user", "organisation", "site", "team")
        .order_by("ends_at", "pk")
    )


def endings_waiting(_actor: Actor) -> Waiting:
    """How many roles end soon; the page asks who may know."""
    return Waiting(grants_that_end_soon().count())


def colleagues_of(grant: RoleGrant) -> list[tuple[str, str]]:
    """Reference and name of those who could stand in: who works at the same organisation and may
    sign in, so that nobody is shown the staff of another one."""
    there = grants_in_force().filter(organisation=grant.organisation_id)
    found = User.objects.filter(is_active=True, pk__in=there.values("user_id"))
    others = found.exclude(pk=grant.user_id).order_by("display_name", "pk")
    return list(others.values_list("reference", "display_name"))


def who_may_join(team: Team) -> list[tuple[str, str]]:
    """Reference and name of those at the team's organisation who are no members yet."""
    there = grants_in_force().filter(organisation=team.organisation_id)
    members = Membership.objects.filter(team=team, ends_at=None)
    found = User.objects.filter(is_active=True, pk__in=there.values("user_id"))
    others = found.exclude(pk__in=members.values("user_id")).order_by("display_name", "pk")
    return list(others.values_list("reference", "display_name"))


def grants_by_person() -> QuerySet[RoleGrant]:
    """Who holds which role of their own now, by the name colleagues see."""
    return (
        grants_in_force()
        .select_related("user", "organisation", "site", "team")
        .order_by("user__display_name", "role", "pk")
    )


def loans_ahead() -> QuerySet[Delegation]:
    """Roles that are lent now or will be; those of a role that ended are no longer there."""
    now = clock.now()
    return (
        Delegation.objects.filter(ends_at__gt=now, grant__in=grants_in_force(now))
        .select_related("grant__user", "grant__organisation", "to")
        .order_by("starts_at", "pk")
    )


def loans_of(user: User) -> QuerySet[Delegation]:
    """Roles that a person lends or was lent: both see them."""
    return loans_ahead().filter(Q(to=user) | Q(grant__user=user))


def organisation_called(text: str) -> Organisation:
    """An organisation by its name or reference, of those that are still here.

    Raises InputError where there is none.
    """
    found = Organisation.objects.filter(Q(name=text) | Q(reference=text), ended_at=None).first()
    if found is None:
        message = Message("apps.organisations:organisation-unknown", {"name": text})
        raise InputError.at(message, field="organisation")
    return found


def site_called(text: str, organisation: Organisation) -> Site:
    """A site of an organisation by its name or reference; raises InputError where there is none."""
    found = organisation.sites.filter(Q(name=text) | Q(reference=text)).first()
    if found is None:
        message = Message("apps.organisations:site-unknown", {"name": text})
        raise InputError.at(message, field="site")
    return found


def team_called(text: str, organisation: Organisation) -> Team:
    """A team of an organisation by its name or reference; raises InputError where there is none."""
    found = organisation.teams.filter(Q(name=text) | Q(reference=text), ended_at=None).first()
    if found is None:
        message = Message("apps.organisations:team-unknown", {"name": text})
        raise InputError.at(message, field="team")
    return found


def ending_soon(user: User) -> Iterable[WorkItem]:
    """For administrators: roles that end within two weeks, so that nobody is locked out unseen."""
    if not is_administrator(actor_of(user)):
        return
    ends = [ends for ends in grants_that_end_soon().values_list("ends_at", flat=True) if ends]
    if ends:
        yield WorkItem(
            text=ngettext(
                "%(count)d role ends within two weeks",
                "%(count)d roles end within two weeks",
                len(ends),
            )
            % {"count": len(ends)},
            url=reverse("organisations:ending"),
            urgency=Urgency.DUE,
            due=ends[0],
        )

"""Changes to who holds which role."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from marfa.apps.accounts.actions import allow_sign_in
from marfa.apps.accounts.models import User
from marfa.apps.organisations.actions.last_administrator import keeping_an_administrator
from marfa.apps.organisations.actions.places import join_team
from marfa.apps.organisations.models import Delegation, Organisation, RoleGrant, Site, Team
from marfa.apps.organisations.queries import grants_in_force, lasting_administrators
from marfa.apps.organisations.roles import WHOLE_INSTALLATION, role_side, roles_here
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.words import Role


def grant_role(
    *,
    user: User,
    role: Role,
    organisation: Organisation,
    site: Site | None = None,
    team: Team | None = None,
    ends_at: datetime | None = None,
    granted_by: User | None = None,
) -> RoleGrant:
    """Give a person a role from now on: at all of an organisation, or at one site or team of it.

    Raises InputError where the role's desk is not here, the place is another organisation's, the
    end lies in the past, the person grants it to themselves, holds it there already, or holds a
    role that one person does not hold together with it.
    """
    now = clock.now()
    _check_role(role, organisation, site, team)
    if ends_at is not None and ends_at <= now:
        raise InputError.at(Message("apps.organisations:end-past"), field="ends_at")
    if granted_by is not None and granted_by.pk == user.pk:
        raise InputError.at(Message("apps.organisations:grant-to-oneself"), field="user")
    with transaction.atomic():
        hold_person(user)
        _check_sides(user, role)
        place = {"organisation": organisation, "site": site, "team": team}
        if grants_in_force().filter(user=user, role=role, **place).exists():
            raise InputError.at(Message("apps.organisations:role-held"), field="role")
        if team is not None:
            join_team(team=team, user=user)
        return RoleGrant.objects.create(
            user=user, role=role, starts_at=now, ends_at=ends_at, granted_by=granted_by, **place
        )


def _check_role(
    role: Role, organisation: Organisation, site: Site | None, team: Team | None
) -> None:
    if role not in roles_here():
        raise InputError.at(Message("apps.organisations:role-not-here"), field="role")
    if organisation.ended_at is not None:
        raise InputError.at(Message("apps.organisations:organisation-ended"), field="organisation")
    if site is not None and team is not None:
        raise InputError.at(Message("apps.organisations:one-scope"), field="team")
    if site is not None and site.organisation_id != organisation.pk:
        raise InputError.at(Message("apps.organisations:site-elsewhere"), field="site")
    if team is not None and team.organisation_id != organisation.pk:
        raise InputError.at(Message("apps.organisations:team-elsewhere"), field="team")
    whole = site is None and team is None and organisation.kind == Organisation.Kind.CONTROLLER
    if role in WHOLE_INSTALLATION and not whole:
        raise InputError.at(Message("apps.organisations:role-of-controller"), field="role")


def _check_sides(user: User, role: Role) -> None:
    """Whoever can let anybody in must not be who reads: see ``roles.role_side``."""
    now = clock.now()
    ahead = Q(ends_at=None) | Q(ends_at__gt=now)
    own = RoleGrant.objects.filter(ahead, user=user).values_list("role", flat=True)
    lent = Delegation.objects.filter(to=user, ends_at__gt=now).values_list("grant__role", flat=True)
    if any(role_side(Role(held)) != role_side(role) for held in [*own, *lent]):
        raise InputError.at(Message("apps.organisations:role-apart"), field="role")


def revoke_role(*, grant: RoleGrant) -> None:
    """End a role now, and with it what was lent of it.

    Raises InputError for the role of the last lasting administrator.
    """
    now = clock.now()
    with transaction.atomic(), keeping_an_administrator(grant.role == Role.ADMINISTRATOR):
        found = RoleGrant.objects.filter(pk=grant.pk)
        found.filter(starts_at__gte=now).delete()
        found.filter(Q(ends_at=None) | Q(ends_at__gt=now)).update(ends_at=now)


def block_user(*, user: User) -> None:
    """Stop a person from signing in; what they lent ends with their own access.

    Raises InputError for the last lasting administrator: nobody could let them in again.
    """
    administers = lasting_administrators().filter(user=user).exists()
    with transaction.atomic(), keeping_an_administrator(administers):
        allow_sign_in(user=user, allowed=False)


def lend_role(
    *,
    lender: User,
    grant: RoleGrant,
    to: User,
    ends_at: datetime,
    starts_at: datetime | None = None,
) -> Delegation:
    """Let a colleague stand in with a role of the lender's, for the time of an absence.

    Raises InputError where the role is not the lender's own or not in force, the colleague may
    not sign in or must not hold it beside theirs, or the time is over, too long, or longer than
    the role itself.
    """
    now = clock.now()
    starts_at = max(starts_at or now, now)
    _check_loan(lender, grant, to, starts_at, ends_at)
    with transaction.atomic():
        hold_person(to)
        _check_sides(to, Role(grant.role))
        return Delegation.objects.create(
            grant=grant, to=to, starts_at=starts_at, ends_at=ends_at, created_at=now
        )


def _check_loan(
    lender: User, grant: RoleGrant, to: User, starts_at: datetime, ends_at: datetime
) -> None:
    if grant.user_id != lender.pk or not grants_in_force().filter(pk=grant.pk).exists():
        raise InputError.at(Message("apps.organisations:not-yours-to-lend"), field="role")
    if to.pk == lender.pk:
        raise InputError.at(Message("apps.organisations:lend-to-oneself"), field="to")
    if not to.is_active:
        raise InputError.at(Message("apps.organisations:lend-to-blocked"), field="to")
    if ends_at <= starts_at:
        raise InputError.at(Message("apps.organisations:end-past"), field="ends_at")
    if ends_at - starts_at > Delegation.LONGEST:
        message = Message("apps.organisations:lent-too-long", count=Delegation.LONGEST.days)
        raise InputError.at(message, field="ends_at")
    if grant.ends_at is not None and ends_at > grant.ends_at:
        raise InputError.at(Message("apps.organisations:lent-beyond-role"), field="ends_at")


def take_back_role(*, delegation: Delegation) -> None:
    """End a lent role now; the lender and an administrator may."""
    now = clock.now()
    with transaction.atomic():
        found = Delegation.objects.filter(pk=delegation.pk)
        found.filter(starts_at__gte=now).delete()
        found.filter(ends_at__gt=now).update(ends_at=now)


def hold_person(user: User) -> None:
    """Two who change the roles of one person do it one after the other.

    The weaker lock lets others refer to the person meanwhile.
    """
    people: QuerySet[User] = User.objects.select_for_update(no_key=True)
    people.get(pk=user.pk)

"""Changes to organisations, sites and teams."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import (
    AccessGrant,
    Installation,
    Membership,
    Organisation,
    RoleGrant,
    Site,
    Team,
)
from marfa.apps.validation import clean_row
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform import clock


def found_installation(*, identifier: str, kind: str) -> Installation:
    """Tie an empty database to its data folder, for life."""
    return Installation.objects.create(identifier=identifier, kind=kind, created_at=clock.now())


def create_organisation(*, name: str, kind: Organisation.Kind) -> Organisation:
    """A new organisation; an installation has one controller."""
    organisation = Organisation(name=name.strip(), kind=kind, created_at=clock.now())
    if not organisation.name:
        raise InputError.at(Message("apps.organisations:name-empty"), field="organisation")
    check_visible(organisation.name, field="organisation")
    clean_row(organisation)
    organisation.save()
    return organisation


def end_organisation(*, organisation: Organisation) -> None:
    """A guest partner leaves: its roles, its teams and what was opened to it end now.

    Raises InputError for the controller, which stays.
    """
    if organisation.kind == Organisation.Kind.CONTROLLER:
        raise InputError.at(Message("apps.organisations:controller-stays"), field="organisation")
    now = clock.now()
    of_it = {"organisation_id": organisation.pk}
    with transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk, ended_at=None).update(ended_at=now)
        RoleGrant.objects.filter(**of_it, starts_at__gte=now).delete()
        still = Q(ends_at=None) | Q(ends_at__gt=now)
        RoleGrant.objects.filter(still, **of_it).update(ends_at=now)
        AccessGrant.objects.filter(**of_it, starts_at__gte=now).delete()
        AccessGrant.objects.filter(**of_it, until__gt=now).update(until=now)
        for team in Team.objects.filter(**of_it, ended_at=None):
            end_team(team=team)


def open_site(*, organisation: Organisation, name: str, time_zone: str) -> Site:
    """A new site; raises InputError when its name is empty or its time zone is unknown."""
    _still_here(organisation)
    site = Site(
        organisation=organisation,
        name=name.strip(),
        time_zone=time_zone,
        created_at=clock.now(),
    )
    if not site.name:
        raise InputError.at(Message("apps.organisations:name-empty"), field="site")
    try:
        site.clean_fields(exclude=["name"])
    except ValidationError:
        message = Message("apps.organisations:time-zone-unknown", {"name": time_zone})
        raise InputError.at(message, field="time zone") from None
    check_visible(site.name, field="site")
    clean_row(site)
    site.save()
    return site


def create_team(*, organisation: Organisation, name: str, site: Site | None = None) -> Team:
    """A new team without members, at one site or across an organisation.

    Raises InputError when its name is empty or taken, or the site is another organisation's.
    """
    _still_here(organisation)
    if site is not None and site.organisation_id != organisation.pk:
        raise InputError.at(Message("apps.organisations:site-elsewhere"), field="site")
    team = Team(organisation=organisation, site=site, name=name.strip(), created_at=clock.now())
    if not team.name:
        raise InputError.at(Message("apps.organisations:name-empty"), field="team")
    check_visible(team.name, field="team")
    clean_row(team)
    team.save()
    return team


def join_team(*, team: Team, user: User) -> Membership:
    """Make a person a member; whoever is one stays one. Raises InputError for a team that ended."""
    if team.ended_at is not None:
        raise InputError.at(Message("apps.organisations:team-ended"), field="team")
    membership, _made = Membership.objects.get_or_create(
        team=team, user=user, ends_at=None, defaults={"starts_at": clock.now()}
    )
    return membership


def leave_team(*, team: Team, user: User) -> None:
    """End a membership, and the roles that the person held for this team."""
    now = clock.now()
    with transaction.atomic():
        Membership.objects.filter(team=team, user=user, ends_at=None).update(ends_at=now)
        _end_roles_of(team, now, user=user)


def end_team(*, team: Team) -> None:
    """End a team with its memberships and the roles that hold for it. What it was shut out of
    stays so for its members: see ``excluded_users``."""
    now = clock.now()
    with transaction.atomic():
        Team.objects.filter(pk=team.pk, ended_at=None).update(ended_at=now)
        Membership.objects.filter(team=team, ends_at=None).update(ends_at=now)
        _end_roles_of(team, now)


def _end_roles_of(team: Team, now: datetime, **whose: User) -> None:
    held = RoleGrant.objects.filter(team=team, **whose)
    held.filter(starts_at__gte=now).delete()
    held.filter(Q(ends_at=None) | Q(ends_at__gt=now)).update(ends_at=now)


def _still_here(organisation: Organisation) -> None:
    if organisation.ended_at is not None:
        raise InputError.at(Message("apps.organisations:organisation-ended"), field="organisation")

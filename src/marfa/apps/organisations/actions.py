"""Changes to organisations, sites and roles."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from marfa.apps.accounts.actions import allow_sign_in
from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Installation, Organisation, RoleGrant, Site
from marfa.apps.organisations.queries import grants_in_force
from marfa.apps.registry import Desk
from marfa.apps.validation import clean
from marfa.domain.message import InputError, Message
from marfa.platform import clock


def found_installation(*, identifier: str, kind: str) -> Installation:
    """Tie an empty database to its data folder, for life."""
    return Installation.objects.create(identifier=identifier, kind=kind, created_at=clock.now())


def create_organisation(*, name: str, kind: Organisation.Kind) -> Organisation:
    """A new organisation; an installation has one controller."""
    organisation = Organisation(name=name.strip(), kind=kind, created_at=clock.now())
    if not organisation.name:
        raise InputError.at(Message("apps.organisations:name-empty"), field="organisation")
    clean(organisation)
    organisation.save()
    return organisation


def open_site(*, organisation: Organisation, name: str, time_zone: str) -> Site:
    """A new site; raises InputError when its name is empty or its time zone is unknown."""
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
    clean(site)
    site.save()
    return site


def grant_role(
    *,
    user: User,
    desk: Desk,
    organisation: Organisation,
    site: Site | None = None,
    ends_at: datetime | None = None,
    granted_by: User | None = None,
) -> RoleGrant:
    """Let a person work at a desk from now on; without a site, at all of the organisation's.

    Raises InputError when the site is another organisation's or the end lies in the past.
    """
    now = clock.now()
    if site is not None and site.organisation_id != organisation.pk:
        raise InputError.at(Message("apps.organisations:site-elsewhere"), field="site")
    if ends_at is not None and ends_at <= now:
        raise InputError.at(Message("apps.organisations:end-past"), field="ends_at")
    with transaction.atomic():
        return RoleGrant.objects.create(
            user=user,
            desk=desk,
            organisation=organisation,
            site=site,
            starts_at=now,
            ends_at=ends_at,
            granted_by=granted_by,
        )


def block_user(*, user: User) -> None:
    """Stop a person from signing in.

    Raises InputError for the last administrator: nobody could let them in again.
    """
    administrators = grants_in_force().filter(desk=Desk.ADMINISTRATION, user__is_active=True)
    holders = set(administrators.values_list("user_id", flat=True))
    if holders == {user.pk}:
        raise InputError.at(Message("apps.organisations:last-administrator"), field="username")
    allow_sign_in(user=user, allowed=False)

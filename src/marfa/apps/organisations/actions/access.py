"""Changes to who is let to one object, and who is shut out of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import AccessGrant, Assignment, Exclusion, Organisation, Team
from marfa.domain.message import InputError, Message
from marfa.platform import clock


def assign_user(
    *, user: User, object_kind: str, object_id: UUID, decided_by: User | None = None
) -> Assignment:
    """Let a person work on an object; whoever is assigned already stays so."""
    assignment, _made = Assignment.objects.get_or_create(
        user=user,
        object_kind=object_kind,
        object_id=object_id,
        ends_at=None,
        defaults={"starts_at": clock.now(), "decided_by": decided_by},
    )
    return assignment


def unassign_user(
    *, user: User, object_kind: str, object_id: UUID, since: datetime | None = None
) -> None:
    """End an assignment now. since: only one that began then or later."""
    held = Assignment.objects.filter(
        user=user, object_kind=object_kind, object_id=object_id, ends_at=None
    )
    if since is not None:
        held = held.filter(starts_at__gte=since)
    held.update(ends_at=clock.now())


def exclude_from_object(
    *,
    object_kind: str,
    object_id: UUID,
    user: User | None = None,
    team: Team | None = None,
    organisation: Organisation | None = None,
    decided_by: User | None = None,
) -> Exclusion:
    """Shut one person, one team or one organisation out of an object, and end assignments to it.

    Raises InputError unless just one of the three is named.
    """
    if sum(named is not None for named in (user, team, organisation)) != 1:
        raise InputError.at(Message("apps.organisations:exclude-one"), field="user")
    now = clock.now()
    with transaction.atomic():
        if user is not None:
            unassign_user(user=user, object_kind=object_kind, object_id=object_id)
        return Exclusion.objects.create(
            object_kind=object_kind,
            object_id=object_id,
            user=user,
            team=team,
            organisation=organisation,
            starts_at=now,
            decided_by=decided_by,
        )


def lift_exclusion(*, exclusion: Exclusion) -> None:
    """End an exclusion now; that it held stays on record."""
    Exclusion.objects.filter(pk=exclusion.pk, ends_at=None).update(ends_at=clock.now())


def open_to_organisation(
    *,
    organisation: Organisation,
    object_kind: str,
    object_id: UUID,
    until: datetime,
    owner: UUID,
    decided_by: User | None = None,
) -> AccessGrant:
    """Let another organisation see an object until a moment.

    owner: key of the organisation to which the object belongs.
    Raises InputError where the moment is past or the organisation has left.
    """
    now = clock.now()
    if until <= now:
        raise InputError.at(Message("apps.organisations:end-past"), field="until")
    if organisation.ended_at is not None:
        raise InputError.at(Message("apps.organisations:organisation-ended"), field="organisation")
    return AccessGrant.objects.create(
        organisation=organisation,
        object_kind=object_kind,
        object_id=object_id,
        owner_id=owner,
        starts_at=now,
        until=until,
        decided_by=decided_by,
    )


def close_to_organisation(*, grant: AccessGrant) -> None:
    """End an opening now."""
    now = clock.now()
    with transaction.atomic():
        AccessGrant.objects.filter(pk=grant.pk, starts_at__gte=now).delete()
        AccessGrant.objects.filter(pk=grant.pk, until__gt=now).update(until=now)

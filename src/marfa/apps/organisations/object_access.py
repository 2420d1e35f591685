"""Questions about one object: who works on it, who is shut out, to whom it was opened.

The charter's facts and ``visible_to`` of the apps above are made from these.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import AccessGrant, Assignment, Exclusion, Membership
from marfa.platform import clock
from marfa.safeguards.charter.columns import FactColumn, MemberRows, Rows


def assignments_in_force(kind: str, at: datetime | None = None) -> QuerySet[Assignment]:
    """Who works on objects of a kind now, or at a moment."""
    return Assignment.objects.filter(_in_force(at), object_kind=kind)


def exclusions_in_force(kind: str, at: datetime | None = None) -> QuerySet[Exclusion]:
    """Who is shut out of objects of a kind now, or at a moment."""
    return Exclusion.objects.filter(_in_force(at), object_kind=kind)


def openings_in_force(kind: str, at: datetime | None = None) -> QuerySet[AccessGrant]:
    """To which organisations objects of a kind are open now, or at a moment."""
    moment = at or clock.now()
    return AccessGrant.objects.filter(object_kind=kind, starts_at__lte=moment, until__gt=moment)


def objects_shut_to(
    user: UUID, organisations: Collection[UUID], kind: str, at: datetime | None = None
) -> QuerySet[Exclusion]:
    """Exclusions that meet a person: by name, by a team of theirs, or by an organisation for
    which they work. Leaving the team that was shut out does not open what it was shut out of.
    """
    teams = Membership.objects.filter(user_id=user).values("team_id")
    return exclusions_in_force(kind, at).filter(
        Q(user_id=user) | Q(team__in=teams) | Q(organisation_id__in=list(organisations))
    )


def standing_rows(kind: str) -> dict[str, FactColumn]:
    """Where the sets of a kind are kept, for its ``Standing``: who works on it, to whom it is
    open, who is shut out, by name, by a team they ever belonged to, by place or authority."""

    def assigned(at: datetime) -> QuerySet[Assignment]:
        return assignments_in_force(kind, at)

    def shut(at: datetime) -> QuerySet[Exclusion]:
        return exclusions_in_force(kind, at)

    def opened(at: datetime) -> QuerySet[AccessGrant]:
        return openings_in_force(kind, at)

    key = "object_id"
    return {
        "assigned": Rows(MemberRows(assigned, key, "user_id")),
        "granted": Rows(MemberRows(opened, key, "organisation_id")),
        "excluded": Rows(
            MemberRows(shut, key, "user_id"), MemberRows(shut, key, "team__memberships__user_id")
        ),
        "excluded_places": Rows(
            MemberRows(shut, key, "organisation_id"), MemberRows(shut, key, "team_id")
        ),
    }


def exclusions_of(user: User) -> QuerySet[Exclusion]:
    """Objects of any kind that a person is shut out of by name or by a team."""
    teams = Membership.objects.filter(user=user).values("team_id")
    found = Exclusion.objects.filter(_in_force(None))
    return found.filter(Q(user=user) | Q(team__in=teams))


def exclusions_by_whom(reader: User) -> list[dict[str, Any]]:
    """Who is shut out, of how many objects of which kind: names of staff, no key of an object.
    What shuts out the reader is not among it: who is shut out is told nothing."""
    met = exclusions_of(reader).values("pk")
    found = Exclusion.objects.filter(_in_force(None)).exclude(pk__in=met)
    names = ("user__display_name", "team__name", "organisation__name", "object_kind")
    return list(found.values(*names).annotate(count=Count("pk")).order_by(*names))


def assigned_users(kind: str, object_id: UUID) -> frozenset[UUID]:
    """Keys of the people who work on an object now."""
    found = assignments_in_force(kind).filter(object_id=object_id)
    return frozenset(found.values_list("user_id", flat=True))


def excluded_users(kind: str, object_id: UUID) -> frozenset[UUID]:
    """Keys of the people who are shut out of an object now, by name or by a team.

    Whoever was a member of the team at any time is among them.
    """
    found = exclusions_in_force(kind).filter(object_id=object_id)
    by_name = found.filter(user__isnull=False).values_list("user_id", flat=True)
    teams = found.filter(team__isnull=False).values("team_id")
    by_team = Membership.objects.filter(team__in=teams).values_list("user_id", flat=True)
    return frozenset(by_name) | frozenset(by_team)


def excluded_organisations(kind: str, object_id: UUID) -> frozenset[UUID]:
    """Keys of the organisations that are shut out of an object now."""
    found = exclusions_in_force(kind).filter(object_id=object_id, organisation__isnull=False)
    return frozenset(each.organisation_id for each in found if each.organisation_id is not None)


def organisations_let_to(kind: str, object_id: UUID) -> frozenset[UUID]:
    """Keys of the organisations to which an object is open now, beside its owner."""
    found = openings_in_force(kind).filter(object_id=object_id)
    return frozenset(found.values_list("organisation_id", flat=True))


def _in_force(at: datetime | None) -> Q:
    moment = at or clock.now()
    return Q(starts_at__lte=moment) & (Q(ends_at=None) | Q(ends_at__gt=moment))

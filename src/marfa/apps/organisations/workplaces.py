"""At which places somebody works, by the roles that they hold.

A role holds at one site, in one team, or for the whole organisation: it names neither then. Who has
a role in a team does not have it at the other places of the organisation.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from marfa.apps.organisations.models import Site
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Role


@dataclass(frozen=True)
class Places:
    """Keys of sites, of teams, and of organisations at each of whose places somebody works."""

    sites: frozenset[UUID]
    teams: frozenset[UUID]
    organisations: frozenset[UUID]

    def of(self, prefix: str = "") -> Q:
        """The condition on rows that belong to one of these places. prefix: path to what has the
        site, the team and the organisation."""
        return (
            Q(**{f"{prefix}site__in": self.sites})
            | Q(**{f"{prefix}team__in": self.teams})
            | Q(**{f"{prefix}organisation__in": self.organisations})
        )


def places_of(actor: Actor, roles: Collection[Role], *, organisation: UUID | None = None) -> Places:
    """Where an actor holds one of these roles. organisation: at the places of this one alone."""
    held = [
        each
        for each in actor.roles
        if each.role in roles and organisation in (None, each.organisation)
    ]
    return Places(
        frozenset(each.site for each in held if each.site is not None),
        frozenset(each.team for each in held if each.site is None and each.team is not None),
        frozenset(each.organisation for each in held if each.site is None and each.team is None),
    )


def sites_where(
    actor: Actor,
    roles: Collection[Role],
    *,
    organisation: UUID | None = None,
    by_team: bool = False,
) -> QuerySet[Site]:
    """The sites at which an actor holds one of these roles, in order of their names.

    by_team: also those of the teams in which they do.
    """
    at = places_of(actor, roles, organisation=organisation)
    found = Q(pk__in=at.sites) | Q(organisation__in=at.organisations)
    if by_team and at.teams:
        teams = Site.objects.filter(teams__in=at.teams).values("pk")
        found |= Q(pk__in=teams)
    return Site.objects.filter(found).order_by("name", "pk")


def grants_at(*, organisation: object, site: object, team: object) -> Q:
    """The same of role grants: those that hold at a place, which may be of an outer query."""
    everywhere = Q(organisation=organisation, site=None, team=None)
    return everywhere | Q(site=site) | Q(team=team)

"""Questions about figures: the sites somebody may see, and the days there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from marfa.apps.figures.jobs import count_organisation
from marfa.apps.figures.models import SiteSnapshot
from marfa.apps.figures.snapshots import SEE, figures_of
from marfa.apps.organisations.models import Organisation, Site
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.queries import newest_job
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource

DAYS = 90
"""Snapshots that are offered to choose from."""


@dataclass(frozen=True)
class FigurePlace:
    """A site, or all sites of an organisation together. reference: how a page names it."""

    organisation: Organisation
    site: Site | None

    @property
    def reference(self) -> str:
        return self.site.reference if self.site else self.organisation.reference


def places_held(actor: Actor) -> list[Resource]:
    """The figures of the places at which somebody holds a role, whatever role it is."""
    return [figures_of(held.organisation, held.site) for held in actor.roles]


def places_of(actor: Actor) -> list[FigurePlace]:
    """The places whose figures somebody may see, sites by name, before them all together."""
    found: list[FigurePlace] = []
    organisations = Organisation.objects.filter(pk__in=actor.organisations).order_by("name", "pk")
    for organisation in organisations.prefetch_related("sites"):
        sites = sorted(organisation.sites.all(), key=lambda each: (each.name, each.pk))
        if len(sites) != 1 and _may_see(actor, FigurePlace(organisation, None)):
            found.append(FigurePlace(organisation, None))
        found += [
            FigurePlace(organisation, site)
            for site in sites
            if _may_see(actor, FigurePlace(organisation, site))
        ]
    return found


def snapshots_of(place: FigurePlace) -> QuerySet[SiteSnapshot]:
    """The snapshots of a place, the newest first."""
    rows = SiteSnapshot.objects.filter(organisation=place.organisation, site=place.site)
    return rows.order_by("-made_at", "-pk")


def under_way(place: FigurePlace) -> Job | None:
    """The counting that somebody asked for, while it waits or runs, or where it failed for good."""
    found = newest_job(count_organisation, organisation=place.organisation.pk)
    gone = (Job.State.DONE, Job.State.CANCELLED)
    return None if found is None or found.state in gone else found


def _may_see(actor: Actor, place: FigurePlace) -> bool:
    site = place.site.pk if place.site else None
    return decide(actor, SEE, figures_of(place.organisation.pk, site)).allowed

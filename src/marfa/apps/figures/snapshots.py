"""Snapshots of the sites of an organisation: made every day, and when somebody asks.

Both are the work of a worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from marfa.apps.figures.counts import Counted, count_people
from marfa.apps.figures.models import SiteSnapshot
from marfa.apps.figures.register import SnapshotRegister
from marfa.apps.figures.suppression import METHOD, Figures, site_key, suppress_figures
from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.message import InputError, Message
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Purpose

SEE, MAKE = "figures.see", "figures.make"
KIND = "Figures"
MEANWHILE = Message("apps.figures:counted-meanwhile")


def figures_of(organisation: UUID, site: UUID | None = None) -> Resource:
    """The figures of a site, or of all sites together, as the charter sees them."""
    facts = {"organisation": organisation, **({"site": site} if site else {})}
    return Resource(KIND, site or organisation, facts)


def make_snapshots(
    *, actor: Actor, organisation: Organisation, site: Site | None = None
) -> datetime:
    """Count all sites of an organisation at one moment, and store what of it may be shown.

    They are counted together, so that no site can be told from the sum. site: for whose sake, as
    the charter is asked. Raises DeniedError; InputError where somebody else counted meanwhile.
    """
    before = latest_snapshots(organisation)
    counted = count_people(organisation)
    register = SnapshotRegister(organisation)
    last = {site_key(place): row.shown for place, row in before.items()}
    shown = suppress_figures(counted, last, register)
    resource = figures_of(organisation.pk, site.pk if site else None)
    with action(actor=actor, code=MAKE, purpose=Purpose.STATISTICS, resource=resource) as act:
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if _keys(latest_snapshots(organisation)) != _keys(before):
            raise InputError.at(MEANWHILE)
        rows = SiteSnapshot.objects.bulk_create(
            _rows(actor, organisation, counted, shown, register)
        )
        act.rows(row.pk for row in rows)
    return counted.at


def is_counted_meanwhile(error: InputError) -> bool:
    """Whether nothing was stored because somebody else had just counted."""
    return [problem.message for problem in error.problems] == [MEANWHILE]


def latest_snapshots(organisation: Organisation) -> dict[UUID | None, SiteSnapshot]:
    """The last snapshot of each site, and with None that of all together."""
    newest = SiteSnapshot.objects.filter(organisation=organisation).order_by("-made_at").first()
    if newest is None:
        return {}
    rows = SiteSnapshot.objects.filter(organisation=organisation, made_at=newest.made_at)
    return {row.site_id: row for row in rows}


def _keys(rows: Mapping[UUID | None, SiteSnapshot]) -> set[UUID]:
    return {row.pk for row in rows.values()}


def _rows(
    actor: Actor,
    organisation: Organisation,
    counted: Counted,
    shown: Figures,
    register: SnapshotRegister,
) -> Iterable[SiteSnapshot]:
    places: list[UUID | None] = [*counted.sites, *([None] if counted.sites else [])]
    by = actor.id if actor.kind is ActorKind.PERSON else None
    for place in places:
        yield SiteSnapshot(
            organisation=organisation,
            site_id=place,
            day=counted.sites[place] if place else max(counted.sites.values()),
            made_at=counted.at,
            made_by=by,
            method=METHOD,
            figures={
                **_totals(counted, place),
                **({} if place else register.stored()),
            },
            shown=shown[site_key(place)],
        )


def _totals(counted: Counted, place: UUID | None) -> dict[str, int]:
    """What was counted, in few numbers, to look at when the way of counting is doubted."""
    people = [each for each in counted.people if place in (None, each.site)]
    return {
        "present": len(people),
        "children": sum(each.child for each in people),
        "without_care": sum(each.without_care for each in people),
        "waiting": sum(each.waits is not None for each in people),
        "came": sum(each.came for each in people),
        "talks": sum(counted.talks.values()) if place is None else counted.talks.get(place, 0),
    }

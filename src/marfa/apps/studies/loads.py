"""The load of a list: the share that each rule flags, by site, before it is used and then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass

from marfa.apps.organisations.models import Site
from marfa.apps.registry.visibility import about_people_where
from marfa.apps.screening.board.interviews import countable_people, supervised_sites
from marfa.apps.screening.board.questions import record_of_site
from marfa.apps.screening.models import Screening
from marfa.methods.screening.load import Load, measure_load
from marfa.methods.screening.quality.accuracy import Decision
from marfa.methods.screening.study.decisions import decision_kept, rules_kept
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

MOST = 500
"""Interviews of one site that are opened at most: the newest."""
Interview = tuple[Hashable, bool, frozenset[str]]


@dataclass(frozen=True)
class SiteLoad:
    """One list at one site. trial: of practice, before the list decides anything there."""

    instrument: str
    site: str
    trial: bool
    load: Load


def loads_of(actor: Actor) -> list[SiteLoad]:
    """Of the newest finished interviews of each site where somebody supervises, by list.

    One entry in the log for each site, over the interviews that were opened. Raises DeniedError.
    """
    told: dict[tuple[str, bool], list[Interview]] = defaultdict(list)
    names: dict[Hashable, str] = {}
    for site in supervised_sites(actor):
        names[site.pk] = site.name
        rows = Screening.objects.filter(
            about_people_where(countable_people(actor)),
            site=site,
            state=Screening.State.FINISHED,
        ).order_by("-closed_at", "pk")[:MOST]
        _open(actor, site, list(rows), told)
    return [
        SiteLoad(instrument, names[place], trial, load)
        for (instrument, trial), interviews in sorted(told.items())
        for place, load in sorted(measure_load(interviews).items(), key=lambda each: names[each[0]])
    ]


def _open(
    actor: Actor,
    site: Site,
    rows: list[Screening],
    told: dict[tuple[str, bool], list[Interview]],
) -> None:
    if not rows:
        return
    resource = record_of_site(site, ("outcome",))
    with (
        reading(
            actor=actor, code="records.read", purpose=Purpose.SCREENING, resource=resource
        ) as act,
        open_vault() as vault,
    ):
        act.rows(row.pk for row in rows)
        act.note(what="load")
        vault.load(row.person_id for row in rows)
        for row in rows:
            kept = row.outcome or {}
            flagged = decision_kept(kept) is Decision.FLAGGED
            told[row.instrument, row.pilot].append((site.pk, flagged, rules_kept(kept)))

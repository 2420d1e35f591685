"""What a door for needs assessment would bring: how many of the finished talks of a site rest on
vulnerability alone. Talks are opened for it, on the record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from marfa.apps.organisations.models import Site
from marfa.apps.registry.visibility import about_people_where
from marfa.apps.screening.board.interviews import countable_people, supervised_sites
from marfa.apps.screening.board.questions import MOST, record_of_site
from marfa.apps.screening.doors import rests_on_vulnerability
from marfa.apps.screening.models import NeedsDoor, Screening
from marfa.methods.screening.quality import Interval, wilson
from marfa.methods.screening.quality.disparity import SMALLEST
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class ExpectedLoad:
    """One site. talks: finished ones that were opened. reasons: those with a reason to help.
    alone: those of them that rest on vulnerability alone. share: of the reasons, with its interval;
    None for too few. weekly: hand-overs a week at the other door, if all of them agree."""

    site: Site
    opened: bool
    talks: int
    reasons: int
    alone: int
    share: Interval | None
    weekly: float


def expected_loads(actor: Actor, since: datetime) -> list[ExpectedLoad]:
    """For each site where somebody supervises, from its newest finished talks since a moment.

    One entry in the log for each site. Raises DeniedError.
    """
    there = set(NeedsDoor.objects.values_list("site_id", flat=True))
    return [_load(actor, site, since, site.pk in there) for site in supervised_sites(actor)]


def _load(actor: Actor, site: Site, since: datetime, opened: bool) -> ExpectedLoad:
    found = Screening.objects.filter(
        about_people_where(countable_people(actor)),
        site=site,
        state=Screening.State.FINISHED,
        closed_at__gte=since,
    )
    rows = list(found.order_by("-closed_at", "pk")[:MOST])
    reasons = [row for row in rows if row.urgency != "routine"]
    alone = _count(actor, site, reasons)
    first = min((row.closed_at for row in rows if row.closed_at), default=since)
    weeks = max((clock.now() - (first if len(rows) == MOST else since)) / WEEK, 1)
    share = wilson(alone, len(reasons)) if len(reasons) >= SMALLEST else None
    return ExpectedLoad(site, opened, len(rows), len(reasons), alone, share, alone / weeks)


def _count(actor: Actor, site: Site, rows: list[Screening]) -> int:
    if not rows:
        return 0
    resource = record_of_site(site, ("outcome",))
    purpose = Purpose.SCREENING
    with (
        reading(actor=actor, code="records.read", purpose=purpose, resource=resource) as act,
        open_vault() as vault,
    ):
        act.rows(row.pk for row in rows)
        act.note(what="expected_load")
        vault.load(row.person_id for row in rows)
        return sum(map(rests_on_vulnerability, rows))

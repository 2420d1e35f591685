"""Questions about what runs behind the pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, Urgency, Waiting, WorkItem
from marfa.apps.organisations.queries import actor_of, desks_of
from marfa.platform.jobs import queries as jobs
from marfa.platform.outbox.delivery import dead_parcels
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor

SHOWN = 50


def background_overview() -> dict[str, object]:
    """What failed, what runs, and what should have begun; at most 50 of each."""
    # A delivery is shown by its kind and its error, whosoever it is: nobody else would look.
    with every_organisation():
        parcels = list(dead_parcels()[:SHOWN])
    return {
        "dead_jobs": jobs.dead_letters()[:SHOWN],
        "dead_parcels": parcels,
        "running": jobs.running_jobs()[:SHOWN],
        "late": jobs.late_jobs()[:SHOWN],
    }


def failures_waiting(_actor: Actor) -> Waiting:
    """How much work failed for good; the page asks who may know."""
    with every_organisation():
        return Waiting(jobs.dead_letters().count() + dead_parcels().count())


def failed_work(user: User) -> Iterable[WorkItem]:
    """For administrators: work that failed for good, which nobody else would see."""
    if Desk.ADMINISTRATION not in desks_of(user):
        return
    count = failures_waiting(actor_of(user)).number
    if count:
        yield WorkItem(
            text=ngettext(
                "%(count)d piece of background work has failed",
                "%(count)d pieces of background work have failed",
                count,
            )
            % {"count": count},
            url=reverse("background:work"),
            urgency=Urgency.DUE,
        )

"""The nightly count of all sites, and the one that somebody asks for."""

from __future__ import annotations

import logging
from datetime import time
from uuid import UUID

from marfa.apps.figures.snapshots import (
    MAKE,
    figures_of,
    is_counted_meanwhile,
    make_snapshots,
)
from marfa.apps.organisations.models import Organisation, Site
from marfa.domain.message import InputError
from marfa.platform.jobs.registry import EVERY_ORGANISATION, job
from marfa.platform.jobs.run import Run
from marfa.platform.jobs.schedules import Daily, schedule_job
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.words import Purpose

log = logging.getLogger("marfa.figures")


def ask_for_count(*, actor: Actor, organisation: Organisation, site: Site | None = None) -> None:
    """Have all sites of an organisation counted soon, by a worker: with many people it takes longer
    than a page may. site: for whose sake, as the charter is asked. Raises DeniedError."""
    resource = figures_of(organisation.pk, site.pk if site else None)
    with action(actor=actor, code=MAKE, purpose=Purpose.STATISTICS, resource=resource):
        count_organisation.enqueue(organisation=organisation.pk)


@job("figures.count_sites", once=True, atomic=False, rows=EVERY_ORGANISATION)
def count_sites(run: Run) -> None:
    """Count every organisation that has sites; one that was just counted waits for tomorrow.

    What cannot be counted keeps no other from being counted; the job fails when all had their turn.
    """
    failed: InputError | None = None
    for organisation in Organisation.objects.filter(sites__isnull=False).distinct():
        run.check()
        try:
            _count(run, organisation)
        except InputError as error:
            failed = error
    if failed is not None:
        raise failed


@job("figures.count_organisation", once=True, atomic=False, rows="organisation")
def count_organisation(run: Run, *, organisation: UUID) -> None:
    """Count one organisation, because somebody asked for it."""
    for found in Organisation.objects.filter(pk=organisation):
        _count(run, found)


def _count(run: Run, organisation: Organisation) -> None:
    try:
        make_snapshots(actor=Actor(run.id, ActorKind.JOB), organisation=organisation)
    except InputError as error:
        # Anything else is a fault of what was stored: the job fails, and the page says so.
        if not is_counted_meanwhile(error):
            raise
        log.info("the sites of an organisation were counted by somebody else meanwhile")


schedule_job(Daily(time(1, 30)), count_sites)

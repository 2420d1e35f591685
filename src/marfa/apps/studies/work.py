"""What waits for somebody: people whom nobody helps, assessments to read, signatures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.apps.registry.visibility import about_seen
from marfa.apps.registry.work import work_about
from marfa.apps.studies.models import Band, PanelMember, Study
from marfa.apps.studies.queries import (
    ENROL,
    SIGN,
    may,
    organisations_where,
    read_without_help,
    resource_of,
    to_assess,
)
from marfa.platform import clock
from marfa.safeguards.actor import Actor

MOST = 50
SOON = timedelta(days=30)


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Nothing of it names anybody, or tells what an interview or a reader found."""
    actor = actor_of(user)
    yield from _without_help(actor)
    yield from _to_read(actor)
    yield from _bands(actor)


def _without_help(actor: Actor) -> Iterable[WorkItem]:
    """Whoever asks people to take part looks today at whom nobody helps."""
    organisations = [each.pk for each in organisations_where(actor, ENROL)]
    if not organisations:
        return
    # Who reads for a study must not know whom.
    reads = PanelMember.objects.filter(user=actor.id).values("study")
    rows = read_without_help(organisations).filter(about_seen(actor)).exclude(study__in=reads)
    text = _("Someone in a study has no open case: see today whether they need help")
    for row in rows[:MOST]:
        there = reverse("people:person", args=[row.person.reference])
        today = clock.today(row.screening.site.time_zone)
        yield work_about(row.person, row.screening.site, text, there, Urgency.DUE, by=today)


def _to_read(actor: Actor) -> Iterable[WorkItem]:
    of = PanelMember.objects.filter(user=actor.id).values("study")
    text = _("Assessments wait for you to read them for a study")
    for study in Study.objects.filter(pk__in=of, state=Study.State.ENROLLING):
        if to_assess(actor, study):
            there = reverse("studies:panel", args=[study.reference])
            yield WorkItem(text, there, Urgency.WAITING, since=study.planned_at)


def _bands(actor: Actor) -> Iterable[WorkItem]:
    today = clock.now().date()
    rows = Band.objects.filter(ended_at=None, ends__gt=today).select_related("study")
    for band in rows.order_by("ends", "pk")[:MOST]:
        there = reverse("studies:band", args=[band.study.reference])
        if band.second_by is None:
            if may(actor, SIGN, resource_of(band.study)):
                text = _("What a study found waits for your signature")
                yield WorkItem(text, there, Urgency.WAITING, since=band.proposed_at)
        elif band.ends - today <= SOON and band.author == actor.id:
            text = _("The figures of a study will soon not be shown any more")
            yield WorkItem(text, there, Urgency.DUE, by=band.ends)

"""How many wait for protection and for screening, at the homes of the desks."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.manifest import Chart, Waiting
from marfa.apps.screening.queries import to_screen, waiting_hand_overs
from marfa.platform import clock
from marfa.safeguards.actor import Actor


def screening_waiting(actor: Actor) -> Waiting:
    """How many people have a reason to be screened that no talk has dealt with."""
    return Waiting(to_screen(actor).count())


def protection_waiting(actor: Actor) -> Waiting:
    """How many hand-overs nobody has taken up."""
    rows = waiting_hand_overs(actor).order_by()
    return Waiting(rows.count(), rows.filter(due_at__lte=clock.now()).count())


def charts_of(actor: Actor) -> Iterable[Chart]:
    """Who waits for protection, by site, where there are several."""
    rows = waiting_hand_overs(actor).select_related(None).order_by()
    by_site = rows.values_list("site__name").annotate(count=Count("pk"))
    found = list(by_site.order_by("-count", "site__name"))
    if len(found) > 1:
        there = reverse("hand_overs:all")
        yield Chart(_("Waiting for protection, by site"), _("people"), tuple(found), url=there)

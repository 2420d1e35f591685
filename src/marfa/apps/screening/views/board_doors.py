"""Who receives whose reasons are vulnerability alone: what that would bring, and the choice."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.screening.actions import choose_needs_door
from marfa.apps.screening.board.doors import expected_loads
from marfa.apps.screening.board.interviews import supervised_sites
from marfa.apps.screening.board.questions import MOST
from marfa.apps.screening.views.board import supervisors_only
from marfa.platform import clock

PERIOD = timedelta(days=90)
CHOICES = {"open": True, "close": False}


@form_view
@at_desk(Desk.PROTECTION)
@supervisors_only
def doors(request: HttpRequest) -> HttpResponse:
    """The expected load at each site, before anything is chosen, and a button for each."""
    page = FormPage(request, "screening/doors.html", context=partial(_shown, request))
    return page.answer(partial(_choose, request))


def _shown(request: HttpRequest) -> dict[str, object]:
    loads = expected_loads(actor_in(request), clock.now() - PERIOD)
    return {"loads": loads, "days": PERIOD.days, "most": MOST}


def _choose(request: HttpRequest) -> None:
    actor, posted = actor_in(request), request.POST
    sites = {site.reference: site for site in supervised_sites(actor)}
    site, opened = sites.get(posted.get("site", "")), CHOICES.get(posted.get("do", ""))
    if site is None or opened is None:
        raise SuspiciousOperation
    choose_needs_door(actor=actor, site=site, opened=opened)

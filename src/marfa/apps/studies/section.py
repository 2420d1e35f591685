"""What stands beside the result of an interview: the band of its list, where it has one."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from marfa.apps.access import actor_in
from marfa.apps.screening.instruments import ASSESSING
from marfa.apps.screening.models import Screening
from marfa.apps.studies.bands import band_of
from marfa.apps.studies.presentation import rates_shown


def render_band(request: HttpRequest, screening: Screening) -> SafeString | None:
    """For protection alone: an officer at reception sees the next step, and no figure keeps them
    from it. Within ``open_vault()``, on a page that is on the record."""
    if not ASSESSING & actor_in(request).role_names:
        return None
    band = band_of(screening)
    if band is None:
        return None
    context = {
        "band": band,
        "rates": rates_shown(band.figures),
        "of_1000": band.figures.get("of_1000"),
    }
    # What the template makes is escaped by it.
    return mark_safe(render_to_string("studies/beside.html", context, request))  # noqa: S308

"""The clocks of a site: on a page about one thing times are those of the place where it happens, as
they are typed there. Whoever works at several sites would see them otherwise, or in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from marfa.apps.organisations.models import Site


def on_clocks_of(site: Site | None) -> AbstractContextManager[object]:
    """Times within it are those of a site; of no site, those of the reader. The foot of the page
    names the clocks."""
    return timezone.override(ZoneInfo(site.time_zone)) if site else nullcontext()


def render_at(
    site: Site | None,
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    status: int = 200,
) -> HttpResponse:
    """A page about something at a site."""
    with on_clocks_of(site):
        return render(request, template, dict(context), status=status)

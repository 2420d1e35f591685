"""The page with the figures of a site."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, require_permission_somewhere
from marfa.apps.figures.jobs import ask_for_count
from marfa.apps.figures.models import SiteSnapshot
from marfa.apps.figures.presentation import OF_SEX, age_bars, by_age, main_figures, waiting_times
from marfa.apps.figures.queries import (
    DAYS,
    FigurePlace,
    places_held,
    places_of,
    snapshots_of,
    under_way,
)
from marfa.apps.figures.snapshots import SEE
from marfa.apps.figures.suppression import LEAST
from marfa.apps.form_view import form_view


@form_view
@require_permission_somewhere(SEE, places_held)
def show(request: HttpRequest) -> HttpResponse:
    """The figures of a place on a day; the button has them counted soon."""
    places = places_of(actor_in(request))
    if not places:
        raise PermissionDenied
    place = _place(request, places)
    if request.method == "POST":
        ask_for_count(actor=actor_in(request), organisation=place.organisation, site=place.site)
        return redirect(f"{reverse('figures:site')}?place={place.reference}")
    rows = list(snapshots_of(place).defer("shown")[:DAYS])
    row = _chosen(request, place, rows)
    context = {"place": place, "places": places, "rows": rows, "row": row, "least": LEAST}
    context["job"] = under_way(place)
    if row is not None:
        context |= {
            "main": main_figures(row),
            "waits": waiting_times(row),
            "bars": age_bars(row),
            "lines": by_age(row),
            "sexes": [*OF_SEX.values(), _("All")],
        }
    return render(request, "figures/figures.html", context)


def _place(request: HttpRequest, places: list[FigurePlace]) -> FigurePlace:
    asked = request.POST.get("place") or request.GET.get("place") or places[0].reference
    found = next((each for each in places if each.reference == asked), None)
    if found is None:
        raise Http404
    return found


def _chosen(
    request: HttpRequest, place: FigurePlace, rows: list[SiteSnapshot]
) -> SiteSnapshot | None:
    """The snapshot that is asked for, or the newest."""
    asked = request.GET.get("of")
    if not asked:
        return rows[0] if rows else None
    found = snapshots_of(place).filter(reference=asked).first()
    if found is None:
        raise Http404
    return found

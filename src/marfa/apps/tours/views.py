"""The tours of somebody's desks, and the buttons of a tour."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.access import actor_in, current_user, require_permission
from marfa.apps.manifest import Desk
from marfa.apps.tours.actions import begin_tour, leave_tour, skip_step
from marfa.apps.tours.queries import progress_of, tours_of
from marfa.safeguards.charter.resources import Resource

BEGIN, LEAVE, SKIP = "begin-tour", "leave-tour", "skip-step"


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The tours of the desks at which somebody works, and how far they are."""
    rows = progress_of(current_user(request))
    tours = [(desk, steps, rows.get(desk)) for desk, steps in tours_of(actor_in(request)).items()]
    return render(request, "tours/mine.html", {"tours": tours})


@require_POST
@require_permission("desks.open", lambda desk: Resource("Desk", desk))
def change(request: HttpRequest, desk: str) -> HttpResponse:
    """Begin or leave the tour of a desk, or skip a step; then back to the page."""
    user, at = current_user(request), Desk(desk)
    if at not in tours_of(actor_in(request)):
        raise Http404
    act = request.POST.get("tour")
    if act == BEGIN:
        begin_tour(user=user, desk=at)
    elif act == LEAVE:
        leave_tour(user=user, desk=at)
    elif act == SKIP and skip_step(user=user, desk=at, code=request.POST.get("step", "")):
        messages.success(request, _("This was the last step of the tour."))
    back = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if allowed else "tours:mine")

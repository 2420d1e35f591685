"""The other side of a hand-over: who waits for protection, and taking somebody up."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from marfa.apps.access import actor_in, at_desk
from marfa.apps.problems import sentences
from marfa.apps.registry import Desk
from marfa.apps.screening.actions import take_up
from marfa.apps.screening.queries import waiting
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.charter.asking import DeniedError

A_PAGE = 50


@require_safe
@at_desk(Desk.PROTECTION)
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Who waits, the one who is due first at the top."""
    rows = waiting(actor_in(request))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "screening/hand_overs.html", {"page": page, "now": clock.now()})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Desk.PROTECTION)
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take somebody up: asked once more, since it makes one responsible."""
    actor = actor_in(request)
    row = get_object_or_404(waiting(actor), reference=reference)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            take_up(actor=actor, hand_over=row)
        except DeniedError:
            raise PermissionDenied from None
        except InputError as error:
            wrong = sentences(error)
        else:
            return redirect("screening:one", row.screening.reference)
    context = {"row": row, "now": clock.now(), "wrong": wrong}
    return render(request, "screening/take.html", context, status=422 if wrong else 200)

"""The other side of a hand-over: who waits for protection, and taking somebody up."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from marfa.apps.access import actor_in, at_desk
from marfa.apps.manifest import Desk
from marfa.apps.organisations.clocks import render_at
from marfa.apps.problems import sentences
from marfa.apps.screening.actions import take_up
from marfa.apps.screening.models import HandOver
from marfa.apps.screening.queries import handed_over, waiting
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.charter.resources import DeniedError

A_PAGE = 50


@require_safe
@at_desk(Desk.PROTECTION)
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Who waits: the most urgent at the top, then who is due first."""
    rows = waiting(actor_in(request))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "screening/hand_overs.html", {"page": page, "now": clock.now()})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Desk.PROTECTION)
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take somebody up: asked once more, since it makes one responsible."""
    actor = actor_in(request)
    row = handed_over(actor, reference)
    if row is None:
        raise Http404
    talk = redirect("screening:one", row.screening.reference)
    if row.taken_by == actor.id:
        return talk
    wrong = _taken() if row.state == HandOver.State.TAKEN else {}
    if request.method == "POST":
        try:
            take_up(actor=actor, hand_over=row)
        except DeniedError:
            raise PermissionDenied from None
        except InputError as error:
            wrong = sentences(error)
        else:
            return talk
    context = {"row": row, "now": clock.now(), "wrong": wrong}
    status = HTTPStatus.CONFLICT if wrong else HTTPStatus.OK
    return render_at(row.site, request, "screening/take.html", context, status)


def _taken() -> dict[str, str]:
    return sentences(InputError.at(Message("apps.screening:taken-already")))

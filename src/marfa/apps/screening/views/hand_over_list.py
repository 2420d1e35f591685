"""The other side of a hand-over: who waits for protection, and taking somebody up."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.screening.actions import take_up
from marfa.apps.screening.models import HandOver
from marfa.apps.screening.queries import handed_over, waiting_hand_overs
from marfa.domain.message import InputError, Message
from marfa.platform import clock

A_PAGE = 50


@require_safe
@at_desk(Desk.PROTECTION)
def hand_overs(request: HttpRequest) -> HttpResponse:
    """Who waits: the most urgent at the top, then who is due first."""
    rows = waiting_hand_overs(actor_in(request))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "screening/hand_overs.html", {"page": page, "now": clock.now()})


@form_view
@at_desk(Desk.PROTECTION)
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Take somebody up: asked once more, since it makes one responsible."""
    actor = actor_in(request)
    row = handed_over(actor, reference)
    if row is None:
        raise Http404
    talk = reverse("screening:one", args=[row.screening.reference])
    if row.taken_by == actor.id:
        return redirect(talk)
    context = {"row": row, "now": clock.now()}
    status = HTTPStatus.CONFLICT
    page = FormPage(request, "screening/take.html", context=context, site=row.site, status=status)
    if request.method != "POST" and row.state == HandOver.State.TAKEN:
        return page.shown(InputError.at(Message("apps.screening:taken-already")))
    return page.answer(partial(take_up, actor=actor, hand_over=row), done=talk)

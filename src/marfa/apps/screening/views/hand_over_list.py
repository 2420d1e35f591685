"""The other side of a hand-over: who waits for protection, and taking somebody up."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, coded, own_sites
from marfa.apps.manifest import Desk
from marfa.apps.screening.actions import take_up
from marfa.apps.screening.doors import at_needs
from marfa.apps.screening.models import HandOver
from marfa.apps.screening.queries import MOST_URGENT, handed_over, waiting_hand_overs
from marfa.domain.message import InputError, Message
from marfa.platform import clock

WAITING = ListSpec(
    _("Waiting for protection"),
    (
        Column("person", _("Person"), kind="head", order=("person__code",)),
        Column("due", _("Take by"), order=(MOST_URGENT, "due_at")),
        Column("site", _("Site"), kind="plain", order=("site__name", "due_at")),
        Column("take", _("Take"), kind="plain"),
    ),
    "due",
    (
        Filter("urgency", _("Urgency"), coded("screening_urgencies"), lambda code: Q(urgency=code)),
        Filter("site", _("Site"), own_sites, lambda code: Q(site__reference=code)),
    ),
)

NEEDS = _("Waiting for needs assessment")


@form_view
@at_desk(Desk.PROTECTION)
def hand_overs(request: HttpRequest) -> HttpResponseBase:
    """Who waits for protection: the most urgent at the top, then who is due first."""
    return _waiting(request, WAITING, needs=False)


@form_view
@at_desk(Desk.PROTECTION)
def needs(request: HttpRequest) -> HttpResponseBase:
    """Who waits for a needs assessment, in the same order and due as soon."""
    return _waiting(request, replace(WAITING, caption=NEEDS), needs=True)


def _waiting(request: HttpRequest, spec: ListSpec, *, needs: bool) -> HttpResponseBase:
    rows = waiting_hand_overs(actor_in(request))
    there, others = rows.filter(at_needs()), rows.exclude(at_needs())
    shown, elsewhere = (there, others) if needs else (others, there)
    context = {"now": clock.now(), "needs": needs, "elsewhere": elsewhere.count()}
    return ListPage(request, spec, shown, "screening/hand_overs.html", context).answer()


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
    needs = HandOver.objects.filter(at_needs(), pk=row.pk).exists()
    context = {"row": row, "now": clock.now(), "needs": needs}
    status = HTTPStatus.CONFLICT
    page = FormPage(request, "screening/take.html", context=context, site=row.site, status=status)
    if request.method != "POST" and row.state == HandOver.State.TAKEN:
        return page.shown(InputError.at(Message("apps.screening:taken-already")))
    return page.answer(partial(take_up, actor=actor, hand_over=row), done=talk)

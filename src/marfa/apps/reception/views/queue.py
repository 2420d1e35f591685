"""The pages of the queue at a site, and of the tickets on the wall."""

from __future__ import annotations

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_view import Context, FormPage, form_view
from marfa.apps.list_page import Column, Filter, Label, ListPage, ListSpec
from marfa.apps.manifest import Desk
from marfa.apps.organisations.clocks import on_clocks_of
from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.interview import open_talk_of
from marfa.apps.reception.actions.queue import State, call_next, move_entry, moves_from
from marfa.apps.reception.models import QueueEntry
from marfa.apps.reception.queries import (
    ORDER,
    called_at,
    declined_today,
    entry_named,
    in_hand_at,
    left_at,
    left_today,
    waiting_at,
)
from marfa.apps.reception.wall import on_the_wall, put_on_the_wall
from marfa.apps.registry.lookups import nothing_there
from marfa.apps.registry.purposes import sites_of
from marfa.platform import clock
from marfa.safeguards.actor import Actor

A_PAGE = 25
LATE = (("late", _("late")), ("in_time", _("in time")))
TICKET, SINCE = Column("ticket", _("Ticket"), kind="head"), Column("since", _("Waiting since"))


def _late(code: str) -> Q:
    return Q(due_at__lte=clock.now()) if code == "late" else Q(due_at__gt=clock.now())


WAITING = ListSpec(
    _("Waiting, next person on top"),
    (
        Column("ticket", _("Ticket"), kind="head", order=("ticket",)),
        Column("since", _("Waiting since"), order=("since",)),
        Column("due", _("To be seen by"), order=ORDER),
    ),
    "due",
    (Filter("late", _("To be seen by"), LATE, _late),),
)


def _part(caption: Label, *columns: Column, order: tuple[str, ...] = ORDER) -> ListSpec:
    """One of the shorter lists below: in the one order that it has."""
    head, *others = columns
    return ListSpec(caption, (replace(head, order=order), *others), head.name)


PARTS = {
    "in_hand": (
        in_hand_at,
        _part(
            _("Called or in interview"),
            TICKET,
            Column("state", _("State"), kind="plain"),
            Column("called", _("Since")),
            order=("-called_at", "id"),
        ),
    ),
    "left": (
        left_at,
        _part(_("Left before they were seen: look for them today"), TICKET, SINCE),
    ),
    "today": (
        left_today,
        _part(_("Left today before they were seen: they may wait again"), TICKET, SINCE),
    ),
    "declined": (
        declined_today,
        _part(
            _("Declined today: they are not asked again"), TICKET, SINCE, order=("-ended_at", "id")
        ),
    ),
}
"""By the name under which each list is in the page and in the links to its further pages."""
BOARD_ANEW = "20"
"""Seconds after which the screen on the wall asks again."""


def site_in(request: HttpRequest, asked: str | None = None) -> tuple[Site, list[Site]]:
    """The site that is asked for, and all at which this person works."""
    sites = list(sites_of(actor_in(request)))
    if not sites:
        raise PermissionDenied
    asked = asked or request.GET.get("site")
    found = [site for site in sites if site.reference == asked] if asked else sites[:1]
    if not found:
        raise Http404
    return found[0], sites


def place_named(reference: str, actor: Actor) -> QueueEntry:
    """A place in the queue; for whom this actor may not know of there is none, as for one that
    was never there. Raises Http404."""
    found = entry_named(reference, actor)
    if found is None:
        raise nothing_there(actor, Q(queue_entries__reference=reference))
    return found


@form_view
@at_desk(Desk.RECEPTION)
def site_queue(request: HttpRequest) -> HttpResponseBase:
    """Who waits, is called or left; a button or the key N calls who is next."""
    actor, (site, sites) = actor_in(request), site_in(request)
    nobody = False
    if request.method == "POST" and "do" not in request.POST:
        called = call_next(actor=actor, site=site)
        if called is not None:
            return redirect("queue:entry", reference=called.reference)
        nobody = True
    kept = {"site": site.reference}
    context: dict[str, object] = {
        "site": site,
        "sites": sites,
        "nobody": nobody,
        "now": clock.now(),
    }
    for name, (rows, spec) in PARTS.items():
        part = ListPage(request, spec, rows(site, actor), "", size=A_PAGE, part=name, kept=kept)
        context[name] = part.found()
    waiting = waiting_at(site, actor)
    with on_clocks_of(site):
        return ListPage(
            request, WAITING, waiting, "reception/queue.html", context, size=A_PAGE, kept=kept
        ).answer()


@form_view
@at_desk(Desk.RECEPTION)
def board(request: HttpRequest) -> HttpResponse:
    """The tickets that were called, for a screen on the wall; before that, what it takes."""
    there = on_the_wall(request)
    site, sites = site_in(request, there)
    if request.method == "POST":
        put_on_the_wall(request, site)
        return redirect("queue:board")
    context = {"tickets": called_at(site, actor_in(request)), "site": site, "sites": sites}
    if there is None:
        return render(request, "reception/board.html", context)
    answer = render(request, "reception/wall.html", context)
    answer.headers["Refresh"] = BOARD_ANEW
    return answer


@form_view
@at_desk(Desk.RECEPTION)
def entry(request: HttpRequest, reference: str) -> HttpResponse:
    """One place in the queue and what may come next."""
    actor = actor_in(request)
    found = place_named(reference, actor)

    def act() -> None:
        to = request.POST.get("to", "")
        if to not in State.values:
            raise Http404
        move_entry(actor=actor, entry=found, to=State(to))

    def shown() -> Context:
        talk = open_talk_of(found.person)
        return {"entry": found, "moves": moves_from(found), "talk": talk}

    page = FormPage(request, "reception/queue_entry.html", context=shown, site=found.site)
    return page.answer(act, done=reverse("queue:site"))

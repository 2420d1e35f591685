"""The pages of the queue at a site, and of the tickets on the wall."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from marfa.apps.access import actor_in, at_desk
from marfa.apps.form_view import Context, FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.clocks import render_at
from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.interview import open_talk_of
from marfa.apps.reception.actions.queue import State, call_next, move_entry, moves_from
from marfa.apps.reception.models import QueueEntry
from marfa.apps.reception.queries import (
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
LISTS = {
    "page": waiting_at,
    "in_hand": in_hand_at,
    "left": left_at,
    "today": left_today,
    "declined": declined_today,
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
def site_queue(request: HttpRequest) -> HttpResponse:
    """Who waits, is called or left; a button or the key N calls who is next."""
    actor, (site, sites) = actor_in(request), site_in(request)
    nobody = False
    if request.method == "POST":
        called = call_next(actor=actor, site=site)
        if called is not None:
            return redirect("queue:entry", reference=called.reference)
        nobody = True
    context: dict[str, object] = {
        "site": site,
        "sites": sites,
        "nobody": nobody,
        "now": clock.now(),
    }
    for name, rows in LISTS.items():
        found = Paginator(rows(site, actor), A_PAGE)
        context[name] = found.get_page(request.GET.get(name))
    return render_at(site, request, "reception/queue.html", context)


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

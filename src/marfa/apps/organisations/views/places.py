"""Organisations, sites and teams, and who is shut out of records."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.access import (
    actor_in,
    administrators_only,
    at_desk,
    current_user,
    proved_again,
)
from marfa.apps.accounts.models import User
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations import administration
from marfa.apps.organisations.forms import AT_NAME, QUESTIONS, Places
from marfa.apps.organisations.models import Organisation, Team
from marfa.apps.organisations.object_access import exclusions_by_whom
from marfa.apps.organisations.queries import (
    organisations_with_sites,
    teams_with_members,
    who_may_join,
)


@require_safe
@at_desk(Desk.ADMINISTRATION)
def sites(request: HttpRequest) -> HttpResponse:
    """The organisations of this installation and their sites."""
    found = organisations_with_sites()
    return render(request, "organisations/sites.html", {"organisations": found})


@form_view
@administrators_only
def add_guest(request: HttpRequest) -> HttpResponse:
    """Add a guest partner."""
    name = request.POST.get("name", "")
    add = partial(administration.add_guest, actor=actor_in(request), name=name)
    places = {**AT_NAME, "": "name"}
    page = FormPage(request, "organisations/add_guest.html", places=places)
    return page.answer(add, done=reverse("organisations:sites"))


@form_view
@administrators_only
def add_site(request: HttpRequest, reference: str) -> HttpResponse:
    """Open a site of an organisation."""
    owner = get_object_or_404(Organisation, reference=reference, ended_at=None)
    add = partial(
        administration.add_site,
        actor=actor_in(request),
        organisation=owner,
        name=request.POST.get("name", ""),
        time_zone=request.POST.get("time_zone", "").strip(),
    )
    places = {**AT_NAME, "": "name"}
    page = FormPage(request, "organisations/add_site.html", context={"owner": owner}, places=places)
    return page.answer(add, done=reverse("organisations:sites"))


@form_view
@administrators_only
@proved_again
def end_guest(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask again, then let a guest partner leave."""
    guest = get_object_or_404(
        Organisation, reference=reference, ended_at=None, kind=Organisation.Kind.GUEST
    )
    if request.method != "POST":
        return render(request, "organisations/end_guest.html", {"guest": guest})
    administration.end_guest(actor=actor_in(request), organisation=guest)
    return redirect("organisations:sites")


@require_safe
@at_desk(Desk.ADMINISTRATION)
def teams(request: HttpRequest) -> HttpResponse:
    """The teams and who belongs to them."""
    return render(request, "organisations/teams.html", {"teams": teams_with_members()})


@form_view
@administrators_only
def add_team(request: HttpRequest) -> HttpResponse:
    """Make a team at an organisation or one of its sites."""
    places, chosen = Places.here(), request.POST.get("place", "")

    def add() -> HttpResponse:
        where = places.chosen(chosen)
        made = administration.add_team(
            actor=actor_in(request),
            organisation=where["organisation"],
            site=where["site"],
            name=request.POST.get("name", ""),
        )
        return redirect("organisations:team", made.reference)

    values = {"places": Places(places.organisations, places.sites, []).choices}
    at = AT_NAME if chosen else QUESTIONS
    page = FormPage(request, "organisations/add_team.html", context=values, places=at)
    return page.answer(add)


@require_safe
@at_desk(Desk.ADMINISTRATION)
def team(request: HttpRequest, reference: str) -> HttpResponse:
    """One team: its members, and who could become one."""
    found = get_object_or_404(teams_with_members(), reference=reference)
    values = {"team": found, "others": [("", ""), *who_may_join(found)]}
    return render(request, "organisations/team.html", values)


@administrators_only
@require_POST
def member(request: HttpRequest, reference: str) -> HttpResponse:
    """Make a person a member, or end that."""
    found = get_object_or_404(Team, reference=reference, ended_at=None)
    user = User.objects.filter(reference=request.POST.get("person", "")).first()
    if user is not None:
        change = (
            administration.remove_team_member
            if "leave" in request.POST
            else administration.add_team_member
        )
        change(actor=actor_in(request), team=found, user=user)
    return redirect("organisations:team", reference)


@administrators_only
@require_POST
@proved_again
def end_team(request: HttpRequest, reference: str) -> HttpResponse:
    """End a team, its memberships and the roles that hold for it."""
    found = get_object_or_404(Team, reference=reference, ended_at=None)
    administration.end_team(actor=actor_in(request), team=found)
    return redirect("organisations:teams")


@require_safe
@at_desk(Desk.ADMINISTRATION)
def exclusions(request: HttpRequest) -> HttpResponse:
    """Who is shut out of how many records; which ones is not for this desk."""
    rows = exclusions_by_whom(current_user(request))
    return render(request, "organisations/exclusions.html", {"rows": rows})

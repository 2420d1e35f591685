"""People: who there is, adding one, letting in and shutting out."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marfa.apps.access import actor_in, administrators_only, at_desk, proved_again
from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, account_pages
from marfa.apps.organisations import administration
from marfa.apps.organisations.forms import Places, day_again, end_of, problems, role_choices
from marfa.apps.organisations.object_access import exclusions_of
from marfa.apps.organisations.queries import (
    grants_of,
    grants_that_end_soon,
    loans_of,
    people_with_roles,
)
from marfa.apps.organisations.roles import roles_here
from marfa.domain.message import InputError, Message
from marfa.safeguards.actions import together
from marfa.safeguards.words import Role

A_PAGE = 50
WRONG = 422
FORM = ["GET", "HEAD", "POST"]


@require_safe
@at_desk(Desk.ADMINISTRATION)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and the roles that they hold now."""
    page = Paginator(people_with_roles(), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/people.html", {"page": page})


@require_safe
@at_desk(Desk.ADMINISTRATION)
def ending(request: HttpRequest) -> HttpResponse:
    """Roles that end within two weeks."""
    return render(request, "organisations/ending.html", {"grants": grants_that_end_soon()})


@require_safe
@at_desk(Desk.ADMINISTRATION)
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One person: their roles, what they lend, whether they may sign in."""
    return _person(request, get_object_or_404(User, reference=reference))


def _person(request: HttpRequest, user: User, error: InputError | None = None) -> HttpResponse:
    values = {
        "person": user,
        "grants": grants_of(user),
        "loans": loans_of(user),
        "shut_out": exclusions_of(user).count(),
        "further": account_pages(),
        "problems": problems(error) if error else {},
    }
    status = WRONG if error else 200
    return render(request, "organisations/person.html", values, status=status)


@require_http_methods(FORM)
@administrators_only
@proved_again
def add(request: HttpRequest) -> HttpResponse:
    """Add a person with a first role."""
    places, wrong = Places.here(), {}
    if request.method == "POST":
        try:
            return redirect("organisations:person", _added(request, places).reference)
        except InputError as error:
            wrong = problems(error)
    values = {
        **_role_form(request, places),
        "problems": wrong,
        "languages": settings.LANGUAGES,
        "chosen_language": request.POST.get("language") or get_language(),
    }
    return render(request, "organisations/add.html", values, status=WRONG if wrong else 200)


def _added(request: HttpRequest, places: Places) -> User:
    sent, actor = request.POST, actor_in(request)
    with together():
        user = administration.add_person(
            actor=actor,
            username=sent.get("username", ""),
            display_name=sent.get("display_name", ""),
            language=_language(sent.get("language", "")),
        )
        _give(request, user, places)
    return user


def _language(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else ""


def _give(request: HttpRequest, user: User, places: Places) -> None:
    sent = request.POST
    if sent.get("role", "") not in roles_here():
        raise InputError.at(Message("apps.organisations:role-needed"), field="role")
    administration.give_role(
        actor=actor_in(request),
        user=user,
        role=Role(sent["role"]),
        ends_at=end_of(sent, "until"),
        **places.chosen(sent.get("place", "")),
    )


def _role_form(request: HttpRequest, places: Places) -> dict[str, object]:
    return {
        "sent": request.POST,
        "until": day_again(request.POST, "until"),
        "roles": role_choices(),
        "places": places.choices,
    }


@require_http_methods(FORM)
@administrators_only
@proved_again
def grant(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a person one more role."""
    user = get_object_or_404(User, reference=reference)
    places, wrong = Places.here(), {}
    if request.method == "POST":
        try:
            _give(request, user, places)
            return redirect("organisations:person", reference)
        except InputError as error:
            wrong = problems(error)
    values = {**_role_form(request, places), "person": user, "problems": wrong}
    return render(request, "organisations/grant.html", values, status=WRONG if wrong else 200)


@require_http_methods(FORM)
@administrators_only
@proved_again
def block(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask again, then shut a person out: their sessions end at the next request."""
    user = get_object_or_404(User, reference=reference)
    if request.method != "POST":
        return render(request, "organisations/block.html", {"person": user})
    try:
        administration.block(actor=actor_in(request), user=user)
    except InputError as error:
        return _person(request, user, error)
    return redirect("organisations:person", reference)


@administrators_only
@require_POST
@proved_again
def unblock(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a person come in again, with a new link."""
    user = get_object_or_404(User, reference=reference)
    administration.unblock(actor=actor_in(request), user=user)
    return redirect("organisations:person", reference)


@administrators_only
@require_POST
@proved_again
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """A link that lets the person in once; it is shown on this one page and nowhere else."""
    user = get_object_or_404(User, reference=reference)
    minutes: int = settings.MARFA.link_minutes
    try:
        secret = administration.make_link(
            actor=actor_in(request), user=user, valid_for=timedelta(minutes=minutes)
        )
    except InputError as error:
        return _person(request, user, error)
    address = request.build_absolute_uri(reverse("accounts:link", args=[secret]))
    values = {"person": user, "address": address, "minutes": minutes}
    return render(request, "organisations/link.html", values)

"""People: who there is, adding one, letting in and shutting out."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
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
from marfa.apps.list_page import ListPage
from marfa.apps.manifest import Desk, account_pages
from marfa.apps.organisations import administration
from marfa.apps.organisations.account_list import ACCOUNTS, BLOCK
from marfa.apps.organisations.forms import QUESTIONS, Places, day_again, end_of, role_choices
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


@form_view
@at_desk(Desk.ADMINISTRATION)
def people(request: HttpRequest) -> HttpResponseBase:
    """Everybody with an account, and the roles that they hold now."""
    return ListPage(
        request, ACCOUNTS, people_with_roles(), "organisations/people.html", actions=[BLOCK]
    ).answer()


@require_safe
@at_desk(Desk.ADMINISTRATION)
def ending(request: HttpRequest) -> HttpResponse:
    """Roles that end within two weeks."""
    return render(request, "organisations/ending.html", {"grants": grants_that_end_soon()})


@require_safe
@at_desk(Desk.ADMINISTRATION)
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One person: their roles, what they lend, whether they may sign in."""
    return person_page(request, get_object_or_404(User, reference=reference)).shown()


def person_page(request: HttpRequest, user: User) -> FormPage:
    """The page of one person, which also says what a button on it could not do."""

    def shown() -> dict[str, object]:
        return {
            "person": user,
            "grants": grants_of(user),
            "loans": loans_of(user),
            # Who is shut out is not told so, an administrator about themselves neither.
            "shut_out": 0 if user == current_user(request) else exclusions_of(user).count(),
            "further": account_pages(),
        }

    return FormPage(request, "organisations/person.html", context=shown, places=QUESTIONS)


@form_view
@administrators_only
@proved_again
def add(request: HttpRequest) -> HttpResponse:
    """Add a person with a first role."""
    places = Places.here()
    values = {
        **_role_form(request, places),
        "languages": settings.LANGUAGES,
        "chosen_language": request.POST.get("language") or get_language(),
    }
    page = FormPage(request, "organisations/add.html", context=values, places=QUESTIONS)
    return page.answer(partial(_added, request, places))


def _added(request: HttpRequest, places: Places) -> HttpResponse:
    sent, actor = request.POST, actor_in(request)
    with together():
        user = administration.add_person(
            actor=actor,
            username=sent.get("username", ""),
            display_name=sent.get("display_name", ""),
            language=_language(sent.get("language", "")),
        )
        _give(request, user, places)
    return redirect("organisations:person", user.reference)


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
        "until": day_again(request.POST, "until"),
        "roles": role_choices(),
        "places": places.choices,
    }


@form_view
@administrators_only
@proved_again
def grant(request: HttpRequest, reference: str) -> HttpResponse:
    """Give a person one more role."""
    user = get_object_or_404(User, reference=reference)
    places = Places.here()
    values = {**_role_form(request, places), "person": user}
    page = FormPage(request, "organisations/grant.html", context=values, places=QUESTIONS)
    done = reverse("organisations:person", args=[reference])
    return page.answer(partial(_give, request, user, places), done=done)


@form_view
@administrators_only
@proved_again
def block(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask again, then shut a person out: their sessions end at the next request."""
    user = get_object_or_404(User, reference=reference)
    if request.method != "POST":
        return render(request, "organisations/block.html", {"person": user})
    act = partial(administration.block_account, actor=actor_in(request), user=user)
    done = reverse("organisations:person", args=[reference])
    return person_page(request, user).answer(act, done=done)


@administrators_only
@require_POST
@proved_again
def unblock(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a person come in again, with a new link."""
    user = get_object_or_404(User, reference=reference)
    administration.unblock_account(actor=actor_in(request), user=user)
    return redirect("organisations:person", reference)


@administrators_only
@require_POST
@proved_again
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """A link that lets the person in once; it is shown on this one page and nowhere else."""
    user = get_object_or_404(User, reference=reference)
    return person_page(request, user).answer(partial(_link, request, user))


def _link(request: HttpRequest, user: User) -> HttpResponse:
    minutes: int = settings.MARFA.link_minutes
    secret = administration.make_link(
        actor=actor_in(request), user=user, valid_for=timedelta(minutes=minutes)
    )
    address = request.build_absolute_uri(reverse("accounts:link", args=[secret]))
    values = {"person": user, "address": address, "minutes": minutes}
    return render(request, "organisations/link.html", values)

"""Ending roles, and standing in for somebody who is away."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.access import actor_in, administrators_only, current_user, proved_again
from marfa.apps.accounts.models import User
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.organisations import administration
from marfa.apps.organisations.forms import (
    QUESTIONS,
    chosen_colleague,
    day_again,
    end_needed,
    start_of,
)
from marfa.apps.organisations.models import Delegation, RoleGrant
from marfa.apps.organisations.queries import (
    colleagues_of,
    grants_in_force,
    grants_of,
    is_administrator,
    loans_of,
)
from marfa.apps.organisations.views.people import person_page


@administrators_only
@require_POST
@proved_again
def end_grant(request: HttpRequest, reference: str) -> HttpResponse:
    """End a role now."""
    held = get_object_or_404(RoleGrant.objects.select_related("user"), reference=reference)
    act = partial(administration.end_role, actor=actor_in(request), grant=held)
    done = reverse("organisations:person", args=[held.user.reference])
    return person_page(request, held.user).answer(act, done=done)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My roles: what I hold, what I lend, and what was lent to me."""
    user = current_user(request)
    values = {"grants": grants_of(user), "loans": loans_of(user), "me": user}
    return render(request, "organisations/mine.html", values)


@form_view
@proved_again
def lend(request: HttpRequest, reference: str) -> HttpResponse:
    """Lend a role of one's own; an administrator lends for somebody who is away already."""
    user = current_user(request)
    held = get_object_or_404(
        grants_in_force().select_related("user", "organisation", "site", "team"),
        reference=reference,
        **_whose(request, user),
    )
    values = {
        "grant": held,
        "me": user,
        "since": day_again(request.POST, "since"),
        "until": day_again(request.POST, "until"),
        "colleagues": [("", ""), *colleagues_of(held)],
    }

    def act() -> HttpResponse:
        _lent(request, held)
        return _back(held.user, user)

    page = FormPage(request, "organisations/lend.html", context=values, places=QUESTIONS)
    return page.answer(act)


def _whose(request: HttpRequest, user: User) -> dict[str, User]:
    """Others' roles are there for administrators alone."""
    return {} if is_administrator(actor_in(request)) else {"user": user}


def _lent(request: HttpRequest, held: RoleGrant) -> None:
    until = end_needed(request.POST, "until")
    administration.lend_grant(
        actor=actor_in(request),
        grant=held,
        to=chosen_colleague(request.POST.get("to", ""), held),
        starts_at=start_of(request.POST, "since"),
        ends_at=until,
    )


@require_POST
def end_loan(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back what is lent: the lender, or an administrator."""
    user = current_user(request)
    whose = {f"grant__{name}": value for name, value in _whose(request, user).items()}
    found = Delegation.objects.select_related("grant__user", "to")
    loan = get_object_or_404(found, reference=reference, **whose)
    administration.take_back(actor=actor_in(request), delegation=loan)
    return _back(loan.grant.user, user)


def _back(lender: User, user: User) -> HttpResponse:
    if lender == user:
        return redirect("own_roles:mine")
    return redirect("organisations:person", lender.reference)

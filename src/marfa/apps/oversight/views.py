"""Pages of administrators: who signs in by what and where, and how the keys are kept."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.access import actor_in, at_desk, require_permission
from marfa.apps.accounts.factors import Reason, factors_of
from marfa.apps.accounts.models import User
from marfa.apps.accounts.sessions import sessions_of
from marfa.apps.accounts.step_up import step_up_first
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import account_resource
from marfa.apps.organisations.queries import is_administrator
from marfa.apps.oversight import actions, queries
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource

FORBIDDEN = 403


def _check(request: HttpRequest, action: str, resource: Resource) -> None:
    if not decide(actor_in(request), action, resource).allowed:
        raise PermissionDenied


FACTORS = (("none", _("none")), ("some", _("at least one")))
SIGN_IN = ListSpec(
    _("People"),
    (
        Column("person", _("Person"), kind="head", order=("display_name",)),
        Column("factor", _("Second factor"), order=("keys", "apps", "display_name")),
        Column("devices", _("Devices"), kind="number", order=("open", "display_name")),
    ),
    "person",
    (Filter("factor", _("Second factor"), FACTORS, queries.having_factors),),
    lambda text: Q(display_name__icontains=text),
    _("Name"),
)


@form_view
@at_desk(Desk.ADMINISTRATION)
def people(request: HttpRequest) -> HttpResponseBase:
    """By what everybody signs in, and on how many devices they are."""
    return ListPage(
        request,
        SIGN_IN,
        queries.people_and_factors(),
        "oversight/people.html",
        prepare=queries.say_who_holds_roles,
    ).answer()


@require_safe
@at_desk(Desk.ADMINISTRATION)
def person(request: HttpRequest, reference: str) -> HttpResponse:
    """One person's factors and devices: kinds and days, nothing secret."""
    user = get_object_or_404(User, reference=reference)
    _check(request, "access.see", account_resource(user))
    actor = actor_in(request)
    values = {
        "person": user,
        "factors": factors_of(user),
        "sessions": sessions_of(user),
        "may_manage": is_administrator(actor) and actor.id != user.pk,
    }
    return render(request, "oversight/person.html", values)


@at_desk(Desk.ADMINISTRATION)
@step_up_first
@require_POST
def end_sessions(request: HttpRequest, reference: str) -> HttpResponse:
    """Sign somebody out everywhere."""
    user = get_object_or_404(User, reference=reference)
    actions.end_sessions_of(actor=actor_in(request), user=user)
    return redirect("oversight:person", reference=reference)


@form_view
@at_desk(Desk.ADMINISTRATION)
@step_up_first
def reset(request: HttpRequest, reference: str) -> HttpResponse:
    """Remove what somebody signs in with, for a reason."""
    user = get_object_or_404(User, reference=reference)
    _check(request, "access.see", account_resource(user))
    values = {"person": user, "reasons": Reason.choices}
    page = FormPage(request, "oversight/reset.html", context=values, status=FORBIDDEN)
    reason, done = request.POST.get("reason", ""), reverse("oversight:person", args=[reference])
    act = partial(actions.reset_factors_of, actor=actor_in(request), user=user, reason=reason)
    return page.answer(act, done=done)


@require_safe
@at_desk(Desk.ADMINISTRATION)
@require_permission("keys.see", lambda *_args, **_kwargs: queries.the_key())
def keys(request: HttpRequest) -> HttpResponse:
    """How the key of the installation is protected, and whether it could be given back."""
    return render(request, "oversight/keys.html", {"kept": queries.keys_kept()})

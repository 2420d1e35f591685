"""What administrators see of the work behind the pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from marfa.apps.access import actor_in, at_desk
from marfa.apps.background.queries import background_overview
from marfa.apps.manifest import Desk
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.queries import is_administrator
from marfa.platform.jobs.actions import cancel_job, retry_job
from marfa.platform.outbox.delivery import retry_parcel
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import action
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose

BUTTONS: dict[str, Callable[[uuid.UUID], object]] = {
    "retry-job": lambda key: retry_job(job=key),
    "cancel-job": lambda key: cancel_job(job=key),
    "retry-delivery": lambda key: retry_delivery(key),
}


def retry_delivery(key: uuid.UUID) -> bool:
    """Let a delivery be tried again, whosoever it is."""
    with every_organisation():
        return retry_parcel(parcel=key)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Desk.ADMINISTRATION)
def work(request: HttpRequest) -> HttpResponse:
    """What failed and what runs; a button beside each lets it try again, or stop."""
    if request.method == "POST":
        apply_button(request.POST, actor_in(request))
        return redirect("background:work")
    values = {**background_overview(), "may_change": is_administrator(actor_in(request))}
    return render(request, "background/work.html", values)


def apply_button(form: QueryDict, actor: Actor) -> None:
    """Do what one button says, on the record; a row that has moved on since is left as it is.

    Whoever stops a job could keep the log from being exported, or people from being erased.
    Raises DeniedError.
    """
    try:
        identifier = uuid.UUID(form.get("id", ""))
    except ValueError:
        raise SuspiciousOperation from None
    button = form.get("do", "")
    if button not in BUTTONS:
        raise SuspiciousOperation
    with action(
        actor=actor,
        code="organisations.manage",
        purpose=Purpose.ADMINISTRATION,
        resource=organisation_resource(),
    ) as act:
        act.note(what=button, key=str(identifier))
        BUTTONS[button](identifier)

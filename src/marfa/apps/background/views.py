"""What administrators see of the work behind the pages."""

from __future__ import annotations

import uuid

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from marfa.apps.access import at_desk
from marfa.apps.background.queries import overview
from marfa.apps.registry import Desk
from marfa.platform.jobs.actions import cancel_job, retry_job
from marfa.platform.outbox.delivery import retry_parcel


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Desk.ADMINISTRATION)
def work(request: HttpRequest) -> HttpResponse:
    """What failed and what runs; a button beside each lets it try again, or stop."""
    if request.method == "POST":
        change(request.POST)
        return redirect("background:work")
    return render(request, "background/work.html", overview())


def change(form: QueryDict) -> None:
    """Do what one button says; a row that has moved on since is left as it is."""
    try:
        identifier = uuid.UUID(form.get("id", ""))
    except ValueError:
        raise SuspiciousOperation from None
    match form.get("do"):
        case "retry-job":
            retry_job(job=identifier)
        case "cancel-job":
            cancel_job(job=identifier)
        case "retry-delivery":
            retry_parcel(parcel=identifier)
        case _:
            raise SuspiciousOperation

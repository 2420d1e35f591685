"""What people asked about their own data, for those who answer."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk, declare_permission
from marfa.apps.manifest import Desk
from marfa.apps.privacy.action_base import resource_of_register
from marfa.apps.privacy.queries import all_requests, utc_today
from marfa.safeguards.actions import reading
from marfa.safeguards.words import Purpose

A_PAGE = 50


@require_safe
@at_desk(Desk.ADMINISTRATION)
@declare_permission(
    "privacy.access",
    lambda *_args, **_kwargs: resource_of_register("requests"),
    Purpose.DATA_PROTECTION,
)
def requests(request: HttpRequest) -> HttpResponse:
    """All requests, without whose they are. Each is answered on its own page."""
    with reading(
        actor=actor_in(request),
        code="privacy.access",
        purpose=Purpose.DATA_PROTECTION,
        resource=resource_of_register("requests"),
    ) as act:
        page = Paginator(all_requests(), A_PAGE).get_page(request.GET.get("page"))
        act.count(len(page.object_list))
    return render(request, "privacy/requests.html", {"page": page, "today": utc_today()})

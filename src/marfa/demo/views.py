"""Come in as one of the demonstration's fictional users, and see the components of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from marfa.apps.accounts.models import User
from marfa.apps.accounts.next_page import asked_for
from marfa.apps.accounts.sign_in import EnteredBy, sign_user_in
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import FOCAL, OFFICER, SUPERVISOR
from marfa.demo.showcase import showcase_context

WATCHING = {
    OFFICER: Desk.ADMINISTRATION.value,
    SUPERVISOR: Desk.PROTECTION.value,
    FOCAL: Desk.PROTECTION.value,
}
"""Who has a button and no desk of their own -> the desk that the installation must have."""


@login_not_required
@require_POST
def enter_as(request: HttpRequest) -> HttpResponse:
    """One click instead of a link; the URL exists in a demonstration alone, and this asks again."""
    name = request.POST.get("desk", "")
    desk = WATCHING.get(name, name)
    if not settings.DEMONSTRATION or desk not in settings.DESKS:
        raise Http404
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise Http404
    return sign_user_in(request, user, EnteredBy.DEMONSTRATION, going_to=asked_for(request))


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Each component as pages use it; ``?wrong`` shows the form as it is after a mistake."""
    if not settings.DEMONSTRATION:
        raise Http404
    return render(request, "demo/components.html", showcase_context("wrong" in request.GET))

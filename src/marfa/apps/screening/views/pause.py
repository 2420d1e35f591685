"""A break in the questions of a list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marfa.apps.screening.views.common import State, screening_and_actor, screening_url


@require_safe
def pause(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything is kept; the page says nothing of anybody."""
    screening, _actor = screening_and_actor(request, reference)
    if screening.state != State.ASKING:
        return redirect(screening_url(screening))
    following = reverse("screening:ask", args=[reference])
    return render(request, "reception/interview_pause.html", {"following": following})

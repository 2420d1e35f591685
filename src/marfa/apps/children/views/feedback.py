"""A page that is handed to a child: three faces, and words if the child wants."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from marfa.apps.access import at_desk
from marfa.apps.cases.action_base import WRITE
from marfa.apps.cases.views.common import may_act_on
from marfa.apps.children.actions.feedback import take_feedback
from marfa.apps.children.views.child import child_named, newest_case
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.domain.catalogue import LANGUAGES


@form_view
@at_desk(Desk.PROTECTION)
def say(request: HttpRequest, reference: str, language: str) -> HttpResponse:
    """The page, in the child's language; it says nothing of whoever holds it."""
    person, _duty, actor = child_named(request, reference)
    case = newest_case(person)
    if case is None or language not in LANGUAGES:
        raise Http404
    if not may_act_on(actor, case, WRITE):
        raise PermissionDenied
    context = {"person": person}
    with translation.override(language):
        page = FormPage(request, "children/say.html", context=context, site=person.site)

        def act() -> HttpResponse:
            face, text = request.POST.get("face", ""), request.POST.get("text", "")
            take_feedback(actor=actor, case=case, face=face, text=text)
            return render(request, "children/said.html", {"person": person})

        return page.answer(act)

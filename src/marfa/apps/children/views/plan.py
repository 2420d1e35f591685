"""A plan that a child can read: pictures and short sentences in the child's language."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from marfa.apps.access import at_desk
from marfa.apps.cases.action_base import require_choice
from marfa.apps.children.pictograms import PICTOGRAMS, chosen_pictograms
from marfa.apps.children.views.child import child_named
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.registry.models import Person
from marfa.domain.catalogue import LANGUAGES
from marfa.domain.message import InputError, Message


@form_view
@at_desk(Desk.PROTECTION)
def plan(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the pictures, then a page to look at together or to print. Nothing of it is stored: a
    paper that somebody finds tells of nobody."""
    person, _duty, _actor = child_named(request, reference)
    context = {
        "person": person,
        "choices": [(each.code, each.words) for each in PICTOGRAMS],
        "languages": settings.LANGUAGES,
        "chosen": request.POST.getlist("pictures"),
    }
    page = FormPage(request, "children/plan.html", context=context, site=person.site)
    return page.answer(partial(_paper, request, person))


def _paper(request: HttpRequest, person: Person) -> HttpResponse:
    wrong = Message("apps.children:choose-one")
    language = require_choice(
        request.POST.get("language", ""), LANGUAGES, field="language", said=wrong
    )
    pictures = chosen_pictograms(request.POST.getlist("pictures"))
    if not pictures:
        raise InputError.at(wrong, field="pictures")
    with translation.override(language):
        return render(request, "children/plan_paper.html", {"person": person, "pictures": pictures})

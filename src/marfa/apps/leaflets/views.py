"""What a person is told before anything is asked."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marfa.apps.access import at_desk
from marfa.apps.leaflets.packs import load_leaflets, usable_leaflets
from marfa.apps.manifest import Desk
from marfa.apps.problems import problem_sentences
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError

SET = "first-contact"


@require_safe
@at_desk(Desk.RECEPTION)
def first_contact(request: HttpRequest) -> HttpResponse:
    """The texts in a language and a form, large, to read out or to show."""
    found = load_leaflets(SET)
    language = request.GET.get("language", get_language() or "")
    chosen = found.get(language) or found["en"]
    form = request.GET.get("form", "")
    addressee = Addressee(form) if form in list(Addressee) else Addressee.FEMININE
    context = {"leaflets": usable_leaflets(found), "chosen": chosen, "addressee": addressee}
    try:
        context["lines"] = chosen.lines(addressee, live=not settings.DEMONSTRATION)
    except InputError as error:
        context["refused"] = problem_sentences(error).values()
    return render(request, "leaflets/first_contact.html", context)

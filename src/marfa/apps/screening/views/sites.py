"""What has to be reported at each site, and its steps in a danger: written by one administrator
and reviewed by another."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from marfa.apps.access import actor_in, administrators_only, at_desk
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.screening import instruments
from marfa.apps.screening.actions import review_site_words, write_site_words
from marfa.apps.screening.actions.sites import LANGUAGES
from marfa.apps.screening.models import SiteWords
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.languages import own_name
from marfa.domain.message import Problem


@form_view
@at_desk(Desk.ADMINISTRATION)
@administrators_only
def words(request: HttpRequest) -> HttpResponse:
    """All texts of all sites, and a form to write one."""
    page = FormPage(request, "screening/site_words.html", context=partial(_shown, request))
    return page.answer(partial(_send, request))


def _shown(request: HttpRequest) -> dict[str, object]:
    found = SiteWords.objects.select_related("site").order_by("site__name", "kind", "language")
    sites = list(Site.objects.order_by("name", "pk").values_list("reference", "name"))
    return {
        "texts": [(row, own_name(row.language)) for row in found],
        "sites": sites,
        "kinds": SiteWords.KINDS,
        "languages": [(code, own_name(code)) for code in LANGUAGES],
        "me": actor_in(request).id,
        "wrong_files": [_in_words(problem) for problem in instruments.wrong_files()],
    }


def _in_words(problem: Problem) -> tuple[str, int | None, str]:
    """File, line and reason."""
    reason = render_message(problem.message, get_language() or SOURCE_LANGUAGE)
    return Path(problem.place.file or "").name, problem.place.row, reason


def _send(request: HttpRequest) -> None:
    actor, posted = actor_in(request), request.POST
    if reference := posted.get("review"):
        texts = SiteWords.objects.select_related("site__organisation")
        review_site_words(actor=actor, words=get_object_or_404(texts, reference=reference))
        return
    sites = Site.objects.select_related("organisation")
    write_site_words(
        actor=actor,
        site=get_object_or_404(sites, reference=posted.get("site", "")),
        kind=posted.get("kind", ""),
        language=posted.get("language", ""),
        text=posted.get("text", ""),
    )

"""What has to be reported at each site, and its steps in a danger: written by one administrator
and reviewed by another."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from marfa.apps.access import actor_in, administrators_only, at_desk
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.problems import sentences
from marfa.apps.screening.actions import review_site_words, write_site_words
from marfa.apps.screening.actions.sites import LANGUAGES
from marfa.apps.screening.models import SiteWords
from marfa.apps.screening.presentation import language_name
from marfa.domain.message import InputError
from marfa.safeguards.charter.resources import DeniedError


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Desk.ADMINISTRATION)
@administrators_only
def words(request: HttpRequest) -> HttpResponse:
    """All texts of all sites, and a form to write one."""
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            _send(request)
        except DeniedError:
            raise PermissionDenied from None
        except InputError as error:
            wrong = sentences(error)
        else:
            return redirect("site_words:all")
    found = SiteWords.objects.select_related("site").order_by("site__name", "kind", "language")
    sites = list(Site.objects.order_by("name", "pk").values_list("reference", "name"))
    context = {
        "texts": [(row, language_name(row.language)) for row in found],
        "sites": sites,
        "kinds": SiteWords.KINDS,
        "languages": [(code, language_name(code)) for code in LANGUAGES],
        "me": actor_in(request).id,
        "typed": request.POST,
        "wrong": wrong,
    }
    return render(request, "screening/site_words.html", context, status=422 if wrong else 200)


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

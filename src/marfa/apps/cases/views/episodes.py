"""The pages of episodes of exploitation."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marfa.apps.cases.actions.episodes import add_episode, write_episode
from marfa.apps.cases.forms.assessment import EpisodeForm
from marfa.apps.cases.models import Case, ExploitationEpisode
from marfa.apps.cases.views.common import case_named, case_reading, must_read
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import form_view
from marfa.domain.codes import format_code

FORM = "cases.episode"
EDITOR = Editor(FORM, EpisodeForm, write_episode, template="cases/episode.html")


@require_http_methods(["POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """A new episode, of which nothing is written yet."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    if case.state != Case.State.OPEN:
        raise PermissionDenied
    row = add_episode(actor=actor, case=case)
    return redirect("cases:episode", case.reference, row.reference)


@form_view
def one(request: HttpRequest, reference: str, episode: str) -> HttpResponse:
    """What the person tells of one episode."""
    case, actor = case_named(request, reference)
    row = ExploitationEpisode.objects.filter(case=case, reference=episode).first()
    if row is None:
        raise Http404
    row.case, row.person = case, case.person
    done = reverse("cases:case", args=[case.reference]) + "#assessment"
    with case_reading(actor, case):
        title, about = _("Episode of exploitation"), format_code(case.person.code)
        return edit_row(request, EDITOR, row, title=title, done=done, about=about)


def address_of(episode: UUID | None) -> str | None:
    """The page of an episode that was typed and not sent; None for one that is gone."""
    if episode is None:
        return None
    rows = ExploitationEpisode.objects.filter(pk=episode)
    found = rows.values_list("case__reference", "reference").first()
    return reverse("cases:episode", args=list(found)) if found else None

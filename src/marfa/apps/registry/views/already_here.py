"""The page that stands between a registration form and its registration: may be here already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from marfa.apps.form_pages.drafts import Keeping
from marfa.apps.organisations.models import Site
from marfa.apps.registry.already_here import Typed, look_for_same
from marfa.apps.registry.models import Registration
from marfa.platform.revisions.errors import DraftMovedError

OF_THE_PAGE = frozenset({"csrfmiddlewaretoken", "do", "another", "draft_version", "batch"})


def ask_before(
    request: HttpRequest,
    held: Keeping,
    typed: Sequence[Typed],
    *,
    site: Site,
    batch: UUID,
    content: Mapping[str, object],
) -> HttpResponse | None:
    """The page that lists who may be meant; None where nobody is, where the officer has said that
    it is another person, and for a form that was registered already.

    typed: names, as ``look_for_same`` takes them. content: for the draft, which is there again when
    the officer comes back from a record.
    """
    if request.POST.get("another") or _was_registered(site, batch):
        return None
    found = look_for_same(request, typed)
    if not found.lines:
        if not found.whole:
            said = _("Names could not be searched. Find out later whether they were here before.")
            messages.warning(request, said)
        return None
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in OF_THE_PAGE
    ]
    context = {
        "lines": found.lines,
        "sent": sent,
        "batch": batch,
        "draft_version": _kept(held, {**content, "batch": str(batch)}),
    }
    return render(request, "registry/already_here.html", context)


def _was_registered(site: Site, batch: UUID) -> bool:
    rows = Registration.objects.filter(organisation=site.organisation_id, batch=batch)
    return rows.exists()


def _kept(held: Keeping, content: Mapping[str, object]) -> int | str:
    """The version of the draft. Where a second page is open, the other's draft stays, and what was
    typed here is on this page alone."""
    try:
        return held.store(content)
    except DraftMovedError:
        return held.request.POST.get("draft_version", "")

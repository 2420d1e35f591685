"""Drafts of forms that belong to no row yet.

held = Keeping(request, "registry.household")
if posted "draft": return held.keep(content)
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marfa.apps.access import current_user
from marfa.apps.form_pages.values import in_words, posted_version
from marfa.platform.revisions.drafts import OpenDraft, discard_draft, open_draft, save_draft
from marfa.platform.revisions.errors import DraftMovedError
from marfa.platform.rowsecurity.ownership import Owner

LONGEST_DRAFT = 200_000


class Keeping:
    """The draft of one person for one form. There is one for each form and person.

    form: its name in the drafts, registered in a module's ``drafts``. owner: whose the record
    would be that it makes.
    """

    def __init__(self, request: HttpRequest, form: str, owner: Owner) -> None:
        self.request, self.form, self.owner = request, form, owner
        self.user = current_user(request)

    def found(self) -> OpenDraft | None:
        """What this person typed and did not send."""
        return open_draft(user=self.user.pk, form=self.form, subject=None)

    def check_person(self) -> HttpResponse | None:
        """Whether somebody else has signed in since the page was opened: then what stands in it is
        neither saved in their name nor kept among their drafts. Raises PermissionDenied."""
        if self.request.POST.get("person") == self.user.reference:
            return None
        if self.request.POST.get("do") != "draft":
            raise PermissionDenied
        said = _("Someone else has signed in here. Nothing was kept.")
        return JsonResponse({"said": said}, status=HTTPStatus.CONFLICT)

    def keep(self, content: Mapping[str, object]) -> HttpResponse:
        """Keep what is typed, as it is."""
        if len(str(content)) > LONGEST_DRAFT:
            said = _("This is too long to be kept as a draft.")
            return JsonResponse({"said": said}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            version = self.store(content)
        except DraftMovedError as error:
            return JsonResponse({"said": in_words(error)}, status=HTTPStatus.CONFLICT)
        if self.request.headers.get("X-Draft"):
            return JsonResponse({"version": version, "said": _("What you typed is kept.")})
        messages.success(self.request, _("What you typed is kept. You can continue later."))
        return redirect(self.request.path)

    def store(self, content: Mapping[str, object], *, seen: int | None = None) -> int:
        """Store a draft; its version. Raises DraftMovedError where a second page is open.

        seen: the version that ``content`` was made from; by default the one that the page sent.
        """
        return save_draft(
            user=self.user.pk,
            form=self.form,
            subject=None,
            content=content,
            owner=self.owner,
            seen=posted_version(self.request.POST, "draft_version") if seen is None else seen,
        )

    def discard(self) -> None:
        """What was typed is sent, or is not wanted any more."""
        discard_draft(user=self.user.pk, form=self.form, subject=None)

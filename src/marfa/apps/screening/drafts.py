"""What an officer typed on the page of a question and did not send: kept for each page by itself,
so that two devices on different questions keep both."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.access import current_user
from marfa.apps.form_pages.drafts import LONGEST_DRAFT
from marfa.apps.form_pages.values import in_words
from marfa.apps.screening.models import Screening
from marfa.platform.revisions.drafts import (
    OpenDraft,
    discard_all,
    discard_draft,
    open_draft,
    save_draft,
)
from marfa.platform.revisions.errors import DraftMovedError
from marfa.platform.rowsecurity.ownership import owner_of

FORM = "screening.question"
TRIES = 5
Typed = Mapping[str, str]
"""Name of a field -> what stands in it."""


def address_of(screening: UUID | None) -> str | None:
    """The page at which a talk goes on; None where it is over."""
    if screening is None:
        return None
    row = Screening.objects.filter(pk=screening, state=Screening.State.ASKING).first()
    return reverse("screening:ask", args=[row.reference]) if row else None


def discard_drafts(screening: Screening) -> None:
    """Throw away what anybody typed and did not send: the talk is over."""
    discard_all(form=FORM, subjects=[screening.pk])


def place_typed(user: UUID, screening: Screening) -> int | None:
    """Number of the first page on which somebody typed and did not send, 0 for all questions."""
    draft = open_draft(user=user, form=FORM, subject=screening.pk)
    return min(map(int, draft.content), default=None) if draft else None


class QuestionDraft:
    """The draft of one person on one page of a talk. place: number of the question, 0 for all."""

    def __init__(self, request: HttpRequest, screening: Screening, place: int) -> None:
        self.request, self.screening, self.place = request, screening, str(place)
        self.user = current_user(request)

    def found(self) -> Typed | None:
        """What stands in the fields of this page, if it was not sent."""
        mine = self._mine(self._open())
        typed = mine.get("typed")
        return typed if isinstance(typed, Mapping) else None

    @property
    def version(self) -> int:
        """How often it was kept, for the next time."""
        return _number(self._mine(self._open()))

    def check_person(self) -> None:
        """What somebody else typed, who was signed in when the page was opened, is not answered in
        this person's name. Raises PermissionDenied."""
        typed_by = self.request.POST.get("person", self.user.reference)
        if typed_by != self.user.reference:
            raise PermissionDenied

    @transaction.atomic
    def keep(self, typed: Typed) -> JsonResponse:
        """Keep what stands in the fields, and say so to the page. Whoever says stop waits for it,
        or it for them: after the end nothing is kept."""
        if self.request.POST.get("person") != self.user.reference:
            said = _("Someone else has signed in here. Nothing was kept.")
            return JsonResponse({"said": said}, status=HTTPStatus.CONFLICT)
        rows = Screening.objects.select_for_update(no_key=True).filter(pk=self.screening.pk)
        if rows.values_list("state", flat=True).first() != Screening.State.ASKING:
            said = _("The interview is over. Nothing more is kept.")
            return JsonResponse({"said": said}, status=HTTPStatus.CONFLICT)
        if len(str(typed)) > LONGEST_DRAFT:
            said = _("This is too long to be kept as a draft.")
            return JsonResponse({"said": said}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        seen = self.request.POST.get("draft_version", "")
        try:
            number = self._store(typed, int(seen) if seen.isdecimal() else 0)
        except DraftMovedError as error:
            return JsonResponse({"said": in_words(error)}, status=HTTPStatus.CONFLICT)
        return JsonResponse({"version": number, "said": _("What you typed is kept.")})

    def discard(self) -> None:
        """What was typed is sent, or is not wanted any more; that of other pages stays."""
        for _attempt in range(TRIES):
            draft = self._open()
            if draft is None or self.place not in draft.content:
                return
            left = {place: kept for place, kept in draft.content.items() if place != self.place}
            if not left:
                discard_draft(user=self.user.pk, form=FORM, subject=self.screening.pk)
                return
            try:
                self._save(left, draft)
            except DraftMovedError:  # another page was kept in the same moment
                continue
            return

    def _store(self, typed: Typed, seen: int) -> int:
        """Beside what is kept of other pages. Raises DraftMovedError where this page is open twice
        and says something else there."""
        for _attempt in range(TRIES):
            draft = self._open()
            mine = self._mine(draft)
            if _number(mine) not in (0, seen) and mine.get("typed") != dict(typed):
                break
            number = _number(mine) + 1
            content = {**(draft.content if draft else {})}
            content[self.place] = {"number": number, "typed": dict(typed)}
            try:
                self._save(content, draft)
            except DraftMovedError:  # another page was kept in the same moment
                continue
            return number
        raise DraftMovedError(_number(mine), mine)

    def _save(self, content: Mapping[str, object], before: OpenDraft | None) -> None:
        save_draft(
            user=self.user.pk,
            form=FORM,
            subject=self.screening.pk,
            content=content,
            owner=owner_of(self.screening),
            seen=before.version if before else 0,
        )

    def _open(self) -> OpenDraft | None:
        return open_draft(user=self.user.pk, form=FORM, subject=self.screening.pk)

    def _mine(self, draft: OpenDraft | None) -> Mapping[str, object]:
        kept = draft.content.get(self.place) if draft else None
        return kept if isinstance(kept, Mapping) else {}


def _number(mine: Mapping[str, object]) -> int:
    number = mine.get("number", 0)
    return number if isinstance(number, int) else 0

"""Questions about forms and about what came in."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from marfa.apps.forms.models import FormVersion, Submission
from marfa.methods.xforms import Node, read_submission

OFFERED = Q(published_at__isnull=False, withdrawn_at=None)


def offered_versions(organisation: UUID, *, all_versions: bool = False) -> QuerySet[FormVersion]:
    """What can be filled in now: of each form the version that was published last, or all."""
    found = FormVersion.objects.filter(OFFERED, organisation=organisation)
    if not all_versions:
        later = FormVersion.objects.filter(
            OFFERED, form=OuterRef("form"), published_at__gt=OuterRef("published_at")
        )
        found = found.exclude(Exists(later))
    return found.select_related("form").order_by("form__form_id", "published_at", "id")


def offered_to_apps(
    organisation: UUID, *, form_id: str | None = None, all_versions: bool = False
) -> QuerySet[FormVersion]:
    """The same, as far as apps of others get it: what is sensitive for practice alone."""
    found = offered_versions(organisation, all_versions=all_versions).filter(
        Q(form__sensitive=False) | Q(form__practice_of__isnull=False), form__open_to_apps=True
    )
    if form_id is not None:
        found = found.filter(form__form_id=form_id)
    return found.prefetch_related("media")


def version_sent(organisation: UUID, form_id: str, version: str) -> FormVersion | None:
    """The version that a submission names, also one that was withdrawn since: what was filled in
    before is not lost. None for one that was never published."""
    return (
        FormVersion.objects.filter(
            organisation=organisation,
            form__form_id=form_id,
            version=version,
            published_at__isnull=False,
        )
        .select_related("form")
        .first()
    )


def answers_of(submission: Submission) -> Node:
    """What was filled in, as a tree; within ``open_vault()`` and a reading that was allowed."""
    return read_submission(submission.xml.data)

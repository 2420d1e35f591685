"""Questions about spreadsheets that are to become forms."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from marfa.apps.forms.jobs import convert_upload
from marfa.apps.forms.models import FormUpload
from marfa.platform.jobs.models import Job
from marfa.platform.jobs.queries import newest_job


def uploads_here(organisation: UUID) -> QuerySet[FormUpload]:
    """Spreadsheets of an organisation that are no form yet, the newest first."""
    found = FormUpload.objects.filter(organisation=organisation).exclude(
        state=FormUpload.State.ADDED
    )
    return found.order_by("-uploaded_at", "id")


def conversion_of(upload: FormUpload) -> Job | None:
    """The last job that was to make a form of a spreadsheet."""
    return newest_job(convert_upload, upload=upload.pk)

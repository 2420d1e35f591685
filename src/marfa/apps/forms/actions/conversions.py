"""What becomes of a spreadsheet that waits: a form, or a list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db.models import QuerySet

from marfa.apps.accounts.models import User
from marfa.apps.forms.actions.versions import Examined, add_form, examine_xlsform
from marfa.apps.forms.models import FormUpload, FormVersion
from marfa.apps.forms.upload_parts import Role, parts_of, seal_problems
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.queries import actor_of
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.words import Purpose

KEPT_FOR = timedelta(days=30)
State = FormUpload.State


def examine_upload(upload: FormUpload, tell: Callable[[int], None]) -> Examined | InputError:
    """What its spreadsheet is, or why it cannot be taken. tell: as for ``examine_xlsform``."""
    (sheet,) = parts_of(upload, Role.SHEET)
    try:
        return examine_xlsform(sheet.content, sheet.name, Purpose(upload.purpose), tell)
    except InputError as error:
        return error


def add_upload(*, upload: FormUpload, examined: Examined) -> FormVersion:
    """Add what its spreadsheet is, as whoever sent it in and with the roles they have now.

    Raises InputError as ``add_form``, and where they may not add forms any more.
    """
    media = {part.name: (part.kind, part.content) for part in parts_of(upload, Role.MEDIA)}
    user = User.objects.get(pk=upload.uploaded_by_id)
    organisation = Organisation.objects.get(pk=upload.organisation_id)
    if not user.is_active:
        raise InputError.at(Message("apps.forms:upload-denied"))
    try:
        made = add_form(
            actor=actor_of(user), organisation=organisation, examined=examined, media=media
        )
    except DeniedError:
        raise InputError.at(Message("apps.forms:upload-denied")) from None
    # The form has all of it now.
    upload.parts.all().delete()
    return made


def refuse_upload(*, upload: FormUpload, error: InputError) -> None:
    """Keep what is wrong with a spreadsheet, beside it."""
    seal_problems(upload, error.problems).save(force_insert=True)


def end_upload(
    upload: FormUpload, state: FormUpload.State, version: FormVersion | None = None
) -> bool:
    """End the waiting of an upload, in the transaction that goes with it. False where it no longer
    waits: somebody stopped it, or gave it up."""
    waiting = FormUpload.objects.filter(pk=upload.pk, state=State.WAITING)
    ended = clock.now() + KEPT_FOR
    return bool(waiting.update(state=state, version=version, expires_at=ended))


def expired_uploads() -> QuerySet[FormUpload]:
    """Those that nobody did anything with for thirty days."""
    return FormUpload.objects.filter(expires_at__lte=clock.now())

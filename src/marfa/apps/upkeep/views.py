"""What administrators see of the backups, and what they show to a phone."""

from __future__ import annotations

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from marfa.apps.access import at_desk
from marfa.apps.manifest import Desk
from marfa.apps.upkeep.queries import backup_record, is_late, own_authority, was_rehearsed
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.platform.lan import enrolment_code, enrolment_url


@require_safe
@at_desk(Desk.ADMINISTRATION)
def backups(request: HttpRequest) -> HttpResponse:
    """When the newest backup was made, how the next come about, and whether one was tried."""
    record = backup_record()
    language = get_language() or SOURCE_LANGUAGE
    said = {
        name: render_message(failed.message, language) if failed else ""
        for name, failed in (
            ("failed", record.failed),
            ("rehearsal_failed", record.rehearsal_failed),
        )
    }
    values = {
        "record": record,
        "late": is_late(record),
        "tried": was_rehearsed(record),
        "said": said,
        "given": settings.MARFA,
    }
    return render(request, "upkeep/backups.html", values)


@require_safe
@at_desk(Desk.ADMINISTRATION)
def phones(request: HttpRequest) -> HttpResponse:
    """A code for the phone's camera, and the fingerprint to compare."""
    found = own_authority()
    url = enrolment_url(settings.MARFA, found.named.addresses) if found else None
    values = {"authority": found, "url": url, "served": bool(settings.MARFA.lan_name)}
    if found and url:
        made = segno.make_qr(enrolment_code(url, found.fingerprint), error="m")
        drawn = made.svg_inline(scale=4, border=2, svgclass=None, lineclass=None)
        values["picture"] = mark_safe(drawn)  # noqa: S308 - lines that the library drew
    return render(request, "upkeep/phones.html", values)

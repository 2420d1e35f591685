"""The encrypted package for somebody outside: made when it is asked for, and kept nowhere."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from marfa.apps.access import acting
from marfa.apps.cases.models import Case
from marfa.apps.cases.views.common import page
from marfa.apps.referrals.actions.referrals import pack_referral
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.views.recipients import called
from marfa.crypto.agefiles import fingerprint, new_phrase
from marfa.domain.message import InputError
from marfa.safeguards.actor import Actor

FILE = "package.zip.age"


def package(request: HttpRequest, row: Referral, case: Case, actor: Actor) -> HttpResponse:
    """The key or the words first; then the file. New words are made each time the page opens."""
    if row.way != Referral.Way.PACKAGE or row.recipient is None:
        raise PermissionDenied
    wrong: InputError | None = None
    phrase = request.POST.get("phrase", "")
    if request.POST.get("do") == "file":
        language = request.POST.get("language", "")
        chosen = language if language in dict(settings.LANGUAGES) else get_language() or "en"
        try:
            with acting():
                content = pack_referral(actor=actor, referral=row, language=chosen, phrase=phrase)
        except InputError as error:
            wrong = error
        else:
            return _file(content)
    key = row.recipient.age_key
    return page(
        request,
        "referrals/referral_pack",
        case,
        wrong,
        referral=row,
        to=called(row),
        fingerprint=fingerprint(key) if key else "",
        phrase="" if key else phrase or new_phrase(),
        languages=settings.LANGUAGES,
        language=get_language(),
    )


def _file(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    response.headers["Cache-Control"] = "no-store"
    return response

"""The page from which the encrypted package is fetched; it is kept nowhere."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from marfa.apps.cases.models import Case
from marfa.apps.cases.views.common import case_page
from marfa.apps.package_keys import own_digits, own_key_file
from marfa.apps.referrals.actions.referrals import pack_referral_file
from marfa.apps.referrals.models import Referral
from marfa.apps.referrals.views.recipients import referral_recipient_name
from marfa.crypto.agefiles import age_key_fingerprint, new_phrase
from marfa.methods.packages import RefusedError
from marfa.safeguards.actor import Actor


def show_package(request: HttpRequest, row: Referral, case: Case, actor: Actor) -> HttpResponse:
    """The key or the words first; then the file. New words are made each time the page opens."""
    if row.way != Referral.Way.PACKAGE or row.recipient is None:
        raise PermissionDenied
    phrase, key = request.POST.get("phrase", ""), row.recipient.age_key
    context = {
        "referral": row,
        "to": referral_recipient_name(row),
        "fingerprint": age_key_fingerprint(key) if key else "",
        "digits": _digits(),
        "phrase": "" if key else phrase or new_phrase(),
        "languages": settings.LANGUAGES,
        "language": get_language(),
    }
    shown = case_page(request, "referrals/referral_pack", case, context)
    if request.POST.get("do") == "key":
        return shown.answer(_key_file)
    if request.POST.get("do") != "file":
        return shown.shown()
    return shown.answer(partial(_file, request, actor, row, phrase))


def _file(request: HttpRequest, actor: Actor, row: Referral, phrase: str) -> HttpResponse:
    language = request.POST.get("language", "")
    chosen = language if language in dict(settings.LANGUAGES) else get_language() or "en"
    made = pack_referral_file(actor=actor, referral=row, language=chosen, phrase=phrase)
    return _download(made.name, made.data)


def _digits() -> str:
    """Those to read out. Where our keys do not open, whoever asks for the file is told why."""
    try:
        return own_digits()
    except RefusedError:
        return ""


def _key_file() -> HttpResponse:
    return _download(*own_key_file())


def _download(name: str, data: bytes) -> HttpResponse:
    response = HttpResponse(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response

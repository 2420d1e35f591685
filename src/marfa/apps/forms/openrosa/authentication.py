"""Who sends: Basic authentication with a device's own password, over a secure origin alone."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from marfa.apps.accounts.limits import source_of
from marfa.apps.forms.actions.devices import device_actor, may_try_again
from marfa.apps.forms.models import Device
from marfa.apps.forms.openrosa.documents import add_openrosa_headers, message_response
from marfa.domain.message import Message
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actor import Actor

LONGEST_CREDENTIALS = 400
AT_HOME = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Sender:
    """device: by which it came. actor: the person, with the roles held at its organisation."""

    device: Device
    actor: Actor


View = Callable[..., HttpResponse]


def for_devices(view: View) -> View:
    """A view for apps of others: it is given a ``Sender``; a session counts for nothing here."""

    @login_not_required
    @csrf_exempt
    @wraps(view)
    def entered(request: HttpRequest, **kwargs: str) -> HttpResponse:
        if not _is_secure(request):
            return add_openrosa_headers(
                message_response(Message("apps.forms:not-secure"), HTTPStatus.FORBIDDEN)
            )
        known = _sender(request)
        if not isinstance(known, Sender):
            return add_openrosa_headers(known)
        with row_context({known.device.organisation_id}):
            return add_openrosa_headers(view(request, known, **kwargs))

    return entered


def _is_secure(request: HttpRequest) -> bool:
    """TLS, or the machine itself: what the pages count as a secure origin."""
    return request.is_secure() or request.META.get("REMOTE_ADDR") in AT_HOME


def _sender(request: HttpRequest) -> Sender | HttpResponse:
    credentials = _credentials(request.headers.get("Authorization", ""))
    if credentials is None:
        return _challenge()
    found = device_actor(*credentials)
    if found is not None:
        return Sender(*found)
    if may_try_again(source_of(request)):
        return _challenge()
    answer = message_response(Message("apps.forms:too-often"), HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = "60"
    return answer


def _challenge() -> HttpResponse:
    answer = message_response(Message("apps.forms:sign-in"), HTTPStatus.UNAUTHORIZED)
    answer.headers["WWW-Authenticate"] = 'Basic realm="forms", charset="UTF-8"'
    return answer


def _credentials(header: str) -> tuple[str, str] | None:
    """User name and password of a Basic header (RFC 7617), if it is one."""
    scheme, _space, text = header.partition(" ")
    if scheme.lower() != "basic" or len(text) > LONGEST_CREDENTIALS:
        return None
    try:
        plain = base64.b64decode(text.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, colon, password = plain.partition(":")
    return (name, password) if colon else None

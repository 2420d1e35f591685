"""Uploads over HTTP, and a person's own files given back to them.

Whoever is signed in may send, and meets their own files alone; another person's answer as if
they did not exist. Who else may read a file is decided by what it is attached to, in the apps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marfa.domain.catalogue import LANGUAGES, SOURCE_LANGUAGE, render_message, render_problem
from marfa.domain.message import InputError
from marfa.platform.files import actions, tus
from marfa.platform.files.errors import (
    BusyError,
    OffsetMismatchError,
    TooLargeError,
    TypeRefusedError,
    build_refusal,
)
from marfa.platform.files.kinds import MIB
from marfa.platform.files.models import Derivative, StoredFile
from marfa.platform.files.queries import (
    open_derivative,
    open_file,
    refusal_of,
    sha256_of,
    upload_of,
)
from marfa.platform.files.responses import attachment_response, inline_picture
from marfa.platform.rowsecurity.context import current_scope
from marfa.platform.rowsecurity.ownership import Owner

View = Callable[..., HttpResponseBase]

STATUS: tuple[tuple[type[InputError], int], ...] = (
    (OffsetMismatchError, HTTPStatus.CONFLICT),
    (BusyError, HTTPStatus.LOCKED),
    (TooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (TypeRefusedError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (InputError, HTTPStatus.BAD_REQUEST),
)


def answer_refusals(view: View) -> View:
    """Refusals become an answer with the sentence, in the reader's language."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("POST", "PATCH", "HEAD", "DELETE") and not tus.speaks_tus(request):
            return tus.tus_response(HTTPStatus.PRECONDITION_FAILED, tus_version=tus.VERSION)
        try:
            return view(request, *args, **kwargs)
        except InputError as error:
            return _refusal(error)

    return guarded


def _refusal(error: InputError) -> HttpResponse:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    problems = [
        {"code": p.message.code, "text": render_problem(p, _language())} for p in error.problems
    ]
    response = JsonResponse({"problems": problems}, status=status)
    response.headers["Tus-Resumable"] = tus.VERSION
    return response


@require_http_methods(["POST", "OPTIONS"])
def uploads(request: HttpRequest) -> HttpResponseBase:
    """POST begins an upload; OPTIONS tells what the server can do."""
    if request.method == "OPTIONS":
        return tus.tus_response(
            HTTPStatus.NO_CONTENT,
            tus_version=tus.VERSION,
            tus_extension=tus.EXTENSIONS,
            tus_max_size=settings.MARFA.largest_file_mib * MIB,
        )
    return _create(request)


@answer_refusals
def _create(request: HttpRequest) -> HttpResponse:
    size = tus.whole_number(request, "Upload-Length")
    if size is None:
        raise build_refusal(InputError, "length-unknown")
    try:
        told = tus.parse_metadata(request.headers.get("Upload-Metadata", ""))
    except ValueError:
        raise build_refusal(InputError, "metadata-unreadable") from None
    file = actions.start_upload(
        uploader_id=_user(request),
        size=size,
        name=told.get("filename", ""),
        media_type=told.get("filetype", ""),
        owner=_whose(told.get("organisation", "")),
    )
    place = reverse("files:upload", args=[file.reference])
    return tus.tus_response(HTTPStatus.CREATED, location=place, upload_offset=0)


@answer_refusals
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, reference: str) -> HttpResponseBase:
    """HEAD tells where an upload stands, PATCH adds to it, DELETE ends it."""
    file = _own(request, reference)
    if request.method == "PATCH":
        return _append(request, file)
    if request.method == "DELETE":
        actions.delete_file(file=file)
        return tus.tus_response(HTTPStatus.NO_CONTENT)
    return tus.tus_response(HTTPStatus.OK, upload_offset=file.received, upload_length=file.size)


def _append(request: HttpRequest, file: StoredFile) -> HttpResponse:
    if request.content_type != tus.PIECE_TYPE:
        return tus.tus_response(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    offset = tus.whole_number(request, "Upload-Offset")
    coming = tus.whole_number(request, "Content-Length")
    if offset is None or coming is None:
        raise build_refusal(InputError, "length-unknown")
    if offset + coming > file.size:
        raise build_refusal(TooLargeError, "longer-than-declared")
    received = actions.append_to_upload(file=file, offset=offset, source=request)
    return tus.tus_response(HTTPStatus.NO_CONTENT, upload_offset=received)


@answer_refusals
@require_POST
def finish(request: HttpRequest, reference: str) -> HttpResponse:
    """Have a complete upload checked; tells whether it was accepted, or why not."""
    file = actions.settle_upload(file=_own(request, reference))
    told: dict[str, object] = {"state": file.state, "reference": file.reference}
    reason = refusal_of(file)
    if reason is not None:
        told["problems"] = [{"code": reason.code, "text": render_message(reason, _language())}]
    else:
        told |= {"sha256": sha256_of(file), "preview": file.derivatives.exists()}
    return JsonResponse(told)


@require_safe
def download(request: HttpRequest, reference: str) -> HttpResponseBase:
    """One's own file, as it came."""
    file = _own(request, reference)
    try:
        contents = open_file(file)
    except InputError:
        raise Http404 from None
    return attachment_response(file, contents)


@require_safe
def preview(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The preview of one's own picture."""
    file = _own(request, reference)
    derivative = file.derivatives.filter(kind=Derivative.Kind.PREVIEW).first()
    if derivative is None or file.state != StoredFile.State.ACCEPTED:
        raise Http404
    return inline_picture(derivative, open_derivative(derivative))


def _own(request: HttpRequest, reference: str) -> StoredFile:
    file = upload_of(_user(request), reference)
    if file is None:
        raise Http404
    return file


def _whose(named: str) -> Owner:
    """The organisation for which somebody sends: the one that they name among those for which they
    work, or the only one. Whoever works for none has nothing to send."""
    mine = sorted(current_scope())
    chosen = [key for key in mine if str(key) == named] or mine
    if not chosen:
        raise PermissionDenied
    return Owner(chosen[0])


def _user(request: HttpRequest) -> UUID:
    return cast(UUID, request.user.pk)


def _language() -> str:
    spoken = get_language() or SOURCE_LANGUAGE
    return spoken if spoken in LANGUAGES else SOURCE_LANGUAGE

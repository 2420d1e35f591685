"""Giving content out: as a stream, never to be run or shown by the browser in our name."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from marfa.platform.files.contents import Contents
from marfa.platform.files.models import Derivative, StoredFile
from marfa.platform.files.queries import name_of

# Beside those that every answer carries.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "no-store",
}


def attachment_response(file: StoredFile, contents: Contents) -> StreamingHttpResponse:
    """An accepted file to be saved, whatever its type; ``contents`` is closed at the end.

    A blob that was tampered with breaks the transfer off: its length then falls short.
    """
    response = StreamingHttpResponse(_stream(contents), content_type=file.media_type)
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name_of(file)))
    return _finished(response, contents)


def inline_picture(derivative: Derivative, contents: Contents) -> StreamingHttpResponse:
    """A picture that was drawn anew here, and so may be shown in a page."""
    response = StreamingHttpResponse(_stream(contents), content_type=derivative.media_type)
    response.headers["Content-Disposition"] = "inline"
    return _finished(response, contents)


def inline_drawing(file: StoredFile, contents: Contents) -> StreamingHttpResponse:
    """A file that ``drawings.keep_drawn`` stored, and so may be shown in a page."""
    response = StreamingHttpResponse(_stream(contents), content_type=file.media_type)
    response.headers["Content-Disposition"] = "inline"
    return _finished(response, contents)


def _finished(response: StreamingHttpResponse, contents: Contents) -> StreamingHttpResponse:
    response.headers["Content-Length"] = str(contents.size)
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _stream(contents: Contents) -> Iterator[bytes]:
    with contents:
        yield from contents.chunks()

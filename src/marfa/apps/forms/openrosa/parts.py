"""The parts of what is posted, in memory: nothing a person told is put on a disk in clear."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    Upload = UploadedFile[bytes]

XML_PART = "xml_submission_file"
LARGEST = 64 * 1024 * 1024
"""Bytes of one request. A single attachment may be larger than what clients are told."""
MOST_PARTS = 200


class PostError(InputError):
    """What was posted cannot be used; status: of the answer."""

    status = HTTPStatus.BAD_REQUEST


class TooLargeError(PostError):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@dataclass(frozen=True)
class Parts:
    """xml: the one part with the answers. files: (name, file) of all others."""

    xml: bytes
    files: tuple[tuple[str, Upload], ...]


def read_parts(request: HttpRequest) -> Parts:
    """What came to a view that is marked ``taken_in_memory(LARGEST)``.

    Raises PostError: too large, not multipart, or not exactly one part with the answers.
    """
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise PostError.at(Message("apps.forms:not-multipart")) from None
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        length = _take_chunked(request)
    if length > LARGEST:
        raise TooLargeError.at(Message("apps.forms:too-large", {"most": LARGEST // 1024**2}))
    if request.content_type != "multipart/form-data":
        raise PostError.at(Message("apps.forms:not-multipart"))
    try:
        files, fields = request.FILES, request.POST
    except MultiPartParserError:
        raise PostError.at(Message("apps.forms:not-multipart")) from None
    found = list(_all(files.lists()))
    documents = [file.read() for name, file in found if name == XML_PART]
    documents += [text.encode() for text in fields.getlist(XML_PART)]
    if len(documents) != 1:
        raise PostError.at(Message("apps.forms:one-xml-part", {"count": len(documents)}))
    others = tuple((name, file) for name, file in found if name != XML_PART)
    if len(others) > MOST_PARTS:
        raise TooLargeError.at(Message("apps.forms:too-many-parts", {"most": MOST_PARTS}))
    return Parts(documents[0], others)


def _take_chunked(request: HttpRequest) -> int:
    """Read a body that does not say its length, which Django takes for an empty one.

    The server ends it (``wsgi.input_terminated``); more than LARGEST is not read.
    """
    body = request.META["wsgi.input"].read(LARGEST + 1)
    request.META["CONTENT_LENGTH"] = str(len(body))
    request._stream = io.BytesIO(body)
    return len(body)


def _all(lists: Any) -> Iterator[tuple[str, Upload]]:
    for name, files in lists:
        for file in files:
            yield name, file

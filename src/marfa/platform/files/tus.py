"""The words of the resumable upload protocol tus 1.0.0 (core, creation, termination)."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpRequest, HttpResponse

VERSION = "1.0.0"
EXTENSIONS = "creation,termination"
PIECE_TYPE = "application/offset+octet-stream"


def speaks_tus(request: HttpRequest) -> bool:
    return request.headers.get("Tus-Resumable") == VERSION


def tus_response(status: int, **headers: object) -> HttpResponse:
    """An answer without a body; ``upload_offset=5`` becomes ``Upload-Offset: 5``."""
    named = {name.replace("_", "-").title(): str(value) for name, value in headers.items()}
    return HttpResponse(status=status, headers={"Tus-Resumable": VERSION, **named})


def whole_number(request: HttpRequest, header: str) -> int | None:
    """A header as a whole number, or None where it is absent or something else."""
    text = request.headers.get(header, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def parse_metadata(header: str) -> dict[str, str]:
    """``Upload-Metadata``: names with values in base 64; raises ValueError."""
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise ValueError(name) from None
    return found

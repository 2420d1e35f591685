"""What may stand in clear: codes and identifiers, never a name or a sentence."""

from __future__ import annotations

import re

from marfa.domain.message import InputError, Message

_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?")
_DEVICE = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
"""Names that Windows gives to devices: no folder can be called so there."""
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/-]{0,63}")

ARCHIVE = "archive"
"""The custodian of what nobody was named for."""


def read_id(text: str) -> str:
    """An identifier of an item: a folder can be called so on any system. Raises InputError."""
    if not _ID.fullmatch(text) or _DEVICE.fullmatch(text):
        raise refused("id-odd", field=text[:64])
    return text


def read_code(text: str, field: str) -> str:
    """A code for a person, an office or a reason. Raises InputError."""
    if not _CODE.fullmatch(text):
        raise refused("code-odd", field=field)
    return text


def refused(
    key: str, *, file: str | None = None, field: str | None = None, **params: object
) -> InputError:
    """What is wrong, and where; whoever calls raises it."""
    return InputError.at(Message(f"methods.archive:{key}", params), file=file, field=field)

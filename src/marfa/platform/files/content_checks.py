"""Whether a file is what it says it is, and harmless to open.

Each check reads the decrypted content as a stream and raises InputError with the reason.
"""

from __future__ import annotations

import codecs
import re
from typing import NoReturn

import filetype

from marfa.platform.files import archives
from marfa.platform.files.contents import Contents
from marfa.platform.files.errors import TypeRefusedError, build_refusal
from marfa.platform.files.kinds import HEAD_BYTES, Check, FileKind

MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe|\?xml|\?php)\b|\A#!\s*/", re.I)
# What no text holds: control characters other than tab, line ends, form feed and escape.
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def check_content(contents: Contents, kind: FileKind) -> None:
    """Refuse what is disguised, two things at once, or a bomb.

    Pictures are checked further where their preview is made, away from everything else.
    """
    contents.seek(0)
    head = contents.read(HEAD_BYTES)
    if not kind.recognise(head):
        _disguised(head, kind)
    if kind.check is Check.TEXT:
        _check_text(contents, head, kind)
    elif kind.check is Check.OFFICE:
        archives.check_office(contents, kind.media_type)
    elif kind.check is Check.ARCHIVE:
        archives.check_archive(contents)
    elif archives.ends_as_archive(contents):
        raise build_refusal(TypeRefusedError, "two-at-once", declared=kind.media_type)


def _disguised(head: bytes, kind: FileKind) -> NoReturn:
    found = "text/html" if MARKUP.search(head[:1024]) else _guess(head)
    if found is None or found == kind.media_type:
        raise build_refusal(TypeRefusedError, "not-as-declared", declared=kind.media_type)
    raise build_refusal(TypeRefusedError, "disguised", declared=kind.media_type, found=found)


def _guess(head: bytes) -> str | None:
    guessed = filetype.guess(head)
    return str(guessed.mime) if guessed is not None else None


def _check_text(contents: Contents, head: bytes, kind: FileKind) -> None:
    """Text in UTF-8, UTF-16, or one of the old encodings of a byte a letter."""
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    wide = WIDE.get(head[:2])
    shown = head[2:].decode(wide, "replace").encode().lstrip() if wide else start
    if MARKUP.search(shown[:1024]):
        raise build_refusal(
            TypeRefusedError, "disguised", declared=kind.media_type, found="text/html"
        )
    if wide is None and _guess(head) is not None and CONTROL.search(head):
        _disguised(head, kind)
    try:
        _read_as_text(contents, wide)
    except ValueError:
        raise build_refusal(TypeRefusedError, "not-as-declared", declared=kind.media_type) from None


def _read_as_text(contents: Contents, wide: str | None) -> None:
    decoder = codecs.getincrementaldecoder(wide or "utf-8")()
    for chunk in contents.chunks():
        plain = decoder.decode(chunk).encode() if wide else chunk
        if CONTROL.search(plain):
            raise ValueError("control characters")
    if wide:
        decoder.decode(b"", final=True)

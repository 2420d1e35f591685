"""Cases as JSON: ``{"standard": "HTCDS", "version": "2.0", "cases": [...]}``, UTF-8."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import BinaryIO

from marfa.domain import handling
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods.htcds.identity import coded
from marfa.methods.htcds.json_text import LARGEST, JsonText
from marfa.methods.htcds.plain_data import to_plain
from marfa.methods.htcds.record import Case
from marfa.methods.htcds.rules import judged
from marfa.methods.htcds.utf8 import Hashed, read_texts
from marfa.methods.htcds.values import Terms
from marfa.methods.htcds.whole_file import Refused, Seen, problems_of, taken_whole

HEAD = {"standard": "HTCDS", "version": "2.0", "profile": "marfa/1"}
"""What stands before the cases. The profile may be missing in files of others."""

_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False).encode


def read_json(
    stream: BinaryIO, *, today: date, identity: bool = False, file: str | None = None
) -> Iterator[Case]:
    """The cases of a file, given only where the whole file is right.

    today: no date but a planned one may be later. identity: fields that identify are let
    through, else a file that has any is refused. file: its name, for the places of problems.
    Raises InputError with every problem (up to MOST_PROBLEMS) before the first case is given.
    The stream is read twice, so it must be able to seek.
    """
    return taken_whole(stream, partial(_scan, terms=Terms(today, identity), file=file), file)


def scan_json(
    stream: BinaryIO, *, today: date, identity: bool = False, file: str | None = None
) -> Iterator[Case | Refused]:
    """Each case as it comes, or what is wrong with it. Raises InputError where the file cannot
    be read on; what came before stands."""
    return _scan(Hashed(stream), terms=Terms(today, identity), file=file)


def write_json(
    cases: Iterable[Case],
    stream: BinaryIO,
    *,
    today: date,
    identity: bool = False,
    mark: str = "",
) -> int:
    """Write the cases, one a line; returns how many.

    identity: what identifies is written too; without it each case is ``coded`` first.
    mark: the line of the handling mark, for how the file may be used.
    Raises InputError at the first case that breaks a rule. What was written until then is no
    document: write beside the place and move it there.
    """
    terms, seen = Terms(today, identity), Seen()
    head = _ENCODE(HEAD | ({handling.NAME: mark} if mark else {}))[:-1]
    stream.write(f'{head},\n"cases": ['.encode())
    written = 0
    for case in cases:
        case = case if identity else coded(case)
        plain = to_plain(case)
        found = problems_of(judged(plain, terms, case)[0], plain, seen, f"/cases/{written}")
        text = _ENCODE(plain) if not found else ""
        if len(text) > LARGEST:
            large = Message("methods.htcds:json-large", {"most": LARGEST})
            found = (Problem(large, Place(field=f"/cases/{written}")),)
        if found:
            raise InputError(*found)
        stream.write((("\n" if not written else ",\n") + text).encode())
        written += 1
    stream.write(b"\n]}\n")
    return written


def _scan(stream: Hashed, *, terms: Terms, file: str | None) -> Iterator[Case | Refused]:
    text = JsonText(read_texts(stream, file), file)
    if text.peek() != "{":
        raise _wrong("json-document", file, text.row)
    text.take("{")
    head: dict[str, object] = {}
    sign = ","
    while sign == ",":
        row = text.row
        key = text.key()
        if key in head or key not in ("cases", handling.NAME, *HEAD):
            raise _wrong("json-head-key", file, row)
        head[key] = None
        if key == "cases":
            if not {"standard", "version"} <= head.keys():
                raise _wrong("json-head", file, row)
            yield from _cases(text, terms, file)
        elif text.value() != HEAD.get(key) and key != handling.NAME:
            raise _wrong("json-head", file, row)
        sign = text.take(",}")
    text.end()
    if "cases" not in head:
        raise _wrong("json-document", file, text.row)


def _cases(text: JsonText, terms: Terms, file: str | None) -> Iterator[Case | Refused]:
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    seen, number, sign = Seen(), 0, ","
    while sign == ",":
        place = Place(file, text.row)
        plain = text.value()
        found, case = judged(plain, terms)
        problems = problems_of(found, plain, seen, f"/cases/{number}", place)
        number += 1
        yield Refused(number, problems) if problems or case is None else case
        sign = text.take(",]")


def _wrong(key: str, file: str | None, row: int) -> InputError:
    params = {"standard": HEAD["standard"], "version": HEAD["version"]}
    return InputError.at(Message(f"methods.htcds:{key}", params), file=file, row=row)

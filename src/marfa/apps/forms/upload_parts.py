"""What a spreadsheet that waits holds: sealed by the instance key, until it is a form or goes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marfa.apps.forms.models import FormUpload, UploadPart
from marfa.crypto.context import Context
from marfa.domain.ids import new_id
from marfa.domain.message import Message, Place, Problem
from marfa.platform.keys.holders import by_header
from marfa.platform.revisions.draft_sealer import load_sealer

Role = UploadPart.Role


@dataclass(frozen=True)
class Part:
    """name: of the file. kind: its media type."""

    name: str
    kind: str
    content: bytes


def seal_part(upload: FormUpload, role: UploadPart.Role, part: Part) -> UploadPart:
    """A row with a part of an upload; it is not saved."""
    row = UploadPart(id=new_id(), organisation_id=upload.organisation_id, upload=upload, role=role)
    head = json.dumps([part.name, part.kind]).encode()
    row.sealed = load_sealer().seal(head + b"\n" + part.content, _place(row))
    return row


def parts_of(upload: FormUpload, role: UploadPart.Role) -> list[Part]:
    """The parts of one role, opened, in the order in which they were sent."""
    return [_opened(row) for row in upload.parts.filter(role=role).order_by("id")]


def seal_problems(upload: FormUpload, problems: Iterable[Problem]) -> UploadPart:
    """A row with what keeps an upload out, which may quote it; it is not saved."""
    told = json.dumps([problem.as_json() for problem in problems], ensure_ascii=False)
    return seal_part(upload, Role.PROBLEMS, Part("", "application/json", told.encode()))


def problems_of(upload: FormUpload) -> list[Problem]:
    """What keeps an upload out, with sheet, row and column."""
    return [
        Problem(_message(one["message"]), Place(**one["place"]), one.get("rule"))
        for part in parts_of(upload, Role.PROBLEMS)
        for one in json.loads(part.content)
    ]


def _message(said: Mapping[str, Any]) -> Message:
    """A message of which the parameters may be messages too."""
    params = {
        name: _message(value) if isinstance(value, dict) else value
        for name, value in said["params"].items()
    }
    return Message(said["code"], params, said.get("count"))


def _opened(row: UploadPart) -> Part:
    head, _, content = load_sealer().open(bytes(row.sealed), _place(row)).partition(b"\n")
    name, kind = json.loads(head)
    return Part(name, kind, content)


def reseal_part(row: UploadPart, version: int) -> Mapping[str, object]:
    """The columns of a part that is sealed by another version of the instance key."""
    content = load_sealer().open(bytes(row.sealed), _place(row))
    return {"sealed": load_sealer().seal_under(version, content, _place(row))}


def _place(row: UploadPart) -> Context:
    return Context("forms_uploadpart", "sealed", str(row.pk))


PARTS = by_header("forms.upload_parts", UploadPart, "sealed", reseal_part)
"""They are sealed anew when the instance key is rotated."""

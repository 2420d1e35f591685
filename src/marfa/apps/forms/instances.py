"""What a submission says of itself, before its rules are asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from marfa.domain.message import InputError, Message
from marfa.methods.xforms import Node, read_submission

INSTANCE = re.compile(r"(?:uuid:)?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")


@dataclass(frozen=True)
class InstanceMeta:
    """form_id, version: of the form. instance: its instanceID. replaces: that of the submission
    that it corrects, if any."""

    form_id: str
    version: str
    instance: UUID
    replaces: UUID | None
    root: Node


def read_told(content: bytes) -> InstanceMeta:
    """Read the beginning of a submission.

    Raises InputError where it is no XML, declares a document type, is encrypted, or lacks an
    identifier or an instanceID that is a UUID.
    """
    root = read_submission(content)
    if root.attributes.get("encrypted") == "yes" or root.child("encryptedXmlFile") is not None:
        raise InputError.at(Message("apps.forms:encrypted"))
    form_id = root.attributes.get("id", "").strip()
    if not form_id:
        raise InputError.at(Message("apps.forms:no-form-id"))
    meta = root.child("meta")
    instance = _uuid(meta, "instanceID")
    if instance is None:
        raise InputError.at(Message("apps.forms:no-instance"))
    version = root.attributes.get("version", "").strip()
    return InstanceMeta(form_id, version, instance, _uuid(meta, "deprecatedID"), root)


def _uuid(meta: Node | None, name: str) -> UUID | None:
    node = meta.child(name) if meta is not None else None
    match = INSTANCE.fullmatch(node.string().strip()) if node is not None else None
    return UUID(match[1]) if match else None

"""Versions of forms, read: each is parsed once a process, since it never changes."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from marfa.apps.forms.models import FormVersion
from marfa.methods.xforms import FormModel, Node, parse


def model_of(version: FormVersion) -> FormModel:
    """The form of a version, ready to be asked and checked."""
    return _parsed(version.pk, version.md5, version.xml)


@lru_cache(maxsize=32)
def _parsed(key: UUID, md5: str, xml: str) -> FormModel:
    return parse(xml)


def files_named(model: FormModel, root: Node) -> list[str]:
    """The names of the files that a submission says come with it, in its order."""
    uploads = {question.spot.path for question in model.questions() if question.kind.is_upload}
    found: list[str] = []
    stack = [(root, f"/{root.name}")]
    while stack:
        node, path = stack.pop()
        if path in uploads and node.string().strip():
            found.append(node.string().strip())
        stack.extend((child, f"{path}/{child.name}") for child in reversed(node.children))
    return list(dict.fromkeys(found))

"""From the text of an XForm to a form that can be asked, evaluated and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from marfa.domain.message import InputError, Message
from marfa.methods.xforms.body_reader import BodyReader
from marfa.methods.xforms.model import FormModel, Part, Question, Repeat, Spot, Translation
from marfa.methods.xforms.model_reader import (
    read_binds,
    read_settings,
    secondary_instances,
    spots_of,
)
from marfa.methods.xforms.problems import FormProblems
from marfa.methods.xforms.reader import Reader, language_of
from marfa.methods.xforms.rule_order import order_rules
from marfa.methods.xforms.tree import Node, read_xml


def parse(
    xform: str | bytes, *, file: str | None = None, rows: Mapping[str, int] | None = None
) -> FormModel:
    """The form that an XForm describes.

    file: what to name in problems. rows: rows of the spreadsheet by path of question, where the
    form came from one; without it, problems name lines of the XForm.
    Raises InputError with everything that is wrong or not supported, each with its place.
    """
    raw = xform.encode() if isinstance(xform, str) else xform
    document = read_xml(raw, file)
    found = FormProblems(file, rows)
    head, body = _halves(document, file)
    model = _model(head, file)
    instance = _primary(model, file)
    root = spots_of(instance, found)
    instances = secondary_instances(model, found)
    reader = Reader(found, root, instances)
    read_binds(model, reader)
    parts = BodyReader(reader).parts(body, root)
    _check_repeats(instance, root, found)
    translations = reader.translations(model.child("itext"))
    settings = read_settings(model, body, reader)
    _check_submission(model, found)
    form_id = instance.attributes.get("id", "").strip()
    if not form_id:
        found.wrong(Message("methods.xforms:no-form-id"), root.path, instance.line)
    _check_meta(root, found)
    order = order_rules(root, found)
    found.finish()
    title = head.child("title")
    return FormModel(
        id=form_id,
        version=instance.attributes.get("version", ""),
        title=title.string().strip() if title is not None else form_id,
        digest="md5:" + hashlib.md5(raw, usedforsecurity=False).hexdigest(),
        root=root,
        spots={spot.path: spot for spot in root.walk()},
        body=parts,
        languages=tuple(language_of(name) for name in translations),
        default_language=_default(model.child("itext")),
        translations=translations,
        instances=instances,
        settings=settings,
        order=order,
        media=_media(translations),
    )


def _halves(document: Node, file: str | None) -> tuple[Node, Node]:
    head, body = document.child("head"), document.child("body")
    if document.name != "html" or head is None or body is None:
        raise InputError.at(Message("methods.xforms:not-a-form"), file=file, row=document.line)
    return head, body


def _model(head: Node, file: str | None) -> Node:
    model = head.child("model")
    if model is None:
        raise InputError.at(Message("methods.xforms:not-a-form"), file=file, row=head.line)
    return model


def _primary(model: Node, file: str | None) -> Node:
    instance = model.child("instance")
    if instance is None or len(instance.children) != 1:
        raise InputError.at(Message("methods.xforms:not-a-form"), file=file, row=model.line)
    root = instance.children[0]
    root.parent = None
    return root


def _check_repeats(instance: Node, root: Spot, found: FormProblems) -> None:
    """An element that stands twice without being a repeat has no single answer."""
    stack = [(instance, root)]
    while stack:
        node, spot = stack.pop()
        seen: set[str] = set()
        for child in node.children:
            inner = spot.children[child.name]
            if child.name in seen and not inner.repeat:
                found.wrong(Message("methods.xforms:twice"), inner.path, child.line)
            seen.add(child.name)
            stack.append((child, inner))


def _check_submission(model: Node, found: FormProblems) -> None:
    for submission in model.named("submission"):
        if submission.attributes.get("base64RsaPublicKey"):
            found.wrong(Message("methods.xforms:encrypted-form"), line=submission.line)


def _check_meta(root: Spot, found: FormProblems) -> None:
    meta = root.children.get("meta")
    if meta is None or "instanceID" not in meta.children:
        found.wrong(Message("methods.xforms:no-instance-id"), root.path)


def _default(itext: Node | None) -> str:
    """The language marked as default, or the first."""
    names = itext.named("translation") if itext is not None else []
    marked = [one for one in names if one.attributes.get("default", "-") in ("true()", "true", "")]
    return next((one.attributes.get("lang", "") for one in [*marked, *names]), "")


def _media(translations: Mapping[str, Mapping[str, Translation]]) -> tuple[str, ...]:
    names = (
        name
        for texts in translations.values()
        for text in texts.values()
        for name in text.media.values()
    )
    return tuple(dict.fromkeys(names))


def parts_of(parts: tuple[Part, ...]) -> Iterator[Part]:
    """All parts of a body, in order, groups and repeats before what they hold."""
    for part in parts:
        yield part
        if not isinstance(part, Question):
            yield from parts_of(part.parts)


__all__ = ["Repeat", "parse", "parts_of"]

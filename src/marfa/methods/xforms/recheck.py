"""A submission judged by the server: no device is trusted.

All rules of the form are run again over the answers that were sent, and what differs is told,
with its place. Where a form asks for the time, the time that the submission tells is taken, at
its beginning and at its end; what holds at either is not held against it. Labels that a
calculation quotes may be in any language of the form.

What cannot be checked: values drawn by ``uuid()`` and ``random()``, what ``once()`` keeps, and
what an event set. They are taken as sent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from marfa.domain.message import Message
from marfa.methods.xforms.evaluation import Evaluation
from marfa.methods.xforms.findings import Finding, FindingKind, Personal
from marfa.methods.xforms.model import FormModel, Spot, Wording
from marfa.methods.xforms.places import bind_places, path_of
from marfa.methods.xforms.state import MOST_REPEATS
from marfa.methods.xforms.submission import complete_answers, read_submission
from marfa.methods.xforms.submission_time import AHEAD, ToldTime, told_time
from marfa.methods.xforms.tree import Node
from marfa.methods.xforms.values import fits_kind
from marfa.methods.xforms.xpath import Surroundings
from marfa.methods.xforms.xpath.dates import days_since_epoch, read_moment
from marfa.methods.xforms.xpath.syntax import function_calls

_CLOCK = frozenset({"now", "today"})
_LABELS = frozenset({"jr:choice-name", "jr:itext"})
_INSTANCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._\-]{0,120}")
_CLOSE = 1e-9


def recheck(form: FormModel, submission: str | bytes, received_at: datetime) -> list[Finding]:
    """What is wrong with a submission to this version of a form; nothing, if it is clean.

    received_at: with its zone; used where the submission tells no time of its own.
    Raises InputError where the submission cannot be read as XML.
    """
    root = read_submission(submission)
    if root.name != form.root.name or root.attributes.get("id") != form.id:
        return [_finding(FindingKind.OTHER_FORM, f"/{root.name}", "")]
    found = list(_shape(form, root))
    if root.attributes.get("version", "") != form.version:
        found.append(_finding(FindingKind.OTHER_VERSION, f"/{root.name}", ""))
    found.extend(_identity(root))
    time = told_time(form, root, received_at)
    found.extend(_clock(time, root, received_at))
    complete_answers(root, form)
    return found + _lasting(form, root, time, received_at)


def _finding(
    kind: FindingKind,
    path: str,
    label: str,
    *,
    expected: str | None = None,
    found: str | None = None,
    words: str = "",
) -> Finding:
    return Finding(
        kind,
        path,
        label,
        Message(f"methods.xforms:found-{kind.value}", {"path": path, "label": label or path}),
        Personal(expected) if expected is not None else None,
        Personal(found) if found is not None else None,
        Personal(words) if words else None,
    )


def _shape(form: FormModel, root: Node) -> Iterator[Finding]:
    """What the form has no place for is told and taken out."""
    for node in list(bind_places(root, form)):
        # Its name came from the device, so it is kept with what it holds.
        above = path_of(node.parent) if node.parent is not None else "/"
        sent = f"{node.name}: {node.string()}"
        yield _finding(FindingKind.UNKNOWN, above, "", found=sent)
        _take_out(node)
    for node in list(root.walk()):
        spot: Spot = node.spot
        if spot.children and node.text.strip():
            yield _finding(FindingKind.UNKNOWN, path_of(node), "", found=node.text)
            node.text = ""
        for inner in spot.children.values():
            alike = node.named(inner.name)
            most = MOST_REPEATS if inner.repeat else 1
            for surplus in alike[most:]:
                yield _finding(FindingKind.TWICE, path_of(surplus), "", found=surplus.string())
                _take_out(surplus)


def _take_out(node: Node) -> None:
    if node.parent is not None:
        node.parent.children.remove(node)


def _identity(root: Node) -> Iterator[Finding]:
    meta = root.child("meta")
    node = meta.child("instanceID") if meta is not None else None
    text = node.string().strip() if node is not None else ""
    if not _INSTANCE_ID.fullmatch(text):
        path = f"/{root.name}/meta/instanceID"
        yield _finding(FindingKind.INSTANCE_ID, path, "", found=text)


def _clock(time: ToldTime, root: Node, received_at: datetime) -> Iterator[Finding]:
    if time.told and (time.backwards or time.begin > received_at + AHEAD):
        yield _finding(FindingKind.TIME, f"/{root.name}", "")


def _lasting(form: FormModel, root: Node, time: ToldTime, received_at: datetime) -> list[Finding]:
    """What is wrong whichever time between beginning and end, and whichever language, is taken."""
    found: list[Finding] | None = None
    for now, language in _variations(form, time):
        around = Surroundings(now, language, random=lambda: 0.5, uuid=lambda: "drawn")
        seen = list(_judged(form, root.copy(), around))
        if not seen:
            return []
        if found is None:
            found = seen
        else:
            keys = {(one.kind, one.path): one for one in seen}
            found = [one for one in found if _still(one, keys.get((one.kind, one.path)), time)]
    return found or []


def _variations(form: FormModel, time: ToldTime) -> Iterator[tuple[datetime, str]]:
    names = _functions(form)
    times = [time.begin, time.end] if names & _CLOCK and time.end != time.begin else [time.begin]
    languages = [language.name for language in form.languages] if names & _LABELS else []
    for language in languages or [form.default_language]:
        for now in times:
            yield now, language


def _functions(form: FormModel) -> frozenset[str]:
    known = form.known.get("functions")
    if not isinstance(known, frozenset):
        known = frozenset(
            call.name
            for spot in form.spots.values()
            for expression in (
                *(spot.bind.relevant, spot.bind.required, spot.bind.constraint),
                *(spot.bind.calculate, spot.bind.readonly, spot.count),
            )
            if expression is not None
            for call in function_calls(expression.term)
        )
        form.known["functions"] = known
    return known


def _still(first: Finding, then: Finding | None, time: ToldTime) -> bool:
    """Whether a finding holds at both times. A value that lies between what the rule gives at
    the beginning and at the end came from a moment between them."""
    if then is None:
        return False
    if first.kind is not FindingKind.CALCULATION or None in (first.expected, then.expected):
        return True
    ends = [one.expected.value if one.expected else "" for one in (first, then)]
    value = _amount(first.found.value if first.found else "")
    low, high = sorted(_amount(end) for end in ends)
    return not low <= value <= high


def _amount(text: str) -> float:
    moment = read_moment(text, UTC)
    if moment is not None:
        return days_since_epoch(moment, UTC)
    try:
        return float(text)
    except ValueError:
        return math.nan


def _judged(form: FormModel, root: Node, around: Surroundings) -> Iterator[Finding]:
    """The rules of the form, run over a copy of what was sent."""
    evaluation = Evaluation(form, root, around, judging=True)
    sent = {id(node): node.text for node in root.walk()}
    evaluation.settle()
    for parent, spot, wanted in evaluation.miscounted:
        number = len(parent.named(spot.name))
        path = f"{path_of(parent)}/{spot.name}"
        yield _finding(
            FindingKind.COUNT, path, _label(form, spot), expected=str(wanted), found=str(number)
        )
    hidden: set[int] = set()
    for node in root.walk():
        if not node.relevant or id(node.parent) in hidden:
            hidden.add(id(node))
            yield from _irrelevant(form, node, sent[id(node)])
        elif not node.spot.children:
            yield from _place(form, evaluation, node, sent[id(node)])
    for node, _, error in evaluation.failures:
        yield _finding(
            FindingKind.NOT_EVALUATED, path_of(node), _label(form, node.spot), words=error.detail
        )


def _irrelevant(form: FormModel, node: Node, sent: str) -> Iterator[Finding]:
    """An answer to what was not asked. Calculated values and what a device keeps are no answers."""
    if sent.strip() and node.spot.question is not None:
        label = _label(form, node.spot)
        yield _finding(FindingKind.IRRELEVANT, path_of(node), label, found=sent)


def _place(form: FormModel, evaluation: Evaluation, node: Node, sent: str) -> Iterator[Finding]:
    spot: Spot = node.spot
    if spot.bind.calculate is not None:
        if not _same(node.text, sent):
            yield _told(FindingKind.CALCULATION, form, node, sent, expected=node.text)
        return
    if sent and not fits_kind(spot.bind.type, sent.strip()):
        yield _told(FindingKind.TYPE, form, node, sent)
        return
    if spot.question is None:
        return
    if spot.question.kind == "note" and sent != (spot.blank.text.strip() if spot.blank else ""):
        if not any(setting.target is spot for setting in form.settings):
            yield _told(FindingKind.READONLY, form, node, sent)
        return
    if not sent.strip():
        if evaluation.true(spot.bind.required, node, otherwise=False):
            yield _told(FindingKind.REQUIRED, form, node, sent)
    elif not evaluation.are_choices(node):
        yield _told(FindingKind.CHOICE, form, node, sent)
    elif not evaluation.true(spot.bind.constraint, node, otherwise=True):
        words = evaluation.labels.words(spot.bind.constraint_message, node)
        yield _told(FindingKind.CONSTRAINT, form, node, sent, words=words)


def _told(
    kind: FindingKind,
    form: FormModel,
    node: Node,
    sent: str,
    *,
    expected: str | None = None,
    words: str = "",
) -> Finding:
    label = _label(form, node.spot)
    return _finding(kind, path_of(node), label, expected=expected, found=sent, words=words)


def _same(expected: str, sent: str) -> bool:
    """Equal texts, or equal numbers: devices write 5 and 5.0."""
    if expected == sent or expected.strip() == sent.strip():
        return True
    try:
        return math.isclose(float(expected), float(sent), rel_tol=_CLOSE, abs_tol=_CLOSE)
    except ValueError:
        return False


def _label(form: FormModel, spot: Spot) -> str:
    """The question in the default language; an ellipsis where an answer would be filled in."""
    wording = spot.question.label if spot.question is not None else Wording()
    parts = wording.parts
    if wording.key is not None:
        name = getattr(getattr(wording.key.term, "arguments", (None,))[0], "value", "")
        entry = form.translations.get(form.default_language, {}).get(str(name))
        parts = entry.parts if entry is not None else ()
    return "".join(part if isinstance(part, str) else "…" for part in parts).strip() or spot.name

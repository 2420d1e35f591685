"""The components of the pages. Built into every template; the page /components/ of a
demonstration shows each, and docs/develop/design-system.md how it is called."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.template.context import RequestContext
from django.utils.safestring import SafeString

from marfa.web import fields

register = template.Library()


@register.inclusion_tag("components/button.html")
def button(
    label: object, *, href: str = "", kind: str = "", **attributes: object
) -> dict[str, Any]:
    """A button, or with ``href`` a link that looks like one.

    kind: "" for the one thing to do, "quiet" beside it, "warning" for what cannot be undone.
    attributes: as in HTML: ``name``, ``value``, ``type``, ``id``.
    """
    return {"label": label, "href": href, "kind": kind, "attributes": _html(attributes)}


@register.inclusion_tag("components/field.html")
def field(source: BoundField | str, *, heading: bool = False, **given: Any) -> dict[str, Any]:
    """A label, a hint, what is wrong, and the input.

    source: a field of a Django form, or a name with ``label=`` and, where needed, ``value=``,
        ``hint=``, ``error=``, ``choices=`` and ``kind=`` (text, textarea, select, radios,
        checkboxes, checkbox, date, number, email, password, search).
    heading: the label is the page's heading: one question a page.
    """
    made = (
        fields.from_bound(source, **given)
        if isinstance(source, BoundField)
        else fields.make_field(source, **given)
    )
    return {"field": made, "heading": heading, "parts": _date_parts(made)}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: object) -> dict[str, Any]:
    """What is wrong with the form, each sentence a link to its field; nothing where all is well.

    sources: Django forms, an InputError, or mappings of field names to sentences.
    """
    found = [pair for source in sources for pair in fields.summary_problems(source)]
    grouped = [(fields.field_id(name) if name else "", text) for name, text in found]
    return {"problems": grouped}


@register.inclusion_tag("components/status.html")
def status(label: object, kind: str = "") -> dict[str, Any]:
    """A word that says how something stands. kind: "", urgent, due, done, waiting."""
    return {"label": label, "kind": kind}


@register.inclusion_tag("components/progress.html")
def progress(label: object, value: float, total: float = 100, said: object = "") -> dict[str, Any]:
    """How far something is. said: the same in words; without it the percentage."""
    share = round(100 * value / total) if total else 0
    return {"label": label, "value": value, "total": total or 1, "said": said, "share": share}


@register.inclusion_tag("components/steps.html")
def steps(current: int, *labels: object) -> dict[str, Any]:
    """Where a person is in a task of several pages. current: counted from 1."""
    numbered = list(enumerate(labels, 1))
    return {"steps": numbered, "current": current, "of": len(numbered)}


@register.inclusion_tag("components/pagination.html")
def pagination(page: Page[Any], name: str = "page", **kept: str) -> dict[str, Any]:
    """Links to the pages of a list. What was searched for is not in them: it may be a name.

    kept: what else the links say, such as the site whose list it is; never what somebody typed.
    """
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    address = "?" + urlencode({**kept, name: ""})
    return {
        "page": page,
        "numbers": list(numbers),
        "address": address,
        "gap": page.paginator.ELLIPSIS,
    }


@register.inclusion_tag("components/back.html")
def back(href: str, label: object = "") -> dict[str, Any]:
    """The way back, above the heading of a question."""
    return {"href": href, "label": label}


@register.inclusion_tag("components/dialog_button.html")
def dialog_button(dialog: str, label: object, *, kind: str = "quiet") -> dict[str, Any]:
    """The button that opens a dialog. dialog: the id that ``{% dialog %}`` was given."""
    return {"dialog": dialog, "label": label, "kind": kind}


@register.simple_block_tag(takes_context=True)
def dialog(context: RequestContext, content: SafeString, name: str, title: object) -> str:
    """A native dialog that asks before something is done. name: its id."""
    return _block("dialog", context, content, name=name, title=title)


@register.simple_block_tag(takes_context=True)
def notice(
    context: RequestContext, content: SafeString, title: object = "", kind: str = "info"
) -> str:
    """Something to know on this page. kind: info, warning, urgent, done."""
    return _block("notice", context, content, title=title, kind=kind)


@register.simple_block_tag(takes_context=True)
def empty_state(context: RequestContext, content: SafeString, title: object) -> str:
    """A place where nothing is yet: what belongs here and how to start."""
    return _block("empty_state", context, content, title=title)


@register.simple_block_tag(takes_context=True)
def timeline(context: RequestContext, content: SafeString, label: object) -> str:
    """Events in the order in which they happened; each is a ``{% moment %}``."""
    return _block("timeline", context, content, label=label)


@register.simple_block_tag(takes_context=True)
def moment(
    context: RequestContext,
    content: SafeString,
    title: object,
    when: object = None,
    kind: str = "",
) -> str:
    """One event on a timeline. kind: "", urgent, done."""
    return _block("moment", context, content, title=title, when=when, kind=kind)


@register.simple_block_tag(takes_context=True)
def answers(context: RequestContext, content: SafeString, title: object = "") -> str:
    """Check answers before sending: each is an ``{% answer %}``."""
    return _block("answers", context, content, title=title)


@register.simple_block_tag(takes_context=True)
def answer(context: RequestContext, content: SafeString, label: object, change: str = "") -> str:
    """One answer with the way to change it. change: address of its question."""
    return _block("answer", context, content, label=label, change=change)


def _block(which: str, context: RequestContext, content: SafeString, /, **given: object) -> str:
    engine = context.template.engine if context.template else template.Engine.get_default()
    found = engine.get_template(f"components/{which}.html")
    with context.push(content=content.strip() and SafeString(content.strip()), **given):
        return found.render(context)


def _html(attributes: dict[str, object]) -> dict[str, object]:
    return {name.replace("_", "-"): value for name, value in attributes.items()}


def _date_parts(made: fields.Field) -> list[tuple[str, str, object]]:
    if made.kind != "date":
        return []
    value = made.value
    given = {part: getattr(value, part, "") for part in fields.DATE_PARTS}
    if isinstance(value, dict):
        given = {part: value.get(part, "") for part in fields.DATE_PARTS}
    return [(part, f"{made.id}-{number}", given[part]) for number, part in enumerate(given)]

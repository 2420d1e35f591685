"""Elements of a page. Everything that is not already an element is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from babel.numbers import format_decimal

from marfa.domain.catalogue import render_message
from marfa.domain.message import Message


class Markup(str):
    """Text that is safe in a page as it is; made by ``tag`` alone."""

    __slots__ = ()


def tag(name: str, *children: str | None, **attributes: object) -> Markup:
    """An element. Attribute names: ``class_`` for class, ``stroke_width`` for stroke-width."""
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(
        child if isinstance(child, Markup) else escape(child)
        for child in children
        if child is not None
    )
    return Markup(f"<{name}{shown}>{inner}</{name}>")


def join(parts: Iterable[Markup]) -> Markup:
    """Elements one after the other."""
    return Markup("".join(parts))


class Words:
    """Texts and numbers of the report in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, message: Message) -> str:
        return render_message(message, self.language)

    def text(self, key: str, **params: object) -> str:
        """A text of the report by its key without ``report-``."""
        return self.say(Message(f"methods.estimation:report-{key}", params))

    def number(self, value: float | None, places: int = 0) -> str:
        """A number as the language writes it; a dash where there is none."""
        if value is None:
            return "–"
        pattern = "#,##0" if places == 0 else "#,##0." + "0" * places
        rounded = round(value, places) or 0.0
        return str(format_decimal(rounded, format=pattern, locale=self.language))


def table(head: Iterable[str], rows: Iterable[Iterable[str | Markup]], caption: str) -> Markup:
    """A table; the first cell of each row is its heading."""
    top = tag("tr", *(tag("th", cell, scope="col") for cell in head))
    body = []
    for row in rows:
        first, *others = row
        body.append(tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in others)))
    return tag(
        "div",
        tag("table", tag("caption", caption), tag("thead", top), tag("tbody", *body)),
        class_="wide",
    )

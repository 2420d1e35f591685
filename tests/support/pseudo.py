"""A language for developers alone: every text that goes through the catalogues is put in ⟦marks⟧,
so that a text that does not is seen. It is no language of an installation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from unittest.mock import patch

from django.utils.translation import trans_real

from marfa.domain import catalogue
from marfa.domain.codelists import CodeList, in_language
from marfa.web import desks

OPEN, CLOSE = "⟦", "⟧"
ATTRIBUTES = ("alt", "aria-label", "placeholder", "title")
# What stands in them is nobody's language: code, names and texts that people typed, days.
DATA = frozenset({"bdi", "code", "kbd", "script", "style", "time", "textarea"})
# Their content ends where they begin.
VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


def marked(text: object) -> str:
    return f"{OPEN}{text}{CLOSE}"


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Texts of pages, of libraries and of code lists come back in marks."""
    of = trans_real.DjangoTranslation
    plain, plural = of.gettext, of.ngettext
    render, label = catalogue._text, CodeList.label

    def lists(self: CodeList, *given: object, **more: object) -> str:
        return marked(label(self, *given, **more))  # type: ignore[arg-type]

    with (
        patch.object(of, "gettext", lambda self, text: marked(_without_context(plain(self, text)))),
        patch.object(of, "ngettext", lambda self, *given: marked(plural(self, *given))),
        patch.object(catalogue, "_text", lambda *given: _if_any(render(*given))),
        patch.object(CodeList, "label", lists),
        patch.object(desks, "in_language", lambda *given: marked(in_language(*given))),
    ):
        yield


def _without_context(text: str) -> str:
    """Where no catalogue has a text, its context comes back with it."""
    return text.rpartition(trans_real.CONTEXT_SEPARATOR)[2]


def _if_any(text: str | None) -> str | None:
    return marked(text) if text else text


class Unmarked(HTMLParser):
    """Collects the texts of a page that stand outside of marks and hold letters."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag not in VOID:
            self.inside.append("code" if given.get("lang") else tag)
        for name in ATTRIBUTES:
            self.look(given.get(name) or "")
        for name, value in given.items():
            if name.startswith("data-said") or name in ("data-label", "data-toast"):
                self.look(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.inside:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not DATA & set(self.inside):
            self.look(data)

    def look(self, text: str) -> None:
        """Marks may open in one piece of text and close in another, around an element."""
        outside = ""
        for character in text:
            self.depth += (character == OPEN) - (character == CLOSE)
            if self.depth == 0 and character != CLOSE:
                outside += character
        if re.search(r"[^\W\d_]{2,}", outside):
            self.found.append(" ".join(outside.split()))


def unmarked(page: str) -> list[str]:
    """What a page says that no translator can reach."""
    body = page[page.index("<body") :] if "<body" in page else page
    reader = Unmarked()
    reader.feed(body)
    return [text for text in reader.found if text]

"""The forms that a page sends, filled as somebody would who types into every field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

TEXT = {"text", "search", "tel", "email", "url"}
UNTOUCHED = {"hidden", "file", "password", "submit", "button", "reset", "image"}


@dataclass
class SentForm:
    """page: on which it stands. action: where it is sent. place: among the forms of the page.
    told: what is sent of hidden fields, choices and the first button. texts: the names of the
    fields into which somebody writes."""

    page: str
    action: str
    place: int
    told: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    word: str = "Canary"
    proves: bool = False

    def typed(self) -> dict[str, str]:
        """Something of its own in each field for words: one word, and several."""
        words = (f"{self.word}{number}" for number in range(100))
        return {
            name: f"{word} & <rest>" if number % 2 else word
            for number, (name, word) in enumerate(zip(self.texts, words, strict=False))
        }

    def sent(self) -> dict[str, list[str]]:
        return {**self.told, **{name: [text] for name, text in self.typed().items()}}


def lost(form: SentForm, html: str) -> set[str]:
    """The fields of which what was typed stands nowhere on a page."""
    return {name for name, text in form.typed().items() if escape(text) not in html}


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[SentForm] = []
        self.form: SentForm | None = None
        self.count = -1
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.count += 1
            posts = given.get("method", "").lower() == "post"
            action = given.get("action") or self.page
            self.form = SentForm(self.page, action, self.count) if posts else None
            self.found += [self.form] if self.form else []
        elif self.form is not None:
            self.element(self.form, tag, given)

    def element(self, form: SentForm, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "option":
            if given.get("value"):
                form.told[self.select] = [given["value"]]
        elif tag == "textarea" or (tag == "input" and kind in TEXT and name):
            form.texts.append(name)
        elif kind == "password":
            form.proves = True
        elif tag == "button":
            form.told.setdefault(name, [given.get("value", "")])
        elif tag == "input" and name and kind not in UNTOUCHED - {"hidden"}:
            usual = {"number": "4", "date": "2024-02-03"}.get(kind, "on")
            form.told[name] = [given.get("value") or usual]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None


def forms_of(page: str, html: str) -> Iterator[SentForm]:
    """The forms of a page that send something into which words can be typed. Those that prove who
    somebody is are left out: that is typed anew."""
    parser = _Forms(page)
    parser.feed(html)
    yield from (form for form in parser.found if form.texts and not form.proves)

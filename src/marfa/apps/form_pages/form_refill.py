"""Refilling the form of a page with what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

Attributes = list[tuple[str, str | None]]
BUTTONS = {"submit", "button", "reset", "image", "file", "password"}


class _Copy(HTMLParser):
    """Goes through a page and writes it out again as it was."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self.form = -1
        self.inside = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "form":
            self.form, self.inside = self.form + 1, True
            self.opened(dict(attrs))
        raw = self.get_starttag_text() or ""
        self.out.append(self.field(tag, attrs, raw) if self.inside else raw)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def opened(self, attrs: Mapping[str, str | None]) -> None:
        """A form begins."""

    def field(self, tag: str, attrs: Attributes, raw: str) -> str:
        """What is written for an element of a form."""
        return raw


class _Finder(_Copy):
    """Which form of the page was sent: of those with its action, the one with most of its names."""

    def __init__(self, page: str, action: str, names: set[str]) -> None:
        super().__init__()
        self.page, self.action, self.names = page, action, names
        self.found: dict[int, set[str]] = {}

    def opened(self, attrs: Mapping[str, str | None]) -> None:
        posts = (attrs.get("method") or "").lower() == "post"
        if posts and (attrs.get("action") or self.page) == self.action:
            self.found[self.form] = set()

    def field(self, tag: str, attrs: Attributes, raw: str) -> str:
        name = dict(attrs).get("name")
        if name in self.names and self.form in self.found:
            self.found[self.form].add(name)
        return raw

    def best(self) -> int:
        return max(self.found, key=lambda form: len(self.found[form]), default=-1)


class _Filler(_Copy):
    def __init__(self, form: int, fields: Mapping[str, list[str]], before: str) -> None:
        super().__init__()
        self.wanted, self.fields, self.before = form, fields, before
        self.select = ""
        self.text: str | None = None

    def opened(self, attrs: Mapping[str, str | None]) -> None:
        if self.form == self.wanted:
            self.out.append(self.before)

    def field(self, tag: str, attrs: Attributes, raw: str) -> str:
        given = dict(attrs)
        name = given.get("name") or ""
        if self.form != self.wanted:
            return raw
        if tag == "select":
            self.select = name
        if tag == "option" and self.select in self.fields:
            return _marked(tag, attrs, "selected", given.get("value"), self.fields[self.select])
        if name not in self.fields and (given.get("type") != "checkbox" or not self.fields):
            return raw
        if tag == "textarea":
            self.text = name
            return f"{raw}\n{escape(self.fields[name][-1])}"
        return self.input(tag, attrs, raw) if tag == "input" else raw

    def input(self, tag: str, attrs: Attributes, raw: str) -> str:
        given = dict(attrs)
        name, kind = given.get("name") or "", given.get("type") or "text"
        if kind in BUTTONS:
            return raw
        if kind in ("checkbox", "radio"):
            sent = self.fields.get(name, [])
            return _marked(tag, attrs, "checked", given.get("value") or "on", sent)
        others = [each for each in attrs if each[0] != "value"]
        return _tag(tag, [*others, ("value", self.fields[name][-1])])

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = None
        if tag == "select":
            self.select = ""
        super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self.text is None:
            super().handle_data(data)

    def handle_entityref(self, name: str) -> None:
        if self.text is None:
            super().handle_entityref(name)

    def handle_charref(self, name: str) -> None:
        if self.text is None:
            super().handle_charref(name)


def form_in(html: str, page: str, action: str, names: set[str]) -> tuple[int, set[str]]:
    """Which form of a page was sent (its place, -1 for none), and the names with a field there."""
    finder = _Finder(page, action, names)
    finder.feed(html)
    finder.close()
    best = finder.best()
    return best, finder.found.get(best, set())


def refill_form(html: str, form: int, fields: Mapping[str, list[str]], before: str) -> str:
    """The page with the values in this form, and ``before`` (markup) in front of it."""
    filler = _Filler(form, fields, before)
    filler.feed(html)
    filler.close()
    return "".join(filler.out)


def _marked(tag: str, attrs: Attributes, mark: str, value: str | None, sent: list[str]) -> str:
    others = [each for each in attrs if each[0] != mark]
    return _tag(tag, [*others, (mark, None)] if value in sent else others)


def _tag(tag: str, attrs: Attributes) -> str:
    said = [f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs]
    return f"<{tag}{''.join(said)}>"

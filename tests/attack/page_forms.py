"""The forms of a page, as a browser would send them if nothing were typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Fields = list[tuple[str, str]]


@dataclass
class PageForm:
    """Where it is sent, how, what it sends if it is left as it is, and what a person may type or
    choose.

    choices: field -> its values. typed: field -> the type of its input, such as ``date``.
    """

    action: str
    method: str
    fields: Fields = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: Fields = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)

    def sent(self, **changed: str) -> Fields:
        """All that is sent, with some of it changed."""
        kept = [(name, value) for name, value in self.fields if name not in changed]
        return [*kept, *changed.items()]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._inside: PageForm | None = None
        self._select = ""
        self._area: str | None = None
        self._text = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._inside = PageForm(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._inside)
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        form = self._inside
        if form is None or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "select":
            self._select = name
            form.choices.setdefault(name, [])
        elif tag == "option" and self._select:
            form.choices[self._select].append(given.get("value", ""))
            if "selected" in given:
                form.fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._area, self._text = name, ""
            form.typed[name] = "textarea"
        elif tag == "button" and name:
            form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name:
            self._input(form, name, given)

    def _input(self, form: PageForm, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in ("radio", "checkbox"):
            value = given.get("value", "on")
            form.choices.setdefault(name, []).append(value)
            if "checked" in given:
                form.fields.append((name, value))
        elif kind == "submit":
            form.buttons.append((name, value))
        elif kind != "file":
            form.fields.append((name, value))
            if kind != "hidden":
                form.typed[name] = kind

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area is not None and self._inside is not None:
            self._inside.fields.append((self._area, self._text.removeprefix("\n")))
            self._area = None


def page_forms(html: str) -> list[PageForm]:
    """All forms of a page, in their order."""
    return forms_and_links(html)[0]


def forms_and_links(html: str) -> tuple[list[PageForm], list[str]]:
    """The forms of a page, and where else in the installation it leads."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms, reader.links

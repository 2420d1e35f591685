"""Putting a note before all questions of a form: the same form under another name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.dom.minidom import Document, Element, parseString

from marfa.methods.xforms.model import Language
from marfa.methods.xforms.parse import parse

XHTML = "http://www.w3.org/1999/xhtml"


def with_note(
    xform: str, *, form_id: str, title: str, note: str, words: Callable[[str], str]
) -> str:
    """A form with another identifier and title, and a note as the first thing that it shows.

    note: name of its element; where the form has one of that name, an underscore follows.
    words: the text of the note in a language by its code; of the empty code where the form names
    no language. Questions, rules and their paths stay as they were.
    Raises InputError for what is no form, or has a document type.
    """
    model = parse(xform)
    codes = {one.name: one.code for one in model.languages}
    document = parseString(xform.encode())  # noqa: S318 - parsed above, without a document type
    _set_title(document, title)
    held: Element = document.getElementsByTagName("model")[0]
    primary = next(one for one in _elements(held) if one.localName == "instance")
    root = next(_elements(primary))
    taken = {one.localName for one in _elements(root)}
    while note in taken:
        note += "_"
    root.setAttribute("id", form_id)
    root.insertBefore(document.createElement(note), root.firstChild)
    path = f"/{root.tagName}/{note}"
    bind = document.createElement("bind")
    for name, value in (("nodeset", path), ("type", "string"), ("readonly", "true()")):
        bind.setAttribute(name, value)
    held.appendChild(bind)
    body = document.getElementsByTagNameNS(XHTML, "body")[0]
    label = document.createElement("label")
    if not _translate(document, held, f"{path}:label", codes, words):
        label.appendChild(document.createTextNode(words(_only(model.languages))))
    else:
        label.setAttribute("ref", f"jr:itext('{path}:label')")
    shown = document.createElement("input")
    shown.setAttribute("ref", path)
    shown.appendChild(label)
    body.insertBefore(shown, body.firstChild)
    return str(document.toxml())


def _only(languages: tuple[Language, ...]) -> str:
    return languages[0].code if languages else ""


def _set_title(document: Document, title: str) -> None:
    element = document.getElementsByTagNameNS(XHTML, "title")[0]
    for child in list(element.childNodes):
        element.removeChild(child)
    element.appendChild(document.createTextNode(title))


def _translate(
    document: Document,
    model: Element,
    key: str,
    codes: dict[str, str],
    words: Callable[[str], str],
) -> bool:
    """Add a text to each language of a form; False where its texts are in no language."""
    found = list(model.getElementsByTagName("translation"))
    for translation in found:
        text, value = document.createElement("text"), document.createElement("value")
        text.setAttribute("id", key)
        said = words(codes.get(translation.getAttribute("lang"), ""))
        value.appendChild(document.createTextNode(said))
        text.appendChild(value)
        translation.appendChild(text)
    return bool(found)


def _elements(parent: Element) -> Iterator[Element]:
    return (one for one in parent.childNodes if isinstance(one, Element))

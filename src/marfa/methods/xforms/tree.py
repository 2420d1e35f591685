"""XML as a tree of elements with line numbers: what forms and submissions are read into.

A document type is refused, and with it every entity that could expand or fetch; so are
documents that are too large, too deep or made of too many elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from marfa.domain.message import InputError, Message

LARGEST = 8 * 1024 * 1024
"""Bytes that a form or a submission may have."""
DEEPEST = 64
MOST_ELEMENTS = 200_000
_SEPARATOR = " "


class Node:
    """One element. ``text`` is what stands in it directly; the rest is in ``children``.

    ``mixed`` keeps text and children in their order, for labels with outputs alone.
    ``relevant`` and ``spot`` belong to an element of a submission that is being evaluated.
    """

    __slots__ = (
        *("attributes", "children", "line", "mixed", "name"),
        *("namespace", "parent", "relevant", "spot", "text"),
    )

    def __init__(self, name: str, namespace: str = "", line: int = 0) -> None:
        self.name = name
        self.namespace = namespace
        self.attributes: dict[str, str] = {}
        self.children: list[Node] = []
        self.text = ""
        self.mixed: list[str | Node] = []
        self.parent: Node | None = None
        self.line = line
        self.relevant = True
        self.spot: Any = None

    def __repr__(self) -> str:
        return f"<{self.name} at line {self.line}>"

    def add(self, child: Node) -> Node:
        child.parent = self
        self.children.append(child)
        return child

    def child(self, name: str) -> Node | None:
        """The first child of that name."""
        return next((child for child in self.children if child.name == name), None)

    def named(self, name: str) -> list[Node]:
        return [child for child in self.children if child.name == name]

    def walk(self) -> Iterator[Node]:
        """The element and everything in it, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def string(self) -> str:
        """The string value as XPath has it: all text in document order."""
        if not self.children:
            return self.text
        return "".join(node.text for node in self.walk())

    def copy(self) -> Node:
        """The element with everything in it, without a parent."""
        made = Node(self.name, self.namespace, self.line)
        made.attributes = dict(self.attributes)
        made.text = self.text
        made.spot = self.spot
        made.relevant = self.relevant
        for child in self.children:
            made.add(child.copy())
        return made


def read_xml(data: bytes | str, file: str | None = None) -> Node:
    """The root element of a document.

    Raises InputError where it is not XML, has a document type, or is beyond the limits above.
    """
    raw = data.encode() if isinstance(data, str) else data
    if len(raw) > LARGEST:
        raise _refused("too-large", file, None, limit=LARGEST)
    reader = _Reader(file)
    try:
        reader.parser.Parse(raw, True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "")
        raise _refused("not-xml", file, error.lineno, reason=reason) from None
    except InputError:
        raise
    except (LookupError, ValueError):
        raise _refused("not-xml", file, None, reason="encoding") from None
    if reader.root is None:
        raise _refused("not-xml", file, None, reason="empty")
    return reader.root


def write_xml(root: Node) -> str:
    """The element as text, without white space between elements; namespaces are kept."""
    parts: list[str] = []
    _write(root, parts, "")
    return "".join(parts)


def _write(node: Node, parts: list[str], inherited: str) -> None:
    parts.append(f"<{node.name}")
    if node.namespace != inherited:
        parts.append(f" xmlns={quoteattr(node.namespace)}")
    parts.extend(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    if not (node.text or node.children):
        parts.append("/>")
        return
    parts.append(">")
    if node.text:
        parts.append(escape(node.text))
    for child in node.children:
        _write(child, parts, node.namespace)
    parts.append(f"</{node.name}>")


def _refused(key: str, file: str | None, line: int | None, **params: object) -> InputError:
    return InputError.at(Message(f"methods.xforms:{key}", params), file=file, row=line)


class _Reader:
    """Builds the tree from what the parser reports."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.root: Node | None = None
        self.open: list[Node] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise _refused("document-type", self.file, self.parser.CurrentLineNumber)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise _refused("too-complex", self.file, line)
        namespace, _, name = tag.rpartition(_SEPARATOR)
        node = Node(name, namespace, line)
        node.attributes = {
            key.rpartition(_SEPARATOR)[2]: value for key, value in attributes.items()
        }
        if self.open:
            self.open[-1].add(node)
            self.open[-1].mixed.append(node)
        else:
            self.root = node
        self.open.append(node)

    def _end(self, _: str) -> None:
        node = self.open.pop()
        if node.children and not node.text.strip():
            node.text = ""

    def _text(self, text: str) -> None:
        self.open[-1].text += text
        self.open[-1].mixed.append(text)

"""XML read record by record: in bounded memory, without entities, document types or the network.

    for record in xml_records(path, {"INDIVIDUAL", "ENTITY"}, root="CONSOLIDATED_LIST"):
        record.text("REFERENCE_NUMBER")

The parser is Python's own (expat). What lets XML fetch, expand or nest without end is refused: a
document type, and with it every entity but the five of XML itself; deep nesting; one record or
one piece of text that is out of all proportion (OWASP, *XML External Entity Prevention*).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from marfa.domain.message import InputError, Message

CHUNK = 1 << 16
MOST_BYTES = 1 << 30
"""Of one file. The largest list that is published is under 200 MB."""
MOST_IN_RECORD = 1 << 20
"""Characters and tags of one record; the largest known has 40,000."""
MOST_PENDING = 1 << 20
"""Bytes that may be waited for until a tag or an attribute ends."""
DEEPEST = 16


@dataclass(slots=True)
class Node:
    """An element: its name without namespace, attributes, text and children."""

    tag: str
    attributes: Mapping[str, str]
    parts: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def own_text(self) -> str:
        """The text between its tags, every stretch of white space as one space."""
        return " ".join("".join(self.parts).split())

    def all(self, tag: str) -> list[Node]:
        """Its children of a name."""
        return [child for child in self.children if child.tag == tag]

    def text(self, *path: str) -> str:
        """The text of the first element on a path; empty where there is none."""
        node = self
        for tag in path:
            found = next((child for child in node.children if child.tag == tag), None)
            if found is None:
                return ""
            node = found
        return node.own_text

    def texts(self, *path: str) -> list[str]:
        """The texts of all elements on a path, without the empty ones."""
        nodes = [self]
        for tag in path:
            nodes = [child for node in nodes for child in node.children if child.tag == tag]
        return [text for node in nodes if (text := node.own_text)]

    def get(self, name: str) -> str:
        """An attribute, without spaces around it; empty where there is none."""
        return " ".join(self.attributes.get(name, "").split())


def xml_records(path: Path, *, root: str, depth: int) -> Iterator[Node]:
    """The root without children, then each element at a depth (the root is at 1), in their order.

    Raises InputError, with file and row, for what is not whole or not safe, or has another root.
    """
    reader = _Reader(path, root, depth)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise reader.refusal("file-large", most=MOST_BYTES >> 20)
        with path.open("rb") as stream:
            while data := stream.read(CHUNK):
                yield from reader.feed(data)
        yield from reader.end()
    except OSError:
        raise reader.refusal("file-unreadable") from None


class _Reader:
    """Feeds the parser, and holds one record at a time."""

    def __init__(self, path: Path, root: str, depth: int) -> None:
        self._name = os.path.basename(path)
        self._root = root
        self._record_depth = depth
        self._depth = 0
        self._open: list[Node] = []
        self._ready: list[Node] = []
        self._size = 0
        self._fed = 0
        self._events = 0
        self._pending = 0
        self._parser = self._new_parser()

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator="}")
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._refuse_declaration
        parser.EntityDeclHandler = self._refuse_declaration
        parser.ExternalEntityRefHandler = self._refuse_declaration
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._finish
        parser.CharacterDataHandler = self._add_text
        return parser

    def feed(self, data: bytes) -> list[Node]:
        """What is whole after a piece more."""
        before = self._events
        self._parse(data, final=False)
        self._fed += len(data)
        # While a tag, an attribute or a comment does not end, the parser keeps all of it.
        self._pending = self._pending + len(data) if self._events == before else 0
        if self._pending > MOST_PENDING:
            raise self.refusal("record-large")
        return self._taken()

    def end(self) -> list[Node]:
        """What is whole at the end of the file."""
        self._parse(b"", final=True)
        return self._taken()

    def refusal(self, key: str, **params: object) -> InputError:
        """An error of this file, at the line that the parser has reached."""
        message = Message(f"methods.watchlists:{key}", params)
        row = self._parser.CurrentLineNumber if self._fed else None
        return InputError.at(message, file=self._name, row=row)

    def _parse(self, data: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError:
            raise self.refusal("file-cut" if final else "file-not-xml") from None
        except (LookupError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            # An encoding that Python does not know, or that has several bytes a letter.
            raise self.refusal("file-not-xml") from None

    def _taken(self) -> list[Node]:
        ready, self._ready = self._ready, []
        return ready

    def _refuse_declaration(self, *_declared: object) -> int:
        raise self.refusal("file-declares")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._events += 1
        node = Node(tag.rpartition("}")[2], _plain(attributes))
        if self._depth == 1:
            if node.tag != self._root:
                raise self.refusal("file-other-root", found=node.tag[:40], wanted=self._root)
            self._ready.append(node)
        if self._depth > DEEPEST:
            raise self.refusal("file-deep")
        if self._depth < self._record_depth:
            return
        if self._open:
            self._open[-1].children.append(node)
        self._open.append(node)
        self._count(16 + len(tag) + sum(len(each) for each in attributes.values()))

    def _add_text(self, text: str) -> None:
        self._events += 1
        if self._open:
            self._count(len(text))
            self._open[-1].parts.append(text)

    def _finish(self, _tag: str) -> None:
        self._events += 1
        if self._depth >= self._record_depth:
            node = self._open.pop()
            if not self._open:
                self._ready.append(node)
                self._size = 0
        self._depth -= 1

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MOST_IN_RECORD:
            raise self.refusal("record-large")


def _plain(attributes: dict[str, str]) -> dict[str, str]:
    return {name.rpartition("}")[2]: value for name, value in attributes.items()}

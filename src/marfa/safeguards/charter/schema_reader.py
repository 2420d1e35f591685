"""What the schema declares, for Python to put a question into Cedar's form.

Cedar itself reads the schema and checks every question against it. This reader knows only as much
of the syntax as our schema uses; what it misread would be refused by Cedar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from marfa.safeguards.charter.loader import schema_text

TOKEN = re.compile(r'//[^\n]*|"([^"]*)"|([A-Za-z_]\w*)|([{}\[\]<>,;:=?])')
PRIMITIVE = frozenset({"Bool", "Long", "String"})
PLACES = ("team", "site", "organisation", "controller")
"""Facts that are also where a thing stands, the narrowest first."""


@dataclass(frozen=True)
class Type:
    """The type of a fact: a primitive or an entity type, one or a set of them."""

    name: str
    many: bool = False

    @property
    def is_entity(self) -> bool:
        """Whether its values are keys of entities or words of a closed vocabulary."""
        return self.name not in PRIMITIVE


@dataclass(frozen=True)
class Fact:
    """One declared fact. required: a question without it is refused."""

    type: Type
    required: bool = True


@dataclass(frozen=True)
class Action:
    """One declared action: its groups, the kinds it is done to, its circumstances."""

    name: str
    groups: frozenset[str]
    kinds: tuple[str, ...]
    context: Mapping[str, Fact]


@dataclass(frozen=True)
class Declared:
    """The whole schema: kinds of resources with their facts, vocabularies, actions, and groups of
    actions, which nobody can do themselves."""

    kinds: Mapping[str, Mapping[str, Fact]]
    vocabularies: Mapping[str, tuple[str, ...]]
    actions: Mapping[str, Action]
    groups: frozenset[str]

    def in_group(self, group: str) -> tuple[str, ...]:
        """The actions of a group, in the order of the schema."""
        return tuple(name for name, action in self.actions.items() if group in action.groups)


def declared_schema() -> Declared:
    """The schema of this process's charter."""
    return read_schema(schema_text())


@lru_cache(maxsize=64)
def read_schema(text: str) -> Declared:
    """Read a schema; raises ValueError at syntax that ours does not use."""
    return _Reader(text).read()


class _Reader:
    """Reads one statement after another; ``self.next`` is the token that comes."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self.next = next(self._tokens, "")
        self.kinds: dict[str, Mapping[str, Fact]] = {}
        self.vocabularies: dict[str, tuple[str, ...]] = {}
        self.types: dict[str, Mapping[str, Fact]] = {}
        self.parents: dict[str, frozenset[str]] = {}
        self.actions: dict[str, Action] = {}

    def read(self) -> Declared:
        statements = {"entity": self.entity, "type": self.type, "action": self.action}
        while self.next:
            word = self.take()
            if word not in statements:
                raise ValueError(f"the schema says {word!r} where a statement begins")
            statements[word]()
            self.take(";")
        groups = frozenset(self.parents) - set(self.actions)
        return Declared(self.kinds, self.vocabularies, self.actions, groups)

    def take(self, expected: str = "") -> str:
        token, self.next = self.next, next(self._tokens, "")
        if expected and token != expected:
            raise ValueError(f"the schema says {token!r} where {expected!r} belongs")
        return token

    def names(self) -> tuple[str, ...]:
        found = [self.take()]
        while self.next == ",":
            self.take()
            found.append(self.take())
        return tuple(found)

    def bracketed(self) -> tuple[str, ...]:
        self.take("[")
        found = self.names()
        self.take("]")
        return found

    def entity(self) -> None:
        names = self.names()
        if self.next == "enum":
            self.take()
            self.vocabularies[names[0]] = self.bracketed()
            return
        if self.next == "in":
            self.take()
            self.bracketed()
        facts = self.record() if self.next == "{" else {}
        self.kinds.update(dict.fromkeys(names, facts))

    def record(self) -> dict[str, Fact]:
        self.take("{")
        facts: dict[str, Fact] = {}
        while self.next != "}":
            name = self.take()
            required = self.next != "?"
            if not required:
                self.take()
            self.take(":")
            facts[name] = Fact(self.value_type(), required)
            if self.next == ",":
                self.take()
        self.take("}")
        return facts

    def value_type(self) -> Type:
        name = self.take()
        if name != "Set":
            return Type(name)
        self.take("<")
        inner = Type(self.take(), many=True)
        self.take(">")
        return inner

    def type(self) -> None:
        name = self.take()
        self.take("=")
        self.types[name] = self.record()

    def action(self) -> None:
        names = self.names()
        groups: frozenset[str] = frozenset()
        if self.next == "in":
            self.take()
            direct = self.bracketed()
            groups = frozenset(direct).union(*(self.parents[group] for group in direct))
        self.parents.update(dict.fromkeys(names, groups))
        if self.next != "appliesTo":
            return
        self.take()
        self.take("{")
        parts = dict(self.clause() for _ in range(3))
        self.take("}")
        context = self.types[parts["context"][0]]
        for name in names:
            self.actions[name] = Action(name, groups, parts["resource"], context)

    def clause(self) -> tuple[str, tuple[str, ...]]:
        name = self.take()
        self.take(":")
        value = self.bracketed() if self.next == "[" else (self.take(),)
        if self.next == ",":
            self.take()
        return name, value


def _tokens(text: str) -> Iterator[str]:
    for match in TOKEN.finditer(text):
        token = match[1] or match[2] or match[3]
        if token:
            yield token

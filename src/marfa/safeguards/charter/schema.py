"""One schema from that of the core and those of the parts.

Cedar lets nobody add to a type, an enumeration or an action of somebody else's. What the desks of
an installation widen is therefore written here; and a part says of an action of another file that
it is done to its kinds too:

    also action "people.see" appliesTo { resource: [Case] };
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from marfa.domain.desks import declared_words, words_of_desks

VOCABULARIES = {"Purpose": "purposes", "RecipientKind": "recipient_kinds", "Desk": "desks"}
"""Enumerations of the schema that are written from a list of ``desks.toml``."""

# Each part is taken once and not tried another way: a comment may hold a semicolon.
STATEMENT = re.compile(r'(?>"[^"]*"|//[^\n]*|[^";])*?;')
COMMENT = re.compile(r"//[^\n]*")
ALSO = re.compile(
    r"also\s+action\s+(.*?)\s*appliesTo\s*\{\s*resource:\s*\[([^\]]*)\]\s*\}\s*;", re.S
)
ACTION = re.compile(r"action\s+(.*?)\s*(?:\bin\b|appliesTo|;)", re.S)
RESOURCE = re.compile(r"(resource:\s*\[)([^\]]*)(\])")


@dataclass(frozen=True)
class Joined:
    """The whole schema. unmatched: actions that a part widens and nobody declares; they belong to
    apps that are not there."""

    text: str
    unmatched: frozenset[str]


def join_schema(
    texts: Iterable[str], desks: Collection[str], named: Mapping[str, Collection[str]]
) -> Joined:
    """The schema of these files, for an installation with these desks.

    named: by list of ``desks.toml``, the words that a policy names; they are there whether a desk
        brings them or not, so that a rule says the same everywhere.
    Raises ValueError where a part widens some of the actions that are declared together.
    """
    declared: list[str] = []
    widened: dict[str, str] = {}
    for statement in (each for text in texts for each in _statements(text)):
        if also := ALSO.fullmatch(_bare(statement)):
            for action in _quoted(also[1]):
                widened[action] = ", ".join(filter(None, (widened.get(action), also[2].strip())))
        else:
            declared.append(statement)
    whole = [_widen(statement, widened) for statement in declared]
    known = {action for statement in declared for action in _actions(statement)}
    text = "\n".join([*_written(desks, named), *whole, ""])
    return Joined(text, frozenset(widened) - known)


def _statements(text: str) -> Iterator[str]:
    """The statements of a file, each with the comment above it."""
    for match in STATEMENT.finditer(text):
        yield match[0].strip("\n")


def _bare(statement: str) -> str:
    return COMMENT.sub("", statement).strip()


def _quoted(text: str) -> list[str]:
    return re.findall(r'"([^"]+)"', text)


def _actions(statement: str) -> list[str]:
    """The actions that a statement declares."""
    found = ACTION.match(_bare(statement))
    return _quoted(found[1]) if found else []


def _widen(statement: str, widened: Mapping[str, str]) -> str:
    more = {widened.get(action, "") for action in _actions(statement)} or {""}
    if len(more) > 1:
        names = ", ".join(_actions(statement))
        raise ValueError(f"{names} are declared together and not all of them are widened alike")
    (kinds,) = more
    return RESOURCE.sub(rf"\1\2, {kinds}\3", statement) if kinds else statement


def _written(desks: Collection[str], named: Mapping[str, Collection[str]]) -> Iterator[str]:
    for kind, name in VOCABULARIES.items():
        words = ", ".join(f'"{word}"' for word in _words(name, desks, named))
        yield f"entity {kind} enum [{words}];"
    roles = ", ".join(f"{role}: Held" for role in _words("roles", desks, named))
    yield f"entity Staff in [Place] {{ {roles} }};"


def _words(
    name: str, desks: Collection[str], named: Mapping[str, Collection[str]]
) -> Iterator[str]:
    kept = {*words_of_desks(name, desks), *named.get(name, ())}
    return (word for word in declared_words(name) if word in kept)

"""The desks, what each brings in words, and which of them may share a database.

All of it is declared once, in ``desks.toml`` beside this module: a new desk, or a new role of a
desk, is written there and nowhere else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from enum import EnumType, StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar

from marfa.domain.message import InputError, Message, Place, Problem

W = TypeVar("W")


@cache
def _table() -> Mapping[str, Any]:
    """The file, read once in a process."""
    text = (files("marfa.domain") / "desks.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def lists_of_desks() -> tuple[str, ...]:
    """The code lists that are declared with the desks."""
    return tuple(_table()["lists"])


def table_of_list(name: str) -> dict[str, Any]:
    """A code list that is declared with the desks, as a file of a list has it."""
    table = _table()
    codes = [_as_code(entry) for entry in table[name]]
    return {"name": name, **table["lists"][name], "codes": codes}


def _as_code(entry: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: entry[name] for name in ("code", "label", "definition") if name in entry}
    attributes = {name: entry[name] for name in ("desk", "firewalled") if name in entry}
    return own | ({"attributes": attributes} if attributes else {})


def declared_words(name: str) -> tuple[str, ...]:
    """The codes of a list that is declared with the desks, in its order."""
    return tuple(str(entry["code"]) for entry in _table()[name])


def words_of_desks(name: str, desks: Collection[str]) -> tuple[str, ...]:
    """Those of the codes that some of these desks bring, their own names among them."""
    own = _table()[name]
    brought = (entry for entry in own if not _desks_of(entry).isdisjoint(desks))
    return tuple(str(entry["code"]) for entry in brought)


def _desks_of(entry: Mapping[str, Any]) -> set[str]:
    """The desks that bring what an entry declares; a desk brings itself."""
    if "desks" in entry:
        return set(entry["desks"])
    return {str(entry.get("desk", entry["code"]))}


class DeclaredWords(EnumType):
    """The type of an enumeration whose members are the codes of a list in ``desks.toml``.

    The type checker takes every member for there; a test reads the source for members that are
    named and not declared.
    """

    if TYPE_CHECKING:

        def __getattr__(cls: type[W], name: str) -> W: ...


def members_of(name: str) -> dict[str, str]:
    """Name -> value of each member of the enumeration of a list."""
    return {code.upper(): code for code in declared_words(name)}


class Desk(StrEnum, metaclass=DeclaredWords):
    """What a person may work at. Chosen when an installation is made."""

    locals().update(members_of("desks"))


ALWAYS = tuple(Desk(entry["code"]) for entry in _table()["desks"] if entry.get("always", False))
"""The desks that belong to every installation."""

KEEPS: Mapping[Desk, str] = {
    Desk(entry["code"]): entry["keeps"] for entry in _table()["desks"] if "keeps" in entry
}
"""Whose data a desk works with; a desk without them stands with any."""

DESK_OF_ROLE: Mapping[str, Desk] = {
    entry["code"]: Desk(entry["desk"]) for entry in _table()["roles"]
}
"""At which desk a role works."""


def who_works_at(desk: Desk) -> Mapping[str, str]:
    """Who works at a desk, in the words of the charter, by language."""
    (found,) = (entry["works"] for entry in _table()["desks"] if entry["code"] == desk)
    return dict(found)


def check_desks(desks: Collection[str], place: Place | None = None) -> None:
    """Decide whether one installation may have these desks; nothing else decides it.

    place: where they stand, for the sentence. Raises InputError that names the desks at fault.
    """
    problems = [Problem(message, place or Place()) for message in _faults(desks)]
    if problems:
        raise InputError(*problems)


def _faults(desks: Collection[str]) -> list[Message]:
    if unknown := sorted(set(desks) - set(Desk)):
        known = {"desks": ", ".join(Desk)}
        return [Message("domain:desk-unknown", {"desk": desk, **known}) for desk in unknown]
    chosen = [desk for desk in Desk if desk in desks]
    if missing := [desk for desk in ALWAYS if desk not in chosen]:
        return [Message("domain:desk-missing", {"desk": desk}) for desk in missing]
    if set(chosen) == set(ALWAYS):
        return [Message("domain:desks-none", {"desks": ", ".join(ALWAYS)})]
    keeping = [desk for desk in chosen if desk in KEEPS]
    if len({KEEPS[desk] for desk in keeping}) > 1:
        return [Message("domain:desks-apart", {"desks": ", ".join(keeping)})]
    return []

"""Which kind of body may send what to which: one table, ``doors.toml`` beside this module.

    may_send("help", "referral", "child_protection")       # True
    may_send("help", "referral", "enforcement")            # False, and so is what nobody wrote down
    check_sending("help", "evidence", "sanctions")         # raises InputError, with its sentence
    contents_between("finance", "help")                    # what may go this way at all

A body is a kind of ``BODIES`` (code list ``body_kinds``), what leaves one of ``CONTENTS`` (code
list ``door_contents``): the kinds of package and the files that an installation writes. Pure: it
knows no file, no person and no agreement. Whether somebody agreed is for others to ask as well;
what is refused here is refused whoever agreed (charter, rule 7).
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from marfa.domain.codelists import codelist
from marfa.domain.desks import KEEPS, Desk
from marfa.domain.message import InputError, Message, Place, Problem

Sending = tuple[str, str, str]
"""Kind of the sender, what is sent, kind of the recipient."""


@dataclass(frozen=True)
class Doors:
    """The table as read.

    sendings: all that is allowed. protecting: bodies whose data are of people they protect.
    behind_firewall: bodies to whom nothing of those goes. keepers: whose data an installation
    works with (``KEEPS``) -> its kind. recipients: code of ``recipient_kinds`` -> its kind.
    """

    sendings: frozenset[Sending]
    protecting: frozenset[str]
    behind_firewall: frozenset[str]
    keepers: Mapping[str, str]
    recipients: Mapping[str, str]


BODIES: tuple[str, ...] = codelist("body_kinds").codes
CONTENTS: tuple[str, ...] = codelist("door_contents").codes


def read_doors(text: str) -> Doors:
    """The table from its text. Raises ValueError for a body or contents that no list has, and for
    a line that lets anything go from protection to who is behind the firewall."""
    data = tomllib.loads(text)
    bodies = data["bodies"]
    doors = Doors(
        frozenset(each for line in data["sendings"] for each in _sendings(line)),
        frozenset(body["code"] for body in bodies if body.get("protects")),
        frozenset(body["code"] for body in bodies if body.get("behind_firewall")),
        {body["keeps"]: body["code"] for body in bodies if "keeps" in body},
        {kind: body["code"] for body in bodies for kind in body["recipients"]},
    )
    _check(doors, tuple(body["code"] for body in bodies))
    return doors


def _sendings(line: Mapping[str, Any]) -> set[Sending]:
    return {(one, what, to) for one in line["from"] for what in line["what"] for to in line["to"]}


def _check(doors: Doors, bodies: tuple[str, ...]) -> None:
    if bodies != BODIES:
        raise ValueError("doors.toml and the list body_kinds name different bodies")
    if set(doors.recipients) != set(codelist("recipient_kinds").codes):
        raise ValueError("doors.toml and the list recipient_kinds name different recipients")
    for sender, what, recipient in doors.sendings:
        if sender not in BODIES or recipient not in BODIES or what not in CONTENTS:
            raise ValueError(f"doors.toml: {sender}, {what}, {recipient} are not in the lists")
        if sender in doors.protecting and recipient in doors.behind_firewall:
            raise ValueError(f"doors.toml: nothing goes from {sender} to {recipient}")


@cache
def doors() -> Doors:
    """The table, read once in a process."""
    return read_doors((files("marfa.domain") / "doors.toml").read_text(encoding="utf-8"))


def may_send(sender: str, contents: str, recipient: str) -> bool:
    """Whether a kind of body may send this to another; False for every word that is unknown."""
    return (sender, contents, recipient) in doors().sendings


def check_sending(sender: str, contents: str, recipient: str, place: Place | None = None) -> None:
    """Raises InputError where the table does not say that this may be sent.

    place: where the recipient or the file was named, for the sentence.
    """
    if not may_send(sender, contents, recipient):
        params = {
            "sender": _word("body", sender, BODIES),
            "contents": _word("contents", contents, CONTENTS),
            "recipient": _word("body", recipient, BODIES),
        }
        raise InputError(Problem(Message("domain:door-closed", params), place or Place()))


def contents_between(sender: str, recipient: str) -> tuple[str, ...]:
    """What may go from one kind of body to another, in the order of the list; often nothing."""
    return tuple(what for what in CONTENTS if may_send(sender, what, recipient))


def body_of_recipient(kind: str) -> str:
    """The kind of body of a recipient (a code of ``recipient_kinds``).
    Raises InputError for a code that the list does not have."""
    codelist("recipient_kinds").entry(kind)
    return doors().recipients[kind]


def body_of_desks(desks: Collection[str]) -> str:
    """The kind of body that runs an installation with these desks: by whose data they work with,
    one that protects before all others, and statistics where no desk works with anybody's."""
    kept = {doors().keepers[KEEPS[Desk(desk)]] for desk in desks if Desk(desk) in KEEPS}
    first = sorted(kept, key=lambda body: (body not in doors().protecting, BODIES.index(body)))
    return first[0] if first else "statistics"


def _word(prefix: str, code: str, known: Collection[str]) -> object:
    """The name of a code in the language of the reader; a code that nobody knows as it is."""
    return Message(f"domain:{prefix}-{code}") if code in known else code

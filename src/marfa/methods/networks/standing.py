"""What a node is, and who may stand in a set of nodes to be separated.

A set says: look here first. A person who was trafficked often stands where a ranking points,
because she was made to recruit or to carry; to name her is to aim at her. So there is one
question, ``may_stand``, asked in one place, and it has no option that widens it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

PERSON: Final = "person"
THINGS: Final = ("account", "company", "premises", "vehicle", "telephone")
KINDS: Final = (PERSON, *THINGS)

SUSPECT: Final = "suspect"
UNKNOWN: Final = "unknown"
POSSIBLE_VICTIM: Final = "possible_victim"
PROTECTED: Final = ("witness", POSSIBLE_VICTIM, "victim", "child")
STANDINGS: Final = (SUSPECT, UNKNOWN, *PROTECTED)

# What a column "role" may call a person who is to be protected, where no standing is recorded.
# A word too many keeps somebody out of a set; it never puts anybody in.
PROTECTIVE_WORDS: Final = (
    "vict",
    "víctima",
    "survivor",
    "child",
    "minor",
    "witness",
    "testigo",
    "menor",
    "niñ",
    "enfant",
    "témoin",
    "ضحي",
    "ناج",
    "طفل",
    "قاصر",
    "شاهد",
)


@dataclass(frozen=True)
class Node:
    """An end of ties.

    kind: one of KINDS, or empty where nothing is recorded. standing: one of STANDINGS, or
    empty. ground: why a suspect is one, as recorded; only whether there is one is looked at.
    """

    id: str
    kind: str = ""
    standing: str = ""
    ground: str = ""

    @property
    def is_thing(self) -> bool:
        return self.kind in THINGS

    @property
    def is_suspect(self) -> bool:
        return self.kind == PERSON and self.standing == SUSPECT

    @property
    def is_protected(self) -> bool:
        """A thing of a victim, such as her telephone, leads to her and is protected as she is."""
        return self.standing in PROTECTED


def may_stand(node: Node, *, persons: bool) -> bool:
    """Whether a node may be named in a set, and whether figures of it alone may be written.

    Things may, unless their standing is somebody's to protect; persons only where ``persons``
    is asked for and their standing is that of a suspect. Whatever is not known may not.
    """
    if node.is_thing:
        return node.standing in ("", SUSPECT)
    return persons and node.is_suspect


def clean_id(text: str) -> str:
    """An id as it is compared: one spelling for what looks the same on a screen.

    Composed letters, one space for any run of them, no invisible characters, so that nobody
    is two people, once as a victim and once not, by a mark that no reader sees.
    """
    seen = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return " ".join(seen.split())


def look_of(identity: str) -> str:
    """Ids with one look may be one person: case and width are set aside."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", identity).casefold())


def standing_by_role(role: str) -> str:
    """The standing that a role stands in for: protection where its words ask for it, else none."""
    words = role.casefold()
    return POSSIBLE_VICTIM if any(word in words for word in PROTECTIVE_WORDS) else ""

"""Explanations of why somebody was found."""

from __future__ import annotations

from dataclasses import dataclass

from marfa.apps.name_search.protocol import NameHit
from marfa.domain.message import Message

EXACT = {"code": 12.0, "number": 11.0, "household": 10.0}
"""What is found exactly stands before names, whose rank is below 4."""


@dataclass(frozen=True)
class Why:
    """exact: code of what was found exactly; else by: how a name was met."""

    rank: float
    exact: str = ""
    by: NameHit | None = None

    @classmethod
    def by_name(cls, found: NameHit) -> Why:
        return cls(found.rank, by=found)

    @classmethod
    def exact_of(cls, what: str) -> Why:
        return cls(EXACT[what], exact=what)


def why_found(why: Why, *, shown: bool) -> tuple[Message, ...]:
    """Sentences, the reason first. shown: whether names of the person may stand in them."""
    if why.by is None:
        return (Message(f"apps.search:find-exact-{why.exact}"),)
    band = Message(f"apps.search:find-name-{why.by.band}")
    if not shown:
        return (band,)
    written = why.by.written or tuple((left, right) for left, right, _how in why.by.parts)
    pairs = zip(written, why.by.parts, strict=True)
    parts = [_part(left, right, how) for (left, right), (_plain, _other, how) in pairs]
    name = Message("apps.search:find-name-met", {"name": _apart(why.by.name)})
    return (band, name, *parts)


def _part(left: str | None, right: str | None, how: str) -> Message:
    params = {
        side: _apart(text) for side, text in (("left", left), ("right", right)) if text is not None
    }
    if how == "beginning" and left == right:
        return Message("methods.names:part-same", params)
    if how == "beginning":
        return Message("apps.search:find-part-beginning", params)
    return Message(f"methods.names:part-{how}", params)


def _apart(text: str) -> str:
    """Text whose direction does not disturb the sentence around it."""
    return f"\u2068{text}\u2069"

"""Who has an item: one custodian at every moment.

An item passes on in two entries: who has it releases it, who gets it accepts it. Until then it is
with whoever released it. Anything else is a gap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from marfa.methods.archive.entries import Body

ADD, RELEASE, ACCEPT, READ, NOTE = "add", "release", "accept", "read", "note"
EXPORT, HOLD, LIFT, DISPOSE, DERIVE = "export", "hold", "lift", "dispose", "derive"
EVENTS = (RELEASE, ACCEPT, READ, NOTE)
"""What ``marfa archive event`` records. Of the others each is an action of its own."""

ANYBODY = "*"


@dataclass(frozen=True, slots=True)
class Custody:
    """custodian: a code. offered: to whom it was released, ANYBODY, or nobody. held: by law."""

    custodian: str
    offered: str | None = None
    held: bool = False
    disposed: bool = False


def follow(before: Custody | None, body: Body) -> Custody | None:
    """What an entry makes of it; None for one that cannot follow: a gap in the custody."""
    kind, actor = body["kind"], body.get("actor", "")
    if before is None:
        return _taken_in_by(actor) if kind == ADD else None
    if before.disposed or kind == ADD:
        return None
    if kind == RELEASE:
        if actor != before.custodian or before.offered:
            return None
        return replace(before, offered=body.get("to") or ANYBODY)
    if kind == ACCEPT:
        if before.offered not in (actor, ANYBODY):
            return None
        return replace(before, custodian=actor, offered=None)
    if kind in (HOLD, LIFT):
        return replace(before, held=kind == HOLD)
    if kind == DISPOSE:
        return None if before.held else replace(before, disposed=True)
    return before


@lru_cache(maxsize=1024)
def _taken_in_by(actor: str) -> Custody:
    """One object for all items of one custodian: there may be a million of them."""
    return Custody(actor)

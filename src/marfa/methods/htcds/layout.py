"""Where each field stands in a document: the sections of the standard as a tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from marfa.methods.htcds.record import (
    Case,
    Comment,
    Event,
    IncomingReferral,
    Marfa,
    Organisation,
    OutgoingReferral,
    Perpetrator,
    Person,
    Service,
    SupportPlan,
    Victim,
)
from marfa.methods.htcds.specs import SPEC, Spec

Path = tuple[str | int, ...]
"""Keys and places (from 0) from the case down: ``("events", 1, "hte_Date")``."""


@dataclass(frozen=True)
class Section:
    """A part of a case.

    path: its keys in JSON, from the case down; empty for the case itself.
    attributes: the same on a :class:`Case`. many: a list of such parts.
    """

    path: tuple[str, ...]
    attributes: tuple[str, ...]
    type: type[Any]
    many: bool
    specs: tuple[tuple[str, Spec], ...]

    def of(self, case: Case) -> Any:
        """The part of a case, or the tuple of parts."""
        found: Any = case
        for name in self.attributes:
            found = getattr(found, name)
        return found


def _section(path: str, kind: type[Any], *, many: bool = False, at: str | None = None) -> Section:
    own = tuple((each.name, each.metadata[SPEC]) for each in fields(kind) if SPEC in each.metadata)
    return Section(
        tuple(path.split(".")) if path else (),
        tuple((at if at is not None else path).split(".")) if path else (),
        kind,
        many,
        own,
    )


SECTIONS = (
    _section("", Case),
    _section("person", Person),
    _section("victim", Victim),
    _section("perpetrators", Perpetrator, many=True),
    _section("incoming_referral", IncomingReferral),
    _section("outgoing_referrals", OutgoingReferral, many=True),
    _section("comments", Comment, many=True),
    _section("events", Event, many=True),
    _section("support_plans", SupportPlan, many=True),
    _section("organisations", Organisation, many=True),
    _section("extensions.marfa", Marfa, at="marfa"),
    _section("extensions.marfa.services", Service, many=True, at="marfa.services"),
)
"""In the order in which they are written. Innermost parts stand after what holds them."""

MOST_PARTS = 200
"""Parts of one kind in one case: events, plans, referrals and so on."""

SPECS = {spec.name: spec for section in SECTIONS for _, spec in section.specs}
"""Every field by its name."""


SPECS_OF = {section.path: {spec.name: spec for _, spec in section.specs} for section in SECTIONS}
"""Fields of each section by their names."""


@cache
def section_branches(path: tuple[str, ...]) -> Mapping[str, Section | None]:
    """Keys below a path that hold a section, or (None) only lead to one."""
    found: dict[str, Section | None] = {}
    for section in SECTIONS:
        if len(section.path) > len(path) and section.path[: len(path)] == path:
            key = section.path[len(path)]
            ends = len(section.path) == len(path) + 1
            found[key] = section if ends else found.get(key)
    return found


def pointer(path: Path) -> str:
    """The path as a JSON pointer (RFC 6901); no key of ours needs escaping."""
    return "".join(f"/{step}" for step in path)

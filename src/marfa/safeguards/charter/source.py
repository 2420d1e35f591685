"""Policies as they stand in files, and those that say who works at which desk."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import cedarpy

from marfa.domain.desks import DESK_OF_ROLE, Desk, declared_words, who_works_at

ANNOTATIONS = frozenset({"id", "text", "add", "sentence", "circumstance", "named"})
DESKS_FILE = "roles_desks.cedar"
"""Where the policies about desks would stand; they are written from ``desks.toml``."""

TITLE = re.compile(r"// Title: (.+)\n")
NAMING = {"Purpose": "purposes", "RecipientKind": "recipient_kinds", "Desk": "desks"}
RULE_FILE = re.compile(r"rule(\d)_")


@dataclass(frozen=True)
class Policy:
    """One policy.

    id: its ``@id``. file: the name of the file it stands in, after that of its part and a slash
    where it is not of the core. effect: ``permit`` or ``forbid``.
    text: a restatement of the resolution in our words, empty where a policy only says who works
    where. adds: what we add. sentence: key of the message for who is refused, or empty.
    circumstance: it looks at the circumstances alone, so its sentence tells nothing about a record.
    named: there is no sentence, but whoever could do it otherwise may hear which rule forbids it:
        it looks at what they did or said themselves, or see anyway. Never so where it would tell
        that somebody is protected, that the reader is shut out, or named in a complaint.
    body: Cedar's own JSON form.
    """

    id: str
    file: str
    effect: str
    text: str
    adds: str
    sentence: str
    circumstance: bool
    named: bool
    body: Mapping[str, Any] = field(hash=False, compare=False)

    @property
    def forbids(self) -> bool:
        """Whether it is a prohibition; prohibitions win over every permission."""
        return self.effect == "forbid"

    @property
    def rule(self) -> int | None:
        """The number of the rule of the charter that it holds up; None where it says who works
        where, or what data serve."""
        found = RULE_FILE.match(self.file)
        return int(found[1]) if found and self.forbids else None

    @property
    def tellable(self) -> bool:
        """Whether who could do it otherwise may hear that it is this that forbids it."""
        return bool(self.sentence) or self.named

    def cedar(self) -> str:
        """The policy as Cedar text, without its annotations."""
        bare = {name: part for name, part in self.body.items() if name != "annotations"}
        whole = {"templates": {}, "templateLinks": [], "staticPolicies": {self.id: bare}}
        return cedarpy.format_policies(cedarpy.policies_from_json_str(json.dumps(whole))).strip()


def read_policies(text: str, file: str = "") -> Iterable[Policy]:
    """Policies from Cedar text, in their order; raises ValueError where it does not parse."""
    bodies = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    for place in sorted(bodies, key=lambda name: int(name.removeprefix("policy"))):
        yield _policy(bodies[place], file)


def desk_policies(desks: Collection[str]) -> str:
    """Cedar text that opens each of these desks to the roles that work there."""
    return "\n".join(_desk_policy(desk) for desk in Desk if desk in desks)


def _desk_policy(desk: Desk) -> str:
    roles = [role for role in declared_words("roles") if DESK_OF_ROLE[role] == desk]
    held = " || ".join(f"!principal.{role}.at.isEmpty()" for role in roles)
    return f"""
@id("desk.{desk}")
@add("{who_works_at(desk)["en"]}")
permit (principal is Staff, action == Action::"desks.open", resource == Desk::"{desk}")
when {{ {held} }};
"""


def words_named(policies: Iterable[Policy]) -> dict[str, set[str]]:
    """By list of ``desks.toml``, the words that policies name."""
    named: dict[str, set[str]] = {"roles": set(), **{name: set() for name in NAMING.values()}}
    for policy in policies:
        for part in _parts(policy.body):
            if part.keys() == {"type", "id"} and part["type"] in NAMING:
                named[NAMING[part["type"]]].add(part["id"])
            if part.get("left") == {"Var": "principal"} and "attr" in part:
                named["roles"].add(part["attr"])
    return named


def _parts(body: Any) -> Iterator[Mapping[str, Any]]:
    """Every table in the JSON form of a policy."""
    if isinstance(body, Mapping):
        yield body
    within = body.values() if isinstance(body, Mapping) else body
    if not isinstance(within, str | int | float | None):
        for each in within:
            yield from _parts(each)


def _policy(body: Mapping[str, Any], file: str) -> Policy:
    notes = body.get("annotations", {})
    if not notes.get("id"):
        raise ValueError(f"a policy in {file} has no @id")
    if unknown := set(notes) - ANNOTATIONS:
        raise ValueError(f"{notes['id']} has annotations that nobody reads: {sorted(unknown)}")
    return Policy(
        id=notes["id"],
        file=file,
        effect=body["effect"],
        text=notes.get("text", ""),
        adds=notes.get("add", ""),
        sentence=notes.get("sentence", ""),
        circumstance=notes.get("circumstance") == "true",
        named=notes.get("named") == "true",
        body=body,
    )

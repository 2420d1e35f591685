"""The policies and the schema as they lie beside this module, read once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import cedarpy

HERE = files("marfa.safeguards.charter")
SCHEMA_FILE = "schema.cedarschema"
ANNOTATIONS = frozenset({"id", "text", "add", "sentence", "circumstance", "named"})

RULE_FILE = re.compile(r"rule(\d)_")


@dataclass(frozen=True)
class Policy:
    """One policy.

    id: its ``@id``. file: the name of the file it stands in. effect: ``permit`` or ``forbid``.
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


def schema_text() -> str:
    """The schema in Cedar's own syntax."""
    return (HERE / SCHEMA_FILE).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def policies() -> tuple[Policy, ...]:
    """All policies, by file and in the order they stand there.

    Raises ValueError when a policy has no ``@id``, an id twice, or an annotation nobody knows.
    """
    found: dict[str, Policy] = {}
    folder = HERE / "policies"
    # The rules come before who works where.
    for file in sorted(folder.iterdir(), key=lambda f: (not f.name.startswith("rule"), f.name)):
        if file.name.endswith(".cedar"):
            for policy in read_policies(file.read_text(encoding="utf-8"), file.name):
                if policy.id in found:
                    raise ValueError(f"two policies are called {policy.id}")
                found[policy.id] = policy
    return tuple(found.values())


def read_policies(text: str, file: str = "") -> Iterable[Policy]:
    """Policies from Cedar text, in their order; raises ValueError where it does not parse."""
    bodies = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    for place in sorted(bodies, key=lambda name: int(name.removeprefix("policy"))):
        yield _policy(bodies[place], file)


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

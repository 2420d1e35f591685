"""What became of every mutant of the charter, kept in a file with the digest of what it came from.

While schema, policies, decision table and engine are those of the digest, each mutant would end as
the file says, and the tests need not try them again. This script writes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from marfa.safeguards.charter import cases, engine, mutants
from marfa.safeguards.charter.loader import all_policies, schema_text
from marfa.safeguards.charter.mutants import Fate, Mutant

KILLS = Path(__file__).parents[1] / "tests" / "charter" / "kills.tsv"
NOBODY = "-"
"""Stands where no question noticed."""


def digest() -> str:
    """Of everything that decides what becomes of a mutant."""
    parts = {
        "schema": schema_text(),
        "policies": [(policy.id, policy.body) for policy in all_policies()],
        "cases": [plain(case) for case in cases.decision_cases()],
        "asked at": str(cases.ASKED_AT),
        "cedarpy": version("cedarpy"),
        **{
            module.__name__.rpartition(".")[2]: Path(module.__file__ or "").read_text("utf-8")
            for module in (engine, mutants)
        },
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def plain(value: Any) -> Any:
    """A value of a case as JSON has it, sets in one order."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(part) for part in value), key=json.dumps)
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def written(found: Iterable[Fate], of: str) -> str:
    """The file: the digest, then a mutant a line with the question that noticed it first."""
    lines = (f"{row(fate.mutant)}\t{fate.killed_by or NOBODY}" for fate in found)
    return "\n".join([f"# {of}", *lines]) + "\n"


def row(mutant: Mutant) -> str:
    """A mutant as it stands in the file."""
    parts = (mutant.policy, mutant.how, mutant.what)
    assert not any("\t" in part or "\n" in part for part in parts), parts
    return "\t".join(parts)


def read(text: str, made: Iterable[Mutant]) -> tuple[str, list[Fate]]:
    """The digest in the file and what became of these mutants by it.

    Raises ValueError where the file has others.
    """
    head, *lines = text.splitlines()
    pairs = [line.rsplit("\t", 1) for line in lines]
    mutants_made = list(made)
    if [row(mutant) for mutant in mutants_made] != [name for name, _ in pairs]:
        raise ValueError("the file of kills is not of these mutants")
    killers = (None if killer == NOBODY else killer for _, killer in pairs)
    return head.removeprefix("# "), [
        Fate(mutant, killer) for mutant, killer in zip(mutants_made, killers, strict=True)
    ]


if __name__ == "__main__":
    found = list(mutants.try_mutants(engine.charter_engine(), cases.decision_cases()))
    KILLS.write_text(written(found, digest()), encoding="utf-8")

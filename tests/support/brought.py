"""What an installation with some desks has, as it is written in ``brings.toml`` beside the tests of
each app: it comes from no code, so that an app in a wrong place differs from it."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]

ROLES = {
    "reception": ("reception_officer",),
    "protection": ("case_worker", "supervisor", "focal_point"),
    "investigations": ("investigator", "evidence_custodian"),
    "finance": ("finance_analyst",),
    "sanctions": ("sanctions_officer",),
    "reporting": ("statistician",),
    "coordination": ("coordinator",),
    "administration": ("administrator", "data_protection_officer"),
}
"""Who works at each desk."""


@dataclass(frozen=True)
class Brought:
    """What one app brings. desks: those that bring the app along; None: every one does."""

    desks: frozenset[str] | None
    tables: frozenset[str]
    addresses: frozenset[str]
    menu: dict[str, frozenset[str]]

    def comes_with(self, desks: Collection[str]) -> bool:
        """Whether an installation with these desks has the app."""
        return self.desks is None or not self.desks.isdisjoint(desks)


@dataclass(frozen=True)
class Had:
    """What an installation has."""

    apps: frozenset[str]
    tables: frozenset[str]
    addresses: frozenset[str]
    roles: frozenset[str]
    menus: dict[str, frozenset[str]]


@cache
def brought_by_apps() -> dict[str, Brought]:
    """What is written for each app: in ``brings.toml`` beside its tests, or, where these are one
    file, as ``BRINGS`` in it."""
    folders = {file.parent.name: _read(file) for file in TESTS.glob("apps/*/brings.toml")}
    return {**folders, **dict(_in_files(TESTS.glob("apps/test_*.py")))}


def expected_for(desks: Collection[str]) -> Had:
    """What an installation with these desks has. An address at a desk is there with the desk."""
    apps = {name: each for name, each in brought_by_apps().items() if each.comes_with(desks)}
    parts = (_read(TESTS / "web" / "brings.toml"), *apps.values())
    pages = {f"desks/{desk}/ desk-{desk}" for desk in desks}
    pages = pages.union(*(each.addresses for each in parts))
    return Had(
        apps=frozenset(apps),
        tables=frozenset().union(*(each.tables for each in parts)),
        addresses=frozenset(each for each in pages if _is_at(each, desks)),
        roles=frozenset(role for desk in desks for role in ROLES[desk]),
        menus={
            desk: frozenset().union(*(each.menu.get(desk, ()) for each in parts)) for desk in desks
        },
    )


def _is_at(address: str, desks: Collection[str]) -> bool:
    parts = address.split("/")
    return parts[0] != "desks" or parts[1] in desks


def _in_files(files: Iterable[Path]) -> Iterator[tuple[str, Brought]]:
    """The constant is read and not imported, since a test file needs Django."""
    for file in files:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BRINGS":
                yield file.stem.removeprefix("test_"), _brought(ast.literal_eval(node.value))


def _read(file: Path) -> Brought:
    return _brought(tomllib.loads(file.read_text(encoding="utf-8")))


def _brought(told: Mapping[str, Any]) -> Brought:
    desks = told.get("desks", "every")
    return Brought(
        desks=None if desks == "every" else frozenset(desks),
        tables=frozenset(told["tables"]),
        addresses=frozenset(told["addresses"]),
        menu={desk: frozenset(pages) for desk, pages in told.get("menu", {}).items()},
    )

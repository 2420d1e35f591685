"""Every power of the charter is asked by what is there, or stands among those of a later desk."""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import marfa
from marfa.domain.desks import Desk
from marfa.safeguards.charter.schema_reader import declared_schema

SOURCE = Path(marfa.__file__).parent
LATER = SOURCE / "safeguards" / "charter" / "asked_later.toml"
ASIDE = ("safeguards/charter/", "demo/", "/demo.py", "/migrations/")
"""What decides, and what is made up, asks nothing for anybody."""


@dataclass(frozen=True)
class Reading:
    """What a file says. named: texts by the name that they are given; handed: texts, and used:
    names that are handed to a call."""

    named: dict[str, set[str]]
    handed: set[str]
    used: set[str]


Product = dict[str, Reading]


@lru_cache
def product() -> Product:
    """Our source, by the path of each file."""
    files = {file.relative_to(SOURCE).as_posix(): file for file in SOURCE.rglob("*.py")}
    return {
        name: read(file.read_text(encoding="utf-8"))
        for name, file in files.items()
        if not any(each in f"/{name}" for each in ASIDE)
    }


def read(source: str) -> Reading:
    made = Reading(defaultdict(set), set(), set())
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign):
            for name, value in _pairs(node):
                made.named[value].add(name)
        elif isinstance(node, ast.Call):
            for part in _handed(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    made.handed.add(part.value)
                made.used.update(_names_in(part))
    return made


def asked(files: Product, actions: frozenset[str]) -> set[str]:
    """Actions that are handed to a call, by themselves or by a name that is handed to one. A name
    that nobody uses asks nothing."""
    used = {name for file in files.values() for name in file.used}
    by_name = {
        action
        for file in files.values()
        for action in actions & file.named.keys()
        if file.named[action] & used
    }
    return by_name | {text for file in files.values() for text in actions & file.handed}


def _pairs(node: ast.Assign) -> Iterator[tuple[str, str]]:
    """Names with the constants that they are given, one by one or several at once."""
    for target in node.targets:
        names, values = [target], [node.value]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            names, values = target.elts, node.value.elts
        for name, value in zip(names, values, strict=False):
            for part in _either(value):
                if isinstance(name, ast.Name) and isinstance(part, ast.Constant):
                    yield name.id, str(part.value)


def _handed(call: ast.Call) -> Iterator[ast.expr]:
    for part in (*call.args, *(each.value for each in call.keywords)):
        yield from _either(part)


def _either(part: ast.expr) -> tuple[ast.expr, ...]:
    """What stands there, both of it where that is a choice."""
    return (part.body, part.orelse) if isinstance(part, ast.IfExp) else (part,)


def _names_in(part: ast.expr) -> set[str]:
    if isinstance(part, ast.Name):
        return {part.id}
    return {part.attr} if isinstance(part, ast.Attribute) else set()


def problems(files: Product, later: dict[str, str], actions: frozenset[str]) -> set[str]:
    """What nobody asks and no later desk will, and what stands among the later and is asked."""
    found = asked(files, actions)
    desks = {desk.value for desk in Desk}
    silent = {f"{name} is asked by nothing" for name in actions - found - later.keys()}
    kept = {f"{name} is asked, and stands as later" for name in later.keys() & found}
    unknown = {f"{name} is no action" for name in later.keys() - actions}
    nowhere = {f"{name}: no desk {desk}" for name, desk in later.items() if desk not in desks}
    return silent | kept | unknown | nowhere


def written() -> dict[str, str]:
    return tomllib.loads(LATER.read_text(encoding="utf-8"))


def test_every_power_is_asked_or_named_as_later() -> None:
    actions = frozenset(declared_schema().actions)
    assert len(actions) > 80
    assert problems(product(), written(), actions) == set()


def test_a_power_that_nobody_asks_is_found() -> None:
    """Each file that asks for an exclusion taken away, and a name that nobody uses."""
    actions = frozenset({"access.exclude", "people.dream"})
    without = {name: file for name, file in product().items() if "exclusion" not in name}
    unused = {"dream.py": read('DREAM = "people.dream"\n"""people.dream"""\n')}
    assert problems({**without, **unused}, {}, actions) == {
        "access.exclude is asked by nothing",
        "people.dream is asked by nothing",
    }
    used = {"dream.py": read('DREAM = "people.dream"\nask(actor, code=DREAM)\n')}
    assert problems({**product(), **used}, {}, actions) == set()
    assert problems(product(), {"access.exclude": "reception"}, actions - {"people.dream"}) == {
        "access.exclude is asked, and stands as later"
    }
    later = {"people.dream": "kitchen", "x.y": "reception"}
    assert problems({}, later, frozenset({"people.dream"})) == {
        "people.dream: no desk kitchen",
        "x.y is no action",
    }

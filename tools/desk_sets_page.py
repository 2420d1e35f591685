"""The page docs/reference/desk-sets.md, from the manifests; ``tools/made_pages.py`` writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path

from marfa.apps.house import apps_of, read_manifests
from marfa.domain.desks import ALWAYS, DESK_OF_ROLE, Desk, check_desks
from marfa.domain.message import InputError
from marfa.safeguards.fields.declarations import read_declarations

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "marfa"
PAGE = ROOT / "docs" / "reference" / "desk-sets.md"
NAMESPACE = re.compile(r'^app_name = "(\w+)"', re.M)

HEAD = """\
# What each set of desks has

<!-- Made from the manifests of the apps by tools/desk_sets_page.py: change these, not this. -->

[Which desks may stand together](desks.md) says why there are these {count} sets. An installation
has the apps of its desks and no other: their tables, addresses and menus, and the roles of its
desks. Apps come with a desk at which they are worked, and with what stands on them.

Tests make and start an installation of each set. They compare what it has with lists that are kept
by hand beside the tests of each app (`tests/apps/*/brings.toml`), not with the code.
"""


def page() -> str:
    """The whole page."""
    sets = list(allowed_sets())
    everywhere = apps_of(ALWAYS)
    lines = [HEAD.rstrip("\n").format(count=len(sets)), "", "## The sets", ""]
    lines += [f"Every installation has {_code(everywhere)}, and the desk `administration`.", ""]
    rows = [
        (_code(desks), _code(name for name in apps_of({*desks, *ALWAYS}) if name not in everywhere))
        for desks in sets
    ]
    lines += _table(("desks", "further apps"), rows)
    lines += ["", "## Apps", ""]
    rows_of_apps = [
        (f"`{name}`", _comes_with(name), _code(tables_of(name)), _code(addresses_of(name)))
        for name in read_manifests()
    ]
    lines += _table(("app", "comes with", "tables", "addresses"), rows_of_apps)
    lines += [
        "",
        "An address is the namespace of its pages, after the desk below which they stand. Where",
        "the desk is not, the address is not either.",
        "",
        "## Desks",
        "",
    ]
    rows_of_desks = [(f"`{desk}`", _code(roles_at(desk)), _menu(desk)) for desk in Desk]
    lines += _table(("desk", "roles", "menu, where the app is there"), rows_of_desks)
    return "\n".join(lines) + "\n"


def allowed_sets() -> Iterator[tuple[Desk, ...]]:
    """The sets that may share a database, without the desks that are in all of them."""
    chosen = [desk for desk in Desk if desk not in ALWAYS]
    for size in range(len(chosen) + 1):
        for desks in combinations(chosen, size):
            try:
                check_desks({*desks, *ALWAYS})
            except InputError:
                continue
            yield desks


def tables_of(app: str) -> list[str]:
    """The tables of an app, as its ``fields.toml`` declares them."""
    file = SOURCE / "apps" / app / "fields.toml"
    if not file.is_file():
        return []
    declared = read_declarations(file.read_text(encoding="utf-8"), file.name)
    return sorted(f"{app}_{model.name.lower()}" for model in declared.values())


def addresses_of(app: str) -> list[str]:
    """The namespaces of an app, after the desk of each; read and not loaded, which Django would
    have to be started for."""
    found = set()
    for desk, module in read_manifests()[app].urls:
        file = SOURCE.parent.joinpath(*module.split(".")).with_suffix(".py")
        (name,) = NAMESPACE.findall(file.read_text(encoding="utf-8"))
        found.add(f"desks/{desk}/ {name}" if desk else name)
    return sorted(found)


def roles_at(desk: Desk) -> list[str]:
    """Who works at a desk."""
    return [role for role, where in DESK_OF_ROLE.items() if where is desk]


def menu_of(app: str, desk: Desk) -> list[str]:
    """The pages to which an app's entries in the menu of a desk lead."""
    return [item.url_name for item in read_manifests()[app].navigation if item.desk is desk]


def _menu(desk: Desk) -> str:
    found = [(app, menu_of(app, desk)) for app in read_manifests()]
    return "; ".join(f"{app}: {_code(pages)}" for app, pages in found if pages)


def _comes_with(app: str) -> str:
    if app in apps_of(ALWAYS):
        return "every desk"
    return _code(desk for desk in Desk if app in apps_of({desk}))


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [_row(head), _row(("---",) * len(head)), *(_row(row) for row in rows)]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"

"""The page that says what each set of desks has: equal to what is kept by hand beside the apps."""

from __future__ import annotations

from marfa.apps.house import read_manifests
from marfa.domain.desks import Desk
from tests.support.brought import ROLES, brought_by_apps
from tests.support.desks import ALLOWED_SETS
from tools import desk_sets_page as made


def test_the_sets_are_the_allowed_ones() -> None:
    found = [frozenset({*desks, "administration"}) for desks in made.allowed_sets()]
    assert len(found) == 27
    assert set(found) == set(ALLOWED_SETS)


def test_each_app_brings_what_is_written_for_it() -> None:
    for name, brought in brought_by_apps().items():
        assert set(made.tables_of(name)) == brought.tables, name
        assert set(made.addresses_of(name)) == brought.addresses, name
        menus = {desk.value: frozenset(made.menu_of(name, desk)) for desk in Desk}
        assert {desk: pages for desk, pages in menus.items() if pages} == brought.menu, name
    assert set(brought_by_apps()) == set(read_manifests())


def test_each_desk_has_the_roles_that_are_written() -> None:
    assert {desk.value: tuple(made.roles_at(desk)) for desk in Desk} == ROLES


def test_the_page_names_all_of_it() -> None:
    _sets, page = made.page().split("\n## Apps\n")
    apps, desks = page.split("\n## Desks\n")
    for name, brought in brought_by_apps().items():
        (row,) = [line for line in apps.splitlines() if line.startswith(f"| `{name}` | ")]
        assert all(f"`{each}`" in row for each in brought.tables | brought.addresses), name
    for desk, roles in ROLES.items():
        (row,) = [line for line in desks.splitlines() if line.startswith(f"| `{desk}` | ")]
        assert all(f"`{role}`" in row for role in roles), desk

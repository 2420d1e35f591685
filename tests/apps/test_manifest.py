"""The registry: what modules bring, in the order of the house, and nothing of an absent desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.urls import resolve, reverse
from django.urls.exceptions import Resolver404

from marfa.apps import manifest
from marfa.apps.accounts.models import User
from marfa.apps.house import read_manifests
from marfa.apps.manifest import Desk, Module, NavigationItem, Urgency, WorkItem, WorkPart
from marfa.apps.organisations import module as organisations
from marfa.domain.codelists import codelist
from marfa.platform import clock
from marfa.web import urls
from tests.conftest import Operation


def test_desks_are_those_of_the_code_list() -> None:
    assert [desk.value for desk in Desk] == list(codelist("desks").codes)


def test_modules_come_in_the_order_of_the_house() -> None:
    assert [module.name for module in manifest.installed_modules()] == list(read_manifests())


def test_a_module_must_be_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organisations, "MODULE", {"name": "organisations"})
    with pytest.raises(TypeError, match="is not a Module"):
        manifest.installed_modules()


def test_the_menu_of_a_desk_leads_somewhere() -> None:
    items = manifest.desk_navigation(Desk.ADMINISTRATION)
    assert items
    for item in items:
        assert resolve(reverse(item.url_name)).url_name == item.url_name.partition(":")[2]
    assert manifest.desk_navigation(Desk.FINANCE) == ()


@pytest.mark.parametrize(
    ("view", "held", "desk"),
    [
        ("screening:one", {Desk.RECEPTION, Desk.PROTECTION}, Desk.RECEPTION),
        ("screening:lowering", {Desk.PROTECTION}, Desk.PROTECTION),
        ("screening:one", {Desk.REPORTING}, None),
        ("sealedtier:note", {Desk.INVESTIGATIONS}, Desk.INVESTIGATIONS),
        ("sealedtier:log", {Desk.PROTECTION, Desk.ADMINISTRATION}, Desk.ADMINISTRATION),
        ("forms:came", {Desk.RECEPTION, Desk.PROTECTION}, Desk.PROTECTION),
        ("filling:question", {Desk.RECEPTION}, Desk.RECEPTION),
        ("consents:recipients", {Desk.PROTECTION, Desk.COORDINATION}, Desk.COORDINATION),
        ("consents:recipient", {Desk.COORDINATION}, Desk.COORDINATION),
        ("cases:case", {Desk.RECEPTION, Desk.PROTECTION}, Desk.PROTECTION),
        ("accounts:security", set(Desk), None),
        ("home", set(Desk), None),
    ],
)
def test_a_page_outside_every_desk_belongs_to_the_work_of_one(
    view: str, held: set[Desk], desk: Desk | None
) -> None:
    assert manifest.desk_of_page(view, held) == desk


def test_only_what_is_everybodys_own_belongs_to_no_desk() -> None:
    outside = {
        import_module(urls).app_name
        for module in manifest.installed_modules()
        for desk, urls in module.urls
        if desk is None
    }
    of_none = {one for one in outside if manifest.desk_of_page(f"{one}:any", set(Desk)) is None}
    assert of_none == {"accounts", "own_roles", "tours", "incident", "openrosa"}


def test_an_absent_desk_mounts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's own page and what its modules bring are made only for desks that are here."""
    from django.urls import URLResolver
    from django.urls.resolvers import RegexPattern

    def resolver(desk: Desk) -> URLResolver:
        return URLResolver(RegexPattern(r"^/"), urls.desk_urls(desk))

    found = resolver(Desk.ADMINISTRATION).resolve("/desks/administration/people/")
    assert found.url_name == "people"
    with pytest.raises(Resolver404):
        resolver(Desk.RECEPTION).resolve("/desks/administration/people/")


NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)
ITEMS = [
    WorkItem("waiting", "/", Urgency.WAITING),
    WorkItem("later", "/", Urgency.DUE, NOON + timedelta(days=1)),
    WorkItem("no time", "/", Urgency.DUE),
    WorkItem("urgent", "/", Urgency.URGENT, NOON + timedelta(days=1)),
    WorkItem("today", "/", Urgency.DUE, NOON + timedelta(hours=1)),
    WorkItem("over", "/", Urgency.DUE, NOON),
    WorkItem("over for longer", "/", Urgency.DUE, NOON - timedelta(hours=1)),
]


def first_items(_user: User) -> list[WorkItem]:
    return ITEMS[:2]


def other_items(_user: User) -> list[WorkItem]:
    return ITEMS[2:]


def test_work_is_sorted_by_its_part_then_by_when_it_ends(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = (
        Module(name="one", my_work=(f"{__name__}:first_items",)),
        Module(name="two", my_work=(f"{__name__}:other_items",)),
    )
    monkeypatch.setattr(manifest, "installed_modules", lambda: brought)
    with clock.set_to(NOON):
        found = [str(item.text) for item in manifest.my_work(operation.desks[Desk.RECEPTION])]
    assert found == ["urgent", "over for longer", "over", "today", "no time", "later", "waiting"]


@pytest.mark.parametrize(
    ("hour", "zone", "part"),
    [
        (13, "UTC", WorkPart.TODAY),
        (12, "UTC", WorkPart.OVERDUE),
        (23, "UTC", WorkPart.TODAY),
        (22, "Asia/Beirut", WorkPart.LATER),  # after midnight there
        (21, "Asia/Beirut", WorkPart.TODAY),
        (28, "America/New_York", WorkPart.LATER),
        (27, "America/New_York", WorkPart.TODAY),  # before midnight there, on the next day in UTC
    ],
)
def test_the_day_ends_where_the_site_is(hour: int, zone: str, part: WorkPart) -> None:
    due = NOON.replace(hour=0) + timedelta(hours=hour)
    with clock.set_to(NOON):
        assert WorkItem("work", "/", Urgency.DUE, due, zone=zone).part is part


@pytest.mark.parametrize(
    ("day", "part"), [(7, WorkPart.OVERDUE), (8, WorkPart.TODAY), (9, WorkPart.LATER)]
)
def test_the_last_day_is_in_time(day: int, part: WorkPart) -> None:
    with clock.set_to(NOON):
        assert (
            WorkItem("work", "/", Urgency.DUE, by=date(2026, 3, day), zone="Asia/Beirut").part
            is part
        )


def test_navigation_gathers_all_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    first = NavigationItem(Desk.FINANCE, "first", "home")
    second = NavigationItem(Desk.FINANCE, "second", "home")
    brought = (Module(name="one", navigation=(first,)), Module(name="two", navigation=(second,)))
    monkeypatch.setattr(manifest, "installed_modules", lambda: brought)
    assert manifest.desk_navigation(Desk.FINANCE) == (first, second)

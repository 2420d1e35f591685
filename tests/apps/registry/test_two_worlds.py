"""Nobody who is not assigned sees any difference between a world with a protected woman and one
in which she never was."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marfa.apps import subject_pages
from marfa.apps.consents import forms as consent_forms
from marfa.apps.name_search import search_watch
from marfa.apps.reception import queries
from marfa.apps.registry import care, lookups, person_page, reader
from marfa.apps.registry.actions import facts, households
from marfa.apps.registry.models import Person
from marfa.apps.registry.views import households as belonging
from marfa.apps.registry.views import person as person_view
from marfa.apps.search import person_search
from marfa.platform import clock
from marfa.platform.facts import kinds
from marfa.platform.limits.limiter import Limit
from tests.apps.registry import worlds
from tests.apps.registry.worlds import (
    STEPS,
    VIEWERS,
    History,
    Seen,
    build,
    differences,
    seen_in,
    undone,
)
from tests.apps.search.name_index import Here, here, sites
from tests.conftest import Operation

__all__ = ["here"]

pytestmark = pytest.mark.django_db

HISTORY = History(
    then=("a_namesake_comes", "the_next_is_called", "the_father_is_verified", "a_day_passes")
)
HISTORIES = st.builds(
    History,
    kin=st.sampled_from(("parent", "guardian", "aunt_or_uncle")),
    verified=st.booleans(),
    in_household=st.booleans(),
    opened=st.booleans(),
    then=st.lists(st.sampled_from(sorted(STEPS)), max_size=4).map(tuple),
)
ONE = settings(
    max_examples=4,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(autouse=True)
def many_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "LIMIT", Limit("tests.worlds", 10_000, lookups.LIMIT.interval))


def seen(
    operation: Operation,
    here: Here,
    folder: Path,
    history: History,
    *,
    with_her: bool,
    viewers: Collection[str] = VIEWERS,
    only: str = "",
) -> Seen:
    worlds.TICKING.at = worlds.START
    with undone(), clock.set_to(worlds.TICKING):
        world = build(sites(operation)[0], history, with_her=with_her)
        return seen_in(world, here, folder, viewers, only)


def compared(
    operation: Operation, here: Here, folder: Path, history: History, **asked: Any
) -> dict[str, tuple[str, str]]:
    there, not_there = (
        seen(operation, here, folder, history, with_her=with_her, **asked)
        for with_her in (True, False)
    )
    assert there
    return differences(there, not_there)


@ONE
@given(history=HISTORIES, viewer=st.sampled_from(VIEWERS))
def test_nobody_sees_that_she_is_there(
    operation: Operation,
    here: Here,
    tmp_path_factory: pytest.TempPathFactory,
    history: History,
    viewer: str,
) -> None:
    folder = tmp_path_factory.mktemp("exports")
    assert compared(operation, here, folder, history, viewers=[viewer]) == {}


def test_figures_are_the_same(operation: Operation, here: Here, tmp_path: Path) -> None:
    viewers = ["supervisor"]
    asked: dict[str, Any] = {"viewers": viewers, "only": "figures"}
    found = seen(operation, here, tmp_path, HISTORY, with_her=True, **asked)
    assert "<table" in found["supervisor: figures"]
    assert compared(operation, here, tmp_path, HISTORY, **asked) == {}


@pytest.mark.slow
@settings(ONE, max_examples=25)
@given(history=HISTORIES)
def test_nobody_at_any_desk_sees_that_she_is_there(
    operation: Operation,
    here: Here,
    tmp_path_factory: pytest.TempPathFactory,
    history: History,
) -> None:
    folder = tmp_path_factory.mktemp("exports")
    assert compared(operation, here, folder, history) == {}


def test_who_stays_sees_her(operation: Operation, here: Here, tmp_path: Path) -> None:
    """The comparison is able to see a difference, without any fault."""
    both, only = ["focal", "reception"], "find by|kept address of people:person"
    found = compared(operation, here, tmp_path, HISTORY, viewers=both, only=only)
    looked = ("find by code", "find by name", "kept address of people:person")
    assert {f"focal: {what}" for what in looked} <= set(found)
    assert "focal, later: /find/notices/" in found
    assert not [what for what in found if what.startswith("reception")]


# Leaks that are planted, each where a real one would be.

Patch = Callable[[pytest.MonkeyPatch], None]
LISTS = ("visibility_condition", "about_seen")
EVERYBODY = lambda *_asked, **_more: Q()  # noqa: E731


def everybody_in(module: Any) -> Patch:
    """The charter is not asked for a list in a module, by whichever name it asks."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        asked = [name for name in LISTS if hasattr(module, name)]
        assert asked, module
        for name in asked:
            patch.setattr(module, name, EVERYBODY)

    return plant


def each_is_allowed(patch: pytest.MonkeyPatch) -> None:
    """Whoever was found is shown, whatever the charter says."""

    def allowed_of(_actor: Any, _action: str, resources: Any, *_more: Any) -> set[Any]:
        return {resource.id for resource in resources}

    patch.setattr(person_search, "allowed_of", allowed_of)


def ties_count(patch: pytest.MonkeyPatch) -> None:
    """Who looks after a child is counted although they are protected."""
    whole = care.known_of

    def known_of(people: Any) -> Any:
        found = whole(people)
        hidden = {key: each for key, each in found.items() if each.protected}
        return found | {key: replace(each, protected=False) for key, each in hidden.items()}

    patch.setattr(facts, "known_of", known_of)


def all_that_changed(patch: pytest.MonkeyPatch) -> None:
    """What changed of a relationship is shown, whoever is at its other end."""
    whole = subject_pages.history_of

    def history_of(kind: str, person: Any, shown: Collection[Any]) -> Any:
        ties = [row.pk for row in person_page._relationships(person)]
        return whole(kind, person, [*shown, *ties])

    patch.setattr(person_view, "history_of", history_of)


def refused(patch: pytest.MonkeyPatch) -> None:
    """An address that leads to her is refused, and not unknown."""
    whole = lookups.nothing_there

    def nothing_there(actor: Any, meant: Q) -> Exception:
        hidden = Person.objects.filter(meant, protected=True).exists()
        return PermissionDenied() if hidden else whole(actor, meant)

    patch.setattr(reader, "nothing_there", nothing_there)


def on_the_wall(patch: pytest.MonkeyPatch) -> None:
    """Her place in the queue is one like all."""
    patch.setattr(queries, "about_seen", EVERYBODY)


def supervisors_hear(patch: pytest.MonkeyPatch) -> None:
    """Supervisors are told of searches that would have met a protected person."""
    patch.setattr(search_watch, "OF_PROTECTED", frozenset())


def in_the_export(patch: pytest.MonkeyPatch) -> None:
    """She is in the file of facts."""
    patch.setattr(kinds.FactKind, "told", lambda self, rows: rows)


@dataclass(frozen=True)
class Fault:
    """plant: the fault. viewers: who sees it then. only: where, a pattern of what they do."""

    plant: Patch
    viewers: tuple[str, ...]
    only: str
    history: History = HISTORY


FAULTS: dict[str, Fault] = {
    "found": Fault(each_is_allowed, ("reception",), "find by"),
    "in the queue": Fault(on_the_wall, ("reception",), "queue"),
    "in the household": Fault(everybody_in(belonging), ("protection",), "household"),
    "a code in a form": Fault(everybody_in(belonging), ("supervisor",), "her code"),
    "a relationship": Fault(everybody_in(belonging), ("supervisor",), "kept address"),
    "merging": Fault(everybody_in(households), ("supervisor",), "merging"),
    "a guardian": Fault(everybody_in(consent_forms), ("reception",), "answer"),
    "counted care": Fault(ties_count, ("reception",), "export", History()),
    "what changed": Fault(all_that_changed, ("supervisor",), "person child"),
    "refused and not unknown": Fault(refused, ("reception",), "kept address"),
    "supervisors hear": Fault(supervisors_hear, ("reception", "supervisor"), "find by"),
    "exported": Fault(in_the_export, ("reception",), "export"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_leak_is_found(
    operation: Operation,
    here: Here,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    fault = FAULTS[name]
    fault.plant(monkeypatch)
    seeing: dict[str, Any] = {"viewers": fault.viewers, "only": fault.only}
    assert compared(operation, here, tmp_path, fault.history, **seeing)

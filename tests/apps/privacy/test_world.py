"""The world as it should be passes; each planted fault is found.

Chance looks for what nobody thought of. The lives below go straight to where a fault would show, so
that the proof does not hang on chance.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.apps.privacy.world import CASE, FAULTS, MENTION, Known, World

pytestmark = pytest.mark.django_db(transaction=True)

BUDGET = settings(
    max_examples=8,
    stateful_step_count=8,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_the_world_as_it_is() -> None:
    run_state_machine_as_test(World, settings=BUDGET)


@pytest.mark.slow
def test_the_world_as_it_is_for_long() -> None:
    longer = settings(BUDGET, max_examples=100, stateful_step_count=25, derandomize=False)
    run_state_machine_as_test(World, settings=longer)


def erased_with_words_and_ties(world: World, one: Known, other: Known) -> None:
    world.say_something(other)
    world.say_something(one)
    world.tie(other)
    world.erase(one)
    world.ask_for_access(one)


def held_to_the_last_day(world: World, one: Known, other: Known) -> None:
    world.hold(one, 1)
    for _ in range(3):
        world.erase(one)
        world.what_is_left_is_what_should_be()
        world.wait(1)
    assert one.gone


def kept_to_the_last_day(world: World, one: Known, other: Known) -> None:
    world.tie(one)
    world.reach_the_end(one, CASE, False)
    world.what_is_left_is_what_should_be()
    world.reach_the_end(one, CASE + 1, True)
    world.what_is_left_is_what_should_be()
    world.wait(1)
    world.retain()
    assert one.gone


def words_are_forgotten(world: World, one: Known, other: Known) -> None:
    world.say_something(one)
    for days in (MENTION, 1):
        world.wait(days)
        world.retain()
        world.what_is_left_is_what_should_be()
    assert not one.said


def spoken_of_long_after_leaving(world: World, one: Known, other: Known) -> None:
    world.leave(one)
    world.wait(CASE)
    world.say_something(one)
    for days in (1, MENTION - 1):
        world.wait(days)
        world.retain()
        world.what_is_left_is_what_should_be()
    world.wait(1)
    world.retain()
    assert one.gone


LIVES: tuple[Callable[[World, Known, Known], None], ...] = (
    erased_with_words_and_ties,
    held_to_the_last_day,
    kept_to_the_last_day,
    words_are_forgotten,
    spoken_of_long_after_leaving,
)


def live() -> None:
    for life in LIVES:
        world = World()
        world.begin()
        one, other = world.known
        life(world, one, other)
        world.what_is_left_is_what_should_be()


def test_lives_as_they_are() -> None:
    live()


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_planted_fault_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FAULTS[fault](monkeypatch)
    with pytest.raises(AssertionError):
        live()

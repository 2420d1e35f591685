"""The machine finds nothing wrong in the safeguards, and finds each fault that is planted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from marfa.domain.message import Message
from marfa.safeguards import actions as acting
from marfa.safeguards.audit.event import Event
from marfa.safeguards.audit.writer import append_events
from marfa.safeguards.charter import columns, decisions, engine, question, translation
from marfa.safeguards.charter.columns import Rows
from marfa.safeguards.charter.resources import Decision, DeniedError
from marfa.safeguards.vault.errors import ErasedError
from tests.charter.machine import Harbour
from tests.support.harbour import models
from tests.support.harbour.models import PERSON

pytestmark = pytest.mark.django_db(transaction=True)

# The same steps in every run, so that a fault is found always or never.
BUDGET = settings(
    max_examples=8,
    stateful_step_count=20,
    derandomize=True,
    report_multiple_bugs=False,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def run(*steps: str, lives: int = 0) -> None:
    """Let the machine work; with steps, it does only these. lives: more or fewer than usual."""

    every = {rule.function.__name__ for rule in Harbour.setup_state().rules}
    left_out = every - set(steps) if steps else set()
    some = type("Some", (Harbour,), dict.fromkeys(left_out))
    run_state_machine_as_test(some, settings=settings(BUDGET, max_examples=lives or 8))


def test_nothing_is_wrong() -> None:
    run(lives=5)


@pytest.mark.slow
def test_nothing_is_wrong_in_many_lives() -> None:
    run(lives=100)


Plant = Callable[[pytest.MonkeyPatch], None]
FAULTS: dict[str, tuple[Plant, tuple[str, ...]]] = {}
"""How each is planted, and the steps among which the machine is to find it."""


def fault(*steps: str) -> Callable[[Plant], Plant]:
    def add(plant: Plant) -> Plant:
        FAULTS[plant.__name__] = (plant, steps)
        return plant

    return add


def without(*ids: str) -> Plant:
    """The charter without these policies."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        whole = engine.Engine.of

        def of(self: engine.Engine, action: str) -> list[Any]:
            return [policy for policy in whole(self, action) if policy.id not in ids]

        patch.setattr(engine.Engine, "of", of)
        patch.setattr(engine.charter_engine(), "_sets", {})

    return plant


def blind_to(name: str) -> Plant:
    """The list does not look at a fact of the row."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        look = translation.Translator.fact

        def fact(self: translation.Translator, wanted: str) -> Any:
            found = look(self, wanted)
            if wanted != name:
                return found
            return Rows() if isinstance(found, Rows) else False

        patch.setattr(translation.Translator, "fact", fact)

    return plant


@fault("open_identity", "send")
def a_denied_action_goes_on(patch: pytest.MonkeyPatch) -> None:
    decide = acting._decide

    def leave(*arguments: Any) -> None:
        try:
            decide(*arguments)
        except DeniedError:
            arguments[0].allowed = True

    patch.setattr(acting, "_decide", leave)


@fault("send")
def a_denied_action_has_written_already(patch: pytest.MonkeyPatch) -> None:
    from tests.support.harbour import actions

    send = actions.send

    def first(**given: Any) -> None:
        models.Package.objects.create(person=given["person"], recipient=given["recipient"])
        send(**given)

    patch.setattr(actions, "send", first)


@fault("protect")
def an_entry_is_left_out(patch: pytest.MonkeyPatch) -> None:
    def most(events: Iterable[Event]) -> None:
        append_events([event for event in events if event.action != "people.protect"])

    patch.setattr("marfa.safeguards.actions.append_events", most)


@fault("open_identity")
def reading_leaves_no_entry(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(acting, "_tell", lambda *_: None)


@fault("open_identity")
def a_denial_leaves_no_entry(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(acting, "_tell_apart", lambda *_: None)


@fault("time_passes")
def an_opening_never_ends(patch: pytest.MonkeyPatch) -> None:
    source = PERSON.facts["granted"].sources[0]  # type: ignore[union-attr]
    for_ever = columns.MemberRows(
        lambda _at: models.Tie.objects.filter(sort="granted"), source.object, source.member
    )
    patch.setitem(PERSON.facts, "granted", Rows(for_ever))


@fault("send_with_one_thing_out_of_order")
def an_old_second_factor_is_fresh(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(question, "step_up_age", lambda actor, _at: 0 if actor.stepped_up_at else None)


@fault("the_engine_fails")
def an_engine_that_fails_permits(patch: pytest.MonkeyPatch) -> None:
    ask = decisions._ask

    def lenient(*arguments: Any) -> Decision:
        try:
            return ask(*arguments)
        except RuntimeError:
            return Decision(True, (), Message("safeguards.charter:allowed"))

    patch.setattr(decisions, "_ask", lenient)


@fault("read_after_all_ended")
def erasing_keeps_the_person(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(PERSON.facts, "erased", columns.Fixed(False))


@fault("a_role_ends_or_begins")
def a_role_that_ended_still_holds(patch: pytest.MonkeyPatch) -> None:
    """Who asks is kept by key and not by what they hold."""
    kept: dict[Any, Any] = {}
    facts = question.principal_facts

    def first(actor: Any, roles: Any) -> Any:
        return kept.setdefault(actor.id, facts(actor, roles))

    patch.setattr(question, "principal_facts", first)


FAULTS |= {
    "exclusion is ignored in lists": (blind_to("excluded"), ("assign_or_exclude",)),
    "the protected are listed and counted": (blind_to("protected"), ("protect",)),
    "openings are ignored in lists": (blind_to("granted"), ("open_to_guest",)),
    "exclusion is ignored in decisions": (
        without("OP29.excluded.staff"),
        ("read_after_all_ended",),
    ),
    "the protected are opened": (without("OP29.protected.hidden"), ("open_identity",)),
    "the purpose is ignored": (
        without("purpose.identity", "OP15.firewall.purpose"),
        ("read_after_all_ended",),
    ),
    "withdrawal is ignored": (
        without("OP9.sharing.withdrawn"),
        ("send_with_one_thing_out_of_order",),
    ),
    "the firewall is open": (
        without("OP15.firewall.recipient", "OP15.firewall.purpose"),
        ("send_with_one_thing_out_of_order",),
    ),
    "who asks may approve": (without("OP29.sealed.approved-by-another"), ("ask", "approve")),
    "one person opens what is sealed": (without("OP29.sealed.two-people"), ("open_sealed",)),
}


@pytest.fixture(autouse=True)
def without_waiting_for_the_disk() -> None:
    """What a power cut would do is tried elsewhere."""
    words = "PRAGMA synchronous = OFF"
    if connection.vendor == "postgresql":
        words = "SET synchronous_commit = off"
    with connection.cursor() as cursor:
        cursor.execute(words)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """The rule in which the engine fails would fill pages."""
    caplog.set_level(logging.CRITICAL, "marfa.charter")


@pytest.fixture(autouse=True)
def engines_of_their_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What an engine keeps is made anew, before and after."""
    engine.engine_of.cache_clear()
    yield
    engine.engine_of.cache_clear()


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, steps = FAULTS[name]
    plant(monkeypatch)
    with pytest.raises((AssertionError, ErasedError)):
        run(*steps)

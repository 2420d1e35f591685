"""Rule 1: help waits for nothing and ends for no condition, whatever else happens; and each fault
that is planted is found."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from marfa.apps.assistance.actions import assistance as giving
from marfa.apps.assistance.models import Help
from marfa.apps.assistance.queries import AGAIN_URGENT
from marfa.apps.assistance.views import help_part
from marfa.apps.cases import action_base
from marfa.apps.cases.facts import restate_case_facts
from marfa.apps.cases.models import Case, FormalIdentification, Review
from marfa.apps.cases.parts import Next
from marfa.apps.proceedings.models import Cooperation
from marfa.apps.registry.models import Person
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.charter import engine
from tests.apps.assistance.lives import SAID, STEPS, Life, Step, histories
from tests.apps.cases.office import Office
from tests.conftest import Operation
from tests.test_house import SOURCE, lint_imports

pytestmark = pytest.mark.django_db
BUDGET = settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture
def office(operation: Operation) -> Iterator[Office]:
    SAID.clear()
    Life.count = 0
    with every_organisation():
        yield Office(operation)


def told_apart(office: Office, steps: list[Step]) -> None:
    """Live it twice, with every answer to an investigation turned round: nothing differs."""
    once, turned = Life(office, flip=False).live(steps), Life(office, flip=True).live(steps)
    assert once == turned, "help follows from what the person says to an investigation"


def run(office: Office, *verbs: str, lives: int = 4, most: int = 60) -> None:
    @settings(BUDGET, max_examples=lives)
    @given(histories(*verbs, most=most))
    def every(steps: list[Step]) -> None:
        told_apart(office, steps)

    every()


def test_help_is_the_same_whatever_is_said_to_an_investigation(office: Office) -> None:
    run(office)


@pytest.mark.slow
def test_help_is_the_same_in_many_lives(office: Office) -> None:
    run(office, lives=60)


def test_every_step_does_something(office: Office) -> None:
    """One life in which each step has its effect, so that none is idle in the others."""
    steps = [(verb, 1, True) for verb in ("presume", "disagree", "decide_formally", "say")]
    steps += [("ask", 0, True), ("no_place", 0, True), ("look", 1, True), ("hurry", 0, True)]
    steps += [("wait", 4, True), ("look", 0, True), ("begin", 0, True), ("urgent", 0, True)]
    steps += [("end_for_a_condition", 0, True), ("ask_and_begin", 1, True), ("end", 0, True)]
    steps += [("ask", 2, True), ("decline", 0, True)]
    assert {verb for verb, _number, _yes in steps} == set(STEPS)
    seen = Life(office, flip=False).live(steps)
    assert [row[:2] for row in seen["help"]] == [
        ("shelter", "ended"),
        ("medical_care", "running"),
        ("legal_advice", "declined"),
    ]
    assert seen["urgency"] == "now"
    assert FormalIdentification.objects.filter(decision="refused").exists()
    assert Cooperation.objects.exists()
    assert Review.objects.filter(state="not_agreed").exists()


FAULTS: dict[str, tuple[Plant, tuple[str, ...]]] = {}


def fault(*verbs: str) -> Callable[[Plant], Plant]:
    def add(plant: Plant) -> Plant:
        FAULTS[plant.__name__] = (plant, verbs)
        return plant

    return add


@fault("ask_and_begin", "end_for_a_condition")
def the_charter_lets_a_condition_through(patch: pytest.MonkeyPatch) -> None:
    whole = engine.Engine.of

    def of(self: engine.Engine, action: str) -> list[Any]:
        left_out = "OP13.unconditional-help.no-condition"
        return [policy for policy in whole(self, action) if policy.id != left_out]

    patch.setattr(engine.Engine, "of", of)
    patch.setattr(engine.charter_engine(), "_sets", {})


@fault("ask_and_begin", "end_for_a_condition")
def a_condition_is_called_otherwise(patch: pytest.MonkeyPatch) -> None:
    end = giving.end_help

    def renamed(*, reason: str, **given: Any) -> None:
        end(reason="needs_met" if reason == "no_cooperation" else reason, **given)

    patch.setattr(giving, "end_help", renamed)


@fault("ask_and_begin", "decide_formally")
def a_refusal_of_the_authority_ends_shelter(patch: pytest.MonkeyPatch) -> None:
    def restated(person: Person) -> None:
        if FormalIdentification.objects.filter(person=person, decision="refused").exists():
            running = Help.objects.filter(person=person, state="running", kind="shelter")
            running.update(state="ended", end_reason="needs_met", ended_at=clock.now())
        restate_case_facts(person)

    patch.setattr(action_base, "restate_case_facts", restated)


@fault("ask", "say")
def who_does_not_cooperate_is_asked_again(patch: pytest.MonkeyPatch) -> None:
    steps = help_part.next_steps

    def and_one_more(case: Case) -> Iterable[Next]:
        yield from steps(case)
        if SAID.get(case.person_id) is False:
            yield Next("Ask again whether they would speak", "/")

    patch.setattr(help_part, "next_steps", and_one_more)


@fault("ask", "no_place", "look", "say")
def who_cooperates_is_looked_after_sooner(patch: pytest.MonkeyPatch) -> None:
    changed = giving._changed

    def sooner(actor: Any, row: Help, **changes: Any) -> None:
        if changes.get("next_try_at") and SAID.get(row.person_id):
            changes["next_try_at"] -= AGAIN_URGENT / 2
        changed(actor, row, **changes)

    patch.setattr(giving, "_changed", sooner)


@fault("presume", "ask_and_begin")
def help_waits_for_the_second_look(patch: pytest.MonkeyPatch) -> None:
    def waits(case: Case, _kind: str) -> None:
        if Review.objects.filter(case=case, state=Review.State.WAITING).exists():
            raise InputError.at(Message("apps.cases:waits-already"))

    patch.setattr(giving, "_may_begin", waits)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, verbs = FAULTS[name]
    run(office, *verbs, lives=2, most=10)
    plant(monkeypatch)
    with pytest.raises(AssertionError):
        run(office, *verbs, lives=8, most=10)


@pytest.mark.parametrize(
    "file", ["actions/assistance.py", "views/plans.py", "models/assistance.py"]
)
def test_a_planted_import_of_proceedings_is_found(tmp_path: Path, file: str) -> None:
    copy = tmp_path / "marfa"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("static", "locale"))
    planted = copy / "apps" / "assistance" / file
    source = planted.read_text(encoding="utf-8")
    line = "import marfa.apps.proceedings.models"
    planted.write_text(f"{source}\n{line}\n", encoding="utf-8")
    found = lint_imports(tmp_path)
    assert re.search(r"Help knows nothing of proceedings BROKEN", found.stdout), found.stdout

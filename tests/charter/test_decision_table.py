"""The decision table: the charter answers each question as the table says, in every role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marfa.platform import clock
from marfa.safeguards.actor import ActorKind
from marfa.safeguards.charter.cases import ASKED_AT, MACHINES, Case, decision_cases, read_cases
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.engine import charter_engine
from marfa.safeguards.charter.schema_reader import declared_schema
from marfa.safeguards.words import Role

BY_ACTION = {
    action: [case for case in decision_cases() if case.action == action]
    for action in declared_schema().actions
}


@pytest.fixture(autouse=True)
def when_it_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: ASKED_AT)


def wrong(given: list[Case]) -> Iterator[str]:
    for case in given:
        decision = decide(case.actor, case.action, case.resource, case.context)
        if not case.right(decision.allowed, frozenset(decision.policies)):
            yield f"{case.name}: {decision.allowed} by {decision.policies}"


@pytest.mark.parametrize("action", BY_ACTION)
def test_the_charter_answers_as_the_table_says(action: str) -> None:
    assert list(wrong(BY_ACTION[action])) == []


@pytest.mark.parametrize("action", BY_ACTION)
def test_every_role_and_every_machine_asks_for_every_action(action: str) -> None:
    asked = [case.actor for case in BY_ACTION[action]]
    roles = {role for actor in asked for role in actor.role_names if len(actor.roles) == 1}
    machines = {actor.kind for actor in asked if actor.kind is not ActorKind.PERSON}
    assert roles == set(Role)
    assert machines == set(MACHINES)


def test_every_prohibition_is_named_by_a_case() -> None:
    named = {id for case in decision_cases() for id in case.among | (case.exactly or frozenset())}
    assert {policy.id for policy in charter_engine().policies.values()} <= named


def test_no_two_cases_have_one_name() -> None:
    names = [case.name for case in decision_cases()]
    assert len(names) == len(set(names))


def test_a_wrong_answer_is_noticed() -> None:
    (case,) = read_cases(
        """
        [[case]]
        name = "a table that says the contrary"
        who = ["supervisor"]
        action = "children.detain"
        kind = "Child"
        allowed = true
        by = ["role.children-decided"]
        """
    )
    assert list(wrong([case])) != []

"""No policy can be weakened without the decision table noticing."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import pytest

from marfa.domain.catalogue import render_message
from marfa.domain.message import Message
from marfa.safeguards.charter import cases as table
from marfa.safeguards.charter.cases import ASKED_AT, Case, decision_cases
from marfa.safeguards.charter.engine import Engine, charter_engine
from marfa.safeguards.charter.loader import all_policies, schema_text
from marfa.safeguards.charter.mutants import Fate, Mutant, mutants_of, try_mutants
from marfa.safeguards.charter.source import Policy, read_policies
from tools import charter_kills

HOW = {
    "removed",
    "condition dropped",
    "part dropped",
    "turned round",
    "word left out",
    "limit moved",
    "head widened",
    "action left out",
}


@pytest.fixture(scope="module")
def found() -> list[Fate]:
    """What became of all mutants: as the file says while nothing changed since it was written,
    else they are tried."""
    made = [mutant for policy in charter_engine().policies.values() for mutant in all_of(policy)]
    text = charter_kills.KILLS.read_text(encoding="utf-8")
    with contextlib.suppress(ValueError):
        of, kept = charter_kills.read(text, made)
        if of == charter_kills.digest():
            return kept
    return tried()


@lru_cache(maxsize=1)
def tried() -> list[Fate]:
    return list(try_mutants(charter_engine(), decision_cases()))


def all_of(policy: Policy) -> Iterator[Mutant]:
    return mutants_of(policy, charter_engine())


@pytest.mark.slow
def test_the_file_of_kills_is_what_a_whole_run_finds() -> None:
    """While nothing changed since it was written; afterwards nothing is read from it."""
    text = charter_kills.KILLS.read_text(encoding="utf-8")
    if text.startswith(f"# {charter_kills.digest()}\n"):
        assert text == charter_kills.written(tried(), charter_kills.digest())
    else:
        assert missing_in_the_file(tried()) == []


def test_the_file_of_kills_is_of_these_mutants(found: list[Fate]) -> None:
    """Whether they were read from it or tried."""
    made = {charter_kills.row(fate.mutant) for fate in found}
    assert rows_of_the_file() - made == set(), "run tools/charter_kills.py"
    assert missing_in_the_file(found) == [], "run tools/charter_kills.py"


def rows_of_the_file() -> set[str]:
    """The mutants that stand in it."""
    _, *lines = charter_kills.KILLS.read_text(encoding="utf-8").splitlines()
    return {line.rpartition("\t")[0] for line in lines}


def missing_in_the_file(found: list[Fate]) -> list[str]:
    """Mutants that the file should have. It need not yet have those of an app that came since: of
    its policies, and that a rule about many actions leaves out one of its. They are tried."""
    rows = rows_of_the_file()
    policies_there = {row.partition("\t")[0] for row in rows}
    of_parts = {policy.id for policy in all_policies() if "/" in policy.file}
    new = of_parts - policies_there
    known = {action for row in rows for action in row.split("\t")[2:]}
    return [
        charter_kills.row(fate.mutant)
        for fate in found
        if charter_kills.row(fate.mutant) not in rows
        and fate.mutant.policy not in new
        and not (fate.mutant.how == "action left out" and fate.mutant.what not in known)
    ]


@pytest.mark.parametrize("changed", ["schema", "a policy", "a case"])
def test_what_decides_a_fate_is_in_the_digest(
    monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """A change of it lets the mutants be tried again."""
    before = charter_kills.digest()
    if changed == "schema":
        monkeypatch.setattr(charter_kills, "schema_text", lambda: schema_text() + "\n")
    elif changed == "a policy":
        first, *others = all_policies()
        body = {**first.body, "conditions": []}
        weaker = (replace(first, body=body), *others)
        monkeypatch.setattr(charter_kills, "all_policies", lambda: weaker)
    else:
        first_case, *more = decision_cases()
        turned = (replace(first_case, allowed=not first_case.allowed), *more)
        monkeypatch.setattr(table, "decision_cases", lambda: turned)
    assert charter_kills.digest() != before


def test_every_mutant_is_noticed(found: list[Fate]) -> None:
    unnoticed = [fate.mutant for fate in found if fate.killed_by is None]
    assert [(mutant.policy, mutant.how, mutant.what) for mutant in unnoticed] == []


def test_every_policy_is_made_worse_in_more_than_one_way(found: list[Fate]) -> None:
    """But for those that say nothing except who does what, or that something is forbidden."""
    made = Counter(fate.mutant.policy for fate in found)
    assert set(made) == {policy.id for policy in all_policies()}
    assert {fate.mutant.how for fate in found} == HOW
    conditioned = {policy.id for policy in all_policies() if policy.body["conditions"]}
    assert all(made[id] > 1 for id in conditioned)


def test_a_table_without_the_case_lets_the_mutant_live() -> None:
    """The proof would fail: without the cases about detention nothing notices its removal."""
    policy = charter_engine().policies["OP21.children.detention-is-no-permission"]
    named = [case.among | (case.exactly or frozenset()) for case in decision_cases()]
    table = [
        case for case, ids in zip(decision_cases(), named, strict=True) if policy.id not in ids
    ]
    assert [fate.killed_by for fate in try_mutants(charter_engine(), table, [policy])] == [None]


def test_an_answer_put_together_is_the_answer_of_all() -> None:
    """Each mutant is asked alone; the whole charter with it in its place answers the same."""
    policy = charter_engine().policies["OP29.sealed.two-people"]
    table = [case for case in decision_cases() if case.action == "sealed.open"]
    of_it = {fate.mutant: fate for fate in try_mutants(charter_engine(), table, [policy])}
    for mutant, fate in of_it.items():
        others = [each for each in all_policies() if each.id != policy.id]
        worse = [replace(policy, body=mutant.body)] if mutant.body else []
        whole = Engine([*others, *worse], schema_text(), charter_engine().words)
        wrong = [case.name for case in table if not answered(whole, case)]
        assert bool(wrong) == (fate.killed_by is not None)
    assert len(of_it) > 5


def answered(whole: Engine, case: Case) -> bool:
    allowed, ids = whole.ask(case.actor, case.action, case.resource, case.context, ASKED_AT)
    return case.right(allowed, frozenset(ids))


def test_every_way_has_a_name_in_both_languages() -> None:
    for how in HOW:
        message = Message(f"safeguards.charter:mutant-{how.replace(' ', '-')}")
        assert render_message(message, "en") != render_message(message, "ar")


def test_a_mutant_that_does_not_fit_the_schema_is_none() -> None:
    (policy,) = read_policies(
        '@id("x") permit (principal is Staff, action == Action::"people.see", resource) '
        "when { resource in principal.supervisor.at };"
    )
    ways = [mutant.how for mutant in mutants_of(policy, charter_engine())]
    assert ways == ["removed", "condition dropped", "turned round"]

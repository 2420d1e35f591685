"""Our check of a thing's facts says what Cedar's own validation against the schema says."""

from __future__ import annotations

import json
from typing import Any

import cedarpy
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from marfa.safeguards.charter import question
from marfa.safeguards.charter.loader import schema_text
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.schema_reader import Fact, Type, declared_schema
from tests.support.charter import key, thing

SCHEMA = cedarpy.Schema.from_str(schema_text())
QUICK = settings(
    max_examples=150, derandomize=True, database=None, report_multiple_bugs=False, deadline=None
)
ONES: tuple[Any, ...] = (
    *(True, False, 0, 7, -(2**63), 2**63 - 1),
    *("", "assistance", "coded", "health", key("harbour"), key("amal")),
)
SETS = (frozenset[Any](), *(frozenset({one}) for one in ONES))
VALUES = st.sampled_from([*ONES, *SETS]) | st.frozensets(st.sampled_from(ONES), max_size=3)
"""What a caller may hand over, right or wrong."""
KINDS = sorted(set(declared_schema().kinds) - {"Staff", "Job", "Command", "Visitor"})


def plainly(value: Any, type: Type) -> Any:
    """A value in Cedar's JSON, with no check of any kind: keys and words become the entities that
    the schema asks for, anything else stays what it is."""
    if isinstance(value, frozenset):
        return [plainly(part, type) for part in value]
    if type.is_entity and not isinstance(value, bool | int):
        return {"__entity": {"type": type.name, "id": str(value)}}
    return value if isinstance(value, bool | int) else str(value)


def cedar_accepts(resource: Resource) -> bool:
    """Whether Cedar takes the thing as the schema declares it."""
    known = declared_schema().kinds[resource.kind]
    attributes = {
        name: plainly(value, known[name].type if name in known else Type("String"))
        for name, value in resource.facts.items()
    }
    told = {
        "uid": question.cedar_entity(resource.kind, resource.id),
        "attrs": attributes,
        "parents": [],
    }
    try:
        cedarpy.Entities.from_json_str(json.dumps([told]), SCHEMA)
    except ValueError:
        return False
    return True


def we_accept(resource: Resource) -> bool:
    try:
        question.resource_json(resource, declared_schema().kinds[resource.kind])
    except question.FactsError:
        return False
    return True


def looks_alike(value: Any, fact: Fact | None) -> bool:
    """A key where a text belongs is told from a text by us alone: in JSON both are texts."""
    parts = value if isinstance(value, frozenset) else (value,)
    no_entity = fact is None or not fact.type.is_entity
    return no_entity and any(not isinstance(part, bool | int | str) for part in parts)


def disagreements() -> list[str]:
    """Every harmless thing with one fact left out or changed to each value."""
    found = []
    for kind in KINDS:
        known, harmless = declared_schema().kinds[kind], thing(kind)
        for name in (*known, "ship"):
            others: dict[str, Any] = {n: v for n, v in harmless.facts.items() if n != name}
            for facts in ({}, *({name: value} for value in (*ONES, *SETS))):
                changed = Resource(kind, harmless.id, others | facts)
                alike = any(looks_alike(value, known.get(name)) for value in facts.values())
                if not alike and we_accept(changed) != cedar_accepts(changed):
                    found.append(f"{kind}.{name}: {facts}")
    return found


def test_one_changed_fact_is_refused_by_both_or_taken_by_both() -> None:
    assert disagreements() == []


@QUICK
@given(st.data(), st.sampled_from(KINDS))
def test_we_refuse_what_cedar_refuses_and_nothing_else(data: st.DataObject, kind: str) -> None:
    """A harmless thing, of which some facts are changed, left out, or added."""
    known = declared_schema().kinds[kind]
    facts: dict[str, Any] = dict(thing(kind).facts)
    for name in data.draw(st.lists(st.sampled_from([*known, "ship"]), max_size=2, unique=True)):
        facts.pop(name, None)
        if data.draw(st.booleans()):
            facts[name] = data.draw(VALUES)
    assume(not any(looks_alike(value, known.get(name)) for name, value in facts.items()))
    resource = Resource(kind, key("it"), facts)
    assert we_accept(resource) == cedar_accepts(resource)


@QUICK
@given(st.data(), st.sampled_from(KINDS))
def test_what_is_right_is_taken_by_both(data: st.DataObject, kind: str) -> None:
    """Every fact drawn as it is declared: the two do not agree by refusing everything."""
    resource = Resource(
        kind,
        key("it"),
        {
            name: data.draw(right(fact.type))
            for name, fact in declared_schema().kinds[kind].items()
            if fact.required or data.draw(st.booleans())
        },
    )
    assert we_accept(resource)
    assert cedar_accepts(resource)


def right(type: Type) -> st.SearchStrategy[Any]:
    """Values of a type."""
    if type.many:
        return st.frozensets(right(Type(type.name)), max_size=3)
    if type.name == "Bool":
        return st.booleans()
    if type.name == "Long":
        return st.integers(-(2**63), 2**63 - 1)
    words = declared_schema().vocabularies.get(type.name)
    if words:
        return st.sampled_from(words)
    return st.sampled_from([key("amal"), key("harbour")]) if type.is_entity else st.text(max_size=5)


def test_a_check_that_is_too_lenient_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: any word is taken for a word of the vocabulary."""

    strict = question._one

    def lenient(name: str, value: object, type: Type) -> Any:
        known = type.is_entity and isinstance(value, str)
        return question._reference(type.name, str(value)) if known else strict(name, value, type)

    monkeypatch.setattr(question, "_one", lenient)
    assert any("tier" in each for each in disagreements())

"""Arguments are identifiers; nothing that could name a person gets into a row."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.domain.ids import new_reference
from marfa.platform.arguments import (
    HIGHEST_NUMBER,
    NotAnIdentifierError,
    Reference,
    Schema,
    arguments_digest,
)


def example(*, record: uuid.UUID, number: int, code: Reference) -> None:
    """A function with one argument of each kind."""


SCHEMA = Schema.of(example)


def values(**changed: object) -> dict[str, object]:
    return {"record": uuid.uuid4(), "number": 1, "code": new_reference(), **changed}


@given(st.uuids(), st.integers(0, HIGHEST_NUMBER))
def test_what_is_stored_comes_back(record: uuid.UUID, number: int) -> None:
    given_values = values(record=record, number=number)
    assert SCHEMA.load(SCHEMA.store(given_values)) == given_values


@given(
    st.sampled_from(["record", "number", "code"]),
    st.one_of(st.text(), st.floats(), st.booleans(), st.none(), st.lists(st.text()), st.binary()),
)
def test_nothing_else_is_taken(name: str, value: object) -> None:
    with pytest.raises(NotAnIdentifierError) as caught:
        SCHEMA.store(values(**{name: value}))
    # The refusal ends in a log, so it does not repeat what was refused.
    assert str(caught.value) == f"{name} is not an identifier of its kind"
    with pytest.raises(NotAnIdentifierError):
        SCHEMA.load({**SCHEMA.store(values()), name: value})


@pytest.mark.parametrize("number", [-1, HIGHEST_NUMBER + 1, 963_944_123_456])
def test_a_telephone_number_is_no_small_number(number: int) -> None:
    with pytest.raises(NotAnIdentifierError):
        SCHEMA.store(values(number=number))


def test_every_argument_is_there_and_no_other() -> None:
    for wrong in ({}, values(more=1)):
        with pytest.raises(NotAnIdentifierError):
            SCHEMA.store(wrong)


def with_text(*, name: str) -> None: ...
def with_default(*, number: int = 1) -> None: ...
def by_place(number: int) -> None: ...
def unsaid(*, number) -> None: ...  # type: ignore[no-untyped-def]


@pytest.mark.parametrize("function", [with_text, with_default, by_place, unsaid])
def test_a_function_that_takes_something_else_is_not_registered(function: object) -> None:
    with pytest.raises(TypeError):
        Schema.of(function)  # type: ignore[arg-type]


def test_equal_work_has_one_digest() -> None:
    assert arguments_digest("a.b", {"x": 1, "y": 2}) == arguments_digest("a.b", {"y": 2, "x": 1})
    assert arguments_digest("a.b", {"x": 1}) != arguments_digest("a.b", {"x": 2})
    assert arguments_digest("a.b", {}) != arguments_digest("a.c", {})

"""The schema judges as the rules do, as far as a schema can; jsonschema is the judge."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from marfa.methods.htcds import IDENTIFYING, Case, coded, json_schema, to_plain
from marfa.methods.htcds.layout import SPECS
from marfa.methods.htcds.rules import findings
from marfa.methods.htcds.values import Terms
from tests.methods.htcds.cases import TODAY, cases, whole_case
from tests.methods.htcds.rule_breaks import BETWEEN, SINGLE

# What a schema cannot say; "twice" is broken by one country in two forms.
BEYOND = {"twice", "future", "old"} | set(BETWEEN)
VALIDATORS = {
    identity: Draft202012Validator(json_schema(identity=identity)) for identity in (True, False)
}


def is_valid(plain: dict[str, Any], *, identity: bool) -> bool:
    document = {"standard": "HTCDS", "version": "2.0", "cases": [plain]}
    return bool(VALIDATORS[identity].is_valid(document))


@pytest.mark.parametrize("identity", [True, False])
def test_it_is_a_schema(identity: bool) -> None:
    schema = json_schema(identity=identity)
    Draft202012Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


def test_it_has_every_field_and_without_identity_none_that_identifies() -> None:
    whole, left = (json.dumps(json_schema(identity=each)) for each in (True, False))
    for name in SPECS:
        assert f'"{name}"' in whole
        assert (f'"{name}"' in left) == (name not in IDENTIFYING)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(cases())
def test_what_the_rules_let_through_the_schema_lets_through(case: Case) -> None:
    assert is_valid(to_plain(case), identity=True)
    assert is_valid(to_plain(coded(case)), identity=False)


@pytest.mark.parametrize("rule", sorted(SINGLE))
def test_what_a_rule_refuses_the_schema_refuses_as_far_as_it_can(rule: str) -> None:
    breaking = SINGLE[rule]
    assert is_valid(breaking.broken(), identity=breaking.identity) == (rule in BEYOND)
    assert is_valid(breaking.beside(), identity=breaking.identity)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prs_FirstName", "a\n"),
        ("prs_FirstName", "a\u0085"),
        ("prs_HomePhone", "+963911234\n"),
        ("prs_Birthdate", "1990\n"),
        ("prs_Birthdate", "19٩٠"),
        ("prs_PrimaryLanguage", "ara\n"),
        ("prs_NumberOfChildren", True),
        ("prs_Deceased", 1),
    ],
)
def test_both_refuse_what_only_looks_right(field: str, value: object) -> None:
    plain = {"person": {field: value}}
    assert not is_valid(plain, identity=True)
    assert list(findings(plain, Terms(TODAY, identity=True)))


def test_a_document_without_its_head_is_none() -> None:
    case = to_plain(whole_case())
    assert not VALIDATORS[True].is_valid([case])
    assert not VALIDATORS[True].is_valid({"standard": "HTCDS", "version": "1.0", "cases": [case]})
    assert not VALIDATORS[True].is_valid({"standard": "HTCDS", "version": "2.0", "cases": [{}]})

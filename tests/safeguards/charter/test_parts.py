"""The charter is put together from the core and what each app brings, for any allowed set of
desks; what a rule names is there everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from marfa.apps.house import apps_of
from marfa.domain.desks import Desk
from marfa.safeguards.charter import cases
from marfa.safeguards.charter.engine import engine_of
from marfa.safeguards.charter.loader import Charter, load_charter, the_charter, whole_charter
from marfa.safeguards.charter.parts import CharterPart, every_part, installed_parts
from marfa.safeguards.charter.question import FactsError
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.charter.schema import join_schema
from marfa.safeguards.charter.schema_reader import Declared, read_schema
from tests.support.desks import ALLOWED_SETS

FINANCE = frozenset({"finance", "administration"})
PROTECTION = frozenset({"protection", "administration"})


def charter_at(desks: frozenset[str]) -> Charter:
    """As an installation with these desks has it."""
    there = set(apps_of(desks))
    here = (part for part in every_part() if part.name in there)
    return load_charter(tuple(here), tuple(desk for desk in Desk if desk in desks))


def words_at(desks: frozenset[str]) -> Declared:
    return read_schema(charter_at(desks).schema)


@pytest.mark.parametrize("desks", ALLOWED_SETS, ids=lambda desks: "-".join(sorted(desks)))
def test_each_allowed_set_of_desks_has_a_charter_that_fits_its_schema(
    desks: frozenset[str],
) -> None:
    charter = charter_at(desks)
    assert engine_of(charter).problems() == []
    assert set(read_schema(charter.schema).vocabularies["Desk"]) == desks
    assert charter.unmatched == frozenset()


@pytest.mark.parametrize("desks", ALLOWED_SETS, ids=lambda desks: "-".join(sorted(desks)))
def test_the_rules_are_whole_in_each(desks: frozenset[str]) -> None:
    def rules(charter: Charter) -> list[str]:
        return [policy.id for policy in charter.policies if policy.text]

    assert rules(charter_at(desks)) == rules(whole_charter())


def test_an_absent_app_leaves_no_action_and_an_absent_desk_no_role() -> None:
    finance, protection = words_at(FINANCE), words_at(PROTECTION)
    assert "people.register" in protection.actions
    assert "people.register" not in finance.actions
    assert "finance_analyst" in finance.kinds["Staff"]
    assert "finance_analyst" not in protection.kinds["Staff"]
    assert "sanctions_officer" not in finance.kinds["Staff"]
    assert "health" not in finance.vocabularies["RecipientKind"]


def test_the_firewall_says_sanctions_where_there_is_no_such_desk() -> None:
    engine = engine_of(charter_at(PROTECTION))
    assert "sanctions" not in engine.words.vocabularies["Desk"]
    package = cases.sample_resource("Disclosure", {"recipient": "sanctions"})
    context = cases.usual_context("disclosures.send", {})
    sender = cases.sample_staff("supervisor")
    answer = engine.ask(sender, "disclosures.send", package, context, cases.ASKED_AT)
    assert answer == (False, ("OP15.firewall.recipient",))


def test_a_desk_that_is_not_there_is_opened_by_nobody() -> None:
    engine = engine_of(charter_at(PROTECTION))
    there, absent = (Resource("Desk", desk) for desk in ("protection", "finance"))
    assert engine.ask(cases.sample_staff("supervisor"), "desks.open", there, {})[0]
    with pytest.raises(FactsError):
        engine.ask(cases.sample_staff("supervisor"), "desks.open", absent, {})


def test_a_role_of_an_absent_desk_gives_nothing() -> None:
    """As a row of it may have come from a backup of elsewhere."""
    engine = engine_of(charter_at(PROTECTION))
    person = cases.sample_resource("Person", {})
    assert not engine.ask(cases.sample_staff("finance_analyst"), "people.see", person, {})[0]
    assert engine.ask(
        cases.sample_staff("finance_analyst", "supervisor"), "people.see", person, {}
    )[0]


def test_tests_ask_the_charter_of_all_apps_and_desks() -> None:
    assert installed_parts() == every_part()
    assert the_charter().policies == whole_charter().policies
    assert whole_charter().unmatched == frozenset()
    assert len(every_part()) >= 12


CORE = """
entity Thing;
action "look", "touch" appliesTo { principal: [A], resource: [Thing], context: C };
"""


def joined(*parts: str) -> str:
    return join_schema([CORE, *parts], list(Desk), {}).text


def test_a_part_says_that_an_action_is_done_to_its_kinds_too() -> None:
    also = 'also action "look", "touch" appliesTo { resource: [Box, Bag] };'
    text = joined(f"// A comment; with a semicolon.\nentity Box; entity Bag;\n{also}\n// The end;")
    assert "resource: [Thing, Box, Bag]" in text
    assert "also" not in text
    assert "entity Bag;" in text


def test_several_parts_widen_one_action() -> None:
    also = 'also action "look", "touch" appliesTo {{ resource: [{}] }};'
    assert "resource: [Thing, Box, Bag]" in joined(also.format("Box"), also.format("Bag"))


def test_actions_that_are_declared_together_are_widened_together() -> None:
    with pytest.raises(ValueError, match="look, touch"):
        joined('also action "look" appliesTo { resource: [Box] };')


def test_what_is_widened_and_not_there_is_told() -> None:
    also = 'also action "lift" appliesTo { resource: [Box] };'
    assert join_schema([CORE, also], list(Desk), {}).unmatched == {"lift"}


def brought(folder: Path, policy: str) -> Charter:
    """The whole charter and a part of a policy more."""
    folder.mkdir()
    (folder / "policies.cedar").write_text(f"// Title: One more\n\n{policy}\n")
    return load_charter((*every_part(), CharterPart("one_more", folder)))


def test_a_part_that_names_an_action_that_is_not_there_is_refused(tmp_path: Path) -> None:
    policy = '@id("x") @add("X.") permit (principal, action == Action::"people.fly", resource);'
    with pytest.raises(ValueError, match=r"people\.fly"):
        engine_of(brought(tmp_path / "charter", policy))


def test_no_part_takes_the_id_of_another(tmp_path: Path) -> None:
    policy = (
        '@id("role.log") @add("X.") permit (principal, action == Action::"log.read", resource);'
    )
    with pytest.raises(ValueError, match=r"two policies are called role\.log"):
        brought(tmp_path / "charter", policy)

"""Reasons to see somebody: they only add, they have a source, and nobody is profiled."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marfa.apps.reception import reasons as module
from marfa.apps.reception.reasons import (
    EFFECT,
    OFFICER,
    OWN,
    RULES,
    Basis,
    Fact,
    Known,
    Leads,
    comes_first,
    derive_reasons,
    highest_urgency,
    rule_characteristics,
)
from marfa.domain.codelists import codelist
from marfa.methods.screening import Library
from marfa.methods.screening.outcome import Urgency

known = st.builds(Known, st.sampled_from(Fact), st.sampled_from(Basis))
several = st.frozensets(known, max_size=14)


def codes(*facts: Fact) -> set[str]:
    return {reason.code for reason in derive_reasons(Known(fact, Basis.STATED) for fact in facts)}


@given(several, several)
def test_a_further_fact_never_takes_a_reason_away_nor_makes_it_less_urgent(
    fewer: frozenset[Known], further: frozenset[Known]
) -> None:
    before, after = derive_reasons(fewer), derive_reasons(fewer | further)
    assert {reason.code for reason in before} <= {reason.code for reason in after}
    assert highest_urgency(before) <= highest_urgency(after)
    assert comes_first(before) <= comes_first(after)


@given(several)
def test_every_reason_shows_facts_that_are_enough_for_it(facts: frozenset[Known]) -> None:
    for reason in derive_reasons(facts):
        assert set(reason.behind) <= facts
        assert reason.code in {again.code for again in derive_reasons(reason.behind)}


@given(several)
def test_how_a_fact_is_known_changes_no_reason(facts: frozenset[Known]) -> None:
    stated = {Known(each.fact, Basis.STATED) for each in facts}
    assert [r.code for r in derive_reasons(facts)] == [r.code for r in derive_reasons(stated)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.reason)
def test_every_rule_names_indicators_of_the_library(rule: module.Rule) -> None:
    library = Library()
    named = [source.split(":") for source in rule.sources if source != OWN]
    assert named, "a rule with no published indicator beside it"
    for instrument, item in named:
        assert item in library.instrument(instrument).item_ids


def test_no_rule_reads_what_the_charter_forbids() -> None:
    assert {str(each) for each in rule_characteristics()}.isdisjoint(
        {"religion", "ethnicity", "nationality"}
    )
    assert EFFECT == "raise"
    spoken = " ".join(Fact).lower()
    for word in ("religio", "ethni", "nation", "citizen", "migra", "sex", "gender"):
        assert word not in spoken


def test_papers_and_statelessness_lead_to_help_and_to_nothing_else() -> None:
    (found,) = derive_reasons([Known(Fact.NO_PAPERS, Basis.STATED)])
    assert (found.leads, found.urgency) == (Leads.HELP, Urgency.ROUTINE)
    others = [fact for fact in Fact if fact is not Fact.NO_PAPERS]
    for size in (1, 2):
        for facts in combinations(others, size):
            assert codes(*facts, Fact.NO_PAPERS) == codes(*facts) | {"no_papers"}


def test_a_child_without_care_comes_first_and_now() -> None:
    found = derive_reasons(
        [Known(Fact.CHILD, Basis.REGISTERED), Known(Fact.WITHOUT_CARE, Basis.STATED)]
    )
    assert [reason.code for reason in found] == ["child_without_care"]
    assert comes_first(found)
    assert highest_urgency(found) is Urgency.NOW
    assert not derive_reasons([Known(Fact.CHILD, Basis.REGISTERED)])
    assert not derive_reasons([Known(Fact.WITHOUT_CARE, Basis.STATED)])


def test_papers_held_by_somebody_else_are_a_reason() -> None:
    assert codes(Fact.PAPERS_HELD) == {"papers_held"}


def test_the_lists_have_a_label_for_each_fact_and_reason_and_say_how_urgent_it_is() -> None:
    assert set(codelist("private_step_facts").codes) == set(Fact)
    listed = codelist("screening_reasons")
    assert set(listed.codes) == {rule.reason for rule in RULES} | {OFFICER}
    for rule in RULES:
        attributes = listed.entry(rule.reason).attributes
        assert attributes == {"urgency": rule.urgency.code, "leads": str(rule.leads)}


def test_rules_and_queue_need_no_django() -> None:
    program = (
        "import sys, marfa.apps.reception.reasons, marfa.apps.reception.queue_order;"
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

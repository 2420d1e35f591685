"""The Delphi rule: every combination, against the published rule restated here.

Source: ILO/EC "Operational indicators of trafficking in human beings" (2009), p. 3, and the
combination table of the Moldova labour force survey, by way of a secondary transcription;
Palermo Protocol, article 3.
"""

from __future__ import annotations

import itertools

import pytest

from marfa.methods.screening.delphi import (
    DIMENSIONS,
    LABEL_OUTCOME,
    RULES,
    Dimension,
    Label,
    Signal,
    grounds,
    label,
    outcome,
    positive,
)
from marfa.methods.screening.outcome import Indication, Outcome, Urgency

D, C, V = (
    Dimension.DECEPTION,
    Dimension.COERCIVE_RECRUITMENT,
    Dimension.RECRUITMENT_VULNERABILITY,
)
E, K, W = (
    Dimension.EXPLOITATION,
    Dimension.DESTINATION_COERCION,
    Dimension.DESTINATION_VULNERABILITY,
)
FOUND = range(64)
SIGNALS = range(32)
STATES = list(itertools.product(FOUND, SIGNALS, (False, True)))

# "Positive if any": the least that a dimension must contain.
LEAST = [
    {"strong": 2},
    {"strong": 1, "medium": 1},
    {"strong": 1, "weak": 1},
    {"medium": 3},
    {"medium": 2, "weak": 1},
]


def test_a_dimension_is_positive_exactly_where_it_contains_a_published_combination() -> None:
    for strong, medium, weak in itertools.product(range(6), repeat=3):
        have = {"strong": strong, "medium": medium, "weak": weak}
        wanted = any(all(have[k] >= n for k, n in least.items()) for least in LEAST)
        assert positive(strong, medium, weak) is wanted, have


@pytest.mark.parametrize(
    ("recruitment", "rest", "wanted"),
    [
        ((D, C, D | C), E | K, Label.PRESUMED_VICTIM),
        ((D, D | C), E, Label.DECEPTION),
        ((Dimension(0),), E, Label.EXPLOITATION),
        ((Dimension(0), D, C, D | C), Dimension(0), Label.NO_EXPLOITATION),
        ((Dimension(0), D, C, D | C), K, Label.NO_EXPLOITATION),
    ],
)
def test_every_published_combination(
    recruitment: tuple[Dimension, ...], rest: Dimension, wanted: Label
) -> None:
    for found in recruitment:
        assert label(found | rest) is wanted


def test_abuse_of_vulnerability_may_stand_for_the_means() -> None:
    assert label(V | E | K) is Label.PRESUMED_VICTIM
    assert label(W | E | K) is Label.PRESUMED_VICTIM


@pytest.mark.parametrize("found", [C | E, E | K, V | E, W | E])
def test_what_the_table_does_not_label_gets_no_label(found: Dimension) -> None:
    assert label(found) is None


def test_every_set_of_dimensions_has_a_label_or_is_known_to_have_none() -> None:
    unlabelled = {bits for bits in FOUND if label(Dimension(bits)) is None}
    exploited = [Dimension(bits) for bits in FOUND if bits & E]
    wanted = {found for found in exploited if found & K and not found & (D | C | V | W)}
    wanted |= {found for found in exploited if not found & (K | D) and found & (C | V | W)}
    assert unlabelled == {int(found) for found in wanted}


def test_an_outcome_never_falls_when_something_is_added() -> None:
    for found, signals, child in STATES:
        here = outcome(found, signals, child)
        for bit in DIMENSIONS.values():
            assert here <= outcome(found | bit, signals, child)
        for signal in Signal:
            assert here <= outcome(found, signals | signal, child)


def test_no_label_lowers_an_outcome() -> None:
    for found, signals, child in STATES:
        given = label(Dimension(found))
        if given is not None and not child:
            assert LABEL_OUTCOME[given] <= outcome(found, signals, child)


def test_the_outcome_is_the_join_of_the_rules_that_apply() -> None:
    for found, signals, child in STATES:
        total = Outcome()
        for rule in grounds(found, signals, child):
            total = total.join(rule.gives)
        assert total == outcome(found, signals, child)


def test_consent_never_changes_anything() -> None:
    for found, signals, child in STATES:
        assert outcome(found, signals, child) == outcome(found, signals ^ Signal.CONSENT, child)


def test_a_child_is_never_worse_protected_than_an_adult() -> None:
    for found, signals in itertools.product(FOUND, SIGNALS):
        # Deception with exploitation needs an act for a child; recruitment is one.
        act = Signal.ACT if found & (D | C | V | K) else Signal.NONE
        assert outcome(found, signals | act, False) <= outcome(found, signals | act, True)


def test_child_rule_act_and_purpose_suffice() -> None:
    presumed = Outcome(Indication.PRESUMED_VICTIM, Urgency.DAYS)
    assert outcome(E, Signal.ACT, True) == presumed
    assert outcome(0, Signal.ACT | Signal.INTENT, True) == presumed
    assert outcome(E, Signal.NONE, True).indication is Indication.AT_RISK
    assert outcome(E, Signal.ACT, False).indication is Indication.AT_RISK


def test_intended_exploitation_counts_without_any_exploitation() -> None:
    for found in FOUND:
        assert outcome(found, Signal.INTENT, False).indication >= Indication.AT_RISK
    assert outcome(C, Signal.INTENT, False).indication is Indication.PRESUMED_VICTIM


def test_every_rule_applies_somewhere_and_says_whose_it_is() -> None:
    used = {rule.code for state in STATES for rule in grounds(*state)}
    assert used == {rule.code for rule in RULES}
    assert {rule.origin for rule in RULES} == {"ilo-ec-2009", "palermo-3a", "palermo-3c", "marfa"}

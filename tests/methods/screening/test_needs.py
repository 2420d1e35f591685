"""What counts as vulnerability alone: never what somebody did, never danger, never a child."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.methods.screening import Age, Answer, Panel, PilotUse, Result, Urgency, score
from marfa.methods.screening.delphi import Signal
from marfa.methods.screening.instrument import About
from marfa.methods.screening.needs import (
    SHARED_BY_MANY,
    is_vulnerability,
    rests_on_vulnerability,
)
from tests.methods.screening.support import ADULT, any_answers, library, run

LISTS = (ADULT, "registration-risk", "vulnerability")


def read(name: str, *yes: str, age: Age = Age.ADULT) -> Result:
    panel = Panel.of(name, library())
    return score(panel, dict.fromkeys(yes, Answer.YES), age=age, use=PilotUse())


def test_every_item_of_the_list_is_there_and_is_no_conduct_and_no_sign() -> None:
    items = {
        item.id: item for name in library().names() for item in library().instrument(name).items
    }
    for name in SHARED_BY_MANY:
        assert is_vulnerability(items[name]), name
        assert items[name].about is not About.CONDUCT
        assert items[name].signals is Signal.NONE


@pytest.mark.parametrize(
    ("name", "yes", "alone"),
    [
        (ADULT, ("vd-poverty", "vd-family", "vd-status"), True),
        (ADULT, ("vd-poverty", "vd-family", "vd-status", "cd-papers"), False),
        (ADULT, ("vd-poverty", "vd-family", "vd-dependence"), False),
        (ADULT, ("vd-poverty", "vd-family", "vd-status", "core-imminent"), False),
        (ADULT, (), False),
        ("registration-risk", ("rr-alone", "rr-dependants"), True),
        ("registration-risk", ("rr-alone", "rr-debt"), False),
        ("registration-risk", ("rr-alone", "rr-tonight"), False),
        ("vulnerability", ("vst-12", "vst-13"), True),
        ("vulnerability", ("vst-12", "vst-16"), False),
    ],
)
def test_one_reason_of_another_kind_is_enough(name: str, yes: tuple[str, ...], alone: bool) -> None:
    assert rests_on_vulnerability(read(name, *yes)) is alone
    for age in (Age.CHILD, Age.DISPUTED, Age.UNKNOWN):
        assert not rests_on_vulnerability(read(name, *yes, age=age)), "never of a child"


def test_it_is_at_risk_and_due_within_days_all_the_same() -> None:
    outcome = read(ADULT, "vd-poverty", "vd-family", "vd-status").outcome
    assert outcome is not None
    assert outcome.urgency is Urgency.DAYS


@settings(max_examples=80, deadline=None)
@given(any_answers, st.sampled_from(["core-imminent", "cd-papers", "dr-work", "ex-pay"]))
def test_a_further_yes_never_makes_it_vulnerability_alone(
    answers: dict[str, Answer], sign: str
) -> None:
    assert not rests_on_vulnerability(run(answers | {sign: Answer.YES}))

"""Scoring whole questionnaires: bounds, order, silence, age."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marfa.domain.message import InputError
from marfa.methods import screening
from marfa.methods.screening import (
    Age,
    Answer,
    Indication,
    Library,
    Panel,
    PilotUse,
    Urgency,
    could_change,
    next_step_code,
    score,
)
from marfa.methods.screening.delphi import DIMENSIONS, Label
from marfa.methods.screening.instrument import Strength
from marfa.methods.screening.views import notes
from tests.methods.screening.support import (
    ADULT,
    CHILD,
    OPEN,
    ages,
    any_answers,
    completions,
    items,
    library,
    mostly_answered,
    panel,
    run,
    yes,
)

FEW = settings(max_examples=60, deadline=None)


@FEW
@given(mostly_answered(), ages)
def test_bounds_contain_every_completion_and_are_reached(
    answers: dict[str, Answer], age: Age
) -> None:
    result = run(answers, age)
    assert result.outcome is not None
    assert result.worst is not None
    outcomes = {run(full, age).outcome for full in completions(answers)}
    assert all(one is not None and result.outcome <= one <= result.worst for one in outcomes)
    assert {result.outcome, result.worst} <= outcomes
    assert result.settled is (len(outcomes) == 1)


@settings(max_examples=25, deadline=None)
@given(mostly_answered(5), st.sampled_from([Age.ADULT, Age.CHILD]))
def test_the_questions_that_could_change_it_are_exactly_those(
    answers: dict[str, Answer], age: Age
) -> None:
    profile = run(answers, age).profiles[0]
    ours = {item.id for item in could_change(profile)}
    waiting = [item.id for item, _answer in profile.open()]
    found = set()
    for item in waiting:
        others = dict(answers) | {item: Answer.NO}
        for full in completions(others):
            fuller = full | {item: Answer.YES}
            if run(full, age).profiles[0].lowest != run(fuller, age).profiles[0].lowest:
                found.add(item)
                break
    assert ours == found


@FEW
@given(mostly_answered())
def test_the_possible_labels_are_exactly_those_of_the_completions(
    answers: dict[str, Answer],
) -> None:
    labels = {run(full).profiles[0].label for full in completions(answers)}
    assert set(run(answers).profiles[0].labels) == labels


@given(any_answers, ages, st.sampled_from(items()))
def test_one_more_yes_never_lowers(answers: dict[str, Answer], age: Age, item: str) -> None:
    before, after = run(answers, age), run(answers | {item: Answer.YES}, age)
    assert before.outcome is not None
    assert after.outcome is not None
    assert before.outcome <= after.outcome


@given(any_answers, ages, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    answers: dict[str, Answer], age: Age, shuffler: random.Random
) -> None:
    pairs = list(answers.items())
    shuffler.shuffle(pairs)
    one, two = run(answers, age), run(dict(pairs), age)
    assert (one.outcome, one.worst) == (two.outcome, two.worst)


@given(any_answers, ages, st.sampled_from(items()))
def test_silence_is_never_a_no(answers: dict[str, Answer], age: Age, item: str) -> None:
    """Not asked, unknown and refused leave the worst case where a yes would put it."""
    worst = run(answers | {item: Answer.YES}, age).worst
    for silence in OPEN:
        result = run(answers | {item: silence}, age)
        assert result.worst == worst
        for profile in result.profiles:
            if item in profile.instrument.item_ids:
                assert (item, silence) in [(one.id, answer) for one, answer in profile.open()]


def test_nothing_asked_settles_nothing() -> None:
    result = run({})
    assert result.outcome is not None
    assert result.worst is not None
    assert result.outcome.indication is Indication.NONE_SEEN
    assert result.worst.indication is Indication.PRESUMED_VICTIM
    assert result.worst.urgency is Urgency.NOW
    assert not result.settled
    assert result.profiles[0].label is None


def test_everything_answered_no_is_settled_and_still_no_finding() -> None:
    result = run(yes())
    assert result.settled
    assert result.outcome is not None
    assert result.outcome.indication is Indication.NONE_SEEN
    assert result.profiles[0].label is Label.NO_EXPLOITATION


@pytest.mark.parametrize("name", [ADULT, CHILD])
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_each_dimension_by_three_items_of_each_strength(name: str, dimension: str) -> None:
    """All combinations of up to three items of each strength, through the whole machinery."""
    instrument = library().instrument(name)
    kinds = [
        [i.id for i in instrument.items if i.dimension == dimension and i.strength is strength][:3]
        for strength in (Strength.STRONG, Strength.MEDIUM, Strength.WEAK)
    ]
    age = Age.ADULT if name == ADULT else Age.CHILD
    for counts in itertools.product(*(range(len(kind) + 1) for kind in kinds)):
        strong, medium, weak = counts
        chosen = [i for kind, n in zip(kinds, counts, strict=True) for i in kind[:n]]
        profile = run(yes(*chosen), age).profiles[0]
        wanted = (
            strong >= 2
            or (strong == 1 and medium + weak >= 1)
            or medium >= 3
            or (medium >= 2 and weak >= 1)
        )
        found = {one.dimension: one.positive for one in profile.dimensions}
        assert found[dimension] is wanted, counts
        assert sum(value is True for value in found.values()) == wanted


TRAFFICKED = ("dr-work", "dr-pay", "ex-hours", "ex-pay", "cd-papers", "cd-debt")


def test_the_three_labels_by_items() -> None:
    assert run(yes(*TRAFFICKED)).profiles[0].label is Label.PRESUMED_VICTIM
    assert run(yes(*TRAFFICKED[:4])).profiles[0].label is Label.DECEPTION
    assert run(yes(*TRAFFICKED[2:4])).profiles[0].label is Label.EXPLOITATION


def test_papers_debt_and_isolation_weigh_more_at_destination() -> None:
    """Deliberate in the published list: medium at recruitment, strong at destination (adults)."""
    instrument = library().instrument(ADULT)
    strength = {item.id: item.strength for item in instrument.items}
    for what in ("papers", "debt", "confined"):
        assert strength[f"cr-{what}"] is Strength.MEDIUM
        assert strength[f"cd-{what}"] is Strength.STRONG


@given(any_answers)
def test_a_disputed_age_runs_both_profiles_and_the_higher_stands(
    answers: dict[str, Answer],
) -> None:
    for age in (Age.DISPUTED, Age.UNKNOWN):
        result = run(answers, age)
        assert [one.instrument.name for one in result.profiles] == [ADULT, CHILD]
        assert result.outcome is not None
        for profile in result.profiles:
            assert profile.lowest is not None
            assert profile.lowest <= result.outcome
        for certain in (Age.ADULT, Age.CHILD):
            known = run(answers, certain).outcome
            assert known is not None
            assert known <= result.outcome


def test_child_rule_protects_while_the_age_is_disputed() -> None:
    answers = yes("core-act", "ex-hours", "ex-pay")
    for age, indication in (
        (Age.ADULT, Indication.AT_RISK),
        (Age.CHILD, Indication.PRESUMED_VICTIM),
        (Age.DISPUTED, Indication.PRESUMED_VICTIM),
        (Age.UNKNOWN, Indication.PRESUMED_VICTIM),
    ):
        result = run(answers, age)
        assert result.outcome is not None
        assert result.outcome.indication is indication


@pytest.mark.parametrize("sign", ["core-recruiter", "core-route", "core-debt", "core-sale"])
def test_exploitation_that_has_not_happened_yet_counts(sign: str) -> None:
    adult, child = run(yes(sign)), run(yes(sign), Age.CHILD)
    assert adult.outcome is not None
    assert child.outcome is not None
    assert adult.outcome.indication is Indication.AT_RISK
    assert child.outcome.indication is Indication.PRESUMED_VICTIM
    # The published label alone would have found nothing; it does not lower the outcome.
    assert adult.profiles[0].label is Label.NO_EXPLOITATION


def test_imminent_exploitation_is_for_now() -> None:
    result = run(yes("core-imminent"))
    assert result.outcome is not None
    assert result.outcome.urgency is Urgency.NOW
    assert result.outcome.indication is Indication.AT_RISK


@given(any_answers, ages, st.sampled_from(list(Answer)))
def test_consent_changes_no_outcome(answers: dict[str, Answer], age: Age, said: Answer) -> None:
    without = run(answers | {"core-consent": Answer.NO}, age)
    assert run(answers | {"core-consent": said}, age).outcome == without.outcome


def test_consent_is_named_irrelevant_once_a_means_was_used() -> None:
    assert run(yes("core-consent", *TRAFFICKED)).profiles[0].consent_is_irrelevant
    assert not run(yes("core-consent")).profiles[0].consent_is_irrelevant


@pytest.mark.parametrize(
    "name", [name for name in library().names() if not name.startswith("ilo-delphi-labour")]
)
def test_every_other_instrument_gives_reasons_and_no_band(name: str) -> None:
    one = Panel.of(name, library())
    result = score(one, dict.fromkeys(one.item_ids, Answer.YES), age=Age.CHILD, use=PilotUse())
    assert result.outcome is None
    assert result.worst is None
    assert not result.settled
    for profile in result.profiles:
        assert profile.instrument.pilot_only
        assert len(profile.fired()) == len(profile.instrument.items)
        assert profile.label is None
        assert could_change(profile) == ()
        assert all(found.positive is None for found in profile.dimensions)


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        run({"dr-wrok": Answer.YES})
    assert refused.value.problems[0].message.params["item"] == "dr-wrok"
    assert panel().item_ids


def test_a_third_medium_item_could_change_it_and_a_fourth_could_not() -> None:
    two = yes("rv-family", "rv-poverty") | {"rv-household": Answer.UNKNOWN}
    assert [item.id for item in could_change(run(two).profiles[0])] == ["rv-household"]
    three = yes("rv-family", "rv-poverty", "rv-past") | {"rv-household": Answer.UNKNOWN}
    assert could_change(run(three).profiles[0]) == ()


def test_the_panel_is_the_same_from_either_side() -> None:
    other = Panel.of(CHILD, library())
    for age in Age:
        answers = yes("core-act", "ex-hours", "ex-pay")
        result = score(other, answers, age=age, use=PilotUse())
        assert result.outcome == run(answers, age).outcome
        assert len(result.profiles) == (1 if age is Age.ADULT else 2)


SHIPPED = Path(screening.__file__).parent / "instruments"


@pytest.mark.parametrize(
    ("name", "counterpart"),
    [
        *((ADULT, other) for other in ("", "conflict-context", "ilo-delphi-sexual-child")),
        *((ADULT, other) for other in (ADULT, "our-list")),
        *((CHILD, other) for other in ("", "conflict-context", CHILD, "our-list")),
    ],
)
def test_no_copy_of_a_profile_leaves_a_child_to_the_adult_rule(
    name: str, counterpart: str, tmp_path: Path
) -> None:
    text = (SHIPPED / f"{name}.toml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("counterpart")]
    lines.insert(1, f'counterpart = "{counterpart}"')
    copy = "\n".join(lines).replace(f'name = "{name}"', 'name = "our-list"')
    # One's own list raises no alarm itself; without the alarms it is not the published one.
    quiet = copy.replace(', "now"]', "]").replace('["now"]', "[]")
    for told, reason in ((copy, "own-acts-now"), (quiet, "band-not-published")):
        (tmp_path / "our-list.toml").write_text(told, encoding="utf-8")
        with pytest.raises(InputError) as refused:
            Panel.of("our-list", Library([tmp_path]), kept=True)
        assert reason in {one.message.key for one in refused.value.problems}


def test_a_panel_with_an_outcome_holds_both_ages() -> None:
    adult, child = (library().instrument(name) for name in (ADULT, CHILD))
    checklist = library().instrument("registration-risk")
    assert Panel((child, adult)).for_age(Age.CHILD)[0].child
    for wrong in ((adult,), (child,), (adult, adult), (adult, checklist), ()):
        with pytest.raises(ValueError, match="adult's and a child's"):
            Panel(wrong)


def test_a_childs_agreement_never_counts() -> None:
    answers = yes("core-consent")
    for age, wanted in ((Age.ADULT, False), (Age.CHILD, True), (Age.DISPUTED, True)):
        result = run(answers, age)
        assert any(one.consent_is_irrelevant for one in result.profiles) is wanted
        assert ("remark-consent-child" in {note.key for note in notes(result)}) is wanted
    with_means = {note.key for note in notes(run(yes("core-consent", *TRAFFICKED), Age.CHILD))}
    assert "remark-consent" in with_means
    assert "remark-consent-child" not in with_means


def test_the_signs_of_a_child_go_to_child_protection() -> None:
    one = Panel.of("unaccompanied-child", library())
    result = score(one, {"uc-alone": Answer.YES}, age=Age.UNKNOWN, use=PilotUse())
    assert next_step_code(result) == "checklist-child"

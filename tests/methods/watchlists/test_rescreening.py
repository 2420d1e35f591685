"""A change of a list reopens what it touches and nothing else, day by day and in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marfa.domain.message import InputError
from marfa.methods.names import Kind
from marfa.methods.watchlists import (
    METHOD,
    Decision,
    Decisions,
    Entry,
    ListedBirth,
    Quality,
    Standing,
    Subject,
    Verdict,
    Watch,
    replay_decisions,
)
from marfa.methods.watchlists.decisions import append_decision, read_decisions
from tests.methods.watchlists.lists import entry

NAMES = (
    *("Tariq Yunis Zubaydi", "طارق يونس الزبيدي", "Okello Barnabas", "Vladislav Rudenko"),
    *("Selam Tesfay", "al-Saqr", "Tarek Younis", "Barnaby Okelo Simba", "Влад Руденко"),
)
SUBJECTS = tuple(
    Subject(str(number), (name,), Kind.PERSON, born=("1971",) if number % 2 else ())
    for number, name in enumerate((*NAMES, "John Harcourt", "ព្រះនរោត្តម"))
)
BIRTHS = (
    (),
    (ListedBirth("1971-03-09", "1971-03-09"),),
    (ListedBirth("1950-01-01", "1950-12-31"),),
)


@st.composite
def listed(draw: st.DrawFn) -> Mapping[str, Entry]:
    """A version of a list: up to six entries, each with names, perhaps a birth, and a comment."""
    numbers = draw(st.sets(st.integers(1, 6)))
    found: dict[str, Entry] = {}
    for number in sorted(numbers):
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
        weak = draw(st.booleans())
        others = [(name, Quality.LOW) if weak else name for name in names[1:]]
        reference = f"XAi.{number:03d}"
        found[reference] = entry(
            reference,
            names[0],
            *others,
            born=draw(st.sampled_from(BIRTHS)),
            comment=draw(st.sampled_from(("", "seen"))),
        )
    return found


def decided(watch: Watch, pair: tuple[str, str, str], at: str) -> Decision:
    subject_id, list_name, reference = pair
    (subject,) = (each for each in watch.subjects if each.subject_id == subject_id)
    held = watch.lists[list_name].get(reference)
    return Decision(
        subject_id,
        list_name,
        reference,
        Verdict.NO_MATCH,
        "another person",
        "first",
        at,
        subject.digest,
        held.digest if held else "",
        METHOD,
        "second",
    )


FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def check_one_change(old: Mapping[str, Entry], new: Mapping[str, Entry]) -> None:
    watch = Watch.begin(SUBJECTS, {"un": old})
    pairs = [each.pair for each in watch.results if each.reference]
    decisions = Decisions([decided(watch, pair, "2026-01-01") for pair in pairs])
    assert {each.standing for each in watch.stands(decisions).values()} <= {Standing.DECIDED}
    watch.advance({"un": new})
    # The same as everything screened anew ...
    assert watch.results == Watch.begin(SUBJECTS, {"un": new}).results
    # ... and exactly those are open again of whose entry the content changed, or which is gone.
    touched = {r for r in old if r not in new or new[r].digest != old[r].digest}
    stands = watch.stands(decisions)
    reopened = {pair for pair, each in stands.items() if each.standing is Standing.REOPENED}
    assert reopened == {pair for pair in pairs if pair[2] in touched}
    for pair in pairs:
        if pair[2] not in new:
            assert stands[pair].changed == ("entry-removed",)


@FEW
@given(listed(), listed())
def test_a_change_reopens_exactly_what_it_touches(
    old: Mapping[str, Entry], new: Mapping[str, Entry]
) -> None:
    check_one_change(old, new)


@pytest.mark.slow
@MANY
@given(listed(), listed())
def test_many_changes_reopen_exactly_what_they_touch(
    old: Mapping[str, Entry], new: Mapping[str, Entry]
) -> None:
    check_one_change(old, new)


def check_year(days: list[Mapping[str, Entry]]) -> None:
    """Somebody decides all that is open each day; a year later another replays it."""
    watch = Watch(SUBJECTS)
    decisions = Decisions()
    at = datetime.fromisoformat("2026-01-01T08:00:00+00:00")
    history: list[tuple[str, Mapping[str, Entry]]] = []
    for day in days:
        at += timedelta(days=1)
        if history:
            watch.advance({"un": day})
        else:
            watch = Watch.begin(SUBJECTS, {"un": day})
        history.append((at.isoformat(), day))
        noon = (at + timedelta(hours=4)).isoformat()
        for pair, stand in watch.stands(decisions).items():
            # Every second pair waits until the next day.
            if stand.standing is not Standing.DECIDED and (int(pair[0]) + at.day) % 2:
                decisions.made.append(decided(watch, pair, noon))
    anew = Watch.begin(SUBJECTS, {"un": days[-1]})
    assert anew.results == watch.results
    assert anew.stands(decisions) == watch.stands(decisions)
    assert replay_decisions(decisions, {"un": history}) == []


@FEW
@given(st.lists(listed(), min_size=2, max_size=3))
def test_a_year_replayed_is_the_year_day_by_day(days: list[Mapping[str, Entry]]) -> None:
    check_year(days)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(listed(), min_size=10, max_size=25))
def test_a_long_year_replayed_is_the_year_day_by_day(days: list[Mapping[str, Entry]]) -> None:
    check_year(days)


def test_the_replay_sees_a_decision_about_what_was_not_listed() -> None:
    entries = {"XAi.001": entry("XAi.001", "Selam Tesfay")}
    watch = Watch.begin(SUBJECTS, {"un": entries})
    (pair,) = (each.pair for each in watch.results if each.reference)
    made = decided(watch, pair, "2026-03-01T00:00:00+00:00")
    history = {"un": [("2026-02-01T00:00:00+00:00", entries)]}
    assert replay_decisions(Decisions([made]), history) == []
    forged = replace(made, entry_digest="0" * 64)
    early = replace(made, at="2026-01-01T00:00:00+00:00")
    doubts = replay_decisions(Decisions([forged, early]), history)
    assert [each.what for each in doubts] == ["entry", "list"]


def test_only_what_changed_is_screened_again() -> None:
    old = {f"XAi.{n:03d}": entry(f"XAi.{n:03d}", name) for n, name in enumerate(NAMES)}
    watch = Watch.begin(SUBJECTS, {"un": old})
    assert watch.advance({"un": old}).screened == 0
    seen = entry("XAi.001", NAMES[1], comment="seen in the north")
    # A comment is not read by screening: nothing is screened, and the decision is open again.
    assert watch.advance({"un": {**old, "XAi.001": seen}}).screened == 0
    renamed = entry("XAi.001", "John Harcourt")
    touched = watch.advance({"un": {**old, "XAi.001": renamed}})
    assert touched.screened == 1
    assert {each.reference for each in touched.came} == {"XAi.001"}
    assert {each.reference for each in touched.went} == {"XAi.001"}


def test_a_changed_subject_or_method_opens_a_decision_again() -> None:
    entries = {"XAi.001": entry("XAi.001", "Selam Tesfay")}
    watch = Watch.begin(SUBJECTS, {"un": entries})
    (pair,) = (each.pair for each in watch.results if each.reference)
    made = decided(watch, pair, "2026-03-01")
    subjects = [
        replace(each, born=("1983",)) if each.subject_id == pair[0] else each for each in SUBJECTS
    ]
    later = Watch.begin(subjects, {"un": entries})
    assert later.stands(Decisions([made]))[pair].changed == ("subject",)
    older = replace(made, method="watchlists-0")
    assert watch.stands(Decisions([older]))[pair].changed == ("method",)


def test_two_people_stand_behind_a_decision() -> None:
    entries = {"XAi.001": entry("XAi.001", "Selam Tesfay")}
    watch = Watch.begin(SUBJECTS, {"un": entries})
    (pair,) = (each.pair for each in watch.results if each.reference)
    alone = replace(decided(watch, pair, "2026-03-01"), second="")

    def standing(*made: Decision) -> Standing:
        return watch.stands(Decisions(list(made)))[pair].standing

    assert standing(alone) is Standing.WAITING
    assert standing(alone, replace(alone, at="2026-03-02")) is Standing.WAITING
    assert standing(alone, replace(alone, by="FIRST")) is Standing.WAITING
    assert standing(alone, replace(alone, by="second")) is Standing.DECIDED
    assert standing(alone, replace(alone, by="second", verdict=Verdict.MATCH)) is Standing.WAITING
    unsure = replace(alone, verdict=Verdict.UNSURE, second="second")
    assert standing(unsure) is Standing.WAITING


def test_decisions_are_lines_that_are_checked(tmp_path: Path) -> None:
    entries = {"XAi.001": entry("XAi.001", "Selam Tesfay")}
    watch = Watch.begin(SUBJECTS, {"un": entries})
    (pair,) = (each.pair for each in watch.results if each.reference)
    made = decided(watch, pair, "2026-03-01")
    file = tmp_path / "decisions.jsonl"
    for wrong in (replace(made, reason=" "), replace(made, by=""), replace(made, second="First")):
        with pytest.raises(InputError):
            append_decision(file, wrong)
    assert not file.exists()
    append_decision(file, made)
    append_decision(file, replace(made, by="third"))
    assert [each.by for each in read_decisions(file).made] == ["first", "third"]
    assert not file.stat().st_mode & 0o077
    file.write_text(file.read_text(encoding="utf-8")[:-9], encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_decisions(file)
    assert caught.value.problems[0].place.row == 2
    with pytest.raises(InputError):
        append_decision(file, made)

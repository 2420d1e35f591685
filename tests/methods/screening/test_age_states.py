"""Whoever is or may be a child never comes out lower than an adult who gave the same answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import lru_cache

from marfa.methods.screening import Age, Answer, Panel, PilotUse, Result, Urgency, score
from marfa.methods.screening.instrument import Population
from marfa.methods.screening.score import join_results
from tests.methods.screening.support import library

SEED, SHEETS, FEW = 2388, 20_000, 1_000
MAY_BE_CHILD = (Age.CHILD, Age.DISPUTED, Age.UNKNOWN)
Sheet = tuple[Panel, dict[str, Answer]]
Read = Callable[[Panel, dict[str, Answer], Age], Result]


@lru_cache(maxsize=1)
def panels() -> tuple[Panel, ...]:
    """All built-in lists, each with its counterpart; the pair that has rules most often."""
    found = {}
    for name in library().names():
        panel = Panel.of(name, library())
        found[frozenset(one.name for one in panel.instruments)] = panel
    return tuple(found.values())


def sheets(count: int) -> Iterator[Sheet]:
    """Sheets of all built-in lists by turns, every other one of the lists that give an outcome:
    a few yes, as many open answers as a short or a broken-off interview has, the rest no."""
    chance = random.Random(SEED)
    banded = [panel for panel in panels() if panel.instruments[0].gives_band]
    for number in range(count):
        panel = banded[0] if number % 2 else panels()[number // 2 % len(panels())]
        items = sorted(panel.item_ids)
        open_share = chance.choice((0.0, 0.2, 0.6))
        answers = {
            item: chance.choice((Answer.UNKNOWN, Answer.REFUSED, Answer.NOT_ASKED))
            if chance.random() < open_share
            else Answer.NO
            for item in items
        }
        fired = chance.sample(items, min(len(items), chance.randint(0, 8)))
        yield panel, answers | dict.fromkeys(fired, Answer.YES)


def read(panel: Panel, answers: dict[str, Answer], age: Age) -> Result:
    return score(panel, answers, age=age, use=PilotUse())


def read_by_own_list(panel: Panel, answers: dict[str, Answer], age: Age) -> Result:
    """The control: a decided child by the child's list alone, without the adult's reading."""
    kept = [
        profile
        for profile in panel.for_age(age)
        if age is not Age.CHILD or profile.instrument.population is not Population.ADULT
    ]
    results = [
        profile.score(
            [int(answers.get(item, Answer.NOT_ASKED)) for item in profile.order],
            may_be_child=age.may_be_child,
        )
        for profile in kept or panel.for_age(age)
    ]
    return join_results(results, age, PilotUse())


def lower_than_an_adult(sheets: Iterator[Sheet], read: Read) -> list[tuple[str, Age]]:
    """Every sheet and age state in which a child comes out lower, on either axis, in the best
    or the worst case, in whether there is a reason, or in whether there is danger now."""
    found = []
    for panel, answers in sheets:
        adult = read(panel, answers, Age.ADULT)
        for age in MAY_BE_CHILD:
            if _lower(read(panel, answers, age), adult):
                found.append((panel.instruments[0].name, age))
    return found


def _lower(child: Result, adult: Result) -> bool:
    if adult.outcome is not None:
        if child.outcome is None:
            return True
        assert child.worst is not None
        assert adult.worst is not None
        if not (adult.outcome <= child.outcome and adult.worst <= child.worst):
            return True
    return adult.any_fired > child.any_fired or adult.danger_now > child.danger_now


def test_no_age_state_of_a_child_comes_out_lower() -> None:
    assert lower_than_an_adult(sheets(SHEETS), read) == []


def test_the_sheets_show_a_child_who_is_read_by_the_own_list_alone() -> None:
    """So they would show that the join is gone."""
    found = lower_than_an_adult(sheets(FEW), read_by_own_list)
    assert found
    assert {age for _name, age in found} == {Age.CHILD}


def test_the_sheets_are_of_every_list_and_reach_every_urgency() -> None:
    seen = list(sheets(FEW))
    named = {panel.instruments[0].name for panel, _answers in seen}
    assert named == {panel.instruments[0].name for panel in panels()}
    adults = [read(panel, answers, Age.ADULT).outcome for panel, answers in seen]
    assert {one.urgency for one in adults if one is not None} == set(Urgency)


def test_an_answer_that_only_the_adults_list_has_counts_for_a_child() -> None:
    """Five yes, two of them to items that the child's list does not have."""
    panel = Panel.of("ilo-delphi-labour-adult", library())
    told = ("ex-protection", "ex-pay", "ex-deductions", "cd-papers", "cd-pay")
    answers = dict.fromkeys(panel.item_ids, Answer.NO) | dict.fromkeys(told, Answer.YES)
    adult, child = (read(panel, answers, age).outcome for age in (Age.ADULT, Age.CHILD))
    alone = read_by_own_list(panel, answers, Age.CHILD).outcome
    assert adult == child
    assert alone is not None
    assert adult is not None
    assert alone != adult
    assert alone <= adult


def test_the_child_list_stands_first_where_the_age_is_decided() -> None:
    panel = Panel.of("ilo-delphi-labour-adult", library())
    first = {age: panel.for_age(age)[0].instrument.population for age in Age}
    assert first[Age.CHILD] is Population.CHILD
    assert first[Age.ADULT] is Population.ADULT
    assert len(panel.for_age(Age.ADULT)) == 1

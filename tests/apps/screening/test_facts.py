"""Facts of talks: what each came to, who changed it since, and how long somebody had waited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from marfa.apps.screening.actions import answer_lowering, ask_to_lower, raise_outcome
from marfa.apps.screening.models import Screening, ScreeningFact
from marfa.platform import clock
from marfa.platform.facts.kinds import kind_of
from marfa.platform.facts.rebuilds import compare_facts, rebuild_facts
from marfa.platform.rowsecurity.context import every_organisation
from tests.apps.screening.test_interview import Office
from tests.conftest import Operation

BEGAN = clock.now().replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
"""A morning on which the roles of the operation hold."""


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation(), clock.set_to(BEGAN):
        yield Office(operation)


def facts() -> list[ScreeningFact]:
    return list(ScreeningFact.objects.filter(replaced_at=None).order_by("valid_from"))


def after(hours: int) -> datetime:
    return BEGAN + timedelta(hours=hours)


def talk(desk: Office, hours: int, **stated: str) -> Screening:
    with clock.set_to(after(hours)):
        return desk.finished(**stated)


@pytest.mark.django_db(transaction=True)
def test_what_a_talk_came_to_and_what_was_changed_since(desk: Office) -> None:
    row = talk(desk, 30, cd_papers="yes")
    [fact] = facts()
    assert (fact.indication, fact.rule, fact.earlier) == ("at_risk", "at_risk", "not_finished")
    assert (fact.site, fact.officer, fact.waited) == (desk.site.pk, desk.officer.id, 30)
    with clock.set_to(after(31)):
        raise_outcome(
            actor=desk.officer,
            screening=row,
            indication="presumed_victim",
            urgency="now",
            sentence="She was locked in",
        )
    [fact] = facts()
    assert (fact.indication, fact.rule, fact.urgency) == ("presumed_victim", "at_risk", "now")


@pytest.mark.django_db(transaction=True)
def test_a_second_officer_is_held_against_the_first_and_covers_nothing(desk: Office) -> None:
    first = talk(desk, 2, cd_papers="yes")
    desk.officer, mine = desk.supervisor, desk.officer
    talk(desk, 50, cd_papers="no")
    desk.officer = mine
    one, two = facts()
    assert (two.rule, two.earlier, two.waited) == ("none_seen", "at_risk", None)
    with clock.set_to(after(60)):
        raise_outcome(
            actor=desk.officer,
            screening=first,
            indication="presumed_victim",
            urgency="days",
            sentence="I had not written all of it down",
        )
    one, two = facts()
    assert (one.indication, two.indication) == ("presumed_victim", "none_seen")


@pytest.mark.django_db(transaction=True)
def test_the_facts_are_those_of_the_records(desk: Office) -> None:
    row = talk(desk, 2, cd_papers="yes")
    with clock.set_to(after(3)):
        change = ask_to_lower(
            actor=desk.officer,
            screening=row,
            indication="none_seen",
            urgency="routine",
            sentence="Mistake",
        )
    talk(desk, 4, cd_papers="no")
    with clock.set_to(after(40)):
        answer_lowering(actor=desk.supervisor, change=change, agree=True)
    talk(desk, 50, cd_papers="yes")
    kind = kind_of(ScreeningFact)
    assert compare_facts(kind).same
    before = [(each.valid_from, each.indication) for each in facts()]
    rebuild_facts(kind)
    assert [(each.valid_from, each.indication) for each in facts()] == before

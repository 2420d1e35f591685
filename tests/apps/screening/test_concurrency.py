"""Two people who write at the same moment: one waits for the other, and is told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from threading import Barrier, BrokenBarrierError

import pytest

from marfa.apps.screening.actions import (
    answer_lowering,
    ask_to_lower,
    finish_screening,
    hand_over,
    interview,
    keep_answers,
    raise_outcome,
    stop_screening,
)
from marfa.apps.screening.actions import outcomes as after
from marfa.apps.screening.answers import answers_given
from marfa.apps.screening.models import HandOver, OutcomeChange, Screening
from marfa.platform.revisions.models import Revision
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from tests.apps.screening.test_interview import PANEL, USE, Office, found
from tests.conftest import Operation
from tests.support.concurrency import Step, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(operation: Operation) -> Iterator[Office]:
    with every_organisation():
        yield Office(operation)


@pytest.fixture
def meeting(monkeypatch: pytest.MonkeyPatch) -> Callable[[object, str], None]:
    """Have two wait for each other before a function of a module, if nothing makes one wait."""

    def meet(module: object, name: str) -> None:
        real, both = getattr(module, name), Barrier(2)

        def late(*given: object, **named: object) -> object:
            with contextlib.suppress(BrokenBarrierError):
                both.wait(timeout=1)
            return real(*given, **named)

        monkeypatch.setattr(module, name, late)

    return meet


Meeting = Callable[[object, str], None]


def read(row: Screening) -> Screening:
    """As another request reads it."""
    return Screening.objects.select_related("person").get(pk=row.pk)


def test_nothing_is_kept_of_a_talk_that_was_to_be_forgotten(desk: Office, meeting: Meeting) -> None:
    row = desk.asking()
    mine, other = read(row), read(row)
    meeting(interview, "save_screening")
    at_once(
        lambda: stop_screening(actor=desk.officer, screening=mine, forget=True),
        lambda: keep_answers(
            actor=desk.officer,
            screening=other,
            base_version=3,
            stated={"ex-pay": "yes"},
            observed={},
            said="He keeps all of it",
        ),
    )
    row.refresh_from_db()
    with open_vault():
        assert (row.state, answers_given(row).stated, row.said) == ("stopped", {}, None)
    assert not Revision.objects.filter(object_id=row.pk).exists()


def test_no_answer_comes_after_the_end(desk: Office, meeting: Meeting) -> None:
    row = desk.asking()
    mine, other = read(row), read(row)
    meeting(interview, "save_screening")
    end, kept = at_once(
        lambda: finish_screening(
            actor=desk.officer, screening=mine, base_version=3, panel=PANEL, use=USE
        ),
        lambda: keep_answers(
            actor=desk.officer,
            screening=other,
            base_version=3,
            stated={"core-imminent": "yes"},
            observed={},
        ),
    )
    assert end == ""
    assert kept in ("", "not-asking")
    assert found(row)[1] == ("routine" if kept else "now"), "what was kept was read"


def asked(desk: Office) -> tuple[Screening, OutcomeChange]:
    row = desk.finished(cd_papers="yes")
    change = ask_to_lower(
        actor=desk.officer,
        screening=row,
        indication="none_seen",
        urgency="routine",
        sentence="Another person",
    )
    return row, change


def answer(actor: Actor, change: OutcomeChange, *, agree: bool) -> Step:
    """As another request reads it."""
    own = OutcomeChange.objects.get(pk=change.pk)
    return lambda: answer_lowering(actor=actor, change=own, agree=agree)


def test_of_two_who_answer_one_is_told_that_it_was_answered(desk: Office, meeting: Meeting) -> None:
    row, change = asked(desk)
    meeting(after, "_apply")
    meeting(after, "lock_screening")
    told = at_once(
        answer(desk.supervisor, change, agree=True), answer(desk.supervisor, change, agree=False)
    )
    assert sorted(told) == ["", "answered-already"]
    change.refresh_from_db()
    lowered = found(row) == ("none_seen", "routine")
    assert lowered is (change.state == "done")


def test_what_is_raised_meanwhile_is_not_lowered(desk: Office, meeting: Meeting) -> None:
    row, change = asked(desk)
    mine = read(row)
    meeting(after, "_apply")
    lowered, raised = at_once(
        answer(desk.supervisor, change, agree=True),
        lambda: raise_outcome(
            actor=desk.officer,
            screening=mine,
            indication="at_risk",
            urgency="now",
            sentence="They come tonight",
        ),
    )
    assert raised == ""
    assert lowered in ("", "changed-since")
    assert found(row) == ("at_risk", "now")


def test_sitting_down_at_once_is_told_and_no_error(desk: Office, meeting: Meeting) -> None:
    meeting(Act, "create")
    told = at_once(desk.sit_down, desk.sit_down)
    assert sorted(told) == ["", "open-already"]
    assert Screening.objects.count() == 1


def test_so_is_handing_over_at_once(desk: Office, meeting: Meeting) -> None:
    row = desk.finished(cd_papers="yes")
    rows = [read(row), read(row)]
    meeting(after, "urgency_of")

    def give(own: Screening) -> Step:
        return lambda: hand_over(actor=desk.officer, screening=own, ground=HandOver.Ground.AGREED)

    assert sorted(at_once(*map(give, rows))) == ["", "handed-over-already"]

"""Danger today or tonight is asked first, where nobody hears it, and a yes changes what follows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import product

import pytest
from django.test import Client

from marfa.apps.manifest import Desk
from marfa.apps.screening import instruments
from marfa.apps.screening.answers import answers_given
from marfa.apps.screening.conditions import MAY_NOT_BE_NEEDED, Condition
from marfa.apps.screening.models import DangerStep, Screening
from marfa.apps.screening.presentation import age_of, screening_questions
from marfa.methods.screening import Panel
from marfa.methods.screening.delphi import Signal
from marfa.safeguards.vault.access import open_vault
from tests.apps.screening.signed import sign_by_two
from tests.apps.screening.test_interview import Office, desk
from tests.apps.screening.test_views import CHILD, HOLD, at, begin, sit_down
from tests.conftest import Operation
from tests.methods.screening.own_lists.made import NAME, write_list

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
TONIGHT = "said-rr-tonight"
WORDS = "هل تخافين أن يؤذيكِ أحد اليوم أو الليلة؟"


@pytest.fixture
def officer(operation: Operation) -> Client:
    return operation.at(Desk.RECEPTION)


@pytest.fixture
def own_list(operation: Operation) -> Iterator[str]:
    """A list of the installation's own, for which two people signed; none of it is for now."""
    folder = instruments.own_folder()
    assert not folder.exists()
    write_list(folder)
    sign_by_two(operation, NAME)
    yield NAME
    shutil.rmtree(folder)


def in_order(row: Screening, name: str) -> list[str]:
    with open_vault():
        return [each.item for each in screening_questions(row, instruments.instrument_panel(name))]


def of_danger(panel: Panel) -> set[str]:
    items = [item for one in panel.instruments for item in one.items]
    return {key for item in items if Signal.NOW in item.signals for key in item.questions}


def test_danger_stands_first_in_every_list(desk: Office, own_list: str) -> None:
    row = desk.sit_down()
    names = instruments.instrument_library().names()
    assert own_list in names
    moved = 0
    for name, row.age in product(names, ("adult", "child", "unknown")):
        panel = instruments.instrument_panel(name)
        shown, danger = in_order(row, name), of_danger(panel)
        first = [item for item in shown if item in danger]
        assert shown[: len(first)] == first, name
        listed = [key for one in panel.for_age(age_of(row)) for key in one.instrument.questions]
        rest = [item for item in dict.fromkeys(listed) if item in shown and item not in danger]
        assert shown[len(first) :] == rest, "all else in the order of the list"
        moved += bool(first) and listed[: len(first)] != first
    assert moved > 9, "the lists themselves have danger further down"


@pytest.mark.parametrize("missing", ["nobody_else", "private"])
def test_danger_is_not_asked_where_somebody_hears_it(
    desk: Office, officer: Client, missing: str
) -> None:
    row = sit_down(officer, desk.person)
    assert Condition(missing) not in MAY_NOT_BE_NEEDED
    told = {**HOLD, missing: "no", "do": "begin", "instrument": "registration-risk"}
    page = officer.post(at("conditions", row), told)
    assert page.status_code == 200
    shown = [page, *(officer.get(at(name, row), follow=True) for name in ("ask", "danger", "end"))]
    shown += [officer.get(at("question", row, place), follow=True) for place in (0, 1)]
    for answer in shown:
        content = answer.content.decode()
        assert TONIGHT not in content
        assert WORDS not in content
    officer.post(at("question", row, 1), {TONIGHT: "yes", "do": "next"})
    with open_vault():
        assert answers_given(row).stated == {}
    # The control: where all holds, it is the first question, in the words that were looked for.
    begin(officer, row)
    content = officer.get(at("ask", row), follow=True).content.decode()
    assert f'name="{TONIGHT}"' in content
    assert WORDS in content


@pytest.mark.parametrize(("side", "act"), [("said", "next"), ("seen", "end"), ("said", "keep")])
def test_a_yes_leads_to_the_steps_and_keeps_what_was_typed(
    desk: Office, officer: Client, side: str, act: str
) -> None:
    row = sit_down(officer, desk.person)
    begin(officer, row)
    sent = {f"{side}-rr-tonight": "yes", "said": "He waits outside", "do": act}
    there = officer.post(at("question", row, 1), sent | {"version": row.version})
    assert there["Location"] == at("danger", row)
    row.refresh_from_db()
    with open_vault():
        given = answers_given(row)
        assert (given.stated if side == "said" else given.observed) == {"rr-tonight": "yes"}
        assert row.said == "He waits outside"
    page = officer.get(there["Location"]).content.decode()
    assert "Go on, or stop here?" in page
    done = {"kind": "immediate", "done": "Took her to the clinic", "do": "write"}
    assert officer.post(at("danger", row), done)["Location"] == at("danger", row)
    assert DangerStep.objects.filter(screening=row).count() == 1
    page = officer.get(at("danger", row)).content.decode()
    assert f'href="{at("ask", row)}"' in page
    assert f'href="{at("end", row)}"' in page
    assert officer.get(at("ask", row))["Location"] == at("question", row, 2), "and on from there"
    # What stands is not answered anew: whoever comes back is not led there again.
    again = {f"{side}-rr-tonight": "yes", "said": "He waits outside", "do": "next"}
    assert officer.post(at("question", row, 1), again)["Location"] == at("question", row, 2)


def test_any_other_answer_leads_to_the_next_question(desk: Office, officer: Client) -> None:
    row = sit_down(officer, desk.person)
    begin(officer, row)
    for answer in ("no", "unknown", "refused"):
        sent = {TONIGHT: answer, "do": "next"}
        assert officer.post(at("question", row, 1), sent)["Location"] == at("question", row, 2)


def test_a_child_in_danger_is_seen_first(desk: Office, officer: Client) -> None:
    row = sit_down(officer, desk.register(CHILD))
    begin(officer, row, "unaccompanied-child")
    page = officer.get(at("question", row, 1)).content.decode()
    assert 'name="seen-uc-collected"' in page
    sent = {"seen-uc-collected": "yes", "do": "next", "version": row.version}
    assert officer.post(at("question", row, 1), sent)["Location"] == at("danger", row)


def test_what_a_page_opened_in_another_order_answers_is_kept(desk: Office, officer: Client) -> None:
    """As after an upgrade in the middle of an interview: the number of the page says another
    question now."""
    row = sit_down(officer, desk.person)
    begin(officer, row)
    sent = {"said-rr-private": "yes", "seen-rr-private": "not_asked", "do": "next"}
    officer.post(at("question", row, 1), sent)
    with open_vault():
        assert answers_given(row).stated == {"rr-private": "yes"}

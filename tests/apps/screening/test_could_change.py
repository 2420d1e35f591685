"""Which open questions could still change the outcome: after the end alone, and for protection."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.test import Client

from marfa.apps.manifest import Desk
from marfa.apps.screening.actions import finish_screening, keep_answers, stop_screening
from marfa.apps.screening.models import Screening
from marfa.methods.screening import Age, Answer, score
from tests.apps.screening.test_interview import PANEL, USE, Office, desk
from tests.apps.screening.test_views import at
from tests.conftest import Operation, signed_in

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
HEADING = "Open questions that could change the outcome"
OPEN = ("dr-work", "cd-debt", "cd-locked-in", "cd-watched", "vd-past")
"""Left open of a sheet that has all else answered no."""


def asking(desk: Office) -> Screening:
    """She was asked all but a few questions, and says no to each."""
    row = desk.asking()
    asked = {key for one in PANEL.for_age(Age.ADULT) for key in one.instrument.questions}
    stated = dict.fromkeys(asked - {*OPEN}, "no") | {"dr-work": "refused"}
    keep_answers(actor=desk.officer, screening=row, base_version=3, stated=stated, observed={})
    return row


def finished(desk: Office) -> Screening:
    row = asking(desk)
    finish_screening(actor=desk.officer, screening=row, base_version=3, panel=PANEL, use=USE)
    return row


def told(client: Client, row: Screening) -> list[str]:
    """What stands under the heading, or nothing where there is none."""
    page = client.get(at("one", row)).content.decode()
    found = re.search(f"{HEADING}.*?<ul>(.*?)</ul>", page, re.DOTALL)
    return re.findall("<li>(.*?)</li>", found[1]) if found else []


def that_change_it() -> set[str]:
    """By trying every way of answering what is open."""
    asked = {key for one in PANEL.for_age(Age.ADULT) for key in one.instrument.questions}
    no, found = dict.fromkeys(asked, Answer.NO), set()
    for item in OPEN:
        others = [each for each in OPEN if each != item]
        for each in product((Answer.NO, Answer.YES), repeat=len(others)):
            told = no | dict(zip(others, each, strict=True))
            results = [
                score(PANEL, told | {item: answer}, age=Age.ADULT, use=USE).outcome
                for answer in (Answer.NO, Answer.YES)
            ]
            if results[0] != results[1]:
                found.add(item)
                break
    return found


def test_protection_is_told_exactly_which(desk: Office, operation: Operation) -> None:
    row = finished(desk)
    texts = {
        "dr-work": "What the person was told about the work",
        "cd-debt": "A debt that cannot",
        "cd-locked-in": "The person is locked in",
        "cd-watched": "The person is watched",
        "vd-past": "Earlier hardship",
    }
    shown = told(signed_in(operation.supervisor), row)
    found = {item for item in OPEN if any(line.startswith(texts[item]) for line in shown)}
    assert found == that_change_it()
    assert len(found) == len(shown)
    assert "cd-locked-in" in found
    assert "vd-past" not in found, "one weak sign more or less changes nothing"


def test_reception_is_not_told(desk: Office, operation: Operation) -> None:
    row = finished(desk)
    page = operation.at(Desk.RECEPTION).get(at("one", row))
    assert page.status_code == 200
    assert HEADING not in page.content.decode()
    assert "could change" not in page.content.decode()


@pytest.mark.parametrize("name", ["one", "question", "end"])
def test_nobody_is_told_before_the_end(desk: Office, operation: Operation, name: str) -> None:
    row = asking(desk)
    place = (1,) if name == "question" else ()
    for client in (signed_in(operation.supervisor), operation.at(Desk.RECEPTION)):
        page = client.get(at(name, row, *place), follow=True).content.decode()
        assert "could change" not in page


def test_nothing_is_told_of_what_was_stopped(desk: Office, operation: Operation) -> None:
    row = asking(desk)
    stop_screening(actor=desk.officer, screening=row)
    assert told(signed_in(operation.supervisor), row) == []

"""A form that takes long to convert, sent to a server that runs: others are answered meanwhile."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.apps.forms.sheets import sheet
from tests.attack.visitor import Visitor
from tests.support.installation import serving
from tests.support.shared_copies import Once

QUESTIONS = 6_000
PATIENCE = 1_200
"""Seconds until the form is there, on a machine that does much else."""


@pytest.mark.slow
def test_others_are_answered_while_a_large_form_is_converted(once: Once, tmp_path: Path) -> None:
    """Told by what is seen and not by time: both before another page and after it the form was
    still being looked at."""
    place = once.demonstration(tmp_path / "demonstration")
    with serving("demo", place) as served:
        origin = served.origin.replace("localhost", "127.0.0.1")
        manager = Visitor(origin).enter("administration")
        other = Visitor(origin, "127.0.0.2").enter("reception")
        small = sheet("integer|beds|Beds|أسرّة||coded")
        assert sent(manager, small).startswith("/forms/versions/"), "the control"
        asked = [f"integer|beds{number}|Beds|أسرّة||coded" for number in range(QUESTIONS)]
        there = sent(manager, sheet(*asked, version="2"))
        assert there.startswith("/forms/uploads/")
        between, ends = 0, time.monotonic() + PATIENCE
        while "being checked" in manager.get(there).text:
            for page in ("/health/", "/fill/", "/"):
                assert other.get(page).status in (200, 302)
            between += "being checked" in manager.get(there).text
            assert time.monotonic() < ends
        found = manager.get(there)
        assert found.status == 302
        assert found.headers["location"].startswith("/forms/versions/")
        assert between > 0, "it was done before anybody else asked for a page"


def sent(visitor: Visitor, data: bytes) -> str:
    fields = {"purpose": "registration"}
    answer = visitor.upload("/forms/add/", fields, "sheet", ("arrival.md", data))
    assert answer.status == 302, answer.text
    return answer.headers["location"]

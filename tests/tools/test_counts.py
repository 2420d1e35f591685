"""What the counting script takes for what: names as they are, and files that hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import counts


@pytest.mark.parametrize("name", ["helping", "planned", "told", "unheld"])
def test_what_happens_is_a_gerund_or_a_participle(name: str) -> None:
    assert counts.is_gerund_or_participle(name)


@pytest.mark.parametrize("name", ["assistance", "screening", "settings", "string", "seed", "ring"])
def test_what_is_a_thing_is_none(name: str) -> None:
    assert not counts.is_gerund_or_participle(name)


def test_functions_and_methods_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(
        "def told(): ...\n\n"
        "def open_case():\n    def inner(): ...\n    return inner\n\n"
        "def _hidden(): ...\n\n"
        "class Case:\n    def close(self): ...\n    def _leave(self): ...\n",
        encoding="utf-8",
    )
    assert list(counts.public_functions(file)) == ["told", "open_case"]
    assert list(counts.functions_within(file)) == ["inner"]
    assert list(counts.public_methods(file)) == ["close"]


def test_the_page_of_the_charter_says_how_many_mutants_there_are() -> None:
    killed, made = counts.mutants()
    assert 0 < killed <= made

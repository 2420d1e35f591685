"""The page on ASVS has every requirement, and each names tests that exist or says why none."""

from __future__ import annotations

import re

from tests.support.named_tests import NAMED, ROOT, absent_tests

PAGE = (ROOT / "docs" / "platform" / "asvs.md").read_text(encoding="utf-8")
# Requirements of levels 1 and 2, OWASP ASVS 5.0.0: section -> the last of its numbers.
SECTIONS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
}
ASKED = [f"{section}.{n}" for section, last in SECTIONS.items() for n in range(1, last + 1)]


def rows(page: str) -> dict[str, str]:
    """Number -> the rest of its row."""
    return dict(re.findall(r"^\| (\d+\.\d+\.\d+) \|(.*)$", page, re.MULTILINE))


def problems(page: str) -> list[str]:
    found = rows(page)
    missing = [f"{number} is absent" for number in ASKED if number not in found]
    empty = [
        f"{number} names no test and no reason"
        for number, row in found.items()
        if not NAMED.search(row) and "**Not here**" not in row
    ]
    return [*missing, *empty, *absent_tests(page)]


def test_every_requirement_is_there_with_its_tests_or_a_reason() -> None:
    assert problems(PAGE) == []
    assert len(ASKED) == 136


def test_what_is_missing_is_found() -> None:
    assert "1.1.1 is absent" in problems(PAGE.replace("| 1.1.1 |", "| 1.1.9 |"))
    named = NAMED.search(PAGE)
    assert named is not None
    assert "has no test" in "".join(problems(PAGE.replace(named[2], "test_that_was_renamed")))
    without = re.sub(r"^(\| 8\.2\.1 \|.*\|.*\|).*\|$", r"\1 |", PAGE, flags=re.MULTILINE)
    assert "8.2.1 names no test and no reason" in problems(without)

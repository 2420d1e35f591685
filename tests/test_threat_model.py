"""Every promise of the threat model names tests that exist, and every attacker has limits."""

from __future__ import annotations

import re

from tests.support.named_tests import NAMED, ROOT, absent_tests

PAGE = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")
ATTACKERS = (
    "A trafficker with one coerced user",
    "An insider",
    "A guest partner",
    "A seized laptop or server, switched off",
    "A seized laptop or server, running and unlocked",
    "A stolen phone",
    "A database administrator",
    "A backup thief",
    "Somebody who watches the network",
    "Somebody who wants the server to be of no use",
)


def problems(page: str) -> list[str]:
    """Tests that are named and do not exist, and promises that name none."""
    found = absent_tests(page)
    for title, section in sections(page).items():
        rows = [line for line in section.splitlines() if line.startswith("| ")]
        if title not in ATTACKERS:
            continue
        if "**Limits.**" not in section:
            found.append(f"{title}: no limits are said")
        found += [f"{title}: no test holds {row}" for row in rows[2:] if not NAMED.search(row)]
    return found


def sections(page: str) -> dict[str, str]:
    parts = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}


def test_every_promise_names_tests_that_exist() -> None:
    assert problems(PAGE) == []
    assert len(NAMED.findall(PAGE)) > 50


def test_every_attacker_is_there() -> None:
    assert set(ATTACKERS) <= set(sections(PAGE))


def test_a_promise_without_its_test_is_found() -> None:
    first = NAMED.search(PAGE)
    assert first is not None
    gone = PAGE.replace(first[2], "test_that_was_renamed", 1)
    assert problems(gone) == [f"{first[1]} has no test test_that_was_renamed"]
    assert "does not exist" in problems(PAGE.replace(first[1], "tests/gone.py", 1))[0]
    empty = PAGE.replace(first[0], "nothing", 1)
    assert "no test holds" in "".join(problems(empty)) or first[0] in empty
    assert "no limits" in problems(PAGE.replace("**Limits.**", "", 1))[0]


def test_the_page_on_security_leads_here() -> None:
    assert "(THREAT_MODEL.md)" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")

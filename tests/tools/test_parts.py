"""What is left out of one run is in another: the lists name what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import parts

ROOT = Path(__file__).parents[2]
LISTS = {
    name: value
    for name, value in vars(parts).items()
    if name.isupper() and isinstance(value, tuple)
}


@pytest.mark.parametrize("name", LISTS)
def test_each_part_is_there(name: str) -> None:
    assert len(set(LISTS[name])) == len(LISTS[name])
    for part in LISTS[name]:
        path, *within = part.split("::")
        assert (ROOT / path).exists(), part
        for named in within:
            text = (ROOT / path).read_text(encoding="utf-8")
            assert f"def {named}" in text or f"class {named}" in text or f"{named} =" in text, part


@pytest.mark.parametrize("name", ["ONCE", "FIRST_ON_POSTGRESQL"])
def test_what_runs_elsewhere_depends_on_the_database(name: str) -> None:
    for part in LISTS[name]:
        assert any(Path(part).is_relative_to(whole) for whole in parts.DATABASE), part


def test_first_journeys_are_journeys() -> None:
    assert all(part.startswith("tests/journeys/") for part in parts.FIRST_JOURNEYS)


def test_each_database_and_the_newest_python_see_what_depends_on_them() -> None:
    """What is on PostgreSQL runs on the newest Python; what is left out there is libraries or is
    run on the newest Python by itself."""
    for part in parts.FIRST_ON_POSTGRESQL:
        if not part.startswith("tests/apps/"):
            assert any(Path(part).is_relative_to(whole) for whole in parts.LIBRARIES), part

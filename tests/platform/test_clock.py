"""The clock: one source, aware, and days that belong to a place."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from marfa.platform import clock

ROOT = Path(__file__).parents[2]


def test_the_clock_is_aware_and_runs() -> None:
    first = clock.now()
    assert first.utcoffset() == timedelta(0)
    assert clock.now() >= first


def test_a_day_belongs_to_a_place() -> None:
    with clock.set_to(datetime(2026, 3, 1, 22, 30, tzinfo=UTC)):
        assert clock.today("Africa/Tripoli") == date(2026, 3, 2)
        assert clock.today("America/Bogota") == date(2026, 3, 1)


def test_elapsed_time_is_exact_across_a_change_of_clocks() -> None:
    """Beirut put its clocks forward at midnight of 31 March 2024 (tz database)."""
    before = datetime(2024, 3, 30, 12, tzinfo=timezone(timedelta(hours=2)))
    assert clock.advance(before, hours=24) - before == timedelta(hours=24)


def test_the_clock_is_put_back() -> None:
    moment = datetime(2000, 2, 29, tzinfo=UTC)
    with clock.set_to(moment), clock.set_to(lambda: moment + timedelta(days=1)):
        assert clock.now() == datetime(2000, 3, 1, tzinfo=UTC)
    assert clock.now().year > 2000


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.set_to(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import UTC, datetime\nprint(datetime.now(UTC))",
        "from datetime import date\nprint(date.today())",
        "from django.utils import timezone\nprint(timezone.now())",
        "import time\nprint(time.time())",
    ],
)
def test_asking_the_machine_for_the_time_is_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "planted.py").write_text(f"{line}\n")
    found = subprocess.run(
        [
            str(Path(sys.executable).with_name("ruff")),
            "check",
            "--no-cache",
            "--config",
            str(ROOT / "pyproject.toml"),
            str(tmp_path / "planted.py"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "TID251" in found.stdout

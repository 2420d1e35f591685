"""A run that is computed again from its id and the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.estimation.runs import (
    Run,
    check_file,
    differences,
    figures_digest,
    file_digest,
    read_run,
)

RUN = Run("a" * 64, {"seed": 7, "strata": ["الجنس"]}, "0123456789ab", "0.1.0")


def test_an_id_says_all_of_its_run() -> None:
    again = read_run(RUN.id)
    assert (again.settings, again.figures, again.version) == (
        RUN.settings,
        RUN.figures,
        RUN.version,
    )
    check_file(again, RUN.digest, "lists.csv")
    with pytest.raises(InputError):
        check_file(again, "b" * 64, "lists.csv")


@pytest.mark.parametrize("cut", [0, 2, 5, 40, -1])
def test_an_id_that_is_not_whole_is_refused(cut: int) -> None:
    with pytest.raises(InputError):
        read_run(RUN.id[:cut])
    with pytest.raises(InputError):
        read_run(RUN.id.replace("e1.", "e9.", 1))


def test_where_a_version_differs_it_is_said() -> None:
    other = Run(RUN.digest, RUN.settings, "ffffffffffff", "0.2.0")
    assert [m.key for m in differences(RUN, RUN)] == ["run-same"]
    assert [m.key for m in differences(RUN, other)] == ["run-version", "run-differs"]


def test_figures_are_numbers_and_not_words() -> None:
    english = {"headline": {"text": "About 1,000", "point": 1000.0}}
    arabic = {"headline": {"text": "نحو 1,000", "point": 1000.00001}}
    assert figures_digest(english) == figures_digest(arabic)
    assert figures_digest(english) != figures_digest({"headline": {"point": 1010.0}})


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        file_digest(tmp_path / "absent.csv")

"""Files: a column a series, a row a report, known layouts, and what is wrong with them."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from marfa.domain.catalogue import render_problem
from marfa.domain.message import InputError
from marfa.methods.surveillance import Step, read_file
from marfa.methods.surveillance.layouts import LAYOUTS
from marfa.methods.surveillance.series_files import parse_day
from tests.methods.surveillance.reference import FOLDER, with_reference


def write(folder: Path, text: str, name: str = "counts.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problems(file: Path, **options: object) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_file(file, **options)  # type: ignore[arg-type]
    assert all(render_problem(problem, "ar") for problem in caught.value.problems)
    return [problem.message.key for problem in caught.value.problems]


def test_week_53_is_a_week_of_its_own(tmp_path: Path) -> None:
    text = "week,a\n2020-W52,1\n2020-W53,2\n2021-W01,3\n"
    panel = read_file(write(tmp_path, text))
    assert panel.step is Step.WEEK
    assert panel.dates == (date(2020, 12, 21), date(2020, 12, 28), date(2021, 1, 4))
    assert [panel.label(i) for i in range(3)] == ["2020-W52", "2020-W53", "2021-W01"]


def test_a_week_that_is_left_out_is_missing_and_not_zero(tmp_path: Path) -> None:
    text = "date;a;b\n2020-01-06;1;NA\n2020-01-27;4;\n2020-01-13;2;0\n"
    panel = read_file(write(tmp_path, text))
    np.testing.assert_array_equal(panel.counts[:, 0], [1, 2, np.nan, 4])
    np.testing.assert_array_equal(panel.counts[:, 1], [np.nan, 0, np.nan, np.nan])


def test_steps_by_number(tmp_path: Path) -> None:
    panel = read_file(write(tmp_path, "t,date,year,in_year,a\n5,,2001,5,1\n7,,2001,7,3\n"))
    assert panel.units == ("a",)
    assert panel.times == (5, 6, 7)
    assert panel.dates == ()


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("2020-01-01,1\n2020-01-02,1\n2020-01-04,1\n", Step.DAY),
        ("2020-01,1\n2020-02,1\n2020-03,1\n", Step.MONTH),
        ("2018,1\n2019,1\n2020,1\n", Step.YEAR),
    ],
)
def test_the_step_is_found_from_the_dates(tmp_path: Path, text: str, step: Step) -> None:
    assert read_file(write(tmp_path, f"date,a\n{text}")).step is step


def test_a_row_a_report(tmp_path: Path) -> None:
    text = "site,kind,day,n\nA,x,2020-01-07,2\nA,x,2020-01-09,3\nB,x,2020-01-21,1\n"
    panel = read_file(write(tmp_path, text), places=("site", "kind"), when="day", counts=("n",))
    assert panel.units == ("A / x", "B / x")
    np.testing.assert_array_equal(panel.counts[:, 0], [5, np.nan, np.nan])
    events = read_file(write(tmp_path, text), places=("site",), when="day")
    np.testing.assert_array_equal(events.counts[:, 0], [2, 0, 0])


def test_a_packed_file(tmp_path: Path) -> None:
    file = tmp_path / "counts.csv.gz"
    file.write_bytes(gzip.compress(b"date,a\n2020-01-06,1\n2020-01-13,2\n"))
    assert len(read_file(file)) == 2


def test_people_at_risk(tmp_path: Path) -> None:
    panel = read_file(write(tmp_path, "t,a,b,people\n1,1,2,100\n2,1,2,110\n"), at_risk="people")
    assert panel.units == ("a", "b")
    assert panel.at_risk is not None
    np.testing.assert_array_equal(panel.at_risk[:, 1], [100, 110])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["file-empty"]),
        ("t,a\n", ["file-empty"]),
        ("t,a\n1,x\n2,-3\n3,1.5\n4,1e99\n", ["not-number", "negative", "fraction", "not-number"]),
        ("t,a,a\n1,2,3\n", ["column-twice"]),
        ("t,a\n1,2,3\n", ["row-length"]),
        ("t,a\n1,2\n1,3\n", ["time-twice"]),
        ("date,a\n2020-01-06,1\n2020-13-06,1\n", ["not-a-date"]),
        ("date,a\n2020-01-06,1\n,1\n", ["date-missing"]),
        ("date,a\n0001-01-01,1\n0001-01-02,1\n0001-01-03,1\n9999-01-01,1\n", ["too-many-steps"]),
        ("t,year\n1,2001\n", ["no-counts"]),
        ("t,a,nationality\n1,2,3\n", ["profiling"]),
        ("t,Origen\n1,2\n", ["profiling"]),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert problems(write(tmp_path, text)) == expected


def test_other_wrong_files(tmp_path: Path) -> None:
    binary = tmp_path / "counts.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    assert problems(binary) == ["file-unreadable"]
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(b"date,a\n")[:12])
    assert problems(cut) == ["file-unreadable"]
    file = write(tmp_path, "t,a\n1,2\n")
    assert problems(file, counts=("b",)) == ["column-missing"]
    assert problems(file, places=("a",)) == ["no-date"]
    for layout in LAYOUTS:
        assert problems(file, layout=layout) == ["column-missing"]


def test_an_origin_is_refused_as_group_too(tmp_path: Path) -> None:
    text = "site,group,day\nA,Muslims,2020-01-07\nA,x,2020-01-14\n"
    assert problems(write(tmp_path, text), places=("site", "group"), when="day") == ["profiling"]


@pytest.mark.parametrize("text", ["2020", "2020-01", "2020-W01", "2020W012", "2020-01-01T10:00:00"])
def test_ways_of_writing_a_day(text: str) -> None:
    day = parse_day(text)
    assert day is not None
    assert day.year in (2019, 2020)


@with_reference
def test_the_known_layouts() -> None:
    events = read_file(FOLDER / "conflict" / "ucdp_ged_bgd_hdx.csv")
    assert events.step is Step.WEEK
    assert "Barisāl Division" in events.units
    displaced = read_file(FOLDER / "displacement" / "dtm_format_synthetic.csv")
    assert displaced.step is Step.MONTH
    assert "Province 1 / District 1-1" in displaced.units
    assert np.isnan(displaced.counts).any(), "months without a round are missing"
    refugees = read_file(FOLDER / "displacement" / "unhcr_population.csv.gz")
    assert refugees.step is Step.YEAR
    assert "Lebanon" in refugees.units
    assert not any("coo" in unit for unit in refugees.units)

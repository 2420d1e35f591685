"""Indicator 16.2.2 with the error of numerator and denominator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from marfa.domain.message import InputError
from marfa.methods.estimation import CaptureData, CaptureTable, Settings, analyse, analyse_strata
from marfa.methods.estimation.rates import Limits, garwood, rates_of, read_population
from tests.methods.estimation import published_tables


def file(folder: Path, text: str) -> Path:
    path = folder / "population.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("count", [0, 1, 7, 250])
def test_garwood_by_chi_square(count: int) -> None:
    found = garwood(count)
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    assert (found.low, found.high) == pytest.approx((low, chi2.ppf(0.975, 2 * count + 2) / 2))


def test_both_errors_enter_the_rate() -> None:
    """Against draws of a log-normal numerator over a log-normal denominator."""
    rng = np.random.default_rng(8)
    z = 1.959964
    top = 900 * np.exp(0.2 * rng.normal(size=200_000))
    below = 2e6 * np.exp(0.1 * rng.normal(size=200_000))
    low, high = np.quantile(1e5 * top / below, [0.025, 0.975])
    n = Limits(900, 900 * np.exp(-0.2 * z), 900 * np.exp(0.2 * z))
    d = Limits(2e6, 2e6 * np.exp(-0.1 * z), 2e6 * np.exp(0.1 * z))
    found = n.over(d)
    assert found.value == pytest.approx(45.0)
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.01)
    exact = n.over(Limits(2e6, 2e6, 2e6))
    assert exact.low > found.low
    assert (exact.high or 0) < (found.high or 0)
    assert Limits(900, 800, None).over(d).high is None
    assert Limits(0, 0, 3.7).over(d).low == 0.0


def test_by_group_and_for_everybody(tmp_path: Path) -> None:
    table = published_tables.KOREA
    half = CaptureTable(table.lists, tuple(2 * c + 3 for c in table.counts))
    whole = CaptureTable(
        table.lists, tuple(a + b for a, b in zip(table.counts, half.counts, strict=True))
    )
    data = CaptureData(whole, ("sex",), ((("f",), table), (("m",), half)))
    answer = analyse_strata(data, Settings(replicates=100))
    people = read_population(
        file(
            tmp_path,
            "sex,population,population_low,population_high\nf,10000,9000,11000\nm,20000,,\n",
        ),
        data.columns,
    )
    everybody, women, men = rates_of(answer, people)
    assert everybody.detected.value == pytest.approx(1e5 * whole.observed / 30_000)
    assert women.detected.value == pytest.approx(1e5 * table.observed / 10_000)
    assert women.estimated is not None
    assert women.estimated.value > women.detected.value
    assert men.column == "sex"
    # A file that does not divide by the column gives each value the whole population.
    all_ = read_population(file(tmp_path, "population\n30000\n"), data.columns)
    assert rates_of(answer, all_)[1].detected.value == pytest.approx(1e5 * table.observed / 30_000)
    plain = analyse(table, Settings(replicates=0))
    assert len(rates_of(plain, all_)) == 1


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("column-missing", "sex\nf\n"),
        ("population-column", "age,population\n1,5\n"),
        ("population-number", "sex,population\nf,zero\n"),
        ("population-number", "sex,population\nf,-5\n"),
        ("population-order", "sex,population,population_low\nf,5,6\n"),
        ("population-twice", "sex,population\nf,5\nf,6\n"),
    ],
)
def test_wrong_files_name_the_place(tmp_path: Path, key: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_population(file(tmp_path, text), ("sex",))
    assert caught.value.problems[0].message.key == key
    assert caught.value.problems[0].place.file == "population.csv"

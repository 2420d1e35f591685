"""Every recorded answer of R surveillance 1.24.1, found again."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from marfa.methods.surveillance import Settings, detect, read_file
from tests.methods.surveillance.reference import (
    CONFLICT,
    DATA_SETS,
    R_FOLDER,
    recorded,
    value,
    with_reference,
)

pytestmark = with_reference


@pytest.mark.parametrize("data_set", DATA_SETS or ["absent"])
def test_the_recorded_answers(data_set: str) -> None:
    panel = read_file(R_FOLDER / f"obs_{data_set}.csv")
    for told in recorded(R_FOLDER / f"exp_{data_set}.csv"):
        start = panel.times.index(int(told.columns["t"][0, 0]))
        settings = Settings(years=told.years, start=start, r_compatible=True)
        found = detect(panel.choose(told.units), told.method, settings)
        where = f"{data_set} {told.config}"
        if told.method == "glrnb":
            agree = found.alarm == told.columns["alarm"]
            assert agree.mean() >= 0.99, where
            # Its own fit stops a little before the maximum.
            np.testing.assert_allclose(found.bound, told.columns["upperbound"], atol=1e-5)
            continue
        np.testing.assert_array_equal(found.alarm, told.columns["alarm"], err_msg=where)
        np.testing.assert_allclose(
            found.bound, told.columns["upperbound"], rtol=1e-8, atol=1e-12, err_msg=where
        )
        if told.family:
            for name, tolerance in (("expected", 1e-8), ("phi", 1e-8)):
                ours = found.expected if name == "expected" else found.dispersion
                theirs = told.columns[name]
                np.testing.assert_allclose(ours, theirs, rtol=tolerance, err_msg=where)
            np.testing.assert_allclose(
                found.probability, told.columns["pvalue"], rtol=0, atol=1e-9, err_msg=where
            )
            if not np.isnan(told.columns["trend"]).all():
                np.testing.assert_array_equal(found.trend, told.columns["trend"], err_msg=where)


@pytest.mark.parametrize("source", ["weekly table", "events"])
def test_the_governorates_of_syria(source: str) -> None:
    """From the weekly table and from the 16,566 events themselves."""
    events = CONFLICT / "ucdp_ged_syria_2016_2019.csv.gz"
    panel = read_file(events if source == "events" else CONFLICT / "ucdp_syria_weekly_events.csv")
    with (CONFLICT / "ucdp_syria_weekly_expected.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    configs = {
        "flexible_nbPlugin_b2_gap13": ("flexible_nbPlugin", 2, 13),
        "ears_C2": ("ears_C2", None, None),
    }
    assert {row["config"] for row in rows} == set(configs)
    for config, (method, years, gap) in configs.items():
        settings = Settings(years=years, gap=gap, start=107, r_compatible=True)
        found = detect(panel, method, settings)
        assert found.config == config
        place = {time: i for i, time in enumerate(panel.times[107:])}
        for row in (row for row in rows if row["config"] == config):
            at = (place[int(row["t"])], panel.units.index(row["unit"]))
            assert found.alarm[at] == value(row["alarm"]), row
            np.testing.assert_allclose(found.bound[at], value(row["upperbound"]), rtol=1e-8)


def test_what_is_not_compatible_differs() -> None:
    """The switch does something: standard errors, the C3 limit, the CUSUM after an alarm."""
    panel = read_file(R_FOLDER / "obs_salmNewport_DE.csv")
    for method in ("flexible_muan", "flexible_delta", "ears_C3", "cusum_rossi"):
        ours = detect(panel, method, Settings(years=3, start=159))
        theirs = detect(panel, method, Settings(years=3, start=159, r_compatible=True))
        both = np.isfinite(ours.bound) & np.isfinite(theirs.bound)
        assert np.abs(ours.bound - theirs.bound)[both].max() > 1e-3, method

"""``marfa warn``: its files, its JSON, its refusals."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marfa.cli.main import main
from marfa.cli.warn import METHODS, spread_names
from marfa.methods.surveillance import DETECTORS
from marfa.methods.surveillance.result_files import COLUMNS
from tests.methods.surveillance.series import quiet_counts


@pytest.fixture
def weekly(tmp_path: Path) -> Path:
    """Five and a half years of weeks at three sites; the newest weeks are too many at the first."""
    counts = quiet_counts(290, 3)
    counts[-2:, 0] += 60
    file = tmp_path / "weekly.csv"
    lines = [f"{t},{','.join(str(int(v)) for v in row)}" for t, row in enumerate(counts, start=1)]
    file.write_text("\n".join(["t,alpha,beta,gamma", *lines]) + "\n", encoding="utf-8")
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        main(["warn", *(str(argument) for argument in arguments)])
        code = 0
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    code, out, _err = run(capsys, *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_the_choices_are_the_detectors() -> None:
    assert tuple(DETECTORS) == METHODS


def test_the_table(capsys: pytest.CaptureFixture[str], weekly: Path, tmp_path: Path) -> None:
    out = tmp_path / "alarms.csv"
    code, text, err = run(
        capsys, "detect", weekly, "--method", "flexible_nbPlugin", "--years", 3, "--from", 280,
        "--r-compatible", "--gap", 20, "--out", out,
    )  # fmt: skip
    assert code == 0
    assert "alarms in 3 series and 11 steps" in text
    assert "no ground to close a border" in err
    with out.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    assert {row["config"] for row in rows} == {"flexible_nbPlugin_b3_gap20"}
    assert [row["t"] for row in rows if row["unit"] == "beta"] == [str(t) for t in range(280, 291)]
    newest = {row["unit"]: row["alarm"] for row in rows if row["t"] == "290"}
    assert newest == {"alpha": "1", "beta": "0", "gamma": "0"}


def test_without_a_method_there_is_a_probability(
    capsys: pytest.CaptureFixture[str], weekly: Path
) -> None:
    found = document(capsys, "detect", weekly, "--from", 260)
    assert found["config"] == "seasonal"
    assert all(row["pvalue"] is not None for row in found["rows"])
    assert found["alarms"] == sum(row["alarm"] for row in found["rows"])


@pytest.mark.parametrize("method", METHODS)
def test_every_method_writes_the_columns(
    capsys: pytest.CaptureFixture[str], weekly: Path, tmp_path: Path, method: str
) -> None:
    out = tmp_path / "alarms.csv"
    arguments = ("--years", 3, "--from", 285, "--count", "alpha", "gamma", "--out", out)
    assert run(capsys, "detect", weekly, "--method", method, *arguments)[0] == 0
    rows = out.read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 2 * 6
    assert {row.split(",")[0] for row in rows[1:]} == {"alpha", "gamma"}


def test_several_columns_after_one_option() -> None:
    assert spread_names(["f.csv", "--count", "a", "b", "--json"]) == [
        "f.csv", "--count", "a", "--count", "b", "--json",
    ]  # fmt: skip
    assert spread_names(["--count", "a", "b", "f.csv"])[-1] == "f.csv"


def test_na_and_empty_are_no_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "weekly.csv"
    lines = [f"{t},{4 + t % 3}" for t in range(1, 200)]
    lines[-1], lines[-2] = "199,NA", "198,"
    file.write_text("\n".join(["t,a", *lines]), encoding="utf-8")
    rows = document(capsys, "detect", file, "--from", 197)["rows"]
    assert [row["alarm"] for row in rows] == [0, None, None]
    assert [row["why"] for row in rows] == ["answered", "missing", "missing"]


def test_the_page(capsys: pytest.CaptureFixture[str], weekly: Path, tmp_path: Path) -> None:
    page = tmp_path / "alarms.html"
    assert run(capsys, "detect", weekly, "--from", 250, "--page", page)[0] == 0
    assert page.read_text(encoding="utf-8").count("<svg") == 3


def test_a_budget(capsys: pytest.CaptureFixture[str], weekly: Path) -> None:
    found = document(capsys, "budget", weekly, "--per-step", 0.5, "--replay", 3)
    assert found["series"] == 3
    assert [step["t"] for step in found["steps"]] == [288, 289, 290]
    assert all(step["expected_false"] <= 0.5 for step in found["steps"])
    held = document(capsys, "detect", weekly, "--from", 290, "--per-step", 0.5)
    assert held["budget"][0]["found"] == held["alarms"] == 1
    for method in ("flexible_nbPlugin", "bayes_b3"):
        options = ("--from", 290, "--per-step", 0.1, "--method", method, "--years", 3)
        held = document(capsys, "detect", weekly, *options)
        assert 0.02 < held["budget"][0]["expected_false"] <= 0.1
        assert held["alarms"] == 1
    code, text, _err = run(capsys, "budget", weekly, "--per-step", 0.5)
    assert code == 0
    assert "false alarms" in text


def test_late_reports(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    day = np.datetime64("2019-01-07")
    lines = ["site,happened,reported"]
    for week in range(150):
        for _report in range(rng.poisson(9) + (40 if week >= 147 else 0)):
            late = rng.choice(4, p=[0.4, 0.3, 0.2, 0.1])
            lines.append(f"harbour,{day + 7 * week},{day + 7 * (week + late)}")
    file = tmp_path / "reports.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    options = ("--place", "site", "--date", "happened", "--known", "reported")
    found = document(capsys, "detect", file, *options, "--from", 149)
    assert [row["moment"] for row in found["rows"]][:2] == [149, 150]
    assert [row["t"] for row in found["rows"]][:2] == [148, 149]
    assert found["rows"][1]["alarm"] == 1
    assert 0.5 <= found["rows"][1]["share_known"] < 1
    code, text, _err = run(capsys, "detect", file, *options, "--from", 149)
    assert code == 0
    assert "known by step" in text


def test_a_scan(capsys: pytest.CaptureFixture[str], weekly: Path, tmp_path: Path) -> None:
    sites = tmp_path / "sites.csv"
    text = "unit,latitude,longitude\nalpha,33,36\nbeta,34,36\ngamma,35,36\n"
    sites.write_text(text, encoding="utf-8")
    found = document(capsys, "scan", weekly, "--sites", sites, "--replicates", 99)
    assert found[0]["units"] == ["alpha"]
    assert found[0]["probability"] == 0.01
    assert run(capsys, "scan", weekly, "--sites", sites, "--replicates", 99)[0] == 0
    sites.write_text(text.replace("35,36", "95,36").replace("beta", "delta"), encoding="utf-8")
    code, _out, err = run(capsys, "scan", weekly, "--sites", sites)
    assert code == 1
    assert "Latitude is from" in err
    assert "beta" in err


def test_a_score(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "verdicts.csv"
    rows = ["detector,verdict,raised,known"]
    rows += [f"seasonal,real,2020-01-{6 + i:02},2020-01-20" for i in range(8)]
    rows += ["seasonal,false,2020-02-03,", "seasonal,unclear,2020-02-03,"]
    file.write_text("\n".join(rows), encoding="utf-8")
    (found,) = document(capsys, "score", file)
    assert (found["real"], found["false"], found["unclear"]) == (8, 1, 1)
    assert found["lead"] == 10.5
    code, text, _err = run(capsys, "score", file)
    assert code == 0
    assert "10 alarms, 8 real" in text


def test_a_forecast(capsys: pytest.CaptureFixture[str], weekly: Path) -> None:
    found = document(capsys, "forecast", weekly, "--ahead", 2, "--origins", 4)
    assert {row["baseline"] for row in found["forecasts"]} == {"seasonal", "last_year"}
    assert all(score["crps"] > 0 for score in found["scores"])
    assert run(capsys, "forecast", weekly, "--ahead", 1, "--origins", 2)[0] == 0


def test_the_methods(capsys: pytest.CaptureFixture[str]) -> None:
    assert [row["method"] for row in document(capsys, "methods")] == list(METHODS)
    code, out, _err = run(capsys, "methods")
    assert code == 0
    assert len(out.splitlines()) == len(METHODS)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--count", "delta"), 1, "column of this name"),
        (("--from", "999"), 1, "they go from 1 to 290"),
        (("--method", "glm"), 2, "glm"),
        (("--years", "0"), 2, "--years"),
        (("--false-share", "0.1"), 2, "--per-step"),
        (("--per-step", "1", "--method", "ears_C1"), 2, "probability"),
        (("--known", "t"), 2, "--place and --date"),
        (("--at-risk", "beta", "--method", "ears_C1"), 2, "--at-risk goes with"),
        (("--count",), 2, "requires an argument"),
        (("--layout", "ucdp"), 1, "column of this name"),
        (("--out", "/nowhere/alarms.csv"), 1, "cannot be written"),
    ],
)
def test_wrong_use_is_a_sentence(
    capsys: pytest.CaptureFixture[str],
    weekly: Path,
    arguments: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    found, _out, err = run(capsys, "detect", weekly, *arguments)
    assert found == code
    assert words in err
    assert "Traceback" not in err


def test_a_file_about_origins_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "weekly.csv"
    file.write_text("t,Aleppo,nationality\n1,2,3\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    for command in (("detect",), ("budget", "--per-step", 1), ("forecast",)):
        code, _out, err = run(capsys, command[0], file, *command[1:])
        assert code == 1
        assert "Nationality, religion, ethnicity" in err
    assert run(capsys, "detect", file, "--count", "Aleppo", "--out", out)[0] == 1
    assert not out.exists()


def test_a_short_series_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "weekly.csv"
    file.write_text("t,a\n1,2\n2,3\n3,4\n", encoding="utf-8")
    code, _out, err = run(capsys, "detect", file)
    assert code == 0
    assert "long enough" in err

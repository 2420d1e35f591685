"""``marfa estimate``: its JSON, its report, its refusals."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from marfa import __version__
from marfa.cli.estimate import spread_strata
from marfa.cli.main import main
from marfa.methods.estimation.runs import read_run

KOREA = "b,c,d,count\n0,0,1,41\n0,1,0,5\n1,0,0,5\n1,1,0,54\n1,0,1,6\n0,1,1,0\n1,1,1,12\n"


@pytest.fixture
def korea(tmp_path: Path) -> Path:
    file = tmp_path / "korea.csv"
    file.write_text(KOREA, encoding="utf-8")
    return file


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        main([str(argument) for argument in arguments])
        code = 0
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    code, out, _err = run(capsys, "estimate", *arguments, "--json")
    assert code == 0
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def test_the_document(capsys: pytest.CaptureFixture[str], korea: Path) -> None:
    found = answer(capsys, korea, "--replicates", 200, "--seed", 3)
    assert list(found) == ["observed", "lists", "results", "headline", "refusals", "run"]
    assert found["observed"] == 123
    assert found["lists"] == ["b", "c", "d"]
    methods = [result["method"] for result in found["results"]]
    assert methods == ["independence", "stepwise", "bic", "bma", "dga"]
    for result in found["results"]:
        assert list(result) == [
            "method",
            "estimate",
            "intervals",
            "terms",
            "bic",
            "valid_models",
            "warnings",
        ]
        for interval in result["intervals"]:
            assert list(interval) == ["kind", "level", "low", "high"]
    bic = found["results"][2]
    assert bic["estimate"] == pytest.approx(157.1666667)
    assert bic["bic"] == pytest.approx(57.14081, abs=1e-5)
    assert bic["terms"] == ["b:c", "c:d"]
    assert bic["valid_models"] == 6
    assert found["headline"]["verdict"] == "estimate"


@pytest.mark.parametrize(
    ("method", "kind", "kinds"),
    [
        ("stepwise", "bca", {"bca"}),
        ("bic", "percentile", {"percentile"}),
        ("bic", "profile", {"profile"}),
        ("dga", "bca", {"credible"}),
        ("bma", "none", set()),
    ],
)
def test_kinds_of_interval(
    capsys: pytest.CaptureFixture[str], korea: Path, method: str, kind: str, kinds: set[str]
) -> None:
    found = answer(capsys, korea, "--method", method, "--interval", kind, "--replicates", 100)
    assert [result["method"] for result in found["results"]] == [method]
    assert {interval["kind"] for interval in found["results"][0]["intervals"]} == kinds


def test_same_seed_same_answer(capsys: pytest.CaptureFixture[str], korea: Path) -> None:
    arguments = (korea, "--replicates", 250, "--seed", 9)
    one = answer(capsys, *arguments)
    assert answer(capsys, *arguments, "--workers", 2) == one
    assert answer(capsys, korea, "--replicates", 250, "--seed", 10) != one


def test_no_replicates(capsys: pytest.CaptureFixture[str], korea: Path) -> None:
    found = answer(capsys, korea, "--replicates", 0)
    assert all(result["intervals"] == [] for result in found["results"])


def test_strata(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "groups.csv"
    lines = KOREA.splitlines()
    text = lines[0].replace("count", "sex,count")
    for sex in "fm":
        text += "".join(
            f"\n{','.join(row.split(',')[:3])},{sex},{row.split(',')[3]}" for row in lines[1:]
        )
    file.write_text(text, encoding="utf-8")
    found = answer(capsys, file, "--replicates", 0, "--strata", "sex")
    assert [part["stratum"] for part in found["strata"]] == [{"sex": "f"}, {"sex": "m"}]
    assert found["results"][2]["estimate"] == pytest.approx(2 * 157.1666667)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            ["f.csv", "--strata", "a", "b", "--json"],
            ["f.csv", "--strata", "a", "--strata", "b", "--json"],
        ),
        (["--strata", "a", "b", "f.csv"], ["--strata", "a", "--strata", "b", "f.csv"]),
        (["f.csv", "--strata", "a", "--strata", "b"], ["f.csv", "--strata", "a", "--strata", "b"]),
        (["--json", "f.csv"], ["--json", "f.csv"]),
        (["f.csv", "--strata"], ["f.csv", "--strata"]),
    ],
)
def test_several_strata_columns(given: list[str], expected: list[str]) -> None:
    assert spread_strata(given) == expected


def test_a_run_is_computed_again(capsys: pytest.CaptureFixture[str], korea: Path) -> None:
    options = ("--replicates", 120, "--seed", 5, "--unreachable", 0.2, "--link-recall", "80/100")
    found = answer(capsys, korea, *options)
    run_ = found["run"]
    assert run_["version"] == __version__
    assert run_["file_sha256"] == hashlib.sha256(korea.read_bytes()).hexdigest()
    assert run_["seed"] == 5
    assert found["headline"]["unreachable"] == 0.2
    assert "20%" in found["headline"]["text"]
    again = answer(capsys, "--run", run_["id"], korea)
    recorded = again["run"].pop("recorded")
    assert recorded["same_figures"] is True
    assert again == found
    code, out, _err = run(capsys, "estimate", "--run", run_["id"], korea, "--workers", 2)
    assert code == 0
    assert "The figures are those of the run." in out


def test_a_run_of_another_file_or_version(
    capsys: pytest.CaptureFixture[str], korea: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = answer(capsys, korea, "--replicates", 50)["run"]["id"]
    other = korea.with_name("other.csv")
    other.write_text(KOREA.replace("41", "42"), encoding="utf-8")
    code, _out, err = run(capsys, "estimate", "--run", id_, other)
    assert code == 1
    assert "its contents differ" in err
    code, _out, err = run(capsys, "estimate", "--run", id_[:-1], korea)
    assert code == 1
    assert "Traceback" not in err
    code, _out, err = run(capsys, "estimate", "--run", id_, korea, "--seed", 3)
    assert code == 2
    old = dataclasses.replace(read_run(id_), version="0.0.9").id
    found = answer(capsys, "--run", old, korea)
    assert [m["code"] for m in found["run"]["recorded"]["messages"]] == ["run-version", "run-same"]


def test_the_long_layout_of_r(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """conting writes lists as un and obs, the count as y, and NA for the people on none."""
    rows = ['"y","S1","S2","S3","eth"']
    for group, counts in (("one", (40, 30, 9, 25, 8, 7, 3)), ("two", (50, 35, 12, 30, 9, 8, 4))):
        rows.append(f'NA,"un","un","un","{group}"')
        for cell, count in enumerate(counts, 1):
            marks = ",".join('"obs"' if cell >> i & 1 else '"un"' for i in range(3))
            rows.append(f'{count},{marks},"{group}"')
    file = tmp_path / "long.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    found = answer(capsys, file, "--strata", "eth", "--replicates", 100)
    assert found["lists"] == ["S1", "S2", "S3"]
    assert found["observed"] == 122 + 148
    assert [level["value"] for level in found["levels"]] == ["one", "two"]
    assert found["trends"] == []
    shared = answer(capsys, file, "--covariates", "eth", "--replicates", 100)
    assert "shared" in {result["method"] for result in shared["results"]}
    code, _out, err = run(capsys, "estimate", file)
    assert code == 1
    assert "--strata" in err
    assert "eth" in err


def test_places_are_an_assumption_that_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "places.csv"
    lines = [f"{line},{place}" for place in "xy" for line in KOREA.splitlines()[1:]]
    file.write_text("\n".join(["b,c,d,count,place", *lines]), encoding="utf-8")
    found = answer(capsys, file, "--place", "place", "--replicates", 50)
    codes = {caution["code"] for caution in found["headline"]["cautions"]}
    assert "caution-inside-places" in codes
    assert "not-a-quota" in codes
    everywhere = answer(capsys, file, "--strata", "place", "--lists-everywhere", "--replicates", 50)
    codes = {caution["code"] for caution in everywhere["headline"]["cautions"]}
    assert "caution-everywhere" in codes


@pytest.mark.parametrize("share", ["1.5", "9/0", "12/10", "a", "-1/5"])
def test_a_share_of_links_that_is_none(
    capsys: pytest.CaptureFixture[str], korea: Path, share: str
) -> None:
    code, _out, err = run(capsys, "estimate", korea, f"--link-recall={share}")
    assert code == 2
    assert "Traceback" not in err


REFUSED = {
    "refused-no-overlap": "a,b,c,count\n1,0,0,9\n0,1,0,8\n0,0,1,7\n",
    "refused-one-list": "a,count\n1,9\n",
    "refused-empty-list": "a,b,c,count\n1,0,0,9\n0,1,0,8\n1,1,0,7\n",
    "refused-duplicate-list": "a,b,c,count\n1,1,0,9\n0,0,1,8\n1,1,1,7\n",
    "refused-contained-list": "a,b,c,count\n1,1,0,9\n0,1,0,8\n1,1,1,7\n0,0,1,5\n",
    "count-negative": "a,b,c,count\n1,1,0,-9\n",
}


@pytest.mark.parametrize(("key", "text"), REFUSED.items(), ids=REFUSED.keys())
def test_refusals(capsys: pytest.CaptureFixture[str], tmp_path: Path, key: str, text: str) -> None:
    file = tmp_path / "lists.csv"
    file.write_text(text, encoding="utf-8")
    code, out, err = run(capsys, "estimate", file, "--json")
    assert code == 1
    found = json.loads(out)
    assert found["results"] == []
    assert key in {refusal["code"] for refusal in found["refusals"]}
    assert found["headline"]["point"] is None
    assert err.strip()
    code, out, err = run(capsys, "estimate", file)
    assert code == 1
    assert "Traceback" not in err


def test_report(capsys: pytest.CaptureFixture[str], korea: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    answer(capsys, korea, "--replicates", 100, "--report", target)
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert {file.name for file in tmp_path.iterdir()} == {"korea.csv", "report.html"}


def test_wrong_use(capsys: pytest.CaptureFixture[str], korea: Path) -> None:
    code, _out, err = run(capsys, "estimate", korea, "--method", "magic")
    assert code == 2
    assert "magic" in err
    code, _out, err = run(capsys, "estimate", korea, "--link-recall", "0.05")
    assert code == 1
    assert "0.2" in err


def test_in_words(capsys: pytest.CaptureFixture[str], korea: Path) -> None:
    code, out, _err = run(capsys, "estimate", korea, "--replicates", 100)
    assert code == 0
    assert out.startswith("About 176 people in all: 157 to 269 by method")
    assert "Best model by BIC: 157" in out


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [1.0, 4.0])
def test_stopped_with_workers_it_ends_and_leaves_nothing(
    korea: Path, tmp_path: Path, seconds: float
) -> None:
    target = tmp_path / "report.html"
    command = [sys.executable, "-m", "marfa", "estimate", str(korea), "--workers", "2"]
    process = subprocess.Popen(
        [*command, "--replicates", "200000", "--report", str(target)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=300)
    assert process.returncode == 1
    assert b"Traceback" not in err
    assert {file.name for file in tmp_path.iterdir()} == {"korea.csv"}

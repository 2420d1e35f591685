"""What is said while a demonstration is made: to a file a line a stage, to a terminal more."""

from __future__ import annotations

import pytest

from marfa.cli.server.demo_progress import SECONDS, Progress, estimated_seconds

STAGES = ("tables", "founding", "people", "year", "by-hand", "storing", "made")


def told(capsys: pytest.CaptureFixture[str], *, terminal: bool) -> str:
    progress = Progress(5_000, terminal)
    for stage in STAGES:
        progress.begin(stage)
        if stage in ("people", "year"):
            for step in range(101):
                progress.tell(stage, step / 100)
    out, err = capsys.readouterr()
    assert out == "", "results alone go to standard output"
    return err


def test_a_file_gets_a_line_for_each_stage(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, terminal=False)
    assert len(text.splitlines()) == len(STAGES)
    assert "\r" not in text
    assert "5,000 people" in text
    assert text.count("about") == len(SECONDS)


def test_a_terminal_sees_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    text = told(capsys, terminal=True)
    assert "\r50 %" in text
    assert text.count("\n") == len(STAGES) + 2, "what was written over ends with its line"


def test_how_long_follows_the_people() -> None:
    assert (
        estimated_seconds("year", 100)
        < estimated_seconds("year", 1_000)
        < estimated_seconds("year", 5_000)
    )
    assert all(
        estimated_seconds(stage, people) >= 5 for stage in SECONDS for people in (0, 12, 100_000)
    )


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_said_in_arabic_too(
    stage: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARFA_LANGUAGE", "ar")
    Progress(5_000, terminal=False).begin(stage)
    assert any("\u0600" <= letter <= "\u06ff" for letter in capsys.readouterr().err)

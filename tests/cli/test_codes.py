"""``marfa codes``: what translators and data officers see."""

from __future__ import annotations

import json

import pytest

from marfa.cli.main import main
from marfa.domain.codelists import codelist, list_names


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(["codes", *arguments])
    return capsys.readouterr().out


def test_list_names_every_list(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, "list").splitlines()
    assert [line.split()[0] for line in lines] == list(list_names())


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(output(capsys, "list", "--language", "ar", "--json"))
    assert {"name": "sex", "codes": 4, "title": "الجنس"} in found


@pytest.mark.parametrize("name", list_names())
def test_every_list_shows(capsys: pytest.CaptureFixture[str], name: str) -> None:
    shown = output(capsys, "show", name, "--language", "ar")
    listed = codelist(name)
    assert all(listed.label(code, "ar") in shown for code in listed.codes)
    assert listed.source in shown
    assert listed.licence in shown


def test_show_as_json_says_what_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(output(capsys, "show", "exploitation_forms", "--json", "--language", "en"))
    entry = next(e for e in data["codes"] if e["code"] == "forced_criminality")
    assert entry["mapping"]["htcds"]["targets"] == ["vic_TypeOfExploitation=Other"]
    assert "lost" in entry["mapping"]["htcds"]["loss"]
    assert data["reviewed"] is False


def test_an_unknown_list_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["codes", "show", "colours"])
    assert stopped.value.code == 1
    assert "colours" in capsys.readouterr().err


def test_an_unknown_language_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["codes", "list", "--language", "de"])
    assert stopped.value.code == 2

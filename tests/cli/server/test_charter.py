"""``marfa charter`` as a person meets it."""

from __future__ import annotations

import json

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner

from marfa.cli.main import main, marfa
from marfa.safeguards.charter import mutants
from marfa.safeguards.charter.loader import all_policies, policy_translator, title_of
from marfa.safeguards.charter.mutants import Fate, Mutant
from marfa.safeguards.charter.parts import HERE, LATER, every_part


def test_all_policies_are_shown_with_both_halves() -> None:
    shown = CliRunner().invoke(marfa, ["charter", "show"])
    assert shown.exit_code == 0
    for policy in all_policies():
        assert policy.id in shown.output
        assert policy.adds in shown.output
        assert policy.text in shown.output


def test_json_has_the_policies_whose_id_begins_so() -> None:
    shown = CliRunner().invoke(marfa, ["charter", "show", "OP9", "--json"])
    found = json.loads(shown.output)
    assert {each["file"] for each in found} == {"rule6_lawful_sharing.cedar"}
    assert all(each["text"] and each["adds"] for each in found)


def test_a_policy_is_explained() -> None:
    shown = CliRunner().invoke(marfa, ["charter", "explain", "OP29.protected.hidden", "--json"])
    found = json.loads(shown.output)
    assert "resource.protected" in found["cedar"]
    assert "people.see" in found["actions"]
    assert found["cases"] > 20
    shown = CliRunner().invoke(marfa, ["charter", "explain", "OP29.protected.hidden"])
    assert "people.see" in shown.output


@pytest.mark.parametrize("arguments", [["show", "OP99"], ["explain", "OP29"]])
def test_an_unknown_policy_is_a_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["charter", *arguments])
    assert ended.value.code == 1
    assert "No policy is called" in capsys.readouterr().err


def test_what_goes_unnoticed_is_told_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    alive = Mutant("OP29.protected.hidden", "removed", "", None)
    dead = Mutant("OP29.protected.hidden", "turned round", "resource.protected", {})
    monkeypatch.setattr(
        mutants, "try_mutants", lambda *_: [Fate(alive, None), Fate(dead, "a case")]
    )
    shown = CliRunner().invoke(marfa, ["charter", "mutants"])
    assert shown.exit_code == 1
    assert "OP29.protected.hidden  1/2" in shown.output
    assert "taken away" in shown.output
    shown = CliRunner().invoke(marfa, ["charter", "mutants", "--json"])
    assert json.loads(shown.output)["mutants"] == 2
    assert len(json.loads(shown.output)["unnoticed"]) == 1


def test_the_words_of_every_policy_are_in_arabic_too() -> None:
    translate = policy_translator("ar")
    told = {text for policy in all_policies() for text in (policy.text, policy.adds) if text}
    assert [text for text in told if translate(text) == text] == []


def test_every_group_of_policies_has_a_title_in_both_languages() -> None:
    for file in {policy.file for policy in all_policies()}:
        assert title_of(file, "en") != title_of(file, "ar")


def test_no_words_of_policies_are_kept_that_nobody_says() -> None:
    said = {text for policy in all_policies() for text in (policy.text, policy.adds)}
    said |= {title_of(file, "en") for file in {policy.file for policy in all_policies()}}
    folders = [part.folder for part in (LATER, *every_part())]
    files = [file for folder in folders for file in folder.glob("*.po")]
    files.append(HERE / "policies" / "locale" / "ar.po")
    assert len(files) > 20
    for file in files:
        with file.open("rb") as stream:
            kept = {entry.id for entry in read_po(stream) if entry.id}
        assert kept <= said, file

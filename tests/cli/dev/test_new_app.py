"""``marfa dev`` in a copy of the source: a new app is written whole or not at all."""

from __future__ import annotations

import json
import keyword
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.source_copy import ROOT, SourceCopy

from marfa.cli import main as root
from marfa.cli.dev.checkout import find_checkout
from marfa.cli.dev.new_app import app_texts
from marfa.cli.dev.words import ARABIC, Subject, check_desk, check_noun
from marfa.cli.main import main
from marfa.domain.desks import Desk
from marfa.domain.message import InputError

PARTS = ("src", "tests", "pyproject.toml")
MOST, MOST_SHARED = 14, 0
NOUN = "المورّدون"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> SourceCopy:
    """One copy for all tests of this module; each leaves it as it was."""
    return SourceCopy.make(tmp_path_factory.mktemp("tree") / "copy", only=PARTS)


@pytest.fixture
def written(tree: SourceCopy) -> Iterator[list[str]]:
    """The files of an app that was written into the copy."""
    arguments = ("suppliers", "--desk", "coordination", "--arabic", NOUN, "--json")
    made = tree.run("marfa", "dev", "new-app", *arguments)
    assert made.returncode == 0, made.stderr
    files = json.loads(made.stdout)["files"]
    yield files
    forget(tree, "suppliers")


def forget(tree: SourceCopy, name: str) -> None:
    """Take an app out of the copy again."""
    shutil.rmtree(tree.path / "src/marfa/apps" / name)
    (tree.path / f"tests/apps/test_{name}.py").unlink()


def test_the_command_prints_all_that_it_wrote_and_touches_nothing_else(tree: SourceCopy) -> None:
    before = tree.digests()
    made = tree.run("marfa", "dev", "new-app", "visits", "--desk", "protection")
    assert made.returncode == 0, made.stderr
    after = tree.digests()
    new = after.keys() - before.keys()
    printed = made.stdout.splitlines()[: len(new)]
    assert set(printed) == new
    assert len(new) <= MOST
    shared = {file for file in before if after.get(file) != before[file]}
    assert len(shared) <= MOST_SHARED, shared
    assert f"{len(new)} files" in made.stdout
    assert ARABIC in made.stdout, "it says that the noun is only a stand-in"
    forget(tree, "visits")


def test_an_app_that_does_not_pass_is_not_written(tree: SourceCopy) -> None:
    template = tree.path / "src/marfa/cli/dev/app/fields.toml.txt"
    whole = template.read_text(encoding="utf-8")
    template.write_text(whole.replace("recorded_at = ", "# recorded_at = "), encoding="utf-8")
    before = tree.digests()
    refused = tree.run("marfa", "dev", "new-app", "suppliers", "--desk", "coordination")
    after = tree.digests()
    template.write_text(whole, encoding="utf-8")
    assert refused.returncode == 1
    assert "Supplier.recorded_at" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert after == before
    assert list((tree.path / "build").iterdir()) == []


def test_what_is_there_is_not_written_twice(tree: SourceCopy, written: list[str]) -> None:
    before = tree.digests()
    again = tree.run("marfa", "dev", "new-app", "suppliers", "--desk", "finance")
    assert (again.returncode, tree.digests()) == (1, before)
    assert "suppliers is taken" in again.stderr


@pytest.mark.slow
def test_a_field_more_asks_for_a_migration_which_is_written(
    tree: SourceCopy, written: list[str]
) -> None:
    assert tree.run("marfa", "dev", "makemigrations", "--check").returncode == 0
    models = tree.path / "src/marfa/apps/suppliers/models.py"
    text = models.read_text(encoding="utf-8")
    line = "    text = VaultTextField(null=True)\n"
    models.write_text(text.replace(line, f"{line}    more = VaultTextField(null=True)\n"))
    assert tree.run("marfa", "dev", "makemigrations", "--check").returncode == 1
    made = tree.run("marfa", "dev", "makemigrations", "suppliers", "--json")
    assert made.returncode == 0, made.stderr
    (file,) = json.loads(made.stdout)["files"]
    assert file.startswith("src/marfa/apps/suppliers/migrations/0002_")
    assert 'name="more"' in (tree.path / file).read_text(encoding="utf-8")
    undeclared = tree.run("marfa", "dev", "check")
    assert undeclared.returncode == 1
    assert "Supplier.more" in undeclared.stdout
    (tree.path / file).unlink()
    models.write_text(text)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["suppliers"], "Missing option '--desk'"),
        (["suppliers", "--desk", "harbour"], "harbour"),
        (["suppliers", "--desk", "administration"], "may not read"),
        (["cases", "--desk", "protection"], "cases is taken"),
        (["people", "--desk", "protection"], "people is taken"),  # a namespace of addresses
        (["manifest", "--desk", "protection"], "manifest is taken"),
        (["form_view", "--desk", "protection"], "form_view is taken"),
        (["sessions", "--desk", "protection"], "sessions is taken"),  # an app of Django's
        (["revisions", "--desk", "protection"], "revisions is taken"),  # one of the platform
        (["scores", "--desk", "reporting"], "scores is taken"),  # the first word of an action
        (["places", "--desk", "protection"], "called Place"),  # a kind of the charter
        (["class", "--desk", "protection"], "word of Python"),
        (["match", "--desk", "protection"], "word of Python"),
        (["queue", "--desk", "protection"], "standard library"),
        (["Suppliers", "--desk", "protection"], "no name for an app"),
        (["2nd_suppliers", "--desk", "protection"], "no name for an app"),
        (["sup-pliers", "--desk", "protection"], "no name for an app"),
        (["../suppliers", "--desk", "protection"], "no name for an app"),
        (["_suppliers", "--desk", "protection"], "no name for an app"),
        (["s" * 25, "--desk", "protection"], "no name for an app"),
        (["", "--desk", "protection"], "no name for an app"),
        (["suppliers", "--desk", "protection", "--arabic", 'x"'], "not Arabic"),
    ],
)
def test_what_cannot_be_an_app_is_refused_and_nothing_is_written(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {*(ROOT / "src/marfa/apps").iterdir(), *(ROOT / "tests/apps").iterdir()}
    with pytest.raises(SystemExit) as end:
        main(["dev", "new-app", *arguments])
    assert end.value.code in (1, 2)
    assert said in capsys.readouterr().err
    assert {*(ROOT / "src/marfa/apps").iterdir(), *(ROOT / "tests/apps").iterdir()} == before


def test_the_commands_are_those_of_a_checkout_alone(
    tmp_path: Path, tree: SourceCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_checkout() == ROOT
    assert "dev" in root.commands_here()
    site = tmp_path / "site-packages"
    site.mkdir()
    (site / "marfa").symlink_to(tree.path / "src/marfa")
    assert find_checkout(site / "marfa") is None
    installed = tree.run("marfa", "dev", "check", PYTHONPATH=str(site))
    assert (installed.returncode, "No such command" in installed.stderr) == (2, True)
    monkeypatch.setattr(root, "find_checkout", lambda: None)
    assert "dev" not in root.commands_here()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("check",), "All checks pass."),
        (("makemigrations", "--check"), "No changes detected"),
        (("shell", "--command", "print(Organisation.objects.count(), 'of none')"), "0 of none"),
    ],
)
def test_a_throwaway_folder_is_thrown_away_and_a_real_one_is_not_touched(
    tree: SourceCopy, tmp_path: Path, command: tuple[str, ...], said: str
) -> None:
    real, scratch, before = tmp_path / "real", tmp_path / "scratch", tree.digests()
    scratch.mkdir()
    done = tree.run(
        "marfa",
        "dev",
        *command,
        TMPDIR=str(scratch),
        MARFA_DATA=str(real),
        MARFA_DATABASE="postgresql://nobody@127.0.0.1:1/nothing",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert said in done.stdout
    assert not real.exists()
    assert list(scratch.iterdir()) == []
    assert tree.digests() == before


@pytest.mark.parametrize(
    ("name", "model", "kind"),
    [
        ("suppliers", "supplier", "Supplier"),
        ("bodies", "body", "Body"),
        ("boxes", "box", "Box"),
        ("evidence_items", "evidence_item", "EvidenceItem"),
        ("progress", "progress", "Progress"),
        ("census", "census", "Census"),
    ],
)
def test_rows_are_called_by_the_singular(name: str, model: str, kind: str) -> None:
    subject = Subject(name, Desk.COORDINATION)
    assert (subject.model, subject.kind) == (model, kind)


@pytest.mark.parametrize("desk", [desk for desk in Desk if desk != Desk.ADMINISTRATION])
def test_every_desk_brings_a_purpose_and_roles(desk: Desk) -> None:
    subject = Subject("suppliers", check_desk(desk))
    texts = app_texts(subject, ROOT / "src" / "marfa")
    assert f"Purpose.{subject.purpose.upper()}" in texts["queries.py"]
    for role in subject.roles:
        assert f"principal.{role}.of" in texts["charter/policies.cedar"]
        assert texts["charter/grid.toml"].count(f"permitted.{role} ") == 3
    assert not keyword.iskeyword(subject.model)


@pytest.mark.parametrize("noun", ["", "suppliers", 'المورّدون"', "المورّدون\\", "1", "المورّدون."])
def test_a_noun_is_arabic_and_nothing_else(noun: str) -> None:
    with pytest.raises(InputError):
        check_noun(noun)
    assert check_noun(f" {NOUN}  {NOUN} ") == f"{NOUN} {NOUN}"


def test_one_text_has_one_translation_where_another_app_says_it() -> None:
    subject = Subject("sites", Desk.COORDINATION)
    assert subject.arabic_words({"Sites": "المواقع"})["Sites"] == "المواقع"
    assert subject.arabic_words({})["Sites"] == ARABIC

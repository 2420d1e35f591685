"""Rule 4 at each door by which a list, or words, of one's own come into use: no file, page or
command brings a question about who somebody is into a score or an alert.

The control of each is a list that asks for nothing of the kind, with two signatures: it gets in.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marfa.apps.manifest import Desk
from marfa.apps.organisations.queries import actor_of
from marfa.apps.screening import instruments
from marfa.apps.screening.actions.interview import ask_first, look_at_conditions
from marfa.apps.screening.conditions import Condition, Met
from marfa.apps.screening.instrument_forms import add_instrument_form
from marfa.apps.screening.models import Screening
from marfa.cli.main import marfa
from marfa.domain.message import InputError
from marfa.methods.screening import Library, Panel, PilotUse
from tests.apps.screening.signed import sign_by_two
from tests.apps.screening.test_interview import Office, desk
from tests.apps.screening.test_views import at, begin, sit_down
from tests.conftest import Operation
from tests.methods.screening.own_lists.held_out import HELD_OUT
from tests.methods.screening.own_lists.made import NAME, sign, write_list
from tests.methods.screening.own_lists.profiling import PROFILING

__all__ = ["desk"]
EACH = [
    (code, text) for questions in (PROFILING, HELD_OUT) for code, texts in questions.items()
    for text in texts[:1]
]  # fmt: skip
YAZIDI = "Are you Yazidi?"
RISK = "registration-risk"


def command(*arguments: str) -> Result:
    return CliRunner().invoke(marfa, arguments)


def screened(folder: Path, tmp_path: Path, *more: str) -> Result:
    answers = tmp_path / "answers.csv"
    answers.write_text("person,age,example\nP1,adult,yes\n", encoding="utf-8")
    return command("screen", str(answers), "-i", NAME, "--library", str(folder), *more)


@pytest.mark.parametrize(("language", "text"), EACH)
def test_the_commands_refuse_the_question(tmp_path: Path, language: str, text: str) -> None:
    file = write_list(tmp_path / "ours", text, language)
    told = command("instruments", "check", str(file), "--json")
    assert told.exit_code == 1
    problems = json.loads(told.stdout)["problems"]
    assert "example" in {one["message"]["params"].get("item") for one in problems}
    assert language in json.loads(told.stdout)["checked"]
    assert screened(file.parent, tmp_path).exit_code == 1


def test_the_commands_take_what_two_people_signed(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    file = write_list(folder)
    assert command("instruments", "check", str(file)).exit_code == 0
    assert screened(folder, tmp_path).exit_code == 1, "unsigned, for trial"
    study = ("instruments", "study", "new", "-i", NAME, "--language", "en", "--library")
    assert command(*study, str(folder), str(tmp_path / "study")).exit_code == 1
    sign(folder, second="")
    assert screened(folder, tmp_path).exit_code == 1, "one signature"
    paper = sign(folder)
    assert screened(folder, tmp_path).exit_code == 0
    live = ("--language", "en", "--authorisation", str(paper))
    assert screened(folder, tmp_path, *live).exit_code == 0
    assert command(*study, str(folder), str(tmp_path / "study")).exit_code == 0
    texts = folder / "texts" / f"{NAME}.en.toml"
    texts.write_text(texts.read_text(encoding="utf-8").replace("something", "anything"))
    assert screened(folder, tmp_path).exit_code == 1, "a word changed after it was signed"
    assert screened(folder, tmp_path, *live).exit_code == 1


def test_a_signed_question_that_profiles_is_not_scored(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    write_list(folder)
    paper = sign(folder)
    assert screened(folder, tmp_path).exit_code == 0, "the control"
    write_list(folder, YAZIDI)
    with pytest.raises(InputError):
        Library([folder]).instrument(NAME)
    live = ("--language", "en", "--authorisation", str(paper))
    for more in ((), live):
        told = screened(folder, tmp_path, *more)
        assert told.exit_code == 1
        assert "act-now" not in told.output


@pytest.fixture
def folder() -> Iterator[Path]:
    found = instruments.own_folder()
    assert not found.exists()
    found.mkdir(parents=True)
    yield found
    shutil.rmtree(found)


@pytest.mark.parametrize(("language", "text"), EACH)
def test_no_file_changes_a_built_in_question_into_it(
    folder: Path, language: str, text: str
) -> None:
    (folder / "texts").mkdir()
    head = f'schema = 1\nset = "{RISK}"\nlanguage = "{language}"\nstatus = "draft"\n[texts]\n'
    file = folder / "texts" / f"{RISK}.{language}.toml"
    said = '{ feminine = "%s", masculine = "%s" }'
    file.write_text(head + f"rr-tonight = {said % (text, text)}\n", encoding="utf-8")
    library = Library([folder], lenient=True)
    wording = library.wording(library.instrument(RISK), language)
    assert all(text not in one.every_form() for one in wording.texts.values())
    assert [one.place.file for one in library.wrong] == [file.name] * len(library.wrong) != []
    # The control: harmless words in the same place are there.
    file.write_text(head + f"rr-tonight = {said % ('-', '-')}\n", encoding="utf-8")
    library = Library([folder], lenient=True)
    assert library.wording(library.instrument(RISK), language).texts["rr-tonight"].words() == "-"


def ready(desk: Office, operation: Operation) -> Screening:
    row = desk.sit_down()
    told = {each.value: Met.YES.value for each in Condition}
    officer = actor_of(operation.desks[Desk.RECEPTION])
    look_at_conditions(actor=officer, screening=row, base_version=1, told=told, interpreter="T-7")
    row.refresh_from_db()
    return row


@pytest.mark.django_db(transaction=True)
def test_nobody_is_asked_with_an_unsigned_list(
    desk: Office, operation: Operation, folder: Path
) -> None:
    write_list(folder)
    with pytest.raises(InputError) as refused:
        instruments.instrument_panel(NAME)
    assert [one.message.key for one in refused.value.problems] == ["not-signed-by-two"]
    row, actor = ready(desk, operation), actor_of(operation.desks[Desk.RECEPTION])
    panel = Panel((instruments.instrument_library().instrument(NAME),))
    version = row.version

    def ask(panel: Panel) -> None:
        ask_first(actor=actor, screening=row, base_version=version, panel=panel, use=PilotUse())

    with pytest.raises(InputError):
        ask(panel)
    with pytest.raises(InputError):
        add_instrument_form(actor=actor, organisation=operation.controller, name=NAME)
    row.refresh_from_db()
    assert row.state == Screening.State.PREPARING
    sign_by_two(operation, NAME)
    ask(instruments.instrument_panel(NAME))
    row.refresh_from_db()
    assert (row.state, row.instrument) == (Screening.State.ASKING, NAME), "the control"


@pytest.mark.django_db(transaction=True)
def test_the_page_asks_with_a_built_in_list_in_its_place(
    desk: Office, operation: Operation, folder: Path
) -> None:
    write_list(folder, YAZIDI)
    officer = operation.at(Desk.RECEPTION)
    row = sit_down(officer, desk.person)
    begin(officer, row, NAME)
    assert row.instrument == RISK
    assert YAZIDI not in officer.get(at("question", row, 0)).content.decode()

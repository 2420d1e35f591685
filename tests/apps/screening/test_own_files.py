"""A wrong file of an installation's own is left out and told of; interviews go on without it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse

from marfa.apps.manifest import Desk
from marfa.apps.screening import instruments
from marfa.apps.screening.work import work_items_of
from marfa.domain.message import InputError
from marfa.methods.screening import Library
from tests.apps.screening.test_interview import Office, desk
from tests.apps.screening.test_views import at, begin, sit_down
from tests.conftest import Operation

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "site_words:all"
TEXTS = 'schema = 1\nset = "registration-risk"\nlanguage = "en"\nstatus = "draft"\n\n[texts]\n'
WRONG: dict[str, str | bytes] = {
    "registration-risk.toml": 'schema = 1\nname = "registration-risk"\n',
    "ours.toml": 'schema = 1\nname = "ours"\nrule = \n',
    "bytes.toml": b"\xff\xfe",
    "texts/registration-risk.en.toml": TEXTS + 'rr-alone = "What is your religion?"\n',
    "texts/registration-risk.fr.toml": "schema = 1\n[texts",
    "a.authorisation.toml": 'accepts = "something else"\n',
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """The folder of the installation's own files, empty before and after."""
    found = instruments.own_folder()
    assert not found.exists()
    (found / "texts").mkdir(parents=True)
    yield found
    shutil.rmtree(found)


def write(folder: Path, name: str) -> None:
    content = WRONG[name]
    data = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(data)


def read_all(library: Library) -> None:
    for name in library.names():
        library.instrument(name)


@pytest.mark.parametrize("name", WRONG)
def test_an_interview_goes_on_and_administrators_see_the_file(
    desk: Office, operation: Operation, folder: Path, name: str
) -> None:
    officer, chief = operation.at(Desk.RECEPTION), operation.at(Desk.ADMINISTRATION)
    todo = reverse(PAGE)
    assert todo not in [item.url for item in work_items_of(operation.desks[Desk.ADMINISTRATION])]
    write(folder, name)
    row = sit_down(officer, desk.person)
    begin(officer, row)
    page = officer.get(at("question", row, 3)).content.decode()
    assert "religion" not in page, "what is wrong is not put to anybody"
    assert 'name="said-rr-alone"' in page
    shown = chief.get(todo).content.decode()
    told = shown.split("Files of your own that are left out")[1].split("</ul>")[0]
    assert Path(name).name in told
    assert told.count("<li>") >= 1
    assert todo in [item.url for item in work_items_of(operation.desks[Desk.ADMINISTRATION])]


def test_a_right_text_beside_a_wrong_one_is_used(
    desk: Office, operation: Operation, folder: Path
) -> None:
    write(folder, "ours.toml")
    ours = TEXTS + 'rr-alone = "Is nobody with you whom you trust?"\n'
    (folder / "texts" / "registration-risk.en.toml").write_text(ours)
    officer = operation.at(Desk.RECEPTION)
    there = reverse("to_screen:sit_down", args=[desk.person.reference])
    officer.post(there, {"language": "en", "form": "feminine"})
    row = desk.person.screenings.get()
    begin(officer, row)
    page = officer.get(at("question", row, 0)).content.decode()
    assert "Is nobody with you whom you trust?" in page


def test_the_strict_library_of_the_command_refuses_the_same(folder: Path) -> None:
    """The control: every one of these files is wrong."""
    for name in WRONG:
        if name.endswith("authorisation.toml"):
            continue
        write(folder, name)
        with pytest.raises(InputError):
            read_all(Library([folder]))
        (folder / name).unlink()


def test_a_folder_without_a_fault_tells_of_none(operation: Operation, folder: Path) -> None:
    assert instruments.wrong_files() == ()
    page = operation.at(Desk.ADMINISTRATION).get(reverse(PAGE)).content.decode()
    assert "left out" not in page

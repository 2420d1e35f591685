"""The tutorials are followed as a stranger would: every command, and what it is said to print."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from marfa.apps.forms.actions.devices import Connected
from marfa.apps.forms.actions.practice import offer_for_practice
from marfa.apps.forms.actions.versions import add_form, examine_xlsform
from marfa.apps.organisations.queries import actor_of
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose
from tests.conftest import Operation
from tests.contracts.openrosa.test_conformance import connected as connected
from tests.contracts.openrosa.test_practice import judged
from tests.support.installation import environment
from tests.support.reference import form_of_the_standard
from tests.support.shared_copies import Once
from tests.support.tutorials import Block, blocks, fits, run

FOLDER = Path(__file__).parents[1] / "docs" / "tutorials"
PAGES = sorted(file.name for file in FOLDER.glob("*.md") if file.name != "README.md")
INSTALLED = ["form.md"]


def of(page: str) -> list[Block]:
    return blocks((FOLDER / page).read_text(encoding="utf-8"))


def list_of_the_united_nations() -> Path:
    folder = os.environ.get("MARFA_REFERENCE_DATA")
    if not folder:
        pytest.skip("MARFA_REFERENCE_DATA is not set")
    found = sorted(Path(folder, "sanctions").glob("un_consolidated_*.xml"))
    if not found:
        pytest.skip("in MARFA_REFERENCE_DATA there is no list of the United Nations")
    return found[-1]


FETCHED = {
    "consolidated.xml": list_of_the_united_nations,
    "htcds_xlsform.xlsx": form_of_the_standard,
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What of a clone the commands stand on: the environment."""
    if not Path(sys.prefix, "bin", "activate").is_file():
        pytest.skip("the tests do not run in an environment that has bin/activate")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


def followed(page: str, clone: Path, *, fetched: bool = False) -> list[str]:
    chosen = [block for block in of(page) if not block.served and (fetched or not block.needs)]
    return run([*of("README.md"), *chosen], clone, environment(MARFA_LANGUAGE="en"))


def installed(page: str, clone: Path, once: Once) -> None:
    if page in INSTALLED:
        once.installation(clone / "var" / "demo")


@pytest.mark.parametrize("page", PAGES)
def test_what_is_made_or_transcribed(page: str, clone: Path, once: Once) -> None:
    installed(page, clone, once)
    assert followed(page, clone) == []


NEEDED = {page: [block.needs for block in of(page) if block.needs] for page in PAGES}


@pytest.mark.parametrize("page", [page for page, needs in NEEDED.items() if any(needs)])
def test_what_is_fetched_from_others(page: str, clone: Path, once: Once) -> None:
    files = {name: FETCHED[name]() for name in NEEDED[page] if name}
    installed(page, clone, once)
    folder = clone / "var" / "tutorials"
    folder.mkdir(parents=True)
    for name, file in files.items():
        shutil.copyfile(file, folder / name)
    assert followed(page, clone, fetched=True) == []


SAID = {
    "consolidated.xml": "consolidated.xml is not in this folder",
    "htcds_xlsform.xlsx": "htcds_xlsform.xlsx",
}


@pytest.mark.parametrize("page", [page for page, needs in NEEDED.items() if any(needs)])
def test_a_file_that_was_not_fetched_is_told_in_a_sentence(
    page: str, clone: Path, once: Once
) -> None:
    installed(page, clone, once)
    problems = "\n".join(followed(page, clone, fetched=True))
    for name in filter(None, NEEDED[page]):
        assert SAID[name] in problems
    assert "Traceback" not in problems


def test_a_list_that_is_none_is_told_in_a_sentence(clone: Path) -> None:
    (script,) = [block for block in of("name.md") if "names_of_list.py <<" in block.commands]
    for content, said in (("<a><b>", "not whole XML"), ("<a/>", "lists nobody")):
        (clone / "consolidated.xml").write_text(content, encoding="utf-8")
        asks = replace(script, commands="python names_of_list.py", needs=None)
        (problem,) = run([script, asks], clone, environment())
        assert said in problem
        assert "Traceback" not in problem


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_of_the_server(
    clone: Path, operation: Operation, connected: Connected, live_server: LiveServer
) -> None:
    """The form of the page, practised by a device: what it sends differs where the page says."""
    if not shutil.which("curl"):
        pytest.skip("curl: apt install curl")
    page = of("form.md")
    (written,) = [block for block in page if "practice.md <<" in block.commands]
    assert run([written], clone, environment()) == []
    content = (clone / "practice.md").read_bytes()
    actor = actor_of(operation.supervisor)
    with every_organisation():
        examined = examine_xlsform(content, "practice.md", Purpose.SCREENING)
        made = add_form(actor=actor, organisation=operation.controller, examined=examined)
        offer_for_practice(actor=actor, version=made)
    here = {
        "SERVER": f"{live_server.url}/openrosa",
        "DEVICE": f"{connected.device.reference}:{connected.password}",
    }
    assert run([told(block, here) for block in page if block.served], clone, environment()) == []
    row = judged()
    assert (row.practice, row.state) == (True, "different")
    with open_vault():
        assert {one["path"] for one in row.findings} == {"/data/vic_TypeOfExploitation"}


def told(block: Block, here: dict[str, str]) -> Block:
    """The block with what the reader puts in."""
    commands = block.commands
    for name, value in here.items():
        commands = re.sub(rf"(?m)^{name}=.*$", f"{name}='{value}'", commands)
    return replace(block, commands=commands)


def test_a_page_that_tells_it_wrongly_is_found(clone: Path) -> None:
    page = "```sh\necho one; echo two\n```\n\n```text\none\nthree\n```\n\n```sh\nfalse\n```\n"
    assert [problem.splitlines()[0] for problem in run(blocks(page), clone, environment())] == [
        "echo one; echo two",
        "false",
    ]
    (silent,) = run(blocks("```sh\necho loud\n```\n"), clone, environment())
    assert "loud" in silent


@pytest.mark.parametrize(
    ("printed", "shown", "right"),
    [
        ("a\nb\n", "a\nb", True),
        ("a\nb\n", "a", False),
        ("a\nb\nc\n", "a\n...", True),
        ("a 12 b\n", "a ... b", True),
        ("a 12\nb\n", "a ... b", False),
        ("", "", True),
        ("a.c\n", "abc", False),
    ],
)
def test_three_dots_stand_for_what_differs(printed: str, shown: str, right: bool) -> None:
    assert fits(printed, shown) is right

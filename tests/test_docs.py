"""The documentation holds what the software has: commands, options, settings, files, links."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from copy import copy
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import click
import pytest
from pydantic import Field
from tools.docs_nav import expand
from tools.made_pages import make_pages

from marfa.apps.house import read_manifests
from marfa.cli.main import marfa
from marfa.platform.settings import Settings
from tests.support import docs, markdown

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SETTINGS_PAGE = DOCS / "reference" / "settings.md"
OPERATIVE = 35
"""Operative paragraphs of resolution 2388 (2017)."""

# Sentences that tell how something went well; all others in these packages refuse something.
TELLING = ("platform", "web", "cli.server", "safeguards.audit")
NOTICES = frozenset(
    f"cli.server:{key}"
    for key in (
        "key-by-file",
        "key-by-passphrase",
        "key-by-command",
        "key-now-by-file",
        "key-now-by-passphrase",
        "key-now-by-command",
        "recovery-none",
        "recovery-not-logged",
        "recovery-is",
        "recovery-not-rehearsed",
        "recovery-rehearsed-at",
        "recovery-rehearsed",
        "recovery-restored",
        "recovery-split",
        "backup-made",
        "demonstration-there",
        "desk-added",
        "desk-copy",
        "desk-removed",
        "desks-here",
        "desks-more",
        "backup-missing",
        "lan-enrol",
        "lan-fingerprint",
        "lan-renewed",
        "service-installed",
        "service-link",
        "rehearsed",
        "restored",
        "restore-aside",
        "restore-older",
        "vault-version-used",
        "vault-version-retired",
        "vault-version-gone",
        "vault-persons",
        "vault-erased",
        "vault-rotated",
        "vault-old-destroyed",
        "vault-shares-old",
        "vault-list-begun",
        "vault-settled",
        "share-head",
        "share-foot",
        "link",
        "link-made",
        "made",
        "demo-tables",
        "demo-founding",
        "demo-people",
        "demo-year",
        "demo-by-hand",
        "demo-storing",
        "demo-made",
        "demo-percent",
        "migrated",
        "migrated-postgresql",
        "open",
        "start-it",
        "stop",
        "up-to-date",
        "organisation-added",
        "organisation-left",
        "role-back",
        "role-granted",
        "role-lent",
        "role-revoked",
        "site-opened",
        "team-added",
        "team-ended",
        "team-joined",
        "team-left",
        "user-added",
        "user-allowed",
        "factors-reset",
        "user-blocked",
        "access-as-if",
        "access-no",
        "access-nothing",
        "access-yes",
        "charter-decides",
        "charter-mutants",
        "charter-speaks-of",
        "charter-text",
        "facts-care",
        "facts-exported",
        "facts-rebuilt",
        "facts-same",
        "privacy-due",
        "privacy-erased",
        "privacy-none",
        "privacy-not-confirmed",
        "privacy-written",
        "log-exported",
        "log-forked",
        "log-head",
        "worker-done",
        "worker-runs",
        "finder-cold",
        "finder-runs",
        "finder-warm",
    )
) | frozenset(f"safeguards.audit:{key}" for key in ("beyond", "covered", "lost", "whole"))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def command_pages() -> list[str]:
    return [read(file) for file in sorted((DOCS / "reference").glob("cli*.md"))]


def test_every_setting_is_documented() -> None:
    assert docs.setting_problems(Settings, read(SETTINGS_PAGE)) == []


def test_a_setting_that_is_not_documented_is_found() -> None:
    class Planted(Settings):
        harbour_depth: int = Field(default=7, ge=1, description="Planted.")

    found = docs.setting_problems(Planted, read(SETTINGS_PAGE))
    assert "the setting harbour_depth has no section" in found
    assert "the example lacks the setting harbour_depth" in found


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("- Default: `8000`", "- Default: `8001`", "port lacks '- Default: `8000`'"),
        ("`MARFA_THREADS`", "`MARFA_TREADS`", "MARFA_TREADS is in the page"),
        ("### `threads`", "### `treads`", "the setting threads has no section"),
        ("### `threads`", "### `treads`", "treads is in the page"),
        ("from 1 to 64\n", "of any size\n", "the type of the setting threads lacks 64"),
        ("`en` or `ar`", "`en`", "the type of the setting default_language lacks ar"),
    ],
)
def test_a_setting_that_is_told_wrongly_is_found(old: str, new: str, problem: str) -> None:
    page = read(SETTINGS_PAGE)
    assert old in page
    found = docs.setting_problems(Settings, page.replace(old, new))
    assert any(problem in sentence for sentence in found), found


def test_every_command_and_option_is_documented() -> None:
    paths = [path for path, _command in docs.commands(marfa)]
    assert {"marfa serve", "marfa users add"} <= set(paths), "the server's commands are walked too"
    assert docs.command_problems(marfa, command_pages()) == []


def test_a_command_or_option_that_is_not_documented_is_found() -> None:
    tree = dict(docs.commands(marfa))
    migrate = copy(tree["marfa migrate"])
    migrate.params = [*migrate.params, click.Option(["--harbour-depth"])]
    users = copy(tree["marfa users"])
    assert isinstance(users, click.Group)
    users.commands = {**users.commands, "anchor": click.Command("anchor")}
    planted = click.Group("marfa", params=marfa.params, commands={"migrate": migrate, "u": users})
    found = docs.command_problems(planted, command_pages())
    assert "marfa migrate --harbour-depth is not mentioned" in found
    assert "marfa u anchor has no section" in found
    assert "marfa serve has a section, and there is no such command" in found
    assert "--time-zone is mentioned, and no command has it" in found


make_pages()
PAGES = markdown.files(ROOT)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_examples_name_commands_and_options_that_exist(page: Path) -> None:
    assert docs.example_problems(marfa, read(page)) == []


def test_a_wrong_example_is_found() -> None:
    page = (
        "```sh\nmarfa sreve\nmarfa serve --prot 1 | less --wrong\n.venv/bin/marfa init --x=1\n```"
    )
    assert [problem.partition(":")[0] for problem in docs.example_problems(marfa, page)] == [
        "marfa has no command sreve",
        "marfa serve has no option --prot",
        "marfa init has no option --x=1",
    ]


def test_links_and_anchors_lead_somewhere() -> None:
    assert docs.link_problems(ROOT) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text(
        "# One & two\n\n[a](#one--two) [b](#one-two) `[c](no.md)`\n"
    )
    page = tmp_path / "docs" / "page.md"
    page.write_text("# A b\n\n[a](page.md#a-b) [b](gone.md) [c](../README.md) [d](#b) [e](/x)\n")
    assert docs.link_problems(tmp_path) == [
        "README.md: #one-two: the page has no such heading",
        "docs/page.md: gone.md: there is no such file",
        "docs/page.md: ../README.md: it leaves the site",
        "docs/page.md: #b: the page has no such heading",
        "docs/page.md: /x: a link begins where its page is",
    ]


def test_every_operative_paragraph_stands_in_the_table() -> None:
    """With what serves it or without: what is left out looks as if nothing were asked."""
    told: list[int] = []
    for row in re.findall(r"^\| (.*?) \|", read(ROOT / "README.md"), re.MULTILINE):
        for first, last in re.findall(r"OP(\d+)(?: to OP(\d+))?", row):
            told += range(int(first), int(last or first) + 1)
    assert sorted(told) == list(range(1, OPERATIVE + 1))


def test_source_files_that_are_told_of_exist() -> None:
    told = [word for word in markdown.code_words(read(ROOT / "ARCHITECTURE.md")) if "src/" in word]
    assert len(told) > 10
    assert docs.path_problems(ROOT) == []


def test_a_source_file_that_does_not_exist_is_found(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "real.py").write_text("def run() -> None: ...\n")
    page = "`src/gone.py` `src/real.py` `src/real.py:run` `src/real.py:walk` `src/<name>.py`\n"
    (tmp_path / "ARCHITECTURE.md").write_text(page)
    assert docs.path_problems(tmp_path) == [
        "ARCHITECTURE.md: src/gone.py: there is no such file",
        "ARCHITECTURE.md: src/real.py:walk: the file defines no such name",
    ]


HOUSE = DOCS / "house.svg"
SVG = "{http://www.w3.org/2000/svg}"


def tree(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)  # noqa: S314 - a file of ours


def drawn_at(drawing: str, group: str) -> dict[str, float]:
    """How far down each word of one group of the drawing of the house stands."""
    found = tree(drawing).find(f"{SVG}g[@class='{group}']")
    assert found is not None
    return {text.text or "": float(text.attrib["y"]) for text in found}


def house_problems(drawing: str) -> list[str]:
    """Apps that are drawn and that there are not, or that stand on one that is not below them;
    rooms that are drawn in another order than import-linter holds. An app may be left out."""
    apps, rooms = drawn_at(drawing, "apps"), drawn_at(drawing, "name")
    known = read_manifests()
    problems = [f"{name} is no app" for name in apps if name not in known]
    for name in apps.keys() & known.keys():
        for below in known[name].stands_on:
            # The lines of one row are 22 apart, and rows are further from each other.
            if below in apps and apps[below] - apps[name] <= LINE:
                problems.append(f"{name} is not above {below}")
    for upper, lower in pairwise(layers()):
        if max(rooms[name] for name in upper) >= min(rooms[name] for name in lower):
            problems.append(f"{upper} are not above {lower}")
    return sorted(problems)


LINE = 22


def layers() -> list[list[str]]:
    """The rooms of the house from top to bottom, as the contract of import-linter has them."""
    settings = tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["importlinter"]
    contract = next(c for c in settings["contracts"] if c["name"].startswith("Arrows"))
    return [re.findall(r"marfa\.(\w+)", layer) for layer in contract["layers"]]


def test_the_house_is_drawn_as_it_stands() -> None:
    drawing = read(HOUSE)
    assert len(drawn_at(drawing, "apps")) > 20
    assert house_problems(drawing) == []
    told = tree(drawing).findtext(f"{SVG}desc") or ""
    assert [name for name in drawn_at(drawing, "apps") if name not in told] == []


def test_a_wrong_drawing_of_the_house_is_found() -> None:
    drawing = read(HOUSE)
    for one, two in (("cases", "consents"), ("safeguards", "platform"), ("tours", "tower")):
        drawing = drawing.replace(f">{one}<", ">#<").replace(f">{two}<", f">{one}<")
        drawing = drawing.replace(">#<", f">{two}<")
    found = house_problems(drawing)
    assert "cases is not above consents" in found
    assert "['safeguards'] are not above ['platform']" in found
    assert "tower is no app" in found


def test_every_refusal_is_explained() -> None:
    assert docs.sentence_problems(TELLING, NOTICES, read(DOCS / "refusals.md")) == []


def test_a_refusal_that_is_not_explained_is_found() -> None:
    page = read(DOCS / "refusals.md").replace("by another program", "")
    found = docs.sentence_problems(TELLING, NOTICES, page)
    assert [problem.partition(" ")[0] for problem in found] == ["cli.server:port-in-use"]


def test_navigation_takes_new_pages_in_and_names_none_twice(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("a/first.md", "a/second.md", "index.md"):
        (tmp_path / name).touch()
    nav = ["index.md", {"A": ["a/second.md", "a/*.md"]}, {"B": ["b/*.md"]}, {"C": ["a/*.md"]}]
    assert expand(nav, tmp_path) == ["index.md", {"A": ["a/second.md", "a/first.md"]}]


class Loaded(HTMLParser):
    """Collects what a page makes the browser fetch; a link that is clicked is not that."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        fetched = {"link": "href", "object": "data", "form": "action", "use": "href"}
        for name in ("src", "srcset", "poster", fetched.get(tag, "src")):
            if value := given.get(name):
                self.addresses.append(value)


def test_the_site_builds_and_asks_nobody_else_for_anything(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert tmp_path / "reference" / "cli.html" in pages
    for page in pages:
        loaded = Loaded()
        loaded.feed(read(page))
        # A report that stands among the pages as it is loads nothing at all.
        assert loaded.addresses or "md-header" not in read(page)
        elsewhere = [address for address in loaded.addresses if urlsplit(address).netloc]
        assert not elsewhere, f"{page.relative_to(tmp_path)} loads {elsewhere}"
    for sheet in tmp_path.rglob("*.css"):
        assert "url(http" not in read(sheet).replace('"', ""), sheet.name

"""Texts of pages: collected, translated, and compiled from what is in the repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from string import Formatter

import polib
import pytest

from marfa.domain.catalogue import LANGUAGES, SOURCE_LANGUAGE

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "marfa"
CATALOGUES = sorted(SOURCE.glob("**/LC_MESSAGES/django.po"))
NAMES = [str(file.relative_to(SOURCE)) for file in CATALOGUES]


def test_every_language_has_its_catalogues() -> None:
    assert CATALOGUES
    packages = {file.parents[2] for file in CATALOGUES}
    for package in packages:
        for language in set(LANGUAGES) - {SOURCE_LANGUAGE}:
            assert (package / language / "LC_MESSAGES" / "django.po").is_file()


@pytest.mark.parametrize("file", CATALOGUES, ids=NAMES)
def test_every_text_is_translated(file: Path) -> None:
    for entry in polib.pofile(str(file)):
        forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        assert not entry.fuzzy, entry.msgid
        assert all(forms), entry.msgid
        if entry.msgid_plural:
            assert len(forms) == 6, entry.msgid
        for form in forms:
            assert placeholders(form) == placeholders(entry.msgid), entry.msgid


def placeholders(text: str) -> set[str]:
    import re

    percent = set(re.findall(r"%\((\w+)\)[sd]", text))
    return percent | {name for _, name, _, _ in Formatter().parse(text.replace("%", "")) if name}


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext: apt install gettext")
def test_the_catalogues_hold_just_the_texts_of_the_pages(tmp_path: Path) -> None:
    """Collecting again changes nothing: no text is missing, none is left over."""
    copy = tmp_path / "src" / "marfa"
    shutil.copytree(SOURCE, copy, ignore=shutil.ignore_patterns("static", "*.mo"))
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; "
        "from tools.messages import collect; collect(Path(sys.argv[2]))"
    )
    subprocess.run([sys.executable, "-c", code, str(ROOT), str(copy)], check=True, cwd=tmp_path)
    for file in CATALOGUES:
        collected = (copy / file.relative_to(SOURCE)).read_text(encoding="utf-8")
        assert collected == file.read_text(encoding="utf-8"), f"run: make messages ({file.name})"
    found = {file.relative_to(copy) for file in copy.glob("**/LC_MESSAGES/django.po")}
    assert found == {file.relative_to(SOURCE) for file in CATALOGUES}


def test_what_django_reads_is_what_was_translated() -> None:
    """A page must not show yesterday's texts because something was not compiled again."""
    for file in CATALOGUES:
        compiled = polib.mofile(str(file.with_suffix(".mo")))
        want = {entry.msgid: entry.msgstr for entry in polib.pofile(str(file)) if entry.msgstr}
        have = {entry.msgid: entry.msgstr for entry in compiled if entry.msgstr}
        assert have == want, f"{file.relative_to(SOURCE)}: compile the catalogues (make)"

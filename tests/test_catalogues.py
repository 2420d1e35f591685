"""Every message has a sentence in every interface language, with the same parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from marfa.domain.addressee import Addressee
from marfa.domain.catalogue import LANGUAGES, SOURCE_LANGUAGE, catalogue_plurals, load_catalogue

SOURCE = Path(__file__).parents[1] / "src" / "marfa"
OTHERS = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
CODE = re.compile(r"^[a-z_]+(\.[a-z_]+)*:")


def python_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def message_codes(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Codes given to ``Message(...)`` and whether each is whole, or the head of an f-string."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else None
        if name != "Message":
            continue
        code = node.args[0]
        if isinstance(code, ast.Constant) and isinstance(code.value, str):
            yield code.value, True
        elif isinstance(code, ast.JoinedStr) and isinstance(code.values[0], ast.Constant):
            yield str(code.values[0].value), False


def used_codes() -> list[tuple[str, bool]]:
    codes: set[tuple[str, bool]] = set()
    for file in python_files():
        codes.update(message_codes(ast.parse(file.read_text(encoding="utf-8"))))
    return sorted(codes)


def keyed_packages() -> list[str]:
    """Packages whose catalogue is keyed by code: those with an English catalogue of their own."""
    return sorted(
        ".".join(path.parent.parent.relative_to(SOURCE).parts)
        for path in SOURCE.rglob("locale/en.po")
    )


def entries(package: str, language: str) -> dict[str, Entry]:
    catalogue = load_catalogue(package, language)
    assert catalogue is not None, f"{package} has no {language}.po"
    return {msgid(entry): entry for entry in catalogue if entry.id and not entry.context}


def msgid(entry: Entry) -> str:
    return str(entry.id[0] if isinstance(entry.id, (tuple, list)) else entry.id)


def texts(entry: Entry) -> list[str]:
    return list(entry.string) if isinstance(entry.string, (tuple, list)) else [str(entry.string)]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("package", keyed_packages())
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there(package: str, language: str) -> None:
    english = entries(package, SOURCE_LANGUAGE)
    other = entries(package, language)
    assert set(other) == set(english)
    for key, entry in other.items():
        assert not entry.fuzzy, f"{package}:{key} is marked fuzzy in {language}"
        forms = texts(entry)
        if isinstance(entry.string, (tuple, list)):
            assert len(forms) == len(catalogue_plurals(language)), f"{package}:{key} {language}"
        assert all(forms), f"{package}:{key} is empty in {language}"
        wanted = set().union(*(fields(text) for text in texts(english[key])))
        found = set().union(*(fields(text) for text in forms))
        assert found == wanted, f"{package}:{key} in {language}: {found} instead of {wanted}"


@pytest.mark.parametrize("package", keyed_packages())
@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_spoken_to_in_one_form_is_spoken_to_in_both(package: str, language: str) -> None:
    """Beside them stands a form without either, for whoever is not asked how to be spoken to."""
    catalogue = load_catalogue(package, language)
    assert catalogue is not None
    forms: dict[str, set[str]] = {}
    for entry in catalogue:
        if entry.id and entry.context:
            forms.setdefault(msgid(entry), set()).add(str(entry.context))
            assert all(texts(entry)), f"{package}:{entry.id} is empty in {language}"
            assert not entry.fuzzy
            neutral = entries(package, language)[msgid(entry)]
            assert fields(texts(entry)[0]) == fields(texts(neutral)[0])
    assert all(found == {each.value for each in Addressee} for found in forms.values()), forms


def test_every_code_used_has_a_text_and_every_text_is_used() -> None:
    used = used_codes()
    assert used
    whole = {code for code, complete in used if complete}
    heads = {code for code, complete in used if not complete}
    known = {f"{package}:{key}" for package in keyed_packages() for key in entries(package, "en")}
    assert whole <= known, f"no text for {sorted(whole - known)}"
    for head in heads:
        assert CODE.match(head), f"{head!r}: an f-string code begins with its package"
        assert any(code.startswith(head) for code in known), f"no text begins with {head!r}"
    orphans = {code for code in known - whole if not code.startswith(tuple(heads))}
    assert not orphans, f"texts that nothing uses: {sorted(orphans)}"


@pytest.mark.parametrize("language", OTHERS)
def test_the_terminal_speaks_every_language(language: str) -> None:
    """Texts in ``_()`` of the command line, against the catalogue keyed by the English text."""
    wanted: set[str] = set()
    for file in sorted((SOURCE / "cli").rglob("*.py")):
        with file.open("rb") as stream:
            texts_found = extract("python", stream, keywords={"_": None})
            wanted.update(str(found[1]) for found in texts_found)
    found = entries("cli", language)
    assert set(found) == wanted
    for text, entry in found.items():
        assert entry.string, f"{text!r} is empty in {language}"
        assert not entry.fuzzy
        assert fields(str(entry.string)) == fields(text), text


CATALOGUES = sorted(SOURCE.rglob("*.po"))


@pytest.mark.parametrize("file", CATALOGUES, ids=[str(f.relative_to(SOURCE)) for f in CATALOGUES])
def test_catalogues_are_sorted_and_bare(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert "POT-Creation-Date" not in text
    assert "PO-Revision-Date" not in text
    assert not re.search(r"^#: ", text, re.MULTILINE), "no line numbers in catalogues"
    with file.open("rb") as stream:
        ids = [msgid(entry) for entry in read_po(stream) if entry.id]
    assert ids == sorted(ids), "entries are sorted by msgid"

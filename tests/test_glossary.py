"""The words of the glossary are used in every catalogue, and what is never said is not there.

What the glossary names in the code is there.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
import pytest

PLACE = re.compile(r"\{\w+\}|%\(\w+\)[sd]")
"""Where a value is put in: its name is no word of the text."""
ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "marfa"
PAGE = ROOT / "docs" / "develop" / "glossary.md"


@dataclass(frozen=True)
class Term:
    english: str
    arabic: tuple[str, ...]
    never: tuple[str, ...]
    code: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """One text and its translation, with where it stands."""

    where: str
    english: str
    other: tuple[str, ...]


def terms(page: str) -> list[Term]:
    found = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 5 or cells[0] in ("English", "---"):
            continue
        english, arabic, code, never, _note = cells
        found.append(Term(english, words(arabic), words(never), words(code.replace("`", ""))))
    return found


def words(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def plain(text: str) -> str:
    """Without vowel signs and with one form of alef, as people search."""
    bare = "".join(c for c in unicodedata.normalize("NFC", text) if not unicodedata.combining(c))
    return re.sub("[أإآ]", "ا", bare).replace("ة", "ه").lower()


def says(text: str, word: str) -> bool:
    """Whether a text has a word that is never said: an English one as a whole, one or many."""
    if not word.isascii() and not re.search("[a-z]", word):
        return plain(word) in plain(text)
    return re.search(rf"(?<![\w-]){re.escape(plain(word))}s?(?![\w-])", plain(text)) is not None


def has(text: str, term: str) -> bool:
    """Whether the words of a term are in a text, each with whatever is before and behind it."""
    return all(plain(word).removeprefix("ال") in plain(text) for word in term.split())


def catalogues() -> Iterator[Said]:
    for file in sorted(SOURCE.rglob("*.po")):
        where = str(file.relative_to(SOURCE))
        if file.name == "en.po":
            continue
        english = {}
        if file.with_name("en.po").exists():
            english = {
                e.msgid: e.msgstr or e.msgstr_plural.get(1, "")
                for e in polib.pofile(str(file.with_name("en.po")))
            }
        for entry in polib.pofile(str(file)):
            forms = tuple(entry.msgstr_plural.values()) or (entry.msgstr,)
            yield Said(where, english.get(entry.msgid, entry.msgid), forms)


def names_in_code(source: Path) -> set[str]:
    """Modules, classes and functions, and the members of a class as ``Class.MEMBER``."""
    found: set[str] = set()
    for file in source.rglob("*.py"):
        if "migrations" in file.parts:
            continue
        found.add(file.parent.name if file.name == "__init__.py" else file.stem)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                found.add(node.name)
            if isinstance(node, ast.ClassDef):
                found |= {f"{node.name}.{name}" for name in members(node)}
    return found


def members(node: ast.ClassDef) -> Iterator[str]:
    for part in node.body:
        if isinstance(part, ast.Assign):
            yield from (name.id for name in part.targets if isinstance(name, ast.Name))


def not_in_code(terms: list[Term], names: set[str]) -> list[str]:
    return [name for term in terms for name in term.code if name not in names]


def labels() -> Iterator[Said]:
    """Labels of code lists and what desks bring in words."""
    for file in sorted((SOURCE / "domain").rglob("*.toml")):
        for line in file.read_text(encoding="utf-8").splitlines():
            found = dict(re.findall(r'\b(ar|en) = "([^"]*)"', line))
            if line.startswith(("label", "title", "definition", "works")) and found:
                yield Said(file.name, found.get("en", ""), (found.get("ar", ""),))


def put_to_people() -> Iterator[tuple[str, str, str]]:
    """File, language and text of what is put to a person or carried by them."""
    for file in sorted((SOURCE / "apps" / "leaflets" / "texts").glob("*.toml")):
        language = file.name.split(".")[-2]
        for text in re.findall(r'= "([^"]*)"', file.read_text(encoding="utf-8")):
            yield file.name, language, text


def staff_words(page: str) -> dict[str, tuple[str, ...]]:
    """By language: what is never said to a person."""
    _, _, rest = page.partition("| never to the person |")
    cells = [cell.strip() for cell in rest.splitlines()[2].strip("|").split("|")]
    return {"en": words(cells[2]), "ar": words(cells[3])}


TEXTS = list(catalogues())
LABELS = list(labels())
GLOSSARY = PAGE.read_text(encoding="utf-8")
TERMS = terms(GLOSSARY)


def missing(term: Term, said: Said) -> bool:
    """Whether a text has the English term and its translation none of the Arabic ones."""
    if not term.arabic or not re.search(
        rf"\b{re.escape(term.english)}s?\b", PLACE.sub("", said.english), re.IGNORECASE
    ):
        return False
    return not all(any(has(form, arabic) for arabic in term.arabic) for form in said.other)


def forbidden(term: Term, said: Said) -> list[str]:
    return [
        word for word in term.never if any(says(text, word) for text in (said.english, *said.other))
    ]


def test_the_glossary_is_read() -> None:
    assert len(TERMS) > 15
    assert len(TEXTS) > 500
    assert Term("My work", ("مهامي",), (), ("my_work",)) in TERMS


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.english)
def test_a_term_is_translated_as_the_glossary_says(term: Term) -> None:
    found = [(said.where, said.english, said.other) for said in TEXTS if missing(term, said)]
    assert found == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.english)
def test_what_is_never_said_is_nowhere(term: Term) -> None:
    found = [(said.where, said.english) for said in (*TEXTS, *LABELS) if forbidden(term, said)]
    assert found == []


def test_what_is_put_to_a_person_has_no_words_of_the_staff() -> None:
    never = staff_words(GLOSSARY)
    texts = list(put_to_people())
    assert {language for _, language, _ in texts} >= set(never)
    found = [
        (file, word)
        for file, language, text in texts
        for word in never.get(language, ())
        if says(text, word)
    ]
    assert found == []


def test_what_is_named_in_the_code_is_there() -> None:
    assert sum(bool(term.code) for term in TERMS) > 15
    assert not_in_code(TERMS, names_in_code(SOURCE)) == []


def test_a_name_that_is_not_in_the_code_is_found(tmp_path: Path) -> None:
    (tmp_path / "harbour.py").write_text("class Berth:\n    FREE = 1\n\ndef moor(): ...\n")
    there = Term("berth", (), (), ("harbour", "Berth", "Berth.FREE", "moor"))
    gone = Term("quay", (), (), ("Quay", "Berth.TAKEN", "FREE"))
    assert not_in_code([there, gone], names_in_code(tmp_path)) == list(gone.code)


def test_planted_words_are_found() -> None:
    trafficking = next(term for term in TERMS if term.english == "trafficking in persons")
    wrong = Said("x", "Trafficking in persons", ("الإتجار بالبشر",))
    right = Said("x", "Trafficking in persons", ("ضحايا الاتجار بالأشخاص",))
    assert missing(trafficking, wrong)
    assert forbidden(trafficking, wrong)
    assert not missing(trafficking, right)
    assert not forbidden(trafficking, right)


def test_planted_words_of_english_are_found_as_a_whole() -> None:
    interview = next(term for term in TERMS if term.english == "private conversation")
    assert forbidden(interview, Said("x", "The talk is over", ("انتهت المقابلة",))) == ["talk"]
    assert forbidden(interview, Said("x", "The interview is over", ("انتهت المحادثة",)))
    assert not forbidden(interview, Said("x", "Talking with an interpreter", ("مقابلة",)))
    assert says("ضحية مفترضة", staff_words(GLOSSARY)["ar"][1])
    for text in ("A victim", "All victims are heard"):
        assert says(text, staff_words(GLOSSARY)["en"][3])


ADDRESSED = re.compile(
    r"\b(?:(?:انت|كنت|لانك|ولك ان|يمكنك ان|عليك ان) ت[ء-ي]{2,}"
    r"|(?:كما|هل|عمن) ت(?:رى|بحث|فترض|ريد|عرف|علم)\b)"
)
"""A verb said to one of the staff, which a man and a woman would be told differently."""


def addressed(said: Said) -> list[str]:
    found = (ADDRESSED.search(plain(text)) for text in said.other)
    return [each[0] for each in found if each]


def test_the_staff_is_not_addressed_as_men() -> None:
    assert addressed(Said("x", "As you see it", ("كما ترى أنت",)))
    assert addressed(Said("x", "You are searching", ("أنت تبحث",)))
    assert not addressed(Said("x", "As you see it", ("كما يبدو لك",)))
    # What the demonstration's people are told is said to them, not to the staff.
    staff = [said for said in TEXTS if not said.where.startswith("demo/")]
    assert [(said.where, said.english, addressed(said)) for said in staff if addressed(said)] == []


def test_one_english_text_of_the_pages_has_one_translation() -> None:
    """Django puts the catalogues of all apps together; of two translations one would be lost."""
    found: dict[tuple[str, str], dict[tuple[str, ...], str]] = {}
    for file in sorted(SOURCE.glob("**/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(file)):
            forms = tuple(entry.msgstr_plural.values()) or (entry.msgstr,)
            key = (entry.msgid, entry.msgctxt or "")
            found.setdefault(key, {})[forms] = str(file.relative_to(SOURCE).parts[1])
    assert {key: forms for key, forms in found.items() if len(forms) > 1} == {}

"""The words: six languages, all drafts, forms of address, a further language by file alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from marfa.domain.message import InputError
from marfa.methods.screening import Addressee, Library, check_file, skeletons
from marfa.methods.screening.instrument import About, Form, Sensitive, Setting
from marfa.methods.screening.prohibitions import names_reception_taboo
from marfa.methods.screening.text_packs import UN_LANGUAGES
from tests.methods.screening.support import library

SCRIPT = {
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
}


@pytest.mark.parametrize("name", library().names())
def test_safety_rests_on_words_in_six_languages_all_drafts(name: str) -> None:
    instrument = library().instrument(name)
    assert set(library().languages(instrument)) == set(UN_LANGUAGES)
    for language in UN_LANGUAGES:
        wording = library().wording(instrument, language)
        assert set(wording.drafts) == instrument.item_ids
        assert not wording.ready
        if language in SCRIPT:
            for text in wording.texts.values():
                assert all(SCRIPT[language].search(form) for form in text.every_form())


@pytest.mark.parametrize("name", library().names())
def test_titles_dimensions_and_sources_have_words_in_every_language(name: str) -> None:
    instrument = library().instrument(name)
    for language in library().languages(instrument):
        texts = library().wording(instrument, language).texts
        wanted = {"title", *(f"dimension.{one}" for one in instrument.dimensions)}
        wanted |= {f"source.{one}" for one in instrument.sources}
        assert wanted <= set(texts), language


def test_questions_in_arabic_address_women_and_men() -> None:
    instrument = library().instrument("registration-risk")
    texts = library().wording(instrument, "ar").texts
    questions = [item.id for item in instrument.items if item.form is Form.QUESTION]
    assert len(questions) == 18
    for item in questions:
        text = texts[item]
        assert text.has_forms
        assert text.words(Addressee.FEMININE) != text.words(Addressee.MASCULINE)


RECEPTION = [
    name for name in library().names() if library().instrument(name).setting is Setting.RECEPTION
]


def test_reception_has_its_instruments() -> None:
    assert RECEPTION == ["registration-risk", "unaccompanied-child"]


@pytest.mark.parametrize("name", RECEPTION)
def test_no_reception_item_asks_what_it_must_not(name: str) -> None:
    instrument = library().instrument(name)
    assert not any(item.sensitive for item in instrument.items)
    for language in library().languages(instrument):
        texts = library().wording(instrument, language).texts
        for item in instrument.items:
            assert not any(names_reception_taboo(form) for form in texts[item.id].every_form())


def test_conduct_of_the_trafficker_may_mention_origin_and_belief() -> None:
    advert = {i.id: i for i in library().instrument("unodc-sexual").items}["uno-s14"]
    assert advert.about is About.CONDUCT
    assert advert.sensitive == {Sensitive.SEX}


SOMALI = """\
schema = 1
set = "registration-risk"
language = "so"
status = "reviewed"
by = "A reviewer"
date = 2026-11-01
[texts]
"""


def add_language(
    folder: Path, line: str = '{item} = {{ text = "{item}?", audio = "so/{item}.ogg" }}'
) -> None:
    instrument = library().instrument("registration-risk")
    (folder / "texts" / "so").mkdir(parents=True)
    lines = [line.format(item=item.id) for item in instrument.items]
    file = folder / "texts" / "registration-risk.so.toml"
    file.write_text(SOMALI + "\n".join(lines) + "\n", encoding="utf-8")


def test_a_language_with_recordings_is_added_by_files_alone(tmp_path: Path) -> None:
    add_language(tmp_path)
    ours = Library([tmp_path])
    instrument = ours.instrument("registration-risk")
    assert "so" in ours.languages(instrument)
    wording = ours.wording(instrument, "so")
    assert wording.ready
    assert wording.texts["rr-alone"].recording() == "so/rr-alone.ogg"
    file = tmp_path / "texts" / "registration-risk.so.toml"
    missing = check_file(file, Library())
    assert {problem.message.key for problem in missing} == {"recording-missing"}
    for item in instrument.items:
        (tmp_path / "texts" / "so" / f"{item.id}.ogg").write_bytes(b"")
    assert check_file(file, Library()) == []


def test_a_further_file_can_review_a_shipped_text(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    head = 'schema = 1\nset = "registration-risk"\nlanguage = "en"\n[texts]\n'
    text = 'rr-alone = { text = "Alone?", status = "reviewed", by = "R", date = 2026-01-02 }\n'
    (tmp_path / "texts" / "registration-risk.en.toml").write_text(head + text, encoding="utf-8")
    ours = Library([tmp_path])
    wording = ours.wording(ours.instrument("registration-risk"), "en")
    assert wording.texts["rr-alone"].reviewed
    assert "rr-alone" not in wording.drafts
    assert len(wording.drafts) == 17


def test_a_taboo_in_a_further_language_file_is_refused_with_its_line(tmp_path: Path) -> None:
    add_language(tmp_path, '{item} = "Sex with {item}?"')
    with pytest.raises(InputError) as refused:
        Library([tmp_path]).instrument("registration-risk")
    first = refused.value.problems[0]
    assert first.message.key == "words-not-at-reception"
    assert (first.place.file, first.place.row) == ("registration-risk.so.toml", 8)


def test_a_misspelt_text_is_found(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    file = tmp_path / "texts" / "registration-risk.so.toml"
    file.write_text(SOMALI + 'rr-alnoe = "x"\n', encoding="utf-8")
    found = check_file(file, Library())
    assert [(p.message.key, p.place.row) for p in found] == [("text-unknown", 8)]


def test_what_new_writes_is_right(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    files = skeletons.instrument("camp") | skeletons.translation(
        library(), library().instrument("registration-risk"), "so"
    )
    for path, text in files.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    for path in files:
        assert check_file(tmp_path / path, Library()) == [], path
    ours = Library([tmp_path])
    assert ours.instrument("camp").pilot_only
    assert "so" not in ours.languages(ours.instrument("registration-risk"))


def test_an_instrument_may_not_take_the_name_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "registration-risk.toml").write_text("schema = 1\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        Library([tmp_path]).names()
    assert refused.value.problems[0].message.key == "instrument-twice"


def test_a_gendered_language_needs_both_forms_of_a_question(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    head = 'schema = 1\nset = "registration-risk"\nlanguage = "ar"\ngendered = true\n[texts]\n'
    file = tmp_path / "texts" / "registration-risk.ar.toml"
    file.write_text(head + 'rr-alone = "هل أنتم وحدكم؟"\n', encoding="utf-8")
    found = check_file(file, Library())
    assert [(p.message.key, p.place.row) for p in found] == [("forms-missing", 6)]


def test_a_pack_cannot_say_away_the_forms_that_its_language_needs(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    pack = tmp_path / "texts" / "registration-risk.ar.toml"
    head = 'schema = 1\nset = "registration-risk"\nlanguage = "ar"\ngendered = false\n'
    pack.write_text(head + '[texts]\nrr-alone = "هل تسافر وحدك؟"\n', encoding="utf-8")
    with pytest.raises(InputError) as refused:
        Library([tmp_path]).instrument("registration-risk")
    checked = check_file(pack, library())
    for problems in (refused.value.problems, checked):
        assert {one.message.key for one in problems} == {"forms-missing"}

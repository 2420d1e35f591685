"""A note before all questions: the same form otherwise, whatever its languages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from marfa.domain.message import InputError
from marfa.methods.xforms import QuestionKind, Surroundings, evaluate, parse, read_xlsform
from marfa.methods.xforms.notes import with_note
from tests.apps.forms.sheets import sheet

AROUND = Surroundings(datetime(2026, 8, 14, 9, 0, tzinfo=UTC))
WORDS = {"en": "Only <made-up> & no other", "ar": "للتدريب فقط", "fr": "fictif", "": "both"}


def noted(data: bytes) -> tuple[str, str]:
    xform = read_xlsform(data, "form.md")[0].xform
    return xform, with_note(
        xform, form_id="other", title="A & B", note="note", words=WORDS.__getitem__
    )


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_note_is_first_in_each_language(language: str) -> None:
    data = sheet("integer|beds|Beds|أسرّة||coded")
    if language == "fr":
        data = data.replace(b"Arabic (ar)", "Français (fr)".encode())
    before, after = (parse(text) for text in noted(data))
    assert (after.id, after.title, after.version) == ("other", "A & B", before.version)
    first, *rest = after.questions()
    assert first.kind is QuestionKind.NOTE
    state = evaluate(after, {}, AROUND)
    assert state.words(first.label, first.spot.path, language) == WORDS[language]
    assert [one.spot.path for one in rest] == [one.spot.path for one in before.questions()]


def test_a_form_without_languages_has_the_words_of_none() -> None:
    data = sheet("integer|beds|Beds|||coded")
    data = data.replace(b"label::English (en)", b"label").replace(b"label::Arabic (ar)", b"remarks")
    data = data.replace(b" | English (en)", b" | ")
    after = parse(noted(data)[1])
    first = next(iter(after.questions()))
    assert evaluate(after, {}, AROUND).words(first.label, first.spot.path) == WORDS[""]


def test_a_question_of_that_name_keeps_it() -> None:
    before, after = (parse(text) for text in noted(sheet("integer|note|Beds|أسرّة||coded")))
    paths = [one.spot.path for one in after.questions()]
    assert paths == ["/data/note_", *(one.spot.path for one in before.questions())]


def test_a_document_type_is_refused() -> None:
    xform = noted(sheet("integer|beds|Beds|أسرّة||coded"))[0]
    bad = xform.replace("<h:html", '<!DOCTYPE x [<!ENTITY a "b">]><h:html', 1)
    with pytest.raises(InputError):
        with_note(bad, form_id="other", title="T", note="note", words=WORDS.__getitem__)

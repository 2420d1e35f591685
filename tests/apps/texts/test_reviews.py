"""Words are reviewed by two people, from the pages: agreed, changed, stopped, ended, reopened."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.manifest import Desk
from marfa.apps.texts.models import TextReview
from marfa.apps.texts.standing import standing_of
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError
from marfa.methods.screening.text_packs import Text
from marfa.platform import clock
from marfa.safeguards.audit.models import Entry
from tests.conftest import Operation, signed_in

pytestmark = pytest.mark.django_db
SET, KEY = "first-contact", "help-first"
LIST = reverse("texts:set", args=[SET, "ar"])
ONE = reverse("texts:one", args=[SET, "ar", KEY])
SHEET = reverse("texts:sheet", args=[SET, "ar"])


@pytest.fixture(autouse=True)
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMONSTRATION", False)


@pytest.fixture
def first(operation: Operation) -> Client:
    return operation.at(Desk.PROTECTION)


@pytest.fixture
def second(operation: Operation) -> Client:
    return operation.at(Desk.ADMINISTRATION)


def agree_to_all(client: Client) -> int:
    page = client.get(LIST)
    sent = [line.value for line in page.context["open"]]
    return client.post(LIST, {"do": "every", "every": sent}).status_code


def say(client: Client, do: str, **words: str) -> int:
    line = client.get(ONE).context["line"]
    text = line.standing.text
    forms = {"text": text.text, "feminine": text.feminine, "masculine": text.masculine}
    sent = {"do": do, "seen": line.standing.digest, **forms, **words}
    return client.post(ONE, sent).status_code


def drafts() -> tuple[str, ...]:
    return load_leaflets(SET)["ar"].drafts


def is_read_out() -> bool:
    """Whether a real person is told it."""
    try:
        load_leaflets(SET)["ar"].lines(Addressee.FEMININE, live=True)
    except InputError:
        return False
    return True


def test_one_person_is_not_enough_and_two_are(first: Client, second: Client) -> None:
    assert agree_to_all(first) == 302
    assert agree_to_all(first) in (302, 422), "said again, it is no second agreement"
    assert not is_read_out()
    assert agree_to_all(second) == 302
    assert is_read_out()
    assert drafts() == ()
    assert Entry.objects.filter(action="texts.review").count() >= 2


def test_who_has_no_part_in_it_reviews_nothing(operation: Operation) -> None:
    for client in (signed_in(operation.partner), signed_in(operation.outsider)):
        assert client.get(LIST).status_code == 403
        assert client.post(ONE, {"do": "stop", "comment": "x"}).status_code == 403
    assert not TextReview.objects.exists()


def test_a_change_is_a_draft_until_somebody_else_confirms_it(first: Client, second: Client) -> None:
    agree_to_all(first)
    agree_to_all(second)
    woman, man = "سنساعدكِ أولًا.", "سنساعدكَ أولًا."
    assert say(first, "change", feminine=woman, masculine=man) == 302
    assert drafts() == (KEY,)
    assert say(first, "agree") == 302
    assert drafts() == (KEY,), "one's own words are not confirmed by oneself"
    assert say(second, "agree") == 302
    assert drafts() == ()
    assert woman in load_leaflets(SET)["ar"].lines(Addressee.FEMININE, live=True)
    assert man in load_leaflets(SET)["ar"].lines(Addressee.MASCULINE, live=True)


def test_a_change_keeps_both_forms_and_what_was_typed(first: Client) -> None:
    answer = first.post(
        ONE,
        {
            "do": "change",
            "seen": first.get(ONE).context["line"].standing.digest,
            "feminine": "سنساعدكِ.",
            "masculine": "",
        },
    )
    assert answer.status_code == 422
    assert "سنساعدكِ." in answer.content.decode()
    assert not TextReview.objects.exists()


def test_one_person_stops_words_at_once_and_says_why(first: Client, second: Client) -> None:
    agree_to_all(first)
    agree_to_all(second)
    assert say(first, "stop") == 422
    assert is_read_out()
    assert say(first, "stop", comment="It frightens people") == 302
    assert not is_read_out()
    assert say(second, "agree") == 302
    assert not is_read_out(), "after that two people agree again"
    assert say(first, "agree") == 302
    assert is_read_out()


def test_words_seen_before_a_change_are_agreed_to_by_no_one(first: Client, second: Client) -> None:
    seen = second.get(ONE).context["line"].standing.digest
    say(first, "change", feminine="سنساعدكِ.", masculine="سنساعدكَ.")
    assert second.post(ONE, {"do": "agree", "seen": seen}).status_code == 422
    assert TextReview.objects.filter(confirmed_at__isnull=False).count() == 0


def test_a_review_ends_and_is_asked_for_before(operation: Operation) -> None:
    agree_to_all(operation.at(Desk.PROTECTION))
    agree_to_all(operation.at(Desk.ADMINISTRATION))
    said = "end: they are then no longer read out"
    assert said not in operation.at(Desk.ADMINISTRATION).get(reverse("home")).content.decode()
    with clock.set_to(clock.now() + timedelta(days=340)):
        assert is_read_out()
        assert said in operation.at(Desk.ADMINISTRATION).get(reverse("home")).content.decode()
    with clock.set_to(clock.now() + timedelta(days=367)):
        assert not is_read_out()


def test_another_text_or_source_in_a_file_opens_the_review(first: Client, second: Client) -> None:
    agree_to_all(first)
    agree_to_all(second)
    row = TextReview.objects.get(key=KEY, language="ar")
    of = load_leaflets(SET)
    text = Text(text=row.text, feminine=row.feminine, masculine=row.masculine)
    source = of["en"].texts[KEY]
    day = clock.now().date()
    assert standing_of(text, source, [row]).stands_on(day)
    assert not standing_of(replace(text, feminine="سنساعدكِ."), source, [row]).stands_on(day)
    assert not standing_of(text, Text(text="Help comes later"), [row]).stands_on(day)
    assert not standing_of(replace(text, audio="other.ogg"), source, [row]).stands_on(day)


def test_a_review_in_a_file_is_none(tmp_path: Path) -> None:
    (tmp_path / f"{SET}.ti.toml").write_text(
        'schema = 1\nset = "first-contact"\nlanguage = "ti"\ngendered = false\n'
        'status = "reviewed"\nby = "Nobody"\ndate = 2026-03-08\n[texts]\nhelp-first = "ሰላም"\n',
        encoding="utf-8",
    )
    found = load_leaflets(SET, added=tmp_path)["ti"]
    assert found.drafts == (KEY,)
    with pytest.raises(InputError, match="leaflets:draft"):
        found.lines(Addressee.FEMININE, live=True)


def rows_of(client: Client) -> list[list[str]]:
    content = client.get(reverse("texts:file", args=[SET, "ar"])).content
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def send(client: Client, rows: list[list[str]]) -> Any:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    file = SimpleUploadedFile("words.xlsx", stream.getvalue())
    return client.post(SHEET, {"reviewer": "Hanan, translator", "file": file})


def test_a_sheet_goes_out_comes_back_and_is_confirmed_by_another(
    first: Client, second: Client
) -> None:
    heading, *rows = rows_of(first)
    for row in rows:
        row[5] = "موافق"
    rows[0][5], rows[0][2:5] = "", ["", "سنساعدكِ أولًا.", "سنساعدكَ أولًا."]
    answer = send(first, [heading, *rows])
    assert answer.status_code == 302, answer.content.decode()
    made = TextReview.objects.get(key=rows[0][0])
    assert (made.decision, made.reviewer) == ("change", "Hanan, translator")
    assert len(drafts()) == len(rows)
    assert agree_to_all(second) == 302
    assert drafts() == ()


@pytest.mark.parametrize(
    ("column", "content", "told"),
    [
        (5, "maybe", "Expected agree, stop or comment"),
        (0, "no-such-text", "There is no text"),
        (7, "0" * 64, "Leave the decision empty for words that you change"),
        (3, "Other words", "Leave the decision empty for words that you change"),
        (5, "stop", "Write why"),
    ],
)
def test_a_wrong_sheet_names_the_row_and_takes_nothing(
    first: Client, column: int, content: str, told: str
) -> None:
    heading, *rows = rows_of(first)
    for row in rows:
        row[5] = "agree"
    rows[1][column] = content
    answer = send(first, [heading, *rows])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert [each[0] for each in answer.context["problems"]] == [3]
    assert "Hanan, translator" in page
    assert not TextReview.objects.exists()


def test_a_sheet_of_words_that_changed_since_takes_nothing(first: Client, second: Client) -> None:
    heading, *rows = rows_of(first)
    for row in rows:
        row[5] = "agree"
    say(second, "change", feminine="سنساعدكِ.", masculine="سنساعدكَ.")
    answer = send(first, [heading, *rows])
    assert "changed since you read them" in answer.content.decode()
    assert TextReview.objects.count() == 1


def test_what_is_no_such_sheet_is_refused(first: Client) -> None:
    answer = first.post(
        SHEET, {"reviewer": "H", "file": SimpleUploadedFile("a.csv", b"Text,Words\na,b\n")}
    )
    assert answer.status_code == 422
    assert "The columns of the downloaded sheet" in answer.content.decode()


def test_words_that_ask_who_somebody_is_are_refused(first: Client) -> None:
    """The same page takes a harmless question: the control."""
    there = reverse("texts:one", args=["conflict-context", "en", question_of("conflict-context")])

    def change(words: str) -> int:
        line = first.get(there).context["line"]
        sent = {"do": "change", "seen": line.standing.digest, "text": words}
        return first.post(there, sent).status_code

    assert change("Are you Yazidi?") == 422
    assert not TextReview.objects.exists()
    assert change("Did somebody stop you from leaving this place?") == 302


def question_of(name: str) -> str:
    from marfa.apps.screening.instruments import library_of_files

    instrument = library_of_files().instrument(name)
    return instrument.items[0].answered_by[0]

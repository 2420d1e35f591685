"""Texts on which a person's safety rests: a draft is never put to a real person."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from marfa.apps.leaflets.packs import OWN, load_leaflets
from marfa.apps.manifest import Desk
from marfa.domain.addressee import Addressee
from marfa.domain.message import InputError
from tests.conftest import Operation

pytestmark = pytest.mark.django_db
SET = "first-contact"
PACK = """schema = 1
set = "first-contact"
language = "{language}"
gendered = false
{review}

[texts]
help-first = "{text}"
"""
REVIEWED = 'status = "reviewed"\nby = "Test Reviewer"\ndate = 2026-03-08'


def pack(folder: Path, language: str, text: str, review: str = "") -> None:
    content = PACK.format(language=language, text=text, review=review)
    (folder / f"{SET}.{language}.toml").write_text(content, encoding="utf-8")


def test_every_language_says_the_same_things() -> None:
    found = load_leaflets(SET, added=Path("nowhere"))
    assert {"ar", "en"} <= set(found)
    assert {tuple(each.texts) for each in found.values()} == {tuple(found["en"].texts)}
    assert all(text.has_forms or key == "who-we-are" for key, text in found["ar"].texts.items()), (
        "whoever is spoken to is spoken to in their form"
    )


def test_a_draft_is_refused_where_real_people_are_served(tmp_path: Path) -> None:
    draft = load_leaflets(SET, added=tmp_path)["ar"]
    assert draft.drafts
    assert draft.lines(Addressee.FEMININE, live=False)
    with pytest.raises(InputError, match="leaflets:draft"):
        draft.lines(Addressee.FEMININE, live=True)


def test_a_review_without_a_name_or_a_day_is_none(tmp_path: Path) -> None:
    pack(tmp_path, "fr", "Bonjour", 'status = "reviewed"')
    with pytest.raises(InputError, match="review-without-name"):
        load_leaflets(SET, added=tmp_path)


def test_a_language_is_added_by_a_file_and_ours_is_put_aside_by_one(tmp_path: Path) -> None:
    pack(tmp_path, "ti", "ሰላም", REVIEWED)
    pack(tmp_path, "en", "Written here", REVIEWED)
    found = load_leaflets(SET, added=tmp_path)
    assert found["ti"].lines(Addressee.MASCULINE, live=False) == ["ሰላም"]
    assert found["ti"].name == "ትግርኛ"
    assert found["en"].lines(Addressee.FEMININE, live=False) == ["Written here"]
    assert len(load_leaflets(SET, OWN, added=Path("nowhere"))["en"].texts) > 1


def test_the_page_speaks_to_a_woman_and_to_a_man(operation: Operation) -> None:
    client, url = operation.at(Desk.RECEPTION), reverse("leaflets:first_contact")
    woman = client.get(url, {"language": "ar", "form": "feminine"}).content.decode()
    man = client.get(url, {"language": "ar", "form": "masculine"}).content.decode()
    assert "أنتِ تقررين" in woman
    assert "أنتَ تقرر" in man
    assert 'lang="ar" dir="rtl"' in woman
    assert "This text is a draft" in woman
    strange = client.get(url, {"language": "tlh", "form": "x"}).content.decode()
    assert "You decide what you tell" in strange


def test_the_page_of_a_real_installation_shows_no_draft(
    operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, url = operation.at(Desk.RECEPTION), reverse("leaflets:first_contact")
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    page = client.get(url).content.decode()
    assert "cannot be used yet" in page
    assert "no one has reviewed" in page
    assert "You decide what you tell" not in page

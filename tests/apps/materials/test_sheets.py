"""The sheets themselves, as they come out of a printer."""

from __future__ import annotations

import io
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from marfa.apps.leaflets.packs import load_leaflets
from marfa.apps.materials.models import PrintBatch
from marfa.apps.materials.sheets import CARDS_A_PAGE, file_name, sheet_html, sheet_pdf
from marfa.apps.materials.wording import SET, Number, Wording, check_discreet
from marfa.domain.addressee import Addressee
from marfa.domain.codes import new_code
from marfa.domain.message import InputError
from marfa.domain.telling_words import find_telling_words
from tests.platform.documents.test_writer import fonts_of

pytestmark = pytest.mark.django_db
NUMBERS = [
    Number("مركز الميناء", "+218 21 000 0000", "8–16"),
    Number("عيادة المنارة · Lighthouse Clinic", "+218 21 000 0103", "8–16"),
    Number("خط الأمان · Safe Line", "+218 21 000 0105", "8–16"),
]
KINDS = [*product(PrintBatch.Material.values, ("ar", "en"), PrintBatch.Manner.values)]
MOST_BYTES = 200 * 1024
MATERIALS = {"leaflet": 1, "poster": 1, "card": CARDS_A_PAGE}


def batch(
    material: str, language: str, manner: str = "words", tone: str = "discreet"
) -> PrintBatch:
    return PrintBatch(
        material=material,
        language=language,
        manner=manner,
        tone=tone,
        addressee="feminine",
        code=new_code(),
        copies=200,
    )


def wording(language: str) -> Wording:
    return Wording(load_leaflets(SET, added=Path("nowhere"))[language], Addressee.FEMININE)


def printed_and_copied(page: pypdfium2.PdfPage) -> Image.Image:
    """A page at 300 dots an inch, kept as a poor JPEG."""
    kept = io.BytesIO()
    page.render(scale=300 / 72).to_pil().convert("RGB").save(kept, "JPEG", quality=50)
    return Image.open(kept)


@pytest.mark.parametrize(("material", "language", "manner"), KINDS)
def test_a_sheet_is_one_page_in_our_fonts_and_its_code_dials(
    material: str, language: str, manner: str
) -> None:
    pdf = sheet_pdf(batch(material, language, manner, "open"), wording(language), NUMBERS)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    assert len(pdf) <= MOST_BYTES
    assert all(name.startswith("Marfa-Sans") for name in fonts_of(pdf))
    read = zxingcpp.read_barcodes(printed_and_copied(document[0]))
    assert [each.text for each in read] == ["tel:+218210000000"] * MATERIALS[material]


def test_what_is_said_stays_on_the_paper() -> None:
    """Nothing is cut off at the edge of a card or a page."""
    for (material, language, manner), tone in product(KINDS, ("open", "discreet")):
        pdf = sheet_pdf(batch(material, language, manner, tone), wording(language), NUMBERS)
        assert len(pypdfium2.PdfDocument(pdf)) == 1, (material, language, manner, tone)
        page = pypdfium2.PdfDocument(pdf)[0]
        width, height = page.get_size()
        for thing in page.get_objects():
            left, bottom, right, top = thing.get_bounds()
            room = min(left, bottom, width - right, height - top)
            assert room >= -1, (material, language, manner, tone)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_discreet_sheet_says_nothing_telling_anywhere(language: str) -> None:
    for material in PrintBatch.Material.values:
        made = batch(material, language)
        check_discreet(wording(language), made, NUMBERS)
        document = pypdfium2.PdfDocument(sheet_pdf(made, wording(language), NUMBERS))
        said = document[0].get_textpage().get_text_range()
        fields = document.get_metadata_dict()
        assert find_telling_words(" ".join([said, *fields.values(), file_name(made)])) == []
        assert {key for key, value in fields.items() if value} <= {"Title", "Producer"}
        assert fields["Title"] == wording(language).say("title")


def test_an_open_sheet_says_more() -> None:
    """The control: the same test sees what an open one says."""
    for language in ("ar", "en"):
        html = sheet_html(batch("leaflet", language, tone="open"), wording(language), NUMBERS)
        assert find_telling_words(html), language


def test_a_telling_name_of_a_site_is_refused_on_a_discreet_sheet() -> None:
    for name in ("Shelter for victims of trafficking", "دار ضحايا الاتّجار"):
        with pytest.raises(InputError, match="telling"):
            check_discreet(wording("en"), batch("card", "en"), [Number(name, "1234")])


def test_telling_words_are_found_in_any_spelling() -> None:
    told = ["Trafficking", "VICTIMS", "للاستغلال", "الاتِّجار", "ضحيّة", "إستغلال", "debt  bondage"]
    assert [each for each in told if not find_telling_words(each)] == ["debt  bondage"]
    plain = "Help is free. We essex food bed doctor. المساعدة مجانية والطبيب والأسرة"
    assert find_telling_words(plain) == []


def test_both_languages_have_every_text_and_no_english_number() -> None:
    found = load_leaflets(SET, added=Path("nowhere"))
    assert {frozenset(each.texts) for each in found.values()} == {frozenset(found["en"].texts)}
    assert len(wording("en").say("message", phone="+218 21 000 0000")) <= 160
    assert len(wording("ar").say("message", phone="+218 21 000 0000")) <= 70

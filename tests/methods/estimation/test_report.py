"""The report: complete, escaped, in both directions, and fetching nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from marfa.methods.estimation import (
    CaptureData,
    CaptureTable,
    Settings,
    Stratified,
    Stratum,
    analyse,
)
from marfa.methods.estimation.report import report_page
from marfa.methods.estimation.report.answers import headline_part
from marfa.methods.estimation.report.checks import models_part
from marfa.methods.estimation.report.html import Words
from marfa.methods.estimation.settings import Linkage
from tests.methods.estimation import published_tables

SETTINGS = Settings(replicates=100, linkage=Linkage(0.9, 0.98))
VOID = {"meta"}


class Page(HTMLParser):
    """Elements with their attributes, and whether they close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page(table: CaptureTable, language: str = "en", **more: CaptureTable) -> str:
    data = CaptureData(table, referred=more.get("referred"))
    answer = analyse(table, SETTINGS, referred=data.referred)
    return report_page("lists.csv", data, answer, SETTINGS, language)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_page_of_its_own_in_both_directions(language: str, direction: str) -> None:
    text = page(published_tables.KOSOVO, language)
    parsed = Page(text)
    assert parsed.open == []
    root = dict(parsed.elements)["html"]
    assert (root["lang"], root["dir"]) == (language, direction)
    names = [name for name, _ in parsed.elements]
    assert not {"script", "link", "img", "iframe", "object"} & set(names)
    assert names.count("svg") >= 4
    for _, attributes in parsed.elements:
        assert not {"src", "href", "style", "onclick"} & set(attributes)
    assert not re.search(r"https?://|url\(|@import", text)
    assert "default-src 'none'" in text
    if language == "en":
        assert "What must be true" in parsed.words
        assert "Could the lists find what is known?" in parsed.words
    if language == "ar":
        body = " ".join(parsed.words)
        assert "كم عدد غير المرصودين" in body
        assert "headline-" not in body


def test_names_of_lists_cannot_write_into_the_page() -> None:
    bad = '<script>alert("x")</script>'
    table = CaptureTable((bad, "b&c", "d", "e"), published_tables.KOSOVO.counts)
    text = page(table)
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "b&amp;c" in text


def test_what_the_page_says_of_the_uk() -> None:
    points = Settings(replicates=0)
    analysis = analyse(published_tables.UK_5, points)
    assert analysis.fitted is not None
    words = " ".join(
        Page(headline_part(analysis, Words("en"))).words
        + Page(models_part(analysis.fitted, Words("en"))).words
    )
    assert "The data do not decide between about" in words
    assert "1,024 of 1,024 models" in words
    assert "6,084 of 6,212 models" in words


def test_referrals_and_linkage_have_their_tables() -> None:
    referred = published_tables.KOREA.with_counts([6 if h == 3 else 0 for h in range(1, 8)])
    words = " ".join(Page(page(published_tables.KOREA, referred=referred)).words)
    assert "Referrals taken out of the overlaps" in words
    assert "Corrected for missed and false links" in words


def test_strata_are_shown() -> None:
    analysis = analyse(published_tables.KOREA, SETTINGS)
    data = CaptureData(published_tables.KOREA, ("sex",), ((("f",), published_tables.KOREA),))
    answer = Stratified(("sex",), analysis, (Stratum(("<f>",), analysis),))
    text = report_page("lists.csv", data, answer, SETTINGS, "en")
    assert "&lt;f&gt;" in text
    assert Page(text).open == []

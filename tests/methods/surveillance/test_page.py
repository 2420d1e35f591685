"""The page of plots: no count of 1 to k - 1 in it, nothing fetched, both languages."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from marfa.methods.surveillance import Panel, Settings, detect
from marfa.methods.surveillance.page import answers_page, protected
from tests.methods.surveillance.series import quiet_panel


def page_of(counts: np.ndarray, least_cell: int = 5) -> str:
    base = quiet_panel(280, 2, mean=3)
    answers = detect(base, settings=Settings(start=230))
    shown = base.counts.copy()
    shown[230:] = counts
    answers = replace(answers, panel=Panel(base.units, shown))
    return answers_page(answers, "counts.csv", "en", least_cell=least_cell)


def test_counts_of_one_to_four_are_not_told_apart() -> None:
    """Whatever they are among 1 to 4, the page is the same to the letter."""
    counts = np.random.default_rng(1).integers(0, 12, size=(50, 2)).astype(float)
    small = (counts > 0) & (counts < 5)
    assert small.sum() > 20
    pages = {page_of(np.where(small, other, counts)) for other in (1.0, 2.0, 3.0, 4.0)}
    pages.add(page_of(counts))
    assert len(pages) == 1
    assert page_of(np.where(small, 5.0, counts)) not in pages


def test_the_height_of_few() -> None:
    found = protected(np.array([0.0, 1.0, 4.0, 5.0, np.nan]), 5)
    np.testing.assert_array_equal(found, [0.0, 2.5, 2.5, 5.0, np.nan])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_fetches_nothing_and_says_what_an_alarm_is(language: str) -> None:
    panel = quiet_panel(280, 2, dated=True)
    panel.counts[-1] += 90
    answers = detect(panel, settings=Settings(start=200))
    page = answers_page(answers, "counts.csv", language)
    assert not re.search(r"https?:|<script|src=|url\(", page)
    assert f'lang="{language}"' in page
    assert ("no ground to close a border" if language == "en" else "لإغلاق حدود") in page
    assert page.count("<svg") == 2
    assert page.count('class="alarm"') >= 2
    assert page.count("<table") == 2


def test_a_name_cannot_bring_markup() -> None:
    panel = quiet_panel(280, 1)
    panel = replace(panel, units=("<b>&site",))
    page = answers_page(detect(panel, settings=Settings(start=270)), "<x>.csv", "en")
    assert "<b>" not in page
    assert "&lt;b&gt;&amp;site" in page

"""Every page that can be opened, in each language: for everybody, and without scrolling sideways.

axe looks at a page once in a language, and in the other language on the other
screen and in the other light; ``make test-all`` (slow) looks at all four in both.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewContext, accessible, fits
from tests.journeys.looks import REGIONS
from tests.journeys.page_list import all_groups
from tests.journeys.pages import SIZES, Walk
from tests.support.installation import Served

GROUPS = all_groups()
# Each stands beside the one that differs from it in both.
LOOKS = (("light", "desk"), ("dark", "phone"), ("dark", "desk"), ("light", "phone"))


def look_of(place: int, language: str) -> tuple[str, str]:
    """The light and the screen in which axe looks at a page. place: of the page in its file."""
    turn = place % len(LOOKS)
    return LOOKS[turn if language == "en" else turn ^ 1]


def walk(opened: Page, group: str, language: str, *, whole: bool) -> None:
    """Go through the pages of a file. whole: axe looks in both lights, on both screens."""
    walked = Walk(opened, GROUPS[group], language)
    for place, shown in enumerate(GROUPS[group]):
        walked.show(shown)
        expect(opened.locator("html")).to_have_attribute("lang", language)
        looked = LOOKS if whole else (look_of(place, language),)
        for scheme, size in looked:
            opened.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            opened.set_viewport_size(SIZES[size])
            accessible(opened)
        for screen in SIZES.values():
            opened.set_viewport_size(screen)
            fits(opened)


@pytest.mark.parametrize("language", REGIONS)
@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_accessible_and_fits(
    new_context: NewContext, served: Served, group: str, language: str
) -> None:
    opened = new_context(base_url=served.origin, locale=REGIONS[language]).new_page()
    walk(opened, group, language, whole=False)


@pytest.mark.slow
@pytest.mark.parametrize("language", REGIONS)
@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_accessible_and_fits_in_every_look(
    new_context: NewContext, served: Served, group: str, language: str
) -> None:
    opened = new_context(base_url=served.origin, locale=REGIONS[language]).new_page()
    walk(opened, group, language, whole=True)


def test_every_page_is_seen_in_both_lights_and_on_both_screens() -> None:
    places = range(max(map(len, GROUPS.values())))
    for place in places:
        looks = [look_of(place, language) for language in REGIONS]
        assert {light for light, _size in looks} == {"light", "dark"}
        assert {size for _light, size in looks} == set(SIZES)
    for language in REGIONS:
        assert {look_of(place, language) for place in places} == set(LOOKS)


@pytest.mark.parametrize("group", GROUPS)
def test_what_a_page_goes_on_from_stands_before_it(group: str) -> None:
    names = [shown.name for shown in GROUPS[group]]
    assert len(set(names)) == len(names)
    for place, shown in enumerate(GROUPS[group]):
        assert not shown.after or shown.after in names[:place], shown.name

"""Every page that can be opened, in each language: for everybody, and without scrolling sideways.

The pages of a file are walked through in one language, those of the next in the other. axe looks at
a page in one light on one screen, unless nothing of it changed since it found nothing
(``cleared.py``); ``make test-all`` (slow) looks at all four in both languages, whatever changed.
"""

from __future__ import annotations

from itertools import cycle

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import cleared
from tests.journeys.conftest import NewContext, accessible, fits
from tests.journeys.looks import REGIONS
from tests.journeys.page_list import groups_of_demonstration
from tests.journeys.pages import SIZES, Walk
from tests.support.installation import Served

GROUPS = groups_of_demonstration()
# Each stands beside the one that differs from it in both.
LOOKS = (("light", "desk"), ("dark", "phone"), ("dark", "desk"), ("light", "phone"))


MOST_SCREENS = 3
"""What is done on a page begins within so many screens."""
ACTION = """() => {
  const actions = "a[href], button, input, select, textarea, summary";
  const first = [...document.querySelectorAll("main :is(" + actions + ")")]
    .find((each) => !each.closest(".back, .record-index") && each.getClientRects().length);
  return first ? first.getBoundingClientRect().top + scrollY : 0;
}"""


def first_action(opened: Page) -> float:
    """How far down the first thing stands that can be done, in pixels; 0 where there is none."""
    found: float = opened.evaluate(ACTION)
    return found


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
            accessible(opened, always=whole)
        for screen in SIZES.values():
            opened.set_viewport_size(screen)
            fits(opened)
            assert first_action(opened) <= MOST_SCREENS * screen["height"], shown.name


@pytest.mark.parametrize(("group", "language"), list(zip(GROUPS, cycle(REGIONS), strict=False)))
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


PLANTED = (
    ("a picture without its text", "document.querySelector('img').removeAttribute('alt')"),
    ("a field without its label", "document.querySelector('label').remove()"),
    ("a list that is none", "document.querySelector('ul').setAttribute('role', 'list2')"),
    ("a colour", "document.querySelector('main').style.color = '#ccc'"),
    ("a language", "document.documentElement.lang = 'xx'"),
    ("a page without its heading", "document.querySelector('h1').remove()"),
)


@pytest.mark.parametrize(("what", "change"), PLANTED, ids=[what for what, _ in PLANTED])
def test_what_changed_is_looked_at_again(page: Page, what: str, change: str) -> None:
    """A page that was found clean and on which something is wrong since is not taken for it."""
    page.goto("/components/")
    accessible(page)
    assert cleared.is_known(cleared.digest(page)) or cleared.HOW == "all"
    page.evaluate(f"() => {{ {change} }}")
    assert not cleared.is_known(cleared.digest(page))
    with pytest.raises(AssertionError):
        accessible(page)


def test_an_action_that_stands_too_far_down_is_found(page: Page) -> None:
    page.goto("/components/")
    assert 0 < first_action(page) <= MOST_SCREENS * SIZES["desk"]["height"]
    page.evaluate("() => { document.querySelector('main').style.paddingTop = '3000px'; }")
    assert first_action(page) > MOST_SCREENS * SIZES["desk"]["height"]


def test_other_words_are_the_same_page(page: Page) -> None:
    page.goto("/components/")
    before = cleared.digest(page)
    page.evaluate("() => { document.querySelector('main p').textContent = 'Something else'; }")
    assert cleared.digest(page) == before


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

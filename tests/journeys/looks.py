"""One person at one device, by keyboard alone: in each language, on a phone and at a desk.

A pointer that is used all the same fails the journey: the page says so in its console.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.pages import SIZES

SOURCE = Path(__file__).parents[2] / "src" / "marfa"
REGIONS = {"en": "en-GB", "ar": "ar-SY"}
# A page on which a control lies further away by Tab is not one for the keyboard.
FURTHEST = 60
MOST_CHOICES = 20
# Somebody who looks sees where they are: the control has an outline, or what stands around it.
MARKED = """each => each.matches(':focus-visible') &&
  [each, each.closest('label'), each.closest('.option')].some(one => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
      || style.boxShadow !== 'none';
  })"""
NO_POINTER = """
  for (const kind of ["pointerdown", "touchstart"]) {
    addEventListener(kind, () => console.error("a pointer was used"), true);
  }
"""


@dataclass(frozen=True)
class Look:
    """A language and a size of screen."""

    language: str
    size: str

    def __str__(self) -> str:
        return f"{self.language}-{SIZES[self.size]['width']}"

    def settings(self) -> dict[str, object]:
        """What the browser is opened with; the phone is one that is touched."""
        phone = {"is_mobile": True, "has_touch": True} if self.size == "phone" else {}
        return {"locale": REGIONS[self.language], "viewport": SIZES[self.size], **phone}

    def says(self, english: str) -> str:
        """A text of the pages in this language; fails for one that is not there."""
        if self.language == "en":
            return english
        for folder in sorted(SOURCE.rglob("locale")):
            found = gettext.translation("django", folder, [self.language], fallback=True)
            if (text := found.gettext(english)) != english:
                return text
        raise AssertionError(f"no {self.language} text for {english!r}")


LOOKS = tuple(Look(language, size) for language in REGIONS for size in SIZES)


def looks(place: int) -> list[ParameterSet]:
    """All looks for the journey at this place in its file. Two that differ in language and in size
    are taken always, by turns; the other two by ``make test-all`` (slow)."""
    kept = {LOOKS[0], LOOKS[3]} if place % 2 else {LOOKS[1], LOOKS[2]}
    return [
        pytest.param(look, id=str(look), marks=() if look in kept else pytest.mark.slow)
        for look in LOOKS
    ]


class Device:
    """A page that is used by keyboard."""

    def __init__(self, context: BrowserContext, look: Look, page: Page | None = None) -> None:
        self.context, self.look = context, look
        self.page = page or context.new_page()
        self.page.add_init_script(NO_POINTER)

    def another_tab(self) -> Device:
        """A second page of the same browser."""
        return Device(self.context, self.look)

    def says(self, english: str) -> None:
        """The page shows this text, in its language."""
        expect(self.page.get_by_text(self.look.says(english))).to_be_visible()

    def heading(self, english: str) -> None:
        """The page has this heading, in its language."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.look.says(english))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, target: str) -> Locator:
        """Go to a control by Tab and see that it is marked; fails where Tab does not lead there."""
        found = self.page.locator(target).last
        self.presses_to(target)
        assert found.evaluate(MARKED), f"{target} is not seen to be focused on {self.page.url}"
        return found

    def presses_to(self, target: str, key: str = "Tab") -> int:
        """Go on by Tab, or back by ``Shift+Tab``, until a control is reached: how many presses."""
        found = self.page.locator(target).last
        found.wait_for()
        for presses in range(FURTHEST + 1):
            if found.evaluate("each => each === document.activeElement"):
                return presses
            self.press(key)
        raise AssertionError(f"{target} is not reached by keyboard on {self.page.url}")

    def pick(self, name: str, value: str) -> None:
        """Choose among radio buttons: with Tab into the group, with the arrows within it."""
        group = f"input[type=radio][name='{name}']"
        wanted = self.page.locator(f"{group}[value='{value}']")
        wanted.wait_for()
        chosen = self.page.locator(f"{group}:checked").count()
        self.to(f"{group}:checked" if chosen else f":nth-match({group}, 1)")
        for _ in range(MOST_CHOICES):
            if wanted.evaluate("each => each === document.activeElement"):
                self.press("Space")
                expect(wanted).to_be_checked()
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} of {name} is not reached by keyboard on {self.page.url}")

    def choose(self, target: str) -> None:
        """Press a button or follow a link."""
        self.to(target)
        self.press("Enter")

    def write(self, name: str, text: str) -> Locator:
        """Put a text into a field, in the place of what is there."""
        field = self.to(f"[name={name}]")
        self.press("Control+a")
        self.page.keyboard.type(text)
        return field

    def come_in(self, desk: str = "administration") -> None:
        """Sign in as the fictional user of a desk, in this language."""
        self.page.goto("/sign-in/")
        self.choose(f"button[name=desk][value={desk}]")
        self.page.locator("form[data-lock]").wait_for()
        if self.page.locator("html").get_attribute("lang") != self.look.language:
            self.change_language(self.look.language)

    def change_language(self, language: str) -> None:
        """With the button in the header."""
        self.choose(f"button[name=language][value={language}]")
        self.page.locator(f"html[lang={language}]").wait_for()

"""One conversation: a woman alone from arrival to hand-over, on a phone in Arabic and at a desk in
English. What whoever sits with her has to press, choose and type is counted and printed, and no
question is put to her twice.

Each question fits on a phone: how high its page is stands among what is printed (``-s``, ``-rP``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import accessible, fits
from tests.journeys.test_reception import come_to_her_ticket, digits

WOMAN = {"ar": "سوسن بنت المرسى", "en": "Wilhelmina Osterhagen"}
IN_DANGER = "زبيدة بنت القنديل"
"""Each name once: who may be here already is shown before somebody is registered."""
HIGHEST = 800
"""Pixels of a page with one question, on a screen that is 360 wide."""
GOAL = 40
MOST = {"ar": 81, "en": 68}
"""Interactions that it takes today, from the page of the desk to the hand-over: four at the
registration, fifteen conditions, twenty-two questions that are put to her."""
HEIGHT = "() => document.documentElement.scrollHeight"
TOLD = {
    "ar": ("انتهت المقابلة", "إجراء الفحص المبكر الآن", "الخطوة التالية"),
    "en": ("The interview is over", "Screen now", "The next step"),
}


@dataclass
class Officer:
    """Somebody at a device, with what they did there and what they asked."""

    page: Page
    language: str
    done: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    heights: dict[str, int] = field(default_factory=dict)

    @property
    def small(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] == 360

    def press(self, target: str | Locator) -> None:
        there = self.page.locator(target) if isinstance(target, str) else target
        self.done.append("press")
        there.first.click()

    def choose(self, name: str, value: str) -> None:
        self.done.append("choose")
        self.page.locator(f"[name={name}][value={value}]").check()

    def select(self, name: str, value: str) -> None:
        self.done.append("choose")
        self.page.locator(f"[name={name}]").select_option(value)

    def type(self, name: str, text: str) -> None:
        self.done.append("type")
        self.page.locator(f"[name={name}]").fill(text)

    def next_page(self, press: Callable[[], None]) -> None:
        before = self.page.url
        press()
        self.page.wait_for_url(lambda url: url != before)
        self.page.wait_for_load_state()

    def hears(self, question: str) -> None:
        """A question that is put to her, and how high its page is."""
        words = " ".join(question.split())
        assert words not in self.asked, f"asked twice: {words}"
        self.asked.append(words)
        if self.small:
            self.heights[words] = self.page.evaluate(HEIGHT)


@pytest.fixture
def officer(request: pytest.FixtureRequest) -> Officer:
    """On a phone in Arabic; at a desk in English."""
    device: Page = request.getfixturevalue("phone" if request.param == "ar" else "page")
    device.context.clear_cookies()
    device.goto("/sign-in/")
    device.locator("button[name=desk][value=reception]").click()
    device.locator("form[data-lock]").wait_for()
    return Officer(device, request.param)


def register(officer: Officer, name: str) -> str:
    """She is registered; a phone shows one question a page."""
    page = officer.page
    page.goto("/desks/reception/")
    officer.press("main a[href$='/register/person/']")
    if officer.small:
        officer.press("main a[href$='/register/person/1/']")
        officer.type("name", name)
        officer.next_page(lambda: officer.press("button[value=on]"))
        officer.select("sex", "female")
        officer.next_page(lambda: officer.press("button[value=on]"))
        officer.type("born", "27")
        officer.next_page(lambda: officer.press("button[value=on]"))
        officer.next_page(lambda: officer.press("button[value=on]"))
    else:
        officer.type("name", name)
        officer.select("sex", "female")
        officer.type("born", "27")
    officer.press("button[value=save]")
    page.wait_for_url("**/registered/")
    return digits(page.locator("main table bdi").first.inner_text())


def speak_in_private(officer: Officer, code: str) -> None:
    """Alone: two things are so, everything else is not."""
    page = officer.page
    officer.done += ["press", "press"]  # to the queue, and her ticket
    come_to_her_ticket(page, code)
    officer.press("main a[href$='/begin/']")
    page.wait_for_url("**/begin/")
    for box in page.locator("[name=confirmed]").all():
        officer.done.append("choose")
        box.check()
    officer.next_page(lambda: officer.press("main form.form .button"))
    while page.locator("button[value=save]").count():
        said = "yes" if re.search("/(alone|papers_held)/$", page.url) else "no"
        if page.locator("[name=stated]").count():
            officer.hears(page.locator("main h1").inner_text())
            officer.choose("stated", said)
        officer.next_page(lambda: officer.press("button[value=save]"))
    officer.press("button[value=finish]")
    expect(page.get_by_role("heading", level=1)).to_have_text(TOLD[officer.language][0])


def screen_now(officer: Officer) -> None:
    """From there on with the same person; every condition is looked at."""
    page = officer.page
    accessible(page)
    fits(page)
    officer.next_page(lambda: officer.press(page.get_by_text(TOLD[officer.language][1])))
    if officer.language == "en":
        expect(page.locator("main [name=language]")).to_have_value("en")
    officer.next_page(lambda: officer.press("main form.form .button"))
    radios = page.locator("main fieldset:has(input[type=radio][value=yes])")
    names = [each.locator("input").first.get_attribute("name") or "" for each in radios.all()]
    assert "nobody_else" in names
    for name in names:
        officer.choose(name, "not_needed" if name in ("interpreter", "no_tie") else "yes")
    officer.press("button[value=begin]")
    page.wait_for_url("**/ask/1/")


def ask_everything(officer: Officer, first: str) -> None:
    """Danger first; at a desk the rest stands on one page. first: what she says to danger."""
    page = officer.page
    accessible(page)
    fits(page)
    answer_page(officer, first)
    officer.next_page(lambda: officer.press("button[value=next]"))
    if first == "yes":
        return
    if not officer.small:
        officer.press("details:has(button[value=whole]) > summary")
        officer.next_page(lambda: officer.press("button[value=whole]"))
        for section in page.locator("main form section").all():
            if not section.locator("[name^=said-]:checked:not([value=not_asked])").count():
                officer.hears(section.locator(".told").inner_text())
                officer.done.append("choose")
                section.locator("[name^=said-][value=no]").check()
        officer.next_page(lambda: officer.press("button[value=end]"))
        return
    while "/ask/" in page.url:
        answer_page(officer, "no")
        officer.next_page(lambda: officer.press("button[value=next]"))


def answer_page(officer: Officer, said: str) -> None:
    officer.hears(officer.page.locator("main .told").inner_text())
    name = officer.page.locator("[name^=said-]").first.get_attribute("name") or ""
    officer.choose(name, said)


def hand_over(officer: Officer) -> None:
    page = officer.page
    officer.choose("ground", "agreed")
    officer.press("button[value=hand_over]")
    page.locator(".notice-done").first.wait_for()


def say(officer: Officer, line: str) -> None:
    text = f"{line}, {officer.language}: {len(officer.done)} interactions (goal {GOAL})"
    kinds = {kind: officer.done.count(kind) for kind in ("press", "choose", "type")}
    sys.stdout.write(f"{text} {kinds}; {len(officer.asked)} questions, none twice\n")
    if officer.heights:
        highest = max(officer.heights.values())
        sys.stdout.write(f"a question's page at 360 px: at most {highest} px high\n")


@pytest.mark.parametrize("officer", ["ar", "en"], indirect=True)
def test_a_woman_alone_from_arrival_to_hand_over(officer: Officer) -> None:
    code = register(officer, WOMAN[officer.language])
    speak_in_private(officer, code)
    screen_now(officer)
    ask_everything(officer, "no")
    page = officer.page
    told = page.locator("main .answers")
    expect(told).to_be_visible()
    assert told.locator("dt").count() == 6, "said before, and not asked again"
    officer.press("main form.form .button")
    expect(page.get_by_role("heading", level=1)).to_have_text(TOLD[officer.language][2])
    accessible(page)
    fits(page)
    hand_over(officer)
    say(officer, "A woman alone, arrival to hand-over")
    assert len(officer.done) <= MOST[officer.language]
    assert all(height <= HIGHEST for height in officer.heights.values())


@pytest.mark.parametrize("officer", ["ar"], indirect=True)
def test_a_woman_in_danger_is_handed_over_at_the_first_question(officer: Officer) -> None:
    """From the conditions on: a yes to danger leads to the steps, and from there to protection."""
    code = register(officer, IN_DANGER)
    speak_in_private(officer, code)
    screen_now(officer)
    before = len(officer.asked)
    ask_everything(officer, "yes")
    page = officer.page
    assert page.url.endswith("/danger/")
    accessible(page)
    fits(page)
    officer.type("note", "He waits at the gate")
    officer.choose("ground", "life_in_danger")
    officer.press("button[value=hand_over]")
    page.locator(".notice-done").first.wait_for()
    assert len(officer.asked) == before + 1, "nothing else was asked before"
    assert page.locator("main a[href$='/ask/']").last.is_visible(), "go on, or stop here"
    say(officer, "A woman in danger tonight, arrival to hand-over")

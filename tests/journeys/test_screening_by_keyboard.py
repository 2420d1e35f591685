"""A talk of screening and a complaint by keyboard alone: Arabic on a phone, English at a desk.

Whoever says stop waits for nobody: from every question Stop and the steps in danger are a few
presses away, wherever on the page the officer is.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewContext, accessible, fits
from tests.journeys.looks import Device, Look
from tests.journeys.test_reception import digits, grouped
from tests.support.installation import Served

LOOKS = (Look("ar", "phone"), Look("en", "desk"))
TALKS = "/desks/reception/talks/"
WAITING = "/desks/protection/waiting/"
STOP, DANGER = "main nav a[href$='/stop/']", "main nav a[href$='/danger/']"
# The link past the menu, Enter, and then Tab.
FROM_THE_TOP = 3
# Back from the last control of a page with one question.
FROM_THE_END = 12
WORDS = {
    "ar": ("أمي", "رجل ينتظر عند الباب", "لم يعد إلى البيت", "طلب الحارس مالًا"),
    "en": ("My mother", "A man waits at the gate", "He did not go home", "The guard wanted money"),
}


@pytest.fixture(params=LOOKS, ids=str)
def device(request: pytest.FixtureRequest, new_context: NewContext, served: Served) -> Device:
    """A browser of its own in this look, at reception."""
    look: Look = request.param
    made = Device(new_context(base_url=served.origin, **look.settings()), look)
    made.come_in("reception")
    return made


def registered(page: Page) -> str:
    """A child alone was registered before, in whichever way; the code."""
    page.goto("/desks/reception/register/person/?whole")
    page.locator("[name=born]").fill("12")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/registered/")
    code = digits(page.locator("main table bdi").first.inner_text())
    page.close()
    return code


def sound(device: Device) -> None:
    accessible(device.page)
    fits(device.page)


def afresh(device: Device) -> None:
    """The page anew, with nothing focused."""
    device.page.goto(device.page.url.partition("#")[0])


def at_once(device: Device) -> None:
    """Stop, then the steps in danger, from the top of the page."""
    afresh(device)
    device.press("Tab", "Enter")
    assert device.presses_to(STOP) + 2 <= FROM_THE_TOP
    assert device.presses_to(DANGER) <= 1


def back_from_the_end(device: Device) -> None:
    """The same from the last control of the page."""
    device.to("main form.form :is(summary, button):visible")
    assert device.presses_to(DANGER, "Shift+Tab") <= FROM_THE_END
    assert device.presses_to(STOP, "Shift+Tab") <= 1


def sit_down(device: Device, code: str) -> None:
    device.page.goto(TALKS)
    row = device.page.locator("main tr", has_text=grouped(code))
    there = row.locator("a[href*='/talks/with/']").get_attribute("href")
    device.choose(f"a[href='{there}']")
    device.heading("Begin an interview with a person")
    sound(device)
    device.pick("form", "masculine")
    device.choose("main form.form .button")
    device.heading("Before the first question")


def tell_conditions(device: Device) -> None:
    """One does not hold at first: it is said, and nothing is asked."""
    radios = device.page.locator("main input[type=radio][value=yes]").all()
    names = [radio.get_attribute("name") or "" for radio in radios]
    assert "nobody_else" in names
    for name in names:
        met = "not_needed" if name in ("interpreter", "no_tie") else "yes"
        device.pick(name, "no" if name == "nobody_else" else met)
    device.choose("button[value=begin]")
    expect(device.page.locator(".notice-warning")).to_be_visible()
    sound(device)
    device.pick("nobody_else", "yes")
    device.choose("button[value=begin]")
    device.page.wait_for_url("**/ask/1/")


def name_of(device: Device, beginning: str) -> str:
    return device.page.locator(f"[name^={beginning}]").first.get_attribute("name") or ""


def answer_everything(device: Device) -> None:
    """Every question: what was said, and what was seen where there was something to be seen."""
    place = 0
    while "/ask/" in device.page.url:
        place += 1
        device.page.wait_for_url(re.compile(f"/ask/{place}/"))
        at_once(device)
        if place == 1:
            back_from_the_end(device)
            afresh(device)
        unfold_what_was_seen(device)
        device.pick(name_of(device, "seen-"), "yes" if place == 1 else "no")
        if place == 2:
            keep_what_was_seen(device)
        device.choose(f"[name^=said-][value={'no' if place > 1 else 'yes'}]")
        if place == 1:
            go_on_after_danger(device)
        device.page.wait_for_url(re.compile(f"/ask/{place + 1}/|/end/"))
    assert place > 1


def keep_what_was_seen(device: Device) -> None:
    """Enter among what was seen keeps that, and answers nothing in the person's place."""
    with device.page.expect_navigation():
        device.press("Enter")
    expect(device.page.locator("[name^=seen-]:checked")).to_have_count(1)
    expect(device.page.locator("[name^=said-][aria-pressed=true][value=yes]")).to_have_count(0)


def unfold_what_was_seen(device: Device) -> None:
    """It is folded where nothing was seen yet and the question is put to the person."""
    folded = "details:has([name^=seen-]):not([open]) > summary"
    if device.page.locator(folded).count():
        device.choose(folded)


def go_on_after_danger(device: Device) -> None:
    """Danger is asked first: a yes leads to the steps, and from there to the next question."""
    device.heading("Danger: what to do now")
    sound(device)
    device.choose("main .button-row a[href$='/ask/']")


def write_down_a_danger(device: Device, words: str) -> None:
    """From the first question to the steps and back; nothing of the talk is lost."""
    device.choose(DANGER)
    device.heading("Danger: what to do now")
    device.write("done", words)
    device.choose("button[value=write]")
    expect(device.page.get_by_text(words).first).to_be_visible()
    sound(device)
    device.choose("main a.back")
    device.page.wait_for_url("**/ask/1/")


def raise_outcome(device: Device, words: str) -> None:
    device.choose("details:has([name=indication]) > summary")
    for name in ("indication", "urgency"):
        options = device.page.locator(f"[name={name}] option")
        worst = options.last.get_attribute("value") or ""
        device.to(f"[name={name}]")
        device.press("End")
        expect(device.page.locator(f"[name={name}]")).to_have_value(worst)
    device.write("sentence", words)
    device.choose("button[value=raise]")
    expect(device.page.get_by_text(words)).to_be_visible()


def test_a_talk_from_the_queue_to_protection(device: Device) -> None:
    wish, danger, reason, _ = WORDS[device.look.language]
    code = registered(device.context.new_page())
    sit_down(device, code)
    tell_conditions(device)
    write_down_a_danger(device, danger)
    answer_everything(device)
    device.heading("End of the interview")
    expect(device.page.locator(STOP)).to_be_visible()
    device.write("wish", wish)
    sound(device)
    device.choose("main form.form .button")
    device.heading("The next step")
    raise_outcome(device, reason)
    sound(device)
    device.pick("ground", "child")
    device.write("note", danger)
    device.choose("button[value=hand_over]")
    device.page.locator(".notice-done").first.wait_for()
    device.choose("form[data-lock] button")
    device.heading("Sign in")
    device.come_in("protection")
    device.page.goto(WAITING)
    row = device.page.locator("main tr", has_text=grouped(code))
    device.choose(f"a[href='{row.locator('a').get_attribute('href')}']")
    device.page.wait_for_url("**/waiting/*/")
    sound(device)
    device.choose("main form.form .button")
    device.page.wait_for_url("**/talks/*/")
    for words in (wish, reason):
        expect(device.page.get_by_text(words)).to_be_visible()


def test_stop_is_said_in_the_middle(device: Device) -> None:
    code = registered(device.context.new_page())
    sit_down(device, code)
    tell_conditions(device)
    unfold_what_was_seen(device)
    # Wherever the officer is: here among the answers.
    device.presses_to(STOP, "Shift+Tab")
    device.press("Enter")
    device.heading("Stop")
    sound(device)
    device.choose("button[commandfor=delete-said]")
    device.choose("button[value=forget]")
    device.page.wait_for_url(re.compile(r"/talks/[^/]+/$"))
    device.heading("The interview has ended")


def test_a_complaint_is_written_and_asked_after(device: Device) -> None:
    *_, story = WORDS[device.look.language]
    device.page.goto("/desks/reception/")
    device.choose("a[href='/desks/reception/complaint/']")
    device.heading("Make a complaint")
    device.choose(f"button[name=hand][value={device.look.language}]")
    device.page.locator("[name=text]").wait_for()
    device.choose("main form.form button")
    device.page.locator(".error-summary").wait_for()
    sound(device)
    device.choose(".error-summary li:first-child a")
    expect(device.page.locator("[name=text]")).to_be_focused()
    device.write("text", story)
    device.pick("about", "guard")
    device.pick("matter", "money")
    device.choose("main form.form button")
    code = digits(device.page.locator("main strong bdi").first.inner_text())
    assert len(code) == 9
    sound(device)
    device.choose("main a[href='/my/proof/']")
    device.heading("Take the device back")
    sound(device)
    device.choose("main form.form button")
    device.page.locator("nav.desks").wait_for()
    device.page.goto("/desks/reception/complaint/")
    device.choose("main a[href$='/what-became/']")
    device.write("code", code)
    device.choose("main form.form button")
    expect(device.page.locator("main .notice").last).to_be_visible()
    sound(device)

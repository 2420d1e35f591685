"""Registering a family: on a phone in Arabic, by keyboard within a minute, and when the lid is
closed in the middle."""

from __future__ import annotations

import re
import sys
import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import NewContext, accessible, fits
from tests.support.installation import Served

HOUSEHOLD = "/desks/reception/register/household/"
KEPT = "ما كتبته محفوظ"
DELAY_MS = 20
"""Between two keys, so that each is a key of its own for the page."""
SECONDS_A_KEY = 0.5
"""Of somebody who types letters that make no words, some 120 a minute: Card, Moran and Newell, The
keystroke-level model for user performance time, Communications of the ACM 23 (1980)."""


def come_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.locator("button[name=desk][value=reception]").click()
    page.locator("form[data-lock]").wait_for()


def codes(page: Page) -> list[str]:
    return page.locator("main table bdi").all_inner_texts()


def fill(page: Page, row: int, name: str, sex: str, born: str, relation: str) -> None:
    page.locator(f"[name=name-{row}]").fill(name)
    page.locator(f"[name=sex-{row}]").select_option(sex)
    page.locator(f"[name=born-{row}]").fill(born)
    if row:
        page.locator(f"[name=relation-{row}]").select_option(relation)


def test_a_family_of_four_on_a_phone_in_arabic(phone: Page) -> None:
    come_in(phone)
    phone.goto("/desks/reception/")
    phone.get_by_role("link", name="تسجيل أسرة معيشية").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("تسجيل أسرة معيشية")
    accessible(phone)
    fits(phone)
    fill(phone, 0, "نورس البحري", "female", "34", "")
    fill(phone, 1, "Coral Bahri", "male", "1988", "spouse")
    fill(phone, 2, "مدّ البحري", "male", "٧", "child")
    fill(phone, 3, "جزر البحري", "female", "4", "child")
    phone.get_by_role("button", name="تسجيل هؤلاء").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("تم التسجيل")
    assert len(codes(phone)) == 4
    expect(phone.get_by_text("لقاء على انفراد.")).to_have_count(2)
    expect(phone.get_by_text("لقاء بعيدًا عن البالغين الذين جاء معهم.")).to_have_count(2)
    assert "نورس" not in phone.content()
    accessible(phone)
    fits(phone)

    phone.locator("main tbody a[href*='/people/']").first.tap()
    expect(phone.locator("main").get_by_text("نورس البحري").first).to_be_visible()
    assert "نورس" not in phone.title()
    assert "%D9" not in phone.url
    accessible(phone)
    fits(phone)
    phone.get_by_role("link", name="تغيير ما قيل").tap()
    phone.locator("[name=birth_place]").fill("الميناء القديم")
    phone.locator("button[value=save]").tap()
    expect(phone.get_by_text("الميناء القديم").first).to_be_visible()


def test_who_is_here_already_is_shown_before_anybody_is_registered(phone: Page) -> None:
    come_in(phone)
    phone.goto(HOUSEHOLD)
    fill(phone, 0, "Zephyr Marlowe", "male", "41", "")
    phone.locator("button[value=save]").tap()
    phone.locator("main table").wait_for()
    found, end = phone.locator("main .work"), time.monotonic() + 300
    while not found.count() and time.monotonic() < end:  # the index of names hears of him soon
        time.sleep(0.5)
        phone.goto("/find/")
        phone.locator("main [name=text]").fill("Zephyr Marlowe")
        with phone.expect_navigation():
            phone.locator("main form .button").first.click()
    phone.goto("/desks/reception/register/person/?whole")
    phone.locator("[name=name]").fill("Zefir Marlowe")
    phone.locator("button[value=save]").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("ربما سبق التسجيل هنا")
    accessible(phone)
    fits(phone)
    phone.locator("main .work a").first.tap()
    expect(phone.locator("main").get_by_text("Zephyr Marlowe").first).to_be_visible()
    phone.goto("/desks/reception/register/person/?whole")
    expect(phone.locator("[name=name]")).to_have_value("Zefir Marlowe")
    phone.locator("button[value=save]").tap()
    phone.get_by_role("button", name="شخص آخر").tap()
    phone.locator("main table").wait_for()
    assert len(codes(phone)) == 1


def test_the_lid_is_closed_in_the_middle(new_context: NewContext, served: Served) -> None:
    def device() -> BrowserContext:
        return new_context(base_url=served.origin, locale="ar-SY")

    first = device()
    page = first.new_page()
    come_in(page)
    page.goto(HOUSEHOLD)
    fill(page, 0, "ملّاح البرّ", "male", "41", "")
    fill(page, 1, "Wave Albarr", "female", "39", "spouse")
    page.locator("[name=name-2]").press_sequentially("ريش", delay=20)
    expect(page.locator("[data-draft-status]")).to_contain_text(KEPT)
    batch = page.locator("[name=batch]").input_value()
    # Nothing is said to the page: the machine is gone.
    first.close()

    page = device().new_page()
    come_in(page)
    page.goto("/")
    page.locator(f"main a[href='{HOUSEHOLD}']").first.click()
    expect(page.locator("[name=name-0]")).to_have_value("ملّاح البرّ")
    expect(page.locator("[name=relation-1]")).to_have_value("spouse")
    expect(page.locator("[name=name-2]")).to_have_value("ريش")
    assert page.locator("[name=batch]").input_value() == batch
    fill(page, 2, "ريش البرّ", "male", "3", "child")
    # Sent, and the answer is lost on the way; then sent again.
    page.route(re.compile("/registered/$"), lambda route: route.abort())
    with page.expect_response(lambda answer: answer.status in (302, 303)):
        page.locator("button[value=save]").click()
    page.unroute(re.compile("/registered/$"))
    page.goto("about:blank")
    page.goto(HOUSEHOLD)
    expect(page.locator("[name=name-0]")).to_have_value("")
    page.evaluate(
        """(batch) => {
          const form = document.querySelector("form[data-rows]");
          form.removeAttribute("data-draft");
          form.querySelector("[name=batch]").value = batch;
        }""",
        batch,
    )
    # Another content under the number of that form is shown again, and registers nobody.
    page.locator("[name=name-0]").fill("ملّاح البرّ")
    page.locator("button[value=save]").click()
    page.locator(".error-summary").wait_for()
    expect(page.locator("[name=name-0]")).to_have_value("ملّاح البرّ")
    page.locator("[name=batch]").evaluate("(field, batch) => { field.value = batch; }", batch)
    fill(page, 0, "ملّاح البرّ", "male", "41", "")
    fill(page, 1, "Wave Albarr", "female", "39", "spouse")
    fill(page, 2, "ريش البرّ", "male", "3", "child")
    page.locator("button[value=save]").click()
    page.locator("main table").wait_for()
    assert len(codes(page)) == 3, "what was registered the first time, and nobody more"


@pytest.mark.parametrize("locale", ["en-GB", "ar-SY"])
def test_four_people_by_keyboard_within_a_minute(
    new_context: NewContext, served: Served, locale: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every key as a person presses it, none of them a mouse. What the machine took is printed;
    the minute that the form was made for is that of a person, by the number of keys."""
    page = new_context(base_url=served.origin, locale=locale).new_page()
    come_in(page)
    page.goto(HOUSEHOLD)
    keys = 0

    def tap(key: str) -> None:
        nonlocal keys
        keys += 1
        page.keyboard.press(key)
        page.wait_for_timeout(DELAY_MS)

    def write(text: str) -> None:
        for sign in text:
            nonlocal keys
            keys += 1
            page.keyboard.type(sign)
            page.wait_for_timeout(DELAY_MS)

    # Of a name that nobody has here, so that nobody may be here already.
    name = {"en-GB": "Quill", "ar-SY": "Oakes"}[locale]
    family = (
        (f"Coral {name}", 1, "34", 0),
        (f"Reef {name}", 2, "1988", 1),
        (f"Surf {name}", 2, "7", 2),
        (f"Tide {name}", 1, "4", 2),
    )
    expect(page.locator("[name=name-0]")).to_be_focused()
    began = time.monotonic()
    for row, (name, sex, born, relation) in enumerate(family):
        expect(page.locator(f"[name=name-{row}]")).to_be_focused()
        write(name)
        tap("Tab")
        for _ in range(sex):
            tap("ArrowDown")
        tap("Tab")
        write(born)
        if row:
            tap("Tab")
            for _ in range(relation):
                tap("ArrowDown")
        tap("Enter")
    expect(page.locator("[name=name-4]")).to_be_focused()
    tap("Enter")
    page.locator("main table").wait_for()
    took = time.monotonic() - began
    assert len(codes(page)) == 4
    with capsys.disabled():
        told = f"{keys} keys, {took:.1f} s at {DELAY_MS} ms a key"
        sys.stdout.write(f"\n{locale}: four people by keyboard: {told}\n")
    assert keys * SECONDS_A_KEY < 60

"""On a phone in Arabic a grandmother is found by a Latin spelling of her Arabic name."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, NewContext, accessible, fits
from tests.journeys.pages import sign_in
from tests.journeys.pages.base import save_person
from tests.support.installation import Served

GRANDMOTHER = "فاطمة بنت أحمد الخطيب"
NOBODY = "لم يُعثر على أحد"


def registered(phone: Page, name: str) -> str:
    phone.goto("/desks/reception/register/person/?whole")
    phone.locator("[name=name]").fill(name)
    save_person(phone)
    phone.wait_for_url(re.compile(r"/people/[0-9a-z]{20}/registered/"))
    return phone.url.split("/people/")[1].split("/")[0]


def find(phone: Page, text: str) -> None:
    phone.goto("/find/")
    phone.locator("main [name=text]").fill(text)
    with phone.expect_navigation():
        phone.locator("main form .button").first.click()


def test_a_grandmother_is_found_by_a_latin_spelling(
    new_context: NewContext, served: Served
) -> None:
    phone = new_context(base_url=served.origin, viewport=PHONE, locale="ar").new_page()
    sign_in(phone, "reception", "ar")
    person = registered(phone, GRANDMOTHER)
    found = phone.locator(f"main a[href*='{person}']")
    # The process of names is told by the worker, a moment later.
    end = time.monotonic() + 300
    while True:
        find(phone, "Fatma Khateeb")
        if found.count() or time.monotonic() > end:
            break
        time.sleep(0.5)
    expect(found).to_contain_text(GRANDMOTHER)
    assert "Fatma" not in phone.url
    fits(phone)
    accessible(phone)
    phone.locator("main details summary").first.click()
    expect(phone.locator("main details").first).to_contain_text("Fatma")
    find(phone, "Zahra Qasim")
    expect(phone.locator("main")).to_contain_text(NOBODY)
    fits(phone)
    accessible(phone)

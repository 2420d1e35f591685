"""A service is offered wherever a place is looked for, and stands on the leaflet that is printed at
registration. Once somebody hears that it is closed it is gone from all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from marfa.apps.directory.demo import SERVICES
from marfa.domain.fiction import in_both
from tests.journeys.conftest import accessible, fits
from tests.journeys.pages.base import settle, sign_in
from tests.journeys.test_one_conversation import Officer, register, speak_in_private
from tests.journeys.test_reception import grouped

WOMAN = "Henrietta Quayside"
NEED = "safety_measures"
SAFE_LINE = next(in_both(each.arabic, each.english) for each in SERVICES if each.need == NEED)


@pytest.fixture
def officer(page: Page) -> Officer:
    sign_in(page, "reception", "en")
    return Officer(page, "en")


@pytest.fixture
def reopened(page: Page) -> Iterator[list[str]]:
    """Addresses of services that take people again afterwards."""
    closed: list[str] = []
    yield closed
    for address in closed:
        record_call(page, address, "open")


def record_call(page: Page, address: str, state: str) -> None:
    sign_in(page, "supervisor", "en")
    page.goto(address)
    page.locator(f"[name=state][value={state}]").check()
    page.locator("main form.form .button").click()
    settle(page)
    page.locator(".notice-done").first.wait_for()


def print_leaflets(page: Page, folder: Path, language: str) -> str:
    """What the sheet says that is ordered now."""
    page.goto("/sheets/print/")
    page.locator("[name=material][value=leaflet]").check()
    page.locator("main select[name=language]").select_option(language)
    page.locator("main form.form .button").click()
    with page.expect_download() as given:
        page.locator("main a[href$='/file/']").click()
    there = folder / given.value.suggested_filename
    given.value.save_as(there)
    document = pypdfium2.PdfDocument(there)
    return " ".join(each.get_textpage().get_text_range() for each in document)


def test_a_service_that_closes_leaves_every_offer_at_once(
    officer: Officer, reopened: list[str], tmp_path: Path
) -> None:
    page = officer.page
    code = register(officer, WOMAN)
    registered = page.url
    page.locator("main a[href*='/sheets/offer/']").click()
    page.locator("[name=safe][value=yes]").check()
    page.locator("main form .button").click()
    page.locator(".told").first.wait_for()
    said_aloud = page.url
    accessible(page)
    printed = print_leaflets(page, tmp_path, "ar")

    page.goto(registered)
    speak_in_private(officer, "yes")
    danger = page.url
    called = page.locator("main li", has_text=SAFE_LINE).first
    phone = called.locator("strong").inner_text()
    safe_line = called.locator("a").get_attribute("href") or ""
    assert phone in printed
    fits(page)
    officer.type("note", "He waits at the gate")
    officer.choose("ground", "life_in_danger")
    officer.reloads(page.locator("button[value=hand_over]"))
    page.locator(".notice-done").first.wait_for()
    page.goto(said_aloud)
    expect(page.locator(".told").first).to_contain_text(phone)

    sign_in(page, "protection", "en")
    page.goto("/desks/protection/waiting/")
    page.locator("main tr", has_text=grouped(code)).locator("a").click()
    page.wait_for_url("**/waiting/*/")
    officer.next_page(lambda: officer.press("main form.form .button"))
    officer.next_page(lambda: officer.press("main a.button[href*='/cases/']"))
    officer.next_page(lambda: officer.press("main a[href$='/help/']"))
    plan = page.url
    offered = page.locator(f"[name=service] option[value='{safe_line.strip('/').split('/')[-1]}']")
    expect(offered).to_have_count(1)

    reopened.append(safe_line)
    record_call(page, safe_line, "closed")
    expect(page.locator("main")).to_contain_text("closed")

    sign_in(page, "protection", "en")
    page.goto(plan)
    expect(page.locator("[name=service] option").first).to_be_attached()
    expect(offered).to_have_count(0)
    sign_in(page, "reception", "en")
    page.goto(danger)
    expect(page.get_by_text("Whom to call").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(phone)
    page.goto(said_aloud)
    page.locator(".told").first.wait_for()
    expect(page.locator("main")).not_to_contain_text(phone)
    assert phone not in print_leaflets(page, tmp_path, "ar")
    page.goto("/sheets/")
    expect(page.locator("main")).to_contain_text("Do not give any more")

"""The pages of the directory: all services, finding, adding, one, changing it, files."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, settle

SERVICES = "/services/"


def found(page: Page) -> None:
    page.locator("[name=need]").select_option("medical_care")
    page.locator("[name=sex]").select_option("female")
    page.locator("[name=age]").fill("30")
    page.locator("main form.form .button").click()
    page.locator("main ul.stack li").first.wait_for()


def wrong_age(page: Page) -> None:
    page.locator("[name=age]").fill("x")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def without_name(page: Page) -> None:
    page.locator("[name=age_from]").fill("30")
    page.locator("[name=age_to]").fill("3")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def opened(page: Page) -> None:
    page.locator("main tbody a").first.click()
    settle(page)
    page.locator("[name=state]").first.wait_for()


def no_answer(page: Page) -> None:
    opened(page)
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def changed(page: Page) -> None:
    opened(page)
    page.locator("main a[href$='/edit/']").click()
    settle(page)
    page.locator("[name=provider]").wait_for()


def wrong_file(page: Page) -> None:
    content = b"name,need,latitude\nOne,shelter,x\n,shelter,1\n"
    file = {"name": "services.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


PAGES = (
    Shown("services", SERVICES, "reception"),
    Shown("services-find", f"{SERVICES}find/", "reception", then=found),
    Shown("services-find-wrong", f"{SERVICES}find/", "reception", then=wrong_age),
    Shown("services-add", f"{SERVICES}add/", "reception", then=without_name),
    Shown("services-one", SERVICES, "reception", then=no_answer, view="services:one"),
    Shown("services-edit", SERVICES, "protection", then=changed, view="services:edit"),
    Shown("services-files", f"{SERVICES}files/", "protection", then=wrong_file),
)

"""The pages of files of a list: asked for, with names, and answered."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, prove

OPEN = "/desks/protection/supervision/open/"


def to_file(page: Page) -> None:
    """The factor is proved once, and then the whole list is chosen again."""
    for _ in range(2):
        page.locator("[name=every]").check()
        page.locator("button[value=file]").click()
        prove(page)
        if page.locator("[name=sure]").count():
            return


def ask_for_names(page: Page) -> None:
    page.locator("[name=what][value=names]").check()
    page.locator("main details summary").last.click()
    page.locator("main form.form button[value=file]").click()
    page.locator(".error-summary").wait_for()


def ask(page: Page) -> None:
    page.locator("[name=columns]").first.check()
    page.locator("[name=purpose]").select_option("assistance")
    page.locator("[name=reason]").fill("The buses leave tomorrow, with a list on paper.")
    page.locator("main form.form button[value=file]").click()
    page.wait_for_url("**/list-files/**")


PAGES = (
    Shown("list-file", OPEN, "supervisor", then=to_file, view="caseload:concern"),
    Shown(
        "list-file-wrong",
        OPEN,
        "supervisor",
        then=ask_for_names,
        view="caseload:concern",
        after="list-file",
    ),
    Shown(
        "list-file-asked",
        OPEN,
        "supervisor",
        then=ask,
        view="list_files:request",
        after="list-file-wrong",
    ),
)

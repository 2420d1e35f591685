"""The pages of studies, as who works with them comes to them."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown

ALL = "/desks/protection/studies/"
GOES_ON = "open for enrolment", "مفتوحة للمشاركة"
ENDED = "ended", "انتهى"


def open_study(page: Page, state: tuple[str, str]) -> None:
    page.locator("main tbody tr").first.wait_for()
    for word in state:
        row = page.locator("main tbody tr").filter(has_text=word)
        if row.count():
            row.first.locator("a").first.click()
            page.locator("a.back").wait_for()
            return
    raise AssertionError(f"no study is {state[0]}")


def running(page: Page) -> None:
    open_study(page, GOES_ON)


def part(page: Page, name: str) -> None:
    page.locator(f"main a.card[href$='/{name}/']").click()
    page.locator("a.back").wait_for()


def people(page: Page) -> None:
    running(page)
    part(page, "people")


def enrol(page: Page) -> None:
    page.locator("main tbody a").first.click()
    page.locator("[name=consent]").first.wait_for()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def panel(page: Page) -> None:
    running(page)
    part(page, "panel")


def score(page: Page) -> None:
    running(page)
    part(page, "score")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def results(page: Page) -> None:
    open_study(page, ENDED)
    part(page, "results")


def band(page: Page) -> None:
    open_study(page, ENDED)
    part(page, "band")


def plan(page: Page) -> None:
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


PAGES = (
    Shown("studies", ALL, "supervisor"),
    Shown("study", ALL, "focal", then=running, view="studies:one"),
    Shown("study-plan", f"{ALL}plan/", "focal"),
    Shown("study-plan-wrong", f"{ALL}plan/", "focal", then=plan),
    Shown("study-people", ALL, "supervisor", then=people, view="studies:people"),
    Shown("study-enrol", ALL, "supervisor", then=enrol, view="studies:enrol", after="study-people"),
    Shown("study-panel", ALL, "protection", then=panel, view="studies:panel"),
    Shown("study-score", ALL, "supervisor", then=score, view="studies:score"),
    Shown("study-results", ALL, "supervisor", then=results, view="studies:results"),
    Shown("study-band", ALL, "focal", then=band, view="studies:band"),
    Shown("study-load", f"{ALL}load/", "supervisor"),
)

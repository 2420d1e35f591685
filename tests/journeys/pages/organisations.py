"""The pages of organisations."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, prove


def open_person(page: Page) -> None:
    page.locator("main a[href*='/people/'] bdi", has_text="Hala").click()
    page.locator(".answers, dl").first.wait_for()


def give_role(page: Page) -> None:
    open_person(page)
    page.locator("main a[href$='/role/']").click()
    page.locator("#f-role").wait_for()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def to_block(page: Page) -> None:
    page.goto(PEOPLE)
    open_person(page)
    page.locator("main a[href$='/block/']").click()
    prove(page)
    page.locator("main form .button").first.wait_for()


def make_link(page: Page) -> None:
    page.goto(PEOPLE)
    open_person(page)
    page.locator("main form[action$='/link/'] button").click()
    page.locator("#f-address").wait_for()


def make_team(page: Page) -> None:
    # Each language has one of its own: two teams of one name are refused.
    page.locator("[name=name]").fill(f"Night {page.locator('html').get_attribute('lang')}")
    page.locator("main form.form .button").click()
    page.wait_for_url(lambda url: not url.endswith("/add/"))
    page.goto("/desks/administration/teams/")
    page.locator("main tbody a").first.click()
    page.locator("h1").wait_for()


def to_site(page: Page) -> None:
    page.locator("main a[href$='/add/']").first.click()
    page.locator("main form.form").wait_for()


def to_leave(page: Page) -> None:
    page.goto("/desks/administration/sites/")
    page.locator("main a[href$='/leave/']").first.click()
    page.locator("main form .button").first.wait_for()


def lend_role(page: Page) -> None:
    page.locator("main a[href$='/lend/']").first.click()
    page.locator("#f-to").wait_for()


PEOPLE = "/desks/administration/people/"


PAGES = (
    Shown("sites", "/desks/administration/sites/"),
    Shown("people", "/desks/administration/people/"),
    Shown("person", PEOPLE, then=open_person, view="organisations:person"),
    Shown("give-role-wrong", PEOPLE, then=give_role, view="organisations:grant"),
    Shown("lend", "/my/roles/", "protection", then=lend_role, view="own_roles:lend"),
    Shown("link", PEOPLE, then=make_link, view="organisations:link"),
    Shown("block", PEOPLE, then=to_block, view="organisations:block"),
    Shown("add-person", "/desks/administration/people/add/"),
    Shown("roles-ending", "/desks/administration/people/ending/"),
    Shown("add-guest", "/desks/administration/sites/guest/"),
    Shown("teams", "/desks/administration/teams/"),
    Shown("add-team", "/desks/administration/teams/add/"),
    Shown(
        "team",
        "/desks/administration/teams/add/",
        then=make_team,
        view="organisations:team",
    ),
    Shown("add-site", "/desks/administration/sites/", then=to_site, view="organisations:add_site"),
    Shown(
        "guest-leaves",
        "/desks/administration/sites/",
        then=to_leave,
        view="organisations:end_guest",
        after="add-site",
    ),
    Shown("exclusions", "/desks/administration/exclusions/"),
    Shown("my-roles", "/my/roles/", "protection"),
    Shown("people-officer", "/desks/administration/people/", "officer"),
)

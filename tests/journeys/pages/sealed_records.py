"""The pages of sealedtier: a note is sealed by one, and opened by two."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, come_in_at, prove, settle

WORDS = "lantern orbit kettle mosaic thunder"
SEALED = "/sealed/"


def unlock(page: Page) -> None:
    page.locator("[name=passphrase]").fill(WORDS)
    page.locator("main form.form .button").click()
    settle(page)
    page.wait_for_url(lambda url: "/unlock/" not in url)


def with_keys(page: Page, desk: str) -> None:
    """Somebody with keys that are unlocked; they are made where there are none yet."""
    come_in_at(page, desk)
    page.goto(f"{SEALED}passphrase/")
    prove(page)
    if page.locator("[name=understood]").count() and not page.locator("[name=old]").count():
        page.locator("[name=again]").fill(WORDS)
        page.locator("[name=understood]").check()
    else:
        page.goto(f"{SEALED}unlock/")
    unlock(page)


def to_seal(page: Page) -> None:
    for desk in ("focal", "supervisor", "protection"):
        with_keys(page, desk)
    page.goto(f"{SEALED}notes/new/")
    page.locator("[name=text]").wait_for()


def seal_nothing(page: Page) -> None:
    page.evaluate("() => { document.querySelector('main form.form').noValidate = true }")
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def seal(page: Page) -> None:
    page.locator("[name=kind]").first.check()
    page.locator("[name=text]").fill("What she is called stands in the grey book.")
    for box in page.locator("main form.form [type=checkbox]").all():
        box.check()
    page.locator("main form.form .button").click()
    page.locator("main a[href$='/people/']").wait_for()


def to_people(page: Page) -> None:
    page.locator("main a[href$='/people/']").click()
    page.locator("[name=reason]").wait_for()


def to_ask(page: Page) -> None:
    page.locator("main a.back").click()
    page.locator("main a[href$='/ask/']").click()
    page.locator("[name=reason]").wait_for()


def ask(page: Page) -> None:
    page.locator("[name=code]").first.check()
    page.locator("[name=reason]").fill("She wants to call her sister.")
    page.locator("main form.form .button").click()
    page.wait_for_url("**/sealed/requests/**")


def come_proved(page: Page, desk: str) -> None:
    come_in_at(page, desk)
    page.goto("/my/proof/")
    prove(page)


def asked_of_me(page: Page) -> None:
    """As the colleague whose share is needed, with the keys still locked."""
    here = page.url
    come_proved(page, "supervisor")
    page.goto(here)
    page.locator("main a[href*='/unlock/']").wait_for()


def to_unlock(page: Page) -> None:
    page.locator("main a[href*='/unlock/']").click()
    page.locator("[name=passphrase]").wait_for()


def read_why(page: Page) -> None:
    unlock(page)
    page.locator("button[value=approve]").wait_for()


def be_granted(page: Page) -> None:
    here = page.url
    page.locator("button[value=approve]").click()
    page.locator(".notice-done, .tag").first.wait_for()
    page.locator("button[value=approve]").wait_for(state="detached")
    come_proved(page, "protection")
    page.goto(here)
    to_unlock(page)
    unlock(page)
    page.locator("form[action$='/open/']").wait_for()


def read_it(page: Page) -> None:
    page.locator("form[action$='/open/'] .button").click()
    page.locator("form[action$='/sealed/lock/'] .button").first.wait_for()


def lock_again(page: Page) -> None:
    page.locator("main form[action$='/sealed/lock/'] .button").click()
    page.wait_for_url(re.compile("/sealed/$"))


def have_forgotten(page: Page) -> None:
    page.goto(f"{SEALED}passphrase/forgotten/")
    prove(page)
    page.locator("[name=understood], [name=passphrase]").first.wait_for()


def see_what_was_done(page: Page) -> None:
    come_in_at(page, "officer")
    page.goto(f"{SEALED}log/")
    page.locator("main table").wait_for()


def _after(before: str, name: str, then: Callable[[Page], None], view: str) -> Shown:
    """A page that the one before leads to."""
    return Shown(name, SEALED, "protection", then=then, view=f"sealedtier:{view}", after=before)


PAGES = (
    Shown("sealed", SEALED, "protection"),
    Shown("sealed-passphrase", f"{SEALED}passphrase/", "protection"),
    Shown("sealed-log", f"{SEALED}log/", "officer"),
    Shown("sealed-new", SEALED, "protection", then=to_seal, view="sealedtier:new"),
    _after("sealed-new", "sealed-new-wrong", seal_nothing, "new"),
    _after("sealed-new-wrong", "sealed-note", seal, "note"),
    _after("sealed-note", "sealed-people", to_people, "people"),
    _after("sealed-people", "sealed-ask", to_ask, "ask"),
    _after("sealed-ask", "sealed-request", ask, "request"),
    _after("sealed-request", "sealed-request-locked", asked_of_me, "request"),
    _after("sealed-request-locked", "sealed-unlock", to_unlock, "unlock"),
    _after("sealed-unlock", "sealed-request-asked", read_why, "request"),
    _after("sealed-request-asked", "sealed-request-granted", be_granted, "request"),
    _after("sealed-request-granted", "sealed-opened", read_it, "open"),
    _after("sealed-opened", "sealed-overview", lock_again, "overview"),
    _after("sealed-overview", "sealed-forgotten", have_forgotten, "forgotten"),
    _after("sealed-forgotten", "sealed-log-filled", see_what_was_done, "log"),
)

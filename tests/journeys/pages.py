"""Every page that can be opened, for the checks and pictures that look at all of them.

``tests/web/test_pages.py`` fails for a page that no entry here shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "desk": {"width": 1280, "height": 800},
}
VISITOR = ""


@dataclass(frozen=True)
class Shown:
    """One page in one state.

    name: of its picture. path: address. desk: whose user opens it (``officer`` the data-protection
    officer), VISITOR for nobody signed in. then: what is done on the page to come to the state.
    view: what is shown then, where the path does not tell.
    """

    name: str
    path: str
    desk: str = "administration"
    then: Callable[[Page], None] | None = None
    view: str = ""


def open_card(page: Page) -> None:
    page.locator('a[href$="/card/"]').last.click()
    page.locator("form[data-draft]").wait_for()


def send_wrong_card(page: Page) -> None:
    open_card(page)
    page.locator("[name=phone]").fill("call me")
    page.locator("button[value=save]").click()
    page.locator(".error-summary").wait_for()
    # What was typed is kept as a draft; the next one begins anew.
    page.evaluate("() => document.querySelector('form[data-draft]').removeAttribute('data-draft')")


def open_sign_in_of(page: Page) -> None:
    page.locator("main a[href*='/sign-in/'] bdi", has_text="Hala").click()
    page.locator("dl").first.wait_for()


def prove(page: Page) -> None:
    # In a demonstration the proof that is asked for first is a button.
    page.wait_for_load_state()
    if "/my/proof/" in page.url:
        page.locator("main form button").click()
        page.wait_for_url(lambda url: "/my/proof/" not in url)


def open_reset(page: Page) -> None:
    open_sign_in_of(page)
    page.locator("main a[href$='/reset/']").click()
    prove(page)
    page.locator("[name=reason]").first.wait_for()


def search(page: Page) -> None:
    page.locator("[name=text]").fill("Har")
    page.locator("#answers .work").wait_for()


def open_keys(page: Page) -> None:
    page.locator("[commandfor=shortcuts]").click()


def open_person(page: Page) -> None:
    page.locator("main a[href*='/people/'] bdi", has_text="Hala").click()
    page.locator(".answers, dl").first.wait_for()


def give_role(page: Page) -> None:
    open_person(page)
    page.locator("main a[href$='/role/']").click()
    page.locator("#f-role").wait_for()
    page.locator("main form.form .button").click()
    page.locator(".error-summary").wait_for()


def lend_role(page: Page) -> None:
    page.locator("main a[href$='/lend/']").first.click()
    page.locator("#f-to").wait_for()


PEOPLE = "/desks/administration/people/"


def send_empty_incident(page: Page) -> None:
    page.locator("main form button").last.click()
    page.locator(".error-summary").wait_for()


def write_incident_down(page: Page) -> None:
    page.locator("[name=kind]").first.check()
    for name in ("noticed_at", "began_at", "ended_at"):
        page.locator(f"[name={name}]").fill("2026-01-05T08:30")
    page.locator("[name=note]").fill("A tablet was left in a taxi.")
    page.locator("main form button").last.click()
    page.locator(".notice").first.wait_for()
    page.goto("/desks/administration/incidents/")
    page.locator("main table a").first.click()
    page.locator("h2").first.wait_for()


PAGES = (
    Shown("sign-in", "/sign-in/", VISITOR),
    Shown("link-gone", "/sign-in/unknown-link/", VISITOR, view="accounts:link"),
    Shown("components", "/components/", VISITOR),
    Shown("components-wrong", "/components/?wrong", VISITOR),
    Shown("home", "/"),
    Shown("home-reception", "/", "reception"),
    Shown("home-officer", "/", "officer"),
    Shown("keys", "/", then=open_keys),
    Shown("search", "/search/"),
    Shown("search-answers", "/search/", then=search),
    Shown("timeline", "/timeline/"),
    Shown("no-such-page", "/no-such-page/"),
    Shown("not-yours", "/desks/administration/", "reception"),
    Shown("desk-administration", "/desks/administration/"),
    *(
        Shown(f"desk-{desk}", f"/desks/{desk}/", desk)
        for desk in (
            "reception",
            "protection",
            "investigations",
            "finance",
            "sanctions",
            "reporting",
            "coordination",
        )
    ),
    Shown("sites", "/desks/administration/sites/"),
    Shown("people", "/desks/administration/people/"),
    Shown("person", PEOPLE, then=open_person, view="organisations:person"),
    Shown("give-role-wrong", PEOPLE, then=give_role, view="organisations:grant"),
    Shown("lend", "/my/roles/", "protection", then=lend_role, view="own_roles:lend"),
    Shown("add-person", "/desks/administration/people/add/"),
    Shown("roles-ending", "/desks/administration/people/ending/"),
    Shown("add-guest", "/desks/administration/sites/guest/"),
    Shown("teams", "/desks/administration/teams/"),
    Shown("add-team", "/desks/administration/teams/add/"),
    Shown("exclusions", "/desks/administration/exclusions/"),
    Shown("my-roles", "/my/roles/", "protection"),
    Shown("background", "/desks/administration/background/"),
    Shown("sealed", "/sealed/", "protection"),
    Shown("sealed-passphrase", "/sealed/passphrase/", "protection"),
    Shown("sealed-log", "/sealed/log/", "officer"),
    Shown("log", "/desks/administration/log/", "officer"),
    Shown("log-export", "/desks/administration/log/export/", "officer", then=prove),
    Shown("requests", "/desks/administration/requests/", "officer"),
    Shown("incidents-officer", "/desks/administration/incidents/", "officer"),
    Shown("people-officer", "/desks/administration/people/", "officer"),
    Shown("first-contact", "/desks/reception/first-contact/", "reception"),
    Shown("site-cards", "/sites/"),
    Shown("site-card", "/sites/", then=open_card, view="sitecards:edit"),
    Shown("site-card-wrong", "/sites/", then=send_wrong_card, view="sitecards:edit"),
    *(
        Shown(name, f"/my/{path}/")
        for name, path in (
            ("security", "security"),
            ("sessions", "sessions"),
            ("add-app", "security/app"),
            ("add-passkey", "security/passkey"),
            ("password", "security/password"),
            ("proof", "proof"),
        )
    ),
    Shown("sign-in-and-devices", "/desks/administration/sign-in/"),
    Shown(
        "sign-in-of-one",
        "/desks/administration/sign-in/",
        then=open_sign_in_of,
        view="oversight:person",
    ),
    Shown("reset", "/desks/administration/sign-in/", then=open_reset, view="oversight:reset"),
    Shown("keys-kept", "/desks/administration/keys/"),
    Shown("incidents", "/desks/administration/incidents/"),
    Shown("incident-record", "/incident/"),
    Shown("incident-wrong", "/incident/", then=send_empty_incident),
    Shown("incident", "/incident/", then=write_incident_down, view="incidents:one"),
)


def sign_in(opened: Page, desk: str, language: str) -> None:
    """Come in as the fictional user of a desk; as a visitor where none is named."""
    opened.context.clear_cookies()
    if desk:
        opened.goto("/sign-in/")
        opened.locator(f"button[name=desk][value={desk}]").click()
        opened.wait_for_url("**/")
        if opened.locator("html").get_attribute("lang") != language:
            opened.locator(f"button[name=language][value={language}]").click()
            opened.locator(f"html[lang={language}]").wait_for()


def enter(opened: Page, page: Shown) -> None:
    """Open the page as whoever is signed in."""
    opened.goto(page.path)
    if page.then:
        page.then(opened)

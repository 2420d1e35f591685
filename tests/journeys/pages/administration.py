"""The pages of administration."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.journeys.pages.base import Shown, prove


def open_sign_in_of(page: Page) -> None:
    page.locator("main a[href*='/sign-in/'] bdi", has_text="Hala").click()
    page.locator("dl").first.wait_for()


def open_reset(page: Page) -> None:
    open_sign_in_of(page)
    page.locator("main a[href$='/reset/']").click()
    prove(page)
    page.locator("[name=reason]").first.wait_for()


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
    page.locator("main tbody a").first.click()
    page.locator("h2").first.wait_for()


def open_request(page: Page) -> None:
    """The one of the demonstration, with an answer proposed that lacks its reason."""
    page.locator("main tbody a").first.click()
    page.locator("[name=outcome][value=refused]").check()
    page.locator("button[value=propose]").click()
    page.locator(".error-summary").wait_for()


PAGES = (
    Shown("background", "/desks/administration/background/"),
    Shown("backups", "/desks/administration/backups/"),
    Shown("phones", "/desks/administration/phones/"),
    Shown("log", "/desks/administration/log/", "officer"),
    Shown("log-export", "/desks/administration/log/export/", "officer", then=prove),
    Shown("requests", "/desks/administration/requests/", "officer"),
    Shown(
        "request",
        "/desks/administration/requests/",
        "officer",
        then=open_request,
        view="privacy:request",
    ),
    Shown("incidents-officer", "/desks/administration/incidents/", "officer"),
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
    Shown("incident-wrong", "/incident/", then=send_empty_incident, after="incident-record"),
    Shown(
        "incident",
        "/incident/",
        then=write_incident_down,
        view="incidents:one",
        after="incident-wrong",
    ),
)

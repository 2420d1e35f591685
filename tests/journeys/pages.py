"""Every page that can be opened, for the checks that look at all of them.

A page that is in ``tests/web/test_access_matrix.py`` and not here fails a test there.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize

SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "desk": {"width": 1280, "height": 800},
}


@dataclass(frozen=True)
class Shown:
    """A page: what it is called in pictures, its address, and at which desk it is opened.

    desk: None where it is open to signed-out visitors.
    """

    name: str
    path: str
    desk: str | None = "administration"


PAGES = (
    Shown("sign-in", "/sign-in/", None),
    Shown("link-gone", "/sign-in/unknown-link/", None),
    Shown("my-sign-in", "/my/security/"),
    Shown("add-passkey", "/my/security/passkey/"),
    Shown("add-app", "/my/security/app/"),
    Shown("password", "/my/security/password/"),
    Shown("my-devices", "/my/sessions/"),
    Shown("proof", "/my/proof/"),
    Shown("components", "/components/", None),
    Shown("components-wrong", "/components/?wrong", None),
    Shown("home", "/"),
    Shown("home-reception", "/", "reception"),
    Shown("no-such-page", "/no-such-page/"),
    Shown("not-yours", "/desks/administration/", "reception"),
    Shown("desk-administration", "/desks/administration/"),
    Shown("desk-reception", "/desks/reception/", "reception"),
    Shown("sites", "/desks/administration/sites/"),
    Shown("people", "/desks/administration/people/"),
    Shown("background", "/desks/administration/background/"),
)


def enter(opened: Page, page: Shown) -> None:
    """Open the page as the fictional user of its desk."""
    if page.desk:
        opened.goto("/sign-in/")
        opened.locator(f"button[name=desk][value={page.desk}]").click()
        opened.wait_for_url("**/")
    opened.goto(page.path)

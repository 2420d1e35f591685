"""The pages of accounts."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

from playwright.sync_api import Page

from marfa.crypto.totp import code_at, step_of
from tests.journeys.pages.base import VISITOR, Shown, come_in_at, prove

MINE = "/my/security/"
GOOD = "four olive trees by the wall"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def whose(page: Page) -> str:
    """A factor stays with the account: each language has one of its own, which nothing else asks
    for a proof."""
    return "reporting" if page.locator("html").get_attribute("lang") == "en" else "coordination"


def add_app(page: Page) -> None:
    """A password first, and then the first factor, which brings recovery codes."""
    come_in_at(page, whose(page))
    page.goto(f"{MINE}password/")
    prove(page)
    page.locator("[name=password]").fill(GOOD)
    page.locator("main form.form .button").click()
    page.wait_for_url(f"**{MINE}")
    page.goto(f"{MINE}app/")
    page.locator("main summary").click()
    typed = page.locator("details code").inner_text().replace(" ", "")
    seed = base64.b32decode(typed + "=" * (-len(typed) % 8))
    now = time.time()  # noqa: TID251 - the server's clock is real
    page.locator("[name=code]").fill(code_at(seed, step_of(now)))
    page.locator("main form.form .button").click()
    page.locator(".codes").wait_for()


def add_passkey(page: Page) -> None:
    """On a device that makes passkeys and always recognises its holder."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"{MINE}passkey/")
    page.locator("[name=name]").fill("Tablet 3")
    page.locator("main form.form .button").click()
    page.wait_for_url(f"**{MINE}")
    page.locator("main table").wait_for()


def to(path: str) -> Callable[[Page], None]:
    def opened(page: Page) -> None:
        page.goto(path)
        page.locator("main form").first.wait_for()

    return opened


def come_half_in(page: Page) -> None:
    """By the password; the second proof is asked for."""
    name = whose(page)
    page.locator("form[data-lock] button").click()
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(GOOD)
    page.locator("main form:has([name=password]) .button").click()
    page.locator("[name=recovery]").wait_for()


def type_wrong_code(page: Page) -> None:
    page.locator("[name=code]").fill("000 000")
    page.locator("main form:has([name=code]) .button").click()
    page.locator("[aria-invalid=true]").first.wait_for()


def _after(before: str, name: str, then: Callable[[Page], None], view: str) -> Shown:
    """A page for who has set up a second factor."""
    return Shown(name, MINE, "reporting", then=then, view=f"accounts:{view}", after=before)


PAGES = (
    Shown("sign-in", "/sign-in/", VISITOR),
    Shown("link-gone", "/sign-in/unknown-link/", VISITOR, view="accounts:link"),
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
    Shown("recovery-codes", MINE, "reporting", then=add_app, view="accounts:add_app"),
    _after("recovery-codes", "security-with-factors", add_passkey, "security"),
    _after("security-with-factors", "recovery", to(f"{MINE}recovery/"), "recovery"),
    _after("recovery", "proof-by-factor", to("/my/proof/"), "step_up"),
    _after("proof-by-factor", "second", come_half_in, "second"),
    _after("second", "second-wrong", type_wrong_code, "second"),
)

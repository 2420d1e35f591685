"""Coming into a real installation: passkey, authenticator app, recovery code, step-up, and being
shut out in the middle. All by keyboard, in English and in Arabic."""

from __future__ import annotations

import base64
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from marfa.crypto.totp import code_at, step_of
from tests.journeys.conftest import PHONE, accessible, accessible_in_both_lights, fits
from tests.support.installation import ADMINISTRATOR, Served, free_port, marfa, serving
from tests.support.shared_copies import Once

NewContext = Callable[..., BrowserContext]
GOOD = "four olive trees by the wall"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Installation:
    """A real installation and the command that looks after it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def run(self, *words: str) -> str:
        done = marfa(*words, "--data", str(self.folder), MARFA_PORT=str(self.port))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def link(self, user: str) -> str:
        found: str = json.loads(self.run("users", "link", user, "--json"))["url"]
        return found


@pytest.fixture(scope="module")
def installation(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = once.installation(tmp_path_factory.mktemp("sign-in") / "data")
    return Installation(folder, free_port())


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[Served]:
    """The other fixtures of journeys take this one."""
    with serving("serve", installation.folder, port=installation.port) as running:
        yield running


def with_device(context: BrowserContext) -> Page:
    """A page in a browser whose device makes passkeys and always recognises its holder."""
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def reach(page: Page, wanted: Locator) -> None:
    """Go to something with the Tab key alone."""
    for _ in range(80):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(page: Page, wanted: Locator) -> None:
    reach(page, wanted)
    page.keyboard.press("Enter")


def write(page: Page, wanted: Locator, text: str) -> None:
    reach(page, wanted)
    page.keyboard.type(text)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    accessible_in_both_lights(page)
    fits(page)


def code(seed: bytes, *, ahead: int = 0) -> str:
    return code_at(seed, step_of(time.time()) + ahead)  # noqa: TID251 - the server's clock is real


def test_a_passkey_from_the_first_link_to_every_day(
    new_context: NewContext, served: Served, installation: Installation
) -> None:
    page = with_device(new_context(base_url=served.origin, locale="en-GB"))
    page.goto(installation.link(ADMINISTRATOR))
    press(page, page.get_by_role("button", name="Sign in now"))
    heading(page, "My sign-in")
    expect(page.get_by_text("You have no second factor yet")).to_be_visible()
    page.goto("/desks/administration/people/")
    heading(page, "My sign-in")

    press(page, page.get_by_role("link", name="Add a passkey"))
    heading(page, "What will you call this passkey?")
    write(page, page.get_by_role("textbox"), "work laptop")
    page.keyboard.press("Enter")
    heading(page, "Your recovery codes")
    expect(page.get_by_role("listitem").filter(has=page.locator("code"))).to_have_count(10)
    press(page, page.get_by_role("link", name="I have written them down"))
    heading(page, "My work")

    press(page, page.get_by_role("button", name="Lock and leave"))
    heading(page, "Sign in")
    press(page, page.get_by_role("button", name="Use a passkey"))
    heading(page, "My work")
    page.goto("/desks/administration/people/")
    expect(page.get_by_role("table").first).to_be_visible()

    page.goto("/my/security/")
    heading(page, "My sign-in")
    expect(page.get_by_text("work laptop").first).to_be_visible()
    press(page, page.get_by_role("button", name="Remove work laptop"))
    asked = page.get_by_role("dialog", name="Remove this passkey?")
    press(page, asked.get_by_role("button", name="Remove", exact=True))
    expect(page.get_by_text("This is your only second factor")).to_be_visible()
    accessible(page)


def test_an_app_a_recovery_code_and_a_step_up_in_arabic(
    new_context: NewContext, served: Served, installation: Installation
) -> None:
    installation.run("users", "add", "samir", "--role", "reception_officer")
    context = new_context(base_url=served.origin, locale="ar-SY", viewport=PHONE)
    page = context.new_page()
    page.goto(installation.link("samir"))
    press(page, page.get_by_role("button", name="الدخول الآن"))
    heading(page, "تسجيل دخولي")

    press(page, page.get_by_role("link", name="إضافة تطبيق مصادقة"))
    heading(page, "إضافة تطبيق مصادقة")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    typed = page.locator("details code").inner_text().replace(" ", "")
    seed = base64.b32decode(typed + "=" * (-len(typed) % 8))
    field = page.get_by_label("الرمز من تطبيق المصادقة")
    write(page, field, "000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("هذا الرمز لم يعد صحيحًا")).to_be_visible()
    accessible(page)
    write(page, field, code(seed, ahead=-1))
    page.keyboard.press("Enter")
    heading(page, "رموز الاسترداد الخاصة بك")
    spare = page.locator(".codes code").first.inner_text()
    page.goto("/my/security/password/")
    write(page, page.get_by_label("كلمة مرورك الجديدة"), GOOD)
    page.keyboard.press("Enter")
    heading(page, "تسجيل دخولي")

    # With the password and a code.
    press(page, page.get_by_role("button", name="قفل وخروج"))
    heading(page, "الدخول")
    write(page, page.get_by_label("اسم المستخدم"), "samir")
    write(page, page.get_by_label("كلمة المرور"), "not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_text("لم يُسجَّل دخولك")).to_be_visible()
    accessible(page)
    write(page, page.get_by_label("كلمة المرور"), GOOD)
    page.keyboard.press("Enter")
    heading(page, "الإثبات الثاني")
    write(page, page.get_by_label("الرمز من تطبيق المصادقة"), code(seed))
    page.keyboard.press("Enter")
    heading(page, "مهامي")

    # With a recovery code in place of the phone.
    press(page, page.get_by_role("button", name="قفل وخروج"))
    write(page, page.get_by_label("اسم المستخدم"), "samir")
    write(page, page.get_by_label("كلمة المرور"), GOOD)
    page.keyboard.press("Enter")
    write(page, page.get_by_label("أحد رموز الاسترداد"), spare)
    page.keyboard.press("Enter")
    heading(page, "مهامي")
    page.goto("/my/security/")
    expect(page.get_by_text("الرموز الباقية: 9")).to_be_visible()


def test_what_is_grave_asks_again_after_five_minutes(
    new_context: NewContext, served: Served, installation: Installation
) -> None:
    installation.run("users", "add", "huda", "--role", "case_worker")
    page = with_device(new_context(base_url=served.origin, locale="en-GB"))
    page.goto(installation.link("huda"))
    press(page, page.get_by_role("button", name="Sign in now"))
    heading(page, "My sign-in")
    page.goto("/my/security/passkey/")
    write(page, page.get_by_role("textbox"), "phone")
    page.keyboard.press("Enter")
    heading(page, "Your recovery codes")
    age_proofs(installation)
    page.goto("/my/security/recovery/")
    heading(page, "Prove your identity again")
    press(page, page.get_by_role("button", name="Use a passkey"))
    heading(page, "New recovery codes?")
    press(page, page.get_by_role("button", name="Make new codes"))
    heading(page, "Your recovery codes")


def age_proofs(installation: Installation) -> None:
    """The server's clock is real, so what was proved is made older in its database."""
    with sqlite3.connect(installation.folder / "database.sqlite3", timeout=300) as database:
        database.execute(
            "UPDATE accounts_opensession SET factor_at = datetime(factor_at, '-6 minutes')"
        )
    database.close()


def test_shut_out_in_the_middle(
    new_context: NewContext, served: Served, installation: Installation
) -> None:
    """Ended from another device, and blocked by an administrator: each bites at the next step."""
    installation.run("users", "add", "nur", "--role", "case_worker")
    page = with_device(new_context(base_url=served.origin, locale="en-GB"))
    page.goto(installation.link("nur"))
    press(page, page.get_by_role("button", name="Sign in now"))
    heading(page, "My sign-in")
    page.goto("/my/security/passkey/")
    write(page, page.get_by_role("textbox"), "phone")
    page.keyboard.press("Enter")
    press(page, page.get_by_role("link", name="I have written them down"))
    heading(page, "My work")

    page.goto("/my/sessions/")
    heading(page, "Where I am signed in")
    expect(page.get_by_text("Chrome, Linux")).to_be_visible()
    installation.run("users", "block", "nur")
    page.goto("/")
    heading(page, "Sign in")
    expect(page.get_by_text("You were signed out")).to_be_visible()
    press(page, page.get_by_role("button", name="Use a passkey"))
    expect(page.get_by_text("This passkey was not accepted")).to_be_visible()
    accessible(page)
    installation.run("users", "block", "--undo", "nur")
    press(page, page.get_by_role("button", name="Use a passkey"))
    heading(page, "My work")
    installation.run("users", "reset-factors", "nur", "--reason", "stolen")
    page.goto("/desks/protection/")
    heading(page, "Sign in")

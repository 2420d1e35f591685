"""A sealed note: sealed by one, opened by two in two browsers, refused to one alone, locked by the
clock and by hand. In a real installation, in English and Arabic."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.journeys.conftest import PHONE, accessible_in_both_lights, fits
from tests.support.installation import Served, free_port, marfa, serving
from tests.support.shared_copies import Once

NewContext = Callable[..., BrowserContext]
WORDS = "lantern orbit kettle mosaic thunder"
SECRET = "Her true name is Salma Haddad"
PEOPLE = {
    "rana": ("case_worker", "Rana"),
    "yusuf": ("supervisor", "Yusuf"),
    "huda": ("case_worker", "Huda"),
    "dpo": ("data_protection_officer", "Officer"),
}


class Installation:
    """A real installation and the command that looks after it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def run(self, *words: str) -> str:
        done = marfa(*words, "--data", str(self.folder), MARFA_PORT=str(self.port))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def change(self, statement: str) -> None:
        """What the passing of time would have changed, or a factor proved elsewhere."""
        with sqlite3.connect(self.folder / "database.sqlite3", timeout=300) as database:
            database.execute(statement)

    def unlocked(self, user: str) -> int:
        """In how many browsers somebody's keys are unlocked."""
        with sqlite3.connect(self.folder / "database.sqlite3", timeout=300) as database:
            found = database.execute(
                "SELECT count(*) FROM sealed_unlockedsession JOIN accounts_user ON staff = id "
                "WHERE username = ?",
                (user,),
            ).fetchone()[0]
            return int(found)

    def come_in(self, page: Page, user: str) -> None:
        page.goto(json.loads(self.run("users", "link", user, "--json"))["url"])
        page.locator("main button").click()
        # How a factor is proved is tried in the journeys of signing in.
        self.change("UPDATE accounts_opensession SET factor_at = last_seen_at")
        page.goto("/sealed/")


@pytest.fixture(scope="module")
def installation(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = once.installation(tmp_path_factory.mktemp("sealed") / "data")
    made = Installation(folder, free_port())
    for user, (role, name) in PEOPLE.items():
        made.run("users", "add", user, "--role", role, "--name", name)
    return made


@pytest.fixture(scope="module")
def served(installation: Installation) -> Iterator[Served]:
    """The other fixtures of journeys take this one."""
    with serving("serve", installation.folder, port=installation.port) as running:
        yield running


def set_passphrase(page: Page) -> None:
    page.goto("/sealed/passphrase/")
    accessible_in_both_lights(page)
    page.locator("[name=passphrase]").fill(WORDS)
    page.locator("[name=again]").fill(WORDS)
    page.locator("[name=understood]").check()
    page.locator("form.form button").click()
    expect(page).to_have_url("/sealed/")


def unlock(page: Page) -> None:
    page.locator("[name=passphrase]").fill(WORDS)
    page.locator("form.form button").click()


def test_a_note_is_opened_by_two(
    installation: Installation, served: Served, new_context: NewContext
) -> None:
    def browser(user: str, **settings: object) -> Page:
        page = new_context(base_url=served.origin, **settings).new_page()
        installation.come_in(page, user)
        return page

    rana = browser("rana", locale="en-GB")
    yusuf = browser("yusuf", locale="ar-SY", viewport=PHONE)
    huda = browser("huda", locale="en-GB")
    for page in (yusuf, huda, rana):
        set_passphrase(page)

    # Rana seals a note to herself and two others.
    rana.get_by_role("link", name="Seal a note").click()
    accessible_in_both_lights(rana)
    rana.get_by_label("true identity").check()
    rana.locator("[name=text]").fill(SECRET)
    rana.get_by_label("Yusuf").check()
    rana.get_by_label("Huda").check()
    rana.get_by_role("button", name="Seal it").click()
    code = rana.locator("h1 bdi").inner_text()
    accessible_in_both_lights(rana)
    fits(rana)
    assert "Salma" not in rana.content()
    rana.get_by_role("link", name="Change who can open it").click()
    expect(rana.get_by_role("heading", level=1)).to_contain_text(code)
    accessible_in_both_lights(rana)
    rana.get_by_role("link", name="Back").click()
    huda.goto("/sealed/passphrase/forgotten/")
    expect(huda.locator("[name=passphrase]")).to_be_visible()
    accessible_in_both_lights(huda)

    # She asks, and alone she does not come further.
    rana.get_by_role("link", name="Ask to open it").click()
    accessible_in_both_lights(rana)
    rana.get_by_label("The person asked for it").check()
    rana.locator("[name=reason]").fill("She wants to call her sister.")
    rana.get_by_role("button", name="Send the request").click()
    rana.wait_for_url("**/sealed/requests/*/")
    address = rana.url
    rana.get_by_role("link", name="Unlock my keys").click()
    accessible_in_both_lights(rana)
    unlock(rana)
    expect(rana).to_have_url(address)
    expect(rana.get_by_text("She wants to call her sister.")).to_be_visible()
    expect(rana.get_by_role("button", name="Agree")).to_have_count(0)
    expect(rana.get_by_role("button", name="Open it now")).to_have_count(0)

    # Yusuf, on his phone in Arabic, reads why and agrees.
    yusuf.goto("/sealed/")
    accessible_in_both_lights(yusuf)
    fits(yusuf)
    yusuf.get_by_role("link", name=code).first.click()
    yusuf.get_by_role("link", name="فتح مفاتيحي").click()
    unlock(yusuf)
    expect(yusuf.get_by_text("She wants to call her sister.")).to_be_visible()
    accessible_in_both_lights(yusuf)
    fits(yusuf)
    yusuf.get_by_role("button", name="موافقة", exact=True).click()
    expect(yusuf.get_by_text("وافقت على هذا الطلب وحده.")).to_be_visible()

    # Fifteen minutes later Rana's keys have locked; she unlocks them and opens it, once.
    installation.change(
        "UPDATE sealed_unlockedsession SET used_at = datetime(used_at, '-16 minutes')"
    )
    rana.reload()
    expect(rana.get_by_role("button", name="Open it now")).to_have_count(0)
    rana.get_by_role("link", name="Unlock my keys").click()
    unlock(rana)
    rana.get_by_role("button", name="Open it now").click()
    expect(rana.get_by_text(SECRET)).to_be_visible()
    accessible_in_both_lights(rana)
    fits(rana)
    assert "Salma" not in rana.title()
    assert code not in rana.title()

    # Reading done, she locks; neither going back nor asking the same again shows it.
    rana.get_by_role("button", name="I have read it: lock my keys").click()
    expect(rana.get_by_text("Your keys are locked.")).to_be_visible()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser has kept nothing
        rana.go_back()
    rana = rana.context.new_page()
    rana.goto(address)
    assert "Salma" not in rana.content()
    expect(rana.get_by_text("was opened").first).to_be_visible()

    # The officer of data protection sees who did what, and nothing of what it says.
    officer = browser("dpo", locale="en-GB")
    officer.goto("/sealed/log/")
    accessible_in_both_lights(officer)
    expect(officer.get_by_role("cell", name="opened")).to_be_visible()
    expect(officer.get_by_text(code).first).to_be_visible()
    assert "Salma" not in officer.content()

    # Signing out locks, and the button is on every page.
    yusuf.goto("/sealed/unlock/")
    unlock(yusuf)
    expect(yusuf).to_have_url("/sealed/")
    assert installation.unlocked("yusuf") == 1
    yusuf.get_by_role("button", name="قفل وخروج").click()
    expect(yusuf).to_have_url(re.compile("/sign-in/"))
    assert installation.unlocked("yusuf") == 0
    assert "Salma" not in served.log()

"""What a page costs: bytes of the first page, time on a slow network, and the server's own time.

python benchmarks/pages.py        under a minute; needs Chromium for the first two

The first page is loaded by a new browser over an emulated slow 3G (400 kbit/s, 400 ms round trip)
with a processor slowed down four times; usable is when its heading and its buttons are there and
scripts have run. The reference is the sign-in page of Django's own administration, its styles and
scripts compressed, as the same server would send them. Lists are drawn with 500 rows by the test
client; their reference is the page "My work" of the same run.
"""

from __future__ import annotations

import gzip
import os
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from tests.support.browser import chromium, options  # noqa: E402
from tests.support.installation import serving  # noqa: E402

LIMIT_KB, LIMIT_SECONDS, LIMIT_MS = 60, 3.0, 100
SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}
ROWS, TIMES = 500, 7


def load(browser: Browser, url: str) -> tuple[dict[str, int], float]:
    """Bytes by kind, and seconds until the page is usable."""
    context = browser.new_context(locale="ar-SY", viewport={"width": 360, "height": 740})
    page = context.new_page()
    tools = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: Counter[str] = Counter()
    tools.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))

    def finished(event: dict[str, Any]) -> None:
        sizes[kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])

    tools.on("Network.loadingFinished", finished)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", SLOW_3G)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    started = time.perf_counter()
    page.goto(url, wait_until="domcontentloaded")
    page.locator("h1").wait_for()
    page.locator("button").first.wait_for()
    usable = time.perf_counter() - started
    page.wait_for_load_state("networkidle")
    context.close()
    return dict(sizes), usable


def reference() -> int:
    """Compressed bytes of what Django's administration loads for its sign-in page."""
    import django

    static = Path(django.__file__).parent / "contrib" / "admin" / "static" / "admin"
    names = ("css/base.css", "css/dark_mode.css", "css/nav_sidebar.css", "css/login.css",
             "css/responsive.css", "js/theme.js", "js/nav_sidebar.js")  # fmt: skip
    return sum(len(gzip.compress((static / name).read_bytes(), 9)) for name in names)


def first_page() -> None:
    program = chromium()
    if program is None:
        print("first page: not measured, Chromium is absent")
        return
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving("demo", Path(scratch) / "data") as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(program), args=options())
        for path in ("/sign-in/", "/components/"):
            sizes, usable = load(browser, served.origin + path)
            fonts = sizes.pop("Font", 0)
            total = sum(sizes.values())
            parts = ", ".join(f"{kind.lower()} {size / 1000:.1f}" for kind, size in sizes.items())
            print(f"{path}: {total / 1000:.1f} kB without fonts ({parts}); limit {LIMIT_KB} kB")
            print(f"{path}: fonts {fonts / 1000:.1f} kB, which the page does not wait for")
            print(f"{path}: usable after {usable:.2f} s on slow 3G; limit {LIMIT_SECONDS} s")
            own = sizes.get("Stylesheet", 0) + sizes.get("Script", 0)
            print(
                f"{path}: styles and scripts {own / 1000:.1f} kB, Django's administration "
                f"{reference() / 1000:.1f} kB: ratio {own / reference():.2f}"
            )
        browser.close()


def lists() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.support.settings"
    import django
    from django.test.utils import get_runner, setup_test_environment

    django.setup()
    setup_test_environment()
    from django.conf import settings

    runner = get_runner(settings)(verbosity=0, interactive=False)
    old = runner.setup_databases()
    try:
        draw_lists()
    finally:
        runner.teardown_databases(old)


def draw_lists() -> None:
    from django.urls import reverse
    from tests.conftest import signed_in

    from marfa.apps.accounts.actions import create_user
    from marfa.apps.accounts.models import User
    from marfa.apps.organisations.actions import grant_role, open_site
    from marfa.apps.organisations.models import Organisation
    from marfa.demo.build import build_demo
    from marfa.safeguards.words import Role

    build_demo()
    controller = Organisation.objects.get(kind=Organisation.Kind.CONTROLLER)
    for number in range(ROWS):
        site = open_site(organisation=controller, name=f"S{number}", time_zone="Asia/Damascus")
        user = create_user(username=f"u{number}", display_name=f"U {number}")
        grant_role(user=user, role=Role.CASE_WORKER, organisation=controller, site=site)
    client = signed_in(User.objects.get(username="administration"))
    floor = milliseconds(client, reverse("home"))
    print(f"My work: {floor:.0f} ms")
    for name in ("organisations:people", "organisations:sites", "sitecards:all", "timeline"):
        found = milliseconds(client, reverse(name))
        said = f"{found:.0f} ms, limit {LIMIT_MS} ms; ratio to My work {found / floor:.1f}"
        print(f"{name} with {ROWS} rows: {said}")


def milliseconds(client: Any, url: str) -> float:
    spent = []
    for _ in range(TIMES):
        started = time.perf_counter()
        body = client.get(url).content
        spent.append(1000 * (time.perf_counter() - started))
        assert re.search(b"<h1", body)
    return statistics.median(spent)


if __name__ == "__main__":
    first_page()
    lists()

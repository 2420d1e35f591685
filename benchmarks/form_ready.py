"""How soon a form can be filled in on a phone, and how large its program is.

python benchmarks/form_ready.py        under two minutes; needs Chromium

A phone in Arabic with a processor slowed down four times, over an emulated slow 4G (1.6 Mbit/s, 150
ms round trip) and slow 3G (400 kbit/s, 400 ms). Ready is when the first question can be answered,
counted from the press on Begin. First: as when reception opens the list of forms and reads it for
ten seconds, during which the program is fetched. At once: pressed as soon as the list is there.
Again: the next form of the day, the program kept by the browser. The reference is the plain page of
the same form, where no program runs, in the same run.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402
from tests.support.browser import chromium, options  # noqa: E402
from tests.support.installation import serving  # noqa: E402

LIMIT_SECONDS, LIMIT_KB, TIMES, SLOWER = 1.5, 350, 2, 4
NETWORKS = {"slow 4G": (200_000, 150), "slow 3G": (50_000, 400)}
READING = 10_000
BUILT = ROOT / "src" / "marfa" / "web" / "static" / "built"
READY = {"whole": "form[data-state=ready] [data-question]", "plain": "main form.form input.input"}


def phone(browser: Browser, origin: str) -> Page:
    """A phone that has signed in."""
    context = browser.new_context(
        base_url=origin,
        locale="ar-SY",
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        has_touch=True,
    )
    page = context.new_page()
    page.goto("/sign-in/")
    page.locator("button[name=desk][value=reception]").click()
    page.locator("form[data-lock]").wait_for()
    page.wait_for_load_state("networkidle")
    return page


def opened(browser: Browser, origin: str, network: tuple[int, int]) -> Page:
    """A phone that has signed in over a good network, and is then on a slow one."""
    page = phone(browser, origin)
    tools = page.context.new_cdp_session(page)
    speed, delay = network
    tools.send("Network.enable")
    limits = {"downloadThroughput": speed, "uploadThroughput": speed}
    tools.send("Network.emulateNetworkConditions", {"offline": False, "latency": delay, **limits})
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def seconds(page: Page, reading: int, way: str) -> float:
    """From the press on Begin until the first question can be answered."""
    page.goto("/fill/", wait_until="domcontentloaded")
    button = page.locator("main form[action*='/fill/begin/'] button").first
    button.wait_for()
    page.wait_for_timeout(reading)
    if way == "plain":
        page.evaluate("() => document.querySelectorAll('[data-script]').forEach((e) => e.remove())")
    started = time.perf_counter()
    button.tap()
    page.locator(READY[way]).first.wait_for()
    return time.perf_counter() - started


def measured(browser: Browser, origin: str, network: tuple[int, int]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"first": [], "at once": [], "again": [], "plain": []}
    for _ in range(TIMES):
        page = opened(browser, origin, network)
        found["first"].append(seconds(page, READING, "whole"))
        found["again"].append(seconds(page, 500, "whole"))
        found["plain"].append(seconds(page, 500, "plain"))
        page.context.close()
        page = opened(browser, origin, network)
        found["at once"].append(seconds(page, 0, "whole"))
        page.context.close()
    return found


def worked(browser: Browser, origin: str) -> float:
    """Seconds that the thread of the page works until the form is ready, whatever else runs."""
    page = phone(browser, origin)
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    found = []
    for _ in range(TIMES + 1):
        seconds(page, 2_000, "whole")
        metrics = tools.send("Performance.getMetrics")["metrics"]
        found.append(next(each["value"] for each in metrics if each["name"] == "TaskDuration"))
    page.context.close()
    return float(statistics.median(found))


def main() -> None:
    names = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    size = (BUILT / f"{names['form.ts']}.gz").stat().st_size / 1000
    brotli = (BUILT / f"{names['form.ts']}.br").stat().st_size / 1000
    print(f"program: {size:.0f} kB gzip, limit {LIMIT_KB} kB; {brotli:.0f} kB brotli")
    program = chromium()
    if program is None:
        print("not measured, Chromium is absent")
        return
    with (
        tempfile.TemporaryDirectory() as scratch,
        serving("demo", Path(scratch) / "data") as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(program), args=options())
        own = worked(browser, served.origin)
        print(f"the page's own work: {own:.2f} s, {SLOWER} times slower {own * SLOWER:.2f} s")
        for name, network in NETWORKS.items():
            found = measured(browser, served.origin, network)
            plain = statistics.median(found.pop("plain"))
            for when, times in found.items():
                middle = statistics.median(times)
                print(
                    f"{name}, {when}: ready after {middle:.2f} s (to {max(times):.2f}), "
                    f"limit {LIMIT_SECONDS} s; {middle / plain:.1f} times the plain page"
                )
            print(f"{name}: plain page after {plain:.2f} s")
        browser.close()


if __name__ == "__main__":
    main()

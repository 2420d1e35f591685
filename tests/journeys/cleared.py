"""What axe has found nothing on, so that it looks again only at what changed.

What axe sees of a page is its elements with their roles and states, the styles, the light and the
width of the screen; what a text says, and whose number an address holds, is nothing to it. A digest
of that stands in ``cleared.txt`` once axe found nothing. A page that is not there is looked at.

    PYTEST_MARFA_AXE=note .venv/bin/pytest tests/journeys    adds what is found clean
    PYTEST_MARFA_AXE=all .venv/bin/pytest tests/journeys     looks at everything
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Page

FILE = Path(__file__).with_name("cleared.txt")
HOW = os.environ.get("PYTEST_MARFA_AXE", "")
# Rows that are alike count once, and what may be chosen from a list: how many there are is nothing
# to axe.
SEEN = """() => {
  const kept = new Set(["autocomplete", "checked", "class", "colspan", "dir", "disabled", "headers",
    "hidden", "http-equiv", "inputmode", "lang", "media", "multiple", "open", "popover", "readonly",
    "rel", "required", "role", "rowspan", "scope", "selected", "style", "tabindex", "type"]);
  const leads = new Set(["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns",
    "aria-details", "aria-errormessage", "aria-activedescendant", "list", "popovertarget"]);
  const spoken = new Set(["aria-label", "aria-description", "aria-valuetext",
    "aria-roledescription"]);
  const sheet = (element) => element.matches("link[rel=stylesheet]");
  const said = (element, {name, value}) => {
    if (leads.has(name)) {
      const found = value.split(/\\s+/).filter(Boolean).map((id) => document.getElementById(id));
      return found.map((one) => one ? one.localName : "nowhere").join();
    }
    if (kept.has(name) || (name.startsWith("aria-") && !spoken.has(name))) return value;
    if (name === "href" && sheet(element)) return value;
    return value.trim() ? "*" : "";
  };
  const seen = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data.trim() ? "text" : "";
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    if (node.localName === "option") return "<option>";
    const names = [...node.attributes].map((one) => `${one.name}=${said(node, one)}`).sort();
    const labels = node.labels ? [`labels ${node.labels.length}`] : [];
    const within = [...node.childNodes].map(seen)
      .filter((one, at, all) => one && one !== all[at - 1]);
    return `<${[node.localName, ...names, ...labels].join(" ")}>${within.join("")}</>`;
  };
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return [
    seen(document.documentElement),
    `ids that stand twice: ${ids.length - new Set(ids).size}`,
    `title: ${document.title.trim() !== ""}`,
    `dark: ${matchMedia("(prefers-color-scheme: dark)").matches}`,
    `width: ${innerWidth}`,
  ].join("\\n");
}"""
AXE = version("axe-playwright-python")

_known = set(FILE.read_text(encoding="utf-8").split()) if FILE.exists() else set()


def digest(page: Page) -> str:
    """Of what axe sees of the page as it stands."""
    # Right after a link is followed the new document has no elements yet.
    page.wait_for_load_state()
    page.locator("body").wait_for(state="attached")
    return hashlib.sha256(f"{AXE}\n{page.evaluate(SEEN)}".encode()).hexdigest()[:24]


def is_known(seen: str) -> bool:
    """Whether axe found nothing on such a page."""
    return HOW != "all" and seen in _known


def note(seen: str) -> None:
    """axe found nothing: what looks the same is not looked at again in this run, or ever."""
    if seen not in _known and HOW == "note":
        _write(seen)
    _known.add(seen)


def _write(seen: str) -> None:
    with FILE.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        lines = sorted({*file.read().split(), seen})
        file.truncate(0)
        file.write("\n".join(lines) + "\n")

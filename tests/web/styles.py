"""The style sheets of the pages, read far enough for rules about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
STYLES = ROOT / "frontend" / "styles"
SHEETS = sorted(STYLES.rglob("*.css"))


@dataclass(frozen=True)
class Rule:
    """One rule: its selector and what it declares, in order."""

    selector: str
    declarations: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        return dict(self.declarations).get(name, "")


def rules(text: str) -> Iterator[Rule]:
    """The innermost blocks of a style sheet; conditions around them are left out."""
    plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    for selector, body in re.findall(r"([^{};]+)\{([^{}]*)\}", plain):
        pairs = [part.partition(":") for part in body.split(";") if ":" in part]
        found = tuple((name.strip(), " ".join(value.split())) for name, _, value in pairs)
        yield Rule(" ".join(selector.split()), found)


def all_rules() -> list[Rule]:
    return [rule for sheet in SHEETS for rule in rules(sheet.read_text(encoding="utf-8"))]


SIDES = r"(left|right|top|bottom)"
PHYSICAL = re.compile(
    rf"^({SIDES}|(margin|padding|border|inset|scroll-margin|scroll-padding)-{SIDES}(-.*)?"
    rf"|border-{SIDES}-{SIDES}-radius|(min-|max-)?(width|height))$"
)
VALUES = re.compile(r"\b(left|right)\b|translate[XY]?\(", re.IGNORECASE)
FOUR = {"margin", "padding", "inset", "border-width", "border-radius"}


def physical(rule: Rule) -> list[str]:
    """What in a rule means a side of the screen and not a side of the text."""
    found = []
    for name, value in rule.declarations:
        parts = value.split()
        turned = name in FOUR and len(parts) == 4 and parts[1] != parts[3]
        if PHYSICAL.match(name) or VALUES.search(value) or turned:
            found.append(f"{rule.selector} {{ {name}: {value} }}")
    return found


def classes_in_styles() -> set[str]:
    return {name for rule in all_rules() for name in re.findall(r"\.([a-z][\w-]*)", rule.selector)}


def classes_of_sheets() -> set[str]:
    """Classes of the templates that are set as PDF: they carry their own styles."""
    found: set[str] = set()
    for page in (ROOT / "src" / "marfa").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        own = re.findall(r"<style>(.*?)</style>|block style %\}(.*?)\{% endblock", text, re.DOTALL)
        for rule in rules("".join(a + b for a, b in own)):
            found |= set(re.findall(r"\.([a-z][\w-]*)", rule.selector))
    return found


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens() -> dict[str, tuple[str, str]]:
    """Colours by name: in light and in dark."""
    found = {}
    text = (STYLES / "tokens.css").read_text(encoding="utf-8")
    for name, value in re.findall(r"--([\w-]+): (.*?);", text):
        colours = re.findall(r"#[0-9a-f]{6}", value)
        if colours:
            found[name] = (colours[0], colours[-1])
    return found

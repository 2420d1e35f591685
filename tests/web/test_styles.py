"""The styles: no side of the screen, contrast in light and dark, no class that nobody uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.styles import (
    ROOT,
    SHEETS,
    STYLES,
    all_rules,
    classes_in_styles,
    classes_of_sheets,
    contrast,
    physical,
    rules,
    tokens,
)

TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2 AA, 1.4.3 and 1.4.11
GROUNDS = ("paper", "surface", "sand")
PAIRS = [
    *((text, ground, TEXT) for text in ("ink", "ink-soft", "harbour") for ground in GROUNDS),
    *((text, ground, TEXT) for text in ("urgent", "harbour-deep") for ground in GROUNDS),
    ("ink", "harbour-soft", TEXT),
    ("on-bar", "harbour-bar", TEXT),
    ("on-lamp", "lamp", TEXT),
    ("line-strong", "paper", SHAPE),
    ("line-strong", "surface", SHAPE),
]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: str(sheet.relative_to(STYLES)))
def test_no_side_of_the_screen(sheet: Path) -> None:
    found = [each for rule in rules(sheet.read_text(encoding="utf-8")) for each in physical(rule)]
    assert found == [], (
        "use the logical property: margin-inline-start, inline-size, text-align: start"
    )


@pytest.mark.parametrize(
    "planted",
    [
        "margin-left: 1rem",
        "padding-right: 0",
        "left: 0",
        "width: 10rem",
        "max-height: 5rem",
        "text-align: right",
        "float: left",
        "border-top-left-radius: 2px",
        "margin: 0 1rem 0 2rem",
        "transform: translateX(3px)",
    ],
)
def test_a_planted_side_is_found(planted: str) -> None:
    assert [each for rule in rules(f".a {{ {planted}; }}") for each in physical(rule)]


def test_what_has_no_side_is_let_through() -> None:
    text = ".a { margin: 0 1rem; inset-inline: 0; inline-size: 4rem; border-block-end: 1px solid; }"
    assert [each for rule in rules(text) for each in physical(rule)] == []


def test_contrast_is_computed_as_published() -> None:
    """Black on white is 21; #767676 is the lightest grey that passes on white (WCAG 2.2)."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") >= TEXT > contrast("#777777", "#ffffff")


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_contrast_of_what_meets(text: str, ground: str, least: float, scheme: int) -> None:
    found = tokens()
    assert contrast(found[text][scheme], found[ground][scheme]) >= least


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_of_every_rule_that_sets_both(scheme: int) -> None:
    found, seen = tokens(), 0
    for rule in all_rules():
        names = [re.fullmatch(r"var\(--([\w-]+)\)", rule.value(p)) for p in ("color", "background")]
        if None in names:
            continue
        text, ground = (found[name[1]][scheme] for name in names if name)
        seen += 1
        assert contrast(text, ground) >= TEXT, rule.selector
    assert seen > 10


def sources() -> str:
    parts = [
        *(ROOT / "src" / "marfa").rglob("*.html"),
        *(ROOT / "frontend" / "src").rglob("*.ts"),
        *(ROOT / "src" / "marfa" / "web").rglob("*.py"),
    ]
    return "\n".join(part.read_text(encoding="utf-8") for part in parts)


def test_every_class_is_used() -> None:
    text = sources()
    # A class whose end is chosen in the template is used where its beginning is.
    used = {name for name in classes_in_styles() if re.search(rf"(?<![\w-]){name}(?![\w-])", text)}
    chosen = set(re.findall(r"([a-z][\w-]*-)\{\{", text))
    left = {n for n in classes_in_styles() - used if not any(n.startswith(c) for c in chosen)}
    assert left == set()


def test_every_class_in_a_page_has_a_style() -> None:
    known = classes_in_styles() | classes_of_sheets()
    wanted: set[str] = set()
    for page in (ROOT / "src" / "marfa").rglob("*.html"):
        for value in re.findall(r'\bclass="([^"]*)"', page.read_text(encoding="utf-8")):
            plain = re.sub(r"[\w-]*\{[{%].*?[%}]\}", " ", value)
            wanted |= {name for name in plain.split() if not name.endswith("-")}
    assert wanted - known == set()
    assert len(wanted) > 40


def test_layers_are_named_once_and_in_order() -> None:
    text = (STYLES / "main.css").read_text(encoding="utf-8")
    order = re.findall(r"@layer ([^;]+);", text)
    assert order == ["tokens, base, layout, components, utilities, print"]
    assert set(re.findall(r"layer\((\w+)\)", text)) == set(order[0].split(", "))

"""The program that fills in forms: its size, what it may do, and where it is loaded."""

from __future__ import annotations

import json
import re
from pathlib import Path

import marfa.web

BUILT = Path(marfa.web.__file__).parent / "static" / "built"
TEMPLATES = Path(marfa.web.__file__).parents[1]
MOST = 350_000
"""Bytes, compressed with gzip."""


def built(name: str) -> Path:
    """A script as it was built."""
    names = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    return BUILT / str(names[name])


def test_it_is_no_larger_than_was_promised() -> None:
    script = built("form.ts")
    assert script.with_name(f"{script.name}.gz").stat().st_size <= MOST


def test_it_evaluates_nothing_and_writes_no_html() -> None:
    text = built("form.ts").read_text(encoding="utf-8")
    assert not re.search(r"(?<![.\w])eval\(|new Function\b|\.innerHTML\b|insertAdjacentHTML", text)


def test_xml_is_read_in_one_place_alone() -> None:
    """Through the policy ``forms``; any other reading would be stopped by the page's policy."""
    text = built("form.ts").read_text(encoding="utf-8")
    assert len(re.findall(r"globalThis\.DOMParser\b", text)) == 1
    assert not re.search(r"new DOMParser\b", text)
    assert len(re.findall(r"createPolicy\(\"forms\"", text)) == 1


def test_no_other_page_fetches_it() -> None:
    main = built("main.ts")
    assert main.with_name(f"{main.name}.gz").stat().st_size < 20_000
    naming = {
        file.name
        for file in TEMPLATES.rglob("*.html")
        if "'form.ts'" in file.read_text(encoding="utf-8")
    }
    assert naming == {"choose.html", "whole.html"}, "the form, and the list that leads to it"

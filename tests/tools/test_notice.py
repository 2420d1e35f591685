"""NOTICE names what is shipped as the locks have it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tools import notice

ROOT = Path(__file__).parents[2]
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")


def locked() -> dict[str, str]:
    """Name and version of what is shipped, read from both locks in another way."""
    text = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    elsewhere = r"(?!.*(?:win32|implementation != 'CPython'))"
    found = dict(re.findall(rf"^([a-z0-9._-]+)==(\S+) {elsewhere}", text, re.MULTILINE))
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    for path, package in lock["packages"].items():
        name = path.removeprefix("node_modules/")
        if path and not package.get("dev") and name not in notice.ONLY_BUILDING:
            found[name] = package["version"]
    return found


def test_it_names_every_package_with_its_version_and_licence() -> None:
    told = dict(re.findall(r"^  (\S+) (\S+): \S", NOTICE, re.MULTILINE))
    assert told == locked()


def test_it_is_what_the_tool_writes() -> None:
    if not (ROOT / "frontend" / "node_modules").is_dir():
        pytest.skip("the licences of what is built into the pages are not here")
    assert notice.notice() == NOTICE


def test_a_version_that_is_not_the_locked_one_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The control: something else is installed than is locked."""
    other = tmp_path / "run.txt"
    text = notice.LOCK.read_text(encoding="utf-8")
    other.write_text(text.replace("\nclick==", "\nclick==0."), encoding="utf-8")
    monkeypatch.setattr(notice, "LOCK", other)
    with pytest.raises(SystemExit, match="click"):
        list(notice.installed_beside())

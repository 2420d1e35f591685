"""Write NOTICE: whose work is shipped with ours, under which licence.

    python tools/notice.py

What is built into the pages stands in the wheel, so its licences are quoted in full. The Python
packages that are installed beside it bring theirs along, and are named. Versions are those of the
locks; licences are what the installed packages say of themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[1]
FRONTEND = ROOT / "frontend"
LOCK = ROOT / "requirements" / "run.txt"
TARGET = ROOT / "NOTICE"
LONGEST = 60
HEAD = """\
Marfa
Copyright The Marfa developers. Licensed under the Apache License, Version 2.0 (see LICENSE).

This file is written by tools/notice.py.
"""
ONLY_BUILDING = frozenset({"subset-font", "fontverter", "harfbuzzjs", "wawoff2"})
"""Packages that make our fonts smaller; nothing of them is shipped."""
BY_TEXT = {
    "Apache License": "Apache-2.0",
    "Permission is hereby granted, free of charge": "MIT",
    "Redistribution and use in source and binary forms": "BSD",
}
BY_CLASSIFIER = re.compile(r"License :: OSI Approved :: (.+)")


def shipped_in_pages() -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of what is bundled, from the lock of npm."""
    packages = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for path, package in sorted(packages.items()):
        name = path.rpartition("node_modules/")[2]
        if name and not package.get("dev") and name not in ONLY_BUILDING:
            yield name, package["version"], package["license"]


def installed_beside() -> Iterator[tuple[str, str, str]]:
    """Name, version and licence of each package of the lock that is installed here; one for
    another system is not."""
    locked = re.findall(r"^([a-z0-9._-]+)==(\S+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    for name, version in locked:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        if found.version != version:
            raise SystemExit(f"{name} {found.version} is installed, and {version} is locked")
        yield name, version, licence_of(found)


def licence_of(found: Distribution) -> str:
    """What a package says of its licence: an expression, a word, a classifier, or its text."""
    told = found.metadata
    for field in ("License-Expression", "License"):
        text = " ".join(told.get_all(field) or [])
        if text and len(text) < LONGEST and "\n" not in text:
            return str(text)
    classified = [m[1] for c in told.get_all("Classifier") or [] if (m := BY_CLASSIFIER.match(c))]
    if classified:
        return ", ".join(classified)
    for file in found.files or []:
        if re.search(r"licen[cs]e|copying", file.name, re.IGNORECASE) and file.suffix != ".py":
            text = " ".join(file.read_text(encoding="utf-8").split())
            for begins, licence in BY_TEXT.items():
                if begins in text:
                    return licence
    raise SystemExit(f"{found.name} says nothing of its licence: look, and tell tools/notice.py")


def texts() -> Iterator[tuple[str, list[str]]]:
    """The licences of what is bundled, each with those who use it."""
    found: dict[str, list[str]] = {}
    for name, _version, licence in shipped_in_pages():
        folder = FRONTEND / "node_modules" / name
        files = [f for f in sorted(folder.glob("*")) if re.match(r"licen[cs]e", f.name, re.I)]
        text = files[0].read_text(encoding="utf-8") if files else f"{licence} (no text enclosed)\n"
        lines = (line.rstrip() for line in text.replace("\r", "").strip().split("\n"))
        found.setdefault("\n".join(lines), []).append(name)
    yield from found.items()


def notice() -> str:
    parts = [HEAD, "\nBuilt into the pages:\n\n"]
    parts += [f"  {name} {version}: {licence}\n" for name, version, licence in shipped_in_pages()]
    parts.append("\nInstalled beside it, each with its own licence in its .dist-info:\n\n")
    parts += [f"  {name} {version}: {licence}\n" for name, version, licence in installed_beside()]
    for text, names in texts():
        parts.append(f"\n{'=' * 78}\n{', '.join(names)}\n{'=' * 78}\n\n{text}\n")
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(notice(), encoding="utf-8")

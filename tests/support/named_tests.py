"""Tests that a page of the documentation names as ``file::test``."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def names_in(file: Path) -> set[str]:
    """Names of the tests of a file, those in classes too."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def absent_tests(page: str, root: Path = ROOT) -> list[str]:
    """Tests that a page names and that do not exist."""
    found = []
    for path, name in NAMED.findall(page):
        file = root / path
        if not file.is_file():
            found.append(f"{path} does not exist")
        elif name not in names_in(file):
            found.append(f"{path} has no test {name}")
    return found

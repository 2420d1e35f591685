"""The table of requirements in the documentation: every row is there, and every test it names."""

from __future__ import annotations

import ast
import csv
import os
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "methods" / "archive.md"
ROW = re.compile(r"^\| (EV-\d\d) \| .+ \| (?:`(.+)::(.+)`|\*desk\*) \|$", re.MULTILINE)
REQUIREMENTS = 53


def rows() -> list[tuple[str, str, str]]:
    return ROW.findall(PAGE.read_text(encoding="utf-8"))


def functions_of(file: str) -> set[str]:
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_requirement_has_a_row() -> None:
    assert len(rows()) == len({row[0] for row in rows()}) == REQUIREMENTS


def test_every_test_that_is_named_is_there() -> None:
    named = [(file, name) for _id, file, name in rows() if file]
    assert len(named) > 20
    assert [pair for pair in named if pair[1] not in functions_of(pair[0])] == []


def test_the_rows_are_those_of_the_collection() -> None:
    root = os.environ.get("MARFA_REFERENCE_DATA", "")
    table = Path(root).parent / "standards" / "evidence-requirements.csv"
    if not root or not table.is_file():
        pytest.skip("beside MARFA_REFERENCE_DATA there is no standards/evidence-requirements.csv")
    with table.open(encoding="utf-8", newline="") as lines:
        wanted = [row["id"] for row in csv.DictReader(lines)]
    assert [row[0] for row in rows()] == wanted

"""The method note says what the code does."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from marfa.methods.screening import COLUMNS, PilotUse, full, row_of, score_table
from marfa.methods.screening.delphi import LABEL_OUTCOME, RULES
from tests.methods.screening.support import library, panel, run, yes

DOCS = Path(__file__).parents[3] / "docs"
NOTE = (DOCS / "methods" / "screening.md").read_text(encoding="utf-8")


def test_the_worked_example_is_what_the_program_says() -> None:
    found = re.search(r"```csv\n(.*?)```", NOTE, re.DOTALL)
    assert found
    shown = ("person", "indication", "urgency", "worst_indication", "next_step", "label", "rules")
    people = score_table(io.StringIO(found[1]), panel(), use=PilotUse(), file="training.csv")
    for person, result in people:
        row = dict(zip(COLUMNS, row_of(person, result), strict=True))
        line = "| " + " | ".join(row[name] for name in shown) + " |"
        assert line in NOTE


def test_the_talking_points_of_the_worked_example_hold() -> None:
    header = "person,age,dr-work,dr-pay,ex-hours,ex-pay,cd-papers,cd-debt,core-recruiter"
    header += ",core-imminent\n"
    no_debt, adult = "A,adult,yes,yes,yes,yes,yes,no,,no\n", "B,adult,no,no,no,no,no,no,yes,yes\n"
    others = [item for item in panel().instruments[0].item_ids if item not in header]
    table = header.strip() + "," + ",".join(others) + "\n"
    for line in (no_debt, adult):
        table += line.strip() + ",no" * len(others) + "\n"
    people = score_table(io.StringIO(table), panel(), use=PilotUse(), file="t.csv")
    rows = [dict(zip(COLUMNS, row_of(*one), strict=True)) for one in people]
    assert rows[0]["label"] == "deception-and-exploitation"
    assert (rows[1]["indication"], rows[1]["urgency"]) == ("at-risk", "now")


def test_the_table_from_labels_to_outcomes_is_published() -> None:
    for label, gives in LABEL_OUTCOME.items():
        assert f"| {label} | {gives.indication.code} | {gives.urgency.code} |" in NOTE


@pytest.mark.parametrize("code", [rule.code for rule in RULES if rule.origin != "ilo-ec-2009"])
def test_every_rule_is_documented(code: str) -> None:
    assert f"| {code} |" in NOTE


def test_every_column_and_instrument_is_documented() -> None:
    reference = (DOCS / "reference" / "cli-screen.md").read_text(encoding="utf-8")
    assert all(f"`{column}`" in reference for column in COLUMNS)
    for name in library().names():
        family, _hyphen, last = name.rpartition("-")
        assert name in NOTE or (family in NOTE and f"-{last}" in NOTE), name


def test_every_key_of_a_person_in_json_is_documented() -> None:
    reference = (DOCS / "reference" / "cli-screen.md").read_text(encoding="utf-8")
    person = full(run(yes("cd-papers")))
    [profile] = person["profiles"]
    dimension = next(one for one in profile["dimensions"] if one["fired"])
    for data in (person, profile, profile["rules"][0], dimension, dimension["fired"][0]):
        assert all(f"`{key}`" in reference for key in data)

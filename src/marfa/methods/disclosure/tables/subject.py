"""Counts of grave violations and of conflict-related sexual violence are recognised and marked.

The six grave violations: A/72/865-S/2018/465. Forms of conflict-related sexual violence:
S/2019/280. Such counts are protected by suppression alone: a rounded or noisy figure would
state violations that nobody verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

COLUMNS = re.compile(r"violation|sexual.?violence|\bcrsv\b|^crsv|^mrm|^mara\b", re.IGNORECASE)
SEXUAL = frozenset(
    {
        "rape",
        "gang rape",
        "sexual slavery",
        "forced prostitution",
        "forced pregnancy",
        "forced abortion",
        "enforced sterilization",
        "enforced sterilisation",
        "forced sterilization",
        "sexual violence",
        "conflict-related sexual violence",
        "rape and other forms of sexual violence",
        "rape and other sexual violence",
    }
)
GRAVE = frozenset(
    {
        "recruitment and use",
        "recruitment and use of children",
        "recruitment or use",
        "killing and maiming",
        "killing or maiming",
        "abduction",
        "abduction of children",
        "attacks on schools and hospitals",
        "attacks on schools or hospitals",
        "denial of humanitarian access",
        "rape and other grave sexual violence",
    }
)


def recognise_subject(columns: Iterable[str], values: Iterable[str | None]) -> str:
    """One of SUBJECTS, by the names of the dimensions and their values."""
    words = {re.sub(r"[\s_]+", " ", value).strip().casefold() for value in values if value}
    names = list(columns)
    if words & SEXUAL or any(re.search(r"sexual.?violence|crsv|^mara", n, re.I) for n in names):
        return "sexual-violence"
    if words & GRAVE or any(COLUMNS.search(name) for name in names):
        return "grave-violations"
    return "victims"

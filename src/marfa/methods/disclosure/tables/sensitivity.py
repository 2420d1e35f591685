"""Columns of which nobody should learn the value of a whole group, by their names.

What was done to a person, and the special categories of data of the General Data Protection
Regulation, article 9 (1): origin, opinions, religion, health, sex life. With them the variables of
the Counter-Trafficking Data Collaborative and of HTCDS that say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SENSITIVE = re.compile(
    r"exploit|(^|_)forms?($|_)|(^|_)indicators?($|_)|violat|violence|abuse|rape|crsv|^mrm|^mara"
    r"|^means[A-Z_]|^typeOf|recruit|traffick|slavery|servitude|perpetrat|armed_?(group|actor)"
    r"|conflict_?link|ethnic|religi|(^|_)sect($|_)|faith|tribe|clan|politic|union_?member"
    r"|health|disab|impair|hiv|pregnan|disease|diagnos|mental|orientation|gender_?identity|sogi"
    r"|deten|convict|criminal|offen[cs]e|الاستغلال|استغلال|الدين|العرق|الإعاقة|الصحة|الانتهاك",
    re.IGNORECASE,
)


def sensitive_columns(names: Iterable[str]) -> tuple[str, ...]:
    """Those of the columns that are known as sensitive."""
    return tuple(name for name in names if SENSITIVE.search(name.strip()))

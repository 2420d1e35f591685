"""Names of attributes, items and columns, and wordings, that mean where somebody is from or whom
they belong to."""

from __future__ import annotations

import re

from marfa.domain.prohibited_grounds.lists import names_people, subjects_of_somebody
from marfa.domain.prohibited_grounds.subjects import ORIGINS, Subject, subjects_of

REFUSED_ATTRIBUTES = frozenset(
    {
        "birthplace",
        "caste",
        "citizenship",
        "clan",
        "country-of-origin",
        "ethnicity",
        "faith",
        "nationality",
        "race",
        "religion",
        "sect",
        "skin-colour",
        "tribe",
    }
)
"""Names by which an attribute is refused with its own sentence."""
SURE = ORIGINS - {Subject.LANGUAGE, Subject.COUNTRY}


def names_origin(text: str) -> bool:
    """Whether a wording or a name means nationality, religion, ethnicity or origin of people.

    A language or a country by itself does not: the one may be spoken and the other be a place of
    work.
    """
    return bool(subjects_of(text) & SURE)


def asks_origin(text: str) -> bool:
    """Whether a question put to somebody asks for it, be it by a name: *Are you Yazidi?*"""
    return names_origin(text) or bool(subjects_of_somebody(text))


def names_refused_attribute(name: str) -> bool:
    """Whether a name of an attribute or a column means nationality, religion or ethnicity, or
    somebody who is of one."""
    whole = re.sub(r"[\s_.]+", "-", name.strip().lower())
    return whole in REFUSED_ATTRIBUTES or names_origin(name) or names_people(name) is not None

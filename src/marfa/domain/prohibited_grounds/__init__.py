"""What a text asks about that no decision may rest on, told by its words, in many languages.

Nationality, religion, ethnicity, origin and what stands in for them (charter, rule 4), and whether
somebody cooperates, testifies or complains (rule 1). One checker for questions of forms, for
instruments, for series and for names of columns. Its words lie in ``words``, a file a language.
They cannot be complete; they stand beside what is declared field by field.
"""

from __future__ import annotations

from marfa.domain.prohibited_grounds.lists import names_people, subject_of_list
from marfa.domain.prohibited_grounds.names import asks_origin, names_origin, names_refused_attribute
from marfa.domain.prohibited_grounds.spelling import plain_words
from marfa.domain.prohibited_grounds.subjects import (
    COOPERATION,
    LANGUAGES,
    ORIGINS,
    PLACES,
    Subject,
    subjects_of,
)

__all__ = [
    "COOPERATION",
    "LANGUAGES",
    "ORIGINS",
    "PLACES",
    "Subject",
    "asks_origin",
    "names_origin",
    "names_people",
    "names_refused_attribute",
    "plain_words",
    "subject_of_list",
    "subjects_of",
]

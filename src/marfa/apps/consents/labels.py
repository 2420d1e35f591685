"""Shared fields and codes in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from marfa.domain.codes import format_code

FIELDS = {
    "Person.code": gettext_lazy("the code"),
    "Person.sex": gettext_lazy("sex"),
    "Person.child_until": gettext_lazy("whether the person is a child"),
    "Person.age_disputed": gettext_lazy("whether the age is in doubt"),
    "Person.born": gettext_lazy("age or date of birth"),
    "Person.gender": gettext_lazy("gender"),
    "Person.languages": gettext_lazy("languages"),
    "Person.interpreter": gettext_lazy("which interpreter the person wants"),
    "Person.functioning": gettext_lazy("what the person needs to take part"),
    "PersonName.text": gettext_lazy("names"),
    "ContactPoint.value": gettext_lazy("how to reach the person safely"),
}
"""Fields that leave, in words; those that only belong to another have none."""


def fields_in_words(fields: Iterable[str]) -> list[str]:
    """What is sent, in words."""
    named = set(fields)
    return [str(words) for field, words in FIELDS.items() if field in named]


def spoken_code(code: str) -> str:
    """A person's code as it is said and written."""
    return format_code(code)

"""Codes of consent and sharing in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marfa.apps.people.models import Recipient
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
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


def label(listed: str, code: str) -> str:
    """The label of a code of a list."""
    return codelist(listed).label(code, get_language() or SOURCE_LANGUAGE)


def choices(listed: str, codes: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Codes of a list with their labels, in the order of the list."""
    every = codelist(listed).choices(get_language() or SOURCE_LANGUAGE)
    return every if codes is None else [each for each in every if each[0] in set(codes)]


def recipient_name(recipient: Recipient | None) -> str:
    """What a recipient is called; nobody is the organisation itself."""
    if recipient is None:
        return _("we ourselves")
    return recipient.guest.name if recipient.guest else recipient.name


def fields_in_words(fields: Iterable[str]) -> list[str]:
    """What is sent, in words."""
    named = set(fields)
    return [str(words) for field, words in FIELDS.items() if field in named]


def spoken_code(code: str) -> str:
    """A person's code as it is said and written."""
    return format_code(code)

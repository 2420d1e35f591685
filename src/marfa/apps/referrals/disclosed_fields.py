"""The fields that a referral discloses: chosen one by one, kept as sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext as _

from marfa.apps.agreements.labels import code_label
from marfa.apps.consents.disclosable_fields import disclosable_fields_for
from marfa.apps.consents.labels import FIELDS, spoken_code
from marfa.apps.registry.labels import functioning_label
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.languages import language_name
from marfa.safeguards.words import Purpose

WITH = {"PersonName.text": "PersonName.", "ContactPoint.value": "ContactPoint."}
"""What does not go alone: with a way to reach somebody go when it is safe and what to avoid."""
SMALLEST = ("Person.code", "PersonName.text")
BESIDE = {
    "ContactPoint.kind": gettext_lazy("kind of contact"),
    "ContactPoint.whose": gettext_lazy("whose it is"),
    "ContactPoint.when": gettext_lazy("when it is safe"),
    "ContactPoint.words": gettext_lazy("what to say if someone else answers"),
    "ContactPoint.avoid": gettext_lazy("what must never be done or said"),
}


def offered_fields(purpose: Purpose) -> list[tuple[str, str]]:
    """What may be ticked for a purpose, in words."""
    allowed = disclosable_fields_for(purpose)
    return [(field, str(words)) for field, words in FIELDS.items() if field in allowed]


def default_fields(purpose: Purpose) -> list[str]:
    """What is ticked at first: one field by which both sides mean the same person."""
    allowed = disclosable_fields_for(purpose)
    return [next((field for field in SMALLEST if field in allowed), allowed[0])]


def with_what_belongs(purpose: Purpose, chosen: Collection[str]) -> list[str]:
    """The fields that were ticked, with those that do not go alone."""
    beginnings = tuple(WITH[field] for field in chosen if field in WITH)
    extra = [
        each
        for each in disclosable_fields_for(purpose)
        if beginnings and each.startswith(beginnings)
    ]
    return [*chosen, *(each for each in extra if each not in chosen)]


def disclosed_json(values: Mapping[str, object]) -> dict[str, object]:
    """What was disclosed, as JSON keeps it; what is empty is left out."""
    return {
        field: _plain(value)
        for field, value in values.items()
        if value not in (None, "", [], {}) and value != [None] * len(_many(value))
    }


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (str, int, float)) or value is None else str(value)


def in_words(told: Mapping[str, object] | None) -> list[tuple[str, str]]:
    """What was told, label and text, in the reader's language; nothing else is shown of it."""
    told = told or {}
    named = {**FIELDS, **BESIDE}
    return [
        (str(words), _said(field, told[field])) for field, words in named.items() if field in told
    ]


def _said(field: str, value: object) -> str:
    language = get_language() or SOURCE_LANGUAGE
    if field == "Person.code":
        return spoken_code(str(value))
    if field == "Person.sex":
        return code_label("sex", str(value))
    if field == "Person.gender":
        return code_label("prs_gender", str(value))
    if field == "Person.child_until":
        return _("until %(day)s, unless something else is found") % {"day": value}
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if field == "Person.languages":
        return " · ".join(language_name(str(each), language) for each in _many(value))
    if isinstance(value, dict):
        return functioning_label(value)
    if field == "ContactPoint.kind":
        return " · ".join(code_label("contact_kinds", str(each)) for each in _many(value))
    return " · ".join(str(each) for each in _many(value) if each not in (None, ""))


def _many(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]

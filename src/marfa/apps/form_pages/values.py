"""Values of a form: as typed, as a draft holds them, as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.form_pages.parts import PartsField, as_texts, from_texts
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.platform.regional import list_in_words
from marfa.platform.revisions.errors import ConflictError, DraftMovedError


def submitted_texts(form: type[forms.Form], data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields as they were sent: a list of texts each."""
    found = {}
    for name, field in form.base_fields.items():
        if isinstance(field, PartsField):
            found[name] = as_texts(field.split(field.read(data, name)))
            continue
        value = data.getlist(name) if isinstance(data, QueryDict) else data.get(name)
        values = value if isinstance(value, (list, tuple)) else [value]
        found[name] = ["" if each is None else str(each) for each in values]
    return found


def values_from_draft(form: type[forms.Form], content: Mapping[str, object]) -> dict[str, object]:
    """What a draft holds, as values to fill a form with: as typed, not as understood."""
    found: dict[str, object] = {}
    for name, field in form.base_fields.items():
        values = content.get(name)
        if not isinstance(values, list):
            continue
        if isinstance(field, PartsField):
            found[name] = from_texts(values)
            continue
        several = isinstance(field, forms.MultipleChoiceField)
        found[name] = values if several else (values[-1] if values else "")
    return found


def posted_version(posted: QueryDict, name: str) -> int:
    """A version that a page sent along, 0 where it sent none."""
    text = posted.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def in_words(error: ConflictError | DraftMovedError) -> str:
    """The sentence of an error in the reader's language."""
    return render_message(error.message(), get_language() or SOURCE_LANGUAGE)


def display_value(form: forms.Form, name: str, value: object) -> object:
    """A value as a person reads it: the label of a choice, a word where there is nothing."""
    field = form.fields[name]
    labels: dict[object, object] = dict(getattr(field, "choices", ()))
    if isinstance(field, PartsField):
        value = as_texts(field.split(value))
    if value in (None, "", []):
        return _("nothing")
    if isinstance(value, list):
        return list_in_words(labels.get(each, each) for each in value)
    return labels.get(value, value)

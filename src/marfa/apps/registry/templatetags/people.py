"""Filters of the pages of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django import template
from django.forms import BoundField
from django.utils.translation import get_language

from marfa.apps.form_pages.parts import FormInput, PartsField
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.codelists import codelist
from marfa.domain.codes import format_code
from marfa.domain.signs import alike_note, shown_signs

register = template.Library()


@register.filter
def at(values: Mapping[str, object], name: str) -> object:
    """What a mapping has under a name that is worked out; nothing where it has none."""
    return values.get(name, "")


@register.filter
def inputs(bound: BoundField) -> Iterator[FormInput]:
    """The inputs of a field that is answered in several."""
    field = bound.field
    return field.inputs(bound) if isinstance(field, PartsField) else iter(())


@register.filter
def seen(name: str) -> str:
    """A name as it is, with what nobody would see in it shown."""
    return shown_signs(name)


@register.filter
def alike(name: str) -> str:
    """What to say beside a name whose letters look like others; nothing for any other name."""
    note = alike_note(name)
    return render_message(note, get_language() or SOURCE_LANGUAGE) if note else ""


@register.filter
def spoken(code: str) -> str:
    """A code of nine digits in groups, as it is said and written."""
    return format_code(code)


@register.filter
def named(code: str | None, name: str) -> str:
    """The label of a code of a list in the reader's language; nothing for no code."""
    return codelist(name).label(code, get_language() or SOURCE_LANGUAGE) if code else ""

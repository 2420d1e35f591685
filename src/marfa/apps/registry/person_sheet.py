"""A sheet of people: which columns it may have, and how each is read.

A cell is read by the field of the form that asks the same, and a row is looked at by what
``register_person`` looks at, so that a sheet says nothing that cannot be typed. What only those
write who help the person (``MoreForm``) is read where a purpose is named; what no form asks has no
field. Nothing about consent is read: it is asked of the person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from marfa.apps.registry.actions.registration import (
    NewName,
    NewPerson,
    check_told,
)
from marfa.apps.registry.birth_field import read_birth
from marfa.apps.registry.forms import (
    ContactForm,
    MoreForm,
    PaperNumberForm,
    RegisterForm,
    ToldForm,
)
from marfa.apps.registry.labels import code_label
from marfa.apps.registry.sheet_answers import (
    reads_code,
    reads_languages,
    reads_yes,
    sheet_words,
)
from marfa.apps.registry.sheet_headings import withheld_because
from marfa.apps.registry.sheet_labels import LABEL_OF
from marfa.domain.countries import country_named
from marfa.domain.dates import DayMonthOrder, PartialDate, read_age
from marfa.domain.digits import without_marks
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform.importing.fields import (
    Fault,
    SheetField,
    SheetSubject,
    Values,
    heading_words,
)

NAMES = ("name", "name_first", "name_middle", "name_last", "other_name", "called")
PARTS = ("name_first", "name_middle", "name_last")
CODED = {
    "sex": ("sex", RegisterForm, "sex"),
    "birth_basis": ("birth_bases", RegisterForm, "basis"),
    "marital_status": ("prs_marital_status", ToldForm, "marital_status"),
    "education": ("prs_highest_level_of_education", ToldForm, "education"),
    "paper_kind": ("identity_documents", PaperNumberForm, "kind"),
    "gender": ("prs_gender", MoreForm, "gender"),
    "statelessness": ("statelessness", MoreForm, "statelessness"),
    "displacement": ("displacement_status", MoreForm, "displacement"),
    "migration_status": ("migration_protection_status", MoreForm, "migration_status"),
}
"""Fields that hold a code: its list, and the field of the form that asks for it."""
TEXTS = {
    "paper_number": (PaperNumberForm, "number"),
    "registration_number": (PaperNumberForm, "number"),
    "phone": (ContactForm, "value"),
    "birth_place": (ToldForm, "birth_place"),
    "interpreter": (MoreForm, "interpreter"),
}
NUMBERS = frozenset({"paper_number", "registration_number", "phone"})
UNIQUE = frozenset({"registration_number"})
WITH_PURPOSE = frozenset({"birth_place", "citizenships", *MoreForm.base_fields})
"""Read where a purpose is named alone: where somebody comes from, and what only helpers write."""

PLAIN_OF = {
    "domain:date-unreadable": "sheet-date",
    "domain:date-word": "sheet-date",
    "domain:date-half-name": "sheet-date",
    "domain:date-day-or-month": "sheet-date-order",
    "domain:date-which-calendar": "sheet-date-calendar",
    "domain:date-solar": "sheet-date-calendar",
}
"""What is said of a date without repeating it; of every other one that it cannot be."""


@dataclass(frozen=True)
class SheetTerms:
    """What is known of a sheet. as_of: the day on which ages in it were told. order: of day and
    month in dates of numbers; None where nobody knows, and then each must tell by itself."""

    as_of: date
    order: DayMonthOrder | None = None


def person_sheet(terms: SheetTerms) -> SheetSubject:
    """The subject of a sheet of people."""
    readers: dict[str, Callable[[str], object]] = {
        **{name: partial(_name, "other_name" if name == "called" else name) for name in NAMES},
        "born": partial(_born, terms),
        "age": partial(_age, terms),
        "age_disputed": reads_yes,
        "languages": partial(_cleaned, _asked(RegisterForm, "languages"), reads_languages),
        "citizenships": _citizenships,
        **{
            name: partial(
                _cleaned, _asked(form, asked), reads_code(listed, partial(code_label, listed))
            )
            for name, (listed, form, asked) in CODED.items()
        },
        **{
            name: partial(_cleaned, _asked(form, asked), _number if name in NUMBERS else str)
            for name, (form, asked) in TEXTS.items()
        },
    }
    words = sheet_words()
    fields = [
        SheetField(
            name=name,
            label=LABEL_OF[name],
            read=readers[name],
            words=frozenset(map(heading_words, words["fields"][name])),
            purpose=name in WITH_PURPOSE,
            unique=name in UNIQUE,
        )
        for name in words["fields"]
    ]
    return SheetSubject(fields, _faults, withheld_because, _presets(words["presets"]))


def _faults(values: Values) -> Iterable[Fault]:
    """What is wrong with a row whose cells could all be read."""
    if "paper_number" in values and "paper_kind" not in values:
        yield "paper_number", Message("apps.registry:sheet-paper-kind")
    try:
        check_told(_person_of(values))
    except InputError as error:
        for problem in error.problems:
            yield problem.place.field or "", problem.message


def _person_of(told: Mapping[str, Any]) -> NewPerson:
    """Somebody of a row, as ``register_person`` takes them."""
    whole = told.get("name") or " ".join(told[part] for part in PARTS if part in told)
    names = (
        NewName(whole),
        NewName(told.get("other_name", ""), "in_document"),
        NewName(told.get("called", ""), "called"),
    )
    return NewPerson(
        names=tuple(each for each in names if each.text),
        sex=told.get("sex", "unknown"),
        born=told.get("born", told.get("age")),
        # Nobody here knows how it was found out, unless the sheet says so.
        basis=told.get("birth_basis", "unknown"),
        age_disputed=told.get("age_disputed", False),
        languages=told.get("languages", ()),
        citizenships=told.get("citizenships", ()),
        gender=told.get("gender", ""),
        marital_status=told.get("marital_status", ""),
        education=told.get("education", ""),
    )


def _presets(tables: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {"plain": {}}
    for preset, fields in tables.items():
        found[preset] = {heading_words(word): name for name in fields for word in fields[name]}
    return found


def _asked(form: type[forms.Form], name: str) -> forms.Field:
    """The field of a form, with its choices drawn up once for the whole sheet."""
    field = deepcopy(form.base_fields[name])
    if isinstance(field, forms.ChoiceField):
        field.choices = list(field.choices)  # type: ignore[arg-type]
    return field


def _cleaned(field: forms.Field, read: Callable[[str], object], text: str) -> object:
    """A value as the field of a form takes it."""
    value = read(without_marks(text).strip())
    try:
        return field.clean(value)
    except ValidationError as error:
        raise InputError.at(_refusal(error, field)) from None


def _refusal(error: ValidationError, field: forms.Field) -> Message:
    """What a form says of a value, without the value."""
    if any(each.code == "max_length" for each in error.error_list):
        return Message("apps.registry:sheet-long", {"most": getattr(field, "max_length", 0) or 0})
    return Message("apps.registry:sheet-answer")


def _name(name: str, text: str) -> object:
    asked = "other_name" if name == "other_name" else "name"
    # A mark of direction at the ends of a cell comes from the program that wrote it.
    told = " ".join(text.strip("\u200e\u200f\ufeff\u061c ").split())
    check_visible(told, field=name)
    return _clean_text(RegisterForm.base_fields[asked], told)


def _clean_text(field: forms.Field, text: str) -> object:
    try:
        return field.clean(text)
    except ValidationError as error:
        raise InputError.at(_refusal(error, field)) from None


def _number(text: str) -> str:
    """A number of a paper or a telephone. Raises InputError where a spreadsheet took it for a
    quantity and cut digits off."""
    mantissa, mark, power = text.upper().partition("E+")
    if mark and power.isdecimal() and mantissa.replace(".", "").replace(",", "").isdecimal():
        raise InputError.at(Message("apps.registry:sheet-digits-lost"))
    return text


def _born(terms: SheetTerms, text: str) -> PartialDate | None:
    try:
        return read_birth(text, terms.as_of, terms.order)
    except InputError as error:
        raise InputError.at(_of_date(error)) from None


def _age(terms: SheetTerms, text: str) -> PartialDate | None:
    try:
        told = read_age(without_marks(text).strip())
        if told is None:
            raise InputError.at(Message("apps.registry:sheet-age"))
        return told.born(terms.as_of)
    except InputError:
        raise InputError.at(Message("apps.registry:sheet-age")) from None


def _of_date(error: InputError) -> Message:
    message = error.problems[0].message
    if not message.params:
        return message
    key = PLAIN_OF.get(message.code, "sheet-date-impossible")
    return Message(f"apps.registry:{key}")


def _citizenships(text: str) -> list[str]:
    parts = [part for part in without_marks(text).replace("،", ";").split(";") if part.strip()]
    try:
        return list(dict.fromkeys(country_named(part).alpha_2 for part in parts))
    except InputError:
        raise InputError.at(Message("apps.registry:sheet-country")) from None

"""The fields that records are compared by, and which columns of a table they stand in.

Nationality, religion, ethnicity and their like are refused where somebody maps them, and their
columns are not read: they say nothing about who somebody is (charter, rule 4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from marfa.domain.message import InputError, Message
from marfa.methods.names import normalise
from marfa.methods.names.context import REFUSED


class Field(StrEnum):
    """What is compared."""

    GIVEN = "given"
    FATHER = "father"
    FAMILY = "family"
    NAME = "name"
    SEX = "sex"
    BIRTH = "birth"
    AGE = "age"
    HOUSEHOLD = "household"
    DOCUMENT = "document"
    ADDRESS = "address"


FIELDS = tuple(each.value for each in Field)

SEVERAL = frozenset({Field.FATHER, Field.BIRTH, Field.DOCUMENT, Field.ADDRESS, Field.NAME})
"""Fields for which more than one column may be given."""

_HEADERS: dict[Field, tuple[str, ...]] = {
    Field.GIVEN: (
        *("given", "given name", "given names", "first name", "firstname", "forename", "own name"),
        *("prenom", "nombre", "имя", "الاسم الاول", "اسم الشخص", "الاسم الشخصي"),
    ),
    Field.FATHER: (
        *("father", "father name", "fathers name", "name of father", "middle name", "second name"),
        *("nom du pere", "отчество", "اسم الاب", "اسم الوالد", "الاسم الثاني"),
    ),
    Field.FAMILY: (
        *("family", "family name", "surname", "last name", "lastname"),
        *("nom de famille", "apellido", "фамилия", "اللقب", "اسم العائلة", "العائلة", "الكنية"),
    ),
    Field.NAME: (
        *("name", "full name", "fullname", "person name", "complete name", "names"),
        *("nom complet", "nom", "الاسم", "الاسم الكامل", "الاسم الثلاثي", "الاسم الرباعي"),
    ),
    Field.SEX: ("sex", "gender", "sexe", "sexo", "genre", "пол", "الجنس", "النوع"),
    Field.BIRTH: (
        *("birth", "birth date", "birthdate", "date of birth", "dob", "born", "birthday"),
        *("year of birth", "birth year", "yob", "date de naissance", "fecha de nacimiento"),
        *("дата рождения", "تاريخ الميلاد", "تاريخ الولاده", "سنه الميلاد", "سنه الولاده"),
    ),
    Field.AGE: ("age", "age years", "estimated age", "edad", "возраст", "العمر", "السن"),
    Field.HOUSEHOLD: (
        *("household", "household id", "household code", "household number", "family id"),
        *("case family", "hh id", "menage", "رقم الاسره", "الاسره", "رمز الاسره", "رقم العائلة"),
    ),
    Field.DOCUMENT: (
        *("document", "document number", "document id", "passport", "passport number", "id card"),
        *("national id", "national number", "id number", "identity number", "soc sec id", "ssn"),
        *("card number", "رقم الوثيقه", "رقم الجواز", "الرقم الوطني", "رقم الهويه", "الوثيقه"),
    ),
    Field.ADDRESS: (
        *("address", "address 1", "address 2", "street", "street number", "suburb", "postcode"),
        *("state", "city", "town", "place", "village", "adresse", "direccion", "адрес"),
        *("العنوان", "المدينه", "القريه", "مكان السكن", "الحي", "الشارع"),
    ),
}


def plain_header(name: str) -> str:
    """A header as it is compared: ``Date_of-Birth`` and ``dateOfBirth`` are one."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.strip())
    return normalise(parted.replace("_", " "))


_KNOWN_HEADERS = {of: frozenset(map(plain_header, names)) for of, names in _HEADERS.items()}
_REFUSED_HEADERS = frozenset(
    map(
        plain_header,
        (
            *REFUSED,
            *("country of origin", "origin", "tribal affiliation", "nationalite", "nacionalidad"),
            *("الجنسية", "الدين", "الديانة", "الطائفة", "المذهب", "العرق", "القومية", "الإثنية"),
            *("القبيلة", "العشيرة", "اللغة", "اللغة الأم", "بلد الأصل", "гражданство"),
        ),
    )
)


@dataclass(frozen=True)
class ColumnMapping:
    """Which columns each field stands in, and which columns were refused.

    columns: by field; a field in no column is absent. guessed: fields that nobody named.
    refused: columns that are never read, by name.
    """

    columns: Mapping[Field, tuple[str, ...]]
    guessed: frozenset[Field] = field(default_factory=frozenset)
    refused: tuple[str, ...] = ()


def is_refused(name: str) -> bool:
    """Whether a field or column of this name is never compared."""
    return plain_header(name) in _REFUSED_HEADERS


def is_known(name: str) -> bool:
    """Whether a column of this name is known, to be read or to be refused."""
    plain = plain_header(name)
    return plain in _REFUSED_HEADERS or any(plain in names for names in _KNOWN_HEADERS.values())


def read_mapping(pairs: Sequence[str]) -> dict[Field, tuple[str, ...]]:
    """Columns by field, from ``FIELD=COLUMN`` each; ``FIELD=`` says that no column is meant.

    Raises InputError for a field that is not known or is refused, and for a column that is refused.
    """
    found: dict[Field, tuple[str, ...]] = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        name, column = name.strip().casefold(), column.strip()
        for each in (name, column):
            if each and is_refused(each):
                raise _wrong("map-refused", name=each[:80])
        if not equals or name not in FIELDS:
            raise _wrong("map-unknown", pair=pair[:80], fields=", ".join(FIELDS))
        of = Field(name)
        if column and any(column in columns for columns in found.values()):
            raise _wrong("map-column-twice", column=column[:80])
        found[of] = (*found.get(of, ()), column) if column else ()
    return found


def guess_mapping(
    header: Sequence[str], given: Mapping[Field, tuple[str, ...]], *, key: str
) -> ColumnMapping:
    """Columns of one table by field: those given that it has, and the rest by their headers.

    A whole name is guessed only where no part of it has a column of its own. key: the column of
    the ids, which is nothing else. Raises InputError where a field that has one column would have
    two.
    """
    columns: dict[Field, tuple[str, ...]] = {}
    for of, names in given.items():
        held = tuple(name for name in names if name in header)
        if len(held) > 1 and of not in SEVERAL:
            raise _wrong("map-twice", name=of.value)
        if held:
            columns[of] = held
    named = {of for of, names in given.items() if of in columns or not names}
    taken = {key, *(name for names in columns.values() for name in names)}
    guessed: set[Field] = set()
    for of, headers in _KNOWN_HEADERS.items():
        if of in named or (of is Field.NAME and columns.keys() & {Field.GIVEN, Field.FAMILY}):
            continue
        free = [name for name in header if name not in taken and plain_header(name) in headers]
        if free:
            columns[of] = tuple(free) if of in SEVERAL else (free[0],)
            taken.update(columns[of])
            guessed.add(of)
    refused = tuple(name for name in header if is_refused(name))
    return ColumnMapping(columns, frozenset(guessed), refused)


def _wrong(key: str, **params: object) -> InputError:
    return InputError.at(Message(f"methods.linkage:{key}", params), field="--map")

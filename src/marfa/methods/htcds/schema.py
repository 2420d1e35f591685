"""Our profile of the standard as a JSON Schema (draft 2020-12), for programs of others.

A schema cannot say everything: rules between fields, dates that lie in the future or do not exist,
languages that ISO 639 lacks, the same country in two forms, and a key or a reference twice are
left to ``rules``.
"""

from __future__ import annotations

from typing import Any

from marfa.domain import handling
from marfa.domain.codelists import codelist
from marfa.methods.htcds.json_io import HEAD
from marfa.methods.htcds.layout import MOST_PARTS, SECTIONS, Section, section_branches
from marfa.methods.htcds.plain_data import country_codes
from marfa.methods.htcds.specs import LONGEST_LONG_TEXT, LONGEST_TEXT, Spec, ValueType
from marfa.methods.htcds.values import PHONE, REFERENCE

Schema = dict[str, Any]

_END = r"(?![\s\S])"
"""The end of a text in every dialect of regular expressions; ``$`` lets a line end pass in some."""

_ON_ONE_LINE = "\\u0000-\\u001f"
_ON_MANY = "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f"
_NEVER = "\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069"
_PART = r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?~?"
_YEAR = r"[0-9]{4}~?"
_SECTION_OF = {section.path: section for section in SECTIONS}


def json_schema(*, identity: bool = False) -> Schema:
    """The schema of a document of cases. identity: with the fields that identify."""
    versions = {name: {"const": value} for name, value in HEAD.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:marfa:htcds:2.0:1:{'whole' if identity else 'coded'}",
        "title": "Human Trafficking Case Data Standard 2.0, profile marfa/1",
        "description": (
            "Fields and codes: International Organization for Migration, "
            "github.com/UNMigration/HTCDS, commit 3c2f653, CC BY 4.0; no endorsement implied."
        ),
        "type": "object",
        "properties": {
            **versions,
            handling.NAME: {"type": "string"},
            "cases": {"type": "array", "items": {"$ref": "#/$defs/case"}},
        },
        "required": ["standard", "version", "cases"],
        "additionalProperties": False,
        "$defs": {"case": _object((), identity), "country": {"enum": sorted(country_codes())}},
    }


def _object(path: tuple[str, ...], identity: bool) -> Schema:
    section = _SECTION_OF.get(path)
    fields = [spec for _, spec in section.specs] if section else []
    properties = {
        spec.name: _field(spec, identity) for spec in fields if identity or not spec.identifying
    }
    for key, below in section_branches(path).items():
        part = _part((*path, key), below, identity)
        if part is not None:
            properties[key] = part
    return {
        "type": "object",
        "properties": properties,
        "minProperties": 1,
        "additionalProperties": False,
    }


def _part(path: tuple[str, ...], section: Section | None, identity: bool) -> Schema | None:
    """None for a part of which nothing is left without what identifies."""
    found = _object(path, identity)
    if not found["properties"]:
        return None
    if section is None or not section.many:
        return found
    return {"type": "array", "items": found, "minItems": 1, "maxItems": MOST_PARTS}


def _field(spec: Spec, identity: bool) -> Schema:
    value = _value(spec, identity)
    if spec.several:
        value = {"type": "array", "items": value, "minItems": 1, "uniqueItems": True}
    return value | {"deprecated": True} if spec.deprecated else value


def _value(spec: Spec, identity: bool) -> Schema:
    if spec.codes is not None:
        return {"enum": list(codelist(spec.codes).codes)}
    if spec.kind is ValueType.COUNTRY:
        return {"$ref": "#/$defs/country"}
    if spec.kind is ValueType.LANGUAGE:
        return {"type": "string", "pattern": f"^[a-z]{{2,3}}{_END}"}
    if spec.kind is ValueType.CHECKBOX:
        return {"type": "boolean"}
    if spec.kind in (ValueType.NUMBER, ValueType.DEGREES):
        kind = "integer" if spec.kind is ValueType.NUMBER else "number"
        return {"type": kind, "minimum": spec.low, "maximum": spec.high}
    if spec.kind is ValueType.REFERENCE:
        return {"type": "string", "pattern": f"^{REFERENCE}{_END}"}
    if spec.kind is ValueType.DATE:
        part = _YEAR if spec.name == "prs_Birthdate" and not identity else _PART
        return {"type": "string", "pattern": f"^{part}(/{part})?{_END}"}
    return _text(spec)


def _text(spec: Spec) -> Schema:
    long = spec.kind is ValueType.LONG_TEXT
    return {
        "type": "string",
        "maxLength": LONGEST_LONG_TEXT if long else LONGEST_TEXT,
        "pattern": f"^{PHONE}{_END}" if spec.kind is ValueType.PHONE else r"\S",
        "not": {"pattern": f"[{_ON_MANY if long else _ON_ONE_LINE}{_NEVER}]"},
    }

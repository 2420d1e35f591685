"""A case as plain data (dicts, lists, texts, numbers) and back, without loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from marfa.domain.countries import all_countries
from marfa.domain.dates import Calendar, CalendarDate, PartialDate, from_storage, to_storage
from marfa.domain.message import InputError
from marfa.methods.htcds.layout import SECTIONS, Section
from marfa.methods.htcds.record import Case
from marfa.methods.htcds.specs import Spec, ValueType

Plain = dict[str, Any]


def to_plain(case: Case) -> Plain:
    """The case as JSON has it: fields by the standard's names; what is not known is left out."""
    found: Plain = {}
    for section in SECTIONS:
        value = section.of(case)
        if section.many:
            written: Any = [_written(section, part) for part in value]
        else:
            written = _written(section, value)
        if written:
            put_at_path(found, section.path, written)
    return found


def from_plain(plain: Mapping[str, Any]) -> Case:
    """The case that valid plain data tell of. Data in which ``rules`` finds nothing are valid."""
    parts: dict[str, Any] = {}
    marfa: dict[str, Any] = {}
    for section in SECTIONS:
        given = held(plain, section.path)
        if given is None:
            continue
        read: Any
        if section.many:
            read = tuple(section.type(**_read(section, part)) for part in given)
        else:
            read = _read(section, given)
        if section.attributes[:1] == ("marfa",):
            marfa |= read if len(section.attributes) == 1 else {section.attributes[1]: read}
        elif not section.path:
            parts |= read
        else:
            parts[section.attributes[0]] = read if section.many else section.type(**read)
    case = Case(**parts)
    return replace(case, marfa=replace(case.marfa, **marfa)) if marfa else case


def held(plain: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """What stands at a path; None where nothing does."""
    found: Any = plain
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


@lru_cache(maxsize=4096)
def read_date(text: str) -> PartialDate | None:
    """A Gregorian date in the stored form; None where it is none."""
    if "[" in text:
        return None
    try:
        return from_storage(text)
    except InputError:
        return None


def exchange_date(value: PartialDate) -> PartialDate:
    """A date as it can be sent: a Hijri one becomes the Gregorian days between which it lies.

    That it was given in the Hijri calendar is lost.
    """
    if value.calendar is Calendar.GREGORIAN:
        return value
    first, last = (CalendarDate(d.year, d.month, d.day) for d in (value.earliest, value.latest))
    return PartialDate(first) if first == last else PartialDate(first, last)


@cache
def country_codes() -> dict[str, str]:
    """Codes of ISO 3166-1, of two and three letters -> of two letters."""
    both = {each.alpha_3: each.alpha_2 for each in all_countries()}
    return both | {each.alpha_2: each.alpha_2 for each in all_countries()}


@cache
def language_codes() -> dict[str, str]:
    """Codes of ISO 639-1, 639-2 (both kinds) and 639-3 -> the code of ISO 639-3."""
    import pycountry

    found: dict[str, str] = {}
    for each in pycountry.languages:
        others = (getattr(each, name, None) for name in ("alpha_2", "bibliographic"))
        found |= {code: each.alpha_3 for code in (*others, each.alpha_3) if code}
    return found


def put_at_path(plain: Plain, path: tuple[str, ...], value: Any) -> None:
    """Put what a section has at its path, beside what stands there."""
    if not path:
        plain.update(value)
        return
    for key in path[:-1]:
        plain = plain.setdefault(key, {})
    if isinstance(value, dict):
        plain.setdefault(path[-1], {}).update(value)
    else:
        plain[path[-1]] = value


def _written(section: Section, part: Any) -> Plain:
    found: Plain = {}
    for attribute, spec in section.specs:
        value = getattr(part, attribute)
        if value is None or value == ():
            continue
        found[spec.name] = _out(spec, value)
    return found


def _out(spec: Spec, value: Any) -> Any:
    if isinstance(value, PartialDate):
        return to_storage(value)
    if isinstance(value, tuple):
        return [_canonical(spec, each) for each in value]
    return _canonical(spec, value)


def _read(section: Section, plain: Mapping[str, Any]) -> dict[str, Any]:
    return {
        attribute: _in(spec, plain[spec.name])
        for attribute, spec in section.specs
        if spec.name in plain
    }


def _in(spec: Spec, value: Any) -> Any:
    if spec.several:
        return tuple(_canonical(spec, each) for each in value)
    if spec.kind is ValueType.DATE:
        return read_date(value)
    if spec.kind is ValueType.DEGREES:
        return float(value)
    return _canonical(spec, value)


def _canonical(spec: Spec, value: Any) -> Any:
    """One form for each country and language; what is not known is left for the rules to find."""
    if spec.kind is ValueType.COUNTRY and isinstance(value, str):
        return country_codes().get(value, value)
    if spec.kind is ValueType.LANGUAGE and isinstance(value, str):
        return language_codes().get(value, value)
    return value

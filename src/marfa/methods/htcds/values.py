"""Rules about one value: its kind, its form, its list. Each is a small function with a name.

A check gives None where the value keeps the rule or the rule does not concern it, else what was
expected. Checks of one field are tried in order; the first that is broken is told.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from marfa.domain.codelists import codelist
from marfa.methods.htcds.plain_data import country_codes, language_codes, read_date
from marfa.methods.htcds.redaction import known_codes
from marfa.methods.htcds.specs import LONGEST_LONG_TEXT, LONGEST_TEXT, Spec, ValueType

PHONE = r"\+?[1-9][0-9]{1,14}"
"""E.164, as the notes of the standard give it."""

REFERENCE = r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}"

OLDEST_YEARS = 120
"""No date lies further back: nobody whose case is open was born earlier."""

_TEXTS = frozenset({ValueType.TEXT, ValueType.LONG_TEXT, ValueType.LOOKUP, ValueType.PHONE})
_LISTED = frozenset({ValueType.CODE, ValueType.COUNTRY, ValueType.LANGUAGE})
# Orders of embedding, override and isolation: text that is shown otherwise than it is stored.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SEPARATORS = re.compile(r"[,;|/\s]+")

Params = dict[str, object]


@dataclass(frozen=True)
class Terms:
    """On what terms a file is judged.

    today: the day at which it is judged; the library has no clock.
    identity: fields that identify are let through.
    """

    today: date
    identity: bool = False


Check = Callable[[Spec, object, Terms], Params | None]


def _null(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if value is None else None


def _identifying(spec: Spec, _value: object, terms: Terms) -> Params | None:
    return {} if spec.identifying and not terms.identity else None


def _single(spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if not spec.several and isinstance(value, list | tuple | dict) else None


def _list(spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if spec.several and not (isinstance(value, list) and value) else None


def _twice(spec: Spec, value: object, _terms: Terms) -> Params | None:
    if not isinstance(value, list):
        return None
    texts = [_same(spec, each) for each in value if isinstance(each, str)]
    return {} if len(set(texts)) < len(texts) else None


def _same(spec: Spec, value: str) -> str:
    return country_codes().get(value, value) if spec.kind is ValueType.COUNTRY else value


def _text(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if not isinstance(value, str) else None


def _blank(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if not str(value).strip() else None


def _long(spec: Spec, value: object, _terms: Terms) -> Params | None:
    most = LONGEST_LONG_TEXT if spec.kind is ValueType.LONG_TEXT else LONGEST_TEXT
    return {"most": most} if len(str(value)) > most else None


def _signs(spec: Spec, value: object, _terms: Terms) -> Params | None:
    allowed = "\t\n\r" if spec.kind is ValueType.LONG_TEXT else ""
    return {} if any(_is_control(sign) and sign not in allowed for sign in str(value)) else None


def _turned(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if _TURNS.search(str(value)) else None


def _phone(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if not re.fullmatch(PHONE, str(value)) else None


def _reference(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if not re.fullmatch(REFERENCE, str(value)) else None


def _separator(spec: Spec, value: object, _terms: Terms) -> Params | None:
    if not spec.several or not _SEPARATORS.search(str(value)):
        return None
    parts = [part for part in _SEPARATORS.split(str(value)) if part]
    known = [part in country_codes() or part.lower() in known_codes() for part in parts]
    return {} if len(parts) > 1 and all(known) else None


def _code(spec: Spec, value: object, _terms: Terms) -> Params | None:
    if spec.codes is None or value in _codes(spec.codes):
        return None
    return {"codes": ", ".join(codelist(spec.codes).codes)}


def _country(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if value not in country_codes() else None


def _language(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if value not in language_codes() else None


def _whole(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if not isinstance(value, int) or isinstance(value, bool) else None


def _degrees(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return None if good else {}


def _range(spec: Spec, value: object, _terms: Terms) -> Params | None:
    if spec.low is None or spec.high is None or not isinstance(value, int | float):
        return None
    bounds: Params = {"low": str(spec.low), "high": str(spec.high)}
    return None if spec.low <= value <= spec.high else bounds


def _checkbox(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if not isinstance(value, bool) else None


def _date(_spec: Spec, value: object, _terms: Terms) -> Params | None:
    return {} if read_date(str(value)) is None else None


def _future(spec: Spec, value: object, terms: Terms) -> Params | None:
    day = read_date(str(value)) if not spec.planned else None
    # Where it was written, the day may already have begun.
    late = day is not None and day.earliest > terms.today + timedelta(days=1)
    return {"today": terms.today} if late else None


def _old(_spec: Spec, value: object, terms: Terms) -> Params | None:
    day = read_date(str(value))
    if day is None or day.latest.year >= terms.today.year - OLDEST_YEARS:
        return None
    return {"years": OLDEST_YEARS}


def _birth_year(spec: Spec, value: object, terms: Terms) -> Params | None:
    if spec.name != "prs_Birthdate" or terms.identity:
        return None
    day = read_date(str(value))
    ends = [] if day is None else [day.start, *([day.end] if day.end else [])]
    return {} if any(end.month is not None for end in ends) else None


@cache
def _codes(name: str) -> frozenset[str]:
    return frozenset(codelist(name).codes)


@cache
def _checks_of(kind: ValueType) -> tuple[tuple[str, Check], ...]:
    return tuple((name, check) for name, (check, kinds) in VALUE_CHECKS.items() if kind in kinds)


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in "\u2028\u2029"


FIELD_CHECKS: dict[str, Check] = {
    "identifying": _identifying,
    "null": _null,
    "single": _single,
    "list": _list,
    "twice": _twice,
}
"""Rules about a field as a whole, by name, in the order in which they are tried."""

VALUE_CHECKS: dict[str, tuple[Check, frozenset[ValueType]]] = {
    "text": (_text, _TEXTS | _LISTED | {ValueType.DATE, ValueType.REFERENCE}),
    "blank": (_blank, _TEXTS),
    "long": (_long, _TEXTS),
    "signs": (_signs, _TEXTS),
    "turned": (_turned, _TEXTS),
    "phone": (_phone, frozenset({ValueType.PHONE})),
    "reference": (_reference, frozenset({ValueType.REFERENCE})),
    "separator": (_separator, _LISTED),
    "code": (_code, frozenset({ValueType.CODE})),
    "country": (_country, frozenset({ValueType.COUNTRY})),
    "language": (_language, frozenset({ValueType.LANGUAGE})),
    "whole": (_whole, frozenset({ValueType.NUMBER})),
    "degrees": (_degrees, frozenset({ValueType.DEGREES})),
    "range": (_range, frozenset({ValueType.NUMBER, ValueType.DEGREES})),
    "checkbox": (_checkbox, frozenset({ValueType.CHECKBOX})),
    "date": (_date, frozenset({ValueType.DATE})),
    "future": (_future, frozenset({ValueType.DATE})),
    "old": (_old, frozenset({ValueType.DATE})),
    "birth-year": (_birth_year, frozenset({ValueType.DATE})),
}
"""Rules about one value with the kinds that they concern, in the order in which they are tried."""

Broken = tuple[int | None, str, object, Params]
"""Place in the list (None: the field itself), rule, what was found, what to say of the expected."""


def broken_rules(spec: Spec, value: object, terms: Terms) -> Iterator[Broken]:
    """The first broken rule of a field, or of each value of its list."""
    for name, check in FIELD_CHECKS.items():
        params = check(spec, value, terms)
        if params is not None:
            yield None, name, value, params
            return
    values = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
    for place, each in values:
        for name, check in _checks_of(spec.kind):
            params = check(spec, each, terms)
            if params is not None:
                yield place, name, each, params
                break

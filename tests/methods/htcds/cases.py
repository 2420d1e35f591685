"""Cases for tests: one that has every field, and generated ones."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from marfa.domain.codelists import codelist
from marfa.domain.dates import CalendarDate, PartialDate
from marfa.methods.htcds import Case, Marfa, Service, coded, exploitation, trafficking_status
from marfa.methods.htcds.layout import SECTIONS, Section
from marfa.methods.htcds.record import Victim
from marfa.methods.htcds.specs import SPEC, Spec, ValueType

TODAY = date(2026, 11, 26)

# What breaks programs that read tables: formulas, quotes, line ends, apostrophes, both directions.
NASTY = (
    "=1+1",
    "'=1+1",
    "''=1+1",
    "'quoted'",
    "+963 11",
    "-1",
    "@SUM(A1)",
    " =1",
    "\uff1d1",
    'she said "no"',
    "a,b;c|d",
    "مرحبًا، نعم",
    "\u200fعربي",
    "é\u0301",
    "𐎀",
    "NULL",
    "true",
    "case",
    "1e5",
    "#REF!",
)
NASTY_LONG = ("\ttab", "\r\nline", "\n", "two\r\nlines", "a\rb", "'\n=1", 'x\n,\n"y')


def texts(*, long: bool) -> st.SearchStrategy[str]:
    """Texts that the rules let through."""
    letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=TURNS)
    if long:
        letters = letters | st.sampled_from("\n\r\t")
    free = st.text(letters, min_size=1, max_size=40).filter(lambda text: bool(text.strip()))
    known = [*NASTY, *(each for each in NASTY_LONG if each.strip())] if long else list(NASTY)
    return free | st.sampled_from(known)


TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"


def dates(*, last: int = 2025) -> st.SearchStrategy[PartialDate]:
    """Days known as well as they may be, from 1990 on."""
    parts = st.builds(
        lambda year, month, day: CalendarDate(year, month, day if month else None),
        st.integers(1990, last),
        st.none() | st.integers(1, 12),
        st.none() | st.integers(1, 28),
    )
    one = st.builds(lambda part, about: PartialDate(part, None, about), parts, st.booleans())
    two = st.builds(
        lambda a, b: PartialDate(*sorted((a, b), key=lambda p: (p.first, p.last))),
        parts,
        parts,
    )
    return one | two


def value(spec: Spec) -> st.SearchStrategy[Any]:
    """A value that the field may have by itself."""
    if spec.kind in (ValueType.TEXT, ValueType.LOOKUP):
        return texts(long=False)
    if spec.kind is ValueType.LONG_TEXT:
        return texts(long=True)
    if spec.kind is ValueType.PHONE:
        return st.from_regex(r"\+?[1-9][0-9]{1,14}", fullmatch=True)
    if spec.kind is ValueType.DATE:
        return dates()
    if spec.kind is ValueType.CHECKBOX:
        return st.booleans()
    if spec.kind is ValueType.NUMBER:
        return st.integers(spec.low, spec.high)
    if spec.kind is ValueType.DEGREES:
        return st.floats(spec.low, spec.high, allow_nan=False)
    if spec.kind is ValueType.REFERENCE:
        return st.from_regex(r"[0-9a-z]{20}", fullmatch=True)
    known = {
        ValueType.COUNTRY: ("SY", "IQ", "LB", "XK"),
        ValueType.LANGUAGE: ("ara", "apc", "kur", "eng", "fra"),
    }.get(spec.kind) or codelist(spec.codes or "").codes
    if not spec.several:
        return st.sampled_from(known)
    return st.lists(st.sampled_from(known), unique=True, max_size=4).map(tuple)


def part(section: Section) -> st.SearchStrategy[Any]:
    """A part of a case, in which most is not known."""
    values = {}
    for attribute, spec in section.specs:
        nothing = st.just(() if spec.several else None)
        values[attribute] = st.one_of(nothing, nothing, value(spec))
    return st.builds(section.type, **values)


def _is_filled(part: Any) -> bool:
    return bool(part != type(part)())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A case that keeps every rule."""
    by_path = {section.path: section for section in SECTIONS}
    parts: dict[str, Any] = {}
    for section in SECTIONS:
        if len(section.path) == 1:
            drawn = part(section)
            if section.many:
                drawn = st.lists(drawn.filter(_is_filled), max_size=3).map(tuple)
            parts[section.attributes[0]] = draw(drawn)
    marfa = draw(part(by_path["extensions", "marfa"]))
    services = part(by_path["extensions", "marfa", "services"]).filter(_is_filled)
    marfa = replace(marfa, services=tuple(draw(st.lists(services, max_size=2))))
    case = replace(draw(part(by_path[()])), **parts, marfa=marfa)
    return put_right(case)


def put_right(case: Case) -> Case:
    """The case with its contradictions between fields taken out."""
    marfa, victim, person = case.marfa, case.victim, case.person
    if set(marfa.conflict_link) & {"none", "unknown"}:
        marfa = replace(marfa, conflict_link=marfa.conflict_link[:1])
    services = tuple(replace(each, until=None) if each.since else each for each in marfa.services)
    services = tuple(each for each in services if each != Service())
    if marfa.reference is None:
        marfa = replace(marfa, reference="r0")
    marfa = replace(marfa, services=services)
    types = set(victim.type_of_exploitation)
    if types:
        wanted = exploitation(marfa.exploitation_forms, marfa.conflict_link)
        victim = _with_types(victim, wanted.of("vic_TypeOfExploitation"))
    if victim.forced_labour_industry:
        victim = _with_types(victim, ("ForcedLabour",))
    if victim.type_of_sex_exploitation:
        victim = _with_types(victim, ("SexualExploitation",))
    if victim.type_of_exploitation:
        wanted = exploitation(marfa.exploitation_forms, marfa.conflict_link)
        victim = _with_types(victim, wanted.of("vic_TypeOfExploitation"))
    if marfa.identification:
        victim = replace(victim, trafficking_status=trafficking_status(marfa.identification))
    if victim.trafficking_status is None:
        victim = replace(victim, trafficking_status_decision_making_org=None)
    if person.birthdate is not None:
        person = replace(person, birthdate=PartialDate.gregorian(1985, 5))
        victim = replace(victim, age_when_trafficked=min(victim.age_when_trafficked or 0, 17))
    if "ChildLabour" in victim.type_of_exploitation:
        victim = replace(victim, age_when_trafficked=None)
    if person.secondary_language == person.primary_language:
        person = replace(person, secondary_language=None)
    person = replace(person, mailing_latitude=_beside(person.mailing_longitude, 90))
    events = tuple(
        replace(each, latitude=_beside(each.longitude, 90), type=each.type or "Transit")
        for each in case.events
    )
    organisations = tuple(
        replace(
            each,
            name=None,
            type=each.type or "NGO",
            shipping_latitude=_beside(each.shipping_longitude, 90),
        )
        for each in case.organisations
    )
    if case.reason_for_case_closure:
        case = replace(case, status="Closed")
    return replace(
        case,
        marfa=marfa,
        victim=victim,
        person=person,
        events=events,
        organisations=organisations,
    )


def _with_types(victim: Victim, types: tuple[str, ...]) -> Victim:
    known = victim.type_of_exploitation
    return replace(
        victim,
        type_of_exploitation=(*known, *(each for each in types if each not in known)),
    )


def _beside(longitude: float | None, most: float) -> float | None:
    return None if longitude is None else max(-most, min(most, longitude / 2))


def whole_case() -> Case:
    """A case in which every field has a value."""

    def filled(section: Section) -> Any:
        return section.type(**{attribute: _sample(spec) for attribute, spec in section.specs})

    parts: dict[str, Any] = {}
    for section in SECTIONS:
        if len(section.path) == 1:
            one = filled(section)
            parts[section.attributes[0]] = (one, one) if section.many else one
    marfa = replace(filled(SECTIONS[-2]), services=(filled(SECTIONS[-1]),))
    case: Case = replace(filled(SECTIONS[0]), **parts, marfa=marfa)
    case = replace(case, organisations=case.organisations[:1], status="Closed")
    name = case.organisations[0].name
    assert isinstance(case.marfa, Marfa)
    return replace(
        case,
        person=replace(
            case.person, secondary_language="kur", birthdate=PartialDate.gregorian(1990)
        ),
        victim=replace(
            case.victim,
            age_when_trafficked=15,
            type_of_exploitation=("ForcedLabour", "SexualExploitation"),
            location_of_recruitment=name,
            location_of_exploitation=name,
        ),
    )


def _sample(spec: Spec) -> Any:
    values: dict[ValueType, Any] = {
        ValueType.TEXT: "a text",
        ValueType.LOOKUP: "a text",
        ValueType.LONG_TEXT: "two\nlines",
        ValueType.PHONE: "+41227179111",
        ValueType.DATE: PartialDate.gregorian(2024, 5, 3),
        ValueType.CHECKBOX: True,
        ValueType.NUMBER: 7,
        ValueType.DEGREES: 36.25,
        ValueType.REFERENCE: "7k2mzq0v9xwr4t8c1dfh",
        ValueType.COUNTRY: "SY",
        ValueType.LANGUAGE: "apc",
    }
    one = values[spec.kind] if spec.codes is None else codelist(spec.codes).codes[0]
    return (one,) if spec.several else one


def every_spec() -> list[Spec]:
    """All fields, from the dataclasses themselves."""
    return [
        each.metadata[SPEC]
        for section in SECTIONS
        for each in fields(section.type)
        if SPEC in each.metadata
    ]


__all__ = ["TODAY", "cases", "coded", "every_spec", "put_right", "texts", "whole_case"]

"""Rules between fields of one case. Each is a small function that yields where it is broken.

They speak of contradictions alone: what is not known breaks nothing, and a date that is known
only in part counts as wrong where no day in it could be right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from marfa.domain.dates import AGE_OF_MAJORITY, PartialDate, age_on
from marfa.domain.message import Message
from marfa.methods.htcds.layout import SECTIONS, Path
from marfa.methods.htcds.mapping import TYPE_OF_EXPLOITATION, exploitation, trafficking_status
from marfa.methods.htcds.record import Case
from marfa.methods.htcds.redaction import a_date, a_value, found
from marfa.methods.htcds.specs import ValueType
from marfa.methods.htcds.values import Terms

LABOUR = frozenset({"ForcedLabour", "ChildLabour", "Servitude", "ForcedBegging", "Other"})
"""Types of exploitation that can take place in an industry."""

CLOSED = frozenset({"Closed", "ClosedReferred"})
ALONE = frozenset({"none", "unknown"})

Broken = tuple[Path, Message]
Check = Callable[[Case, Terms], Iterator[Broken]]


def _coordinates(case: Case, _terms: Terms) -> Iterator[Broken]:
    who = case.person
    places: list[tuple[Path, float | None, float | None]] = [
        (("person", "prs_Mailing"), who.mailing_longitude, who.mailing_latitude),
        *((("events", i, "hte_"), e.longitude, e.latitude) for i, e in enumerate(case.events)),
        *(
            (("organisations", i, "org_Shipping"), o.shipping_longitude, o.shipping_latitude)
            for i, o in enumerate(case.organisations)
        ),
    ]
    for path, longitude, latitude in places:
        if (longitude is None) != (latitude is None):
            missing = "Longitude" if longitude is None else "Latitude"
            yield (*path[:-1], f"{path[-1]}{missing}"), Message("methods.htcds:found-nothing")


def _decision(case: Case, _terms: Terms) -> Iterator[Broken]:
    who = case.victim.trafficking_status_decision_making_org
    if who is not None and case.victim.trafficking_status is None:
        yield ("victim", "vic_TraffickingStatusDecisionMakingOrg"), found(who)


def _industry(case: Case, _terms: Terms) -> Iterator[Broken]:
    industry = case.victim.forced_labour_industry
    if industry is not None and not LABOUR & set(case.victim.type_of_exploitation):
        yield ("victim", "vic_ForcedLabourIndustry"), found(industry)


def _sexual(case: Case, _terms: Terms) -> Iterator[Broken]:
    kinds = case.victim.type_of_sex_exploitation
    if kinds and "SexualExploitation" not in case.victim.type_of_exploitation:
        yield ("victim", "vic_TypeOfSexExploitation"), found(kinds)


def _child_labour(case: Case, _terms: Terms) -> Iterator[Broken]:
    age = case.victim.age_when_trafficked
    if age is None or age < AGE_OF_MAJORITY:
        return
    if "ChildLabour" in case.victim.type_of_exploitation:
        yield ("victim", "vic_AgeWhenTrafficked"), found(age)


def _age(case: Case, terms: Terms) -> Iterator[Broken]:
    born, age = case.person.birthdate, case.victim.age_when_trafficked
    if born is None or age is None or born.earliest > terms.today:
        return
    if age > age_on(born, terms.today)[1]:
        yield ("victim", "vic_AgeWhenTrafficked"), found(age)


def _before_birth(case: Case, _terms: Terms) -> Iterator[Broken]:
    born = case.person.birthdate
    if born is None:
        return
    for path, day in _dates(case):
        if path != ("person", "prs_Birthdate") and day.latest < born.earliest:
            yield path, a_date()


def _dates(case: Case) -> Iterator[tuple[Path, PartialDate]]:
    for section in SECTIONS:
        parts = section.of(case)
        for place, part in enumerate(parts) if section.many else [(None, parts)]:
            path: Path = section.path if place is None else (*section.path, place)
            for attribute, spec in section.specs:
                day = getattr(part, attribute) if spec.kind is ValueType.DATE else None
                if day is not None:
                    yield (*path, spec.name), day


def _closure(case: Case, _terms: Terms) -> Iterator[Broken]:
    if case.reason_for_case_closure is not None and case.status not in CLOSED:
        yield ("cas_ReasonForCaseClosure",), a_value()


def _languages(case: Case, _terms: Terms) -> Iterator[Broken]:
    second = case.person.secondary_language
    if second is not None and second == case.person.primary_language:
        yield ("person", "prs_SecondaryLanguage"), a_value()


def _organisations(case: Case, _terms: Terms) -> Iterator[Broken]:
    names = [each.name for each in case.organisations]
    for place, name in enumerate(names):
        if name is not None and name in names[:place]:
            yield ("organisations", place, "org_Name"), a_value()


def _lookups(case: Case, _terms: Terms) -> Iterator[Broken]:
    names = {each.name for each in case.organisations if each.name is not None}
    if not names:
        return
    looked_up: list[tuple[Path, str | None]] = [
        (("victim", "vic_LocationOfRecruitment"), case.victim.location_of_recruitment),
        (("victim", "vic_LocationOfExploitation"), case.victim.location_of_exploitation),
        (
            ("incoming_referral", "cas_ReferringOrganisation"),
            case.incoming_referral.referring_organisation,
        ),
        *(
            (("outgoing_referrals", i, "cas_ReferredOrganisation"), each.referred_organisation)
            for i, each in enumerate(case.outgoing_referrals)
        ),
    ]
    for path, name in looked_up:
        if name is not None and name not in names:
            yield path, a_value()


def _alone(case: Case, _terms: Terms) -> Iterator[Broken]:
    links = case.marfa.conflict_link
    if len(links) > 1 and ALONE & set(links):
        yield (
            ("extensions", "marfa", "marfa_conflict_link"),
            found(next(link for link in links if link in ALONE)),
        )


def _forms(case: Case, _terms: Terms) -> Iterator[Broken]:
    types = set(case.victim.type_of_exploitation)
    for place, form in enumerate(case.marfa.exploitation_forms if types else ()):
        wanted = exploitation([form], case.marfa.conflict_link).of(TYPE_OF_EXPLOITATION)
        if not set(wanted) <= types:
            yield ("extensions", "marfa", "marfa_exploitation_forms", place), found(form)


def _status(case: Case, _terms: Terms) -> Iterator[Broken]:
    state, status = case.marfa.identification, case.victim.trafficking_status
    if state is None or status is None:
        return
    wanted = trafficking_status(state)
    refused = state == "formally_refused" and status == "NotAVictimOfTrafficking"
    if refused or wanted not in (None, status):
        yield ("victim", "vic_TraffickingStatus"), found(status)


def _service(case: Case, _terms: Terms) -> Iterator[Broken]:
    for place, each in enumerate(case.marfa.services):
        if each.since and each.until and each.until.latest < each.since.earliest:
            yield ("extensions", "marfa", "services", place, "marfa_service_until"), a_date()


CASE_CHECKS: dict[str, Check] = {
    "coordinates": _coordinates,
    "decision": _decision,
    "industry": _industry,
    "sexual": _sexual,
    "child-labour": _child_labour,
    "age": _age,
    "before-birth": _before_birth,
    "closure": _closure,
    "languages": _languages,
    "organisations": _organisations,
    "lookups": _lookups,
    "alone": _alone,
    "forms": _forms,
    "status": _status,
    "service": _service,
}
"""Rules between fields, by name. They are asked once every value by itself is right."""

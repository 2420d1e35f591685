"""The import plan of a case: rows that are not stored yet, and what has no place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from marfa.apps.assistance.models import Help
from marfa.apps.cases.models import Case, ExploitationEpisode
from marfa.apps.organisations.models import Site
from marfa.apps.referrals.exchange.htcds_case import SERVICES, htcds_case
from marfa.apps.referrals.exchange.reconciliation import Plain, case_difference
from marfa.apps.referrals.exchange.records import Records
from marfa.apps.referrals.models import ForeignCase
from marfa.apps.registry.actions import NewPerson
from marfa.apps.registry.models import Person
from marfa.domain.dates import PartialDate, to_storage
from marfa.methods import htcds
from marfa.platform import clock
from marfa.safeguards.vault.access import open_vault

SEXES = {"Feminine": "female", "Masculine": "male", "NonSpecifiedUnknown": "unknown"}
CLOSED = ("Closed", "ClosedReferred")
STATES = {code: state for state, code in SERVICES.items()}
OPEN = ("waiting", "no_place_available", "under_way")
LOOKED_FOR = timedelta(days=3)
"""When the search for a place is due that another organisation did not find."""


@dataclass
class Plan:
    """One case of a file, as it would be stored. episodes, help: values of their rows.

    said: what has no place in these, by section and field of HTCDS.
    """

    told: NewPerson
    closed: bool
    theirs: str | None
    episodes: list[Plain] = field(default_factory=list)
    help: list[Plain] = field(default_factory=list)
    said: Plain = field(default_factory=dict)


def plan_of(given: htcds.Case, site: Site) -> Plan:
    """What becomes of a case at a site. What cannot be stored without inventing something (a
    service that runs and nobody says since when) stays with what the other organisation said."""
    plan = Plan(
        told=_person(given.person),
        closed=given.status in CLOSED,
        theirs=given.marfa.reference,
        episodes=_episodes(given),
        help=[row for each in given.marfa.services if (row := _help(each, site))],
    )
    plan.said = case_difference(given, _again(plan, site))
    return plan


def _again(plan: Plan, site: Site) -> htcds.Case:
    """The same case as it would go out from here."""
    told = plan.told
    person = Person(sex=told.sex, site=site)
    person.born = to_storage(told.born) if told.born else None
    person.languages, person.citizenships = list(told.languages), list(told.citizenships)
    person.gender, person.marital_status = told.gender or None, told.marital_status or None
    person.education = told.education or None
    state = Case.State.CLOSED if plan.closed else Case.State.OPEN
    case = Case(person=person, site=site, state=state, source=Case.Source.REFERRAL)
    records = Records(case, foreign=ForeignCase(case=case))
    records.episodes = [_row(ExploitationEpisode, values) for values in plan.episodes]
    records.help = [_row(Help, values) for values in plan.help]
    with open_vault():
        return htcds_case(records, clock.today(site.time_zone))


def _row(model: type[Any], values: Plain) -> Any:
    row = model()
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _person(given: htcds.Person) -> NewPerson:
    sex = SEXES.get(given.gender or "", "unknown")
    spoken = [code for code in (given.primary_language, given.secondary_language) if code]
    return NewPerson(
        sex=sex,
        born=given.birthdate,
        basis="stated_by_other" if given.birthdate else "unknown",
        languages=spoken if given.primary_language else (),
        citizenships=given.citizenship,
        gender=given.gender if given.gender and given.gender not in SEXES else "",
        marital_status=given.marital_status or "",
        education=given.highest_level_of_education or "",
    )


def _episodes(given: htcds.Case) -> list[Plain]:
    """What was done to the person: one stretch, and further ones where the days ask for it."""
    found = _stretches(given.events)
    victim, first = given.victim, found[0]
    values = {
        "forms": _forms(given),
        "recruitment": list(victim.method_of_recruitment),
        "control": list(victim.methods_of_control),
        "industries": [victim.forced_labour_industry] if victim.forced_labour_industry else [],
        "sexual": list(victim.type_of_sex_exploitation),
        "relation": victim.relationship_to_trafficker,
        "age": victim.age_when_trafficked,
        "conflict_links": list(given.marfa.conflict_link),
    }
    first |= {name: value for name, value in values.items() if value not in (None, [])}
    return [row for row in found if row]


def _forms(given: htcds.Case) -> list[str]:
    """The resolution's forms: as they are told, else where one alone can be meant."""
    if given.marfa.exploitation_forms:
        return list(given.marfa.exploitation_forms)
    meant = (htcds.possible_forms(code) for code in given.victim.type_of_exploitation)
    return [forms[0] for forms in meant if len(forms) == 1]


def _stretches(events: Sequence[htcds.Event]) -> list[Plain]:
    """Countries in their order, then up to two days; what is told otherwise has no place."""
    found: list[Plain] = [{}]
    for event in takewhile(_is_ours, events):
        last = found[-1]
        if event.country:
            if "since" in last:
                found.append(last := {})
            last.setdefault("countries", []).append(event.country)
        elif event.date is not None:
            if "until" in last:
                found.append(last := {})
            last["until" if "since" in last else "since"] = to_storage(event.date)
    return found


def _is_ours(event: htcds.Event) -> bool:
    if event.country:
        return event == htcds.Event(country=event.country)
    return event.date is not None and event == htcds.Event(type="Exploitation", date=event.date)


def _help(service: htcds.Service, site: Site) -> Plain | None:
    """The values of a row; None where it says too little, or what has no place here."""
    since, until = _moment(service.since, site), _moment(service.until, site)
    partial = (service.since and not since) or (service.until and not until)
    if service.support is None or partial or (service.state in OPEN and until):
        return None
    values: Plain = {"kind": service.support, "started_at": None, "ended_at": until}
    if service.state in ("waiting", "no_place_available") and since:
        values |= {"asked_at": since, "state": STATES[service.state]}
        if service.state == "no_place_available":
            values["next_try_at"] = clock.now() + LOOKED_FOR
        return values
    if service.state == "under_way" and since:
        return values | {"asked_at": since, "started_at": since, "state": Help.State.RUNNING}
    if service.state in ("completed", "stopped", "declined") and until:
        return values | _ended(service.state) | {"asked_at": since or until, "started_at": since}
    return None


def _ended(state: str) -> Plain:
    if state == "declined":
        return {"state": Help.State.DECLINED}
    met = Help.End.NEEDS_MET if state == "completed" else Help.End.HANDED_OVER
    return {"state": Help.State.ENDED, "end_reason": met}


def _moment(day: PartialDate | None, site: Site) -> datetime | None:
    """Noon of a day that is known as one."""
    if day is None or day.earliest != day.latest or to_storage(day) != str(day.earliest):
        return None
    return datetime.combine(day.earliest, time(12), ZoneInfo(site.time_zone))

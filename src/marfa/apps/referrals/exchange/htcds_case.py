"""A case as HTCDS has it.

Names, contacts, staff, places below a country and every free text stay here, and so do protection,
what somebody said to an investigation, compelled acts, and what a screening found.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from marfa.apps.assistance.models import Help
from marfa.apps.cases.models import Case, ExploitationEpisode
from marfa.apps.referrals.exchange.reconciliation import drop_contradictions, with_said
from marfa.apps.referrals.exchange.records import Records
from marfa.apps.referrals.models import Referral
from marfa.domain.codelists import codelist
from marfa.domain.dates import CalendarDate, PartialDate, from_storage, to_storage
from marfa.methods import htcds

SERVICES = {
    Help.State.WANTED: "waiting",
    Help.State.NO_PLACE: "no_place_available",
    Help.State.RUNNING: "under_way",
    Help.State.DECLINED: "declined",
}
ALONE = ("unknown", "none")
"""Links to a conflict that stand beside no other."""

STATUSES = (("Active", "FollowUp"), ("Closed", "ClosedReferred"))
"""Which of the standard's words mean an open case here, and which a closed one."""


def htcds_case(records: Records, today: date) -> htcds.Case:
    """The case as it goes out, in which every rule of the standard is kept; within
    ``open_vault()``. today: day at which dates are judged.

    Where a value of ours contradicts another (an event before the birth), it is left out. What
    another organisation said, and for which there is no place here, is said again where nothing
    of ours stands there.
    """
    found = htcds.coded(_ours(records))
    if records.foreign is not None and records.foreign.said:
        found = with_said(found, records.foreign.said)
    return drop_contradictions(found, today)


def _ours(records: Records) -> htcds.Case:
    case = records.case
    services = _services(records)
    return htcds.Case(
        status=_status(records),
        consent=records.consent,
        person=_person(case),
        victim=_victim(records),
        incoming_referral=_incoming(records),
        outgoing_referrals=tuple(_outgoing(each, case) for each in _sent(records.referrals)),
        events=tuple(event for each in records.episodes for event in _events(each)),
        support_plans=tuple(_plans(services)),
        marfa=htcds.Marfa(
            reference=case.reference,
            conflict_link=_links(records.episodes),
            exploitation_forms=_together(records.episodes, "forms"),
            identification=_identification(records),
            services=tuple(services),
        ),
    )


def _status(records: Records) -> str:
    """As it stands here; another organisation's finer word for the same state stays."""
    found, said = _status_here(records), records.foreign and records.foreign.said
    theirs = str(said.get("cas_Status")) if said else None
    same = next(each for each in STATUSES if found in each)
    return theirs if theirs in same else found


def _status_here(records: Records) -> str:
    case = records.case
    if case.state == Case.State.OPEN:
        return "Active"
    moved = any(
        each.kind == Referral.Kind.TRANSFER and each.state in ("accepted", "finished")
        for each in records.referrals
    )
    return "ClosedReferred" if moved else "Closed"


def _person(case: Case) -> htcds.Person:
    person = case.person
    spoken = [*(person.languages or ()), None, None]
    gender = person.gender or codelist("sex").map(person.sex, "htcds")
    return htcds.Person(
        birthdate=_day(person.born),
        gender=gender if isinstance(gender, str) or gender is None else _target(gender.targets),
        marital_status=person.marital_status,
        highest_level_of_education=person.education,
        citizenship=tuple(sorted(person.citizenships or ())),
        primary_language=spoken[0],
        secondary_language=spoken[1],
    )


def _target(targets: Iterable[str]) -> str | None:
    return next((target.partition("=")[2] for target in targets), None)


def _victim(records: Records) -> htcds.Victim:
    episodes = records.episodes
    forms = _together(episodes, "forms")
    sent = htcds.exploitation(forms, _links(episodes))
    industries = _together(episodes, "industries")
    relations = {each.relation for each in episodes if each.relation}
    ages = [each.age for each in episodes if each.age is not None]
    status = _trafficking_status(records)
    return htcds.Victim(
        trafficking_status=status,
        trafficking_status_decision_making_org=_decided_by(records),
        relationship_to_trafficker=relations.pop() if len(relations) == 1 else None,
        age_when_trafficked=min(ages) if ages else None,
        method_of_recruitment=_together(episodes, "recruitment"),
        methods_of_control=_together(episodes, "control"),
        type_of_exploitation=sent.of("vic_TypeOfExploitation"),
        forced_labour_industry=industries[0] if len(industries) == 1 else None,
        type_of_sex_exploitation=_codes(
            [*_together(episodes, "sexual"), *sent.of("vic_TypeOfSexExploitation")]
        ),
    )


def _identification(records: Records) -> str | None:
    """What was decided last, else the presumption. A screening is told to nobody."""
    decided = _decided(records)
    if decided is None:
        return "presumed" if records.presumed else None
    return "formally_identified" if decided.decision == "identified" else "formally_refused"


def _trafficking_status(records: Records) -> str | None:
    """A refusal is never "not a victim": the presumption stands beside it."""
    state = _identification(records)
    if state == "formally_refused":
        state = "presumed" if records.presumed else None
    return htcds.trafficking_status(state) if state else None


def _decided_by(records: Records) -> str | None:
    decided = _decided(records)
    return decided.authority_kind if decided and decided.decision == "identified" else None


def _decided(records: Records) -> Any:
    rows = [row for row in records.formal if row.decision and row.withdrawn_at is None]
    return max(rows, key=lambda row: (row.decided_on, row.asked_at), default=None)


def _links(episodes: list[ExploitationEpisode]) -> tuple[str, ...]:
    found = _together(episodes, "conflict_links")
    others = tuple(link for link in found if link not in ALONE)
    return others or tuple(link for link in ALONE if link in found)[:1]


def _together(rows: list[ExploitationEpisode], name: str) -> tuple[str, ...]:
    return _codes(code for row in rows for code in getattr(row, name) or ())


def _codes(codes: Iterable[str]) -> tuple[str, ...]:
    """In one order, so that the same case makes the same file."""
    return tuple(sorted(set(codes)))


def _events(episode: ExploitationEpisode) -> Iterable[htcds.Event]:
    """The countries of the way in their order, then the first and the last day that are known."""
    for country in episode.countries or ():
        yield htcds.Event(country=country)
    for text in (episode.since, episode.until):
        if text:
            yield htcds.Event(type="Exploitation", date=_day(text))


def _incoming(records: Records) -> htcds.IncomingReferral:
    case = records.case
    if records.foreign is not None or case.source != Case.Source.REFERRAL:
        return htcds.IncomingReferral()
    return htcds.IncomingReferral(date=_on(case.opened_at, case))


def _sent(referrals: list[Referral]) -> list[Referral]:
    """What went to help and was not taken back; evidence is not told of."""
    shown = [row for row in referrals if row.state != "withdrawn" and row.purpose != "evidence"]
    return sorted(shown, key=lambda row: (row.sent_at, row.pk))


def _outgoing(row: Referral, case: Case) -> htcds.OutgoingReferral:
    reason = "AdditionalServicesRequired" if row.support else "Other"
    return htcds.OutgoingReferral(reason=reason, date=_on(row.sent_at, case))


def _services(records: Records) -> list[htcds.Service]:
    rows = [row for row in records.help if row.end_reason != Help.End.REGISTERED_TWICE]
    return sorted((_service(row, records.case) for row in rows), key=_order)


def _order(service: htcds.Service) -> tuple[str, ...]:
    days = [to_storage(day) if day else "" for day in (service.since, service.until)]
    return (service.support or "", *days, service.state or "")


def _service(row: Help, case: Case) -> htcds.Service:
    state = SERVICES.get(Help.State(row.state))
    if state is None:
        state = "completed" if row.end_reason == Help.End.NEEDS_MET else "stopped"
    since = row.started_at or (row.asked_at if row.ended_at is None else None)
    return htcds.Service(
        support=row.kind,
        state=state,
        since=_on(since, case) if since else None,
        until=_on(row.ended_at, case) if row.ended_at else None,
    )


def _plans(services: Iterable[htcds.Service]) -> Iterable[htcds.SupportPlan]:
    """A plan for each service that has a type there; a place that there is not is no plan."""
    for each in services:
        kind = htcds.support_plan_type(each.support or "") if each.support else None
        if kind is not None and each.state != "declined":
            yield htcds.SupportPlan(type=kind, actual_end_date=each.until)


def _day(text: str | None) -> PartialDate | None:
    return htcds.exchange_date(from_storage(text)) if text else None


def _on(at: datetime, case: Case) -> PartialDate:
    """The day of a moment where the case is."""
    day = at.astimezone(ZoneInfo(case.site.time_zone)).date()
    return PartialDate(CalendarDate(day.year, day.month, day.day))

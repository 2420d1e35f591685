"""The import of cases from a file: all of it or nothing, and nothing twice."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.crypto import salted_hmac

from marfa.apps.assistance.actions.assistance import set_search
from marfa.apps.assistance.models import Help
from marfa.apps.cases.action_base import PURPOSE, case_columns, create_case_row, record_step
from marfa.apps.cases.events import CaseOpened
from marfa.apps.cases.facts import restate_case_facts
from marfa.apps.cases.models import Case, CaseStep, ExploitationEpisode
from marfa.apps.handling_marks import body_here
from marfa.apps.organisations.models import Site
from marfa.apps.reception.actions.reasons import leave_queue
from marfa.apps.referrals.exchange.import_plan import Plan, plan_of
from marfa.apps.referrals.exchange.reconciliation import fields_in
from marfa.apps.referrals.models import ForeignCase
from marfa.apps.referrals.models.foreign_cases import LONGEST_SOURCE
from marfa.apps.registry.actions import register_person
from marfa.apps.registry.models import Person
from marfa.apps.registry.policy_facts import newcomer_resource
from marfa.domain.handling import check_marks, marks_of_stream
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message, Place, Problem
from marfa.methods import htcds
from marfa.platform import clock
from marfa.platform.events import publish_event
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Purpose

LARGEST = 4 * 1024 * 1024
"""Bytes of a file."""
MOST = 1000
"""Cases of a file."""


@dataclass(frozen=True)
class Preview:
    """What would become of a file. unplaced: fields of HTCDS of which something has no place in
    our records, with how many values; they are kept with the case and go out with it again."""

    people: int
    cases: int
    closed: int
    episodes: int
    help: int
    unplaced: tuple[tuple[str, int], ...]


def cases_in(content: bytes, *, name: str, site: Site) -> list[htcds.Case]:
    """The cases of a file, JSON or CSV, by what it begins with. name: of the file.

    Raises InputError with every problem, row and field, and then nothing of it is taken; also
    where a mark in the file says that it is not for those who help.
    """
    if len(content) > LARGEST:
        size = {"most": LARGEST // 1024 // 1024}
        raise InputError.at(Message("apps.referrals:file-large", size), field="file")
    check_marks(marks_of_stream(io.BytesIO(content)), body_here(), file=name)
    today = clock.today(site.time_zone)
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    read = htcds.read_json if begins in (b"{", b"[") else htcds.read_csv
    found = list(read(io.BytesIO(content), today=today, file=name))
    if not found:
        raise InputError.at(Message("apps.referrals:file-empty"), field="file")
    if len(found) > MOST:
        raise InputError.at(Message("apps.referrals:file-long", {"most": MOST}), field="file")
    return found


def preview_import(cases: Sequence[htcds.Case], site: Site) -> Preview:
    """What would be made of these cases; nothing is written."""
    plans = [plan_of(each, site) for each in cases]
    unplaced: Counter[str] = Counter()
    for plan in plans:
        for name, values in fields_in(plan.said):
            unplaced[name] += values
    return Preview(
        people=len(plans),
        cases=len(plans),
        closed=sum(plan.closed for plan in plans),
        episodes=sum(len(plan.episodes) for plan in plans),
        help=sum(len(plan.help) for plan in plans),
        unplaced=tuple(sorted(unplaced.items())),
    )


def must_be_new(cases: Sequence[htcds.Case], *, source: str, site: Site) -> None:
    """Raises InputError that names each case of the file that was read in before."""
    source, keys = source_named(source, site), keys_of(cases)
    known = set(
        ForeignCase.objects.filter(
            organisation=site.organisation_id, source=source, theirs__in=keys
        ).values_list("theirs", flat=True)
    )
    again = (
        Problem(Message("apps.referrals:read-before"), Place(field=f"/cases/{number}"))
        for number, key in enumerate(keys)
        if key in known
    )
    if problems := htcds.limited(again):
        raise InputError(*problems)


def source_named(text: str, site: Site) -> str:
    """The name of the organisation that made a file; one that was written before with other
    capitals is the same. Raises InputError."""
    source = " ".join(text.split())
    if not source or len(source) > LONGEST_SOURCE:
        most = {"most": LONGEST_SOURCE}
        raise InputError.at(Message("apps.cases:source-missing", most), field="source")
    there = ForeignCase.objects.filter(organisation=site.organisation_id).order_by("source")
    names = there.values_list("source", flat=True).distinct()
    return next((name for name in names if name.casefold() == source.casefold()), source)


def keys_of(cases: Sequence[htcds.Case]) -> list[str]:
    """By what each case is known again: its reference, else a keyed digest of what it says (of
    cases that say the same, with how many came before)."""
    before: Counter[str] = Counter()
    return [each.marfa.reference or _digest(each, before) for each in cases]


def _digest(case: htcds.Case, before: Counter[str]) -> str:
    text = json.dumps(htcds.to_plain(case), sort_keys=True)
    number, before[text] = before[text], before[text] + 1
    digest = salted_hmac("cases.foreign", f"{number}:{text}", algorithm="sha256")
    return f"~{digest.hexdigest()}"


def read_in_cases(
    *, actor: Actor, site: Site, source: str, cases: Sequence[htcds.Case]
) -> list[Case]:
    """Store the cases of a file at a site: a person with a new code for each, their case, what was
    done to them, and the help they got. All of it or nothing.

    source: the organisation that made the file. What it decided about the person is kept as what
    it said: it is no presumption and no decision of ours.
    Raises DeniedError; InputError for a case that was read in before.
    """
    batch = new_id()
    place = newcomer_resource(batch, organisation=site.organisation_id, site=site.pk)
    with (
        open_vault(),
        action(
            actor=actor,
            code="cases.open",
            purpose=PURPOSE,
            resource=Resource("Case", batch, place.facts),
        ) as act,
    ):
        must_be_new(cases, source=source, site=site)
        source = source_named(source, site)
        act.note(step="read_in")
        made = list(_made(act, actor, site, source, cases))
        act.rows(each.pk for each in made)
    return made


def _made(
    act: Act, actor: Actor, site: Site, source: str, cases: Sequence[htcds.Case]
) -> Iterator[Case]:
    for key, given in zip(keys_of(cases), cases, strict=True):
        plan = replace(plan_of(given, site), theirs=key)
        person = register_person(
            actor=actor, purpose=Purpose.REGISTRATION, site=site, told=plan.told
        )
        leave_queue(person)
        case = _case(act, site, person, plan)
        _beside(act, case, source, plan)
        restate_case_facts(person)
        publish_event(CaseOpened(case.pk, person.pk))
        yield case


def _case(act: Act, site: Site, person: Person, plan: Plan) -> Case:
    now = clock.now()
    case = Case(
        organisation_id=person.organisation_id,
        person=person,
        site=site,
        source=Case.Source.REFERRAL,
        state=Case.State.CLOSED if plan.closed else Case.State.OPEN,
        opened_at=now,
        opened_by=act.by,
        closed_at=now if plan.closed else None,
    )
    create_case_row(act, case)
    record_step(act, case, CaseStep.Kind.OPENED, after=case.source)
    if plan.closed:
        record_step(act, case, CaseStep.Kind.CLOSED)
    return case


def _beside(act: Act, case: Case, source: str, plan: Plan) -> None:
    now, by = clock.now(), act.by
    for values in plan.episodes:
        row = ExploitationEpisode(**case_columns(case), recorded_at=now, recorded_by=by)
        create_case_row(act, row, **values)
    for values in plan.help:
        got = Help(**case_columns(case), **values, asked_by=by)
        create_case_row(act, got, by_whom=source)
        if not plan.closed:
            set_search(got)
    foreign = ForeignCase(
        **case_columns(case), source=source, theirs=plan.theirs or "", read_at=now, read_by=by
    )
    foreign.said = plan.said or None
    act.create(foreign)

"""A study from its plan to its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.screening.instruments import instrument_library
from marfa.apps.studies.models import PanelMember, Study
from marfa.apps.studies.protocols import APPROVAL, TEXTS, protocol_of, records_of
from marfa.apps.studies.queries import (
    COMPUTE,
    PLAN,
    PURPOSE,
    new_resource,
    resource_of,
    supervisors_of,
)
from marfa.domain.message import InputError, Message
from marfa.methods.screening.study.protocol import digest_of_words
from marfa.platform import clock
from marfa.safeguards.actions import Act, action
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

State = Study.State
READERS = 2
"""Who must have read an assessment, each apart, before the person counts as assessed."""


@dataclass(frozen=True)
class StudyPlan:
    """What a study is about. texts: those of the protocol and of the approval, by name."""

    instrument: str
    languages: Sequence[str]
    sites: Sequence[Site]
    begins: date
    approval_ends: date | None
    needed_flagged: int
    needed_not_flagged: int
    percent_not_flagged: int
    children: bool
    assessors_know: bool
    texts: Mapping[str, str]
    panel: Sequence[UUID] = ()


@contextmanager
def study_action(actor: Actor, study: Study, code: str, step: str) -> Iterator[Act]:
    """One step of a study, decided and on the record. The row is read again within it."""
    resource = resource_of(study)
    with action(actor=actor, code=code, purpose=PURPOSE, resource=resource) as act:
        act.note(step=step)
        study.refresh_from_db(from_queryset=Study.objects.select_for_update(no_key=True))
        yield act


def plan_study(*, actor: Actor, organisation: Organisation, plan: StudyPlan) -> Study:
    """Write a study down. Nobody is enrolled before ``begin_enrolment``.

    Raises InputError for a list or a language that is not there, for no site, and for a panel with
    fewer than two readers, with the author or with a supervisor; DeniedError.
    """
    library = instrument_library()
    instrument = library.instrument(plan.instrument)
    library.must_be_usable(instrument)
    words = {each: digest_of_words(library, instrument, each) for each in plan.languages}
    _check(plan, words, actor)
    if set(plan.panel) & set(supervisors_of(organisation)):
        raise InputError.at(Message("apps.studies:panel-of-supervisors"), field="panel")
    study = Study(
        organisation=organisation,
        author=actor.id,
        instrument=instrument.name,
        instrument_version=instrument.version,
        digest=instrument.questions_digest,
        words=words,
        setting=instrument.setting.value,
        sites=sorted(site.reference for site in plan.sites),
        begins=plan.begins,
        approval_ends=plan.approval_ends,
        needed_flagged=plan.needed_flagged,
        needed_not_flagged=plan.needed_not_flagged,
        percent_not_flagged=plan.percent_not_flagged,
        children=plan.children,
        assessors_know=plan.assessors_know,
        planned_at=clock.now(),
    )
    study.plan = {key: plan.texts.get(key, "").strip() for key in (*TEXTS, *APPROVAL)}
    resource = new_resource(organisation)
    with action(actor=actor, code=PLAN, purpose=PURPOSE, resource=resource) as act:
        act.create(study)
        act.made("Study", study.pk)
        act.note(step="plan")
        for user in plan.panel:
            act.create(
                PanelMember(organisation=organisation, study=study, user=user, named_at=clock.now())
            )
    return study


def _check(plan: StudyPlan, words: Mapping[str, str], actor: Actor) -> None:
    if not words or not all(words.values()):
        raise InputError.at(Message("apps.studies:no-words"), field="languages")
    if not plan.sites:
        raise InputError.at(Message("apps.studies:no-site"), field="sites")
    if len(set(plan.panel)) < 2:
        raise InputError.at(Message("apps.studies:panel-of-two"), field="panel")
    if actor.id in plan.panel:
        raise InputError.at(Message("apps.studies:panel-without-author"), field="panel")
    if not 1 <= plan.percent_not_flagged <= 100:
        raise InputError.at(Message("apps.studies:share"), field="percent_not_flagged")


def begin_enrolment(*, actor: Actor, study: Study) -> None:
    """From now on people may be enrolled, and the protocol does not change any more.

    Raises InputError where a text or the approval is missing, the approval has ended, the study
    has not begun, or the list or one of its words is another by now; DeniedError.
    """
    with open_vault():
        protocol = protocol_of(study)
    _must_be(study, State.PLANNED)
    protocol.must_enrol(clock.now().date())
    protocol.must_be_of(instrument_library())
    with study_action(actor, study, PLAN, "begin") as act:
        _must_be(study, State.PLANNED)
        act.save(study, changes={"state": State.ENROLLING, "protocol": protocol.id})


def stop_enrolment(*, actor: Actor, study: Study) -> None:
    """From now on nobody is enrolled; the panel goes on reading. Raises InputError; DeniedError."""
    with study_action(actor, study, PLAN, "stop") as act:
        _must_be(study, State.ENROLLING)
        if study.stopped_at is not None:
            raise InputError.at(Message("apps.studies:stopped-already"))
        act.save(study, changes={"stopped_at": clock.now()})


def close_study(*, actor: Actor, study: Study) -> None:
    """End a study; its figures are computed beside, once. Whoever looks at figures before all is
    read may stop when they please. Raises InputError; DeniedError."""
    from marfa.apps.studies.jobs import compute_study

    with study_action(actor, study, PLAN, "close") as act:
        _must_be(study, State.ENROLLING)
        act.save(study, changes={"state": State.CLOSED, "closed_at": clock.now()})
        compute_study.enqueue(study=study.pk)


def compute_result(*, actor: Actor, study: Study) -> None:
    """Compute what a closed study found, and keep it; again it gives the same. The seed is of the
    protocol, so that nobody chooses it."""
    from marfa.methods.screening.study.report import report

    with open_vault():
        protocol, records = protocol_of(study), records_of(study)
    found = report(protocol, records, seed=int(study.protocol[:8], 16), readers=READERS).as_json()
    with study_action(actor, study, COMPUTE, "compute") as act, open_vault():
        act.save(study, changes={"result": found})


def _must_be(study: Study, state: Study.State) -> None:
    if study.state != state:
        raise InputError.at(Message("apps.studies:not-now"))

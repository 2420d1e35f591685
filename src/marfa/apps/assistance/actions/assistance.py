"""Services: asked for, looked for, begun, ended.

Help asks for nothing in return and waits for nothing (resolution 2388, OP13; charter, rule 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from marfa.apps.agreements.models import Recipient
from marfa.apps.assistance.models import RETURNS, SUPPORT, Goal, Help, HelpTry
from marfa.apps.assistance.queries import AGAIN, AGAIN_URGENT, CLIMBS, missing_for_return
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import GRANT
from marfa.apps.directory.models import Service
from marfa.apps.directory.offers import is_offered
from marfa.domain.message import InputError, Message
from marfa.domain.signs import check_visible
from marfa.platform import clock
from marfa.platform.deadlines.actions import meet_deadline, set_deadline, withdraw_deadline
from marfa.platform.deadlines.kinds import Step, deadline_kind
from marfa.platform.rowsecurity.ownership import owner_of
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Value

END = "assistance.end"
SEARCH = deadline_kind("assistance.no_place", Step("due"), Step("supervisor", CLIMBS))
CONDITIONS = ("no_cooperation", "no_testimony", "no_complaint")
"""For these no help ends. The charter is asked all the same: it refuses them, on the record."""

State = Help.State


@dataclass(frozen=True)
class HelpRequest:
    """What help a person wants.

    kind: of ``support_types``; name: what it is called here. provider: who would give it, where
    that is a recipient of data, else ``by_whom`` in words. service: its entry in the directory.
    goal: which it serves.
    """

    kind: str
    name: str = ""
    provider: Recipient | None = None
    by_whom: str = ""
    urgent: bool = False
    goal: Goal | None = None
    service: Service | None = None


def ask_help(*, actor: Actor, case: Case, wanted: HelpRequest, begin: bool = False) -> Help:
    """Ask for help, or begin it at once. Raises DeniedError; InputError for a kind that is none,
    for the same that is asked for or given already, and as ``begin_help``."""
    require_choice(wanted.kind, SUPPORT, field="kind")
    name = clean_text(wanted.name, field="name")
    by_whom = clean_helper(wanted.by_whom)
    with case_action(actor, case, "ask_help", code=GRANT) as act:
        if wanted.goal is not None and wanted.goal.case_id != case.pk:
            raise InputError.at(Message("apps.cases:choose-one"), field="goal")
        must_be_offered(wanted.service, wanted.kind)
        if begin:
            _may_begin(case, wanted.kind)
        now = clock.now()
        row = Help(
            **case_columns(case),
            goal=wanted.goal,
            kind=wanted.kind,
            provider=wanted.provider,
            service=wanted.service,
            state=State.RUNNING if begin else State.WANTED,
            urgent=wanted.urgent,
            asked_at=now,
            asked_by=actor.id,
            started_at=now if begin else None,
        )
        create_case_row(act, row, name=name, by_whom=by_whom)
        act.note(kind=row.kind, begun=begin)
    return row


def must_be_offered(service: Service | None, kind: str) -> None:
    """Raises InputError for a service that helps with something else, takes no one, or was not
    called lately."""
    if service is None:
        return
    if service.need != kind:
        raise InputError.at(Message("apps.assistance:service-for-other"), field="service")
    if not is_offered(service):
        raise InputError.at(Message("apps.directory:called-over"), field="service")


def clean_helper(text: str) -> str | None:
    """Who helps, in words. Raises InputError for signs that cannot be seen; as clean_text."""
    check_visible(text.strip(), field="by_whom")
    return clean_text(text, field="by_whom")


def begin_help(
    *,
    actor: Actor,
    row: Help,
    provider: Recipient | None = None,
    by_whom: str = "",
    service: Service | None = None,
) -> None:
    """The person gets it from now on. provider, by_whom, service: as in ``HelpRequest``; empty: as
    it was said.

    Raises DeniedError; InputError for a return or resettlement that was not found safe and wished,
    and for a service that is not offered.
    """
    said = clean_helper(by_whom)
    with help_action(actor, row, "begin_help", State.WANTED, State.NO_PLACE) as act:
        must_be_offered(service, row.kind)
        _begin(act, row, provider, said, service)


def find_no_place(*, actor: Actor, row: Help, interim: str, text: str = "") -> HelpTry:
    """Somebody looked, and there is no place: until there is one, the person is safe by the
    interim plan, and somebody looks again within 24 hours, 12 where it is urgent.

    text: where they looked. Raises DeniedError; InputError without an interim plan.
    """
    plan = clean_text(interim, field="interim", needed=True)
    where = clean_text(text, field="text")
    with help_action(actor, row, "no_place", State.WANTED, State.NO_PLACE) as act:
        return _look_again(act, row, where, interim=plan)


def record_search(
    *, actor: Actor, row: Help, found: bool, text: str = "", begin: bool = False
) -> HelpTry:
    """Somebody looked again. Found, the help begins, or it is asked for again where the person
    goes there later; not found, the next search is due. Raises as ``begin_help``."""
    where = clean_text(text, field="text", needed=not found)
    with help_action(actor, row, "search", State.NO_PLACE) as act:
        if not found:
            return _look_again(act, row, where)
        made = _tried(act, row, where, found=True)
        if begin:
            _begin(act, row, None, None)
        else:
            meet_deadline(kind=SEARCH, subject=row.pk)
            _changed(act, row, state=State.WANTED, next_try_at=None)
    return made


def hurry_help(*, actor: Actor, row: Help) -> None:
    """It cannot wait: a search that is due later than in 12 hours is due then."""
    with help_action(actor, row, "hurry_help", State.WANTED, State.NO_PLACE) as act:
        due = row.next_try_at
        if due is not None:
            due = min(due, clock.now() + AGAIN_URGENT)
        _changed(act, row, urgent=True, next_try_at=due)
        set_search(row)


def decline_help(*, actor: Actor, row: Help, text: str = "") -> None:
    """The person does not want what was asked for. It stays open to them: it can be asked for
    again at any time, and nothing else ends with it."""
    said = clean_text(text, field="text")
    asked = {"reason": Help.End.DECLINED.value}
    states = (State.WANTED, State.NO_PLACE)
    with help_action(actor, row, "decline_help", *states, code=END, context=asked) as act:
        withdraw_deadline(kind=SEARCH, subject=row.pk)
        now = clock.now()
        _changed(act, row, state=State.DECLINED, ended_at=now, next_try_at=None, outcome=said)


def end_help(*, actor: Actor, row: Help, reason: str, text: str = "") -> None:
    """Help that was asked for or given ends, for a reason that the charter allows: whoever does
    not cooperate, testify or complain keeps it.

    text: what came of it; needed unless it was registered twice. Raises DeniedError, InputError.
    """
    require_choice(reason, (*Help.End.values, *CONDITIONS), field="reason")
    needed = reason != Help.End.REGISTERED_TWICE
    said = clean_text(text, field="text", needed=needed)
    states = (State.WANTED, State.NO_PLACE, State.RUNNING)
    with help_action(actor, row, "end_help", *states, code=END, context={"reason": reason}) as act:
        withdraw_deadline(kind=SEARCH, subject=row.pk)
        _changed(
            act,
            row,
            state=State.ENDED,
            ended_at=clock.now(),
            next_try_at=None,
            end_reason=reason,
            outcome=said,
        )


@contextmanager
def help_action(
    actor: Actor,
    row: Help,
    step: str,
    *states: str,
    code: str = GRANT,
    context: Mapping[str, Value] | None = None,
) -> Iterator[Act]:
    """One step of one help, read again within. Raises InputError where it is in none of these
    states any more, or a colleague changes it at the same moment."""
    case = Case.objects.select_related("person", "site").get(pk=row.case_id)
    with case_action(actor, case, step, code=code, context=context) as act:
        row.refresh_from_db()
        row.case = case
        if row.state not in states:
            raise InputError.at(Message("apps.assistance:help-moved"))
        act.note(kind=row.kind)
        yield act


def _changed(act: Act, row: Help, **changes: object) -> None:
    change_case_row(act, row, None, **changes)


def _begin(
    act: Act,
    row: Help,
    provider: Recipient | None,
    by_whom: str | None,
    service: Service | None = None,
) -> None:
    _may_begin(row.case, row.kind)
    meet_deadline(kind=SEARCH, subject=row.pk)
    given = {"provider_id": provider.pk} if provider is not None else {}
    if service is not None:
        given["service_id"] = service.pk
    said = {"by_whom": by_whom} if by_whom else {}
    now = clock.now()
    _changed(act, row, state=State.RUNNING, started_at=now, next_try_at=None, **given, **said)


def _may_begin(case: Case, kind: str) -> None:
    """A return or resettlement alone is looked at first: it can put the person in danger."""
    missing = missing_for_return(case, kind) if kind in RETURNS else ""
    if missing:
        raise InputError.at(Message(f"apps.assistance:{missing}"))


def _look_again(act: Act, row: Help, where: str | None, **more: object) -> HelpTry:
    made = _tried(act, row, where, found=False)
    due = clock.advance(made.at, seconds=(AGAIN_URGENT if row.urgent else AGAIN).total_seconds())
    _changed(act, row, state=State.NO_PLACE, next_try_at=due, **more)
    meet_deadline(kind=SEARCH, subject=row.pk)
    set_search(row)
    return made


def set_search(row: Help) -> None:
    """Somebody is to look for a place again when the row says so, if it does."""
    if row.next_try_at is not None:
        set_deadline(
            kind=SEARCH,
            subject=row.pk,
            due_at=row.next_try_at,
            owner=owner_of(row),
            responsible=row.case.worker,
        )


def _tried(act: Act, row: Help, where: str | None, *, found: bool) -> HelpTry:
    whose = {"organisation_id": row.organisation_id, "person_id": row.person_id}
    made = HelpTry(**whose, help=row, at=clock.now(), by=act.by, found=found)
    made.words = where
    act.create(made)
    return made

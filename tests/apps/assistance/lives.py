"""Lives of somebody who is helped: steps drawn at random, and what stands of their help at the end.

What the person says to an investigation is an input of these lives. It is written down where it has
its place, and in ``SAID``, where a planted fault finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from hypothesis import strategies as st

from marfa.apps.assistance.actions import assistance as giving
from marfa.apps.assistance.models import Help
from marfa.apps.assistance.queries import GOING_ON, late_searches
from marfa.apps.assistance.views import help_part
from marfa.apps.cases.action_base import case_action, case_columns, create_case_row
from marfa.apps.cases.actions import answer_review, open_case, presume_victim, raise_urgency
from marfa.apps.cases.models import Case, FormalIdentification, Review
from marfa.apps.proceedings.actions import record_cooperation
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.deadlines.models import Deadline
from marfa.safeguards.charter.resources import DeniedError
from marfa.safeguards.vault.access import open_vault
from tests.apps.cases.office import Office

START = datetime(2032, 3, 1, 8, tzinfo=UTC)
A_LIFE = timedelta(days=400)
KINDS = ("shelter", "medical_care", "legal_advice")
ALLOWED = ("needs_met", "declined", "moved", "unsafe", "handed_over", "registered_twice")
FORBIDDEN = ("no_cooperation", "no_testimony", "no_complaint")
WITH, AGAINST = ("willing", "testified"), ("unwilling", "stopped")
SAID: dict[UUID, bool] = {}
"""Person -> whether they cooperate."""

Step = tuple[str, int, bool]
"""What is done, which of several, and whether the person cooperates."""


class Life:
    """One life. flip: whether the person says the opposite to every investigation.

    standing: the mirror: help that was granted, less what ended for a reason that is allowed.
    """

    count = 0

    def __init__(self, office: Office, *, flip: bool) -> None:
        self.office, self.flip = office, flip
        self.start = START + A_LIFE * Life.count
        Life.count += 1
        self.now = self.start
        self.standing: set[UUID] = set()
        self.case: Case

    def tick(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def live(self, steps: list[Step]) -> Any:
        """Do all of it; what stands at the end."""
        with ExitStack() as stack:
            stack.enter_context(clock.set_to(self.tick))
            person = self.office.register()
            self.case = open_case(actor=self.office.worker, person=person, source="person")
            for verb, number, yes in steps:
                try:
                    STEPS[verb](self, number, yes is not self.flip)
                except InputError:
                    continue
            return self.view()

    def rows(self, *states: str) -> list[Help]:
        return list(Help.objects.filter(case=self.case, state__in=states).order_by("asked_at"))

    def one(self, number: int, *states: str) -> Iterator[Help]:
        """One of the help in these states, if there is any."""
        found = self.rows(*states)
        if found:
            yield found[number % len(found)]

    def view(self) -> Any:
        """The help as everybody sees it, without keys and as time since the beginning."""
        rows = list(Help.objects.filter(case=self.case).order_by("asked_at"))
        held = {row.pk for row in rows if row.state in GOING_ON}
        assert self.standing <= held, "help ended without a reason that the charter allows"
        deadlines = Deadline.objects.filter(subject__in=[row.pk for row in rows])
        with open_vault():
            self.case.refresh_from_db()
            steps = [
                (str(s.text), s.order, self.since(s.due)) for s in help_part.next_steps(self.case)
            ]
        return {
            "help": [
                (row.kind, row.state, row.urgent, row.end_reason, *self.times(row)) for row in rows
            ],
            "deadlines": sorted((each.state, self.since(each.due_at)) for each in deadlines),
            "next": steps,
            "urgency": self.case.urgency,
            "late": [
                [row.kind for row in late_searches(who).filter(case=self.case)]
                for who in (self.office.worker, self.office.supervisor)
            ],
        }

    def times(self, row: Help) -> list[timedelta | None]:
        kept = (row.asked_at, row.started_at, row.ended_at, row.next_try_at)
        return [self.since(at) for at in kept]

    def since(self, at: datetime | None) -> timedelta | None:
        return at - self.start if at is not None else None


def presume(life: Life, number: int, yes: bool) -> None:
    presume_victim(actor=life.office.worker, person=life.case.person, ground="told")


def disagree(life: Life, number: int, yes: bool) -> None:
    waiting = Review.objects.filter(case=life.case, state=Review.State.WAITING).first()
    if waiting is not None:
        told = "I see debts alone"
        answer_review(actor=life.office.supervisor, review=waiting, agree=False, text=told)


def decide_formally(life: Life, number: int, yes: bool) -> None:
    """The authority is asked and does not answer, refuses, or identifies the person."""
    decision = ("", "refused", "identified")[number % 3]
    with case_action(life.office.worker, life.case, "formal") as act:
        FormalIdentification.objects.filter(case=life.case, decision="").update(
            withdrawn_at=clock.now()
        )
        row = FormalIdentification(
            **case_columns(life.case),
            country="SD",
            authority="The committee",
            authority_kind="Other",
            rests_on=FormalIdentification.RestsOn.values[0],
            asked_at=clock.now(),
            asked_by=life.office.worker.id,
            decision=decision,
            decided_on=clock.now().date() if decision else None,
        )
        create_case_row(act, row)


def ask(life: Life, number: int, yes: bool) -> None:
    wanted = giving.HelpRequest(KINDS[number % 3], urgent=number % 2 == 0)
    row = giving.ask_help(actor=life.office.worker, case=life.case, wanted=wanted)
    life.standing.add(row.pk)


def ask_and_begin(life: Life, number: int, yes: bool) -> None:
    wanted = giving.HelpRequest(KINDS[number % 3])
    try:
        row = giving.ask_help(actor=life.office.worker, case=life.case, wanted=wanted, begin=True)
    except InputError:
        raise AssertionError("help waited for something") from None
    life.standing.add(row.pk)


def begin(life: Life, number: int, yes: bool) -> None:
    for row in life.one(number, "wanted", "no_place"):
        giving.begin_help(actor=life.office.worker, row=row)
        assert Help.objects.get(pk=row.pk).state == "running", "help did not begin"


def no_place(life: Life, number: int, yes: bool) -> None:
    for row in life.one(number, "wanted"):
        giving.find_no_place(actor=life.office.worker, row=row, interim="At the clinic")


def look(life: Life, number: int, yes: bool) -> None:
    for row in life.one(number, "no_place"):
        found = number % 3 == 0
        giving.record_search(actor=life.office.worker, row=row, found=found, text="Two houses")


def hurry(life: Life, number: int, yes: bool) -> None:
    for row in life.one(number, "wanted", "no_place"):
        giving.hurry_help(actor=life.office.worker, row=row)


def decline(life: Life, number: int, yes: bool) -> None:
    for row in life.one(number, "wanted", "no_place"):
        giving.decline_help(actor=life.office.worker, row=row)
        life.standing.discard(row.pk)


def end(life: Life, number: int, yes: bool) -> None:
    for row in life.one(number, *GOING_ON):
        reason = ALLOWED[number % len(ALLOWED)]
        giving.end_help(actor=life.office.worker, row=row, reason=reason, text="As she wished")
        life.standing.discard(row.pk)


def end_for_a_condition(life: Life, number: int, yes: bool) -> None:
    """Refused by the charter, and by the database alone as well."""
    for row in life.one(number, *GOING_ON):
        reason = FORBIDDEN[number % len(FORBIDDEN)]
        actor = (life.office.worker, life.office.supervisor)[number % 2]
        refused = "nobody"
        try:
            giving.end_help(actor=actor, row=row, reason=reason, text="She will not speak")
        except DeniedError:
            refused = "the charter"
        except IntegrityError:
            refused = "the database alone"
        assert refused == "the charter", refused
        ended = {"state": "ended", "next_try_at": None, "end_reason": reason}
        try:
            with transaction.atomic():
                Help.objects.filter(pk=row.pk).update(**ended, ended_at=clock.now())
        except IntegrityError:
            continue
        raise AssertionError("the database let it through")


def urgent(life: Life, number: int, yes: bool) -> None:
    raise_urgency(actor=life.office.worker, case=life.case, urgency="now", text="He was seen")


def wait(life: Life, number: int, yes: bool) -> None:
    life.now += timedelta(hours=7 * number)


def say(life: Life, number: int, yes: bool) -> None:
    """The person cooperates with an investigation, or does not."""
    SAID[life.case.person_id] = yes
    answer = (WITH if yes else AGAINST)[number % 2]
    record_cooperation(actor=life.office.worker, person=life.case.person, answer=answer)


STEPS: dict[str, Callable[[Life, int, bool], None]] = {
    each.__name__: each
    for each in (
        *(presume, disagree, decide_formally, ask, ask_and_begin, begin, no_place, look, hurry),
        *(decline, end, end_for_a_condition, urgent, wait, say),
    )
}


def histories(*verbs: str, most: int = 60) -> st.SearchStrategy[list[Step]]:
    """Steps of a life, of all or of these."""
    step = st.tuples(st.sampled_from(verbs or tuple(STEPS)), st.integers(0, 11), st.booleans())
    return st.lists(step, min_size=min(8, most), max_size=most)

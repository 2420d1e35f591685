"""Plan and help, on the page of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marfa.apps.agreements.labels import recipient_name
from marfa.apps.assistance.models import (
    Goal,
    Help,
    HelpSession,
    HelpTry,
    ReflectionPeriod,
    SafetyPlan,
)
from marfa.apps.assistance.queries import (
    GOING_ON,
    begins_by,
    reflection_of,
    safe_contacts,
    with_begin,
)
from marfa.apps.assistance.views import needs
from marfa.apps.cases.models import Case
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.policy_facts import record_of
from marfa.apps.cases.queries import ASKED
from marfa.apps.cases.views.common import code_label, may_act_on, render_fragment
from marfa.apps.directory.models import Service
from marfa.apps.directory.offers import is_offered
from marfa.apps.registry.models import ContactPoint
from marfa.apps.registry.nationality import lacks_a_state
from marfa.platform import clock
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide

State = Help.State
LEGAL = ("legal_advice", "residence_and_status", "civil_documentation")
"""Help towards papers and a status (resolution 2388, OP14); whoever declined one was offered it."""
REACHED_BY = ("value", "whose", "when", "words", "avoid")


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """What help there is and is not, what the person wants, how they are safe and reached."""
    held = Q(sessions__struck_at=None, sessions__came=HelpSession.Came.ATTENDED)
    known = with_begin(Help.objects.filter(case=case)).select_related("provider__guest", "service")
    rows = list(
        known.annotate(times=Count("sessions", held), last_on=Max("sessions__on", filter=held))
    )
    today = clock.today(case.site.time_zone)
    return render_fragment(
        request,
        "assistance/help_part",
        case=case,
        open=case.state == Case.State.OPEN,
        helps=may_act_on(actor, case, "assistance.grant"),
        now=clock.now(),
        groups=[(group, _of(rows, group)) for group in GOING_ON],
        over=_of(rows, State.DECLINED) + _of(rows, State.ENDED),
        goals=list(Goal.objects.filter(case=case).order_by("ended_at", "set_at")),
        plan=plan_in(case),
        today=today,
        reflection=reflection_of(case, today),
        reaches=_reaches(case, actor),
    )


def given_by(row: Help) -> str:
    """Who gives a help, as far as it was said; within ``open_vault()``."""
    if row.service is not None and row.provider is None and not row.by_whom:
        return row.service.name
    return recipient_name(row.provider) if row.provider is not None else row.by_whom or ""


def takes_no_one(row: Help) -> bool:
    """Whether the service of a help is no longer there: what runs goes on where it has no room for
    others, what is only asked for does not begin there."""
    if row.service is None or row.state not in GOING_ON:
        return False
    if row.state == State.RUNNING:
        return row.service.state == Service.State.CLOSED
    return not is_offered(row.service)


def plan_in(case: Case) -> SafetyPlan | None:
    """The safety plan, once there is something in it; within ``open_vault()``."""
    plan = SafetyPlan.objects.filter(case=case).first()
    return plan if plan is not None and plan.steps else None


def _of(rows: Iterable[Help], state: str) -> list[tuple[Help, str, datetime | None, bool]]:
    """Each with who gives it, by when it should have begun, and whether its service is gone."""
    found = [row for row in rows if row.state == state]
    found.sort(key=lambda each: each.asked_at)
    due = state == State.WANTED
    return [
        (row, given_by(row), begins_by(row) if due else None, takes_no_one(row)) for row in found
    ]


def _reaches(case: Case, actor: Actor) -> list[ContactPoint] | None:
    """Only what the person called safe; None where this reader may not read how."""
    record = record_of(case.person, ContactPoint, *REACHED_BY)
    if not decide(actor, "records.read", record, ASKED).allowed:
        return None
    return list(safe_contacts(case))


def next_steps(case: Case) -> Iterable[Next]:
    """The first help, a search that is due, how the person is safe without a place, a plan for
    safety and its next look."""
    now, today = clock.now(), clock.today(case.site.time_zone)
    known = with_begin(Help.objects.filter(case=case)).select_related("service")
    rows = list(known.order_by("next_try_at", "asked_at"))
    for row in rows:
        there = reverse("cases:help", args=[row.reference])
        kind = code_label("support_types", row.kind)
        if takes_no_one(row):
            text = _("The service takes no one now. Find another: %(kind)s") % {"kind": kind}
            yield Next(text, there, 2)
        if row.state == State.NO_PLACE and row.next_try_at and row.next_try_at <= now:
            text = _("Search again for a place: %(kind)s") % {"kind": kind}
            yield Next(text, there, 1, row.next_try_at)
        if row.state == State.NO_PLACE and not row.interim:
            yield Next(_("How does the person stay safe until there is a place?"), there, 1)
        if row.state == State.WANTED:
            text = _("Requested and not begun: %(kind)s") % {"kind": kind}
            due = begins_by(row)
            late = due is not None and due <= now
            yield Next(text, there, 3 if row.urgent or late else 8, due)
    if lacks_a_state(case.person) and not any(row.kind in LEGAL for row in rows):
        there = f"{reverse('cases:help_ask', args=[case.reference])}?kind={LEGAL[0]}"
        yield Next(_("No State’s papers: offer legal help, and the way to a status."), there, 4)
    if not any(row.state in (*GOING_ON, State.DECLINED) for row in rows):
        there = reverse("cases:help_ask", args=[case.reference])
        yield Next(_("Ask what the person needs first, and begin it."), there, 2)
    plan = plan_in(case)
    there = reverse("cases:safety_plan", args=[case.reference])
    if plan is None:
        yield Next(_("There is no safety plan yet. Make it with the person."), there, 4)
    elif plan.review_on <= today:
        again = _("Review the safety plan with the person.")
        yield Next(again, there, 6, by=plan.review_on)


def _all_next(case: Case) -> Iterable[Next]:
    yield from next_steps(case)
    yield from needs.next_steps(case)


def case_happenings(case: Case) -> Iterable[Happening]:
    """Each help with its searches, the goals, and time to decide."""
    for row in Help.objects.filter(case=case):
        yield from _of_help(row)
    for tried in HelpTry.objects.filter(help__case=case).select_related("help"):
        kind = code_label("support_types", tried.help.kind)
        found = _("a place was found") if tried.found else _("there was no place")
        yield Happening(tried.at, f"{kind}: {found}", tried.words or "", tried.by)
    for held in HelpSession.objects.filter(help__case=case, struck_at=None).select_related("help"):
        said = f"{code_label('support_types', held.help.kind)}: {held.get_came_display()}"
        yield Happening(held.recorded_at, said, held.words or "", held.recorded_by)
    for goal in Goal.objects.filter(case=case):
        yield Happening(goal.set_at, _("A goal of the person"), goal.words or "", goal.set_by)
        if goal.ended_at is not None:
            yield Happening(goal.ended_at, goal.get_state_display(), goal.words or "")
    for period in ReflectionPeriod.objects.filter(case=case):
        what = _("Time to recover and decide")
        yield Happening(period.recorded_at, what, "", period.recorded_by)


def _of_help(row: Help) -> Iterable[Happening]:
    kind = code_label("support_types", row.kind)
    yield Happening(row.asked_at, f"{kind}: {State.WANTED.label}", row.name or "", row.asked_by)
    if row.started_at is not None:
        yield Happening(row.started_at, f"{kind}: {State.RUNNING.label}")
    if row.ended_at is not None:
        why = row.get_end_reason_display() or row.get_state_display()
        yield Happening(row.ended_at, f"{kind}: {why}", row.outcome or "")


PART = CasePart("help", _("Plan and help"), 10, render_part, _all_next, case_happenings, child=True)

"""The plan: goals, safety plan, time to decide, and what a return would mean."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from marfa.apps.assistance.models import (
    RETURNS,
    Goal,
    ReflectionPeriod,
    ReturnAssessment,
    SafetyPlan,
)
from marfa.apps.cases.action_base import (
    case_action,
    case_columns,
    change_case_row,
    check_together,
    clean_text,
    create_case_row,
    require_choice,
)
from marfa.apps.cases.country_profiles import profile_of
from marfa.apps.cases.models import AREAS, Case
from marfa.apps.form_pages.editor import Change
from marfa.domain.countries import country_name
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.revisions.actions import Saved
from marfa.safeguards.actions import Act
from marfa.safeguards.actor import Actor

PLAN_REVIEW = timedelta(days=30)
"""Within which a new safety plan is looked at again, where nobody says sooner or later."""

PLAN_LATEST = timedelta(days=180)
RETURN_LATEST = timedelta(days=180)
"""How long an assessment of a return may count: what is safe changes."""

LONGEST_REFLECTION = 366
"""Days in one row; a longer time is a further row."""


def set_goal(*, actor: Actor, case: Case, area: str, text: str, due_on: date | None = None) -> Goal:
    """What the person wants to reach, in their words. due_on: until when, if they say it.
    Raises DeniedError, InputError."""
    require_choice(area, AREAS, field="area")
    said = clean_text(text, field="text", needed=True)
    with case_action(actor, case, "set_goal") as act:
        row = Goal(
            **case_columns(case), area=area, due_on=due_on, set_at=clock.now(), set_by=actor.id
        )
        create_case_row(act, row, words=said)
    return row


def change_goal(row: Goal, asked: Change) -> Saved:
    """Put the words, the area or the day of a goal right. Raises DeniedError, InputError,
    ConflictError."""
    require_choice(str(asked.changes["area"]), AREAS, field="area")
    clean_text(str(asked.changes["words"] or ""), field="words", needed=True)
    with case_action(asked.actor, row.case, "change_goal") as act:
        return _saved(act, row, asked)


def end_goal(*, actor: Actor, row: Goal, state: str) -> None:
    """The goal is reached, or the person does not want it any more. Raises InputError."""
    require_choice(state, (Goal.State.REACHED, Goal.State.DROPPED), field="state")
    with case_action(actor, row.case, "end_goal") as act:
        row.refresh_from_db()
        if row.state != Goal.State.OPEN:
            raise InputError.at(Message("apps.assistance:goal-ended"))
        change_case_row(act, row, state=state, ended_at=clock.now())


def begin_plan(row: SafetyPlan, actor: Actor) -> SafetyPlan:
    """Store a plan that is still empty; the one that is there where a colleague was faster.
    Raises DeniedError."""
    found = SafetyPlan.objects.filter(case=row.case_id).first()
    if found is not None:
        return found
    with case_action(actor, row.case, "begin_plan") as act:
        try:
            with transaction.atomic():
                made = plan_of(row.case)
                made.made_at, made.made_by = clock.now(), actor.id
                create_case_row(act, made)
        except IntegrityError:
            return SafetyPlan.objects.get(case=row.case_id)
    return made


def change_plan(row: SafetyPlan, asked: Change) -> Saved:
    """Save what somebody changed in a plan, on one that is not there yet too.

    It says when it is looked at again, within 180 days. Raises DeniedError, InputError,
    ConflictError.
    """
    case = row.case
    today = clock.today(case.site.time_zone)
    review = asked.changes["review_on"]
    if not isinstance(review, date) or not today < review <= today + PLAN_LATEST:
        latest = {"most": PLAN_LATEST.days}
        raise InputError.at(Message("apps.assistance:review-day", latest), field="review_on")
    for name in ("dangers", "signs", "steps", "people", "code_word"):
        clean_text(str(asked.changes[name] or ""), field=name, needed=name == "steps")
    with case_action(asked.actor, case, "safety_plan") as act:
        stored = begin_plan(row, asked.actor) if row._state.adding else row
        return _saved(act, stored, asked)


def plan_of(case: Case) -> SafetyPlan:
    """The safety plan of a case, or one that is not stored yet."""
    found = SafetyPlan.objects.filter(case=case).first()
    if found is not None:
        found.case = case
        return found
    return SafetyPlan(
        **case_columns(case), review_on=clock.today(case.site.time_zone) + PLAN_REVIEW
    )


def give_reflection(*, actor: Actor, case: Case, days: int | None = None) -> ReflectionPeriod:
    """Time to recover and decide, from today on, or longer where some runs already.

    days: by default what the country's profile says; more is possible, less is not. Help begins
    and ends without it. Raises InputError where nobody says how long, or for less than the law.
    """
    profile = profile_of(case.site)
    least = profile.reflection_days if profile and profile.reflection_days else 1
    asked = days if days is not None else (profile.reflection_days if profile else None)
    with case_action(actor, case, "reflection") as act:
        today = clock.today(case.site.time_zone)
        running = ReflectionPeriod.objects.filter(case=case, ends_on__gte=today)
        last = running.order_by("-ends_on").first()
        if asked is None or not (1 if last else least) <= asked <= LONGEST_REFLECTION:
            limits = {"least": 1 if last else least, "most": LONGEST_REFLECTION}
            raise InputError.at(Message("apps.assistance:reflection-days", limits), field="days")
        first = last.ends_on + timedelta(days=1) if last else today
        row = ReflectionPeriod(
            **case_columns(case),
            starts_on=first,
            ends_on=first + timedelta(days=asked - 1),
            recorded_at=clock.now(),
            recorded_by=actor.id,
        )
        act.create(row)
    return row


def assess_return(
    *,
    actor: Actor,
    case: Case,
    kind: str,
    country: str,
    wished: bool | None,
    conclusion: str,
    text: str,
    valid_until: date | None,
) -> ReturnAssessment:
    """What a return or resettlement would mean for the person; the last one counts.

    country: ISO 3166-1, two letters. wished: they want it, knowing the risk; None where it was not
    asked. text: what it rests on. valid_until: at most 180 days from today. Raises DeniedError,
    InputError with all that is missing.
    """
    conclusions = ReturnAssessment.Conclusion.values
    check_together(
        lambda: require_choice(
            kind, RETURNS, field="kind", said=Message("apps.assistance:return-kind")
        ),
        lambda: _country(country),
        lambda: clean_text(text, field="text", needed=True),
        lambda: require_choice(
            conclusion, conclusions, field="conclusion", said=Message("apps.assistance:return-safe")
        ),
        lambda: require_choice(
            wished, (True, False), field="wished", said=Message("apps.assistance:return-wished")
        ),
        lambda: _counts_until(case, valid_until),
    )
    assert valid_until is not None  # noqa: S101 - checked above
    with case_action(actor, case, "assess_return") as act:
        row = ReturnAssessment(
            **case_columns(case),
            kind=kind,
            valid_until=valid_until,
            made_at=clock.now(),
            made_by=actor.id,
        )
        row.country, row.wished = country, wished
        row.conclusion, row.findings = conclusion, text.strip()
        act.create(row)
    return row


def _country(code: str) -> None:
    try:
        country_name(code, "en")
    except (InputError, LookupError):
        raise InputError.at(Message("apps.assistance:return-country"), field="country") from None


def _counts_until(case: Case, day: date | None) -> None:
    today = clock.today(case.site.time_zone)
    if day is None or not today <= day <= today + RETURN_LATEST:
        latest = {"most": RETURN_LATEST.days}
        raise InputError.at(Message("apps.assistance:return-day", latest), field="valid_until")


def _saved(act: Act, row: Goal | SafetyPlan, asked: Change) -> Saved:
    return act.save(row, base_version=asked.base_version, changes=asked.changes, mine=asked.mine)

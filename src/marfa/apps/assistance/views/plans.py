"""The pages of goals, safety plan, time to decide, and what a return would mean."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marfa.apps.access import actor_in, current_user
from marfa.apps.assistance.actions.plans import (
    assess_return,
    begin_plan,
    change_goal,
    change_plan,
    end_goal,
    give_reflection,
    plan_of,
    set_goal,
)
from marfa.apps.assistance.models import RETURNS, Goal, ReturnAssessment
from marfa.apps.assistance.queries import reflection_of
from marfa.apps.cases.country_profiles import profile_of
from marfa.apps.cases.models import Case
from marfa.apps.cases.views.common import (
    case_named,
    code_choices,
    code_label,
    form_page,
    must_read,
    shown_or_sent,
)
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import form_view
from marfa.apps.organisations.forms import day_again, day_of
from marfa.apps.problems import problem_sentences
from marfa.apps.registry.choices import listed_only
from marfa.apps.registry.labels import country_label, country_options, typed_country
from marfa.apps.registry.visibility import about_seen
from marfa.domain.codes import format_code
from marfa.domain.digits import latin_digits
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.safeguards.actor import Actor

LONG = forms.Textarea(attrs={"autocomplete": "off", "dir": "auto", "rows": 3})


def _long(label: object, hint: object = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, widget=LONG)  # type: ignore[arg-type]


SUCH_AS = gettext_lazy("Such as 3 May 2026 or 3/5/2026.")
IF_SAID = gettext_lazy("Such as 3 May 2026 or 3/5/2026. Only if the person says it.")


class DayField(forms.DateField):
    """A whole day as somebody writes it, day before month."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"})

    def __init__(self, **given: Any) -> None:
        super().__init__(help_text=given.pop("help_text", SUCH_AS), **given)

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        try:
            return day_said(value)
        except InputError as error:
            raise forms.ValidationError(" ".join(problem_sentences(error).values())) from None

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%d/%m/%Y") if isinstance(value, date) else value


class GoalForm(forms.Form):
    """A goal, put right. Fields are named as its columns."""

    area = forms.ChoiceField(label=gettext_lazy("Area"), choices=listed_only("assessment_areas"))
    words = _long(gettext_lazy("What does the person want to achieve, in their own words?"))
    due_on = DayField(label=gettext_lazy("By when?"), help_text=IF_SAID, required=False)


class PlanForm(forms.Form):
    """The safety plan. Fields are named as its columns."""

    dangers = _long(gettext_lazy("What is the person afraid of, and from whom?"))
    signs = _long(gettext_lazy("How do they notice that danger is near?"))
    steps = _long(
        gettext_lazy("What do they do then, step by step?"),
        gettext_lazy("Where they go, what they take along, what they leave."),
    )
    people = _long(gettext_lazy("Who do they tell, and who helps?"))
    code_word = forms.CharField(
        label=gettext_lazy("Word that says: I am in danger"),
        help_text=gettext_lazy("An everyday word, agreed with the people who will be told."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    review_on = DayField(label=gettext_lazy("Review by"))


PLAN = Editor(
    "assistance.safety_plan",
    PlanForm,
    change_plan,
    begin_plan,
    template="assistance/safety_plan.html",
)
GOAL = Editor("assistance.goal", GoalForm, change_goal)


@form_view
def safety_plan(request: HttpRequest, reference: str) -> HttpResponse:
    """The safety plan, which two may edit at once and neither loses anything."""
    case, actor = case_named(request, reference)
    with shown_or_sent(request, actor, case):
        there = reverse("cases:case", args=[reference])
        title, about = _("Safety plan"), format_code(case.person.code)
        return edit_row(request, PLAN, plan_of(case), title=title, done=there, about=about)


@form_view
def new_goal(request: HttpRequest, reference: str) -> HttpResponse:
    """What the person wants to reach."""
    case, actor = case_named(request, reference)
    must_read(actor, case)

    def add(request: HttpRequest, actor: Actor, case: Case) -> None:
        told = {name: request.POST.get(name, "") for name in ("area", "text")}
        due_on = day_said(request.POST.get("due_on", ""), field="due_on")
        set_goal(actor=actor, case=case, due_on=due_on, **told)

    areas = code_choices("assessment_areas")
    return form_page(request, "assistance/goal", case, actor, add, areas=areas, day_hint=IF_SAID)


@form_view
def goal(request: HttpRequest, reference: str) -> HttpResponse:
    """A goal, put right."""
    row, actor = _goal(request, reference)
    with shown_or_sent(request, actor, row.case):
        there = reverse("cases:case", args=[row.case.reference])
        title, about = _("Change a goal of the person"), format_code(row.case.person.code)
        return edit_row(request, GOAL, row, title=title, done=there, about=about)


@form_view
def goal_end(request: HttpRequest, reference: str) -> HttpResponse:
    """The goal is reached, or not wanted any more."""
    row, actor = _goal(request, reference)
    states = [(each.value, each.label) for each in (Goal.State.REACHED, Goal.State.DROPPED)]

    def end(request: HttpRequest, actor: Actor, case: Case) -> None:
        end_goal(actor=actor, row=row, state=request.POST.get("state", ""))

    with shown_or_sent(request, actor, row.case):
        return form_page(
            request, "assistance/goal_end", row.case, actor, end, row=row, states=states
        )


def _goal(request: HttpRequest, reference: str) -> tuple[Goal, Actor]:
    """A goal, and who asks for it. Raises Http404 where they may not know of it."""
    current_user(request)
    actor = actor_in(request)
    known = Goal.objects.filter(about_seen(actor), reference=reference)
    row = known.select_related("case__person", "case__site").first()
    if row is None:
        raise Http404
    return row, actor


@form_view
def reflection(request: HttpRequest, reference: str) -> HttpResponse:
    """Time to recover and decide."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    profile = profile_of(case.site)
    days = profile.reflection_days if profile else None

    def give(request: HttpRequest, actor: Actor, case: Case) -> None:
        give_reflection(actor=actor, case=case, days=_days(request))

    return form_page(
        request,
        "assistance/reflection",
        case,
        actor,
        give,
        days=days,
        running=reflection_of(case, clock.today(case.site.time_zone)),
    )


def _days(request: HttpRequest) -> int | None:
    text = latin_digits(request.POST.get("days", "")).strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise InputError.at(Message("apps.assistance:days-number"), field="days")
    return int(text)


@form_view
def returning(request: HttpRequest, reference: str) -> HttpResponse:
    """What a return or resettlement would mean, and whether the person wants it."""
    case, actor = case_named(request, reference)
    with shown_or_sent(request, actor, case):
        rows = list(ReturnAssessment.objects.filter(case=case).order_by("-made_at"))
        return form_page(
            request,
            "assistance/return",
            case,
            actor,
            _assess,
            rows=[
                (row, country_label(row.country or ""), _conclusion(row), row.wished is True)
                for row in rows
            ],
            kinds=[(code, code_label("support_types", code)) for code in RETURNS],
            countries=country_options(),
            conclusions=ReturnAssessment.Conclusion.choices,
            wishes=[("yes", _("yes, knowing the risk")), ("no", _("no"))],
            valid_until=day_again(request.POST, "valid_until"),
        )


def _assess(request: HttpRequest, actor: Actor, case: Case) -> None:
    names = ("kind", "conclusion", "text")
    wish = request.POST.get("wished", "")
    assess_return(
        actor=actor,
        case=case,
        wished={"yes": True, "no": False}.get(wish),
        valid_until=day_of(request.POST, "valid_until"),
        country=typed_country(request.POST.get("country", "")),
        **{name: request.POST.get(name, "") for name in names},
    )


def _conclusion(row: ReturnAssessment) -> str:
    known = dict(ReturnAssessment.Conclusion.choices)
    return str(known.get(row.conclusion or "", ""))

"""Studies, the plan of one, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, at_desk, may_open, require_permission
from marfa.apps.accounts.models import User
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Organisation, Site
from marfa.apps.organisations.queries import data_controller, grants_in_force
from marfa.apps.screening.instruments import instrument_library, panel_languages, shipped_lists
from marfa.apps.studies.actions import (
    StudyPlan,
    begin_enrolment,
    close_study,
    plan_study,
    stop_enrolment,
)
from marfa.apps.studies.forms import PlanForm
from marfa.apps.studies.models import PanelMember, Study
from marfa.apps.studies.protocols import APPROVAL, TEXTS, protocol_of
from marfa.apps.studies.queries import (
    ENROL,
    PLAN,
    PURPOSE,
    RESULTS,
    SCORE,
    enrolled_people,
    known_studies,
    may,
    names_of,
    of_the_controller,
    reads_for,
    resource_of,
    sites_of_study,
    study_reading,
    supervisors_of,
    to_assess,
    with_assessment,
)
from marfa.apps.studies.views.common import list_title, study_named
from marfa.domain.languages import own_name
from marfa.domain.message import InputError
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault
from marfa.safeguards.words import Role

STUDIES = ListSpec(
    _("Studies of our questions"),
    (
        Column("list", _("List of questions"), kind="head", order=("instrument",)),
        Column("state", _("State"), order=("state",)),
        Column("begins", _("From"), order=("begins",)),
    ),
    "begins",
    (Filter("state", _("State"), Study.State.choices, lambda code: Q(state=code)),),
)
LABELS = {
    "population": _("Who is asked?"),
    "reference": _("How does the panel decide?"),
    "blinding": _("How is it kept from the panel what the questions said?"),
    "help": _("Who helps whoever is found, on the same day?"),
    "stop_rule": _("What ends the study at once, and who decides it?"),
    "approval_body": _("Which ethics body has approved it?"),
    "approval_number": _("Number of the approval"),
}


@form_view
@at_desk(Desk.PROTECTION)
def all_studies(request: HttpRequest) -> HttpResponseBase:
    """The studies of the organisation."""
    actor = actor_in(request)
    rows = known_studies(actor)
    context = {
        "may_plan": may(actor, PLAN, of_the_controller()),
        "may_oversee": may_open(actor, "studies:load"),
        "titles": {row.instrument: list_title(row.instrument) for row in rows},
    }
    return ListPage(request, STUDIES, rows, "studies/all.html", context).answer()


@form_view
@at_desk(Desk.PROTECTION)
@require_permission(PLAN, of_the_controller, PURPOSE)
def plan(request: HttpRequest) -> HttpResponse:
    """Write a study down."""
    actor, organisation = actor_in(request), data_controller()
    form = PlanForm(
        data_of(request),
        lists=[(one.name, list_title(one.name)) for one in shipped_lists()],
        languages=sorted({code for one in shipped_lists() for code in panel_languages(one.name)}),
        sites=Site.objects.filter(organisation=organisation).order_by("name"),
        readers=_readers(organisation, actor),
    )

    def write() -> HttpResponse:
        made = plan_study(actor=actor, organisation=organisation, plan=_planned(form))
        return redirect("studies:one", made.reference)

    return FormPage(request, "studies/plan.html", form).answer(write)


def _readers(organisation: Organisation, actor: Actor) -> list[User]:
    """Who works in protection for an organisation and could be a reader."""
    held = grants_in_force().filter(organisation=organisation, role=Role.CASE_WORKER.value)
    found = User.objects.filter(pk__in=held.values("user"))
    found = found.exclude(pk=actor.id).exclude(pk__in=supervisors_of(organisation))
    return list(found.order_by("display_name"))


def _planned(form: PlanForm) -> StudyPlan:
    told = form.cleaned_data
    panel = User.objects.filter(reference__in=told["panel"]).values_list("pk", flat=True)
    return StudyPlan(
        instrument=told["instrument"],
        languages=told["languages"],
        sites=list(Site.objects.filter(reference__in=told["sites"])),
        begins=told["begins"],
        approval_ends=told["approval_ends"],
        needed_flagged=told["needed_flagged"],
        needed_not_flagged=told["needed_not_flagged"],
        percent_not_flagged=told["percent_not_flagged"],
        children=told["children"] == "yes",
        assessors_know=told["assessors_know"] == "yes",
        texts={key: told[key] for key in (*TEXTS, *APPROVAL)},
        panel=list(panel),
    )


@form_view
@at_desk(Desk.PROTECTION)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One study: its protocol, how far it is, and what comes next."""
    study, actor = study_named(request, reference)

    def act() -> None:
        step = STEPS.get(request.POST.get("do", ""))
        if step is None:
            raise SuspiciousOperation
        step(actor=actor, study=study)

    def shown() -> dict[str, object]:
        return _shown(study, actor)

    return FormPage(request, "studies/one.html", context=shown).answer(act)


STEPS: dict[str, Callable[..., None]] = {
    "begin": begin_enrolment,
    "stop": stop_enrolment,
    "close": close_study,
}


def _shown(study: Study, actor: Actor) -> dict[str, object]:
    resource, readers = resource_of(study), _panel(study)
    with study_reading(actor, study):
        plan = study.plan or {}
    people = enrolled_people(study)
    return {
        "study": study,
        "title": list_title(study.instrument),
        "sites": sites_of_study(study),
        "languages": [own_name(code) for code in study.words],
        "texts": [(label, plan.get(key, "")) for key, label in LABELS.items()],
        "author": names_of([study.author]).get(study.author, ""),
        "readers": sorted(names_of(readers).values()),
        "enrolled": people.count(),
        "assessed": with_assessment(people).filter(drawn=True).count(),
        "is_same": _is_same(study),
        "to_read": len(to_assess(actor, study)),
        "may_plan": may(actor, PLAN, resource),
        "may_enrol": may(actor, ENROL, resource) and not reads_for(actor, study),
        "may_score": may(actor, SCORE, resource),
        "may_see": may(actor, RESULTS, resource),
        "reads": actor.id in readers,
    }


def _panel(study: Study) -> list[UUID]:
    return list(PanelMember.objects.filter(study=study).values_list("user", flat=True))


def _is_same(study: Study) -> bool:
    """Whether the list is still the one that was planned, with each of its words."""
    library = instrument_library()
    try:
        with open_vault():
            protocol_of(study).must_be_of(library)
    except InputError:
        return False
    return True

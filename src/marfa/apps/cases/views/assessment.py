"""The pages of the individual assessment: an overview, and one area a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from marfa.apps.cases.actions.assessment import (
    TALKED,
    begin_area,
    begin_assessment,
    finish_assessment,
    say_released,
    write_area,
)
from marfa.apps.cases.assessment_guide import all_questions, area_questions, load_guide
from marfa.apps.cases.forms.assessment import ANSWERS, area_form
from marfa.apps.cases.models import AREAS, Assessment, AssessmentArea, Case, ExploitationEpisode
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.queries import needs_of
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    code_choices,
    code_label,
    render_fragment,
)
from marfa.apps.form_pages.editor import Editor
from marfa.apps.form_pages.page import edit_row
from marfa.apps.form_view import form_view
from marfa.apps.registry.birth_field import show_birth
from marfa.domain.codes import format_code
from marfa.safeguards.actor import Actor

FORM = "cases.area"
RELEASED = [("yes", _("yes")), ("no", _("no")), ("", _("not known"))]
VALUE = {"yes": True, "no": False, "": None}


@dataclass(frozen=True)
class Area:
    """One area of an assessment as it is listed. row: what is written, None for nothing. asked:
    the questions of the guide by key."""

    code: str
    label: str
    row: AssessmentArea | None
    asked: Mapping[str, str]

    @property
    def done(self) -> bool:
        return self.row is not None and self.row.state in TALKED

    @property
    def said(self) -> Iterator[tuple[str, object]]:
        """Questions that were answered, in the reader's language, with the answers."""
        known = dict(ANSWERS)
        for key, code in ((self.row.answers or {}) if self.row else {}).items():
            yield self.asked.get(key, key), known.get(code, code)


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """Where help is needed, how far the assessment is, and the episodes of exploitation."""
    needed = needs_of(case)
    last = Assessment.objects.filter(case=case).order_by("-started_at").first()
    episodes = ExploitationEpisode.objects.filter(case=case).order_by("recorded_at", "pk")
    return render_fragment(
        request,
        "cases/assessment_part",
        case=case,
        needed=[(row, code_label("assessment_areas", row.area)) for row in needed],
        last=last,
        episodes=[(row, _forms(row), _when(row)) for row in episodes],
        open=case.state == Case.State.OPEN,
    )


def next_steps(case: Case) -> Iterable[Next]:
    """An assessment that is open or was never begun."""
    there = reverse("cases:assessment", args=[case.reference])
    last = Assessment.objects.filter(case=case).order_by("-started_at").first()
    if last is None:
        yield Next(_("Begin the individual assessment, when the person is ready."), there, 40)
    elif last.state == Assessment.State.OPEN:
        yield Next(_("Continue the individual assessment."), there, 40)


def case_happenings(case: Case) -> Iterable[Happening]:
    """When an assessment was begun and finished, and an episode written down."""
    for row in Assessment.objects.filter(case=case):
        begun = _("The individual assessment was begun")
        yield Happening(row.started_at, begun, "", row.started_by)
        if row.finished_at is not None:
            finished = _("The individual assessment was finished")
            yield Happening(row.finished_at, finished, "", row.finished_by)
    for each in ExploitationEpisode.objects.filter(case=case):
        what = _("An episode of exploitation was recorded")
        yield Happening(each.recorded_at, what, "", each.recorded_by)


PART = CasePart(
    "assessment", _("Individual assessment"), 30, render_part, next_steps, case_happenings
)


@form_view
def overview(request: HttpRequest, reference: str) -> HttpResponse:
    """All areas with how far they are; begun, told of the group, finished from here."""
    case, actor = case_named(request, reference)
    with case_reading(actor, case):
        rows = list(Assessment.objects.filter(case=case).order_by("-started_at"))
        for row in rows:
            row.case = case
        current = next((row for row in rows if row.state == Assessment.State.OPEN), None)
        shown = case_page(request, "cases/assessment", case, partial(_shown, case, rows, current))
        return shown.answer(partial(_act, request, actor, case, current))


def _shown(case: Case, rows: list[Assessment], current: Assessment | None) -> dict[str, object]:
    listed = _listed(case, rows)
    areas = listed[current.pk] if current else []
    left = sum(not each.done for each in areas)
    return {
        "current": current,
        "areas": areas,
        "left": _left(left) if left else "",
        "earlier": [(row, listed[row.pk]) for row in rows if row is not current],
        "released": RELEASED,
        "answer": _released(current),
        "guide": load_guide(),
        "open": case.state == Case.State.OPEN,
    }


def _act(request: HttpRequest, actor: Actor, case: Case, current: Assessment | None) -> None:
    do = request.POST.get("do")
    if do == "begin":
        begin_assessment(actor=actor, case=case)
    elif current is None:
        raise SuspiciousOperation
    elif do == "released" and request.POST.get("released", "") in VALUE:
        said = VALUE[request.POST.get("released", "")]
        say_released(actor=actor, assessment=current, released=said)
    elif do == "finish":
        finish_assessment(actor=actor, assessment=current)
    else:
        raise SuspiciousOperation


@form_view
def area(request: HttpRequest, reference: str, area: str) -> HttpResponse:
    """One area of the assessment that is under way; what is typed is kept."""
    case, actor = case_named(request, reference)
    if area not in AREAS:
        raise Http404
    with case_reading(actor, case):
        current = Assessment.objects.filter(case=case, state=Assessment.State.OPEN).first()
        if current is None or case.state != Case.State.OPEN:
            return redirect("cases:assessment", case.reference)
        row = _row(case, current, area)
        asked = area_questions(area, case.person, get_language() or "en")
        editor = Editor(FORM, area_form(asked), write_area, begin_area, "cases/area.html")
        title, about = code_label("assessment_areas", area), format_code(case.person.code)
        done = _after(case, current, area)
        return edit_row(request, editor, row, title=title, done=done, about=about)


def address_of(area: UUID | None) -> str | None:
    """The page of an area that was typed and not sent; None for one that is finished or gone."""
    if area is None:
        return None
    rows = AssessmentArea.objects.filter(pk=area, assessment__state="open")
    found = rows.values_list("assessment__case__reference", "area").first()
    return reverse("cases:area", args=list(found)) if found else None


def _row(case: Case, current: Assessment, area: str) -> AssessmentArea:
    """What is written of an area; an empty row, not stored, where there is nothing yet."""
    current.case = case
    rows = AssessmentArea.objects.filter(assessment=current, area=area)
    row = rows.first() or AssessmentArea(
        organisation_id=case.organisation_id,
        assessment=current,
        area=area,
        state=AssessmentArea.State.ASKED,
    )
    row.person, row.assessment = case.person, current
    return row


def _after(case: Case, current: Assessment, area: str) -> str:
    """The next area of which nothing is written, else the overview."""
    written = set(AssessmentArea.objects.filter(assessment=current).values_list("area", flat=True))
    following = AREAS[AREAS.index(area) + 1 :]
    left = next((each for each in following if each not in written), None)
    if left is None:
        return reverse("cases:assessment", args=[case.reference])
    return reverse("cases:area", args=[case.reference, left])


def _listed(case: Case, rows: Iterable[Assessment]) -> dict[UUID, list[Area]]:
    """All areas of these assessments, one query."""
    written: dict[tuple[UUID, str], AssessmentArea] = {}
    for row in AssessmentArea.objects.filter(assessment__in=[each.pk for each in rows]):
        written[row.assessment_id, row.area] = row
    names = code_choices("assessment_areas")
    asked = all_questions(case.person, get_language() or "en")
    return {
        each.pk: [Area(code, name, written.get((each.pk, code)), asked) for code, name in names]
        for each in rows
    }


def _forms(row: ExploitationEpisode) -> list[str]:
    return [code_label("exploitation_forms", code) for code in row.forms or ()]


def _when(row: ExploitationEpisode) -> str:
    return " – ".join(show_birth(each) for each in (row.since, row.until) if each)


def _released(current: Assessment | None) -> str:
    said = current.released if current else None
    return next(name for name, value in VALUE.items() if value is said)


def _left(number: int) -> str | Promise:
    return ngettext(
        "%(n)d area has not been discussed yet", "%(n)d areas have not been discussed yet", number
    ) % {"n": number}

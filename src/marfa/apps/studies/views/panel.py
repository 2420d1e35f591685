"""The pages of a panel. No byte of them depends on what the screening said: they read assessments,
and nothing of interviews."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marfa.apps.access import at_desk
from marfa.apps.cases.assessment_guide import all_questions
from marfa.apps.cases.models import Assessment, AssessmentArea, ExploitationEpisode
from marfa.apps.cases.views.assessment import Area
from marfa.apps.cases.views.common import code_choices, code_label
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.studies.actions import record_reading
from marfa.apps.studies.forms import YES_NO
from marfa.apps.studies.models import Enrolment, Study
from marfa.apps.studies.queries import (
    ASSESS,
    PURPOSE,
    assessment_of,
    case_of,
    reads_for,
    to_assess,
)
from marfa.apps.studies.views.common import list_title, study_named
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault


@require_safe
@at_desk(Desk.PROTECTION)
def waiting(request: HttpRequest, reference: str) -> HttpResponse:
    """Codes of those whom the reader has not read yet."""
    study, actor = _of_panel(request, reference)
    context = {
        "study": study,
        "title": list_title(study.instrument),
        "rows": to_assess(actor, study),
    }
    return render(request, "studies/panel.html", context)


def _of_panel(request: HttpRequest, reference: str) -> tuple[Study, Actor]:
    study, actor = study_named(request, reference)
    if not reads_for(actor, study):
        raise PermissionDenied
    return study, actor


@form_view
@at_desk(Desk.PROTECTION)
def read(request: HttpRequest, reference: str, person: str) -> HttpResponse:
    """One assessment, and what the reader finds."""
    study, actor = _of_panel(request, reference)
    row = next((each for each in to_assess(actor, study) if each.reference == person), None)
    if row is None:
        raise Http404

    def keep() -> None:
        record_reading(actor=actor, enrolment=row, found=request.POST.get("found", ""))

    page = FormPage(request, "studies/read.html", context=lambda: _shown(study, row, actor))
    done = reverse("studies:panel", args=[reference])
    return page.answer(keep, done=done, said=_("Saved."))


def _shown(study: Study, row: Enrolment, actor: Actor) -> dict[str, object]:
    assessment = assessment_of(row)
    assert assessment is not None  # noqa: S101 - ``to_assess`` has those alone
    with (
        reading(
            actor=actor,
            code=ASSESS,
            purpose=PURPOSE,
            resource=case_of(row),
            subject=row.person_id,
        ),
        open_vault(),
    ):
        episodes = ExploitationEpisode.objects.filter(case=assessment.case_id)
        return {
            "study": study,
            "row": row,
            "areas": [_area_shown(each) for each in _areas(assessment)],
            "episodes": [
                ([code_label("exploitation_forms", code) for code in each.forms or ()], each.words)
                for each in episodes.order_by("recorded_at", "pk")
            ],
            "found": YES_NO,
        }


def _areas(assessment: Assessment) -> list[Area]:
    written = {row.area: row for row in AssessmentArea.objects.filter(assessment=assessment)}
    asked = all_questions(assessment.person, get_language() or "en")
    names = code_choices("assessment_areas")
    return [Area(code, name, written.get(code), asked) for code, name in names if code in written]


def _area_shown(area: Area) -> tuple[str, str, list[tuple[str, object]], str, str]:
    """Name, need, answered questions, words, what was seen: read while the vault is open."""
    row = area.row
    assert row is not None  # noqa: S101 - ``_areas`` has those alone
    need = code_label("assessment_needs", row.need) if row.need else ""
    return area.label, need, list(area.said), row.words or "", row.seen or ""

"""The page of the quick assessment, with what was found before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from marfa.apps.best_interests.actions.assessments import Assessed, assess_best_interests
from marfa.apps.best_interests.forms import AssessmentForm
from marfa.apps.best_interests.models import BestInterestsAssessment
from marfa.apps.best_interests.models.assessments import DOMAINS
from marfa.apps.best_interests.views.common import page_of_part
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import case_named, case_page, code_label, shown_or_sent
from marfa.apps.form_view import data_of, form_view

MOST = 20


@form_view
@sensitive_variables("told")
def assess(request: HttpRequest, reference: str) -> HttpResponse:
    """Assess what is best for the child, quickly and again."""
    case, actor = case_named(request, reference)
    form = AssessmentForm(data_of(request))

    def act() -> None:
        told = dict(form.cleaned_data)
        domains = {code: told.pop(code) for code in DOMAINS}
        assess_best_interests(actor=actor, case=case, told=Assessed(domains=domains, **told))

    with shown_or_sent(request, actor, case):
        context = {"there": page_of_part(case), "before": _before(case)}
        page = case_page(request, "best_interests/assess", case, context, form=form, alike=None)
        return page.answer(act, done=page_of_part(case), said=_("Saved."))


def _before(case: Case) -> list[tuple[BestInterestsAssessment, list[tuple[str, str]], str]]:
    """What was found before, the newest first, with who wrote it down. Within an open vault."""
    rows = list(BestInterestsAssessment.objects.filter(case=case).order_by("-at", "pk")[:MOST])
    names = names_of([row.by for row in rows])
    return [(row, found_in(row), names.get(row.by, "")) for row in rows]


def found_in(row: BestInterestsAssessment) -> list[tuple[str, str]]:
    """What was found, by area in the reader's language. Within an open vault."""
    found: dict[str, str] = row.domains or {}
    return [(code_label("best_interests_domains", code), said) for code, said in found.items()]

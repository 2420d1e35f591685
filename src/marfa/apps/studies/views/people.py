"""Who takes part, and interviews that are scored twice."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.access import at_desk
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.manifest import Desk
from marfa.apps.studies.actions import enrol_person, score_interview, withdraw_person
from marfa.apps.studies.forms import ConsentForm, ScoreForm
from marfa.apps.studies.models import Study
from marfa.apps.studies.queries import (
    ENROL,
    SCORE,
    can_be_enrolled,
    known_enrolments,
    may_withdraw,
    reads_for,
    with_assessment,
)
from marfa.apps.studies.views.common import item_words, list_title, study_named
from marfa.safeguards.actor import Actor

MOST = 50


@form_view
@at_desk(Desk.PROTECTION)
def people(request: HttpRequest, reference: str) -> HttpResponse:
    """Whom the reader may ask, and who takes part. What an interview found is not shown."""
    study, actor = _to_enrol(request, reference)

    def shown() -> dict[str, object]:
        enrolled = known_enrolments(actor, study)
        done = set(with_assessment(enrolled).values_list("pk", flat=True))
        waiting = [row for row in enrolled if row.drawn and row.pk not in done]
        return {
            "study": study,
            "title": list_title(study.instrument),
            "open": study.state == Study.State.ENROLLING and study.stopped_at is None,
            "to_ask": list(can_be_enrolled(actor, study)[:MOST]),
            "waiting": waiting[:MOST],
            # All of them: whoever agreed can end it at any time.
            "enrolled": list(may_withdraw(actor, study)),
        }

    def withdraw() -> None:
        row = may_withdraw(actor, study).filter(reference=request.POST.get("withdraw")).first()
        if row is None:
            raise Http404
        withdraw_person(actor=actor, enrolment=row)

    page = FormPage(request, "studies/people.html", context=shown)
    return page.answer(withdraw, said=_("The person takes part no more. Their part was deleted."))


def _to_enrol(request: HttpRequest, reference: str) -> tuple[Study, Actor]:
    """A study for whom people may be asked. Its readers ask nobody: they must not know who was
    interviewed and what came of it."""
    study, actor = study_named(request, reference, ENROL)
    if reads_for(actor, study):
        raise PermissionDenied
    return study, actor


@form_view
@at_desk(Desk.PROTECTION)
def enrol(request: HttpRequest, reference: str, interview: str) -> HttpResponse:
    """Ask one person whether they want to take part."""
    study, actor = _to_enrol(request, reference)
    screening = can_be_enrolled(actor, study).filter(reference=interview).first()
    if screening is None:
        raise Http404
    form = ConsentForm(data_of(request))
    back = reverse("studies:people", args=[reference])
    context = {"study": study, "screening": screening, "back": back}

    def ask() -> None:
        if form.cleaned_data["consent"] == "yes":
            enrol_person(actor=actor, study=study, screening=screening, **form.cleaned_data)

    places = {"person": "", "danger": "", "child": ""}
    page = FormPage(request, "studies/enrol.html", form, context, places)
    return page.answer(ask, done=back)


@form_view
@at_desk(Desk.PROTECTION)
def score(request: HttpRequest, reference: str) -> HttpResponse:
    """Score an observed or scripted interview, alone."""
    study, actor = study_named(request, reference, SCORE)
    form = ScoreForm(data_of(request), items=item_words(study.instrument))
    context = {"study": study, "title": list_title(study.instrument)}

    def keep() -> None:
        told = form.cleaned_data
        score_interview(
            actor=actor,
            study=study,
            script=told["script"],
            answers=form.answers,
            later=told["later"] == "yes",
        )

    page = FormPage(request, "studies/score.html", form, context)
    return page.answer(keep, said=_("Saved."))

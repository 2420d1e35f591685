"""A band: what two people sign, until when it holds, and that it is taken back."""

from __future__ import annotations

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from marfa.apps.access import at_desk
from marfa.apps.form_view import FormPage, form_view
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.studies.actions import end_band, propose_band, sign_band
from marfa.apps.studies.actions.bands import says_enough
from marfa.apps.studies.forms import EndForm
from marfa.apps.studies.models import Band, Study
from marfa.apps.studies.presentation import rates_shown, remarks_shown
from marfa.apps.studies.queries import (
    PLAN,
    RESULTS,
    SIGN,
    may,
    names_of,
    resource_of,
    study_reading,
)
from marfa.apps.studies.views.common import list_title, study_named
from marfa.domain.languages import own_name
from marfa.platform import clock
from marfa.safeguards.actor import Actor


@form_view
@at_desk(Desk.PROTECTION)
def band(request: HttpRequest, reference: str) -> HttpResponse:
    """Propose it, sign it, take it back; all that is signed stands on the page."""
    study, actor = study_named(request, reference, RESULTS)
    row = Band.objects.filter(study=study).first()
    proposes = request.POST.get("do") == "propose"
    form = EndForm(request.POST if proposes else None)

    def act() -> None:
        do = request.POST.get("do")
        if proposes:
            propose_band(actor=actor, study=study, ends=form.cleaned_data["ends"])
        elif row is not None and do == "sign":
            sign_band(actor=actor, band=row)
        elif row is not None and do == "end":
            end_band(actor=actor, band=row)
        else:
            raise SuspiciousOperation

    used = form if form.is_bound else None
    context = {"study": study, "title": list_title(study.instrument), "ends_form": form}
    return FormPage(
        request, "studies/band.html", used, lambda: context | _shown(study, row, actor)
    ).answer(act)


def _shown(study: Study, row: Band | None, actor: Actor) -> dict[str, object]:
    resource = resource_of(study)
    with study_reading(actor, study, RESULTS):
        found = study.result
    shown: dict[str, object] = {
        "computed": bool(found),
        "too_few": bool(found) and not says_enough(found),
        "remarks": remarks_shown(found) if found else [],
        "may_plan": may(actor, PLAN, resource),
        "may_sign": may(actor, SIGN, resource),
        "band": row,
    }
    if row is not None:
        names = names_of([row.first_by, row.second_by, row.author])
        shown |= {
            "rates": rates_shown(row.figures),
            "of_1000": row.figures.get("of_1000"),
            "sites": Site.objects.filter(reference__in=row.sites).order_by("name"),
            "languages": [own_name(code) for code in row.words],
            "author": names.get(row.author, ""),
            "first": names.get(row.first_by, "") if row.first_by else "",
            "second": names.get(row.second_by, "") if row.second_by else "",
            "over": row.ends <= clock.now().date(),
        }
    return shown

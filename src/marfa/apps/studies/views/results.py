"""What a study found."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marfa.apps.access import at_desk
from marfa.apps.manifest import Desk
from marfa.apps.studies.presentation import (
    agreement_shown,
    groups_shown,
    rates_shown,
    remarks_shown,
    unlike_items,
)
from marfa.apps.studies.queries import RESULTS, SMALL, may, resource_of, study_reading
from marfa.apps.studies.views.common import item_words, list_title, study_named


@require_safe
@at_desk(Desk.PROTECTION)
def results(request: HttpRequest, reference: str) -> HttpResponse:
    """Error rates with intervals and bounds, by group; agreement, items, missing answers. They are
    there once the study has ended: who looks before may stop when they like what they see."""
    study, actor = study_named(request, reference, RESULTS)
    with study_reading(actor, study, RESULTS):
        found = study.result
    context: dict[str, object] = {"study": study, "title": list_title(study.instrument)}
    if found:
        words, counts = dict(item_words(study.instrument)), may(actor, SMALL, resource_of(study))
        context |= {
            "found": found,
            "rates": rates_shown(found),
            "groups": groups_shown(found, counts=counts),
            "counts": counts,
            "agreement": agreement_shown(found["agreement"], words),
            "later": agreement_shown(found["retest"], words),
            "items": unlike_items(found, words),
            "remarks": remarks_shown(found),
            "panel": found["panel"],
        }
    return render(request, "studies/results.html", context)

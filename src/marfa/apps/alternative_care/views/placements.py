"""The pages of a child in care: placed, reviewed, visited, moved, and gone."""

from __future__ import annotations

from functools import partial

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.alternative_care.actions import placements as actions
from marfa.apps.alternative_care.actions.placements import Wanted
from marfa.apps.alternative_care.forms import MoveForm, PlacementForm
from marfa.apps.alternative_care.models import CarePlace, CareReview, Placement
from marfa.apps.alternative_care.queries import known_place, places_for, readable_places
from marfa.apps.alternative_care.vetting_state import (
    in_doubt_since,
    places_in_doubt,
    review_due,
)
from marfa.apps.cases.models import Case
from marfa.apps.cases.queries import READ, known_cases
from marfa.apps.cases.views.common import (
    case_named,
    case_page,
    case_reading,
    code_label,
    may_act_on,
)
from marfa.apps.form_view import data_of, form_view
from marfa.apps.organisations.forms import day_again
from marfa.apps.tracing.forms import AgreedForm
from marfa.apps.tracing.siblings import agreed_partings, stays_with
from marfa.apps.tracing.views.common import YES_NO, day_end, yes_or_no
from marfa.platform import clock
from marfa.safeguards.actor import Actor


def placement_named(request: HttpRequest, reference: str) -> tuple[Placement, Case, Actor]:
    """A placement for who may read the case. Raises Http404 where they may not know of the person,
    PermissionDenied where they may not read the case."""
    actor = actor_in(request)
    found = Placement.objects.filter(reference=reference, case__in=known_cases(actor))
    row = found.first()
    if row is None:
        raise Http404
    case = known_cases(actor).get(pk=row.case_id)
    if not may_act_on(actor, case, READ):
        raise PermissionDenied
    row.case, row.person = case, case.person
    return row, case, actor


def offered(actor: Actor, case: Case) -> list[tuple[str, str]]:
    """Where a child may go, of places that take them: first the vetted, then, for an emergency,
    those of which nobody has asked yet and that are in no doubt."""
    taking = places_for(actor, case)
    fitting = taking.filter(~places_in_doubt())
    free = [each for each in taking.filter(vettings=None) if in_doubt_since(each) is None]
    kind, unvetted = partial(code_label, "care_kinds"), _("emergency only: not vetted")
    return [
        *((each.reference, f"{each.label} · {kind(each.kind)}") for each in fitting),
        *((each.reference, f"{each.label} · {kind(each.kind)} · {unvetted}") for each in free),
    ]


@form_view
def place(request: HttpRequest, reference: str) -> HttpResponse:
    """A child comes into a place."""
    case, actor = case_named(request, reference)
    with case_reading(actor, case):
        places = offered(actor, case)
        form = PlacementForm(data_of(request), case, places)
        page = case_page(
            request,
            "alternative_care/place_child",
            case,
            partial(_around, actor, case, places),
            form=form,
            alike=None,
        )
        return page.answer(partial(_place, actor, case, form), said=_("Saved."))


def _around(actor: Actor, case: Case, places: list[tuple[str, str]]) -> dict[str, object]:
    apart = agreed_partings(case.person)
    together = [other.code for other in stays_with(actor, case.person) if other.pk not in apart]
    return {"places": places, "together": together}


def _place(actor: Actor, case: Case, form: PlacementForm) -> HttpResponse:
    row = actions.place_child(
        actor=actor, case=case, place=_chosen(actor, form), wanted=_wanted(form)
    )
    return redirect("cases:placement", row.reference)


def _chosen(actor: Actor, form: PlacementForm) -> CarePlace:
    return readable_places(actor).get(reference=form.cleaned_data["place"])


def _wanted(form: PlacementForm) -> Wanted:
    told = form.cleaned_data
    return Wanted(told["sort"], told["view"], told["text"], agreement=form.answered())


@form_view
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """A child moves to another place."""
    row, case, actor = placement_named(request, reference)
    lives_at = known_place(row)
    if lives_at is None:
        raise PermissionDenied
    with case_reading(actor, case):
        places = [each for each in offered(actor, case) if each[0] != lives_at.reference]
        form = MoveForm(data_of(request), case, places)
        page = case_page(
            request,
            "alternative_care/place_child",
            case,
            lambda: {"row": row, **_around(actor, case, places)},
            form=form,
            alike=None,
        )
        return page.answer(partial(_move, actor, row, form), said=_("Saved."))


def _move(actor: Actor, row: Placement, form: MoveForm) -> HttpResponse:
    made = actions.move_child(
        actor=actor,
        placement=row,
        place=_chosen(actor, form),
        wanted=_wanted(form),
        text=form.cleaned_data["why"],
    )
    return redirect("cases:placement", made.reference)


@form_view
def placement(request: HttpRequest, reference: str) -> HttpResponse:
    """Where a child lives: the review that is due, visits, and how it ended."""
    row, case, actor = placement_named(request, reference)
    page = case_page(
        request,
        "alternative_care/placement",
        case,
        partial(_shown, request, row, case),
        within=partial(case_reading, actor, case),
    )
    return page.answer(partial(_do, request, row, case, actor), said=_("Saved."))


def _shown(request: HttpRequest, row: Placement, case: Case) -> dict[str, object]:
    # Within ``case_reading``, also after an action that went wrong.
    row.refresh_from_db()
    lives, place = row.state == Placement.State.CURRENT, known_place(row)
    emergency = row.sort == Placement.Sort.EMERGENCY
    sent = data_of(request) if request.POST.get("do") == "settle" else None
    return {
        "row": row,
        "lives": lives,
        "place": place,
        "kind": code_label("care_kinds", place.kind) if place else "",
        "due": review_due(row) if lives else None,
        "since": in_doubt_since(place) if lives and place else None,
        "reviews": list(row.reviews.order_by("-at", "-pk")),
        "visits": list(row.visits.order_by("-at", "-pk")),
        "settles": AgreedForm(sent, case) if lives and emergency else None,
        "outcomes": CareReview.Outcome.choices,
        "ends": [each for each in Placement.End.choices if each[0] != Placement.End.MOVED],
        "yes_no": YES_NO,
        "next": day_again(request.POST, "next"),
        "now": clock.now(),
        "open": case.state == Case.State.OPEN,
    }


def _do(request: HttpRequest, row: Placement, case: Case, actor: Actor) -> None:
    sent = request.POST
    if known_place(row) is None:
        raise PermissionDenied
    match sent.get("do"):
        case "review":
            actions.review_child(
                actor=actor,
                placement=row,
                outcome=sent.get("outcome", ""),
                view=sent.get("view", ""),
                text=sent.get("text", ""),
                next_at=day_end(request, "next", case),
            )
        case "visit":
            actions.record_care_visit(
                actor=actor,
                placement=row,
                alone=yes_or_no(request, "alone"),
                announced=yes_or_no(request, "announced"),
                text=sent.get("seen", ""),
            )
        case "settle":
            form = AgreedForm(sent, case)
            form.full_clean()
            actions.settle_emergency(actor=actor, placement=row, agreement=form.answered())
        case "end":
            end, text = sent.get("end", ""), sent.get("why", "")
            actions.end_placement(actor=actor, placement=row, end=end, text=text)
        case _:
            raise SuspiciousOperation

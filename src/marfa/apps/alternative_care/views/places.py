"""The pages of caregivers and places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marfa.apps.access import actor_in, at_desk, require_permission_somewhere
from marfa.apps.alternative_care import queries
from marfa.apps.alternative_care.actions import places as actions
from marfa.apps.alternative_care.forms import NewPlaceForm, PlaceForm
from marfa.apps.alternative_care.models import CareCheck, CareDoubt, CarePlace
from marfa.apps.alternative_care.vetting_state import (
    in_doubt_since,
    open_doubts,
    places_in_doubt,
    runs_out_at,
    with_room,
)
from marfa.apps.cases.queries import names_of
from marfa.apps.cases.views.common import code_choices
from marfa.apps.form_view import FormPage, data_of, form_view
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, coded, own_sites
from marfa.apps.manifest import Desk
from marfa.apps.organisations.forms import day_again, day_of
from marfa.apps.organisations.models import Site
from marfa.apps.tracing.views.common import YES_NO, yes_or_no
from marfa.domain.message import InputError, Message
from marfa.platform import clock
from marfa.platform.moments import end_of_day
from marfa.safeguards.actor import Actor

STANDS = (
    ("free", gettext_lazy("takes children")),
    ("doubt", gettext_lazy("takes none: not vetted, or in doubt")),
    ("full", gettext_lazy("full")),
)


def _standing(code: str) -> Q:
    found = {"free": with_room() & ~places_in_doubt(), "doubt": places_in_doubt()}
    return found.get(code, ~with_room() & ~places_in_doubt())


LIST = ListSpec(
    gettext_lazy("Caregivers and places"),
    (
        Column("label", gettext_lazy("Short name"), kind="head", order=("label",)),
        Column("kind", gettext_lazy("Kind"), order=("kind", "label")),
        Column("whom", gettext_lazy("Takes")),
        Column("state", gettext_lazy("State")),
        Column("until", gettext_lazy("Vetted until")),
        Column("site", gettext_lazy("Site"), kind="plain"),
    ),
    "label",
    (
        Filter("kind", gettext_lazy("Kind"), coded("care_kinds"), lambda code: Q(kind=code)),
        Filter("state", gettext_lazy("State"), STANDS, _standing),
        Filter("site", gettext_lazy("Site"), own_sites, lambda code: Q(site__reference=code)),
        Filter(
            "access",
            gettext_lazy("Access"),
            (("step_free", gettext_lazy("step-free")), ("equipped", gettext_lazy("equipped"))),
            lambda code: Q(**{code: True}),
        ),
    ),
    titled=True,
)


@form_view
@at_desk(Desk.PROTECTION)
@require_permission_somewhere(queries.READ, queries.any_places, queries.PURPOSE)
def every(request: HttpRequest) -> HttpResponseBase:
    """All of them. Whether one is full is said, how many live there is not."""
    actor = actor_in(request)
    context = {"writes": bool(queries.organisations_where(actor, queries.WRITE))}
    page = ListPage(
        request,
        LIST,
        queries.readable_places(actor),
        "alternative_care/places.html",
        context,
        prepare=say_standing,
    )
    return page.answer()


def say_standing(places: Sequence[CarePlace]) -> None:
    """Give each place how it stands and until when it is vetted, in as many queries for many."""
    keys = [each.pk for each in places]
    found = CarePlace.objects.filter(pk__in=keys)
    doubtful = set(found.filter(places_in_doubt()).values_list("pk", flat=True))
    full = set(found.exclude(with_room()).values_list("pk", flat=True))
    until = dict(queries.vetted_until(keys))
    for each in places:
        stands = "doubt" if each.pk in doubtful else "full" if each.pk in full else "free"
        each.stands, each.said = stands, dict(STANDS)[stands]  # type: ignore[attr-defined]
        each.until = until.get(each.pk)  # type: ignore[attr-defined]


@form_view
@at_desk(Desk.PROTECTION)
@require_permission_somewhere(queries.WRITE, queries.any_places, queries.PURPOSE)
def add(request: HttpRequest) -> HttpResponse:
    """Record one. It takes nobody before it is vetted."""
    actor = actor_in(request)
    organisations = queries.organisations_where(actor, queries.WRITE)
    sites = list(Site.objects.filter(organisation__in=organisations).order_by("name", "pk"))
    form = NewPlaceForm(data_of(request), sites)

    def act() -> HttpResponse:
        told = dict(form.cleaned_data)
        named = told.pop("site")
        site = next(each for each in sites if each.reference == named)
        made = actions.record_place(actor=actor, site=site, told=told)
        return redirect("care:place", made.reference)

    return FormPage(request, "alternative_care/add_place.html", form).answer(act, said=_("Saved."))


@form_view
@at_desk(Desk.PROTECTION)
@require_permission_somewhere(queries.WRITE, queries.any_places, queries.PURPOSE)
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Change what is known of one."""
    actor, place = _place(request, reference)
    if not queries.may(actor, queries.WRITE, place):
        raise PermissionDenied
    with queries.reading_place(actor, place):
        form = PlaceForm(data_of(request), place)
        page = FormPage(request, "alternative_care/add_place.html", form, {"place": place})
        act = partial(_change, actor, place, form)
        return page.answer(act, said=_("Saved."))


def _change(actor: Actor, place: CarePlace, form: PlaceForm) -> HttpResponse:
    actions.change_place(actor=actor, place=place, told=form.cleaned_data)
    return redirect("care:place", place.reference)


@form_view
@at_desk(Desk.PROTECTION)
@require_permission_somewhere(queries.READ, queries.any_places, queries.PURPOSE)
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One of them: how it was vetted, who lives there of those whom the reader may know, and what
    is in doubt."""
    actor, place = _place(request, reference)
    page = FormPage(
        request,
        "alternative_care/place.html",
        context=partial(_shown, request, actor, place),
        within=partial(queries.reading_place, actor, place),
        site=place.site,
    )
    return page.answer(partial(_do, request, actor, place))


def _place(request: HttpRequest, reference: str) -> tuple[Actor, CarePlace]:
    actor = actor_in(request)
    found = queries.readable_places(actor).filter(reference=reference).first()
    if found is None:
        raise Http404
    return actor, found


def _shown(request: HttpRequest, actor: Actor, place: CarePlace) -> dict[str, object]:
    # Within ``reading_place``.
    place.refresh_from_db()
    say_standing([place])
    doubts = list(open_doubts(place))
    asked = place.vettings.filter(agreed=None).first()
    return {
        "place": place,
        "takes": dict(queries.TAKES)[place.takes],
        "checks": [
            (label, place.carechecks.filter(check_kind=code).order_by("-done_at", "-pk").first())
            for code, label in code_choices("care_checks")
        ],
        "asked": asked,
        "asked_by": names_of([asked.asked_by]).get(asked.asked_by, "") if asked else "",
        "vets": asked is not None and queries.may(actor, queries.VET, place, asked.asked_by),
        "doubts": [(row, queries.may(actor, queries.VET, place, row.by)) for row in doubts],
        "since": in_doubt_since(place),
        "ran_out": runs_out_at(place),
        "children": list(queries.children_in(actor, place)),
        "writes": queries.may(actor, queries.WRITE, place),
        "kinds": code_choices("care_checks"),
        "outcomes": CareCheck.Outcome.choices,
        "whys": [each for each in CareDoubt.Why.choices if each[0] != CareDoubt.Why.CHECK],
        "yes_no": YES_NO,
        "done": day_again(request.POST, "done"),
        "until": day_again(request.POST, "until"),
        "now": clock.now(),
    }


def _do(request: HttpRequest, actor: Actor, place: CarePlace) -> HttpResponse:
    sent = request.POST
    match sent.get("do"):
        case "check":
            _check(request, actor, place)
        case "ask":
            actions.ask_vetting(actor=actor, place=place)
        case "answer":
            asked = place.vettings.filter(agreed=None).first()
            if asked is None:
                raise InputError.at(Message("apps.cases:answered-already"))
            actions.answer_vetting(actor=actor, vetting=asked, agree=yes_or_no(request, "agree"))
        case "doubt":
            why, text = sent.get("why", ""), sent.get("doubt_text", "")
            actions.raise_doubt(actor=actor, place=place, why=why, text=text)
        case "settle":
            doubt = open_doubts(place).filter(reference=sent.get("doubt", "")).first()
            if doubt is None:
                raise InputError.at(Message("apps.cases:answered-already"))
            actions.settle_doubt(actor=actor, doubt=doubt, text=sent.get("answer", ""))
        case "end":
            actions.end_place(actor=actor, place=place)
        case _:
            raise SuspiciousOperation
    messages.success(request, _("Saved."))
    return redirect("care:place", place.reference)


def _check(request: HttpRequest, actor: Actor, place: CarePlace) -> None:
    zone, sent = place.site.time_zone, request.POST
    done, until = day_of(sent, "done"), day_of(sent, "until")
    if done is None or until is None:
        raise InputError.at(Message("apps.alternative_care:check-days"), field="until")
    actions.record_check(
        actor=actor,
        place=place,
        kind=sent.get("check", ""),
        outcome=sent.get("outcome", ""),
        done_at=clock.now() if done == clock.today(zone) else end_of_day(done, zone),
        until=end_of_day(until, zone),
        text=sent.get("text", ""),
    )

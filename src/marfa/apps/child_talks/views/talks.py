"""The pages of a talk with a child, and the one that says why no list is put."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in, current_user
from marfa.apps.cases.action_base import CHOOSE_ONE
from marfa.apps.child_talks.actions import talks as acting
from marfa.apps.child_talks.lowest_age import (
    is_age_open,
    may_be_child,
    may_have_list,
    minutes_for,
    settings_of,
)
from marfa.apps.child_talks.models import AdultAccount, ChildTalk
from marfa.apps.child_talks.queries import (
    OPEN,
    READ,
    earlier_screenings,
    earlier_talks,
    may_read_talks,
    may_talk,
    open_talk,
    other_of,
    talks_of,
    told_already,
    trained_at,
    training_of,
    untrained,
    verified_ties,
)
from marfa.apps.child_talks.spoken import SET, spoken_lines
from marfa.apps.form_view import Context, FormPage, form_view
from marfa.apps.manifest import site_duties
from marfa.apps.registry.ages import treated_as_child
from marfa.apps.registry.labels import code_label
from marfa.apps.registry.models import Person
from marfa.apps.registry.reader import reader_of
from marfa.apps.registry.visibility import about_seen
from marfa.apps.screening.queries import purpose_of
from marfa.domain.addressee import Addressee
from marfa.domain.codelists import codelist
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.safeguards.actions import reading
from marfa.safeguards.actor import Actor
from marfa.safeguards.vault.access import open_vault

__all__ = ["SET", "begin", "no_list", "talk"]


@form_view
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Before a talk: what is known already, what is said first, who is there, and leave."""
    person, actor = _child(request, reference)
    going_on = open_talk(person)
    if going_on is not None:
        return redirect("child_talks:talk", going_on.reference)

    def act() -> HttpResponse:
        assert person.site is not None  # noqa: S101 - looked at when it was opened
        made = acting.begin_talk(
            actor=actor, person=person, site=person.site, setting=_setting(request)
        )
        if made.state == ChildTalk.State.OPEN:
            return redirect("child_talks:talk", made.reference)
        return redirect("people:person", person.reference)

    page = FormPage(
        request,
        "child_talks/begin.html",
        context=partial(_before, request, actor, person),
        within=partial(_reading, actor, person),
        site=person.site,
    )
    return page.answer(act, said=_("Saved."))


@form_view
def no_list(request: HttpRequest, reference: str) -> HttpResponse:
    """Why no list is put to this child, the steps in danger, and where it goes on without one."""
    person, actor = _child(request, reference)

    def act() -> None:
        if request.POST.get("reached") not in ("yes", "no"):
            raise InputError.at(CHOOSE_ONE, field="reached")
        acting.state_age(actor=actor, person=person, reached=request.POST["reached"] == "yes")

    def shown() -> Context:
        return {
            "person": person,
            "least": settings_of(person.organisation_id).least_age,
            "age_open": is_age_open(person),
            "allowed": may_have_list(person),
            "untrained": untrained(actor, person.site) if may_be_child(person) else None,
        }

    page = FormPage(request, "child_talks/no_list.html", context=shown, site=person.site)
    return page.answer(act, said=_("Saved."))


@form_view
def talk(request: HttpRequest, reference: str) -> HttpResponse:
    """A talk that goes on: its clock, Stop, what the child tells and what is seen."""
    row, actor = _talk(request, reference)

    def act() -> HttpResponse | None:
        do = request.POST.get("do", "")
        if do in ("tell", "end", "another_day"):
            _keep(request, actor, row)
        if do in ("end", "another_day"):
            acting.end_talk(actor=actor, talk=row, another_day=do == "another_day")
            return redirect("people:person", row.person.reference)
        _step(request, actor, row, do)
        return None

    page = FormPage(
        request,
        "child_talks/talk.html",
        context=partial(_during, request, actor, row),
        within=partial(_reading, actor, row.person),
        site=row.site,
    )
    return page.answer(act, done=request.path, said=_("Saved."))


def _step(request: HttpRequest, actor: Actor, row: ChildTalk, do: str) -> None:
    if do == "pause":
        _keep(request, actor, row)
        acting.pause_talk(actor=actor, talk=row)
    elif do == "go_on":
        acting.go_on_with_talk(actor=actor, talk=row)
    elif do == "adult":
        named = request.POST.get("tie", "")
        tie = next((one for one in verified_ties(row.person) if one.reference == named), None)
        text = request.POST.get("text", "")
        acting.add_adult_account(actor=actor, talk=row, tie=tie, text=text)
    elif do != "tell":
        raise SuspiciousOperation


def _keep(request: HttpRequest, actor: Actor, row: ChildTalk) -> None:
    posted = request.POST
    if "told" not in posted:
        return
    acting.keep_told(
        actor=actor,
        talk=row,
        told=posted["told"],
        seen=posted.get("seen", ""),
        signs=posted.getlist("signs"),
    )


def _child(request: HttpRequest, reference: str) -> tuple[Person, Actor]:
    """Who is or may be a child, for who may write down what it tells. Raises Http404 for a grown-up
    and where the reader may know of nobody, PermissionDenied."""
    reader = reader_of(request, reference)
    person = reader.person
    if person.site is None or not treated_as_child(person, clock.today(person.time_zone)):
        raise Http404
    if not may_talk(reader.actor, person):
        raise PermissionDenied
    return person, reader.actor


def _talk(request: HttpRequest, reference: str) -> tuple[ChildTalk, Actor]:
    current_user(request)
    actor = actor_in(request)
    rows = ChildTalk.objects.filter(about_seen(actor), reference=reference)
    row = rows.select_related("person__site", "site", "beside").first()
    if row is None:
        raise Http404
    if not may_read_talks(actor, row.person):
        raise PermissionDenied
    return row, actor


def _reading(actor: Actor, person: Person) -> AbstractContextManager[object]:
    """What a child told, readable within it, on the record."""
    stack = ExitStack()
    stack.enter_context(open_vault())
    stack.enter_context(
        reading(
            actor=actor,
            code=READ,
            purpose=purpose_of(actor),
            resource=talks_of(person),
            subject=person.pk,
        )
    )
    return stack


def _setting(request: HttpRequest) -> acting.Setting:
    posted = request.POST
    wants = {"yes": True, "no": False}.get(posted.get("wants_supporter", ""))
    return acting.Setting(
        way=posted.get("way", ""),
        apart=posted.get("apart", ""),
        wants_supporter=wants,
        supporter=posted.get("supporter", ""),
        language=posted.get("language", ""),
        interpreter=posted.get("interpreter", ""),
        told_first=bool(posted.get("told_first")),
        leave=posted.get("do", ""),
    )


def _before(request: HttpRequest, actor: Actor, person: Person) -> Context:
    assert person.site is not None  # noqa: S101 - looked at when it was opened
    zone, form = person.site.time_zone, _form(person)
    return {
        "person": person,
        "trained": training_of(actor.id, zone) is not None,
        "names": trained_at(person.site),
        "lists": may_have_list(person),
        "minutes": minutes_for(person),
        "ways": ChildTalk.Way.choices,
        "aparts": _aparts(person),
        "duties": site_duties(person.site, get_language() or "en"),
        "lines": spoken_lines(get_language() or "en", form, live=not settings.DEMONSTRATION),
        **_known(actor, person),
    }


def _aparts(person: Person) -> list[tuple[str, str]]:
    """Apart, or with an adult of verified tie whom the child wishes to have there."""
    beside = [
        (row.reference, _("No: the child wishes this adult to be there: %s") % _tie(row.kind))
        for row in verified_ties(person)
    ]
    return [
        (acting.APART, _("Yes, the child is apart from every adult who came along")),
        *beside,
        (acting.NOT_POSSIBLE, _("No, and it is not possible now")),
    ]


def _tie(kind: str) -> str:
    return code_label("relationship_kinds", kind)


def _known(actor: Actor, person: Person) -> Context:
    """Earlier accounts, for the officer alone."""
    return {
        "already": told_already(actor, person),
        "talks": [row for row in earlier_talks(person) if row.state not in OPEN],
        "screenings": list(earlier_screenings(person)),
        "adults": _adults(person),
    }


def _adults(person: Person) -> list[tuple[str, AdultAccount]]:
    rows = AdultAccount.objects.filter(person=person).select_related("tie").order_by("at", "pk")
    return [(_tie(row.tie.kind), row) for row in rows]


def _during(request: HttpRequest, actor: Actor, row: ChildTalk) -> Context:
    person, spent = row.person, acting.spent_of(row)
    sent = request.POST if request.method == "POST" and "told" in request.POST else None
    return {
        "row": row,
        "person": person,
        "going_on": row.state in OPEN,
        # Also where a colleague ended it meanwhile: what somebody typed is not lost.
        "writes": row.state in OPEN or sent is not None,
        "spent": spent // 60,
        "enough": spent >= row.minutes * 60,
        "trained": training_of(actor.id, row.site.time_zone) is not None,
        "told": sent["told"] if sent else row.told or "",
        "seen": sent.get("seen", "") if sent else row.seen or "",
        "signs": codelist("child_signs").choices(get_language() or "en"),
        "chosen": sent.getlist("signs") if sent else row.signs or [],
        "ties": [(one.reference, _tie(one.kind)) for one in verified_ties(person)],
        "beside": _beside(row),
        "there": reverse("people:person", args=[person.reference]),
        **_known(actor, person),
    }


def _beside(row: ChildTalk) -> str:
    found = [one for one in verified_ties(row.person) if row.beside_id is not None]
    return next(
        (_tie(one.kind) for one in found if other_of(one, row.person).pk == row.beside_id), ""
    )


def _form(person: Person) -> Addressee:
    return Addressee.MASCULINE if person.sex == "male" else Addressee.FEMININE

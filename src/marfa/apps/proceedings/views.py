"""The pages about what somebody says to an investigation, apart from the help that they get."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marfa.apps.access import actor_in, current_user
from marfa.apps.accounts.step_up import step_up_first
from marfa.apps.agreements.labels import recipient_name
from marfa.apps.agreements.queries import recipient_called, recipients_in_use
from marfa.apps.cases.views.formal_identification import day_said
from marfa.apps.form_view import Context, FormPage, form_view
from marfa.apps.proceedings.actions import (
    PURPOSE,
    READ,
    TO,
    WRITE,
    ask_counsel,
    ask_measure,
    decide_measure,
    disclose_act,
    name_counsel,
    proceedings_of,
    proceedings_reading,
    record_act,
    record_cooperation,
    review_act,
    said_no,
)
from marfa.apps.proceedings.models import CompelledAct, Cooperation, Measure, NonPunishment
from marfa.apps.registry.models import Person
from marfa.apps.registry.reader import facts_shown, reader_of
from marfa.apps.registry.visibility import about_seen
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import DeniedError, Resource, Value

ASKED: dict[str, Value] = {"on_record": True, "purpose": PURPOSE.value}
VERDICTS = {"yes": gettext_lazy("It may be sent"), "no": gettext_lazy("It must not be sent")}
Act = Callable[[HttpRequest, Actor, Person], object]


@form_view
def show(request: HttpRequest, reference: str) -> HttpResponse:
    """What was answered, which measures were asked for, counsel, and acts written with counsel."""
    reader = reader_of(request, reference)
    person, actor = reader.person, reader.actor

    def act() -> None:
        step = STEPS.get(request.POST.get("do", ""))
        if step is None:
            raise SuspiciousOperation
        step(request, actor, person)

    shown, within = partial(_shown, actor, person), partial(proceedings_reading, actor, person)
    return _page(request, "show", person, shown, within).answer(act, said=_("Saved."))


@form_view
def write_act(request: HttpRequest, reference: str) -> HttpResponse:
    """With counsel beside the person, and not otherwise."""
    reader = reader_of(request, reference)
    person, actor = reader.person, reader.actor
    if not decide(actor, READ, proceedings_of(person), ASKED).allowed:
        raise PermissionDenied

    def write() -> None:
        there = bool(request.POST.get("with_counsel"))
        if not there:
            raise InputError.at(Message("apps.proceedings:counsel-first"), field="with_counsel")
        text = request.POST.get("text", "")
        record_act(actor=actor, person=person, text=text, with_counsel=there)

    done = reverse("proceedings:show", args=[reference])
    return _page(request, "write_act", person).answer(write, done=done, said=_("Saved."))


@form_view
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody else than who wrote it down looks at it, and says whether it may leave."""
    act, actor = _act(request, reference)
    if act.may_leave:
        raise Http404

    def shown() -> Context:
        return {**_with_reviews(act), "verdicts": VERDICTS.items()}

    def within() -> AbstractContextManager[object]:
        if act.entered_by == actor.id or said_no(act, actor):
            raise PermissionDenied
        return proceedings_reading(actor, act.person)

    page = _page(request, "review", act.person, shown, within)
    done = reverse("proceedings:show", args=[act.person.reference])
    return page.answer(partial(_review, request, actor, act), done=done, said=_("Saved."))


def _review(request: HttpRequest, actor: Actor, act: CompelledAct) -> None:
    verdict = request.POST.get("may_leave", "")
    if verdict not in VERDICTS:
        raise InputError.at(Message("apps.proceedings:choose-one"), field="may_leave")
    text = request.POST.get("text", "")
    review_act(actor=actor, act=act, text=text, may_leave=verdict == "yes")


@form_view
@step_up_first
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Send an act that may leave to counsel or a court; what is handed over is shown once."""
    act, actor = _act(request, reference)
    if not act.may_leave:
        raise Http404

    def shown() -> Context:
        known = [each for each in recipients_in_use() if each.kind in TO]
        to = [(each.reference, recipient_name(each)) for each in known]
        return {**_with_reviews(act), "to": to}

    page = _page(
        request, "send", act.person, shown, partial(proceedings_reading, actor, act.person)
    )
    return page.answer(partial(_send, request, actor, act))


def _send(request: HttpRequest, actor: Actor, act: CompelledAct) -> HttpResponse:
    recipient = recipient_called(request.POST.get("recipient", ""))
    if recipient is None:
        raise InputError.at(Message("apps.proceedings:choose-one"), field="recipient")
    try:
        text, sent = disclose_act(actor=actor, act=act, recipient=recipient)
    except DeniedError as error:
        # The charter's sentence stands on the page, with what was chosen.
        raise InputError.at(error.decision.message) from None
    told = {"act": act, "words": text, "code": sent.values.get("Person.code", "")}
    return _page(request, "sent", act.person, lambda: told).shown()


def render_section(request: HttpRequest, person: Person) -> SafeString | None:
    """The part of a person's page: the way to the proceedings, and nothing of what stands there."""
    facts = facts_shown(request, person).facts
    if not decide(actor_in(request), READ, Resource("Case", person.pk, facts), ASKED).allowed:
        return None
    made = render_to_string("proceedings/section.html", {"person": person}, request)
    return mark_safe(made)  # noqa: S308 - escaped by the template


def _shown(actor: Actor, person: Person) -> dict[str, object]:
    """Within ``proceedings_reading``."""
    written = CompelledAct.objects.filter(person=person).prefetch_related("earlier")
    acts = list(written.order_by("entered_at"))
    return {
        "answers": list(Cooperation.objects.filter(person=person).order_by("-at")),
        "measures": list(Measure.objects.filter(person=person).order_by("-asked_at")),
        "counsel": NonPunishment.objects.filter(person=person).first(),
        "acts": [{**_with_reviews(act), "waits": _asked_of(act, actor)} for act in acts],
        "kinds": Cooperation.Answer.choices,
        "measure_kinds": Measure.Kind.choices,
        "states": Measure.State.choices,
        "may_write": decide(actor, WRITE, proceedings_of(person), ASKED).allowed,
    }


def _asked_of(act: CompelledAct, actor: Actor) -> str:
    """What an act waits for from whoever looks at it; empty, where it waits for somebody else."""
    if not act.may_leave:
        return "" if act.entered_by == actor.id or said_no(act, actor) else "review"
    return "" if act.reviewed_by == actor.id else "send"


def _with_reviews(act: CompelledAct) -> dict[str, object]:
    """An act, and what each of its reviews said, the newest first. Within
    ``proceedings_reading``."""
    before = sorted(act.earlier.all(), key=lambda row: (row.at, row.pk), reverse=True)
    said = [(row.may_leave, row.at, row.words) for row in before]
    if act.reviewed_at is not None:
        said.insert(0, (act.may_leave, act.reviewed_at, act.review))
    return {"act": act, "reviews": said}


def _act(request: HttpRequest, reference: str) -> tuple[CompelledAct, Actor]:
    current_user(request)
    actor = actor_in(request)
    found = CompelledAct.objects.filter(about_seen(actor), reference=reference)
    act = found.select_related("person", "person__site").first()
    if act is None or not decide(actor, READ, proceedings_of(act.person), ASKED).allowed:
        raise Http404
    return act, actor


def _page(
    request: HttpRequest,
    template: str,
    person: Person,
    context: Callable[[], Context] = dict,
    within: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> FormPage:
    return FormPage(
        request,
        f"proceedings/{template}.html",
        context=lambda: {"person": person, **context()},
        within=within,
        site=person.site,
    )


def _cooperation(request: HttpRequest, actor: Actor, person: Person) -> None:
    told = {name: request.POST.get(name, "") for name in ("answer", "authority", "text")}
    record_cooperation(actor=actor, person=person, **told)


def _measure(request: HttpRequest, actor: Actor, person: Person) -> None:
    text = request.POST.get("measure_text", "")
    ask_measure(actor=actor, person=person, kind=request.POST.get("kind", ""), text=text)


def _decided(request: HttpRequest, actor: Actor, person: Person) -> None:
    named = request.POST.get("measure", "")
    row = Measure.objects.filter(person=person, reference=named).first()
    if row is None:
        raise SuspiciousOperation
    row.person = person
    until = day_said(request.POST.get("until", ""), field="until")
    decide_measure(actor=actor, measure=row, state=request.POST.get("state", ""), until=until)


def _counsel(request: HttpRequest, actor: Actor, person: Person) -> None:
    row = NonPunishment.objects.filter(person=person).first()
    if row is None:
        ask_counsel(actor=actor, person=person)
        return
    row.person = person
    name_counsel(actor=actor, row=row, counsel=request.POST.get("counsel", ""))


STEPS: dict[str, Act] = {
    "cooperation": _cooperation,
    "measure": _measure,
    "decided": _decided,
    "counsel": _counsel,
}

"""The pages of worker, urgency, notes, second looks, closure and reopening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marfa.apps.access import actor_in
from marfa.apps.accounts.models import User
from marfa.apps.cases.actions import (
    answer_review,
    ask_lower_urgency,
    ask_to_close,
    assign_case,
    raise_urgency,
    reopen_case,
    take_case,
    write_note,
)
from marfa.apps.cases.closure_conditions import Obstacle, find_obstacles
from marfa.apps.cases.models import URGENCIES, Case, CaseNote, CaseStep, CaseTransfer, Review
from marfa.apps.cases.parts import CasePart, Happening, Next
from marfa.apps.cases.queries import READ, names_of, to_review
from marfa.apps.cases.unassigned_cases import is_unheld
from marfa.apps.cases.views.common import (
    act_and_lead,
    case_named,
    case_page,
    code_choices,
    code_label,
    form_page,
    looked_at,
    may_act_on,
    must_read,
    render_fragment,
    rule_on_page,
)
from marfa.apps.cases.workers import workers_for
from marfa.apps.form_view import form_view
from marfa.apps.record_page import folded
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor


def render_part(request: HttpRequest, case: Case, actor: Actor) -> SafeString:
    """What waits for a second person, and the notes."""
    reviews = list(Review.objects.filter(case=case).order_by("-asked_at"))
    notes = list(CaseNote.objects.filter(case=case).order_by("-at")[:MOST])
    names = names_of([*(each.asked_by for each in reviews), *(note.by for note in notes)])
    asked = set()
    if any(each.state == Review.State.WAITING for each in reviews):
        asked = set(to_review(actor).filter(case=case).values_list("pk", flat=True))
    content = render_fragment(
        request,
        "cases/case_management",
        case=case,
        reviews=[
            (each, names.get(each.asked_by, ""), each.asked_by == actor.id, each.pk in asked)
            for each in reviews
        ],
        notes=[(note, names.get(note.by, "")) for note in notes],
        open=case.state == Case.State.OPEN,
    )
    if reviews or notes:
        return content
    return folded(content, _("Nothing is waiting for a second person."))


MOST = 10


def next_steps(case: Case) -> Iterable[Next]:
    """A case that is nobody's."""
    if is_unheld(case):
        there = reverse("cases:responsible", args=[case.reference])
        yield Next(_("No one is responsible for this case yet."), there, 5)
    for row in CaseTransfer.objects.filter(case=case, state=CaseTransfer.State.WAITING):
        there = reverse("cases:transfer", args=[case.reference])
        text = _("A colleague is asked to take this case over, and has not answered yet.")
        yield Next(text, there, 45, row.due_at)


def case_happenings(case: Case) -> Iterable[Happening]:
    """Each step, note, second look, and colleague who was asked to take it over."""
    steps = list(CaseStep.objects.filter(case=case))
    workers = names_of(_key(step.after) for step in steps if step.kind == "assigned")
    for step in steps:
        yield Happening(step.at, _step(step, workers), step.sentence or "", step.by)
    for note in CaseNote.objects.filter(case=case):
        yield Happening(note.at, note.get_kind_display(), note.words or "", note.by)
    for review in Review.objects.filter(case=case).exclude(answered_at=None):
        what = f"{review.get_of_display()}: {review.get_state_display()}"
        assert review.answered_at is not None  # noqa: S101 - left out above
        yield Happening(review.answered_at, what, review.words or "", review.answered_by)
    yield from _transfers(case)


def _transfers(case: Case) -> Iterable[Happening]:
    rows = list(CaseTransfer.objects.filter(case=case))
    names = names_of(row.after for row in rows)
    for row in rows:
        asked = f"{_('Asked to take the case over')}: {names.get(row.after, '')}"
        yield Happening(row.asked_at, asked, row.note or "", row.asked_by)
        if row.answered_at is not None:
            answered = row.state in (CaseTransfer.State.ACCEPTED, CaseTransfer.State.REFUSED)
            what = f"{_('Asked to take the case over')}: {row.get_state_display()}"
            by = row.after if answered else None
            yield Happening(row.answered_at, what, row.words or "", by)


def _step(step: CaseStep, workers: Mapping[UUID | None, str]) -> str:
    if step.kind == CaseStep.Kind.ASSIGNED:
        return f"{step.get_kind_display()}: {workers.get(_key(step.after), '')}"
    if step.kind == CaseStep.Kind.CLOSED and step.after:
        return f"{step.get_kind_display()}: {code_label('closure_reasons', step.after)}"
    if step.kind == CaseStep.Kind.URGENCY:
        return f"{step.get_kind_display()}: {code_label('screening_urgencies', step.after)}"
    return step.get_kind_display()


def _key(text: str) -> UUID | None:
    return UUID(text) if text else None


PART = CasePart(
    "steering", gettext_lazy("Reviews and notes"), 60, render_part, next_steps, case_happenings
)


@form_view
def responsible(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is responsible: given by a supervisor, or taken where it is nobody's."""
    case, actor = case_named(request, reference)
    gives, free = may_act_on(actor, case, "people.assign"), is_unheld(case)
    takes = free and may_act_on(actor, case, "cases.take")
    if not gives and not takes:
        must_read(actor, case)
    possible = workers_for(case) if gives else []

    def give(_request: HttpRequest, actor: Actor, case: Case) -> None:
        if request.POST.get("do") == "take":
            take_case(actor=actor, case=case)
            return
        named = request.POST.get("worker", "")
        worker = next((each.user for each in possible if each.user.reference == named), None)
        if worker is None:
            raise InputError.at(Message("apps.cases:choose-one"), field="worker")
        text = request.POST.get("text", "")
        stays = bool(request.POST.get("stays"))
        assign_case(actor=actor, case=case, worker=worker, text=text, stays=stays)

    return form_page(
        request,
        "cases/responsible",
        case,
        actor,
        give,
        possible=possible,
        choices=[(each.user.reference, each.said) for each in possible],
        gives=gives,
        takes=takes,
        reads=may_act_on(actor, case, READ),
        worker=User.objects.filter(pk=case.worker).first() if case.worker and not free else None,
    )


@form_view
def urgency(request: HttpRequest, reference: str) -> HttpResponse:
    """Raise it with a sentence; a lower one is asked of a second person."""
    case, actor = case_named(request, reference)
    must_read(actor, case)

    def move(request: HttpRequest, actor: Actor, case: Case) -> None:
        told = {name: request.POST.get(name, "") for name in ("urgency", "text")}
        act = ask_lower_urgency if _is_lower(told["urgency"], case) else raise_urgency
        act(actor=actor, case=case, **told)

    return form_page(
        request,
        "cases/urgency",
        case,
        actor,
        move,
        urgencies=code_choices("screening_urgencies"),
        now=code_label("screening_urgencies", case.urgency),
    )


def _is_lower(urgency: str, case: Case) -> bool:
    return urgency in URGENCIES and URGENCIES.index(urgency) < URGENCIES.index(case.urgency)


@form_view
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """A note, or what a case conference came to."""
    case, actor = case_named(request, reference)
    must_read(actor, case)

    def write(request: HttpRequest, actor: Actor, case: Case) -> None:
        told = {name: request.POST.get(name, "") for name in ("kind", "text", "present")}
        write_note(actor=actor, case=case, **told)

    return form_page(request, "cases/note", case, actor, write, kinds=CaseNote.Kind.choices)


@form_view
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask that the case ends, or open it again."""
    case, actor = case_named(request, reference)
    must_read(actor, case)
    was_open = case.state == Case.State.OPEN

    def act(request: HttpRequest, actor: Actor, case: Case) -> None:
        told = {name: request.POST.get(name, "") for name in ("reason", "text")}
        if not was_open:
            reopen_case(actor=actor, case=case, text=told["text"])
            return
        with rule_on_page():
            ask_to_close(actor=actor, case=case, **told)

    def shown() -> dict[str, object]:
        against = find_obstacles(actor, case) if was_open else []
        reasons = code_choices("closure_reasons")
        return {"was_open": was_open, "against": _with_sentences(against), "reasons": reasons}

    page = case_page(request, "cases/close", case, shown)
    return page.answer(partial(act_and_lead, request, case, actor, act), said=_("Saved."))


def _with_sentences(against: Iterable[Obstacle]) -> list[tuple[str, Obstacle]]:
    language = get_language() or SOURCE_LANGUAGE
    return [(render_message(each.said, language), each) for each in against]


@form_view
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """The second look that somebody asks for."""
    actor = actor_in(request)
    row = to_review(actor).filter(reference=reference).first()
    if row is None:
        raise Http404

    def shown() -> dict[str, object]:
        return {
            "row": row,
            "asker": names_of([row.asked_by]).get(row.asked_by, ""),
            **_decided_on(actor, row),
            "urgency": code_label("screening_urgencies", row.case.urgency),
            "wanted": code_label(WANTED[row.of], row.wanted) if row.wanted else "",
            "against": _with_sentences(_against(actor, row)),
        }

    asked = case_page(
        request, "cases/review", row.case, shown, within=partial(looked_at, actor, row)
    )
    said, done = _("Your answer is recorded."), reverse("home")
    return asked.answer(partial(_answer, request, actor, row), done=done, said=said)


WANTED: Mapping[str, str] = {
    Review.Of.LOWERING: "screening_urgencies",
    Review.Of.CLOSURE: "closure_reasons",
}
"""The list of what is asked for in a review."""


def _against(actor: Actor, row: Review) -> list[Obstacle]:
    """What stands against the closing that is asked for; the page that mends it is for who may
    read the case."""
    if row.of != Review.Of.CLOSURE or row.case.state != Case.State.OPEN:
        return []
    found = find_obstacles(actor, row.case)
    reads = may_act_on(actor, row.case, READ)
    return found if reads else [Obstacle(each.said) for each in found]


def _decided_on(actor: Actor, row: Review) -> dict[str, object]:
    """The reasons on which the second person decides, and no narrative: what the person told, what
    was seen of them and what they say of the help is for who may read the case, and stands there.
    """
    told = row.of in (Review.Of.PRESUMPTION, Review.Of.PERIODIC)
    presumed = row.case.presumptions.first() if row.of == Review.Of.PRESUMPTION else None
    return {
        "told": told,
        "why": "" if told else row.why or "",
        "ground": presumed.get_ground_display() if presumed else "",
        "reads": told and may_act_on(actor, row.case, READ),
    }


def _answer(request: HttpRequest, actor: Actor, row: Review) -> None:
    do, text = request.POST.get("do"), request.POST.get("text", "")
    if do not in ("agree", "disagree"):
        raise SuspiciousOperation
    with rule_on_page():
        answer_review(actor=actor, review=row, agree=do == "agree", text=text)

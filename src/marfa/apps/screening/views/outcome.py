"""After the talk: the next step, what may be changed, the way to protection, the person's no."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from marfa.apps.accounts.models import User
from marfa.apps.form_view import form_view
from marfa.apps.manifest import HAND_OVER, gather_from_apps
from marfa.apps.screening.actions import (
    agree_to_health_check,
    answer_lowering,
    ask_to_lower,
    decline_help,
    raise_outcome,
    record_health_service,
)
from marfa.apps.screening.actions.hand_over_urgency import standing_urgency
from marfa.apps.screening.actions.outcomes import INDICATIONS
from marfa.apps.screening.facts import age_of
from marfa.apps.screening.models import (
    URGENCIES,
    HandOver,
    HealthCheck,
    OutcomeChange,
    Screening,
)
from marfa.apps.screening.other_reasons import standing_reasons
from marfa.apps.screening.presentation import Outcome, could_change, outcome_of, put_in
from marfa.apps.screening.queries import dangers_of, may_assess, purpose_of, to_agree
from marfa.apps.screening.views.common import (
    screening_and_actor,
    screening_page,
    screening_reading,
    screening_url,
)
from marfa.apps.screening.views.hand_over import ground_choices, send_hand_over
from marfa.apps.screening.views.health import services_to_choose
from marfa.apps.subject_pages import links_for
from marfa.domain.codelists import codelist
from marfa.safeguards.actor import Actor
from marfa.safeguards.words import Purpose


@form_view
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """A talk that has ended: the next step first, then why, then what can be done. Who helps the
    person and does not screen reads an open one here as well."""
    screening, actor = screening_and_actor(request, reference)
    leads = purpose_of(actor) is Purpose.SCREENING or screening.officer == actor.id
    if screening.state in Screening.OPEN and leads:
        return redirect(screening_url(screening))
    shown = screening_page(request, "one", screening, partial(_shown, request, actor, screening))
    return shown.answer(partial(_act, request, actor, screening))


def _act(request: HttpRequest, actor: Actor, screening: Screening) -> None:
    act = STEPS.get(request.POST.get("do", ""))
    if act is None:
        raise SuspiciousOperation
    act(request, actor, screening)


def _shown(request: HttpRequest, actor: Actor, screening: Screening) -> dict[str, object]:
    with screening_reading(actor, screening):
        beside = [tell(request, screening) for tell in gather_from_apps("beside_results")]
        shown = {**_in_full(actor, screening), "beside": [each for each in beside if each]}
        made = shown["hand_over"]
        return {**shown, "leads": links_for(request, HAND_OVER, made) if made else []}


def _in_full(actor: Actor, screening: Screening) -> dict[str, object]:
    found = _found(actor, screening)
    child = age_of(screening.person).may_be_child
    made = HandOver.objects.filter(screening=screening).first()
    check = HealthCheck.objects.filter(screening=screening).first()
    return {
        "outcome": found,
        "open": screening.state in Screening.OPEN,
        "could_change": could_change(screening) if may_assess(actor, screening.person) else (),
        "words": _in_words(found),
        "put_in": put_in(screening),
        "wish": screening.wish,
        "said": screening.said,
        "seen": screening.seen,
        "why": screening.why_closed,
        "reach": screening.reach,
        "changes": _changes(screening),
        "dangers": [
            (each.get_kind_display(), each.at, each.done) for each in dangers_of(screening)
        ],
        "hand_over": made,
        "to_know": made.note if made is not None else None,
        "health_check": check,
        "called": check.called if check is not None else None,
        "health_services": services_to_choose(screening.person) if check is not None else [],
        "officer": screening.officer == actor.id,
        "may_be_child": child,
        "grounds": ground_choices(screening),
        # That the person agreed is said by the officer, and chosen by nobody else.
        "sure_ground": HandOver.Ground.CHILD.value if child else "",
        "indications": _labels("screening_indications", INDICATIONS),
        "urgencies": _labels("screening_urgencies", URGENCIES),
    }


def _found(actor: Actor, screening: Screening) -> Outcome | None:
    """What was found, and what stands beside it; within ``screening_reading``."""
    standing = standing_reasons(actor, screening.person)
    return outcome_of(screening, standing, standing_urgency(screening))


def _in_words(found: Outcome | None) -> tuple[str, str] | None:
    if found is None:
        return None
    language = get_language() or "en"
    return (
        codelist("screening_indications").label(found.indication, language),
        codelist("screening_urgencies").label(found.urgency, language),
    )


def _labels(name: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes that somebody may choose, in their order, with what they are called."""
    return [(code, codelist(name).label(code, get_language() or "en")) for code in codes]


def _changes(screening: Screening) -> list[tuple[OutcomeChange, str, str, str]]:
    """Each change with the sentence, who asked and who answered; within ``open_vault()``."""
    rows = list(screening.changes.order_by("asked_at", "pk"))
    keys = {key for row in rows for key in (row.asked_by, row.answered_by) if key}
    names = dict(User.objects.filter(pk__in=keys).values_list("pk", "display_name"))
    found = []
    for row in rows:
        answerer = names.get(row.answered_by, "") if row.answered_by else ""
        found.append((row, row.sentence, names.get(row.asked_by, ""), answerer))
    return found


def _decline(request: HttpRequest, actor: Actor, screening: Screening) -> None:
    decline_help(actor=actor, screening=screening, reach=request.POST.get("reach", ""))


def _raise(request: HttpRequest, actor: Actor, screening: Screening) -> None:
    raise_outcome(actor=actor, screening=screening, **_asked(request))


def _lower(request: HttpRequest, actor: Actor, screening: Screening) -> None:
    ask_to_lower(actor=actor, screening=screening, **_asked(request))


def _agree_to_health_check(_request: HttpRequest, actor: Actor, screening: Screening) -> None:
    agree_to_health_check(actor=actor, screening=screening)


def _record_health_service(request: HttpRequest, actor: Actor, screening: Screening) -> None:
    check = HealthCheck.objects.filter(screening=screening).first()
    if check is None:
        raise SuspiciousOperation
    told = {name: request.POST.get(name, "") for name in ("called", "service")}
    record_health_service(actor=actor, check=check, **told)


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in ("indication", "urgency", "sentence")}


STEPS: dict[str, Callable[[HttpRequest, Actor, Screening], None]] = {
    "hand_over": send_hand_over,
    "decline": _decline,
    "raise": _raise,
    "lower": _lower,
    "health": _agree_to_health_check,
    "health_called": _record_health_service,
}


@form_view
def lowering(request: HttpRequest, reference: str) -> HttpResponse:
    """A colleague asks that what a talk found is lowered; a second person agrees or does not."""
    screening, actor = screening_and_actor(request, reference)
    change = to_agree(actor).filter(screening=screening).first()
    if change is None:
        raise Http404
    agree = request.POST.get("do") == "agree"
    shown = screening_page(
        request, "lowering", screening, partial(_asked_for, actor, screening, change)
    )
    act = partial(answer_lowering, actor=actor, change=change, agree=agree)
    return shown.answer(act, done=reverse("screening:one", args=[reference]))


def _asked_for(actor: Actor, screening: Screening, change: OutcomeChange) -> dict[str, object]:
    names = User.objects.filter(pk=change.asked_by).values_list("display_name", flat=True)
    with screening_reading(actor, screening):
        return {
            "change": change,
            "before": _pair(change.before),
            "after": _pair(change.after),
            "sentence": change.sentence,
            "asker": names.first() or "",
            "outcome": _found(actor, screening),
        }


def _pair(codes: list[str]) -> str:
    language = get_language() or "en"
    first = codelist("screening_indications").label(codes[0], language)
    return f"{first} · {codelist('screening_urgencies').label(codes[1], language)}"

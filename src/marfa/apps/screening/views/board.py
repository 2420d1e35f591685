"""The supervisor's board: how the desk works, in figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from marfa.apps.access import actor_in, at_desk, require_permission
from marfa.apps.manifest import Desk
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.policy_facts import the_controller
from marfa.apps.screening.board.figures import (
    Share,
    measure_agreement,
    measure_disparities,
    outcome_shares,
    waiting_times,
)
from marfa.apps.screening.board.interviews import MOST, Talk, names_of, talks_since
from marfa.apps.screening.board.questions import MOST as MOST_OPENED
from marfa.apps.screening.board.questions import gaps_since
from marfa.apps.screening.board.release import for_others
from marfa.domain.codelists import codelist
from marfa.platform import clock

PERIODS = (
    ("30", _("the last 30 days")),
    ("90", _("the last 90 days")),
    ("365", _("the last year")),
)
USUAL = "90"
PROPERTIES = {
    "reason": _("A reason to help was found"),
    "not_finished": _("The interview was not finished"),
    "late": _("They waited longer than a day"),
}
AGES = {"child": _("Child"), "adult": _("Adult"), "unknown": _("Age not known")}
GROUPS = {"sex": _("By sex"), "age": _("By age")}
supervisors_only = require_permission("screening.oversee", the_controller)


@require_safe
@at_desk(Desk.PROTECTION)
@supervisors_only
def board(request: HttpRequest) -> HttpResponse:
    """Agreement, waiting, outcomes by site and officer, differences between groups."""
    days = _days(request)
    talks = talks_since(actor_in(request), clock.now() - timedelta(days=int(days)))
    sites = _named(outcome_shares(talks, lambda talk: talk.site), _sites(talks))
    context = {
        "days": days,
        "periods": PERIODS,
        "talks": len(talks),
        "cut": len(talks) == MOST,
        "finished": sum(talk.finished for talk in talks),
        "agreement": measure_agreement(talks),
        "waits": [
            (_sex(each.sex), _age(each.age), each.people, each.median, each.most)
            for each in waiting_times(talks)
        ],
        "sites": sites,
        "chart": _bars(sites),
        "officers": _named(
            outcome_shares(talks, lambda talk: talk.officer),
            names_of(talk.officer for talk in talks),
        ),
        "disparities": _in_words(talks),
        "outside": [
            (_sex(row.sex), _age(row.age), row.people, row.people is None)
            for row in for_others(talks)
        ],
    }
    return render(request, "screening/board.html", context)


@require_safe
@at_desk(Desk.PROTECTION)
@supervisors_only
def questions(request: HttpRequest) -> HttpResponse:
    """Answers that are missing, question by question; talks are opened for it, on the record."""
    days = _days(request)
    lists = gaps_since(actor_in(request), clock.now() - timedelta(days=int(days)))
    context = {"days": days, "periods": PERIODS, "lists": lists, "most": MOST_OPENED}
    return render(request, "screening/questions.html", context)


def _days(request: HttpRequest) -> str:
    told = request.GET.get("days", USUAL)
    return told if told in dict(PERIODS) else USUAL


def _sites(talks: Iterable[Talk]) -> dict[UUID, str]:
    keys = {talk.site for talk in talks if talk.site is not None}
    return dict(Site.objects.filter(pk__in=keys).values_list("pk", "name"))


def _named(found: list[Share], names: dict[UUID, str]) -> list[tuple[str, Share]]:
    """In order of the names: it is no list of who is better."""
    rows = [(names.get(each.key, "") if each.key else "", each) for each in found]
    return sorted(rows, key=lambda row: row[0])


def _bars(sites: list[tuple[str, Share]]) -> list[tuple[str, float, float, float]]:
    """Of 100 finished talks, those with a reason to help, where there are enough to say."""
    return [
        (name, round(100 * of.estimate), round(100 * of.lower), round(100 * of.upper))
        for name, each in sites
        if (of := each.share) is not None
    ]


def _in_words(talks: list[Talk]) -> list[tuple[object, list[tuple[object, object, object]]]]:
    """(what, [(group in words, rate, by which grouping)]) of what has groups enough."""
    label = {"sex": _sex, "age": _age}
    found: dict[str, list[tuple[object, object, object]]] = {}
    for each in measure_disparities(talks):
        rows = found.setdefault(each.property, [])
        rows += [(label[each.group](one.group), one, GROUPS[each.group]) for one in each.rates]
    return [(PROPERTIES[name], rows) for name, rows in found.items()]


def _sex(code: str | None) -> object:
    return "" if code is None else codelist("sex").label(code, get_language() or "en")


def _age(code: str | None) -> object:
    return AGES.get(code or "", "")

"""The board of detentions: who is held, for how long, and whether the alarm is late."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from marfa.apps.access import actor_in, at_desk
from marfa.apps.cases.queries import names_of
from marfa.apps.detention.clocks import OUTSIDE, SUPERVISOR
from marfa.apps.detention.models import Detention
from marfa.apps.detention.policy import READ, WATCH
from marfa.apps.detention.queries import detentions_where, rung_at, standings_of
from marfa.apps.form_view import form_view
from marfa.apps.list_page import Column, Filter, ListPage, ListSpec, coded, own_sites
from marfa.apps.manifest import Desk, Waiting
from marfa.domain.codes import format_code
from marfa.platform import clock
from marfa.safeguards.actor import Actor

ALARMS = (
    ("late", _("To be reviewed now")),
    ("supervisor", _("The supervisors hear of it")),
    ("outside", _("Someone outside the team hears of it")),
)


def _ringing(code: str) -> Q:
    after = {"supervisor": SUPERVISOR, "outside": OUTSIDE}
    now = clock.now()
    return Q(alarm_at__lte=now - after[code] if code in after else now)


HELD = ListSpec(
    _("Detentions"),
    (
        Column("person", _("Person"), kind="head", order=("person__code",)),
        Column("days", _("Days in total"), kind="number"),
        Column("ground", _("Ground that is told"), kind="plain"),
        Column("review", _("Next review"), order=(F("alarm_at"),)),
        Column("responsible", _("Responsible"), kind="plain"),
        Column("missing", _("Missing"), kind="plain"),
        Column("site", _("Site"), kind="plain"),
    ),
    "review",
    (
        Filter("alarm", _("Alarm"), ALARMS, _ringing),
        Filter(
            "ground",
            _("Ground that is told"),
            coded("detention_grounds"),
            lambda code: Q(stays__ground=code, stays__ended_on=None),
        ),
        Filter("site", _("Site"), own_sites, lambda code: Q(case__site__reference=code)),
    ),
    called=lambda row: format_code(row.person.code),
    titled=True,
)


@form_view
@at_desk(Desk.PROTECTION)
def board(request: HttpRequest) -> HttpResponseBase:
    """Everybody who is held, of whom the reader may know; who is to be looked at first stands
    first."""
    actor = actor_in(request)
    readable = set(detentions_where(actor, READ).values_list("pk", flat=True))

    def say(rows: Sequence[Detention]) -> None:
        _say(rows)
        for row in rows:
            row.readable = row.pk in readable  # type: ignore[attr-defined]

    rows = detentions_where(actor, WATCH)
    return ListPage(request, HELD, rows, "detention/board.html", prepare=say).answer()


def _say(rows: Sequence[Detention]) -> None:
    """What stands in the columns, with as many queries for many rows as for few."""
    standings, now = standings_of(rows), clock.now()
    names = names_of(row.case.worker for row in rows)
    for row in rows:
        row.standing = standings[row.pk]  # type: ignore[attr-defined]
        row.responsible = names.get(row.case.worker, "")  # type: ignore[attr-defined]
        row.rung = rung_at(row.alarm_at, now)  # type: ignore[attr-defined]


def detentions_late(actor: Actor) -> Waiting:
    """How many are held, and how many of them are to be looked at now."""
    rows = detentions_where(actor, WATCH)
    return Waiting(rows.count(), rows.filter(alarm_at__lte=clock.now()).count())

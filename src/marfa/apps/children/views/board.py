"""The board of children."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from marfa.apps.access import actor_in, at_desk
from marfa.apps.children.board import board_spec, lines_of
from marfa.apps.children.models import Duty
from marfa.apps.children.policy_facts import may_arrange
from marfa.apps.children.queries import known_duties
from marfa.apps.form_view import form_view
from marfa.apps.list_page import ListPage
from marfa.apps.manifest import Desk


@form_view
@at_desk(Desk.PROTECTION)
def board(request: HttpRequest) -> HttpResponseBase:
    """Children to whom something is owed; those whose clock runs first."""
    actor = actor_in(request)

    def prepare(rows: Sequence[Duty]) -> None:
        lines = lines_of(actor, rows)
        for row in rows:
            row.line = lines[row.person_id]  # type: ignore[attr-defined]

    context = {"arranges": may_arrange(actor)}
    return ListPage(
        request,
        board_spec(),
        known_duties(actor),
        "children/board.html",
        context,
        prepare=prepare,
    ).answer()

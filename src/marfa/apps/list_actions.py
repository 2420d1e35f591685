"""What is done to many rows of a list at once: chosen, looked at once more, done to all or to none.

    def give(request: HttpRequest, rows: Sequence[Case]) -> None:
        assign_cases(actor=actor_in(request), cases=rows, worker=..., text=...)

    ASSIGN = BulkAction("assign", _("Give to somebody else"), "cases/parts/many.html", asks, give)

The action decides on each row as it does on one (``safeguards.actions.bulk_action``). What was
chosen is looked up again among the rows that the reader may know of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language

from marfa.apps.accounts.step_up import is_fresh, to_step_up
from marfa.apps.problems import problem_sentences, status_of
from marfa.domain.catalogue import SOURCE_LANGUAGE, render_message
from marfa.domain.message import InputError, Message
from marfa.safeguards.actor import Actor

if TYPE_CHECKING:
    from marfa.apps.list_page import ListPage

MOST = 500
"""Rows that are acted upon at once."""
CHOSEN, EVERY, SURE = "rows", "every", "sure"
NOTHING_SAID: Mapping[str, object] = {}


@dataclass(frozen=True)
class BulkAction:
    """name: what a button sends as ``do``. label: of the button.
    template: the fields that are asked before it is done; empty for none.
    context: what these fields show.
    act: does it; raises InputError, or DeniedError where it may not be done to one of them.
    fresh: whether the second factor is proved again first, as for one of them.
    offered: whether a reader is offered it; the action decides in any case.
    """

    name: str
    label: str | Promise
    template: str
    context: Callable[[HttpRequest, Sequence[Any]], Mapping[str, object]]
    act: Callable[[HttpRequest, Sequence[Any]], object]
    fresh: bool = False
    offered: Callable[[Actor], bool] = lambda _actor: True

    def answer(self, page: ListPage) -> HttpResponseBase:
        """The step that was asked for."""
        if self.fresh and not settings.DEMONSTRATION and not is_fresh(page.request):
            return to_step_up(page.request.get_full_path())
        return answer_bulk(page, self)


def said(code: str, count: int | None = None, **params: object) -> str:
    """A sentence of the lists, in the reader's language."""
    message = Message(f"apps:{code}", params, count)
    return render_message(message, get_language() or SOURCE_LANGUAGE)


def answer_bulk(page: ListPage, action: BulkAction) -> HttpResponse:
    """The page that asks once more; after that, what was done, told on the list."""
    rows, missing = chosen_rows(page)
    sure = SURE in page.request.POST
    why_not = _why_not(len(rows), missing)
    if sure and missing and rows:
        # What was typed stays, and those that are left are asked about again.
        return _asks(page, action, rows, {"": why_not})
    if why_not:
        return page.shown(why_not)
    if not sure:
        return _asks(page, action, rows)
    try:
        action.act(page.request, rows)
    except InputError as error:
        return _asks(page, action, rows, problem_sentences(error), status_of(error))
    messages.success(page.request, said("list-done", len(rows)))
    return page.back()


def chosen_rows(page: ListPage) -> tuple[list[Any], int]:
    """What was chosen, of the rows that the reader may know of; and how many of it are not among
    them, which may have changed meanwhile. At most one more than may be acted upon."""
    sent = page.request.POST
    if EVERY in sent and SURE not in sent:
        return list(page.narrowed[: MOST + 1]), 0
    named = set(sent.getlist(CHOSEN)[: MOST + 1])
    rows = list(page.narrowed.filter(reference__in=named))
    return rows, len(named) - len(rows)


def _why_not(count: int, missing: int) -> str:
    if missing:
        return said("list-missing", missing)
    if count > MOST:
        return said("list-many", most=MOST)
    return "" if count else said("list-none")


def _asks(
    page: ListPage,
    action: BulkAction,
    rows: Sequence[Any],
    wrong: Mapping[str, object] = NOTHING_SAID,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
) -> HttpResponse:
    """The page that asks. wrong: what keeps it from being done, at the fields or above them."""
    request = page.request
    values = {
        "action": action,
        "rows": rows,
        "count": len(rows),
        "back": request.get_full_path(),
        "typed": request.POST,
        "wrong": wrong,
        "called": [page.spec.called(row) for row in rows],
        **action.context(request, rows),
    }
    return render(request, "lists/bulk.html", values, status=status if wrong else HTTPStatus.OK)

"""A list of anything: narrowed, sorted, searched, paged and acted upon.

    USERS = ListSpec(
        caption=_("People with an account"),
        columns=(
            Column("person", _("Person"), kind="head", order=("display_name",)),
            Column("state", _("Sign-in"), order=("is_active",)),
        ),
        order="person",
        filters=(Filter("state", _("Sign-in"), STATES, lambda code: Q(is_active=code == "in")),),
        search=lambda text: Q(display_name__icontains=text),
        called=lambda user: user.display_name,
    )

    @form_view
    @at_desk(Desk.ADMINISTRATION)
    def people(request: HttpRequest) -> HttpResponse:
        return ListPage(request, USERS, people_with_roles(), "organisations/people.html").answer()

The template says what each column holds (``web/templatetags/lists.py``). What narrows a list stands
in its address, which can be kept and passed on: it holds codes and references alone. What somebody
types to search may be a name, and is sent in the body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from marfa.apps.access import actor_in
from marfa.apps.list_actions import MOST, BulkAction
from marfa.apps.list_file import FileAction, may_make
from marfa.apps.list_shown import ListShown, Stretch
from marfa.apps.list_spec import (
    DOWN,
    Asked,
    Choices,
    Column,
    Filter,
    Label,
    ListSpec,
    Names,
    Options,
    Typed,
    coded,
    own_sites,
    read_query,
)
from marfa.apps.list_views import FORGET, KEEP, answer_kept

__all__ = [
    "A_PAGE",
    "Choices",
    "Column",
    "Filter",
    "Label",
    "ListPage",
    "ListSpec",
    "Typed",
    "coded",
    "own_sites",
]
A_PAGE = 50
Context = Mapping[str, object]


@dataclass
class ListPage:
    """A page with a list.

    rows: all that the reader may know of; the list narrows them and shows nothing else.
    template: of the page. context: what else it shows.
    columns: the names of those that this reader has; all where it is not given.
    actions: what can be done with what is chosen.
    prepare: is given the rows of a page before they are shown, for what is asked for all at once.
    part: the name of this list on a page that has several; its template has it under that name.
    kept: what else stands in its addresses, such as the site that the page is about.
    stretches: of a list that is too long to be counted: from its rows, how many are shown, and
        where to begin, to what is shown. It says the order itself.
    """

    request: HttpRequest
    spec: ListSpec
    rows: QuerySet[Any]
    template: str
    context: Context = field(default_factory=dict)
    columns: Sequence[str] | None = None
    actions: Sequence[BulkAction] = ()
    prepare: Callable[[Sequence[Any]], object] | None = None
    size: int = A_PAGE
    part: str = ""
    kept: Mapping[str, str] = field(default_factory=dict)
    stretches: Callable[[QuerySet[Any], int, str], Stretch] | None = None

    @cached_property
    def asked(self) -> Asked:
        """What the address and the search ask."""
        sent = self.request.POST if self.request.method == "POST" else None
        names = Names(self.part)
        return read_query(
            self.spec, self.options, self.request.GET, sent, names=names, kept=self.kept
        )

    @cached_property
    def options(self) -> Options:
        """The choices of each filter."""
        actor = actor_in(self.request)
        return {each.name: each.options(actor) for each in self.spec.filters}

    @cached_property
    def narrowed(self) -> QuerySet[Any]:
        """The rows that are asked for, in the order that is asked for."""
        found = self.rows
        for each in self.spec.filters:
            if each.name in self.asked.chosen:
                found = found.filter(each.having(self.asked.chosen[each.name]))
        if self.asked.text and self.spec.search is not None:
            found = found.filter(self.spec.search(self.asked.text))
        conditions, wrong = self.typed
        for condition in conditions:
            found = found.filter(condition)
        if wrong:
            found = found.none()
        return found.order_by(*self._order())

    @cached_property
    def typed(self) -> tuple[list[Q], dict[str, str]]:
        """What is typed, as conditions; and what of it is wrong, by field, in words."""
        conditions, wrong = [], {}
        for each in self.spec.asks:
            if each.name in self.asked.typed:
                try:
                    conditions.append(each.read(self.asked.typed[each.name]))
                except ValidationError as error:
                    wrong[each.name] = " ".join(error.messages)
        return conditions, wrong

    def _order(self) -> Iterable[Any]:
        column = self.spec.column(self.asked.sort.removeprefix(DOWN))
        down = self.asked.sort.startswith(DOWN)
        for each in column.order if column else ():
            turned = isinstance(each, str) and each.startswith(DOWN)
            by = F(each.removeprefix(DOWN)) if isinstance(each, str) else each
            # What is not known comes last, whichever way; an index has it last one way alone.
            always = not isinstance(each, str) or is_always_known(self.rows.model, each)
            last = None if always else True
            yield by.desc(nulls_last=last) if down != turned else by.asc(nulls_last=last)
        # Rows that are alike stay in one order over all pages.
        yield "pk"

    @cached_property
    def offered(self) -> Sequence[BulkAction | FileAction]:
        """What this reader can do with what is chosen."""
        actor, file = actor_in(self.request), self.spec.file
        found: list[BulkAction | FileAction] = [
            each for each in self.actions if each.offered(actor)
        ]
        if file is not None and may_make(actor, file.tier):
            found.append(FileAction(file))
        return found

    def answer(self) -> HttpResponseBase:
        """The page; or the step of a bulk action, where one was asked for."""
        return self.step() or self.shown()

    def step(self) -> HttpResponseBase | None:
        """The answer to a button of the list; None where none was pressed."""
        do = self.request.POST.get("do", "") if self.request.method == "POST" else ""
        if do in (KEEP, FORGET) and not self.part:
            answer_kept(self.request, do, self.asked.address())
            return self.back()
        action = next((each for each in self.offered if each.name == do), None)
        return action.answer(self) if action is not None else None

    def printed(self, rows: QuerySet[Any]) -> HttpResponse:
        """The page with these rows alone, for paper."""
        found = replace(self, rows=rows, size=MOST, part="", actions=())
        return found.show(ListShown(found, printing=True))

    def shown(self, wrong: str = "") -> HttpResponse:
        """The page. wrong: why what was asked was not done."""
        return self.show(self.found(wrong))

    def show(self, found: ListShown) -> HttpResponse:
        """The page with a list that was made before, such as within a reading on the record."""
        status = HTTPStatus.UNPROCESSABLE_ENTITY if found.wrong else HTTPStatus.OK
        context = {**self.context, "found": found, "page": found.page}
        return render(self.request, self.template, context, status=status)

    def found(self, wrong: str = "") -> ListShown:
        """The list, for a template that has several."""
        return ListShown(self, wrong)

    def back(self) -> HttpResponse:
        """To the list as it was asked for."""
        return redirect(self.request.get_full_path())


def is_always_known(model: type[Model], path: str) -> bool:
    """Whether every row has what stands at the end of a path."""
    known: Any = model
    for name in path.removeprefix(DOWN).split("__"):
        column = next((each for each in known._meta.concrete_fields if each.name == name), None)
        if column is None or column.null:
            return False
        known = column.related_model
    return True

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
    )

    @form_view
    @at_desk(Desk.ADMINISTRATION)
    def people(request: HttpRequest) -> HttpResponse:
        return ListPage(request, USERS, people_with_roles()).answer("organisations/people.html")

The template says what each column holds (``web/templatetags/lists.py``). What narrows a list stands
in its address, which can be kept and passed on: it holds codes and references alone. What somebody
types to search may be a name, and is sent in the body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Expression, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from marfa.apps.list_actions import BulkAction, answer_bulk, said

A_PAGE = 50
LONGEST_SEARCH = 100
PAGE, SORT, FIND = "page", "sort", "find"
DOWN = "-"
Label = str | Promise
Choices = Sequence[tuple[str, Label]]
Context = Mapping[str, object]
NOTHING: Context = {}


@dataclass(frozen=True)
class Column:
    """name: in addresses and in the template. kind: of its cells, as ``{% cell %}`` has them.
    order: what the list is sorted by where it is sorted by this column; nothing where it is not.
    """

    name: str
    label: Label
    kind: str = ""
    order: tuple[str | Expression, ...] = ()


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed by. choices: codes, each with its words. having: the condition that a
    code stands for."""

    name: str
    label: Label
    choices: Choices | Callable[[], Choices]
    having: Callable[[str], Q]

    def options(self) -> Choices:
        """Each code with its words."""
        return self.choices() if callable(self.choices) else self.choices


@dataclass(frozen=True)
class ListSpec:
    """What a list has, whoever looks at it.

    caption: of its table.
    order: the column by which it is sorted first, with ``-`` before it from the highest down.
    search: the condition that a text stands for; None where nothing is searched.
    typed: what is searched, in words.
    """

    caption: Label
    columns: tuple[Column, ...]
    order: str
    filters: tuple[Filter, ...] = ()
    search: Callable[[str], Q] | None = None
    typed: Label = ""

    def column(self, name: str) -> Column | None:
        """The column of a name."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True)
class Asked:
    """What is asked of a list. chosen: filter -> code. unknown: what an address asks that the list
    does not have, which is told: the list would show more than was meant."""

    chosen: Mapping[str, str]
    sort: str
    text: str = ""
    page: str = ""
    unknown: tuple[str, ...] = ()

    def address(self, **other: str) -> str:
        """The list as it is, with something else; without its page where that is not given."""
        kept = {**self.chosen, SORT: self.sort, **other}
        return "?" + urlencode({name: value for name, value in kept.items() if value})


def read_query(spec: ListSpec, query: QueryDict, sent: QueryDict | None = None) -> Asked:
    """What an address asks of a list. sent: what is searched, and the page of what was found."""
    chosen, unknown = {}, []
    for each in spec.filters:
        code = query.get(each.name, "")
        if code and code in (known for known, _label in each.options()):
            chosen[each.name] = code
        elif code:
            unknown.append(str(each.label))
    sort = query.get(SORT, "") or spec.order
    column = spec.column(sort.removeprefix(DOWN))
    if column is None or not column.order:
        unknown.append(said("list-sort-by"))
        sort = spec.order
    typed = sent.get(FIND, "").strip() if sent is not None and spec.search else ""
    text = str(typed)[:LONGEST_SEARCH]
    page = (sent if text and sent is not None else query).get(PAGE, "")
    return Asked(chosen, sort, text, page, tuple(unknown))


@dataclass
class ListPage:
    """A page with a list.

    rows: all that the reader may know of; the list narrows them and shows nothing else.
    columns: the names of those that this reader has; all where it is not given.
    actions: what can be done with what is chosen.
    prepare: is given the rows of a page before they are shown, for what is asked for all at once.
    """

    request: HttpRequest
    spec: ListSpec
    rows: QuerySet[Any]
    columns: Sequence[str] | None = None
    actions: Sequence[BulkAction] = ()
    prepare: Callable[[Sequence[Any]], object] | None = None
    size: int = A_PAGE

    @cached_property
    def asked(self) -> Asked:
        """What the address and the search ask."""
        sent = self.request.POST if self.request.method == "POST" else None
        return read_query(self.spec, self.request.GET, sent)

    @cached_property
    def narrowed(self) -> QuerySet[Any]:
        """The rows that are asked for, in the order that is asked for."""
        found = self.rows
        for each in self.spec.filters:
            if each.name in self.asked.chosen:
                found = found.filter(each.having(self.asked.chosen[each.name]))
        if self.asked.text and self.spec.search is not None:
            found = found.filter(self.spec.search(self.asked.text))
        return found.order_by(*self._order())

    def _order(self) -> Iterable[Any]:
        column = self.spec.column(self.asked.sort.removeprefix(DOWN))
        down = self.asked.sort.startswith(DOWN)
        for each in column.order if column else ():
            turned = isinstance(each, str) and each.startswith(DOWN)
            by = F(each.removeprefix(DOWN)) if isinstance(each, str) else each
            # What is not known comes last, whichever way.
            yield by.desc(nulls_last=True) if down != turned else by.asc(nulls_last=True)
        # Rows that are alike stay in one order over all pages.
        yield "pk"

    def answer(
        self, template: str, context: Context | Callable[[], Context] = NOTHING
    ) -> HttpResponse:
        """The page; or the step of a bulk action, where one was asked for."""
        self._shown = template, context
        do = self.request.POST.get("do", "") if self.request.method == "POST" else ""
        action = next((each for each in self.actions if each.name == do), None)
        return answer_bulk(self, action) if action is not None else self.shown()

    def shown(self, wrong: str = "") -> HttpResponse:
        """The page. wrong: why what was asked was not done."""
        template, given = self._shown
        values = given() if callable(given) else given
        found = ListShown(self, wrong)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        context = {**values, "found": found, "page": found.page}
        return render(self.request, template, context, status=status)

    def back(self) -> HttpResponse:
        """To the list as it was asked for."""
        return redirect(self.request.get_full_path())


class ListShown:
    """A list as its template shows it."""

    def __init__(self, page: ListPage, wrong: str = "") -> None:
        spec, self.asked = page.spec, page.asked
        self.caption, self.typed, self.wrong = spec.caption, spec.typed, wrong
        self.actions, self.choose_label = page.actions, said("list-choose")
        self.searches = spec.search is not None
        shown = page.columns
        self.columns = [each for each in spec.columns if shown is None or each.name in shown]
        self.page: Page[Any] = Paginator(page.narrowed, page.size).get_page(self.asked.page)
        if page.prepare is not None:
            self.page.object_list = list(self.page.object_list)
            page.prepare(self.page.object_list)
        self.filters = [
            (each, [("", said("list-all")), *each.options()], self.asked.chosen.get(each.name, ""))
            for each in spec.filters
        ]

    @property
    def count(self) -> int:
        """How many rows there are, on all pages."""
        return self.page.paginator.count

    @property
    def narrows(self) -> bool:
        """Whether something narrows it."""
        return bool(self.asked.chosen or self.asked.text)

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """What it can be sorted by, both ways."""
        found = []
        for each in self.columns:
            if each.order:
                label = str(each.label)
                found.append((each.name, said("list-up", column=label)))
                found.append((DOWN + each.name, said("list-down", column=label)))
        return found

    @property
    def headings(self) -> list[tuple[Label, str, str]]:
        """Of each column its label, where it leads, and how the list is sorted by it."""
        found = []
        for each in self.columns:
            up = self.asked.sort == each.name
            way = "ascending" if up else "descending"
            sorted_by = way if each.name == self.asked.sort.removeprefix(DOWN) else ""
            there = self.asked.address(**{SORT: DOWN + each.name if up else each.name})
            found.append((each.label, there if each.order else "", sorted_by))
        return found

    @property
    def address(self) -> str:
        """To which the number of a page is added."""
        return self.asked.address() + "&" + PAGE + "="

    @property
    def everything(self) -> str:
        """The list with nothing that narrows it."""
        return Asked({}, self.asked.sort).address()

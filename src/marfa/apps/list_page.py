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
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Expression, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language

from marfa.apps.access import actor_in
from marfa.apps.list_actions import BulkAction, said
from marfa.apps.list_file import FileAction, ListFile, may_make
from marfa.apps.organisations.models import Site
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.safeguards.actor import Actor

A_PAGE = 50
LONGEST_SEARCH = 100
PAGE, SORT, FIND = "page", "sort", "find"
DOWN = "-"
Label = str | Promise
Choices = Sequence[tuple[str, Label]]
Options = Mapping[str, Choices]
Context = Mapping[str, object]


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
    choices: Choices | Callable[[Actor], Choices]
    having: Callable[[str], Q]

    def options(self, actor: Actor) -> Choices:
        """Each code with its words, of those that a reader may know of."""
        return self.choices(actor) if callable(self.choices) else self.choices


def coded(name: str) -> Callable[[Actor], Choices]:
    """The codes of a list with their labels in the reader's language, for a filter."""
    return lambda _actor: list(codelist(name).choices(get_language() or SOURCE_LANGUAGE))


def own_sites(actor: Actor) -> Choices:
    """The sites of the organisations for which a reader works, by reference, for a filter."""
    found = Site.objects.filter(organisation__in=actor.organisations).order_by("name", "pk")
    return list(found.values_list("reference", "name"))


@dataclass(frozen=True)
class ListSpec:
    """What a list has, whoever looks at it.

    caption: of its table.
    order: the column by which it is sorted first, with ``-`` before it from the highest down.
    search: the condition that a text stands for; None where nothing is searched.
    typed: what is searched, in words.
    called: what a row is called where it is chosen.
    file: what of it may leave as a file; None where nothing may.
    """

    caption: Label
    columns: tuple[Column, ...]
    order: str
    filters: tuple[Filter, ...] = ()
    search: Callable[[str], Q] | None = None
    typed: Label = ""
    called: Callable[[Any], str] = str
    file: ListFile | None = None

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


def read_query(
    spec: ListSpec, options: Options, query: QueryDict, sent: QueryDict | None = None
) -> Asked:
    """What an address asks of a list. options: filter -> its choices. sent: what is searched, and
    the page of what was found."""
    chosen, unknown = {}, []
    for each in spec.filters:
        code = query.get(each.name, "")
        if code and code in (known for known, _label in options[each.name]):
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
    template: of the page. context: what else it shows.
    columns: the names of those that this reader has; all where it is not given.
    actions: what can be done with what is chosen.
    prepare: is given the rows of a page before they are shown, for what is asked for all at once.
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

    @cached_property
    def asked(self) -> Asked:
        """What the address and the search ask."""
        sent = self.request.POST if self.request.method == "POST" else None
        return read_query(self.spec, self.options, self.request.GET, sent)

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

    @cached_property
    def offered(self) -> Sequence[BulkAction | FileAction]:
        """What this reader can do with what is chosen."""
        file = self.spec.file
        if file is None or not may_make(actor_in(self.request), file.tier):
            return self.actions
        return [*self.actions, FileAction(file)]

    def answer(self) -> HttpResponseBase:
        """The page; or the step of a bulk action, where one was asked for."""
        do = self.request.POST.get("do", "") if self.request.method == "POST" else ""
        action = next((each for each in self.offered if each.name == do), None)
        return action.answer(self) if action is not None else self.shown()

    def shown(self, wrong: str = "") -> HttpResponse:
        """The page. wrong: why what was asked was not done."""
        found = ListShown(self, wrong)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
        context = {**self.context, "found": found, "page": found.page}
        return render(self.request, self.template, context, status=status)

    def back(self) -> HttpResponse:
        """To the list as it was asked for."""
        return redirect(self.request.get_full_path())


class ListShown:
    """A list as its template shows it."""

    def __init__(self, page: ListPage, wrong: str = "") -> None:
        spec, self.asked = page.spec, page.asked
        self.caption, self.typed, self.wrong = spec.caption, spec.typed, wrong
        self.actions, self.choose_label = page.offered, said("list-choose")
        self.searches, self.called = spec.search is not None, spec.called
        shown = page.columns
        self.columns = [each for each in spec.columns if shown is None or each.name in shown]
        self.page: Page[Any] = Paginator(page.narrowed, page.size).get_page(self.asked.page)
        if page.prepare is not None:
            self.page.object_list = list(self.page.object_list)
            page.prepare(self.page.object_list)
        self.filters = [
            (each, [("", said("list-all")), *page.options[each.name]], self._chosen(each))
            for each in spec.filters
        ]

    def _chosen(self, each: Filter) -> str:
        return self.asked.chosen.get(each.name, "")

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

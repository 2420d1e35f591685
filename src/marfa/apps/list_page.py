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
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Expression, F, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language

from marfa.apps.access import actor_in
from marfa.apps.list_actions import MOST, BulkAction, said
from marfa.apps.list_file import FileAction, ListFile, may_make
from marfa.apps.list_views import FORGET, KEEP, answer_kept, kept_views
from marfa.apps.organisations.models import Site
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.safeguards.actor import Actor

A_PAGE = 50
LONGEST_SEARCH = 100
MOST_COUNTED = 10_000
"""Rows of a list that are counted and paged through; whoever needs others narrows it."""
PAGE, SORT, FIND, AFTER = "page", "sort", "find", "after"
DOWN = "-"
Label = str | Promise
Choices = Sequence[tuple[str, Label]]
Options = Mapping[str, Choices]
Context = Mapping[str, object]


@dataclass(frozen=True)
class Column:
    """name: in addresses and in the template. kind: of its cells, as ``{% cell %}`` has them.
    order: what the list is sorted by where it is sorted by this column; nothing where it is not. An
        expression is taken to be known of each row.
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


@dataclass(frozen=True)
class Typed:
    """What somebody types to narrow a list. It may name somebody: it is sent in the body and stands
    in no address. read: the condition that a text stands for; raises ValidationError for a text
    that stands for nothing. hidden: it is sent by a button of a row."""

    name: str
    label: Label
    read: Callable[[str], Q]
    hint: Label = ""
    hidden: bool = False


class Stretch(Protocol):
    """Some rows of a list that nobody counts, and where the next ones begin: "" where none are."""

    @property
    def object_list(self) -> Sequence[Any]: ...
    @property
    def following(self) -> str: ...


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
    asks: what is typed beside that, each with what it narrows. Then the filters are sent with it.
    called: what a row is called where it is chosen.
    file: what of it may leave as a file; None where nothing may.
    titled: the heading of the page says what the caption says, which is then read out alone.
    """

    caption: Label
    columns: tuple[Column, ...]
    order: str
    filters: tuple[Filter, ...] = ()
    search: Callable[[str], Q] | None = None
    typed: Label = ""
    called: Callable[[Any], str] = str
    file: ListFile | None = None
    titled: bool = False
    asks: tuple[Typed, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of a name."""
        return next((each for each in self.columns if each.name == name), None)


@dataclass(frozen=True)
class Names:
    """Of what an address says, on a page that may have several lists. part: of this one; empty for
    the one that the page is about."""

    part: str = ""

    @property
    def page(self) -> str:
        """Of its page."""
        return self.part or PAGE

    @property
    def sort(self) -> str:
        """Of its order."""
        return f"{self.part}-{SORT}" if self.part else SORT


@dataclass(frozen=True)
class Asked:
    """What is asked of a list. chosen: filter -> code. unknown: what an address asks that the list
    does not have, which is told: the list would show more than was meant. kept: what else stands
    in its addresses. usual: how it is sorted where they do not say it. typed: what was typed."""

    chosen: Mapping[str, str]
    sort: str
    text: str = ""
    page: str = ""
    unknown: tuple[str, ...] = ()

    names: Names = Names()
    kept: Mapping[str, str] = field(default_factory=dict)
    usual: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    def address(self, *, sort: str = "") -> str:
        """The list as it is, or sorted otherwise; without its page."""
        by = sort or self.sort
        asked = {**self.kept, **self.chosen, self.names.sort: by if by != self.usual else ""}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


def read_query(
    spec: ListSpec,
    options: Options,
    query: QueryDict,
    sent: QueryDict | None = None,
    *,
    names: Names = Names(),
    kept: Mapping[str, str] = MappingProxyType({}),
) -> Asked:
    """What an address asks of a list. options: filter -> its choices. sent: what is searched, and
    the page of what was found."""
    chosen, unknown = {}, []
    asks = spec.asks and sent is not None
    source = sent if asks and sent is not None else query
    for each in spec.filters:
        code = source.get(each.name, "")
        if code and code in (known for known, _label in options[each.name]):
            chosen[each.name] = code
        elif code:
            unknown.append(str(each.label))
    sort = query.get(names.sort, "") or spec.order
    column = spec.column(sort.removeprefix(DOWN))
    if column is None or not column.order:
        unknown.append(said("list-sort-by"))
        sort = spec.order
    found = sent.get(FIND, "").strip() if sent is not None and spec.search else ""
    text = str(found)[:LONGEST_SEARCH]
    source = sent if (text or asks) and sent is not None else query
    typed = {
        each.name: word
        for each in (spec.asks if asks else ())
        if (word := source.get(each.name, "").strip()[:LONGEST_SEARCH])
    }
    page = source.get(names.page, "") or source.get(AFTER, "")
    return Asked(chosen, sort, text, page, tuple(unknown), names, kept, spec.order, typed)


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


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Pages of rows of which no more are counted than somebody goes through: which rows a reader
    may know of is asked of each. ``more``: there are more than that."""

    more = False

    @cached_property
    def count(self) -> int:
        """How many rows, at most ``MOST_COUNTED``."""
        rows: Any = self.object_list
        found = int(rows.order_by()[: MOST_COUNTED + 1].count())
        self.more = found > MOST_COUNTED
        return min(found, MOST_COUNTED)


def _shown_part(page: ListPage) -> Any:
    """The rows that are shown at once: a page, or a stretch of what nobody counts."""
    if page.stretches is not None:
        return page.stretches(page.narrowed, page.size, page.asked.page)
    return BoundedPaginator(page.narrowed, page.size).get_page(page.asked.page)


def is_always_known(model: type[Model], path: str) -> bool:
    """Whether every row has what stands at the end of a path."""
    known: Any = model
    for name in path.removeprefix(DOWN).split("__"):
        column = next((each for each in known._meta.concrete_fields if each.name == name), None)
        if column is None or column.null:
            return False
        known = column.related_model
    return True


class ListShown:
    """A list as its template shows it."""

    def __init__(self, page: ListPage, wrong: str = "", *, printing: bool = False) -> None:
        self.printing, self.request, self.options = printing, page.request, page.options
        spec, self.asked = page.spec, page.asked
        self.caption, self.typed, self.wrong = spec.caption, spec.typed, wrong
        self.titled = spec.titled
        self.actions = [] if printing or page.part else page.offered
        self.choose_label = said("list-choose")
        self.searches, self.called = spec.search is not None, spec.called
        shown = page.columns
        self.columns = [each for each in spec.columns if shown is None or each.name in shown]
        self.page: Any = _shown_part(page)
        self.typed_wrong = page.typed[1]
        self.asks = [
            (each, self.asked.typed.get(each.name, ""), self.typed_wrong.get(each.name, ""))
            for each in spec.asks
        ]
        if page.prepare is not None and page.stretches is None:
            self.page.object_list = list(self.page.object_list)
            page.prepare(self.page.object_list)
        self.filters = [
            (each, [("", said("list-all")), *page.options[each.name]], self._chosen(each))
            for each in spec.filters
        ]

    @property
    def following(self) -> str:
        """Where the next rows of an uncounted list begin."""
        return str(getattr(self.page, "following", ""))

    def _chosen(self, each: Filter) -> str:
        return self.asked.chosen.get(each.name, "")

    @property
    def counted(self) -> bool:
        """Whether somebody knows how many rows there are."""
        return hasattr(self.page, "paginator")

    @property
    def count(self) -> int:
        """How many rows there are, on all pages; on this one where they are not counted."""
        if self.counted:
            return int(self.page.paginator.count)
        return len(self.page.object_list)

    @property
    def more(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.counted and self.count >= 0 and bool(self.page.paginator.more)

    @property
    def narrows(self) -> bool:
        """Whether something narrows it."""
        return bool(self.asked.chosen or self.asked.text or self.asked.typed)

    @property
    def views(self) -> list[tuple[str, str]]:
        """The views that the reader kept of this list: where each leads, and what it shows."""
        return [(kept, self._told(kept)) for kept in kept_views(self.request)]

    @property
    def may_keep(self) -> bool:
        """Whether this view is one to keep: not the list as it is anyway, and not kept yet."""
        here = self.asked.address()
        bare = replace(self.asked, chosen={}, sort=self.asked.usual).address()
        return here != bare and here not in kept_views(self.request)

    @property
    def is_kept(self) -> bool:
        """Whether this view was kept."""
        return self.asked.address() in kept_views(self.request)

    def _told(self, kept: str) -> str:
        """What a view shows, in words: they come from its codes, so that nobody is named in it."""
        asked = dict(parse_qsl(kept.removeprefix("?")))
        words = [
            f"{each.label}: {label}"
            for each, options, _chosen in self.filters
            for code, label in options
            if code and asked.get(each.name) == code
        ]
        by = dict(self.sorts).get(asked.get(self.asked.names.sort, ""), "")
        return " · ".join([*words, *([by] if by else [])]) or said("list-all")

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
            there = self.asked.address(sort=DOWN + each.name if up else each.name)
            found.append((each.label, there if each.order else "", sorted_by))
        return found

    @property
    def address(self) -> str:
        """To which the number of a page is added."""
        here = self.asked.address()
        return f"{here}{'' if here == '?' else '&'}{self.asked.names.page}="

    @property
    def everything(self) -> str:
        """The list with nothing that narrows it."""
        return replace(self.asked, chosen={}).address()

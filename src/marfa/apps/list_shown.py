"""A list as its template shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from django.core.paginator import Paginator

from marfa.apps.list_actions import said
from marfa.apps.list_spec import DOWN, Filter, Label
from marfa.apps.list_views import kept_views

if TYPE_CHECKING:
    from marfa.apps.list_page import ListPage

MOST_COUNTED = 10_000
"""Rows of a list that are counted and paged through; whoever needs others narrows it."""


class Stretch(Protocol):
    """Some rows of a list that nobody counts, and where the next ones begin: "" where none are."""

    @property
    def object_list(self) -> Sequence[Any]: ...
    @property
    def following(self) -> str: ...


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

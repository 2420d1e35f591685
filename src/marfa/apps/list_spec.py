"""What a list has, and what its address asks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.db.models import Expression, F, Q
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language

from marfa.apps.list_actions import said
from marfa.apps.list_file import ListFile
from marfa.apps.organisations.models import Site
from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.domain.codelists import codelist
from marfa.safeguards.actor import Actor

LONGEST_SEARCH = 100
PAGE, SORT, FIND, AFTER = "page", "sort", "find", "after"
DOWN = "-"
Label = str | Promise
Choices = Sequence[tuple[str, Label]]
Options = Mapping[str, Choices]


@dataclass(frozen=True)
class Column:
    """name: in addresses and in the template. kind: of its cells, as ``{% cell %}`` has them.
    order: what the list is sorted by where it is sorted by this column; nothing where it is not. An
        expression is taken to be known of each row.
    """

    name: str
    label: Label
    kind: str = ""
    order: tuple[str | Expression | F, ...] = ()


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

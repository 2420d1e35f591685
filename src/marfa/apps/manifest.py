"""How an app tells the shell what it brings: the ``MODULE`` in its ``module.py``.

The shell asks the registry and never names an app that a desk brings, so that a desk that an
installation does not have leaves no trace: no URL, no menu, no query.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from heapq import merge
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from marfa.domain.message import Message
from marfa.platform import clock
from marfa.platform.moments import end_of_day
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.fields.shredder import Shredder

if TYPE_CHECKING:
    from marfa.apps.accounts.models import User


MOST_FOUND = 25
"""Answers and remarks that one function of a module may give to one search."""


class Desk(StrEnum):
    """The desks of design: what a person may work at. Chosen when an installation is made."""

    RECEPTION = "reception"
    PROTECTION = "protection"
    INVESTIGATIONS = "investigations"
    FINANCE = "finance"
    SANCTIONS = "sanctions"
    REPORTING = "reporting"
    COORDINATION = "coordination"
    ADMINISTRATION = "administration"


DESKS_WITH_PEOPLE = {Desk.RECEPTION, Desk.PROTECTION, Desk.INVESTIGATIONS}


class Urgency(StrEnum):
    """What kind of work something is: it cannot wait, it has its time, or it waits for somebody
    without one. Whether its time is over is asked of the clock (``WorkItem.part``)."""

    URGENT = "urgent"
    DUE = "due"
    WAITING = "waiting"


class Part(StrEnum):
    """Where on "My work" something stands, in the order of the page."""

    URGENT = "urgent"
    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    WAITING = "waiting"


@dataclass(frozen=True)
class WorkItem:
    """One thing that a person has to do. It names no one: it may be seen over a shoulder.

    due: by when. by: the last day that is in time, where there is no hour. since: when it was
    begun, by which one of several alike is known.
    about: whom or what it is about, as the pages show it that this reader may open: a code.
    where: the site or organisation. zone: the clocks of that site, by which its times are shown
    and its day ends; empty: those of the reader.
    """

    text: Promise | str
    url: str
    urgency: Urgency
    due: datetime | None = None
    since: datetime | None = None
    about: str = ""
    where: str = ""
    zone: str = ""
    by: date | None = None

    @property
    def ends(self) -> datetime | None:
        """The moment from which it is overdue; None for what has no time."""
        return end_of_day(self.by, self.zone or "UTC") if self.by else self.due

    @property
    def is_overdue(self) -> bool:
        """Whether its time is over."""
        return self.ends is not None and self.ends <= clock.now()

    @property
    def part(self) -> Part:
        """Where it stands now. What is due without a time is today's."""
        if self.urgency is not Urgency.DUE:
            return Part(self.urgency.value)
        if self.is_overdue:
            return Part.OVERDUE
        return Part.TODAY if self._is_todays() else Part.LATER

    def _is_todays(self) -> bool:
        if self.by is not None:
            return self.by <= clock.today(self.zone or "UTC")
        zone = ZoneInfo(self.zone) if self.zone else timezone.get_current_timezone()
        now = clock.now().astimezone(zone)
        return self.due is None or self.due.astimezone(zone).date() <= now.date()


@dataclass(frozen=True)
class Found:
    """One answer to a search. ``kind`` says what it is; only who may know of it is told of it."""

    title: Promise | str
    url: str
    kind: Promise | str
    note: Promise | str = ""


@dataclass(frozen=True)
class Remark:
    """Said above the answers: what could not be searched, so that nobody takes silence for an
    answer, or that there are more."""

    title: Promise | str
    text: Message


@dataclass(frozen=True)
class Answers:
    """All answers to a search, and what is said with them."""

    found: tuple[Found, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Happened:
    """One event of the installation. ``text`` names no one: it may be seen over a shoulder."""

    at: datetime
    text: Promise | str
    url: str = ""


@dataclass(frozen=True)
class NavigationItem:
    """One entry in the menu of a desk. It shows to whom the charter lets open its page: what the
    view asks, it is the menu that asks it too.

    place: in the menu; what is done all day stands first. about: what it is for, where its name
    alone does not say so.
    """

    desk: Desk
    label: Promise | str
    url_name: str
    place: int = 50
    about: Promise | str = ""


@dataclass(frozen=True)
class Disclosed:
    """What an app tells a person about themselves, beyond the rows of its tables.

    title: heading; lines: what is said, in the active language.
    """

    title: Promise | str
    lines: tuple[Promise | str, ...]


@dataclass(frozen=True)
class DraftKind:
    """A form whose drafts lead back to it from "My work".

    form: its name in the drafts. url: from the key of the row to the address of the form, None
    where the row is gone.
    """

    form: str
    label: Promise | str
    url: Callable[[UUID | None], str | None]


@dataclass(frozen=True)
class AccountPage:
    """A page about one account; its address takes the reference of the account."""

    label: Promise | str
    url_name: str


@dataclass(frozen=True)
class PersonSection:
    """A part of the page of one person, which an app above that of people adds.

    label: heading of the part; it names nobody and is shown with it alone.
    render: from the request and the person (``people.Person``) to what stands below the heading,
        escaped; None where this reader may know of nothing, and then the heading is not shown
        either. It asks the charter itself. It is called within the reading that the page has put
        on the record, with the person's key at hand (``open_vault``), and asks the database as
        often for many rows as for few.
    """

    label: Promise | str
    render: Callable[[HttpRequest, Any], SafeString | None]


@dataclass(frozen=True)
class PersonLink:
    """What may be done for a person of whom the reader knows the code alone.

    url: from the request and the person to the address; None where this reader may not. It asks
    the charter itself.
    """

    label: Promise | str
    url: Callable[[HttpRequest, Any], str | None]


@dataclass(frozen=True)
class QueuePlace:
    """Where somebody waits: their ticket, and the address of their place in the queue."""

    ticket: str
    url: str


@dataclass(frozen=True)
class TourStep:
    """One step of the guided tour of a desk: a piece of its real work.

    code: by which it is remembered. title, text: what is done and how. They stand on a screen that
        others can read, so that they name nobody and say of nobody why they are here.
    url_name: of the page on which the work begins; its address takes nothing.
    pages: names of the further pages of this work, on which the step stays in sight.
    done: whether the user did this work since a moment. It looks at what is stored, within the
        rows that the request may see, and asks once.
    place: in the tour of the desk.
    begins: where the work begins for a user who took the tour up at a moment, if there is one such
        page for them; asked only where the step leads there.
    """

    desk: Desk
    code: str
    title: Promise | str
    text: Promise | str
    url_name: str
    pages: tuple[str, ...]
    done: Callable[[User, datetime], bool]
    place: int
    begins: Callable[[User, datetime], str | None] | None = None

    def is_done_on(self, page: str) -> bool:
        """Whether this page, by its name, belongs to the work."""
        return page == self.url_name or page in self.pages


@dataclass(frozen=True)
class Module:
    """What an app brings.

    urls: urlconfs to mount, each under the desk it belongs to; None is outside every desk.
    pages: by namespace of pages outside every desk, the desks whose work they are, the likeliest
        first. Where a menu leads to a page of the namespace, it need not be said.
    navigation: menu entries, in their order.
    my_work: functions from a user to what waits for them.
    search: functions from a user and what they typed to what they may find, remarks on it first.
        Whoever writes one leaves out all that this person must not know of; the shell shows what
        it is given.
    timeline: functions from a user and a moment to what happened before it, newest first; the
        shell reads only as many as it shows.
    drafts: forms whose drafts are found again under "My work".
    demonstration: fills the app's part of a demonstration; called in the order of the house.
    needs_factor: whether a person may work only after proving a second factor.
    about_accounts: pages to which the page of a member of staff leads.
    erasure: what destroys the app's data about a person, beyond the rows that the field register
        knows.
    access: functions from the key of a person to what the app tells them about themselves.
    subjects: functions from what somebody types (a reference, a code) to the keys of the people
        whom it names, of whatever organisation: nobody who asks here is kept from anybody.
    person_sections: parts of the page of one person, in their order.
    person_links: what may be done for a person of whom somebody knows the code alone.
    records: by kind of the charter, a function from a reference to the record as the charter sees
        it.
    tours: steps of the guided tours of desks.
    queue_places: functions from people and who asks to where each of them waits, by key.
    """

    name: str
    urls: tuple[tuple[Desk | None, str], ...] = ()
    pages: Mapping[str, tuple[Desk, ...]] = field(default_factory=dict, hash=False)
    navigation: tuple[NavigationItem, ...] = ()
    my_work: tuple[Callable[[User], Iterable[WorkItem]], ...] = ()
    search: tuple[Callable[[User, str], Iterable[Found | Remark]], ...] = ()
    timeline: tuple[Callable[[User, datetime], Iterable[Happened]], ...] = ()
    drafts: tuple[DraftKind, ...] = ()
    demonstration: Callable[[tuple[Desk, ...]], None] | None = None
    needs_factor: Callable[[User], bool] | None = None
    about_accounts: tuple[AccountPage, ...] = ()
    erasure: tuple[Shredder, ...] = ()
    access: tuple[Callable[[UUID], Iterable[Disclosed]], ...] = ()
    subjects: tuple[Callable[[str], Iterable[UUID]], ...] = ()
    person_sections: tuple[PersonSection, ...] = ()
    person_links: tuple[PersonLink, ...] = ()
    records: Mapping[str, Callable[[str], Resource | None]] = field(
        default_factory=dict, hash=False
    )
    tours: tuple[TourStep, ...] = ()
    queue_places: tuple[Callable[[Collection[Any], Actor], Mapping[UUID, QueuePlace]], ...] = ()


def modules() -> tuple[Module, ...]:
    """The modules of all installed apps of ours, in the order of INSTALLED_APPS."""
    found = []
    for name in _with_module(tuple(config.name for config in apps.get_app_configs())):
        module = getattr(import_module(name), "MODULE", None)
        if not isinstance(module, Module):
            raise TypeError(f"{name}.MODULE is not a Module")
        found.append(module)
    return tuple(found)


@lru_cache(maxsize=8)
def _with_module(names: tuple[str, ...]) -> tuple[str, ...]:
    """The ``module.py`` of the apps that have one: looked for once, since every page asks."""
    files = (f"{name}.module" for name in names if not name.startswith("django."))
    return tuple(file for file in files if find_spec(file) is not None)


def navigation(desk: Desk) -> tuple[NavigationItem, ...]:
    """The menu of a desk, by place and then in the order of the apps."""
    items = (item for module in modules() for item in module.navigation if item.desk == desk)
    return tuple(sorted(items, key=lambda item: item.place))


def desk_of_page(view: str, held: Collection[Desk]) -> Desk | None:
    """At which of somebody's desks they are on a page that is mounted outside every desk.

    view: the name of the page, with its namespace.
    The menu that leads to the page comes first, then what its module says, then a menu that leads
    to a page beside it. None for what belongs to no desk, such as one's own sign-in.
    """
    namespace = view.rpartition(":")[0]
    if not namespace:
        return None
    there = modules()
    items = [item for module in there for item in module.navigation]
    led = [item.desk for item in items if item.url_name == view]
    told = [desk for module in there for desk in module.pages.get(namespace, ())]
    beside = [item.desk for item in items if item.url_name.startswith(f"{namespace}:")]
    return next((desk for desk in (*led, *told, *beside) if desk in held), None)


def tour(desk: Desk) -> tuple[TourStep, ...]:
    """The steps of the guided tour of a desk, in their places; empty where there is none."""
    steps = (step for module in modules() for step in module.tours if step.desk == desk)
    return tuple(sorted(steps, key=lambda step: step.place))


def account_pages() -> tuple[AccountPage, ...]:
    """All pages about one account, in the order of the house."""
    return tuple(page for module in modules() for page in module.about_accounts)


def needs_factor(user: User) -> bool:
    """Whether any app says that this person needs a second factor."""
    return any(module.needs_factor(user) for module in modules() if module.needs_factor)


def person_sections() -> tuple[PersonSection, ...]:
    """What the apps add to the page of one person, in the order of the house."""
    return tuple(section for module in modules() for section in module.person_sections)


def person_links() -> tuple[PersonLink, ...]:
    """What the apps let be done for a person by code, in the order of the house."""
    return tuple(link for module in modules() for link in module.person_links)


def queue_places(people: Collection[Any], actor: Actor) -> dict[UUID, QueuePlace]:
    """Where each of these people waits, by key, as far as the actor may know of it; who waits no
    more has no place."""
    found: dict[UUID, QueuePlace] = {}
    for module in modules():
        for provide in module.queue_places:
            found |= provide(people, actor)
    return found


def works_with_people() -> bool:
    """Whether anybody here works with people."""
    return bool(DESKS_WITH_PEOPLE & set(settings.FOLDER.instance.desks))


def record_kinds() -> dict[str, Callable[[str], Resource | None]]:
    """By kind, how to find a record as the charter sees it."""
    return {kind: find for module in modules() for kind, find in module.records.items()}


def my_work(user: User) -> list[WorkItem]:
    """All that waits for a person, in the order of the parts of the page, then by when it ends."""
    order = list(Part)
    items = [item for module in modules() for provide in module.my_work for item in provide(user)]
    return sorted(
        items,
        key=lambda item: (
            order.index(item.part),
            item.ends.timestamp() if item.ends else float("inf"),
            str(item.text),
            item.about,
        ),
    )


def people_named(text: str) -> set[UUID]:
    """The keys of the people whom a reference or a code names, of whatever organisation; several
    where two organisations gave the same code."""
    with every_organisation():
        return {key for module in modules() for resolve in module.subjects for key in resolve(text)}


def search(user: User, text: str) -> Answers:
    """What a person may find under what they typed: as the modules bring it, in their order."""
    found: list[Found] = []
    remarks: list[Remark] = []
    for module in modules():
        for provide in module.search:
            for each in islice(provide(user, text), MOST_FOUND):
                if isinstance(each, Remark):
                    remarks.append(each)
                else:
                    found.append(each)
    return Answers(tuple(found), tuple(remarks))


def timeline(user: User, before: datetime, count: int) -> list[Happened]:
    """What happened before a moment as far as this person may know: newest first."""
    streams = (provide(user, before) for module in modules() for provide in module.timeline)
    return list(islice(merge(*streams, key=lambda event: event.at, reverse=True), count))

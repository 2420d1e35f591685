"""How an app says what it brings: the ``MODULE`` in its ``module.py``.

Every ``module.py`` is read before Django starts, since it decides which apps there are
(``house.py``). So it imports nothing but this, and names what it brings by path:
``marfa.apps.cases.work:work_items_of``. All paths are resolved at the start (``contributions.py``).

The shell asks the registry and never names an app that a desk brings, so that a desk that an
installation does not have leaves no trace: no table, no address, no menu, no query.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache, partial
from heapq import merge
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.utils import timezone
from django.utils.functional import Promise

from marfa.apps.paths import resolve_path
from marfa.domain.desks import Desk as Desk
from marfa.domain.message import Message
from marfa.platform import clock
from marfa.platform.moments import end_of_day
from marfa.platform.rowsecurity.context import every_organisation
from marfa.safeguards import subjects

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from marfa.apps.accounts.models import User
    from marfa.safeguards.actor import Actor
    from marfa.safeguards.charter.resources import Resource


NAMED: Mapping[str, object] = {"named": True}
"""Marks a field of a manifest that holds paths."""

PERSON, CASE, HAND_OVER = "Person", "Case", "HandOver"
"""Kinds of subject, as the charter calls them; a hand-over leads to what came of it."""

MOST_FOUND = 25
"""Answers and remarks that one function of a module may give to one search."""


class Urgency(StrEnum):
    """What kind of work something is: it cannot wait, it has its time, or it waits for somebody
    without one. Whether its time is over is asked of the clock (``WorkItem.part``)."""

    URGENT = "urgent"
    DUE = "due"
    WAITING = "waiting"


class WorkPart(StrEnum):
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
    def part(self) -> WorkPart:
        """Where it stands now. What is due without a time is today's."""
        if self.urgency is not Urgency.DUE:
            return WorkPart(self.urgency.value)
        if self.is_overdue:
            return WorkPart.OVERDUE
        return WorkPart.TODAY if self._is_todays() else WorkPart.LATER

    def _is_todays(self) -> bool:
        if self.by is not None:
            return self.by <= clock.today(self.zone or "UTC")
        zone = ZoneInfo(self.zone) if self.zone else timezone.get_current_timezone()
        now = clock.now().astimezone(zone)
        return self.due is None or self.due.astimezone(zone).date() <= now.date()


@dataclass(frozen=True)
class SearchHit:
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

    found: tuple[SearchHit, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Happened:
    """One event of the installation. ``text`` names no one: it may be seen over a shoulder."""

    at: datetime
    text: Promise | str
    url: str = ""


@dataclass(frozen=True)
class Waiting:
    """How much waits behind an entry of a menu. late: those of them whose time is over."""

    number: int
    late: int = 0


@dataclass(frozen=True)
class NavigationItem:
    """One entry in the menu of a desk. It shows to whom the charter lets open its page: what the
    view asks, it is the menu that asks it too.

    place: in the menu; what is done all day stands first. about: what it is for, where its name
    alone does not say so. waiting: path of a function from an actor to how much waits there
    (``Waiting``), of what they may know of.
    """

    desk: Desk
    label: Promise | str
    url_name: str
    place: int = 50
    about: Promise | str = ""
    waiting: str = field(default="", metadata=NAMED)

    def waits(self, actor: Actor) -> Waiting | None:
        """How much waits for somebody there; None where that is not counted."""
        if not self.waiting:
            return None
        found: Waiting = resolve_path(self.waiting)(actor)
        return found


@dataclass(frozen=True)
class Chart:
    """One chart at the home of a desk. rows: label and count. url: of the rows behind it."""

    title: Promise | str
    unit: Promise | str
    rows: tuple[tuple[Promise | str, int], ...]
    note: Promise | str = ""
    url: str = ""


@dataclass(frozen=True)
class DeskCharts:
    """Charts at the home of a desk. charts: path of a function from an actor to those for them
    (``Chart``), of what they may know of."""

    desk: Desk
    charts: str = field(metadata=NAMED)


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

    form: its name in the drafts. url: path of a function from the key of the row (a ``UUID`` or
    None) to the address of the form; it gives None where the row is gone.
    """

    form: str
    label: Promise | str
    url: str = field(metadata=NAMED)

    def address(self, subject: UUID | None) -> str | None:
        """Where the form of a row is; None where the row is gone."""
        found: str | None = resolve_path(self.url)(subject)
        return found


@dataclass(frozen=True)
class SiteDuties:
    """What has to be reported at a site, whoever tells it. reviewed: a second person read it."""

    lines: Sequence[str]
    language: str
    reviewed: bool


@dataclass(frozen=True)
class NoList:
    """Why no list of questions is put to somebody. page: where it goes on without one."""

    said: Message
    page: str
    label: Promise | str


@dataclass(frozen=True)
class QueuePlace:
    """Where somebody waits: their ticket, and the address of their place in the queue."""

    ticket: str
    url: str


@dataclass(frozen=True)
class AccountPage:
    """A page about one account; its address takes the reference of the account."""

    label: Promise | str
    url_name: str


@dataclass(frozen=True)
class SubjectSection:
    """A part of the page of one subject, which an app above that of the subject adds.

    subject: its kind, as the charter calls it: ``Person``.
    label: heading of the part; it names nobody and is shown with it alone.
    render: path of a function from the request and the subject to what stands below the heading,
        escaped (``SafeString``); it gives None where this reader may know of nothing, and then the
        heading is not shown either. It asks the charter itself. It is called within the reading
        that the page has put on the record, with the person's key at hand (``open_vault``), and
        asks the database as often for many rows as for few. What holds nothing yet is folded
        (``record_page.folded``).
    """

    subject: str
    label: Promise | str
    render: str = field(metadata=NAMED)

    @property
    def name(self) -> str:
        """By which it is found on the page: the app that adds it."""
        return self.render.split(".")[2]

    def part(self, request: HttpRequest, subject: Any) -> SafeString | None:
        """What stands below the heading, for the reader of this request."""
        found: SafeString | None = resolve_path(self.render)(request, subject)
        return found


@dataclass(frozen=True)
class SubjectSummary:
    """What an app tells at the head of the page of a subject (``record_page.SummaryFact``).

    subject: its kind, as the charter calls it: ``Person``.
    facts: path of a function from the request and the subject to the facts, in their order. It
        asks the charter for each. It is called as ``SubjectSection.render`` is.
    """

    subject: str
    facts: str = field(metadata=NAMED)

    def facts_for(self, request: HttpRequest, subject: Any) -> Iterable[Any]:
        """The facts that the reader of this request may know."""
        found: Iterable[Any] = resolve_path(self.facts)(request, subject)
        return found


@dataclass(frozen=True)
class SubjectLink:
    """What may be done for a subject of which the reader knows the code alone.

    subject: its kind, as the charter calls it: ``Person``.
    url: path of a function from the request and the subject to the address; it gives None where
        this reader may not. It asks the charter itself.
    """

    subject: str
    label: Promise | str
    url: str = field(metadata=NAMED)

    def address(self, request: HttpRequest, subject: Any) -> str | None:
        """Where it is done, for the reader of this request."""
        found: str | None = resolve_path(self.url)(request, subject)
        return found


class Slot(StrEnum):
    """Where among what surrounds each request an app puts something of its own.

    SESSION: the session is known. SENT: what was sent is read, also of whoever is signed out.
    CONFINED: somebody is signed in, and it is decided which pages are open to this session.
    PAGE: around the page, with the roles and the clocks of its reader.
    """

    SESSION = "session"
    SENT = "sent"
    CONFINED = "confined"
    PAGE = "page"


@dataclass(frozen=True)
class Middleware:
    """Something that surrounds each request. path: of a Django middleware."""

    slot: Slot
    path: str = field(metadata=NAMED)


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
    """What an app brings. All that is called or read is named by path; ``paths_of`` lists it.

    Its head, which says where the app is installed:

    name: of its folder in ``marfa.apps``, and its label.
    desks: at which it is worked; it is installed where one of them is. Empty: everywhere.
    stands_on: apps that it imports. They are installed with it, come before it, and may not import
        it. Those on which these stand need not be said.

    What its pages are and where they are found:

    urls: urlconfs to mount, each under the desk it belongs to; None is outside every desk.
    pages: by namespace of pages outside every desk, the desks whose work they are, the likeliest
        first. Where a menu leads to a page of the namespace, it need not be said.
    navigation: menu entries, in their order. One for a desk that is not here is not shown.
    charts: at the homes of desks, for whom the charter lets read what they count.
    middleware: what surrounds each request. Within a slot, apps at the top of the house come first.
    my_work: functions from a user to what waits for them (``WorkItem``).
    search: functions from a user and what they typed to what they may find (``Found``), remarks on
        it first (``Remark``). Whoever writes one leaves out all that this person must not know of;
        the shell shows what it is given.
    timeline: functions from a user and a moment to what happened before it (``Happened``), newest
        first; the shell reads only as many as it shows.
    drafts: forms whose drafts are found again under "My work".
    sections: parts of the pages of subjects, in their order.
    summaries: facts at the head of the pages of subjects.
    links: what may be done for a subject of which somebody knows the code alone.
    about_accounts: pages to which the page of a member of staff leads.
    site_duties: functions from a site and a language to what has to be reported there
        (``SiteDuties``), or None where nobody has entered it.
    queue_places: functions from people and who asks to where each of them waits (``QueuePlace``),
        by key.
    tours: tuples of ``TourStep``, for the guided tours of desks.
    case_parts: parts of the page of one case (``cases.parts.CasePart``).
    case_concerns: tuples of why a supervisor looks at a case (``cases.concerns.Concern``).
    case_facts: tables that the coded facts of a case follow too (``cases.facts.Followed``).
    child_alarms: functions from keys of people to what is wrong about each of them now that nobody
        may overlook, such as an open detention, in words that name nobody.
    case_closure: what keeps a case open (``cases.closure_conditions.ClosureCondition``).
    referral_conditions: what has to stand before a case is handed to a recipient
        (``referrals.conditions.ReferralCondition``).
    child_returns: functions from the case of a child to the page on which their return is decided,
        or "" where a decision in force lets them return. Where none is asked, no child returns.
    same_person: what looks, before somebody is registered, for who is here already under such a
        name (``registry.already_here.Looking``).
    no_list: functions from a person and an actor to why this one may put no list of questions to
        them (``NoList``), or None. Whoever is about to put one asks (``no_list_for``).
    adulthood: functions from the key of a person whose age is disputed to whether it was decided as
        it must be that they are an adult. Where none says so, they stay a child.

    What it tells of, and destroys:

    records: by kind of the charter, a function from a reference to the record as the charter sees
        it (``Resource``).
    subject_kinds: kinds of subject (``SubjectKind``): how each is named, shown and seen by the
        charter.
    colleagues: functions from what somebody types to the keys of the colleagues whom it names, who
        are subjects of no kind.
    access: by kind of subject, a function from its key to what the app tells of it to whoever asks
        what is stored (``Disclosed``).
    erasure: shredders (``Shredder``): what destroys the app's data about a subject, beyond the
        rows that the field register knows.
    replayed: functions from the key of a subject that the erased list takes out of an old database;
        they delete what a live erasure deletes.
    kept_longer: tuples of ``Kept``: rows that are kept longer than others of their table.
    facts: kinds of fact (``FactKind``).
    deadlines: kinds of deadline (``Kind``).
    key_holders: what holds something that the instance key seals (``Holder``).
    sealed: by kind of sealed record, a function from it to where it stands.
    organisations: functions that say which organisations there are.
    found_names: by name, a source of what is found by name (``name_search.entries.Source``).
    form_converters, form_sources: what makes records of forms, and forms at hand (``Converter``,
        ``Source`` of the app ``forms``).
    texts: functions that give the sets of texts that the app puts to people
        (``texts.sets.TextSet``), so that they are reviewed.
    beside_results: functions from a request and a finished interview to what stands beside its
        result on the page (app ``screening``), or None; within ``open_vault()``.

    What it does by itself:

    jobs: modules with its background jobs. subscribers: modules with what listens to events and
        writes mails.
    needs_factor: whether a person may work only after proving a second factor.
    demonstration: fills the app's part of a demonstration; called in the order of the house.
    """

    name: str
    desks: tuple[Desk, ...] = ()
    stands_on: tuple[str, ...] = ()
    urls: tuple[tuple[Desk | None, str], ...] = ()
    pages: Mapping[str, tuple[Desk, ...]] = field(default_factory=dict, hash=False)
    navigation: tuple[NavigationItem, ...] = ()
    charts: tuple[DeskCharts, ...] = ()
    middleware: tuple[Middleware, ...] = ()
    my_work: tuple[str, ...] = field(default=(), metadata=NAMED)
    search: tuple[str, ...] = field(default=(), metadata=NAMED)
    timeline: tuple[str, ...] = field(default=(), metadata=NAMED)
    drafts: tuple[DraftKind, ...] = ()
    sections: tuple[SubjectSection, ...] = ()
    summaries: tuple[SubjectSummary, ...] = ()
    links: tuple[SubjectLink, ...] = ()
    about_accounts: tuple[AccountPage, ...] = ()
    site_duties: tuple[str, ...] = field(default=(), metadata=NAMED)
    queue_places: tuple[str, ...] = field(default=(), metadata=NAMED)
    tours: tuple[str, ...] = field(default=(), metadata=NAMED)
    case_parts: tuple[str, ...] = field(default=(), metadata=NAMED)
    case_concerns: tuple[str, ...] = field(default=(), metadata=NAMED)
    case_facts: tuple[str, ...] = field(default=(), metadata=NAMED)
    child_alarms: tuple[str, ...] = field(default=(), metadata=NAMED)
    case_closure: tuple[str, ...] = field(default=(), metadata=NAMED)
    referral_conditions: tuple[str, ...] = field(default=(), metadata=NAMED)
    child_returns: tuple[str, ...] = field(default=(), metadata=NAMED)
    same_person: tuple[str, ...] = field(default=(), metadata=NAMED)
    no_list: tuple[str, ...] = field(default=(), metadata=NAMED)
    adulthood: tuple[str, ...] = field(default=(), metadata=NAMED)
    records: Mapping[str, str] = field(default_factory=dict, hash=False, metadata=NAMED)
    subject_kinds: tuple[str, ...] = field(default=(), metadata=NAMED)
    colleagues: tuple[str, ...] = field(default=(), metadata=NAMED)
    access: Mapping[str, str] = field(default_factory=dict, hash=False, metadata=NAMED)
    erasure: tuple[str, ...] = field(default=(), metadata=NAMED)
    replayed: tuple[str, ...] = field(default=(), metadata=NAMED)
    kept_longer: tuple[str, ...] = field(default=(), metadata=NAMED)
    facts: tuple[str, ...] = field(default=(), metadata=NAMED)
    deadlines: tuple[str, ...] = field(default=(), metadata=NAMED)
    key_holders: tuple[str, ...] = field(default=(), metadata=NAMED)
    sealed: Mapping[str, str] = field(default_factory=dict, hash=False, metadata=NAMED)
    organisations: tuple[str, ...] = field(default=(), metadata=NAMED)
    found_names: Mapping[str, str] = field(default_factory=dict, hash=False, metadata=NAMED)
    form_converters: tuple[str, ...] = field(default=(), metadata=NAMED)
    form_sources: tuple[str, ...] = field(default=(), metadata=NAMED)
    texts: tuple[str, ...] = field(default=(), metadata=NAMED)
    beside_results: tuple[str, ...] = field(default=(), metadata=NAMED)
    jobs: tuple[str, ...] = field(default=(), metadata=NAMED)
    subscribers: tuple[str, ...] = field(default=(), metadata=NAMED)
    needs_factor: str = field(default="", metadata=NAMED)
    demonstration: str = field(default="", metadata=NAMED)


def paths_of(brought: object) -> Iterator[tuple[str, str]]:
    """All that a manifest, or a part of one, names: by field, each path."""
    for one in fields(brought):  # type: ignore[arg-type]
        value = getattr(brought, one.name)
        if one.metadata.get("named"):
            yield from ((one.name, path) for path in _each(value) if path)
        elif isinstance(value, tuple):
            for part in value:
                if is_dataclass(part) and not isinstance(part, type):
                    yield from ((f"{one.name}.{name}", path) for name, path in paths_of(part))
        if one.name == "urls":
            yield from ((one.name, path) for _desk, path in value)


def _each(value: str | Mapping[str, str] | tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(value.values()) if isinstance(value, Mapping) else value


def installed_modules() -> tuple[Module, ...]:
    """The modules of all installed apps of ours, in the order of INSTALLED_APPS."""
    return tuple(
        module_in(name)
        for name in _with_module(tuple(config.name for config in apps.get_app_configs()))
    )


def module_in(name: str) -> Module:
    """The manifest in a ``module.py``, by the dotted name of that file; raises TypeError where it
    is none."""
    module = getattr(import_module(name), "MODULE", None)
    if not isinstance(module, Module):
        raise TypeError(f"{name}.MODULE is not a Module")
    return module


@lru_cache(maxsize=8)
def _with_module(names: tuple[str, ...]) -> tuple[str, ...]:
    """The ``module.py`` of the apps that have one: looked for once, since every page asks."""
    files = (f"{name}.module" for name in names if not name.startswith("django."))
    return tuple(file for file in files if find_spec(file) is not None)


def gather_from_apps(field_name: str) -> tuple[Any, ...]:
    """What all apps name in one field, resolved, in the order of the house."""
    return tuple(
        resolve_path(path)
        for module in installed_modules()
        for path in _each(getattr(module, field_name))
        if path
    )


def gather_by_name(field_name: str) -> dict[str, Any]:
    """What all apps name in a field that maps names to paths, resolved."""
    return {
        name: resolve_path(path)
        for module in installed_modules()
        for name, path in getattr(module, field_name).items()
    }


def desk_navigation(desk: Desk) -> tuple[NavigationItem, ...]:
    """The menu of a desk, by place and then in the order of the apps."""
    items = (
        item for module in installed_modules() for item in module.navigation if item.desk == desk
    )
    return tuple(sorted(items, key=lambda item: item.place))


def desk_charts(desk: Desk, actor: Actor) -> list[Chart]:
    """The charts at the home of a desk for somebody, in the order of the apps."""
    found: list[Chart] = []
    for module in installed_modules():
        for brought in module.charts:
            if brought.desk == desk:
                found += resolve_path(brought.charts)(actor)
    return found


def desk_of_page(view: str, held: Collection[Desk]) -> Desk | None:
    """At which of somebody's desks they are on a page that is mounted outside every desk.

    view: the name of the page, with its namespace.
    The menu that leads to the page comes first, then what its module says, then a menu that leads
    to a page beside it. None for what belongs to no desk, such as one's own sign-in.
    """
    namespace = view.rpartition(":")[0]
    if not namespace:
        return None
    there = installed_modules()
    items = [item for module in there for item in module.navigation]
    led = [item.desk for item in items if item.url_name == view]
    told = [desk for module in there for desk in module.pages.get(namespace, ())]
    beside = [item.desk for item in items if item.url_name.startswith(f"{namespace}:")]
    return next((desk for desk in (*led, *told, *beside) if desk in held), None)


def desk_tour(desk: Desk) -> tuple[TourStep, ...]:
    """The steps of the guided tour of a desk, in their places; empty where there is none."""
    steps = (step for steps in gather_from_apps("tours") for step in steps if step.desk == desk)
    return tuple(sorted(steps, key=lambda step: step.place))


def account_pages() -> tuple[AccountPage, ...]:
    """All pages about one account, in the order of the house."""
    return tuple(page for module in installed_modules() for page in module.about_accounts)


def needs_factor(user: User) -> bool:
    """Whether any app says that this person needs a second factor."""
    return any(needs(user) for needs in gather_from_apps("needs_factor"))


def site_duties(site: Any, language: str) -> SiteDuties | None:
    """What has to be reported at a site, in a language or else in another; None where nobody has
    entered it, and in live use where no second person has read it."""
    found = (provide(site, language) for provide in gather_from_apps("site_duties"))
    return next((duties for duties in found if duties is not None), None)


def no_list_for(person: Any, actor: Actor) -> NoList | None:
    """Why an actor may put no list of questions to a person, as the first app says that has a
    reason."""
    found = (refuse(person, actor) for refuse in gather_from_apps("no_list"))
    return next((refusal for refusal in found if refusal is not None), None)


def queue_places(people: Collection[Any], actor: Actor) -> dict[UUID, QueuePlace]:
    """Where each of these people waits, by key, as far as the actor may know of it; who waits no
    more has no place."""
    found: dict[UUID, QueuePlace] = {}
    for provide in gather_from_apps("queue_places"):
        found |= provide(people, actor)
    return found


def sections_of(subject: str) -> tuple[SubjectSection, ...]:
    """What the apps add to the page of one subject of a kind, in the order of the house."""
    return tuple(
        each
        for module in installed_modules()
        for each in module.sections
        if each.subject == subject
    )


def summaries_of(subject: str) -> tuple[SubjectSummary, ...]:
    """What the apps tell at the head of the page of a subject, in the order of the house."""
    return tuple(
        each
        for module in installed_modules()
        for each in module.summaries
        if each.subject == subject
    )


def links_of(subject: str) -> tuple[SubjectLink, ...]:
    """What the apps let be done for a subject of a kind by its code, in the order of the house."""
    return tuple(
        each for module in installed_modules() for each in module.links if each.subject == subject
    )


def record_kinds() -> dict[str, Callable[[str], Resource | None]]:
    """By kind, how to find a record as the charter sees it; a subject is found as it is named."""
    found = gather_by_name("records")
    return found | {kind.name: partial(_record_of, kind) for kind in subjects.subject_kinds()}


def _record_of(kind: subjects.SubjectKind, text: str) -> Resource | None:
    """The one subject that somebody names; None where there is none, or several."""
    keys = subjects.keys_named(text, [kind])
    with every_organisation():
        return kind.record(keys.pop()) if len(keys) == 1 else None


def disclosed_of(kind: str, key: UUID) -> Iterator[Disclosed]:
    """What all apps tell of a subject of a kind, in the order of the house."""
    for module in installed_modules():
        if path := module.access.get(kind):
            yield from resolve_path(path)(key)


def my_work(user: User) -> list[WorkItem]:
    """All that waits for a person, in the order of the parts of the page, then by when it ends."""
    order = list(WorkPart)
    items: list[WorkItem] = [
        item for provide in gather_from_apps("my_work") for item in provide(user)
    ]
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
    """The keys of the people, colleagues among them, whom a reference or a code names, of whatever
    organisation; several where two organisations gave the same code."""
    people = [kind for kind in subjects.subject_kinds() if kind.name == PERSON]
    with every_organisation():
        found = {key for name_people in gather_from_apps("colleagues") for key in name_people(text)}
    return found | (subjects.keys_named(text, people) if people else set())


def subjects_named(text: str) -> set[UUID]:
    """The keys of all subjects, colleagues among them, whom a reference or a code names."""
    return people_named(text) | subjects.keys_named(text)


def search_modules(user: User, text: str) -> Answers:
    """What a person may find under what they typed: as the modules bring it, in their order."""
    found: list[SearchHit] = []
    remarks: list[Remark] = []
    for provide in gather_from_apps("search"):
        for each in islice(provide(user, text), MOST_FOUND):
            if isinstance(each, Remark):
                remarks.append(each)
            else:
                found.append(each)
    return Answers(tuple(found), tuple(remarks))


def merge_timelines(user: User, before: datetime, count: int) -> list[Happened]:
    """What happened before a moment as far as this person may know: newest first."""
    streams = (provide(user, before) for provide in gather_from_apps("timeline"))
    return list(islice(merge(*streams, key=lambda event: event.at, reverse=True), count))

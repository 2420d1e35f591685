"""Notices of unusual searching, and of searches that would have met a protected person.

Every search writes one row, whatever it met, and enqueues the same job. The job tells whoever
protects those whom it would have met, and of searching that is out of the ordinary whoever answers
for the place; nothing comes back to the searcher.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from marfa.apps.name_search.models import Notice, Search, Way
from marfa.platform import clock, units
from marfa.platform.rowsecurity.context import row_context
from marfa.safeguards.actions import log_events
from marfa.safeguards.actor import Actor, ActorKind
from marfa.safeguards.audit.event import Event
from marfa.safeguards.words import Purpose

KINDS = Notice.Kind
OF_PROTECTED = frozenset({KINDS.PROTECTED, KINDS.AGAIN})
"""What nobody is told but whoever protects."""

HABIT = timedelta(days=28)
TIMES = 4
"""So many times the own habit and that of colleagues is out of the ordinary."""

AT_LEAST = 40
"""Fewer searches a day than this are never too many."""

NOTHING_AT_LEAST, NOTHING_SHARE = 15, 0.7
AGAIN = 3
"""So many meetings with protected people within a week are told apart."""

WEEK = timedelta(days=7)
ONE_SEARCH = timedelta(seconds=5)
"""What follows within this time of the first is the same search, typed further."""


def note_search(
    *,
    searcher: UUID,
    organisation: UUID,
    site: UUID | None,
    found: int,
    met: Collection[tuple[UUID, UUID]],
    way: Way = Way.SEARCH,
) -> None:
    """Write down that somebody searched; the same statements whatever was met.

    organisation: for whom. met: protected people, each with the organisation that protects them.
    """
    from marfa.apps.name_search.jobs import review_recent_searches

    with row_context([organisation]), units.unit_of_work():
        Search.objects.create(
            organisation_id=organisation,
            site_id=site,
            searcher=searcher,
            at=clock.now(),
            way=way,
            found=found,
            met=sorted([owner.hex, key.hex] for owner, key in met),
        )
        review_recent_searches.enqueue()


def review_searches() -> None:
    """Look at the searches that nobody has looked at yet; within a transaction."""
    rows = list(Search.objects.filter(reviewed=False).order_by("at", "id")[:500])
    for row in rows:
        for owner, key in row.met:
            _tell_of_person(row, UUID(hex=owner), UUID(hex=key))
    for searcher in {row.searcher for row in rows}:
        last = [row for row in rows if row.searcher == searcher][-1]
        _look_at(last)
    Search.objects.filter(pk__in=[row.pk for row in rows]).update(reviewed=True, met=[])


def _look_at(row: Search) -> None:
    """The day of one searcher until this search."""
    searches = _merged(_sought(_of(row)).filter(at__gt=row.at - timedelta(days=1), at__lte=row.at))
    if len(searches) > _usual(row):
        _tell(row, KINDS.MANY, count=len(searches))
    nothing = sum(1 for each in searches if each.found == 0)
    if nothing >= NOTHING_AT_LEAST and nothing >= NOTHING_SHARE * len(searches):
        _tell(row, KINDS.NOTHING, count=nothing)
    told = Notice.objects.filter(searcher=row.searcher, kind=KINDS.PROTECTED)
    week = told.filter(at__gt=row.at - WEEK, at__lte=row.at)
    again = week.values("organisation").annotate(n=Count("pk")).filter(n__gte=AGAIN)
    for owner, count in again.values_list("organisation", "n"):
        _tell(row, KINDS.AGAIN, to=owner, count=count)


def _usual(row: Search) -> float:
    """How many searches a day are in the ordinary: by the own habit and by that of colleagues."""
    before = _sought(
        Search.objects.filter(
            organisation=row.organisation_id,
            at__lte=row.at - timedelta(days=1),
            at__gt=row.at - HABIT,
        )
    )
    days = before.annotate(day=TruncDate("at")).values("searcher", "day").annotate(n=Count("pk"))
    counts: dict[UUID, list[int]] = defaultdict(list)
    for each in days:
        counts[each["searcher"]].append(each["n"])
    own = median(counts.pop(row.searcher, [0]))
    others = median([median(numbers) for numbers in counts.values()] or [0])
    return max(AT_LEAST, TIMES * max(own, others))


def _sought(rows: QuerySet[Search]) -> QuerySet[Search]:
    """Without what a registration looks for by itself and finds nobody: who comes for the first
    time is in the ordinary."""
    return rows.exclude(way=Way.DUPLICATE, found=0)


def _of(row: Search) -> QuerySet[Search]:
    return Search.objects.filter(organisation=row.organisation_id, searcher=row.searcher)


def _merged(rows: QuerySet[Search]) -> list[Search]:
    """Searches in their order; of those that follow a first one at once, the last."""
    found: list[Search] = []
    begun: datetime | None = None
    for row in rows.order_by("at", "id"):
        if begun is not None and row.at - begun <= ONE_SEARCH:
            found[-1] = row
        else:
            found.append(row)
            begun = row.at
    return found


def _tell_of_person(row: Search, owner: UUID, subject: UUID) -> None:
    """Whoever protects a person hears of it, and it stands in the log about that person."""
    _tell(row, KINDS.PROTECTED, to=owner, subject=subject)
    log_events(
        Event(
            action="people.sought",
            actor=Actor(row.searcher, ActorKind.PERSON),
            purpose=Purpose.SECURITY,
            subject=subject,
            object_kind="Person",
            object_id=subject,
            organisation=owner,
            detail={"way": row.way},
        )
    )


def _tell(
    row: Search, kind: str, *, to: UUID | None = None, subject: UUID | None = None, count: int = 1
) -> None:
    """One notice a day of a kind, a searcher and a person; what follows is added to it. to: which
    organisation is told, by default the one for which was searched; of another's place nothing is
    said but its name."""
    one = {
        "organisation_id": to or row.organisation_id,
        "searcher": row.searcher,
        "subject": subject,
        "kind": kind,
        "day": row.at.date(),
    }
    told = Notice.objects.select_for_update().filter(**one).first()
    if told is None:
        Notice.objects.create(**one, site_id=row.site_id, way=row.way, at=row.at, count=count)
    else:
        _tell_more(told, row, count)


def _tell_more(told: Notice, row: Search, count: int) -> None:
    """What somebody has looked into is open again: with each further search for a person, and
    where the number of something else has doubled."""
    of_person = told.kind == KINDS.PROTECTED
    total = told.count + count if of_person else max(told.count, count)
    found = Notice.objects.filter(pk=told.pk)
    if told.settled_at is None:
        found.update(count=total)
    elif of_person or total >= 2 * told.count:
        found.update(count=total, at=row.at, settled_at=None, settled_by=None)


def open_notices(*, watched: Iterable[UUID], protecting: Iterable[UUID]) -> QuerySet[Notice]:
    """What nobody has looked into yet, the latest first. watched: organisations of whose searching
    is told. protecting: those of whose protected people is told."""
    unusual = Q(organisation__in=list(watched)) & ~Q(kind__in=OF_PROTECTED)
    sought = Q(organisation__in=list(protecting), kind__in=OF_PROTECTED)
    rows = Notice.objects.filter(unusual | sought, settled_at=None)
    return rows.select_related("site").order_by("-at", "-id")


def settle_notice(*, notice: Notice, by: UUID) -> None:
    """Somebody looked into it; the first who says so counts."""
    Notice.objects.filter(pk=notice.pk, settled_at=None).update(
        settled_at=clock.now(), settled_by=by
    )


def forget_old(before: datetime) -> int:
    """Delete what was kept long enough; how many rows."""
    searches = Search.objects.filter(at__lt=before, reviewed=True).delete()[0]
    return searches + Notice.objects.filter(at__lt=before).delete()[0]

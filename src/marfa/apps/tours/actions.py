"""Begin a tour, skip a step of it, leave it, and remember what was done.

Nothing here is sent twice with another outcome: what is there already stays as it is. It is about
nobody but the person who takes the tour, and stands in no log.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, desk_tour
from marfa.apps.tours.models import TourProgress
from marfa.apps.tours.queries import left_of, newly_done
from marfa.platform import clock

State = TourProgress.State


def begin_tour(*, user: User, desk: Desk) -> None:
    """Begin a tour, take up one that was left where it was left, or begin one that is over anew."""
    with _row(user, desk) as row:
        if row.state == State.FINISHED:
            row.begun_at, row.done, row.skipped = None, [], []
        row.begun_at = row.begun_at or clock.now()
        row.state = State.RUNNING


def leave_tour(*, user: User, desk: Desk) -> None:
    """Show it no more until the person takes it up; also before it was ever begun."""
    with _row(user, desk) as row:
        if row.state == State.RUNNING:
            row.state = State.LEFT


def skip_step(*, user: User, desk: Desk, code: str) -> bool:
    """Go on without this step, if it is one that is left; whether the tour is over with it."""
    with _row(user, desk) as row:
        if row.state == State.RUNNING and code in {s.code for s in left_of(row, desk_tour(desk))}:
            row.skipped = [*row.skipped, code]
            _end_where_nothing_is_left(row, desk)
    return row.state == State.FINISHED


def note_done(*, user: User, desk: Desk) -> None:
    """Remember the steps whose work the person has done by now, and only those: it looks itself."""
    with _row(user, desk) as row:
        if row.state == State.RUNNING:
            row.done = [*row.done, *(step.code for step in newly_done(user, row, desk_tour(desk)))]
            _end_where_nothing_is_left(row, desk)


def _end_where_nothing_is_left(row: TourProgress, desk: Desk) -> None:
    if not left_of(row, desk_tour(desk)):
        row.state = State.FINISHED


@contextmanager
def _row(user: User, desk: Desk) -> Iterator[TourProgress]:
    """The row of this person and desk, held until it is written."""
    with transaction.atomic():
        TourProgress.objects.get_or_create(
            user=user, desk=desk.value, defaults={"state": State.LEFT}
        )
        row = TourProgress.objects.select_for_update().get(user=user, desk=desk.value)
        yield row
        row.save(force_update=True)

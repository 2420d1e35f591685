"""What a page shows of a tour: an offer, the step to do now, or what was just done."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import DatabaseError
from django.urls import reverse

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, TourStep
from marfa.apps.tours.actions import note_done
from marfa.apps.tours.models import TourProgress
from marfa.apps.tours.queries import is_for, left_of, newly_done, progress_of, tours_of
from marfa.safeguards.actor import Actor

log = logging.getLogger("marfa.tours")
MY_WORK = "home"


@dataclass(frozen=True)
class Panel:
    """A tour on a page.

    count: of its steps. step: the one to do now, None in an offer and at the end; number: its
    place. here: whether it is done on this page. leads_to: the address where it is done, else.
    done: what was just done.
    """

    desk: Desk
    count: int
    step: TourStep | None = None
    number: int = 0
    here: bool = False
    leads_to: str = ""
    done: tuple[TourStep, ...] = ()

    @property
    def offered(self) -> bool:
        return self.step is None and not self.done


def panel_on(page: str, *, user: User, actor: Actor, remember: bool = False) -> Panel | None:
    """What the page of this name shows to somebody. A page that belongs to no tour of theirs asks
    the database nothing, every other one query, unless a tour is under way.

    remember: write down what was done by now.
    """
    tours = {
        desk: steps
        for desk, steps in tours_of(actor).items()
        if _is_front(page, desk) or any(step.is_done_on(page) for step in steps)
    }
    if not tours:
        return None
    rows = progress_of(user)
    for desk, steps in tours.items():
        row = rows.get(desk)
        if row is not None and row.state == TourProgress.State.RUNNING:
            shown = _running(page, user, row, steps, remember)
            if shown is not None:
                return shown
    for desk, steps in tours.items():
        if desk not in rows and _is_front(page, desk) and is_for(actor, desk):
            return Panel(desk, len(steps))
    return None


def _is_front(page: str, desk: Desk) -> bool:
    """Where a tour is offered, and where it stands whatever its step is."""
    return page in (MY_WORK, f"desk-{desk}")


def _running(
    page: str, user: User, row: TourProgress, steps: tuple[TourStep, ...], remember: bool
) -> Panel | None:
    """The step to do now, where the page belongs to it, and everywhere what was just done."""
    desk = Desk(row.desk)
    done = newly_done(user, row, steps)
    left = [step for step in left_of(row, steps) if step not in done]
    if remember and (done or not left):
        _remember(user, desk)
    step = left[0] if left else None
    if not done and (step is None or not (_is_front(page, desk) or step.is_done_on(page))):
        return None
    here = step is not None and step.is_done_on(page)
    return Panel(
        desk,
        len(steps),
        step,
        steps.index(step) + 1 if step else 0,
        here,
        "" if step is None or here else _start_of(step, user, row),
        tuple(done),
    )


def _start_of(step: TourStep, user: User, row: TourProgress) -> str:
    """The address of the page on which the work of a step begins."""
    found = None
    if step.begins is not None and row.begun_at is not None:
        found = step.begins(user, row.begun_at)
    return found or reverse(step.url_name)


def _remember(user: User, desk: Desk) -> None:
    """Write down what was done. A page that is only read opens where nothing can be written, as on
    a full disk; then it is written down when a page of the tour is opened the next time."""
    try:
        note_done(user=user, desk=desk)
    except (DatabaseError, OSError) as error:
        log.error("what was done in a tour was not remembered: %s", type(error).__name__)

"""Which tours there are for whom, and how far somebody is."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk, TourStep, desk_tour
from marfa.apps.organisations.queries import desks_of_actor
from marfa.apps.organisations.roles import first_role_at
from marfa.apps.tours.models import TourProgress
from marfa.safeguards.actor import Actor

Tours = dict[Desk, tuple[TourStep, ...]]


def tours_of(actor: Actor) -> Tours:
    """The tours of the desks at which somebody may work now. It asks the database nothing."""
    held = desks_of_actor(actor) & set(settings.DESKS)
    found = {desk: desk_tour(desk) for desk in Desk if desk in held}
    return {desk: steps for desk, steps in found.items() if steps}


def is_for(actor: Actor, desk: Desk) -> bool:
    """Whether somebody does the daily work of a desk, so that its tour is offered to them. Others
    there, such as supervisors, find it under "Guided tours"."""
    return first_role_at(desk) in actor.role_names


def progress_of(user: User) -> dict[str, TourProgress]:
    """How far somebody is, by desk; one query."""
    return {row.desk: row for row in TourProgress.objects.filter(user=user)}


def left_of(progress: TourProgress, steps: Iterable[TourStep]) -> list[TourStep]:
    """The steps that were neither done nor skipped, in their order."""
    over = {*progress.done, *progress.skipped}
    return [step for step in steps if step.code not in over]


def newly_done(user: User, progress: TourProgress, steps: Iterable[TourStep]) -> list[TourStep]:
    """What of the steps that are left the person has done by now; one query for each of them."""
    since = progress.begun_at
    if since is None:
        return []
    return [step for step in left_of(progress, steps) if step.done(user, since)]

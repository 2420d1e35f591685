"""The app's part of a demonstration: a study that is planned and waits for its approval."""

from __future__ import annotations

from uuid import UUID

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Desk
from marfa.apps.organisations.demo import COLLEAGUE, SUPERVISOR
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.queries import actor_of
from marfa.apps.studies.actions import StudyPlan, plan_study
from marfa.apps.studies.queries import PLAN, organisations_where
from marfa.domain.fiction import made_up
from marfa.platform import clock
from marfa.platform.rowsecurity.context import row_context

LIST = "registration-risk"
ARABIC, ENGLISH = "كل بالغ يصل إلى الموقع.", "Every adult who arrives."


def make_demo(desks: tuple[Desk, ...]) -> None:
    """The supervisor has planned it; the worker of the desk and a colleague read."""
    names = (SUPERVISOR, Desk.PROTECTION.value, COLLEAGUE)
    people = {user.username: user for user in User.objects.filter(username__in=names)}
    if len(people) < len(names):
        return
    actor = actor_of(people[SUPERVISOR])
    readers = [people[name].pk for name in (Desk.PROTECTION.value, COLLEAGUE)]
    with row_context(actor.organisations):
        for organisation in organisations_where(actor, PLAN)[:1]:
            plan_study(actor=actor, organisation=organisation, plan=_plan(organisation.pk, readers))


def _plan(organisation: UUID, readers: list[UUID]) -> StudyPlan:
    return StudyPlan(
        instrument=LIST,
        languages=("ar", "en"),
        sites=list(Site.objects.filter(organisation=organisation)),
        begins=clock.now().date(),
        approval_ends=None,
        needed_flagged=60,
        needed_not_flagged=200,
        percent_not_flagged=20,
        children=False,
        assessors_know=True,
        texts={"population": "\n".join((made_up(ARABIC), made_up(ENGLISH, "en")))},
        panel=readers,
    )

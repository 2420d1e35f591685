"""What "My work" shows of best interests, and the addresses of drafts."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marfa.apps.accounts.models import User
from marfa.apps.best_interests.models import (
    AgencyDecision,
    BestInterestsAssessment,
    Determination,
    DeterminationOption,
    Representative,
)
from marfa.apps.best_interests.reviews import to_decide, to_review
from marfa.apps.cases.models import Case
from marfa.apps.cases.work import of_case
from marfa.apps.cases.workers import WORKING
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of
from marfa.platform import clock


def work_items_of(user: User) -> Iterable[WorkItem]:
    """Decisions that wait for a second person, and what has to be looked at again: before its day
    for who is responsible, from the day on for supervisors of the place too."""
    actor = actor_of(user)
    if not WORKING & actor.role_names:
        return
    for waiting in to_decide(actor):
        text = _("A decision for a child is prepared, and waits for you")
        yield of_case(waiting.case, text, page_of(waiting), Urgency.DUE, due=waiting.due_at)
    for row, day in to_review(actor):
        late = day < clock.today(row.case.site.time_zone)
        yield of_case(
            row.case, _TEXTS[type(row)], page_of(row), Urgency.URGENT if late else None, by=day
        )


_TEXTS = {
    Determination: _("A decision for a child has to be reviewed"),
    BestInterestsAssessment: _("Assess again what is best for the child"),
    Representative: _("Check whether the representative of a child still acts for them"),
}


def page_of(
    row: Determination | BestInterestsAssessment | Representative | AgencyDecision,
) -> str:
    """Where it is done."""
    if isinstance(row, Determination):
        return reverse("cases:determination", args=[row.reference])
    if isinstance(row, Representative):
        return reverse("cases:representative", args=[row.reference])
    if isinstance(row, AgencyDecision):
        return reverse("cases:agency_decision", args=[row.reference])
    return reverse("cases:best_interests", args=[_reference_of(row.case_id)])


def _reference_of(case: UUID) -> str:
    return Case.objects.values_list("reference", flat=True).get(pk=case)


def determination_address(key: UUID | None) -> str | None:
    """The page on which a determination is changed; None for one that is gone."""
    return _address(Determination, key, "cases:determination_change")


def option_address(key: UUID | None) -> str | None:
    """The page on which an option is changed; None for one that is gone."""
    return _address(DeterminationOption, key, "cases:determination_option")


def _address(
    model: type[Determination] | type[DeterminationOption], key: UUID | None, name: str
) -> str | None:
    if key is None:
        return None
    found = model._default_manager.filter(pk=key).values_list("reference", flat=True).first()
    return reverse(name, args=[found]) if found else None

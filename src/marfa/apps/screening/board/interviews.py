"""Which talks a supervisor looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from marfa.apps.accounts.models import User
from marfa.apps.organisations.models import Site
from marfa.apps.organisations.workplaces import sites_where
from marfa.apps.registry.policy_facts import PERSON
from marfa.apps.registry.visibility import about_people_where
from marfa.apps.screening.facts import NOT_FINISHED
from marfa.apps.screening.models import ScreeningFact
from marfa.safeguards.actor import Actor
from marfa.safeguards.charter.visibility import visibility_condition
from marfa.safeguards.words import Role

MOST = 20_000
FIELDS = (
    *("subject", "site", "officer", "indication", "rule", "earlier"),
    *("urgency", "sex", "age_band", "waited"),
)


@dataclass(frozen=True)
class Talk:
    """One talk that has ended, as ``ScreeningFact`` has it. subject: only to count people once."""

    subject: UUID
    site: UUID | None
    officer: UUID | None
    indication: str
    rule: str
    earlier: str
    urgency: str
    sex: str
    age_band: str
    waited: int | None

    @property
    def finished(self) -> bool:
        return self.indication != NOT_FINISHED

    @property
    def gave_reason(self) -> bool:
        """Whether what holds now is a reason to help."""
        return self.indication not in (NOT_FINISHED, "none_seen")


def countable_people(actor: Actor) -> Q:
    """People whom an actor may count: who is protected is in no figure of anybody not assigned."""
    return visibility_condition(PERSON, actor, "people.count")


def talks_since(actor: Actor, since: datetime) -> list[Talk]:
    """The newest MOST talks since a moment with people whom the actor may count."""
    rows = ScreeningFact.objects.filter(
        about_people_where(countable_people(actor), "subject"),
        replaced_at=None,
        valid_from__gte=since.date(),
    )
    return [Talk(*row) for row in rows.order_by("-valid_from", "pk").values_list(*FIELDS)[:MOST]]


def supervised_sites(actor: Actor) -> list[Site]:
    """The sites at which somebody supervises, in order of their names."""
    return list(sites_where(actor, {Role.SUPERVISOR}))


def names_of(keys: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of officers by their key; who has no account any more is left out."""
    found = User.objects.filter(pk__in={key for key in keys if key is not None})
    return dict(found.values_list("pk", "display_name"))

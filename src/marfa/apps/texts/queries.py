"""Questions about reviews of texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext

from marfa.apps.accounts.models import User
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.administration import organisation_resource
from marfa.apps.organisations.models import Organisation
from marfa.apps.organisations.queries import actor_of
from marfa.apps.texts.models import TextReview
from marfa.apps.texts.sets import TextSet, all_sets
from marfa.apps.texts.standing import REMIND, Decision, Standing, reviews_of, standings, today
from marfa.safeguards.charter.resources import Resource
from marfa.safeguards.words import Role

REVIEWERS = frozenset(
    {
        *(Role.CASE_WORKER, Role.SUPERVISOR, Role.FOCAL_POINT),
        *(Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR),
    }
)
"""Who reviews, at the controller; ``charter/policies.cedar`` says the same."""


@dataclass(frozen=True)
class Progress:
    """One set in one language. stand: texts that two people agreed to; until: the first day on
    which one of them ends."""

    of: TextSet
    language: str
    texts: int
    stand: int
    waiting: int
    stopped: int
    until: date | None

    @property
    def is_ready(self) -> bool:
        """Whether real people may be told it."""
        return self.stand == self.texts

    @property
    def ends_soon(self) -> bool:
        return self.until is not None and self.until <= today() + REMIND


def the_controller(*_args: object, **_kwargs: object) -> Resource:
    """Words are the controller's, as the charter is asked about them."""
    return organisation_resource()


def all_progress(of: Iterable[TextSet] | None = None) -> Iterator[Progress]:
    """Every set in every language, the source first."""
    for one in all_sets() if of is None else of:
        reviews = reviews_of(one.name)
        for language, pack in sorted(one.packs().items()):
            found = standings(pack, one.source_of(pack), reviews)
            yield _progress(one, language, list(found.values()))


def _progress(of: TextSet, language: str, found: list[Standing]) -> Progress:
    day = today()
    ends = [each.until for each in found if each.until is not None and each.stands_on(day)]
    return Progress(
        of=of,
        language=language,
        texts=len(found),
        stand=len(ends),
        waiting=sum(each.waiting is not None for each in found),
        stopped=sum(each.stopped for each in found),
        until=min(ends, default=None),
    )


def names_of(keys: Iterable[UUID | None]) -> dict[UUID, Promise | str]:
    """Names of colleagues by key."""
    wanted = {key for key in keys if key is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "display_name"))


def work_items_of(user: User) -> Iterator[WorkItem]:
    """For "My work": texts that wait for a second person, and reviews that end soon."""
    actor = actor_of(user)
    at = {each.organisation for each in actor.roles if each.role in REVIEWERS}
    if not at:
        return
    here = Organisation.objects.filter(kind=Organisation.Kind.CONTROLLER, pk__in=at)
    later = TextReview.objects.filter(
        set=OuterRef("set"),
        language=OuterRef("language"),
        key=OuterRef("key"),
        at__gt=OuterRef("at"),
    ).exclude(decision=Decision.COMMENT)
    soon = today() + REMIND
    wanted = Q(confirmed_at=None) & ~Q(by=user.pk) | Q(until__lte=soon)
    rows = (
        TextReview.objects.filter(wanted, decision__in=[Decision.AGREE, Decision.CHANGE])
        .filter(~Exists(later), Exists(here))
        .values_list("confirmed_at", F("until"))
    )
    counted = Counter(confirmed is None for confirmed, _until in rows)
    if waiting := counted[True]:
        yield WorkItem(
            text=ngettext(
                "%(count)d text waits for your review as the second person",
                "%(count)d texts wait for your review as the second person",
                waiting,
            )
            % {"count": waiting},
            url=reverse("texts:all"),
            urgency=Urgency.WAITING,
        )
    if ending := counted[False]:
        first = min(until for _confirmed, until in rows if until is not None)
        yield WorkItem(
            text=ngettext(
                "The review of %(count)d text ends: it is then no longer read out",
                "The reviews of %(count)d texts end: they are then no longer read out",
                ending,
            )
            % {"count": ending},
            url=reverse("texts:all"),
            urgency=Urgency.DUE,
            by=first,
        )

"""Questions about how people sign in and how keys are kept. Nothing secret is in the answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marfa.apps.accounts.models import User
from marfa.apps.accounts.sessions import going_on
from marfa.apps.manifest import Urgency, WorkItem
from marfa.apps.organisations.queries import actor_of, data_controller, grants_in_force
from marfa.domain.message import InputError
from marfa.platform import clock
from marfa.platform.datafolder import instance_key_file, read_private
from marfa.platform.keyproviders import Provider, provider_of
from marfa.platform.recovery import Split, splits_of
from marfa.safeguards.charter.decisions import decide
from marfa.safeguards.charter.resources import Resource

REHEARSE_EVERY = timedelta(days=365)


@dataclass(frozen=True)
class KeysKept:
    """How the key of the installation is kept. recovery: the newest split into shares, if any."""

    provider: Provider | None
    recovery: Split | None

    @property
    def rehearsal_is_due(self) -> bool:
        """Whether nobody has tried for a year that the shares give the key back."""
        if self.recovery is None:
            return False
        last = self.recovery.rehearsed_at
        return last is None or clock.now() - last >= REHEARSE_EVERY


def the_key() -> Resource:
    """The key of the installation as the charter sees it."""
    here = data_controller().pk
    return Resource("Key", here, {"controller": here})


def people_and_factors() -> QuerySet[User]:
    """Everybody, with the numbers of their factors and open sessions, and whether they hold a
    role; three questions however many there are."""
    confirmed = Q(authenticators__confirmed_at__isnull=False)
    return User.objects.annotate(
        keys=Count("passkeys", distinct=True),
        apps=Count("authenticators", filter=confirmed, distinct=True),
        open=Count("open_sessions", filter=going_on("open_sessions__"), distinct=True),
    ).order_by("display_name", "pk")


def having_factors(code: str) -> Q:
    """The condition on ``people_and_factors``: ``none`` or ``some``."""
    none = Q(keys=0, apps=0)
    return none if code == "none" else ~none


def say_who_holds_roles(people: Iterable[User]) -> None:
    """Give each of some people whether they hold a role now."""
    keys = [user.pk for user in people]
    holders = set(grants_in_force().filter(user__in=keys).values_list("user_id", flat=True))
    for user in people:
        user.holds_role = user.pk in holders  # type: ignore[attr-defined]


def keys_kept() -> KeysKept:
    """As the files of the installation say; what cannot be read is None."""
    folder = settings.FOLDER.path
    try:
        provider = provider_of(read_private(instance_key_file(folder)))
        splits = splits_of(folder)
    except (InputError, ValueError, KeyError):
        return KeysKept(None, None)
    return KeysKept(provider, splits[-1] if splits else None)


def nobody_could_restore(user: User) -> Iterable[WorkItem]:
    """For administrators of real data: no shares of the key, or none that was rehearsed of late."""
    if settings.DEMONSTRATION or not decide(actor_of(user), "keys.see", the_key()).allowed:
        return
    kept = keys_kept()
    if kept.recovery is None:
        text = _("The key of this installation is not split into shares")
    elif kept.rehearsal_is_due:
        text = _("The shares of the key were not rehearsed for a year")
    else:
        return
    yield WorkItem(text=text, url=reverse("oversight:keys"), urgency=Urgency.DUE)

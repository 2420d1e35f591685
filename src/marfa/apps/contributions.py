"""What apps name in their manifests is found at the start, and told to the mechanisms below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from marfa.apps.manifest import gather_by_name, gather_from_apps, installed_modules, paths_of
from marfa.apps.paths import resolve_path
from marfa.platform.facts import kinds
from marfa.platform.keys import holders
from marfa.platform.rowsecurity.context import organisations_come_from
from marfa.safeguards import subjects
from marfa.safeguards.fields.retention_exceptions import keep_longer
from marfa.safeguards.sealed import policy_facts
from marfa.safeguards.vault.erasure import shred_when_replayed

READ = ("deadlines", "subscribers", "jobs")
"""What makes itself known to its mechanism by being read."""

JOINED = (
    *("subject_kinds", "facts", "key_holders", "kept_longer", "sealed", "organisations"),
    "replayed",
    *READ,
)


def find_unresolved(fields: Sequence[str] | None = None) -> Iterator[str]:
    """A sentence for each path in a manifest of an installed app under which nothing stands.

    fields: only of these.
    """
    for module in installed_modules():
        for field, path in paths_of(module):
            if fields is not None and field not in fields:
                continue
            try:
                resolve_path(path)
            except (ImportError, AttributeError) as error:
                yield f"{module.name}.{field} names {path}, which is not there: {error}"


def check_manifests(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """marfa.E030: a manifest names something that is not there."""
    return [Error(said, id="marfa.E030") for said in find_unresolved()]


def refuse_unresolved(fields: Sequence[str] | None = None) -> None:
    """Raise ImproperlyConfigured where a manifest names something that is not there."""
    if found := list(find_unresolved(fields)):
        raise ImproperlyConfigured("\n".join(found))


def register_contributions() -> None:
    """Tell the mechanisms below what the installed apps bring them. Again changes nothing."""
    refuse_unresolved(JOINED)
    for subject_kind in gather_from_apps("subject_kinds"):
        subjects.register(subject_kind)
    for kind in gather_from_apps("facts"):
        kinds.register_kind(kind)
    for holder in gather_from_apps("key_holders"):
        holders.register_holder(holder)
    for kept in gather_from_apps("kept_longer"):
        for each in kept:
            keep_longer(each)
    for name, tell in gather_by_name("sealed").items():
        policy_facts.register_standing(name, tell)
    for source in gather_from_apps("organisations"):
        organisations_come_from(source)
    for module in installed_modules():
        for path in module.replayed:
            shred_when_replayed(module.name, resolve_path(path))

"""A new version of the instance key, and what lies under the old ones brought under it.

Three parts, each of which can be cut off at any point and is gone on with by doing it again:
``switch_key`` puts a new key in its place, ``bring_everything`` wraps anew what lies under older
ones, ``retire_versions`` notes the versions under which nothing is left. ``destroy_retired``
forgets those; what was backed up under them cannot be restored then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings

from marfa.crypto.keys import Key
from marfa.platform import clock
from marfa.platform.datafolder import DataFolder, instance_key_file
from marfa.platform.keyproviders import Protection, protect_file
from marfa.platform.keys import former_keys, instance
from marfa.platform.keys.former_keys import Ring
from marfa.platform.keys.holders import key_holders
from marfa.platform.keys.models import KeyVersion
from marfa.platform.occupancy import occupy_alone

Progress = Callable[[str, int], None]


def count_by_holder() -> dict[str, dict[int, int]]:
    """How many things each holder has under each version."""
    return {holder.name: dict(holder.count_by_version()) for holder in key_holders()}


def is_unfinished() -> bool:
    """Whether something lies under an older version than the present one."""
    present = instance.current_version()
    return any(version < present for counts in count_by_holder().values() for version in counts)


def switch_key(protection: Protection) -> int:
    """Make a new key, protected so, and have it seal from now on; its number.

    Raises InputError while anybody else has the installation open: they would go on sealing with
    the old key.
    """
    folder: DataFolder = settings.FOLDER
    with occupy_alone(folder.path):
        new, identifier = Key.random(), folder.instance.identifier
        present = folder.instance_key
        ring = former_keys.after_rotation(_ring(folder), present)
        former_keys.write_ring(folder.path / "keys", new, ring, identifier)
        protect_file(instance_key_file(folder.path), new, protection, identifier=identifier)
        settings.FOLDER = replace(folder, instance_key=new)
        instance.forget_keys()
        former_keys.drop_other_files(folder.path / "keys", new)
    note_versions()
    return ring.number


def bring_everything(progress: Progress) -> None:
    """Bring what every holder has under the present version, in steps."""
    present = instance.current_version()
    for holder in key_holders():
        holder.bring_to(present, lambda done, name=holder.name: progress(name, done))  # type: ignore[misc]


def retire_versions() -> tuple[int, ...]:
    """Note the older versions under which nothing is left; which they are."""
    note_versions()
    present = instance.current_version()
    used = {version for counts in count_by_holder().values() for version in counts}
    empty = [n for n in instance.instance_keys().versions() if n < present and n not in used]
    rows = KeyVersion.objects.filter(number__in=empty, retired_at=None)
    rows.update(retired_at=clock.now())
    return tuple(empty)


def destroy_retired() -> tuple[int, ...]:
    """Forget the keys of versions under which nothing is left; which they were."""
    folder: DataFolder = settings.FOLDER
    with occupy_alone(folder.path):
        gone = retire_versions()
        ring = _ring(folder)
        kept = {number: key for number, key in ring.former.items() if number not in gone}
        former_keys.write_ring(
            folder.path / "keys",
            folder.instance_key,
            Ring(ring.number, kept),
            folder.instance.identifier,
        )
        # What a rotation left that was cut off before it came to this.
        former_keys.drop_other_files(folder.path / "keys", folder.instance_key)
        instance.forget_keys()
    return gone


def note_versions() -> None:
    """Have a row for each version whose key is there."""
    for number in instance.instance_keys().versions():
        KeyVersion.objects.get_or_create(number=number, defaults={"made_at": clock.now()})


def _ring(folder: DataFolder) -> Ring:
    return former_keys.read_ring(
        folder.path / "keys", folder.instance_key, folder.instance.identifier
    )

"""The instance key, by version. All that needs it asks here, and for one purpose.

Which version is the present one does not change while a process lives: a rotation puts a new key
in its place only when nobody else has the installation open (``platform.occupancy``).
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from django.conf import settings

from marfa.crypto.key_derivation import derive_key
from marfa.crypto.keys import Key
from marfa.domain.message import InputError, Message
from marfa.platform.datafolder import DataFolder
from marfa.platform.keys.former_keys import Ring, read_ring


class InstanceKeys:
    """The versions of the instance key of one installation."""

    def __init__(self, folder: DataFolder) -> None:
        self._present = folder.instance_key
        self._ring: Ring = read_ring(
            folder.path / "keys", folder.instance_key, folder.instance.identifier
        )

    def __repr__(self) -> str:
        return "InstanceKeys(hidden)"

    def current(self) -> int:
        """The version that seals what is new."""
        return self._ring.number

    def versions(self) -> tuple[int, ...]:
        """The versions whose key is there, lowest first."""
        return (*sorted(self._ring.former), self._ring.number)

    def version(self, number: int) -> Key:
        """The key of a version; raises InputError where it is destroyed or lost."""
        key = self._ring.key(number, self._present)
        if key is None:
            raise InputError.at(Message("platform:key-version-gone", {"version": number}))
        return key


_keys: dict[Path, InstanceKeys] = {}
_derived: dict[tuple[Path, int, str], Key] = {}
_lock = Lock()


def instance_keys() -> InstanceKeys:
    """The keys of this installation."""
    folder: DataFolder = settings.FOLDER
    with _lock:
        if folder.path not in _keys:
            _keys[folder.path] = InstanceKeys(folder)
        return _keys[folder.path]


def instance_key(version: int, purpose: str) -> Key:
    """The key that a version of the instance key gives for a purpose, such as ``"vault/wrap"``."""
    place = (settings.FOLDER.path, version, purpose)
    found = _derived.get(place)
    if found is None:
        found = _derived[place] = derive_key(instance_keys().version(version), purpose)
    return found


def current_version() -> int:
    """The version that seals what is new."""
    return instance_keys().current()


def forget_keys() -> None:
    """Read the keys anew when they are needed next, as after a rotation."""
    with _lock:
        _keys.clear()
        _derived.clear()

"""Former versions of the instance key: they open what still lies under them.

``keys/instance.key`` holds the present key alone, however it is protected. The former ones lie
beside it, wrapped by the present one, in a file that the present key names:
``keys/former.<check>.json``. Whoever has the present key, from a passphrase or from shares, has
them all. A rotation writes the file for the new key first and then puts the new key in its place
by one rename, so that a power cut leaves the old key with its file or the new one with its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError
from marfa.crypto.key_derivation import derive_key
from marfa.crypto.key_wrap import unwrap_key, wrap_key
from marfa.crypto.keys import Key
from marfa.domain.message import InputError, Message
from marfa.platform.datafolder import read_private
from marfa.platform.keyproviders import write_key_file

FORMAT = 1
CHECK_BYTES = 8


@dataclass(frozen=True)
class Ring:
    """Number of the present key, and the former ones by number."""

    number: int = 1
    former: Mapping[int, Key] = field(default_factory=dict)

    def key(self, number: int, present: Key) -> Key | None:
        """The key of a version, or None where it is destroyed or never was."""
        return present if number == self.number else self.former.get(number)


def file_of(keys: Path, present: Key) -> Path:
    """Where the former keys of this present key lie. The name tells nothing of the key."""
    check = derive_key(present, "keys/check").expose()[:CHECK_BYTES]
    return keys / f"former.{check.hex()}.json"


def read_ring(keys: Path, present: Key, identifier: str) -> Ring:
    """The numbers and former keys. Raises InputError where the file is damaged."""
    file = file_of(keys, present)
    if not file.exists() and not file.is_symlink():
        return Ring()
    try:
        data = json.loads(read_private(file))
        number = int(data["number"])
        former = {
            int(n): unwrap_key(
                bytes.fromhex(wrapped),
                under=derive_key(present, "keys/former"),
                context=_place(identifier, number, int(n)),
            )
            for n, wrapped in data["former"].items()
        }
    except InputError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, NotAuthenticError):
        raise InputError.at(Message("platform:key-damaged", {"path": str(file)})) from None
    return Ring(number, former)


def write_ring(keys: Path, present: Key, ring: Ring, identifier: str) -> None:
    """Write the former keys, wrapped by the present one; they are on the disk when this returns."""
    under = derive_key(present, "keys/former")
    wrapped = {
        str(n): wrap_key(key, under=under, context=_place(identifier, ring.number, n)).hex()
        for n, key in sorted(ring.former.items())
    }
    data = {"format": FORMAT, "number": ring.number, "former": wrapped}
    write_key_file(file_of(keys, present), json.dumps(data, indent=1) + "\n")


def number_present(keys: Path, present: Key, number: int, identifier: str) -> None:
    """Say which version a key is that was put back without its file; one that is there stays.

    Without it the key would be taken for the first version, and nothing of its own would open.
    """
    if number > 1 and not file_of(keys, present).exists():
        write_ring(keys, present, Ring(number), identifier)


def after_rotation(ring: Ring, present: Key) -> Ring:
    """The ring once another key has taken the place of the present one."""
    return Ring(ring.number + 1, {**ring.former, ring.number: present})


def drop_other_files(keys: Path, present: Key) -> None:
    """Remove the files of keys that are present no more, or that a rotation did not come to."""
    own = file_of(keys, present)
    for file in keys.glob("former.*.json"):
        if file != own:
            file.unlink()


def _place(identifier: str, number: int, former: int) -> Context:
    return Context("keys/former", f"{number}", identifier, former)

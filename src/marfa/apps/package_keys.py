"""The key folder with which this installation signs what it hands to others.

It lies in the data folder and opens with the instance key. ``marfa package key show`` shows what is
public of it, and the file for whoever wants to check who signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from marfa.apps.agreements.models import Recipient
from marfa.apps.organisations.queries import data_controller
from marfa.crypto.passphrases import Cost
from marfa.domain.doors import body_of_desks, body_of_recipient
from marfa.methods.packages import (
    KeyFolder,
    Partner,
    PublicKeys,
    Refusal,
    RefusedError,
    change_passphrase,
    key_file_of,
    make_key_folder,
    open_key_folder,
    write_key_package,
)
from marfa.methods.packages.keys import clean_name
from marfa.platform import clock
from marfa.platform.keys.instance import current_version, instance_key, instance_keys

FOLDER = "packages"
PURPOSE = "packages/lock"
COST = Cost(memory_kib=8, passes=1, lanes=1)
"""What locks the folder is a key of 256 bits, and no passphrase that anybody could guess."""


@contextmanager
def package_folder() -> Iterator[KeyFolder]:
    """The folder, held. It is made when it is needed first. Raises RefusedError (keys)."""
    path: Path = settings.FOLDER.path / FOLDER
    if not path.exists():
        _make(path)
    _bring_under_present_key(path)
    with open_key_folder(path, _lock(current_version())) as folder:
        yield folder


def own_digits() -> str:
    """The digits that we read out to whoever wants to know what this installation signed."""
    with package_folder() as folder:
        return folder.own.public.fingerprint


def own_key_file() -> tuple[str, bytes]:
    """The name and the bytes of the file with our public keys. Nothing in it is secret."""
    with package_folder() as folder:
        file = key_file_of(folder.path) or write_key_package(folder.path, folder.own, clock.now())
        return file.name, file.read_bytes()


def outside_partner(recipient: Recipient) -> Partner:
    """A recipient that is written down with a public key of age, or with none: whoever wrote it
    down compared its digits."""
    keys = PublicKeys(
        body=recipient.reference,
        name=recipient.name,
        kind=body_of_recipient(recipient.kind),
        signing="",
        age=recipient.age_key,
        made_at="",
    )
    return Partner(recipient.name, (keys,), bool(recipient.age_key), "")


def _make(path: Path) -> None:
    kind, now = body_of_desks(settings.DESKS), clock.now()
    passphrase = _lock(current_version())
    try:
        make_key_folder(path, name=_name(), kind=kind, passphrase=passphrase, now=now, cost=COST)
    except RefusedError as error:
        if error.code != Refusal.THERE:
            raise
        return  # Somebody else was faster.
    with open_key_folder(path, passphrase) as folder:
        write_key_package(path, folder.own, now)


def _name() -> str:
    """What the other side reads; a name for all where the organisation's own cannot be one."""
    try:
        return clean_name(data_controller().name)
    except ValueError:
        return "Marfa"


def _bring_under_present_key(path: Path) -> None:
    """After the instance key was rotated, the folder still lies under the one before."""
    present = current_version()
    for version in reversed(instance_keys().versions()):
        try:
            with open_key_folder(path, _lock(version)):
                pass
        except RefusedError as error:
            if error.code != Refusal.PASSPHRASE:
                raise
            continue
        if version != present:
            change_passphrase(path, _lock(version), _lock(present), cost=COST)
        return


def _lock(version: int) -> str:
    return instance_key(version, PURPOSE).expose().hex()

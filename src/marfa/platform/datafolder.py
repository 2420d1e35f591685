"""The data folder: everything of an installation in one place that one person may read.

marfa.toml        settings
instance.json     what this installation is: kind, desks, identifier, layout
database.sqlite3  unless PostgreSQL is used
keys/             signing.key and instance.key, mode 0600
files/            uploaded files
packages/         keys that sign what is handed to others, once there is something
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from marfa.crypto.keys import KEY_BYTES, Key
from marfa.domain.desks import check_desks
from marfa.domain.message import InputError, Message, Place
from marfa.platform.keyproviders import open_key, provider_of, write_key_file
from marfa.platform.settings import FILE as SETTINGS_FILE

FORMAT = 2
"""The layout of a data folder, which counts with what an older version could not read or would read
wrongly. The names of tables and columns belong to it: they are bound into what is sealed."""
OLDEST_FORMAT = 2
"""The oldest layout that this version opens; what was made before was never released."""
OTHERS = 0o077
"""Permission bits of everybody but the owner."""
INSTANCE_FILE = "instance.json"
DATABASE_FILE = "database.sqlite3"
FILES = "files"
SIGNING_KEY = "signing.key"
INSTANCE_KEY = "instance.key"

SETTINGS_HEAD = """\
# Settings of this installation. Each can also be given in the environment, as MARFA_<NAME>.
# They are explained in docs/reference/settings.md.
"""


class InstallationKind(StrEnum):
    """An installation is one or the other for life; a demonstration never becomes real."""

    LIVE = "live"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True)
class Instance:
    """What an installation is; written when it is made, and when a desk is added or taken away.

    unfinished: apps whose tables may be there though no desk brings them: of a desk that is just
        coming or going, or whose change was cut off.
    """

    kind: InstallationKind
    desks: tuple[str, ...]
    identifier: str
    format: int = FORMAT
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataFolder:
    """An opened data folder: it exists, only its owner may read it, its keys are there.

    signing_key: signs sessions and tokens.
    instance_key: stands over every key that protects what is stored.
    """

    path: Path
    instance: Instance
    signing_key: str = field(repr=False)
    instance_key: Key

    @property
    def database(self) -> Path:
        return self.path / DATABASE_FILE

    @property
    def files(self) -> Path:
        return self.path / FILES


def default_folder() -> Path:
    """``MARFA_DATA``, else ``marfa`` in the user's folder for application data."""
    given = os.environ.get("MARFA_DATA")
    if given:
        return full_path(Path(given))
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return full_path(Path(base) / "marfa")


def full_path(path: Path) -> Path:
    """The whole path of what was typed; ``~`` is the user's home, where that is known."""
    return Path(os.path.expanduser(path)).absolute()


def open_folder(path: Path) -> DataFolder:
    """Open an installation's folder; raises InputError with the sentence that helps."""
    instance = look_at(path)
    with _in_sentences(path):
        check_private(path)
        return _with_keys(path, instance)


def look_at(path: Path) -> Instance:
    """What the installation in a folder is, without its keys; raises InputError."""
    with _in_sentences(path):
        if not (path / INSTANCE_FILE).is_file():
            raise _refusal("folder-none", path)
        return _read_instance(path / INSTANCE_FILE)


def write_instance(path: Path, instance: Instance) -> None:
    """Say anew what the installation in a folder is: in one step, and on the disk when it returns.

    Whoever does it has the installation alone.
    """
    check_desks(instance.desks)
    file = path / INSTANCE_FILE
    beside = path / f".{INSTANCE_FILE}.new"
    with _in_sentences(path):
        beside.unlink(missing_ok=True)
        _write_private(beside, _text_of(instance))
        sync_to_disk(beside)
        beside.replace(file)
        sync_to_disk(path)


def check_provider(path: Path, expected: str) -> None:
    """Raise InputError where the key is protected otherwise than the settings expect."""
    found = provider_of(read_private(instance_key_file(path)))
    if expected and found != expected:
        values = {"found": found, "expected": expected}
        raise InputError.at(Message("platform:key-protected-otherwise", values))


def instance_key_file(path: Path) -> Path:
    """Where the key of the installation in a folder lies."""
    return path / "keys" / INSTANCE_KEY


def put_back_keys(path: Path, key: Key, first: Callable[[Path], object]) -> None:
    """Give a folder whose key was lost its key again, and a new signing key if that is lost too.

    first: is called with the folder of the keys before the key is there. Raises InputError where
    a key is there already.
    """
    with _in_sentences(path):
        look_at(path)
        (path / "keys").mkdir(mode=0o700, exist_ok=True)
        file = instance_key_file(path)
        if file.exists() or file.is_symlink():
            raise _refusal("key-present", file)
        if not (path / "keys" / SIGNING_KEY).exists():
            write_key_file(path / "keys" / SIGNING_KEY, secrets.token_hex(KEY_BYTES) + "\n")
        first(path / "keys")
        write_key_file(file, key.expose().hex() + "\n")


class Making:
    """A data folder that is being made beside its place, under ``folder.path``."""

    def __init__(self, folder: DataFolder, place: Path) -> None:
        self.folder = folder
        self.place = place
        self.settled = False

    def settle(self) -> None:
        """Move the folder to its place. Whoever commits elsewhere too does so after this."""
        if self.settled:
            return
        _sync_tree(self.folder.path)
        try:
            self.folder.path.replace(self.place)
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
                raise _refusal("folder-taken", self.place) from None
            raise
        self.settled = True
        sync_to_disk(self.place.parent)


@contextlib.contextmanager
def new_folder(path: Path, *, kind: InstallationKind, desks: tuple[str, ...]) -> Iterator[Making]:
    """Make a data folder beside its place and move it there when the block has ended well.

    Whatever goes wrong inside, a full disk or Ctrl-C, leaves nothing behind.
    Raises InputError where something already stands at ``path``, and for desks that may not share
    a database.
    """
    check_desks(desks)
    with _in_sentences(path):
        if path.is_symlink() or (path.exists() and (not path.is_dir() or any(path.iterdir()))):
            raise _refusal("folder-taken", path)
        path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    making = None
    try:
        with _in_sentences(path):
            making = Making(_lay_out(partial, kind, desks), path)
        yield making
        with _in_sentences(path):
            making.settle()
    except BaseException:
        if making is not None and making.settled:
            shutil.rmtree(path, ignore_errors=True)
        raise
    finally:
        # The rename took it away if all went well.
        shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def _in_sentences(path: Path) -> Iterator[None]:
    """What the file system refuses, said with the path that was asked for."""
    try:
        yield
    except PermissionError:
        raise _refusal("folder-no-permission", path) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        values = {"path": str(path), "reason": error.strerror or type(error).__name__}
        raise InputError.at(Message("platform:folder-impossible", values)) from None


def _lay_out(folder: Path, kind: InstallationKind, desks: tuple[str, ...]) -> DataFolder:
    instance = Instance(kind=kind, desks=desks, identifier=secrets.token_hex(8))
    folder.mkdir(mode=0o700)
    for name in ("keys", FILES):
        (folder / name).mkdir(mode=0o700)
    for name in (SIGNING_KEY, INSTANCE_KEY):
        _write_private(folder / "keys" / name, secrets.token_hex(KEY_BYTES) + "\n")
    _write_private(folder / INSTANCE_FILE, _text_of(instance))
    _write_private(folder / SETTINGS_FILE, SETTINGS_HEAD)
    return _with_keys(folder, instance)


def _with_keys(path: Path, instance: Instance) -> DataFolder:
    signing = _read_signing_key(path / "keys" / SIGNING_KEY)
    file = path / "keys" / INSTANCE_KEY
    own = open_key(read_private(file), identifier=instance.identifier, file=file)
    return DataFolder(path, instance, signing_key=signing, instance_key=own)


def _text_of(instance: Instance) -> str:
    return json.dumps(asdict(instance), indent=2) + "\n"


def _write_private(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)


def _sync_tree(folder: Path) -> None:
    """Power fails here: what is moved into place has reached the disk before."""
    for path in (folder, *folder.rglob("*")):
        sync_to_disk(path)


def sync_to_disk(path: Path) -> None:
    """Have a file or a folder on the disk before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def check_private(path: Path) -> None:
    """Raise InputError where others can read a data folder, or it has no folder for keys."""
    if not (path / "keys").is_dir():
        raise _refusal("folder-no-keys", path)
    for checked in (path, path / "keys"):
        check_folder_private(checked)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise _refusal("folder-no-permission", path)
    for name in (DATABASE_FILE, SETTINGS_FILE):
        # A link would put what is private somewhere else, under another folder's mode.
        if (path / name).is_symlink():
            raise _refusal("folder-link", path / name)


def check_folder_private(folder: Path) -> None:
    """Raise InputError for a folder of another user, or one that others can read."""
    _check_owner(folder)
    if stat.S_IMODE(folder.stat().st_mode) & OTHERS:
        raise _refusal("folder-readable", folder)


def _check_owner(path: Path) -> None:
    if path.stat().st_uid != os.geteuid():
        raise _refusal("folder-owner", path)


def _read_instance(file: Path) -> Instance:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        instance = Instance(
            kind=InstallationKind(data["kind"]),
            desks=_words(data["desks"]),
            identifier=str(data["identifier"]),
            # The first folders did not say it.
            format=int(data.get("format", 0)),
            unfinished=_words(data.get("unfinished", [])),
        )
    except (ValueError, KeyError, TypeError):
        raise _refusal("folder-damaged", file) from None
    if instance.format > FORMAT:
        raise _refusal("folder-newer", file.parent)
    if instance.format < OLDEST_FORMAT:
        raise _refusal("folder-older", file.parent)
    check_desks(instance.desks, Place(file=str(file)))
    return instance


def _words(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise TypeError
    return tuple(found)


def _read_signing_key(file: Path) -> str:
    key = read_private(file).strip()
    if len(key) != KEY_BYTES * 2 or set(key) - set("0123456789abcdef"):
        raise _refusal("key-damaged", file)
    return key


def read_private(file: Path) -> str:
    """The text of a key file that nobody but its owner can read; raises InputError."""
    if file.is_symlink() or not file.is_file():
        raise _refusal("key-missing", file)
    _check_owner(file)
    if stat.S_IMODE(file.stat().st_mode) & OTHERS:
        raise _refusal("key-readable", file)
    return file.read_text(encoding="ascii", errors="replace")


def _refusal(key: str, path: Path) -> InputError:
    return InputError.at(Message(f"platform:{key}", {"path": str(path)}))

"""Where the key of the installation comes from.

The file of the key says itself how it is protected, so that changing it is one rename:

- ``file``: 64 hexadecimal digits, the key itself;
- ``passphrase``: the key under a passphrase (Argon2id);
- ``command``: the key under a secret that a command of the owner's prints, such as a TPM or a key
  management service gives it.

A passphrase is asked for at the start, or read from where the service manager put it; it is never
stored. Processes that we start ourselves are given the opened key through a pipe.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from marfa.crypto.context import Context
from marfa.crypto.errors import NotAuthenticError, UnknownVersionError
from marfa.crypto.key_wrap import unwrap_key, wrap_key
from marfa.crypto.keys import KEY_BYTES, Key
from marfa.domain.message import InputError, Message

FORMAT = 1
PASSPHRASE_FD = "MARFA_PASSPHRASE_FD"  # noqa: S105 - the name of a variable
"""Number of a file descriptor that the passphrase is read from, once."""
KEYS_FD = "MARFA_KEYS_FD"
"""Through this our own child processes are given what was opened."""
CREDENTIAL = "marfa-passphrase"
"""Name of the credential of systemd (``LoadCredential=``) that holds the passphrase."""
COMMAND_SECONDS = 30
TRIES = 3


class Provider(StrEnum):
    """Who gives the key out."""

    FILE = "file"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a provider
    COMMAND = "command"


class Protection(Protocol):
    """A way of protecting the key."""

    provider: Provider

    def protect(self, key: Key, identifier: str) -> str:
        """The text of a key file for this installation."""
        ...


@dataclass(frozen=True)
class ByFile:
    """The key lies in the file as it is; the mode of the file alone protects it."""

    provider = Provider.FILE

    def protect(self, key: Key, identifier: str) -> str:
        return key.expose().hex() + "\n"


@dataclass(frozen=True)
class ByPassphrase:
    """The key under a passphrase. cost: of Argon2id, as ``asdict(Cost())``; None for the usual."""

    passphrase: str
    cost: Mapping[str, int] | None = None
    provider = Provider.PASSPHRASE

    def __repr__(self) -> str:
        return "ByPassphrase(hidden)"

    def protect(self, key: Key, identifier: str) -> str:
        """Raises InputError for a passphrase that can be guessed."""
        from marfa.crypto.passphrases import (
            STANDARD,
            Cost,
            lock_with_passphrase,
            passphrase_weakness,
        )

        weak = passphrase_weakness(self.passphrase)
        if weak:
            raise InputError.at(Message(f"platform:passphrase-{weak}"))
        cost = Cost(**self.cost) if self.cost else STANDARD
        locked = lock_with_passphrase(
            key, self.passphrase, _place(self.provider, identifier), cost=cost
        )
        return _encode(self.provider, locked.as_json())


@dataclass(frozen=True)
class ByCommand:
    """The key under a secret that a command prints: 64 hexadecimal digits or 32 bytes."""

    command: tuple[str, ...]
    provider = Provider.COMMAND

    def protect(self, key: Key, identifier: str) -> str:
        """Raises InputError where the command fails."""
        above = secret_of(self.command)
        wrapped = wrap_key(key, under=above, context=_place(self.provider, identifier))
        return _encode(self.provider, {"command": list(self.command), "wrapped": wrapped.hex()})


def provider_of(text: str) -> Provider:
    """How the text of a key file is protected; raises ValueError for what is no key file."""
    return Provider(str(_decode(text)["provider"])) if text.startswith("{") else Provider.FILE


def command_of(text: str) -> tuple[str, ...]:
    """The command that a key file names; empty where there is none."""
    named = _decode(text).get("command") if text.startswith("{") else None
    return tuple(str(part) for part in named) if isinstance(named, list) else ()


_opened: dict[str, Key] = {}
"""What this process has opened, by the digest of the file: nobody is asked twice."""


def open_key(
    text: str, *, identifier: str, file: Path, ask: Callable[[], str] | None = None
) -> Key:
    """The key that the text of a key file protects.

    identifier: of the installation, which the protected key is bound to.
    ask: gives the passphrase; otherwise it is found where the start was told to look.
    Raises InputError with what to do where the key is not to be had.
    """
    try:
        provider = provider_of(text)
        if provider is Provider.FILE:
            return Key.from_hex(text.strip())
        _take_over()
        known = _opened.get(_digest(text))
        if known is not None and ask is None:
            return known
        open_it = _by_passphrase if provider is Provider.PASSPHRASE else _by_command
        key = open_it(_decode(text), _place(provider, identifier), ask)
    except UnknownVersionError:
        raise InputError.at(Message("platform:key-newer", {"path": str(file)})) from None
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError.at(Message("platform:key-damaged", {"path": str(file)})) from None
    _opened[_digest(text)] = key
    return key


_at_terminal: Callable[[], str] | None = None


def ask_at_terminal(ask: Callable[[], str]) -> None:
    """Tell how somebody at a terminal is asked for the passphrase; nobody is asked without one."""
    global _at_terminal
    _at_terminal = ask


def forget_opened_keys() -> None:
    """Forget what this process has opened."""
    _opened.clear()


@contextlib.contextmanager
def handed_over() -> Iterator[tuple[dict[str, str], tuple[int, ...]]]:
    """For a child process of ours: what to add to its environment, and descriptors to leave open.

    The opened keys go through a pipe: neither the environment nor a file shows them.
    """
    if not _opened:
        yield {}, ()
        return
    reading, writing = os.pipe()
    try:
        lines = [f"{digest} {key.expose().hex()}\n" for digest, key in _opened.items()]
        os.write(writing, "".join(lines).encode())  # a pipe holds 64 KiB without a reader
        os.close(writing)
        writing = -1
        yield {KEYS_FD: str(reading)}, (reading,)
    finally:
        os.close(reading)
        if writing >= 0:
            os.close(writing)


def secret_of(command: tuple[str, ...]) -> Key:
    """What a command prints: 64 hexadecimal digits, or 32 bytes as they are.

    Its standard error goes where ours goes. Raises InputError where it fails or takes too long.
    """
    named = {"command": command[0] if command else ""}
    try:
        ran = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        values = {**named, "seconds": COMMAND_SECONDS}
        raise InputError.at(Message("platform:key-command-slow", values)) from None
    except (OSError, ValueError, IndexError):
        raise InputError.at(Message("platform:key-command-missing", named)) from None
    if ran.returncode != 0:
        values = {**named, "code": ran.returncode}
        raise InputError.at(Message("platform:key-command-failed", values))
    try:
        return Key(ran.stdout) if len(ran.stdout) == KEY_BYTES else _from_digits(ran.stdout)
    except ValueError:
        raise InputError.at(Message("platform:key-command-output", named)) from None


def write_key_file(file: Path, text: str) -> None:
    """Put a key file in its place: wholly, or not at all, whenever power fails."""
    beside = file.with_name(f".{file.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def protect_file(file: Path, key: Key, protection: Protection, *, identifier: str) -> None:
    """Protect the key of an installation in another way from now on.

    The new text is opened once before it takes the place of the old one. Raises InputError.
    """
    text = protection.protect(key, identifier)
    ask = (lambda: protection.passphrase) if isinstance(protection, ByPassphrase) else None
    if open_key(text, identifier=identifier, file=file, ask=ask) != key:
        raise InputError.at(Message("platform:key-damaged", {"path": str(file)}))
    write_key_file(file, text)


def _by_passphrase(
    data: Mapping[str, object], place: Context, ask: Callable[[], str] | None
) -> Key:
    from marfa.crypto.passphrases import Lock

    lock = Lock.from_json(data)
    for passphrase in _passphrases(ask):
        try:
            return lock.open(passphrase, place)
        except NotAuthenticError:
            continue
    raise InputError.at(Message("platform:key-passphrase-wrong"))


def _by_command(data: Mapping[str, object], place: Context, ask: Callable[[], str] | None) -> Key:
    command = data["command"]
    if not isinstance(command, list):
        raise TypeError("command")
    above = secret_of(tuple(str(part) for part in command))
    try:
        return unwrap_key(bytes.fromhex(str(data["wrapped"])), under=above, context=place)
    except NotAuthenticError:
        named = {"command": str(command[0])}
        raise InputError.at(Message("platform:key-command-other", named)) from None


def _passphrases(ask: Callable[[], str] | None) -> Iterator[str]:
    """What to try: what was given once, or what somebody at the terminal types, three times."""
    if ask is not None:
        yield ask()
    elif (given := _given()) is not None:
        yield given
    elif _at_terminal is not None and sys.stdin is not None and sys.stdin.isatty():
        for _ in range(TRIES):
            yield _at_terminal()
    else:
        raise InputError.at(Message("platform:key-passphrase-needed"))


def _given() -> str | None:
    """The passphrase, from a descriptor or from a credential of systemd."""
    number = os.environ.pop(PASSPHRASE_FD, None)
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    try:
        if number is not None:
            with os.fdopen(int(number), "rb") as stream:
                return _line(stream.read(1 << 16))
        if folder and (Path(folder) / CREDENTIAL).is_file():
            return _line((Path(folder) / CREDENTIAL).read_bytes())
    except (OSError, ValueError):
        raise InputError.at(Message("platform:key-passphrase-unreadable")) from None
    return None


def _line(data: bytes) -> str:
    return data.decode("utf-8").rstrip("\r\n")


def _take_over() -> None:
    """Take what the process that started us has opened."""
    number = os.environ.pop(KEYS_FD, None)
    if number is None:
        return
    with os.fdopen(int(number), "r", encoding="ascii") as stream:
        for line in stream:
            digest, _space, digits = line.partition(" ")
            _opened[digest] = Key.from_hex(digits.strip())


def _from_digits(output: bytes) -> Key:
    return Key.from_hex(output.decode("ascii", errors="replace").strip())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _place(provider: Provider, identifier: str) -> Context:
    return Context("keys", provider, identifier)


def _encode(provider: Provider, data: Mapping[str, object]) -> str:
    return json.dumps({"format": FORMAT, "provider": provider, **data}, indent=1) + "\n"


def _decode(text: str) -> Mapping[str, object]:
    data = json.loads(text)
    if not isinstance(data, dict):
        raise ValueError("a key file holds an object")
    if data.get("format") != FORMAT:
        raise UnknownVersionError
    return data

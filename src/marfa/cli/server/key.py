"""``marfa key``: how the key of the installation is protected."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marfa.cli.base import Group, json_option, print_json, print_message
from marfa.cli.language import _
from marfa.cli.server.installation import data_option, open_for_work, place_of
from marfa.domain.message import InputError, Message
from marfa.platform.datafolder import check_private, instance_key_file, look_at, read_private
from marfa.platform.keyproviders import (
    ByCommand,
    ByFile,
    ByPassphrase,
    Protection,
    Provider,
    command_of,
    protect_file,
    provider_of,
)
from marfa.platform.occupancy import occupy_alone
from marfa.platform.recovery import splits_of

if TYPE_CHECKING:
    from marfa.safeguards.actions import Act


@click.group("key", cls=Group, help=_("The key of the installation, and what protects it."))
def key() -> None:
    """Group of the commands about the key."""


@key.command(
    "status",
    help=_(
        "Say how the key is protected, and whether its shares were rehearsed. Asks for nothing."
    ),
    examples=("marfa key status --json",),
)
@data_option
@json_option
def status(data: Path | None, as_json: bool) -> None:
    """What can be said without opening the key."""
    folder = place_of(data)
    look_at(folder)
    check_private(folder)
    text = read_private(instance_key_file(folder))
    try:
        provider, command = provider_of(text), command_of(text)
    except (ValueError, KeyError):
        path = str(instance_key_file(folder))
        raise InputError.at(Message("platform:key-damaged", {"path": path})) from None
    splits = splits_of(folder)
    newest = splits[-1] if splits else None
    if as_json:
        shares = newest and {
            "shares": newest.shares,
            "threshold": newest.threshold,
            "made_at": newest.made_at.isoformat(),
            "rehearsed_at": newest.rehearsed_at and newest.rehearsed_at.isoformat(),
        }
        print_json({"provider": provider, "command": list(command), "recovery": shares})
        return
    print_message(Message(f"cli.server:key-by-{provider}", {"command": shlex.join(command)}))
    if newest is None:
        print_message(Message("cli.server:recovery-none"))
        return
    values = {"shares": newest.shares, "threshold": newest.threshold, "at": newest.made_at}
    print_message(Message("cli.server:recovery-is", values))
    if newest.rehearsed_at:
        print_message(Message("cli.server:recovery-rehearsed-at", {"at": newest.rehearsed_at}))
    else:
        print_message(Message("cli.server:recovery-not-rehearsed"))


@key.command(
    "protect",
    help=_("Protect the key in another way: by the file alone, by a passphrase, or by a command."),
    examples=(
        "marfa key protect --with passphrase",
        "marfa key protect --with command --command 'tpm2_unseal -c 0x81010001'",
    ),
)
@click.option(
    "--with",
    "provider",
    required=True,
    type=click.Choice([str(one) for one in Provider]),
    help=_("What protects the key from now on."),
)
@click.option(
    "--command",
    default="",
    help=_("Command that prints the secret that protects the key; called without a shell."),
)
@data_option
@json_option
def protect(provider: str, command: str, data: Path | None, as_json: bool) -> None:
    """One rename: the key is protected the old way or the new one, whenever power fails.

    Raises InputError beside a server: its worker and finder could not be started again, since it
    has nothing to hand over that opens the new file.
    """
    folder = open_for_work(data)
    with occupy_alone(folder.path):
        how = _protection(Provider(provider), command)
        with acting_on_key("keys.protect") as act:
            act.note(step="protect", provider=provider)
            file = instance_key_file(folder.path)
            protect_file(file, folder.instance_key, how, identifier=folder.instance.identifier)
    if as_json:
        print_json({"provider": provider})
    else:
        print_message(Message(f"cli.server:key-now-by-{provider}"))


@contextlib.contextmanager
def acting_on_key(code: str) -> Iterator[Act]:
    """What whoever runs the command does with the key, decided and in the log."""
    from marfa.apps.organisations.queries import data_controller
    from marfa.domain.ids import new_id
    from marfa.safeguards.actions import action
    from marfa.safeguards.actor import Actor, ActorKind
    from marfa.safeguards.charter.resources import DeniedError, Resource
    from marfa.safeguards.words import Purpose

    try:
        with action(
            actor=Actor(new_id(), ActorKind.COMMAND),
            code=code,
            purpose=Purpose.SECURITY,
            resource=Resource("Key", "instance", {"controller": data_controller().pk}),
        ) as act:
            yield act
    except DeniedError as error:
        raise InputError.at(error.decision.message) from None


def _protection(provider: Provider, command: str) -> Protection:
    if provider is Provider.FILE:
        return ByFile()
    if provider is Provider.PASSPHRASE:
        return ByPassphrase(new_passphrase())
    parts = _parts(command)
    if not parts:
        raise InputError.at(Message("cli.server:key-command-empty"), field="--command")
    return ByCommand(parts)


def _parts(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError:
        raise InputError.at(Message("cli.server:key-command-empty"), field="--command") from None


def new_passphrase() -> str:
    """Typed twice at a terminal; otherwise one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt(
        _("New passphrase"), hide_input=True, confirmation_prompt=_("The same once more"), err=True
    )
    return typed

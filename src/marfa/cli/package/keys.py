"""``marfa package key``: the keys of an installation, and those of others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from marfa.cli.base import (
    Group,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.language import _
from marfa.domain.doors import BODIES
from marfa.domain.message import Message
from marfa.platform import clock

if TYPE_CHECKING:
    pass

from marfa.cli.package.options import (
    FILE,
    KEYDIR,
    NEW_FOLDER,
    body_name,
    new_passphrase,
    passphrase_option,
    read_passphrase,
    refusals,
)
from marfa.cli.package.output import show_keys


@click.group("key", cls=Group, help=_("The keys of an installation, and those of others."))
def key() -> None:
    """Group of the commands about keys."""


@key.command(
    "new",
    help=_(
        "Make a key folder. It prints the digits that the other side compares with you by voice, "
        "and where the file lies that you hand to them."
    ),
    examples=('marfa package key new --out keys --name "Harbour Clinic" --kind help',),
)
@click.option(
    "--out", type=NEW_FOLDER, required=True, metavar="KEYDIR", help=_("The folder to make.")
)
@click.option("--name", default="", help=_("What your body is called; the folder's name if none."))
@click.option(
    "--kind",
    type=click.Choice(BODIES),
    default="help",
    show_default=True,
    help=_("What your body is. The other side hears it with the digits."),
)
@passphrase_option
@json_option
def new(out: Path, name: str, kind: str, passphrase_file: Path | None, as_json: bool) -> None:
    """The folder is there whole or not at all."""
    with refusals(as_json):
        from marfa.methods import packages

        called = body_name(name or out.resolve().name)
        passphrase = new_passphrase(passphrase_file, called)
        now = clock.now()
        packages.make_key_folder(out, name=called, kind=kind, passphrase=passphrase, now=now)
        with packages.open_key_folder(out, passphrase) as folder:
            packages.write_key_package(folder.path, folder.own, now)
        show_keys(out, as_json)


@key.command(
    "show",
    help=_("Show the public keys of a key folder, and the digits to compare."),
    examples=(
        "marfa package key show keys",
        "marfa package key show keys --identity | age --decrypt -i - package.age > package.zip",
    ),
)
@click.argument("keydir", type=KEYDIR)
@click.option(
    "--identity",
    is_flag=True,
    help=_("Print the private keys of age instead, for a program of your own. Keep them nowhere."),
)
@passphrase_option
@json_option
def show_key(keydir: Path, identity: bool, passphrase_file: Path | None, as_json: bool) -> None:
    """Without the passphrase, what the folder says; with it, also proved."""
    with refusals(as_json):
        if identity or passphrase_file is not None:
            from marfa.methods.packages import open_key_folder

            with open_key_folder(keydir, read_passphrase(passphrase_file)) as folder:
                ages = [pair.age for pair in folder.own.pairs]
        if not identity:
            show_keys(keydir, as_json)
        elif as_json:
            print_json({"identities": ages})
        else:
            click.echo("\n".join(ages))


@key.command(
    "accept",
    help=_(
        "Take the keys of another body. Call a number that you know, let them read out the digits "
        "and say what kind of body they are."
    ),
    examples=(
        'marfa package key accept keys theirs.key --fingerprint "12345 67890 12345 67890 12345 '
        '67890"',
    ),
)
@click.argument("keydir", type=KEYDIR)
@click.argument("file", type=FILE)
@click.option("--fingerprint", metavar="DIGITS", help=_("The digits that they read out."))
@click.option(
    "--without-comparing",
    is_flag=True,
    help=_("Take them uncompared. Every package that goes there says so."),
)
@click.option("--name", default="", help=_("What you call them; their own name if none."))
@passphrase_option
@json_option
def accept(
    keydir: Path,
    file: Path,
    fingerprint: str | None,
    without_comparing: bool,
    name: str,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Keys that known keys hand over need no digits."""
    with refusals(as_json):
        from marfa.methods import packages

        now = clock.now()
        keys = packages.read_key_file(file, now)
        with packages.open_key_folder(keydir, read_passphrase(passphrase_file)) as folder:
            partner = packages.accept_keys(
                folder,
                keys,
                fingerprint=fingerprint,
                without_comparing=without_comparing,
                name=body_name(name) if name else "",
                now=now,
            )
        values = {"name": partner.name, "kind": keys.kind, "compared": partner.compared}
        if as_json:
            print_json({**values, "fingerprint": keys.fingerprint})
            return
        values["kind"] = Message(f"domain:body-{keys.kind}")
        print_message(Message("methods.packages:accepted", values))
        if not partner.compared:
            print_warning(Message("methods.packages:warning-not-compared"))


@key.command(
    "rotate",
    help=_("Make new keys, handed over by the old ones, and a file for the other side."),
    examples=("marfa package key rotate keys",),
)
@click.argument("keydir", type=KEYDIR)
@passphrase_option
@json_option
def rotate(keydir: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """The old keys still open what is on its way."""
    with refusals(as_json):
        from marfa.methods import packages

        passphrase, now = read_passphrase(passphrase_file), clock.now()
        packages.rotate_keys(keydir, passphrase, now)
        with packages.open_key_folder(keydir, passphrase) as folder:
            packages.write_key_package(folder.path, folder.own, now)
        show_keys(keydir, as_json)


@key.command(
    "end",
    help=_(
        "End the keys of another body, since they told you that they lost them: nothing goes there "
        "and nothing is taken from there until new ones are compared."
    ),
    examples=('marfa package key end keys "Harbour Clinic"',),
)
@click.argument("keydir", type=KEYDIR)
@click.argument("name")
@passphrase_option
@json_option
def end(keydir: Path, name: str, passphrase_file: Path | None, as_json: bool) -> None:
    """It is written down, and not taken back."""
    with refusals(as_json):
        from marfa.methods import packages

        with packages.open_key_folder(keydir, read_passphrase(passphrase_file)) as folder:
            partner = packages.end_keys(folder, name, clock.now())
        if as_json:
            print_json({"name": partner.name, "ended": True})
        else:
            print_message(Message("methods.packages:ended", {"name": partner.name}))

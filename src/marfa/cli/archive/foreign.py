"""``marfa archive`` timestamp and witness: what others say, carried there and back as files."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from marfa.cli.archive.options import FILE, FOLDER, NEW, KeyType, MomentType, with_extra
from marfa.cli.base import Command, Exit, Group, json_option, print_json, print_message
from marfa.cli.inputs import OutputFile
from marfa.cli.language import _
from marfa.crypto.notes import VerifierKey
from marfa.domain.message import InputError, Message
from marfa.platform import clock

OUTPUT = OutputFile(dir_okay=True)

folder_argument = click.argument("folder", metavar="DIR", type=FOLDER)


@click.group(
    "timestamp",
    cls=Group,
    help=_("Time stamps of foreign authorities (RFC 3161), by request and response files."),
)
def timestamp() -> None:
    """Group of the commands about stamps."""


@timestamp.command(
    "request",
    cls=Command,
    help=_("Write a request for the checkpoint as it is. Carry it to an authority; ask two."),
    examples=(
        "marfa archive timestamp request evidence ask.tsq",
        "marfa archive timestamp request evidence ask.tsq --again",
    ),
)
@folder_argument
@click.argument("out", metavar="OUT", type=OUTPUT)
@click.option(
    "--again", is_flag=True, help=_("Over all earlier stamps too, before their certificates end.")
)
@json_option
def request(folder: Path, out: Path, again: bool, as_json: bool) -> None:
    """The request is kept in the archive until its response comes."""
    from marfa.methods.archive import ask_for_stamp

    _refuse_taken(out)
    with with_extra():
        data = ask_for_stamp(folder, clock.now, again=again)
    out.write_bytes(data)
    if as_json:
        print_json({"out": str(out)})
    else:
        print_message(Message("methods.archive:written", {"file": str(out)}))


@timestamp.command(
    "add",
    cls=Command,
    help=_("Keep the full response of an authority. With --roots it is checked first."),
    examples=("marfa archive timestamp add evidence answer.tsr --roots authority.pem",),
)
@folder_argument
@click.argument("response", metavar="RESPONSE", type=FILE)
@click.option("--roots", type=FILE, metavar="PEM", help=_("Certificates that are trusted."))
@json_option
def add(folder: Path, response: Path, roots: Path | None, as_json: bool) -> None:
    """One entry of the log."""
    from marfa.crypto.timestamps import StampError
    from marfa.methods.archive import keep_stamp

    try:
        with with_extra():
            trusted = roots.read_bytes() if roots else None
            stamp, entry = keep_stamp(folder, response.read_bytes(), clock.now, roots=trusted)
    except StampError as error:
        message = Message(f"methods.archive:stamp-{error.reason.value}")
        raise InputError.at(message, file=str(response)) from None
    if as_json:
        print_json({"stamp": stamp, "entry": entry})
    else:
        print_message(Message("methods.archive:recorded", {"entry": entry}))


@timestamp.command(
    "check",
    cls=Command,
    help=_("Check the response of an authority by itself, without an archive."),
    examples=("marfa archive timestamp check answer.tsr --request ask.tsq --roots authority.pem",),
)
@click.argument("response", metavar="RESPONSE", type=FILE)
@click.option(
    "--request",
    "asked",
    type=FILE,
    metavar="FILE",
    required=True,
    help=_("The request that it answers."),
)
@click.option(
    "--roots", type=FILE, metavar="PEM", required=True, help=_("Certificates that are trusted.")
)
@click.option(
    "--at", "at", type=MomentType(), metavar="TIME", help=_("When it must hold. Otherwise now.")
)
@json_option
def check(response: Path, asked: Path, roots: Path, at: datetime | None, as_json: bool) -> None:
    """Exit code 1 with the reason where it does not hold."""
    from marfa.crypto.timestamps import StampError, check_stamp

    try:
        with with_extra():
            found = check_stamp(
                response.read_bytes(), asked.read_bytes(), roots.read_bytes(), at or clock.now()
            )
    except StampError as error:
        if as_json:
            print_json({"holds": False, "reason": error.reason.value})
            sys.exit(Exit.PROBLEMS)
        message = Message(f"methods.archive:stamp-{error.reason.value}")
        raise InputError.at(message, file=str(response)) from None
    values = {
        "at": found.at.isoformat(),
        "authority": found.authority,
        "ends": found.ends.isoformat(),
    }
    if as_json:
        print_json({"holds": True, "reason": None, "digest": found.digest.hex(), **values})
    else:
        print_message(Message("methods.archive:stamp-holds", values))


@click.command(
    cls=Command,
    help=_(
        "Keep a checkpoint of this archive that another organisation cosigned, or cosign one of "
        "theirs: it must continue what was seen of their log before. With --request, write what "
        "their witness wants."
    ),
    examples=(
        "marfa archive witness evidence --note cosigned.txt",
        "marfa archive witness evidence --note theirs.txt --key PUB --out cosigned.txt",
        "marfa archive witness evidence --request for-them.txt --from 120",
    ),
)
@folder_argument
@click.option("--note", type=FILE, metavar="FILE", help=_("A signed checkpoint."))
@click.option(
    "--key",
    type=KeyType(),
    metavar="PUB",
    help=_("Key of the witness, or of their log when it is seen for the first time."),
)
@click.option(
    "--out",
    type=OUTPUT,
    metavar="FILE",
    help=_("Where the checkpoint goes that was cosigned; otherwise it is printed."),
)
@click.option(
    "--request",
    "ask",
    type=NEW,
    metavar="FILE",
    help=_("Write the checkpoint of this archive for a witness."),
)
@click.option(
    "--from",
    "seen",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help=_("How many entries the witness saw before; with --request."),
)
@json_option
def witness(
    folder: Path,
    note: Path | None,
    key: VerifierKey | None,
    out: Path | None,
    ask: Path | None,
    seen: int,
    as_json: bool,
) -> None:
    """By stick: nothing is asked of the network."""
    from marfa.methods.archive import ask_witness, take_note

    if (note is None) == (ask is None):
        raise click.UsageError(_("Give either --note or --request."))
    for target in (out, ask):
        if target is not None:
            _refuse_taken(target)
    if ask is not None:
        ask.write_bytes(ask_witness(folder, seen))
        if as_json:
            print_json({"out": str(ask)})
        else:
            print_message(Message("methods.archive:written", {"file": str(ask)}))
        return
    if note is None:
        return
    done = take_note(folder, note.read_bytes(), clock.now, key=key)
    if out is not None:
        out.write_text(done.note, encoding="utf-8")
    if as_json:
        print_json(
            {
                "kept": done.own,
                "cosigned": not done.own,
                "origin": done.origin,
                "size": done.size,
                "witnesses": done.names,
                "checked": done.checked,
                "note": done.note,
            }
        )
    elif done.own:
        print_message(Message("methods.archive:note-kept", {"names": ", ".join(done.names)}))
    elif out is None:
        click.echo(done.note, nl=False)
    else:
        print_message(Message("methods.archive:written", {"file": str(out)}))


def _refuse_taken(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise InputError.at(Message("methods.archive:out-taken"), file=str(path))

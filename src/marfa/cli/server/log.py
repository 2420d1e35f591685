"""The commands about the log that need an installation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING
from uuid import UUID

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from marfa.cli.base import Command, json_option, print_json, print_message
from marfa.cli.inputs import OutputFile
from marfa.cli.language import _
from marfa.cli.server.installation import data_option, open_for_work, open_installation
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message
from marfa.platform.newfiles import new_file

if TYPE_CHECKING:
    from marfa.safeguards.actor import Actor
    from marfa.safeguards.audit.heads import Head
    from marfa.safeguards.audit.models import Entry


@click.command(
    "export",
    cls=Command,
    help=_("Write the whole log to a file, one entry a line; - writes to standard output."),
    examples=("marfa log export log.jsonl", "marfa log export - | gzip > log.jsonl.gz"),
)
@click.argument("target", type=OutputFile(allow_dash=True))
@data_option
@json_option
def export(target: Path, data: Path | None, as_json: bool) -> None:
    """All entries as of one moment. The export is an entry of the log itself, the next one."""
    if str(target) == "-":
        open_for_work(data)
        _export(sys.stdout)
        return
    try:
        with new_file(target, encoding="ascii") as stream:
            open_for_work(data)
            # The log is told when this has ended, and the file has no name until then.
            written = _export(stream)
    except FileExistsError:
        raise InputError.at(Message("cli.server:log-file-there", {"path": str(target)})) from None
    if as_json:
        print_json({"path": str(target), "entries": written})
    else:
        print_message(Message("cli.server:log-exported", {"path": str(target)}, count=written))


def _command() -> Actor:
    """Who acts: this run of the command."""
    from marfa.safeguards.actor import Actor, ActorKind

    return Actor(id=new_id(), kind=ActorKind.COMMAND)


def _export(stream: IO[str]) -> int:
    """Write all entries, on the record; how many they are."""
    from marfa.apps.log.actions import log_reading
    from marfa.safeguards.audit.export import export_lines

    count = 0
    with log_reading(actor=_command(), code="log.export") as act:
        for line in export_lines():
            stream.write(f"{line}\n")
            count += 1
        act.count(count)
    return count


@click.command(
    "show",
    cls=Command,
    help=_("Show the newest entries, by keys and codes; who and whom they name is not resolved."),
    examples=("marfa log show --limit 50", "marfa log show --action users.block --json"),
)
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help=_("How many entries."))
@click.option("--action", help=_("Only this action, such as people.open_identity."))
@click.option("--subject", type=click.UUID, help=_("Only entries about the person of this key."))
@click.option("--actor", type=click.UUID, help=_("Only what the holder of this key did."))
@data_option
@json_option
def show(
    limit: int,
    action: str | None,
    subject: UUID | None,
    actor: UUID | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Newest first."""
    open_for_work(data)
    from marfa.apps.log.actions import log_reading
    from marfa.safeguards.audit.queries import EntryFilter, page_of_entries

    with log_reading(actor=_command(), code="log.read") as act:
        wanted = EntryFilter(action=action or "", subject=subject, actor=actor)
        entries = page_of_entries(wanted, size=limit).entries
        act.count(len(entries))
    if as_json:
        print_json([_as_json(entry) for entry in entries])
        return
    table = Table(_("When"), _("Action"), _("Outcome"), _("Who"), _("About whom"), _("To what"))
    for entry in entries:
        cells = (
            f"{entry.at:%Y-%m-%d %H:%M:%S}",
            entry.action,
            entry.outcome,
            f"{entry.actor_kind} {entry.actor_id}",
            str(entry.subject_id or ""),
            f"{entry.object_kind} {entry.object_id or ''}".strip(),
        )
        table.add_row(*map(Text, cells))
    Console(highlight=False).print(table)


def _as_json(entry: Entry) -> dict[str, object]:
    from marfa.safeguards.audit.export import content_of_entry

    return {"lane": entry.lane, "sequence": entry.sequence, **content_of_entry(entry)}


@click.command(
    "heads",
    cls=Command,
    help=_("Sign how far the log reaches now, and say the newest head."),
    examples=("marfa log heads", "marfa log heads --json"),
)
@data_option
@json_option
def heads(data: Path | None, as_json: bool) -> None:
    """The server does this every quarter of an hour."""
    open_installation(data)
    from marfa.safeguards.audit.installation_heads import sign_head

    head = sign_head()
    if as_json:
        print_json(_head(head) if head else None)
    elif head is None:
        print_message(Message("cli.server:log-empty"))
    else:
        print_message(Message("cli.server:log-head", _head(head), count=head.entries))


def _head(head: Head) -> dict[str, object]:
    return {
        "kind": head.kind,
        "number": head.number,
        "at": head.at,
        "entries": head.entries,
        "root": head.root,
    }


@click.command(
    "key",
    cls=Command,
    help=_("Print the public key with which heads are verified. Keep it elsewhere."),
    examples=("marfa log key > log.pub",),
)
@data_option
@json_option
def key(data: Path | None, as_json: bool) -> None:
    """64 hexadecimal digits."""
    folder = open_for_work(data)
    from marfa.crypto.signatures import public_key, public_key_fingerprint
    from marfa.safeguards.audit.installation_heads import log_key

    public = public_key(log_key(folder))
    if as_json:
        print_json({"key": public.hex(), "fingerprint": public_key_fingerprint(public)})
    else:
        click.echo(public.hex())


@click.command(
    "fork",
    cls=Command,
    help=_(
        "Put on record, signed, that the database was restored from an older backup. What was "
        "logged since is lost, and everybody who verifies the log sees it."
    ),
    examples=("marfa log fork --yes",),
)
@click.option("--yes", is_flag=True, help=_("Do not ask."))
@data_option
@json_option
def fork(yes: bool, data: Path | None, as_json: bool) -> None:
    """After it the installation starts again."""
    open_for_work(data)
    from marfa.safeguards import actions
    from marfa.safeguards.audit import installation_heads

    if not yes:
        click.confirm(_("Was this database restored on purpose?"), abort=True, err=True)
    head = installation_heads.sign_fork()
    actions.log_events(installation_heads.event_of(head, _command()))
    if as_json:
        print_json(_head(head))
    else:
        print_message(Message("cli.server:log-forked", {"number": head.number, "at": head.at}))

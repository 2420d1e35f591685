"""``marfa archive`` init, add, list, event, hold, dispose, export: what writes, and the list."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from marfa.cli.archive.options import FILE, FOLDER, NEW, IdList, with_extra
from marfa.cli.base import Command, json_option, print_json, print_message, print_warning
from marfa.cli.inputs import OutputFile
from marfa.cli.language import _
from marfa.domain.doors import BODIES
from marfa.domain.message import Message
from marfa.platform import clock

OUTPUT = OutputFile(dir_okay=True)

folder_argument = click.argument("folder", metavar="DIR", type=FOLDER)
id_argument = click.argument("item", metavar="ID")
EVENTS = ("release", "accept", "read", "note")


@click.command(
    cls=Command,
    help=_(
        "Make an archive in a new folder. Every content file is sealed to the public keys of age "
        "that --to names; a plain archive must be asked for. The key that is printed checks the "
        "log: keep it elsewhere."
    ),
    examples=(
        "marfa archive init evidence --to age1...",
        "marfa archive init evidence --plain --json",
    ),
)
@click.argument("folder", metavar="DIR", type=OUTPUT)
@click.option(
    "--to",
    "to",
    multiple=True,
    metavar="AGEKEY",
    help=_("Public key of age; more than one may be given."),
)
@click.argument("more", nargs=-1, metavar="")
@click.option("--plain", is_flag=True, help=_("Do not seal: whoever has the disk reads all of it."))
@click.option(
    "--body",
    type=click.Choice(BODIES),
    default="investigation",
    show_default=True,
    help=_("Kind of body that keeps it: by it a file with a handling mark is taken or refused."),
)
@json_option
def init(
    folder: Path, to: tuple[str, ...], more: tuple[str, ...], plain: bool, body: str, as_json: bool
) -> None:
    """The folder appears whole or not at all."""
    from marfa.methods.archive import create_archive

    if plain == bool(to) or (more and not to):
        raise click.UsageError(_("Give either --to with a public key of age, or --plain."))
    with with_extra():
        key = create_archive(folder, [*to, *more], body=body)
    if as_json:
        print_json({"key": str(key), "folder": str(folder), "sealed": bool(to)})
    else:
        print_message(Message("methods.archive:made", {"key": str(key)}))


@click.command(
    cls=Command,
    help=_(
        "Take in files as they are; a folder becomes one item. When this ends without an error, "
        "everything is on the disk. With --id it can be repeated: the same bytes change nothing."
    ),
    examples=(
        "marfa archive add evidence photo.jpg statement.pdf",
        "marfa archive add evidence photo.jpg --id 7k2m --actor K-12 --json",
    ),
)
@folder_argument
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=NEW)
@click.option(
    "--id",
    "item",
    metavar="ID",
    help=_("Identifier of the item, in clear: no name. Otherwise a random one."),
)
@click.option(
    "--actor",
    metavar="CODE",
    default="archive",
    show_default=True,
    help=_("Code of the first custodian."),
)
@click.option(
    "--provider", metavar="TEXT", help=_("Who gave it; stands in the sealed description.")
)
@click.option(
    "--description", metavar="TEXT", help=_("What it is; stands in the sealed description.")
)
@json_option
def add(
    folder: Path,
    paths: tuple[Path, ...],
    item: str | None,
    actor: str,
    provider: str | None,
    description: str | None,
    as_json: bool,
) -> None:
    """All paths or none."""
    from marfa.methods.archive import open_writer

    if item is not None and len(paths) > 1:
        raise click.UsageError(_("--id names one item; give one path with it."))
    given = {"provider": provider, "description": description}
    about = {name: text for name, text in given.items() if text}
    with with_extra(), open_writer(folder, clock.now) as writer:
        added = writer.add_items(paths, item=item, actor=actor, about=about)
    if as_json:
        print_json({"items": [asdict(each) for each in added]})
        return
    for each in added:
        click.echo(f"{each.id}  {each.sha256}  {each.size}")
    count = sum(not each.existing for each in added)
    print_message(Message("methods.archive:added", count=count))


@click.command(
    "list",
    cls=Command,
    help=_("List the items. What they are stands in their sealed descriptions alone."),
    examples=("marfa archive list evidence", "marfa archive list evidence --json"),
)
@folder_argument
@json_option
def list_items(folder: Path, as_json: bool) -> None:
    """A line an item; written as it is read, so that a million take seconds."""
    from marfa.methods.archive import list_archive

    for text in list_archive(folder, as_json=as_json):
        click.echo(text, nl=False)


@click.command(
    cls=Command,
    help=_(
        "Record what is done with an item. It passes on in two entries: who has it releases it, "
        "who gets it accepts it. What nobody was named for is with the custodian archive."
    ),
    examples=(
        "marfa archive event evidence 7k2m --kind release --actor archive --to K-12",
        "marfa archive event evidence 7k2m --kind accept --actor K-12 --json",
    ),
)
@folder_argument
@id_argument
@click.option("--kind", type=click.Choice(EVENTS), required=True, help=_("What was done."))
@click.option("--actor", metavar="CODE", required=True, help=_("Code of who did it."))
@click.option("--to", "to", metavar="CODE", help=_("Code of who is to get it."))
@json_option
def event(folder: Path, item: str, kind: str, actor: str, to: str | None, as_json: bool) -> None:
    """One entry of the log."""
    from marfa.methods.archive import Event, open_writer

    with open_writer(folder, clock.now) as writer:
        (entry,) = writer.record_events([Event(item, kind, actor, to)])
    if as_json:
        print_json({"id": item, "kind": kind, "entry": entry})
    else:
        print_message(Message("methods.archive:recorded", {"entry": entry}))


@click.command(
    cls=Command,
    help=_("Put an item under a legal hold: it cannot be disposed of until the hold is lifted."),
    examples=(
        "marfa archive hold evidence 7k2m --reason order-12 --actor K-12",
        "marfa archive hold evidence 7k2m --reason order-15 --actor K-12 --lift",
    ),
)
@folder_argument
@id_argument
@click.option("--reason", metavar="CODE", required=True, help=_("Code of the reason."))
@click.option("--actor", metavar="CODE", required=True, help=_("Code of who did it."))
@click.option("--lift", is_flag=True, help=_("Lift the hold."))
@json_option
def hold(folder: Path, item: str, reason: str, actor: str, lift: bool, as_json: bool) -> None:
    """One entry of the log."""
    from marfa.methods.archive import open_writer

    with open_writer(folder, clock.now) as writer:
        entry = writer.hold_item(item, actor=actor, reason=reason, lift=lift)
    if as_json:
        print_json({"id": item, "held": not lift, "entry": entry})
    else:
        print_message(Message("methods.archive:recorded", {"entry": entry}))


@click.command(
    cls=Command,
    help=_(
        "Destroy all bytes of an item, by two people. Of it stay the commitments, the reason and "
        "the day. Reasons: consent-withdrawn, retention-over, collected-unlawfully, "
        "nobody-may-hold, or a code of your own."
    ),
    examples=("marfa archive dispose evidence 7k2m --reason consent-withdrawn --by K-12 --by K-7",),
)
@folder_argument
@id_argument
@click.option("--reason", metavar="CODE", required=True, help=_("Code of the reason."))
@click.option(
    "--by",
    "by",
    metavar="CODE",
    multiple=True,
    required=True,
    help=_("Code of one of the two who decided; given twice."),
)
@json_option
def dispose(folder: Path, item: str, reason: str, by: tuple[str, ...], as_json: bool) -> None:
    """What was not reached is named."""
    from marfa.methods.archive import open_writer

    if len(by) != 2 or by[0].casefold() == by[1].casefold():
        raise click.UsageError(_("Two people decide: give --by twice, with two codes."))
    with open_writer(folder, clock.now) as writer:
        done = writer.dispose_item(item, reason=reason, by=by)
    if as_json:
        print_json(
            {
                "id": done.item,
                "entry": done.entry,
                "day": done.day,
                "not_reached": {"exports": done.exports, "copies": True},
            }
        )
        return
    print_message(Message("methods.archive:disposed", {"day": done.day}))
    for export in done.exports:
        print_warning(Message("methods.archive:not-reached", export))
    print_warning(Message("methods.archive:copies-not-reached"))


@click.command(
    cls=Command,
    help=_(
        "Hand items over as a new folder that proves itself: a bag (BagIt 1.0) with the log, its "
        "proofs and verify.py. Of what is withheld nothing leaves but commitments."
    ),
    examples=(
        "marfa archive export evidence for-court --items 7k2m,9x1c",
        "marfa archive export evidence for-court --all --withhold 9x1c --identity key.txt",
    ),
)
@folder_argument
@click.argument("out", metavar="OUT", type=OUTPUT)
@click.option("--all", "everything", is_flag=True, help=_("All items."))
@click.option("--items", type=IdList(), help=_("Identifiers of the items."))
@click.option("--withhold", type=IdList(), default=(), help=_("Items of which nothing leaves."))
@click.option(
    "--identity",
    type=FILE,
    metavar="FILE",
    help=_("Identity file of age: sealed items are opened."),
)
@json_option
def export(
    folder: Path,
    out: Path,
    everything: bool,
    items: tuple[str, ...] | None,
    withhold: tuple[str, ...],
    identity: Path | None,
    as_json: bool,
) -> None:
    """OUT appears whole or not at all."""
    from marfa.methods.archive import export_items

    if everything == bool(items):
        raise click.UsageError(_("Give either --all or --items."))
    keys = identity.read_text(encoding="utf-8", errors="replace") if identity else None
    with with_extra():
        done = export_items(
            folder, out, clock.now, items=items or None, withhold=withhold, identities=keys
        )
    if as_json:
        print_json({"out": str(out), **asdict(done)})
    else:
        print_message(Message("methods.archive:exported", count=len(done.items)))

"""``marfa facts``: the coded rows behind statistics, made anew and exported."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.progress import Progress

from marfa.cli.base import (
    Exit,
    Group,
    error_console,
    exit_with_error,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.inputs import OutputFile
from marfa.cli.language import _
from marfa.cli.server.installation import data_option, open_installation
from marfa.domain.doors import BODIES, body_of_desks
from marfa.domain.message import InputError, Message


@click.group("facts", cls=Group, help=_("Coded facts without identity, for statistics."))
def facts() -> None:
    """Group of the commands about facts."""


@facts.command(
    "list",
    help=_("List the kinds of fact with the number of their rows."),
    examples=("marfa facts list --json",),
)
@data_option
@json_option
def list_kinds(data: Path | None, as_json: bool) -> None:
    """Every registered kind, one a line."""
    open_installation(data)
    from marfa.platform.facts import kinds
    from marfa.platform.facts.queries import known_at
    from marfa.platform.rowsecurity.context import every_organisation

    with every_organisation():
        every = [kinds.kind_named(name) for name in kinds.kind_names()]
        counts = {kind.name: kind.told(known_at(kind.model)).count() for kind in every}
    if as_json:
        print_json(counts)
        return
    if not counts:
        print_message(Message("cli.server:facts-none"))
    for name, count in counts.items():
        click.echo(f"{name}  {count}")


@facts.command(
    "rebuild",
    help=_("Write the facts anew from the records that they are about, all or nothing."),
    examples=("marfa facts rebuild", "marfa facts rebuild people --check"),
)
@click.argument("names", metavar="[KIND]...", nargs=-1)
@click.option(
    "--check",
    is_flag=True,
    help=_("Change nothing; say whether the stored facts differ from the records."),
)
@data_option
@json_option
def rebuild(names: tuple[str, ...], check: bool, data: Path | None, as_json: bool) -> None:
    """Rebuild the named kinds, or all."""
    open_installation(data)
    from marfa.platform.facts import kinds, rebuilds

    wanted = [kinds.kind_named(name) for name in dict.fromkeys(names or kinds.kind_names())]
    told: list[dict[str, object]] = []
    differ = False
    with Progress(console=error_console(), transient=True) as bar:
        for kind in wanted:
            task = bar.add_task(kind.name, total=None)

            def show(done: int, task: object = task) -> None:
                bar.update(task, completed=done)  # type: ignore[arg-type]

            if check:
                found = rebuilds.compare_facts(kind, progress=show)
                differ = differ or not found.same
                told.append({"kind": kind.name, "missing": found.missing, "extra": found.extra})
            else:
                told.append(
                    {"kind": kind.name, "rows": rebuilds.rebuild_facts(kind, progress=show)}
                )
    if as_json:
        print_json(told)
    else:
        for each in told:
            code = "facts-differ" if each.get("missing") or each.get("extra") else "facts-same"
            print_message(Message(f"cli.server:{code if check else 'facts-rebuilt'}", each))
    if differ:
        raise SystemExit(Exit.PROBLEMS)


@facts.command(
    "export",
    help=_(
        "Write one kind of fact to a Parquet file, or CSV by its ending. Persons get pseudonyms "
        "that are random in each file, so that two files cannot be joined. Columns that never "
        "leave protection are in no CSV and in no file for others."
    ),
    examples=(
        "marfa facts export people people.parquet",
        "marfa facts export people today.parquet --day 2026-06-30 --no-subjects",
        "marfa facts export screenings screenings.csv --to statistics",
    ),
)
@click.argument("kind")
@click.argument("target", type=OutputFile())
@click.option("--day", help=_("Only what was so on this day (YYYY-MM-DD)."))
@click.option("--known", help=_("As known at this moment (YYYY-MM-DDTHH:MM, UTC); otherwise now."))
@click.option(
    "--subjects/--no-subjects",
    default=True,
    help=_("With or without the column of pseudonyms; by default with it."),
)
@click.option(
    "--to",
    "recipient",
    type=click.Choice(BODIES),
    help=_("Kind of body for which the file is; without it, for your own use."),
)
@click.option("--replace", is_flag=True, help=_("Replace a file that is there already."))
@data_option
@json_option
def export(
    kind: str,
    target: Path,
    day: str | None,
    known: str | None,
    subjects: bool,
    recipient: str | None,
    replace: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Export one kind; the file is there whole and on the record, or not at all."""
    open_installation(data)
    from marfa.platform.facts import kinds
    from marfa.platform.facts.parquet_export import export_facts
    from marfa.platform.rowsecurity.context import every_organisation

    chosen = kinds.kind_named(kind)
    sender = _body_here()
    on_day, at = _day(day), _moment(known)
    if target.exists() and not replace:
        exit_with_error(Message("cli.server:facts-file-there", {"path": str(target)}))
    if not target.absolute().parent.is_dir():
        exit_with_error(
            Message("cli.server:facts-no-folder", {"path": str(target.absolute().parent)})
        )
    with Progress(console=error_console(), transient=True) as bar:
        task = bar.add_task(kind, total=None)
        with every_organisation():
            found = export_facts(
                chosen,
                target.absolute(),
                day=on_day,
                known=at,
                subjects=subjects,
                sender=sender,
                recipient=recipient,
                progress=lambda done: bar.update(task, completed=done),
                before=lambda made: _tell_log(kind, rows=made.rows, subjects=subjects),
            )
    if as_json:
        print_json({"path": str(target), "rows": found.rows, "columns": list(found.columns)})
        return
    print_message(Message("cli.server:facts-exported", {"path": str(target)}, count=found.rows))
    print_warning(Message("cli.server:facts-care"))


def _body_here() -> str:
    """The kind of body whose installation this is."""
    from django.conf import settings

    return body_of_desks(settings.DESKS)


def _tell_log(kind: str, *, rows: int, subjects: bool) -> None:
    """That a file is made is in the log before it appears: of what kind, with how many rows, and
    whether those of one person can be told together in it."""
    from marfa.domain.ids import new_id
    from marfa.safeguards import actions
    from marfa.safeguards.actor import Actor, ActorKind
    from marfa.safeguards.audit.event import Event
    from marfa.safeguards.words import Purpose

    made = Event(
        action="facts.export",
        actor=Actor(new_id(), ActorKind.COMMAND),
        purpose=Purpose.STATISTICS,
        object_kind="Facts",
        rows=rows,
        detail={"kind": kind, "subjects": subjects},
    )
    actions.log_events(made)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError.at(Message("cli.server:facts-day"), field="--day") from None


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise InputError.at(Message("cli.server:facts-moment"), field="--known") from None
    if found is None:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)

"""``marfa privacy``: the record of processing, people's rights, holds, the end of retention."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from marfa.cli.base import Group, exit_with_error, json_option, print_json, print_message
from marfa.cli.inputs import OutputFile
from marfa.cli.language import _, terminal_language
from marfa.cli.server.installation import data_option, open_installation
from marfa.domain.catalogue import LANGUAGES
from marfa.domain.codelists import codelist
from marfa.domain.ids import new_id
from marfa.domain.message import InputError, Message
from marfa.platform.newfiles import new_file

if TYPE_CHECKING:
    from marfa.apps.privacy.access import AccessReport
    from marfa.safeguards.actor import Actor

confirm_option = click.option(
    "--confirm", is_flag=True, help=_("Do it. Without this option it is only shown.")
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help=_("Only show what would be done; also without this option.")
)


@click.group("privacy", cls=Group, help=_("The rights of the people whom data are about."))
def privacy() -> None:
    """Group of the commands about privacy."""


def _command() -> Actor:
    """Who acts: this run of the command."""
    from marfa.safeguards.actor import Actor, ActorKind

    return Actor(id=new_id(), kind=ActorKind.COMMAND)


@contextlib.contextmanager
def _answer_file(target: Path) -> Iterator[IO[str]]:
    """A new file that only its owner reads, there whole or not at all. Raises InputError where
    there is one already, or no folder for it."""
    if not target.absolute().parent.is_dir():
        raise InputError.at(Message("cli.server:privacy-no-folder"), field="--out")
    try:
        with new_file(target) as file:
            yield file
    except FileExistsError:
        raise InputError.at(Message("cli.server:privacy-file-there"), field="--out") from None


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError.at(Message("cli.server:privacy-day"), field=option) from None


def _one_of(confirm: bool, dry_run: bool) -> bool:
    """Whether to do it."""
    if confirm and dry_run:
        raise InputError.at(Message("cli.server:privacy-both"), field="--confirm")
    return confirm


@privacy.command(
    "record",
    help=_("Print the record of processing activities, made from the register of fields."),
    examples=("marfa privacy record > record.md", "marfa privacy record --language ar"),
)
@click.option("--language", type=click.Choice(LANGUAGES), help=_("Language of the page."))
@data_option
@json_option
def record(language: str | None, data: Path | None, as_json: bool) -> None:
    """The record as Markdown or JSON."""
    open_installation(data)
    from marfa.apps.organisations.models import Organisation
    from marfa.apps.privacy import processing_record as made

    name = Organisation.objects.get(kind=Organisation.Kind.CONTROLLER).name
    activities = made.processing_activities()
    if as_json:
        print_json(made.as_json(name, activities))
    else:
        text = made.as_markdown(name, activities, language or terminal_language())
        click.echo(text, nl=False)


@privacy.command(
    "access",
    help=_(
        "Write what is stored about one person, to be handed to that person: a page, or text or "
        "JSON by the ending of the file (.html, .txt, .json)."
    ),
    examples=("marfa privacy access 482019357 --out answer.html --language ar",),
)
@click.argument("subject")
@click.option(
    "--out",
    type=OutputFile(),
    help=_("New file to write; without it, how much there is."),
)
@click.option("--language", type=click.Choice(LANGUAGES), help=_("Language of the person."))
@data_option
@json_option
def access(
    subject: str, out: Path | None, language: str | None, data: Path | None, as_json: bool
) -> None:
    """Identity goes into the named file alone, never to the terminal."""
    open_installation(data)
    from marfa.apps.privacy.access import answer_access
    from marfa.apps.privacy.access_text import as_html, as_text
    from marfa.apps.privacy.erasure import preview_erasure
    from marfa.apps.privacy.queries import subject_named

    key = subject_named(subject)
    if out is None:
        tables = preview_erasure(key).tables
        _show({"subject": str(key), "tables": tables}, as_json)
        return
    writers = {".html": as_html, ".txt": as_text, ".json": _as_json}
    if out.suffix not in writers:
        raise InputError.at(Message("cli.server:privacy-ending"), field="--out")
    with _answer_file(out) as file:
        spoken = language or terminal_language()
        answer = answer_access(actor=_command(), subject=key, language=spoken)
        file.write(writers[out.suffix](answer))
    told = {"path": str(out), "sections": len(answer.sections), "left_out": answer.left_out}
    if as_json:
        print_json(told)
    else:
        print_message(Message("cli.server:privacy-written", {"path": str(out)}))


def _as_json(answer: AccessReport) -> str:
    return json.dumps(answer.as_json(), ensure_ascii=False, indent=2)


@privacy.command(
    "erase",
    help=_("Show what is stored about one person and, with --confirm, destroy all of it."),
    examples=("marfa privacy erase 482019357", "marfa privacy erase 482019357 --confirm"),
)
@click.argument("subject")
@click.option(
    "--request",
    "named",
    metavar="REQUEST",
    help=_("Reference of the request to which two people agreed."),
)
@dry_run_option
@confirm_option
@data_option
@json_option
def erase(
    subject: str,
    named: str | None,
    dry_run: bool,
    confirm: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Counts first; nothing without --confirm, and nothing before two people agreed on the page of
    the request. ``--request`` says which request that is; another one's does not count."""
    doing = _one_of(confirm, dry_run)
    open_installation(data)
    from marfa.apps.privacy.answers import agreed_erasure, require_agreed
    from marfa.apps.privacy.erasure import erase_person, preview_erasure
    from marfa.apps.privacy.queries import subject_named
    from marfa.safeguards.charter.resources import DeniedError

    key = subject_named(subject)
    if named:
        require_agreed(key, named)
    if doing:
        try:
            counts = erase_person(actor=_command(), subject=key)
        except DeniedError as error:
            exit_with_error(error.decision.message)
        _show({"subject": str(key), "erased": counts}, as_json)
        if not as_json:
            print_message(Message("cli.server:privacy-erased"))
        return
    found = preview_erasure(key)
    told = {
        "subject": str(key),
        "would_erase": found.counts,
        "tables": found.tables,
        "holds": [hold.reference for hold in found.holds],
        "agreed": agreed_erasure(key),
    }
    _show(told, as_json)
    if not as_json:
        print_message(Message("cli.server:privacy-not-confirmed"))


@privacy.command(
    "retain",
    help=_("Show what is past its retention period and, with --confirm, destroy it."),
    examples=("marfa privacy retain", "marfa privacy retain --confirm --json"),
)
@dry_run_option
@confirm_option
@data_option
@json_option
def retain(dry_run: bool, confirm: bool, data: Path | None, as_json: bool) -> None:
    """Counts by table first; nothing without --confirm."""
    doing = _one_of(confirm, dry_run)
    open_installation(data)
    from marfa.apps.privacy import retention

    if doing:
        try:
            _show({"destroyed": retention.apply_retention(actor=_command())}, as_json)
        except retention.RetentionError as error:
            _show({"destroyed": error.counts}, as_json)
            tables = ", ".join(f"{table} ({left})" for table, left in sorted(error.left.items()))
            exit_with_error(Message("cli.server:privacy-left", {"tables": tables}))
        return
    rows = [
        {"table": d.model._meta.label, "class": d.retention, "due": len(d.keys), "held": d.held}
        for d in retention.find_due_rows()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        if row["due"] or row["held"]:
            print_message(Message("cli.server:privacy-due", row))
    print_message(Message("cli.server:privacy-not-confirmed"))


@privacy.command(
    "hold",
    help=_("Let nothing of a person be deleted until a day."),
    examples=("marfa privacy hold 482019357 court_order --until 2027-06-30",),
)
@click.argument("subject")
@click.argument("reason", type=click.Choice(codelist("hold_reasons").codes))
@click.option("--until", required=True, help=_("Last day of the hold (YYYY-MM-DD)."))
@data_option
@json_option
def hold(subject: str, reason: str, until: str, data: Path | None, as_json: bool) -> None:
    """A hold with a reason and an end."""
    open_installation(data)
    from marfa.apps.privacy.actions import place_hold
    from marfa.apps.privacy.queries import subject_named

    day = _day(until, "--until")
    made = place_hold(actor=_command(), subject=subject_named(subject), reason=reason, until=day)
    _show({"hold": made.reference, "until": made.until.isoformat()}, as_json)


@privacy.command(
    "holds",
    help=_("List the holds in force, or lift one."),
    examples=("marfa privacy holds", "marfa privacy holds --lift 4K7QX2M9PD3TB6WC8RFA"),
)
@click.option("--lift", metavar="HOLD", help=_("Reference of a hold to end now."))
@data_option
@json_option
def holds(lift: str | None, data: Path | None, as_json: bool) -> None:
    """All holds that keep something today."""
    open_installation(data)
    from marfa.apps.privacy.actions import lift_hold
    from marfa.apps.privacy.queries import hold_named, holds_in_force

    if lift:
        lift_hold(actor=_command(), hold=hold_named(lift))
    rows = [
        {
            "hold": each.reference,
            "subject": str(each.subject),
            "reason": each.reason,
            "until": each.until.isoformat(),
        }
        for each in holds_in_force()
    ]
    _rows(rows, as_json)


@privacy.command(
    "request",
    help=_("Record what a person asks of us about their data, and by when it is answered."),
    examples=("marfa privacy request 482019357 access --received 2026-11-02",),
)
@click.argument("subject")
@click.argument("kind", type=click.Choice(codelist("data_request_kinds").codes))
@click.option("--received", help=_("Day on which it was asked (YYYY-MM-DD); otherwise today."))
@data_option
@json_option
def request(
    subject: str, kind: str, received: str | None, data: Path | None, as_json: bool
) -> None:
    """One request with its deadline."""
    open_installation(data)
    from marfa.apps.privacy.actions import receive_request
    from marfa.apps.privacy.queries import subject_named, utc_today

    day = _day(received, "--received") if received else utc_today()
    made = receive_request(
        actor=_command(), subject=subject_named(subject), kind=kind, received_on=day
    )
    _show({"request": made.reference, "due": made.due_on.isoformat()}, as_json)


@privacy.command(
    "requests",
    help=_("List the requests that wait for an answer, the most urgent first."),
    examples=("marfa privacy requests --json",),
)
@data_option
@json_option
def requests(data: Path | None, as_json: bool) -> None:
    """Open requests."""
    open_installation(data)
    from marfa.apps.privacy.queries import open_requests, utc_today

    rows = [
        {
            "request": each.reference,
            "subject": str(each.subject),
            "kind": each.kind,
            "due": each.due_on.isoformat(),
            "overdue": each.due_on < utc_today(),
        }
        for each in open_requests()
    ]
    _rows(rows, as_json)


@privacy.command(
    "settle",
    help=_("Record how a request was answered."),
    examples=("marfa privacy settle 4K7QX2M9PD3TB6WC8RFA granted",),
)
@click.argument("request")
@click.argument("outcome", type=click.Choice(codelist("data_request_outcomes").codes))
@data_option
@json_option
def settle(request: str, outcome: str, data: Path | None, as_json: bool) -> None:
    """End one request."""
    open_installation(data)
    from marfa.apps.privacy.actions import settle_request
    from marfa.apps.privacy.queries import request_named

    settle_request(actor=_command(), request=request_named(request), outcome=outcome)
    _show({"request": request, "outcome": outcome}, as_json)


def _show(told: Mapping[str, object], as_json: bool) -> None:
    """Codes and numbers, one a line, or as JSON."""
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        for part, each in parts:
            shown = ", ".join(map(str, each)) if isinstance(each, list) else each
            click.echo(f"{name}{' ' if part else ''}{part}: {shown}")


def _rows(rows: Sequence[Mapping[str, object]], as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    if not rows:
        print_message(Message("cli.server:privacy-none"))
    for row in rows:
        click.echo("  ".join(f"{name}={value}" for name, value in row.items()))

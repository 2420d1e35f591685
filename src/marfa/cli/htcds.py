"""``marfa htcds``: cases of the Human Trafficking Case Data Standard 2.0, checked and converted."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from marfa.cli.base import (
    Command,
    Exit,
    Group,
    error_console,
    json_option,
    print_json,
    report_input_error,
)
from marfa.cli.inputs import InputFile, OutputFile, marks_of
from marfa.cli.language import _, terminal_language
from marfa.domain.catalogue import render_problem
from marfa.domain.message import InputError, Problem
from marfa.platform import clock

if TYPE_CHECKING:
    from marfa.methods.htcds import Case, Refused

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

FORMATS = ("json", "csv")
_TICK = 1000
_IN = InputFile("help", exists=True)
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_SEPARATORS = {"semicolon": ";", "bar": "|"}


@click.group(
    cls=Group,
    help=_("Check and convert cases of the Human Trafficking Case Data Standard (HTCDS) 2.0."),
)
def htcds() -> None:
    """The group of commands about cases."""


def _csv_options(function: F) -> F:
    """How a CSV file is written, and whether what identifies is let through."""
    options = (
        click.option(
            "--with-identity",
            is_flag=True,
            help=_("Let names, contacts, places and free texts through; else they are refused."),
        ),
        click.option(
            "--delimiter",
            type=click.Choice(list(_DELIMITERS)),
            default="comma",
            help=_("Between the cells of a CSV file; comma by default."),
        ),
        click.option(
            "--separator",
            type=click.Choice(list(_SEPARATORS)),
            default="semicolon",
            help=_("Between the codes of one cell; semicolon by default."),
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@htcds.command(
    "check",
    cls=Command,
    help=_(
        "Check the cases in FILE (.json or .csv) against every rule. Each problem is told with "
        "its row and field; what a person told is not repeated."
    ),
    examples=("marfa htcds check cases.json", "marfa htcds check cases.csv --with-identity --json"),
)
@click.argument("file", type=_IN)
@_csv_options
@json_option
def check(file: Path, with_identity: bool, delimiter: str, separator: str, as_json: bool) -> None:
    """Read the file to its end, and say what is wrong with it."""
    from marfa.methods.htcds import limited

    marks = {"delimiter": _DELIMITERS[delimiter], "separator": _SEPARATORS[separator]}
    counted = {"cases": 0, "refused": 0}
    with file.open("rb") as stream:
        results = _scan(file, stream, with_identity, marks)
        problems = limited(_problems(_watched(results), counted))
    if as_json:
        language = terminal_language()
        told = [each.as_json() | {"text": render_problem(each, language)} for each in problems]
        print_json({"valid": not problems, **counted, "problems": told})
    else:
        if problems:
            report_input_error(InputError(*problems))
        click.echo(_("Cases without a problem: {number}").format(number=counted["cases"]))
        click.echo(_("Cases with problems: {number}").format(number=counted["refused"]))
    if problems:
        raise SystemExit(Exit.PROBLEMS)


@htcds.command(
    "convert",
    cls=Command,
    help=_(
        "Write the cases of IN anew as OUT, from JSON to CSV or from CSV to JSON; the names end in "
        ".json or .csv. Nothing is written unless the whole of IN is right."
    ),
    examples=(
        "marfa htcds convert cases.json cases.csv",
        "marfa htcds convert cases.csv cases.json --drop-identity",
    ),
)
@click.argument("source", metavar="IN", type=_IN)
@click.argument("target", metavar="OUT", type=OutputFile())
@_csv_options
@click.option(
    "--drop-identity",
    is_flag=True,
    help=_("Leave names, contacts, places and free texts out; of a birth date keep the year."),
)
@click.option("--bom", is_flag=True, help=_("Begin a CSV file with a byte order mark."))
@json_option
def convert(
    source: Path,
    target: Path,
    with_identity: bool,
    delimiter: str,
    separator: str,
    drop_identity: bool,
    bom: bool,
    as_json: bool,
) -> None:
    """Read, write beside the target, and put it in its place when all of it went well."""
    if with_identity and drop_identity:
        raise click.UsageError(_("--with-identity and --drop-identity exclude each other."))
    if target.exists() and (not target.is_file() or target.samefile(source)):
        raise click.UsageError(_("OUT must be another file than IN."))
    marks = {"delimiter": _DELIMITERS[delimiter], "separator": _SEPARATORS[separator]}
    _format(target)
    with source.open("rb") as stream, _beside(target) as out:
        if not stream.seekable():
            raise click.UsageError(_("IN is read twice, so it must be a file and not a pipe."))
        cases = _watched(_read(source, stream, with_identity or drop_identity, marks))
        options: dict[str, Any] = marks | {"bom": bom} if _format(target) == "csv" else {}
        # What is written anew is for no more than it was before.
        options |= {"mark": " ".join(map(str, marks_of(source)))}
        written = _writer(target)(
            cases, out, today=clock.now().date(), identity=with_identity, **options
        )
    if as_json:
        print_json({"cases": written, "file": str(target), "identity": with_identity})
    else:
        click.echo(_("Cases written: {number}").format(number=written))


@htcds.command(
    "schema",
    cls=Command,
    help=_("Print the JSON Schema of a document of cases, for programs of others."),
    examples=("marfa htcds schema", "marfa htcds schema --with-identity --json"),
)
@click.option(
    "--with-identity", is_flag=True, help=_("With names, contacts, places and free texts.")
)
@json_option
def schema(with_identity: bool, as_json: bool) -> None:
    """The schema, which is JSON with and without ``--json``."""
    from marfa.methods.htcds import json_schema

    print_json(json_schema(identity=with_identity))


def _format(file: Path) -> str:
    kind = file.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise click.UsageError(_("The name of a file of cases ends in .json or .csv."))
    return kind


def _scan(
    file: Path, stream: BinaryIO, identity: bool, marks: dict[str, Any]
) -> Iterator[Case | Refused]:
    from marfa.methods.htcds import scan_csv, scan_json

    terms: dict[str, Any] = {
        "today": clock.now().date(), "identity": identity, "file": file.name
    }  # fmt: skip
    if _format(file) == "json":
        return scan_json(stream, **terms)
    return scan_csv(stream, **terms, **marks)


def _read(file: Path, stream: BinaryIO, identity: bool, marks: dict[str, Any]) -> Iterator[Case]:
    from marfa.methods.htcds import read_csv, read_json

    terms: dict[str, Any] = {
        "today": clock.now().date(), "identity": identity, "file": file.name
    }  # fmt: skip
    if _format(file) == "json":
        return read_json(stream, **terms)
    return read_csv(stream, **terms, **marks)


def _writer(file: Path) -> Callable[..., int]:
    from marfa.methods.htcds import write_csv, write_json

    return write_json if _format(file) == "json" else write_csv


def _problems(results: Iterable[Case | Refused], counted: dict[str, int]) -> Iterator[Problem]:
    """Problems of a file, also those after which it cannot be read on; cases are counted."""
    from marfa.methods.htcds import Refused

    try:
        for each in results:
            if isinstance(each, Refused):
                counted["refused"] += 1
                yield from each.problems
            else:
                counted["cases"] += 1
    except InputError as error:
        yield from error.problems


def _watched(cases: Iterable[T]) -> Iterator[T]:
    """The same, with progress on standard error where somebody is looking."""
    from rich.progress import Progress, TextColumn

    column = TextColumn(_("Cases read: ") + "{task.completed}")
    console = error_console()
    with Progress(column, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        for number, each in enumerate(cases, start=1):
            if number % _TICK == 0:
                progress.update(task, completed=number)
            yield each


@contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    """A file of the owner's alone beside the target, which takes its place if nothing failed."""
    try:
        handle, name = tempfile.mkstemp(prefix=".marfa-", suffix=".part", dir=target.parent)
    except OSError as error:
        sentence = _("OUT cannot be written: {reason}").format(reason=error.strerror)
        raise click.ClickException(sentence) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

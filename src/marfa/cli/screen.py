"""``marfa screen``: score a table of answers, one row a person."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from marfa.cli.base import Command, error_console, exit_with_error, json_option, print_warning
from marfa.cli.inputs import InputFile, OutputFile, marks_of
from marfa.cli.language import _, terminal_language
from marfa.domain import handling
from marfa.domain.catalogue import render_message
from marfa.domain.handling import HandlingMark
from marfa.domain.message import InputError, Message
from marfa.domain.spreadsheets import TableWriter
from marfa.platform import clock

if TYPE_CHECKING:
    from marfa.methods.screening import Authorisation, Library, Panel, Result, Use

_IN_MEMORY = 64 * 1024 * 1024
_TICK = 2000


@click.command(
    cls=Command,
    help=_(
        "Score the answers in FILE, a CSV table with one row a person and one column an item. "
        "Columns: person (a code, not a name), age (adult, child, disputed, unknown), and ids of "
        "items with yes, no, unknown, refused, or nothing for not asked."
    ),
    examples=(
        "marfa screen answers.csv --instrument ilo-delphi-labour-adult --pilot",
        "marfa screen answers.csv --instrument conflict-context --language ar "
        "--authorisation signed.toml --out results.csv",
    ),
)
@click.argument("file", type=InputFile("help", exists=True))
@click.option("--instrument", "-i", required=True, help=_("Name of the instrument."))
@click.option(
    "--pilot",
    is_flag=True,
    help=_("For training and trial: every result is marked. So it is without --language."),
)
@click.option(
    "--language", help=_("Live use: the language in which the questions were put, such as ar.")
)
@click.option(
    "--authorisation",
    multiple=True,
    type=InputFile("help", exists=True),
    help=_("Live use: what the organisation signed for an instrument that is not validated."),
)
@click.option(
    "--library",
    "folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_("A folder with further instruments and texts."),
)
@click.option(
    "--out",
    type=OutputFile(writable=True),
    help=_("Write the results to this file instead of standard output."),
)
@json_option
def screen(
    file: Path,
    instrument: str,
    pilot: bool,
    language: str | None,
    authorisation: tuple[Path, ...],
    folders: tuple[Path, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Read, score, and put the results in their place only when all of it went well."""
    from marfa.methods.screening import Library, Panel, score_table

    _check_mode(pilot, language, authorisation)
    # Live use is declared by naming the language; what is not declared is marked as a trial.
    pilot = not language
    if out is not None and out.exists() and out.samefile(file):
        raise click.UsageError(_("--out names the file of answers itself; give another name."))
    if out is not None and out.exists() and not out.is_file():
        raise click.UsageError(_("--out names something that is not a file; give another name."))
    papers = _papers(authorisation)
    library = Library(folders, papers=papers, today=clock.now().date())
    panel = Panel.of(instrument, library)
    use = _use(panel, library, pilot=pilot, language=language, papers=papers)
    _announce(panel, pilot=pilot)
    with file.open(encoding="utf-8-sig", newline="") as stream, _target(out) as target:
        counted: Counter[str] = Counter()
        people = _watched(score_table(stream, panel, use=use, file=file.name), counted)
        (_write_json if as_json else _write_csv)(target, people, panel, _mark(file))
    _summary(counted)


def _mark(answers: Path) -> str:
    """The mark of the results of answers that carry one; "" where they carry none.

    That screening found nothing never leaves protection, whatever may be done with the answers.
    """
    before = marks_of(answers)
    if not before:
        return ""
    made = HandlingMark(before[0].sender, "screenings", clock.now(), "screening", "command")
    return " ".join(map(str, (made, *before)))


def _check_mode(pilot: bool, language: str | None, papers: tuple[Path, ...]) -> None:
    if pilot and (language or papers):
        raise click.UsageError(
            _("--pilot excludes --language and --authorisation, which are for live use.")
        )
    if papers and not language:
        raise click.UsageError(_("--authorisation is for live use, which --language declares."))


def _use(
    panel: Panel,
    library: Library,
    *,
    pilot: bool,
    language: str | None,
    papers: tuple[Authorisation, ...],
) -> Use:
    from marfa.methods.screening import LiveUse, PilotUse

    if pilot:
        return PilotUse()
    return LiveUse(
        panel.instruments,
        {one.name: library.wording(one, language or "") for one in panel.instruments},
        today=clock.now().date(),
        authorisations=papers,
    )


def _papers(files: tuple[Path, ...]) -> tuple[Authorisation, ...]:
    from marfa.methods.screening import read_authorisation

    return tuple(read_authorisation(_text(paper), paper.name) for paper in files)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError.at(Message("methods.screening:not-utf8"), file=file.name) from None


def _announce(panel: Panel, *, pilot: bool) -> None:
    if pilot:
        print_warning(Message("methods.screening:remark-pilot"))
    if any(one.pilot_only for one in panel.instruments):
        print_warning(Message("methods.screening:remark-not-validated"))
    if any(one.incomplete for one in panel.instruments):
        print_warning(Message("methods.screening:remark-incomplete"))
    print_warning(Message("methods.screening:remark-never-a-finding"))


@contextmanager
def _target(out: Path | None) -> Iterator[TextIO]:
    """Where results go: a file of the owner's alone beside the target, or a buffer.

    Both reach their place only if nothing failed.
    """
    if out is None:
        with tempfile.SpooledTemporaryFile(
            max_size=_IN_MEMORY, mode="w+", encoding="utf-8", newline=""
        ) as buffer:
            yield buffer  # type: ignore[misc]
            buffer.seek(0)
            shutil.copyfileobj(buffer, sys.stdout)
        return
    try:
        handle, name = tempfile.mkstemp(prefix=".marfa-", suffix=".part", dir=out.parent)
    except OSError as error:
        params = {"file": str(out), "reason": error.strerror or ""}
        exit_with_error(Message("methods.screening:unwritable", params))
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            yield stream
        os.replace(name, out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _watched(
    people: Iterable[tuple[str, Result]], counted: Counter[str]
) -> Iterator[tuple[str, Result]]:
    """Counts by next step, with progress on standard error where somebody is looking."""
    from rich.progress import Progress, TextColumn

    from marfa.methods.screening import next_step_code

    column = TextColumn(_("People scored: ") + "{task.completed}")
    console = error_console()
    with Progress(column, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)
        for number, (person, result) in enumerate(people, start=1):
            counted[next_step_code(result)] += 1
            if number % _TICK == 0:
                progress.update(task, completed=number)
            yield person, result


def _write_csv(
    target: TextIO, people: Iterable[tuple[str, Result]], _panel: Panel, mark: str
) -> None:
    from marfa.methods.screening import COLUMNS, row_of

    writer = TableWriter(target)
    writer.writerow([*COLUMNS, *([handling.NAME] if mark else [])])
    last = [mark] if mark else []
    writer.writerows([*row_of(person, result), *last] for person, result in people)


def _write_json(
    target: TextIO, people: Iterable[tuple[str, Result]], panel: Panel, mark: str
) -> None:
    """One document, written person by person."""
    from marfa.methods.screening import full, instrument_json

    # One encoder for all, without the search for circles: it is run once a person.
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
    head = encode([instrument_json(one) for one in panel.instruments])
    marked = f'"{handling.NAME}": {encode(mark)},\n' if mark else ""
    target.write(f'{{{marked}"instruments": {head},\n"people": [')
    comma = "\n"
    for person, result in people:
        target.write(comma)
        target.write(encode({"person": person} | full(result)))
        comma = ",\n"
    target.write("\n]}\n")


def _summary(counted: Counter[str]) -> None:
    from marfa.methods.screening import explain

    console = error_console()
    console.print(_("People scored: ") + str(counted.total()))
    for step, number in sorted(counted.items()):
        console.print(
            f"{number}  {render_message(explain.step_message(step), terminal_language())}"
        )

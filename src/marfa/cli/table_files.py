"""Files that the commands of tables read and write."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import error_console
from marfa.cli.language import _, terminal_language
from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    from marfa.methods.disclosure.tables import ProtectedTable, RecordFile


@contextmanager
def working(text: str) -> Iterator[None]:
    """Say on standard error what is being done."""
    with error_console().status(text):
        yield


def open_file(
    opener: Any, file: Path, options: dict[str, Any]
) -> AbstractContextManager[RecordFile]:
    """Open the records as the options say."""
    opened: AbstractContextManager[RecordFile] = opener(
        file, encoding=options["encoding"], delimiter=options["delimiter"], sheet=options["sheet"]
    )
    return opened


def columns_of(by: tuple[str, ...], source: RecordFile) -> tuple[str, ...]:
    """Names as given; one that itself has a comma is taken whole or may stand in quotes."""
    names: list[str] = []
    for text in by:
        parts = [text] if text in source.columns else next(csv.reader([text]), [])
        names += [part.strip() for part in parts if part.strip()]
    return tuple(names)


def pair_of(text: str) -> tuple[str, str]:
    """What an option of the form NAME=VALUE says."""
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise click.UsageError(_("{text} is not of the form NAME=VALUE.").format(text=text))
    return name, value


def read_object(path: Path) -> dict[str, Any]:
    """A JSON object from a file. Raises InputError for anything else."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError.at(Message("methods.disclosure.tables:no-file"), file=str(path)) from error
    except ValueError as error:
        raise InputError.at(
            Message("methods.disclosure.tables:not-a-table"), file=path.name
        ) from error
    if not isinstance(data, dict):
        raise InputError.at(Message("methods.disclosure.tables:not-a-table"), file=path.name)
    return data


def read_table(path: Path) -> ProtectedTable:
    """A table as it was written. Raises InputError for anything else."""
    from marfa.methods.disclosure.tables import from_json

    return from_json(read_object(path))


def writer_for(path: Path, options: dict[str, Any]) -> Any:
    """The function that writes a file of this ending, found before any work is done."""
    from marfa.methods.disclosure.tables import outputs
    from marfa.methods.disclosure.tables.ctdc_map import read_ctdc_map
    from marfa.methods.disclosure.tables.out_flat import CTDC_VARIABLES

    fit = dict(pair_of(text) for text in options["fit"])
    if set(fit) - {"sex", "age", "form", "year"}:
        raise click.UsageError(_("--fit names sex, age, form or year."))
    ctdc = None
    if options["ctdc_map"] is not None:
        ctdc = read_ctdc_map(options["ctdc_map"], CTDC_VARIABLES)
    return outputs.writer(
        path,
        language=terminal_language(),
        area=options["area"],
        period=options["period"],
        fit=fit,
        ctdc=ctdc,
    )


def write_files(tables: list[tuple[ProtectedTable, Path, Any]], before: Any = lambda: None) -> None:
    """All files or none: each is made beside its place, then all are put there.

    before: called when all are made and none is out.
    """
    made: list[tuple[Path, Path]] = []
    try:
        for table, path, write in tables:
            part = path.with_name(f".part-{path.name}")
            made.append((part, path))
            write(table, part)
        before()
        for part, path in made:
            part.replace(path)
    finally:
        for part, _path in made:
            part.unlink(missing_ok=True)

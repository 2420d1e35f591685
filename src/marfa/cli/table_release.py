"""``marfa table``: tables beside all that is out, their files, and their entry in the register."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import print_warning
from marfa.cli.language import _, terminal_language
from marfa.cli.table_files import (
    columns_of,
    open_file,
    pair_of,
    read_table,
    write_files,
    writer_for,
)
from marfa.domain.catalogue import render_message
from marfa.domain.message import InputError, Message
from marfa.platform import clock

if TYPE_CHECKING:
    from marfa.methods.disclosure.releases import Publication, Register, Released, SetEntry
    from marfa.methods.disclosure.tables import ProtectedTable, RecordFile, TableQuery

ENDINGS = ("json", "csv", "html")
"""What a set is written as, each table in each."""


@dataclass(frozen=True)
class Written:
    """Tables by name, the files in which they are, and what was left apart."""

    tables: dict[str, ProtectedTable]
    files: tuple[Path, ...]
    apart: tuple[Message, ...]
    is_set: bool

    def as_json(self) -> dict[str, Any]:
        """One table as it is; a set by names."""
        if not self.is_set:
            return next(iter(self.tables.values())).as_json()
        tables = {name: table.as_json() for name, table in self.tables.items()}
        return {"tables": tables, "files": [str(path) for path in self.files]}


@dataclass(frozen=True)
class _Desk:
    """What is out, where it is noted, and who is counted."""

    register: Register | None
    population: str
    earlier: tuple[Released, ...]
    others: tuple[str, ...] = ()
    mixed: bool = False


def check_options(options: dict[str, Any], out: tuple[Path, ...]) -> None:
    """Raises UsageError for options that do not go together."""
    if options["suppress"] and options["base"] is not None:
        raise click.UsageError(_("Choose one of --suppress and --round."))
    if options["set_file"] is not None:
        if options["by"] or options["recompute"] is not None:
            raise click.UsageError(_("Choose one of --by, --set and --recompute."))
        if options["base"] is not None:
            raise click.UsageError(_("The tables of a set are not rounded."))
        if len(out) != 1:
            raise click.UsageError(_("Name with --out one folder for the tables of the set."))
    elif not options["by"] and options["recompute"] is None:
        raise click.UsageError(_("Say with --by which columns to count by."))
    for name in ("zeros", "household", "amount"):
        if options[name] and (options["base"] is not None or options["series"]):
            raise click.UsageError(
                _("--{name} does not go with --round or --series.").format(name=name)
            )
    if options["register"] is not None and not options["population"].strip():
        raise click.UsageError(_("Say with --population whom the register is to know this by."))


def publish_file(file: Path, options: dict[str, Any], out: tuple[Path, ...]) -> Written:
    """Count and protect what the options ask for, write it, and note it in the register.

    Raises InputError for wrong input and where a table cannot stand: then nothing is written.
    """
    from marfa.methods.disclosure.releases import make_publication, version_of
    from marfa.methods.disclosure.tables import open_source

    single = [(path, writer_for(path, options)) for path in out if not options["set_file"]]
    with _desk(options) as desk, open_file(open_source, file, options) as source:
        queries = _queries(source, options, desk.population)
        version = source.digest if desk.register is None else version_of(source)
        against, apart = _against(queries, options, {source.digest: version})
        made = make_publication(
            source,
            queries,
            [*desk.earlier, *against],
            version=version,
            coarser=options["coarser"] or options["set_file"] is not None,
        )
        tables = _with_publication(_scored(dict(made.tables), source, options), options)
        _refuse_if_exposed(tables, options)
        if options["set_file"] is None:
            files = [(table, path, w) for table in tables.values() for path, w in single]
            write_files(files, lambda: _enter(made, desk))
        else:
            files = _set_files(out[0], tables, options)
            with _folder(out[0]):
                write_files(files, lambda: _enter(made, desk))
    others = [
        Message("methods.disclosure.releases:other-populations", {"known": ", ".join(desk.others)})
    ]
    return Written(
        tables,
        tuple(path for _table, path, _write in files),
        (
            *apart,
            *(others if desk.others else ()),
            *([Message("methods.disclosure.private:mixed")] if desk.mixed else ()),
        ),
        options["set_file"] is not None,
    )


@contextmanager
def _desk(options: dict[str, Any]) -> Iterator[_Desk]:
    from marfa.methods.disclosure.releases import find_population, open_register

    if options["register"] is None:
        yield _Desk(None, options["population"], ())
        return
    with open_register(options["register"]) as register:
        known = tuple(register.populations())
        key = find_population(register, options["population"], new=options["new_population"])
        others = () if key in known else known
        mixed = bool(register.budgets(key))
        if mixed and not options["mixed"] and not register.releases(key):
            raise InputError.at(Message("methods.disclosure.private:private-out"))
        yield _Desk(register, key, tuple(register.releases(key)), others, mixed)


def _enter(made: Publication, desk: _Desk) -> None:
    if desk.register is not None:
        made.enter(desk.register, desk.population)


def _queries(source: RecordFile, options: dict[str, Any], population: str) -> dict[str, TableQuery]:
    """What is asked for, by the name of the table."""
    from marfa.methods.disclosure.releases import SetEntry, read_set

    if options["set_file"] is not None:
        return {
            entry.name: _query(source, entry, options, population)
            for entry in read_set(options["set_file"])
        }
    entry = SetEntry("", columns_of(options["by"], source))
    return {"table": _query(source, entry, options, population)}


def _query(
    source: RecordFile, entry: SetEntry, options: dict[str, Any], population: str
) -> TableQuery:
    from marfa.methods.disclosure.tables import TableQuery, read_hierarchy
    from marfa.methods.disclosure.tables.rates import read_denominators

    by = entry.by
    source.need(*by)
    groups: dict[str, dict[str, str]] = {}
    for path in options["hierarchy"]:
        for name, pairs in read_hierarchy(path, by).items():
            groups.setdefault(name, {}).update(pairs)
    base = options["base"]
    source.need(*options["sensitive"])
    for name in (options["household"], options["amount"]):
        source.need(*([name] if name else []))
    people = () if options["rates"] is None else read_denominators(options["rates"], by)
    minimum = options["min_cell"] if entry.min_cell is None else entry.min_cell
    lists = [name for name in by if name in source.lists]
    return TableQuery(
        dimensions=by,
        source=source.digest,
        population=population,
        period=options["period"] if entry.period is None else entry.period,
        where=(*(pair_of(text) for text in options["where"]), *entry.where),
        unit=options["unit"],
        missing=options["missing"],
        several=tuple(dict.fromkeys([*options["several"], *lists])),
        separator=options["separator"],
        groups=groups,
        series=options["series"],
        denominators=people,
        sensitive=tuple(name for name in options["sensitive"] if name in by),
        zeros=options["zeros"],
        whole_groups=options["whole_groups"],
        new_values=options["new_values"],
        household=options["household"],
        amount=options["amount"],
        p_percent=options["p_percent"] if options["amount"] else 0,
        dominance=options["dominance"] if options["amount"] else (0, 0),
        min_cell=minimum,
        method="suppress" if base is None else "round",
        base=base,
        subject=options["subject"],
        occurred=options["occurred"],
        recorded=options["recorded"],
    )


def _against(
    queries: dict[str, TableQuery], options: dict[str, Any], versions: dict[str, str]
) -> tuple[list[Released], list[Message]]:
    """Tables named on the command line, those of other people apart.

    Raises InputError where it cannot be told whom a table counts, or nobody confirmed that it
    counts others.
    """
    from marfa.methods.disclosure.releases import as_release, mark_small, sort_tables
    from marfa.methods.disclosure.releases.comparison import say_apart

    tables = [read_table(path) for path in options["against"]]
    if not tables:
        return [], []
    query = next(iter(queries.values())).as_json()
    for path, table in zip(options["against"], tables, strict=True):
        # What it withholds of the sums is known to a register alone.
        if options["amount"] and dict(table.about.get("amounts", {})):
            raise InputError.at(
                Message("methods.disclosure.releases:sums-need-register"), file=path.name
            )
    linked, apart, problems = sort_tables(query, tables)
    named = [say_apart(table) for table in apart]
    if not options["new_population"]:
        problems += named
    if problems:
        for message in problems:
            print_warning(message)
        raise InputError.at(Message("methods.disclosure.tables:refused"))
    return mark_small([as_release(table, versions) for table in linked]) if linked else [], named


def _refuse_if_exposed(tables: dict[str, ProtectedTable], options: dict[str, Any]) -> None:
    """The attack once more, by what is published alone."""
    from marfa.methods.disclosure.releases import compare

    earlier = [read_table(path) for path in options["against"]]
    if not earlier:
        return
    for table in tables.values():
        found = compare(table, earlier, apart_confirmed=True)
        if not found.safe:
            for message in found.problems:
                print_warning(message)
            raise InputError.at(Message("methods.disclosure.tables:refused"))


def _scored(
    tables: dict[str, ProtectedTable], source: RecordFile, options: dict[str, Any]
) -> dict[str, ProtectedTable]:
    from marfa.methods.disclosure.tables import scorecard

    if not options["quality"] and not options["quality_by"]:
        return tables
    scores = scorecard(
        source,
        (),
        minimum=options["min_cell"],
        by=options["quality_by"],
        missing=options["missing"],
    )
    quality = [asdict(score) for score in scores]
    return {n: replace(t, about={**t.about, "quality": quality}) for n, t in tables.items()}


def _with_publication(
    tables: dict[str, ProtectedTable], options: dict[str, Any]
) -> dict[str, ProtectedTable]:
    """With who publishes, from what, and when, for readers of the page."""
    told = {
        "date": (options["published"] or clock.now()).date().isoformat(),
        "producer": options["producer"],
        "records-from": options["records_from"],
    }
    told = {name: value for name, value in told.items() if value}
    return {n: replace(t, about={**t.about, "publication": told}) for n, t in tables.items()}


def _set_files(
    folder: Path, tables: dict[str, ProtectedTable], options: dict[str, Any]
) -> list[tuple[ProtectedTable, Path, Any]]:
    from marfa.methods.disclosure.tables import outputs

    return [
        (
            table,
            folder / f"{name}.{ending}",
            outputs.writer_of_ending(ending, language=terminal_language()),
        )
        for name, table in tables.items()
        for ending in ENDINGS
    ]


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    """The folder of a set: one that was made for nothing is taken away again."""
    if path.exists() and not path.is_dir():
        raise InputError.at(Message("methods.disclosure.releases:not-a-folder"), file=str(path))
    if not path.parent.is_dir():
        raise InputError.at(Message("methods.disclosure.tables:no-folder"), file=str(path))
    fresh = not path.exists()
    path.mkdir(exist_ok=True)
    try:
        yield
    finally:
        if fresh and not any(path.iterdir()):
            path.rmdir()


def print_apart(made: Written, options: dict[str, Any]) -> None:
    """Say on standard error what was lost, what is counted later, and what was left apart."""
    from marfa.methods.disclosure.tables.out_notes import release_notes

    for message in made.apart:
        print_warning(message)
    for name, table in made.tables.items():
        for message in release_notes(table):
            text = render_message(message, terminal_language())
            click.echo(f"{name}: {text}" if made.is_set else text, err=True)
    if options["register"] is None and not options["against"]:
        print_warning(Message("methods.disclosure.releases:judged-alone"))

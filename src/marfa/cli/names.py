"""``marfa names``: compare names across scripts and find them in lists."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from marfa.cli.base import (
    Command,
    Group,
    error_console,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _
from marfa.domain.signs import alike_note, shown_signs

# Whoever compares names with a list vets people, whatever it is for: protection's files stay out.
FILE = InputFile("sanctions", exists=True)
TARGET = OutputFile()


@click.group(
    cls=Group,
    help=_("Compare names across scripts, and find them in lists. A score is no probability."),
)
def names() -> None:
    """The group of commands for names."""


query_option = click.option(
    "--as-query",
    is_flag=True,
    help=_("The first name is a query: what the other lacks of it costs more than the reverse."),
)
kind_option = click.option(
    "--kind",
    type=click.Choice(["person", "body", "vessel"]),
    help=_("Of what it is the name; names of another kind are not compared."),
)


@names.command(
    cls=Command,
    help=_(
        "Compare two names, A and B, in any scripts, and say why. With --pairs, compare two "
        "columns of a table and add the columns score and match."
    ),
    examples=(
        'marfa names compare "محمد عبد الرحمن" "Mohamed Abderrahmane"',
        "marfa names compare --pairs pairs.csv --left name1 --right name2 --out compared.csv",
    ),
)
@click.argument("a", required=False, metavar="[A]")
@click.argument("b", required=False, metavar="[B]")
@click.option("--pairs", type=FILE, metavar="FILE.csv", help=_("Table with a pair in each row."))
@click.option("--left", metavar="COL", help=_("Column with the first name."))
@click.option("--right", metavar="COL", help=_("Column with the second name."))
@click.option(
    "--out", type=TARGET, metavar="FILE.csv", help=_("Where the table with the results is written.")
)
@click.option(
    "--context",
    type=FILE,
    metavar="FILE.json",
    help=_(
        "What else is known of the two: left and right, each with born, sex, father, places, "
        "documents."
    ),
)
@query_option
@kind_option
@json_option
def compare(
    a: str | None,
    b: str | None,
    pairs: Path | None,
    left: str | None,
    right: str | None,
    out: Path | None,
    context: Path | None,
    as_query: bool,
    kind: str | None,
    as_json: bool,
) -> None:
    """Either two names, or the columns of a table."""
    table = (pairs, left, right, out)
    if pairs is not None and left and right and out is not None:
        if a is not None or context is not None or as_query or kind is not None:
            raise click.UsageError(_("Give either two names or a table, not both."))
        _compare_table(pairs, left, right, out, as_json)
    elif a is None or b is None or any(table):
        raise click.UsageError(
            _("Give two names, or a table with --pairs, --left, --right and --out.")
        )
    else:
        _compare_two(a, b, context, as_query, kind, as_json)


def _compare_two(
    a: str, b: str, context: Path | None, as_query: bool, kind: str | None, as_json: bool
) -> None:
    from marfa.methods.names import compare as compare_names

    known = _read_context(context) if context else None
    found = compare_names(a, b, context=known, query=as_query, kind=kind)
    notes = [note for note in map(alike_note, (a, b)) if note is not None]
    if as_json:
        told = {"notes": [note.as_json() for note in notes]} if notes else {}
        print_json({"a": a, "b": b, **found.as_json(), **told})
        return
    for note in notes:
        print_warning(note)
    for sentence in found.explanation():
        print_message(sentence)


def _read_context(path: Path) -> dict[str, object]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise click.BadParameter(_("The file does not hold a JSON object."), param_hint="--context")
    return data


def _compare_table(pairs: Path, left: str, right: str, out: Path, as_json: bool) -> None:
    from marfa.methods.names.lists import compare_pairs

    if not out.parent.is_dir():
        raise click.BadParameter(_("The folder does not exist."), param_hint="--out")
    with _counting(_("Comparing rows")) as progress:
        rows = compare_pairs(pairs, out, left=left, right=right, progress=progress)
    if as_json:
        print_json({"rows": rows, "out": str(out)})


@names.command(
    cls=Command,
    help=_(
        "Find the names of a list that compare best with a query, best first."
        "\n\nA name that has all of the query and another own name in front may be a child's: it "
        "is no better than possible, and comes first all the same where the rest is rare."
    ),
    examples=(
        'marfa names search --names list.csv --query "محمد علي" -k 10 --json',
        'marfa names search --names aliases.csv --bearer-column REF --query "Omar Haddad"',
    ),
)
@click.option(
    "--names", "source", type=FILE, required=True, metavar="LIST.csv", help=_("Table with names.")
)
@click.option("--query", required=True, metavar="TEXT", help=_("The name to find, in any script."))
@click.option(
    "-k", "count", type=click.IntRange(1, 1000), default=10, help=_("How many names to show.")
)
@click.option(
    "--column",
    metavar="COL",
    help=_("Column with the names; by default the one called name, else the first."),
)
@click.option(
    "--kind-column",
    metavar="COL",
    help=_("Column that says of what each is the name: person, body, vessel, or nothing."),
)
@click.option(
    "--bearer-column",
    metavar="COL",
    help=_(
        "Column that says whose name it is: all names of one are taken together, with --as-query."
    ),
)
@click.option(
    "--skip",
    type=click.IntRange(0, 100_000),
    default=0,
    help=_("How many of the best to leave out."),
)
@query_option
@kind_option
@json_option
def search(
    source: Path,
    query: str,
    count: int,
    column: str | None,
    kind_column: str | None,
    bearer_column: str | None,
    skip: int,
    as_query: bool,
    kind: str | None,
    as_json: bool,
) -> None:
    """The best k names of a list."""
    from marfa.methods.names.lists import read_list

    with _counting(_("Reading names")) as progress:
        listed = read_list(
            source,
            column=column,
            kind_column=kind_column,
            bearer_column=bearer_column,
            progress=progress,
        )
    index = listed.index
    combine = listed.takes_together
    hits = index.search(query, count, offset=skip, as_query=as_query, kind=kind, combine=combine)
    left_out = index.count_not_compared(query, kind=kind)
    if as_json:
        found = [
            {"row": row, "name": hit.name, **hit.comparison.as_json()}
            | {"standing": round(hit.standing, 4), "record": record}
            for hit in hits
            for row, record in [listed.row_of(hit)]
        ]
        counts = {"names": len(index), "not_compared": left_out > 0}
        counts["names_not_compared"] = left_out
        print_json({"query": query, **counts, "hits": found})
        return
    for hit in hits:
        row = _("row {row}").format(row=listed.row_of(hit)[0])
        name = shown_signs(hit.name)
        click.echo(f"{hit.score:.2f}  {_band(hit.comparison.band.value)}  {name}  ({row})")
        if note := alike_note(hit.name):
            print_message(note)
    if left_out:
        text = _(
            "{count} of the names were not compared: they or the query are in letters that cannot "
            "be read here. Nothing is said about them."
        )
        click.echo(text.format(count=left_out))


def _band(band: str) -> str:
    return {"likely": _("likely"), "possible": _("possible"), "unlikely": _("unlikely")}[band]


@contextmanager
def _counting(text: str) -> Iterator[Callable[[int], None]]:
    """Rows counted on standard error while a table is worked through, where a person watches."""
    console = error_console()
    with console.status(text) as status:

        def progress(row: int) -> None:
            if row % 500 == 0:
                status.update(f"{text}: {row}")

        yield progress

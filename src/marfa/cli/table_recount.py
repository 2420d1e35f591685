"""``marfa table --recompute``: count a recorded query again and compare."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import print_json, print_warning
from marfa.cli.language import _
from marfa.cli.table_files import (
    open_file,
    read_object,
    read_table,
    working,
    write_files,
    writer_for,
)
from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    from marfa.methods.disclosure.tables import ProtectedTable


def recompute_table(
    file: Path, as_json: bool, out: tuple[Path, ...], options: dict[str, Any]
) -> ProtectedTable:
    """The recorded table, once its figures are found again in the file.

    Raises InputError where the file is another one or a figure differs.
    """
    from marfa.methods.disclosure.tables import make_table, open_source, query_from_json

    path: Path = options["recompute"]
    writers = [(each, writer_for(each, options)) for each in out]
    with (
        working(_("Counting and protecting...")),
        open_file(open_source, file, options) as source,
    ):
        recorded = query_from_json(read_object(path).get("query", {}))
        if recorded.source != source.digest:
            raise InputError.at(
                Message("methods.disclosure.tables:recomputed-differs"), file=path.name
            )
        result = _recorded(make_table(source, recorded), path)
    write_files([(result, each, write) for each, write in writers])
    if as_json:
        print_json(result.as_json())
    elif out:
        click.echo(_("Written: {files}").format(files=", ".join(map(str, out))))
    return result


def _recorded(result: ProtectedTable, path: Path) -> ProtectedTable:
    """The recorded table, once its figures are found again.

    Another run may withhold other cells; two such versions together would protect less.
    """
    if not _same_figures(read_object(path), result.as_json()):
        raise InputError.at(Message("methods.disclosure.tables:recomputed-differs"), file=path.name)
    print_warning(
        Message(
            "methods.disclosure.tables:recomputed", {"id": str(read_object(path).get("query_id"))}
        )
    )
    return read_table(path)


def _same_figures(before: dict[str, Any], now: dict[str, Any]) -> bool:
    def figures(data: dict[str, Any]) -> dict[str, object]:
        rows = [*data.get("cells", []), *data.get("margins", [])]
        shown = ("count", "status")
        return {
            json.dumps({k: v for k, v in row.items() if k not in shown}, sort_keys=True): row[
                "count"
            ]
            for row in rows
        }

    one, two = figures(before), figures(now)
    both = [(one[key], two[key]) for key in one.keys() & two.keys()]
    return one.keys() == two.keys() and all(a is None or b is None or a == b for a, b in both)

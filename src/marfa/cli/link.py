"""``marfa link``: who is twice in a list, and who is on two lists."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marfa.cli.base import (
    Command,
    error_console,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.inputs import InputFile, OutputFile, marks_of
from marfa.cli.language import _, terminal_language
from marfa.domain.catalogue import render_message
from marfa.domain.message import InputError, Message
from marfa.domain.signs import shown_signs

if TYPE_CHECKING:
    from marfa.methods.linkage import Linkage, Record
    from marfa.methods.linkage.record_files import RecordList

# Lists of people who receive help; lists to screen against are none of these, and are refused.
FILE = InputFile("help", exists=True)
TARGET = OutputFile()
SHOWN = 10
"""Places and pairs that are told in the terminal; the files and the JSON have all."""

YEARS = range(1900, 2101)

STAGES = {
    "reading": _("Reading"),
    "names": _("Comparing names"),
    "candidates": _("Looking for candidates"),
    "learning": _("Learning what agrees"),
    "weighing": _("Weighing pairs"),
}


@click.command(
    cls=Command,
    help=_(
        "Find who is twice in a list, or who is on several lists."
        "\n\nOne FILE: duplicates within it. Several: pairs between them. Columns are guessed by "
        "their headers, and told. Nationality, religion and ethnicity are never compared."
        "\n\nA score is no probability, and a match no finding: a person looks before two records "
        "become one."
    ),
    examples=(
        "marfa link register.csv --id code --out pairs.csv",
        "marfa link a.csv b.csv --id id --map given=FIRST --map family=LAST --out pairs.csv",
        "marfa link --judged sample.csv",
    ),
)
@click.argument("files", metavar="[FILE.csv]...", type=FILE, nargs=-1)
@click.option("--id", "key", metavar="COL", help=_("Column with the id of each record."))
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=COL",
    help=_(
        "Column of a field: given, father, family, name, sex, birth, age, household, document, "
        "address. FIELD= for none."
    ),
)
@click.option("--out", type=TARGET, metavar="FILE.csv", help=_("Where the pairs are written."))
@click.option(
    "--explain", is_flag=True, help=_("Write beside each pair what each field says, and signs.")
)
@click.option(
    "--clusters",
    type=TARGET,
    metavar="FILE.csv",
    help=_("Write every record with the number of its person."),
)
@click.option(
    "--one-to-one", is_flag=True, help=_("No list has anybody twice; only the best pairs stand.")
)
@click.option("--within", is_flag=True, help=_("Of several lists, look within each of them too."))
@click.option(
    "--count-sex",
    is_flag=True,
    help=_("Opposite sexes count against a pair, but never where one may be a child."),
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help=_("Day on which the ages of the lists were true; without it, today."),
)
@click.option(
    "--cores",
    type=click.IntRange(1, 64),
    help=_("Processes that share the work; without it, as many as there are cores, two at most."),
)
@click.option(
    "--sample",
    type=TARGET,
    metavar="FILE.csv",
    help=_("Write pairs drawn by lot for people to judge."),
)
@click.option(
    "--sample-size",
    type=click.IntRange(20, 100_000),
    default=200,
    show_default=True,
    help=_("About how many pairs are drawn."),
)
@click.option(
    "--judged",
    type=FILE,
    metavar="FILE.csv",
    help=_("Read such pairs as people judged them: how many true pairs were found."),
)
@json_option
def link(
    files: tuple[Path, ...],
    key: str | None,
    pairs: tuple[str, ...],
    out: Path | None,
    explain: bool,
    clusters: Path | None,
    one_to_one: bool,
    within: bool,
    count_sex: bool,
    as_of: datetime | None,
    cores: int | None,
    sample: Path | None,
    sample_size: int,
    judged: Path | None,
    as_json: bool,
) -> None:
    """Nothing is written before all was compared."""
    if judged is not None:
        if files or out or clusters or sample:
            raise click.UsageError(_("--judged is read by itself, without lists."))
        _judge(judged, as_json=as_json)
        return
    if not files or not key or out is None:
        raise click.UsageError(_("Give one list or more, --id and --out."))
    if one_to_one and (within or len(files) == 1):
        raise click.UsageError(_("With --one-to-one nobody is looked for within a list."))
    if as_of is not None and as_of.year not in YEARS:
        raise click.BadParameter(_("The year is not between 1900 and 2100."), param_hint="--as-of")
    _check_targets((out, clusters, sample), files)
    from marfa.methods.linkage import Options, link_lists
    from marfa.methods.linkage.record_files import check_enough, check_sought

    lists = _read(files, key, pairs)
    _tell_mapping(lists)
    check_enough(lists)
    options = Options(
        one_to_one=one_to_one,
        within=within,
        count_sex=count_sex,
        cores=cores or min(2, os.cpu_count() or 1),
    )
    with _telling() as progress:
        found = link_lists(
            [each.records for each in lists],
            as_of=as_of.date() if as_of else _today(),
            options=options,
            progress=progress,
        )
    check_sought(found, lists)
    _write(found, lists, out, explain, clusters, sample, sample_size)
    if as_json:
        print_json(_as_json(found, lists, out))
    else:
        _tell(found, lists)


def _today() -> date:
    """The day where somebody sits; the base install has no clock of a site."""
    return datetime.now().astimezone().date()  # noqa: TID251


def _check_targets(targets: Sequence[Path | None], files: Sequence[Path]) -> None:
    """No list is overwritten, and there is a place for each file."""
    given = [target for target in targets if target is not None]
    places = [target.resolve() for target in given]
    if len(set(places)) < len(places) or {file.resolve() for file in files} & set(places):
        raise click.UsageError(_("Each file that is written has a name of its own."))
    from marfa.methods.linkage.record_files import check_target

    for target in given:
        check_target(target)


def _read(files: Sequence[Path], key: str, pairs: Sequence[str]) -> list[RecordList]:
    from marfa.domain.handling import check_columns, never_leaving
    from marfa.methods.linkage.fields import read_mapping
    from marfa.methods.linkage.record_files import check_mapped, read_records

    given = read_mapping(pairs)
    if len({file.resolve() for file in files}) < len(files):
        raise click.UsageError(_("Each list is given once."))
    lists = []
    for file in files:
        check_columns([key], never_leaving(marks_of(file)), file=file.name)
        lists.append(read_records(file, key, given))
    check_mapped(lists, given)
    return lists


def _tell_mapping(lists: Sequence[RecordList]) -> None:
    for each in lists:
        told = ", ".join(
            f"{of.value}={'+'.join(names)}{'?' if of in each.mapping.guessed else ''}"
            for of, names in each.mapping.columns.items()
        )
        params = {"file": each.source.name, "columns": told}
        print_warning(Message("methods.linkage:columns", params, count=len(each.records)))
        if each.mapping.refused:
            params = {"columns": ", ".join(each.mapping.refused)}
            print_warning(Message("methods.linkage:columns-refused", params))


@contextmanager
def _telling() -> Iterator[Callable[[str, float], None]]:
    """What is being done, on standard error, where a person watches."""
    with error_console().status(STAGES["reading"]) as status:

        def progress(stage: str, share: float) -> None:
            status.update(f"{STAGES[stage]} {share:.0%}")

        yield progress


def _write(
    found: Linkage,
    lists: Sequence[RecordList],
    out: Path,
    explain: bool,
    clusters: Path | None,
    sample: Path | None,
    sample_size: int,
) -> None:
    from marfa.methods.linkage.clerical import draw_sample, sample_rows
    from marfa.methods.linkage.record_files import (
        Rows,
        cluster_rows,
        files_needed,
        names_of,
        pair_rows,
        write_tables,
    )

    tables: dict[Path, Rows] = {out: pair_rows(found, lists, explained=explain)}
    if clusters is not None:
        tables[clusters] = cluster_rows(found, lists)
    if sample is not None:
        names = names_of(lists) if files_needed(found, lists) else None
        tables[sample] = sample_rows(draw_sample(found.links, sample_size), names)
    write_tables(tables)


def _as_json(found: Linkage, lists: Sequence[RecordList], out: Path) -> dict[str, object]:
    from marfa.methods.linkage.record_files import names_of

    names = names_of(lists)
    return {
        "out": str(out),
        "lists": [
            {
                "file": name,
                "records": len(each.records),
                "columns": {of.value: list(c) for of, c in each.mapping.columns.items()},
                "guessed": sorted(of.value for of in each.mapping.guessed),
                "not_read": list(each.mapping.refused),
            }
            for name, each in zip(names, lists, strict=True)
        ],
        "candidates": found.candidates,
        "pairs": len(found.links),
        "matches": len(found.matches),
        "people": len(set(found.clusters.values())),
        "not_compared": found.not_compared,
        "not_understood": [
            {"file": names[n], "row": row, "field": of.value}
            for n, row, of in sorted(
                (n, lists[n].rows[record.id], of) for n, record, of in found.not_understood
            )
        ],
        "not_sought": [
            {"file": names[n], "row": row} for n, row in _places(found.not_sought, lists)
        ],
        "taught_little": found.taught_little,
        "signs": [
            {
                "left_id": each.left.id,
                "right_id": each.right.id,
                "left_file": names[each.left_list],
                "right_file": names[each.right_list],
                "signs": [sign.value for sign in each.signs],
            }
            for each in found.signs
        ],
        "learnt": found.parameters.as_json(),
        "version": found.version,
        "notice": render_message(Message("methods.linkage:notice"), terminal_language()),
    }


def _places(
    records: Sequence[tuple[int, Record]], lists: Sequence[RecordList]
) -> list[tuple[int, int]]:
    """Lists and rows of some records, in order, each once."""
    return sorted({(n, lists[n].rows[record.id]) for n, record in records})


def _told_places(places: Sequence[tuple[int, int]], lists: Sequence[RecordList]) -> str:
    from marfa.methods.linkage.record_files import names_of

    names = names_of(lists)
    told = "; ".join(f"{names[n]} {row}" for n, row in places[:SHOWN])
    return f"{told}; …" if len(places) > SHOWN else told


def _tell(found: Linkage, lists: Sequence[RecordList]) -> None:
    params = {"matches": len(found.matches), "people": len(set(found.clusters.values()))}
    print_message(Message("methods.linkage:linked", params, count=len(found.links)))
    for each in found.signs[:SHOWN]:
        for sign in each.signs:
            click.echo(f"{shown_signs(each.left.id)}  {shown_signs(each.right.id)}  ", nl=False)
            print_message(sign.message)
    if len(found.signs) > SHOWN:
        print_message(Message("methods.linkage:signs-more", count=len(found.signs) - SHOWN))
    if found.not_compared:
        print_warning(Message("methods.linkage:not-compared", count=found.not_compared))
    unclear = [(n, record) for n, record, _of in found.not_understood]
    for key, records in (("not-understood", unclear), ("not-sought", found.not_sought)):
        if records:
            told = {"places": _told_places(_places(records, lists), lists)}
            print_warning(Message(f"methods.linkage:{key}", told, count=len(records)))
    if found.taught_little:
        print_warning(Message("methods.linkage:taught-little"))
    print_warning(Message("methods.linkage:notice"))


def _judge(judged: Path, *, as_json: bool) -> None:
    from marfa.methods.linkage.clerical import judge_sample, read_judged

    drawn = read_judged(judged)
    try:
        quality = judge_sample(drawn)
    except InputError as wrong:
        raise InputError.at(wrong.problems[0].message, file=judged.name) from None
    if as_json:
        print_json(quality.as_json())
        return
    for name, share in (("recall", quality.recall), ("precision", quality.precision)):
        params = {
            "share": f"{share.share:.3f}",
            "low": f"{share.low:.3f}",
            "high": f"{share.high:.3f}",
            "fraction": share.fraction,
        }
        print_message(Message(f"methods.linkage:{name}", params))
    told = {"unsure": quality.unsure}
    print_warning(Message("methods.linkage:judged", told, count=quality.judged))

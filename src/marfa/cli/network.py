"""``marfa network``: what holds a group together, without aiming at its victims."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    Group,
    error_console,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.inputs import InputFile, OutputFile
from marfa.cli.language import _, terminal_language
from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    from marfa.methods.networks import Network, Separation, Survey

FILE = InputFile("investigation", exists=True)
TARGET = OutputFile()
ATTACKS = ("betweenness", "degree", "katz", "ci")
SHARE = click.FloatRange(0, 1)

nodes_option = click.option(
    "--nodes", type=FILE, metavar="FILE", help=_("CSV file that says who and what the nodes are.")
)
layer_option = click.option("--layer", metavar="NAME", help=_("Take only the ties of this layer."))
persons_option = click.option(
    "--persons",
    is_flag=True,
    help=_("Take in persons whose standing is suspect; nobody else ever is."),
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help=_("Start of the random numbers: the same seed gives the same answer."),
)


@click.group(
    cls=Group,
    help=_(
        "What holds a group together, without aiming at its victims."
        "\n\nThe answers are questions for an investigation: no ground to arrest anybody, and "
        "never for the use of force."
    ),
)
def network() -> None:
    """Measures, sets to separate, curves, formats."""


@network.command(
    help=_(
        "Measure a network; figures of single nodes only for things, and for suspects with "
        "--persons."
    ),
    examples=(
        "marfa network measure ties.csv",
        "marfa network measure ties.csv --nodes nodes.csv --out figures.csv --html page.html",
    ),
)
@click.argument("ties", type=FILE)
@nodes_option
@layer_option
@persons_option
@seed_option
@click.option("--out", type=TARGET, metavar="FILE", help=_("Write figures of nodes as CSV."))
@click.option("--html", type=TARGET, metavar="FILE", help=_("Write a page with a map and tables."))
@json_option
def measure(
    ties: Path, nodes: Path | None, out: Path | None, html: Path | None, as_json: bool, **asked: Any
) -> None:
    """Without nodes there is no telling whom a figure would point at: the whole network alone."""
    from marfa.methods.networks import survey

    found_in = _read(ties, nodes)
    if not found_in.nodes_given and (out is not None or asked["persons"]):
        raise click.UsageError(_("--out and --persons need --nodes, which says who is what."))
    with error_console().status(_("Measuring...")):
        found = survey(found_in, **asked)
    texts: dict[Path, Callable[[], str]] = {}
    if out is not None:
        texts[out] = lambda: _figures(found)
    if html is not None:
        from marfa.methods.networks.page import network_page

        texts[html] = lambda: network_page(found, terminal_language())
    _write({path: text() for path, text in texts.items()})
    if as_json:
        print_json(found.as_json(terminal_language()))
    else:
        _tell_survey(found)


@network.command(
    help=_(
        "Find the sets of nodes whose removal leaves the fewest connected pairs, all of them."
        "\n\nA set holds things, and with --persons suspects. Unknown persons, witnesses, "
        "possible victims, victims and children never stand in one; no option changes that."
    ),
    examples=(
        "marfa network separate ties.csv --nodes nodes.csv -k 2",
        "marfa network separate ties.csv --nodes nodes.csv -k 3 --persons --seconds 120 --json",
    ),
)
@click.argument("ties", type=FILE)
@nodes_option
@click.option(
    "-k",
    "--size",
    "k",
    type=click.IntRange(1, 20),
    required=True,
    help=_("How many nodes a set holds."),
)
@layer_option
@persons_option
@click.option(
    "--seconds",
    type=click.FloatRange(0),
    default=60.0,
    show_default=True,
    help=_("Processor time for the search and for trying how sure it is."),
)
@seed_option
@click.option(
    "--drop",
    type=SHARE,
    default=0.1,
    show_default=True,
    help=_("Share of the ties that may be wrong."),
)
@click.option(
    "--add",
    type=SHARE,
    default=0.1,
    show_default=True,
    help=_("Ties that may be missing, as a share of those recorded."),
)
@json_option
def separate(ties: Path, nodes: Path | None, k: int, as_json: bool, **asked: Any) -> None:
    """All best sets, how sure they are, and what rankings would have left."""
    from marfa.methods.networks import separate as search

    found_in = _read(ties, nodes)
    if not found_in.nodes_given:
        raise click.UsageError(_("This needs --nodes, which says who is what."))
    with _progress() as progress:
        found = search(found_in, k, progress=progress, **asked)
    if as_json:
        print_json(found.as_json(terminal_language()))
    else:
        _tell_separation(found)


@network.command(
    help=_("Remove nodes by a ranking and say what share of the largest component is left."),
    examples=(
        "marfa network attack ties.csv --by betweenness --recompute",
        "marfa network attack ties.csv --by degree --json",
    ),
)
@click.argument("ties", type=FILE)
@click.option(
    "--by",
    type=click.Choice(ATTACKS),
    required=True,
    help=_("The ranking; ci is collective influence."),
)
@click.option("--recompute", is_flag=True, help=_("Rank anew after each removal."))
@layer_option
@json_option
def attack(ties: Path, by: str, recompute: bool, layer: str | None, as_json: bool) -> None:
    """A curve of the whole network: no node is named."""
    from marfa.methods.networks import attack_curve

    graph = _read(ties, None).in_layer(layer).graph()
    with error_console().status(_("Removing...")):
        curve = attack_curve(graph, by, recompute=recompute)
    if as_json:
        rows = [{"removed": removed, "largest_share": share} for removed, share in curve]
        print_json({"by": by, "recompute": recompute, "curve": rows, **_notice()})
    else:
        click.echo("removed,largest_share")
        for removed, share in curve:
            click.echo(f"{removed},{share:.4f}")
        _caution()


@network.command(
    help=_(
        "Turn a network from one format into another: .csv, .graphml, or .ftm for FollowTheMoney."
        "\n\nWitnesses, possible victims, victims and children are left out with their ties. "
        "Nodes of a.csv stand in a.nodes.csv."
    ),
    examples=(
        "marfa network convert ties.csv network.graphml --nodes nodes.csv",
        "marfa network convert network.ftm ties.csv",
    ),
)
@click.argument("source", type=FILE)
@click.argument("target", type=TARGET)
@nodes_option
@json_option
def convert(source: Path, target: Path, nodes: Path | None, as_json: bool) -> None:
    """Without those who are to be protected; how many they are is said."""
    from marfa.methods.networks import leave_out_protected, read_any, written_files

    found = read_any(source, nodes)
    kept, out = leave_out_protected(found)
    files = written_files(kept, target)
    if {path.resolve() for path in files} & {path.resolve() for path in (source, nodes) if path}:
        raise click.UsageError(_("The new file would replace one that is read; give another name."))
    _write(files)
    notes = list(found.notes)
    if not found.nodes_given:
        notes.append(Message("methods.networks:note-nobody-known"))
    if as_json:
        print_json(
            {
                "written": [str(path) for path in files],
                "nodes": len(kept.nodes),
                "ties": len(kept.ties),
                "kept_out": out,
            }
        )
    else:
        names = ", ".join(str(path) for path in files)
        click.echo(_("Written: {files}").format(files=names))
        print_message(Message("methods.networks:left-out", count=out))
    for note in notes:
        print_warning(note)


def _read(ties: Path, nodes: Path | None) -> Network:
    """Files of other formats by their ending; everything else is CSV."""
    from marfa.methods.networks import read_any, read_network
    from marfa.methods.networks.conversion import FORMATS

    if FORMATS.get(ties.suffix.lower(), "csv") == "csv":
        return read_network(ties, nodes)
    return read_any(ties, nodes)


def _figures(found: Survey) -> str:
    from marfa.methods.networks import csv_text
    from marfa.methods.networks.answers import FIGURES

    columns = ["id", *FIGURES]
    rows = found.rows or []
    return csv_text(columns, [[str(row[column]) for column in columns] for row in rows])


def _write(files: Mapping[Path, str]) -> None:
    """All files or none: each beside its place first, then moved there."""
    parts = {target.with_name(target.name + ".part"): target for target in files}
    try:
        for part, target in parts.items():
            part.write_text(files[target], encoding="utf-8")
        for part, target in parts.items():
            part.replace(target)
    except OSError as error:
        raise InputError.at(Message("methods.networks:file-unwritable")) from error
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    from rich.progress import Progress

    with Progress(console=error_console(), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(_("Trying how sure it is"), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell_survey(found: Survey) -> None:
    from rich.console import Console
    from rich.table import Table

    data = found.as_json(terminal_language())
    for key in ("nodes", "ties", "density", "degree_centralisation", "components", "largest"):
        value = "–" if data[key] is None else data[key]
        print_message(Message(f"methods.networks:total-{key.replace('_', '-')}", {"value": value}))
    communities = found.measured.communities
    params = {"number": communities.number, "stability": _shown(communities.stability)}
    print_message(Message("methods.networks:communities", params))
    rows = found.rows
    if rows is None:
        print_message(Message("methods.networks:page-no-nodes"))
    elif rows:
        grid = Table()
        for column in rows[0]:
            grid.add_column(column)
        for row in rows:
            grid.add_row(*(str(value) for value in row.values()))
        Console(highlight=False, markup=False).print(grid)
    for note in found.notes:
        print_warning(note)
    _caution()


def _tell_separation(found: Separation) -> None:
    """The answer in words: what is left, the sets, how sure, what rankings leave."""
    result = found.found
    params = {"before": result.pairs_before, "after": result.pairs_after, "bound": result.bound}
    print_message(
        Message(f"methods.networks:{'pairs-exact' if result.exact else 'pairs-found'}", params)
    )
    print_message(Message("methods.networks:who-may", _who_may(found)))
    counted = "sets-counted" if result.all_counted else "sets-so-far"
    print_message(
        Message(f"methods.networks:{counted}", {"total": result.total, "shown": len(found.sets)})
    )
    for names in found.sets:
        click.echo("  " + " | ".join(names))
    tried = found.stability
    if tried.replicates:
        rates = {"drop": tried.drop, "add": tried.add, "trials": tried.replicates}
        share = _shown(tried.any_stays_best)
        print_message(Message("methods.networks:stability", {**rates, "share": share}))
    else:
        print_message(Message("methods.networks:stability-untried"))
    print_message(Message("methods.networks:beside", found.beside))
    for note in found.notes:
        print_warning(note)
    _caution()


def _who_may(found: Separation) -> dict[str, int]:
    return {"candidates": len(found.graph.candidates), "kept_out": found.kept_out}


def _shown(share: float | None) -> str:
    return "–" if share is None else f"{share:.2f}"


def _caution() -> None:
    from marfa.methods.networks import NOTICE

    print_warning(NOTICE)


def _notice() -> dict[str, str]:
    from marfa.domain.catalogue import render_message
    from marfa.methods.networks import NOTICE

    return {"notice": render_message(NOTICE, terminal_language())}

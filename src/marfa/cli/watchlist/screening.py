"""``marfa watchlist screen, rescreen, decide, match``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marfa.cli.base import (
    Command,
    Exit,
    error_console,
    json_option,
    print_json,
    print_message,
    print_warning,
)
from marfa.cli.language import _, terminal_language
from marfa.cli.watchlist.group import (
    FILE,
    TARGET,
    caution,
    list_option,
    notice,
    store_option,
)
from marfa.domain.message import InputError, Message
from marfa.domain.signs import shown_signs

if TYPE_CHECKING:
    from marfa.methods.watchlists import Decisions, Result, Screenings, Store, Watch

SCORE = click.FloatRange(0.0, 1.0)


@click.command(
    cls=Command,
    help=_(
        "Screen the names of a table against lists, with the reasons."
        "\n\nThe table has subject_id, name and, if known, kind (person, body, vessel). What else "
        "is known is read where --map names its column: born, sex, father, place, document. "
        "Nationality is never read."
        "\n\nWhoever receives help is not screened. No hit is no clearance, and a hit is no ground "
        "to refuse help to anybody."
    ),
    examples=(
        "marfa watchlist screen names.csv --list un",
        "marfa watchlist screen names.csv --map name=FULL_NAME --map born=DOB --out hits.csv",
    ),
)
@click.argument("file", metavar="NAMES.csv", type=FILE)
@list_option
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=COL",
    help=_("Column of a field, several times for several; name=COL may be given twice."),
)
@click.option(
    "--threshold",
    type=SCORE,
    metavar="X",
    help=_("Give all that score X or more; without it, what a person should look at."),
)
@click.option(
    "--as",
    "register",
    metavar="NAME",
    help=_("Name under which the register is kept to be screened again; else that of the file."),
)
@click.option(
    "--out",
    type=TARGET,
    metavar="FILE",
    help=_("Write the results: .csv for a table, .jsonl for JSON lines."),
)
@store_option
@json_option
def screen(
    file: Path,
    list_names: tuple[str, ...],
    pairs: tuple[str, ...],
    threshold: float | None,
    register: str | None,
    out: Path | None,
    store: Path,
    as_json: bool,
) -> None:
    """The register is kept, so that a change of a list needs only what it touches."""
    from marfa.methods.watchlists import (
        Screenings,
        Store,
        Watch,
        read_mapping,
        read_subjects,
    )
    from marfa.methods.watchlists.result_files import write_results

    held = Store(store)
    screenings = Screenings(held)
    names = list_names or tuple(held.list_names())
    if not names:
        raise InputError.at(Message("methods.watchlists:lists-none"))
    subjects = list(read_subjects(file, read_mapping(pairs) if pairs else None))
    with error_console().status(_("Screening...")):
        watch = Watch.begin(subjects, screenings.lists(names), threshold)
    if out is not None:
        write_results(out, watch.results, terminal_language())
    screenings.save(register or file.stem, watch)
    if as_json:
        print_json(_told(watch, screenings.decisions(), held))
        return
    _tell(watch, screenings.decisions())


def _told(watch: Watch, decisions: Decisions, store: Store) -> dict[str, object]:
    stands = watch.stands(decisions)
    met = [each for each in watch.results if each.reference]
    return {
        "screened": len(watch.subjects),
        "lists": {name: store.current(name).as_json() for name in watch.lists},
        "hits": [each.as_json() | {"decided": stands[each.pair].as_json()} for each in met],
        "not_compared": [each.as_json() for each in watch.results if not each.reference],
        "entries_not_compared": _unread(watch),
        "notice": notice(),
    }


def _unread(watch: Watch) -> list[dict[str, str]]:
    """Entries of which no name can be read here."""
    from marfa.methods.watchlists.screening import is_readable

    return [
        {"list": name, "reference": entry.reference}
        for name, entries in watch.lists.items()
        for entry in entries.values()
        if not any(is_readable(each.text) for each in entry.names)
    ]


def _tell(watch: Watch, decisions: Decisions) -> None:
    stands = watch.stands(decisions)
    for each in watch.results:
        if each.reference:
            _tell_result(each, stands[each.pair].standing.value)
        else:
            print_message(Message("methods.watchlists:row-not-compared", {"id": each.subject_id}))
    met = sum(bool(each.reference) for each in watch.results)
    screened = Message("methods.watchlists:screened", {"hits": met}, count=len(watch.subjects))
    print_warning(screened)
    caution()


def _tell_result(result: Result, standing: str) -> None:
    score = "    " if result.score is None else f"{result.score:.2f}"
    who = f"{result.subject_id}  {shown_signs(result.subject_name)}"
    print_message(Message(f"methods.watchlists:standing-{standing}"))
    click.echo(f"{score}  {who}  =?  {result.reference}  {shown_signs(result.name)}")
    for sentence in result.sentences:
        click.echo("      ", nl=False)
        print_message(sentence)


@click.command(
    cls=Command,
    help=_(
        "Screen the kept registers again, only against what changed on the lists, and say which "
        "decisions are open again."
        "\n\nWith --check everything is screened anew and compared with what is kept, and each "
        "decision with the version of the list that was in use when it was made."
    ),
    examples=("marfa watchlist rescreen", "marfa watchlist rescreen --check --json"),
)
@click.option(
    "--as",
    "register",
    metavar="NAME",
    help=_("Register to screen again; without it, all."),
)
@click.option(
    "--check", is_flag=True, help=_("Screen everything anew and say what differs; keep nothing.")
)
@store_option
@json_option
def rescreen(register: str | None, check: bool, store: Path, as_json: bool) -> None:
    """Exit 1 where --check finds a difference."""
    from marfa.methods.watchlists import Screenings, Store

    held = Store(store)
    screenings = Screenings(held)
    names = [register] if register else screenings.names()
    if not names:
        raise InputError.at(Message("methods.watchlists:registers-none"))
    if check:
        _check(screenings, held, names, as_json=as_json)
        return
    told = {name: _rescreened(screenings, name, as_json=as_json) for name in names}
    if as_json:
        print_json({"registers": told, "notice": notice()})
    else:
        caution()


def _rescreened(screenings: Screenings, name: str, *, as_json: bool) -> dict[str, object]:
    from marfa.methods.watchlists import METHOD, Watch

    with error_console().status(_("Screening...")):
        watch = screenings.open(name)
        lists = screenings.lists(watch.lists)
        same_method = screenings.settings(name).method == METHOD
        if same_method:
            touched = watch.advance(lists)
        else:
            # Another method scores otherwise: nothing of what is kept stands.
            before = watch
            watch = Watch.begin(watch.subjects, lists, watch.threshold)
            touched = before.compare_to(watch)
    screenings.save(name, watch)
    stands = watch.stands(screenings.decisions())
    reopened = [(pair, each) for pair, each in stands.items() if each.standing == "reopened"]
    counts = {
        "came": len(touched.came),
        "went": len(touched.went),
        "changed": len(touched.changed),
        "reopened": len(reopened),
    }
    if not as_json:
        params = {"name": name, "screened": touched.screened, **counts}
        print_message(Message("methods.watchlists:rescreened", params))
        for each in touched.came:
            _tell_result(each, stands[each.pair].standing.value)
        for (subject_id, list_name, reference), stand in reopened:
            params = {"id": subject_id, "reference": f"{list_name} {reference}"}
            params["why"] = ", ".join(stand.changed)
            print_message(Message("methods.watchlists:reopened-told", params))
    return {
        "entries_screened": touched.screened,
        "counts": counts,
        "came": [each.as_json() for each in touched.came],
        "went": [each.as_json() for each in touched.went],
        "changed": [each.as_json() for each in touched.changed],
        "reopened": [
            dict(zip(("subject_id", "list", "reference"), pair, strict=True)) | each.as_json()
            for pair, each in reopened
        ],
        "hits": sum(bool(each.reference) for each in watch.results),
    }


def _check(screenings: Screenings, store: Store, names: Sequence[str], *, as_json: bool) -> None:
    from marfa.methods.watchlists import Watch, replay_decisions

    differing: list[str] = []
    with error_console().status(_("Screening...")):
        for name in names:
            kept = screenings.open(name)
            anew = Watch.begin(kept.subjects, kept.lists, kept.threshold)
            if [each.as_json() for each in anew.results] != [e.as_json() for e in kept.results]:
                differing.append(name)
        versions = {
            name: [(each.taken_at, screenings.entries(each)) for each in store.versions(name)]
            for name in store.list_names()
        }
        doubts = replay_decisions(screenings.decisions(), versions)
    if as_json:
        told = [{"what": each.what, "decision": each.decision.as_json()} for each in doubts]
        print_json({"registers": list(names), "differing": differing, "doubts": told})
    else:
        for name in differing:
            print_message(Message("methods.watchlists:register-differs", {"name": name}))
        for each in doubts:
            params = {"id": each.decision.subject_id, "reference": each.decision.reference}
            print_message(Message(f"methods.watchlists:doubt-{each.what}", params))
        if not (differing or doubts):
            print_message(Message("methods.watchlists:check-same"))
    if differing or doubts:
        raise SystemExit(Exit.PROBLEMS)


@click.command(
    cls=Command,
    help=_(
        "Record what a person found about a subject beside an entry. It holds until the subject, "
        "the entry or the method changes, and is then open again by itself."
        "\n\nA match or no match is settled when two people stand behind it: --second, or the same "
        "decision by another person."
    ),
    examples=(
        'marfa watchlist decide 4711 LYi.026 no-match --by "A. Salem" --reason "born 1956"',
        "marfa watchlist decide 4711 LYi.026 match --by salem --second haddad --reason passport",
    ),
)
@click.argument("subject", metavar="SUBJECT_ID")
@click.argument("reference", metavar="REF")
@click.argument("verdict", type=click.Choice(("match", "no-match", "unsure")))
@click.option("--reason", required=True, help=_("Why, in a sentence."))
@click.option("--by", required=True, metavar="WHO", help=_("Who decided."))
@click.option("--second", default="", metavar="WHO", help=_("Who looked at it a second time."))
@click.option("--list", "list_name", metavar="NAME", help=_("List of the entry, if several."))
@click.option(
    "--as", "register", metavar="NAME", help=_("Register of the subject, if several have it.")
)
@store_option
@json_option
def decide(
    subject: str,
    reference: str,
    verdict: str,
    reason: str,
    by: str,
    second: str,
    list_name: str | None,
    register: str | None,
    store: Path,
    as_json: bool,
) -> None:
    """Only about what screening put side by side, or what was decided before."""
    from marfa.methods.watchlists import METHOD, Decision, Screenings, Store, Verdict
    from marfa.methods.watchlists.decisions import append_decision, stand_of
    from marfa.platform import clock

    screenings = Screenings(Store(store))
    name, watch = _watch_of(screenings, subject, register)
    if not screenings.is_current(name):
        raise InputError.at(Message("methods.watchlists:register-behind", {"name": name}))
    found = {
        pair
        for pair in watch.stands(screenings.decisions())
        if (pair[0], pair[2]) == (subject, reference) and list_name in (None, pair[1])
    }
    if len(found) != 1:
        key = "pair-absent" if not found else "pair-several"
        params = {"id": subject[:40], "reference": reference[:40]}
        raise InputError.at(Message(f"methods.watchlists:{key}", params))
    (pair,) = found
    (who,) = (each for each in watch.subjects if each.subject_id == subject)
    entry = watch.lists[pair[1]].get(reference)
    made = Decision(
        subject,
        pair[1],
        reference,
        Verdict(verdict),
        reason.strip(),
        by.strip(),
        clock.now().isoformat(timespec="microseconds"),
        who.digest,
        entry.digest if entry else "",
        METHOD,
        second.strip(),
    )
    append_decision(screenings.decisions_file, made)
    digest = entry.digest if entry else ""
    stand = stand_of(screenings.decisions().of(pair), who.digest, digest, METHOD)
    if as_json:
        print_json(stand.as_json())
    else:
        print_message(Message(f"methods.watchlists:standing-{stand.standing.value}"))


def _watch_of(screenings: Screenings, subject: str, register: str | None) -> tuple[str, Watch]:
    """The register that has a subject. Raises InputError where none has it, or several have."""
    names = [register] if register else screenings.names()
    found = [
        (name, watch)
        for name in names
        for watch in [screenings.open(name)]
        if any(each.subject_id == subject for each in watch.subjects)
    ]
    if len(found) != 1:
        key = "subject-absent" if not found else "subject-several"
        raise InputError.at(Message(f"methods.watchlists:{key}", {"id": subject[:40]}))
    return found[0]


@click.command(
    cls=Command,
    help=_(
        "Answer a file with a request as yente's /match takes it, in the shape of its answers."
        "\n\nWhoever receives help is not screened. No hit is no clearance, and a hit is no ground "
        "to refuse help to anybody."
    ),
    examples=("marfa watchlist match request.json --list un --out answer.json",),
)
@click.argument("file", metavar="REQUEST.json", type=FILE)
@list_option
@click.option(
    "--threshold",
    type=SCORE,
    default=0.7,
    show_default=True,
    help=_("From where match is true; a weak name alone never is one."),
)
@click.option(
    "--cutoff",
    type=click.FloatRange(0.4, 1.0),
    default=0.6,
    show_default=True,
    help=_("From where results are given."),
)
@click.option(
    "--limit",
    type=click.IntRange(1, 500),
    default=5,
    show_default=True,
    help=_("So many results of a query."),
)
@click.option("--out", type=TARGET, metavar="FILE", help=_("Write the answer to a file."))
@store_option
@json_option
def match(
    file: Path,
    list_names: tuple[str, ...],
    threshold: float,
    cutoff: float,
    limit: int,
    out: Path | None,
    store: Path,
    as_json: bool,
) -> None:
    """The answer is JSON, with --json or without."""
    import json

    from marfa.methods.watchlists import Screenings, Store
    from marfa.methods.watchlists.jsonlines import whole_file
    from marfa.methods.watchlists.match_requests import answer_request, read_request

    held = Store(store)
    names = list_names or tuple(held.list_names())
    if not names:
        raise InputError.at(Message("methods.watchlists:lists-none"))
    queries = read_request(file)
    with error_console().status(_("Screening...")):
        lists = Screenings(held).lists(names)
        answer = answer_request(queries, lists, threshold=threshold, cutoff=cutoff, limit=limit)
    if out is not None:
        with whole_file(out) as stream:
            json.dump(answer, stream, ensure_ascii=False, indent=2, allow_nan=False)
            stream.write("\n")
    if out is None or as_json:
        print_json(answer)
    caution()

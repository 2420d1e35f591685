"""``marfa forms``: look at a form, and add it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from marfa.cli.base import Exit, Group, json_option, print_json, print_message, report_input_error
from marfa.cli.inputs import InputFile
from marfa.cli.language import _, terminal_language
from marfa.cli.server.installation import check_app, data_option, open_installation
from marfa.cli.server.no_installation import opened_or_none
from marfa.cli.server.role_options import the_organisation
from marfa.domain.catalogue import render_message
from marfa.domain.message import InputError, Message

if TYPE_CHECKING:
    from marfa.apps.forms.actions.versions import Examined
    from marfa.apps.organisations.models import Organisation

STEPS = ("registration", "screening", "assistance", "child_protection", "tracing")
file_argument = click.argument("file", type=InputFile("help"))
step_option = click.option(
    "--step",
    type=click.Choice(STEPS),
    required=True,
    help=_("For which step the form asks; it decides what may be asked."),
)
practice_option = click.option(
    "--practice",
    is_flag=True,
    help=_("Outside apps get it for practice with fictional people, of which nothing is kept."),
)


@click.group("forms", cls=Group, help=_("Forms that are made as spreadsheets (XLSForm)."))
def forms() -> None:
    """Group of the commands about forms."""


@forms.command(
    "check",
    help=_("Look at a form as if it were added, and name what keeps it out; changes nothing."),
    examples=(
        "marfa forms check arrival.xlsx --step registration",
        "marfa forms check arrival.xlsx --step assistance --json",
    ),
)
@file_argument
@step_option
@data_option
@json_option
def check(file: Path, step: str, data: Path | None, as_json: bool) -> None:
    """What the form asks, and what is not translated."""
    try:
        with opened_or_none(data, "forms"):
            examined = _examined(file, step)
    except InputError as error:
        if not as_json:
            raise
        print_json({"problems": [problem.as_json() for problem in error.problems]})
        sys.exit(Exit.PROBLEMS)
    print_json(_told(examined) | {"problems": []}) if as_json else _show(examined)


@forms.command(
    "add",
    help=_("Add a version of a form; a second person publishes it on the page Forms."),
    examples=("marfa forms add arrival.xlsx --step registration",),
)
@file_argument
@step_option
@click.option(
    "--organisation", help=_("Name or reference of the organisation; else the controller.")
)
@practice_option
@data_option
@json_option
def add(
    file: Path,
    step: str,
    organisation: str | None,
    practice: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """One version, not published yet."""
    open_installation(data)
    check_app("forms")
    from marfa.apps.forms.actions.practice import offer_for_practice
    from marfa.apps.forms.actions.versions import add_form
    from marfa.apps.organisations.administration import by_command
    from marfa.platform.rowsecurity.context import every_organisation

    examined = _examined(file, step)
    with every_organisation():
        actor = by_command()
        made = add_form(actor=actor, organisation=the_organisation(organisation), examined=examined)
        if practice:
            offer_for_practice(actor=actor, version=made)
    if as_json:
        done = {
            "reference": made.reference,
            "published": made.is_offered,
            "practice": practice,
        }
        print_json(_told(examined) | done)
    else:
        _show(examined, "added")
        if not made.is_offered:
            print_message(Message("apps.forms:asked-later"))
        if practice:
            print_message(Message("apps.forms:offered-for-practice"))


@forms.command(
    "instruments",
    help=_(
        "Make forms of the screening instruments of this installation, or new versions of them. "
        "Made again of the same questions and words, nothing changes."
    ),
    examples=("marfa forms instruments", "marfa forms instruments --practice --json"),
)
@click.option(
    "--organisation", help=_("Name or reference of the organisation; else the controller.")
)
@practice_option
@data_option
@json_option
def instruments(organisation: str | None, practice: bool, data: Path | None, as_json: bool) -> None:
    """What became of each; those that may not be used here are refused, and the others made."""
    open_installation(data)
    check_app("forms")
    from marfa.apps.screening.instruments import reception_lists
    from marfa.platform.rowsecurity.context import every_organisation

    told, refused = [], []
    with every_organisation():
        there = the_organisation(organisation)
        for name in reception_lists():
            try:
                told.append(_made_of(there, name, practice))
            except InputError as error:
                refused.append(error)
                told.append({"form": name, "made": "refused", "why": _sentences(error)})
    if as_json:
        print_json(told)
    else:
        for one in told:
            if one["made"] != "refused":
                values = {"form": one["form"], "version": one["version"]}
                print_message(Message(f"apps.screening:form-{one['made']}", values))
    for each in refused:
        report_input_error(each)
    if refused:
        sys.exit(Exit.PROBLEMS)


def _made_of(organisation: Organisation, name: str, practice: bool) -> dict[str, object]:
    """made: ``new``, or ``same`` where this version was there."""
    from marfa.apps.forms.actions.practice import offer_for_practice
    from marfa.apps.forms.models import FormVersion
    from marfa.apps.organisations.administration import by_command
    from marfa.apps.screening.instrument_forms import add_instrument_form

    before = set(FormVersion.objects.filter(organisation=organisation).values_list("pk", flat=True))
    actor = by_command()
    made = add_instrument_form(actor=actor, organisation=organisation, name=name)
    if practice:
        offer_for_practice(actor=actor, version=made)
    return {
        "form": name,
        "version": made.version,
        "reference": made.reference,
        "made": "same" if made.pk in before else "new",
        "published": made.is_offered,
    }


def _sentences(error: InputError) -> list[str]:
    return [render_message(one.message, terminal_language()) for one in error.problems]


def _examined(file: Path, step: str) -> Examined:
    from marfa.apps.forms.actions.versions import examine_xlsform
    from marfa.safeguards.words import Purpose

    try:
        content = file.read_bytes()
    except OSError:
        raise InputError.at(Message("apps.forms:file-unread"), file=str(file)) from None
    return examine_xlsform(content, file.name, Purpose(step))


def _told(examined: Examined) -> dict[str, object]:
    return {
        "form": examined.model.id,
        "version": examined.model.version,
        "sensitive": examined.sensitive,
        "asks": {path: dict(one) for path, one in examined.asks.items()},
        "missing": dict(examined.missing),
    }


def _show(examined: Examined, what: str = "taken") -> None:
    """what: the sentence that it begins with."""
    model = examined.model
    values = {"form": model.id, "version": model.version, "count": len(examined.asks)}
    print_message(Message(f"apps.forms:{what}", values))
    for language, places in examined.missing.items():
        names = {"language": language, "places": ", ".join(places)}
        print_message(Message("apps.forms:not-translated", names))

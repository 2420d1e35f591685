"""``marfa access``: who may do what, worked out from the policies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from marfa.cli.base import (
    Group,
    error_console,
    exit_with_error,
    json_option,
    print_json,
    print_message,
)
from marfa.cli.language import _, terminal_language
from marfa.cli.server.installation import data_option, open_installation
from marfa.domain.catalogue import render_message
from marfa.domain.codelists import codelist
from marfa.domain.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from marfa.safeguards.actor import Actor
    from marfa.safeguards.charter.matrix import MatrixRow
    from marfa.safeguards.charter.resources import Resource
    from marfa.safeguards.charter.source import Policy


@click.group("access", cls=Group, help=_("Who may do what, worked out from the policies."))
def access() -> None:
    """Group of the commands about access."""


@access.command(
    "matrix",
    help=_("Show which roles may do what to which record, for every action."),
    examples=("marfa access matrix", "marfa access matrix --role supervisor --json"),
)
@click.option(
    "--role", type=click.Choice(codelist("roles").codes), help=_("Show what this role may do.")
)
@json_option
def show(role: str | None, as_json: bool) -> None:
    """Rows of the matrix; it needs no installation."""
    from marfa.safeguards.charter.matrix import access_matrix

    with error_console().status(_("Asking the policies.")):
        rows = [row for row in access_matrix() if role is None or role in row.allowed]
    if as_json:
        print_json([_row(row) for row in rows])
        return
    action = ""
    for row in rows:
        if row.action != action:
            click.echo(f"\n{row.action}")
            action = row.action
        click.echo(f"  {row.kind}, {_relation(row)}: {_who(row, role)}")


def _row(row: MatrixRow) -> dict[str, object]:
    return {
        "action": row.action,
        "kind": row.kind,
        "record": row.relation,
        "allowed": {name: list(policies) for name, policies in row.allowed.items()},
    }


def _relation(row: MatrixRow) -> str:
    """How the record stands to who asks; a desk stands by its name."""
    if row.kind == "Desk":
        return codelist("desks").label(row.relation, terminal_language())
    return render_message(Message(f"safeguards.charter:stands-{row.relation}"), terminal_language())


def _who(row: MatrixRow, role: str | None) -> str:
    if role is not None:
        return ", ".join(row.allowed[role])
    labels = codelist("roles")
    names = [
        labels.label(name, terminal_language())
        if name in labels.codes
        else render_message(Message(f"safeguards.charter:actor-{name}"), terminal_language())
        for name in row.allowed
    ]
    comma = render_message(Message("domain:list-comma"), terminal_language())
    return comma.join(names) or render_message(
        Message("safeguards.charter:nobody"), terminal_language()
    )


@access.command(
    "explain",
    help=_(
        "Explain what a user may do to one record, and by which policies.\n\n"
        "RECORD is a kind, a colon and a reference, such as Site:7KQ2; for an account it is the "
        "user name, and for the log, keys, registers and incidents the kind alone."
    ),
    examples=("marfa access explain samir Account:nour", "marfa access explain samir Log --json"),
)
@click.argument("user", metavar="USER")
@click.argument("record", metavar="RECORD")
@data_option
@json_option
def explain(user: str, record: str, data: Path | None, as_json: bool) -> None:
    """Each action that is done to such a record."""
    open_installation(data)
    from marfa.apps.accounts.queries import user_named
    from marfa.apps.organisations.queries import actor_of
    from marfa.platform import clock

    # As if the second factor had just been proved: who would be asked for it is not refused.
    actor = actor_of(user_named(user), stepped_up_at=clock.now())
    answers = _answers(actor, _record(record))
    if as_json:
        print_json(answers)
        return
    print_message(Message("cli.server:access-as-if"))
    for answer in answers:
        allowed = "access-yes" if answer["allowed"] else "access-no"
        print_message(Message(f"cli.server:{allowed}", {"action": answer["action"]}))
        for policy in answer["policies"]:
            click.echo(f"    {policy['id']}: {policy['says']}")
            if policy["rule"]:
                click.echo(f"        {policy['rule']}")
        if not answer["policies"]:
            click.echo(
                f"    {render_message(Message('cli.server:access-nothing'), terminal_language())}"
            )


def _record(text: str) -> Resource:
    """The record that somebody typed; ends with a sentence where there is none."""
    from marfa.apps.manifest import record_kinds

    kind, _colon, reference = text.partition(":")
    kinds = record_kinds()
    if kind not in kinds:
        told = {"kind": kind, "kinds": ", ".join(sorted(kinds))}
        exit_with_error(Message("cli.server:access-no-kind", told))
    found = kinds[kind](reference)
    if found is None:
        exit_with_error(Message("cli.server:access-no-record", {"record": text}))
    return found


def _told(policy: Policy, translate: Callable[[str], str]) -> dict[str, object]:
    """A policy that decided. Whoever runs commands here reads which rule each holds up."""
    from marfa.safeguards.charter.decisions import rule_named

    rule = policy.rule
    named = render_message(rule_named(rule), terminal_language()) if rule is not None else None
    return {"id": policy.id, "says": translate(policy.adds), "rule": named}


def _answers(actor: Actor, resource: Resource) -> list[dict[str, Any]]:
    from marfa.safeguards.charter import cases
    from marfa.safeguards.charter.decisions import decide
    from marfa.safeguards.charter.engine import charter_engine
    from marfa.safeguards.charter.loader import policy_translator
    from marfa.safeguards.charter.schema_reader import declared_schema

    translate = policy_translator(terminal_language())
    policies = charter_engine().policies
    answers: list[dict[str, Any]] = []
    for action, known in declared_schema().actions.items():
        if resource.kind in known.kinds:
            decision = decide(actor, action, resource, cases.usual_context(action, {}))
            told = [_told(policies[id], translate) for id in decision.policies]
            answers.append({"action": action, "allowed": decision.allowed, "policies": told})
    return answers

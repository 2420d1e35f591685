"""``marfa charter``: the nine rules to read, one policy explained, and the proof that each bites.

It needs no installation: the policies are part of the software.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from marfa.cli.base import Exit, Group, exit_with_error, json_option, print_json, print_message
from marfa.cli.language import _, terminal_language
from marfa.domain.message import Message

if TYPE_CHECKING:
    from marfa.safeguards.charter.source import Policy


@click.group("charter", cls=Group, help=_("The nine rules that the software enforces."))
def charter() -> None:
    """Group of the commands about the charter."""


@charter.command(
    "show",
    help=_("Show the policies: what the resolution says in our words, and what we add."),
    examples=("marfa charter show", "marfa charter show OP29"),
)
@click.argument("start", metavar="[START]", default="")
@json_option
def show(start: str, as_json: bool) -> None:
    """All policies, or those whose id begins so."""
    from marfa.safeguards.charter.loader import all_policies

    chosen = [policy for policy in all_policies() if policy.id.startswith(start)]
    if not chosen:
        exit_with_error(Message("cli.server:charter-no-policy", {"policy": start}))
    if as_json:
        print_json([_as_json(policy) for policy in chosen])
        return
    for file in dict.fromkeys(policy.file for policy in chosen):
        click.echo(f"\n{_title(file)}\n")
        said = ""
        for policy in chosen:
            if policy.file == file:
                _tell(policy, said)
                said = policy.text


@charter.command(
    "explain",
    help=_("Explain one policy: its words, its text in Cedar, and where it decides."),
    examples=("marfa charter explain OP29.protected.hidden",),
)
@click.argument("policy_id", metavar="POLICY")
@json_option
def explain(policy_id: str, as_json: bool) -> None:
    """One policy with the actions it speaks of and the cases that it decides."""
    from marfa.safeguards.charter.cases import decision_cases
    from marfa.safeguards.charter.engine import charter_engine

    policy = charter_engine().policies.get(policy_id)
    if policy is None:
        exit_with_error(Message("cli.server:charter-no-policy", {"policy": policy_id}))
    words = charter_engine().words.actions
    actions = [name for name in words if policy in charter_engine().of(name)]
    decided = [
        case for case in decision_cases() if policy_id in case.among | (case.exactly or frozenset())
    ]
    if as_json:
        more = {"cedar": policy.cedar(), "actions": actions, "cases": len(decided)}
        print_json(_as_json(policy) | more)
        return
    click.echo(_title(policy.file) + "\n")
    _tell(policy, "")
    click.echo(f"\n{policy.cedar()}\n")
    print_message(Message("cli.server:charter-speaks-of", {"actions": ", ".join(actions)}))
    print_message(Message("cli.server:charter-decides", count=len(decided)))


@charter.command(
    "mutants",
    help=_("Weaken every policy in turn and see whether the decision table notices."),
    examples=("marfa charter mutants", "marfa charter mutants --json"),
)
@json_option
def mutants(as_json: bool) -> None:
    """Exit code 1 when a weakened policy goes unnoticed."""
    from marfa.safeguards.charter.cases import decision_cases
    from marfa.safeguards.charter.engine import charter_engine
    from marfa.safeguards.charter.mutants import try_mutants

    found = list(try_mutants(charter_engine(), decision_cases()))
    alive = [fate.mutant for fate in found if fate.killed_by is None]
    made = Counter(fate.mutant.policy for fate in found)
    if as_json:
        unnoticed = [{"policy": each.policy, "how": each.how, "what": each.what} for each in alive]
        print_json({"mutants": len(found), "unnoticed": unnoticed, "by_policy": made})
    else:
        for policy, number in made.items():
            unseen = sum(mutant.policy == policy for mutant in alive)
            click.echo(f"{policy}  {number - unseen}/{number}")
        for mutant in alive:
            told = {"policy": mutant.policy, "what": mutant.what, "how": _how(mutant.how)}
            print_message(Message("cli.server:charter-unnoticed", told))
        told = {"noticed": len(found) - len(alive), "made": len(found)}
        print_message(Message("cli.server:charter-mutants", told))
    if alive:
        raise SystemExit(Exit.PROBLEMS)


def _title(file: str) -> str:
    from marfa.safeguards.charter.loader import title_of

    return title_of(file, terminal_language())


def _how(how: str) -> Message:
    return Message(f"safeguards.charter:mutant-{how.replace(' ', '-')}")


def _tell(policy: Policy, said: str) -> None:
    """said: what the policy before restated; it is not repeated."""
    from marfa.safeguards.charter.loader import policy_translator

    translate = policy_translator(terminal_language())
    if policy.text and policy.text != said:
        print_message(Message("cli.server:charter-text", {"text": translate(policy.text)}))
    click.echo(f"  {policy.id}")
    click.echo(f"    {translate(policy.adds)}")


def _as_json(policy: Policy) -> dict[str, object]:
    from marfa.safeguards.charter.loader import policy_translator

    translate = policy_translator(terminal_language())
    return {
        "id": policy.id,
        "effect": policy.effect,
        "file": policy.file,
        "text": translate(policy.text) if policy.text else "",
        "adds": translate(policy.adds),
    }

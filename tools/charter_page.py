"""Write docs/charter.md: the policies, and what became of each when it was weakened; and the file
of kills, by which tests see that this is unchanged.

    .venv/bin/python tools/charter_page.py

Run again after a change of the policies or of the decision table; a test compares.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from marfa.domain.catalogue import render
from marfa.domain.message import Message
from marfa.safeguards.charter.cases import cases
from marfa.safeguards.charter.engine import engine
from marfa.safeguards.charter.mutants import Fate, fates
from marfa.safeguards.charter.source import Policy, policies
from tools import charter_kills

PAGE = Path(__file__).parents[1] / "docs" / "charter.md"
HEAD = """# The charter, policy by policy

This page is written by `tools/charter_page.py` from the policies themselves. How they are asked
stands in [the charter](platform/charter.md); `marfa charter show` prints them in English or Arabic.
What the resolution says is given in our own words; the official text is S/RES/2388 (2017).

Every policy was made worse one step at a time: taken away, a condition or a part of one dropped or
turned round, a word left out of a list, an action out of its head, its head widened, a limit moved
by one. Each of these mutants must be noticed: at least one of {cases} questions of the decision
table then gets a wrong answer. **{killed} of {made} mutants were noticed.** The last column names
the question that notices first when the policy is taken away.

What this does not show: that the table itself says the right thing, or that an app asks the right
question. For the first it is there to be read; the second is tested where the apps are.
"""


def page(found: Iterable[Fate]) -> str:
    """The whole page."""
    by_policy: dict[str, list[Fate]] = {}
    for fate in found:
        by_policy.setdefault(fate.mutant.policy, []).append(fate)
    everything = [fate for each in by_policy.values() for fate in each]
    killed = sum(fate.killed_by is not None for fate in everything)
    parts = [HEAD.format(cases=len(cases()), killed=killed, made=len(everything))]
    for file in dict.fromkeys(policy.file for policy in policies()):
        parts += _section(file, by_policy)
    return "\n".join(parts)


def _section(file: str, by_policy: dict[str, list[Fate]]) -> list[str]:
    name = file.removesuffix(".cedar").replace("_", "-")
    lines = [f"## {render(Message(f'safeguards.charter:file-{name}'))}\n"]
    said = ""
    for policy in policies():
        if policy.file != file:
            continue
        if policy.text != said or len(lines) == 1:
            lines += [f"{policy.text}\n"] if policy.text else []
            lines += ["| policy | what we add | mutants noticed | noticed first by |"]
            lines += ["| --- | --- | --- | --- |"]
            said = policy.text
        lines.append(_row(policy, by_policy[policy.id]))
        if _last_of_its_text(policy):
            lines.append("")
    return lines


def _last_of_its_text(policy: Policy) -> bool:
    known = policies()
    place = known.index(policy) + 1
    following = known[place] if place < len(known) else None
    return following is None or (following.file, following.text) != (policy.file, policy.text)


def _row(policy: Policy, of_it: list[Fate]) -> str:
    killed = sum(fate.killed_by is not None for fate in of_it)
    removed = next(fate for fate in of_it if fate.mutant.how == "removed")
    noticed = removed.killed_by or "nothing"
    return f"| `{policy.id}` | {policy.adds} | {killed} of {len(of_it)} | {noticed} |"


if __name__ == "__main__":
    found = list(fates(engine(), cases()))
    PAGE.write_text(page(found), encoding="utf-8")
    kills = charter_kills.written(found, charter_kills.digest())
    charter_kills.KILLS.write_text(kills, encoding="utf-8")

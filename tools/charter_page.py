"""The page docs/charter.md: every policy, and the questions that are asked about it.

``tools/made_pages.py`` writes it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from marfa.domain.catalogue import SOURCE_LANGUAGE
from marfa.safeguards.charter.cases import decision_cases
from marfa.safeguards.charter.loader import all_policies, title_of
from marfa.safeguards.charter.source import Policy

PAGE = Path(__file__).parents[1] / "docs" / "charter.md"
HEAD = """# The charter, policy by policy

This page is made from the policies themselves, those of all apps and desks together. How they are
asked stands in [the charter](platform/charter.md); `marfa charter show` prints them in English or
Arabic. What the resolution says is given in our own words; the official text is S/RES/2388 (2017).

A decision table asks {cases} questions and holds the answer to each. The last column counts those
in which it names the policy as one that decides. Every policy is made worse one step at a time:
taken away, a condition or a part of one dropped or turned round, a word left out of a list, an
action out of its head, its head widened, a limit moved by one. A test holds that each time at least
one question gets a wrong answer; `marfa charter mutants` prints what was tried.

What this does not show: that the table itself says the right thing, or that an app asks the right
question. For the first it is there to be read; the second is tested where the apps are.
"""


def page() -> str:
    """The whole page."""
    named = Counter(
        id for case in decision_cases() for id in case.among | (case.exactly or frozenset())
    )
    parts = [HEAD.format(cases=len(decision_cases()))]
    for file in dict.fromkeys(policy.file for policy in all_policies()):
        parts += _section(file, named)
    return "\n".join(parts)


def _section(file: str, named: Counter[str]) -> list[str]:
    lines = [f"## {title_of(file, SOURCE_LANGUAGE)}\n"]
    said = ""
    for policy in all_policies():
        if policy.file != file:
            continue
        if policy.text != said or len(lines) == 1:
            lines += [f"{policy.text}\n"] if policy.text else []
            lines += ["| policy | what we add | questions |", "| --- | --- | --- |"]
            said = policy.text
        lines.append(f"| `{policy.id}` | {policy.adds} | {named[policy.id]} |")
        if _last_of_its_text(policy):
            lines.append("")
    return lines


def _last_of_its_text(policy: Policy) -> bool:
    known = all_policies()
    place = known.index(policy) + 1
    following = known[place] if place < len(known) else None
    return following is None or (following.file, following.text) != (policy.file, policy.text)

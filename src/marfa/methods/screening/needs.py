"""Vulnerability alone: what nearly everybody who was displaced says yes to, and nothing else.

The Delphi rule calls somebody at risk whose poverty, family and status make leaving impossible, and
the checklists count each yes as a reason; in a camp that is nearly everybody. Whose reasons are
these alone is as much at risk and due as soon. An organisation may have them received by those who
assess needs, so that the way to protection stays open for the others.

Ours, and not validated: the list holds what describes a situation that many share, and nothing that
somebody did to the person, held, owed, intended or threatened, and no danger.
"""

from __future__ import annotations

from collections.abc import Iterable

from marfa.methods.screening.delphi import Signal
from marfa.methods.screening.instrument import About, Item, Sensitive
from marfa.methods.screening.outcome import Urgency
from marfa.methods.screening.result import Result

SHARED_BY_MANY = frozenset(
    {
        *("rr-alone", "rr-separated", "rr-dependants"),
        *("vd-unfamiliar", "vd-poverty", "vd-family", "vd-status", "vd-past"),
        *("vst-03", "vst-04", "vst-07", "vst-09", "vst-10", "vst-12", "vst-13", "vst-17"),
    }
)
"""Items of the built-in lists, by id."""


def is_vulnerability(item: Item) -> bool:
    """Whether a yes to an item tells of a vulnerability alone. Nothing that others did is one,
    nothing that signals anything, and nothing about sex, offences or a role in an armed group."""
    told = item.about is not About.CONDUCT and item.signals is Signal.NONE
    return told and item.id in SHARED_BY_MANY and not item.sensitive & frozenset(Sensitive)


def are_shared_by_many(items: Iterable[str]) -> bool:
    """Whether there are items, by id, and all of them are vulnerabilities."""
    fired = frozenset(items)
    return bool(fired) and fired <= SHARED_BY_MANY


def rests_on_vulnerability(result: Result) -> bool:
    """Whether there are reasons, every one of them is a vulnerability, and nothing is for now.

    Never of somebody who is or may be a child.
    """
    if result.age.may_be_child or result.danger_now:
        return False
    if result.outcome is not None and result.outcome.urgency is Urgency.NOW:
        return False
    fired = [item for profile in result.profiles for item in profile.fired()]
    return are_shared_by_many(item.id for item in fired) and all(map(is_vulnerability, fired))

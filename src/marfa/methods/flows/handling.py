"""What may be done about an account in a finding: one rule, asked for every account.

A flagged account is not a suspect's: in a made-up set with labels every account that the rule of
returned wages flags is a victim's. So ``report`` needs a role that controls or helps, seen in what
reaches the account from others, and nothing anywhere that speaks for its holder. Whoever is a
victim or family in one case, or is known as one, is reported in none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

ROLES = ("controller", "victim", "facilitator", "family", "unknown")
HANDLINGS = ("report", "two_people", "protect", "remedy")
SUBJECTS = frozenset({"controller", "facilitator"})


@dataclass(frozen=True)
class Circumstances:
    """What the rule is told of an account.

    role: in this case. roles_elsewhere: in the other cases of the ledger. is_protected: its
    standing says so. is_person: it is not known to be an organisation's. is_suspect: somebody who
    knows the holder says so. is_evident: several other accounts show the role, by what they
    sent or got.
    may_be_led: it passes most of what it gets on to one other person, or helps as a person whose
    will is not known. is_child_case: the case is of children. has_ended: the last transaction of
    the case lies long before the end of the record.
    """

    role: str
    roles_elsewhere: Collection[str] = ()
    is_protected: bool = False
    is_person: bool = True
    is_suspect: bool = False
    is_evident: bool = False
    may_be_led: bool = False
    is_child_case: bool = False
    has_ended: bool = False


def decide_handling(about: Circumstances) -> str:
    """One of ``HANDLINGS``. ``report``: as the subject of a report, and of nobody else.

    ``two_people``: nothing goes out before two people have looked, who ask first whether the
    holder acts under coercion. ``protect``: no adverse action, nothing through the account's
    channels, to a case worker. ``remedy``: what was taken is added up for compensation.
    """
    if about.role == "victim":
        return "remedy" if about.has_ended else "protect"
    if about.role == "family":
        return "protect"
    if about.is_protected:
        return "protect"
    if about.role not in SUBJECTS or not about.is_evident:
        return "two_people"
    if about.may_be_led or about.is_child_case:
        return "two_people"
    if not SUBJECTS.issuperset(about.roles_elsewhere):
        return "two_people"
    # Money alone does not tell who is made to serve: of a case that is not found nothing speaks
    # for a victim who passes on what others pay, or for a family that pays and collects.
    if about.is_person and not about.is_suspect:
        return "two_people"
    return "report"

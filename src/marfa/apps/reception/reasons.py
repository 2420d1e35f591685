"""Rules: reasons to see a person soon, from facts of registration and private conversation.

A rule can only add: it fires on facts that hold, and no fact takes a reason away, makes it less
urgent or delays anybody. What may be said of a person is the closed list ``Fact``; religion,
ethnicity, nationality, migration status and sex have no place in it, so no rule can read them.
A reason is no finding and no number; that none was found is no clearance and goes nowhere.

Indicators are those of the screening library (``marfa.methods.screening``), named by instrument
and item; where none is published, the rule is ours and says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from marfa.methods.screening.outcome import Urgency


class Fact(StrEnum):
    """What may be known of somebody's situation; labels in the list ``private_step_facts``."""

    CHILD = "child"
    """A child, or somebody of whom nobody can say that they are none."""
    WITHOUT_CARE = "without_care"
    """No parent and no adult who usually looks after them is here."""
    DANGER = "danger"
    """Somebody may harm them today or tonight."""
    NO_SAFE_PLACE = "no_safe_place"
    """Where they stay they are not safe to sleep."""
    HEADS_HOUSEHOLD = "heads_household"
    """Nobody else looks after the others with whom they came."""
    ALONE = "alone"
    PAPERS_HELD = "papers_held"
    TRAVEL_DEBT = "travel_debt"
    PROMISED_WORK = "promised_work"
    PROMISED_MARRIAGE = "promised_marriage"
    TRAVEL_ARRANGED = "travel_arranged"
    """Somebody other than the person and their family arranged the journey."""
    CANNOT_LEAVE = "cannot_leave"
    AFRAID = "afraid"
    URGENT_HEALTH = "urgent_health"
    ANSWERED_FOR = "answered_for"
    """Somebody who came with them answers in their place."""
    NO_PAPERS = "no_papers"
    """Stateless, or without papers: a reason to help and nothing else."""


class Basis(StrEnum):
    """How a fact is known. What is seen is kept apart from what is told."""

    STATED = "stated"
    OBSERVED = "observed"
    REGISTERED = "registered"


@dataclass(frozen=True, order=True)
class Known:
    """A fact that holds, and how that is known."""

    fact: Fact
    basis: Basis


class Characteristic(StrEnum):
    """What the charter calls an input that is an attribute of the person and not of what
    happens to them. Those that rules may never read are not in this list."""

    AGE = "age"
    PAPERS = "papers"
    STATELESSNESS = "statelessness"
    FEAR_OF_AUTHORITIES = "fear_of_authorities"
    SITUATION = "situation"


EFFECT = "raise"
"""The only effect that any rule here has, in the word of the charter."""

CHARACTERISTICS: dict[Fact, frozenset[Characteristic]] = {
    fact: frozenset({Characteristic.SITUATION}) for fact in Fact
} | {
    Fact.CHILD: frozenset({Characteristic.AGE}),
    Fact.NO_PAPERS: frozenset({Characteristic.PAPERS, Characteristic.STATELESSNESS}),
    Fact.AFRAID: frozenset({Characteristic.SITUATION, Characteristic.FEAR_OF_AUTHORITIES}),
}


class Leads(StrEnum):
    """What a reason leads to."""

    SCREENING = "screening"
    HELP = "help"


OWN = "own"
"""Source of a rule for which no published indicator is in the library."""


@dataclass(frozen=True)
class Rule:
    """A reason that is there where all of some facts hold, and any of others.

    reason: code of ``screening_reasons``. every: facts that must all hold. either: facts of which
    one must hold; empty is no demand. sources: ``instrument:item`` of the screening library, or
    ``own``. first: children without care, before everybody else.
    """

    reason: str
    every: frozenset[Fact]
    urgency: Urgency
    sources: tuple[str, ...]
    either: frozenset[Fact] = frozenset()
    leads: Leads = Leads.SCREENING
    first: bool = False

    def holds(self, facts: frozenset[Fact]) -> bool:
        return self.every <= facts and (not self.either or bool(self.either & facts))

    @property
    def reads(self) -> frozenset[Fact]:
        return self.every | self.either


def _rule(
    reason: str,
    *every: Fact,
    urgency: Urgency,
    sources: str,
    either: Iterable[Fact] = (),
    leads: Leads = Leads.SCREENING,
    first: bool = False,
) -> Rule:
    read = tuple(sources.split())
    return Rule(reason, frozenset(every), urgency, read, frozenset(either), leads, first)


ROUTINE, DAYS, NOW = Urgency.ROUTINE, Urgency.DAYS, Urgency.NOW

RULES: tuple[Rule, ...] = (
    _rule("danger", Fact.DANGER, urgency=NOW, sources="registration-risk:rr-tonight"),
    _rule(
        "child_without_care",
        Fact.CHILD,
        either=(Fact.WITHOUT_CARE, Fact.ALONE),
        urgency=NOW,
        sources="unaccompanied-child:uc-alone unodc-children:uno-c01 vulnerability:vst-01",
        first=True,
    ),
    _rule(
        "child_heads_household",
        Fact.CHILD,
        Fact.HEADS_HOUSEHOLD,
        urgency=NOW,
        sources="registration-risk:rr-dependants own",
        first=True,
    ),
    _rule(
        "child_promised_marriage",
        Fact.CHILD,
        Fact.PROMISED_MARRIAGE,
        urgency=NOW,
        sources="unaccompanied-child:uc-marriage ilo-delphi-labour-child:dr-marriage",
    ),
    _rule(
        "child_promised_work",
        Fact.CHILD,
        Fact.PROMISED_WORK,
        urgency=NOW,
        sources="unaccompanied-child:uc-work ilo-delphi-labour-child:dr-work",
    ),
    _rule(
        "child_with_arranger",
        Fact.CHILD,
        either=(Fact.TRAVEL_ARRANGED, Fact.ANSWERED_FOR),
        urgency=NOW,
        sources="unaccompanied-child:uc-unrelated unaccompanied-child:uc-coached",
    ),
    _rule(
        "fears_companions",
        Fact.AFRAID,
        either=(Fact.CANNOT_LEAVE, Fact.ANSWERED_FOR),
        urgency=NOW,
        sources="registration-risk:rr-tonight unodc-general:uno-g05",
    ),
    _rule(
        "cannot_leave",
        Fact.CANNOT_LEAVE,
        urgency=NOW,
        sources="unodc-general:uno-g03 unodc-general:uno-g04 registration-risk:rr-movement",
    ),
    _rule(
        "urgent_health",
        Fact.URGENT_HEALTH,
        urgency=NOW,
        sources="vulnerability:vst-07 unodc-general:uno-g07",
    ),
    _rule(
        "papers_held",
        Fact.PAPERS_HELD,
        urgency=DAYS,
        sources="unodc-general:uno-g12 ilo-delphi-labour-adult:cr-papers"
        " ilo-delphi-labour-adult:cd-papers registration-risk:rr-papers-held",
    ),
    _rule(
        "travel_debt",
        Fact.TRAVEL_DEBT,
        urgency=DAYS,
        sources="unodc-general:uno-g31 ilo-delphi-labour-adult:cr-debt registration-risk:rr-debt",
    ),
    _rule(
        "promised_work",
        Fact.PROMISED_WORK,
        urgency=DAYS,
        sources="ilo-delphi-labour-adult:dr-work registration-risk:rr-offer",
    ),
    _rule(
        "promised_marriage",
        Fact.PROMISED_MARRIAGE,
        urgency=DAYS,
        sources="ilo-delphi-labour-adult:dr-marriage conflict-context:con-marriage",
    ),
    _rule(
        "answered_for",
        Fact.ANSWERED_FOR,
        urgency=DAYS,
        sources="unodc-general:uno-g17 unodc-general:uno-g18",
    ),
    _rule(
        "afraid",
        Fact.AFRAID,
        urgency=DAYS,
        sources="unodc-general:uno-g05 registration-risk:rr-fear-talking",
    ),
    _rule(
        "no_safe_place",
        Fact.NO_SAFE_PLACE,
        urgency=DAYS,
        sources="vulnerability:vst-05 vulnerability:vst-12 own",
    ),
    _rule(
        "travel_arranged",
        Fact.TRAVEL_ARRANGED,
        urgency=ROUTINE,
        sources="ilo-delphi-labour-adult:dr-route own",
    ),
    _rule("alone", Fact.ALONE, urgency=ROUTINE, sources="registration-risk:rr-alone"),
    _rule(
        "no_papers",
        Fact.NO_PAPERS,
        urgency=ROUTINE,
        sources="vulnerability:vst-17",
        leads=Leads.HELP,
    ),
)

OFFICER = "officer"
"""Reason that an officer gives in a sentence of their own; it is as urgent as they say."""


@dataclass(frozen=True)
class Reason:
    """Why somebody should be seen, with the facts behind it and where the rule is from."""

    code: str
    urgency: Urgency
    leads: Leads
    first: bool
    behind: tuple[Known, ...]
    sources: tuple[str, ...]


def derive_reasons(known: Iterable[Known]) -> tuple[Reason, ...]:
    """The reasons that some facts give: the most urgent first, then in the order of the rules."""
    held = frozenset(known)
    facts = frozenset(each.fact for each in held)
    found = [_reason(rule, held) for rule in RULES if rule.holds(facts)]
    return tuple(sorted(found, key=lambda reason: (not reason.first, -reason.urgency)))


def _reason(rule: Rule, held: frozenset[Known]) -> Reason:
    behind = tuple(sorted(each for each in held if each.fact in rule.reads))
    return Reason(rule.reason, rule.urgency, rule.leads, rule.first, behind, rule.sources)


def highest_urgency(found: Iterable[Reason]) -> Urgency:
    """How soon; routine where nothing is known: everybody is seen alone."""
    return max((reason.urgency for reason in found), default=ROUTINE)


def comes_first(found: Iterable[Reason]) -> bool:
    """A child without care, or who looks after others: before everybody else."""
    return any(reason.first for reason in found)


def rule_characteristics() -> frozenset[Characteristic]:
    """All that any rule reads, in the words of the charter."""
    read = (CHARACTERISTICS[fact] for rule in RULES for fact in rule.reads)
    return frozenset[Characteristic]().union(*read)

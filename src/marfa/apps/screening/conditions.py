"""What must be so before the first question of a screening is put.

The list follows the World Health Organization's ten recommendations for interviewing trafficked
women (2003) and the joint UNHCR and IOM procedure of 2020, in our own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Condition(StrEnum):
    """One thing that is looked at before anything is asked."""

    LANGUAGE = "language"
    PURPOSE = "purpose"
    VOLUNTARY = "voluntary"
    CONFIDENTIALITY = "confidentiality"
    REPORTING = "reporting"
    PRIVATE = "private"
    INTERPRETER = "interpreter"
    NO_TIE = "no_tie"
    NOBODY_ELSE = "nobody_else"
    CHILDREN = "children"
    REFERRAL = "referral"


LABELS = {
    Condition.LANGUAGE: _("The person understands the language that is spoken"),
    Condition.PURPOSE: _("The person was told what the interview is for"),
    Condition.VOLUNTARY: _(
        "The person knows that every answer is free and that help is not tied to it"
    ),
    Condition.CONFIDENTIALITY: _("The person knows who will see what is said, and its limits"),
    Condition.REPORTING: _("The person was told what has to be reported at this site"),
    Condition.PRIVATE: _("No one can see or hear the interview"),
    Condition.INTERPRETER: _("The interpreter is of the sex that the person wants"),
    Condition.NO_TIE: _("The interpreter has no tie to the person or to those around them"),
    Condition.NOBODY_ELSE: _("No relative, companion, guard or employer is present"),
    Condition.CHILDREN: _("Children of the person are looked after elsewhere"),
    Condition.REFERRAL: _("At least one place to refer to was called and is open"),
}

WHY = {
    Condition.LANGUAGE: _("A person who does not understand cannot say no."),
    Condition.PURPOSE: _("Trust based on a mistake is lost when the mistake is found out."),
    Condition.VOLUNTARY: _("A person who fears losing help says what they think is wanted."),
    Condition.CONFIDENTIALITY: _("The person decides what to say by who will hear of it."),
    Condition.REPORTING: _("What you must report cannot be taken back once it is said."),
    Condition.PRIVATE: _("The person who exploits them may be near, or may have others listen."),
    Condition.INTERPRETER: _("Some things are only said to a woman, others only to a man."),
    Condition.NO_TIE: _(
        "A person from the same circle may tell others, or belong to those who harm."
    ),
    Condition.NOBODY_ELSE: _(
        "A person who is controlled does not speak in front of the person who controls them."
    ),
    Condition.CHILDREN: _("No one speaks freely while their children listen."),
    Condition.REFERRAL: _("Questions bring up what no one could then care for."),
}


class Met(StrEnum):
    """Whether a condition holds. Not needed: there is no interpreter, there are no children."""

    YES = "yes"
    NO = "no"
    NOT_NEEDED = "not_needed"


MAY_NOT_BE_NEEDED = frozenset({Condition.INTERPRETER, Condition.NO_TIE, Condition.CHILDREN})


class Allowed(StrEnum):
    """What may follow."""

    NOT_YET = "not_yet"
    EMERGENCY_ONLY = "emergency_only"
    ASK = "ask"


def allowed_by_conditions(told: Mapping[str, str]) -> Allowed:
    """What the conditions allow; one that nobody looked at counts as not met.

    With no place to refer to, only danger to life is dealt with: questions open what nobody could
    then take care of.
    """
    missing = unmet_conditions(told)
    if not missing:
        return Allowed.ASK
    return Allowed.EMERGENCY_ONLY if missing == (Condition.REFERRAL,) else Allowed.NOT_YET


def unmet_conditions(told: Mapping[str, str]) -> tuple[Condition, ...]:
    """The conditions that do not hold, in their order."""
    return tuple(each for each in Condition if not _holds(each, told.get(each.value)))


def _holds(condition: Condition, met: str | None) -> bool:
    if met == Met.NOT_NEEDED:
        return condition in MAY_NOT_BE_NEEDED
    return met == Met.YES

"""What a person should see of a pair whatever its score, and what no score overrules.

Where the own names are two, or the dates of birth lie years apart, two records are not one person's
by all else that agrees: that is how brothers, twins, fathers and children, and namesakes look. Only
a document in common, with the one or the other, says more; and lists in which documents show that
own names or dates are often wrong.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from marfa.domain.message import Message
from marfa.methods.linkage.births import BirthLevel
from marfa.methods.linkage.comparisons import FATHER, GIVEN, Comparisons, DocumentLevel, Two
from marfa.methods.linkage.model import ARRANGEMENTS, Arrangement, Model, Weights
from marfa.methods.linkage.parts import Level

OFTEN_WRONG = 0.05
"""Of true pairs by documents so many have two own names: then these lists' own names say little."""
DATES_OFTEN_WRONG = 0.02

STRAIGHT = ARRANGEMENTS.index(Arrangement.STRAIGHT)


class Sign(StrEnum):
    """What is shown beside a pair."""

    OTHER_NAME = "document-other-name"
    """One document under two names: papers that another person holds, or another name."""
    OTHER_SEX = "other-sex"
    NOT_COMPARED = "names-not-compared"
    """One name cannot be read in the letters of the other: nothing is said about them."""

    @property
    def message(self) -> Message:
        return Message(f"methods.linkage:sign-{self.value}")

    @staticmethod
    def of(bits: int) -> tuple[Sign, ...]:
        """From a number with a bit for each."""
        return tuple(sign for place, sign in enumerate(Sign) if bits >> place & 1)


def own_names_differ(found: Comparisons, weights: Weights) -> npt.NDArray[np.bool_]:
    """Whether the own names are two, in the arrangement that fits best."""
    straight = weights.arrangement == STRAIGHT
    return np.asarray(straight & (found.parts[GIVEN, GIVEN] == Level.DIFFERENT))


def barred_pairs(found: Comparisons, weights: Weights, model: Model) -> npt.NDArray[np.bool_]:
    """Pairs that are no match whatever else agrees."""
    differ = own_names_differ(found, weights)
    apart = found.births == BirthLevel.APART
    document = found.documents == DocumentLevel.SAME
    dated = found.births >= BirthLevel.EXCHANGED
    named = (found.parts[GIVEN, GIVEN] >= Level.CLOSE) | (weights.arrangement != STRAIGHT)
    # Near each other are own names of brothers as much as slips of a pen, and cousins have one own
    # name and two fathers: a date has to agree.
    straight = weights.arrangement == STRAIGHT
    own, fathers = found.parts[GIVEN, GIVEN], found.parts[FATHER, FATHER]
    doubtful = straight & ((own == Level.NEAR) | (own == Level.CLOSE))
    doubtful |= straight & ((fathers == Level.DIFFERENT) | (fathers == Level.NEAR))
    barred = np.zeros(len(found), dtype=np.bool_)
    if model.parameters.parts[GIVEN][0] < OFTEN_WRONG:
        barred |= differ & ~(document & dated)
        barred |= doubtful & ~document & (found.births < BirthLevel.DIGIT)
    if model.parameters.births[BirthLevel.APART] < DATES_OFTEN_WRONG:
        barred |= apart & ~(document & named)
    return np.asarray(barred, dtype=np.bool_)


def signs_of(
    found: Comparisons, weights: Weights, match: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """For each pair a number with a bit for each sign."""
    document = found.documents == DocumentLevel.SAME
    other_name = document & ~match
    other_sex = match & (found.sexes == Two.OTHER)
    not_compared = found.not_compared & (document | match)
    columns = (other_name, other_sex, not_compared)
    return np.asarray(sum(column.astype(np.int64) << n for n, column in enumerate(columns)))

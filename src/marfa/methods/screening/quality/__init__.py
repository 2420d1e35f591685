"""How well a screening works: agreement, gaps in the answers, error rates, disparity.

All of it is looked at after the fact, about a desk and an instrument, never about a person.
"""

from marfa.methods.screening.quality.accuracy import Accuracy, Decision, accuracy, decision
from marfa.methods.screening.quality.agreement import Metric, alpha
from marfa.methods.screening.quality.disparity import GroupRate, audit
from marfa.methods.screening.quality.gaps import ItemGaps, gaps
from marfa.methods.screening.quality.intervals import Interval, clopper_pearson, newcombe, wilson
from marfa.methods.screening.quality.item_function import (
    ItemFunction,
    ItemFunctions,
    MantelHaenszel,
    item_functions,
    mantel_haenszel,
)
from marfa.methods.screening.quality.kappa import Kappa, kappa
from marfa.methods.screening.quality.verification import (
    Corrected,
    Enrolled,
    Rate,
    corrected_accuracy,
)

__all__ = [
    "Accuracy",
    "Corrected",
    "Decision",
    "Enrolled",
    "GroupRate",
    "Interval",
    "ItemFunction",
    "ItemFunctions",
    "ItemGaps",
    "Kappa",
    "MantelHaenszel",
    "Metric",
    "Rate",
    "accuracy",
    "alpha",
    "audit",
    "clopper_pearson",
    "corrected_accuracy",
    "decision",
    "gaps",
    "item_functions",
    "kappa",
    "mantel_haenszel",
    "newcombe",
    "wilson",
]

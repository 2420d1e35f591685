"""How many were not seen: multiple systems estimation.

From the overlaps of several incomplete lists to the size of the population, with every
model's right to answer examined first. ``analyse`` is the way in; ``docs/methods/estimation.md``
gives the methods and their sources.
"""

from marfa.methods.estimation.analysis import analyse
from marfa.methods.estimation.capture_files import CaptureData, read_captures
from marfa.methods.estimation.checks import cautions, refusals
from marfa.methods.estimation.consistency import internal_consistency, summarise
from marfa.methods.estimation.fits import METHODS, OFFERED, Fitted
from marfa.methods.estimation.headline import Headline
from marfa.methods.estimation.intervals import Interval
from marfa.methods.estimation.results import Analysis, Refusal, Result, headline_json
from marfa.methods.estimation.settings import INTERVALS, Settings
from marfa.methods.estimation.strata import Stratified, Stratum, analyse_strata
from marfa.methods.estimation.table import CaptureTable

__all__ = [
    "INTERVALS",
    "METHODS",
    "OFFERED",
    "Analysis",
    "CaptureData",
    "CaptureTable",
    "Fitted",
    "Headline",
    "Interval",
    "Refusal",
    "Result",
    "Settings",
    "Stratified",
    "Stratum",
    "analyse",
    "analyse_strata",
    "cautions",
    "headline_json",
    "internal_consistency",
    "read_captures",
    "refusals",
    "summarise",
]

"""A count that is too high, said in time and not too often.

Detectors for series of counts by place and week, side by side behind one interface:
``detect`` is the way in. ``docs/methods/surveillance.md`` gives their equations and sources, what
was measured, and what none of them can see. An alarm is about a place and a week, never a person.
"""

from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.budget import Budget, Held, hold
from marfa.methods.surveillance.delay import Moment, Reports, collect_reports, detect_late
from marfa.methods.surveillance.forecast import Forecast, Scored, forecast, score_forecasts
from marfa.methods.surveillance.layouts import LAYOUTS, read_file
from marfa.methods.surveillance.methods import DEFAULT, DETECTORS, detect, detect_newest
from marfa.methods.surveillance.panel import Panel, Step
from marfa.methods.surveillance.profiling import names_profile, refuse_profiling
from marfa.methods.surveillance.scan import Cluster, scan
from marfa.methods.surveillance.settings import Settings
from marfa.methods.surveillance.verdicts import Judged, Score, Verdict, score_verdicts

__all__ = [
    "DEFAULT",
    "DETECTORS",
    "LAYOUTS",
    "Answers",
    "Budget",
    "Cluster",
    "Forecast",
    "Held",
    "Judged",
    "Moment",
    "Panel",
    "Reports",
    "Score",
    "Scored",
    "Settings",
    "Step",
    "Verdict",
    "Why",
    "collect_reports",
    "detect",
    "detect_late",
    "detect_newest",
    "forecast",
    "hold",
    "names_profile",
    "read_file",
    "refuse_profiling",
    "scan",
    "score_forecasts",
    "score_verdicts",
]

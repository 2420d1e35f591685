"""The detectors by name, and one way to run any of them."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.surveillance import cusum, ears, farrington, glr, past_values, seasonal
from marfa.methods.surveillance.answers import Answers, Why
from marfa.methods.surveillance.panel import Ints, Panel, Step
from marfa.methods.surveillance.settings import Settings

DEFAULT = "seasonal"
"""The best at equal false-alarm rates in ``benchmarks/surveillance.py``."""


class Detector(Protocol):
    """What every detector is: a name, and answers for the steps asked about."""

    @property
    def name(self) -> str: ...

    def run(self, panel: Panel, steps: Ints, settings: Settings) -> Answers: ...


DETECTORS: dict[str, Detector] = {
    detector.name: detector
    for family in (
        seasonal.FAMILY,
        farrington.FAMILY,
        ears.FAMILY,
        cusum.FAMILY,
        past_values.FAMILY,
        glr.FAMILY,
    )
    for detector in family
}

YEARLY = ("ears_C1", "ears_C2", "ears_C3", "bayes_b1", "cusum_rossi")
"""Detectors that need no season, and so answer for series with one count a year."""


def detect(
    panel: Panel,
    method: str = DEFAULT,
    settings: Settings | None = None,
    steps: Ints | None = None,
) -> Answers:
    """Answers of a detector.

    steps: rows of the panel that are asked about; None takes those from ``settings.start`` on, or
        all for which some unit has an answer.
    Raises InputError where there is no such detector or no step is long enough after the first.
    """
    settings = settings or Settings()
    detector = DETECTORS.get(method)
    if detector is None:
        params = {"method": method, "known": ", ".join(DETECTORS)}
        raise InputError.at(Message("methods.surveillance:method-unknown", params))
    if panel.step is Step.YEAR and method not in YEARLY:
        params = {"method": method, "known": ", ".join(YEARLY)}
        raise InputError.at(Message("methods.surveillance:not-yearly", params))
    if steps is not None:
        return detector.run(panel, steps, settings)
    start = settings.start or 0
    answers = detector.run(panel, np.arange(start, len(panel)), settings)
    if settings.start is not None:
        return answers
    return _from_first_answer(answers)


def detect_newest(panel: Panel, method: str = DEFAULT, settings: Settings | None = None) -> Answers:
    """Answers for the newest step alone."""
    return detect(panel, method, settings, np.array([len(panel) - 1]))


def _from_first_answer(answers: Answers) -> Answers:
    """Without the beginning, which is too short for every unit."""
    old_enough = (answers.why == Why.ANSWERED) | (answers.why == Why.TOO_SPARSE)
    found = np.flatnonzero(old_enough.any(axis=1))
    first = int(found[0]) if len(found) else max(0, len(answers.steps) - 1)
    return answers.cut(slice(first, None))

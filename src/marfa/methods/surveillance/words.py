"""Answers as rows and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from marfa.domain.message import Message
from marfa.methods.surveillance.answers import Why
from marfa.methods.surveillance.delay import Reports, detect_late
from marfa.methods.surveillance.forecast import BASELINES, forecast
from marfa.methods.surveillance.methods import DETECTORS
from marfa.methods.surveillance.panel import Panel
from marfa.methods.surveillance.settings import Settings
from marfa.methods.surveillance.verdicts import Score


def method_lines() -> list[tuple[str, Message]]:
    """Each detector with what it looks at."""
    return [
        (name, Message(f"methods.surveillance:method-{name.replace('_', '-').lower()}"))
        for name in DETECTORS
    ]


def late_rows(
    reports: Reports, moments: Iterable[int], settings: Settings
) -> list[dict[str, object]]:
    """A row a unit and moment; ``t`` is the step that is judged, counted from 1."""
    rows: list[dict[str, object]] = []
    for moment in moments:
        said = detect_late(reports, moment, settings)
        for i, unit in enumerate(reports.units):
            alarm = said.alarm[i]
            rows.append(
                {
                    "unit": unit,
                    "config": "seasonal_late",
                    "moment": moment + 1,
                    "t": int(said.step[i]) + 1,
                    "observed": _whole(said.known[i]),
                    "expected": _plain(said.expected[i]),
                    "upperbound": _plain(said.bound[i]),
                    "alarm": None if np.isnan(alarm) else int(alarm),
                    "pvalue": _plain(said.probability[i]),
                    "phi": None,
                    "trend": None,
                    "share_known": _plain(said.share[i]),
                    "why": Why(int(said.why[i])).key,
                }
            )
    return rows


def score_lines(scores: Sequence[Score]) -> list[Message]:
    """A sentence a detector, two where a lead time is known."""
    lines = []
    for each in scores:
        params = {
            "detector": each.detector,
            "alarms": each.alarms,
            "real": each.real,
            "false": each.false,
            "unclear": each.unclear,
            "low": round(100 * each.real_low),
            "high": round(100 * each.real_high),
            "least": round(100 * each.least),
            "most": round(100 * each.most),
        }
        lines.append(Message("methods.surveillance:score-line", params))
        if each.lead is not None and each.lead_low is not None and each.lead_high is not None:
            days = {"days": each.lead, "low": each.lead_low, "high": each.lead_high}
            lines.append(Message("methods.surveillance:score-lead", days))
        elif each.lead is not None:
            lines.append(Message("methods.surveillance:score-lead-alone", {"days": each.lead}))
    return lines


def forecast_rows(panel: Panel, ahead: int) -> list[dict[str, object]]:
    """A row a unit, baseline and step ahead, for those that have an answer."""
    rows: list[dict[str, object]] = []
    for baseline in BASELINES:
        for distance in range(1, ahead + 1):
            told = forecast(panel, distance, baseline)
            low, high = told.interval(0.8)
            rows += [
                {
                    "unit": unit,
                    "baseline": baseline,
                    "ahead": distance,
                    "mean": round(float(told.mean[i]), 2),
                    "low": int(low[i]),
                    "high": int(high[i]),
                }
                for i, unit in enumerate(panel.units)
                if np.isfinite(told.mean[i]) and np.isfinite(high[i])
            ]
    return rows


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _whole(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None

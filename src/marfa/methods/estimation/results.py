"""What an analysis answers, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from marfa.domain.catalogue import render_message
from marfa.domain.message import Message
from marfa.methods.estimation.bootstrap import Influence
from marfa.methods.estimation.fits import Fitted
from marfa.methods.estimation.headline import Headline
from marfa.methods.estimation.intervals import Interval
from marfa.methods.estimation.newton import Floats


@dataclass(frozen=True)
class Result:
    """One method's answer.

    estimate: total population, the observed included.
    terms: interactions of the model chosen, ``A:E``; for ``dga`` the edges of the most
        probable graph. bic: None where the method has none.
    valid_models: models with an estimate among those looked at; None where one was built up.
    """

    method: str
    estimate: float
    intervals: tuple[Interval, ...] = ()
    terms: tuple[str, ...] = ()
    bic: float | None = None
    valid_models: int | None = None
    warnings: tuple[Message, ...] = ()

    def interval(self, kind: str, level: float = 0.95) -> Interval | None:
        """The interval of a kind and level, if it was computed."""
        for interval in self.intervals:
            if interval.kind == kind and interval.level == level:
                return interval
        return None

    def as_json(self, language: str) -> dict[str, object]:
        return {
            "method": self.method,
            "estimate": self.estimate,
            "intervals": [interval.as_json() for interval in self.intervals],
            "terms": list(self.terms),
            "bic": self.bic,
            "valid_models": self.valid_models,
            "warnings": [message_json(message, language) for message in self.warnings],
        }


@dataclass(frozen=True)
class Refusal:
    """Why a method does not answer; method None where none may."""

    message: Message
    method: str | None = None

    def as_json(self, language: str) -> dict[str, object]:
        return {"method": self.method, **message_json(self.message, language)}


@dataclass(frozen=True)
class Analysis:
    """All answers for one table, or for a total over strata.

    replicates, influences: by method, kept so that strata can be added up.
    fitted: the models behind the answers; None for a total or where nothing was fitted.
    """

    lists: tuple[str, ...]
    observed: float
    results: tuple[Result, ...]
    headline: Headline
    refusals: tuple[Refusal, ...] = ()
    replicates: Mapping[str, Floats] = field(default_factory=dict)
    influences: Mapping[str, Influence] = field(default_factory=dict)
    fitted: Fitted | None = None

    @property
    def answered(self) -> bool:
        """Whether any method may answer."""
        return bool(self.results)

    def as_json(self, language: str) -> dict[str, object]:
        """The document of ``marfa estimate --json``."""
        return {
            "observed": _number(self.observed),
            "lists": list(self.lists),
            "results": [result.as_json(language) for result in self.results],
            "headline": headline_json(self.headline, language),
            "refusals": [refusal.as_json(language) for refusal in self.refusals],
        }


def headline_json(line: Headline, language: str) -> dict[str, object]:
    """The headline as plain data, with its sentence."""
    return {
        "verdict": line.verdict,
        "text": render_message(line.message, language),
        "low": line.low,
        "high": line.high,
        "point": line.point,
        "interval": {"level": 0.95, "low": line.interval_low, "high": line.interval_high},
        "unreachable": line.unreachable,
        "basis": dict(line.basis or {}),
        "reasons": [message_json(message, language) for message in line.reasons],
        "cautions": [message_json(message, language) for message in line.cautions],
    }


def message_json(message: Message, language: str) -> dict[str, object]:
    """A message as its code and its sentence."""
    return {"code": message.key, "text": render_message(message, language)}


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else value

"""When a child is owed registration and referral, and what satisfies it. Pure: no database.

What this takes is all that a clock may know. Migration status, nationality, religion and papers are
no part of it, and hours are elapsed time: no week, night or feast is known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

DANGER, VICTIM, AT_RISK, ALONE = "danger", "victim", "at_risk", "alone"
REFERRAL, COMPLETED, DECISION, CARE = "referral", "completed", "decision", "care"
CLOSING = frozenset({COMPLETED, CARE})
"""What ends what was owed. What is found later begins anew."""
SAME = timedelta(days=7)
"""A child who is alone again so soon after care was verified was not looked after: the clock counts
from its first moment. Our figure."""

DEFAULT_HOURS: Mapping[str, int] = {"danger": 0, "alone": 12, "other": 72}
"""Ours, where an organisation sets none, since the resolution names no hours: danger is due at
once, a child without care on the same day, which we count as half of one, and everything else
within three days, as long as a referral may wait for its answer (``referrals.queries.WITHIN``)."""


@dataclass(frozen=True)
class Risk:
    """Something that was found, and when."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class Asked:
    """A referral for the protection of a child. until: by when it must be answered; None: it was
    taken up. ended: when it was completed."""

    sent: datetime
    until: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True)
class Known:
    """What the tables say of a person now.

    care: how a child who is there is without care, as far as is verified; "" where they are looked
    after; None where nothing can be said: they are gone, or no child any more. alone_since: from
    when a care that is missing counts, where nothing was owed before.
    decided_until: the end of a decision in force that an authority is unsafe.
    """

    is_child: bool
    care: str | None
    alone_since: datetime
    risks: tuple[Risk, ...] = ()
    referrals: tuple[Asked, ...] = ()
    decided_until: datetime | None = None


@dataclass(frozen=True)
class Owed:
    """A duty as it is stored. closed_at: from when what is found begins anew."""

    first_at: datetime
    due_at: datetime
    care: str = ""
    risk: str = ""
    danger: bool = False
    met_by: str = ""
    met_at: datetime | None = None
    met_until: datetime | None = None
    ended_at: datetime | None = None

    @property
    def closed_at(self) -> datetime | None:
        """When it ended: by two, by a completed referral, or by care that was verified."""
        if self.ended_at is not None:
            return self.ended_at
        return self.met_at if self.met_by in CLOSING else None

    def is_live(self, now: datetime) -> bool:
        """Whether its clock runs."""
        if self.ended_at is not None:
            return False
        lapsed = self.met_until is not None and self.met_until <= now
        return self.met_by == "" or lapsed


@dataclass(frozen=True)
class Followed:
    """What a duty is now. anew: another begins, and the one before stays as it was."""

    owed: Owed
    anew: bool


def follow(
    before: Owed | None, known: Known, hours: Mapping[str, int], now: datetime
) -> Followed | None:
    """What is owed to a person now; None where nothing is and nothing was.

    What is owed is never less because time passed, because somebody is a grown-up now, elsewhere or
    gone: such a change leaves it as it was.
    """
    if before is not None and before.closed_at is not None:
        return _after(before, known, hours, now)
    if before is None:
        made = _begun(known, hours, now, known.alone_since, since=None)
        return Followed(_met(made, known, now), True) if made else None
    return Followed(_met(_grown(before, known, hours, now), known, now), False)


def _after(before: Owed, known: Known, hours: Mapping[str, int], now: datetime) -> Followed | None:
    """Of what ended, what is found since. The same child alone again soon is the same duty."""
    closed = before.closed_at or now
    alone_again = known.is_child and bool(known.care) and not before.care
    if before.met_by == CARE and alone_again and before.ended_at is None and now - closed < SAME:
        opened = replace(before, met_by="", met_at=None, met_until=None)
        return Followed(_met(_grown(opened, known, hours, now), known, now), False)
    found = known if alone_again else replace(known, care=None)
    # What was known when care closed it would have kept it open: it came at that very moment.
    since = closed - timedelta(microseconds=1) if before.met_by == CARE else closed
    made = _begun(found, hours, now, now, since=since)
    if made is not None:
        return Followed(_met(made, known, now), True)
    care = before.care if known.care is None or before.ended_at else known.care
    return Followed(replace(before, care=care), False)


def _begun(
    known: Known,
    hours: Mapping[str, int],
    now: datetime,
    alone: datetime,
    *,
    since: datetime | None,
) -> Owed | None:
    if not known.is_child:
        return None
    risks = [each for each in known.risks if since is None or each.at > since]
    if known.care:
        risks.append(Risk(ALONE, min(alone, now)))
    if not risks:
        return None
    return Owed(
        first_at=min(each.at for each in risks),
        due_at=min(each.at + _within(each.kind, hours) for each in risks),
        care=known.care or "",
        risk=_worst(risks),
        danger=any(each.kind == DANGER for each in risks),
    )


def _grown(before: Owed, known: Known, hours: Mapping[str, int], now: datetime) -> Owed:
    """What goes on, with what is found meanwhile: it comes sooner and never later."""
    due = before.due_at
    risks = [each for each in known.risks if each.at >= before.first_at]
    for each in risks:
        due = min(due, each.at + _within(each.kind, hours))
    care = before.care if known.care is None else known.care
    if care:
        since = before.first_at if before.care else max(known.alone_since, before.first_at)
        due = min(due, min(since, now) + _within(ALONE, hours))
    worst = max(before.risk, _worst(risks), key=("", AT_RISK, VICTIM).index)
    danger = before.danger or any(each.kind == DANGER for each in risks)
    return replace(before, due_at=due, care=care, risk=worst, danger=danger)


def _met(owed: Owed, known: Known, now: datetime) -> Owed:
    """With what satisfies it now."""
    by, until = _satisfied(owed, known, now)
    if by == owed.met_by:
        return replace(owed, met_until=until)
    return replace(owed, met_by=by, met_at=now if by else None, met_until=until)


def _satisfied(owed: Owed, known: Known, now: datetime) -> tuple[str, datetime | None]:
    if any(each.ended is not None and each.ended >= owed.first_at for each in known.referrals):
        return COMPLETED, None
    going = [each for each in known.referrals if each.ended is None]
    if any(each.until is None for each in going):
        return REFERRAL, None
    waits = max((each.until for each in going if each.until and each.until > now), default=None)
    decided = known.decided_until if known.decided_until and known.decided_until > now else None
    if decided is not None and (waits is None or decided >= waits):
        return DECISION, decided
    if waits is not None:
        return REFERRAL, waits
    in_care = known.is_child and known.care == "" and not owed.risk and not owed.danger
    return (CARE, None) if in_care else ("", None)


def _within(kind: str, hours: Mapping[str, int]) -> timedelta:
    name = kind if kind in (DANGER, ALONE) else "other"
    return timedelta(hours=hours[name])


def _worst(risks: Iterable[Risk]) -> str:
    kinds = {each.kind for each in risks}
    if VICTIM in kinds:
        return VICTIM
    return AT_RISK if kinds & {AT_RISK, DANGER} else ""
